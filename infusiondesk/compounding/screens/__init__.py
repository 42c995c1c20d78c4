"""Screens of the clean room: the board of batches, and one batch's worksheet."""

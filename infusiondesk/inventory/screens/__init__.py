"""Screens of the shelf: what is in stock, and receiving a lot."""

"""Screens of laboratory work: what waits for review, what has no patient, and one patient's results."""

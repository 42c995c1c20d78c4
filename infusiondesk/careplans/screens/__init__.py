"""Screens of the care plan."""

"""Screens of pumps."""

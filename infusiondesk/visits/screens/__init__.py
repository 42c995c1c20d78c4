"""Screens of nursing visits."""

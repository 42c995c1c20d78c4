"""Journeys across the slices, one transaction each: what the pharmacy has a name for."""

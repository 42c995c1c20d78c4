"""Decisions about patients: values in, a sentence or a finding out."""

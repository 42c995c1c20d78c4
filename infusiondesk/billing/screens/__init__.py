"""Screens of billing: the day ledger of a patient, and the month end of the pharmacy."""

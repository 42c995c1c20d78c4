"""Nursing visits: planned, made in the home, noted, signed.

Visit: an appointment of one nurse with one patient, for a purpose.
Note: what was found and done; a draft until the nurse signs it, then fixed.
Alert: something in the note that a rule asks about (N01 to N16); the note cannot be signed while one is unanswered.
Elapsed minutes: counted between two instants, so that a clock change neither lengthens nor shortens a visit.
"""

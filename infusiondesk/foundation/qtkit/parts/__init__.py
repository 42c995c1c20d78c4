"""The painted parts that screens are made of, one concern a file; import each from its own file.

Nothing is imported here on purpose: the sign-in takes a button and a card and must not pay for the day grid.
"""

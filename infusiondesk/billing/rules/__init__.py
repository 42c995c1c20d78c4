"""The billing rules: pure functions from the facts of one patient and the profile of one payer to a day ledger.

Begin at `ledger.keep_ledger(case, profile, reference, as_of)`: `facts` and `profile` say what goes in, `ledger.Ledger` what comes
out.
"""

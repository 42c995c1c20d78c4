"""What is asked before a patient is taken on and before the first dispense, and what the answers allow.

Words of this work:
    gate           the rules that stand before the first dispense; a finding of STOP or HOLD keeps it shut
    finding        one rule that holds: its level, why, what opens it again, and which facts nobody has stated
    disposition    a pharmacist's reason under one HOLD, for this patient, this order version and this very finding
    first dose     the first time a patient receives a medicine; its risk class decides where it may be given
    unknown        a fact nobody has stated; never taken for safe
"""

"""What must not meet: medicines, allergies, lines, flushes, laboratory results; every alert says which rule and why.

Words of this work:
    ingredient     a medicine as alerts print it: lower case, no salt, combinations joined by a hyphen
    pair           two sides of an alert: medicine and medicine, or medicine and allergy, line, flush, result
    level          STOP, HOLD, WARN, INFO, in this order of strictness
    not checked    a written name that matches nothing; a near match is proposed and never taken silently
    unsigned       a row of the reference tables that no pharmacist has put a name under; its alerts are shown all the same
    washout        the days after a last dose in which a row still counts
"""

"""Calculations a pharmacist signs: body size, kidneys, levels, nutrition, rates, pumps, supplies; and a patient's dosing sheet.

Words of this work:
    calculator     one formula: figures in, values out, with the reason, the section of the rule book and what to beware of
    caution        the value stands, but a person should look; it has a code and a sentence
    not calculated a figure is missing or outside its hard range, or the values make no sense: nothing is worked out from it
    hard range     limits of a figure, both allowed; outside of them the formula is not meant for this patient
"""

"""Whether ten digits can be a National Provider Identifier: the last digit checks the others."""

_DIGITS = 10
# 45 CFR 162.406: the Luhn check runs over the number with the issuer prefix 80840 before it; the prefix always adds 24.
_OF_PREFIX = 24
_FIRST_DIGITS = "12"  # entity types: a person or an organisation (CMS NPI check digit standard)


def npi_is_valid(text: str) -> bool:
    """True for ten plain digits whose check digit fits; says nothing of whether the number was ever issued."""
    if len(text) != _DIGITS or not text.isascii() or not text.isdigit() or text[0] not in _FIRST_DIGITS:
        return False
    doubled = [int(digit) * 2 if place % 2 == 0 else int(digit) for place, digit in enumerate(text)]
    total = _OF_PREFIX + sum(value - 9 if value > 9 else value for value in doubled)
    return total % 10 == 0

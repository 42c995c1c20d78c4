"""The check digit of a National Provider Identifier."""

_PREFIX = "80840"  # ISO 7812 issuer of health identifiers in the USA, counted in the Luhn sum though not printed (45 CFR 162.406)


def npi_is_valid(text: str) -> bool:
    """True for ten digits whose Luhn sum, with the prefix 80840 before them, ends in zero."""
    if len(text) != 10 or not text.isascii() or not text.isdigit():
        return False
    total = 0
    for place, digit in enumerate(reversed(_PREFIX + text)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0

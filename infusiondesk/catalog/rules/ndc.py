"""National Drug Codes: one shape in the store (eleven digits), one on the screen (5-4-2), and the three readings of ten digits."""

import re
from typing import Final

# Digits are those of ASCII: others look alike, stand on no package, and match nothing that was stored.
_ELEVEN: Final = re.compile(r"\d{11}", re.ASCII)
_TEN: Final = re.compile(r"\d{10}", re.ASCII)
_HYPHENS: Final = re.compile(r"\d+-\d+-\d+", re.ASCII)
_UPC: Final = re.compile(r"3\d{11}", re.ASCII)
_GTIN: Final = re.compile(r"(?:\]d2|\]C1)?(?:\(01\)|01)?(\d03\d{11})(?!\d{1,3}$)", re.ASCII)
_SHAPES = {(5, 4, 2), (4, 4, 2), (5, 3, 2), (5, 4, 1)}  # the four ways in which labelers print the code (21 CFR 207.33)


def ndc_problem(text: str) -> str | None:
    """What is wrong with a typed NDC, in a sentence, or None."""
    typed = text.strip()
    if not typed or _eleven(typed) is not None:
        return None
    if _TEN.fullmatch(typed):
        return "Ten digits without hyphens can be read in three ways. Type the hyphens as printed, or eleven digits."
    return "An NDC has eleven digits, or ten with hyphens as printed, such as 0409-6533-01."


def ndc_digits(text: str) -> str | None:
    """Eleven digits, None where nothing is typed; the caller has asked `ndc_problem` first."""
    return _eleven(text.strip())


def ndc_text(digits: str | None) -> str:
    """As the screen shows it: 5-4-2."""
    return f"{digits[:5]}-{digits[5:9]}-{digits[9:]}" if digits else ""


def ndc_readings(ten_digits: str) -> tuple[str, ...]:
    """The eleven-digit codes that ten bare digits (as in a barcode) may stand for."""
    code = ten_digits
    return (f"0{code}", f"{code[:5]}0{code[5:]}", f"{code[:9]}0{code[9:]}")


def ndcs_in(text: str) -> tuple[str, ...]:
    """Every eleven-digit code that what was typed or scanned may stand for; empty where it is no NDC.

    Ten bare digits and the barcodes that hold them (UPC-A: 3, the ten, a check digit; GTIN-14: an indicator, 03, the ten, a check
    digit, GS1 General Specifications) have three readings.
    """
    typed = re.sub(r"\s", "", text)
    if (digits := _eleven(typed)) is not None:
        return (digits,)
    if _TEN.fullmatch(typed):
        return _each_once(typed)
    if _UPC.fullmatch(typed) and _is_checked(typed):
        return _each_once(typed[1:11])
    found = _GTIN.match(typed)
    return _each_once(found[1][3:13]) if found and _is_checked(found[1]) else ()


def _each_once(ten_digits: str) -> tuple[str, ...]:
    """With zeros in the right places two of the readings are the same code."""
    return tuple(dict.fromkeys(ndc_readings(ten_digits)))


def _is_checked(code: str) -> bool:
    """Whether the last digit of a UPC or GTIN fits the others (GS1 General Specifications, 7.9)."""
    return sum(int(digit) * (1 if place % 2 == 0 else 3) for place, digit in enumerate(reversed(code))) % 10 == 0


def _eleven(typed: str) -> str | None:
    if _ELEVEN.fullmatch(typed):
        return typed
    if _HYPHENS.fullmatch(typed):
        parts = typed.split("-")
        if tuple(map(len, parts)) in _SHAPES:
            return parts[0].zfill(5) + parts[1].zfill(4) + parts[2].zfill(2)
    return None

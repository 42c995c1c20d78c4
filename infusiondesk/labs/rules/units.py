"""Units of results: how they are spelled in the field, and the exact way to the unit of the analyte table.

Arithmetic is in fractions: two values that each came by a division (umol/L / 88.4) still differ by exactly 0.3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from infusiondesk.labs.rules.values import Analyte

# Spellings of one and the same unit, compared without case, spaces and the micro sign. "giga.l-1" is how some European senders
# write 10^9/L. "g/l-1" is not here: as grams a litre a hemoglobin of 13.4 would be 1.34 g/dL, so nobody can say what was meant.
_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "mg/dL": ("mg/dl", "mg/100ml"),
    "g/dL": ("g/dl", "g/100ml"),
    "g/L": ("g/l",),
    "mg/L": ("mg/l",),
    "ug/mL": ("ug/ml",),
    "ug/dL": ("ug/dl",),
    "ug/L": ("ug/l",),
    "ng/mL": ("ng/ml",),
    "pg/mL": ("pg/ml",),
    "mmol/L": ("mmol/l",),
    "umol/L": ("umol/l",),
    "mEq/L": ("meq/l",),
    "U/L": ("u/l", "iu/l", "[iu]/l", "unit/l", "units/l"),
    "10^3/uL": (
        "10^3/ul",
        "10*3/ul",
        "10**3/ul",
        "10e3/ul",
        "x10^3/ul",
        "x10*3/ul",
        "x10e3/ul",
        "k/ul",
        "th/ul",
        "thou/ul",
        "thousand/ul",
    ),
    "10^9/L": ("10^9/l", "10*9/l", "10**9/l", "10e9/l", "x10^9/l", "x10*9/l", "x10e9/l", "giga.l-1", "giga/l"),
    "cells/uL": ("cells/ul", "cell/ul", "{cells}/ul", "/ul", "#/ul"),
    "mL/min/1.73 m2": ("ml/min/1.73m2", "ml/min/1.73m^2", "ml/min/1.73_m2", "ml/min/{1.73_m2}", "ml/min/1.73m²", "ml/min/1.73sqm"),
    "mm/h": ("mm/h", "mm/hr"),
    "mg h/L": ("mgh/l", "mg.h/l", "mg*h/l", "mg·h/l", "mghr/l", "mg.hr/l", "mg*hr/l", "mg·hr/l"),
    "ug h/mL": ("ugh/ml", "ug.h/ml", "ug*h/ml", "ug·h/ml", "ughr/ml", "ug.hr/ml", "ug*hr/ml", "ug·hr/ml"),
    "s": ("s", "sec", "seconds"),
    "%": ("%",),
    "BU": ("bu", "[beth'u]"),
    "": ("", "{inr}", "inr", "ratio", "1"),
}
_UNITS = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings}

_SAME = (Fraction(1), "x 1")
_THOUSANDS = {"cells/uL": (Fraction(1, 1000), "/ 1000"), "10^9/L": _SAME}
_LEVELS = ("vancomycin", "gentamicin", "tobramycin", "amikacin")

# Factors to the unit of the table, from molar masses: clinical 3.1, "Unit conversion to the table's unit".
_CONVERSIONS: Mapping[str, Mapping[str, tuple[Fraction, str]]] = {
    "creatinine": {"umol/L": (Fraction(10, 884), "/ 88.4")},
    "bun": {"mmol/L": (Fraction("2.801"), "x 2.801")},  # from urea
    "glucose": {"mmol/L": (Fraction("18.016"), "x 18.016")},
    **{key: {"mEq/L": _SAME} for key in ("sodium", "potassium", "chloride", "co2")},
    "calcium": {"mmol/L": (Fraction("4.008"), "x 4.008"), "mEq/L": (Fraction("2.004"), "x 2.004")},
    "magnesium": {"mmol/L": (Fraction("2.4305"), "x 2.4305"), "mEq/L": (Fraction("1.2153"), "x 1.2153")},
    "phosphorus": {"mmol/L": (Fraction("3.097"), "x 3.097")},
    **{key: {"umol/L": (Fraction(10, 171), "/ 17.1")} for key in ("total_bilirubin", "direct_bilirubin")},
    "triglycerides": {"mmol/L": (Fraction("88.57"), "x 88.57")},
    **{key: {"g/L": (Fraction(1, 10), "/ 10")} for key in ("albumin", "hemoglobin")},
    **dict.fromkeys(("wbc", "anc", "eosinophils", "platelets"), _THOUSANDS),
    "crp": {"mg/dL": (Fraction(10), "x 10")},
    **{f"{drug}_{time}": {"ug/mL": _SAME} for drug in _LEVELS for time in ("random", "trough", "peak")},
    "vancomycin_auc": {"ug h/mL": _SAME},
}


@dataclass(frozen=True)
class Converted:
    """A value in the unit of the table; `by` is the operation, empty where none was needed."""

    value: Fraction
    by: str = ""


def plain(unit: str) -> str:
    """A unit without the ways of writing that do not change it: case, spaces, micro as a sign or as mc, mm3 for uL."""
    folded = "".join(unit.casefold().split()).replace("×", "x").replace("μ", "u").replace("mc", "u")
    return folded.replace("/mm^3", "/ul").replace("/mm3", "/ul")


def unit_of(written: str) -> str | None:
    """The unit that a spelling means, or None where it is not known for certain."""
    return _UNITS.get(plain(written))


def convert(analyte: Analyte, value: Fraction, unit: str) -> Converted | None:
    """The value in the analyte's own unit, or None where the unit as written is not understood for this analyte."""
    known = unit_of(unit)
    if known is None:
        return None
    if known == analyte.unit:
        return Converted(value)
    factor, by = _CONVERSIONS.get(analyte.key, {}).get(known, (None, ""))
    return None if factor is None else Converted(value * factor, by)


def units_known(analyte: Analyte) -> tuple[str, ...]:
    """Every unit in which this analyte is understood, its own first."""
    return (analyte.unit, *_CONVERSIONS.get(analyte.key, {}))


def as_decimal(value: Fraction) -> Decimal:
    """A fraction as a decimal of 28 digits: what is stored and handed on."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def shown(value: Fraction | Decimal, places: int = 3) -> str:
    """A number in a sentence: at most so many decimals, no trailing zeros (ISMP)."""
    number = as_decimal(value) if isinstance(value, Fraction) else value
    return f"{round(number, places):f}".rstrip("0").rstrip(".") if number % 1 else f"{number:.0f}"

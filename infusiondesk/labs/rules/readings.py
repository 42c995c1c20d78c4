"""Reading a result as a number in the table's unit, or saying in one sentence why a person must read it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

from infusiondesk.labs.rules.units import convert, shown, units_known
from infusiondesk.labs.rules.values import Analyte, LabResult

# HL7 table 0085: a line of these statuses carries no value; one of PRELIMINARY may still change.
NO_VALUE: Final[Mapping[str, str]] = {
    "I": "pending: the specimen is in the laboratory",
    "S": "only partly done",
    "O": "ordered, not resulted",
    "N": "not asked for",
    "X": "the laboratory cannot give a result",
    "D": "the laboratory deleted this line",
    "W": "the laboratory says it belonged to another patient",
}
PRELIMINARY: Final[Mapping[str, str]] = {"P": "preliminary", "R": "entered, not verified"}

_POSITIVE = re.compile(r"\s*(positive|pos\b|detected|reactive|growth|gram[ -](positive|negative|variable))", re.IGNORECASE)
_NEGATIVE = re.compile(
    r"\s*(negative|neg|not detected|none detected|non-?reactive"
    r"|no growth(\s+(to date|so far|final|((after|at|in|x)\s+)?\d+\s*(h|hours|d|days?)))*)\W*\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Reading:
    """A result as it can be judged. `trouble` is the sentence why it cannot; then a person files it.

    `is_foreign_unit` sets apart the one trouble that does not matter where only the laboratory's own range decides.
    """

    number: Fraction | None = None
    converted_by: str = ""
    is_positive: bool = False
    trouble: str = ""
    is_foreign_unit: bool = False


def read(result: LabResult, analyte: Analyte | None, now: datetime | None) -> Reading:
    """Read one result; the first obstacle is named."""
    if result.status in NO_VALUE:
        return Reading(trouble=f"no value: {NO_VALUE[result.status]}")
    if result.value is None:
        return Reading(trouble="no value was sent")
    if result.collected_at is None:
        return Reading(trouble="no readable time of collection")
    if now is not None and result.collected_at > now:
        return Reading(trouble=f"dated in the future: {result.collected_at:%Y-%m-%d %H:%M} is after {now:%Y-%m-%d %H:%M}")
    if analyte is None:
        return Reading(trouble=f"{result.analyte} is not in the analyte table")
    if isinstance(result.value, str):
        return _words(result.value, analyte)
    return _number(result.value, result.unit, analyte)


def is_credible(value: Decimal) -> bool:
    """False for what no analyser prints: not finite, negative, or beyond trillions and thirty decimals."""
    if not value.is_finite() or value < 0:
        return False
    exponent = value.as_tuple().exponent
    return value.adjusted() <= 12 and isinstance(exponent, int) and exponent >= -30


def _words(value: str, analyte: Analyte) -> Reading:
    if not analyte.is_text:
        return Reading(trouble=f"text in place of a number: {value.strip()[:40] or 'empty'}")
    if _POSITIVE.match(value):
        return Reading(is_positive=True)
    if _NEGATIVE.match(value):
        return Reading()
    return Reading(trouble=f"neither plainly positive nor negative: {value.strip()[:40] or 'empty'}")


def _number(value: Decimal, unit: str | None, analyte: Analyte) -> Reading:
    if analyte.is_text:
        return Reading(trouble=f"a number in place of text: {value:f}" if is_credible(value) else "a number in place of text")
    if not is_credible(value):
        return Reading(trouble=f"not a value of a laboratory: {value}"[:80])
    if unit is None and analyte.unit:
        return Reading(trouble=f"the unit is not stated; {_units(analyte)}", is_foreign_unit=True)
    converted = convert(analyte, Fraction(value), unit or "")
    if converted is None:
        words = f"unit {(unit or '').strip() or 'empty'} is not understood for {analyte.name}; {_units(analyte)}"
        return Reading(trouble=words, is_foreign_unit=True)
    return Reading(converted.value, converted.by)


def _units(analyte: Analyte) -> str:
    units = [known for known in units_known(analyte) if known]
    return f"understood: {', '.join(units)}" if units else "it has no unit"


def shown_reading(reading: Reading, result: LabResult, analyte: Analyte) -> str:
    """The conversion in words: "150 umol/L / 88.4 = 1.697 mg/dL"; empty where none was needed."""
    if not reading.converted_by or reading.number is None or not isinstance(result.value, Decimal):
        return ""
    return f"{shown(result.value)} {(result.unit or '').strip()} {reading.converted_by} = {shown(reading.number)} {analyte.unit}"

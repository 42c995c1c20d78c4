"""The usual range of a dose as a source names it: of which medicine, in which unit, for whom; nothing is ever invented here."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from infusiondesk.foundation.kernel.ismp import number
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.interactions.rules.knowledge import Row

DOSE_ROUTES: Final = ("", "iv", "sc", "im", "it", "epidural")
_UNIT: Final = re.compile(r"(?P<of>mg|g|mcg|units|mEq|mL)(?:/(?P<size>kg|m2))?(?:/(?P<time>day|min|h))?")
_NUMBER: Final = re.compile(r"[0-9]{1,7}(\.[0-9]{1,4})?")
_OLDEST: Final = 120
_UNITS_WORDS: Final = "mg, g, mcg, units, mEq or mL; then /kg or /m2; then /day, /min or /h where it is not per dose: mg/kg/day"


def number_in(text: str) -> Decimal | None:
    """A plain number of nought or more, such as 3.5; None where it is none, or signed, or beyond what anything measures."""
    return Decimal(text.strip()) if _NUMBER.fullmatch(text.strip()) else None


@dataclass(frozen=True)
class DoseUnit:
    """A unit taken apart: of what, by which size of the patient, over which time; no time is per dose."""

    of: str
    size: str
    time: str

    @classmethod
    def read(cls, text: str) -> "DoseUnit | None":
        """The parts of `mg/kg/day`; None where it is no unit of a dose."""
        found = _UNIT.fullmatch(text.strip())
        return None if found is None else cls(found["of"], found["size"] or "", found["time"] or "")

    @property
    def is_running(self) -> bool:
        """Of what runs without a break."""
        return self.time in ("min", "h")


@dataclass(frozen=True)
class UsualDose:
    """A range that a source names for a medicine, and for whom: by route, whole years of age, creatinine clearance in mL/min."""

    ingredient: str
    unit: str
    low: Decimal
    high: Decimal
    row: Row
    route: str = ""
    age_from: Decimal | None = None
    age_below: Decimal | None = None
    clearance_from: Decimal | None = None
    clearance_below: Decimal | None = None

    @classmethod
    def of(cls, fields: Mapping[str, str], row: Row) -> "UsualDose":
        """A row of the table; a unit or number that nothing reads is a ValueError."""
        low, high = (_read(fields[name]) for name in ("low", "high"))
        if DoseUnit.read(fields["unit"]) is None or low is None or high is None:
            raise ValueError(f"no range of a dose: {fields['low']} to {fields['high']} {fields['unit']}")
        bounds = (_read(fields[name]) for name in ("age_from", "age_below", "clearance_from", "clearance_below"))
        return cls(fields["ingredient"], fields["unit"], low, high, row, fields["route"], *bounds)

    @property
    def read_unit(self) -> DoseUnit:
        read = DoseUnit.read(self.unit)
        assert read is not None  # a row with another unit was refused
        return read

    @property
    def is_by_clearance(self) -> bool:
        return self.clearance_from is not None or self.clearance_below is not None

    def is_for(self, route: str, age_years: int) -> bool:
        """Whether it speaks of this route and this age."""
        return self.route in ("", route) and _is_within(Decimal(age_years), self.age_from, self.age_below)

    def is_for_clearance(self, clearance: Decimal) -> bool:
        """Whether it speaks of this kidney function."""
        return _is_within(clearance, self.clearance_from, self.clearance_below)

    @property
    def span(self) -> str:
        """`30 to 50 mg/kg`, or the one dose."""
        amounts = number(self.low) if self.low == self.high else f"{number(self.low)} to {number(self.high)}"
        return f"{amounts} {self.unit}"


def dose_words(fields: Mapping[str, str]) -> str:
    """A range as its row says it: amounts, unit, for whom."""
    amounts = fields["low"] if fields["low"] == fields["high"] else f"{fields['low']} to {fields['high']}"
    read = DoseUnit.read(fields["unit"])
    per_dose = " per dose" if read is not None and not read.time else ""
    parts = [
        f"{amounts} {fields['unit']}{per_dose}", fields["route"],
        _bounds(fields["age_from"], fields["age_below"], "years"),
        _bounds(fields["clearance_from"], fields["clearance_below"], "mL/min creatinine clearance"),
    ]  # fmt: skip
    return ", ".join(filter(None, parts))


def dose_problems(
    *, medicine: str, unit: str, low: str, high: str, route: str, ages: tuple[str, str], clearances: tuple[str, str]
) -> Iterator[Problem]:
    """What keeps a range from being kept, each at its field."""
    if not medicine.strip() or ";" in medicine or medicine.strip().startswith("@"):
        yield Problem("side_a", "Name one medicine: a range is of one.")
    if DoseUnit.read(unit) is None:
        yield Problem("unit", f"Enter a unit: {_UNITS_WORDS}.")
    least, most = number_in(low), number_in(high)
    if least is None:
        yield Problem("low", "Enter a number, such as 0.375; nought where there is no least dose.")
    if not most:
        yield Problem("high", "Enter a number above zero, such as 0.75.")
    elif least is not None and least > most:
        yield Problem("high", "The highest dose lies below the lowest.")
    if route not in DOSE_ROUTES:
        yield Problem("route_a", "Choose a route, or any.")
    yield from _bound_problems("age", ages, whole=True)
    yield from _bound_problems("clearance", clearances, whole=False)


def _bound_problems(name: str, typed: tuple[str, str], *, whole: bool) -> Iterator[Problem]:
    read = [number_in(text) for text in typed]
    for field, text, value in zip((f"{name}_from", f"{name}_below"), typed, read, strict=True):
        if not text.strip():
            continue
        if whole and (value is None or value % 1 or value > _OLDEST):
            yield Problem(field, f"Enter whole years, 0 to {_OLDEST}, or leave it empty.")
        elif value is None:
            yield Problem(field, "Enter mL/min as a number, or leave it empty.")
    first, last = read
    if first is not None and last is not None and first >= last:
        yield Problem(f"{name}_below", "This must be more than where it begins.")


def _read(text: str) -> Decimal | None:
    if not text:
        return None
    if (value := number_in(text)) is None:
        raise ValueError(f"no number: {text}")
    return value


def _is_within(value: Decimal, from_: Decimal | None, below: Decimal | None) -> bool:
    return (from_ is None or value >= from_) and (below is None or value < below)


def _bounds(from_: str, below: str, unit: str) -> str:
    if from_ and below:
        return f"from {from_} to below {below} {unit}"
    return f"from {from_} {unit}" if from_ else f"below {below} {unit}" if below else ""

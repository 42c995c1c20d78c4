"""Measurements that cannot be, that are probably pounds, or that changed a good deal; and what a dose by weight needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from infusiondesk.foundation.kernel.ismp import amount, day, number
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.patients.rules.facts import Finding, MeasurementFacts, Severity
from infusiondesk.patients.rules.words import MeasuredHow, MeasurementKind

PLACES: Final = 3  # a newborn is weighed to the gram
LIMITS: Final = {  # clinical 1.2 CLN03
    MeasurementKind.WEIGHT: (Decimal("0.5"), Decimal(350)),
    MeasurementKind.DRY_WEIGHT: (Decimal("0.5"), Decimal(350)),
    MeasurementKind.HEIGHT: (Decimal(30), Decimal(250)),
}
UNITS: Final = {MeasurementKind.WEIGHT: "kg", MeasurementKind.DRY_WEIGHT: "kg", MeasurementKind.HEIGHT: "cm"}
LABELS: Final = {MeasurementKind.WEIGHT: "weight", MeasurementKind.DRY_WEIGHT: "dry weight", MeasurementKind.HEIGHT: "height"}
POUNDS: Final = (Decimal("2.0"), Decimal("2.4"))  # times the last weight, clinical 1.3 R40
BIG_CHANGE: Final = Decimal("0.10")  # more than this share of the last weight, clinical 1.3 R40
WEIGHT_DAYS: Final = 30  # clinical 1.2 CLN03
WEIGHT_DAYS_CLOSE: Final = 7  # for parenteral nutrition, inotropes and children, clinical 1.2 CLN03

CONFIRMED: Final = ("measured again, the value is right", "read from the scale by a second person", "true change, prescriber knows")


@dataclass
class MeasurementDraft:
    """A weight or height being entered, in kilograms or centimetres."""

    today: date
    kind: MeasurementKind | None = MeasurementKind.WEIGHT
    value: Decimal | None = None
    measured_on: date | None = None
    how: MeasuredHow | None = None

    def problems(self) -> list[Problem]:
        found = []
        if self.kind is None:
            return [Problem("kind", "Choose what was measured.")]
        if self.value is None:
            found.append(Problem("value", f"Enter the {LABELS[self.kind]} in {UNITS[self.kind]}."))
        elif sentence := out_of_range(self.kind, self.value):
            found.append(Problem("value", sentence))
        if self.measured_on is None:
            found.append(Problem("measured_on", "Enter the day of the measurement."))
        elif self.measured_on > self.today:
            found.append(Problem("measured_on", f"{day(self.measured_on)} is in the future; enter the day of the measurement."))
        if self.how is None:
            found.append(Problem("how", "Choose whether it was measured or stated."))
        return found


def out_of_range(kind: MeasurementKind, value: Decimal) -> str | None:
    """Why no human being has this measurement, in one sentence that says what and where, or None."""
    low, high = LIMITS[kind]
    if low <= value <= high:
        return None
    label, unit = LABELS[kind], UNITS[kind]
    span = f"{number(low)} to {number(high)} {unit}"
    return f"{amount(value, unit)} is outside what a {label} can be, {span}: correct the number under {label.capitalize()}."


@dataclass(frozen=True)
class Doubt:
    """A value that is possible but is asked back before it is kept (R40)."""

    key: str
    question: str


def doubt_about(kind: MeasurementKind, value: Decimal, last: MeasurementFacts | None) -> Doubt | None:
    """What to ask about a weight that is far from the last one; heights are not compared."""
    if last is None or kind is MeasurementKind.HEIGHT:
        return None
    ratio, before = value / last.value, f"{amount(last.value, 'kg')} on {day(last.measured_on)}"
    if POUNDS[0] <= ratio <= POUNDS[1]:
        times = number(round(ratio, 1))
        return Doubt(
            "patients.pounds",
            f"{amount(value, 'kg')} is {times} times the last weight, {before}. Is it pounds? "
            "If so, turn back and enter it with lb; if it is kilograms, say how that was checked.",
        )
    if abs(ratio - 1) > BIG_CHANGE:
        percent = number(round(abs(ratio - 1) * 100, 1))
        way = "more" if ratio > 1 else "less"
        return Doubt(
            "patients.weight_change",
            f"{amount(value, 'kg')} is {percent}% {way} than the last weight, {before}. How was that checked?",
        )
    return None


def size_findings(
    weight: MeasurementFacts | None,
    height: MeasurementFacts | None,
    on: date,
    *,
    by_weight: bool,
    by_height: bool = False,
    watched_closely: bool = False,
) -> tuple[Finding, ...]:
    """What is missing or old for a dose by weight or by body surface (R39, CLN03).

    `watched_closely` is true for parenteral nutrition, inotropes and children.
    """
    return tuple(_size_findings(weight, height, on, by_weight, by_height, watched_closely))


def _size_findings(
    weight: MeasurementFacts | None, height: MeasurementFacts | None, on: date, by_weight: bool, by_height: bool, closely: bool
) -> Iterable[Finding]:
    if by_weight and weight is None:
        yield Finding("R39", Severity.STOP, "The dose goes by weight, and no weight is recorded.")
    if by_height and height is None:
        yield Finding("R39", Severity.STOP, "The dose goes by height, and no height is recorded.")
    most = WEIGHT_DAYS_CLOSE if closely else WEIGHT_DAYS
    if weight is not None and (on - weight.measured_on).days > most:
        days = (on - weight.measured_on).days
        yield Finding("CLN03", Severity.WARN, f"The weight is {days} days old; it is good for {most} days.")

"""A dose by the kilogram or the square metre: which weight, of what day, by which formula, rounded how."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any, Final, Protocol

from infusiondesk.dosing.rules import Height, NotCalculated, Sex
from infusiondesk.dosing.rules.body_size import adjusted_body_weight, body_surface_area, ideal_body_weight
from infusiondesk.dosing.rules.calculation import Calculation, Value, shown
from infusiondesk.foundation.kernel.ismp import amount, day, number
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.orders.rules.words import UNBROKEN
from infusiondesk.orders.rules.working import (
    DAY_MINUTES,
    KEPT,
    Body,
    Doubt,
    Line,
    Ordered,
    Rounding,
    WeightUsed,
    Working,
    factor_between,
)
from infusiondesk.patients.rules.facts import MeasurementFacts
from infusiondesk.patients.rules.plausibility import BIG_CHANGE, size_findings
from infusiondesk.patients.rules.words import Sex as PatientSex

MOST_ROUNDED: Final = Decimal("0.10")  # a dose is rounded to vials within 10 % (policy, clinical 4.9)
ADULT_YEARS: Final = 18
_SEXES: Final = {PatientSex.FEMALE: Sex.F, PatientSex.MALE: Sex.M}
# Therapies whose weight is good for a week only (clinical 1.2 CLN03); children are the third.
_CLOSELY: Final = ("tpn", "inotrope")


def by_size(working: Working, order: Ordered, body: Body, therapy_class: str) -> None:
    """A dose that is ordered by the kilogram or the square metre."""
    told = order.ordered_dose or Decimal(0)
    is_surface = "/m2" in order.ordered_unit
    working.lines += size_lines(order, body, therapy_class, by_height=is_surface)
    size = _size(working, order, body, is_surface=is_surface)
    if size is None:
        if order.dose_amount is None and working.problem is None:
            words = working.lines[0].words
            working.refuse(Problem("ordered_dose", f"{words} Enter it in the chart, or the dose as the prescriber wrote it."))
        return
    of, _, rest = order.ordered_unit.partition("/")
    times = DAY_MINUTES if rest.endswith("/min") else 1
    if rest.count("/") and order.pattern not in UNBROKEN:
        working.refuse(Problem("pattern", f"{order.ordered_unit} is the dose of a day: say that it runs continuously."))
        return
    factor = factor_between(of, order.dose_unit)
    if factor is None:
        working.refuse(Problem("dose_unit", f"{order.ordered_unit} gives {of}; {order.dose_unit} cannot be worked out of it."))
        return
    exact = told * size * times * factor
    dose = exact.quantize(KEPT, ROUND_HALF_UP)
    by = "a day" if rest.count("/") else "a dose"
    unit_of_size = "m2" if is_surface else "kg"
    of_a_day = f" x {number(Decimal(times))} min" if times > 1 else ""
    kept = "" if dose == exact else f", kept to {number(KEPT)}"
    working.lines.append(
        Line(
            f"{number(told)} {order.ordered_unit} x {number(size)} {unit_of_size}{of_a_day}"
            f" = {amount(dose, order.dose_unit)} {by}{kept}."
        )
    )
    if dose <= 0:
        words = f"{number(told)} {order.ordered_unit} is no dose in {order.dose_unit}: choose a smaller unit, or correct the dose."
        working.refuse(Problem("dose_unit", words))
        return
    round_dose(working, order, exact, dose)


def _size(working: Working, order: Ordered, body: Body, *, is_surface: bool) -> Decimal | None:
    """Kilograms or square metres, with the line that says which, of what day, by which formula."""
    try:
        weight = _weight(working, order, body)
        if weight is None:
            return None
        if not is_surface:
            return weight
        if body.height is None:
            return None
        found = body_surface_area(height=Height(body.height.value), weight_kg=weight)
    except NotCalculated as refused:
        sentence = refused.sentence.replace("height_cm", "Height").replace("weight_kg", "Weight")
        working.refuse(Problem("weight_used", sentence))
        return None
    assert body.height is not None
    area = Decimal(shown(decimal_of(found, "body_surface_area_m2"), 2))
    working.lines.append(Line(f"Height {number(body.height.value)} cm of {day(body.height.measured_on)}. {found.because[0]}"))
    working.lines.append(Line(f"Used as {number(area)} m2."))
    return area


def _weight(working: Working, order: Ordered, body: Body) -> Decimal | None:
    used = WeightUsed(order.weight_used or WeightUsed.ACTUAL)
    measured = weight_of(order, body)
    if measured is None:
        return None
    working.weight_kg, working.weight_on = measured.value, measured.measured_on
    working.lines.append(
        Line(f"Weight {amount(measured.value, 'kg')}, {used.value}, {measured.how.value} on {day(measured.measured_on)}.")
        if used in (WeightUsed.ACTUAL, WeightUsed.DRY)
        else Line(f"Weight on file {amount(measured.value, 'kg')}, {measured.how.value} on {day(measured.measured_on)}.")
    )
    if used in (WeightUsed.ACTUAL, WeightUsed.DRY):
        return measured.value
    height = Height(body.height.value) if body.height else None
    if used is WeightUsed.IDEAL:
        found, name = ideal_body_weight(sex=_SEXES.get(body.sex), height=height), "ideal_body_weight_kg"
    else:
        found = adjusted_body_weight(sex=_SEXES.get(body.sex), height=height, weight_kg=measured.value)
        name = "adjusted_body_weight_kg"
    working.lines.append(Line(f"{used.value.capitalize()} weight: {found.because[0]}"))
    working.lines += [Line(one.text, "WARN") for one in found.cautions]
    return Decimal(shown(decimal_of(found, name)))


class Weighed(Protocol):
    """By which weight a dose goes, if it goes by one."""

    @property
    def ordered_dose(self) -> Decimal | None: ...
    @property
    def weight_used(self) -> str: ...


def weight_of(order: Weighed, body: Body) -> MeasurementFacts | None:
    """The measurement that a dose goes by, the same for its age, its change and whether it is missing at all."""
    return body.dry_weight if _is_by_dry_weight(order) else body.weight


def _is_by_dry_weight(order: Weighed) -> bool:
    return bool(order.ordered_dose) and order.weight_used == WeightUsed.DRY


def size_lines(order: Weighed, body: Body, therapy_class: str, *, by_height: bool) -> Iterator[Line]:
    """A weight or height that is missing stops, one that is too old holds (R39, CLN03)."""
    is_close = therapy_class in _CLOSELY or body.age_years < ADULT_YEARS
    measured, is_dry = weight_of(order, body), _is_by_dry_weight(order)
    if measured is None and is_dry:
        yield Line("The dose goes by the dry weight, and none is recorded.", "STOP", "R39", "weight")
    for found in size_findings(
        measured, body.height, body.today, by_weight=not is_dry, by_height=by_height, watched_closely=is_close
    ):
        is_missing = found.rule == "R39"
        yield Line(found.because, "STOP" if is_missing else "HOLD", "R39" if is_missing else "R40", "weight")


def round_dose(working: Working, order: Ordered, exact: Decimal, dose: Decimal) -> None:
    """To whole vials, or as the prescriber wrote it: never in silence, and beyond ten percent only with a reason."""
    given, told = dose, ""
    if order.round_to:
        ways = {Rounding.UP: ROUND_CEILING, Rounding.DOWN: ROUND_FLOOR}
        way = Rounding(order.rounding or Rounding.NEAREST)
        steps = (exact / order.round_to).to_integral_value(ways.get(way, ROUND_HALF_UP))
        given = steps * order.round_to
        told = f"Rounded {way.value} to whole vials of {amount(order.round_to, order.dose_unit)}"
        if given <= 0:
            sentence = f"{amount(dose, order.dose_unit)} is less than a vial of {amount(order.round_to, order.dose_unit)}."
            working.refuse(Problem("round_to", sentence))
            return
    if order.dose_amount is not None and order.dose_amount != given:
        given, told = order.dose_amount, "The dose was typed as"
    working.dose_amount = given
    change = given / exact - 1
    if not told and abs(change) <= MOST_ROUNDED:
        return
    told = told or f"Kept to {number(KEPT)}"
    percent = number(abs(change * 100).quantize(Decimal("0.1"), ROUND_HALF_UP))
    way_words = f"{percent}% {'more' if change > 0 else 'less'} than worked out" if percent != "0" else "as worked out"
    is_far = abs(change) > MOST_ROUNDED
    joint = " " if told.startswith("The dose") else ": "
    line = f"{told}{joint}{amount(given, order.dose_unit)}, {way_words}."
    working.lines.append(Line(line, "WARN" if is_far else ""))
    if is_far:
        working.far_off = line
        working.doubts.append(Doubt("orders.rounding", f"{line} More than 10%: why?"))


class Worked(Weighed, Protocol):
    """For which weight the dose of a version was worked out, and what was kept of the working."""

    @property
    def worked_kg(self) -> Decimal | None: ...
    @property
    def working(self) -> Sequence[Mapping[str, Any]]: ...


def weight_change(order: Worked, body: Body) -> str:
    """Why a dose by weight has to be worked out again: the chart says another weight by more than ten percent (R40).

    The chart as it is now is what counts, whatever its day: where a wrong weight was voided, an older one stands again.
    """
    used, now = order.worked_kg, weight_of(order, body)
    if now is None or used is None or abs(now.value / used - 1) <= BIG_CHANGE:
        return ""
    return f"the dose was worked out for {amount(used, 'kg')}; {day(now.measured_on)} says {amount(now.value, 'kg')}"


def dose_change(order: Worked, again: Working) -> str:
    """Why a dose that stands is held: worked out again it is more than ten percent off, and nobody confirmed that (R40).

    The same deviation, in the same words, was typed or rounded and given a reason when the order was entered.
    """
    if not again.far_off or any(line["words"] == again.far_off for line in order.working):
        return ""
    return f"worked out again from the chart as it is now: {again.far_off}"


def decimal_of(found: Calculation, name: str) -> Decimal:
    """A value of a calculation that is a number."""
    value: Value = found.values[name]
    assert isinstance(value, Decimal)
    return value

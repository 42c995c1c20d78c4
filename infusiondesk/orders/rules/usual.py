"""A dose held against the ranges that a source names: by route, age, size and kidney function; what was not judged is said.

Nothing is invented: a drug without a range is not judged, and that stands among what was not checked.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from infusiondesk.dosing.rules import Height, NotCalculated
from infusiondesk.dosing.rules.body_size import body_surface_area
from infusiondesk.dosing.rules.infusion_rates import milrinone_reading
from infusiondesk.foundation.kernel.ismp import number, tall_man
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.interactions.rules.doses import DoseUnit, UsualDose
from infusiondesk.orders.rules.by_size import MOST_ROUNDED, decimal_of
from infusiondesk.orders.rules.regimen import day_amount, regimen_of
from infusiondesk.orders.rules.words import UNBROKEN, Pattern
from infusiondesk.orders.rules.working import DAY_HOURS, DAY_MINUTES, Body, Doubt, Line, Ordered, Working, factor_between

TIMES_TOO_FAR: Final = 10  # mg for mcg is a thousand times; ten times is asked back
_SPINAL: Final = {"intrathecal": "it"}
_NO_RANGE: Final = "by weight, age or kidney function: no range with a source is on file."


@dataclass(frozen=True)
class Outside:
    """A dose outside the range of one row, in words."""

    words: str
    usual: UsualDose


@dataclass(frozen=True)
class _Dose:
    """The dose of an order, and the patient it is for."""

    amount: Decimal
    order: Ordered
    body: Body
    weight_kg: Decimal | None


def judge_dose(
    working: Working, order: Ordered, body: Body, ingredient: str, usual: Iterable[UsualDose], clearance: Decimal | None
) -> None:
    """Ask back a dose ten times outside a range, remark one outside, and say what was not judged, and why."""
    name = tall_man(ingredient)
    known = [one for one in usual if one.ingredient == ingredient]
    working.ranges_read += known
    fit, why_not = _for_whom(known, _SPINAL.get(order.route, order.route), body.age_years, clearance)
    dose = _Dose(working.dose_amount or Decimal(0), order, body, working.weight_kg or (body.weight.value if body.weight else None))
    judged = False
    for one in fit:
        unit = one.read_unit
        size = _size(unit, dose)
        if size is None:
            what = "weight: no weight is" if unit.size == "kg" else "body surface: no weight and height that give one are"
            why_not.append(f"by {what} on file.")
        elif (given := in_unit(unit, dose.amount, order, size)) is not None:
            judged = True
            _compare(working, one, given)
    if fit and not judged and not why_not:
        units = ", ".join(dict.fromkeys(one.unit for one in fit))
        why_not.append(f"by the range on file: it is in {units}, and the order does not give that.")
    working.gaps += [f"The dose of {name} was not judged {words}" for words in dict.fromkeys(why_not)]


def _for_whom(known: list[UsualDose], route: str, age_years: int, clearance: Decimal | None) -> tuple[list[UsualDose], list[str]]:
    """The ranges that speak of this patient, or why none does."""
    if not known:
        return [], [_NO_RANGE]
    fit = [one for one in known if one.is_for(route, age_years)]
    if not fit:
        return [], [f"by the ranges on file: none of them is for this route at {age_years} years."]
    by_clearance = [one for one in fit if one.is_by_clearance]
    if not by_clearance:
        return fit, []
    if clearance is None:
        return [], ["by kidney function: the ranges on file differ by creatinine clearance, and none is on file."]
    own = [one for one in by_clearance if one.is_for_clearance(clearance)]
    fit = own or [one for one in fit if not one.is_by_clearance]
    told = number(clearance.quantize(Decimal("0.1"), ROUND_HALF_UP))
    return fit, [] if fit else [f"by kidney function: no range on file is for a creatinine clearance of {told} mL/min."]


def _size(unit: DoseUnit, dose: _Dose) -> Decimal | None:
    """Kilograms, square metres, or one where the range goes by neither; None where the chart has not what it takes."""
    if not unit.size:
        return Decimal(1)
    if unit.size == "kg" or dose.weight_kg is None:
        return dose.weight_kg or None
    height = Height(dose.body.height.value) if dose.body.height else None
    try:
        return decimal_of(body_surface_area(height=height, weight_kg=dose.weight_kg), "body_surface_area_m2")
    except NotCalculated:
        return None


def in_unit(unit: DoseUnit, dose: Decimal, order: Ordered, size: Decimal) -> Decimal | None:
    """The dose in the unit of a range: per dose, of a day, by minute or hour of what runs on; None where it has none."""
    factor = factor_between(order.dose_unit, unit.of)
    if factor is None:
        return None
    is_running = order.pattern in UNBROKEN
    if unit.time == "day":
        amount = dose if is_running else _of_a_day(order, dose)
    else:
        amount = dose if unit.is_running == is_running else None
    if amount is None:
        return None
    parts = {"min": Decimal(DAY_MINUTES), "h": Decimal(DAY_HOURS)}.get(unit.time, Decimal(1))
    return amount * factor / size / parts


def _of_a_day(order: Ordered, dose: Decimal) -> Decimal | None:
    """The amount of the day that has the most; None while the order does not say which day that is."""
    if order.start_on is None or order.stop_on is None or (order.pattern == Pattern.INTERVAL and not order.interval_hours):
        return None
    try:
        return day_amount(replace(regimen_of(order), dose=dose)) or None
    except Refused:
        return None


def _compare(working: Working, usual: UsualDose, given: Decimal) -> None:
    told = f"{_significant(given)} {usual.unit}"
    span = f"{usual.span} ({usual.row.source})"
    if given >= usual.high * TIMES_TOO_FAR or given * TIMES_TOO_FAR <= usual.low:
        question = f"{told} is ten times or more outside the usual {span}. Is the unit right? If so, say how it was checked."
        working.doubts.append(Doubt("orders.usual_dose", question))
    if usual.ingredient == "milrinone" and usual.unit == "mcg/kg/min":
        level, words = milrinone_reading(Decimal(_significant(given).replace(",", "")))
        level = "" if level in ("none", "INFO") else level
        working.lines.append(Line(f"Milrinone, {words}", level, "R40" if level else "", "dose"))
        return
    # One dose and no range: what is rounded to whole vials stays within ten percent of it (policy, clinical 4.9).
    play = usual.high * MOST_ROUNDED if usual.low == usual.high else Decimal(0)
    if not usual.low - play <= given <= usual.high + play:
        signed = f"the row is signed by {usual.row.signed_by}" if usual.row.signed_by else "nobody has signed the row"
        words = f"{told} is outside the usual {span}; {signed}."
        working.lines.append(Line(words, "WARN"))
        working.outside.append(Outside(words, usual))


def _significant(value: Decimal) -> str:
    """Three digits that count, as a person compares two doses."""
    places = max(0, 2 - value.adjusted()) if value else 0
    return number(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))

"""The dose of an order for one patient on one day, and whether it is far from what a source calls usual."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from infusiondesk.dosing.rules.infusion_rates import milrinone_reading
from infusiondesk.foundation.kernel.ismp import number
from infusiondesk.orders.rules.by_size import by_size
from infusiondesk.orders.rules.programs import nutrition, pca
from infusiondesk.orders.rules.words import UNBROKEN, Pattern
from infusiondesk.orders.rules.working import DAY_MINUTES, Body, Doubt, Line, Ordered, UsualDose, Working, factor_between

TIMES_TOO_FAR: Final = 10  # mg for mcg is a thousand times; ten times is asked back


def work_out(order: Ordered, body: Body, ingredient: str, therapy_class: str, usual: Iterable[UsualDose] = ()) -> Working:
    """The dose of an order for this patient on this day, with its working; nothing is guessed where a figure is missing."""
    working = Working(order.dose_amount)
    if order.ordered_dose and order.ordered_unit:
        by_size(working, order, body, therapy_class)
    # What is wrong in one part silences none of the others: a version that waits is judged whole.
    if order.pattern == Pattern.PCA:
        pca(working, order)
    if order.nutrients:
        nutrition(working, order, body, therapy_class)
    if working.dose_amount is not None:
        usual_dose(working, order, body, ingredient, usual)
    return working


def usual_dose(working: Working, order: Ordered, body: Body, ingredient: str, usual: Iterable[UsualDose]) -> None:
    """Ask back a dose ten times outside the range that a source names; where none is known nothing is said (never invented)."""
    weight = working.weight_kg or (body.weight.value if body.weight else None)
    for one in usual:
        given = _in_unit(working.dose_amount or Decimal(0), order, one.unit, weight)
        if one.ingredient != ingredient or given is None:
            continue
        told = f"{_significant(given)} {one.unit}"
        limits = number(one.low) if one.low == one.high else f"{number(one.low)} to {number(one.high)}"
        span = f"{limits} {one.unit} ({one.source})"
        if given >= one.high * TIMES_TOO_FAR or given * TIMES_TOO_FAR <= one.low:
            question = f"{told} is ten times or more outside the usual {span}. Is the unit right? If so, say how it was checked."
            working.doubts.append(Doubt("orders.usual_dose", question))
        if ingredient == "milrinone" and one.unit == "mcg/kg/min":
            level, words = milrinone_reading(Decimal(_significant(given).replace(",", "")))
            level = "" if level in ("none", "INFO") else level
            working.lines.append(Line(f"Milrinone, {words}", level, "R40" if level else "", "dose"))
        elif one.low < one.high and not one.low <= given <= one.high:
            working.lines.append(Line(f"{told} is outside the usual {span}.", "WARN"))


def _in_unit(dose: Decimal, order: Ordered, unit: str, weight: Decimal | None) -> Decimal | None:
    """The dose in the unit of a range: by the kilogram, and by the minute where it runs without a break."""
    of, _, rest = unit.partition("/")
    factor = factor_between(order.dose_unit, of)
    if factor is None or not weight:
        return None
    by_minute = rest.endswith("/min")
    if by_minute != (order.pattern in UNBROKEN):
        return None
    return dose * factor / weight / (DAY_MINUTES if by_minute else 1)


def _significant(value: Decimal) -> str:
    """Three digits that count, as a person compares two doses."""
    places = max(0, 2 - value.adjusted()) if value else 0
    return number(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))

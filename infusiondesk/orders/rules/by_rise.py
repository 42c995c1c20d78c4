"""Clotting factor by the rise that is wanted: units = weight x rise x factor (clinical 4.12)."""

from typing import Final

from infusiondesk.dosing.rules import NotCalculated
from infusiondesk.dosing.rules.single_doses import ClottingFactor, factor_dose
from infusiondesk.foundation.kernel.ismp import amount, day
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.orders.rules.by_size import decimal_of, round_dose, size_lines
from infusiondesk.orders.rules.working import Body, Line, Ordered, Working

FIELD: Final = "desired_rise_percent"
_FACTORS: Final = {"factor viii": ClottingFactor.VIII, "factor ix": ClottingFactor.IX}


def by_rise(working: Working, order: Ordered, body: Body, ingredient: str, therapy_class: str) -> None:
    """The units for the rise that was ordered, by the actual weight, rounded as the order says."""
    factor = _FACTORS.get(ingredient.casefold())
    if factor is None:
        working.refuse(Problem(FIELD, f"A dose by rise is worked out for factor VIII and factor IX only, not for {ingredient}."))
        return
    if order.dose_unit != "units":
        working.refuse(Problem("dose_unit", "A rise is ordered in units: choose units."))
        return
    if order.ordered_dose:
        working.refuse(Problem("ordered_dose", "Order it by weight or by the rise, not by both."))
        return
    working.lines += size_lines(order, body, therapy_class, by_height=False)
    if body.weight is None:
        if working.dose_amount is None:
            words = (
                "The rise goes by weight, and no weight is recorded. Enter it in the chart, or the dose as the prescriber wrote it."
            )
            working.refuse(Problem(FIELD, words))
        return
    weight = body.weight
    working.weight_kg, working.weight_on = weight.value, weight.measured_on
    working.lines.append(Line(f"Weight {amount(weight.value, 'kg')}, actual, {weight.how.value} on {day(weight.measured_on)}."))
    try:
        found = factor_dose(factor=factor, weight_kg=weight.value, desired_rise_percent=order.desired_rise_percent)
    except NotCalculated as refused:
        working.refuse(Problem(FIELD, refused.sentence))
        return
    working.lines.append(Line(found.because[0].replace("IU", "units")))
    working.lines.append(Line("The units per kg and percent of rise are from memory; a recombinant factor IX needs more.", ""))
    dose = decimal_of(found, "dose_iu")
    round_dose(working, order, dose, dose)

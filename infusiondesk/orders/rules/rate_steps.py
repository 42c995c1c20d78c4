"""A rate that climbs step by step, as immune globulin is given: read, made mL/h for this patient, timed, held against the label."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from infusiondesk.dosing.rules.immune_globulin import LABELLED_RATES
from infusiondesk.foundation.kernel.ismp import amount, day, number
from infusiondesk.foundation.kernel.outcomes import Problem, Refused
from infusiondesk.orders.rules.figures import CONCENTRATION, MOST_MISSED, VOLUME, figures
from infusiondesk.orders.rules.working import Body, Line, Ordered, Working, factor_between, short

FIELD: Final = "rate_steps"
BY_SIZE: Final = ("mL/kg/h", "mg/kg/min")
_UNITS: Final = {unit.casefold(): unit for unit in (*BY_SIZE, "mL/h")}
_STEP: Final = re.compile(
    r"\s*(?P<rate>[0-9]{1,4}(\.[0-9]{1,3})?)\s*(?P<unit>[a-z/]+)"
    r"\s*(for\s+(?P<minutes>[0-9]{1,4})\s*min|to the end)?\s*\.?",
    re.IGNORECASE,
)
_MOST_STEPS: Final = 12


@dataclass(frozen=True)
class RateStep:
    """One step: a rate, and for how long; the last one may run to the end."""

    rate: Decimal
    unit: str
    minutes: Decimal | None


@dataclass(frozen=True)
class Leg:
    """One step for this patient: mL/h, and for how many minutes."""

    ml_per_h: Decimal
    minutes: Decimal


def read_rate_steps(typed: str) -> tuple[RateStep, ...]:
    """Steps as they are typed, one a line: ``0.5 mL/kg/h for 30 min``; the last one may run to the end."""
    lines = [line for line in typed.splitlines() if line.strip()]
    if not lines or len(lines) > _MOST_STEPS:
        raise Refused(f"Write one to {_MOST_STEPS} steps, one a line, such as: 0.5 mL/kg/h for 30 min.", field=FIELD)
    steps = [_read(place, line) for place, line in enumerate(lines, 1)]
    if open_ones := [place for place, step in enumerate(steps[:-1], 1) if step.minutes is None]:
        raise Refused(f"Step {open_ones[0]} of the rate says no minutes: only the last one may run to the end.", field=FIELD)
    return tuple(steps)


def _read(place: int, line: str) -> RateStep:
    found = _STEP.fullmatch(line)
    unit = _UNITS.get(found["unit"].casefold()) if found else None
    if found is None or unit is None:
        told = f"Step {place} of the rate, “{line.strip()}”, cannot be read"
        raise Refused(f"{told}: write it as 0.5 mL/kg/h for 30 min; mg/kg/min and mL/h are read too.", field=FIELD)
    try:
        rate, minutes = Decimal(found["rate"]), Decimal(found["minutes"]) if found["minutes"] else None
    except InvalidOperation:
        raise Refused(f"Step {place} of the rate, “{line.strip()}”, holds a number that cannot be read.", field=FIELD) from None
    if rate <= 0 or minutes == 0:
        raise Refused(f"Step {place} of the rate, “{line.strip()}”: rate and minutes are more than zero.", field=FIELD)
    return RateStep(rate, unit, minutes)


def climb(working: Working, order: Ordered, body: Body, product: str) -> None:
    """Work out the steps in mL/h and their time, for the weight that the dose goes by, or the one on file.

    `product` is the drug of the catalog: labels differ between brands of one ingredient.
    """
    try:
        steps = read_rate_steps(order.rate_steps)
    except Refused as refused:
        working.refuse(Problem(FIELD, refused.sentence))
        return
    known = figures(
        working.dose_amount,
        order.dose_unit,
        volume_ml=order.volume_ml,
        concentration_per_ml=order.concentration_per_ml,
        is_cycled=True,
    )
    volume, kg = known.of(VOLUME), _weight(working, body, steps)
    mg_per_ml = _milligrams(known.of(CONCENTRATION), order.dose_unit)
    if lacks := _lacking(steps, volume, kg, mg_per_ml):
        working.refuse(Problem(FIELD, lacks))
        return
    assert volume is not None
    rates = [_ml_per_h(step, kg, mg_per_ml) for step in steps]
    legs = _legs(working, steps, rates, volume)
    if legs is None:
        return
    total = sum((leg.minutes for leg in legs), Decimal(0))
    if order.interval_hours and total > order.interval_hours * 60:
        working.refuse(Problem(FIELD, f"These steps take {number(_whole(total))} min, which do not fit between the doses."))
        return
    working.rate_minutes = _whole(total)
    working.rate_plan = _plan_words(legs)
    working.lines.append(Line(f"Rate in steps: {working.rate_plan}; {number(volume)} mL in {number(working.rate_minutes)} min."))
    _beside_label(working, steps, product.casefold(), mg_per_ml)


def _weight(working: Working, body: Body, steps: tuple[RateStep, ...]) -> Decimal | None:
    if not any(step.unit in BY_SIZE for step in steps):
        return None
    if working.weight_kg is None and body.weight is not None:
        working.weight_kg, working.weight_on = body.weight.value, body.weight.measured_on
        working.lines.append(Line(f"Rate by weight {amount(body.weight.value, 'kg')} of {day(body.weight.measured_on)}."))
    return working.weight_kg


def _milligrams(per_ml: Decimal | None, unit: str) -> Decimal | None:
    factor = factor_between(unit, "mg")
    return None if per_ml is None or factor is None else per_ml * factor


def _lacking(steps: tuple[RateStep, ...], volume: Decimal | None, kg: Decimal | None, mg_per_ml: Decimal | None) -> str:
    """What is missing to make the steps mL/h, in a sentence; empty where nothing is."""
    if volume is None:
        return "Enter the volume, or the concentration: how long the steps of the rate take follows from it."
    if kg is None and any(step.unit in BY_SIZE for step in steps):
        return "The rate goes by weight, and no weight is recorded. Enter it in the chart, or write the steps in mL/h."
    if mg_per_ml is None and any(step.unit == "mg/kg/min" for step in steps):
        return "A rate in mg/kg/min needs a dose in mg or g and its volume: enter them, or write the steps in mL/kg/h."
    return ""


def _ml_per_h(step: RateStep, kg: Decimal | None, mg_per_ml: Decimal | None) -> Decimal:
    if step.unit == "mL/h":
        return step.rate
    assert kg is not None
    if step.unit == "mL/kg/h":
        return step.rate * kg
    assert mg_per_ml is not None
    return step.rate * 60 * kg / mg_per_ml


def _legs(working: Working, steps: tuple[RateStep, ...], rates: list[Decimal], volume: Decimal) -> list[Leg] | None:
    """Each step with its time; the steps give exactly the volume, or the last one runs until it is given."""
    left, legs = volume, []
    for place, (step, rate) in enumerate(zip(steps, rates, strict=True), 1):
        if left <= 0:
            words = f"The {number(volume)} mL are given before step {place} of the rate: take it out, or shorten the earlier ones."
            working.refuse(Problem(FIELD, words))
            return None
        minutes = step.minutes if step.minutes is not None else left * 60 / rate
        left -= rate * minutes / 60
        legs.append(Leg(rate, minutes))
    if abs(left) / volume >= MOST_MISSED:
        given = number((volume - left).quantize(Decimal("0.1"), ROUND_HALF_UP))
        words = (
            f"These steps give {given} mL, not the {number(volume)} mL of the dose: correct them, or run the last one to the end."
        )
        working.refuse(Problem(FIELD, words))
        return None
    return legs


def _plan_words(legs: list[Leg]) -> str:
    """``40 mL/h for 30 min, then 80 mL/h for 30 min, then 160 mL/h for 95 min``."""
    told = [
        f"{number(leg.ml_per_h.quantize(Decimal('0.1'), ROUND_HALF_UP))} mL/h for {number(_whole(leg.minutes))} min" for leg in legs
    ]
    return ", then ".join(told)


def _beside_label(working: Working, steps: tuple[RateStep, ...], product: str, mg_per_ml: Decimal | None) -> None:
    """Hold a rate above the largest that a label prints for any use; a first step above the label's own is remarked."""
    rows = [
        row for row in LABELLED_RATES if row.start is not None and row.largest is not None and product in _products(row.product)
    ]
    if not rows:
        working.gaps.append(f"No rate of a label is on file for {product}: its steps were not judged.")
        return
    for words, step, is_first in (("The first step", steps[0], True), ("The largest step", max(steps, key=_size_of), False)):
        limits = []
        for row in rows:
            limit = row.start if is_first else row.largest
            rate = _in(step, row.unit, mg_per_ml)
            if limit is not None and rate is not None:
                limits.append((limit, rate, row))
        if not limits:
            working.gaps.append(f"{words} of the rate was not judged: the label prints {rows[0].unit}, the order {step.unit}.")
            continue
        limit, rate, row = max(limits, key=lambda one: one[0])
        if rate > limit:
            above = f"is above the label's {number(limit)} ({row.product}, {row.use}, {row.source})."
            told = f"{words}, {short(rate)} {row.unit}, {above}"
            working.lines.append(Line(told, "WARN") if is_first else Line(told, "HOLD", "R40", "rate"))


def _products(listed: str) -> list[str]:
    return [name.strip().casefold() for name in listed.split(",")]


def _size_of(step: RateStep) -> Decimal:
    return step.rate


def _in(step: RateStep, unit: str, mg_per_ml: Decimal | None) -> Decimal | None:
    """A step in the unit of a label; None where its concentration is not known, or it goes by no weight."""
    if step.unit == unit:
        return step.rate
    if mg_per_ml is None or step.unit not in BY_SIZE:
        return None
    return step.rate * mg_per_ml / 60 if unit == "mg/kg/min" else step.rate * 60 / mg_per_ml


def _whole(minutes: Decimal) -> Decimal:
    return minutes.quantize(Decimal(1), ROUND_HALF_UP)

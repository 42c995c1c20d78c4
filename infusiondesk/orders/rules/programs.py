"""What a pump or a bag is to give: the program of a PCA, parenteral nutrition by ingredient (clinical 4.7, 4.10)."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Protocol

from infusiondesk.dosing.rules import NotCalculated
from infusiondesk.dosing.rules.calculation import Calculation
from infusiondesk.dosing.rules.nutrition import parenteral_nutrition, pn_cycle
from infusiondesk.dosing.rules.pumps import hour_limit_ml
from infusiondesk.foundation.kernel.ismp import amount, day, number
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.orders.rules.by_size import decimal_of, size_lines
from infusiondesk.orders.rules.figures import MOST_MISSED
from infusiondesk.orders.rules.words import UNBROKEN, Pattern
from infusiondesk.orders.rules.working import KEPT, NUTRIENTS, Body, Line, Ordered, Working, short

_DAY_HOURS: Final = 24


def pca(working: Working, order: Ordered) -> None:
    """What a PCA can give in an hour by its program, and what the order allows (clinical 4.10)."""
    bolus, lockout = order.pca_bolus, order.pca_lockout_minutes
    basal = order.pca_basal or Decimal(0)
    if not bolus or not lockout or min(bolus, lockout) <= 0 or basal < 0:  # the draft says what is missing or wrong
        return
    most = hour_limit_ml(basal, bolus, lockout)
    unit = order.dose_unit
    working.lines.append(
        Line(
            f"Basal {amount(basal, unit)}/h and {amount(bolus, unit)} every {number(lockout)} min"
            f" can give {_as_kept(most)} {unit} in an hour."
        )
    )
    limit = order.pca_hour_limit
    if limit is not None and limit < basal + bolus:
        least = amount(basal + bolus, unit)
        sentence = f"A limit of {amount(limit, unit)} in an hour is less than basal and one bolus, {least}."
        working.refuse(Problem("pca_hour_limit", sentence))
        return
    if limit is not None and limit > most:
        working.lines.append(Line(f"The limit of {amount(limit, unit)} in an hour is never reached by this program.", "WARN"))
    hour = most if limit is None else min(limit, most)
    a_day = (hour * 24).quantize(KEPT, ROUND_HALF_UP)
    if a_day <= 0:
        working.refuse(Problem("pca_bolus", f"This program gives next to nothing in {unit}: choose a smaller unit, or correct it."))
    elif working.dose_amount is None:
        working.dose_amount = a_day
        working.lines.append(Line(f"At most {_as_kept(hour)} {unit} x 24 h = {amount(a_day, unit)} a day."))
    elif working.dose_amount < basal * 24:
        told = amount(working.dose_amount, unit)
        sentence = f"{told} a day is less than the basal rate alone, {amount(basal * 24, unit)} a day."
        working.refuse(Problem("dose_amount", sentence))
    elif abs(working.dose_amount / (hour * 24) - 1) >= MOST_MISSED:
        # Nothing but the program keeps a patient below the dose of a day: a lower one that was typed would never be held.
        told = f"{amount(working.dose_amount, unit)} a day at most was typed"
        sentence = f"{told}, and the program can give {amount(a_day, unit)} a day: correct one of them, or leave the dose empty."
        working.refuse(Problem("dose_amount", sentence))


def _as_kept(value: Decimal) -> str:
    return number(value.quantize(KEPT, ROUND_HALF_UP))


def nutrition(working: Working, order: Ordered, body: Body, therapy_class: str) -> None:
    """One bag of a day by ingredient, judged by the rules of clinical 4.7."""
    if problem := _one_bag_a_day(order):
        working.refuse(problem)
    volume = order.volume_ml or (order.dose_amount if order.dose_unit == "mL" else None)
    hours = order.infusion_minutes / 60 if order.infusion_minutes else (Decimal(24) if order.pattern in UNBROKEN else None)
    if body.weight is None:
        working.lines.append(Line("Nutrition is judged by weight, and no weight is recorded.", "STOP", "R39", "weight"))
        return
    told = order.nutrients
    nothing = Decimal(0)
    try:
        found = parenteral_nutrition(
            weight_kg=body.weight.value,
            volume_ml=volume,
            infusion_h=hours,
            cycled=order.is_cycled,
            amino_acid_g=told.get("amino_acid_g"),
            dextrose_g=told.get("dextrose_g"),
            lipid_g=told.get("lipid_g", nothing),
            sodium_meq=told.get("sodium_meq", nothing),
            potassium_meq=told.get("potassium_meq", nothing),
            magnesium_meq=told.get("magnesium_meq", nothing),
            calcium_meq=told.get("calcium_meq", nothing),
            phosphate_mmol=told.get("phosphate_mmol", nothing),
        )
    except NotCalculated as refused:
        at = {"infusion_h": "infusion_minutes", "weight_kg": "ordered_dose"}.get(refused.field or "", refused.field or "")
        label = NUTRIENTS.get(at, (at.removesuffix("_ml").removesuffix("_minutes").replace("_", " ").capitalize(), ""))[0]
        working.refuse(Problem(at, refused.sentence.replace(refused.field or "\0", label)))
        return
    weight = body.weight
    working.weight_kg, working.weight_on = weight.value, weight.measured_on
    working.lines.append(Line(f"Weight {amount(weight.value, 'kg')}, {weight.how.value} on {day(weight.measured_on)}."))
    working.lines += size_lines(order, body, therapy_class, by_height=False)
    levels = {"Dextrose ": str(found.values["gir_level"]), "Calcium x phosphate": str(found.values["ca_p_level"])}
    for words in found.because:
        about = next((start for start in levels if words.startswith(start)), "")
        level = levels.get(about, "none").replace("none", "")
        working.lines.append(Line(words, level, "R40" if level else "", about.strip().lower()))
    working.lines += [Line(one.text, "WARN") for one in found.cautions]
    working.osmolarity_mosm_l = decimal_of(found, "osmolarity_mosm_l")
    if order.is_cycled:
        working.lines.append(Line(f"Cycle: {_cycle_words(found)}."))
    if working.dose_amount is None and volume is not None:
        working.dose_amount = volume


def _one_bag_a_day(order: Ordered) -> Problem | None:
    """Why the ingredients are not those of a day, or None: energy, sugar rate and potassium are judged for one bag."""
    if order.dose_unit != "mL":
        return Problem("dose_unit", "Nutrition by ingredient is ordered by the bag: choose mL.")
    if order.pattern in (Pattern.PCA, Pattern.STEPS):
        return Problem("pattern", "Nutrition by ingredient is one bag a day: choose every 24 hours, continuous, or days.")
    if order.pattern == Pattern.INTERVAL and order.interval_hours and order.interval_hours < _DAY_HOURS:
        words = f"not of one every {number(order.interval_hours)} hours: choose 24, and the ingredients of the whole day."
        return Problem("interval_hours", f"The ingredients are those of one bag a day, {words}")
    if order.is_cycled and order.pattern in UNBROKEN:
        return Problem("is_cycled", "A cycle does not run all day: choose every 24 hours, and over how many minutes.")
    return None


class Rated(Protocol):
    """What the rate of a pump is read from."""

    @property
    def rate_plan(self) -> str: ...
    @property
    def is_cycled(self) -> bool: ...
    @property
    def volume_ml(self) -> Decimal | None: ...
    @property
    def infusion_minutes(self) -> Decimal | None: ...
    @property
    def rate_ml_per_h(self) -> Decimal | None: ...


def rate_words(order: Rated) -> str:
    """To what the pump is set, or nothing where that is not known: a cycle and steps say each rate, never an average."""
    if order.rate_plan:
        return order.rate_plan
    if not order.is_cycled:
        return f"{number(order.rate_ml_per_h)} mL/h" if order.rate_ml_per_h else ""
    hours = order.infusion_minutes / 60 if order.infusion_minutes else None
    try:
        return _cycle_words(pn_cycle(volume_ml=order.volume_ml, infusion_h=hours))
    except NotCalculated:
        return ""


def _cycle_words(found: Calculation) -> str:
    plateau, ramp = (decimal_of(found, name) for name in ("plateau_ml_h", "ramp_ml_h"))
    return f"plateau {short(plateau)} mL/h, first and last hour {short(ramp)} mL/h"

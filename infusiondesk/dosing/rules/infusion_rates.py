"""Drops by gravity, and drips by weight (clinical 4.8)."""

from decimal import Decimal

from infusiondesk.dosing.rules.calculation import (
    ABOVE_ZERO,
    ANY_WEIGHT_KG,
    Calculation,
    Caution,
    from_section,
    half_up,
    plain,
    shown,
    within,
)

_PUMP_STEP_ML_H = Decimal("0.1")
_MOST_LOST_BY_ROUNDING = Decimal("0.02")
# Milrinone's label [PFZ]. The question names no drug, so only "below" can be said of every drip: dobutamine runs far above 0.75.
_LEAST_LABELLED_MCG_KG_MIN = Decimal("0.375")
_MOST_LABELLED_MCG_KG_MIN = Decimal("0.75")
_MOST_LABELLED_MG_KG_DAY = Decimal("1.13")


def milrinone_reading(dose_mcg_kg_min: Decimal) -> tuple[str, str]:
    """Level and sentence for milrinone beside its label (clinical 4.8): INFO below, HOLD above its range or its day's most."""
    daily = dose_mcg_kg_min * 60 * 24 / 1000
    told = f"{plain(dose_mcg_kg_min)} mcg/kg/min ({shown(daily, 3)} mg/kg a day)"
    if dose_mcg_kg_min > _MOST_LABELLED_MCG_KG_MIN or daily > _MOST_LABELLED_MG_KG_DAY:
        return "HOLD", f"{told} is above the label: at most 0.75 mcg/kg/min and 1.13 mg/kg a day."
    if dose_mcg_kg_min < _LEAST_LABELLED_MCG_KG_MIN:
        return "INFO", f"{told} is below the label's 0.375 mcg/kg/min."
    return "none", f"{told} is within the label."


@from_section("clinical 4.8")
def gravity_drip(*, volume_ml: Decimal | None, minutes: Decimal | None, drops_per_ml: Decimal | None) -> Calculation:
    """Drops a minute, exact and as a whole number to count."""
    volume, time = within("volume_ml", volume_ml, ABOVE_ZERO), within("minutes", minutes, ABOVE_ZERO)
    drops = within("drops_per_ml", drops_per_ml, ABOVE_ZERO)
    exact = volume * drops / time
    because = f"{plain(volume)} mL x {plain(drops)} drops/mL / {plain(time)} min = {shown(exact)}, counted {plain(half_up(exact))}."
    return Calculation({"drops_per_min_exact": exact, "drops_per_min": half_up(exact)}, (because,))


@from_section("clinical 4.8")
def weight_based_drip(
    *, dose_mcg_kg_min: Decimal | None, weight_kg: Decimal | None, concentration_mcg_ml: Decimal | None
) -> Calculation:
    """The rate of a drip ordered by weight, as the pump takes it, and the drug of a day."""
    dose = within("dose_mcg_kg_min", dose_mcg_kg_min, ABOVE_ZERO)
    weight = within("weight_kg", weight_kg, ANY_WEIGHT_KG)
    concentration = within("concentration_mcg_ml", concentration_mcg_ml, ABOVE_ZERO)
    rate = dose * weight * 60 / concentration
    pump_rate = half_up(rate, _PUMP_STEP_ML_H)
    daily = dose * weight * 60 * 24 / 1000
    because = (
        f"{plain(dose)} mcg/kg/min x {plain(weight)} kg x 60 / {plain(concentration)} mcg/mL = {shown(rate, 3)} mL/h.",
        f"{shown(rate * 24)} mL and {shown(daily)} mg a day.",
    )
    cautions = []
    change = abs(pump_rate / rate - 1)
    if change > _MOST_LOST_BY_ROUNDING:
        text = f"{plain(pump_rate)} mL/h instead of {shown(rate, 3)} changes the dose by {shown(change * 100, 1)} %."
        cautions.append(Caution("rounding_changes_dose", text))
    if dose < _LEAST_LABELLED_MCG_KG_MIN:
        text = f"{plain(dose)} mcg/kg/min is below 0.375, where milrinone's label begins."
        cautions.append(Caution("below_label_range", text))
    return Calculation({"rate_ml_h": rate, "pump_rate_ml_h": pump_rate, "dose_mg_day": daily}, because, tuple(cautions))

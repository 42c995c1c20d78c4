"""Vancomycin by exposure: from two levels, or from a population before there is a level (clinical 4.4)."""

from decimal import Decimal

from infusiondesk.dosing.rules.calculation import (
    ABOVE_ZERO,
    ADULT_WEIGHT_KG,
    FROM_ZERO,
    Calculation,
    Caution,
    NotCalculated,
    Value,
    from_section,
    known,
    optional,
    plain,
    shown,
    within,
)

TARGET_AUC24 = Decimal(500)
_KE_PER_H = (Decimal("0.01"), Decimal("0.5"))
_VOLUME_L_PER_KG = (Decimal("0.3"), Decimal("1.5"))
_KIDNEY_INJURY_AUC24 = 650
_LARGEST_DOSE_MG = 3000
_LARGEST_DAILY_DOSE_MG = 4500
# Population: elimination after creatinine clearance, and the volume (memory; other sources 0.5 and 0.6), clinical 4.4.
_KE_SLOPE, _KE_FLOOR = Decimal("0.00083"), Decimal("0.0044")
_POPULATION_VOLUME = Decimal("0.7")
_DISTRIBUTION_H = 1


def reading_of_auc24(auc24: Decimal) -> str:
    """What an exposure asks for, in the words of clinical 4.4."""
    if auc24 > 700:
        return "critical: hold, contact the prescriber"
    if auc24 > 600:
        return "above target: reduce or hold, creatinine in 48 h"
    return "in target (400 to 600)" if auc24 >= 400 else "below target: raise the dose"


@from_section("clinical 4.4")
def vancomycin_two_level(
    *,
    dose_mg: Decimal | None,
    interval_h: Decimal | None,
    infusion_h: Decimal | None,
    level_1_mg_l: Decimal | None,
    level_1_h: Decimal | None,
    level_2_mg_l: Decimal | None,
    level_2_h: Decimal | None,
    target_auc24: Decimal | None = TARGET_AUC24,
    weight_kg: Decimal | None = None,
) -> Calculation:
    """Exposure from two levels of one interval near steady state; times run from the start of the infusion."""
    dose, tau = within("dose_mg", dose_mg, ABOVE_ZERO), within("interval_h", interval_h, ABOVE_ZERO)
    infused = within("infusion_h", infusion_h, ABOVE_ZERO)
    first, first_at = known("level_1_mg_l", level_1_mg_l), known("level_1_h", level_1_h)
    second, second_at = known("level_2_mg_l", level_2_mg_l), known("level_2_h", level_2_h)
    target = within("target_auc24", target_auc24, ABOVE_ZERO)
    weight = optional("weight_kg", weight_kg, ADULT_WEIGHT_KG)
    if not first > second > 0:
        text = f"The first level ({plain(first)}) must be above the second ({plain(second)}), and both above 0."
        raise NotCalculated("levels_invalid", "level_2_mg_l", text)
    if first_at < infused + _DISTRIBUTION_H:
        text = f"The first level at {plain(first_at)} h comes less than 1 h after the infusion ended at {plain(infused)} h."
        raise NotCalculated("level_times_invalid", "level_1_h", text)
    if not first_at < second_at <= tau:
        text = f"The second level at {plain(second_at)} h must lie after the first and before the next dose at {plain(tau)} h."
        raise NotCalculated("level_times_invalid", "level_2_h", text)
    ke = (first / second).ln() / (second_at - first_at)
    peak = first * (ke * (first_at - infused)).exp()
    trough = second * (-ke * (tau - second_at)).exp()
    rising, falling = (peak + trough) / 2 * infused, (peak - trough) / ke
    auc24 = (rising + falling) * 24 / tau
    washed_out = (-ke * infused).exp()
    volume = dose / infused * (1 - washed_out) / (ke * (peak - trough * washed_out))
    daily = dose * 24 / tau * target / auc24
    values: dict[str, Value] = {
        "ke_per_h": ke,
        "half_life_h": Decimal(2).ln() / ke,
        "peak_mg_l": peak,
        "trough_mg_l": trough,
        "auc24_trap": auc24,
        "volume_l": volume,
        "clearance_l_h": ke * volume,
        "daily_dose_mg": daily,
    }
    because = [
        f"ke = ln({plain(first)} / {plain(second)}) / ({plain(second_at)} - {plain(first_at)}) = {shown(ke, 4)} per h.",
        f"Peak {shown(peak)}, trough {shown(trough)} mg/L; areas {shown(rising)} and {shown(falling)} in {plain(tau)} h.",
        f"AUC24 from levels (trapezoid) {shown(auc24, 1)} mg h/L: {reading_of_auc24(auc24)}.",
        f"For {plain(target)}: {plain(dose * 24 / tau)} x {plain(target)} / {shown(auc24, 1)} = {shown(daily, 0)} mg a day.",
    ]
    cautions = _cautions(ke, volume, weight, auc24)
    return Calculation(values, (*because, *_large_doses(dose, daily)), cautions)


@from_section("clinical 4.4")
def vancomycin_population(
    *,
    creatinine_clearance_ml_min: Decimal | None,
    weight_kg: Decimal | None,
    volume_l_per_kg: Decimal | None = _POPULATION_VOLUME,
    target_auc24: Decimal | None = TARGET_AUC24,
    dose_mg: Decimal | None = None,
    interval_h: Decimal | None = None,
    infusion_h: Decimal | None = None,
) -> Calculation:
    """A start before any level; with a whole regimen also what it would give at steady state."""
    clearance_of_creatinine = within("creatinine_clearance_ml_min", creatinine_clearance_ml_min, FROM_ZERO)
    weight = within("weight_kg", weight_kg, ADULT_WEIGHT_KG)
    per_kg = within("volume_l_per_kg", volume_l_per_kg, ABOVE_ZERO)
    target = within("target_auc24", target_auc24, ABOVE_ZERO)
    ke = _KE_SLOPE * clearance_of_creatinine + _KE_FLOOR
    volume = per_kg * weight
    clearance = ke * volume
    daily = target * clearance
    values: dict[str, Value] = {"ke_per_h": ke, "volume_l": volume, "clearance_l_h": clearance, "daily_dose_mg": daily}
    because = [
        f"ke = 0.00083 x {plain(clearance_of_creatinine)} + 0.0044 = {shown(ke, 5)} per h.",
        f"Volume {plain(per_kg)} L/kg x {plain(weight)} kg = {shown(volume)} L; clearance {shown(clearance, 3)} L/h.",
        f"For {plain(target)}: {plain(target)} x {shown(clearance, 3)} = {shown(daily, 1)} mg a day.",
    ]
    auc24 = None
    dose = None
    if any(told is not None for told in (dose_mg, interval_h, infusion_h)):
        dose, tau = within("dose_mg", dose_mg, ABOVE_ZERO), within("interval_h", interval_h, ABOVE_ZERO)
        infused = within("infusion_h", infusion_h, ABOVE_ZERO)
        if infused > tau:
            raise NotCalculated("out_of_range", "infusion_h", f"An infusion of {plain(infused)} h is longer than its interval.")
        peak = dose / infused * (1 - (-ke * infused).exp()) / (clearance * (1 - (-ke * tau).exp()))
        trough = peak * (-ke * (tau - infused)).exp()
        auc24 = dose * 24 / tau / clearance
        values |= {"peak_mg_l": peak, "trough_mg_l": trough, "auc24_dose_over_cl": auc24}
        regimen = f"{plain(dose)} mg every {plain(tau)} h over {plain(infused)} h: peak {shown(peak)}, trough {shown(trough)} mg/L"
        because.append(f"{regimen}, AUC24 (dose over clearance) {shown(auc24, 1)} mg h/L: {reading_of_auc24(auc24)}.")
    return Calculation(values, (*because, *_large_doses(dose, daily)), _cautions(ke, volume, weight, auc24))


def _cautions(ke: Decimal, volume: Decimal, weight: Decimal | None, auc24: Decimal | None) -> tuple[Caution, ...]:
    found = []
    if not _KE_PER_H[0] <= ke <= _KE_PER_H[1]:
        found.append(Caution("ke_out_of_range", f"ke {shown(ke, 4)} per h is outside 0.01 to 0.5."))
    if weight is not None and not _VOLUME_L_PER_KG[0] <= volume / weight <= _VOLUME_L_PER_KG[1]:
        found.append(Caution("volume_out_of_range", f"The volume of {shown(volume / weight)} L/kg is outside 0.3 to 1.5."))
    if auc24 is not None and auc24 > _KIDNEY_INJURY_AUC24:
        found.append(Caution("auc24_over_650", f"AUC24 {shown(auc24, 1)} mg h/L is in the band of kidney injury (above 650)."))
    return tuple(found)


def _large_doses(dose: Decimal | None, daily: Decimal) -> tuple[str, ...]:
    """Limits of the pharmacy (policy): 3 g at once, 4.5 g a day."""
    found = []
    if dose is not None and dose > _LARGEST_DOSE_MG:
        found.append(f"A single dose of {plain(dose)} mg is above the policy of {_LARGEST_DOSE_MG} mg.")
    if daily > _LARGEST_DAILY_DOSE_MG:
        found.append(f"{shown(daily, 0)} mg a day is above the policy of {_LARGEST_DAILY_DOSE_MG} mg.")
    return tuple(found)

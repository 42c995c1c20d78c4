"""Aminoglycosides, by peak and trough or once in an extended interval (clinical 4.5)."""

from decimal import Decimal
from enum import StrEnum

from infusiondesk.dosing.rules.calculation import (
    ABOVE_ZERO,
    ADULT_WEIGHT_KG,
    FROM_ZERO,
    Calculation,
    Caution,
    NotCalculated,
    from_section,
    half_up,
    known,
    plain,
    shown,
    within,
)

_KE_SLOPE, _KE_FLOOR = Decimal("0.00293"), Decimal("0.014")
_VOLUME_L_PER_KG = Decimal("0.28")
_INTERVALS_H = (8, 12, 24, 36, 48)
_FINE_ROUNDING_BELOW_MG = 200
# Extended interval, Hartford (memory): unrounded clearance from which each interval holds.
_EXTENDED_INTERVALS_H = ((60, 24), (40, 36), (20, 48))


class Aminoglycoside(StrEnum):
    """Drugs of the extended interval."""

    GENTAMICIN = "gentamicin"
    TOBRAMYCIN = "tobramycin"
    AMIKACIN = "amikacin"


_EXTENDED_MG_PER_KG = {
    Aminoglycoside.GENTAMICIN: Decimal(7),
    Aminoglycoside.TOBRAMYCIN: Decimal(7),
    Aminoglycoside.AMIKACIN: Decimal(15),
}


def nearest_interval(raw_h: Decimal) -> int:
    """The nearest usual interval; a tie goes to the longer one."""
    return min(_INTERVALS_H, key=lambda hours: (abs(raw_h - hours), -hours))


def rounded_dose(dose_mg: Decimal) -> Decimal:
    """To 10 mg below 200 mg, to 20 mg from 200 mg on."""
    return half_up(dose_mg, Decimal(10 if dose_mg < _FINE_ROUNDING_BELOW_MG else 20))


@from_section("clinical 4.5")
def aminoglycoside(
    *,
    creatinine_clearance_ml_min: Decimal | None,
    dosing_weight_kg: Decimal | None,
    peak_mg_l: Decimal | None,
    trough_mg_l: Decimal | None,
    infusion_h: Decimal | None,
) -> Calculation:
    """Interval and dose for a wanted peak and trough; the dosing weight is the adjusted one above 1.2 x ideal."""
    clearance = within("creatinine_clearance_ml_min", creatinine_clearance_ml_min, FROM_ZERO)
    weight = within("dosing_weight_kg", dosing_weight_kg, ADULT_WEIGHT_KG)
    peak, trough = known("peak_mg_l", peak_mg_l), known("trough_mg_l", trough_mg_l)
    infused = within("infusion_h", infusion_h, ABOVE_ZERO)
    if not peak > trough > 0:
        text = f"The peak ({plain(peak)}) must be above the trough ({plain(trough)}), and both above 0."
        raise NotCalculated("levels_invalid", "trough_mg_l", text)
    ke = _KE_SLOPE * clearance + _KE_FLOOR
    volume = _VOLUME_L_PER_KG * weight
    raw = (peak / trough).ln() / ke + infused
    interval = nearest_interval(raw)
    dose = ke * volume * peak * infused * (1 - (-ke * interval).exp()) / (1 - (-ke * infused).exp())
    because = (
        f"ke = 0.00293 x {plain(clearance)} + 0.014 = {shown(ke, 5)} per h; volume 0.28 x {plain(weight)} = {shown(volume)} L.",
        f"Interval ln({plain(peak)} / {plain(trough)}) / ke + {plain(infused)} = {shown(raw)} h, nearest: {interval} h.",
        f"Dose for a peak of {plain(peak)} mg/L every {interval} h: {shown(dose, 1)} mg, rounded {plain(rounded_dose(dose))} mg.",
    )
    cautions: tuple[Caution, ...] = ()
    if interval < raw:
        reached = peak * (-ke * (interval - infused)).exp()
        longer = next((hours for hours in _INTERVALS_H if hours > interval), None)
        text = f"Every {interval} h the trough is {shown(reached)} mg/L, above {plain(trough)}."
        cautions = (Caution("trough_above_goal", f"{text} {longer} h would keep it below." if longer else text),)
    return Calculation(
        {
            "ke_per_h": ke,
            "volume_l": volume,
            "interval_raw_h": raw,
            "interval_h": interval,
            "dose_mg": dose,
            "rounded_dose_mg": rounded_dose(dose),
        },
        because,
        cautions,
    )


@from_section("clinical 4.5")
def aminoglycoside_extended(
    *,
    creatinine_clearance_ml_min: Decimal | None,
    dosing_weight_kg: Decimal | None,
    drug: Aminoglycoside = Aminoglycoside.GENTAMICIN,
) -> Calculation:
    """One large dose in an interval that the unrounded clearance decides."""
    clearance = within("creatinine_clearance_ml_min", creatinine_clearance_ml_min, FROM_ZERO)
    weight = within("dosing_weight_kg", dosing_weight_kg, ADULT_WEIGHT_KG)
    for least, interval in _EXTENDED_INTERVALS_H:
        if clearance >= least:
            dose = _EXTENDED_MG_PER_KG[drug] * weight
            because = (
                f"{drug} {plain(_EXTENDED_MG_PER_KG[drug])} mg/kg x {plain(weight)} kg = {plain(dose)} mg.",
                f"Clearance {shown(clearance)} mL/min is {least} or more: every {interval} h.",
                "Not in ascites, burns above 20 %, pregnancy, dialysis or for synergy in endocarditis.",
            )
            return Calculation({"dose_mg": dose, "interval_h": interval}, because)
    text = f"Clearance {shown(clearance)} mL/min is below 20: no extended interval."
    raise NotCalculated("clearance_below_20", "creatinine_clearance_ml_min", text)

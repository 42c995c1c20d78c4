"""Doses by weight, clotting factor, and the neutrophil count (clinical 4.12)."""

from decimal import Decimal
from enum import IntEnum

from infusiondesk.dosing.rules.calculation import (
    ABOVE_ZERO,
    ANY_WEIGHT_KG,
    FROM_ZERO,
    PERCENT,
    Calculation,
    NotCalculated,
    Value,
    from_section,
    known,
    optional,
    plain,
    shown,
    within,
)


class ClottingFactor(IntEnum):
    """Factors of haemophilia A and B."""

    VIII = 8
    IX = 9


# Units per kilogram for one percent of rise (memory), clinical 4.12; recombinant factor IX needs about 1.2 to 1.3.
_UNITS_PER_KG_PERCENT = {ClottingFactor.VIII: Decimal("0.5"), ClottingFactor.IX: Decimal(1)}


@from_section("clinical 4.12")
def factor_dose(*, factor: ClottingFactor | None, weight_kg: Decimal | None, desired_rise_percent: Decimal | None) -> Calculation:
    """International units for a wanted rise."""
    told, weight = known("factor", factor), within("weight_kg", weight_kg, ANY_WEIGHT_KG)
    rise = within("desired_rise_percent", desired_rise_percent, ABOVE_ZERO)
    dose = weight * rise * _UNITS_PER_KG_PERCENT[told]
    because = f"Factor {told.name}: {plain(weight)} kg x {plain(rise)} % x {plain(_UNITS_PER_KG_PERCENT[told])} = {plain(dose)} IU."
    return Calculation({"dose_iu": dose}, (because,))


@from_section("clinical 4.12")
def absolute_neutrophil_count(
    *, wbc_10e3_ul: Decimal | None, segs_percent: Decimal | None, bands_percent: Decimal | None = Decimal(0)
) -> Calculation:
    """Neutrophils in a microlitre, from the white count and its differential."""
    white = within("wbc_10e3_ul", wbc_10e3_ul, FROM_ZERO)
    segs, bands = within("segs_percent", segs_percent, PERCENT), within("bands_percent", bands_percent, PERCENT)
    if segs + bands > PERCENT.high:
        raise NotCalculated("out_of_range", "bands_percent", f"{plain(segs)} % and {plain(bands)} % are more than all.")
    count = white * 1000 * (segs + bands) / 100
    return Calculation(
        {"anc_per_ul": count}, (f"{plain(white)} x 1000 x ({plain(segs)} + {plain(bands)}) / 100 = {plain(count)} per uL.",)
    )


@from_section("clinical 4.12")
def dose_per_kg(
    *, dose_mg_kg: Decimal | None, weight_kg: Decimal | None, concentration_mg_ml: Decimal | None = None
) -> Calculation:
    """A dose by weight, and its volume where the concentration is known."""
    per_kg, weight = within("dose_mg_kg", dose_mg_kg, ABOVE_ZERO), within("weight_kg", weight_kg, ANY_WEIGHT_KG)
    concentration = optional("concentration_mg_ml", concentration_mg_ml, ABOVE_ZERO)
    dose = per_kg * weight
    values: dict[str, Value] = {"dose_mg": dose}
    because = [f"{plain(per_kg)} mg/kg x {plain(weight)} kg = {plain(dose)} mg."]
    if concentration is not None:
        values["volume_ml"] = dose / concentration
        because.append(f"/ {plain(concentration)} mg/mL = {shown(dose / concentration)} mL.")
    return Calculation(values, tuple(because))

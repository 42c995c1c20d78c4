"""What goes into a pump, how long it lasts, and how an elastomeric is filled (clinical 4.10)."""

from decimal import Decimal

from infusiondesk.dosing.rules.calculation import (
    ABOVE_ZERO,
    FROM_ZERO,
    Calculation,
    NotCalculated,
    from_section,
    optional,
    plain,
    shown,
    within,
)

_PROGRAM_TOLERANCE = Decimal("0.01")


def per_day_ml(basal_ml_h: Decimal, bolus_ml: Decimal, boluses_per_day: Decimal) -> Decimal:
    """What a pump delivers in a day."""
    return basal_ml_h * 24 + bolus_ml * boluses_per_day


def intermittent_day_ml(dose_ml: Decimal, dose_minutes: Decimal, doses_per_day: int, keep_open_ml_h: Decimal) -> Decimal:
    """A day of doses with the vein kept open in between: 6 x 40 mL over 60 min at 0.2 mL/h is 243.6 mL (clinical 4.10)."""
    gaps_h = 24 - doses_per_day * dose_minutes / 60
    return dose_ml * doses_per_day + keep_open_ml_h * gaps_h


def hour_limit_ml(basal_ml_h: Decimal, bolus_ml: Decimal, lockout_minutes: Decimal) -> Decimal:
    """The most a patient can get of a PCA in an hour (clinical 4.10)."""
    return basal_ml_h + bolus_ml * 60 / lockout_minutes


def program_gives_order(rate_ml_h: Decimal, concentration_per_ml: Decimal, ordered_per_h: Decimal) -> bool:
    """True where concentration x rate gives the ordered dose back within one percent (clinical 4.10)."""
    return abs(rate_ml_h * concentration_per_ml / ordered_per_h - 1) <= _PROGRAM_TOLERANCE


@from_section("clinical 4.10")
def pump_fill(
    *,
    basal_ml_h: Decimal | None = Decimal(0),
    bolus_ml: Decimal | None = Decimal(0),
    boluses_per_day: Decimal | None = Decimal(0),
    days: Decimal | None,
    residual_ml: Decimal | None = Decimal(0),
    prime_ml: Decimal | None = Decimal(0),
    concentration_mg_ml: Decimal | None,
    reservoir_ml: Decimal | None = None,
) -> Calculation:
    """The volume and the drug of one filling; refused where the reservoir holds less."""
    basal, bolus = within("basal_ml_h", basal_ml_h, FROM_ZERO), within("bolus_ml", bolus_ml, FROM_ZERO)
    boluses = within("boluses_per_day", boluses_per_day, FROM_ZERO)
    day = per_day_ml(basal, bolus, boluses)
    told_days = within("days", days, ABOVE_ZERO)
    residual, prime = within("residual_ml", residual_ml, FROM_ZERO), within("prime_ml", prime_ml, FROM_ZERO)
    concentration = within("concentration_mg_ml", concentration_mg_ml, ABOVE_ZERO)
    reservoir = optional("reservoir_ml", reservoir_ml, ABOVE_ZERO)
    need = day * told_days
    fill = need + residual + prime
    if reservoir is not None and fill > reservoir:
        text = f"The filling of {plain(fill)} mL does not go into a reservoir of {plain(reservoir)} mL."
        raise NotCalculated("reservoir_too_small", "reservoir_ml", text)
    because = (
        f"({plain(basal)} mL/h x 24 + {plain(bolus)} mL x {plain(boluses)}) x {plain(told_days)} d = {plain(need)} mL.",
        f"With {plain(residual)} mL residual and {plain(prime)} mL prime {plain(fill)} mL; x {plain(concentration)} mg/mL.",
    )
    return Calculation({"need_ml": need, "fill_ml": fill, "drug_mg": fill * concentration}, because)


@from_section("clinical 4.10")
def reservoir_life(
    *,
    reservoir_ml: Decimal | None,
    residual_ml: Decimal | None,
    basal_ml_h: Decimal | None,
    bolus_ml: Decimal | None = Decimal(0),
    boluses_per_day: Decimal | None = Decimal(0),
) -> Calculation:
    """How many days a reservoir lasts; the change is planned earlier, never later."""
    reservoir, residual = within("reservoir_ml", reservoir_ml, ABOVE_ZERO), within("residual_ml", residual_ml, FROM_ZERO)
    basal, bolus = within("basal_ml_h", basal_ml_h, FROM_ZERO), within("bolus_ml", bolus_ml, FROM_ZERO)
    boluses = within("boluses_per_day", boluses_per_day, FROM_ZERO)
    day = per_day_ml(basal, bolus, boluses)
    if residual > reservoir:
        text = f"{plain(residual)} mL stay behind, but the reservoir has only {plain(reservoir)} mL."
        raise NotCalculated("out_of_range", "residual_ml", text)
    if not day:
        raise NotCalculated("out_of_range", "basal_ml_h", "Neither a basal rate nor a bolus: nothing is used.")
    days = (reservoir - residual) / day
    because = f"({plain(reservoir)} - {plain(residual)}) mL / {plain(day)} mL a day = {shown(days, 3)} d; round down to the shift."
    return Calculation({"days": days}, (because,))


@from_section("clinical 4.10")
def elastomeric_fill(
    *,
    dose_mg_m2: Decimal | None,
    body_surface_area_m2: Decimal | None,
    concentration_mg_ml: Decimal | None,
    infusion_h: Decimal | None,
    device_rate_ml_h: Decimal | None,
) -> Calculation:
    """A dose by surface in a device whose rate is fixed: the drug, and the diluent that fills it up."""
    per_m2, area = within("dose_mg_m2", dose_mg_m2, ABOVE_ZERO), within("body_surface_area_m2", body_surface_area_m2, ABOVE_ZERO)
    concentration = within("concentration_mg_ml", concentration_mg_ml, ABOVE_ZERO)
    hours, device = within("infusion_h", infusion_h, ABOVE_ZERO), within("device_rate_ml_h", device_rate_ml_h, ABOVE_ZERO)
    dose = per_m2 * area
    drug = dose / concentration
    holds = device * hours
    if drug > holds:
        text = f"{shown(drug)} mL drug are more than the {plain(holds)} mL that {plain(device)} mL/h give in {plain(hours)} h."
        raise NotCalculated("water_negative", "device_rate_ml_h", text)
    because = (
        f"{plain(per_m2)} mg/m2 x {plain(area)} m2 = {plain(dose)} mg / {plain(concentration)} mg/mL = {shown(drug)} mL.",
        f"{plain(device)} mL/h x {plain(hours)} h = {plain(holds)} mL: {shown(holds - drug)} mL diluent.",
        f"{plain(dose)} mg in {plain(holds)} mL: {shown(dose / holds)} mg/mL.",
    )
    values = {"dose_mg": dose, "drug_ml": drug, "rate_ml_h": drug / hours, "diluent_ml": holds - drug}
    return Calculation(values, because)

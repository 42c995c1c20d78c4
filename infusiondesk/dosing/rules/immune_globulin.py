"""Immune globulin: rates, how long a stepped infusion takes, and the change from vein to skin (clinical 4.9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from infusiondesk.dosing.rules.calculation import (
    ABOVE_ZERO,
    ANY_WEIGHT_KG,
    Calculation,
    NotCalculated,
    from_section,
    plain,
    shown,
    within,
)

# A 10 % solution has 100 mg in each mL.
_MG_PER_ML = 100
# Gammagard and Gamunex-C, both 10 % [GGL][IG]; other products have their own factor.
_SUBCUTANEOUS_FACTOR = Decimal("1.37")
_MOST_SITES = 8


@dataclass(frozen=True)
class LabelledRate:
    """First and largest rate of one 10 % product for one use, in the label's own unit; None where no label was read."""

    product: str
    use: str
    start: Decimal | None
    largest: Decimal | None
    unit: str
    source: str


# Clinical 4.9. Where a label prints mL/kg/h that number governs. The products at the end wait for their labels.
LABELLED_RATES = (
    LabelledRate("Gammagard Liquid", "PI", Decimal("0.5"), Decimal(5), "mL/kg/h", "GGL"),
    LabelledRate("Privigen", "PI, CIDP", Decimal("0.5"), Decimal(8), "mg/kg/min", "PRIV"),
    LabelledRate("Privigen", "ITP", Decimal("0.5"), Decimal(4), "mg/kg/min", "PRIV"),
    LabelledRate("Gamunex-C, Gammaked", "PI, ITP", Decimal(1), Decimal(8), "mg/kg/min", "IG"),
    LabelledRate("Bivigam", "PI", Decimal("0.5"), Decimal(6), "mg/kg/min", "skyscape Rx entry"),
    *(
        LabelledRate(product, "", None, None, "", "unknown")
        for product in ("Octagam", "Panzyga", "Flebogamma", "Asceniv", "Gammaplex", "Yimmugo")
    ),
)


@from_section("clinical 4.9")
def ivig_rate(*, rate_mg_kg_min: Decimal | None) -> Calculation:
    """A rate by protein as a rate by volume, for a 10 % product; a label's own mL/kg/h governs where it prints one."""
    told = within("rate_mg_kg_min", rate_mg_kg_min, ABOVE_ZERO)
    rate = told / _MG_PER_ML * 60
    return Calculation({"rate_ml_kg_h": rate}, (f"{plain(told)} mg/kg/min / 100 x 60 = {plain(rate)} mL/kg/h of 10 %.",))


@from_section("clinical 4.9")
def ivig_time(
    *,
    volume_ml: Decimal | None,
    weight_kg: Decimal | None,
    steps_ml_kg_h: Sequence[Decimal] | None,
    step_minutes: Decimal | None,
) -> Calculation:
    """Minutes of an infusion that climbs step by step; the last step runs to the end."""
    volume, weight = within("volume_ml", volume_ml, ABOVE_ZERO), within("weight_kg", weight_kg, ANY_WEIGHT_KG)
    if not steps_ml_kg_h:
        raise NotCalculated("missing", "steps_ml_kg_h", "steps_ml_kg_h is missing.")
    rates = [within("steps_ml_kg_h", step, ABOVE_ZERO) * weight for step in steps_ml_kg_h]
    step = within("step_minutes", step_minutes, ABOVE_ZERO)
    left, total, because = volume, Decimal(0), []
    for number, rate in enumerate(rates, 1):
        to_the_end = left / rate * 60
        minutes = to_the_end if number == len(rates) else min(step, to_the_end)
        given = left if minutes == to_the_end else rate * minutes / 60
        left, total = left - given, total + minutes
        if minutes:
            because.append(f"{shown(rate)} mL/h x {shown(minutes, 1)} min = {shown(given, 1)} mL.")
    return Calculation({"total_minutes": total}, (*because, f"{plain(volume)} mL in {shown(total, 1)} min."))


@from_section("clinical 4.9")
def scig_from_ivig(
    *,
    ivig_g: Decimal | None,
    ivig_interval_weeks: Decimal | None,
    concentration_g_ml: Decimal | None,
    ml_per_site: Decimal | None,
    factor: Decimal | None = _SUBCUTANEOUS_FACTOR,
) -> Calculation:
    """The weekly dose under the skin, its volume, and the number of sites."""
    grams, weeks = within("ivig_g", ivig_g, ABOVE_ZERO), within("ivig_interval_weeks", ivig_interval_weeks, ABOVE_ZERO)
    concentration = within("concentration_g_ml", concentration_g_ml, ABOVE_ZERO)
    per_site = within("ml_per_site", ml_per_site, ABOVE_ZERO)
    times = within("factor", factor, ABOVE_ZERO)
    weekly = times * grams / weeks
    volume = weekly / concentration
    sites = int((volume / per_site).to_integral_value(ROUND_CEILING))
    because = [
        f"{plain(times)} x {plain(grams)} g / {plain(weeks)} weeks = {shown(weekly, 3)} g a week = {shown(volume)} mL.",
        f"At {plain(per_site)} mL a site: {sites} sites.",
    ]
    if sites > _MOST_SITES:
        because.append(f"More than {_MOST_SITES} sites at once are too many (Gamunex-C).")
    return Calculation({"weekly_g": weekly, "weekly_ml": volume, "sites": sites}, tuple(because))

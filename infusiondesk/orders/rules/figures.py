"""What follows from the figures of an order: rate, concentration, the order in one line."""

from decimal import Decimal

from infusiondesk.foundation.kernel.ismp import amount, frequency
from infusiondesk.orders.rules.words import ROUTE_WORDS, Route


def rate_ml_per_h(volume_ml: Decimal | None, infusion_minutes: Decimal | None) -> Decimal | None:
    """The rate that volume and time give, in mL/h to one decimal; None while either is missing."""
    if not volume_ml or not infusion_minutes:
        return None
    return (volume_ml * 60 / infusion_minutes).quantize(Decimal("0.1"))


def concentration_per_ml(dose_amount: Decimal | None, volume_ml: Decimal | None) -> Decimal | None:
    """The concentration that dose and volume give, in dose units per mL; None while either is missing."""
    if not dose_amount or not volume_ml:
        return None
    return (dose_amount / volume_ml).quantize(Decimal("0.001"))


def sig(drug: str, dose: Decimal, unit: str, route: str, interval_hours: Decimal | None) -> str:
    """The order in one line, as it is safe to read: "cefTRIAXone 2 g IV every 24 hours"."""
    how_often = "per day, continuous" if interval_hours is None else frequency(interval_hours)
    return f"{drug} {amount(dose, unit)} {ROUTE_WORDS[Route(route)]} {how_often}"

"""What goes into the box besides bags: units of a lot, a pump. Source: clinical 8.2, 8.3."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from infusiondesk.foundation.kernel.ismp import counted, day

# What is held against the patient's verified orders before it goes: everything else of the shelf is no drug.
_DRUG: Final = "drug"


@dataclass(frozen=True)
class PackageToSend:
    """What the rule needs of a lot: `recall` the number of an open recall that names it, `is_ordered` of a drug of the patient."""

    item: str
    kind: str
    unit: str
    controlled: str
    lot_number: str
    expires_on: date
    on_hand: Decimal
    in_quarantine: Decimal
    recall: str
    is_ordered: bool


def package_refusal(one: PackageToSend, quantity: Decimal, today: date) -> str | None:
    """Why so many units of a lot may not go into the box, in one sentence, or None."""
    if quantity <= 0 or quantity != quantity.to_integral_value():
        return "Enter how many go into the box, a whole number above 0."
    named = f"{one.item}, lot {one.lot_number},"
    if one.recall:
        return f"{named} is recalled ({one.recall}). Set it aside."
    if one.expires_on < today:
        return f"{named} expired on {day(one.expires_on)}. Set it aside."
    if one.controlled:
        return f"{one.item} is controlled ({one.controlled}). It leaves only as a preparation that a pharmacist released."
    if one.kind == _DRUG and not one.is_ordered:
        return f"{one.item} is a drug, and no verified order of this patient is for it. Set it aside."
    if quantity <= one.on_hand:
        return None
    if one.in_quarantine and not one.on_hand:
        return f"{named} is in quarantine. Set it aside."
    apart = f"; {counted(one.in_quarantine, one.unit)} in quarantine" if one.in_quarantine else ""
    return f"{named} has {counted(one.on_hand, one.unit)} on hand, not {counted(quantity, one.unit)}{apart}."


@dataclass(frozen=True)
class PumpOrder:
    """An order by pump of the patient: whether this pump serves it, how many it needs, how many he has or gets with this box."""

    rx_number: int
    drug: str
    is_served: bool
    needs: int
    has: int
    is_on_ticket: bool


def order_for_pump(orders: Sequence[PumpOrder], model: str) -> PumpOrder | str:
    """The order a pump on a ticket is for, or why there is none: what lacks a pump first, then what travels in the same box."""
    if not orders:
        return "This patient has no verified order by pump. Set the pump aside."
    served = [one for one in orders if one.is_served]
    if not served:
        told = ", ".join(f"Rx {one.rx_number} {one.drug}" for one in orders)
        return f"{model} serves none of this patient's orders by pump: {told}. Set it aside."
    return min(served, key=lambda one: (one.has >= one.needs, not one.is_on_ticket, one.rx_number))

"""What may go on a ticket, and to whom. Source: clinical 4.11, 8.2, 9.1, 9.3; billing 3.3."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from infusiondesk.foundation.kernel.ismp import moment
from infusiondesk.foundation.kernel.outcomes import Problem

NOTHING_GOES_TO: Final = frozenset({"on hold", "declined", "discharged", "deceased", "transferred out"})
_STOPPED: Final = frozenset({"held", "discontinued", "cancelled"})
# "P.O. Box 12", "PO Box", "Post Office Box", "POB 12": a driver cannot hand anything over to a box (clinical 8.2).
_BOX: Final = re.compile(r"\b(p\.?\s*o\.?\s*box|post\s*office\s*box|p\.?\s*o\.?\s*b\.?\s*\d)", re.IGNORECASE)


@dataclass(frozen=True)
class BagToSend:
    """What the rule needs of a bag."""

    barcode: str
    is_released: bool
    beyond_use_at: datetime
    on_ticket: str | None


def bag_refusal(bag: BagToSend, now: datetime) -> str | None:
    """Why a bag may not be packed, in one sentence, or None (clinical 8.2; returned product is never sent again)."""
    if not bag.is_released:
        return f"Bag {bag.barcode} is not released."
    if bag.on_ticket is not None:
        return f"Bag {bag.barcode} stands on ticket {bag.on_ticket}; what was sent once is never sent again."
    if bag.beyond_use_at <= now:
        return f"Bag {bag.barcode} is past its beyond-use date ({moment(bag.beyond_use_at)})."
    return None


def dose_refusal(barcode: str, beyond_use_at: datetime, dose_at: datetime | None) -> str | None:
    """Why a bag is too old for the dose it is meant for, with both times, or None.

    The dose must start at or before the beyond-use date; how long it runs does not count (clinical 4.11; USP <797>).
    """
    if dose_at is None or beyond_use_at >= dose_at:
        return None
    return (
        f"Bag {barcode} is good until {moment(beyond_use_at)}, and the dose it is for begins {moment(dose_at)}. It stays here; "
        "make a fresh one."
    )


@dataclass(frozen=True)
class OrderStanding:
    """How the order of a bag stands now."""

    rx_number: int
    version: int
    state: str
    set_aside: str
    last_event: str


def order_refusal(barcode: str, order: OrderStanding) -> str | None:
    """Why a bag may not travel because of its order, naming both, or None: it was held, ended or replaced since."""
    if order.state in _STOPPED:
        since = f" {order.last_event}" if order.last_event else ""
        return f"Bag {barcode} is of Rx {order.rx_number}, which is {order.state}{since}."
    if order.set_aside:
        return f"Bag {barcode} was made for version {order.version} of Rx {order.rx_number}, which was {order.set_aside}."
    return None


def place_refusal(place: str | None, *, is_in_hospital: bool) -> str | None:
    """Why nothing may be sent to where the patient is, or None (billing 3.3: home is no hospital and no nursing facility)."""
    if is_in_hospital:
        return "The patient is in the hospital. Nothing is delivered until the stay has ended."
    if place is None:
        return "No place of care is recorded. Enter where the doses are given first."
    if place == "skilled nursing facility":
        return "The patient is in a skilled nursing facility, which is no home; settle with the payer who supplies there."
    return None


def address_refusal(address: str) -> str | None:
    """Why nothing may be sent to an address, or None: a post office box signs for nothing (clinical 8.2)."""
    if _BOX.search(address):
        return f"“{address}” is a post office box. Correct the address to one where a person can take the delivery."
    return None


def status_refusal(status: str) -> str | None:
    """Why nothing may be sent to a patient of this status, or None (clinical 9.1: a hold suspends deliveries, an end ends them)."""
    return f"The patient is {status}. Nothing is packed or shipped." if status in NOTHING_GOES_TO else None


@dataclass
class PackOutDraft:
    """What it is packed in: a validated shipper, and the logger that travels along."""

    shipper_id: UUID | None = None
    logger_serial: str = ""

    def problems(self) -> list[Problem]:
        return []

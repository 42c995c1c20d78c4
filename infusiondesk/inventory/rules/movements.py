"""What a movement does to a lot, and when it is refused; nothing ever goes below nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from infusiondesk.foundation.kernel.ismp import counted, day


class ItemKind(StrEnum):
    """What is stocked."""

    DRUG = "drug"
    DILUENT = "diluent"
    CONTAINER = "container"
    DEVICE = "device"
    SUPPLY = "supply"


class MovementKind(StrEnum):
    """Why units came or went."""

    RECEIVED = "received"
    USED = "used"
    RETURNED = "returned unused"
    WASTED = "wasted"
    ADJUSTED = "adjusted after a count"
    QUARANTINED = "quarantined"
    CLEARED = "cleared from quarantine"


@dataclass(frozen=True)
class StockPolicy:
    """When a lot is spoken of as expiring soon (policy; no standard fixes the number)."""

    expiring_within: timedelta = timedelta(days=90)


class Freshness(StrEnum):
    """What the expiry says today."""

    GOOD = "in date"
    SOON = "expires soon"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Balance:
    """What is left of a lot."""

    on_hand: Decimal = Decimal(0)
    in_quarantine: Decimal = Decimal(0)


class LotLike(Protocol):
    """What decides about taking from a lot."""

    @property
    def lot_number(self) -> str: ...
    @property
    def expires_on(self) -> date: ...
    @property
    def on_hand(self) -> Decimal: ...


L = TypeVar("L", bound=LotLike)
_INTO_HAND: Final = {MovementKind.RECEIVED, MovementKind.RETURNED, MovementKind.CLEARED}
_OUT_OF_HAND: Final = {MovementKind.USED, MovementKind.WASTED, MovementKind.QUARANTINED}


def freshness(expires_on: date, today: date, policy: StockPolicy | None = None) -> Freshness:
    """The day of expiry itself is still good (sterile 2.4: a date means the end of that day)."""
    if expires_on < today:
        return Freshness.EXPIRED
    within = (policy or StockPolicy()).expiring_within
    return Freshness.SOON if expires_on - today <= within else Freshness.GOOD


def moved(balance: Balance, kind: MovementKind, quantity: Decimal) -> Balance:
    """The balance after a movement; ValueError where the sign is wrong or something would go below nothing."""
    if quantity == 0 or (kind in _INTO_HAND and quantity < 0) or (kind in _OUT_OF_HAND and quantity > 0):
        raise ValueError(f"{kind} cannot move {quantity}")
    quarantine = balance.in_quarantine
    if kind in (MovementKind.QUARANTINED, MovementKind.CLEARED):
        quarantine -= quantity
    after = Balance(balance.on_hand + quantity, quarantine)
    if after.on_hand < 0 or after.in_quarantine < 0:
        raise ValueError(f"{balance} cannot give {quantity}")
    return after


def receive_problem(expires_on: date, today: date, known_expiry: date | None, lot_number: str) -> str | None:
    """Why a lot cannot be received, or None."""
    if expires_on < today:
        return f"Lot {lot_number} expired on {day(expires_on)}. Do not put it on the shelf; return it to the vendor."
    if known_expiry is not None and known_expiry != expires_on:
        return f"Lot {lot_number} is on file with expiry {day(known_expiry)}, not {day(expires_on)}. Read the package again."
    return None


def take_problem(lot: LotLike, in_quarantine: Decimal, quantity: Decimal, unit: str, today: date) -> str | None:
    """Why units cannot be taken from a lot, or None."""
    if quantity <= 0:
        return "Take more than 0."
    if lot.expires_on < today:
        return f"Lot {lot.lot_number} expired on {day(lot.expires_on)}. Set it aside."
    if quantity <= lot.on_hand:
        return None
    left = f"Lot {lot.lot_number} has {counted(lot.on_hand, unit)} on hand, not {counted(quantity, unit)}."
    if in_quarantine:
        return f"{left} {counted(in_quarantine, unit)} in quarantine."
    return left


def first_expired_first(lots: Iterable[L]) -> list[L]:
    """In the order in which lots are to be taken."""
    return sorted(lots, key=lambda lot: (lot.expires_on, lot.lot_number))


def lots_to_take(lots: Iterable[L], quantity: Decimal, today: date) -> Sequence[tuple[L, Decimal]]:
    """How to gather a quantity, the lot that expires first first; expired lots are passed over. Short if the shelf is."""
    taken = []
    for lot in first_expired_first(lots):
        share = min(quantity, lot.on_hand)
        if lot.expires_on >= today and share > 0:
            taken.append((lot, share))
            quantity -= share
    return taken

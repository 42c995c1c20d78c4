"""What a movement does to what is left of a lot at a location, and when it is refused; nothing ever goes below nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from infusiondesk.foundation.kernel.ismp import counted, day
from infusiondesk.inventory.rules.words import LocationKind, MovementKind


@dataclass(frozen=True)
class StockPolicy:
    """When a lot is spoken of as expiring soon, and over how many days demand is counted (policy; no standard fixes them)."""

    expiring_within: timedelta = timedelta(days=90)
    demand_days: int = 28


class Freshness(StrEnum):
    """What the expiry says today."""

    GOOD = "in date"
    SOON = "expires soon"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Balance:
    """So much on hand and so much in quarantine: what is left, or what a movement brings or takes."""

    on_hand: Decimal = Decimal(0)
    in_quarantine: Decimal = Decimal(0)

    def __add__(self, other: "Balance") -> "Balance":
        return Balance(self.on_hand + other.on_hand, self.in_quarantine + other.in_quarantine)

    @property
    def total(self) -> Decimal:
        return self.on_hand + self.in_quarantine


class LotLike(Protocol):
    """What decides about taking from a lot."""

    @property
    def lot_number(self) -> str: ...
    @property
    def expires_on(self) -> date: ...
    @property
    def on_hand(self) -> Decimal: ...


class PlaceLike(Protocol):
    """What is left of a lot at one location."""

    @property
    def on_hand(self) -> Decimal: ...


L = TypeVar("L", bound=LotLike)
P = TypeVar("P", bound=PlaceLike)
# What each kind may do to (on hand, in quarantine): +1 only more, -1 only less, 0 nothing, None either.
_SIGNS: Final[Mapping[MovementKind, tuple[int | None, int | None]]] = {
    MovementKind.RECEIVED: (1, 0),
    MovementKind.USED: (-1, 0),
    MovementKind.SENT: (-1, 0),
    MovementKind.RETURNED: (1, 0),
    MovementKind.WASTED: (-1, 0),
    MovementKind.ADJUSTED: (None, 0),
    MovementKind.QUARANTINED: (-1, 1),
    MovementKind.CLEARED: (1, -1),
    MovementKind.MOVED_OUT: (-1, -1),
    MovementKind.MOVED_IN: (1, 1),
    MovementKind.DESTROYED: (-1, -1),
    MovementKind.TO_VENDOR: (-1, -1),
}
_WITHIN: Final = {MovementKind.QUARANTINED, MovementKind.CLEARED}  # what leaves one of the two counts comes into the other
# Room-temperature stock may lie behind the lock of the vault; what is kept cold, frozen or locked lies nowhere else.
_MAY_LIE: Final[Mapping[LocationKind, frozenset[LocationKind]]] = {
    LocationKind.ROOM: frozenset({LocationKind.ROOM, LocationKind.VAULT}),
    LocationKind.REFRIGERATOR: frozenset({LocationKind.REFRIGERATOR}),
    LocationKind.FREEZER: frozenset({LocationKind.FREEZER}),
    LocationKind.VAULT: frozenset({LocationKind.VAULT}),
}


def freshness(expires_on: date, today: date, policy: StockPolicy | None = None) -> Freshness:
    """The day of expiry itself is still good (sterile 2.4: a date means the end of that day)."""
    if expires_on < today:
        return Freshness.EXPIRED
    within = (policy or StockPolicy()).expiring_within
    return Freshness.SOON if expires_on - today <= within else Freshness.GOOD


def moved(balance: Balance, kind: MovementKind, by: Balance) -> Balance:
    """The balance after a movement; ValueError where the sign is wrong or something would go below nothing."""
    fits = all(
        sign is None or sign * part > 0 or part == 0
        for sign, part in zip(_SIGNS[kind], (by.on_hand, by.in_quarantine), strict=True)
    )
    if not fits or by == Balance() or (kind in _WITHIN and by.total != 0):
        raise ValueError(f"{kind} cannot move {by}")
    after = balance + by
    if after.on_hand < 0 or after.in_quarantine < 0:
        raise ValueError(f"{balance} cannot give {by}")
    return after


def place_problem(item: str, kept_in: LocationKind, name: str, kind: LocationKind) -> str | None:
    """Why an item cannot lie at a location, or None."""
    return None if kind in _MAY_LIE[kept_in] else f"{item} is kept in a {kept_in}; {name} is a {kind}."


def receive_problem(
    expires_on: date, today: date, known_expiry: date | None, lot_number: str, *, is_shortened: bool = False
) -> str | None:
    """Why a lot cannot be received, or None.

    More of a lot whose expiry a pharmacist shortened comes with the maker's on its package; it joins the lot as it is.
    """
    if is_shortened and known_expiry is not None and expires_on > known_expiry:
        if known_expiry >= today:
            return None
        return (
            f"A pharmacist shortened the expiry of lot {lot_number} to {day(known_expiry)}, which is over. Return it to the vendor."
        )
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
    return shares([lot for lot in first_expired_first(lots) if lot.expires_on >= today], quantity)


def shares(places: Iterable[P], quantity: Decimal) -> Sequence[tuple[P, Decimal]]:
    """How much to take from each, in the order given; short if they are."""
    taken = []
    for place in places:
        share = min(quantity, place.on_hand)
        if share > 0:
            taken.append((place, share))
            quantity -= share
    return taken

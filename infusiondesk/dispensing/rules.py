"""Where a delivery stands, what may go on it, and what a confirmation must say. Source: clinical 8.2, 9.3, 9.6."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from infusiondesk.foundation.kernel.ismp import moment
from infusiondesk.foundation.kernel.outcomes import Problem


class Happening(StrEnum):
    """What happens to a ticket."""

    SHIPPED = "shipped"
    DELIVERED = "delivered"
    REFUSED = "refused"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class State(StrEnum):
    """Where a ticket stands."""

    PACKED = "packed"
    ON_THE_ROAD = "on the road"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    RETURNED = "returned"
    CANCELLED = "cancelled"


_AFTER: Mapping[Happening, State] = {
    Happening.SHIPPED: State.ON_THE_ROAD,
    Happening.DELIVERED: State.CONFIRMED,
    Happening.REFUSED: State.REFUSED,
    Happening.RETURNED: State.RETURNED,
    Happening.CANCELLED: State.CANCELLED,
}
MAY_FOLLOW: Mapping[Happening, frozenset[State]] = {
    Happening.SHIPPED: frozenset({State.PACKED}),
    Happening.DELIVERED: frozenset({State.ON_THE_ROAD}),
    Happening.REFUSED: frozenset({State.ON_THE_ROAD}),
    Happening.RETURNED: frozenset({State.ON_THE_ROAD}),
    Happening.CANCELLED: frozenset({State.PACKED}),
}
OPEN = frozenset({State.PACKED, State.ON_THE_ROAD})


def state(happened: Iterable[Happening]) -> State:
    """Where a ticket stands from what happened to it, oldest first."""
    now = State.PACKED
    for happening in happened:
        now = _AFTER[happening]
    return now


def refusal_of(happening: Happening, current: State) -> str | None:
    """Why this may not happen now, or None."""
    return None if current in MAY_FOLLOW[happening] else f"A delivery that is {current.value} cannot be {happening.value}."


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


def place_refusal(place: str | None, *, is_in_hospital: bool) -> str | None:
    """Why nothing may be sent to where the patient is, or None (billing 3.3: home is no hospital and no nursing facility)."""
    if is_in_hospital:
        return "The patient is in the hospital. Nothing is delivered until the stay has ended."
    if place is None:
        return "No place of care is recorded. Enter where the doses are given first."
    if place == "skilled nursing facility":
        return "The patient is in a skilled nursing facility, which is no home; settle with the payer who supplies there."
    return None


NOTHING_GOES_TO: Final = frozenset({"on hold", "declined", "discharged", "deceased", "transferred out"})


def status_refusal(status: str) -> str | None:
    """Why nothing may be sent to a patient of this status, or None (clinical 9.1: a hold suspends deliveries, an end ends them)."""
    return f"The patient is {status}. Nothing is packed or shipped." if status in NOTHING_GOES_TO else None


@dataclass
class ConfirmationDraft:
    """Who received a delivery."""

    received_by: str = ""
    relation: str = ""
    received_at: datetime | None = None
    condition: str = ""

    def problems(self) -> list[Problem]:
        wanted = (
            ("received_by", bool(self.received_by.strip()), "Enter the name of who received it."),
            ("relation", bool(self.relation.strip()), "Say what that person is to the patient."),
            ("received_at", self.received_at is not None, "Enter when it was received."),
            ("condition", bool(self.condition.strip()), "Say how it arrived."),
        )
        return [Problem(name, sentence) for name, is_there, sentence in wanted if not is_there]

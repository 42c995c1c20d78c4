"""Where a pump is, from what happened to it: one table of what may follow what, and a fold over it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from infusiondesk.equipment.rules.words import Duty, EventKind, Place, Use
from infusiondesk.foundation.kernel.ismp import day

_AT_HAND: Final = (Place.NOT_CLEAN, Place.CLEANED, Place.CHECKED)
_NOT_WITH_PATIENT: Final = (*_AT_HAND, Place.MAINTENANCE, Place.QUARANTINE)

# From where each thing may happen, and where it leads; None stays. What is retired begins again only if its vendor sends it again.
MOVES: Final[Mapping[EventKind, tuple[tuple[Place, ...], Place | None]]] = {
    EventKind.ENTERED: ((), Place.NOT_CLEAN),
    EventKind.GIVEN: ((Place.CHECKED,), Place.WITH_PATIENT),
    EventKind.ASKED_BACK: ((Place.WITH_PATIENT,), None),
    EventKind.CONTINUED: ((Place.WITH_PATIENT,), None),
    EventKind.RETURNED: ((Place.WITH_PATIENT,), Place.NOT_CLEAN),
    EventKind.CLEANED: ((Place.NOT_CLEAN,), Place.CLEANED),
    EventKind.PASSED: ((Place.CLEANED,), Place.CHECKED),
    EventKind.FAILED: ((Place.CLEANED,), Place.QUARANTINE),
    EventKind.SENT: ((*_AT_HAND, Place.QUARANTINE), Place.MAINTENANCE),
    EventKind.CAME_BACK: ((Place.MAINTENANCE,), Place.NOT_CLEAN),
    EventKind.QUARANTINED: (_AT_HAND, Place.QUARANTINE),
    EventKind.RELEASED: ((Place.QUARANTINE,), Place.NOT_CLEAN),
    EventKind.SETTLED: ((*_NOT_WITH_PATIENT, Place.LOST), None),
    EventKind.LOST: ((*_NOT_WITH_PATIENT, Place.WITH_PATIENT), Place.LOST),
    EventKind.FOUND: ((Place.LOST,), Place.NOT_CLEAN),
    EventKind.RETIRED: ((*_NOT_WITH_PATIENT, Place.LOST), Place.RETIRED),
    EventKind.CAME_AGAIN: ((Place.RETIRED,), Place.NOT_CLEAN),
}
_INSTEAD: Final[Mapping[Place, str]] = {
    Place.NOT_CLEAN: "is not clean: clean it, then check it",
    Place.CLEANED: "is clean but not checked: do its safety check",
    Place.CHECKED: "is clean and checked",
    Place.MAINTENANCE: "is out for maintenance",
    Place.QUARANTINE: "is in quarantine",
    Place.LOST: "is lost",
    Place.RETIRED: "is retired",
}


@dataclass(frozen=True)
class Holder:
    """The patient who has or had a pump, for which order and for what."""

    patient_id: UUID
    patient: str
    mrn: str
    order_id: UUID
    rx_number: int
    use: Use


@dataclass(frozen=True)
class Event:
    """One thing that happened to a pump; `on` is the pharmacy's day of it."""

    kind: EventKind
    at: datetime
    on: date
    by: str = ""
    reason: str = ""
    holder: Holder | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Stay:
    """The time a patient had a pump for an order, by the pharmacy's days; no `back_on` while he still has it.

    One that goes on with another order ends on the day on which the next begins: `goes_on`, and that day is the next one's.
    """

    holder: Holder
    out_on: date
    back_on: date | None = None
    asked_on: date | None = None
    is_lost: bool = False
    goes_on: bool = False


@dataclass(frozen=True)
class Status:
    """Where a pump is, and since when and why."""

    place: Place
    since: date
    because: str
    stay: Stay | None = None


def after(place: Place | None, kind: EventKind) -> Place:
    """The place that an event leads to; ValueError where it cannot happen there. A pump begins by being entered."""
    begins, leads = MOVES[kind]
    if place is None:
        if kind is EventKind.ENTERED:
            return Place.NOT_CLEAN
    elif place in begins:
        return leads or place
    raise ValueError(f"{kind} cannot happen to a pump that is {place or 'not entered'}")


def may(place: Place, kind: EventKind) -> bool:
    """Whether something can happen to a pump at this place; an available pump is a checked one."""
    return (Place.CHECKED if place is Place.AVAILABLE else place) in MOVES[kind][0]


def refusal(serial: str, status: Status, kind: EventKind) -> str | None:
    """Why something cannot happen to a pump now, in one sentence that says where it is and who has it, or None."""
    if may(status.place, kind):
        return None
    if status.stay is not None and status.place is Place.WITH_PATIENT:
        return f"Pump {serial} is {with_whom(status.stay.holder)} since {day(status.since)}."
    told = f": {status.because}" if status.place in (Place.QUARANTINE, Place.MAINTENANCE) and status.because else ""
    return f"Pump {serial} {_INSTEAD[status.place]}{told}."


def with_whom(holder: Holder) -> str:
    """ "with ZZTEST Alder, Marian (MRN 40-118-7)"."""
    return f"with {holder.patient} (MRN {holder.mrn})"


def status_of(events: Sequence[Event]) -> Status:
    """Where a pump is after all that happened, oldest first; ValueError where the history cannot be."""
    first = events[0]
    place, since, because = after(None, first.kind), first.on, first.reason
    for event in events[1:]:
        reached = after(place, event.kind)
        if reached is not place:
            place, since, because = reached, event.on, event.reason
    stays = stays_of(events)
    return Status(place, since, because, stays[-1] if place is Place.WITH_PATIENT else None)


def stays_of(events: Iterable[Event]) -> Sequence[Stay]:
    """Every time a patient had the pump, oldest first."""
    stays: list[Stay] = []
    for event in events:
        stays = _stays_after(stays, event)
    return stays


def _stays_after(stays: list[Stay], event: Event) -> list[Stay]:
    if event.kind is EventKind.GIVEN and event.holder is not None:
        return [*stays, Stay(event.holder, event.on)]
    if not stays or stays[-1].back_on is not None:
        return stays
    last = stays[-1]
    if event.kind is EventKind.ASKED_BACK:
        return [*stays[:-1], replace(last, asked_on=event.on)]
    if event.kind is EventKind.CONTINUED:
        if event.holder is None:
            raise ValueError("a pump goes on with an order of its patient")
        return [*stays[:-1], replace(last, back_on=event.on, goes_on=True), Stay(event.holder, event.on)]
    # Nothing else happens to a pump while a patient has it: it is returned, or lost.
    return [*stays[:-1], replace(last, back_on=event.on, is_lost=event.kind is EventKind.LOST)]


def done_on(events: Iterable[Event], duty: Duty) -> date | None:
    """The last day on which this upkeep was done; it stands in the papers of who did it, so it is not the day of the event."""
    told = [event.details.get(duty.name.lower()) for event in events]
    return max((date.fromisoformat(str(one)) for one in told if one), default=None)


def firmware_of(events: Iterable[Event]) -> str:
    """The version of the firmware or drug library that was last read off the pump."""
    told = [str(event.details["firmware"]) for event in events if event.details.get("firmware")]
    return told[-1] if told else ""

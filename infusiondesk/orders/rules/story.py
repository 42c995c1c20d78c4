"""In which state an order is, and when a version is in force (clinical 9.2; billing 2.2, 2.4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.orders.rules.words import EventKind, State


@dataclass(frozen=True)
class Event:
    """A hold, a resumption or an end, with the day from which it counts; a withdrawal or a question says of which version.

    `contact` is who was called about a question.
    """

    kind: EventKind
    on: date
    at: datetime
    number: int | None = None
    because: str = ""
    contact: str = ""


@dataclass(frozen=True)
class VersionDates:
    """What the state of an order needs of a version."""

    number: int
    start_on: date
    stop_on: date
    is_signed: bool


def state(versions: Sequence[VersionDates], events: Iterable[Event], today: date) -> State:
    """Where an order stands today. A version waiting for verification counts only while none is signed."""
    ended = [event for event in events if event.kind in (EventKind.CANCELLED, EventKind.DISCONTINUED)]
    if ended:
        return State.CANCELLED if ended[-1].kind is EventKind.CANCELLED else State.DISCONTINUED
    signed = [version for version in versions if version.is_signed]
    if not signed:
        return State.CLARIFICATION if question_of(versions[-1].number, events) else State.ENTERED
    if signed[-1].stop_on < today:
        return State.COMPLETED
    paused = [event for event in events if event.kind in (EventKind.HELD, EventKind.RESUMED)]
    return State.HELD if paused and paused[-1].kind is EventKind.HELD else State.VERIFIED


def question_of(number: int, events: Iterable[Event]) -> Event | None:
    """What was asked about a version; the answer is the next version, so that a question is never closed by hand."""
    asked = [event for event in events if event.kind is EventKind.QUESTIONED and event.number == number]
    return asked[-1] if asked else None


def standing(versions: Sequence[VersionDates], events: Iterable[Event]) -> int:
    """The number of the version that stands for the order: the newest, or the last signed one where the newest was withdrawn."""
    newest = versions[-1].number
    if newest not in _withdrawn(events):
        return newest
    return max(version.number for version in versions if version.is_signed)


@dataclass(frozen=True)
class SetAside:
    """What became of a version that no longer counts: in a word or two, and whole."""

    state: str
    words: str


def set_aside(number: int, versions: Sequence[VersionDates], events: Iterable[Event]) -> SetAside | None:
    """What became of a version; None for one that waits, and for the last one that was verified (clinical 9.2)."""
    signed = [version.number for version in versions if version.is_signed]
    if number in signed:
        later = [one for one in signed if one > number]
        return SetAside("replaced", f"replaced by version {later[0]}") if later else None
    if because := _withdrawn(events).get(number):
        return SetAside("withdrawn", f"withdrawn: {because}")
    if number == versions[-1].number:
        return None
    return SetAside("never verified", f"never verified, replaced by version {number + 1}")


def _withdrawn(events: Iterable[Event]) -> dict[int | None, str]:
    return {event.number: event.because for event in events if event.kind is EventKind.WITHDRAWN}


def question_refusal(number: int, versions: Sequence[VersionDates], events: Sequence[Event], today: date) -> str | None:
    """Why a version may not be questioned, in one sentence, or None: it waits for verification, and nothing was asked yet."""
    if any(version.number == number and version.is_signed for version in versions):
        return "A verified version is held or changed, not questioned."
    if aside := set_aside(number, versions, events):
        return f"Version {number} no longer waits for verification ({aside.words})."
    if asked := question_of(number, events):
        return f"Version {number} is in clarification already: {asked.because}"
    return refusal_of(EventKind.QUESTIONED, state(versions, events, today))


@dataclass(frozen=True)
class Course:
    """The days on which one signed version is in force, first and last included."""

    number: int
    first: date
    last: date


def courses(versions: Sequence[VersionDates], events: Iterable[Event]) -> list[Course]:
    """Each signed version from its first day to the day before the next one, cut by a discontinuation (billing 2.2, 2.4)."""
    signed = sorted((version for version in versions if version.is_signed), key=lambda version: version.number)
    ends = [event.on for event in events if event.kind is EventKind.DISCONTINUED]
    found = []
    for index, version in enumerate(signed):
        last = version.stop_on
        if index + 1 < len(signed):
            last = min(last, signed[index + 1].start_on - timedelta(days=1))
        if ends:
            last = min(last, min(ends))
        if last >= version.start_on:
            found.append(Course(version.number, version.start_on, last))
    return found


MAY_FOLLOW: dict[EventKind, frozenset[State]] = {
    EventKind.HELD: frozenset({State.VERIFIED}),
    EventKind.RESUMED: frozenset({State.HELD}),
    # One that is over may have ended earlier than was known: a death is often learnt late.
    EventKind.DISCONTINUED: frozenset({State.VERIFIED, State.HELD, State.COMPLETED, State.DISCONTINUED}),
    EventKind.CANCELLED: frozenset({State.ENTERED, State.CLARIFICATION}),
    EventKind.WITHDRAWN: frozenset({State.VERIFIED, State.HELD, State.COMPLETED}),
    # A change of an order that runs may be questioned too; the signed version stays in force meanwhile.
    EventKind.QUESTIONED: frozenset({State.ENTERED, State.VERIFIED, State.HELD, State.COMPLETED}),
}


def refusal_of(kind: EventKind, current: State) -> str | None:
    """Why an event may not happen in this state, in one sentence, or None."""
    if current in MAY_FOLLOW[kind]:
        return None
    if kind is EventKind.CANCELLED and current in (State.VERIFIED, State.HELD):
        return "A verified order is discontinued, not cancelled."
    if kind is EventKind.WITHDRAWN and current in (State.ENTERED, State.CLARIFICATION):
        return "No version of this order was verified yet: cancel the order instead."
    if kind is EventKind.WITHDRAWN:
        return f"An order that is {current.value} has no change to withdraw."
    return f"An order that is {current.value} cannot be {kind.value}."


def discontinuation_refusal(last_day: date, versions: Sequence[VersionDates], events: Sequence[Event], today: date) -> str | None:
    """Why an order may not end on this last day, in one sentence, or None: the day has come, and no earlier one is known."""
    if sentence := refusal_of(EventKind.DISCONTINUED, state(versions, events, today)):
        return sentence
    ends = [event.on for event in events if event.kind is EventKind.DISCONTINUED]
    end = min([*ends, [version for version in versions if version.is_signed][-1].stop_on])
    if last_day >= end and (ends or end < today):
        return f"It ended on {day(end)}; only an earlier last day changes anything."
    if last_day > today:
        return "The last day may not lie in the future: change the stop date instead."
    return None


def withdrawal_refusal(number: int, versions: Sequence[VersionDates], events: Sequence[Event], today: date) -> str | None:
    """Why a version may not be withdrawn, in one sentence, or None: it waits for verification, and an earlier one is signed."""
    if any(version.number == number and version.is_signed for version in versions):
        return "A verified version is changed or discontinued, not withdrawn."
    if aside := set_aside(number, versions, events):
        return f"Version {number} no longer waits for verification ({aside.words})."
    return refusal_of(EventKind.WITHDRAWN, state(versions, events, today))


def held_days(events: Iterable[Event], until: date) -> frozenset[date]:
    """The days on which an order was on hold: from each hold up to, not including, the day it was resumed, at most to `until`."""
    found: set[date] = set()
    since: date | None = None
    for event in events:
        if event.kind is EventKind.HELD:
            since = event.on
        elif event.kind is EventKind.RESUMED and since is not None:
            found |= {since + timedelta(days=offset) for offset in range((event.on - since).days)}
            since = None
    if since is not None:
        found |= {since + timedelta(days=offset) for offset in range((until - since).days + 1)}
    return frozenset(found)

"""Where a pump is: the table of what may follow what, and that every history leaves each pump in exactly one place."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infusiondesk.equipment.rules import (
    MOVES,
    Duty,
    EquipmentPolicy,
    Event,
    EventKind,
    Holder,
    Place,
    Use,
    after,
    done_on,
    firmware_of,
    may,
    refusal,
    rental_days,
    return_overdue,
    status_of,
    stays_of,
)
from infusiondesk.foundation.kernel.periods import Period, month_of

TODAY = date(2026, 3, 2)
HOLDER = Holder(UUID(int=1), "ZZTEST Alder, Marian", "40-118-7", UUID(int=2), 700001, Use.MAIN)
POLICY = EquipmentPolicy(timedelta(days=30), timedelta(days=7), counts_day_back=False, source="policy")

# From where (rows) what (columns) leads to: G given, A asked back, O goes on with another order, R returned, C cleaned, P passed,
# F failed, S sent, B came back, Q quarantined, E released, T settled, L lost, W found again, X retired, I in service again; a dash
# is refused.
LETTERS = {
    "G": EventKind.GIVEN, "A": EventKind.ASKED_BACK, "R": EventKind.RETURNED, "C": EventKind.CLEANED, "P": EventKind.PASSED,
    "F": EventKind.FAILED, "S": EventKind.SENT, "B": EventKind.CAME_BACK, "Q": EventKind.QUARANTINED, "E": EventKind.RELEASED,
    "T": EventKind.SETTLED, "L": EventKind.LOST, "W": EventKind.FOUND, "X": EventKind.RETIRED, "O": EventKind.CONTINUED,
    "I": EventKind.CAME_AGAIN,
}  # fmt: skip
PLACES = {
    "n": Place.NOT_CLEAN, "c": Place.CLEANED, "k": Place.CHECKED, "p": Place.WITH_PATIENT, "m": Place.MAINTENANCE,
    "q": Place.QUARANTINE, "l": Place.LOST, "x": Place.RETIRED,
}  # fmt: skip
TABLE = """
          G A O R C P F S B Q E T L W X I
not clean - - - - c - - m - q - n l - x -
cleaned   - - - - - k q m - q - c l - x -
checked   p - - - - - - m - q - k l - x -
patient   - p p n - - - - - - - - l - - -
service   - - - - - - - - n - - m l - x -
apart     - - - - - - - m - - n q l - x -
lost      - - - - - - - - - - - l - n x -
retired   - - - - - - - - - - - - - - - n
"""


def rows() -> list[tuple[Place, EventKind, str]]:
    head, *lines = TABLE.strip("\n").splitlines()
    return [
        (place, LETTERS[letter], cell)
        for place, line in zip(PLACES.values(), lines, strict=True)
        for letter, cell in zip(head.split(), line[10:].split(), strict=True)
    ]


@pytest.mark.parametrize(("place", "kind", "cell"), rows(), ids=lambda one: str(one))
def test_what_may_follow_where(place: Place, kind: EventKind, cell: str) -> None:
    assert may(place, kind) is (cell != "-")
    if cell == "-":
        with pytest.raises(ValueError, match="cannot happen"):
            after(place, kind)
    else:
        assert after(place, kind) is PLACES[cell]


def test_a_pump_begins_by_being_entered_and_only_once() -> None:
    assert after(None, EventKind.ENTERED) is Place.NOT_CLEAN
    for place, kind in [(None, EventKind.GIVEN), *((place, EventKind.ENTERED) for place in PLACES.values())]:
        with pytest.raises(ValueError, match="cannot happen"):
            after(place, kind)
    assert may(Place.AVAILABLE, EventKind.GIVEN)
    assert set(MOVES) == set(EventKind)


WITH_SOMEBODY = (EventKind.GIVEN, EventKind.ASKED_BACK, EventKind.CONTINUED, EventKind.RETURNED, EventKind.LOST)


def told(*kinds: EventKind, start: date = TODAY) -> list[Event]:
    """A history, one thing a day."""
    return [
        Event(
            kind,
            datetime(start.year, start.month, start.day, tzinfo=UTC) + timedelta(days=number),
            start + timedelta(days=number),
            reason=kind.value,
            holder=HOLDER if kind in WITH_SOMEBODY else None,
        )
        for number, kind in enumerate(kinds)
    ]


READY = (EventKind.ENTERED, EventKind.CLEANED, EventKind.PASSED)


@pytest.mark.parametrize(
    ("kinds", "kind", "sentence"),
    [
        ((*READY, EventKind.GIVEN), EventKind.GIVEN, "Pump A1 is with ZZTEST Alder, Marian (MRN 40-118-7) since 5 Mar 2026."),
        (READY[:1], EventKind.GIVEN, "Pump A1 is not clean: clean it, then check it."),
        (READY[:2], EventKind.GIVEN, "Pump A1 is clean but not checked: do its safety check."),
        (READY, EventKind.RETURNED, "Pump A1 is clean and checked."),
        ((*READY, EventKind.QUARANTINED), EventKind.GIVEN, "Pump A1 is in quarantine: put into quarantine."),
        ((*READY, EventKind.SENT), EventKind.GIVEN, "Pump A1 is out for maintenance: sent out for maintenance."),
        ((*READY, EventKind.LOST), EventKind.GIVEN, "Pump A1 is lost."),
        ((*READY, EventKind.RETIRED), EventKind.CLEANED, "Pump A1 is retired."),
        (READY, EventKind.GIVEN, None),
    ],
)
def test_a_refusal_says_where_the_pump_is(kinds: tuple[EventKind, ...], kind: EventKind, sentence: str | None) -> None:
    assert refusal("A1", status_of(told(*kinds)), kind) == sentence


def test_a_stay_ends_by_a_return_or_a_loss_and_remembers_that_it_was_asked_for() -> None:
    first = (*READY, EventKind.GIVEN, EventKind.ASKED_BACK)
    (asked,) = stays_of(told(*first))
    assert (asked.out_on.day, asked.asked_on, asked.back_on) == (5, date(2026, 3, 6), None)
    assert status_of(told(*first)).stay == asked
    (back,) = stays_of(told(*first, EventKind.RETURNED, EventKind.LOST))
    assert (back.back_on, back.asked_on, back.is_lost) == (date(2026, 3, 7), date(2026, 3, 6), False)
    (lost,) = stays_of(told(*first, EventKind.LOST, EventKind.FOUND))
    assert (lost.back_on, lost.is_lost) == (date(2026, 3, 7), True)


@pytest.mark.parametrize("counts_day_back", [False, True])
def test_a_pump_that_goes_on_with_another_order_has_every_day_once(counts_day_back: bool) -> None:
    events = told(*READY, EventKind.GIVEN, EventKind.ASKED_BACK, EventKind.CONTINUED, EventKind.RETURNED)
    first, second = stays_of(events)
    assert (first.back_on, first.goes_on, first.asked_on) == (date(2026, 3, 7), True, date(2026, 3, 6))
    assert (second.out_on, second.back_on, second.asked_on, second.goes_on) == (date(2026, 3, 7), date(2026, 3, 8), None, False)
    policy = replace(POLICY, counts_day_back=counts_day_back)
    days = [day.day for stay in (first, second) for day in rental_days(stay, month_of(TODAY), date(2026, 3, 20), policy)]
    assert days == [5, 6, 7, *([8] if counts_day_back else [])]
    with pytest.raises(ValueError, match="goes on with an order of its patient"):
        stays_of([*events[:4], replace(events[5], holder=None)])


def test_upkeep_and_firmware_are_read_from_the_papers() -> None:
    entered, back = told(EventKind.ENTERED, EventKind.CAME_BACK)
    entered = Event(entered.kind, entered.at, entered.on, details={"maintenance": "2026-02-01", "firmware": "4.1"})
    back = Event(back.kind, back.at, back.on, details={"maintenance": "2026-01-15"})

    assert done_on([entered, back], Duty.MAINTENANCE) == date(2026, 2, 1)
    assert done_on([entered, back], Duty.CERTIFICATION) is None
    assert firmware_of([entered, back]) == "4.1"
    assert firmware_of([back]) == ""


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Anything that may happen to a pump, in any order, several things on some days."""
    place, on = Place.NOT_CLEAN, TODAY
    found = told(EventKind.ENTERED)
    for _ in range(draw(st.integers(0, 40))):
        possible = [kind for kind in EventKind if may(place, kind)]
        if not possible:
            break
        kind = draw(st.sampled_from(possible))
        on += timedelta(days=draw(st.integers(0, 9)))
        found += told(kind, start=on)
        place = after(place, kind)
    return found


@given(histories())
def test_any_history_leaves_a_pump_in_exactly_one_place(events: list[Event]) -> None:
    status = status_of(events)
    stays = stays_of(events)
    given_out = Counter(event.kind for event in events)

    assert status.place in PLACES.values()
    assert (status.stay is not None) is (status.place is Place.WITH_PATIENT)
    assert [stay for stay in stays if stay.back_on is None] == ([status.stay] if status.stay else [])
    assert len(stays) == given_out[EventKind.GIVEN] + given_out[EventKind.CONTINUED]
    assert all(earlier.back_on is not None and earlier.back_on <= later.out_on for earlier, later in pairwise(stays))


@given(histories(), st.lists(st.sampled_from(list(EventKind)), min_size=1, max_size=3))
def test_what_cannot_happen_never_moves_a_pump(events: list[Event], more: list[EventKind]) -> None:
    try:
        status = status_of([*events, *told(*more, start=events[-1].on)])
    except ValueError:
        return
    assert status.place in PLACES.values()


@given(histories(), st.booleans())
def test_no_day_is_counted_twice(events: list[Event], counts_day_back: bool) -> None:
    """With the day back left out a pump has never more rental days in a month than the month has days."""
    policy = replace(POLICY, counts_day_back=counts_day_back)
    today = events[-1].on
    for month in (month_of(TODAY), month_of(today)):
        days = [day for stay in stays_of(events) for day in rental_days(stay, month, today, policy)]
        assert all(day in month and day <= today for day in days)
        if not counts_day_back:
            assert len(days) == len(set(days))


def test_a_day_out_and_back_is_no_rental_day_and_an_open_month_is_refused() -> None:
    events = told(*READY, EventKind.GIVEN) + told(EventKind.RETURNED, start=date(2026, 3, 5))
    (stay,) = stays_of(events)
    assert rental_days(stay, month_of(TODAY), TODAY, POLICY) == []
    assert rental_days(stay, month_of(TODAY), TODAY, replace(POLICY, counts_day_back=True)) == [date(2026, 3, 5)]
    with pytest.raises(ValueError, match="has an end"):
        rental_days(stay, Period(TODAY), TODAY, POLICY)


@pytest.mark.parametrize(("ended", "days"), [(None, None), (date(2026, 2, 23), None), (date(2026, 2, 22), 8)])
def test_a_pump_has_a_week_to_come_back(ended: date | None, days: int | None) -> None:
    assert return_overdue(ended, TODAY, POLICY) == days

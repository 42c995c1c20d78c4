"""Where a promise stands, as a table: its day, what happened when, and what that makes of it today."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal

import pytest

from infusiondesk.interactions.rules.answers import AnswerDraft, Code
from infusiondesk.tasks.exchange import awaitable, awaited_of
from infusiondesk.tasks.rules import (
    DEFAULT_STRETCH,
    READINGS,
    STRETCHES,
    CallDraft,
    Event,
    EventKind,
    Kind,
    PromiseDraft,
    Standing,
    first_day,
    judge,
    readings_of,
)
from infusiondesk.visits.rules import VITALS, NoteDraft

DUE = date(2026, 11, 27)
BEFORE, ON, AFTER = date(2026, 11, 26), DUE, date(2026, 11, 28)
ARRIVED, BACK, ENDED = EventKind.RESULT, EventKind.TAKEN_BACK, EventKind.NOT_NEEDED

# what happened | today | stands | nothing is awaited any more
STANDINGS: Sequence[tuple[Sequence[tuple[EventKind, date]], date, Standing, bool]] = (
    ((), ON, Standing.OPEN, False),
    ((), AFTER, Standing.BROKEN, False),
    (((ARRIVED, ON),), ON, Standing.KEPT, True),
    (((ARRIVED, ON),), AFTER, Standing.KEPT, True),
    (((ARRIVED, AFTER),), AFTER, Standing.BROKEN, True),
    (((EventKind.CALL, BEFORE),), AFTER, Standing.KEPT, True),
    (((EventKind.READING, BEFORE),), AFTER, Standing.KEPT, True),
    (((ARRIVED, BEFORE), (BACK, ON)), ON, Standing.OPEN, False),
    (((ARRIVED, BEFORE), (BACK, ON)), AFTER, Standing.BROKEN, False),
    (((ARRIVED, BEFORE), (BACK, ON), (ARRIVED, ON)), AFTER, Standing.KEPT, True),
    (((ENDED, BEFORE),), AFTER, Standing.NOT_NEEDED, True),
    (((ENDED, AFTER),), AFTER, Standing.BROKEN, True),
)


@pytest.mark.parametrize(("happened", "today", "standing", "is_closed"), STANDINGS)
def test_a_promise_stands_where_its_day_and_its_events_put_it(
    happened: Sequence[tuple[EventKind, date]], today: date, standing: Standing, is_closed: bool
) -> None:
    judged = judge(DUE, [Event(kind, on, "4.1 mmol/L") for kind, on in happened], today)

    assert (judged.standing, judged.is_closed) == (standing, is_closed)
    assert judged.because


def test_a_reading_that_can_be_awaited_is_a_field_of_the_visit_note_and_is_called_as_it_is_there() -> None:
    assert set(READINGS) <= {one.name for one in fields(NoteDraft)}
    assert {name: READINGS[name] for name in VITALS} == {name: title for name, (title, _) in VITALS.items()}


def test_what_can_be_awaited_is_found_again_by_its_code() -> None:
    potassium = awaited_of("lab:potassium")

    assert potassium is not None and (potassium.kind, potassium.words) == (Kind.LAB, "Potassium")
    assert all(awaited_of(one.code) == one for one in awaitable())
    assert awaited_of("lab:moon phase") is None


def test_a_reading_of_nought_was_taken_and_an_empty_one_was_not() -> None:
    assert readings_of({"pain": "0", "site_grade": 0, "systolic": None, "blood_return": ""}) == ["pain", "site_grade"]
    assert readings_of({"weight_kg": Decimal(70)}) == ["weight_kg"]


def test_watching_asks_what_is_awaited_by_whom_and_by_which_day() -> None:
    draft = AnswerDraft(Code.MONITORED, "potassium and QTc twice a week")
    assert [problem.field for problem in draft.problems()] == ["awaited", "owner", "due_on"]

    draft.awaited, draft.owner, draft.due_on = "lab:potassium", "pharmacist", DUE
    assert draft.problems() == [] and draft.promised() == PromiseDraft("lab:potassium", "pharmacist", DUE)

    draft.code = Code.BENEFIT
    assert draft.problems() == [] and draft.promised() is None


def test_a_call_needs_a_name_a_time_and_what_was_said() -> None:
    assert [problem.field for problem in CallDraft().problems()] == ["name", "at", "said"]
    assert CallDraft("ZZTEST Alder", datetime(2026, 11, 26, 9, 0), "no palpitations, no dizziness").problems() == []  # noqa: DTZ001


def test_a_stretch_of_days_ends_today_and_holds_as_many_days_as_it_says() -> None:
    assert first_day("Last 30 days", DUE) == date(2026, 10, 29)
    assert first_day(DEFAULT_STRETCH, date(2026, 3, 2)) == date(2025, 12, 3)
    assert first_day("All days", DUE) is None
    assert DEFAULT_STRETCH in STRETCHES

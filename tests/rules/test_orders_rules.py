"""What an order must say, in which state it is, when a version is in force, and what the gate stops; as tables."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from infusiondesk.orders.rules import (
    Course,
    Event,
    EventDraft,
    EventKind,
    GateFacts,
    Method,
    OrderDraft,
    ReceivedBy,
    State,
    VersionDates,
    concentration_per_ml,
    courses,
    discontinuation_refusal,
    gate,
    held_days,
    not_judged,
    question_of,
    question_refusal,
    rate_ml_per_h,
    refusal_of,
    set_aside,
    sig,
    standing,
    state,
    withdrawal_refusal,
)
from infusiondesk.orders.rules.working import Line

AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 3, 3), date(2026, 3, 16)


def draft(**more: Any) -> OrderDraft:
    known: dict[str, Any] = {
        "drug_id": UUID(int=1), "prescriber_id": UUID(int=2), "dose_amount": Decimal(2), "dose_unit": "g",
        "interval_hours": Decimal(24), "infusion_minutes": Decimal(30), "method": Method.GRAVITY.value, "volume_ml": Decimal(100),
        "start_on": FIRST, "stop_on": LAST, "indication": "osteomyelitis", "received_by": ReceivedBy.FAX.value, "received_at": AT,
    }  # fmt: skip
    return OrderDraft(**{**known, **more})


VERBAL: dict[str, Any] = {
    "received_by": ReceivedBy.VERBAL.value, "caller": "ZZTEST Maplewood", "receiver": "ZZTEST Rowan", "read_back": True,
    "read_back_at": AT,
}  # fmt: skip


def test_a_complete_order_has_no_problem() -> None:
    assert draft().problems() == []
    assert draft(pattern="continuous", interval_hours=None, infusion_minutes=None).problems() == []
    assert draft(**VERBAL).problems() == []


DRAFTS: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"drug_id": None}, "drug_id", "Choose the drug"),
    ({"prescriber_id": None}, "prescriber_id", "who ordered it"),
    ({"dose_amount": None}, "dose_amount", "Enter the dose"),
    ({"dose_amount": Decimal(0)}, "dose_amount", "more than zero"),
    ({"volume_ml": Decimal(-1)}, "volume_ml", "more than zero"),
    ({"method": ""}, "method", "how it is given"),
    ({"indication": "  "}, "indication", "what it is for"),
    ({"start_on": None}, "start_on", "first day"),
    ({"stop_on": None}, "stop_on", "without a stop date"),
    ({"stop_on": date(2026, 3, 2)}, "stop_on", "before the first"),
    ({"stop_on": date(2027, 3, 4)}, "stop_on", "a year at most"),
    ({"received_by": ""}, "received_by", "how the order came"),
    ({"received_at": None}, "received_at", "when the order came"),
    ({"interval_hours": None}, "interval_hours", "hours between doses"),
    ({"pattern": "continuous", "interval_hours": None}, "infusion_minutes", "It runs all day: take the time out"),
    ({"infusion_minutes": Decimal(1441)}, "infusion_minutes", "does not fit between the doses"),
    (
        {"pattern": "continuous", "interval_hours": None, "infusion_minutes": None, "method": Method.IV_PUSH.value},
        "method",
        "cannot run continuously",
    ),
    ({**VERBAL, "caller": ""}, "caller", "who gave the order"),
    ({**VERBAL, "receiver": " "}, "receiver", "who took the order"),
    ({**VERBAL, "read_back": False}, "read_back", "read back before"),
    ({**VERBAL, "read_back_at": None}, "read_back_at", "when it was read back"),
    ({**VERBAL, "read_back_at": AT - timedelta(minutes=1)}, "read_back_at", "before it came"),
)


@pytest.mark.parametrize(("more", "field", "sentence"), DRAFTS)
def test_what_is_missing_or_wrong_is_said_at_its_field(more: dict[str, Any], field: str, sentence: str) -> None:
    found = draft(**more).problems()

    assert [problem.field for problem in found] == [field]
    assert sentence in found[0].sentence


def test_the_longest_infusion_and_the_longest_order_still_fit() -> None:
    assert draft(infusion_minutes=Decimal(1440)).problems() == []
    assert draft(stop_on=date(2027, 3, 3)).problems() == []  # 366 days, the first and the last included


@pytest.mark.parametrize(
    ("volume", "minutes", "rate"),
    [("100", "30", "200.0"), ("250", "90", "166.7"), (None, "30", None), ("100", None, None), ("0", "30", None)],
)
def test_the_rate_follows_from_volume_and_time(volume: str | None, minutes: str | None, rate: str | None) -> None:
    given = [None if value is None else Decimal(value) for value in (volume, minutes)]
    assert rate_ml_per_h(*given) == (None if rate is None else Decimal(rate))


@pytest.mark.parametrize(
    ("dose", "volume", "per_ml"), [("2", "100", "0.020"), ("1250", "250", "5.000"), (None, "100", None), ("2", None, None)]
)
def test_the_concentration_follows_from_dose_and_volume(dose: str | None, volume: str | None, per_ml: str | None) -> None:
    given = [None if value is None else Decimal(value) for value in (dose, volume)]
    assert concentration_per_ml(*given) == (None if per_ml is None else Decimal(per_ml))


@pytest.mark.parametrize(
    ("route", "interval", "words"),
    [
        ("iv", Decimal(12), "vancomycin 1,250 mg IV every 12 hours"),
        ("sc", None, "vancomycin 1,250 mg subcutaneous per day, continuous"),
    ],
)
def test_the_order_reads_in_one_safe_line(route: str, interval: Decimal | None, words: str) -> None:
    assert sig("vancomycin", Decimal("1250.0"), "mg", route, interval) == words


SIGNED, WAITING = VersionDates(1, FIRST, LAST, True), VersionDates(1, FIRST, LAST, False)
HELD, RESUMED, DISCONTINUED, CANCELLED, *_ = (Event(kind, FIRST, AT) for kind in EventKind)
QUESTIONED = Event(EventKind.QUESTIONED, FIRST, AT, 1, "Dose or unit?", "ZZTEST Maplewood")
STATES: tuple[tuple[list[VersionDates], list[Event], date, State], ...] = (
    ([WAITING], [], FIRST, State.ENTERED),
    ([SIGNED], [], FIRST, State.VERIFIED),
    ([SIGNED, replace(WAITING, number=2)], [], FIRST, State.VERIFIED),
    ([SIGNED], [], LAST, State.VERIFIED),
    ([SIGNED], [], date(2026, 3, 17), State.COMPLETED),
    ([SIGNED], [HELD], FIRST, State.HELD),
    ([SIGNED], [HELD, RESUMED], FIRST, State.VERIFIED),
    ([SIGNED], [HELD, DISCONTINUED], FIRST, State.DISCONTINUED),
    ([WAITING], [CANCELLED], FIRST, State.CANCELLED),
    ([WAITING], [QUESTIONED], FIRST, State.CLARIFICATION),
    ([WAITING, replace(WAITING, number=2)], [QUESTIONED], FIRST, State.ENTERED),
    ([SIGNED, replace(WAITING, number=2)], [replace(QUESTIONED, number=2)], FIRST, State.VERIFIED),
    ([WAITING], [QUESTIONED, CANCELLED], FIRST, State.CANCELLED),
)


@pytest.mark.parametrize(("versions", "events", "today", "expected"), STATES)
def test_the_state_follows_from_versions_events_and_the_calendar(
    versions: list[VersionDates], events: list[Event], today: date, expected: State
) -> None:
    assert state(versions, events, today) is expected


SECOND = VersionDates(2, date(2026, 3, 10), LAST, True)
COURSES: tuple[tuple[list[VersionDates], list[Event], list[Course]], ...] = (
    ([WAITING], [], []),
    ([SIGNED], [HELD], [Course(1, FIRST, LAST)]),
    ([SIGNED, SECOND], [], [Course(1, FIRST, date(2026, 3, 9)), Course(2, date(2026, 3, 10), LAST)]),
    ([SIGNED, replace(SECOND, is_signed=False)], [], [Course(1, FIRST, LAST)]),
    ([SIGNED, replace(SECOND, start_on=FIRST)], [], [Course(2, FIRST, LAST)]),
    ([SIGNED, SECOND], [replace(DISCONTINUED, on=date(2026, 3, 8))], [Course(1, FIRST, date(2026, 3, 8))]),
)


@pytest.mark.parametrize(("versions", "events", "expected"), COURSES)
def test_each_version_is_in_force_until_the_next_or_the_end(
    versions: list[VersionDates], events: list[Event], expected: list[Course]
) -> None:
    assert courses(versions, events) == expected


def version(number: int, *, is_signed: bool = False) -> VersionDates:
    return VersionDates(number, FIRST, LAST, is_signed)


def withdrawn(number: int) -> Event:
    return Event(EventKind.WITHDRAWN, FIRST, AT, number, "prescriber took it back")


FIRST_SIGNED = version(1, is_signed=True)
REPLACED_BY_2 = "never verified, replaced by version 2"
REPLACED_BY_3 = "never verified, replaced by version 3"
TAKEN_BACK = "withdrawn: prescriber took it back"
# The versions, what happened, which one stands, and what became of each.
STANDING: tuple[tuple[list[VersionDates], list[Event], int, list[str]], ...] = (
    ([version(1)], [], 1, [""]),
    ([version(1)], [CANCELLED], 1, [""]),
    ([version(1), version(2)], [], 2, [REPLACED_BY_2, ""]),
    ([FIRST_SIGNED, version(2)], [HELD], 2, ["", ""]),
    ([FIRST_SIGNED, version(2), version(3)], [], 3, ["", REPLACED_BY_3, ""]),
    ([FIRST_SIGNED, version(2)], [withdrawn(2)], 1, ["", TAKEN_BACK]),
    ([FIRST_SIGNED, version(2), version(3)], [withdrawn(3)], 1, ["", REPLACED_BY_3, TAKEN_BACK]),
    ([FIRST_SIGNED, version(2), version(3)], [withdrawn(2)], 3, ["", TAKEN_BACK, ""]),
    ([FIRST_SIGNED, version(2, is_signed=True), version(3)], [withdrawn(3)], 2, ["replaced by version 2", "", TAKEN_BACK]),
)


@pytest.mark.parametrize(("versions", "events", "number", "words"), STANDING)
def test_the_newest_version_stands_unless_it_was_withdrawn(
    versions: list[VersionDates], events: list[Event], number: int, words: list[str]
) -> None:
    asides = [set_aside(one.number, versions, events) for one in versions]

    assert standing(versions, events) == number
    assert [aside.words if aside else "" for aside in asides] == words
    assert all(aside.words.startswith(aside.state) for aside in asides if aside)


def test_a_withdrawal_leaves_the_state_and_the_days_of_the_order_alone() -> None:
    versions = [FIRST_SIGNED, version(2)]

    assert state(versions, [HELD, withdrawn(2)], FIRST) is State.HELD
    assert courses(versions, [withdrawn(2)]) == [Course(1, FIRST, LAST)]


WITHDRAWALS: tuple[tuple[list[VersionDates], list[Event], int, str | None], ...] = (
    ([FIRST_SIGNED, version(2)], [], 2, None),
    ([FIRST_SIGNED, version(2)], [HELD], 2, None),
    ([FIRST_SIGNED, version(2)], [], 1, "A verified version is changed or discontinued, not withdrawn."),
    ([FIRST_SIGNED, version(2), version(3)], [], 2, f"Version 2 no longer waits for verification ({REPLACED_BY_3})."),
    ([FIRST_SIGNED, version(2)], [withdrawn(2)], 2, f"Version 2 no longer waits for verification ({TAKEN_BACK})."),
    ([version(1)], [], 1, "No version of this order was verified yet: cancel the order instead."),
    ([version(1)], [CANCELLED], 1, "An order that is cancelled has no change to withdraw."),
    ([FIRST_SIGNED, version(2)], [DISCONTINUED], 2, "An order that is discontinued has no change to withdraw."),
)


@pytest.mark.parametrize(("versions", "events", "number", "sentence"), WITHDRAWALS)
def test_only_a_waiting_change_of_a_verified_order_is_withdrawn(
    versions: list[VersionDates], events: list[Event], number: int, sentence: str | None
) -> None:
    assert withdrawal_refusal(number, versions, events, FIRST) == sentence


QUESTIONS: tuple[tuple[list[VersionDates], list[Event], int, str | None], ...] = (
    ([version(1)], [], 1, None),
    ([FIRST_SIGNED, version(2)], [], 2, None),
    ([FIRST_SIGNED], [], 1, "A verified version is held or changed, not questioned."),
    ([version(1), version(2)], [], 1, f"Version 1 no longer waits for verification ({REPLACED_BY_2})."),
    ([version(1)], [QUESTIONED], 1, "Version 1 is in clarification already: Dose or unit?"),
    ([version(1)], [CANCELLED], 1, "An order that is cancelled cannot be questioned."),
)


@pytest.mark.parametrize(("versions", "events", "number", "sentence"), QUESTIONS)
def test_only_a_waiting_version_is_questioned_and_only_once(
    versions: list[VersionDates], events: list[Event], number: int, sentence: str | None
) -> None:
    assert question_refusal(number, versions, events, FIRST) == sentence


def test_a_new_version_answers_the_question_of_the_one_before() -> None:
    asked = question_of(1, [QUESTIONED])

    assert asked is not None and (asked.because, asked.contact) == ("Dose or unit?", "ZZTEST Maplewood")
    assert question_of(2, [QUESTIONED]) is None


AFTER = date(2026, 3, 20)
EARLIER = "; only an earlier last day changes anything."
# The last day, versions, events, today, and why not: from its first day to its stop date, and after it when learnt late.
DISCONTINUATIONS: tuple[tuple[date, list[VersionDates], list[Event], date, str | None], ...] = (
    (date(2026, 3, 5), [SIGNED], [], date(2026, 3, 5), None),
    (LAST, [SIGNED], [], LAST, None),
    (date(2026, 3, 2), [SIGNED], [], date(2026, 3, 2), None),
    (date(2026, 3, 5), [SIGNED], [HELD], date(2026, 3, 6), None),
    (date(2026, 3, 6), [SIGNED], [], date(2026, 3, 5), "The last day may not lie in the future: change the stop date instead."),
    (date(2026, 3, 5), [SIGNED], [], AFTER, None),
    (LAST, [SIGNED], [], AFTER, f"It ended on 16 Mar 2026{EARLIER}"),
    (AFTER, [SIGNED], [], AFTER, f"It ended on 16 Mar 2026{EARLIER}"),
    (date(2026, 3, 4), [SIGNED], [replace(DISCONTINUED, on=date(2026, 3, 5))], AFTER, None),
    (date(2026, 3, 5), [SIGNED], [replace(DISCONTINUED, on=date(2026, 3, 5))], AFTER, f"It ended on 5 Mar 2026{EARLIER}"),
    (date(2026, 3, 9), [SIGNED, replace(SECOND, stop_on=date(2026, 3, 8))], [], AFTER, f"It ended on 8 Mar 2026{EARLIER}"),
    (FIRST, [WAITING], [], AFTER, "An order that is to verify cannot be discontinued."),
    (FIRST, [SIGNED], [CANCELLED], AFTER, "An order that is cancelled cannot be discontinued."),
)


@pytest.mark.parametrize(("last_day", "versions", "events", "today", "sentence"), DISCONTINUATIONS)
def test_an_order_ends_on_a_day_that_has_come_and_never_later_than_it_did(
    last_day: date, versions: list[VersionDates], events: list[Event], today: date, sentence: str | None
) -> None:
    assert discontinuation_refusal(last_day, versions, events, today) == sentence


def test_an_event_needs_its_day() -> None:
    assert [problem.field for problem in EventDraft().problems()] == ["effective_on"]
    assert EventDraft(FIRST).problems() == []


def on(kind: EventKind, number: int) -> Event:
    return Event(kind, date(2026, 3, number), AT)


HELD_DAYS: tuple[tuple[list[Event], list[int]], ...] = (
    ([], []),
    ([on(EventKind.RESUMED, 5)], []),
    ([on(EventKind.HELD, 5), on(EventKind.RESUMED, 8)], [5, 6, 7]),
    ([on(EventKind.HELD, 5), on(EventKind.RESUMED, 5)], []),
    ([on(EventKind.HELD, 8)], [8, 9, 10]),
    ([on(EventKind.HELD, 5), on(EventKind.RESUMED, 6), on(EventKind.DISCONTINUED, 7), on(EventKind.HELD, 10)], [5, 10]),
)


@pytest.mark.parametrize(("events", "numbers"), HELD_DAYS)
def test_a_held_day_lies_before_the_day_of_resumption(events: list[Event], numbers: list[int]) -> None:
    assert held_days(events, until=date(2026, 3, 10)) == {date(2026, 3, number) for number in numbers}


def test_an_event_happens_only_where_it_may() -> None:
    allowed = {(kind, current) for kind in EventKind for current in State if refusal_of(kind, current) is None}

    assert allowed == {
        (EventKind.HELD, State.VERIFIED),
        (EventKind.RESUMED, State.HELD),
        (EventKind.DISCONTINUED, State.VERIFIED),
        (EventKind.DISCONTINUED, State.HELD),
        (EventKind.DISCONTINUED, State.COMPLETED),
        (EventKind.DISCONTINUED, State.DISCONTINUED),
        (EventKind.CANCELLED, State.ENTERED),
        (EventKind.CANCELLED, State.CLARIFICATION),
        (EventKind.QUESTIONED, State.ENTERED),
        (EventKind.QUESTIONED, State.VERIFIED),
        (EventKind.QUESTIONED, State.HELD),
        (EventKind.QUESTIONED, State.COMPLETED),
        (EventKind.WITHDRAWN, State.VERIFIED),
        (EventKind.WITHDRAWN, State.HELD),
        (EventKind.WITHDRAWN, State.COMPLETED),
    }
    assert refusal_of(EventKind.CANCELLED, State.HELD) == "A verified order is discontinued, not cancelled."
    assert refusal_of(EventKind.HELD, State.COMPLETED) == "An order that is completed cannot be held."
    assert refusal_of(EventKind.CANCELLED, State.COMPLETED) == "An order that is completed cannot be cancelled."


GOOD = GateFacts(
    drug="vancomycin", therapy_class="anti_infective", is_first_dose_dangerous=True, had_before=True, anaphylaxis_kit=False,
    reviewed_by_infectious_diseases=True, lab_protocol="L-VAN", lab_reviewer="ZZTEST Maplewood", dose_unit="mg", has_weight=False,
    is_controlled=False, prescriber_has_dea=False, prescriber_npi_is_valid=True, prescriber_is_in_good_standing=True,
)  # fmt: skip
GATE: tuple[tuple[dict[str, Any], list[tuple[str, str]]], ...] = (
    ({}, []),
    ({"had_before": False}, [("R10", "STOP")]),
    ({"had_before": False, "anaphylaxis_kit": True}, []),
    ({"had_before": False, "is_first_dose_dangerous": False}, []),
    ({"had_before": False, "is_first_dose_dangerous": None}, []),
    ({"prescriber_is_in_good_standing": False}, [("R20", "STOP")]),
    ({"prescriber_is_in_good_standing": None}, []),
    ({"prescriber_npi_is_valid": False}, [("R20", "STOP")]),
    ({"reviewed_by_infectious_diseases": False}, [("R22", "HOLD")]),
    ({"reviewed_by_infectious_diseases": False, "therapy_class": "hydration"}, []),
    ({"lab_protocol": " "}, [("R23", "STOP")]),
    ({"lab_reviewer": ""}, [("R23", "STOP")]),
    ({"is_controlled": True}, [("R25", "STOP")]),
    ({"is_controlled": True, "prescriber_has_dea": True}, []),
    ({"dose_unit": "mcg/kg/min"}, [("R39", "STOP")]),
    ({"dose_unit": "mcg/kg/min", "has_weight": True}, []),
    ({"is_c2": True, "received_by": "fax"}, [("R25", "STOP")]),
    ({"is_c2": True, "received_by": "written"}, []),
    ({"is_c2": True, "received_by": "fax", "fax_is_original": True}, []),
    ({"is_c2": True, "received_by": "verbal", "fax_is_original": True}, [("R25", "STOP")]),
    ({"program_query": "never asked"}, [("R25", "STOP")]),
    ({"program_query": "never asked", "program_level": "HOLD"}, [("R25", "HOLD")]),
    ({"weight_change": "another weight"}, [("R40", "HOLD")]),
    (
        {"working": (Line("old", "HOLD", "R40", "weight"), Line("none", "STOP", "R39", "weight"), Line("told"))},
        [("R39", "STOP"), ("R40", "HOLD")],
    ),
    ({"dose_unit": "mg/kg", "working": (Line("none", "STOP", "R39", "weight"),)}, [("R39", "STOP")]),
    ({"working": (Line("a little more", "WARN"),)}, []),
)


@pytest.mark.parametrize(("more", "expected"), GATE)
def test_the_gate_stops_and_holds_by_the_rules_of_clinical_1_3(more: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    found = gate(replace(GOOD, **more))

    assert [(finding.rule, finding.level) for finding in found] == expected
    assert all(finding.because and finding.side for finding in found)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, []),
        ({"had_before": False, "is_first_dose_dangerous": None}, ["Nobody has judged how dangerous a first dose"]),
        ({"is_first_dose_dangerous": None}, []),
        ({"prescriber_is_in_good_standing": None}, ["OIG exclusion list"]),
        ({"is_controlled": True}, ["PDMP"]),
        ({"is_controlled": True, "program_query": "never asked"}, []),
    ],
)
def test_what_the_gate_could_not_judge_is_said(more: dict[str, Any], words: list[str]) -> None:
    found = not_judged(replace(GOOD, **more))

    assert len(found) == len(words)
    assert all(word in sentence for word, sentence in zip(words, found, strict=True))

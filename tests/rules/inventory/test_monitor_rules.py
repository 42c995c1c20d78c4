"""Monitors and their certificates, and what a pharmacist may sign of ranges and policy."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D
from typing import Any
from uuid import UUID

import pytest

from infusiondesk.inventory.exchange import shipped_temperatures
from infusiondesk.inventory.rules.monitors import (
    Monitor,
    MonitorDraft,
    RangeDraft,
    TemperaturePolicyDraft,
    VerificationDraft,
    lapses,
)
from infusiondesk.inventory.rules.temperatures import Kinetic, Observed, TemperaturePolicy, kinetic
from infusiondesk.inventory.rules.words import LocationKind

TODAY = date(2026, 3, 2)
POLICY = TemperaturePolicy(25, 60, 12, 30, "USP <797>", "memory")
NEVER = Monitor(UUID(int=1), UUID(int=2), "S-1", None, None, "")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due_on", "lapse", "due"),
    [
        (None, "Monitor S-1 was never verified.", "monitor S-1 was never verified"),
        (date(2026, 3, 1), "The verification of monitor S-1 lapsed on 1 Mar 2026.", "monitor S-1 since 1 Mar 2026"),
        (date(2026, 3, 2), "", "monitor S-1 by 2 Mar 2026"),
        (date(2026, 4, 1), "", "monitor S-1 by 1 Apr 2026"),
        (date(2026, 4, 2), "", ""),
    ],
)
def test_a_verification_lapses_the_day_after_and_is_due_before(due_on: date | None, lapse: str, due: str) -> None:
    monitor = replace(NEVER, due_on=due_on)
    assert (monitor.lapse(TODAY), monitor.due_words(TODAY, POLICY)) == (lapse, due)


def test_a_location_without_a_monitor_says_so() -> None:
    assert lapses([], TODAY) == "No monitor is entered for this location."
    assert lapses([NEVER, replace(NEVER, due_on=TODAY)], TODAY) == "Monitor S-1 was never verified."


@pytest.mark.parametrize(
    ("draft", "fields"),
    [
        (MonitorDraft(serial="S-1"), []),
        (MonitorDraft(), ["serial"]),
        (MonitorDraft(TODAY, None, "C-1", "S-1"), []),
        (MonitorDraft(None, TODAY, "", "S-1"), ["verified_on", "certificate"]),
        (VerificationDraft(date(2026, 3, 3), None, "C-1"), ["verified_on"]),
        (VerificationDraft(TODAY, TODAY, "C-1"), ["due_on"]),
        (VerificationDraft(), ["verified_on", "certificate"]),
    ],
)
def test_a_certificate_is_whole_or_absent(draft: VerificationDraft, fields: list[str]) -> None:
    assert [one.field for one in draft.problems(TODAY)] == fields


def test_the_next_day_is_the_certificates_or_the_policys() -> None:
    assert VerificationDraft(TODAY, None, "C-1").next_due(POLICY) == date(2027, 3, 2)
    assert VerificationDraft(TODAY, date(2026, 9, 2), "C-1").next_due(POLICY) == date(2026, 9, 2)
    with pytest.raises(AssertionError):
        VerificationDraft().next_due(POLICY)


def test_the_shipped_rows_are_unsigned_and_say_so() -> None:
    rules = shipped_temperatures()
    assert (rules.policy.reading_hours, rules.policy.gap_minutes, rules.policy.verification_months) == (25, 60, 12)
    assert rules.policy.whose.endswith("memory, not signed yet")
    cold = rules.of(LocationKind.REFRIGERATOR)
    assert cold.whose == "sterile 7 (USP <659>), memory, not signed yet"
    assert replace(cold, signed_by="ZZTEST Rowan, 2 Mar 2026").whose == "sterile 7 (USP <659>); signed by ZZTEST Rowan, 2 Mar 2026"
    assert replace(rules.policy, signed_by="ZZTEST Rowan").whose.endswith("signed by ZZTEST Rowan")


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({}, []),
        ({"low": None, "high": None}, ["low", "high"]),
        ({"low": D(8)}, ["high"]),
        ({"excursion_low": D(3)}, ["excursion_low"]),
        ({"excursion_high": D(7)}, ["excursion_high"]),
        ({"mean_kinetic_limit": D(9)}, ["mean_kinetic_limit"]),
        ({"mean_kinetic_limit": D(8)}, []),
        ({"source": " "}, ["source"]),
    ],
)
def test_a_range_holds_together(change: dict[str, Any], fields: list[str]) -> None:
    draft = replace(RangeDraft.of(shipped_temperatures().of(LocationKind.REFRIGERATOR)), **change)
    assert [one.field for one in draft.problems()] == fields


def test_a_policy_has_numbers_and_a_source() -> None:
    assert TemperaturePolicyDraft.of(POLICY).problems() == []
    empty = [one.field for one in TemperaturePolicyDraft(notice_days=-1).problems()]
    assert empty == ["reading_hours", "gap_minutes", "verification_months", "notice_days", "source"]


def hour(ago: int, mean: str, logger: str = "A", length: int = 1) -> Observed:
    ended = NOON - timedelta(hours=ago)
    return Observed(ended, D(mean), D(mean), D(mean), ended - timedelta(hours=length), D(mean), logger)


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        ([hour(1, "5"), hour(0, "5")], Kinetic(D("5.00"), "1 hour not monitored")),
        ([hour(2, "5"), hour(1, "5"), hour(0, "12")], Kinetic(D("8.03"), "")),
        ([hour(2, "5"), hour(0, "5")], Kinetic(D("5.00"), "")),  # an hour between two lines is not yet a gap
        ([hour(2, "5", length=3), hour(0, "12", length=3)], Kinetic(D("10.24"), "")),  # what overlaps counts once
        ([hour(0, "5", "A", 3), hour(0, "7", "B", 3)], Kinetic(D("7.00"), "")),  # of two loggers the warmer one
    ],
)
def test_hours_of_a_logger_count_as_they_were(observed: list[Observed], expected: Kinetic) -> None:
    assert kinetic(observed, NOON - timedelta(hours=3), NOON, POLICY) == expected

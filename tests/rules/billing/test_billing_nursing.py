"""Nursing visits: 99601, 99602 and the ceilings of the contract (billing 2.5), as tables."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from infusiondesk.billing.rules.facts import Visit
from infusiondesk.billing.rules.nursing import nursing_lines, visit_units
from infusiondesk.billing.rules.profile import ExtraHour, NursingTime, PayerProfile
from tests.rules.billing.billing_questions import ask, case, shown

# minutes, units at the midpoint, units of whole hours
MINUTES: list[tuple[str, tuple[int, int], tuple[int, int]]] = [
    ("0", (0, 0), (0, 0)),
    ("-5", (0, 0), (0, 0)),
    ("1", (1, 0), (1, 0)),
    ("120", (1, 0), (1, 0)),
    ("150", (1, 0), (1, 0)),
    ("150.5", (1, 0), (1, 0)),
    ("151", (1, 1), (1, 0)),
    ("180", (1, 1), (1, 1)),
    ("210", (1, 1), (1, 1)),
    ("211", (1, 2), (1, 1)),
    ("240", (1, 2), (1, 2)),
    ("271", (1, 3), (1, 2)),
]


@pytest.mark.parametrize(("minutes", "midpoint", "whole"), MINUTES)
def test_units_of_one_visit(minutes: str, midpoint: tuple[int, int], whole: tuple[int, int]) -> None:
    assert visit_units(Decimal(minutes), ExtraHour.MIDPOINT) == midpoint
    assert visit_units(Decimal(minutes), ExtraHour.WHOLE_HOUR) == whole


SUN, MON, TUE, SAT, NEXT = "2026-03-01", "2026-03-02", "2026-03-03", "2026-03-07", "2026-03-08"
# Each row: the case, the profile, the visits by day and minutes, the lines.
VISITS: list[tuple[str, dict[str, Any], list[tuple[str, float]], list[str]]] = [
    ("each visit counts by itself", {}, [(MON, 100), (MON, 100)], [f"99601 UN2 {MON}"]),
    ("extra hours of one day add up", {}, [(MON, 180), (MON, 240)], [f"99601 UN2 {MON}", f"99602 UN3 {MON}"]),
    ("by date, however they are listed", {}, [(TUE, 60), (MON, 60)], [f"99601 UN1 {MON}", f"99601 UN1 {TUE}"]),
    ("no line of no units", {}, [(MON, 0)], []),
    ("not billed by us", {"nursing_billing": "none"}, [(MON, 300)], []),
    (
        "no more than so many 99602 a day: the latest wait",
        {"max_99602_per_day": 2},
        [(MON, 300), (TUE, 180)],
        [f"99601 UN1 {MON}", f"99602 UN2 {MON}", f"99602 UN1 {MON} held daily_ceiling", f"99601 UN1 {TUE}", f"99602 UN1 {TUE}"],
    ),
    (
        "the ceiling is of the day, not of the visit",
        {"max_99602_per_day": 2},
        [(MON, 240), (MON, 180)],
        [f"99601 UN2 {MON}", f"99602 UN2 {MON}", f"99602 UN1 {MON} held daily_ceiling"],
    ),
    ("none a day", {"max_99602_per_day": 0}, [(MON, 180)], [f"99601 UN1 {MON}", f"99602 UN1 {MON} held daily_ceiling"]),
    (
        "hours of a week, Sunday to Saturday",
        {"max_nursing_hours_per_week": 4},
        [(SUN, 60), (SAT, 60), (NEXT, 60)],
        [f"99601 UN1 {SUN}", f"99601 UN1 {SAT}", f"99601 UN1 {NEXT}"],
    ),
    (
        "the latest units of the week wait",
        {"max_nursing_hours_per_week": 5},
        [(MON, 180), (TUE, 180)],
        [f"99601 UN1 {MON}", f"99602 UN1 {MON}", f"99601 UN1 {TUE}", f"99602 UN1 {TUE} held weekly_ceiling"],
    ),
    (
        "a visit that does not fit waits with all that follows it",
        {"max_nursing_hours_per_week": 4},
        [(MON, 180), (TUE, 180), (SAT, 60)],
        [
            f"99601 UN1 {MON}",
            f"99602 UN1 {MON}",
            f"99601 UN1 {TUE} held weekly_ceiling",
            f"99602 UN1 {TUE} held weekly_ceiling",
            f"99601 UN1 {SAT} held weekly_ceiling",
        ],
    ),
    (
        "what the day has cut does not use the week",
        {"max_99602_per_day": 1, "max_nursing_hours_per_week": 5},
        [(MON, 240), (TUE, 60)],
        [f"99601 UN1 {MON}", f"99602 UN1 {MON}", f"99602 UN1 {MON} held daily_ceiling", f"99601 UN1 {TUE}"],
    ),
    (
        "half hours of a ceiling",
        {"max_nursing_hours_per_week": 2.5},
        [(MON, 180)],
        [f"99601 UN1 {MON}", f"99602 UN1 {MON} held weekly_ceiling"],
    ),
]


@pytest.mark.parametrize(("why", "profile", "visits", "expected"), VISITS, ids=[row[0] for row in VISITS])
def test_nursing_lines(why: str, profile: dict[str, Any], visits: list[tuple[str, float]], expected: list[str]) -> None:
    """Billing 2.5 and 2.6."""
    given = [{"date": day, "minutes": minutes} for day, minutes in visits]
    assert shown(ask(case(visits=given, profile=profile))["nursing_lines"]) == expected, why


def test_preparation_counts_only_where_the_payer_says_so() -> None:
    visit = Visit(date(2026, 3, 2), Decimal(140), preparation_minutes=Decimal(30))
    assert [line.code for line in nursing_lines([visit], PayerProfile())] == ["99601"]
    counted = nursing_lines([visit], PayerProfile(nursing_time=NursingTime.VISIT_AND_PREPARATION))
    assert [line.code for line in counted] == ["99601", "99602"]
    assert "170 min" in counted[0].because


def test_the_question_has_no_preparation_so_both_readings_count_the_visit() -> None:
    given = [{"date": MON, "minutes": 170}]
    for reading in ("visit", "visit_and_preparation"):
        found = ask(case(visits=given, profile={"nursing_time": reading}))
        assert shown(found["nursing_lines"]) == [f"99601 UN1 {MON}", f"99602 UN1 {MON}"]

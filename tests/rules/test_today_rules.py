"""Whose work stands on Today, and in which order its lines stand."""

from datetime import UTC, datetime

import pytest

from infusiondesk.foundation.kernel.people import Role
from infusiondesk.today.queries import LISTS
from infusiondesk.today.rules import WORK_OF, Harm, Line, Work, in_order, works_of
from infusiondesk.today.screens.today import LIGHTEST_FIRST


def line(name: str, harm: Harm, hour: int | None = None, work: Work = Work.RESULTS) -> Line:
    due_at = None if hour is None else datetime(2026, 3, 2, hour, tzinfo=UTC)
    return Line(name, work, harm, name, "", "", due_at, "", "Labs to review")


def test_what_harms_first_stands_first_and_then_the_earliest_hour() -> None:
    lines = [
        line("some time today", Harm.TODAY),
        line("tomorrow", Harm.NEXT, 7),
        line("today at ten", Harm.TODAY, 10),
        line("now, at noon", Harm.NOW, 12),
        line("now, promised at noon", Harm.NOW, 12, Work.PROMISES),
        line("now, at nine", Harm.NOW, 9),
    ]

    assert [one.id for one in in_order(lines)] == [
        "now, at nine", "now, at noon", "now, promised at noon", "today at ten", "some time today", "tomorrow",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("roles", "first", "never"),
    [
        ({Role.PHARMACIST}, Work.RESULTS, Work.CATALOG),
        ({Role.PHARMACIST_IN_CHARGE}, Work.RESULTS, Work.VISITS),
        ({Role.NURSE}, Work.PROMISES, Work.RESULTS),
        ({Role.BILLER}, Work.BILLING, Work.PROMISES),
        ({Role.PHARMACIST}, Work.RESULTS, Work.KNOWLEDGE),
        ({Role.TECHNICIAN}, Work.PROMISES, Work.FILL_LOG),
        ({Role.NURSE, Role.INTAKE}, Work.PROMISES, Work.BILLING),
        ({Role.NURSE}, Work.PROMISES, Work.ROAD),
        ({Role.INTAKE}, Work.REFERRALS, Work.STOCK),
        ({Role.BILLER}, Work.BILLING, Work.PUMPS),
    ],
)
def test_a_role_sees_its_own_lists_and_no_other(roles: set[Role], first: Work, never: Work) -> None:
    works = works_of(roles)

    assert works[0] is first and never not in works
    assert len(works) == len(set(works))


@pytest.mark.parametrize("work", [Work.ROAD, Work.PUMPS, Work.STOCK])
def test_road_pumps_and_stock_are_work_of_whoever_handles_them_and_are_read_last(work: Work) -> None:
    handled_by = {role for role, works in WORK_OF.items() if work in works}

    assert handled_by == {Role.TECHNICIAN, Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE}
    assert work in LIGHTEST_FIRST[-3:] and set(LIGHTEST_FIRST) == set(Work)


def test_an_administrator_has_no_list_and_every_list_can_be_asked_for() -> None:
    assert works_of({Role.ADMINISTRATOR}) == []
    assert set(LISTS) == set(Work)

"""How often and until when a prescription is filled: by what was written and by the schedule of the drug."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infusiondesk.orders.exchange import prescription_limits
from infusiondesk.orders.rules import Limit, OrderDraft, Terms, refills_problem

WRITTEN = date(2026, 1, 31)
PLAIN, CII, CIII = (prescription_limits()[schedule] for schedule in ("", "CII", "CIII"))
NOTHING = Limit("CV", None, None)


def test_the_table_holds_every_schedule_and_calls_itself_memory() -> None:
    table = prescription_limits()

    assert {name: (one.refills, one.months, one.portion_days) for name, one in table.items()} == {
        "": (None, 12, None), "CII": (0, None, 30), "CIII": (5, 6, None), "CIV": (5, 6, None), "CV": (5, 6, None),
    }  # fmt: skip
    assert {one.status for one in table.values()} == {"memory"}


@pytest.mark.parametrize(
    ("limit", "expires_on"),
    [(PLAIN, date(2027, 1, 31)), (CIII, date(2026, 7, 31)), (CII, None), (NOTHING, None), (None, None)],
)
def test_it_expires_by_its_schedule_or_nothing_is_claimed(limit: Limit | None, expires_on: date | None) -> None:
    assert Terms(WRITTEN, None, limit).expires_on == expires_on


def test_a_month_that_is_shorter_ends_on_its_last_day() -> None:
    assert Terms(date(2026, 8, 31), None, CIII).expires_on == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("refills", "limit", "most", "left_after_three"),
    [
        (None, PLAIN, None, None),
        (None, None, None, None),
        (4, PLAIN, 4, 2),
        (0, PLAIN, 0, 0),
        (None, CII, 0, 0),
        (9, CIII, 5, 3),
        (2, CIII, 2, 0),
    ],
)
def test_the_stricter_of_prescriber_and_schedule_counts(
    refills: int | None, limit: Limit | None, most: int | None, left_after_three: int | None
) -> None:
    terms = Terms(WRITTEN, refills, limit)

    assert (terms.most_refills, terms.left(3)) == (most, left_after_three)
    assert terms.left(0) == most  # before the first fill all refills are left


@pytest.mark.parametrize(
    ("terms", "fills", "on", "sentence"),
    [
        (Terms(WRITTEN, 1, PLAIN), 0, WRITTEN, None),
        (Terms(WRITTEN, 1, PLAIN), 1, WRITTEN, None),
        (Terms(WRITTEN, 1, PLAIN), 2, WRITTEN, "It was filled 2 times, and 1 refill may follow the first: none is left."),
        (Terms(WRITTEN, 0, PLAIN), 1, WRITTEN, "It was filled 1 time, and 0 refills may follow the first: none is left."),
        (Terms(WRITTEN, None, CII), 0, date(2026, 9, 1), None),
        (Terms(WRITTEN, None, CII), 1, date(2026, 3, 2), None),
        (Terms(WRITTEN, None, CII), 4, date(2026, 3, 3), "Its portions ended on 2 Mar 2026: ask for a new prescription."),
        (Terms(WRITTEN, None, CIII), 1, date(2026, 7, 31), None),
        (
            Terms(WRITTEN, None, CIII), 1, date(2026, 8, 1),
            "It was written on 31 Jan 2026 and expired on 31 Jul 2026: ask for a new prescription.",
        ),
        (Terms(WRITTEN, None, None), 99, date(2036, 1, 1), None),
    ],
)  # fmt: skip
def test_why_it_is_not_filled_once_more(terms: Terms, fills: int, on: date, sentence: str | None) -> None:
    assert terms.refusal(fills, on) == sentence


@given(refills=st.none() | st.integers(0, 20), fills=st.integers(0, 30), limit=st.sampled_from([PLAIN, CII, CIII, None]))
def test_what_is_left_and_what_is_refused_never_contradict(refills: int | None, fills: int, limit: Limit | None) -> None:
    terms = Terms(WRITTEN, refills, limit)
    left = terms.left(fills)

    in_portions = limit is not None and limit.portion_days is not None
    assert (terms.refusal(fills, WRITTEN) is None) == (left is None or fills == 0 or left > 0 or in_portions)


@pytest.mark.parametrize(
    ("refills", "limit", "sentence"),
    [
        (None, CII, None),
        (0, CII, None),
        (1, CII, "A C-II prescription has no refill: every fill needs a prescription of its own."),
        (5, CIII, None),
        (6, CIII, "A C-III prescription has at most 5 refills, not 6."),
        (11, PLAIN, None),
        (11, None, None),
    ],
)
def test_more_refills_than_the_schedule_allows_are_refused(refills: int | None, limit: Limit | None, sentence: str | None) -> None:
    assert refills_problem(refills, limit) == sentence


@pytest.mark.parametrize(("refills", "is_refused"), [(None, False), (0, False), (99, False), (-1, True), (100, True)])
def test_a_number_nobody_means_is_asked_back(refills: int | None, is_refused: bool) -> None:
    assert ("refills" in {problem.field for problem in OrderDraft(refills=refills).problems()}) is is_refused

"""Discrepancies: what a resolution must say, what it may do, and by when a loss is told and filed."""

from datetime import date
from decimal import Decimal as D

import pytest

from infusiondesk.inventory.rules.discrepancies import ResolutionDraft, correction_problem, file_by, tell_by
from infusiondesk.inventory.rules.words import DiscrepancyEnd

LOSS = DiscrepancyEnd.LOSS.value


@pytest.mark.parametrize(
    ("discovered", "due"),
    [
        (date(2026, 11, 24), date(2026, 11, 25)),
        (date(2026, 11, 25), date(2026, 11, 27)),  # Thanksgiving between
        (date(2026, 11, 27), date(2026, 11, 30)),  # over the weekend
        (date(2026, 12, 31), date(2027, 1, 4)),  # New Year and the weekend
    ],
)
def test_the_notice_goes_on_the_next_business_day(discovered: date, due: date) -> None:
    assert tell_by(discovered) == due


def test_the_form_follows_within_45_days() -> None:
    assert file_by(date(2026, 11, 24)) == date(2027, 1, 8)


@pytest.mark.parametrize(
    ("end", "difference", "on_hand", "said"),
    [
        (DiscrepancyEnd.LOSS, 1, 5, "1 vial more than the balance were found: that is no loss."),
        (DiscrepancyEnd.LOSS, -1, 5, None),
        (DiscrepancyEnd.EXPLAINED, -6, 5, "Only 5 vials are left there by the balance; 6 vials cannot be taken off."),
        (DiscrepancyEnd.EXPLAINED, 6, 5, None),
        (DiscrepancyEnd.MISCOUNTED, -6, 5, None),
    ],
)
def test_what_a_resolution_may_do(end: DiscrepancyEnd, difference: int, on_hand: int, said: str | None) -> None:
    assert correction_problem(end, D(difference), D(on_hand), "vial") == said


@pytest.mark.parametrize(
    ("draft", "fields"),
    [
        (ResolutionDraft(explanation="used for batch 7"), []),
        (ResolutionDraft("else", "no"), ["end", "explanation"]),
        (ResolutionDraft(LOSS, "not found"), ["circumstances", "police"]),
        (ResolutionDraft(LOSS, "not found", "vault found open", "report 12"), []),
    ],
)
def test_what_a_resolution_lacks(draft: ResolutionDraft, fields: list[str]) -> None:
    assert [problem.field for problem in draft.problems()] == fields

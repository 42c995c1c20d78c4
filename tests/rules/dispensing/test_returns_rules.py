"""What came back after a delivery: counted, never more than was delivered, and what of it is to be destroyed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from infusiondesk.dispensing.rules import BroughtBackDraft, Delivered, return_refusal, to_destroy

LINE = UUID(int=1)
SETS = Delivered(LINE, "transfer set", "set", Decimal(4), Decimal(1), Decimal(0))
BAG = Delivered(UUID(int=2), "vancomycin", "bag", Decimal(1), Decimal(0), Decimal(0))


@pytest.mark.parametrize(
    ("line", "many", "told"),
    [
        (SETS, 3, None),
        (BAG, 1, None),
        (SETS, 4, "Of transfer set 3 sets can come back, not 4: the rest came back before or is unusable."),
        (replace(BAG, is_unusable=True), 1, "Of vancomycin 0 bags can come back, not 1: the rest came back before or is unusable."),
        (SETS, Decimal("1.5"), "Count transfer set in whole sets."),
        (SETS, -1, "Count transfer set in whole sets."),
        (
            replace(SETS, is_pump=True),
            1,
            "transfer set is a pump: take it back under Pumps, where it is cleaned before it goes out again.",
        ),
        (replace(SETS, id=UUID(int=9)), 1, "One of these things is not on this ticket."),
    ],
)
def test_no_more_comes_back_than_was_delivered(line: Delivered, many: int | Decimal, told: str | None) -> None:
    here = LINE if line.id == UUID(int=9) else line.id
    assert return_refusal([line], {here: Decimal(many)}) == told


@pytest.mark.parametrize(
    ("line", "is_undelivered", "many"),
    [
        (SETS, False, 1),
        (SETS, True, 4),
        (replace(SETS, destroyed=Decimal(1)), False, 0),
        (replace(SETS, is_unusable=True), False, 4),
        (replace(SETS, is_pump=True), True, 0),
        (BAG, False, 0),
    ],
)
def test_what_is_to_be_destroyed(line: Delivered, is_undelivered: bool, many: int) -> None:
    assert to_destroy(line, is_undelivered=is_undelivered) == many


def test_a_return_says_who_when_why_and_how_many() -> None:
    draft = BroughtBackDraft(bags=(str(BAG.id),), units={str(LINE): Decimal(2), str(UUID(int=3)): None})
    assert draft.counted() == {BAG.id: Decimal(1), LINE: Decimal(2)}
    assert [problem.field for problem in draft.problems()] == ["brought_by", "came_on", "because"]
    told = BroughtBackDraft("ZZTEST Alder, Paul", date(2026, 3, 3), "therapy changed")
    assert [problem.field for problem in told.problems()] == ["bags"]

"""Controlled drugs: the running balance of any history, and what may be laid out."""

from decimal import Decimal as D
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infusiondesk.inventory.rules import Balance, MovementKind
from infusiondesk.inventory.rules.controlled import DisposalDraft, disposal_problem, running, schedule_words

PLACE = UUID(int=1)
GOOD = DisposalDraft(PLACE, "wasted", D(1), "broken")
NUMBERS = st.integers(-50, 50).map(D)


@given(NUMBERS, st.lists(st.builds(Balance, NUMBERS, NUMBERS)))
def test_each_balance_is_the_one_before_and_what_moved(opening: D, moves: list[Balance]) -> None:
    after = running(opening, moves)

    assert [new - old for old, new in zip([opening, *after], after, strict=False)] == [move.total for move in moves]


@pytest.mark.parametrize(
    ("kind", "quantity", "waiting", "said"),
    [
        (MovementKind.WASTED, 5, 0, None),
        (MovementKind.WASTED, 6, 0, "Lot A has 5 vials on hand there, not 6 vials."),
        (MovementKind.DESTROYED, 2, 0, None),
        (MovementKind.DESTROYED, 3, 0, "Lot A has 2 vials in quarantine there, not 3 vials."),
        (MovementKind.WASTED, 5, 1, "Lot A has 4 vials on hand there, not 5 vials. 1 vial more wait for a witness."),
        (MovementKind.DESTROYED, 1, 3, "Lot A has 0 vials in quarantine there, not 1 vial. 3 vials more wait for a witness."),
    ],
)
def test_no_more_than_lies_there_is_laid_out(kind: MovementKind, quantity: int, waiting: int, said: str | None) -> None:
    assert disposal_problem(kind, D(quantity), Balance(D(5), D(2)), D(waiting), "vial", "A") == said


@pytest.mark.parametrize(
    ("draft", "fields"),
    [
        (GOOD, []),
        (DisposalDraft(), ["location_id", "quantity", "because"]),
        (DisposalDraft(PLACE, "received", D(0), " a "), ["kind", "quantity", "because"]),
    ],
)
def test_what_a_draft_lacks(draft: DisposalDraft, fields: list[str]) -> None:
    assert [problem.field for problem in draft.problems()] == fields


def test_a_schedule_is_written_with_a_hyphen() -> None:
    assert [schedule_words(one) for one in ("CII", "CV")] == ["C-II", "C-V"]

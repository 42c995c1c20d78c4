"""What is typed at the bench: complete it is taken, and what is missing is named at its field."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from infusiondesk.compounding.rules import FinishDraft, LabelDraft, PlanDraft, ProofDraft, StartDraft, VolumeProof

PLAN = PlanDraft(UUID(int=1), 14, datetime(2026, 3, 2, 20, 0, tzinfo=UTC), UUID(int=2))


@pytest.mark.parametrize("bags", [1, 14, 250])
def test_a_complete_plan_has_no_problem(bags: int) -> None:
    assert replace(PLAN, bags=bags).problems() == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"order_version_id": None}, "order_version_id"),
        ({"bags": None}, "bags"),
        ({"bags": 0}, "bags"),
        ({"bags": 251}, "bags"),
        ({"due_at": None}, "due_at"),
        ({"product_id": None}, "product_id"),
        ({"category": "3"}, "category"),
        ({"category": "immediate_use"}, "category"),
        ({"facility": "kitchen"}, "facility"),
        ({"storage": "pump_37c"}, "storage"),
    ],
)
def test_a_plan_names_what_is_wrong(change: dict[str, Any], field: str) -> None:
    assert [problem.field for problem in replace(PLAN, **change).problems()] == [field]


@pytest.mark.parametrize(
    ("draft", "fields"),
    [
        (StartDraft("PEC-2", is_clear=True), []),
        (StartDraft(" ", is_clear=True), ["hood"]),
        (StartDraft("PEC-2"), ["is_clear"]),
        (FinishDraft(1, looks_right=True), []),
        (FinishDraft(None, looks_right=True), ["good_bags"]),
        (FinishDraft(0), ["good_bags", "looks_right"]),
        (ProofDraft(VolumeProof.GRAVIMETRIC), []),
        (ProofDraft("trust"), ["proof"]),
        (ProofDraft(), ["proof"]),
        (LabelDraft(0), []),
        (LabelDraft(), ["labels"]),
    ],
)
def test_each_step_names_what_is_missing(draft: StartDraft | FinishDraft | ProofDraft | LabelDraft, fields: list[str]) -> None:
    assert [problem.field for problem in draft.problems()] == fields

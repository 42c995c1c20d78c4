"""The life of a batch and who may release it (clinical 9.3), as tables."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from infusiondesk.compounding.rules import (
    STEPS,
    BatchEvent,
    BatchForRelease,
    BatchState,
    Refusal,
    ReleasePolicy,
    Step,
    may_release,
    next_step,
)

# state, event, role, next state
LIFE: list[tuple[BatchState | None, BatchEvent, str, BatchState]] = [
    (None, BatchEvent.PLAN, "TECH", BatchState.PLANNED),
    (BatchState.PLANNED, BatchEvent.APPROVE_WORKSHEET, "RPH", BatchState.WORKSHEET_APPROVED),
    (BatchState.WORKSHEET_APPROVED, BatchEvent.STAGE, "TECH", BatchState.STAGED),
    (BatchState.STAGED, BatchEvent.START, "TECH", BatchState.COMPOUNDING),
    (BatchState.COMPOUNDING, BatchEvent.CHECK, "RPH", BatchState.CHECKED),
    (BatchState.COMPOUNDING, BatchEvent.REJECT, "RPH", BatchState.REJECTED),
    (BatchState.CHECKED, BatchEvent.REJECT, "PIC", BatchState.REJECTED),
    (BatchState.CHECKED, BatchEvent.LABEL, "TECH", BatchState.LABELLED),
    (BatchState.LABELLED, BatchEvent.RELEASE, "RPH", BatchState.RELEASED),
    (BatchState.RELEASED, BatchEvent.DISPENSE, "DRIVER", BatchState.DISPENSED),
    (BatchState.RELEASED, BatchEvent.QUARANTINE, "RPH", BatchState.QUARANTINED),
    (BatchState.DISPENSED, BatchEvent.QUARANTINE, "PIC", BatchState.QUARANTINED),
    (BatchState.QUARANTINED, BatchEvent.CLEAR, "PIC", BatchState.RELEASED),
    (BatchState.QUARANTINED, BatchEvent.DESTROY, "PIC", BatchState.DESTROYED),
    (BatchState.DISPENSED, BatchEvent.RECALL, "PIC", BatchState.RECALLED),
    (BatchState.DISPENSED, BatchEvent.DESTROY, "PIC", BatchState.DESTROYED),
    (BatchState.RECALLED, BatchEvent.DESTROY, "PIC", BatchState.DESTROYED),
]


@pytest.mark.parametrize(("state", "event", "role", "expected"), LIFE)
def test_allowed_steps(state: BatchState | None, event: BatchEvent, role: str, expected: BatchState) -> None:
    step = next_step(state, event, {role})
    assert isinstance(step, Step)
    assert step.to is expected and step.needs


def test_there_are_no_other_steps() -> None:
    allowed = {(state, event) for state, event, _, _ in LIFE}
    assert {(step.since, step.event) for step in STEPS} == allowed
    for state in (None, *BatchState):
        for event in BatchEvent:
            if (state, event) not in allowed:
                found = next_step(state, event, {"PIC", "TECH"})
                assert isinstance(found, Refusal) and found.code == "no_such_step" and found.because


def test_every_state_is_reached_and_the_ends_are_irreversible() -> None:
    assert {step.to for step in STEPS} == set(BatchState)
    ends = set(BatchState) - {step.since for step in STEPS}
    assert ends == {BatchState.REJECTED, BatchState.DESTROYED}
    assert all(step.irreversible for step in STEPS if step.to in ends)


@pytest.mark.parametrize(
    ("state", "event", "role"),
    [
        (BatchState.LABELLED, BatchEvent.RELEASE, "TECH"),
        (BatchState.QUARANTINED, BatchEvent.CLEAR, "RPH"),
        (BatchState.PLANNED, BatchEvent.APPROVE_WORKSHEET, "ADMIN"),
    ],
)
def test_steps_of_another_role(state: BatchState, event: BatchEvent, role: str) -> None:
    found = next_step(state, event, {role})
    assert isinstance(found, Refusal) and (found.code, found.field) == ("role", "roles")


DONE = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
BATCH = BatchForRelease(compounder="ZZTEST Tech", finished_at=DONE)
ALONE = ReleasePolicy(single_pharmacist_mode=True)


def test_another_pharmacist_releases() -> None:
    found = may_release(BATCH, verifier="ZZTEST Pharmacist", verifier_is_pharmacist=True, at=DONE)
    assert found.is_allowed and not found.is_flagged
    assert found.because == ("ZZTEST Pharmacist releases what ZZTEST Tech made.",)


# batch, verifier, pharmacist, minutes after the work, policy, part of the sentence
REFUSED: list[tuple[BatchForRelease, str, bool, int, ReleasePolicy | None, str]] = [
    (BATCH, "ZZTEST Tech", True, 60, None, "another pharmacist"),
    (BATCH, "ZZTEST Nurse", False, 60, None, "Only a pharmacist"),
    (replace(BATCH, has_beyond_use_date=False), "ZZTEST P", True, 60, None, "beyond-use date"),
    (replace(BATCH, has_storage=False), "ZZTEST P", True, 60, None, "storage"),
    (replace(BATCH, has_auxiliary_labels=False), "ZZTEST P", True, 60, None, "auxiliary labels"),
    (replace(BATCH, is_yield_reconciled=False), "ZZTEST P", True, 60, None, "yield"),
    (replace(BATCH, controlled_variance_is_zero=False), "ZZTEST P", True, 60, None, "controlled"),
    (BATCH, "ZZTEST Tech", True, 14, ALONE, "at least 15 min"),
    (replace(BATCH, is_high_alert=True), "ZZTEST Tech", True, 60, ALONE, "high-alert"),
]


@pytest.mark.parametrize(("batch", "verifier", "pharmacist", "minutes", "policy", "sentence"), REFUSED)
def test_refused_releases(
    batch: BatchForRelease, verifier: str, pharmacist: bool, minutes: int, policy: ReleasePolicy | None, sentence: str
) -> None:
    at = DONE + timedelta(minutes=minutes)
    found = may_release(batch, verifier=verifier, verifier_is_pharmacist=pharmacist, at=at, policy=policy)
    assert not found.is_allowed and not found.is_flagged
    assert len(found.because) == 1 and sentence in found.because[0]


def test_one_pharmacist_alone_is_flagged() -> None:
    found = may_release(BATCH, verifier="ZZTEST Tech", verifier_is_pharmacist=True, at=DONE + timedelta(minutes=15), policy=ALONE)
    assert found.is_allowed and found.is_flagged


def test_every_reason_is_given_at_once() -> None:
    batch = replace(BATCH, has_storage=False, is_yield_reconciled=False)
    found = may_release(batch, verifier="ZZTEST Tech", verifier_is_pharmacist=False, at=DONE)
    assert len(found.because) == 4

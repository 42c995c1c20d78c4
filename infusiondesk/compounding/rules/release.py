"""Who may let a batch leave the clean room (clinical 9.3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

_SOURCE = "clinical 9.3"


@dataclass(frozen=True)
class ReleasePolicy:
    """Whether one pharmacist may release what the same pharmacist made: a policy of the pharmacy, off by default."""

    single_pharmacist_mode: bool = False
    second_look_after: timedelta = timedelta(minutes=15)


@dataclass(frozen=True)
class BatchForRelease:
    """What stands on the bench: who made it and when, and what is settled about it."""

    compounder: str
    finished_at: datetime
    is_high_alert: bool = False
    has_beyond_use_date: bool = True
    has_storage: bool = True
    has_auxiliary_labels: bool = True
    is_yield_reconciled: bool = True
    controlled_variance_is_zero: bool = True


@dataclass(frozen=True)
class Release:
    """Allowed or not, and why; `is_flagged` where one person did both and the record must say so."""

    is_allowed: bool
    is_flagged: bool
    because: tuple[str, ...]
    sources: tuple[str, ...] = (_SOURCE,)


def may_release(
    batch: BatchForRelease, *, verifier: str, verifier_is_pharmacist: bool, at: datetime, policy: ReleasePolicy | None = None
) -> Release:
    """Judge one release: a pharmacist other than the compounder, and nothing about the batch left open."""
    policy = policy or ReleasePolicy()
    settled = (
        (verifier_is_pharmacist, "Only a pharmacist releases a batch."),
        (batch.has_beyond_use_date, "The beyond-use date is missing."),
        (batch.has_storage, "The storage is missing."),
        (batch.has_auxiliary_labels, "The auxiliary labels are not settled."),
        (batch.is_yield_reconciled, "The yield is not reconciled."),
        (batch.controlled_variance_is_zero, "The controlled drug does not add up to zero."),
    )
    against = [sentence for is_settled, sentence in settled if not is_settled]
    is_same_person = verifier == batch.compounder
    if is_same_person:
        against += _against_one_person(batch, at, policy)
    if against:
        return Release(False, False, tuple(against))
    if is_same_person:
        minutes = policy.second_look_after // timedelta(minutes=1)
        return Release(True, True, (f"Single-pharmacist mode: {verifier} made it and looked again after {minutes} min or more.",))
    return Release(True, False, (f"{verifier} releases what {batch.compounder} made.",))


def _against_one_person(batch: BatchForRelease, at: datetime, policy: ReleasePolicy) -> list[str]:
    if not policy.single_pharmacist_mode:
        return [f"{batch.compounder} made this batch; another pharmacist releases it."]
    against = []
    if batch.is_high_alert:
        against.append("A high-alert drug is never released by the person who made it.")
    if at - batch.finished_at < policy.second_look_after:
        minutes = policy.second_look_after // timedelta(minutes=1)
        against.append(f"In single-pharmacist mode the second look comes at least {minutes} min after the work.")
    return against

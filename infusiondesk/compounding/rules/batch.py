"""The life of a batch: which step may follow which, and who takes it (clinical 9.3)."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from infusiondesk.compounding.rules.refusal import Refusal

_SOURCE = "clinical 9.3"


class BatchState(StrEnum):
    """Where a batch stands."""

    PLANNED = "Planned"
    WORKSHEET_APPROVED = "Worksheet approved"
    STAGED = "Staged"
    COMPOUNDING = "Compounding"
    CHECKED = "Checked"
    REJECTED = "Rejected"
    LABELLED = "Labelled"
    RELEASED = "Released"
    DISPENSED = "Dispensed"
    QUARANTINED = "Quarantined"
    RECALLED = "Recalled"
    DESTROYED = "Destroyed"


class BatchEvent(StrEnum):
    """What somebody does to a batch."""

    PLAN = "plan"
    APPROVE_WORKSHEET = "approve worksheet"
    STAGE = "stage"
    START = "start"
    CHECK = "check"
    REJECT = "reject"
    LABEL = "label"
    RELEASE = "release"
    DISPENSE = "dispense"
    QUARANTINE = "quarantine"
    CLEAR = "clear"
    DESTROY = "destroy"
    RECALL = "recall"


@dataclass(frozen=True)
class Step:
    """One allowed step; `since` None means the batch does not exist yet. `needs` names what must be recorded with it."""

    since: BatchState | None
    event: BatchEvent
    to: BatchState
    roles: tuple[str, ...]
    needs: tuple[str, ...]
    irreversible: bool = False


_REJECTION = ("reason", "waste quantity", "witness for a controlled drug")
_DESTRUCTION = ("investigation", "witness for a controlled or hazardous drug")
STEPS: tuple[Step, ...] = (
    Step(None, BatchEvent.PLAN, BatchState.PLANNED, ("TECH", "RPH"), ("verified order", "quantity", "due time", "formula")),
    Step(
        BatchState.PLANNED,
        BatchEvent.APPROVE_WORKSHEET,
        BatchState.WORKSHEET_APPROVED,
        ("RPH",),
        ("calculated volumes", "beyond-use date", "container"),
    ),
    Step(
        BatchState.WORKSHEET_APPROVED,
        BatchEvent.STAGE,
        BatchState.STAGED,
        ("TECH",),
        ("ingredients scanned", "lots in date", "opened vials within their in-use limit", "recall check"),
    ),
    Step(
        BatchState.STAGED,
        BatchEvent.START,
        BatchState.COMPOUNDING,
        ("TECH",),
        ("competency in date", "hood certified", "daily cleaning", "room readings", "line clearance"),
    ),
    Step(BatchState.COMPOUNDING, BatchEvent.CHECK, BatchState.CHECKED, ("RPH",), ("proof of volume",)),
    Step(BatchState.COMPOUNDING, BatchEvent.REJECT, BatchState.REJECTED, ("RPH",), _REJECTION, irreversible=True),
    Step(BatchState.CHECKED, BatchEvent.REJECT, BatchState.REJECTED, ("RPH",), _REJECTION, irreversible=True),
    Step(BatchState.CHECKED, BatchEvent.LABEL, BatchState.LABELLED, ("TECH",), ("label print", "label count", "visual inspection")),
    Step(
        BatchState.LABELLED,
        BatchEvent.RELEASE,
        BatchState.RELEASED,
        ("RPH",),
        ("beyond-use date", "storage", "auxiliary labels", "yield reconciled"),
        irreversible=True,
    ),
    Step(
        BatchState.RELEASED,
        BatchEvent.DISPENSE,
        BatchState.DISPENSED,
        ("TECH", "DRIVER"),
        ("patient matches order", "cold-chain pack", "manifest"),
        irreversible=True,
    ),
    Step(BatchState.RELEASED, BatchEvent.QUARANTINE, BatchState.QUARANTINED, ("RPH",), ("reason",)),
    Step(BatchState.DISPENSED, BatchEvent.QUARANTINE, BatchState.QUARANTINED, ("RPH",), ("reason",)),
    Step(BatchState.QUARANTINED, BatchEvent.CLEAR, BatchState.RELEASED, ("PIC",), ("investigation",)),
    Step(BatchState.QUARANTINED, BatchEvent.DESTROY, BatchState.DESTROYED, ("PIC",), _DESTRUCTION, irreversible=True),
    Step(
        BatchState.DISPENSED,
        BatchEvent.RECALL,
        BatchState.RECALLED,
        ("PIC",),
        ("patients by lot", "contact outcome", "retrieval"),
        irreversible=True,
    ),
    # What comes back is never restocked (clinical 9.3): it can only be destroyed.
    Step(BatchState.DISPENSED, BatchEvent.DESTROY, BatchState.DESTROYED, ("PIC",), _DESTRUCTION, irreversible=True),
    Step(BatchState.RECALLED, BatchEvent.DESTROY, BatchState.DESTROYED, ("PIC",), _DESTRUCTION, irreversible=True),
)


def next_step(state: BatchState | None, event: BatchEvent, roles: Collection[str]) -> Step | Refusal:
    """The step this event means from here, or why it is none; the pharmacist in charge is a pharmacist too."""
    held = {*roles, *(("RPH",) if "PIC" in roles else ())}
    here = f"A batch that is {state}" if state else "A batch that is not planned yet"
    for step in STEPS:
        if step.since is state and step.event is event:
            if held.isdisjoint(step.roles):
                return Refusal("role", "roles", f"To {event} a batch takes: {', '.join(step.roles)}.", _SOURCE)
            return step
    ways = ", ".join(step.event for step in STEPS if step.since is state) or "nothing"
    return Refusal("no_such_step", "event", f"{here} cannot go through: {event}. From here: {ways}.", _SOURCE)

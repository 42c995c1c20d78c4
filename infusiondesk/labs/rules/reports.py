"""The life of a laboratory report as data: who may take which step, with what, and what cannot be undone (clinical 9.5)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final


class ReportState(StrEnum):
    """Where a report stands."""

    NEW = "new"
    ORDERED = "ordered"
    MISSING = "missing"
    COLLECTED = "collected"
    RESULTED = "resulted"
    FLAGGED = "flagged"
    REVIEWED = "reviewed"
    CLOSED = "closed"
    REJECTED = "rejected"
    MISFILED = "misfiled"


_FROM_RESULTED: Final = (ReportState.RESULTED, ReportState.FLAGGED, ReportState.REVIEWED, ReportState.CLOSED)


@dataclass(frozen=True)
class Step:
    """One step: from which states, to which, by whom, and the data without which it is refused."""

    event: str
    origins: tuple[ReportState, ...]
    to: ReportState
    roles: frozenset[str]
    required: tuple[str, ...]
    required_if: tuple[tuple[str, tuple[str, ...]], ...] = ()  # circumstance -> data it asks for besides
    note: str = ""
    is_final: bool = False  # cannot be undone: a mistake is answered with a new row


# Roles of clinical 0.3; SYSTEM is the program itself, LAB a laboratory's interface.
STEPS: Final[tuple[Step, ...]] = (
    Step("order", (ReportState.NEW,), ReportState.ORDERED, frozenset({"RPH"}), ("protocol_line", "due_at", "prescriber_authority")),
    Step(
        "overdue",
        (ReportState.ORDERED,),
        ReportState.MISSING,
        frozenset({"SYSTEM"}),
        ("due_at",),
        note="due and 48 elapsed hours; a task to nurse and pharmacist; some protocols hold the refill",
    ),
    Step(
        "draw",
        (ReportState.ORDERED, ReportState.MISSING),
        ReportState.COLLECTED,
        frozenset({"RN"}),
        ("collected_at", "site", "tubes", "courier"),
        (("level", ("last_dose_started_at", "last_dose_stopped_at")),),
    ),
    Step(
        "receive",
        (ReportState.COLLECTED,),
        ReportState.RESULTED,
        frozenset({"LAB", "TECH"}),
        ("patient_match", "analyte_code", "unit"),
        (("manual", ("second_person",)),),
        note="range and flag of the laboratory are kept where they came; typed results need a second person",
        is_final=True,
    ),
    Step("rules", (ReportState.RESULTED,), ReportState.FLAGGED, frozenset({"SYSTEM"}), ("findings",)),
    Step(
        "review",
        (ReportState.FLAGGED,),
        ReportState.REVIEWED,
        frozenset({"RPH"}),
        ("interpretation", "action"),
        (
            ("critical", ("contact_name", "contacted_at", "read_back", "response")),
            ("parenteral_nutrition", ("dietitian",)),
        ),
        is_final=True,
    ),
    Step("finish", (ReportState.REVIEWED,), ReportState.CLOSED, frozenset({"RPH"}), ("actions_complete", "plan_updated")),
    Step(
        "correct",
        _FROM_RESULTED,
        ReportState.FLAGGED,
        frozenset({"LAB"}),
        ("new_version",),
        note="the first version stays readable, the difference is shown, a new review is forced",
        is_final=True,
    ),
    Step(
        "reject",
        (ReportState.COLLECTED,),
        ReportState.REJECTED,
        frozenset({"LAB", "RPH"}),
        ("reason",),
        note="haemolysed, mistimed or too little: a task to draw again",
        is_final=True,
    ),
    Step(
        "wrong_patient",
        _FROM_RESULTED,
        ReportState.MISFILED,
        frozenset({"RPH"}),
        ("reason", "right_patient"),
        note="kept and struck, out of trends, flags and evaluations; actions taken on it are checked again; new on the right "
        "patient with its original times; an incident",
        is_final=True,
    ),
)

# What a reviewer may decide, clinical 3.2.
ACTIONS: Final = (
    "no change",
    "dose change recommended",
    "hold dose",
    "extra lab",
    "switch",
    "discontinue",
    "line action",
    "refer to emergency department",
    "contact prescriber",
)


@dataclass(frozen=True)
class TurnAround:
    """How soon a result must be acted on (clinical 3.2, policy): critical until the prescriber has it, the rest until reviewed."""

    critical: timedelta = timedelta(minutes=60)
    normal: timedelta = timedelta(hours=24)


@dataclass(frozen=True)
class StepVerdict:
    """Where the report stands after the step, or None with the sentence why it is refused."""

    to: ReportState | None
    because: str


def take_step(
    state: ReportState, event: str, *, role: str, given: Collection[str], circumstances: Collection[str] = ()
) -> StepVerdict:
    """May this role take this step from here, with the data at hand?"""
    step = next((step for step in STEPS if step.event == event and state in step.origins), None)
    if step is None:
        return StepVerdict(None, f"A report that is {state} has no step “{event}”.")
    if role not in step.roles:
        return StepVerdict(None, f"The step “{event}” belongs to {' or '.join(sorted(step.roles))}.")
    wanted = [*step.required, *(name for word, names in step.required_if if word in circumstances for name in names)]
    lacking = [name.replace("_", " ") for name in wanted if name not in given]
    if lacking:
        return StepVerdict(None, f"The step “{event}” needs {', '.join(lacking)}.")
    return StepVerdict(step.to, step.note or f"{state} to {step.to}")

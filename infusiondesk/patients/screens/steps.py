"""The steps of an episode that the patient's page offers: which may follow the present status, and the form of each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.foundation.qtkit.forms import ChoiceField, DateField, TextField
from infusiondesk.patients import service
from infusiondesk.patients.rules.journey import step_problem
from infusiondesk.patients.rules.words import HoldReason, PatientStatus
from infusiondesk.patients.screens.forms import FormSpec


class Step(NamedTuple):
    """One step: the words of its button, the verb whose permission counts, and the status it leads to."""

    name: str
    words: str
    verb: Any
    after: PatientStatus
    only_from: PatientStatus | None = None

    def may_follow(self, status: PatientStatus) -> bool:
        """Whether the status allows this step."""
        return step_problem(status, self.after) is None and self.only_from in (None, status)


class Ending(NamedTuple):
    """The verbs that end an episode."""

    discharge: Callable[..., Any] = service.discharge_patient
    transfer: Callable[..., Any] = service.transfer_out
    death: Callable[..., Any] = service.record_death


HOLD: Final = Step("hold", "Hold", service.hold_patient, PatientStatus.ON_HOLD)
RESUME: Final = Step("resume", "Resume", service.resume_patient, PatientStatus.ACTIVE, PatientStatus.ON_HOLD)
DISCHARGE: Final = Step("end", "Discharge", service.discharge_patient, PatientStatus.DISCHARGED)
TRANSFER: Final = Step("transfer", "Transfer out", service.transfer_out, PatientStatus.TRANSFERRED_OUT)
DEATH: Final = Step("death", "Record death", service.record_death, PatientStatus.DECEASED)


def steps_from(status: PatientStatus) -> tuple[Step, ...]:
    """Every step, the usual one of this status first."""
    pair = (RESUME, HOLD) if status is PatientStatus.ON_HOLD else (HOLD, RESUME)
    return (*pair, DISCHARGE, TRANSFER, DEATH)


def why_not(step: Step, status: PatientStatus) -> str:
    """Why a step cannot be taken now; the same sentence for all that cannot, so that it is said once. Nothing when it can."""
    if step.may_follow(status):
        return ""
    listed = ", ".join(one.words for one in steps_from(status) if one.may_follow(status))
    possible = " and ".join(listed.rsplit(", ", 1))
    return f"Status {status}: only {possible} can follow here." if possible else f"Status {status}: nothing follows."


@dataclass
class _Draft:
    def problems(self) -> list[Problem]:
        return []


@dataclass
class HoldDraft(_Draft):
    """Why therapy pauses, and from when."""

    because: HoldReason | None = None
    from_on: date | None = None
    facility: str = ""


@dataclass
class DischargeDraft(_Draft):
    """Until when therapy went."""

    last_day: date | None = None


@dataclass
class TransferDraft(_Draft):
    """Who goes on, and after which day."""

    pharmacy: str = ""
    last_day: date | None = None


@dataclass
class DeathDraft(_Draft):
    """When, and who told us."""

    died_on: date | None = None
    source: str = ""


_ENDS: Final = "The episode ends, with every order and every planned visit"


def followed_by(said: str) -> Callable[[Any], str]:
    """A sentence, and after it what the journey tells that followed; a verb alone tells nothing."""
    return lambda told: f"{said} {told}" if told else said


def hold_form(patient_id: UUID, today: date) -> FormSpec:
    """Therapy pauses for a reason, from a day on."""
    fields = (
        ChoiceField("because", "Why", choices=[(one, one.value) for one in HoldReason], required=True, spread=False),
        DateField("from_on", "From", required=True),
        TextField("facility", "Hospital or place", hint="where the patient is, if known"),
    )
    return FormSpec(
        "hold", "Put therapy on hold", fields, HoldDraft(from_on=today), service.hold_patient,
        lambda draft: {
            "patient_id": patient_id, "because": draft.because, "from_on": draft.from_on, "facility": draft.facility,
        },
        "Therapy is on hold.", "A stay in hospital is entered under Hospital; an active patient goes on hold with it.",
    )  # fmt: skip


def discharge_form(patient_id: UUID, today: date, verb: Callable[..., Any]) -> FormSpec:
    """Therapy is over since a day."""
    fields = (DateField("last_day", "Last day of therapy", required=True),)
    return FormSpec(
        "end", "Discharge", fields, DischargeDraft(today), verb,
        lambda draft: {"patient_id": patient_id, "last_day": draft.last_day}, followed_by("The patient is discharged."),
        f"{_ENDS}; why is asked next.",
    )  # fmt: skip


def transfer_form(patient_id: UUID, today: date, verb: Callable[..., Any]) -> FormSpec:
    """Another pharmacy goes on."""
    fields = (
        TextField("pharmacy", "Pharmacy", required=True, hint="to which the record was sent", wide=True),
        DateField("last_day", "Last day of therapy here", required=True),
    )
    return FormSpec(
        "transfer", "Transfer out", fields, TransferDraft(last_day=today), verb,
        lambda draft: {"patient_id": patient_id, "pharmacy": draft.pharmacy, "last_day": draft.last_day},
        followed_by("The patient is transferred out."), f"{_ENDS}; send the record first.",
    )  # fmt: skip


def death_form(patient_id: UUID, verb: Callable[..., Any]) -> FormSpec:
    """The day, and who told us."""
    fields = (
        DateField("died_on", "Died on", required=True),
        TextField("source", "Who told us", required=True, hint="name, and how they know"),
    )
    return FormSpec(
        "death", "Record death", fields, DeathDraft(), verb,
        lambda draft: {"patient_id": patient_id, "died_on": draft.died_on, "source": draft.source},
        followed_by("The death is recorded."), f"{_ENDS}; nothing follows after it.",
    )  # fmt: skip

"""The few ways in which every verb of this slice writes: an entry with its author, a void, a correction, a step."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import day, moment
from infusiondesk.foundation.kernel.outcomes import Problem, Refused
from infusiondesk.foundation.kernel.people import Area, Role
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.records import Record
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.patients.records import (
    AccessDevice,
    Allergy,
    Correction,
    HomeMedication,
    HospitalStay,
    Measurement,
    OutpatientInfusion,
    Patient,
    PatientDiagnosis,
    PlaceOfCare,
    StatusStep,
)
from infusiondesk.patients.rules.journey import step_problem
from infusiondesk.patients.rules.words import PatientStatus

Line = Allergy | Measurement | PatientDiagnosis | AccessDevice | HomeMedication | PlaceOfCare | HospitalStay | OutpatientInfusion
L = TypeVar(
    "L", Allergy, Measurement, PatientDiagnosis, AccessDevice, HomeMedication, PlaceOfCare, HospitalStay, OutpatientInfusion
)

PHARMACISTS = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)
CLINICAL = (*PHARMACISTS, Role.NURSE)
CHARTING = (*CLINICAL, Role.INTAKE)
WRONG = ("entered for the wrong patient", "typing mistake", "the patient or the paper was wrong")


def refuse_first(problems: Iterable[Problem]) -> None:
    """Refuse the first thing that keeps a draft from being saved."""
    for problem in problems:
        raise Refused(problem.sentence, field=problem.field)


def authorship(uow: UnitOfWork) -> dict[str, Any]:
    """Who writes an entry, and when. No permission of its own: the verb that calls it has checked it."""
    return {"entered_at": uow.clock.now(), "entered_by_id": uow.actor.id, "entered_by": uow.actor.name}


def enter(uow: UnitOfWork, line: L) -> UUID:
    """Keep a new line of the chart. No permission of its own: the verb that calls it has checked it."""
    uow.add(line)
    uow.record(Change("entered", Area.PATIENTS, line.__tablename__, line.id, line.patient_id))
    return line.id


def line_of(uow: UnitOfWork, kind: type[L], line_id: UUID) -> L:
    """A line that still counts. No permission of its own: the verb that calls it has checked it."""
    line = uow.session.get(kind, line_id)
    if line is None:
        raise Refused("This entry is not in the store.")
    if line.voided_at is not None:
        raise Refused(f"{line.voided_by} voided this entry already: {line.void_reason}.")
    return line


def void(uow: UnitOfWork, line: Line, what: str) -> None:
    """Take a wrong line out of account; it stays readable. No permission of its own: the verb that calls it has checked it."""
    reason = uow.reason_for("patients.void", f"Why is this wrong: {what}?", WRONG)
    line.voided_at, line.voided_by, line.void_reason = uow.clock.now(), uow.actor.name, reason
    uow.record(Change("voided", Area.PATIENTS, line.__tablename__, line.id, line.patient_id), reason=reason)


def keep_correction(
    uow: UnitOfWork, patient_id: UUID, entity: str, entity_id: UUID, changed: Mapping[str, tuple[object, object]], reason: str
) -> None:
    """Keep what stood there before. No permission of its own: the verb that calls it has checked it."""
    at = uow.clock.now()
    uow.add(
        Correction(
            patient_id=patient_id,
            number=_next_number(uow, Correction, patient_id),
            entity=entity,
            entity_id=entity_id,
            at=at,
            by_id=uow.actor.id,
            by=uow.actor.name,
            reason=reason,
            before={field: kept(before) for field, (before, _) in changed.items()},
            after={field: kept(after) for field, (_, after) in changed.items()},
            signed_at=at,
        )
    )
    uow.record(Change("corrected", Area.PATIENTS, entity, entity_id, patient_id, detail=", ".join(sorted(changed))), reason=reason)


def kept(value: object) -> object:
    """A value as JSON keeps it and a person reads it."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal | UUID):
        return str(value)
    return list(map(str, value)) if isinstance(value, tuple | list) else value


def differences(record: Record, wanted: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    """The attributes of a record that are to change: before and after."""
    return {name: (getattr(record, name), value) for name, value in wanted.items() if getattr(record, name) != value}


def step(
    uow: UnitOfWork,
    patient: Patient,
    after: PatientStatus,
    *,
    code: str = "",
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Move a patient on, if the step may follow. No permission of its own: the verb that calls it has checked it."""
    if sentence := step_problem(patient.status, after):
        raise Refused(sentence)
    before, patient.status = patient.status, after
    keep_step(uow, patient, before, code=code, reason=reason, details=details)


def keep_step(
    uow: UnitOfWork,
    patient: Patient,
    before: PatientStatus | None,
    *,
    code: str = "",
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write down a step that was made. No permission of its own: the verb that calls it has checked it."""
    at = uow.clock.now()
    uow.session.flush()
    uow.add(
        StatusStep(
            patient_id=patient.id,
            number=_next_number(uow, StatusStep, patient.id),
            episode=patient.episode,
            before=before,
            after=patient.status,
            at=at,
            by_id=uow.actor.id,
            by=uow.actor.name,
            code=code,
            reason=reason,
            details=dict(details or {}),
            signed_at=at,
        )
    )
    uow.record(Change(patient.status.value, Area.PATIENTS, "patient", patient.id, patient.id, detail=code or None), reason=reason)


def _next_number(uow: UnitOfWork, kind: type[Correction] | type[StatusStep], patient_id: UUID) -> int:
    """Lines are counted for each patient: two written in one instant still have an order."""
    return (uow.session.scalar(sa.select(sa.func.max(kind.number)).where(kind.patient_id == patient_id)) or 0) + 1

"""What was: the steps of every episode, what corrections replaced, and every line of the chart with who wrote or voided it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import amount, day, moment
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.patients.queries.loading import device_facts
from infusiondesk.patients.records import (
    AccessDevice,
    Allergy,
    Correction,
    HomeMedication,
    HospitalStay,
    Measurement,
    OutpatientInfusion,
    PatientDiagnosis,
    PlaceOfCare,
    StatusStep,
)
from infusiondesk.patients.rules.plausibility import LABELS, UNITS


@dataclass(frozen=True)
class StepRow:
    """One step of an episode."""

    id: UUID
    episode: int
    before: str
    after: str
    at: datetime
    by: str
    code: str
    reason: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class ChangeRow:
    """One field of one correction: what stood there and what stands there now."""

    id: UUID
    entity: str
    field: str
    before: str
    after: str
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True)
class EntryRow:
    """One line of the chart, voided or not."""

    id: UUID
    kind: str
    text: str
    at: datetime
    by: str
    voided_at: datetime | None
    voided_by: str
    void_reason: str


@query(Area.PATIENTS)
def steps_of(reading: Reading, *, patient_id: UUID) -> Sequence[StepRow]:
    """The way of the patient through the pharmacy, newest first."""
    found = reading.session.scalars(
        sa.select(StatusStep).where(StatusStep.patient_id == patient_id).order_by(StatusStep.number.desc())
    )
    return [
        StepRow(
            one.id,
            one.episode,
            one.before.value if one.before else "",
            one.after.value,
            reading.local(one.at),
            one.by,
            one.code,
            one.reason,
            one.details,
        )
        for one in found
    ]


@query(Area.PATIENTS)
def corrections_of(reading: Reading, *, patient_id: UUID) -> Sequence[ChangeRow]:
    """What was corrected, newest first, one row for each field."""
    found = reading.session.scalars(
        sa.select(Correction).where(Correction.patient_id == patient_id).order_by(Correction.number.desc())
    )
    return [
        ChangeRow(
            one.id, one.entity, field, _words(before), _words(one.after.get(field)), reading.local(one.at), one.by, one.reason
        )
        for one in found
        for field, before in sorted(one.before.items())
    ]


def _words(value: object) -> str:
    if value is None or value == "":
        return "nothing"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


@query(Area.PATIENTS)
def entries_of(reading: Reading, *, patient_id: UUID) -> Sequence[EntryRow]:
    """Every line of the chart, newest first, those that were voided too."""
    rows = [
        EntryRow(
            one.id,
            kind,
            text(reading, one),
            reading.local(one.entered_at),
            one.entered_by,
            reading.local(one.voided_at) if one.voided_at else None,
            one.voided_by or "",
            one.void_reason or "",
        )
        for kind, table, text in _KINDS
        for one in reading.session.scalars(sa.select(table).where(table.patient_id == patient_id))
    ]
    return sorted(rows, key=lambda row: (row.at, row.id), reverse=True)


def _allergy(_: Reading, one: Allergy) -> str:
    return ", ".join(part for part in (one.substance, one.reaction, one.severity.value if one.severity else "") if part)


def _measurement(_: Reading, one: Measurement) -> str:
    return f"{LABELS[one.kind]} {amount(one.value, UNITS[one.kind])}, {one.how} {day(one.measured_on)}"


def _device(_: Reading, one: AccessDevice) -> str:
    removed = f", removed {day(one.removed_on)}" if one.removed_on else ""
    return device_facts(one).text() + removed


def _medication(_: Reading, one: HomeMedication) -> str:
    stopped = f"stopped {day(one.stopped_on)}" if one.stopped_on else ""
    return ", ".join(part for part in (one.name, one.details, stopped) if part)


def _stay(reading: Reading, one: HospitalStay) -> str:
    until = moment(reading.local(one.discharged_at)) if one.discharged_at else "still there"
    return f"{one.facility}, {moment(reading.local(one.admitted_at))} to {until}"


_KINDS: Sequence[tuple[str, Any, Callable[[Reading, Any], str]]] = (
    ("allergy", Allergy, _allergy),
    ("measurement", Measurement, _measurement),
    ("diagnosis", PatientDiagnosis, lambda _, one: f"{one.code} {one.label}".strip()),
    ("access device", AccessDevice, _device),
    ("home medicine", HomeMedication, _medication),
    ("place of care", PlaceOfCare, lambda _, one: f"{one.kind} from {day(one.from_on)}"),
    ("hospital stay", HospitalStay, _stay),
    ("outpatient infusion", OutpatientInfusion, lambda _, one: f"{one.facility}, {day(one.given_on)}"),
)

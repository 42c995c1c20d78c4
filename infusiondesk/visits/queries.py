"""What screens, papers and billing may read of visits."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.people import Area, Role, query
from infusiondesk.foundation.store.signatures import SignatureRow, signatures_of
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.orders.queries import therapy_courses
from infusiondesk.patients.queries import chart_facts
from infusiondesk.patients.records import Patient
from infusiondesk.staff.records import Person
from infusiondesk.visits.records import Visit, VisitHappening, VisitNote
from infusiondesk.visits.rules import VITALS, Baseline, NoteDraft, State, elapsed_minutes, state


@dataclass(frozen=True)
class VisitRow:
    """One visit with where it stands; times on the pharmacy's wall clock; `note` is what is written so far."""

    id: UUID
    patient_id: UUID
    patient: str
    mrn: str
    nurse_id: UUID
    nurse: str
    purpose: str
    window_start: datetime
    window_end: datetime
    remark: str
    state: State
    started_at: datetime | None
    ended_at: datetime | None
    minutes: int | None
    note: NoteDraft | None
    raised: tuple[dict[str, Any], ...]
    signatures: tuple[SignatureRow, ...]


@dataclass(frozen=True)
class SignedVisit:
    """A visit that may be billed: its day in the pharmacy's zone and its elapsed minutes."""

    id: UUID
    on: date
    minutes: int
    nurse: str


@query(Area.VISITS)
def schedule(reading: Reading) -> Sequence[VisitRow]:
    """Visits that still ask for something: to make, to end, to sign; the earliest first."""
    over = (State.SIGNED, State.MISSED, State.CANCELLED)
    return [row for row in _rows(reading, sa.true()) if row.state not in over]


@query(Area.VISITS)
def visits_of(reading: Reading, *, patient_id: UUID) -> Sequence[VisitRow]:
    """All visits of a patient, newest first."""
    return _rows(reading, Visit.patient_id == patient_id)[::-1]


@query(Area.VISITS)
def signed_visits(reading: Reading, *, patient_id: UUID) -> Sequence[SignedVisit]:
    """Visits whose note is signed, oldest first: the only ones billing may count."""
    return [
        SignedVisit(row.id, row.started_at.date(), row.minutes, row.nurse)
        for row in _rows(reading, Visit.patient_id == patient_id)
        if row.state is State.SIGNED and row.started_at is not None and row.minutes is not None
    ]


@query(Area.STAFF, is_audited=False)
def nurses(reading: Reading) -> Sequence[tuple[str, str]]:
    """Nurses who work here, as (key, name), for the choice of who goes."""
    people = reading.session.scalars(sa.select(Person).where(Person.retired_at.is_(None)).order_by(Person.name))
    return [(str(person.id), person.name) for person in people if Role.NURSE.value in person.roles]


@query(Area.PATIENTS)
def baseline_of(reading: Reading, *, patient_id: UUID) -> Baseline:
    """What the alert rules need to know beside the note: the line in place, the last weight, what runs today."""
    facts = chart_facts(reading, patient_id=patient_id)
    today = reading.today()
    device = next((one for one in facts.devices if one.removed_on is None), None)
    running = [course for course in therapy_courses(reading, patient_id=patient_id) if course.first <= today <= course.last]
    kinds = {course.therapy_class for course in running}
    return Baseline(
        external_cm=device.external_cm if device else None,
        last_weight_kg=facts.weight.value if facts.weight else None,
        is_central=device.is_central if device else False,
        is_opioid="pain" in kinds,
        is_inotrope="inotrope" in kinds,
    )


def signed_facts(note: VisitNote) -> dict[str, Any]:
    """Everything a nurse's signature covers."""
    return {
        "id": note.id,
        "visit_id": note.visit_id,
        "patient_id": note.patient_id,
        "started_at": note.started_at,
        "ended_at": note.ended_at,
        "written": note.written,
        "raised": note.raised,
    }


def draft_of(written: Mapping[str, Any]) -> NoteDraft:
    """A note's JSON as the draft it was written from; decimals travel as text."""
    words = {one.name for one in fields(NoteDraft) if one.default == ""}  # a choice that was left open came as null
    known = {one.name for one in fields(NoteDraft)}
    values: dict[str, Any] = {}
    for name, value in written.items():
        if name in known:
            values[name] = "" if value is None and name in words else value
    for name in VITALS:
        if values.get(name) is not None:
            values[name] = Decimal(values[name])
    return NoteDraft(**values)


def _rows(reading: Reading, condition: Any) -> list[VisitRow]:
    found = reading.session.execute(
        sa.select(Visit, Patient, Person, VisitNote)
        .join(Patient, Patient.id == Visit.patient_id)
        .join(Person, Person.id == Visit.nurse_id)
        .outerjoin(VisitNote, VisitNote.visit_id == Visit.id)
        .where(condition)
        .order_by(Visit.window_start, Visit.id)
    ).all()
    happened: dict[UUID, list[VisitHappening]] = defaultdict(list)
    ids = [visit.id for visit, *_ in found]
    for one in reading.session.scalars(
        sa.select(VisitHappening).where(VisitHappening.visit_id.in_(ids)).order_by(VisitHappening.recorded_at, VisitHappening.id)
    ):
        happened[one.visit_id].append(one)
    return [_row(reading, visit, patient, nurse, note, happened[visit.id]) for visit, patient, nurse, note in found]


def _row(
    reading: Reading, visit: Visit, patient: Patient, nurse: Person, note: VisitNote | None, happened: Sequence[VisitHappening]
) -> VisitRow:
    is_signed = note is not None and note.signed_at is not None
    started = reading.local(note.started_at) if note else None
    ended = reading.local(note.ended_at) if note and note.ended_at else None
    return VisitRow(
        visit.id,
        patient.id,
        f"{patient.last_name}, {patient.first_name}",
        patient.mrn,
        nurse.id,
        nurse.name,
        visit.purpose.value,
        reading.local(visit.window_start),
        reading.local(visit.window_end),
        visit.remark,
        state((one.kind for one in happened), is_signed=is_signed),
        started,
        ended,
        elapsed_minutes(started, ended) if started and ended else None,
        draft_of(note.written) if note else None,
        tuple(note.raised) if note else (),
        tuple(signatures_of(reading, VisitNote.__tablename__, note.id, signed_facts(note))) if note and is_signed else (),
    )

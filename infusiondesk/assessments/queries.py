"""What screens, papers and journeys may read of assessments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.assessments.records import Assessment
from infusiondesk.assessments.rules import Disposition
from infusiondesk.assessments.rules.answers import AssessmentDraft
from infusiondesk.assessments.rules.standing import StandingFinding, read_disposition
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.signatures import SignatureRow, signatures_of
from infusiondesk.foundation.store.unit_of_work import Reading


@dataclass(frozen=True)
class AssessmentRow:
    """One assessment, whole; `findings` are those it was signed with, none while it is a draft. Times on the pharmacy's clock."""

    id: UUID
    patient_id: UUID
    number: int
    state: str
    reason: str
    answers: AssessmentDraft
    findings: tuple[StandingFinding, ...]
    dispositions: tuple[Disposition, ...]
    signatures: tuple[SignatureRow, ...]
    started_at: datetime
    started_by: str
    signed_at: datetime | None

    @property
    def kind(self) -> str:
        """The title of its paper."""
        return "Initial assessment" if self.number == 1 else "Reassessment"


@query(Area.ASSESSMENTS)
def assessments_of(reading: Reading, *, patient_id: UUID) -> Sequence[AssessmentRow]:
    """All assessments of a patient, newest first; the newest signed one is current, older ones are superseded."""
    wanted = sa.select(Assessment).where(Assessment.patient_id == patient_id).order_by(Assessment.number.desc())
    found = list(reading.session.scalars(wanted))
    current = max((one.number for one in found if one.signed_at is not None), default=0)
    return [_row(reading, one, current) for one in found]


@query(Area.ASSESSMENTS)
def current_assessment(reading: Reading, *, patient_id: UUID) -> AssessmentRow | None:
    """The newest signed one, None while nothing is signed."""
    return next((row for row in assessments_of(reading, patient_id=patient_id) if row.state == "current"), None)


@query(Area.ASSESSMENTS)
def assessment_of(reading: Reading, *, assessment_id: UUID) -> AssessmentRow:
    """One assessment."""
    patient_id = reading.session.get_one(Assessment, assessment_id).patient_id
    return next(row for row in assessments_of(reading, patient_id=patient_id) if row.id == assessment_id)


@query(Area.ASSESSMENTS)
def signed_assessments(reading: Reading) -> Sequence[tuple[UUID, UUID, int, datetime]]:
    """The newest signed assessment of every patient: its key, the patient, its number and when it was signed."""
    wanted = sa.select(Assessment).where(Assessment.signed_at.is_not(None)).order_by(Assessment.number)
    newest = {one.patient_id: one for one in reading.session.scalars(wanted)}
    return [(one.id, one.patient_id, one.number, one.signed_at) for one in newest.values() if one.signed_at is not None]


def signed_facts(assessment: Assessment) -> dict[str, Any]:
    """Everything a signature under an assessment covers."""
    names = ("id", "patient_id", "number", "reason", "answers", "findings", "dispositions")
    return {name: getattr(assessment, name) for name in names}


def _row(reading: Reading, one: Assessment, current: int) -> AssessmentRow:
    signed = one.signed_at is not None
    return AssessmentRow(
        id=one.id,
        patient_id=one.patient_id,
        number=one.number,
        state=("current" if one.number == current else "superseded") if signed else "draft",
        reason=one.reason or "",
        answers=AssessmentDraft.from_json(one.answers),
        findings=tuple(map(StandingFinding.from_json, one.findings)),
        dispositions=tuple(map(read_disposition, one.dispositions)),
        signatures=tuple(signatures_of(reading, Assessment.__tablename__, one.id, signed_facts(one))) if signed else (),
        started_at=reading.local(one.started_at),
        started_by=one.started_by,
        signed_at=reading.local(one.signed_at) if one.signed_at is not None else None,
    )

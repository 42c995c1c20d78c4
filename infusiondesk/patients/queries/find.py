"""Finding a patient by name, record number, birth date or telephone, however it is typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.patients.records import Allergy, Patient, Referral, SimilarName
from infusiondesk.patients.rules.banner import age_text
from infusiondesk.patients.rules.journey import OPEN
from infusiondesk.patients.rules.names import phone_text, record_number_digits, search_words, typed_date
from infusiondesk.patients.rules.words import PatientStatus, Sex

MOST: Final = 500


@dataclass(frozen=True)
class PatientRow:
    """One line of the list of patients."""

    id: UUID
    name: str
    preferred_name: str
    mrn: str
    born_on: date
    age: str
    sex: Sex
    status: PatientStatus
    therapy: str
    phone: str
    city: str
    has_similar_name: bool
    allergies_are_recorded: bool


@dataclass(frozen=True)
class FoundPatients:
    """The first lines of an answer, and how many there are in all."""

    rows: Sequence[PatientRow]
    total: int


@query(Area.PATIENTS)
def find_patients(reading: Reading, *, text: str = "", open_only: bool = False, most: int = MOST) -> FoundPatients:
    """Everybody whose names hold each of the words; or whose record number, birth date or telephone was typed."""
    wanted = [_meant(text)] if text.strip() else []
    if open_only:
        wanted.append(Patient.status.in_(sorted(OPEN)))
    total = reading.session.scalar(sa.select(sa.func.count()).select_from(Patient).where(*wanted)) or 0
    found = reading.session.execute(
        sa.select(Patient, Referral.therapy)
        .outerjoin(Referral, sa.and_(Referral.patient_id == Patient.id, Referral.episode == Patient.episode))
        .where(*wanted)
        .order_by(Patient.last_key, Patient.search_key, Patient.serial)
        .limit(most)
    ).all()
    ids = [patient.id for patient, _ in found]
    alike, allergic, today = _alike(reading, ids), _allergic(reading, ids), reading.today()
    rows = [
        PatientRow(
            patient.id,
            f"{patient.last_name}, {patient.first_name}",
            patient.preferred_name,
            patient.mrn,
            patient.born_on,
            age_text(patient.born_on, today),
            patient.sex,
            patient.status,
            therapy or "",
            phone_text(patient.phone),
            patient.city,
            patient.id in alike,
            patient.id in allergic or patient.no_known_allergies_at is not None,
        )
        for patient, therapy in found
    ]
    return FoundPatients(rows, total)


def _meant(text: str) -> sa.ColumnElement[bool]:
    """What was typed: a record number, a date, a telephone number, else names."""
    if born_on := typed_date(text):
        return Patient.born_on == born_on
    compact = "".join(sign for sign in text if sign.isalnum())
    if compact.isdigit():
        digits = record_number_digits(text)
        ways: list[sa.ColumnElement[bool]] = [Patient.mrn.startswith(text.strip(), autoescape=True)]
        if digits is not None:
            ways.append(Patient.serial == int(digits[:-1]))
        if len(compact) >= 4:
            ways += [Patient.phone.contains(compact), Patient.other_phone.contains(compact)]
        return sa.or_(*ways)
    words = search_words(text)
    return sa.and_(*(Patient.search_key.contains(word, autoescape=True) for word in words)) if words else sa.false()


def _alike(reading: Reading, ids: Sequence[UUID]) -> set[UUID]:
    pairs = reading.session.execute(
        sa.select(SimilarName.patient_id, SimilarName.other_id).where(
            sa.or_(SimilarName.patient_id.in_(ids), SimilarName.other_id.in_(ids))
        )
    )
    return {one for pair in pairs for one in pair}


def _allergic(reading: Reading, ids: Sequence[UUID]) -> set[UUID]:
    return set(
        reading.session.scalars(sa.select(Allergy.patient_id).where(Allergy.patient_id.in_(ids), Allergy.voided_at.is_(None)))
    )

"""Tables about patients. Nothing here is deleted: a wrong entry is voided and stays, a correction keeps what was there before."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from infusiondesk.foundation.store.columns import ExactDecimal, choice
from infusiondesk.foundation.store.records import Base, Record, Signed
from infusiondesk.patients.rules.words import (
    AllergySeverity,
    CodeStatus,
    DeviceType,
    MeasuredHow,
    MeasurementKind,
    MedicationSource,
    PatientStatus,
    PlaceKind,
    ReferralSource,
    Sex,
    Standing,
    TipConfirmation,
    TipLocation,
)


class Entered:
    """Who wrote the line, and when."""

    entered_at: Mapped[datetime]
    entered_by_id: Mapped[UUID]
    entered_by: Mapped[str]


class Voidable(Entered):
    """A line that may turn out to be wrong: then it stays with a name and a reason, and counts no more."""

    voided_at: Mapped[datetime | None]
    voided_by: Mapped[str | None]
    void_reason: Mapped[str | None]


class Prescriber(Record, Base):
    """Somebody who orders therapy; he never signs in."""

    __tablename__ = "prescriber"
    __table_args__ = (sa.UniqueConstraint("npi"),)

    name: Mapped[str]
    name_key: Mapped[str]
    npi: Mapped[str]
    phone: Mapped[str]
    after_hours_phone: Mapped[str]
    fax: Mapped[str]
    dea: Mapped[str]
    standing: Mapped[Standing] = mapped_column(choice(Standing, "standing"))
    standing_on: Mapped[date | None]
    standing_by: Mapped[str | None]


class Patient(Record, Base):
    """One human being in our care; one chart, however often he is referred."""

    __tablename__ = "patient"
    __table_args__ = (
        sa.UniqueConstraint("mrn"),
        sa.UniqueConstraint("serial"),
        sa.Index("ix_patient_born_on_last_key", "born_on", "last_key"),
    )

    serial: Mapped[int]
    mrn: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    preferred_name: Mapped[str]
    last_key: Mapped[str]
    search_key: Mapped[str]
    born_on: Mapped[date]
    sex: Mapped[Sex] = mapped_column(choice(Sex, "sex"))
    gender_identity: Mapped[str]
    street: Mapped[str]
    city: Mapped[str]
    state: Mapped[str]
    postcode: Mapped[str]
    access_notes: Mapped[str]
    phone: Mapped[str]
    other_phone: Mapped[str]
    e_mail: Mapped[str]
    language: Mapped[str]
    interpreter_needed: Mapped[bool]
    contact_name: Mapped[str]
    contact_relation: Mapped[str]
    contact_phone: Mapped[str]
    emergency_class: Mapped[int | None]
    code_status: Mapped[CodeStatus | None] = mapped_column(choice(CodeStatus, "code_status"))
    prescriber_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("prescriber.id"))
    followed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("prescriber.id"))
    status: Mapped[PatientStatus] = mapped_column(choice(PatientStatus, "status"), index=True)
    episode: Mapped[int]
    no_known_allergies_at: Mapped[datetime | None]
    no_known_allergies_by: Mapped[str | None]


class Referral(Entered, Record, Base):
    """One request to take a patient; it opens an episode."""

    __tablename__ = "referral"
    __table_args__ = (sa.UniqueConstraint("patient_id", "episode"),)

    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"))
    episode: Mapped[int]
    received_at: Mapped[datetime]
    source: Mapped[ReferralSource] = mapped_column(choice(ReferralSource, "source"))
    referring_person: Mapped[str]
    referring_phone: Mapped[str]
    referring_fax: Mapped[str]
    referring_mail: Mapped[str]
    start_of_care_at: Mapped[datetime]
    therapy: Mapped[str]
    documents: Mapped[list[str]]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]
    benefits_verified_at: Mapped[datetime | None]
    benefits_verified_by: Mapped[str | None]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[str | None]
    declined_at: Mapped[datetime | None]
    first_dose_at: Mapped[datetime | None]


class StatusStep(Signed, Base):
    """One step of an episode; `signed_at` is set as it is written, so that the store refuses every later change."""

    __tablename__ = "patient_step"
    __table_args__ = (sa.UniqueConstraint("patient_id", "number"),)

    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"))
    number: Mapped[int]
    episode: Mapped[int]
    before: Mapped[PatientStatus | None] = mapped_column(choice(PatientStatus, "before"))
    after: Mapped[PatientStatus] = mapped_column(choice(PatientStatus, "after"))
    at: Mapped[datetime]
    by_id: Mapped[UUID]
    by: Mapped[str]
    code: Mapped[str]
    reason: Mapped[str]
    details: Mapped[dict[str, Any]]


class Correction(Signed, Base):
    """What stood there before and after a correction; `signed_at` is set as it is written, so that the store keeps it as it is."""

    __tablename__ = "patient_correction"
    __table_args__ = (sa.UniqueConstraint("patient_id", "number"),)

    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"))
    number: Mapped[int]
    entity: Mapped[str]
    entity_id: Mapped[UUID]
    at: Mapped[datetime]
    by_id: Mapped[UUID]
    by: Mapped[str]
    reason: Mapped[str]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]


class SimilarName(Entered, Record, Base):
    """Two people of the same last name and birth date, and who said why they are two."""

    __tablename__ = "similar_name"
    __table_args__ = (sa.UniqueConstraint("patient_id", "other_id"),)

    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"))
    other_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    reason: Mapped[str]


class Allergy(Voidable, Record, Base):
    """One allergy or intolerance."""

    __tablename__ = "allergy"

    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    substance: Mapped[str]
    reaction: Mapped[str]
    severity: Mapped[AllergySeverity | None] = mapped_column(choice(AllergySeverity, "severity"))
    occurred: Mapped[str]
    mechanism: Mapped[str]
    source: Mapped[str]
    noted_on: Mapped[date]


class Measurement(Voidable, Record, Base):
    """One weight or height, in kilograms or centimetres."""

    __tablename__ = "measurement"

    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    kind: Mapped[MeasurementKind] = mapped_column(choice(MeasurementKind, "kind"))
    value: Mapped[Decimal] = mapped_column(ExactDecimal(3))
    measured_on: Mapped[date]
    how: Mapped[MeasuredHow] = mapped_column(choice(MeasuredHow, "how"))
    confirmed_because: Mapped[str | None]


class PatientDiagnosis(Voidable, Record, Base):
    """One diagnosis; rank 1 is the primary one."""

    __tablename__ = "patient_diagnosis"

    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    code: Mapped[str]
    label: Mapped[str]
    rank: Mapped[int]
    started_on: Mapped[date | None]


class AccessDevice(Voidable, Record, Base):
    """One catheter or port."""

    __tablename__ = "access_device"

    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    type: Mapped[DeviceType] = mapped_column(choice(DeviceType, "type"))
    lumens: Mapped[int | None]
    french: Mapped[Decimal | None] = mapped_column(ExactDecimal(2))
    brand: Mapped[str]
    arm: Mapped[str]
    vein: Mapped[str]
    inserted_on: Mapped[date | None]
    inserted_by: Mapped[str]
    total_cm: Mapped[Decimal | None] = mapped_column(ExactDecimal(2))
    external_cm: Mapped[Decimal | None] = mapped_column(ExactDecimal(2))
    needle: Mapped[str]
    tip: Mapped[TipLocation | None] = mapped_column(choice(TipLocation, "tip"))
    tip_confirmed: Mapped[TipConfirmation | None] = mapped_column(choice(TipConfirmation, "tip_confirmed"))
    tip_confirmed_on: Mapped[date | None]
    removed_on: Mapped[date | None]
    removed_because: Mapped[str | None]


class HomeMedication(Voidable, Record, Base):
    """One medicine that the patient takes besides ours, as typed."""

    __tablename__ = "home_medication"

    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    name: Mapped[str]
    details: Mapped[str]
    last_taken: Mapped[str]
    source: Mapped[MedicationSource] = mapped_column(choice(MedicationSource, "source"))
    noted_on: Mapped[date]
    stopped_on: Mapped[date | None]


class PlaceOfCare(Voidable, Record, Base):
    """Where doses are given, from a day until the next place begins."""

    __tablename__ = "place_of_care"

    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    kind: Mapped[PlaceKind] = mapped_column(choice(PlaceKind, "kind"))
    detail: Mapped[str]
    from_on: Mapped[date]


class HospitalStay(Voidable, Record, Base):
    """One stay in a hospital; the answers about doses and line care at home decide its edge days for billing."""

    __tablename__ = "hospital_stay"

    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    facility: Mapped[str]
    because: Mapped[str]
    admitted_at: Mapped[datetime]
    discharged_at: Mapped[datetime | None]
    home_dose_on_admit_day: Mapped[bool | None]
    home_dose_on_discharge_day: Mapped[bool | None]
    line_care_on_admit_day: Mapped[bool | None]
    line_care_on_discharge_day: Mapped[bool | None]


class OutpatientInfusion(Voidable, Record, Base):
    """A day on which the hospital's outpatient department infused; nobody may bill that day for the home."""

    __tablename__ = "outpatient_infusion"

    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    given_on: Mapped[date]
    facility: Mapped[str]

"""Reading patients' records into the values that the rules judge; what was voided is not among them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from infusiondesk.foundation.kernel.clock import Clock, local
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.patients.records import (
    AccessDevice,
    Allergy,
    HomeMedication,
    HospitalStay,
    Measurement,
    OutpatientInfusion,
    Patient,
    PatientDiagnosis,
    PlaceOfCare,
    Prescriber,
    Referral,
    SimilarName,
)
from infusiondesk.patients.rules.facts import (
    AllergyFacts,
    DeviceFacts,
    DiagnosisFacts,
    HomeMedicationFacts,
    MeasurementFacts,
    PatientFacts,
    PlaceFacts,
    PrescriberFacts,
    StayFacts,
)
from infusiondesk.patients.rules.names import phone_text
from infusiondesk.patients.rules.words import LANGUAGES, MeasurementKind

V = TypeVar(
    "V", Allergy, Measurement, PatientDiagnosis, AccessDevice, HomeMedication, PlaceOfCare, HospitalStay, OutpatientInfusion
)


def patient_record(session: Session, patient_id: UUID) -> Patient:
    """The patient, or a sentence."""
    patient = session.get(Patient, patient_id)
    if patient is None:
        raise Refused("This patient is not in the store.")
    return patient


def referral_record(session: Session, patient: Patient) -> Referral:
    """The referral that opened the present episode."""
    return session.scalars(sa.select(Referral).where(Referral.patient_id == patient.id, Referral.episode == patient.episode)).one()


def counting(session: Session, kind: type[V], patient_id: UUID, *order: Any) -> Sequence[V]:
    """The lines of one kind that count, in an order."""
    return session.scalars(
        sa.select(kind).where(kind.patient_id == patient_id, kind.voided_at.is_(None)).order_by(*order, kind.id)
    ).all()


def counting_each(session: Session, kind: type[V], patient_ids: Collection[UUID], *order: Any) -> Mapping[UUID, Sequence[V]]:
    """The same of several patients in one question; a patient without a line has none."""
    found: defaultdict[UUID, list[V]] = defaultdict(list)
    wanted = sa.select(kind).where(kind.patient_id.in_(patient_ids), kind.voided_at.is_(None)).order_by(*order, kind.id)
    for one in session.scalars(wanted):
        found[one.patient_id].append(one)
    return found


def facts_of(session: Session, clock: Clock, patient_id: UUID) -> PatientFacts:
    """Everything about one patient, or a sentence."""
    patient_record(session, patient_id)
    return facts_of_each(session, clock, [patient_id])[patient_id]


def facts_of_each(session: Session, clock: Clock, patient_ids: Collection[UUID]) -> Mapping[UUID, PatientFacts]:
    """Everything about several patients, in as many questions as about one."""
    today = local(clock, clock.now()).date()
    allergies = counting_each(session, Allergy, patient_ids, Allergy.entered_at)
    measured = _newest_measurements(session, patient_ids)
    diagnoses = counting_each(session, PatientDiagnosis, patient_ids, PatientDiagnosis.rank)
    devices = counting_each(session, AccessDevice, patient_ids, AccessDevice.entered_at)
    medications = counting_each(session, HomeMedication, patient_ids, HomeMedication.stopped_on, HomeMedication.name)
    places = counting_each(session, PlaceOfCare, patient_ids, PlaceOfCare.from_on)
    stays = counting_each(session, HospitalStay, patient_ids, HospitalStay.admitted_at)
    similar = _similar_names(session, patient_ids)
    patients = session.scalars(sa.select(Patient).where(Patient.id.in_(patient_ids))).all()
    of = prescribers_of(session, {key for one in patients for key in (one.prescriber_id, one.followed_by_id) if key})
    return {
        patient.id: PatientFacts(
            id=patient.id,
            mrn=patient.mrn,
            first_name=patient.first_name,
            last_name=patient.last_name,
            preferred_name=patient.preferred_name,
            born_on=patient.born_on,
            sex=patient.sex,
            status=patient.status,
            episode=patient.episode,
            phone=phone_text(patient.phone),
            address=address_text(patient),
            language=LANGUAGES.get(patient.language, patient.language),
            interpreter_needed=patient.interpreter_needed,
            emergency_contact=contact_text(patient),
            emergency_class=patient.emergency_class,
            code_status=patient.code_status,
            prescriber=of[patient.prescriber_id] if patient.prescriber_id else None,
            followed_by=of[patient.followed_by_id] if patient.followed_by_id else None,
            no_known_allergies_on=local(clock, patient.no_known_allergies_at).date() if patient.no_known_allergies_at else None,
            allergies=tuple(map(_allergy, allergies[patient.id])),
            weight=measured.get((patient.id, MeasurementKind.WEIGHT)),
            height=measured.get((patient.id, MeasurementKind.HEIGHT)),
            dry_weight=measured.get((patient.id, MeasurementKind.DRY_WEIGHT)),
            diagnoses=tuple(map(_diagnosis, diagnoses[patient.id])),
            devices=tuple(device_facts(one) for one in devices[patient.id] if one.removed_on is None),
            home_medications=tuple(map(_medication, medications[patient.id])),
            place=next((_place(one) for one in reversed(places[patient.id]) if one.from_on <= today), None),
            stays=_stays(clock, stays[patient.id]),
            similar_names=tuple(similar[patient.id]),
        )
        for patient in patients
    }


def address_text(patient: Patient) -> str:
    """One line, as it stands on an envelope."""
    place = " ".join(part for part in (patient.state, patient.postcode) if part)
    return ", ".join(part for part in (patient.street, patient.city, place) if part)


def contact_text(patient: Patient) -> str:
    """``ZZTEST Alder, Paul (husband), 312-555-0142``; empty without a name."""
    if not patient.contact_name:
        return ""
    relation = f" ({patient.contact_relation})" if patient.contact_relation else ""
    phone = f", {phone_text(patient.contact_phone)}" if patient.contact_phone else ""
    return f"{patient.contact_name}{relation}{phone}"


def prescribers_of(session: Session, prescriber_ids: Collection[UUID]) -> Mapping[UUID, PrescriberFacts]:
    """Prescribers as facts."""
    found = session.scalars(sa.select(Prescriber).where(Prescriber.id.in_(prescriber_ids))) if prescriber_ids else ()
    return {one.id: prescriber_facts(one) for one in found}


def prescriber_facts(found: Prescriber) -> PrescriberFacts:
    """A prescriber's record as facts."""
    return PrescriberFacts(
        found.id,
        found.name,
        found.npi,
        phone_text(found.phone),
        phone_text(found.after_hours_phone),
        phone_text(found.fax),
        found.dea,
        found.standing,
        found.standing_on,
    )


def latest_measurement(
    session: Session, patient_id: UUID, kind: MeasurementKind, until: date | None = None
) -> MeasurementFacts | None:
    """The newest measurement of a kind, or the newest up to a day."""
    wanted = [Measurement.patient_id == patient_id, Measurement.kind == kind, Measurement.voided_at.is_(None)]
    if until is not None:
        wanted.append(Measurement.measured_on <= until)
    found = session.scalars(
        sa.select(Measurement)
        .where(*wanted)
        .order_by(Measurement.measured_on.desc(), Measurement.entered_at.desc(), Measurement.id.desc())
        .limit(1)
    ).first()
    return measurement_facts(found) if found is not None else None


def _newest_measurements(
    session: Session, patient_ids: Collection[UUID]
) -> Mapping[tuple[UUID, MeasurementKind], MeasurementFacts]:
    """The newest of each kind of each patient; the same order as :func:`latest_measurement`."""
    newest_first = (Measurement.measured_on.desc(), Measurement.entered_at.desc(), Measurement.id.desc())
    place = sa.func.row_number().over(partition_by=(Measurement.patient_id, Measurement.kind), order_by=newest_first)
    ranked = (
        sa.select(Measurement.id, place.label("place"))
        .where(Measurement.patient_id.in_(patient_ids), Measurement.voided_at.is_(None))
        .subquery()
    )
    found = session.scalars(sa.select(Measurement).join(ranked, ranked.c.id == Measurement.id).where(ranked.c.place == 1))
    return {(one.patient_id, one.kind): measurement_facts(one) for one in found}


def measurement_facts(one: Measurement) -> MeasurementFacts:
    """A measurement's record as facts."""
    return MeasurementFacts(one.id, one.kind, one.value, one.measured_on, one.how, one.confirmed_because, one.entered_by)


def device_facts(one: AccessDevice) -> DeviceFacts:
    """A device's record as facts."""
    return DeviceFacts(
        one.id,
        one.type,
        one.lumens,
        one.french,
        one.brand,
        one.arm,
        one.vein,
        one.tip,
        one.tip_confirmed,
        one.tip_confirmed_on,
        one.inserted_on,
        one.inserted_by,
        one.total_cm,
        one.external_cm,
        one.needle,
        one.removed_on,
    )


def place_of(session: Session, patient_id: UUID, on: date) -> PlaceFacts | None:
    """Where doses are given on a day."""
    found = session.scalars(
        sa.select(PlaceOfCare)
        .where(PlaceOfCare.patient_id == patient_id, PlaceOfCare.voided_at.is_(None), PlaceOfCare.from_on <= on)
        .order_by(PlaceOfCare.from_on.desc(), PlaceOfCare.id.desc())
        .limit(1)
    ).first()
    return _place(found) if found is not None else None


def _place(one: PlaceOfCare) -> PlaceFacts:
    return PlaceFacts(one.id, one.kind, one.detail, one.from_on)


def stays_of(session: Session, clock: Clock, patient_id: UUID) -> tuple[StayFacts, ...]:
    """Hospital stays, oldest first, on the pharmacy's wall clock: billing counts its calendar days."""
    return _stays(clock, counting(session, HospitalStay, patient_id, HospitalStay.admitted_at))


def _stays(clock: Clock, found: Iterable[HospitalStay]) -> tuple[StayFacts, ...]:
    return tuple(
        StayFacts(
            stay.id,
            stay.facility,
            local(clock, stay.admitted_at),
            local(clock, stay.discharged_at) if stay.discharged_at else None,
            stay.because,
            stay.home_dose_on_admit_day,
            stay.home_dose_on_discharge_day,
            stay.line_care_on_admit_day,
            stay.line_care_on_discharge_day,
        )
        for stay in found
    )


def _similar_names(session: Session, patient_ids: Collection[UUID]) -> Mapping[UUID, Sequence[str]]:
    """The others of the same last name and birth date: ``ZZTEST Alder, Marian (40-118-7)``."""
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    pairs = session.execute(
        sa.select(SimilarName.patient_id, SimilarName.other_id).where(
            sa.or_(SimilarName.patient_id.in_(patient_ids), SimilarName.other_id.in_(patient_ids))
        )
    )
    alike = {pair for one, other in pairs for pair in ((one, other), (other, one))}
    others = {other for _, other in alike}
    for other in session.scalars(sa.select(Patient).where(Patient.id.in_(others)).order_by(Patient.serial)) if others else ():
        for one in (one for one, them in alike if them == other.id):
            found[one].append(f"{other.last_name}, {other.first_name} ({other.mrn})")
    return found


def _allergy(one: Allergy) -> AllergyFacts:
    return AllergyFacts(
        one.id,
        one.substance,
        one.reaction,
        one.severity,
        one.occurred,
        one.mechanism,
        one.source,
        one.noted_on,
        one.entered_by,
    )


def _diagnosis(one: PatientDiagnosis) -> DiagnosisFacts:
    return DiagnosisFacts(one.id, one.code, one.label, one.rank, one.started_on)


def _medication(one: HomeMedication) -> HomeMedicationFacts:
    return HomeMedicationFacts(one.id, one.name, one.details, one.last_taken, one.source, one.noted_on, one.stopped_on)

"""The lines of the chart: measurements, diagnoses, home medicines, places of care."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import amount, day
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.patients.queries.loading import counting, latest_measurement, patient_record
from infusiondesk.patients.records import HomeMedication, Measurement, PatientDiagnosis, PlaceOfCare
from infusiondesk.patients.rules.entries import DiagnosisDraft, HomeMedicationDraft, PlaceDraft
from infusiondesk.patients.rules.plausibility import CONFIRMED, LABELS, PLACES, UNITS, MeasurementDraft, doubt_about
from infusiondesk.patients.rules.words import MeasuredHow, MeasurementKind, MedicationSource, PlaceKind
from infusiondesk.patients.service.writing import (
    CHARTING,
    CLINICAL,
    authorship,
    differences,
    enter,
    keep_correction,
    line_of,
    refuse_first,
    void,
)

LEAST_EXPLANATION = 15  # characters, clinical 0.2: a HOLD is cleared with a reason of that length

Meaning = Callable[[str], str | None]


@verb(Area.PATIENTS, *CHARTING, Role.DIETITIAN, does="enter a measurement")
def enter_measurement(uow: UnitOfWork, *, patient_id: UUID, draft: MeasurementDraft) -> UUID:
    """Keep a weight or height; an impossible one is refused, an unlikely one is asked back."""
    patient = patient_record(uow.session, patient_id)
    draft = replace(draft, today=uow.today())
    refuse_first(draft.problems())
    kind, measured_on = MeasurementKind(draft.kind or ""), draft.measured_on or draft.today
    if measured_on < patient.born_on:
        raise Refused(f"{day(measured_on)} lies before the patient's birth; enter the day of the measurement.", field="measured_on")
    # Pounds become grams by rounding; a typed value has no more places than these.
    value = Decimal(draft.value or 0).quantize(Decimal(1).scaleb(-PLACES), ROUND_HALF_UP)
    last = latest_measurement(uow.session, patient_id, kind, until=measured_on) or latest_measurement(uow.session, patient_id, kind)
    confirmed = None
    if doubt := doubt_about(kind, value, last):
        confirmed = uow.reason_for(doubt.key, doubt.question, CONFIRMED, least_characters=LEAST_EXPLANATION)
    return enter(
        uow,
        Measurement(
            patient_id=patient_id,
            kind=kind,
            value=value,
            measured_on=measured_on,
            how=MeasuredHow(draft.how or ""),
            confirmed_because=confirmed,
            **authorship(uow),
        ),
    )


@verb(Area.PATIENTS, *CHARTING, Role.DIETITIAN, does="void a measurement")
def void_measurement(uow: UnitOfWork, *, measurement_id: UUID) -> None:
    """Take a wrong weight or height out of account."""
    one = line_of(uow, Measurement, measurement_id)
    void(uow, one, f"{LABELS[one.kind]} {amount(one.value, UNITS[one.kind])} of {day(one.measured_on)}")


@verb(Area.PATIENTS, *CHARTING, does="enter a diagnosis")
def enter_diagnosis(uow: UnitOfWork, *, patient_id: UUID, draft: DiagnosisDraft, meaning_of: Meaning | None = None) -> UUID:
    """Keep a diagnosis; `meaning_of` looks the code up in the code table, and a code that is not there is refused."""
    patient_record(uow.session, patient_id)
    draft = replace(draft, today=uow.today())
    refuse_first(draft.problems())
    code, label = draft.code.strip().upper(), draft.label.strip()
    if meaning_of is not None:
        found = meaning_of(code)
        if found is None:
            raise Refused(f"{code} is not in the table of ICD-10-CM codes.", field="code")
        label = found
    known = counting(uow.session, PatientDiagnosis, patient_id, PatientDiagnosis.rank)
    if any(one.code == code for one in known):
        raise Refused(f"{code} is on the list already.", field="code")
    first = next((one for one in known if one.rank == 1), None)
    if draft.is_primary and first is not None:
        raise Refused(
            f"{first.code} is the primary diagnosis. Enter this one as secondary, then make it primary.", field="is_primary"
        )
    rank = 1 if draft.is_primary else max([1, *(one.rank for one in known)]) + 1
    return enter(
        uow,
        PatientDiagnosis(patient_id=patient_id, code=code, label=label, rank=rank, started_on=draft.started_on, **authorship(uow)),
    )


@verb(Area.PATIENTS, *CHARTING, does="make a diagnosis the primary one")
def make_primary(uow: UnitOfWork, *, diagnosis_id: UUID) -> None:
    """Put a diagnosis first; the one that was first takes its place."""
    chosen = line_of(uow, PatientDiagnosis, diagnosis_id)
    if chosen.rank == 1:
        raise Refused(f"{chosen.code} is the primary diagnosis already.")
    first = next((one for one in counting(uow.session, PatientDiagnosis, chosen.patient_id) if one.rank == 1), None)
    reason = uow.reason_for(
        "patients.primary", f"Why is {chosen.code} the primary diagnosis?", ("therapy is for it", "entered in the wrong order")
    )
    changed = {"primary_diagnosis": (first.code if first else None, chosen.code)}
    if first is not None:
        first.rank = chosen.rank
    chosen.rank = 1
    keep_correction(uow, chosen.patient_id, "patient_diagnosis", chosen.id, changed, reason)


@verb(Area.PATIENTS, *CLINICAL, does="void a diagnosis")
def void_diagnosis(uow: UnitOfWork, *, diagnosis_id: UUID) -> None:
    """Take a wrong diagnosis out of account."""
    one = line_of(uow, PatientDiagnosis, diagnosis_id)
    void(uow, one, f"diagnosis {one.code}")


@verb(Area.PATIENTS, *CHARTING, Role.TECHNICIAN, does="enter a home medicine")
def enter_home_medication(uow: UnitOfWork, *, patient_id: UUID, draft: HomeMedicationDraft) -> UUID:
    """Keep what the patient takes besides ours, as he says it; screening says later whether it was recognised."""
    patient_record(uow.session, patient_id)
    refuse_first(draft.problems())
    return enter(
        uow,
        HomeMedication(
            patient_id=patient_id,
            name=draft.name.strip(),
            details=draft.details.strip(),
            last_taken=draft.last_taken.strip(),
            source=MedicationSource(draft.source or ""),
            noted_on=uow.today(),
            **authorship(uow),
        ),
    )


@verb(Area.PATIENTS, *CHARTING, Role.TECHNICIAN, does="stop a home medicine")
def stop_home_medication(uow: UnitOfWork, *, medication_id: UUID, stopped_on: date) -> None:
    """Say on which day the patient stopped taking it; it stays on the list as stopped."""
    one = line_of(uow, HomeMedication, medication_id)
    if stopped_on > uow.today():
        raise Refused(f"{day(stopped_on)} is in the future; enter the day on which it was stopped.", field="stopped_on")
    if one.stopped_on is not None:
        raise Refused(f"{one.name} was stopped on {day(one.stopped_on)} already.")
    changed = differences(one, {"stopped_on": stopped_on})
    one.stopped_on = stopped_on
    keep_correction(uow, one.patient_id, "home_medication", one.id, changed, "stopped")


@verb(Area.PATIENTS, *CLINICAL, does="void a home medicine")
def void_home_medication(uow: UnitOfWork, *, medication_id: UUID) -> None:
    """Take a home medicine that was entered wrongly out of account."""
    one = line_of(uow, HomeMedication, medication_id)
    void(uow, one, one.name)


@verb(Area.PATIENTS, *CHARTING, Role.BILLER, does="set the place of care")
def set_place_of_care(uow: UnitOfWork, *, patient_id: UUID, draft: PlaceDraft) -> UUID:
    """Say where doses are given from a day on; the place before it ends there."""
    patient_record(uow.session, patient_id)
    refuse_first(draft.problems())
    taken = sa.select(PlaceOfCare.kind).where(
        PlaceOfCare.patient_id == patient_id, PlaceOfCare.from_on == draft.from_on, PlaceOfCare.voided_at.is_(None)
    )
    if (known := uow.session.scalars(taken).first()) is not None:
        raise Refused(f"From that day on the place of care is {known} already; void that entry first.", field="from_on")
    return enter(
        uow,
        PlaceOfCare(
            patient_id=patient_id,
            kind=PlaceKind(draft.kind or ""),
            detail=draft.detail.strip(),
            from_on=draft.from_on,
            **authorship(uow),
        ),
    )


@verb(Area.PATIENTS, *CHARTING, Role.BILLER, does="void a place of care")
def void_place_of_care(uow: UnitOfWork, *, place_id: UUID) -> None:
    """Take a place that was entered wrongly out of account; the one before it holds on."""
    one = line_of(uow, PlaceOfCare, place_id)
    void(uow, one, f"{one.kind} from {day(one.from_on)}")

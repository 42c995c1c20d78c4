"""Hospital stays: admitted, discharged; days at home and days away are counted from them."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from infusiondesk.foundation.kernel.ismp import day, moment
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.patients.queries.loading import counting, patient_record
from infusiondesk.patients.records import HospitalStay, OutpatientInfusion
from infusiondesk.patients.rules.entries import HospitalDischargeDraft, StayDraft, overlaps
from infusiondesk.patients.rules.words import HoldReason, PatientStatus
from infusiondesk.patients.service.writing import CHARTING, CLINICAL, authorship, enter, line_of, refuse_first, step, void


@verb(Area.PATIENTS, *CHARTING, does="admit a patient to hospital")
def admit_to_hospital(uow: UnitOfWork, *, patient_id: UUID, draft: StayDraft) -> UUID:
    """The patient is in hospital; an active one goes on hold in the same moment."""
    patient = patient_record(uow.session, patient_id)
    draft = replace(draft, now=uow.clock.now())
    refuse_first(draft.problems())
    admitted_at = draft.admitted_at or draft.now
    if uow.local(admitted_at).date() < patient.born_on:
        raise Refused("The admission cannot lie before the patient's birth.", field="admitted_at")
    stays = counting(uow.session, HospitalStay, patient_id, HospitalStay.admitted_at)
    if still := next((stay for stay in stays if stay.discharged_at is None), None):
        since = moment(uow.local(still.admitted_at))
        raise Refused(f"The patient is in {still.facility} since {since}; enter that discharge first.", field="admitted_at")
    if any(stay.admitted_at <= admitted_at < (stay.discharged_at or admitted_at) for stay in stays):
        raise Refused("The admission lies within another hospital stay.", field="admitted_at")
    stay_id = enter(
        uow,
        HospitalStay(
            patient_id=patient_id,
            facility=draft.facility.strip(),
            because=draft.because.strip(),
            admitted_at=admitted_at,
            home_dose_on_admit_day=draft.home_dose_on_admit_day,
            line_care_on_admit_day=draft.line_care_on_admit_day,
            **authorship(uow),
        ),
    )
    if patient.status is PatientStatus.ACTIVE:
        hospital = {"facility": draft.facility.strip(), "from": day(uow.local(admitted_at).date())}
        step(uow, patient, PatientStatus.ON_HOLD, code=HoldReason.HOSPITALISED.value, details=hospital)
    return stay_id


@verb(Area.PATIENTS, *CHARTING, does="note a discharge from hospital")
def discharge_from_hospital(uow: UnitOfWork, *, stay_id: UUID, draft: HospitalDischargeDraft) -> None:
    """The patient left the hospital; therapy resumes by a pharmacist's decision, not by this."""
    stay = line_of(uow, HospitalStay, stay_id)
    if stay.discharged_at is not None:
        raise Refused(f"The discharge is noted already: {moment(uow.local(stay.discharged_at))}.")
    draft = replace(draft, now=uow.clock.now(), admitted_at=stay.admitted_at)
    refuse_first(draft.problems())
    others = [
        (other.admitted_at, other.discharged_at)
        for other in counting(uow.session, HospitalStay, stay.patient_id)
        if other.id != stay.id
    ]
    if overlaps(stay.admitted_at, draft.discharged_at, others):
        raise Refused("With this discharge the stay would lie upon another one.", field="discharged_at")
    stay.discharged_at = draft.discharged_at
    stay.home_dose_on_discharge_day = draft.home_dose_on_discharge_day
    stay.line_care_on_discharge_day = draft.line_care_on_discharge_day
    uow.record(Change("discharged from hospital", Area.PATIENTS, "hospital_stay", stay.id, stay.patient_id))


@verb(Area.PATIENTS, *CLINICAL, does="void a hospital stay")
def void_hospital_stay(uow: UnitOfWork, *, stay_id: UUID) -> None:
    """Take a stay that was entered wrongly out of account; a hold that it brought is lifted by hand."""
    stay = line_of(uow, HospitalStay, stay_id)
    void(uow, stay, f"stay in {stay.facility} from {moment(uow.local(stay.admitted_at))}")


@verb(Area.PATIENTS, *CHARTING, Role.BILLER, does="note an outpatient infusion")
def note_outpatient_infusion(uow: UnitOfWork, *, patient_id: UUID, given_on: date, facility: str) -> UUID:
    """A hospital's outpatient department infused on this day; it cannot be billed for the home."""
    patient_record(uow.session, patient_id)
    if given_on > uow.today():
        raise Refused(f"{day(given_on)} is in the future; enter the day of the infusion.", field="given_on")
    if not facility.strip():
        raise Refused("Enter the hospital.", field="facility")
    if any(one.given_on == given_on for one in counting(uow.session, OutpatientInfusion, patient_id)):
        raise Refused(f"An outpatient infusion on {day(given_on)} is noted already.", field="given_on")
    return enter(
        uow,
        OutpatientInfusion(patient_id=patient_id, given_on=given_on, facility=facility.strip(), **authorship(uow)),
    )


@verb(Area.PATIENTS, *CHARTING, Role.BILLER, does="void an outpatient infusion")
def void_outpatient_infusion(uow: UnitOfWork, *, infusion_id: UUID) -> None:
    """Take a day that was entered wrongly out of account."""
    one = line_of(uow, OutpatientInfusion, infusion_id)
    void(uow, one, f"outpatient infusion of {day(one.given_on)}")

"""The steps of an episode (clinical 9.1): each one says who may, what it needs, and is written down for good."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from infusiondesk.foundation.kernel.ismp import day, moment
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.patients.queries.loading import facts_of, patient_record, referral_record
from infusiondesk.patients.records import Patient, Referral
from infusiondesk.patients.rules.facts import Finding, Severity
from infusiondesk.patients.rules.journey import ReferralFacts, acceptance_findings, intake_problem, step_problem
from infusiondesk.patients.rules.words import DeclineReason, Document, HoldReason, PatientStatus
from infusiondesk.patients.service.chart import LEAST_EXPLANATION
from infusiondesk.patients.service.writing import CLINICAL, PHARMACISTS, step


@verb(Area.PATIENTS, Role.INTAKE, *PHARMACISTS, does="begin intake")
def begin_intake(uow: UnitOfWork, *, patient_id: UUID) -> None:
    """Demographics, prescriber and therapy are known; the rest is gathered."""
    patient = _movable(uow, patient_id, PatientStatus.INTAKE)
    referral = referral_record(uow.session, patient)
    if sentence := intake_problem(facts_of(uow.session, uow.clock, patient_id), referral.therapy):
        raise Refused(sentence)
    step(uow, patient, PatientStatus.INTAKE)


@verb(Area.PATIENTS, Role.INTAKE, *PHARMACISTS, does="mark a referral as pending")
def mark_pending(uow: UnitOfWork, *, patient_id: UUID, missing: Sequence[str]) -> None:
    """Something is still missing; the list of it is kept with the step."""
    patient = _movable(uow, patient_id, PatientStatus.PENDING)
    items = [one.strip() for one in missing if one.strip()]
    if not items:
        raise Refused("Say what is missing; without that the referral is not pending.", field="missing")
    step(uow, patient, PatientStatus.PENDING, details={"missing": items})


@verb(Area.PATIENTS, *PHARMACISTS, does="accept a patient")
def accept_patient(uow: UnitOfWork, *, patient_id: UUID, findings: Sequence[Finding] = ()) -> None:
    """Take the patient. `findings` come from the slices above (assessment, coverage): STOP refuses, HOLD asks for a reason."""
    patient = _movable(uow, patient_id, PatientStatus.ACCEPTED)
    referral = referral_record(uow.session, patient)
    own = acceptance_findings(facts_of(uow.session, uow.clock, patient_id), _referral_facts(referral))
    conditions = _clear(uow, [*own, *findings], "patients.accept", "accepted")
    referral.accepted_at, referral.accepted_by = uow.clock.now(), uow.actor.name
    code = "accept with conditions" if conditions else "accept"
    step(uow, patient, PatientStatus.ACCEPTED, code=code, reason=conditions, details=_kept_findings([*own, *findings]))


@verb(Area.PATIENTS, Role.INTAKE, *PHARMACISTS, does="decline a referral")
def decline_patient(uow: UnitOfWork, *, patient_id: UUID, because: DeclineReason, referrer_told_at: datetime | None) -> None:
    """We do not take the patient; the referrer has been told."""
    patient = _movable(uow, patient_id, PatientStatus.DECLINED)
    if referrer_told_at is None:
        raise Refused(
            "Enter when the referrer was told; a patient who is declined in silence has nobody.", field="referrer_told_at"
        )
    if referrer_told_at > uow.clock.now():
        raise Refused("The referrer cannot have been told in the future.", field="referrer_told_at")
    referral = referral_record(uow.session, patient)
    if referrer_told_at < referral.received_at:
        raise Refused("The referrer cannot have been told before the referral was received.", field="referrer_told_at")
    referral.declined_at = uow.clock.now()
    told = {"referrer told": moment(uow.local(referrer_told_at))}
    step(uow, patient, PatientStatus.DECLINED, code=DeclineReason(because).value, details=told)


@verb(Area.PATIENTS, *PHARMACISTS, does="make a patient active")
def activate_patient(
    uow: UnitOfWork, *, patient_id: UUID, first_dose_at: datetime | None = None, findings: Sequence[Finding] = ()
) -> None:
    """Therapy begins. Assessment, care plan, consent and the first dispense are judged by the journey and arrive as findings."""
    patient = _movable(uow, patient_id, PatientStatus.ACTIVE, only_from=PatientStatus.ACCEPTED)
    reason = _clear(uow, findings, "patients.activate", "made active")
    referral = referral_record(uow.session, patient)
    referral.first_dose_at = first_dose_at or uow.clock.now()
    step(uow, patient, PatientStatus.ACTIVE, reason=reason, details=_kept_findings(findings))


@verb(Area.PATIENTS, *CLINICAL, does="put a patient on hold")
def hold_patient(uow: UnitOfWork, *, patient_id: UUID, because: HoldReason, from_on: date, facility: str = "") -> None:
    """Therapy pauses; what is open of doses and deliveries is suspended by the journey."""
    patient = _movable(uow, patient_id, PatientStatus.ON_HOLD)
    details = {"from": day(from_on)} | ({"facility": facility.strip()} if facility.strip() else {})
    step(uow, patient, PatientStatus.ON_HOLD, code=HoldReason(because).value, details=details)


@verb(Area.PATIENTS, *PHARMACISTS, does="resume a patient's therapy")
def resume_patient(uow: UnitOfWork, *, patient_id: UUID, findings: Sequence[Finding] = ()) -> None:
    """Back to active. New orders, reconciliation, labs, line and reassessment arrive as findings; refused while in hospital."""
    patient = _movable(uow, patient_id, PatientStatus.ACTIVE, only_from=PatientStatus.ON_HOLD)
    stay = facts_of(uow.session, uow.clock, patient_id).open_stay
    if stay is not None:
        raise Refused(f"The patient is in {stay.facility} since {moment(stay.admitted_at)}; enter the discharge first.")
    reason = _clear(uow, findings, "patients.resume", "resumed")
    step(uow, patient, PatientStatus.ACTIVE, code="resumed", reason=reason, details=_kept_findings(findings))


@verb(Area.PATIENTS, *PHARMACISTS, does="discharge a patient")
def discharge_patient(uow: UnitOfWork, *, patient_id: UUID, last_day: date, findings: Sequence[Finding] = ()) -> None:
    """The episode ends with its last day of therapy; a later referral opens the next one. The journey ends orders and visits."""
    patient = _movable(uow, patient_id, PatientStatus.DISCHARGED)
    _check_last_day(uow, patient, last_day)
    cleared = _clear(uow, findings, "patients.discharge_findings", "discharged")
    reason = uow.reason_for(
        "patients.discharge",
        "Why is the patient discharged?",
        ("therapy completed", "order of the prescriber", "on hold for more than 30 days", "moved to other care", "patient's wish"),
    )
    details = {"last day": day(last_day)} | _kept_findings(findings) | ({"cleared": cleared} if cleared else {})
    step(uow, patient, PatientStatus.DISCHARGED, reason=reason, details=details)


@verb(Area.PATIENTS, *CLINICAL, does="record a death")
def record_death(uow: UnitOfWork, *, patient_id: UUID, died_on: date, source: str) -> None:
    """The patient has died; what stops with it is the journey's."""
    patient = _movable(uow, patient_id, PatientStatus.DECEASED)
    if not patient.born_on <= died_on <= uow.today():
        raise Refused("The day of death must lie between birth and today.", field="died_on")
    if not source.strip():
        raise Refused("Enter who told us.", field="source")
    step(uow, patient, PatientStatus.DECEASED, details={"died": day(died_on), "source": source.strip()})


@verb(Area.PATIENTS, *PHARMACISTS, does="transfer a patient out")
def transfer_out(uow: UnitOfWork, *, patient_id: UUID, pharmacy: str, last_day: date) -> None:
    """Another pharmacy goes on after the last day; the record was sent there. The journey ends orders and visits."""
    patient = _movable(uow, patient_id, PatientStatus.TRANSFERRED_OUT)
    if not pharmacy.strip():
        raise Refused("Enter the pharmacy to which the record was sent.", field="pharmacy")
    _check_last_day(uow, patient, last_day)
    details = {"last day": day(last_day), "record sent to": pharmacy.strip()}
    step(uow, patient, PatientStatus.TRANSFERRED_OUT, details=details)


def _check_last_day(uow: UnitOfWork, patient: Patient, last_day: date) -> None:
    """The last day of therapy lies within the episode (clinical 8.6: last dose date)."""
    received_on = uow.local(referral_record(uow.session, patient).received_at).date()
    if not received_on <= last_day <= uow.today():
        raise Refused(f"The last day of therapy lies between the referral, {day(received_on)}, and today.", field="last_day")


def _movable(uow: UnitOfWork, patient_id: UUID, after: PatientStatus, *, only_from: PatientStatus | None = None) -> Patient:
    """The patient, if this step may follow at all: refused before anything is asked."""
    patient = patient_record(uow.session, patient_id)
    if sentence := step_problem(patient.status, after):
        raise Refused(sentence)
    if only_from is not None and patient.status is not only_from:
        raise Refused(f"The patient is {patient.status}, not {only_from}.")
    return patient


def _referral_facts(referral: Referral) -> ReferralFacts:
    missing = tuple(one.value for one in Document if one.value not in referral.documents)
    return ReferralFacts(referral.source, referral.therapy, missing, referral.benefits_verified_at is not None)


def _clear(uow: UnitOfWork, findings: Sequence[Finding], key: str, doing: str) -> str:
    """Refuse at a STOP; ask once for all HOLDs and WARNs (clinical 0.2). The reason, or nothing when there was nothing to clear."""
    stops = [one for one in findings if one.severity is Severity.STOP]
    if stops:
        more = f" And {len(stops) - 1} more." if len(stops) > 1 else ""
        raise Refused(f"The patient cannot be {doing}. {stops[0].because} ({stops[0].rule}){more}")
    open_ones = [one for one in findings if one.severity in (Severity.HOLD, Severity.WARN)]
    if not open_ones:
        return ""
    least = LEAST_EXPLANATION if any(one.severity is Severity.HOLD for one in open_ones) else 3
    listed = " ".join(f"{one.because} ({one.rule})" for one in open_ones)
    return uow.reason_for(key, f"Open: {listed} Why can the patient be {doing} all the same?", least_characters=least)


def _kept_findings(findings: Sequence[Finding]) -> dict[str, list[str]]:
    return {"findings": [f"{one.severity} {one.rule}: {one.because}" for one in findings]} if findings else {}

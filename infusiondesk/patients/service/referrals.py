"""Referrals: taking one in, taking the same person again, and the promises that follow."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.records import Site
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.patients.queries.loading import patient_record, referral_record
from infusiondesk.patients.records import Patient, Prescriber, Referral
from infusiondesk.patients.rules.drafts import ReferralDraft, RequestDraft
from infusiondesk.patients.rules.names import phone_digits, record_number
from infusiondesk.patients.rules.words import Document, PatientStatus, ReferralSource
from infusiondesk.patients.service.demographics import ask_about_others, demographic_columns, mark_similar
from infusiondesk.patients.service.prescribers import keep_prescriber
from infusiondesk.patients.service.writing import (
    PHARMACISTS,
    authorship,
    differences,
    keep_correction,
    keep_step,
    refuse_first,
    step,
)

D = TypeVar("D", bound=RequestDraft)

FIRST_SERIAL = 40_001  # record numbers of five digits read well aloud; where they begin means nothing


@verb(Area.PATIENTS, Role.INTAKE, *PHARMACISTS, does="take in a referral")
def receive_referral(uow: UnitOfWork, *, draft: ReferralDraft) -> UUID:
    """A new patient with his referral; a known person of the same name and birth date is asked about."""
    draft = replace(_timed(uow, draft), today=uow.today())
    refuse_first(draft.problems())
    columns = demographic_columns(draft)
    others = ask_about_others(uow, columns["last_key"], draft.born_on, None)
    prescriber_id = draft.prescriber_id
    if draft.prescriber is not None:
        prescriber_id = keep_prescriber(uow, draft.prescriber, prefix="prescriber_").id
    elif prescriber_id is not None and uow.session.get(Prescriber, prescriber_id) is None:
        raise Refused("This prescriber is not in the store.", field="prescriber_id")
    serial = _next_serial(uow)
    patient = uow.add(
        Patient(
            serial=serial,
            mrn=record_number(serial),
            status=PatientStatus.REFERRAL,
            episode=1,
            prescriber_id=prescriber_id,
            **columns,
        )
    )
    uow.session.flush()
    uow.add(_referral(uow, patient, draft))
    keep_step(uow, patient, None, code=draft.source.value if draft.source else "")
    mark_similar(uow, patient, others)
    return patient.id


@verb(Area.PATIENTS, Role.INTAKE, *PHARMACISTS, does="refer a patient again")
def refer_again(uow: UnitOfWork, *, patient_id: UUID, draft: RequestDraft) -> None:
    """A new episode of a person whose last one is closed; the chart goes on, the old episode stays as it was."""
    patient = patient_record(uow.session, patient_id)
    draft = _timed(uow, draft)
    refuse_first(draft.problems())
    before = patient.status
    patient.episode += 1
    step(uow, patient, PatientStatus.REFERRAL, code=draft.source.value if draft.source else "", details={"after": before.value})
    uow.add(_referral(uow, patient, draft))


@verb(Area.PATIENTS, Role.INTAKE, *PHARMACISTS, does="correct a referral")
def correct_referral(uow: UnitOfWork, *, patient_id: UUID, draft: RequestDraft) -> None:
    """Change what was noted of the present referral; what stood there before stays visible."""
    patient = patient_record(uow.session, patient_id)
    referral = referral_record(uow.session, patient)
    draft = _timed(uow, draft)
    refuse_first(draft.problems())
    changed = differences(referral, _request_columns(draft))
    if not changed:
        raise Refused("Nothing was changed.")
    reason = uow.reason_for("patients.correction", "Why is the referral corrected?", ("typing mistake", "the referrer told us"))
    for name, (_, after) in changed.items():
        setattr(referral, name, after)
    keep_correction(uow, patient.id, "referral", referral.id, changed, reason)


@verb(Area.PATIENTS, Role.INTAKE, *PHARMACISTS, does="acknowledge a referral")
def acknowledge_referral(uow: UnitOfWork, *, patient_id: UUID) -> None:
    """Say that the referrer was answered and told what is missing (clinical 1.1 T1)."""
    referral = referral_record(uow.session, patient_record(uow.session, patient_id))
    if referral.acknowledged_at is not None:
        raise Refused(f"{referral.acknowledged_by} has acknowledged this referral already.")
    referral.acknowledged_at, referral.acknowledged_by = uow.clock.now(), uow.actor.name
    uow.record(Change("acknowledged", Area.PATIENTS, "referral", referral.id, patient_id))


@verb(Area.PATIENTS, Role.INTAKE, Role.BILLER, *PHARMACISTS, does="verify benefits")
def verify_benefits(uow: UnitOfWork, *, patient_id: UUID) -> None:
    """Say that the payer was asked and covers the therapy (clinical 1.1 T2)."""
    referral = referral_record(uow.session, patient_record(uow.session, patient_id))
    if referral.benefits_verified_at is not None:
        raise Refused(f"{referral.benefits_verified_by} has verified the benefits already.")
    referral.benefits_verified_at, referral.benefits_verified_by = uow.clock.now(), uow.actor.name
    uow.record(Change("benefits verified", Area.PATIENTS, "referral", referral.id, patient_id))


@verb(Area.PATIENTS, Role.INTAKE, *PHARMACISTS, does="note which documents came")
def receive_documents(uow: UnitOfWork, *, patient_id: UUID, documents: Sequence[Document]) -> None:
    """Note more documents of the referral; one that came does not go away again."""
    referral = referral_record(uow.session, patient_record(uow.session, patient_id))
    held = {Document(one) for one in (*referral.documents, *documents)}
    referral.documents = [one.value for one in Document if one in held]
    uow.record(Change("documents received", Area.PATIENTS, "referral", referral.id, patient_id))


def _timed(uow: UnitOfWork, draft: D) -> D:
    """The draft with the present instant, and both times in the pharmacy's zone, so that their calendar days can be compared."""
    received, start = draft.received_at, draft.start_of_care_at
    return replace(
        draft,
        now=uow.clock.now(),
        received_at=uow.local(received) if received else None,
        start_of_care_at=uow.local(start) if start else None,
    )


def _request_columns(draft: RequestDraft) -> dict[str, object]:
    held = set(draft.documents)
    return {
        "received_at": draft.received_at,
        "source": ReferralSource(draft.source) if draft.source else None,
        "referring_person": draft.referring_person.strip(),
        "referring_phone": phone_digits(draft.referring_phone) or "",
        "referring_fax": phone_digits(draft.referring_fax) or "",
        "referring_mail": draft.referring_mail.strip(),
        "start_of_care_at": draft.start_of_care_at,
        "therapy": draft.therapy.strip(),
        "documents": [one.value for one in Document if one in held],
    }


def _referral(uow: UnitOfWork, patient: Patient, draft: RequestDraft) -> Referral:
    return Referral(patient_id=patient.id, episode=patient.episode, **_request_columns(draft), **authorship(uow))


def _next_serial(uow: UnitOfWork) -> int:
    """The next number of the series; the site's row is locked, so that two desks on a server cannot take the same one."""
    uow.session.scalars(sa.select(Site.id).where(Site.id == uow.site.id).with_for_update()).one()
    return max(FIRST_SERIAL, (uow.session.scalar(sa.select(sa.func.max(Patient.serial))) or 0) + 1)

"""What is done with assessments: started, answered, a HOLD settled, signed. What the gate says of the orders arrives as a value."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.assessments.queries import signed_facts
from infusiondesk.assessments.records import Assessment
from infusiondesk.assessments.rules import Disposition, PrescriberContact, may_dispense
from infusiondesk.assessments.rules.answers import AssessmentDraft, SettleDraft
from infusiondesk.assessments.rules.standing import Case, kept_disposition, key_of, obstacle, read_disposition, standing
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.interactions.rules import Level

_PHARMACISTS = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)
_ASKERS = (Role.INTAKE, Role.NURSE, *_PHARMACISTS)
_AGAIN = ("new order, drug or dose", "new allergy or line", "back from hospital", "other prescriber or payer", "90 days are over")


@verb(Area.ASSESSMENTS, *_ASKERS, does="start an assessment")
def start_assessment(uow: UnitOfWork, *, patient_id: UUID) -> UUID:
    """The first one, empty; or the next one with the answers and reasons of the last, to be gone through again, with its cause."""
    newest = uow.session.scalars(
        sa.select(Assessment).where(Assessment.patient_id == patient_id).order_by(Assessment.number.desc()).limit(1)
    ).first()
    if newest is not None and newest.signed_at is None:
        raise Refused(f"Assessment {newest.number} is still open. Finish and sign that one.")
    reason = uow.reason_for("assessments.again", "Why is the patient assessed again?", _AGAIN) if newest is not None else None
    answers = AssessmentDraft.from_json(newest.answers) if newest is not None else AssessmentDraft()
    answers.decision, answers.decision_because = None, ""  # a decision is never carried over
    started = uow.add(
        Assessment(
            patient_id=patient_id,
            number=newest.number + 1 if newest is not None else 1,
            reason=reason,
            answers=answers.to_json(),
            findings=[],
            dispositions=list(newest.dispositions) if newest is not None else [],
            started_at=uow.clock.now(),
            started_by=uow.actor.name,
        )
    )
    _record(uow, started, "started", reason)
    return started.id


@verb(Area.ASSESSMENTS, *_ASKERS, does="write in an assessment")
def keep_answers(uow: UnitOfWork, *, assessment_id: UUID, draft: AssessmentDraft, seen: AssessmentDraft | None = None) -> None:
    """Keep what is answered. With `seen`, only what differs from it is written, so that two people do not undo each other."""
    assessment = _open(uow, assessment_id)
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    before = seen.to_json() if seen is not None else {}
    assessment.answers = assessment.answers | {
        name: value for name, value in draft.to_json().items() if seen is None or value != before[name]
    }
    _record(uow, assessment, "answered")


@verb(Area.ASSESSMENTS, *_PHARMACISTS, does="settle a finding")
def settle_finding(
    uow: UnitOfWork, *, assessment_id: UUID, rule: str, about: str, because: str, draft: SettleDraft, cases: Sequence[Case]
) -> None:
    """Write a reason under one HOLD, for every order of this patient that it stands for; a STOP is settled by nobody."""
    assessment = _open(uow, assessment_id)
    found = [(case, one) for case in cases for one in case.findings if key_of(one) == (rule, about, because)]
    if not found:
        raise Refused("This finding does not stand any more. Look at what is there now.")
    level = found[0][1].level
    if level is Level.STOP:
        raise Refused(f"STOP {rule} is settled by nobody; {found[0][1].resolution}.")
    if level is not Level.HOLD:
        raise Refused(f"{level} {rule} keeps nothing back and needs no reason.")
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    if draft.prescriber_told_at is not None and draft.prescriber_told_at > uow.clock.now():
        raise Refused("The prescriber cannot have been reached in the future.", field="prescriber_told_at")
    contact = None
    if draft.prescriber_told_at is not None:
        contact = PrescriberContact(draft.prescriber_name.strip(), uow.local(draft.prescriber_told_at), draft.read_back is True)
    patient = str(assessment.patient_id)
    kept = []
    for case, finding in found:
        given = Disposition(
            patient, case.order_version, rule, about, because, draft.code or "", draft.text.strip(), uow.actor.name,
            uow.actor.roles, contact,
        )  # fmt: skip
        leave = may_dispense([finding], [given], patient=patient, order_version=case.order_version)
        if not leave.is_granted:
            raise Refused(leave.because[0])
        kept.append(kept_disposition(given))
    assessment.dispositions = [*assessment.dispositions, *kept]
    _record(uow, assessment, f"settled {rule}", draft.code)


@verb(Area.ASSESSMENTS, *_PHARMACISTS, does="sign an assessment")
def sign_assessment(
    uow: UnitOfWork, *, assessment_id: UUID, draft: AssessmentDraft, cases: Sequence[Case], patient_name: str
) -> UUID:
    """Put a pharmacist's name under answers, findings and reasons; refused while a STOP or a HOLD is open."""
    assessment = _open(uow, assessment_id)
    given = [read_disposition(one) for one in assessment.dispositions]
    findings = standing(cases, given, patient=str(assessment.patient_id))
    if sentence := obstacle(draft, findings):
        raise Refused(sentence)
    uow.require_licence("sign an assessment")
    assessment.answers = draft.to_json()
    assessment.findings = [one.to_json() for one in findings]
    uow.sign(
        assessment,
        signed_facts(assessment),
        subject=f"Assessment {assessment.number} of {patient_name}: {draft.decision}",
        meaning="assessed",
        area=Area.ASSESSMENTS,
        patient_id=assessment.patient_id,
    )
    return assessment.id


def _open(uow: UnitOfWork, assessment_id: UUID) -> Assessment:
    assessment = uow.session.get_one(Assessment, assessment_id)
    if assessment.signed_at is not None:
        raise Refused(f"Assessment {assessment.number} is signed and cannot change. Start a reassessment.")
    return assessment


def _record(uow: UnitOfWork, assessment: Assessment, action: str, reason: str | None = None) -> None:
    told = f"number {assessment.number}"
    uow.record(Change(action, Area.ASSESSMENTS, "assessment", assessment.id, assessment.patient_id, detail=told), reason=reason)

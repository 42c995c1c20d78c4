"""The way out of the pharmacy: nothing is packed before assessment and care plan are signed and the gate is open."""

from collections.abc import Sequence
from uuid import UUID

from infusiondesk.assessments.queries import current_assessment
from infusiondesk.careplans.queries import current_plan
from infusiondesk.compounding.queries import released_bags
from infusiondesk.dispensing.queries import tickets_of
from infusiondesk.dispensing.rules import BoxDraft, State
from infusiondesk.dispensing.service import begin_ticket, begin_without_bags
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.unit_of_work import Reading, UnitOfWork
from infusiondesk.patients.rules.facts import Finding, Severity
from infusiondesk.patients.service import activate_patient, resume_patient
from infusiondesk.prescriptions.queries import fill_refusal
from infusiondesk.workflows.admission import assessment_obstacle, may_dispense

_PHARMACISTS = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)


@verb(Area.DISPENSING, Role.TECHNICIAN, *_PHARMACISTS, does="begin a delivery")
def pack_delivery(uow: UnitOfWork, *, patient_id: UUID, bag_ids: Sequence[UUID]) -> UUID:
    """Begin a ticket for released bags, if assessment and care plan are signed (clinical 1.1 T3, T4), their prescriptions may be
    filled once more (clinical 9.2) and nothing is open for their orders.
    """
    for sentence in (assessment_obstacle(uow, patient_id), _plan_obstacle(uow, patient_id)):
        if sentence is not None:
            raise Refused(f"Nothing may be packed. {sentence}")
    orders = {bag.order.id: bag.order for bag in released_bags(uow, patient_id=patient_id) if bag.id in set(bag_ids)}
    for order_id in sorted({order.order_id for order in orders.values()}):
        if (sentence := fill_refusal(uow, order_id=order_id)) is not None:
            raise Refused(f"Nothing may be packed. {sentence}")
    for version_id in sorted(orders):
        leave = may_dispense(uow, version_id)
        if not leave.is_granted:
            raise Refused(f"Nothing may be packed. {leave.because[0]}")
    return begin_ticket(uow, patient_id=patient_id, bag_ids=bag_ids)


@verb(Area.DISPENSING, Role.TECHNICIAN, *_PHARMACISTS, does="begin a delivery without bags")
def pack_without_bags(uow: UnitOfWork, *, draft: BoxDraft) -> UUID:
    """Begin a ticket for a pump, supplies or a package, if assessment and care plan are signed (clinical 1.1 T3, T4)."""
    if draft.patient_id is not None:
        for sentence in (assessment_obstacle(uow, draft.patient_id), _plan_obstacle(uow, draft.patient_id)):
            if sentence is not None:
                raise Refused(f"Nothing may be packed. {sentence}")
    return begin_without_bags(uow, draft=draft)


@verb(Area.PATIENTS, *_PHARMACISTS, does="make a patient active")
def make_active(uow: UnitOfWork, *, patient_id: UUID) -> None:
    """Therapy has begun: assessment, care plan and consent are there and the first delivery has left (clinical 9.1)."""
    findings = _unsigned(uow, patient_id)
    if not any(one.state in (State.ON_THE_ROAD, State.CONFIRMED) for one in tickets_of(uow, patient_id=patient_id)):
        findings.append(Finding("9.1", Severity.STOP, "No delivery has left for this patient yet."))
    row = current_assessment(uow, patient_id=patient_id)
    if row is None or "Treatment" not in row.answers.consents:
        findings.append(Finding("LEG01", Severity.HOLD, "No consent to treatment is on file."))
    activate_patient(uow, patient_id=patient_id, findings=findings)


@verb(Area.PATIENTS, *_PHARMACISTS, does="resume a patient's therapy")
def resume_therapy(uow: UnitOfWork, *, patient_id: UUID) -> None:
    """Back to active after a hold; who was in hospital since the assessment is assessed again first (clinical 9.1)."""
    resume_patient(uow, patient_id=patient_id, findings=_unsigned(uow, patient_id))


def _unsigned(at: Reading, patient_id: UUID) -> list[Finding]:
    """What of assessment and care plan stands in the way (clinical 1.1 T3, T4)."""
    found = (("T3", assessment_obstacle(at, patient_id)), ("T4", _plan_obstacle(at, patient_id)))
    return [Finding(rule, Severity.STOP, sentence) for rule, sentence in found if sentence is not None]


def _plan_obstacle(at: Reading, patient_id: UUID) -> str | None:
    plan = current_plan(at, patient_id=patient_id)
    if plan is None:
        return "No pharmacist has signed a care plan for this patient."
    if not all(name.holds for name in plan.signatures):
        return f"Version {plan.number} of the care plan is not what was signed."
    return None

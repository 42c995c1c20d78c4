"""What is done with care plans: started from a text, written, signed, revised."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.careplans.queries import signed_facts
from infusiondesk.careplans.records import CarePlan
from infusiondesk.careplans.rules import (
    KINDS,
    Content,
    GoalDraft,
    InterventionDraft,
    MonitoringDraft,
    PlanGoal,
    PlanIntervention,
    PlanMonitoring,
    PlanProblem,
    ProblemDraft,
    from_template,
    readiness,
)
from infusiondesk.foundation.kernel.outcomes import Problem, Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork

_WRITERS = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE, Role.NURSE, Role.DIETITIAN)
_SIGNERS = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)


@verb(Area.CARE_PLANS, *_WRITERS, does="start a care plan")
def start_plan(uow: UnitOfWork, *, patient_id: UUID, templates: list[Mapping[str, Any]]) -> UUID:
    """The first version, from starting texts; a patient has one plan in versions, never two."""
    if _newest(uow, patient_id) is not None:
        raise Refused("This patient has a care plan already. Revise it instead.")
    plan = uow.add(CarePlan(patient_id=patient_id, number=1, content=from_template(*templates).to_json()))
    _record(uow, plan, "started")
    return plan.id


@verb(Area.CARE_PLANS, *_WRITERS, does="revise a care plan")
def revise_plan(uow: UnitOfWork, *, patient_id: UUID) -> UUID:
    """The next version as a copy of the active one, with the reason for it."""
    newest = _newest(uow, patient_id)
    if newest is None:
        raise Refused("This patient has no care plan yet. Start one.")
    if newest.signed_at is None:
        raise Refused(f"Version {newest.number} is still a draft. Finish and sign it, or go on writing it.")
    reason = uow.reason_for(
        "careplans.revise", "Why is the care plan revised?", ("therapy changed", "return from hospital", "review due")
    )
    plan = uow.add(
        CarePlan(patient_id=patient_id, number=newest.number + 1, based_on=newest.number, reason=reason, content=newest.content)
    )
    _record(uow, plan, "revised")
    return plan.id


@verb(Area.CARE_PLANS, *_WRITERS, does="write in a care plan")
def add_problem(uow: UnitOfWork, *, plan_id: UUID, draft: ProblemDraft) -> int:
    """One more problem; returns its number."""
    plan, content = _draft(uow, plan_id, draft.problems())
    number = content.next_number("problems")
    line = PlanProblem(number, number, draft.category, draft.statement.strip(), draft.priority or 2, draft.icd10)
    return _keep(uow, plan, replace(content, problems=(*content.problems, line)), number)


@verb(Area.CARE_PLANS, *_WRITERS, does="write in a care plan")
def add_goal(uow: UnitOfWork, *, plan_id: UUID, draft: GoalDraft) -> int:
    """One more goal of a problem; returns its number."""
    plan, content = _draft(uow, plan_id, draft.problems())
    line = PlanGoal(
        content.next_number("goals"),
        _problem(content, draft.problem),
        draft.statement.strip(),
        draft.measure.strip(),
        draft.operator,
        draft.value.strip(),
        draft.value_high.strip(),
        draft.unit.strip(),
        draft.target_on.isoformat() if draft.target_on else "",
        draft.owner,
    )
    return _keep(uow, plan, replace(content, goals=(*content.goals, line)), line.number)


@verb(Area.CARE_PLANS, *_WRITERS, does="write in a care plan")
def add_intervention(uow: UnitOfWork, *, plan_id: UUID, draft: InterventionDraft) -> int:
    """One more thing that is done; returns its number."""
    plan, content = _draft(uow, plan_id, draft.problems())
    number, problem = content.next_number("interventions"), _problem(content, draft.problem)
    line = PlanIntervention(number, problem, draft.action.strip(), draft.discipline.strip(), draft.frequency.strip())
    return _keep(uow, plan, replace(content, interventions=(*content.interventions, line)), number)


@verb(Area.CARE_PLANS, *_WRITERS, does="write in a care plan")
def add_monitoring(uow: UnitOfWork, *, plan_id: UUID, draft: MonitoringDraft) -> int:
    """One more thing that is watched; returns its number."""
    plan, content = _draft(uow, plan_id, draft.problems())
    number, problem = content.next_number("monitoring"), _problem(content, draft.problem)
    line = PlanMonitoring(
        number, problem, draft.what.strip(), draft.frequency.strip(), draft.reviewer.strip(), draft.protocol.strip()
    )
    return _keep(uow, plan, replace(content, monitoring=(*content.monitoring, line)), number)


@verb(Area.CARE_PLANS, *_WRITERS, does="write in a care plan")
def strike(uow: UnitOfWork, *, plan_id: UUID, kind: str, number: int) -> None:
    """Take a line out of the draft; a signed version keeps it for ever."""
    plan, content = _draft(uow, plan_id, [])
    if kind not in KINDS or all(line.number != number for line in getattr(content, kind)):
        raise Refused("That line is not in this draft any more.")
    _keep(uow, plan, content.struck(kind, number), number)


@verb(Area.CARE_PLANS, *_SIGNERS, does="sign a care plan")
def sign_plan(uow: UnitOfWork, *, plan_id: UUID, patient_name: str) -> UUID:
    """Put a pharmacist's name under a version; from then on it is the active one and cannot change."""
    plan = uow.session.get_one(CarePlan, plan_id)
    newest_signed = uow.session.scalars(
        sa.select(sa.func.max(CarePlan.number)).where(CarePlan.patient_id == plan.patient_id, CarePlan.signed_at.is_not(None))
    ).one()
    if (plan.based_on or 0) != (newest_signed or 0):
        raise Refused(
            f"This draft was based on version {plan.based_on}, but version {newest_signed} is active now. Compare and revise again."
        )
    ready = readiness(Content.from_json(plan.content))
    if not ready.is_ready:
        raise Refused(ready.missing[0])
    uow.require_licence("sign a care plan")
    uow.sign(
        plan,
        signed_facts(plan),
        subject=f"Care plan version {plan.number} of {patient_name}",
        meaning="approved",
        area=Area.CARE_PLANS,
        patient_id=plan.patient_id,
    )
    return plan.id


def _newest(uow: UnitOfWork, patient_id: UUID) -> CarePlan | None:
    return uow.session.scalars(
        sa.select(CarePlan).where(CarePlan.patient_id == patient_id).order_by(CarePlan.number.desc()).limit(1)
    ).first()


def _draft(uow: UnitOfWork, plan_id: UUID, problems: list[Problem]) -> tuple[CarePlan, Content]:
    if problems:
        raise Refused(problems[0].sentence, field=problems[0].field)
    plan = uow.session.get_one(CarePlan, plan_id)
    if plan.signed_at is not None:
        raise Refused(f"Version {plan.number} is signed and cannot change. Revise the plan to make version {plan.number + 1}.")
    return plan, Content.from_json(plan.content)


def _problem(content: Content, number: int | None) -> int:
    if number is None or all(problem.number != number for problem in content.problems):
        raise Refused("Choose a problem of this plan.", field="problem")
    return number


def _keep(uow: UnitOfWork, plan: CarePlan, content: Content, number: int) -> int:
    plan.content = content.to_json()
    _record(uow, plan, "written")
    return number


def _record(uow: UnitOfWork, plan: CarePlan, action: str) -> None:
    uow.record(Change(action, Area.CARE_PLANS, "care_plan", plan.id, plan.patient_id, detail=f"version {plan.number}"))

"""What screens and papers may read of care plans."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.careplans.records import CarePlan
from infusiondesk.careplans.rules import Content, Difference, Readiness, difference, readiness
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.signatures import SignatureRow, signatures_of
from infusiondesk.foundation.store.unit_of_work import Reading


@dataclass(frozen=True)
class PlanRow:
    """One version of a plan, whole."""

    id: UUID
    patient_id: UUID
    number: int
    state: str
    reason: str
    content: Content
    readiness: Readiness
    changed: tuple[Difference, ...]
    signatures: tuple[SignatureRow, ...]
    signed_at: datetime | None


@query(Area.CARE_PLANS)
def plan_versions(reading: Reading, *, patient_id: UUID) -> Sequence[PlanRow]:
    """All versions of a patient's plan, newest first; the newest signed one is active, older ones are superseded."""
    found = list(reading.session.scalars(sa.select(CarePlan).where(CarePlan.patient_id == patient_id).order_by(CarePlan.number)))
    active = max((plan.number for plan in found if plan.signed_at is not None), default=0)
    rows, before = [], Content()
    for plan in found:
        content = Content.from_json(plan.content)
        state = "draft" if plan.signed_at is None else ("active" if plan.number == active else "superseded")
        rows.append(
            PlanRow(
                plan.id,
                patient_id,
                plan.number,
                state,
                plan.reason or "",
                content,
                readiness(content),
                tuple(difference(before, content)) if plan.number > 1 else (),
                tuple(signatures_of(reading, CarePlan.__tablename__, plan.id, signed_facts(plan))),
                plan.signed_at,
            )
        )
        before = content
    return rows[::-1]


@query(Area.CARE_PLANS)
def current_plan(reading: Reading, *, patient_id: UUID) -> PlanRow | None:
    """The active version, None when nothing is signed."""
    return next((row for row in plan_versions(reading, patient_id=patient_id) if row.state == "active"), None)


def signed_facts(plan: CarePlan) -> dict[str, Any]:
    """Everything a signature under a plan covers."""
    return {
        "id": plan.id,
        "patient_id": plan.patient_id,
        "number": plan.number,
        "based_on": plan.based_on,
        "reason": plan.reason,
        "content": plan.content,
    }

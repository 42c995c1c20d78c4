"""Planning a batch of a verified order, and the pharmacist's approval of its worksheet."""

from uuid import UUID

import sqlalchemy as sa

from infusiondesk.compounding.exchange import reviewed_limits
from infusiondesk.compounding.queries.batches import APPROVED, OVER, batch_of, rows_where, worksheet_of
from infusiondesk.compounding.queries.facts import worksheet_facts
from infusiondesk.compounding.records import Batch
from infusiondesk.compounding.rules import BatchEvent as What
from infusiondesk.compounding.rules import Category, Facility, PlanDraft, Storage
from infusiondesk.compounding.service.steps import MAKERS, PHARMACISTS, begin, may_take, order_in_force, take_step
from infusiondesk.foundation.kernel.clock import local
from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, verb
from infusiondesk.foundation.kernel.seals import digest
from infusiondesk.foundation.store.unit_of_work import UnitOfWork


@verb(Area.COMPOUNDING, *MAKERS, *PHARMACISTS, does="plan a batch")
def plan_batch(uow: UnitOfWork, *, draft: PlanDraft) -> UUID:
    """So many bags of one verified order version; the worksheet is worked out for a pharmacist to approve."""
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    if draft.order_version_id is None or draft.bags is None or draft.due_at is None or draft.product_id is None:
        raise AssertionError("a draft without problems has these")
    order = order_in_force(uow, draft.order_version_id)
    open_ones = [row for row, _ in rows_where(uow, Batch.order_version_id == order.id) if row.state not in OVER]
    if open_ones:
        raise Refused(f"{open_ones[0].number} is open for Rx {order.rx_number}. Finish or reject it first.")
    batch = uow.add(
        Batch(
            number=_next_number(uow),
            order_version_id=order.id,
            patient_id=order.patient_id,
            product_id=draft.product_id,
            fluid_id=draft.fluid_id,
            diluent_id=draft.diluent_id,
            bags=draft.bags,
            due_at=draft.due_at,
            category=Category(draft.category),
            facility=Facility(draft.facility),
            storage=Storage(draft.storage),
            planned_by=uow.actor.name,
            worksheet={},
            hood="",
            compounded_by="",
            yield_reason="",
            derivation=[],
        )
    )
    uow.session.flush()
    begin(uow, batch)
    return batch.id


@verb(Area.COMPOUNDING, *PHARMACISTS, does="approve a worksheet")
def approve_worksheet(uow: UnitOfWork, *, batch_id: UUID, seen: str) -> None:
    """Put a pharmacist's name under the worksheet that was `seen` (its code) and freeze it; refused while it gives no date."""
    batch = uow.session.get_one(Batch, batch_id)
    may_take(uow, batch, What.APPROVE_WORKSHEET)
    order = order_in_force(uow, batch.order_version_id)
    worksheet = worksheet_of(uow, batch)
    facts = worksheet_facts(batch, worksheet)
    if digest(facts).hex() != seen:
        raise Refused("The order or the catalog changed since you looked at this worksheet. Read it again.")
    if worksheet.missing:
        raise Refused(worksheet.missing[0])
    preview = batch_of(uow, batch_id=batch_id, limits=reviewed_limits()).beyond_use
    if preview.at is None:
        raise Refused(preview.sentence)
    uow.require_licence("approve a worksheet")
    subject = f"Worksheet {batch.number}, {worksheet.name}, {counted(batch.bags, 'bag')}, for {order.patient}"
    uow.put_name(batch, facts, subject=subject, meaning=APPROVED, area=Area.COMPOUNDING, patient_id=batch.patient_id)
    batch.worksheet = worksheet.to_json()
    batch.stability_id = UUID(worksheet.stability_id) if worksheet.stability_id else None
    batch.stability_hours = worksheet.hours
    take_step(uow, batch, What.APPROVE_WORKSHEET)


def _next_number(uow: UnitOfWork) -> str:
    """B-2603-0001: the month, then a number that starts anew with it."""
    month = f"B-{local(uow.clock, uow.clock.now()):%y%m}-"
    last = uow.session.scalars(sa.select(sa.func.max(Batch.number)).where(Batch.number.startswith(month))).one()
    return f"{month}{(int(last.removeprefix(month)) if last else 0) + 1:04}"

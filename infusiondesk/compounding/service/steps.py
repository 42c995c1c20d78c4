"""The steps of a batch: which may follow, who takes it, and the line that says it was taken."""

from uuid import UUID

import sqlalchemy as sa

from infusiondesk.compounding.queries.batches import events_of
from infusiondesk.compounding.queries.rows import EventRow
from infusiondesk.compounding.records import Batch, BatchEvent
from infusiondesk.compounding.rules import BatchEvent as What
from infusiondesk.compounding.rules import BatchState, Refusal, Step, next_step
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.orders.queries import OrderRow, order_version
from infusiondesk.orders.records import OrderVersion
from infusiondesk.orders.rules import Pattern, State

MAKERS = (Role.TECHNICIAN,)
PHARMACISTS = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)
_CODES = {Role.TECHNICIAN: "TECH", Role.PHARMACIST: "RPH", Role.PHARMACIST_IN_CHARGE: "PIC"}
# clinical 9.3 rejects what is being made or was checked. What was planned and is not wanted any more, and what looks wrong at the
# last look of all, must not stay on the board or on the shelf either.
_ALSO_REJECTED = (BatchState.PLANNED, BatchState.WORKSHEET_APPROVED, BatchState.STAGED, BatchState.LABELLED)


def events_so_far(uow: UnitOfWork, batch_id: UUID) -> tuple[EventRow, ...]:
    """The steps a batch took.

    No permission of its own: verbs of this slice look back with it.
    """
    return tuple(events_of(uow, [batch_id])[batch_id])


def may_take(uow: UnitOfWork, batch: Batch, what: What) -> Step:
    """The step from where the batch stands, or the refusal.

    No permission of its own: the verb that takes the step carries it.
    """
    state = events_so_far(uow, batch.id)[-1].state
    step = next_step(state, what, [_CODES[role] for role in uow.actor.roles if role in _CODES])
    if isinstance(step, Step):
        return step
    if what is What.REJECT and state in _ALSO_REJECTED:
        return Step(state, what, BatchState.REJECTED, ("RPH",), ("reason",), irreversible=True)
    raise Refused(_sentence(step, batch, state))


def take_step(uow: UnitOfWork, batch: Batch, what: What, *, detail: str = "", reason: str = "") -> None:
    """Take a step: the line in the batch's life and in the audit.

    No permission of its own: the verb that takes the step carries it.
    """
    step = may_take(uow, batch, what)
    _write(uow, batch, what, step.to, detail, reason)


def begin(uow: UnitOfWork, batch: Batch) -> None:
    """The first line of a batch's life.

    No permission of its own: `plan_batch` carries it.
    """
    _write(uow, batch, What.PLAN, BatchState.PLANNED, "", "")


def order_in_force(uow: UnitOfWork, version_id: UUID) -> OrderRow:
    """The order version, verified, in force and not replaced; else the sentence that stops the batch.

    No permission of its own: every verb that goes on with a batch asks it first.
    """
    order = order_version(uow, version_id=version_id)
    rx = f"Rx {order.rx_number}"
    if not order.is_verified or not any(name.holds for name in order.signatures):
        raise Refused(f"{rx} version {order.number} is not verified by a pharmacist; nothing is made of it.")
    newer = uow.session.scalars(
        sa.select(OrderVersion.number).where(
            OrderVersion.order_id == order.order_id, OrderVersion.number > order.number, OrderVersion.signed_at.is_not(None)
        )
    ).first()
    if newer is not None:
        raise Refused(f"{rx} was changed: version {newer} is in force. Reject this batch and plan a new one.")
    if order.state is not State.VERIFIED:
        raise Refused(f"{rx} is {order.state.value}; nothing is made of it.")
    if order.pattern == Pattern.STEPS:
        raise Refused(f"{rx} goes in steps, and a batch is of one dose: enter each step as an order of its own to make it.")
    return order


def _write(uow: UnitOfWork, batch: Batch, what: What, state: BatchState, detail: str, reason: str) -> None:
    last = uow.session.scalars(sa.select(sa.func.max(BatchEvent.place)).where(BatchEvent.batch_id == batch.id)).one()
    event = BatchEvent(
        batch_id=batch.id,
        place=1 if last is None else last + 1,
        what=what,
        state=state,
        detail=detail,
        reason=reason,
        happened_at=uow.clock.now(),
        done_by_id=uow.actor.id,
        done_by=uow.actor.name,
    )
    uow.add(event)
    uow.session.flush()
    uow.record(
        Change(what.value, Area.COMPOUNDING, "batch", batch.id, batch.patient_id, detail=batch.number), reason=reason or None
    )


def _sentence(refusal: Refusal, batch: Batch, state: BatchState) -> str:
    if refusal.code == "role":
        return refusal.text
    return f"{batch.number} is {state.value.lower()}: {refusal.text.partition('. ')[2] or refusal.text}"

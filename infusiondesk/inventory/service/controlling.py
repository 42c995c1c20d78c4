"""Controlled drugs: what is wasted or destroyed waits until a second licensed person has signed that it was seen."""

from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory.queries.shelf import controlled_of
from infusiondesk.inventory.records import Disposal, Holding, Item, Lot
from infusiondesk.inventory.rules import Balance, MovementKind, refuse_first
from infusiondesk.inventory.rules.controlled import DisposalDraft, disposal_problem
from infusiondesk.inventory.service.moving import HANDS, holding_at, move

_ZERO = Decimal(0)


@verb(Area.INVENTORY, *HANDS, does="lay out a controlled drug to be wasted or destroyed")
def lay_out(uow: UnitOfWork, *, lot_id: UUID, draft: DisposalDraft) -> UUID:
    """Say what of a controlled lot is wasted or destroyed. The balance changes when the witness has signed, not before."""
    refuse_first(draft.problems())
    if draft.location_id is None or draft.quantity is None:
        raise AssertionError("a draft without problems has these")
    lot = uow.session.get_one(Lot, lot_id)
    item, holding, kind = (
        uow.session.get_one(Item, lot.item_id),
        holding_at(uow, lot_id, draft.location_id),
        MovementKind(draft.kind),
    )
    if not controlled_of(uow, item_id=item.id):
        raise Refused(f"{item.name} is not controlled. Waste it under Stock.")
    waits = sa.select(Disposal.quantity).where(Disposal.holding_id == holding.id, Disposal.kind == kind, still_open())
    waiting = sum(uow.session.scalars(waits), _ZERO)
    left = Balance(holding.on_hand, holding.in_quarantine)
    if sentence := disposal_problem(kind, draft.quantity, left, waiting, item.unit, lot.lot_number):
        raise Refused(sentence, field="quantity")
    disposal = uow.add(
        Disposal(
            holding_id=holding.id,
            kind=kind,
            quantity=draft.quantity,
            because=draft.because.strip(),
            laid_out_at=uow.clock.now(),
            laid_out_by_id=uow.actor.id,
            laid_out_by=uow.actor.name,
            withdrawn_at=None,
            withdrawn_by="",
        )
    )
    detail = f"{draft.quantity:f} to be {kind}"
    uow.record(Change("laid out", Area.INVENTORY, "lot", lot_id, detail=detail), reason=disposal.because)
    return disposal.id


@verb(Area.INVENTORY, *HANDS, does="witness that a controlled drug is wasted or destroyed")
def witness_disposal(uow: UnitOfWork, *, disposal_id: UUID) -> None:
    """Sign as the second person who saw it: now the balance changes, under both names."""
    disposal = _open(uow, disposal_id)
    if disposal.laid_out_by_id == uow.actor.id:
        raise Refused(f"{uow.actor.name} laid it out. Another person is the witness.")
    uow.require_licence("witness what is wasted or destroyed of a controlled drug")
    holding = uow.session.get_one(Holding, disposal.holding_id)
    lot = uow.session.get_one(Lot, holding.lot_id)
    item = uow.session.get_one(Item, lot.item_id)
    left = Balance(holding.on_hand, holding.in_quarantine)
    if sentence := disposal_problem(disposal.kind, disposal.quantity, left, _ZERO, item.unit, lot.lot_number):
        raise Refused(f"{sentence} Withdraw it and lay it out again.")
    many = counted(disposal.quantity, item.unit)
    uow.sign(
        disposal,
        {
            "item": item.name,
            "lot": lot.lot_number,
            "quantity": f"{disposal.quantity:f}",
            "kind": disposal.kind.value,
            "because": disposal.because,
            "by": disposal.laid_out_by,
        },
        subject=f"{many} of {item.name}, lot {lot.lot_number}, {disposal.kind}",
        meaning=f"saw it {disposal.kind}",
        area=Area.INVENTORY,
        patient_id=None,
    )
    is_waste = disposal.kind is MovementKind.WASTED
    move(
        uow,
        holding,
        disposal.kind,
        -disposal.quantity if is_waste else _ZERO,
        _ZERO if is_waste else -disposal.quantity,
        because=disposal.because,
        reference=("disposal", disposal.id),
        witnessed_by=uow.actor.name,
        moved_by=disposal.laid_out_by,
    )


@verb(Area.INVENTORY, *HANDS, does="withdraw what was laid out")
def withdraw_disposal(uow: UnitOfWork, *, disposal_id: UUID) -> None:
    """It is neither wasted nor destroyed; the balance stays as it is."""
    disposal = _open(uow, disposal_id)
    because = uow.reason_for("inventory.withdraw", "Why is it neither wasted nor destroyed?", ("laid out by mistake",))
    disposal.withdrawn_at, disposal.withdrawn_by = uow.clock.now(), uow.actor.name
    holding = uow.session.get_one(Holding, disposal.holding_id)
    uow.record(Change("withdrew", Area.INVENTORY, "lot", holding.lot_id, detail=f"{disposal.quantity:f}"), reason=because)


def still_open() -> sa.ColumnElement[bool]:
    """What waits for its witness."""
    return sa.and_(Disposal.signed_at.is_(None), Disposal.withdrawn_at.is_(None))


def _open(uow: UnitOfWork, disposal_id: UUID) -> Disposal:
    disposal = uow.session.get_one(Disposal, disposal_id)
    if disposal.signed_at is not None:
        raise Refused("This was seen and signed already.")
    if disposal.withdrawn_at is not None:
        raise Refused(f"{disposal.withdrawn_by} withdrew this.")
    return disposal

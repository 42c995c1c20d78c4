"""Discrepancies of controlled drugs: opened by two counts that differ from the balance, resolved by the pharmacist in charge."""

from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory.records import ControlledLoss, CountLine, Discrepancy, Holding, Item, Lot
from infusiondesk.inventory.rules import MovementKind, refuse_first
from infusiondesk.inventory.rules.discrepancies import ResolutionDraft, correction_problem
from infusiondesk.inventory.rules.words import DiscrepancyEnd
from infusiondesk.inventory.service.moving import move

PIC = (Role.PHARMACIST_IN_CHARGE,)


def open_discrepancy(uow: UnitOfWork, line: CountLine, holding: Holding) -> UUID:
    """Two counted and the second one differs from the balance: no adjustment, but a question to the pharmacist in charge.

    No permission of its own: counting carries it.
    """
    lot = uow.session.get_one(Lot, holding.lot_id)
    is_open = sa.select(Discrepancy.id).where(Discrepancy.holding_id == holding.id, Discrepancy.signed_at.is_(None))
    if uow.session.scalars(is_open.limit(1)).first() is not None:
        raise Refused(f"A discrepancy of lot {lot.lot_number} is open. The pharmacist in charge resolves it first.")
    if line.first_found is None or line.second_found is None:
        raise AssertionError("a discrepancy is opened after the second count")
    found = uow.add(
        Discrepancy(
            count_line_id=line.id,
            holding_id=holding.id,
            expected=holding.on_hand,
            first_found=line.first_found,
            first_by=line.first_by,
            second_found=line.second_found,
            second_by=line.second_by,
            discovered_at=uow.clock.now(),
            end=None,
            explanation="",
            circumstances="",
            police="",
        )
    )
    detail = f"balance {holding.on_hand:f}, counted {line.first_found:f} and {line.second_found:f}"
    uow.record(Change("discrepancy", Area.INVENTORY, "discrepancy", found.id, detail=detail))
    return found.id


@verb(Area.INVENTORY, *PIC, does="resolve a discrepancy of a controlled drug")
def resolve_discrepancy(uow: UnitOfWork, *, discrepancy_id: UUID, draft: ResolutionDraft) -> None:
    """Sign what was found out. The balance follows the second count, but where that count was wrong."""
    refuse_first(draft.problems())
    row, end = uow.session.get_one(Discrepancy, discrepancy_id), DiscrepancyEnd(draft.end)
    if row.signed_at is not None:
        raise Refused("This discrepancy is resolved.")
    holding = uow.session.get_one(Holding, row.holding_id)
    lot = uow.session.get_one(Lot, holding.lot_id)
    item = uow.session.get_one(Item, lot.item_id)
    difference = row.second_found - row.expected
    if sentence := correction_problem(end, difference, holding.on_hand, item.unit):
        raise Refused(sentence, field="end")
    is_loss = end is DiscrepancyEnd.LOSS
    row.end, row.explanation = end, draft.explanation.strip()
    row.circumstances = draft.circumstances.strip() if is_loss else ""
    row.police = draft.police.strip() if is_loss else ""
    uow.sign(
        row,
        {
            "item": item.name,
            "lot": lot.lot_number,
            "balance": f"{row.expected:f}",
            "first count": f"{row.first_found:f} by {row.first_by}",
            "second count": f"{row.second_found:f} by {row.second_by}",
            "end": end.value,
            "explanation": row.explanation,
            "circumstances": row.circumstances,
            "police": row.police,
        },
        subject=f"Discrepancy of {counted(abs(difference), item.unit)} of {item.name}, lot {lot.lot_number}",
        meaning="discrepancy resolved",
        area=Area.INVENTORY,
        patient_id=None,
    )
    if end is not DiscrepancyEnd.MISCOUNTED:
        because = f"{end}: {row.explanation}"
        move(uow, holding, MovementKind.ADJUSTED, difference, because=because, reference=("discrepancy", row.id))
    if is_loss:
        uow.add(
            ControlledLoss(discrepancy_id=row.id, told_at=None, told_by="", told_how="", filed_at=None, filed_by="", filed_as="")
        )


@verb(Area.INVENTORY, *PIC, does="record that a loss was told in writing")
def record_loss_told(uow: UnitOfWork, *, discrepancy_id: UUID) -> None:
    """Keep to whom and how the written notice of a loss went."""
    loss = _loss(uow, discrepancy_id)
    if loss.told_at is not None:
        raise Refused(f"{loss.told_by} recorded the notice already: {loss.told_how}.")
    how = uow.reason_for("inventory.loss_told", "To which DEA field division office did the written notice go, and how?")
    loss.told_at, loss.told_by, loss.told_how = uow.clock.now(), uow.actor.name, how
    uow.record(Change("told in writing", Area.INVENTORY, "discrepancy", discrepancy_id, detail=how))


@verb(Area.INVENTORY, *PIC, does="record that the form of a loss was filed")
def record_form_filed(uow: UnitOfWork, *, discrepancy_id: UUID) -> None:
    """Keep under which number the DEA Form 106 was filed."""
    loss = _loss(uow, discrepancy_id)
    if loss.filed_at is not None:
        raise Refused(f"{loss.filed_by} recorded the form already: {loss.filed_as}.")
    number = uow.reason_for("inventory.loss_filed", "Under which number was the DEA Form 106 filed?")
    loss.filed_at, loss.filed_by, loss.filed_as = uow.clock.now(), uow.actor.name, number
    uow.record(Change("form filed", Area.INVENTORY, "discrepancy", discrepancy_id, detail=number))


def _loss(uow: UnitOfWork, discrepancy_id: UUID) -> ControlledLoss:
    loss = uow.session.scalars(sa.select(ControlledLoss).where(ControlledLoss.discrepancy_id == discrepancy_id)).first()
    if loss is None:
        raise Refused("This discrepancy was not resolved as a loss.")
    return loss

"""What becomes of packages and pumps on each step of a ticket: taken from the shelf, given, put back, taken back, destroyed."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.queries import drug_of
from infusiondesk.catalog.records import Product
from infusiondesk.dispensing.queries import LineRow, TicketRow
from infusiondesk.dispensing.records import Ticket, TicketLine
from infusiondesk.dispensing.rules import CAME_BACK, DestructionDraft, PackageToSend, PumpOrder, package_refusal
from infusiondesk.equipment.exchange import backup_rules
from infusiondesk.equipment.queries import PumpRow, pumps_of, whole_pump
from infusiondesk.equipment.rules import GiveDraft, Had, ReturnDraft, Use, missing
from infusiondesk.equipment.service import give_pump, return_pump
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory.queries import controlled_of, lot_of, open_recall_of
from infusiondesk.inventory.rules import MovementKind, ReturnedDraft
from infusiondesk.inventory.service import destroy_returned, lay_out_waste, return_unused, send_lot, set_apart
from infusiondesk.orders.queries import orders_of

TICKET = Ticket.__tablename__


def pump_orders(uow: UnitOfWork, row: TicketRow, pump: PumpRow) -> Iterator[PumpOrder]:
    """The patient's orders by pump, with the pumps he has and those in the box. No permission of its own: scanning carries it."""
    in_box = [line.order_id for line in row.lines if line.pump_id is not None]
    travelling = {bag.order.order_id for bag in row.bags} | set(in_box)
    for need in pumps_of(uow, patient_id=row.patient_id, table=backup_rules()).needs:
        is_served, has = need.therapy_class in pump.model.therapies, need.good + in_box.count(need.id)
        yield PumpOrder(need.rx_number, need.drug, is_served, need.need.pumps, has, need.id in travelling)


def missing_backups(uow: UnitOfWork, row: TicketRow) -> tuple[str, ...]:
    """What life-sustaining therapies of this box lack when it is there, each in a sentence (clinical 8.3).

    No permission of its own: packing carries it.
    """
    in_box = [(line.order_id, line.serial) for line in row.lines if line.pump_id is not None]
    travelling = {bag.order.order_id for bag in row.bags} | {order_id for order_id, _ in in_box}
    found = []
    for need in pumps_of(uow, patient_id=row.patient_id, table=backup_rules()).needs:
        if need.need.is_life_sustaining and need.id in travelling:
            had = (*need.had, *(Had(serial, Use.BACKUP, is_recalled=False) for order_id, serial in in_box if order_id == need.id))
            if lacks := missing(need.need, had):
                found.append(f"Rx {need.rx_number} {need.drug}: {lacks}")
    return tuple(found)


def package_to_send(uow: UnitOfWork, patient_id: UUID, lot_id: UUID) -> PackageToSend:
    """What the rule needs of a lot for a patient. No permission of its own: packing and shipping carry it."""
    lot = lot_of(uow, lot_id=lot_id)
    if lot is None:
        raise Refused("This lot is not on file.")
    drug_id = uow.session.scalar(sa.select(Product.drug_id).where(Product.id == lot.product_id)) if lot.product_id else None
    is_ordered = drug_id is not None and any(
        order.drug_id == drug_id and order.is_verified and order.is_current and order.state.value == "verified"
        for order in orders_of(uow, patient_id=patient_id)
    )
    recall = open_recall_of(uow, item_id=lot.item_id, lot_number=lot.lot_number) or ""
    return PackageToSend(
        lot.item, lot.kind.value, lot.unit, lot.controlled, lot.lot_number, lot.expires_on, lot.on_hand, lot.in_quarantine,
        recall, is_ordered,
    )  # fmt: skip


def refuse_package(uow: UnitOfWork, patient_id: UUID, lot_id: UUID, quantity: Decimal) -> None:
    """Refuse units that may not go into the box. No permission of its own: scanning and closing carry it."""
    if sentence := package_refusal(package_to_send(uow, patient_id, lot_id), quantity, uow.today()):
        raise Refused(sentence, field="quantity")


def take_from_shelf(uow: UnitOfWork, row: TicketRow) -> None:
    """The box is closed: its units leave the shelf. No permission of its own: packing carries it."""
    for line, lot_id in _lots(row):
        refuse_package(uow, row.patient_id, lot_id, line.quantity)
        send_lot(uow, lot_id=lot_id, quantity=line.quantity, reference_entity=TICKET, reference_id=row.id)
    for _, pump_id in _pumps(row):
        if refusal := whole_pump(uow, pump_id=pump_id).row.refusal:
            raise Refused(f"{refusal} Take it off ticket {row.number}.")


def put_back(uow: UnitOfWork, row: TicketRow) -> None:
    """A closed box that never left is opened: its units go back; those of a lot that was set apart meanwhile are set apart too.

    No permission of its own: cancelling carries it.
    """
    for line, lot_id in _lots(row):
        before = package_to_send(uow, row.patient_id, lot_id)
        return_unused(uow, lot_id=lot_id, quantity=line.quantity, reference_entity=TICKET, reference_id=row.id)
        if before.recall or (before.in_quarantine and not before.on_hand):
            because = f"recall {before.recall}" if before.recall else f"back from ticket {row.number}, the lot is in quarantine"
            set_apart(uow, because=because, lot_id=lot_id, reference=(TICKET, row.id))


def hand_over(uow: UnitOfWork, row: TicketRow) -> None:
    """It leaves: nothing recalled or expired is in it, and its pumps are the patient's now. No permission of its own: shipping
    carries it."""
    for line, lot_id in _lots(row):
        # The units are off the shelf already; what is asked here is whether they may still be used.
        one = replace(package_to_send(uow, row.patient_id, lot_id), on_hand=line.quantity)
        if sentence := package_refusal(one, line.quantity, uow.today()):
            raise Refused(f"Nothing is shipped. {sentence}")
    needs = {need.id: need for need in pumps_of(uow, patient_id=row.patient_id, table=backup_rules()).needs} if row.pumps else {}
    given = {order_id for order_id, need in needs.items() if any(had.use is Use.MAIN and not had.is_recalled for had in need.had)}
    for line, pump_id in _pumps(row):
        use = Use.BACKUP if line.order_id in given else Use.MAIN
        give_pump(uow, pump_id=pump_id, draft=GiveDraft(line.order_id, use.value))
        given.update({line.order_id} if line.order_id else ())
        uow.session.get_one(TicketLine, line.id).freed_at = uow.clock.now()  # from now on the pump's own guard keeps it


def take_back(uow: UnitOfWork, row: TicketRow) -> None:
    """It was not delivered: its pumps come back, not clean. No permission of its own: refusing and returning carry it."""
    for line, pump_id in _pumps(row):
        stay = whole_pump(uow, pump_id=pump_id).row.stay
        if stay is not None and stay.holder.order_id == line.order_id:
            return_pump(uow, pump_id=pump_id, draft=ReturnDraft(f"{row.carrier or 'driver'}, ticket {row.number}"))


def destroy_packages(uow: UnitOfWork, row: TicketRow, draft: DestructionDraft) -> None:
    """Units that came back or are unusable are destroyed with the bags, by lot. No permission of its own: destroying carries it."""
    backs = {back.line_id: back.because for back in row.returns}
    for line, _ in _lots(row):
        if not (many := row.to_destroy.get(line.id)):
            continue
        because = f"{row.state.value}: {row.reason}" if row.state in CAME_BACK else f"brought back: {backs.get(line.id, '')}"
        if line.is_unusable:
            because = "judged unusable after an excursion on the way"
        goods = ReturnedDraft(line.what, line.lot_number, many, line.unit, because, draft.how, draft.witness)
        destroy_returned(uow, draft=goods, reference_entity=TICKET, reference_id=row.id, patient_id=row.patient_id)


def witness_controlled(uow: UnitOfWork, row: TicketRow, draft: DestructionDraft) -> None:
    """What of a controlled drug is destroyed waits for a witness with an own password; a typed name is not enough.

    No permission of its own: destroying carries it.
    """
    found: dict[tuple[str, str, str], Decimal] = {}
    for line in row.lines:
        many = row.to_destroy.get(line.id)
        if many and (controlled := _controlled(uow, line)):
            found[line.what, *controlled] = found.get((line.what, *controlled), Decimal(0)) + many
    for (what, schedule, unit), many in found.items():
        lay_out_waste(
            uow, what=what, schedule=schedule, quantity=many, unit=unit, kind=MovementKind.DESTROYED,
            because=f"delivery {row.number}, {draft.how.strip()}", reference=(TICKET, row.id), patient_id=row.patient_id,
        )  # fmt: skip


def _controlled(uow: UnitOfWork, line: LineRow) -> tuple[str, str] | None:
    """Its schedule and what is counted of it; None where it is not controlled."""
    if line.bag is not None:
        schedule = drug_of(uow, drug_id=line.bag.order.drug_id).controlled
        return (schedule, "bag") if schedule else None
    lot = lot_of(uow, lot_id=line.lot_id) if line.lot_id else None
    schedule = controlled_of(uow, item_id=lot.item_id) if lot else ""
    return (schedule, lot.unit) if lot and schedule else None


def free_lines(uow: UnitOfWork, ticket_id: UUID) -> None:
    """Its bags and pumps may stand on another ticket. No permission of its own: cancelling carries it."""
    held = sa.select(TicketLine).where(TicketLine.ticket_id == ticket_id, TicketLine.freed_at.is_(None))
    for line in uow.session.scalars(held):
        line.freed_at = uow.clock.now()


def _lots(row: TicketRow) -> Iterator[tuple[LineRow, UUID]]:
    return ((line, line.lot_id) for line in row.lines if line.lot_id is not None)


def _pumps(row: TicketRow) -> Iterator[tuple[LineRow, UUID]]:
    return ((line, line.pump_id) for line in row.pumps if line.pump_id is not None)

"""A ticket is scanned bag by bag, packed with a signature, or cancelled."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.compounding.queries import bags_where, doubt_in
from infusiondesk.compounding.records import Bag, Batch, BatchEvent
from infusiondesk.compounding.rules import BatchState
from infusiondesk.dispensing.queries import (
    Scanned,
    delivery_calendar,
    packing_facts,
    plan_bags,
    shippers,
    standing_of,
    standings,
    taken_bags,
    ticket_of,
)
from infusiondesk.dispensing.records import Ticket, TicketLine
from infusiondesk.dispensing.rules import (
    BagToSend,
    Happening,
    PackOutDraft,
    State,
    bag_refusal,
    dose_refusal,
    needs_shipper,
    order_refusal,
    shipper_refusal,
)
from infusiondesk.dispensing.service.contents import free_lines, missing_backups, put_back, take_from_shelf
from infusiondesk.dispensing.service.steps import PACKERS, box_of, happen, state_of
from infusiondesk.foundation.kernel.ismp import counted, moment
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.orders.queries import order_version
from infusiondesk.patients.records import Patient

PACKED_AS_LISTED = "packed as listed"


@verb(Area.DISPENSING, *PACKERS, does="scan a bag into a delivery")
def scan_bag(uow: UnitOfWork, *, ticket_id: UUID, text: str, was_typed: bool = False) -> Scanned:
    """Put the bag behind a barcode into the box; what does not belong there is refused in one sentence."""
    ticket, barcode = box_of(uow, ticket_id), text.strip().upper()
    bag = uow.session.scalars(sa.select(Bag).where(Bag.barcode == barcode)).first()
    if bag is None:
        raise Refused(f"{barcode or 'This'} is no bag of ours. Set it aside.")
    if bag.patient_id != ticket.patient_id:
        other = uow.session.get_one(Patient, bag.patient_id)
        name = f"{other.last_name}, {other.first_name}, MRN {other.mrn}"
        raise Refused(f"Bag {barcode} belongs to another patient: {name}. Set it aside.")
    batch = uow.session.get_one(Batch, bag.batch_id)
    lines = list(uow.session.scalars(sa.select(TicketLine).where(TicketLine.ticket_id == ticket_id, TicketLine.taken_off == "")))
    line = next((one for one in lines if one.bag_id == bag.id), None)
    _refuse_bag(uow, bag, batch, line)
    if line is None:
        raise Refused(f"Bag {barcode} is not on ticket {ticket.number}. Set it aside.")
    line.scanned_at, line.scanned_by, line.was_typed = uow.clock.now(), uow.actor.name, was_typed
    uow.record(Change("scanned", Area.DISPENSING, "ticket", ticket.id, ticket.patient_id, detail=f"{ticket.number}, {barcode}"))
    until = uow.local(batch.beyond_use_at) if batch.beyond_use_at else uow.local(uow.clock.now())
    left = sum(one.scanned_at is None for one in lines)
    dose_at = uow.local(line.dose_at) if line.dose_at else None
    return Scanned(ticket.id, barcode, batch.worksheet.get("name", ""), batch.number, until, dose_at, left)


@verb(Area.DISPENSING, *PACKERS, does="take something off a delivery")
def take_off(uow: UnitOfWork, *, line_id: UUID) -> None:
    """It stays here and may go with another delivery; only before the ticket is packed."""
    line = uow.session.get_one(TicketLine, line_id)
    ticket = uow.session.get_one(Ticket, line.ticket_id)
    if line.taken_off:
        raise Refused(f"It is off ticket {ticket.number} already.")
    if (now := state_of(uow, ticket)) is not State.PACKING:
        raise Refused(f"Ticket {ticket.number} is {now.value}: nothing is taken out of it. Cancel it and begin again.")
    because = uow.reason_for("dispensing.taken_off", "Why does it stay here?", ("damaged", "fewer are needed", "goes later"))
    line.taken_off, line.freed_at = because, uow.clock.now()
    uow.record(Change("taken off", Area.DISPENSING, "ticket", ticket.id, ticket.patient_id, detail=ticket.number), reason=because)


@verb(Area.DISPENSING, *PACKERS, does="pack a delivery")
def finish_packing(uow: UnitOfWork, *, ticket_id: UUID, draft: PackOutDraft | None = None) -> None:
    """Everything on it is scanned: close the box and sign. Cold bags travel in a validated shipper, or with a reason."""
    out = draft or PackOutDraft()
    ticket = uow.session.get_one(Ticket, ticket_id)
    row = ticket_of(uow, ticket_id=ticket_id)
    if row.state is not State.PACKING:
        raise Refused(f"Ticket {ticket.number} is {row.state.value}; it is not packed again.")
    if not row.lines:
        raise Refused(f"Nothing is on ticket {ticket.number}. Cancel it.")
    if row.left_to_scan:
        raise Refused(f"{counted(row.left_to_scan, 'item')} of ticket {ticket.number} {'is' if row.left_to_scan == 1 else 'are'} "
                      "not scanned yet.")  # fmt: skip
    if row.alarms:
        raise Refused(f"Nothing is packed. {row.alarms[0]}")
    storages = row.storages
    if out.shipper_id is not None:
        shipper = next((one for one in shippers(uow) if one.id == out.shipper_id), None)
        if shipper is None:
            raise Refused("This shipper is not used any more. Choose another one.", field="shipper_id")
        if sentence := shipper_refusal(shipper, storages, uow.today()):
            raise Refused(sentence, field="shipper_id")
        ticket.shipper_id, ticket.shipper, ticket.shipper_hours = shipper.id, shipper.name, shipper.qualified_hours
    elif cold := sorted(one.words for one in needs_shipper(storages)):
        ticket.no_shipper_because = uow.reason_for(
            "dispensing.shipper",
            f"Something that is kept in the {' and the '.join(cold)} travels without a validated shipper. Why, and in what?",
            ("no shipper is validated yet", "short way, cooler with gel packs", "picked up with the patient's own cooler"),
        )
    if lacks := missing_backups(uow, row):
        ticket.no_backup_because = uow.reason_for(
            "dispensing.backup",
            f"A life-sustaining therapy goes without its back-up pump. {'; '.join(lacks)}. Why may it leave?",
            ("the back-up is brought separately today", "the back-up is at the bedside, of another supplier"),
        )
    take_from_shelf(uow, row)
    ticket.logger_serial = out.logger_serial.strip()
    ticket.packed_by, ticket.packed_at = uow.actor.name, uow.clock.now()
    ticket.supply = _supply(uow, ticket_id)
    lines = list(uow.session.scalars(sa.select(TicketLine).where(TicketLine.ticket_id == ticket_id)))
    uow.session.flush()
    uow.put_name(
        ticket,
        packing_facts(ticket, lines),
        subject=f"Delivery {ticket.number} for {row.patient}, {counted(len(row.lines), 'item')}",
        meaning=PACKED_AS_LISTED,
        area=Area.DISPENSING,
        patient_id=ticket.patient_id,
    )
    detail = f"{ticket.number}, {counted(len(row.lines), 'item')}"
    change = Change("packed", Area.DISPENSING, "ticket", ticket.id, ticket.patient_id, detail=detail)
    reasons = "; ".join(filter(None, (ticket.no_shipper_because, ticket.no_backup_because)))
    uow.record(change, reason=reasons or None)


@verb(Area.DISPENSING, *PACKERS, does="cancel a delivery")
def cancel_ticket(uow: UnitOfWork, *, ticket_id: UUID) -> None:
    """It never left; its bags and pumps may be packed again, and what was counted off the shelf goes back."""
    row = ticket_of(uow, ticket_id=ticket_id)
    reason = uow.reason_for("dispensing.cancelled", "Why is the ticket cancelled?", ("packed by mistake", "order changed"))
    happen(uow, ticket_id, Happening.CANCELLED, reason=reason)
    if row.state is State.PACKED:
        put_back(uow, row)
    free_lines(uow, ticket_id)


def _refuse_bag(uow: UnitOfWork, bag: Bag, batch: Batch, line: TicketLine | None) -> None:
    """Everything that keeps a bag of this patient out of this box."""
    last = sa.select(BatchEvent.state).where(BatchEvent.batch_id == batch.id).order_by(BatchEvent.place.desc()).limit(1)
    if uow.session.scalars(last).one() is not BatchState.RELEASED or batch.beyond_use_at is None:
        raise Refused(f"Bag {bag.barcode} is not released. Set it aside.")
    until = uow.local(batch.beyond_use_at)
    if until <= uow.local(uow.clock.now()):
        raise Refused(f"Bag {bag.barcode} is past its beyond-use date ({moment(until)}). Set it aside.")
    if doubt := doubt_in(uow, batch_id=batch.id):
        raise Refused(f"{doubt} It is in bag {bag.barcode}. Set it aside.")
    if line is None:
        on_ticket = taken_bags(uow).get(bag.id)
        refusal = bag_refusal(BagToSend(bag.barcode, True, until, on_ticket), uow.local(uow.clock.now()))
        if refusal is None:
            ((found),) = bags_where(uow, Bag.id == bag.id)
            supplied = standings(uow, [found.order], delivery_calendar(uow))
            refusal = plan_bags([found], supplied, zone=uow)[0].refusal
        if refusal:
            raise Refused(refusal)
        return
    if line.scanned_at is not None:
        raise Refused(f"Bag {bag.barcode} is in the box already: it was scanned {moment(uow.local(line.scanned_at))}.")
    if sentence := dose_refusal(bag.barcode, until, uow.local(line.dose_at) if line.dose_at else None):
        raise Refused(sentence)
    order = order_version(uow, version_id=batch.order_version_id)
    if sentence := order_refusal(bag.barcode, standing_of(order)):
        raise Refused(f"{sentence} Set it aside.")


def _supply(uow: UnitOfWork, ticket_id: UUID) -> list[dict[str, Any]]:
    """What the ticket covers, order by order, and by when the next delivery must be there."""
    row = ticket_of(uow, ticket_id=ticket_id)
    orders = {bag.order.id: bag.order for bag in row.bags}
    after = standings(uow, orders.values(), delivery_calendar(uow))
    found = []
    for version_id, order in orders.items():
        days = sorted({line.dose_on for line in row.lines if line.bag and line.bag.order.id == version_id and line.dose_on})
        due = after[version_id].due
        found.append(
            {
                "rx": order.rx_number,
                "drug": order.drug,
                "bags": sum(bag.order.id == version_id for bag in row.bags),
                "days": len(days),
                "first": days[0].isoformat() if days else "",
                "last": days[-1].isoformat() if days else "",
                "run_out": due.run_out.isoformat() if due else "",
                "deliver_by": due.deliver_by.isoformat() if due else "",
            }
        )
    return found

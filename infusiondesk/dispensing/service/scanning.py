"""One scan into the box: a bag of the ticket, a package of the shelf, a pump."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from infusiondesk.compounding.records import Bag
from infusiondesk.dispensing.exchange import shipped_kits
from infusiondesk.dispensing.queries import Scanned, allergies_of, kit_lines, ticket_of
from infusiondesk.dispensing.records import Ticket, TicketLine
from infusiondesk.dispensing.rules import order_for_pump, package_hold
from infusiondesk.dispensing.service.contents import pump_orders, refuse_package
from infusiondesk.dispensing.service.packing import scan_bag
from infusiondesk.dispensing.service.steps import PACKERS, box_of
from infusiondesk.equipment.exchange import backup_rules
from infusiondesk.equipment.queries import PumpRow, pump_by_scan, pumps_of
from infusiondesk.equipment.queries.needs import order_refusal
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory.queries import LotRow, ScanRow, lot_by_scan
from infusiondesk.inventory.records import Lot


@verb(Area.DISPENSING, *PACKERS, does="scan something into a delivery")
def scan_item(uow: UnitOfWork, *, ticket_id: UUID, text: str, was_typed: bool = False) -> Scanned:
    """Put into the box what a code names: a bag of the ticket, a package of the shelf, a pump; what does not belong is refused."""
    ticket = box_of(uow, ticket_id)
    is_bag = sa.select(Bag.id).where(Bag.barcode == text.strip().upper())
    if uow.session.scalars(is_bag).first() is not None:
        return scan_bag(uow, ticket_id=ticket_id, text=text, was_typed=was_typed)
    package, pump = lot_by_scan(uow, text=text), pump_by_scan(uow, text=text).row
    if pump is not None and package.lot is not None:
        raise Refused(f"{text.strip()} is the serial of a pump and the lot of {package.lot.item}. Scan the code of the package.")
    if pump is not None:
        return _put_pump(uow, ticket, pump, was_typed=was_typed)
    if package.lot is not None:
        return _put_package(uow, ticket, package.lot, was_typed=was_typed)
    raise Refused(f"{_unknown(text.strip().upper(), package)} Set it aside.")


@verb(Area.DISPENSING, *PACKERS, does="say how many go into a delivery")
def set_quantity(uow: UnitOfWork, *, line_id: UUID, quantity: Decimal) -> None:
    """So many of a lot are in the box, while it is being packed."""
    line = uow.session.get_one(TicketLine, line_id)
    ticket = box_of(uow, line.ticket_id)
    if line.lot_id is None or line.taken_off:
        raise Refused("Only what is counted on the shelf has a quantity; bags and pumps are scanned one by one.")
    refuse_package(uow, ticket.patient_id, line.lot_id, quantity)
    line.quantity = quantity
    detail = f"{ticket.number}, {quantity.normalize():f} of {line.description}"
    uow.record(Change("quantity set", Area.DISPENSING, "ticket", ticket.id, ticket.patient_id, detail=detail))


def _put_package(uow: UnitOfWork, ticket: Ticket, lot: LotRow, *, was_typed: bool) -> Scanned:
    """Units of a lot: as many as were proposed, else one more; a line of its own, or on the line of that lot."""
    kits = kit_lines(uow, shipped_kits())
    if sentence := package_hold(lot.item, lot.item_id, kits, allergies_of(uow, ticket.patient_id)):
        raise Refused(sentence)
    own = list(uow.session.scalars(sa.select(TicketLine).where(TicketLine.ticket_id == ticket.id, TicketLine.taken_off == "")))
    line = next((one for one in own if one.lot_id == lot.id), None)
    proposed = line if line is not None and line.scanned_at is None else _proposed(uow, own, lot) if line is None else None
    if proposed is not None:
        many = min(proposed.quantity, lot.on_hand) or Decimal(1)
        refuse_package(uow, ticket.patient_id, lot.id, many)
        if many < proposed.quantity:  # the rest stays to be scanned from another lot
            proposed.quantity -= many
            line = _line(uow, ticket, lot.item, was_typed=was_typed)
            uow.add(line)
        else:
            line = proposed
        line.scanned_at, line.scanned_by, line.was_typed = uow.clock.now(), uow.actor.name, was_typed
    else:
        many = (line.quantity if line else Decimal(0)) + 1
        refuse_package(uow, ticket.patient_id, lot.id, many)
        if line is None:
            line = _line(uow, ticket, lot.item, was_typed=was_typed)
            uow.add(line)
    line.lot_id, line.quantity, line.description = lot.id, many, lot.item
    return _scanned(uow, ticket, line, lot.lot_number)


def _proposed(uow: UnitOfWork, lines: Sequence[TicketLine], lot: LotRow) -> TicketLine | None:
    """The line that proposes this item from another lot and is not scanned yet."""
    lots = set(uow.session.scalars(sa.select(Lot.id).where(Lot.item_id == lot.item_id)))
    return next((one for one in lines if one.lot_id in lots and one.scanned_at is None), None)


def _put_pump(uow: UnitOfWork, ticket: Ticket, pump: PumpRow, *, was_typed: bool) -> Scanned:
    row = ticket_of(uow, ticket_id=ticket.id)
    if any(line.pump_id == pump.id for line in row.lines):
        raise Refused(f"Pump {pump.serial} is in the box already.")
    held = sa.select(Ticket.number).join(TicketLine, TicketLine.ticket_id == Ticket.id)
    other = uow.session.scalars(held.where(TicketLine.pump_id == pump.id, TicketLine.freed_at.is_(None))).first()
    if other is not None:
        raise Refused(f"Pump {pump.serial} stands on ticket {other}. Take another one.")
    if pump.refusal:
        raise Refused(pump.refusal)
    by_rx = {need.rx_number: need.id for need in pumps_of(uow, patient_id=ticket.patient_id, table=backup_rules()).needs}
    chosen = order_for_pump(list(pump_orders(uow, row, pump)), pump.model.label)
    if isinstance(chosen, str):
        raise Refused(chosen)
    _, sentence = order_refusal(uow, by_rx[chosen.rx_number])
    if sentence:
        raise Refused(sentence)
    line = _line(uow, ticket, f"{pump.model.label}, for Rx {chosen.rx_number} {chosen.drug}", was_typed=was_typed)
    line.pump_id, line.order_id = pump.id, by_rx[chosen.rx_number]
    try:
        uow.add(line)
        uow.session.flush()
    except IntegrityError as error:  # another desk was quicker by less than one question
        raise Refused(f"Pump {pump.serial} was put on another ticket this moment. Take another one.") from error
    return _scanned(uow, ticket, line, "", serial=pump.serial)


def _line(uow: UnitOfWork, ticket: Ticket, description: str, *, was_typed: bool) -> TicketLine:
    return TicketLine(
        ticket_id=ticket.id, quantity=Decimal(1), description=description, scanned_at=uow.clock.now(),
        scanned_by=uow.actor.name, was_typed=was_typed, taken_off="",
    )  # fmt: skip


def _scanned(uow: UnitOfWork, ticket: Ticket, line: TicketLine, lot_number: str, *, serial: str = "") -> Scanned:
    uow.session.flush()
    row = ticket_of(uow, ticket_id=ticket.id)
    one = next(one for one in row.lines if one.id == line.id)
    detail = f"{ticket.number}, {one.amount} of {one.what}"
    uow.record(Change("scanned", Area.DISPENSING, "ticket", ticket.id, ticket.patient_id, detail=detail))
    return Scanned(
        ticket.id, serial or lot_number, one.what, lot_number, None, None, row.left_to_scan, line.id, line.quantity, one.unit,
        one.expires_on, serial,
    )  # fmt: skip


def _unknown(code: str, package: ScanRow) -> str:
    if package.item is not None:
        return package.because or f"{package.item.name}: the code names no lot. Scan the code with the lot, or type the lot number."
    return f"{code or 'This'} is no bag, package or pump of ours."

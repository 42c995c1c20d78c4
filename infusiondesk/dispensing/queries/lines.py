"""What is on tickets: bags, units of lots, pumps; which of them were outside their storage; and what keeps them here."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.compounding.queries import BagRow, bags_where
from infusiondesk.compounding.records import Bag
from infusiondesk.compounding.rules import Storage
from infusiondesk.dispensing.queries.rows import LineRow
from infusiondesk.dispensing.records import Ticket, TicketLine
from infusiondesk.dispensing.rules import (
    OrderStanding,
    address_refusal,
    excursion,
    hours_refusal,
    needs_shipper,
    place_refusal,
    status_refusal,
)
from infusiondesk.equipment.records import Pump
from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.records import Item, Lot
from infusiondesk.inventory.rules import LocationKind
from infusiondesk.orders.queries import OrderRow
from infusiondesk.patients.rules.facts import PatientFacts

_KEPT: Mapping[LocationKind, Storage] = {
    LocationKind.ROOM: Storage.CRT,
    LocationKind.VAULT: Storage.CRT,
    LocationKind.REFRIGERATOR: Storage.REFRIGERATOR,
    LocationKind.FREEZER: Storage.FREEZER,
}
_Lots = Mapping[UUID, tuple[Lot, Item]]


def line_rows(
    at: Reading, ids: Collection[UUID], *, unusable: Collection[UUID]
) -> tuple[Mapping[UUID, Sequence[TicketLine]], Mapping[UUID, Sequence[LineRow]]]:
    """The lines of tickets, as they are kept and as they are shown: bags by beyond-use date, then everything else by name.

    No permission of its own: every query that asks carries one.
    """
    kept: defaultdict[UUID, list[TicketLine]] = defaultdict(list)
    for line in at.session.scalars(sa.select(TicketLine).where(TicketLine.ticket_id.in_(ids)).order_by(TicketLine.id)):
        kept[line.ticket_id].append(line)
    on_these = sa.select(TicketLine.bag_id).where(TicketLine.ticket_id.in_(ids))
    bags = {bag.id: bag for bag in bags_where(at, Bag.id.in_(on_these))}
    lots, pumps = _things(at, [line for some in kept.values() for line in some])
    shown: defaultdict[UUID, list[LineRow]] = defaultdict(list)
    for ticket_id, own in kept.items():
        rows = [_line(at, one, bags, lots, pumps, is_unusable=one.id in unusable) for one in own if not one.taken_off]
        shown[ticket_id] = sorted(rows, key=_order)
    return kept, shown


def excursions_of(
    ticket: Ticket, lines: Sequence[LineRow], at: datetime, low: Decimal | None, high: Decimal | None
) -> dict[UUID, str]:
    """The lines that were outside their storage on the way, each with its sentence: by the readings, else by the shipper's hours.

    Of packages only the cold ones are judged: a logger lies with what is cold, and says nothing of a set beside it.
    No permission of its own: every query and verb that asks carries one.
    """
    late = hours_refusal(ticket.shipper_hours, ticket.packed_at or ticket.begun_at, at) if (low, high) == (None, None) else None
    found = {}
    for line in lines:
        kept = line.bag.kept if line.bag else line.kept
        if kept is None or not (line.bag or needs_shipper([kept])):
            continue
        if told := excursion(kept, low, high) or (late if late and needs_shipper([kept]) else ""):
            found[line.id] = told
    return found


def packing_facts(ticket: Ticket, lines: Sequence[TicketLine]) -> dict[str, Any]:
    """Everything that who packed signs for."""
    return {
        "number": ticket.number,
        "patient_id": ticket.patient_id,
        "place_of_care": ticket.place_of_care,
        "deliver_to": ticket.deliver_to,
        "packed_at": ticket.packed_at,
        "shipper": ticket.shipper,
        "no_shipper_because": ticket.no_shipper_because,
        "no_backup_because": ticket.no_backup_because,
        "logger_serial": ticket.logger_serial,
        "supply": ticket.supply,
        "lines": sorted(
            f"{one.bag_id or one.lot_id or one.pump_id} {one.quantity.normalize():f} {one.dose_at or one.order_id} "
            f"{one.scanned_by} {one.was_typed}"
            for one in lines
            if not one.taken_off
        ),
    }


def standing_of(order: OrderRow) -> OrderStanding:
    """How the order of a bag stands now."""
    aside = order.set_aside.words if order.set_aside else ""
    kind, _, since = order.last_event.partition(" from ")
    last_event = f"since {day(date.fromisoformat(since))}" if since and kind == order.state.value else ""
    return OrderStanding(order.rx_number, order.number, order.state.value, aside, last_event)


def chart_refusal(chart: PatientFacts, *, address: str | None = None) -> str | None:
    """Why nothing goes to this patient now, or None. No permission of its own: who reads charts has one."""
    place = chart.place.kind.value if chart.place else None
    return (
        status_refusal(chart.status.value)
        or place_refusal(place, is_in_hospital=chart.open_stay is not None)
        or address_refusal(chart.address if address is None else address)
    )


def _things(at: Reading, lines: Sequence[TicketLine]) -> tuple[_Lots, Mapping[UUID, str]]:
    """Lots with their items, and the serials of pumps; nothing is asked where a ticket has none."""
    lot_ids, pump_ids = {one.lot_id for one in lines if one.lot_id}, {one.pump_id for one in lines if one.pump_id}
    lots, pumps = {}, {}
    if lot_ids:
        chosen = sa.select(Lot, Item).join(Item, Item.id == Lot.item_id).where(Lot.id.in_(lot_ids))
        lots = {lot.id: (lot, item) for lot, item in at.session.execute(chosen)}
    if pump_ids:
        pumps = {one.id: one.serial for one in at.session.scalars(sa.select(Pump).where(Pump.id.in_(pump_ids)))}
    return lots, pumps


def _line(
    at: Reading, one: TicketLine, bags: Mapping[UUID, BagRow], lots: _Lots, pumps: Mapping[UUID, str], *, is_unusable: bool
) -> LineRow:
    lot, item = lots[one.lot_id] if one.lot_id else (None, None)
    return LineRow(
        one.id, bags.get(one.bag_id) if one.bag_id else None, one.lot_id, one.pump_id, one.quantity, one.description, one.dose_on,
        at.local(one.dose_at) if one.dose_at else None, at.local(one.scanned_at) if one.scanned_at else None,
        one.scanned_by, one.was_typed, one.taken_off, lot.lot_number if lot else "", lot.expires_on if lot else None,
        item.unit if item else "", _KEPT[item.kept_in] if item else None, pumps[one.pump_id] if one.pump_id else "", one.order_id,
        one.came_back, one.destroyed, is_unusable, item.id if item else None,
    )  # fmt: skip


def _order(line: LineRow) -> tuple[bool, str, str]:
    if line.bag is not None:
        return False, line.bag.beyond_use_at.isoformat(), line.bag.barcode
    scanned = line.scanned_at.isoformat() if line.scanned_at else ""
    return True, line.description, f"{scanned} {line.mark}"  # of two pumps the one that was scanned first is the one in use

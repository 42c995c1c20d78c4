"""What left the pharmacy, by prescription and by day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.compounding.queries import BagRow
from infusiondesk.compounding.queries.batches import RELEASED
from infusiondesk.compounding.records import Bag, Batch
from infusiondesk.dispensing.queries import TicketRow, shipped_between, tickets_of
from infusiondesk.dispensing.records import TicketHappening, TicketLine
from infusiondesk.dispensing.rules import Happening
from infusiondesk.foundation.store.records import Signature
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.orders.records import OrderVersion
from infusiondesk.prescriptions.queries.rows import FillRow, Pharmacist

_IS_SHIPPED = sa.and_(TicketHappening.ticket_id == TicketLine.ticket_id, TicketHappening.kind == Happening.SHIPPED)
FILLS = (
    sa.join(TicketHappening, TicketLine, _IS_SHIPPED)
    .join(Bag, Bag.id == TicketLine.bag_id)
    .join(Batch, Batch.id == Bag.batch_id)
    .join(OrderVersion, OrderVersion.id == Batch.order_version_id)
)


def fills_of(at: Reading, *, order_id: UUID, patient_id: UUID) -> Sequence[FillRow]:
    """The fills of one prescription, oldest first. No permission of its own: whoever asks has one."""
    tickets = [row for row in tickets_of(at, patient_id=patient_id) if row.shipped_at is not None]
    return [fill for fill in _fills(at, tickets) if fill.order_id == order_id]


def fills_on(at: Reading, day: date) -> Sequence[FillRow]:
    """The fills that left on one calendar day of the pharmacy. No permission of its own: whoever asks has one."""
    since, until = bounds(at, day)
    return _fills(at, shipped_between(at, since=since, until=until))


def signed_fills(fills: Iterable[FillRow], pharmacist_id: UUID) -> list[dict[str, Any]]:
    """What one pharmacist signs for: the fills that he released, as they are kept with his name."""
    return [
        {
            "rx": fill.rx_number,
            "fill": fill.number,
            "ticket": fill.ticket,
            "bags": fill.bags,
            "what": fill.what,
            "lots": list(fill.lots),
        }
        for fill in fills
        if any(one.id == pharmacist_id for one in fill.released_by)
    ]


def bounds(at: Reading, day: date) -> tuple[datetime, datetime]:
    """The day's first instant and the first after it, by the pharmacy's own clock."""
    zone = at.clock.zone
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def left_of(at: Reading, order_ids: Sequence[UUID]) -> dict[UUID, list[tuple[datetime, UUID]]]:
    """When each fill of these orders left, oldest first, with its ticket."""
    found: dict[UUID, set[tuple[datetime, UUID]]] = defaultdict(set)
    wanted = sa.select(OrderVersion.order_id, TicketHappening.at, TicketHappening.ticket_id).select_from(FILLS)
    for order_id, shipped_at, ticket_id in at.session.execute(wanted.where(OrderVersion.order_id.in_(list(order_ids))).distinct()):
        found[order_id].add((shipped_at, ticket_id))
    return {order_id: sorted(left) for order_id, left in found.items()}


def packed_of(at: Reading, order_id: UUID) -> int:
    """How many deliveries with bags of this order are being packed or are packed, and have not left."""
    wanted = (
        sa.select(sa.func.count(TicketLine.ticket_id.distinct()))
        .join(Bag, Bag.id == TicketLine.bag_id)
        .join(Batch, Batch.id == Bag.batch_id)
        .join(OrderVersion, OrderVersion.id == Batch.order_version_id)
        .where(OrderVersion.order_id == order_id)
        .where(TicketLine.taken_off == "", TicketLine.ticket_id.not_in(sa.select(TicketHappening.ticket_id)))
    )
    return at.session.scalar(wanted) or 0


def _fills(reading: Reading, tickets: Sequence[TicketRow]) -> list[FillRow]:
    """Each prescription on each ticket, by the time it left."""
    parts: dict[tuple[UUID, UUID], list[BagRow]] = defaultdict(list)
    by_id = {ticket.id: ticket for ticket in tickets}
    for ticket in tickets:
        for bag in ticket.bags:
            parts[ticket.id, bag.order.order_id].append(bag)
    left = left_of(reading, list({order_id for _, order_id in parts}))
    released = released_by(reading, {bag.batch_id for bags in parts.values() for bag in bags})
    found = []
    for (ticket_id, order_id), bags in parts.items():
        ticket, order = by_id[ticket_id], bags[0].order
        number = 1 + [one for _, one in left[order_id]].index(ticket_id)
        lots = sorted({f"{lot.item}, lot {lot.lot_number}" for bag in bags for lot in bag.lots})
        names = dict.fromkeys(released[bag.batch_id] for bag in bags if bag.batch_id in released)
        found.append(
            FillRow(
                ticket_id, order_id, order.rx_number, number, order.number, ticket.patient_id, ticket.patient, ticket.mrn,
                bags[0].name, len(bags), tuple(lots), ticket.number, ticket.state.value,
                ticket.shipped_at or ticket.begun_at, tuple(names),
            )
        )  # fmt: skip
    return sorted(found, key=lambda fill: (fill.left_at, fill.rx_number))


def released_by(at: Reading, batch_ids: Iterable[UUID]) -> Mapping[UUID, Pharmacist]:
    """Whose name stands under the release of each batch. No permission of its own: whoever asks has one."""
    wanted = sa.select(Signature.entity_id, Signature.signer_id, Signature.signer_name).where(
        Signature.entity == Batch.__tablename__, Signature.meaning == RELEASED, Signature.entity_id.in_(list(batch_ids))
    )
    return {batch: Pharmacist(signer, name) for batch, signer, name in at.session.execute(wanted)}

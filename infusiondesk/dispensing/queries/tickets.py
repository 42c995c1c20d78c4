"""The deliveries: those for which somebody has something to do, all of a patient, one; and what of them may be billed."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.dispensing.queries.assembled import file_row, ticket_rows
from infusiondesk.dispensing.queries.rows import DeliveredDoses, FileRow, TicketRow, Unbilled
from infusiondesk.dispensing.records import ProofFile, Ticket, TicketHappening, TicketLine
from infusiondesk.dispensing.rules import Happening, State
from infusiondesk.foundation.kernel.ismp import counted, day
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading

_OVER = (Happening.DELIVERED, Happening.REFUSED, Happening.RETURNED, Happening.CANCELLED)


@query(Area.DISPENSING)
def open_tickets(reading: Reading) -> Sequence[TicketRow]:
    """Deliveries for which somebody still has to do something: pack, ship, confirm, judge, destroy; the oldest first."""
    unfinished = Ticket.id.not_in(_with(*_OVER))
    outside = sa.select(TicketHappening.ticket_id).where(TicketHappening.is_outside)
    not_destroyed = sa.select(TicketLine.ticket_id).where(
        TicketLine.pump_id.is_(None), TicketLine.taken_off == "", TicketLine.destroyed < TicketLine.quantity
    )
    to_look_at = sa.or_(Ticket.id.in_(_with(Happening.REFUSED, Happening.RETURNED)), Ticket.id.in_(outside))
    brought_back = sa.select(TicketLine.ticket_id).where(TicketLine.destroyed < TicketLine.came_back)
    chosen = sa.or_(unfinished, sa.and_(to_look_at, Ticket.id.in_(not_destroyed)), Ticket.id.in_(brought_back))
    return [row for row in ticket_rows(reading, chosen) if row.work is not None]


@query(Area.DISPENSING)
def ticket_of(reading: Reading, *, ticket_id: UUID) -> TicketRow:
    """One ticket, whole."""
    return ticket_rows(reading, Ticket.id == ticket_id)[0]


@query(Area.DISPENSING)
def tickets_of(reading: Reading, *, patient_id: UUID) -> Sequence[TicketRow]:
    """All deliveries of a patient, newest first."""
    return ticket_rows(reading, Ticket.patient_id == patient_id)[::-1]


@query(Area.DISPENSING)
def shipped_between(reading: Reading, *, since: datetime, until: datetime) -> Sequence[TicketRow]:
    """Deliveries that left the pharmacy from one instant up to, not including, another; by the time they left."""
    ids = sa.select(TicketHappening.ticket_id).where(
        TicketHappening.kind == Happening.SHIPPED, TicketHappening.at >= since, TicketHappening.at < until
    )
    rows = ticket_rows(reading, Ticket.id.in_(ids))
    return sorted(rows, key=lambda row: (row.shipped_at or row.begun_at, row.number))


@query(Area.DISPENSING)
def delivered_doses(reading: Reading, *, patient_id: UUID) -> Sequence[DeliveredDoses]:
    """Confirmed bags by order version and day of receipt: no confirmation, no drug line.

    What was judged unusable counts as not delivered; so does what still waits for a pharmacist's judgement, and, from the moment
    it is recorded, what was brought back.
    """
    counted_bags: dict[tuple[UUID, UUID, date], int] = defaultdict(int)
    for row in ticket_rows(reading, Ticket.patient_id == patient_id):
        if row.state is State.CONFIRMED and row.received_at is not None:
            for line in row.lines:
                if line.bag is not None and not line.is_gone and line.id not in row.to_judge:
                    counted_bags[line.bag.order.id, line.bag.order.order_id, row.received_at.date()] += 1
    return [
        DeliveredDoses(version, order, on, bags)
        for (version, order, on), bags in sorted(counted_bags.items(), key=lambda i: (i[0][2], i[0][0]))
    ]


@query(Area.DISPENSING)
def unbilled_deliveries(reading: Reading, *, patient_id: UUID) -> Sequence[Unbilled]:
    """Bags that were delivered and are not billed: brought back, unusable, or not judged yet; each time with its reason."""
    found = []
    for row in ticket_rows(reading, Ticket.patient_id == patient_id):
        if row.state is not State.CONFIRMED or row.received_at is None:
            continue
        told: defaultdict[str, int] = defaultdict(int)
        backs = {back.line_id: back for back in row.returns}
        judged = {line: one for one in row.judgements for line in one.lines}
        for line in (one for one in row.lines if one.bag is not None):
            if line.id in backs:
                back = backs[line.id]
                told[f"brought back on {day(back.came_on)} by {back.brought_by}: {back.because}"] += 1
            elif line.is_unusable:
                told[f"{judged[line.id].disposition}: {judged[line.id].because}"] += 1
            elif line.id in row.to_judge:
                told["outside its storage on the way, and no pharmacist has judged it yet"] += 1
        on = row.received_at.date()
        found += [Unbilled(row.number, on, bags, f"{counted(bags, 'bag')} of {row.number}: {why}") for why, bags in told.items()]
    return found


@query(Area.DISPENSING)
def file_content(reading: Reading, *, file_id: UUID) -> tuple[FileRow, bytes]:
    """One kept proof with its content."""
    one = reading.session.get_one(ProofFile, file_id)
    return file_row(reading, one), one.content


def _with(*kinds: Happening) -> sa.Select[UUID]:
    return sa.select(TicketHappening.ticket_id).where(TicketHappening.kind.in_(kinds))

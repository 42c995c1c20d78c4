"""The fills of a day and whose names stand under them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.compounding.queries.batches import RELEASED
from infusiondesk.compounding.records import Batch
from infusiondesk.dispensing.records import Ticket, TicketHappening
from infusiondesk.dispensing.rules import Happening
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.records import Signature
from infusiondesk.foundation.store.signatures import signatures_of
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.orders.records import Order, OrderVersion
from infusiondesk.prescriptions.queries.fills import FILLS, bounds, fills_on, signed_fills
from infusiondesk.prescriptions.queries.rows import DayLog, DayToSign, LogRow
from infusiondesk.prescriptions.records import FillLog
from infusiondesk.prescriptions.rules import to_sign

LOOKS_BACK: Final = timedelta(days=92)  # three months: Today asks after every change, and a day older than that is an inspector's


@query(Area.ORDERS)
def fill_log(reading: Reading, *, day: date | None = None, ticket_id: UUID | None = None) -> DayLog:
    """Everything that left on one day, and who has signed for it.

    The day is that on which a certain ticket left where one is named; without either, the newest on which something left.
    """
    if day is None:
        left = sa.select(sa.func.max(TicketHappening.at)).where(TicketHappening.kind == Happening.SHIPPED)
        shipped = reading.session.scalar(left if ticket_id is None else left.where(TicketHappening.ticket_id == ticket_id))
        day = reading.local(shipped).date() if shipped else reading.today()
    fills = fills_on(reading, day)
    kept = list(
        reading.session.scalars(
            sa.select(FillLog)
            .where(FillLog.day == day, FillLog.signed_at.is_not(None))
            .order_by(FillLog.pharmacist, FillLog.number)
        )
    )
    signed_for = {log.pharmacist_id: log.fills for log in kept}
    names = {one.id: one for fill in fills for one in fill.released_by}
    released = {who: signed_fills(fills, who) for who in names}
    open_ones = tuple(sorted((names[who] for who in to_sign(released, signed_for)), key=lambda one: one.name))
    signed = [
        LogRow(log.pharmacist, log.number, len(log.fills), name)
        for log in kept
        for name in signatures_of(reading, FillLog.__tablename__, log.id, log_facts(log))
    ]
    return DayLog(day, tuple(fills), tuple(signed), open_ones)


@query(Area.ORDERS)
def days_to_sign(reading: Reading) -> Sequence[DayToSign]:
    """The days of the last three months under whose fills this person's own name is missing, oldest first.

    What left never changes, so a fill is known by its prescription and its ticket: two questions, however many days there are.
    """
    since, _ = bounds(reading, reading.today() - LOOKS_BACK)
    by_me = sa.and_(Signature.entity == Batch.__tablename__, Signature.entity_id == Batch.id, Signature.meaning == RELEASED)
    wanted = (
        sa.select(TicketHappening.at, Ticket.id, Ticket.number, Order.rx_number)
        .select_from(FILLS)
        .join(Ticket, Ticket.id == TicketHappening.ticket_id)
        .join(Order, Order.id == OrderVersion.order_id)
        .join(Signature, by_me)
        .where(TicketHappening.at >= since, Signature.signer_id == reading.actor.id)
        .distinct()
        .order_by(TicketHappening.at, Ticket.number, Order.rx_number)
    )
    released: dict[date, list[tuple[str, int]]] = defaultdict(list)
    first: dict[date, UUID] = {}
    for left_at, ticket_id, ticket, rx_number in reading.session.execute(wanted):
        on = reading.local(left_at).date()
        released[on].append((ticket, rx_number))
        first.setdefault(on, ticket_id)
    mine = sa.select(FillLog).where(FillLog.day.in_(first), FillLog.pharmacist_id == reading.actor.id)
    logs = reading.session.scalars(mine.where(FillLog.signed_at.is_not(None)).order_by(FillLog.number))
    signed = {log.day: {(one["ticket"], one["rx"]) for one in log.fills} for log in logs}
    return [DayToSign(on, len(fills), first[on]) for on, fills in released.items() if signed.get(on, set()) != set(fills)]


def log_facts(log: FillLog) -> dict[str, object]:
    """Everything a pharmacist's name under a day's fills covers."""
    return {"day": log.day.isoformat(), "pharmacist_id": str(log.pharmacist_id), "number": log.number, "fills": log.fills}

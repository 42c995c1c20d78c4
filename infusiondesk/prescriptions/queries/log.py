"""The fills of a day and whose names stand under them."""

from datetime import date

import sqlalchemy as sa

from infusiondesk.dispensing.records import TicketHappening
from infusiondesk.dispensing.rules import Happening
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.signatures import signatures_of
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.prescriptions.queries.fills import fills_on, signed_fills
from infusiondesk.prescriptions.queries.rows import DayLog, LogRow
from infusiondesk.prescriptions.records import FillLog
from infusiondesk.prescriptions.rules import to_sign


@query(Area.ORDERS)
def fill_log(reading: Reading, *, day: date | None = None) -> DayLog:
    """Everything that left on one day, and who has signed for it; without a day, the newest on which something left."""
    if day is None:
        shipped = reading.session.scalar(
            sa.select(sa.func.max(TicketHappening.at)).where(TicketHappening.kind == Happening.SHIPPED)
        )
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


def log_facts(log: FillLog) -> dict[str, object]:
    """Everything a pharmacist's name under a day's fills covers."""
    return {"day": log.day.isoformat(), "pharmacist_id": str(log.pharmacist_id), "number": log.number, "fills": log.fills}

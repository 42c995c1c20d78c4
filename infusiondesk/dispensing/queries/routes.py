"""The day's stops in the order in which a driver makes them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.dispensing.queries.assembled import ticket_rows
from infusiondesk.dispensing.queries.rows import StopRow
from infusiondesk.dispensing.records import RouteStop, Ticket, TicketHappening
from infusiondesk.dispensing.rules import Method, State
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.patients.records import Patient

_DRIVEN = frozenset({State.PACKED, State.ON_THE_ROAD, State.LEFT})


@query(Area.DISPENSING)
def routes(reading: Reading, *, on: date | None = None) -> Sequence[StopRow]:
    """The stops of a day by driver and place; then what is packed or on the road and on nobody's route."""
    day = on or reading.today()
    planned = sa.select(RouteStop.ticket_id).where(RouteStop.on == day)
    ended = sa.select(TicketHappening.ticket_id).where(TicketHappening.kind.in_(["delivered", "refused", "returned", "cancelled"]))
    loose = sa.and_(Ticket.packed_at.is_not(None), Ticket.id.not_in(ended), Ticket.id.not_in(sa.select(RouteStop.ticket_id)))
    tickets = ticket_rows(reading, sa.or_(Ticket.id.in_(planned), loose))
    stops = {one.ticket_id: one for one in reading.session.scalars(sa.select(RouteStop).where(RouteStop.on == day))}
    wanted = sa.select(Patient.id, Patient.access_notes).where(Patient.id.in_({ticket.patient_id for ticket in tickets}))
    notes: dict[UUID, str] = dict(reading.session.execute(wanted).all())
    found = []
    for ticket in tickets:
        stop = stops.get(ticket.id)
        if stop is None and (ticket.state not in _DRIVEN or ticket.method not in (None, Method.DRIVER)):
            continue
        driver, place = (stop.driver, stop.place) if stop else ("", 0)
        found.append(StopRow(ticket.id, driver, place, ticket, notes[ticket.patient_id]))
    return sorted(found, key=lambda row: (row.driver == "", row.driver, row.place, row.ticket.number))

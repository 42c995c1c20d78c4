"""The order in which a driver makes a day's stops."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.dispensing.records import RouteStop, Ticket
from infusiondesk.dispensing.rules import State
from infusiondesk.dispensing.service.steps import PACKERS, state_of
from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork


@verb(Area.DISPENSING, *PACKERS, does="put a delivery on a route")
def put_on_route(uow: UnitOfWork, *, ticket_id: UUID, on: date, driver: str) -> None:
    """The last stop of a driver's day; a ticket stands on one route at a time."""
    name = driver.strip()
    if not name:
        raise Refused("Name the driver.", field="driver")
    if on < uow.today():
        raise Refused("That day is past.", field="on")
    ticket = uow.session.get_one(Ticket, ticket_id)
    if (now := state_of(uow, ticket)) not in (State.PACKED, State.ON_THE_ROAD):
        raise Refused(f"A delivery that is {now.value} goes on no route.")
    stop = uow.session.scalars(sa.select(RouteStop).where(RouteStop.ticket_id == ticket_id)).first()
    last = uow.session.scalar(sa.select(sa.func.max(RouteStop.place)).where(RouteStop.on == on, RouteStop.driver == name)) or 0
    if stop is None:
        uow.add(RouteStop(ticket_id=ticket_id, on=on, driver=name, place=last + 1))
    else:
        stop.on, stop.driver, stop.place = on, name, last + 1
    detail = f"{ticket.number}, {day(on)}, {name}"
    uow.record(Change("put on a route", Area.DISPENSING, "ticket", ticket_id, ticket.patient_id, detail=detail))


@verb(Area.DISPENSING, *PACKERS, does="move a stop of a route")
def move_stop(uow: UnitOfWork, *, ticket_id: UUID, by_places: int) -> None:
    """One stop earlier (-1) or later (1); at the end of the route nothing moves."""
    stop = _stop(uow, ticket_id)
    stops = list(
        uow.session.scalars(
            sa.select(RouteStop).where(RouteStop.on == stop.on, RouteStop.driver == stop.driver).order_by(RouteStop.place)
        )
    )
    here = stops.index(stop)
    there = here + (1 if by_places > 0 else -1)
    if not 0 <= there < len(stops):
        return
    stops[here], stops[there] = stops[there], stops[here]
    for place, one in enumerate(stops, 1):
        one.place = place
    uow.record(Change("stop moved", Area.DISPENSING, "ticket", ticket_id, detail=f"stop {there + 1} of {stop.driver}"))


@verb(Area.DISPENSING, *PACKERS, does="take a delivery off a route")
def take_off_route(uow: UnitOfWork, *, ticket_id: UUID) -> None:
    """It goes another way, or another day."""
    stop = _stop(uow, ticket_id)
    later = sa.select(RouteStop).where(RouteStop.on == stop.on, RouteStop.driver == stop.driver, RouteStop.place > stop.place)
    for one in uow.session.scalars(later):
        one.place -= 1
    uow.session.delete(stop)
    uow.record(Change("taken off a route", Area.DISPENSING, "ticket", ticket_id, detail=stop.driver))


def _stop(uow: UnitOfWork, ticket_id: UUID) -> RouteStop:
    stop = uow.session.scalars(sa.select(RouteStop).where(RouteStop.ticket_id == ticket_id)).first()
    if stop is None:
        raise Refused("This delivery is on no route.")
    return stop

"""What screens, papers and billing may read of deliveries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.compounding.queries import BagRow, released_bags
from infusiondesk.compounding.records import Bag
from infusiondesk.dispensing.records import Ticket, TicketHappening, TicketLine
from infusiondesk.dispensing.rules import OPEN, Happening, State, state
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.patients.records import Patient


@dataclass(frozen=True)
class TicketRow:
    """One delivery with what is in it and where it stands; times on the pharmacy's wall clock."""

    id: UUID
    number: str
    patient_id: UUID
    patient: str
    mrn: str
    phone: str
    place_of_care: str
    deliver_to: str
    packed_by: str
    packed_at: datetime
    state: State
    bags: tuple[BagRow, ...]
    shipped_at: datetime | None
    received_by: str
    relation: str
    received_at: datetime | None
    condition: str
    reason: str


@dataclass(frozen=True)
class ToSendRow:
    """A patient with released bags that stand on no ticket."""

    id: UUID
    patient: str
    mrn: str
    bags: tuple[BagRow, ...]

    @property
    def first_beyond_use_at(self) -> datetime:
        return min(bag.beyond_use_at for bag in self.bags)


@dataclass(frozen=True)
class DeliveredDoses:
    """Confirmed bags of one order version on one day: what a drug line may count."""

    version_id: UUID
    order_id: UUID
    on: date
    bags: int


@query(Area.DISPENSING)
def bags_to_send(reading: Reading) -> Sequence[ToSendRow]:
    """Patients with released bags that stand on no ticket, the earliest beyond-use date first."""
    taken = taken_bags(reading)
    waiting = reading.session.execute(
        sa.select(Patient).where(Patient.id.in_(sa.select(Bag.patient_id).where(Bag.id.not_in(list(taken))))).order_by(Patient.id)
    ).scalars()
    found = []
    for patient in waiting:
        bags = tuple(bag for bag in released_bags(reading, patient_id=patient.id) if bag.id not in taken and not bag.is_past_use)
        if bags:
            found.append(ToSendRow(patient.id, f"{patient.last_name}, {patient.first_name}", patient.mrn, bags))
    return sorted(found, key=lambda row: row.first_beyond_use_at)


@query(Area.DISPENSING)
def open_tickets(reading: Reading) -> Sequence[TicketRow]:
    """Deliveries that are packed or on the road, the oldest first."""
    return [row for row in _rows(reading, sa.true()) if row.state in OPEN]


@query(Area.DISPENSING)
def tickets_of(reading: Reading, *, patient_id: UUID) -> Sequence[TicketRow]:
    """All deliveries of a patient, newest first."""
    return _rows(reading, Ticket.patient_id == patient_id)[::-1]


@query(Area.DISPENSING)
def shipped_between(reading: Reading, *, since: datetime, until: datetime) -> Sequence[TicketRow]:
    """Deliveries that left the pharmacy from one instant up to, not including, another; by the time they left."""
    ids = sa.select(TicketHappening.ticket_id).where(
        TicketHappening.kind == Happening.SHIPPED, TicketHappening.at >= since, TicketHappening.at < until
    )
    rows = _rows(reading, Ticket.id.in_(ids))
    return sorted(rows, key=lambda row: (row.shipped_at or row.packed_at, row.number))


@query(Area.DISPENSING)
def delivered_doses(reading: Reading, *, patient_id: UUID) -> Sequence[DeliveredDoses]:
    """Confirmed bags by order version and day of receipt: no confirmation, no drug line."""
    counted: dict[tuple[UUID, UUID, date], int] = defaultdict(int)
    for row in _rows(reading, Ticket.patient_id == patient_id):
        if row.state is State.CONFIRMED and row.received_at is not None:
            for bag in row.bags:
                counted[bag.order.id, bag.order.order_id, row.received_at.date()] += 1
    return [
        DeliveredDoses(version, order, on, bags)
        for (version, order, on), bags in sorted(counted.items(), key=lambda i: (i[0][2], i[0][0]))
    ]


def _rows(reading: Reading, condition: Any) -> list[TicketRow]:
    found = reading.session.execute(
        sa.select(Ticket, Patient)
        .join(Patient, Patient.id == Ticket.patient_id)
        .where(condition)
        .order_by(Ticket.packed_at, Ticket.number)
    ).all()
    ids = [ticket.id for ticket, _ in found]
    happened = _happened(reading, ids)
    lines: dict[UUID, set[UUID]] = defaultdict(set)
    for line in reading.session.scalars(sa.select(TicketLine).where(TicketLine.ticket_id.in_(ids))):
        lines[line.ticket_id].add(line.bag_id)
    bags = {
        bag.id: bag for patient_id in {patient.id for _, patient in found} for bag in released_bags(reading, patient_id=patient_id)
    }
    return [
        _row(reading, ticket, patient, happened[ticket.id], [bags[bag] for bag in lines[ticket.id]]) for ticket, patient in found
    ]


@query(Area.DISPENSING, is_audited=False)
def taken_bags(reading: Reading) -> dict[UUID, str]:
    """Bags that stand or stood on a ticket that was not cancelled, with its number: what was sent once is never sent again."""
    rows = reading.session.execute(sa.select(TicketLine.bag_id, Ticket).join(Ticket, Ticket.id == TicketLine.ticket_id)).all()
    happened = _happened(reading, [ticket.id for _, ticket in rows])
    return {
        bag_id: ticket.number for bag_id, ticket in rows if state(one.kind for one in happened[ticket.id]) is not State.CANCELLED
    }


def _happened(reading: Reading, ids: Sequence[UUID]) -> defaultdict[UUID, list[TicketHappening]]:
    found: defaultdict[UUID, list[TicketHappening]] = defaultdict(list)
    wanted = (
        sa.select(TicketHappening)
        .where(TicketHappening.ticket_id.in_(ids))
        .order_by(TicketHappening.recorded_at, TicketHappening.id)
    )
    for one in reading.session.scalars(wanted):
        found[one.ticket_id].append(one)
    return found


def _row(reading: Reading, ticket: Ticket, patient: Patient, happened: list[TicketHappening], bags: list[BagRow]) -> TicketRow:
    by_kind = {one.kind: one for one in happened}
    shipped, received = by_kind.get(Happening.SHIPPED), by_kind.get(Happening.DELIVERED)
    last = happened[-1] if happened else None
    return TicketRow(
        ticket.id,
        ticket.number,
        patient.id,
        f"{patient.last_name}, {patient.first_name}",
        patient.mrn,
        patient.phone,
        ticket.place_of_care,
        ticket.deliver_to,
        ticket.packed_by,
        reading.local(ticket.packed_at),
        state(one.kind for one in happened),
        tuple(sorted(bags, key=lambda bag: (bag.beyond_use_at, bag.barcode))),
        reading.local(shipped.at) if shipped else None,
        received.received_by if received else "",
        received.relation if received else "",
        reading.local(received.at) if received else None,
        received.condition if received else "",
        last.reason if last else "",
    )

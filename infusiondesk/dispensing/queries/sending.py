"""What waits to be sent: released bags on no ticket, each with the dose it would be for, and what to pick from where."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.compounding.queries import BagRow, bags_where
from infusiondesk.compounding.records import Bag, Batch
from infusiondesk.compounding.rules import BatchState
from infusiondesk.dispensing.queries.calendar import delivery_calendar, standings
from infusiondesk.dispensing.queries.lines import chart_refusal, standing_of
from infusiondesk.dispensing.queries.rows import LineRow, PickRow, TicketRow, ToSendRow
from infusiondesk.dispensing.queries.tickets import open_tickets
from infusiondesk.dispensing.records import Ticket, TicketHappening, TicketLine
from infusiondesk.dispensing.rules import Dose, Happening, State, dose_refusal, order_refusal
from infusiondesk.foundation.kernel.ismp import counted, day
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.patients.queries import charts_of

_CANCELLED = sa.select(TicketHappening.ticket_id).where(TicketHappening.kind == Happening.CANCELLED)


@query(Area.DISPENSING)
def bags_to_send(reading: Reading) -> Sequence[ToSendRow]:
    """Patients with released bags that stand on no ticket: by the day their delivery is due, then by beyond-use date."""
    bags = _free_bags(reading)
    by_patient: dict[UUID, list[BagRow]] = defaultdict(list)
    for bag in bags:
        by_patient[bag.patient_id].append(bag)
    charts = charts_of(reading, patient_ids=list(by_patient))
    calendar = delivery_calendar(reading)
    supplied = standings(reading, {bag.order.id: bag.order for bag in bags}.values(), calendar)
    rows = []
    for patient_id, own in by_patient.items():
        versions = {bag.order.id for bag in own if not order_refusal("", standing_of(bag.order))}
        dues = [one for version in versions if (one := supplied[version].due) is not None]
        first = min(dues, key=lambda one: one.deliver_by, default=None)
        late = first.late_words(reading.today()) if first else ""
        chart = charts[patient_id]
        planned = plan_bags(own, supplied, zone=reading)
        cannot = tuple(dict.fromkeys(one.refusal for one in planned if one.refusal))
        fit = tuple(one.bag.id for one in planned if not one.refusal)
        rows.append(ToSendRow(patient_id, chart.name, chart.mrn, tuple(own), first, late, chart_refusal(chart) or "", cannot, fit))
    return sorted(rows, key=lambda row: (row.due.deliver_by if row.due else date.max, row.first_beyond_use_at, row.mrn))


@query(Area.DISPENSING)
def pick_list(reading: Reading) -> Sequence[PickRow]:
    """What to take from where: for tickets being packed, then for patients to send, the cold last, so that it warms least."""
    found = []
    for ticket in open_tickets(reading):
        if ticket.state is State.PACKING:
            bags = [line.bag for line in ticket.lines if line.bag is not None and not line.is_scanned]
            due = f"{day(ticket.deliver_by)} {ticket.late}".strip() if ticket.deliver_by else ""
            found += _picks(ticket.id, ticket.patient, ticket.mrn, bags, ticket.number, due)
            found += [_package(reading, ticket, line, due) for line in ticket.lines if line.lot_id and not line.is_scanned]
    for row in bags_to_send(reading):
        if not row.obstacle:
            due = f"{day(row.due.deliver_by)} {row.late}".strip() if row.due else ""
            found += _picks(row.id, row.patient, row.mrn, row.bags, "", due)
    return sorted(found, key=lambda one: (one.where != "controlled room temperature", one.where, one.beyond_use_at, one.mrn))


@query(Area.DISPENSING, is_audited=False)
def taken_bags(reading: Reading) -> dict[UUID, str]:
    """Bags that stand or stood on a ticket that was not cancelled, with its number: what was sent once is never sent again."""
    rows = reading.session.execute(
        sa.select(TicketLine.bag_id, Ticket.number)
        .join(Ticket, Ticket.id == TicketLine.ticket_id)
        .where(TicketLine.bag_id.is_not(None), TicketLine.taken_off == "", Ticket.id.not_in(_CANCELLED))
    )
    return {bag_id: number for bag_id, number in rows if bag_id is not None}


@dataclass(frozen=True)
class PlannedBag:
    """A bag with the dose it would be for, or why it may not go."""

    bag: BagRow
    dose: Dose | None
    refusal: str


def plan_bags(bags: Sequence[BagRow], supplied: Mapping[UUID, Any], *, zone: Reading) -> list[PlannedBag]:
    """Each bag with its dose: the one to use first for the next dose. No permission of its own: who plans a ticket has one."""
    left = {version: list(one.doses) for version, one in supplied.items()}
    found = []
    for bag in sorted(bags, key=lambda one: (one.beyond_use_at, one.barcode)):
        waiting = left[bag.order.id]
        dose = waiting[0] if waiting else None
        if stopped := order_refusal(bag.barcode, standing_of(bag.order)):
            found.append(PlannedBag(bag, None, stopped))
        elif dose is None and not supplied[bag.order.id].is_unbroken:
            words = f"Bag {bag.barcode}: no dose of Rx {bag.order.rx_number} is left for it; all are supplied to its last day"
            found.append(PlannedBag(bag, None, f"{words}, {day(bag.order.stop_on)}."))
        elif dose is not None and (refusal := dose_refusal(bag.barcode, bag.beyond_use_at, zone.local(dose.at))):
            found.append(PlannedBag(bag, dose, refusal))
        else:
            found.append(PlannedBag(bag, dose, ""))
            del waiting[:1]
    return found


def _free_bags(reading: Reading) -> list[BagRow]:
    """Released bags that are still good and stand on no ticket."""
    taken = (
        sa.select(TicketLine.bag_id)
        .where(TicketLine.bag_id.is_not(None), TicketLine.taken_off == "")
        .where(TicketLine.ticket_id.not_in(_CANCELLED))
    )
    good = sa.select(Batch.id).where(Batch.beyond_use_at >= reading.clock.now())
    return [
        bag
        for bag in bags_where(reading, sa.and_(Bag.batch_id.in_(good), Bag.id.not_in(taken)))
        if bag.batch_state is BatchState.RELEASED
    ]


def _package(reading: Reading, ticket: TicketRow, line: LineRow, due: str) -> PickRow:
    """Units of a lot that were proposed and are not in the box yet."""
    until = datetime.combine(line.expires_on or reading.today(), time(), tzinfo=reading.clock.zone)
    where = line.kept.words if line.kept else ""
    return PickRow(
        line.id, where, ticket.patient, ticket.mrn, line.what, line.amount, 0, (f"lot {line.mark}",), until, ticket.number, due
    )


def _picks(row_id: UUID, patient: str, mrn: str, bags: Sequence[BagRow], ticket: str, due: str) -> list[PickRow]:
    alike: dict[tuple[str, str], list[BagRow]] = defaultdict(list)
    for bag in bags:
        alike[bag.storage, bag.name].append(bag)
    return [
        PickRow(
            row_id, where, patient, mrn, what, counted(len(own), "bag"), len(own), tuple(bag.barcode for bag in own),
            min(bag.beyond_use_at for bag in own), ticket, due,
        )
        for (where, what), own in alike.items()
    ]  # fmt: skip

"""What waits to be sent, what is under way, and everything about one ticket."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.compounding.queries import BagRow, bags_where
from infusiondesk.compounding.records import Bag, Batch
from infusiondesk.compounding.rules import BatchState, Storage
from infusiondesk.dispensing.queries.calendar import delivery_calendar, standings
from infusiondesk.dispensing.queries.rows import (
    CallRow,
    DeliveredDoses,
    FileRow,
    JudgementRow,
    LineRow,
    PickRow,
    TicketRow,
    ToSendRow,
)
from infusiondesk.dispensing.records import Judgement, ProofFile, RouteStop, Ticket, TicketHappening, TicketLine
from infusiondesk.dispensing.rules import (
    CAME_BACK,
    OPEN,
    Disposition,
    Dose,
    Due,
    Happening,
    OrderStanding,
    ProofFacts,
    State,
    address_refusal,
    dose_refusal,
    excursion,
    hours_refusal,
    needs_shipper,
    order_refusal,
    place_refusal,
    proof_gaps,
    state,
    status_refusal,
    work_of,
)
from infusiondesk.equipment.records import Pump
from infusiondesk.foundation.kernel.ismp import counted, day, moment
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.signatures import signatures_of_each
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.records import Item, Lot
from infusiondesk.inventory.rules import LocationKind
from infusiondesk.orders.queries import OrderRow
from infusiondesk.patients.queries import charts_of
from infusiondesk.patients.records import Patient
from infusiondesk.patients.rules.facts import PatientFacts

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
def open_tickets(reading: Reading) -> Sequence[TicketRow]:
    """Deliveries for which somebody still has to do something: pack, ship, confirm, judge, destroy; the oldest first."""
    over = (Happening.DELIVERED, *_ENDS)
    ended = sa.select(TicketHappening.ticket_id).where(TicketHappening.kind.in_(over))
    unfinished = Ticket.id.not_in(ended)
    came_back = sa.select(TicketHappening.ticket_id).where(TicketHappening.kind.in_([Happening.REFUSED, Happening.RETURNED]))
    outside = sa.select(TicketHappening.ticket_id).where(TicketHappening.is_outside)
    destroyed = sa.select(TicketHappening.ticket_id).where(TicketHappening.kind == Happening.DESTROYED)
    to_look_at = sa.and_(sa.or_(Ticket.id.in_(came_back), Ticket.id.in_(outside)), Ticket.id.not_in(destroyed))
    return [row for row in ticket_rows(reading, sa.or_(unfinished, to_look_at)) if row.work is not None]


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
def pick_list(reading: Reading) -> Sequence[PickRow]:
    """What to take from where: for tickets being packed, then for patients to send, the cold last, so that it warms least."""
    found = []
    for ticket in open_tickets(reading):
        if ticket.state is State.PACKING:
            bags = [line.bag for line in ticket.lines if line.bag is not None and not line.is_scanned]
            due = f"{day(ticket.deliver_by)} {ticket.late}".strip() if ticket.deliver_by else ""
            found += _picks(ticket.id, ticket.patient, ticket.mrn, bags, ticket.number, due)
    for row in bags_to_send(reading):
        if not row.obstacle:
            due = f"{day(row.due.deliver_by)} {row.late}".strip() if row.due else ""
            found += _picks(row.id, row.patient, row.mrn, row.bags, "", due)
    return sorted(found, key=lambda one: (one.where != "controlled room temperature", one.where, one.beyond_use_at, one.mrn))


@query(Area.DISPENSING)
def delivered_doses(reading: Reading, *, patient_id: UUID) -> Sequence[DeliveredDoses]:
    """Confirmed bags by order version and day of receipt: no confirmation, no drug line.

    What was judged unusable counts as not delivered; so does what still waits for a pharmacist's judgement.
    """
    counted_bags: dict[tuple[UUID, UUID, date], int] = defaultdict(int)
    for row in ticket_rows(reading, Ticket.patient_id == patient_id):
        if row.state is State.CONFIRMED and row.received_at is not None:
            for bag in row.bags:
                if bag.id not in row.unusable and bag.id not in row.to_judge:
                    counted_bags[bag.order.id, bag.order.order_id, row.received_at.date()] += 1
    return [
        DeliveredDoses(version, order, on, bags)
        for (version, order, on), bags in sorted(counted_bags.items(), key=lambda i: (i[0][2], i[0][0]))
    ]


@query(Area.DISPENSING)
def file_content(reading: Reading, *, file_id: UUID) -> tuple[FileRow, bytes]:
    """One kept proof with its content."""
    one = reading.session.get_one(ProofFile, file_id)
    return _file(reading, one), one.content


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


def ticket_rows(at: Reading, condition: Any) -> list[TicketRow]:
    """Tickets whole, the oldest first, in as many questions as one. No permission of its own: every query that asks carries one."""
    found = at.session.execute(
        sa.select(Ticket, Patient)
        .join(Patient, Patient.id == Ticket.patient_id)
        .where(condition)
        .order_by(Ticket.begun_at, Ticket.number)
    ).all()
    if not found:
        return []
    ids = [ticket.id for ticket, _ in found]
    happened = happened_to(at, ids)
    lines: defaultdict[UUID, list[TicketLine]] = defaultdict(list)
    for line in at.session.scalars(sa.select(TicketLine).where(TicketLine.ticket_id.in_(ids)).order_by(TicketLine.id)):
        lines[line.ticket_id].append(line)
    on_these = sa.select(TicketLine.bag_id).where(TicketLine.ticket_id.in_(ids))
    bags = {bag.id: bag for bag in bags_where(at, Bag.id.in_(on_these))}
    lots, pumps = _things(at, [line for some in lines.values() for line in some])
    files: defaultdict[UUID, list[ProofFile]] = defaultdict(list)
    for file in at.session.scalars(sa.select(ProofFile).where(ProofFile.ticket_id.in_(ids)).order_by(ProofFile.id)):
        files[file.ticket_id].append(file)
    judged = _judged(at, ids)
    signed = {ticket.id: packing_facts(ticket, lines[ticket.id]) for ticket, _ in found if ticket.packed_at is not None}
    names = signatures_of_each(at, Ticket.__tablename__, signed)
    stops = {one.ticket_id: one for one in at.session.scalars(sa.select(RouteStop).where(RouteStop.ticket_id.in_(ids)))}
    states = {
        ticket.id: state((one.kind for one in happened[ticket.id]), is_packed=ticket.packed_at is not None) for ticket, _ in found
    }
    charts = charts_of(at, patient_ids=list({ticket.patient_id for ticket, _ in found if states[ticket.id] in OPEN}))
    return [
        _row(
            at,
            ticket,
            patient,
            happened[ticket.id],
            [_line(at, one, bags, lots, pumps) for one in lines[ticket.id] if not one.taken_off],
            [_file(at, one) for one in files[ticket.id]],
            judged[ticket.id],
            tuple(names.get(ticket.id, ())),
            stops.get(ticket.id),
            states[ticket.id],
            charts.get(ticket.patient_id) if states[ticket.id] in OPEN else None,
        )
        for ticket, patient in found
    ]


_ENDS = (Happening.REFUSED, Happening.RETURNED, Happening.CANCELLED)


def happened_to(at: Reading, ids: Collection[UUID]) -> defaultdict[UUID, list[TicketHappening]]:
    """What happened to tickets, oldest first. No permission of its own: every query and verb that asks carries one."""
    found: defaultdict[UUID, list[TicketHappening]] = defaultdict(list)
    wanted = sa.select(TicketHappening).where(TicketHappening.ticket_id.in_(ids))
    order = list(Happening)  # two things of one instant: in the order in which they can follow each other
    for one in sorted(at.session.scalars(wanted), key=lambda one: (one.recorded_at, order.index(one.kind), one.id)):
        found[one.ticket_id].append(one)
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


def _picks(row_id: UUID, patient: str, mrn: str, bags: Sequence[BagRow], ticket: str, due: str) -> list[PickRow]:
    alike: dict[tuple[str, str], list[BagRow]] = defaultdict(list)
    for bag in bags:
        alike[bag.storage, bag.name].append(bag)
    return [
        PickRow(
            row_id, where, patient, mrn, what, len(own), tuple(bag.barcode for bag in own),
            min(bag.beyond_use_at for bag in own), ticket, due,
        )
        for (where, what), own in alike.items()
    ]  # fmt: skip


def _judged(reading: Reading, ids: Collection[UUID]) -> defaultdict[UUID, list[JudgementRow]]:
    found: defaultdict[UUID, list[JudgementRow]] = defaultdict(list)
    kept = list(
        reading.session.scalars(
            sa.select(Judgement)
            .where(Judgement.ticket_id.in_(ids), Judgement.signed_at.is_not(None))
            .order_by(Judgement.signed_at, Judgement.id)
        )
    )
    names = signatures_of_each(reading, Judgement.__tablename__, {one.id: judgement_facts(one) for one in kept})
    for one in kept:
        bags = tuple(UUID(bag) for bag in one.bags)
        found[one.ticket_id].append(JudgementRow(bags, one.disposition.value, one.because, tuple(names[one.id])))
    return found


def judgement_facts(one: Judgement) -> dict[str, Any]:
    """Everything that a judgement covers."""
    return {"ticket_id": one.ticket_id, "bags": one.bags, "disposition": one.disposition.value, "because": one.because}


_KEPT: Mapping[LocationKind, Storage] = {
    LocationKind.ROOM: Storage.CRT,
    LocationKind.VAULT: Storage.CRT,
    LocationKind.REFRIGERATOR: Storage.REFRIGERATOR,
    LocationKind.FREEZER: Storage.FREEZER,
}
_Lots = Mapping[UUID, tuple[Lot, Item]]


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


def _line(reading: Reading, one: TicketLine, bags: Mapping[UUID, BagRow], lots: _Lots, pumps: Mapping[UUID, str]) -> LineRow:
    lot, item = lots[one.lot_id] if one.lot_id else (None, None)
    return LineRow(
        one.id, bags.get(one.bag_id) if one.bag_id else None, one.lot_id, one.pump_id, one.quantity, one.description, one.dose_on,
        reading.local(one.dose_at) if one.dose_at else None, reading.local(one.scanned_at) if one.scanned_at else None,
        one.scanned_by, one.was_typed, one.taken_off, lot.lot_number if lot else "", lot.expires_on if lot else None,
        item.unit if item else "", _KEPT[item.kept_in] if item else None, pumps[one.pump_id] if one.pump_id else "", one.order_id,
    )  # fmt: skip


def _file(reading: Reading, one: ProofFile) -> FileRow:
    at = reading.local(one.added_at)
    return FileRow(one.id, one.kind.value, one.name, one.media_type, one.sha256, one.size, one.added_by, at)


def _row(
    reading: Reading,
    ticket: Ticket,
    patient: Patient,
    happened: Sequence[TicketHappening],
    lines: Sequence[LineRow],
    files: Sequence[FileRow],
    judged: Sequence[JudgementRow],
    names: tuple[Any, ...],
    stop: RouteStop | None,
    now: State,
    chart: PatientFacts | None,
) -> TicketRow:
    by_kind = {one.kind: one for one in happened}
    shipped, received = by_kind.get(Happening.SHIPPED), by_kind.get(Happening.DELIVERED)
    left, destroyed = by_kind.get(Happening.LEFT), by_kind.get(Happening.DESTROYED)
    ended = next((one for one in reversed(happened) if one.kind in _ENDS), None)
    lines = sorted(lines, key=_order)
    bags = [line.bag for line in lines if line.bag is not None]
    excursions = excursions_of(ticket, bags, received.at, received.low_c, received.high_c) if received else {}
    decided = {bag for one in judged for bag in one.bags}
    unusable = frozenset(bag for one in judged if one.disposition == Disposition.REPLACE for bag in one.bags)
    to_judge = tuple(bag.id for bag in bags if bag.id in excursions and bag.id not in decided)
    name = f"{patient.last_name}, {patient.first_name}"
    by = Due(ticket.deliver_by, ticket.deliver_by, "") if ticket.deliver_by else None
    is_late = by is not None and now in OPEN
    return TicketRow(
        id=ticket.id,
        number=ticket.number,
        patient_id=patient.id,
        patient=name,
        mrn=patient.mrn,
        phone=patient.phone,
        place_of_care=ticket.place_of_care,
        deliver_to=ticket.deliver_to,
        begun_by=ticket.begun_by,
        begun_at=reading.local(ticket.begun_at),
        packed_by=ticket.packed_by,
        packed_at=reading.local(ticket.packed_at) if ticket.packed_at else None,
        state=now,
        work=work_of(
            now,
            is_to_judge=bool(to_judge),
            is_to_destroy=destroyed is None
            and bool((now in CAME_BACK and (bags or any(line.lot_id for line in lines))) or (now is State.CONFIRMED and unusable)),
        ),
        lines=tuple(lines),
        deliver_by=ticket.deliver_by,
        deliver_because=ticket.deliver_because,
        late=by.late_words(reading.today()) if by and is_late else "",
        supply=tuple(ticket.supply),
        shipper=ticket.shipper,
        no_shipper_because=ticket.no_shipper_because,
        no_backup_because=ticket.no_backup_because,
        logger_serial=ticket.logger_serial,
        method=ticket.method,
        carrier=ticket.carrier,
        tracking=ticket.tracking,
        shipped_at=reading.local(shipped.at) if shipped else None,
        shipped_by=shipped.recorded_by if shipped else "",
        received_by=received.received_by if received else "",
        relation=received.relation if received else "",
        received_at=reading.local(received.at) if received else None,
        device_zone=received.device_zone if received else "",
        entered_at=reading.local(received.recorded_at) if received else None,
        entered_by=received.recorded_by if received else "",
        condition=received.condition if received else "",
        adult_id=received.adult_id if received else "",
        low_c=received.low_c if received else None,
        high_c=received.high_c if received else None,
        read_how=received.read_how if received else "",
        left=f"{moment(reading.local(left.at))}: {left.condition}; {left.reason}" if left else "",
        reason=ended.reason if ended else "",
        destroyed=_destroyed(reading, destroyed),
        calls=tuple(
            CallRow(reading.local(one.at), one.received_by, one.condition, one.recorded_by)
            for one in happened
            if one.kind is Happening.CALLED
        ),
        files=tuple(files),
        excursions=tuple(dict.fromkeys(f"{bag.name}: {excursions[bag.id]}" for bag in bags if bag.id in excursions)),
        to_judge=to_judge,
        unusable=unusable,
        judgements=tuple(judged),
        alarms=_alarms(ticket, bags, chart) if now in OPEN else (),
        proof_gaps=_gaps(reading, ticket, name, len(lines), shipped, received, files),
        names=names,
        route=f"{day(stop.on)}, {stop.driver}, stop {stop.place}" if stop else "",
    )


def _order(line: LineRow) -> tuple[bool, str, str]:
    """Bags by beyond-use date, then everything else by name."""
    if line.bag is not None:
        return False, line.bag.beyond_use_at.isoformat(), line.bag.barcode
    return True, line.description, str(line.id)


def excursions_of(
    ticket: Ticket, bags: Sequence[BagRow], at: datetime, low: Decimal | None, high: Decimal | None
) -> dict[UUID, str]:
    """The bags that were outside their storage on the way, each with its sentence: by the readings, else by the shipper's hours.

    No permission of its own: every query and verb that asks carries one.
    """
    late = hours_refusal(ticket.shipper_hours, ticket.packed_at or ticket.begun_at, at) if (low, high) == (None, None) else None
    told = {bag.id: excursion(bag.kept, low, high) or (late if late and needs_shipper([bag.kept]) else "") for bag in bags}
    return {bag_id: sentence for bag_id, sentence in told.items() if sentence}


def _destroyed(reading: Reading, one: TicketHappening | None) -> str:
    return f"{moment(reading.local(one.at))}, {one.condition}, by {one.recorded_by}, seen by {one.witness}" if one else ""


def _alarms(ticket: Ticket, bags: Sequence[BagRow], chart: PatientFacts | None) -> tuple[str, ...]:
    """What speaks against it since it was begun: the patient, the place, an order that ended or changed."""
    found = [chart_refusal(chart, address=ticket.deliver_to)] if chart is not None else []
    place = chart.place.kind.value if chart is not None and chart.place else ""
    if place and place != ticket.place_of_care:
        found.append(f"It is packed for {ticket.place_of_care}; doses are given at {place} now.")
    by_order: dict[UUID, list[str]] = defaultdict(list)
    for bag in bags:
        if sentence := order_refusal(bag.barcode, standing_of(bag.order)):
            by_order[bag.order.id].append(sentence)
    for told in by_order.values():
        more = f" So {'is' if len(told) == 2 else 'are'} {counted(len(told) - 1, 'more bag')} of it." if len(told) > 1 else ""
        found.append(told[0] + more)
    return tuple(one for one in found if one)


def _gaps(
    reading: Reading,
    ticket: Ticket,
    name: str,
    items: int,
    shipped: TicketHappening | None,
    received: TicketHappening | None,
    files: Sequence[FileRow],
) -> tuple[str, ...]:
    if received is None:
        return ()
    return proof_gaps(
        ProofFacts(
            name,
            ticket.deliver_to,
            items,
            reading.local(received.at).date(),
            any(one.kind in ("signature", "signed paper") for one in files),
            received.relation,
            ticket.method or "",
            reading.local(shipped.at).date() if shipped else None,
            ticket.tracking,
        )
    )

"""What of supplies a patient has at home and still needs: from his orders, the kits, his deliveries and what was counted."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.records import Drug
from infusiondesk.catalog.rules import Hazard
from infusiondesk.dispensing.queries.calendar import delivery_calendar
from infusiondesk.dispensing.queries.kits import kit_lines
from infusiondesk.dispensing.queries.rows import TicketRow
from infusiondesk.dispensing.queries.tickets import tickets_of
from infusiondesk.dispensing.records import HomeCount
from infusiondesk.dispensing.rules import Arrived, Asked, Chosen, Count, KitLine, Per, State, SupplyNeed, Use, choose, doses, need
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.records import Item
from infusiondesk.orders.queries import OrderRow, events_of, orders_of
from infusiondesk.orders.rules import Pattern, held_days
from infusiondesk.orders.rules import State as OrderState
from infusiondesk.patients.queries import chart_facts

_HELD_AHEAD = timedelta(days=400)


@query(Area.DISPENSING)
def supplies_needed(reading: Reading, *, patient_id: UUID, through: date, shipped: Sequence[KitLine]) -> Sequence[SupplyNeed]:
    """Every supply that the patient's verified orders ask for: how many are at home now, how many are needed through a day, and how
    many are to be sent; with the derivation of each. What is held back for an allergy comes first, then what is to be sent."""
    now = reading.clock.now()
    end = datetime.combine(through + timedelta(days=1), time(), tzinfo=reading.clock.zone)
    found = [need(asked, now, end) for asked in _asked(reading, patient_id, shipped)]
    return sorted(found, key=lambda one: (not one.hold, not one.to_send, one.to_send is None, one.item.casefold()))


def allergies_of(at: Reading, patient_id: UUID) -> Sequence[tuple[str, str]]:
    """The substances a patient is allergic to, each with its words. No permission of its own: every query and verb that asks
    carries one."""
    return [(one.substance, one.text()) for one in chart_facts(at, patient_id=patient_id).allergies]


def _asked(at: Reading, patient_id: UUID, shipped: Sequence[KitLine]) -> Iterator[Asked]:
    """What is asked for, item by item: of one thing that several orders ask for, together."""
    lines, allergies = kit_lines(at, shipped), allergies_of(at, patient_id)
    chart = chart_facts(at, patient_id=patient_id)
    asked: dict[str, Asked] = {}
    devices = {device.type.value for device in chart.devices if device.removed_on is None}
    for order, times, words in _orders(at, patient_id):
        for line in lines:
            if line.applies(order.therapy, words, devices):
                chosen = choose(line, allergies)
                one = asked.setdefault(chosen.item.casefold(), Asked(chosen))
                one.uses.append(Use(order.rx_number, line, _times(line, order, times, at)))
    _name_items(at, asked)
    arrived, counts = _arrived(tickets_of(at, patient_id=patient_id)), _counts(at, patient_id)
    for key, one in asked.items():
        of_item = str(one.chosen.item_id) if one.chosen.item_id else ""
        one.arrived = sorted((*arrived.get(of_item, ()), *arrived.get(key, ())), key=lambda some: some.at)
        one.count = counts.get(of_item) or counts.get(key)
        yield one


def _orders(at: Reading, patient_id: UUID) -> Iterator[tuple[OrderRow, Sequence[datetime], frozenset[str]]]:
    """The verified orders in force, each with the instants of its doses and the words of its kits."""
    rows = [one for one in orders_of(at, patient_id=patient_id) if one.is_current and one.state is OrderState.VERIFIED]
    events = events_of(at.session, {row.order_id for row in rows})
    hazardous = set(at.session.scalars(sa.select(Drug.id).where(Drug.hazard == Hazard.HAZARDOUS)))
    first_dose = delivery_calendar(at).policy.first_dose
    for row in rows:
        held = held_days(events[row.order_id], at.today() + _HELD_AHEAD)
        times = [dose.at for dose in doses(row.regimen, first_dose, at.clock.zone, held)]
        holds = (("line care", row.line_care), ("kit", row.anaphylaxis_kit), ("PCA", row.pattern == Pattern.PCA),
                 ("hazardous", row.drug_id in hazardous))  # fmt: skip
        words = {row.method, row.route, row.flush_method, *(word for word, is_so in holds if is_so)}
        yield row, times, frozenset(words)


def _times(line: KitLine, order: OrderRow, doses_at: Sequence[datetime], at: Reading) -> tuple[datetime, ...]:
    """When an order uses a supply: with each dose, or every so many days from its first day on."""
    if line.per is Per.DOSE:
        return tuple(doses_at)
    if line.per is Per.ONCE or not line.every_days:
        return ()
    days = range(0, (order.stop_on - order.start_on).days + 1, line.every_days)
    noon = time(12)
    return tuple(datetime.combine(order.start_on + timedelta(days=one), noon, tzinfo=at.clock.zone) for one in days)


def _name_items(at: Reading, asked: Mapping[str, Asked]) -> None:
    """The item of the shelf behind each supply: the one its kit names, else the one of the same name; with its unit."""
    items = {one.id: one for one in at.session.scalars(sa.select(Item))} if asked else {}
    by_name = {one.name.casefold(): one for one in items.values()}
    for key, one in asked.items():
        item = items.get(one.chosen.item_id) if one.chosen.item_id else by_name.get(key)
        if item is not None:
            one.unit = item.unit
            one.chosen = Chosen(one.chosen.item, item.id, one.chosen.because, one.chosen.hold)


def _arrived(tickets: Sequence[TicketRow]) -> Mapping[str, Sequence[Arrived]]:
    """What was received, by item and by its name in lower case, less what came back or is unusable."""
    found: defaultdict[str, list[Arrived]] = defaultdict(list)
    for ticket in tickets:
        if ticket.state is not State.CONFIRMED or ticket.received_at is None:
            continue
        for line in ticket.lines:
            left = line.quantity - line.came_back
            if line.lot_id is not None and left > 0 and not line.is_unusable and line.id not in ticket.to_judge:
                found[str(line.item_id)].append(Arrived(left, ticket.received_at, ticket.number))
    return found


def _counts(at: Reading, patient_id: UUID) -> Mapping[str, Count]:
    """The newest count of each supply, by item and by its name in lower case."""
    chosen = sa.select(HomeCount).where(HomeCount.patient_id == patient_id).order_by(HomeCount.counted_at, HomeCount.id)
    found = {}
    for one in at.session.scalars(chosen):
        count = Count(Decimal(one.quantity), at.local(one.counted_at), one.told_by, one.how)
        found[str(one.item_id) if one.item_id else one.item.casefold()] = count
    return found

"""When deliveries are due: the pharmacy's rule and days, and what each order is supplied with."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.compounding.records import Bag, Batch
from infusiondesk.dispensing.queries.rows import DayRow
from infusiondesk.dispensing.records import DeliveryDay, DeliveryRule, Judgement, Shipper, Ticket, TicketHappening, TicketLine
from infusiondesk.dispensing.rules import (
    DeliveryCalendar,
    DeliveryPolicy,
    Disposition,
    Dose,
    Due,
    Happening,
    ShipperFacts,
    doses,
    due,
    public_holidays,
    run_out,
)
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.signatures import signatures_of_each
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.orders.queries import OrderRow, events_of
from infusiondesk.orders.rules import UNBROKEN, held_days

_GONE = (Happening.CANCELLED, Happening.REFUSED, Happening.RETURNED)
_HELD_AHEAD = timedelta(days=400)  # an order on hold has no end in sight: none of its days is counted


@dataclass(frozen=True)
class Standing:
    """How one order version is supplied: the doses for which a bag is still to be sent, and by when."""

    doses: tuple[Dose, ...]
    due: Due | None
    is_unbroken: bool


@query(Area.DISPENSING, is_audited=False)
def delivery_calendar(reading: Reading) -> DeliveryCalendar:
    """The pharmacy's delivery days, as they are set now."""
    newest = reading.session.scalars(sa.select(DeliveryRule).order_by(DeliveryRule.set_at.desc(), DeliveryRule.id.desc())).first()
    policy = DeliveryPolicy()
    if newest is not None:
        source = f"set by {newest.set_by}"
        policy = DeliveryPolicy(newest.lead_days, tuple(newest.weekdays), time.fromisoformat(newest.first_dose), source)
    this_year = reading.today().year
    days = list(reading.session.scalars(sa.select(DeliveryDay)))
    return DeliveryCalendar(
        policy,
        public_holidays(reading.site.state, (this_year - 1, this_year, this_year + 1)),
        {one.on: one.because for one in days if not one.is_open},
        frozenset(one.on for one in days if one.is_open),
    )


@query(Area.DISPENSING, is_audited=False)
def special_days(reading: Reading) -> Sequence[DayRow]:
    """The days from today on that are not like their weekday: own ones and public holidays."""
    today = reading.today()
    own = {
        one.on: DayRow(str(one.id), one.on, one.because, one.is_open, True)
        for one in reading.session.scalars(sa.select(DeliveryDay))
    }
    public = {
        on: DayRow(on.isoformat(), on, name, False, False)
        for on, name in public_holidays(reading.site.state, (today.year, today.year + 1)).items()
    }
    return sorted((row for row in {**public, **own}.values() if row.on >= today), key=lambda row: row.on)


@query(Area.DISPENSING, is_audited=False)
def shippers(reading: Reading) -> Sequence[ShipperFacts]:
    """The pack-outs in use, by name, each with the name that holds under it."""
    chosen = sa.select(Shipper).where(Shipper.retired_at.is_(None)).order_by(Shipper.name, Shipper.storage)
    found = list(reading.session.scalars(chosen))
    names = signatures_of_each(reading, Shipper.__tablename__, {one.id: shipper_facts(one) for one in found})
    return [
        ShipperFacts(
            one.id, one.name, one.first_month, one.last_month, one.storage, one.qualified_hours, one.source, one.status,
            next((name.name for name in reversed(names[one.id]) if name.holds), ""),
        )
        for one in found
    ]  # fmt: skip


def shipper_facts(one: Shipper) -> dict[str, Any]:
    """Everything that the name under a pack-out covers."""
    return {
        "name": one.name,
        "months": [one.first_month, one.last_month],
        "storage": one.storage.value,
        "hours": f"{Decimal(one.qualified_hours).normalize():f}",
        "source": one.source,
    }


def standings(at: Reading, versions: Iterable[OrderRow], calendar: DeliveryCalendar) -> Mapping[UUID, Standing]:
    """How each version is supplied. No permission of its own: every query and verb that asks carries one."""
    rows = {row.id: row for row in versions}
    covered = _covered(at, rows)
    events = events_of(at.session, {row.order_id for row in rows.values()})
    now, found = at.local(at.clock.now()), {}
    for row in rows.values():
        held = held_days(events[row.order_id], at.today() + _HELD_AHEAD)
        every = list(doses(row.regimen, calendar.policy.first_dose, at.clock.zone, held))
        runs_out = run_out(every, covered[row.id], now)
        when = due(runs_out, calendar, is_first=not covered[row.id]) if runs_out else None
        left = tuple(dose for dose in every if dose.key not in covered[row.id] and dose.at >= now)
        found[row.id] = Standing(left, when, row.regimen.pattern in UNBROKEN)
    return found


def lost_bags(at: Reading) -> frozenset[UUID]:
    """Bags that the patient cannot use any more: judged to be destroyed, or brought back. No permission of its own: every query and
    verb that asks carries one."""
    judged = at.session.scalars(
        sa.select(Judgement.lines).where(Judgement.disposition == Disposition.REPLACE, Judgement.signed_at.is_not(None))
    )
    unusable = {UUID(line) for lines in judged for line in lines}
    wanted = sa.select(TicketLine.bag_id).where(sa.or_(TicketLine.came_back > 0, TicketLine.id.in_(unusable)))
    return frozenset(bag_id for bag_id in at.session.scalars(wanted) if bag_id is not None)


def gone_tickets() -> sa.Select[UUID]:
    """Tickets whose bags did not stay with the patient, as a question inside another."""
    return sa.select(TicketHappening.ticket_id).where(TicketHappening.kind.in_(_GONE))


def _covered(at: Reading, version_ids: Iterable[UUID]) -> Mapping[UUID, set[tuple[date, int]]]:
    found: defaultdict[UUID, set[tuple[date, int]]] = defaultdict(set)
    wanted = (
        sa.select(Batch.order_version_id, TicketLine.bag_id, TicketLine.dose_on, TicketLine.dose_place)
        .join(Bag, Bag.id == TicketLine.bag_id)
        .join(Batch, Batch.id == Bag.batch_id)
        .join(Ticket, Ticket.id == TicketLine.ticket_id)
        .where(Batch.order_version_id.in_(list(version_ids)), TicketLine.taken_off == "", TicketLine.dose_on.is_not(None))
        .where(Ticket.id.not_in(gone_tickets()))
    )
    lost = lost_bags(at)
    for version_id, bag_id, dose_on, place in at.session.execute(wanted):
        if dose_on is not None and bag_id not in lost:
            found[version_id].add((dose_on, place or 0))
    return found

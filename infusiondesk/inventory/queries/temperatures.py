"""Temperatures: how each location stands, and every excursion with its lots and what left meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.records import Signature
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.queries.monitors import monitors, temperature_rules
from infusiondesk.inventory.records import (
    ExcursionLot,
    Holding,
    Item,
    Location,
    Lot,
    Movement,
    TemperatureExcursion,
    TemperatureReading,
)
from infusiondesk.inventory.rules import LocationKind, MovementKind
from infusiondesk.inventory.rules.monitors import Monitor, lapses
from infusiondesk.inventory.rules.temperatures import (
    Disposition,
    Kinetic,
    Observed,
    Standing,
    StorageRange,
    TemperaturePolicy,
    TemperatureRules,
    kinetic,
)

_LEFT = (MovementKind.USED, MovementKind.SENT, MovementKind.MOVED_OUT)


@dataclass(frozen=True)
class TemperatureRow:
    """One location: its range, the last reading, the mean kinetic temperature of the last day, week and 30 days."""

    id: UUID
    location: str
    kind: LocationKind
    allowed: StorageRange
    last: Observed | None
    read_by: str
    is_due: bool
    standing: Standing | None
    is_open: bool
    day: Kinetic
    week: Kinetic
    month: Kinetic
    readings: tuple[Observed, ...]
    monitors: tuple[Monitor, ...]
    lapse: str
    due: str
    policy: TemperaturePolicy

    @property
    def is_over_mean(self) -> bool:
        """Whether the mean kinetic temperature of the last 30 days is above what the range allows."""
        limit, mean = self.allowed.mean_kinetic_limit, self.month.celsius
        return limit is not None and mean is not None and mean > limit


@dataclass(frozen=True)
class LeftRow:
    """Units that left a location between the last good reading and the discovery."""

    item: str
    lot_number: str
    quantity: Decimal
    unit: str
    kind: MovementKind
    moved_at: datetime
    reference_entity: str | None
    reference_id: UUID | None


@dataclass(frozen=True)
class ExcursionLotRow:
    """One lot that was inside, with what was decided about it and by whom."""

    id: UUID
    excursion_id: UUID
    location: str
    found_at: datetime
    last_good_at: datetime | None
    ended_at: datetime | None
    lowest: Decimal
    highest: Decimal
    allowed: str
    item: str
    lot_number: str
    expires_on: date
    quantity: Decimal
    unit: str
    disposition: Disposition | None
    source: str
    signed_by: str
    kinetic: Kinetic
    remark: str


@query(Area.INVENTORY)
def temperature_places(reading: Reading, *, shipped: TemperatureRules) -> Sequence[TemperatureRow]:
    """Every location in use, those in an excursion or without a reading today first."""
    rules, now, today = temperature_rules(reading, shipped=shipped), reading.clock.now(), reading.today()
    policy = rules.policy
    month = now - timedelta(days=30)
    hung = monitors(reading)
    noted: dict[UUID, list[TemperatureReading]] = {}
    chosen = sa.select(TemperatureReading).where(TemperatureReading.read_at >= month - policy.gap)
    for one in reading.session.scalars(chosen.order_by(TemperatureReading.read_at)):
        noted.setdefault(one.location_id, []).append(one)
    still = sa.select(TemperatureExcursion.location_id).where(TemperatureExcursion.ended_at.is_(None))
    open_at = set(reading.session.scalars(still))
    rows = []
    for location in reading.session.scalars(sa.select(Location).where(Location.retired_at.is_(None))):
        allowed = rules.of(location.kind)
        notes = noted.get(location.id, [])
        seen = [_observed(reading, one) for one in notes]
        last = seen[-1] if seen else None
        day, week, thirty = (kinetic(seen, now - timedelta(days=days), now, policy) for days in (1, 7, 30))
        here = tuple(one for one in hung if one.location_id == location.id)
        rows.append(
            TemperatureRow(
                location.id,
                location.name,
                location.kind,
                allowed,
                last,
                notes[-1].read_by if notes else "",
                last is None or last.read_at.date() < today,
                allowed.standing(last.low, last.high) if last else None,
                location.id in open_at,
                day,
                week,
                thirty,
                tuple(seen),
                here,
                lapses(here, today),
                ", ".join(filter(None, (one.due_words(today, policy) for one in here))),
                policy,
            )
        )
    return sorted(rows, key=lambda row: (not row.is_open, not row.is_due, row.location.casefold()))


def _observed(reading: Reading, one: TemperatureReading) -> Observed:
    """A reading on the pharmacy's wall clock."""
    begun = one.begun_at and reading.local(one.begun_at)
    logger = str(one.monitor_id or "logger") if begun else ""
    return Observed(reading.local(one.read_at), one.celsius, one.lowest, one.highest, begun, one.mean_kinetic, logger)


def _during(reading: Reading, found: TemperatureExcursion, policy: TemperaturePolicy) -> Kinetic:
    """The mean kinetic temperature from the last good reading to the first good one after."""
    begun, ended = found.last_good_at or found.found_at, found.ended_at or reading.clock.now()
    chosen = sa.select(TemperatureReading).where(
        TemperatureReading.location_id == found.location_id,
        TemperatureReading.read_at >= begun,
        sa.func.coalesce(TemperatureReading.begun_at, TemperatureReading.read_at) <= ended,
    )
    notes = reading.session.scalars(chosen.order_by(TemperatureReading.read_at))
    return kinetic([_observed(reading, one) for one in notes], begun, ended, policy)


@query(Area.INVENTORY)
def excursion_lots(reading: Reading, *, shipped: TemperatureRules) -> Sequence[ExcursionLotRow]:
    """Every lot that was inside during an excursion: those to judge first, then the newest."""
    chosen = (
        sa.select(ExcursionLot, TemperatureExcursion, Location.name, Lot, Item, Signature.signer_name)
        .join(TemperatureExcursion, TemperatureExcursion.id == ExcursionLot.excursion_id)
        .join(Location, Location.id == TemperatureExcursion.location_id)
        .join(Holding, Holding.id == ExcursionLot.holding_id)
        .join(Lot, Lot.id == Holding.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .outerjoin(Signature, Signature.id == ExcursionLot.signature_id)
    )
    policy = temperature_rules(reading, shipped=shipped).policy
    means: dict[UUID, Kinetic] = {}
    found_rows = list(reading.session.execute(chosen))
    for _, found, *_ in found_rows:
        if found.id not in means:
            means[found.id] = _during(reading, found, policy)
    rows = [
        ExcursionLotRow(
            line.id,
            found.id,
            location,
            reading.local(found.found_at),
            found.last_good_at and reading.local(found.last_good_at),
            found.ended_at and reading.local(found.ended_at),
            found.lowest,
            found.highest,
            found.allowed,
            item.name,
            lot.lot_number,
            lot.expires_on,
            line.quantity,
            item.unit,
            line.disposition,
            line.source,
            signer or "",
            means[found.id],
            found.remark,
        )
        for line, found, location, lot, item, signer in found_rows
    ]
    return sorted(
        rows, key=lambda row: (row.disposition is not None, -row.found_at.timestamp(), row.item.casefold(), row.lot_number)
    )


@query(Area.INVENTORY)
def left_during(reading: Reading, *, excursion_id: UUID) -> Sequence[LeftRow]:
    """What was used, sent or moved away after the last good reading and before the excursion was found; it was not quarantined."""
    found = reading.session.get_one(TemperatureExcursion, excursion_id)
    chosen = (
        sa.select(Movement, Lot.lot_number, Item)
        .join(Holding, Holding.id == Movement.holding_id)
        .join(Lot, Lot.id == Holding.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .where(Holding.location_id == found.location_id, Movement.kind.in_(_LEFT), Movement.moved_at <= found.found_at)
        .order_by(Movement.moved_at)
    )
    if found.last_good_at is not None:
        chosen = chosen.where(Movement.moved_at >= found.last_good_at)
    if found.ended_at is not None:  # what came only afterwards was never in it
        came = aliased(Movement)
        chosen = chosen.where(sa.exists().where(came.holding_id == Movement.holding_id, came.moved_at <= found.ended_at))
    return [
        LeftRow(
            item.name,
            lot_number,
            -movement.quantity,
            item.unit,
            movement.kind,
            reading.local(movement.moved_at),
            movement.reference_entity,
            movement.reference_id,
        )
        for movement, lot_number, item in reading.session.execute(chosen)
    ]

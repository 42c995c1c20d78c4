"""An excursion as it is found: begun, widened by what is learned later, and everything that lay in it set apart."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory.records import ExcursionLot, Holding, Location, Movement, TemperatureExcursion, TemperatureReading
from infusiondesk.inventory.rules import MovementKind
from infusiondesk.inventory.rules.temperatures import StorageRange, excursion_words
from infusiondesk.inventory.service.moving import move


def location_in_use(uow: UnitOfWork, location_id: UUID) -> Location:
    """The location, refused when it is retired.

    No permission of its own: noting a temperature and taking a logger's file carry it.
    """
    location = uow.session.get_one(Location, location_id)
    if location.retired_at is not None:
        raise Refused(f"{location.name} is retired.")
    return location


def last_read(uow: UnitOfWork, location_id: UUID, before: datetime | None = None) -> datetime | None:
    """When the location was read last.

    No permission of its own: noting a temperature and taking a logger's file carry it.
    """
    at = TemperatureReading.read_at
    chosen = sa.select(sa.func.max(at, type_=at.type)).where(TemperatureReading.location_id == location_id)
    return uow.session.scalars(chosen.where(at < before) if before else chosen).one()


def open_excursion(uow: UnitOfWork, location_id: UUID) -> TemperatureExcursion | None:
    """The excursion in which the location still is.

    No permission of its own: noting a temperature and taking a logger's file carry it.
    """
    chosen = sa.select(TemperatureExcursion).where(
        TemperatureExcursion.location_id == location_id, TemperatureExcursion.ended_at.is_(None)
    )
    return uow.session.scalars(chosen).first()


def begin_excursion(
    uow: UnitOfWork, location_id: UUID, last_good_at: datetime | None, allowed: StorageRange, low: Decimal, high: Decimal
) -> TemperatureExcursion:
    """Found now; begun some time after the last good reading.

    No permission of its own: noting a temperature and taking a logger's file carry it.
    """
    return uow.add(
        TemperatureExcursion(
            location_id=location_id,
            last_good_at=last_good_at,
            found_at=uow.clock.now(),
            found_by=uow.actor.name,
            lowest=low,
            highest=high,
            allowed=allowed.limits(),
            remark="",
            ended_at=None,
        )
    )


def widen(excursion: TemperatureExcursion, low: Decimal, high: Decimal, *remarks: str) -> None:
    """It was colder or warmer than was known; each remark is said once.

    No permission of its own: noting a temperature and taking a logger's file carry it.
    """
    excursion.lowest, excursion.highest = min(excursion.lowest, low), max(excursion.highest, high)
    for remark in remarks:
        if remark and remark not in excursion.remark:
            excursion.remark = f"{excursion.remark} {remark}".strip()


def set_all_apart(uow: UnitOfWork, excursion: TemperatureExcursion, allowed: StorageRange) -> None:
    """Quarantine what is on hand there and came before it was over, and keep a line to judge for each lot.

    No permission of its own: noting a temperature and taking a logger's file carry it.
    """
    told = excursion_words(allowed, excursion.lowest, excursion.highest)
    reference = (TemperatureExcursion.__tablename__, excursion.id)
    lying = sa.select(Holding).where(Holding.location_id == excursion.location_id, Holding.on_hand > 0).order_by(Holding.id)
    if excursion.ended_at is not None:
        was_there = sa.exists().where(Movement.holding_id == Holding.id, Movement.moved_at <= excursion.ended_at)
        lying = lying.where(was_there)
    for holding in list(uow.session.scalars(lying)):
        quantity, because = holding.on_hand, f"temperature excursion: {told}"
        move(uow, holding, MovementKind.QUARANTINED, -quantity, quantity, because=because, reference=reference)
        uow.add(
            ExcursionLot(
                excursion_id=excursion.id,
                holding_id=holding.id,
                quantity=quantity,
                disposition=None,
                source="",
                expires_on=None,
                signed_at=None,
                signature_id=None,
            )
        )

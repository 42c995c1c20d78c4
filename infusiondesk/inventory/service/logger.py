"""A logger's file taken for a location, whole or not at all."""

import zlib
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.people import Area, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory.exchange import shipped_temperatures
from infusiondesk.inventory.queries.logger import LoggerLook, look_at_logger
from infusiondesk.inventory.records import LoggerImport, TemperatureExcursion, TemperatureReading
from infusiondesk.inventory.rules import refuse_first
from infusiondesk.inventory.rules.logger import LoggerDraft
from infusiondesk.inventory.rules.logger_watch import Outside
from infusiondesk.inventory.rules.temperatures import StorageRange
from infusiondesk.inventory.service.excursions import begin_excursion, last_read, location_in_use, set_all_apart, widen
from infusiondesk.inventory.service.moving import HANDS


@verb(Area.INVENTORY, *HANDS, does="take a logger's file")
def take_logger_file(uow: UnitOfWork, *, location_id: UUID, draft: LoggerDraft) -> UUID:
    """Keep every new line of it, hour by hour, and the file itself; what was outside sets apart all that lay there."""
    refuse_first(draft.problems())
    location_in_use(uow, location_id)
    look = look_at_logger(uow, location_id=location_id, draft=draft, shipped=shipped_temperatures())
    taken = uow.add(
        LoggerImport(
            location_id=location_id,
            monitor_id=look.monitor.id if look.monitor else None,
            file_name=draft.name,
            digest=look.digest,
            content=zlib.compress(draft.content),
            began_at=look.began_at,
            ended_at=look.ended_at,
            lines=look.lines,
            gaps=[f"{begun.isoformat()}/{ended.isoformat()}" for begun, ended in look.gaps],
            said=list(look.said),
            taken_at=uow.clock.now(),
            taken_by=uow.actor.name,
        )
    )
    uow.session.flush()
    uow.record(Change("took a logger's file", Area.INVENTORY, "logger_import", taken.id, detail=f"{look.lines} lines"))
    if look.outside is not None:
        _find(uow, location_id, look, look.outside)
    uow.session.execute(sa.insert(TemperatureReading), _columns(uow, location_id, taken, look))
    return taken.id


def _columns(uow: UnitOfWork, location_id: UUID, taken: LoggerImport, look: LoggerLook) -> list[dict[str, object]]:
    shared = {
        "site_id": uow.site.id, "version": 1, "location_id": location_id, "monitor_id": taken.monitor_id, "import_id": taken.id,
        "read_by": f"logger, {taken.file_name}", "typed": "", "allowed": look.allowed.limits(), "remark": look.lapse,
    }  # fmt: skip
    return [
        {
            **shared, "id": uow.new_id(), "begun_at": one.begun_at, "read_at": one.ended_at, "celsius": one.celsius,
            "lowest": one.low, "highest": one.high, "mean_kinetic": one.mean,
        }
        for one in look.hours
    ]  # fmt: skip


def _find(uow: UnitOfWork, location_id: UUID, look: LoggerLook, outside: Outside) -> None:
    """One excursion about everything in the file; one that is known of the same time is widened."""
    began = outside.last_good_at or last_read(uow, location_id, look.began_at)
    ended = outside.ended_at or _next_good(uow, location_id, look.ended_at, look.allowed)
    chosen = sa.select(TemperatureExcursion).where(
        TemperatureExcursion.location_id == location_id,
        sa.or_(TemperatureExcursion.ended_at.is_(None), TemperatureExcursion.ended_at >= (began or look.began_at)),
        TemperatureExcursion.found_at >= (began or look.began_at),
    )
    if ended is not None:
        since = TemperatureExcursion.last_good_at
        chosen = chosen.where(sa.or_(since.is_(None), since <= ended))
    excursion = uow.session.scalars(chosen.order_by(TemperatureExcursion.found_at)).first()
    if excursion is None:
        excursion = begin_excursion(uow, location_id, began, look.allowed, outside.low, outside.high)
        excursion.ended_at = ended
    elif began is not None and excursion.last_good_at is not None:
        excursion.last_good_at = min(excursion.last_good_at, began)
    else:
        excursion.last_good_at = excursion.last_good_at or began
    if excursion.ended_at is not None and ended is not None:
        excursion.ended_at = max(excursion.ended_at, ended)
    gaps = "Part of the time was not monitored." if look.gaps else ""
    widen(excursion, outside.low, outside.high, f"{outside.words.capitalize()}.", gaps, look.lapse)
    set_all_apart(uow, excursion, look.allowed)


def _next_good(uow: UnitOfWork, location_id: UUID, after: datetime, allowed: StorageRange) -> datetime | None:
    """The first reading on file after the file ends that was in range; None: it is still outside, as far as is known."""
    later = sa.select(TemperatureReading.read_at).where(
        TemperatureReading.location_id == location_id,
        TemperatureReading.read_at > after,
        TemperatureReading.celsius >= allowed.excursion_low,
        TemperatureReading.celsius <= allowed.excursion_high,
    )
    return uow.session.scalars(later.order_by(TemperatureReading.read_at).limit(1)).first()

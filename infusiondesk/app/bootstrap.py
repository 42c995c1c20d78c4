"""Opening a store for a signed-in person: the schema, the clock in the pharmacy's zone, the acting person, the audit's anchor."""

import platform
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from infusiondesk.app.settings import Settings
from infusiondesk.foundation.kernel.clock import Clock, SystemClock
from infusiondesk.foundation.kernel.identity import system_entropy, uuid7
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Actor, Area
from infusiondesk.foundation.store.audit import Change, Head, Station, head
from infusiondesk.foundation.store.keyring import RECOVERY, Keys, is_server, keys_of
from infusiondesk.foundation.store.migrate import bring_up_to_date
from infusiondesk.foundation.store.records import Site
from infusiondesk.foundation.store.store import Store
from infusiondesk.staff.queries import actor_of, person_behind


def know_every_table() -> None:
    """Import the tables of all slices: the first list needs few of them; a write, whose order their keys decide, needs them all."""
    import_module("infusiondesk.app.tables")


@dataclass(frozen=True)
class Opened:
    """A store with the person who opened it."""

    store: Store
    actor: Actor
    pharmacy: str
    is_demo: bool
    was_upgraded: bool


def exists(location: str) -> bool:
    """Whether a file store is there; a server is asked only when it is opened."""
    return is_server(location) or Path(location).exists()


def must_exist(location: str) -> None:
    if not exists(location):
        raise Refused(
            f"There is no store {Path(location).name} at that place. Check the path, or set a pharmacy up with: main.py open"
        )


def open_store(
    location: str,
    owner: str,
    data_key: bytes,
    *,
    failures: dict[str, int] | None = None,
    settings: Settings | None = None,
    clock: Clock | None = None,
    keys: Keys | None = None,
) -> Opened:
    """Open as the owner of the wrap that was unlocked; records the sign-in and the failed attempts before it."""
    must_exist(location)
    upgraded = bring_up_to_date(location, data_key)
    opening = clock or SystemClock(ZoneInfo("UTC"))
    station = Station(platform.node() or "workstation", uuid7(opening.now(), system_entropy))
    store = Store.open(location, data_key, keys or keys_of(location), opening, station)
    store.know_every_table = know_every_table
    try:
        with Session(store.engines.reading) as session:
            site = session.scalars(sa.select(Site).order_by(Site.id).limit(1)).first()
            if site is None:
                raise Refused("This store was never set up. Remove it and set the pharmacy up anew.")
            actor = actor_of(session, person_behind(session, owner, is_demo=site.is_demo))
            newest = head(session)
            pharmacy, zone, is_demo = site.name, site.zone, site.is_demo
        if clock is None:
            store.clock = SystemClock(ZoneInfo(zone))
        if settings is not None:
            _check_anchor(location, settings, newest)
        tries = sum((failures or {}).values())
        before = [Change("login failed", Area.STAFF, "person", detail=f"{tries} since the last sign-in")] if tries else []
        how = "login by recovery code" if owner == RECOVERY else "login"
        store.note(actor, *before, Change(how, Area.STAFF, "person", actor.id))
        if settings is not None:
            remember_anchor(location, settings, store)
    except BaseException:
        store.close()
        raise
    return Opened(store, actor, pharmacy, is_demo, upgraded)


def remember_anchor(location: str, settings: Settings, store: Store) -> None:
    """Keep the newest audit head outside the store: a cut or set-back store is then seen at the next opening."""
    newest = store.audit_head()
    settings.audit_heads[_place(location)] = [str(newest.seq), newest.mac.hex()]
    settings.save()


def _check_anchor(location: str, settings: Settings, newest: Head) -> None:
    known = settings.audit_heads.get(_place(location))
    if known and newest.seq < int(known[0]):
        raise Refused(
            f"This store ends at audit line {newest.seq}, but line {known[0]} was seen on this workstation before: it was set back."
            " If a backup was put in place on purpose, run: main.py restore, which records it."
        )


def forget_anchor(location: str, settings: Settings) -> None:
    """After a restore that is recorded, an older head is expected."""
    settings.audit_heads.pop(_place(location), None)
    settings.save()


def _place(location: str) -> str:
    return location if is_server(location) else str(Path(location).resolve())

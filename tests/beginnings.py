"""What a test begins with: a store with staff and what more its module asks for, made once and copied for every test."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.util import LRUCache

from infusiondesk.foundation.kernel.clock import HandClock
from infusiondesk.foundation.kernel.identity import Entropy, seeded_entropy, uuid7
from infusiondesk.foundation.kernel.people import Actor
from infusiondesk.foundation.store import guards
from infusiondesk.foundation.store.audit import Station
from infusiondesk.foundation.store.engine import migrating
from infusiondesk.foundation.store.keyring import Keyring, keys_of
from infusiondesk.foundation.store.migrate import HEAD
from infusiondesk.foundation.store.records import Base, Site
from infusiondesk.foundation.store.store import Store
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.staff.records import Person, PersonLicence
from tests.pharmacy import Pharmacy, staff_of

START: Final = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)  # a plain Monday, 08:00 in the pharmacy
DATA_KEY: Final = bytes(range(32))
STAFF_SEED, TEST_SEED, MAKING_SEED = 7, 9, 20  # and one more for each beginning of a beginning, so that no key is given twice

Recipe = Callable[[Pharmacy], None]
"""What happens in a pharmacy before the test, through the services. It may not move the clock."""


def staff_only(pharmacy: Pharmacy) -> None:
    """The plain beginning: a site and one person of each role, and nothing else."""
    pharmacy.store.write(next(iter(pharmacy.people.values())), staff_arrives, {"people": pharmacy.people})


_BEFORE: Final[dict[Recipe, Recipe]] = {}


def after(earlier: Recipe) -> Callable[[Recipe], Recipe]:
    """Marks a recipe that goes on from an earlier one, whose store is made once for all that go on from it."""

    def marked(recipe: Recipe) -> Recipe:
        _BEFORE[recipe] = earlier
        return recipe

    return marked


class Shelf(Protocol):
    """Where the stores of one kind of database are made and copied."""

    def copy(self, source: str | None, name: str) -> str:
        """A new store called `name`, like `source` or, without one, empty; returns its location."""


class Beginnings:
    """The stores of one kind of database that tests begin with, by recipe, each made when first asked for."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._made: dict[Recipe | None, str] = {}

    def empty(self) -> str:
        """A store with tables, guards and version mark, and no row."""
        if None not in self._made:
            self._made[None] = self._shelf.copy(None, "template_empty")
            make_schema(self._made[None])
        return self._made[None]

    def of(self, recipe: Recipe) -> str:
        """A store with staff in which the recipe has happened."""
        if recipe not in self._made:
            earlier = None if recipe is staff_only else _BEFORE.get(recipe, staff_only)
            location = self._shelf.copy(self.of(earlier) if earlier else self.empty(), f"template_{recipe.__name__}")
            with opened(location, MAKING_SEED + _depth(recipe)) as pharmacy:
                recipe(pharmacy)
                assert pharmacy.clock.now() == START, f"{recipe.__name__} moves the clock"
            self._made[recipe] = location
        return self._made[recipe]


class FileShelf:
    """Encrypted SQLite files in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def copy(self, source: str | None, name: str) -> str:
        path = self._folder / f"{name}.idesk"
        if source is not None:
            shutil.copy(source, path)
        return str(path)


class ServerShelf:
    """Databases of one PostgreSQL server."""

    def __init__(self, server: Any) -> None:
        self._server = server

    def copy(self, source: str | None, name: str) -> str:
        # Copied as files: in memory or without waiting for the disk that takes half of what writing it to the log takes.
        template = "" if source is None else f" TEMPLATE {sa.make_url(source).database} STRATEGY = file_copy"
        self.say(f"CREATE DATABASE {name}{template}")
        return sa.make_url(self._server.get_uri()).set(database=name).render_as_string(hide_password=False)

    def drop(self, name: str) -> None:
        self.say(f"DROP DATABASE {name} WITH (FORCE)")

    def say(self, statement: str) -> None:
        url = sa.make_url(self._server.get_uri()).set(drivername="postgresql+psycopg")
        engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


@contextmanager
def opened(location: str, seed: int = TEST_SEED) -> Iterator[Pharmacy]:
    """The pharmacy of a store, its clock at START."""
    clock = HandClock(START)
    new_id = ids_from(clock, seeded_entropy(STAFF_SEED))
    keys = keys_of(location)
    keys.save(Keyring("test"))
    store = Store.open(location, DATA_KEY, keys, clock, Station("TEST-1", new_id()), seeded_entropy(seed))
    for engine in (store.engines.writing, store.engines.reading):
        _share_what_was_compiled(engine)
    yield Pharmacy(store, clock, staff_of(new_id))
    store.close()


def _depth(recipe: Recipe) -> int:
    return 1 + _depth(_BEFORE[recipe]) if recipe in _BEFORE else int(recipe is not staff_only)


_FIRST: Final[dict[str, sa.Engine]] = {}
_STATEMENTS: Final = 5000


def _share_what_was_compiled(engine: sa.Engine) -> None:
    """A statement is made into SQL once in a run and not once for every test's store: half of a short test's time went there.

    What was made hangs on the dialect, which is the same for all stores of one kind of database.
    """
    first = _FIRST.setdefault(engine.dialect.name, engine)
    if first is engine:
        engine._compiled_cache = LRUCache(_STATEMENTS)
    engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache


def ids_from(clock: HandClock, entropy: Entropy) -> Callable[[], UUID]:
    return lambda: uuid7(clock.now(), entropy)


def staff_arrives(uow: UnitOfWork, people: dict[str, Actor]) -> None:
    """The site and its people, as the first run and the administrator would have entered them."""
    site = Site(
        id=uow.new_id(), name="ZZTEST Infusion", address="100 Sterile Way, Springfield, IL 62701", phone="555-0100", state="IL",
        npi="1234567893", zone="America/Chicago", is_demo=False,
    )  # fmt: skip
    uow.session.add(site)
    uow.session.flush()
    for actor in people.values():
        uow.add(Person(id=actor.id, name=actor.name, login=actor.login, roles=sorted(role.value for role in actor.roles)))
        uow.session.flush()
        for licence in actor.licences:
            known = {"kind": licence.kind, "state": licence.state, "number": licence.number, "expires_on": licence.expires_on}
            uow.add(PersonLicence(person_id=actor.id, **known))


def make_schema(location: str) -> None:
    """Tables, guards and version mark; when the last connection closes, the file is whole and may be copied."""
    engine = migrating(location, DATA_KEY)
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        guards.install(connection)
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{HEAD}')")
    engine.dispose()

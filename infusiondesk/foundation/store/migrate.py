"""Bringing a store's schema up to date, with a copy taken first and put back when a step fails."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.store.backup import copy_file
from infusiondesk.foundation.store.engine import migrating
from infusiondesk.foundation.store.guards import install
from infusiondesk.foundation.store.keyring import is_server

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parents[3] / "db" / "migrations"
HEAD = "0001"  # the newest step; a test compares it with the folder, so that start-up need not import Alembic


def bring_up_to_date(location: str, data_key: bytes) -> bool:
    """Upgrade when behind; True when something was done. Refuses a store made by a newer InfusionDesk."""
    current = revision_of(location, data_key)
    if current == HEAD:
        return False
    if current is not None and current not in _known():
        raise Refused("This store was made by a newer InfusionDesk. Install that version and open it again; nothing was changed.")
    from alembic import command

    run(location, data_key, lambda config: command.upgrade(config, "head"))
    return True


def revision_of(location: str, data_key: bytes) -> str | None:
    """The step a store is at, None for an empty one; by the revision string alone."""
    engine = migrating(location, data_key)
    try:
        with engine.connect() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                if sa.inspect(connection).has_table("audit"):
                    raise Refused("This store has no version mark: it was not set up by InfusionDesk.")
                return None
            return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    finally:
        engine.dispose()


def run(location: str, data_key: bytes, step: Callable[["Config"], None]) -> None:
    """Run Alembic on a store in one transaction, guards included; a file store is copied first and put back on failure."""
    from alembic.config import Config

    path = None if is_server(location) else Path(location)
    copy = path.with_name(path.name + ".before-upgrade") if path is not None and path.exists() and path.stat().st_size else None
    if path is not None and copy is not None:
        copy_file(path, copy, data_key)
    engine = migrating(location, data_key)
    try:
        with engine.begin() as connection:
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            step(config)
            if connection.dialect.name == "sqlite" and (
                broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            ):
                raise Refused(f"The upgrade would leave {len(broken)} records without their parent. Nothing was changed.")
            if sa.inspect(connection).has_table("audit"):
                install(connection)
    except BaseException:
        engine.dispose()
        if path is not None and copy is not None:
            for leftover in ("-wal", "-shm"):
                path.with_name(path.name + leftover).unlink(missing_ok=True)
            shutil.copy2(copy, path)
            copy.unlink()
        raise
    finally:
        engine.dispose()
    if copy is not None:
        copy.unlink()


def _known() -> set[str]:
    return {path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py")}

"""The steps of the schema: one head, empty to head equals the records, newer refused, a failed step put back; on both databases."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from infusiondesk.app.tables import METADATA
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.store import guards, migrate
from infusiondesk.foundation.store.engine import migrating
from tests.beginnings import DATA_KEY, Beginnings

TABLES_APART = {"keyring", "alembic_version"}


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The place of a store that does not exist yet."""
    if request.param == "sqlite":
        yield str(tmp_path / "new.idesk")
    else:
        yield request.getfixturevalue("postgresql_location")


def connected(location: str) -> sa.Engine:
    return migrating(location, DATA_KEY)


def test_the_newest_step_is_the_one_that_start_up_expects() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.MIGRATIONS))

    assert ScriptDirectory.from_config(config).get_heads() == [migrate.HEAD]


def test_empty_to_head_equals_the_records(empty: str) -> None:
    assert migrate.bring_up_to_date(empty, DATA_KEY) is True

    engine = connected(empty)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": True, "include_name": lambda name, kind, _: kind != "table" or name not in TABLES_APART},
        )
        found = compare_metadata(context, METADATA)
        names = {check["name"] for table in METADATA.tables for check in sa.inspect(connection).get_check_constraints(table)}
    engine.dispose()
    wanted = {
        constraint.name
        for table in METADATA.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint) and constraint.name is not None
    }
    assert found == []
    assert {str(name)[:63] for name in wanted} == {str(name) for name in names}


def test_the_guards_stand_after_the_upgrade(empty: str) -> None:
    migrate.bring_up_to_date(empty, DATA_KEY)
    engine = connected(empty)
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            found = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars())
        else:
            found = set(connection.exec_driver_sql("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal").scalars())
        wanted = {line.split()[2] for line in guards.statements(connection.dialect.name) if line.startswith("CREATE TRIGGER")}
    engine.dispose()

    assert found == wanted


def test_a_second_start_does_nothing(empty: str) -> None:
    migrate.bring_up_to_date(empty, DATA_KEY)

    assert migrate.bring_up_to_date(empty, DATA_KEY) is False


def test_down_to_nothing_and_up_again(empty: str) -> None:
    from alembic import command

    migrate.bring_up_to_date(empty, DATA_KEY)
    migrate.run(empty, DATA_KEY, lambda config: command.downgrade(config, "base"))

    engine = connected(empty)
    with engine.connect() as connection:
        left = set(sa.inspect(connection).get_table_names()) - TABLES_APART
    engine.dispose()
    assert left == set()
    assert migrate.bring_up_to_date(empty, DATA_KEY) is True


def test_a_store_of_a_newer_version_is_refused_and_left_alone(empty: str) -> None:
    migrate.bring_up_to_date(empty, DATA_KEY)
    engine = connected(empty)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()

    with pytest.raises(Refused, match="made by a newer InfusionDesk"):
        migrate.bring_up_to_date(empty, DATA_KEY)


def test_a_failing_step_puts_the_copy_back(tmp_path: Path, files: Beginnings) -> None:
    path = tmp_path / "pharmacy.idesk"
    shutil.copy(files.empty(), path)

    def break_it(config: Config) -> None:
        connection = config.attributes["connection"]
        connection.exec_driver_sql("DROP TABLE person_licence")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        migrate.run(str(path), DATA_KEY, break_it)

    engine = connected(str(path))
    with engine.connect() as connection:
        assert sa.inspect(connection).has_table("person_licence")
    engine.dispose()
    assert [one.name for one in tmp_path.iterdir() if "before-upgrade" in one.name] == []


def test_a_store_without_a_version_mark_is_refused(tmp_path: Path, files: Beginnings) -> None:
    path = tmp_path / "pharmacy.idesk"
    shutil.copy(files.empty(), path)
    engine = connected(str(path))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
    engine.dispose()

    with pytest.raises(Refused, match="no version mark"):
        migrate.bring_up_to_date(str(path), DATA_KEY)

"""Triggers that keep audit lines and signatures append-only and signed records fixed, written again after every migration."""

import sqlalchemy as sa

from infusiondesk.foundation.store.records import AuditLine, Base, Signature, Signed

_APPEND_ONLY = (AuditLine.__tablename__, Signature.__tablename__)

_REFUSE_CHANGE = """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$ BEGIN RAISE EXCEPTION '%% is append-only or signed', TG_TABLE_NAME; END $$"""


def signed_tables() -> list[str]:
    """Tables whose rows are fixed once `signed_at` is set."""
    return sorted(mapper.local_table.name for mapper in Base.registry.mappers if issubclass(mapper.class_, Signed))  # type: ignore[attr-defined]


def statements(dialect: str) -> list[str]:
    """The guards as SQL of one database, in order, safe to run again."""
    return _postgresql() if dialect == "postgresql" else _sqlite()


def install(connection: sa.Connection) -> None:
    """Write all guards."""
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def _sqlite() -> list[str]:
    found = []
    for table in _APPEND_ONLY:
        for event in ("UPDATE", "DELETE"):
            found += _sqlite_trigger(f"{table}_no_{event.lower()}", f"BEFORE {event} ON {table}", f"{table} is append-only")
    found += _sqlite_trigger(
        "audit_chain",
        "BEFORE INSERT ON audit WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit)"
        " OR NEW.prev IS NOT coalesce((SELECT mac FROM audit ORDER BY seq DESC LIMIT 1), zeroblob(32))",
        "audit chain break",
    )
    for table in signed_tables():
        for event in ("UPDATE", "DELETE"):
            found += _sqlite_trigger(
                f"{table}_signed_no_{event.lower()}",
                f"BEFORE {event} ON {table} WHEN OLD.signed_at IS NOT NULL",
                f"{table} is signed",
            )
    return found


def _sqlite_trigger(name: str, when: str, sentence: str) -> list[str]:
    return [f"DROP TRIGGER IF EXISTS {name}", f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"]


def _postgresql() -> list[str]:
    found = [_REFUSE_CHANGE]
    for table in _APPEND_ONLY:
        found += _postgresql_trigger(f"{table}_no_change", table, "BEFORE UPDATE OR DELETE", "FOR EACH ROW")
        found += _postgresql_trigger(f"{table}_no_truncate", table, "BEFORE TRUNCATE", "FOR EACH STATEMENT")
    for table in signed_tables():
        found += _postgresql_trigger(
            f"{table}_signed_no_change", table, "BEFORE UPDATE OR DELETE", "FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL)"
        )
        found += _postgresql_trigger(f"{table}_no_truncate", table, "BEFORE TRUNCATE", "FOR EACH STATEMENT")
    return found


def _postgresql_trigger(name: str, table: str, event: str, rows: str) -> list[str]:
    return [
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE TRIGGER {name} {event} ON {table} {rows} EXECUTE FUNCTION refuse_change()",
    ]

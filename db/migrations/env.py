"""Runs migration steps on the connection that the store hands over; prints plain column types into new steps."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from infusiondesk.app.tables import METADATA
from infusiondesk.foundation.store.columns import ExactDecimal, Key, UtcDateTime

APART = {"keyring", "alembic_version"}  # the key table is read before anything else is, and by psycopg alone


def render_item(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Our own column types as plain ones, so that a step never depends on today's code."""
    if kind != "type":
        return False
    if isinstance(item, Key):
        return "sa.LargeBinary(16).with_variant(sa.Uuid(), 'postgresql')"
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, ExactDecimal):
        return "sa.BigInteger()"
    return False


def include_name(name: str | None, kind: str, _: Any) -> bool:
    return not (kind == "table" and name in APART)


def run(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_item=render_item,
        include_name=include_name,
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    context.run_migrations()


run(context.config.attributes["connection"])

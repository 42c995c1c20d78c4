"""Billing codes as screens and claims look them up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.records import Code
from infusiondesk.catalog.rules import is_in_force
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading

FIRST = 500


@dataclass(frozen=True)
class CodeRow:
    """One code, and whether it is in force on the day that was asked for."""

    id: UUID
    code: str
    kind: str
    label: str
    added_on: date | None
    terminated_on: date | None
    source: str
    is_in_force: bool


@dataclass(frozen=True)
class CodesFound:
    """The first codes found, and how many there are."""

    rows: Sequence[CodeRow]
    total: int


@query(Area.CATALOG, is_audited=False)
def codes(reading: Reading, *, text: str = "", on: date | None = None) -> Sequence[CodeRow]:
    """Codes whose code or label holds every one of the words, by code, and whether each is in force on a day (else today)."""
    return find_codes(reading, text=text, on=on, first=None).rows


@query(Area.CATALOG, is_audited=False)
def find_codes(
    reading: Reading, *, text: str = "", on: date | None = None, in_force_only: bool = False, first: int | None = FIRST
) -> CodesFound:
    """The same for a list that shows the first few hundred and says how many there are."""
    day = on or reading.today()
    chosen = sa.select(Code)
    for word in text.split():
        pattern = f"%{literal(word)}%"
        chosen = chosen.where(sa.or_(Code.code.ilike(pattern, escape="\\"), Code.label.ilike(pattern, escape="\\")))
    if in_force_only:
        chosen = chosen.where(
            sa.or_(Code.added_on.is_(None), Code.added_on <= day), sa.or_(Code.terminated_on.is_(None), Code.terminated_on >= day)
        )
    total = reading.session.scalar(sa.select(sa.func.count()).select_from(chosen.subquery())) or 0
    found = [
        CodeRow(
            row.id,
            row.code,
            row.kind,
            row.label,
            row.added_on,
            row.terminated_on,
            row.source,
            is_in_force(row.added_on, row.terminated_on, day),
        )
        for row in reading.session.scalars(chosen.order_by(Code.code).limit(first))
    ]
    return CodesFound(found, total)


def literal(word: str) -> str:
    """A word as LIKE looks for it, whatever letters it has."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

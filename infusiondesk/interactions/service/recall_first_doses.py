"""Rows of the first-dose table, and the limits it reads, that were changed here: what an assessment signed before relied on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.interactions.records import KnowledgeChange
from infusiondesk.interactions.rules import Knowledge
from infusiondesk.interactions.rules.rows import OURS, KnownRow, RowKind, version_of
from infusiondesk.interactions.rules.words import RowEvent
from infusiondesk.interactions.service.in_force import knowledge_in_force

# Which rows of the first-dose table read a limit: those with this history, or those of this risk.
_READS: Final[Mapping[str, tuple[str, str]]] = {
    "ed_minutes": ("risk", "HIGH"),
    "ivig_gap_weeks": ("when", "naive, switched or gap"),
    "factor_exposure_days": ("when", "first exposure days"),
}


@dataclass(frozen=True)
class FirstDoseChange:
    """One change of one row: what it said before and says now, and the medicines that the assessment judges by it."""

    row_key: str
    row: str
    version_then: str
    version_now: str
    then: str
    now: str
    medicines: frozenset[str]
    because: str
    by: str
    made_at: datetime


@query(Area.INTERACTIONS)
def first_dose_changes(reading: Reading) -> Sequence[FirstDoseChange]:
    """Every change of what an assessment of first doses reads, oldest first; each against what the row says today."""
    in_force = knowledge_in_force(reading)
    knowledge = in_force.knowledge
    kinds = KnowledgeChange.kind.in_([RowKind.FIRST_DOSE, RowKind.LIMIT])
    found = []
    for change in reading.session.scalars(sa.select(KnowledgeChange).where(kinds).order_by(KnowledgeChange.made_at)):
        row = next(iter(in_force.rows_of([change.row_key])), None)
        was_off = change.what is RowEvent.SWITCHED_ON
        if row is None or (version_of(change.before) == row.version and not row.is_off and not was_off):
            continue
        before = KnownRow(RowKind(change.kind), change.row_key, OURS, change.before)
        is_new = change.what is RowEvent.ENTERED or was_off
        found.append(
            FirstDoseChange(
                row.key,
                f"{row.rule}, {row.side_a}",
                "off" if was_off else before.version,
                f"{row.version}{' off' if row.is_off else ''}",
                "the row did not count" if is_new else before.said,
                "switched off" if row.is_off else row.said,
                _medicines(knowledge, change.before) | _medicines(knowledge, row.fields),
                change.reason or change.what.value,
                change.made_by,
                change.made_at,
            )
        )
    return found


def _medicines(knowledge: Knowledge, fields: Mapping[str, Any]) -> frozenset[str]:
    """The medicines that a row of the table speaks of, or those whose row reads a limit."""
    if drugs := fields.get("drugs"):
        return knowledge.spread(tuple(part.strip() for part in str(drugs).split(";") if part.strip()))
    if (reads := _READS.get(str(fields.get("limit", "")))) is None:
        return frozenset()
    name, value = reads
    of = [knowledge.spread(row.drugs) for row in knowledge.tables.first_doses if getattr(row, name) == value]
    return frozenset().union(*of)

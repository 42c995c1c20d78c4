"""What a stability row said when something was made on it, and what it says now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.queries.review import facts_of
from infusiondesk.catalog.records import Drug, ReviewBatch, Stability
from infusiondesk.catalog.rules import RowKind
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.kernel.seals import digest
from infusiondesk.foundation.store.records import AuditLine
from infusiondesk.foundation.store.unit_of_work import Reading

# What a preparation relies on; another source or remark for the same life changes nothing for it.
_RELIED_ON: Final = (
    "hours", "is_forbidden", "concentration_low", "concentration_high", "concentration_unit", "diluents", "container", "storage",
    "formulation", "drug_id",
)  # fmt: skip


@dataclass(frozen=True)
class StabilityChange:
    """One row that is not what it was: hours then and now (None is unknown), and who corrected it why."""

    row_id: UUID
    drug: str
    version_then: str
    version_now: str
    hours_then: str
    hours_now: str
    is_stricter: bool
    because: str
    by: str
    at: datetime | None


@query(Area.CATALOG, is_audited=False)
def stability_changes(
    reading: Reading, *, uses: Sequence[tuple[UUID, datetime]]
) -> Mapping[tuple[UUID, datetime], StabilityChange]:
    """For each use of a row at a time: how it differs now from what was signed then; rows that are as they were are left out."""
    signed = _signed_facts(reading, {row_id for row_id, _ in uses})
    found = {}
    for row_id, at in uses:
        row = reading.session.get(Stability, row_id)
        then = [facts for when, facts in signed.get(row_id, ()) if when <= at]
        if row is None or not then:
            continue
        before, now = _relied_on(then[-1]), _relied_on(facts_of(row))
        if before != now or row.retired_at is not None:
            found[row_id, at] = _change(reading, row, before, now)
    return found


def _signed_facts(reading: Reading, ids: set[UUID]) -> Mapping[UUID, list[tuple[datetime, Mapping[str, Any]]]]:
    wanted = {row_id.hex: row_id for row_id in ids}
    found: dict[UUID, list[tuple[datetime, Mapping[str, Any]]]] = {}
    reviews = sa.select(ReviewBatch).where(ReviewBatch.kind == RowKind.STABILITY, ReviewBatch.signed_at.is_not(None))
    for review in reading.session.scalars(reviews.order_by(ReviewBatch.signed_at)):
        for row in review.rows:
            if row["id"] in wanted and review.signed_at is not None:
                found.setdefault(wanted[row["id"]], []).append((review.signed_at, row["facts"]))
    return found


def _relied_on(facts: Mapping[str, Any]) -> dict[str, object]:
    return {name: facts.get(name) for name in _RELIED_ON}


def _change(reading: Reading, row: Stability, before: Mapping[str, Any], now: Mapping[str, Any]) -> StabilityChange:
    is_retired = row.retired_at is not None
    told = sa.select(AuditLine).where(AuditLine.entity == Stability.__tablename__, AuditLine.entity_id == row.id)
    last = reading.session.scalars(
        told.where(AuditLine.action.in_(["corrected", "retired"])).order_by(AuditLine.seq.desc()).limit(1)
    ).first()
    drug = reading.session.get_one(Drug, row.drug_id)
    hours_then, hours_now = _words(before, is_retired=False), _words(now, is_retired=is_retired)
    return StabilityChange(
        row.id,
        drug.name,
        digest(before).hex()[:10],
        digest({**now, "is_retired": is_retired}).hex()[:10],
        hours_then,
        hours_now,
        _life(now, is_retired=is_retired) < _life(before, is_retired=False),
        (last.reason or "") if last else "",
        last.actor_name if last else "",
        reading.local(last.at) if last else None,
    )


def _life(facts: Mapping[str, Any], *, is_retired: bool) -> float:
    """How long a preparation may count on, for comparing only."""
    return 0.0 if is_retired or facts["is_forbidden"] or facts["hours"] is None else float(facts["hours"])


def _words(facts: Mapping[str, Any], *, is_retired: bool) -> str:
    fluids = " or ".join(facts["diluents"] or ())
    where = ", ".join(filter(None, (fluids, facts["container"], str(facts["storage"]))))
    if is_retired:
        return "taken out of use"
    if facts["is_forbidden"]:
        return f"not to be kept so ({where})"
    return f"{facts['hours']} hours ({where})" if facts["hours"] is not None else f"hours unknown ({where})"

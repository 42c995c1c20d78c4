"""What a row said when something was made or verified on it, and what it says now: of stability, and of a drug."""

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


# What an order relies on in the row of its drug, in the words of a recall.
_ORDERED_BY: Final[Mapping[str, str]] = {
    "routes": "by route:", "iv_ways": "into a vein:", "first_dose_risk": "first dose:", "controlled": "schedule:",
    "hazard": "hazard:", "vesicant": "leak:", "central_only": "central line only:", "line_note": "how it is given:",
}  # fmt: skip


@dataclass(frozen=True)
class DrugChange:
    """The row of a drug that is not what it was: what an order relies on of it, then and now, and who corrected it why."""

    drug_id: UUID
    drug: str
    version_then: str
    version_now: str
    then: str
    now: str
    because: str
    by: str
    at: datetime | None


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
    signed = _signed_facts(reading, RowKind.STABILITY, {row_id for row_id, _ in uses})
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


@query(Area.CATALOG, is_audited=False)
def drug_changes(reading: Reading, *, uses: Sequence[tuple[UUID, datetime]]) -> Mapping[tuple[UUID, datetime], DrugChange]:
    """For each use of a drug's row at a time: what an order relies on that reads otherwise now than it was signed then."""
    signed = _signed_facts(reading, RowKind.DRUG, {drug_id for drug_id, _ in uses})
    found = {}
    for drug_id, at in uses:
        row = reading.session.get(Drug, drug_id)
        then = [facts for when, facts in signed.get(drug_id, ()) if when <= at]
        if row is None or not then:
            continue
        now = facts_of(row)
        differing = [name for name in _ORDERED_BY if then[-1].get(name, now[name]) != now[name]]
        if differing or row.retired_at is not None:
            found[drug_id, at] = _drug_change(reading, row, then[-1], now, differing)
    return found


def _drug_change(
    reading: Reading, row: Drug, then: Mapping[str, Any], now: Mapping[str, Any], differing: Sequence[str]
) -> DrugChange:
    last = _last_written(reading, Drug.__tablename__, row.id)
    is_retired = row.retired_at is not None
    before = {name: then.get(name) for name in _ORDERED_BY}
    after = {name: now[name] for name in _ORDERED_BY}
    return DrugChange(
        row.id,
        row.name,
        digest(before).hex()[:10],
        digest({**after, "is_retired": is_retired}).hex()[:10],
        "; ".join(_said(name, then.get(name)) for name in differing) or "in use",
        "taken out of use" if is_retired else "; ".join(_said(name, now[name]) for name in differing),
        (last.reason or "") if last else "",
        last.actor_name if last else "",
        reading.local(last.at) if last else None,
    )


def _said(name: str, value: object) -> str:
    words = " or ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"{_ORDERED_BY[name]} {words or 'not said'}"


def _last_written(reading: Reading, entity: str, row_id: UUID) -> AuditLine | None:
    told = sa.select(AuditLine).where(AuditLine.entity == entity, AuditLine.entity_id == row_id)
    return reading.session.scalars(
        told.where(AuditLine.action.in_(["corrected", "retired"])).order_by(AuditLine.seq.desc()).limit(1)
    ).first()


def _signed_facts(reading: Reading, kind: RowKind, ids: set[UUID]) -> Mapping[UUID, list[tuple[datetime, Mapping[str, Any]]]]:
    wanted = {row_id.hex: row_id for row_id in ids}
    found: dict[UUID, list[tuple[datetime, Mapping[str, Any]]]] = {}
    reviews = sa.select(ReviewBatch).where(ReviewBatch.kind == kind, ReviewBatch.signed_at.is_not(None))
    for review in reading.session.scalars(reviews.order_by(ReviewBatch.signed_at)):
        for row in review.rows:
            if row["id"] in wanted and review.signed_at is not None:
                found.setdefault(wanted[row["id"]], []).append((review.signed_at, row["facts"]))
    return found


def _relied_on(facts: Mapping[str, Any]) -> dict[str, object]:
    return {name: facts.get(name) for name in _RELIED_ON}


def _change(reading: Reading, row: Stability, before: Mapping[str, Any], now: Mapping[str, Any]) -> StabilityChange:
    is_retired = row.retired_at is not None
    last = _last_written(reading, Stability.__tablename__, row.id)
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

"""Verifications that stand on a row which says something else now, and the closing of a recall's lines."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.kernel.seals import canonical
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import Reading, UnitOfWork
from infusiondesk.interactions.records import KnowledgeChange, RecallClosing, Screening
from infusiondesk.interactions.rules import Knowledge, Level
from infusiondesk.interactions.rules.recall import Closing, ClosingDraft, RecallLine, Relied
from infusiondesk.interactions.rules.rows import KnownRow, RowKind
from infusiondesk.interactions.rules.words import RecallDone, RowEvent
from infusiondesk.interactions.service.in_force import knowledge_in_force

SILENT = "silent"
_WRITTEN = (RowEvent.CORRECTED, RowEvent.ENTERED)


@dataclass(frozen=True)
class Reliance:
    """One verification and one row that is not what it was then; `then` is what its alert said, or that it was silent."""

    screening_id: UUID
    order_version_id: UUID
    patient_id: UUID
    made_by: str
    made_at: datetime
    row_key: str
    version_then: str
    version_now: str
    row: str
    then: str
    now: str
    is_stricter: bool
    because: str
    by: str
    at: datetime | None


@query(Area.INTERACTIONS)
def decisions_on_old_rows(reading: Reading) -> Sequence[Reliance]:
    """Every verification whose alert stood on an older version of a row, and every one at which a pair that speaks was silent.

    Limits and usual doses are listed wherever they were asked, as the screening kept what it asked.
    """
    in_force = knowledge_in_force(reading)
    happened: dict[str, list[KnowledgeChange]] = {}
    for change in reading.session.scalars(sa.select(KnowledgeChange).order_by(KnowledgeChange.number)):
        happened.setdefault(change.row_key, []).append(change)
    written = {change.row_key: change for changes in happened.values() for change in changes if change.what in _WRITTEN}
    pairs = [row for key, row in in_force.rows.items() if key in happened and row.kind is RowKind.PAIR and not row.is_off]
    found = []
    for screening in newest_verifications(reading):
        if screening.knowledge == in_force.version:
            continue  # nothing is different since
        named = {row["key"]: (row["version"], alert) for alert in screening.alerts for row in alert.get("rows", ()) if row["key"]}
        asked = {one["key"]: one for one in screening.rows_read}
        for key, one in asked.items():
            row = in_force.rows.get(key)
            if row is not None and (row.version != one["version"] or row.is_off):
                found.append(_asked(reading, screening, row, one, named.get(key), happened.get(key, ())))
        for key, (version, alert) in named.items():
            row = in_force.rows.get(key)
            if row is not None and row.version != version and key not in asked:
                then = f"{alert['level']}: {alert['text']}"
                found.append(_reliance(reading, screening, row, version, then, Level(alert["level"]), written.get(key)))
        for row, change in _silent(screening, named, pairs, happened, in_force.knowledge):
            then = "the rule was off" if change.what is RowEvent.SWITCHED_ON else "the rule was silent"
            found.append(_reliance(reading, screening, row, SILENT, then, None, change))
    return found


def newest_verifications(reading: Reading) -> Sequence[Screening]:
    """The screening on which each verification stands. No permission of its own: part of every question about what relied on it."""
    verified = sa.select(Screening).where(Screening.is_for_verification.is_(True)).order_by(Screening.number)
    return list({screening.order_version_id: screening for screening in reading.session.scalars(verified)}.values())


def _asked(
    reading: Reading,
    screening: Screening,
    row: KnownRow,
    then: Mapping[str, str],
    named: tuple[str, Mapping[str, Any]] | None,
    changes: Sequence[KnowledgeChange],
) -> Reliance:
    """A limit or usual dose that says something else now, with what it said then and whether an alert came of it.

    Which way is stricter depends on the patient, so every one counts as stricter and stands first.
    """
    spoke = f"{named[1]['level']} by {named[1]['rules'][0]}" if named is not None else "no alert"
    reliance = _reliance(
        reading, screening, row, then["version"], f"{then['said']} ({spoke})", None, changes[-1] if changes else None
    )
    return replace(reliance, is_stricter=True)


def _silent(
    screening: Screening,
    named: Mapping[str, object],
    pairs: Sequence[KnownRow],
    happened: Mapping[str, Sequence[KnowledgeChange]],
    knowledge: Knowledge,
) -> Iterator[tuple[KnownRow, KnowledgeChange]]:
    """Pairs that were corrected or are on again since and name two medicines of this profile, with the newest such change.

    Whether their condition held is for a person.
    """
    present = frozenset(screening.ingredients)
    for row in pairs:
        change = since(happened[row.key], screening.made_at)
        if row.key in named or change is None:
            continue
        one, other = (knowledge.spread(_listed(side)) & present for side in (row.side_a, row.side_b))
        if one and other and (len(one | other) > 1):
            yield row, change


def since(changes: Sequence[KnowledgeChange], at: datetime) -> KnowledgeChange | None:
    """The newest change by which a row says since then what it did not say: its text is new, or it was off then and is on.

    No permission of its own: part of every question about what relied on a row.
    """
    newest = None
    for before, change in zip([None, *changes], changes, strict=False):
        is_on_again = change.what is RowEvent.SWITCHED_ON and before is not None and before.made_at <= at
        if change.made_at >= at and (change.what in _WRITTEN or is_on_again):
            newest = change
    return newest


def _listed(side: str) -> tuple[str, ...]:
    return tuple(part for part in (part.strip() for part in side.split(";")) if part)


def _reliance(
    reading: Reading,
    screening: Screening,
    row: KnownRow,
    version: str,
    then: str,
    level_then: Level | None,
    change: KnowledgeChange | None,
) -> Reliance:
    now = "switched off" if row.is_off else row.said
    is_known = row.level in set(Level) and not row.is_off
    is_stricter = is_known and (level_then is None or Level(row.level).rank < level_then.rank)
    return Reliance(
        screening.id,
        screening.order_version_id,
        screening.patient_id,
        screening.made_by,
        reading.local(screening.made_at),
        row.key,
        version,
        row.version,
        f"{row.rule}, {row.side_a if row.is_fact else row.between}",
        then,
        now,
        is_stricter,
        change.reason or change.what.value if change else "another version came with the release",
        change.made_by if change else "",
        reading.local(change.made_at) if change else None,
    )


def close_line(uow: UnitOfWork, line: RecallLine, draft: ClosingDraft) -> None:
    """Keep what was done about one line, with the line as it was seen.

    No permission of its own: the journey that lists the lines (`workflows.recall_knowledge`) carries it.
    """
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    if line.closing is not None:
        raise Refused(f"{line.closing.by} has closed this line already.")
    closing = uow.add(
        RecallClosing(
            line_id=line.id,
            row_key=line.row_key,
            entity=line.entity,
            entity_id=line.entity_id,
            patient_id=line.patient_id,
            line=json.loads(canonical({**asdict(line), "corrected_at": None, "closing": None})),
            done=RecallDone(draft.done or ""),
            reason=draft.reason.strip(),
            closed_at=uow.clock.now(),
            closed_by=uow.actor.name,
        )
    )
    change = Change(
        "recall line closed", Area.INTERACTIONS, closing.__tablename__, closing.id, line.patient_id, detail=line.row_key
    )
    uow.record(change, reason=f"{draft.done}: {closing.reason}")


@query(Area.INTERACTIONS)
def closed_lines(reading: Reading) -> Mapping[str, RecallLine]:
    """Every line that was closed, as it was seen then, by its id."""
    found = {}
    for closing in reading.session.scalars(sa.select(RecallClosing)):
        kept = closing.line
        found[closing.line_id] = RecallLine(
            **{
                **kept,
                "kind": Relied(kept["kind"]),
                "entity_id": closing.entity_id,
                "patient_id": closing.patient_id,
                "closing": Closing(closing.done.value, closing.reason, closing.closed_by, reading.local(closing.closed_at)),
            }
        )
    return found

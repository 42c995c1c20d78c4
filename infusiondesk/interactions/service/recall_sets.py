"""What enabling, disabling or removing an imported set, and entering a range, changed for verifications made before."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.records import AuditLine
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.interactions.records import KnowledgeChange, KnowledgeLayer, Screening
from infusiondesk.interactions.rules import Level
from infusiondesk.interactions.rules.rows import OURS, KnownRow, RowKind
from infusiondesk.interactions.service.in_force import InForce, Layer, knowledge_in_force
from infusiondesk.interactions.service.recall import SILENT, Reliance, newest_verifications, since

GONE = "gone"
_ENDED = ("disabled", "removed")


@query(Area.INTERACTIONS)
def decisions_on_sets(reading: Reading) -> Sequence[Reliance]:
    """Verifications at which a set enabled since would have spoken, and those whose alert stood on a set that is off now."""
    in_force = knowledge_in_force(reading)
    kept = reading.session.scalars(sa.select(KnowledgeLayer).order_by(KnowledgeLayer.imported_at)).all()
    newest = {layer.tag: layer for layer in kept}
    if not newest:
        return []
    enabled = [(layer, newest[layer.tag], layer.content.index()) for layer in in_force.layers]
    off = {tag: layer for tag, layer in newest.items() if layer.enabled_at is None}
    ends = {layer.id: _end_of(reading, layer) for layer in off.values()}
    found: list[Reliance] = []
    for screening in newest_verifications(reading):
        if screening.knowledge == in_force.version:
            continue
        for layer, of, index in enabled:
            if of.enabled_at is not None and of.enabled_at >= screening.made_at:
                found += _enabled_since(reading, screening, in_force, layer, of, index)
        found += _off_since(reading, screening, off, ends)
    return found


def _enabled_since(
    reading: Reading,
    screening: Screening,
    in_force: InForce,
    layer: Layer,
    of: KnowledgeLayer,
    index: Mapping[str, Mapping[str, int]],
) -> Iterator[Reliance]:
    """Pairs of a set that name two medicines of a profile screened without it, where no alert was as strict."""
    said = {frozenset((alert["a"], alert["b"])): Level(alert["level"]) for alert in screening.alerts}
    named = {row["key"] for alert in screening.alerts for row in alert.get("rows", ())}
    for one, other in combinations(sorted(set(screening.ingredients)), 2):
        place = index.get(one, {}).get(other)
        if place is None:
            continue
        pair = layer.content.pair(place)
        row = in_force.rows.get(layer.key_of(pair))
        before = said.get(frozenset((one, other)))
        if row is None or row.is_off or row.key in named or (before is not None and before.rank <= Level(row.level).rank):
            continue
        then = f"the set was not enabled, {f'{before} by other rows' if before else 'no alert'}"
        at = reading.local(of.enabled_at) if of.enabled_at else None
        yield Reliance(
            screening.id, screening.order_version_id, screening.patient_id, screening.made_by, reading.local(screening.made_at),
            row.key, SILENT, row.version, f"{row.rule}, {row.between}", then, row.said, True, f"set {layer.tag} enabled",
            of.enabled_by, at,
        )  # fmt: skip


def _off_since(
    reading: Reading, screening: Screening, off: Mapping[str, KnowledgeLayer], ends: Mapping[UUID, AuditLine | None]
) -> Iterator[Reliance]:
    """Alerts that stood on a row of a set which no screen counts any more."""
    for alert, row in _cited(screening):
        if row["layer"] == OURS or row["layer"] not in off:
            continue
        end = ends[off[row["layer"]].id]
        what = end.action if end else "not enabled"
        yield Reliance(
            screening.id, screening.order_version_id, screening.patient_id, screening.made_by, reading.local(screening.made_at),
            row["key"], row["version"], GONE, f"{row['rule']}, {alert['a']} with {alert['b']}",
            f"{alert['level']}: {alert['text']}", f"the set {row['layer']} is {what}", False,
            (end.reason or what) if end else what, end.actor_name if end else "", reading.local(end.at) if end else None,
        )  # fmt: skip


def _cited(screening: Screening) -> Iterator[tuple[Mapping[str, Any], Mapping[str, str]]]:
    for alert in screening.alerts:
        for row in alert.get("rows", ()):
            if row["key"]:
                yield alert, row


def _end_of(reading: Reading, layer: KnowledgeLayer) -> AuditLine | None:
    told = sa.select(AuditLine).where(AuditLine.entity == layer.__tablename__, AuditLine.entity_id == layer.id)
    return reading.session.scalars(told.where(AuditLine.action.in_(_ENDED)).order_by(AuditLine.seq.desc()).limit(1)).first()


@query(Area.INTERACTIONS)
def decisions_before_ranges(reading: Reading) -> Sequence[tuple[str, Reliance]]:
    """Every verification made before a range of one of its medicines was entered, with that medicine; the caller knows the drug."""
    in_force = knowledge_in_force(reading)
    happened: dict[str, list[KnowledgeChange]] = {}
    wanted = sa.select(KnowledgeChange).where(KnowledgeChange.kind == RowKind.DOSE).order_by(KnowledgeChange.number)
    for change in reading.session.scalars(wanted):
        happened.setdefault(change.row_key, []).append(change)
    ranges = [row for row in in_force.rows_of(happened) if not row.is_off]
    found = []
    for screening in newest_verifications(reading) if ranges else ():
        asked, present = {one["key"] for one in screening.rows_read}, set(screening.ingredients)
        for row in ranges:
            newest = since(happened[row.key], screening.made_at)
            medicine = row.fields["ingredient"]
            if newest is not None and row.key not in asked and medicine in present:
                found.append((medicine, _before_range(reading, screening, row, newest)))
    return found


def _before_range(reading: Reading, screening: Screening, row: KnownRow, change: KnowledgeChange) -> Reliance:
    return Reliance(
        screening.id, screening.order_version_id, screening.patient_id, screening.made_by, reading.local(screening.made_at),
        row.key, SILENT, row.version, f"{row.rule}, {row.side_a}", "this range was not on file", row.said, True,
        change.reason or change.what.value, change.made_by, reading.local(change.made_at),
    )  # fmt: skip

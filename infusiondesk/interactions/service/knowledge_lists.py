"""What the library shows of the knowledge: rows with what became of their alerts, layers, and two layers held side by side."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.interactions.exchange.reference import shipped_rows
from infusiondesk.interactions.records import KnowledgeChange, KnowledgeLayer, KnowledgeReview, Screening, ScreeningAnswer
from infusiondesk.interactions.rules import Knowledge, Level
from infusiondesk.interactions.rules.editing import RuleDraft, off_refusal
from infusiondesk.interactions.rules.rows import OURS, KnownRow, RowKind, is_fact
from infusiondesk.interactions.rules.words import RowEvent
from infusiondesk.interactions.service.in_force import InForce, knowledge_in_force, layer_of

OUR_REFERENCE: Final = "Our reference"
MOST_ROWS: Final = 500
Pair = tuple[str, str]


@dataclass(frozen=True)
class Evidence:
    """What became of the alerts of one row: how often it spoke, and how often its HOLD was passed with a reason."""

    alerted: int = 0
    held: int = 0
    overridden: int = 0

    @property
    def share(self) -> str:
        """The share of its HOLDs that were passed; nothing while it never held."""
        return f"{round(100 * self.overridden / self.held)} %" if self.held else ""


@dataclass(frozen=True)
class RuleRow:
    """One row as the library lists it, in the version that is seen there."""

    id: str
    version: str
    kind: RowKind
    layer: str
    rule: str
    side_a: str
    side_b: str
    level: str
    text: str
    source: str
    status: str
    signed_by: str
    is_off: bool
    changes: int
    evidence: Evidence

    @property
    def is_fact(self) -> bool:
        """No rule: what rules decide by."""
        return is_fact(self.kind)

    @property
    def off_refusal(self) -> str | None:
        """Why it is never switched off, in one sentence, or None."""
        return off_refusal(self.kind)

    @property
    def layer_words(self) -> str:
        return self.layer or OUR_REFERENCE

    @property
    def standing(self) -> str:
        """Whether it speaks, and who put a name under it."""
        if self.is_off:
            return "off"
        return f"signed by {self.signed_by}" if self.signed_by else "unsigned"


@dataclass(frozen=True)
class RulesFound:
    """The rows that were asked for, the first of them; how many there are; how many of ours nobody has signed."""

    rows: Sequence[RuleRow]
    total: int
    unsigned: int


@dataclass(frozen=True)
class ChangeRow:
    """One version of a row made here; `said` is what it said from then on, `before` what it had said.

    `has_lapsed` is a switch-off that ended by itself, as the row says something else now than what was switched off.
    """

    what: str
    said: str
    before: str
    reason: str
    by: str
    at: datetime
    has_lapsed: bool = False


@dataclass(frozen=True)
class RuleHistory:
    """A row whole: as a draft, its groups written out, what it was compared with, every version made here, newest first."""

    draft: RuleDraft
    groups: Sequence[tuple[str, str]]
    compared_with: str
    changes: Sequence[ChangeRow]


@dataclass(frozen=True)
class LayerRow:
    """One layer; ours has no id, is always on and comes with the release."""

    id: UUID | None
    tag: str
    name: str
    citation: str
    rows: int
    is_enabled: bool
    enabled_by: str = ""
    imported_by: str = ""
    imported_at: datetime | None = None
    file_name: str = ""
    repairs: Sequence[str] = ()


@dataclass(frozen=True)
class ComparedRow:
    """One pair as two layers have it; an empty level means that the layer does not have it."""

    a: str
    b: str
    one: str
    other: str

    @property
    def id(self) -> str:
        return f"{self.a}|{self.b}"


@dataclass(frozen=True)
class Comparison:
    """Two layers side by side: counts of everything, and the first pairs of each kind of difference."""

    one: str
    other: str
    same: int
    only_one: int
    only_other: int
    differ: int
    rows: Sequence[ComparedRow] = field(default=())


@query(Area.INTERACTIONS, is_audited=False)
def rules_found(
    reading: Reading, *, text: str = "", layer: str | None = None, scope: str = "", kind: RowKind | None = None
) -> RulesFound:
    """Rows of the knowledge that hold every word; `layer` narrows to one set, `kind` to what they speak of.

    `scope` narrows to unsigned, off, changed or speaking.
    """
    in_force = knowledge_in_force(reading)
    evidence = evidence_of(reading)
    words = text.casefold().split()
    groups = _groups_with(words, in_force.knowledge)
    wanted = [
        row
        for row in in_force.rows.values()
        if layer in (None, row.layer) and kind in (None, row.kind)
        if _is_in_scope(row, scope, evidence) and _holds(row, words, groups)
    ]
    wanted.sort(key=lambda row: (row.layer, -evidence.get(row.key, _NONE).alerted if scope == "speaking" else 0))
    unsigned = sum(row.layer == OURS and not row.signed_by and not row.is_off for row in in_force.rows.values())
    return RulesFound([_row(row, evidence) for row in wanted[:MOST_ROWS]], len(wanted), unsigned)


@query(Area.INTERACTIONS, is_audited=False)
def rule_history(reading: Reading, *, row_key: str) -> RuleHistory:
    """One row with everything that happened to it here."""
    in_force = knowledge_in_force(reading)
    row = in_force.rows[row_key]
    named = [name[1:] for name in _listed(f"{row.side_a};{row.side_b};{row.fields.get('exceptions', '')}") if name.startswith("@")]
    groups = [(name, ", ".join(sorted(in_force.knowledge.group(name)))) for name in dict.fromkeys(named)]
    wanted = sa.select(KnowledgeChange).where(KnowledgeChange.row_key == row_key).order_by(KnowledgeChange.number.desc())
    changes = [
        ChangeRow(
            change.what.value, _said(row, change.fields), _said(row, change.before), change.reason, change.made_by,
            reading.local(change.made_at),
            change.number == row.changes and change.what is RowEvent.SWITCHED_OFF and not row.is_off,
        )
        for change in reading.session.scalars(wanted)
    ]  # fmt: skip
    reviews = reading.session.scalars(sa.select(KnowledgeReview).where(KnowledgeReview.signed_at.is_not(None)))
    mine = [review for review in reviews if any((one["key"], one["version"]) == (row_key, row.version) for one in review.rows)]
    compared_with = mine[-1].compared_with if mine and row.signed_by else ""
    return RuleHistory(RuleDraft.of(row), groups, compared_with, changes)


@query(Area.INTERACTIONS, is_audited=False)
def layers_kept(reading: Reading) -> Sequence[LayerRow]:
    """Our own reference and every imported set, oldest first."""
    ours = LayerRow(None, OURS, OUR_REFERENCE, "each row names its own source", len(shipped_rows()), is_enabled=True)
    kept = sa.select(KnowledgeLayer).where(KnowledgeLayer.removed_at.is_(None)).order_by(KnowledgeLayer.imported_at)
    return [ours, *(_layer(reading, layer) for layer in reading.session.scalars(kept))]


@query(Area.INTERACTIONS, is_audited=False)
def compare_layers(reading: Reading, *, one: str, other: str) -> Comparison:
    """Pairs that one layer has and the other has not, and pairs whose levels differ; enabled or not."""
    in_force = knowledge_in_force(reading)
    levels = [_levels(reading, in_force, tag) for tag in (one, other)]
    first, second = levels
    names = [tag or OUR_REFERENCE for tag in (one, other)]
    differ = sorted(pair for pair in first.keys() & second.keys() if first[pair] is not second[pair])
    only_one, only_other = sorted(first.keys() - second.keys()), sorted(second.keys() - first.keys())
    share = MOST_ROWS // 3
    rows = [ComparedRow(*pair, *(of[pair].value if pair in of else "" for of in levels)) for pair in
            (*differ[:share], *only_one[:share], *only_other[:share])]  # fmt: skip
    same = len(first.keys() & second.keys()) - len(differ)
    return Comparison(names[0], names[1], same, len(only_one), len(only_other), len(differ), rows)


_NONE: Final = Evidence()
_COUNTED: WeakKeyDictionary[sa.Engine, tuple[tuple[int, ...], Mapping[str, Evidence]]] = WeakKeyDictionary()


def evidence_of(reading: Reading) -> Mapping[str, Evidence]:
    """Counts by row from kept screenings and answers; an alert that was seen again in a later run counts once.

    Read once for each number of screenings and answers and kept in the process: both only ever grow, and every word typed in
    the search asks. No permission of its own: part of the library's lists.
    """
    engine = reading.session.get_bind().engine
    of = tuple(
        reading.session.scalars(sa.select(sa.func.count()).select_from(table)).one() for table in (Screening, ScreeningAnswer)
    )
    known = _COUNTED.get(engine)
    if known is None or known[0] != of:
        known = _COUNTED[engine] = (of, _counted(reading))
    return known[1]


def _counted(reading: Reading) -> Mapping[str, Evidence]:
    answered = set(map(tuple, reading.session.execute(sa.select(ScreeningAnswer.order_version_id, ScreeningAnswer.key))))
    seen: set[tuple[UUID, str]] = set()
    counts: dict[str, list[int]] = {}
    for version_id, alerts in reading.session.execute(sa.select(Screening.order_version_id, Screening.alerts)):
        for alert in alerts:
            if (version_id, alert["key"]) in seen:
                continue
            seen.add((version_id, alert["key"]))
            is_hold = alert["level"] == Level.HOLD
            for key in {row["key"] for row in alert.get("rows", ()) if row["key"]}:
                count = counts.setdefault(key, [0, 0, 0])
                count[0] += 1
                count[1] += is_hold
                count[2] += is_hold and (version_id, alert["key"]) in answered
    return {key: Evidence(*count) for key, count in counts.items()}


def _row(row: KnownRow, evidence: Mapping[str, Evidence]) -> RuleRow:
    return RuleRow(
        row.key, row.version, row.kind, row.layer, row.rule, row.side_a, row.side_b, row.level, row.text, row.fields["source"],
        row.fields["status"], row.signed_by, row.is_off, row.changes, evidence.get(row.key, _NONE),
    )  # fmt: skip


def _is_in_scope(row: KnownRow, scope: str, evidence: Mapping[str, Evidence]) -> bool:
    if scope == "unsigned":
        return not row.signed_by and not row.is_off
    if scope == "off":
        return row.is_off
    if scope == "changed":
        return row.changes > 0
    return scope != "speaking" or row.key in evidence


def _groups_with(words: Iterable[str], knowledge: Knowledge) -> Mapping[str, frozenset[str]]:
    """For each word the groups that hold a medicine of that name, so that "sertraline" finds a row on "@ssri snri"."""
    return {
        word: frozenset(f"@{name}" for name, of in knowledge.groups.items() if any(word in one for one in of)) for word in words
    }


def _holds(row: KnownRow, words: Iterable[str], groups: Mapping[str, frozenset[str]]) -> bool:
    said = " ".join((row.rule, row.side_a, row.side_b, row.level, row.text, row.fields["source"], row.layer)).casefold()
    sides = {part.strip() for part in f"{row.side_a};{row.side_b}".split(";")}
    return all(word in said or bool(sides & groups[word]) for word in words)


def _said(row: KnownRow, fields: Mapping[str, str]) -> str:
    then = KnownRow(row.kind, row.key, row.layer, dict(fields))
    if not fields.get("source"):
        return ""
    return f"{then.level}: {then.between}. {then.text}".strip()


def _layer(reading: Reading, layer: KnowledgeLayer) -> LayerRow:
    return LayerRow(
        layer.id, layer.tag, layer.name, layer.citation, layer.rows, layer.enabled_at is not None, layer.enabled_by,
        layer.imported_by, reading.local(layer.imported_at), layer.file_name, layer.repairs,
    )  # fmt: skip


def _levels(reading: Reading, in_force: InForce, tag: str) -> dict[Pair, Level]:
    """The strictest level of every pair of a layer, as it is now."""
    found: dict[Pair, Level] = {}

    def take(a: str, b: str, level: Level) -> None:
        pair = (a, b) if a <= b else (b, a)
        if pair not in found or level.rank < found[pair].rank:
            found[pair] = level

    if tag != OURS:
        kept = sa.select(KnowledgeLayer).where(KnowledgeLayer.tag == tag, KnowledgeLayer.removed_at.is_(None))
        for one in layer_of(reading.session.scalars(kept).one()).content.pairs:
            take(one.a, one.b, one.level)
        return found
    knowledge = in_force.knowledge
    for row in in_force.rows.values():
        if row.kind is RowKind.PAIR and row.layer == OURS and not row.is_off:
            sides = [
                knowledge.spread(tuple(part.strip() for part in side.split(";") if part.strip()))
                for side in (row.side_a, row.side_b)
            ]
            for a in sides[0]:
                for b in sides[1]:
                    if a != b:
                        take(a, b, Level(row.level))
    return found


def _listed(side: str) -> tuple[str, ...]:
    return tuple(part for part in (part.strip() for part in side.split(";")) if part)

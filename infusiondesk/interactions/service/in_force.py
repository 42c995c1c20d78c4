"""The knowledge in force: our own reference with what was changed, signed and switched off here, and the enabled layers.

Until somebody changes, signs or imports something it is the release's tables as they are. Otherwise it is put together once for
each state of the store and kept in the process, so that a screen pays one small question for it.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from hashlib import sha256
from uuid import UUID
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.kernel.seals import digest
from infusiondesk.foundation.store.signatures import signatures_of
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.interactions.exchange.packing import unpacked
from infusiondesk.interactions.exchange.reference import pair_of, reference_knowledge, reference_version, shipped_rows, with_rows
from infusiondesk.interactions.records import KnowledgeChange, KnowledgeLayer, KnowledgeReview
from infusiondesk.interactions.rules import Knowledge
from infusiondesk.interactions.rules.knowledge import PairRule, PairsOfSet
from infusiondesk.interactions.rules.layers import LayerContent, LayerPair
from infusiondesk.interactions.rules.names import Ingredient, NameBook
from infusiondesk.interactions.rules.rows import OURS, KnownRow, RowKind, version_of
from infusiondesk.interactions.rules.words import RowEvent

State = tuple[object, ...]
# By engine, because stores made from one seed (tests, demonstrations) have the same ids; reading and writing each build once.
_BUILT: WeakKeyDictionary[sa.Engine, tuple[State, "InForce"]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Layer:
    """One imported set with its rows."""

    id: UUID
    tag: str
    citation: str
    digest: str
    content: LayerContent

    def key_of(self, pair: LayerPair) -> str:
        return f"{self.tag}:{'|'.join(pair.sides)}"

    def row_of(self, pair: LayerPair) -> KnownRow:
        """A pair of the set as a row that people edit like our own."""
        fields = {
            "rule": f"{self.tag} {pair.number}", "side_a": pair.a, "side_b": pair.b, "level": pair.level.value, "when": "",
            "route_a": "", "route_b": "", "washout_a": "", "washout_b": "", "same": "", "mechanism": f"{self.tag} set",
            "advice": pair.text, "source": pair.source, "status": "published", "signed_by": "",
        }  # fmt: skip
        return KnownRow(RowKind.PAIR, self.key_of(pair), self.tag, fields)

    def rows_of(self, keys: Container[str]) -> list[KnownRow]:
        """Those of its rows that are named."""
        return [self.row_of(pair) for pair in self.content.pairs if self.key_of(pair) in keys]


@dataclass(frozen=True)
class InForce:
    """What screens are made with now."""

    knowledge: Knowledge
    version: str
    ours: Mapping[str, KnownRow]
    layers: tuple[Layer, ...] = ()
    changed: Mapping[str, KnownRow] | None = None
    signed: Mapping[tuple[str, str], str] | None = None

    @cached_property
    def rows(self) -> Mapping[str, KnownRow]:
        """Every row by its key, those of enabled layers included, as they are now."""
        found = dict(self.ours)
        for layer in self.layers:
            for pair in layer.content.pairs:
                row = layer.row_of(pair)
                found[row.key] = row
        found.update(self.changed or {})
        names = self.signed or {}
        return {key: replace(row, signed_by=names.get((key, row.version), row.signed_by)) for key, row in found.items()}

    def rows_of(self, keys: Iterable[str]) -> list[KnownRow]:
        """Our own rows of these keys, each once; the rows of sets are not looked through for it."""
        own = {**self.ours, **(self.changed or {})}
        return [own[key] for key in dict.fromkeys(keys) if key in own]


@query(Area.INTERACTIONS, is_audited=False)
def knowledge_in_force(reading: Reading) -> InForce:
    """The knowledge to screen with now."""
    state = _state(reading)
    if not any(state):
        return _as_released()
    engine = reading.session.get_bind().engine
    known = _BUILT.get(engine)
    if known is None or known[0] != state:
        known = _BUILT[engine] = (state, _built(reading))
    return known[1]


@query(Area.INTERACTIONS, is_audited=False)
def knowledge_now(reading: Reading) -> Knowledge:
    """The knowledge that a form asks for the usual dose of a drug while it is typed."""
    return knowledge_in_force(reading).knowledge


def _state(reading: Reading) -> State:
    """What decides the knowledge, in three short lists; the same lists mean the same knowledge."""
    layers = sa.select(KnowledgeLayer.id, KnowledgeLayer.version)
    counted = layers.where(KnowledgeLayer.enabled_at.is_not(None), KnowledgeLayer.removed_at.is_(None))
    changes = sa.select(KnowledgeChange.id)
    reviews = sa.select(KnowledgeReview.id).where(KnowledgeReview.signed_at.is_not(None))
    return tuple(tuple(sorted(map(tuple, reading.session.execute(one)))) for one in (counted, changes, reviews))


@cache
def _as_released() -> InForce:
    knowledge = reference_knowledge()
    return InForce(knowledge, reference_version(), {row.key: row for row in shipped_rows()})


def _built(reading: Reading) -> InForce:
    released = _as_released()
    layers = tuple(map(layer_of, enabled_layers(reading)))
    changed = latest_changes(reading, released.ours, layers)
    signed = names_under_rows(reading)
    state = InForce(released.knowledge, "", released.ours, layers, changed, signed)
    own = [row for row in {**released.ours, **changed}.values() if row.layer == OURS or row.changes]
    own = [replace(row, signed_by=signed.get((row.key, row.version), row.signed_by)) for row in own]
    base = released.knowledge
    if changed or signed:
        base = Knowledge(with_rows(base.tables, own))
    sets: list[PairsOfSet] = []
    for layer in layers:
        names = _more_names(layer, base.names, [name for of in sets for name in of.names])
        sets.append(_set_of(layer, changed, signed, names))
    version = digest(
        {
            "release": released.version,
            "layers": [[layer.tag, layer.digest] for layer in layers],
            "changes": {key: [row.version, row.is_off] for key, row in changed.items()},
            "signed": sorted(f"{key} {row_version} {name}" for (key, row_version), name in signed.items()),
        }
    )
    return replace(state, knowledge=base.with_sets(sets) if sets else base, version=version.hex()[:12].upper())


def enabled_layers(reading: Reading) -> Sequence[KnowledgeLayer]:
    """The sets that count, oldest first. No permission of its own: part of every reading of the knowledge."""
    wanted = sa.select(KnowledgeLayer).where(KnowledgeLayer.enabled_at.is_not(None), KnowledgeLayer.removed_at.is_(None))
    return reading.session.scalars(wanted.order_by(KnowledgeLayer.imported_at, KnowledgeLayer.tag)).all()


def layer_of(kept: KnowledgeLayer) -> Layer:
    """A kept set with its rows. No permission of its own: part of every reading of the knowledge."""
    return Layer(kept.id, kept.tag, kept.citation, sha256(kept.content).hexdigest(), unpacked(kept.content))


def latest_changes(reading: Reading, ours: Mapping[str, KnownRow], layers: Iterable[Layer]) -> dict[str, KnownRow]:
    """Rows as they were last corrected or entered here, else as the release or their set has them now; on, or switched off.

    A switch holds no content: one whose row says something else now (a newer release, the set imported once more) has lapsed.
    No permission of its own: part of every reading of the knowledge.
    """
    of = {layer.tag: layer for layer in layers}
    wanted = sa.select(KnowledgeChange).where(KnowledgeChange.layer.in_([OURS, *of])).order_by(KnowledgeChange.number)
    newest: dict[str, KnowledgeChange] = {}
    written: dict[str, KnownRow] = {}
    for change in reading.session.scalars(wanted):
        newest[change.row_key] = change
        if change.what in (RowEvent.CORRECTED, RowEvent.ENTERED):
            fields = {**change.fields, "signed_by": ""}
            written[change.row_key] = KnownRow(RowKind(change.kind), change.row_key, change.layer, fields)
    switched = {change.layer for key, change in newest.items() if key not in written}
    live = {**ours, **{row.key: row for tag, layer in of.items() if tag in switched for row in layer.rows_of(newest)}, **written}
    return {
        key: replace(live[key], is_off=switches_off(change, live[key]), changes=change.number)
        for key, change in newest.items()
        if key in live  # a row that the release or its set has no more is gone with its switch
    }


def switches_off(newest: KnowledgeChange, row: KnownRow) -> bool:
    """Whether a row is off by its newest change: only while it says what was switched off, whatever line of its set it is."""
    then, now = (version_of({**said, "rule": ""}) for said in (newest.fields, row.fields))
    return newest.what is RowEvent.SWITCHED_OFF and then == now


def names_under_rows(reading: Reading) -> dict[tuple[str, str], str]:
    """Who signed which version of which row; a review whose own signature does not hold counts for nothing.

    No permission of its own: part of every reading of the knowledge.
    """
    found: dict[tuple[str, str], str] = {}
    wanted = sa.select(KnowledgeReview).where(KnowledgeReview.signed_at.is_not(None)).order_by(KnowledgeReview.signed_at)
    for review in reading.session.scalars(wanted):
        names = signatures_of(reading, KnowledgeReview.__tablename__, review.id, review_facts(review))
        name = next((one.name for one in names if one.holds), None)
        if name is not None:
            found.update({(row["key"], row["version"]): name for row in review.rows})
    return found


def review_facts(review: KnowledgeReview) -> dict[str, object]:
    """What the signature under a review covers. No permission of its own: part of signing and of reading it back."""
    return {"compared_with": review.compared_with, "rows": review.rows}


def _set_of(
    layer: Layer, changed: Mapping[str, KnownRow], signed: Mapping[tuple[str, str], str], names: tuple[Ingredient, ...]
) -> PairsOfSet:
    """A layer for the engine; a row that was changed here stands among our own rows, or is switched off."""

    def rule(place: int) -> PairRule:
        row = layer.row_of(layer.content.pair(place))
        return pair_of(replace(row, signed_by=signed.get((row.key, row.version), "")))

    own = {key for key in changed if key.startswith(f"{layer.tag}:")}
    without = {(pair.a, pair.b) for pair in layer.content.pairs if layer.key_of(pair) in own} if own else set()
    return PairsOfSet(layer.content.index(without), rule, names)


def _more_names(layer: Layer, book: NameBook, taken: Iterable[Ingredient]) -> tuple[Ingredient, ...]:
    """The medicines that only this layer knows; a name or code known to the release or an older layer stays with it."""
    keys = {name.key for name in taken}
    codes = {code for name in taken for code in name.rxcuis}

    def fresh(name: Ingredient) -> Ingredient:
        known = [code for code in name.rxcuis if code in codes or book.read(f"rxcui {code}") is not None]
        return replace(name, rxcuis=tuple(code for code in name.rxcuis if code not in known))

    return tuple(fresh(name) for name in layer.content.names if name.key not in keys and book.read(name.key) is None)

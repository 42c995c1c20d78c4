"""Imported sets: taken in whole or not at all, enabled, disabled, removed, and compared with each other and with our own."""

from collections.abc import Iterator
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import Reading, UnitOfWork
from infusiondesk.interactions.exchange.packing import packed
from infusiondesk.interactions.records import KnowledgeLayer, Screening
from infusiondesk.interactions.rules.layers import LayerContent, PairSet
from infusiondesk.interactions.rules.levels import is_tag
from infusiondesk.interactions.rules.rows import OWN_TAG
from infusiondesk.interactions.service.in_force import layer_of

_PHARMACISTS = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)


@verb(Area.INTERACTIONS, *_PHARMACISTS, does="import a set of interactions")
def import_layer(uow: UnitOfWork, *, read: PairSet, content: LayerContent, file_name: str) -> UUID:
    """Keep a set that was read without a fault; it counts for nothing until somebody enables it."""
    tag = read.tag.strip().upper()
    if not is_tag(tag) or tag == OWN_TAG:
        raise Refused("A set needs a short name of two to twelve capital letters, such as VA; OWN is taken.", field="tag")
    if not read.name.strip() or not read.citation.strip():
        raise Refused("Say what the set is called and who published it.", field="name" if not read.name.strip() else "citation")
    if not content.listed:
        raise Refused(f"{file_name} holds no pair of two different medicines.")
    known = _present(uow, tag)
    if known is not None:
        raise Refused(f"A set called {tag} is here since {uow.local(known.imported_at):%-d %b %Y}. Remove it first.", field="tag")
    layer = uow.add(
        KnowledgeLayer(
            tag=tag,
            name=read.name.strip(),
            citation=read.citation.strip(),
            file_name=file_name,
            repairs=list(content.repairs),
            rows=len(content.listed),
            content=packed(content),
            imported_at=uow.clock.now(),
            imported_by=uow.actor.name,
            enabled_at=None,
            enabled_by="",
            removed_at=None,
        )
    )
    _record(uow, "imported", layer, None)
    return layer.id


@verb(Area.INTERACTIONS, *_PHARMACISTS, does="enable a set of interactions")
def enable_layer(uow: UnitOfWork, *, layer_id: UUID) -> None:
    """From now on every screen counts the set."""
    layer = _layer(uow, layer_id)
    if layer.enabled_at is not None:
        raise Refused(f"{layer.tag} is enabled already.")
    layer.enabled_at, layer.enabled_by = uow.clock.now(), uow.actor.name
    _record(uow, "enabled", layer, None)


@verb(Area.INTERACTIONS, *_PHARMACISTS, does="disable a set of interactions")
def disable_layer(uow: UnitOfWork, *, layer_id: UUID) -> None:
    """The set stays, and no screen counts it."""
    layer = _layer(uow, layer_id)
    if layer.enabled_at is None:
        raise Refused(f"{layer.tag} is not enabled.")
    known = ("too many alerts", "another set replaces it", "wrong")
    reason = uow.reason_for("knowledge.disable", f"Why is the set {layer.tag} disabled?", known)
    layer.enabled_at, layer.enabled_by = None, ""
    _record(uow, "disabled", layer, reason)


@verb(Area.INTERACTIONS, Role.PHARMACIST_IN_CHARGE, does="remove a set of interactions")
def remove_layer(uow: UnitOfWork, *, layer_id: UUID) -> int:
    """The set goes, except for the rows that a kept screening names. Says how many stay."""
    layer = _layer(uow, layer_id)
    reason = uow.reason_for("knowledge.remove", f"Why is the set {layer.tag} removed?", ("a newer one comes", "not useful"))
    whole = layer_of(layer)
    named = {row["key"] for row in rows_named(uow) if row["layer"] == layer.tag}
    kept = LayerContent.of((pair for pair in whole.content.pairs if whole.key_of(pair) in named), ())
    layer.content, layer.rows = packed(kept), len(kept.listed)
    layer.enabled_at, layer.enabled_by, layer.removed_at = None, "", uow.clock.now()
    _record(uow, "removed", layer, reason)
    return layer.rows


def rows_named(reading: Reading) -> Iterator[dict[str, str]]:
    """Every row that an alert of a kept screening stands on. No permission of its own: part of removing and of recalling."""
    for alerts in reading.session.scalars(sa.select(Screening.alerts)):
        for alert in alerts:
            yield from alert.get("rows", ())


def _layer(uow: UnitOfWork, layer_id: UUID) -> KnowledgeLayer:
    layer = uow.session.get_one(KnowledgeLayer, layer_id)
    if layer.removed_at is not None:
        raise Refused(f"The set {layer.tag} was removed.")
    return layer


def _present(uow: UnitOfWork, tag: str) -> KnowledgeLayer | None:
    here = sa.select(KnowledgeLayer).where(KnowledgeLayer.tag == tag, KnowledgeLayer.removed_at.is_(None))
    return uow.session.scalars(here).first()


def _record(uow: UnitOfWork, what: str, layer: KnowledgeLayer, reason: str | None) -> None:
    change = Change(what, Area.INTERACTIONS, layer.__tablename__, layer.id, detail=f"{layer.tag}, {layer.rows} rows")
    uow.record(change, reason=reason)

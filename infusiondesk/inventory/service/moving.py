"""The one way in which a count changes: a movement and the balance of its holding together."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory.records import Holding, Item, Location, Lot, Movement
from infusiondesk.inventory.rules import Balance, MovementKind, moved, shares
from infusiondesk.staff.queries import people

HANDS = (Role.TECHNICIAN, Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)
PHARMACISTS = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)
_ZERO = Decimal(0)


def move(
    uow: UnitOfWork,
    holding: Holding,
    kind: MovementKind,
    quantity: Decimal = _ZERO,
    quarantined: Decimal = _ZERO,
    *,
    because: str = "",
    reference: tuple[str, UUID] | None = None,
    witnessed_by: str = "",
    moved_by: str = "",
) -> Movement:
    """Move units at one location: `quantity` comes on hand (or leaves it), `quarantined` comes into quarantine (or leaves it).

    `moved_by` is named where a witness completes what another person did.

    No permission of its own: every verb that calls it carries one.
    """
    after = moved(Balance(holding.on_hand, holding.in_quarantine), kind, Balance(quantity, quarantined))
    entity, entity_id = reference or (None, None)
    holding.moves += 1
    movement = uow.add(
        Movement(
            holding_id=holding.id,
            number=holding.moves,
            kind=kind,
            quantity=quantity,
            quarantined=quarantined,
            reference_entity=entity,
            reference_id=entity_id,
            because=because,
            moved_at=uow.clock.now(),
            moved_by=moved_by or uow.actor.name,
            witnessed_by=witnessed_by,
        )
    )
    holding.on_hand, holding.in_quarantine = after.on_hand, after.in_quarantine
    detail = f"{quantity:f}" if not quarantined else f"{quantity:f}, quarantine {quarantined:f}"
    uow.record(Change(kind.value, Area.INVENTORY, "lot", holding.lot_id, detail=detail), reason=because or None)
    return movement


def holding_at(uow: UnitOfWork, lot_id: UUID, location_id: UUID) -> Holding:
    """Where a lot lies at a location, made when its first unit comes there.

    No permission of its own: receiving and moving carry it.
    """
    chosen = sa.select(Holding).where(Holding.lot_id == lot_id, Holding.location_id == location_id)
    found = uow.session.scalars(chosen).first()
    if found is None:
        found = uow.add(Holding(lot_id=lot_id, location_id=location_id, on_hand=_ZERO, in_quarantine=_ZERO, moves=0))
        uow.session.flush()
    return found


def holdings_of(uow: UnitOfWork, lot_id: UUID, location_id: UUID | None = None) -> Sequence[Holding]:
    """Where a lot lies, in the order in which one takes from it: by the names of the locations.

    No permission of its own: the verbs that take from them carry it.
    """
    chosen = sa.select(Holding).join(Location).where(Holding.lot_id == lot_id).order_by(Location.name)
    if location_id is not None:
        chosen = chosen.where(Holding.location_id == location_id)
    return list(uow.session.scalars(chosen))


def take(
    uow: UnitOfWork,
    holdings: Sequence[Holding],
    kind: MovementKind,
    quantity: Decimal,
    *,
    because: str = "",
    reference: tuple[str, UUID] | None = None,
    witnessed_by: str = "",
) -> None:
    """Take from one location after the other until there is enough; the caller has looked that there is.

    No permission of its own: using, sending and wasting carry it.
    """
    for holding, share in shares(holdings, quantity):
        move(uow, holding, kind, -share, because=because, reference=reference, witnessed_by=witnessed_by)


def set_apart(
    uow: UnitOfWork,
    *,
    because: str,
    lot_id: UUID | None = None,
    location_id: UUID | None = None,
    reference: tuple[str, UUID] | None = None,
) -> Sequence[UUID]:
    """Put all that is on hand of a lot, or at a location, into quarantine; returns the holdings that were touched.

    No permission of its own: quarantine, recalls and temperature excursions carry it.
    """
    chosen = sa.select(Holding).where(Holding.on_hand > 0).order_by(Holding.id)
    if lot_id is not None:
        chosen = chosen.where(Holding.lot_id == lot_id)
    if location_id is not None:
        chosen = chosen.where(Holding.location_id == location_id)
    found = list(uow.session.scalars(chosen))
    for holding in found:
        move(uow, holding, MovementKind.QUARANTINED, -holding.on_hand, holding.on_hand, because=because, reference=reference)
    return [holding.id for holding in found]


def unit_of(uow: UnitOfWork, lot: Lot) -> str:
    """What is counted of a lot.

    No permission of its own: sentences ask it.
    """
    return uow.session.get_one(Item, lot.item_id).unit


def witness_of(uow: UnitOfWork, key: str, question: str) -> str:
    """Who else saw it: a technician or pharmacist of this pharmacy, by name.

    No permission of its own: destroying carries it.
    """
    others = [
        person.name
        for person in people(uow)
        if person.id != uow.actor.id and not person.is_retired and set(HANDS) & set(person.roles)
    ]
    name = uow.reason_for(key, question, tuple(others))
    if name not in others:
        raise Refused(f"{name} is not another technician or pharmacist of this pharmacy. Name who saw it.")
    return name

"""Taking from the shelf: used, sent, put back unused, moved, wasted, destroyed, returned to the vendor."""

from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory.queries.recalls import doubt_about
from infusiondesk.inventory.queries.shelf import controlled_of, lot_of
from infusiondesk.inventory.records import Holding, Item, Location, Lot, Movement, ReturnedGoods
from infusiondesk.inventory.rules import MoveDraft, MovementKind, ReturnedDraft, place_problem, refuse_first, take_problem
from infusiondesk.inventory.rules.controlled import schedule_words
from infusiondesk.inventory.service.moving import (
    HANDS,
    PHARMACISTS,
    holding_at,
    holdings_of,
    move,
    set_apart,
    take,
    unit_of,
    witness_of,
)


@verb(Area.INVENTORY, *HANDS, does="take units of a lot for a preparation")
def use_lot(
    uow: UnitOfWork,
    *,
    lot_id: UUID,
    quantity: Decimal,
    reference_entity: str,
    reference_id: UUID,
    location_id: UUID | None = None,
) -> None:
    """Take units for something that is made; the reference says for what, so that a recall finds it."""
    holdings = _to_take_from(uow, lot_id, quantity, location_id)
    take(uow, holdings, MovementKind.USED, quantity, reference=(reference_entity, reference_id))


@verb(Area.INVENTORY, *HANDS, does="take units of a lot for a delivery")
def send_lot(
    uow: UnitOfWork,
    *,
    lot_id: UUID,
    quantity: Decimal,
    reference_entity: str,
    reference_id: UUID,
    location_id: UUID | None = None,
) -> None:
    """Take units for a delivery to a patient, when it is packed; the reference is its ticket, so that a recall finds it."""
    holdings = _to_take_from(uow, lot_id, quantity, location_id)
    take(uow, holdings, MovementKind.SENT, quantity, reference=(reference_entity, reference_id))


@verb(Area.INVENTORY, *HANDS, does="put unused units back")
def return_unused(uow: UnitOfWork, *, lot_id: UUID, quantity: Decimal, reference_entity: str, reference_id: UUID) -> None:
    """Put back what was taken for something and never left the pharmacy; to where it was taken from, and no more than that.

    Where the lot was recalled or became suspect meanwhile, what comes back goes into quarantine at once.
    Who calls it for a delivery knows that the delivery never left: what left is destroyed, never put back.
    """
    lot = uow.session.get_one(Lot, lot_id)
    taken: dict[UUID, Decimal] = {}
    found = uow.session.execute(
        sa.select(Movement.holding_id, Movement.quantity)
        .join(Holding)
        .where(
            Holding.lot_id == lot_id,
            Movement.reference_entity == reference_entity,
            Movement.reference_id == reference_id,
            Movement.kind.in_([MovementKind.USED, MovementKind.SENT, MovementKind.RETURNED]),
        )
    )
    for holding_id, moved_by in found:
        taken[holding_id] = taken.get(holding_id, Decimal(0)) - moved_by
    out = sum(taken.values(), Decimal(0))
    if not 0 < quantity <= out:
        raise Refused(f"{counted(out, unit_of(uow, lot))} of lot {lot.lot_number} were taken for this; no more can come back.")
    for holding_id, left in taken.items():
        share = min(quantity, left)
        if share > 0:
            holding = uow.session.get_one(Holding, holding_id)
            move(uow, holding, MovementKind.RETURNED, share, reference=(reference_entity, reference_id))
            quantity -= share
    if doubt := doubt_about(uow, item_id=lot.item_id, lot_number=lot.lot_number):
        uow.session.flush()
        set_apart(uow, because=doubt, lot_id=lot_id)


@verb(Area.INVENTORY, *HANDS, does="move units to another location")
def move_lot(uow: UnitOfWork, *, lot_id: UUID, draft: MoveDraft) -> None:
    """Carry units from one location to another that suits them; those in quarantine stay where they are."""
    refuse_first(draft.problems())
    if draft.from_id is None or draft.to_id is None or draft.quantity is None:
        raise AssertionError("a draft without problems has these")
    lot, to = uow.session.get_one(Lot, lot_id), uow.session.get_one(Location, draft.to_id)
    item, here = uow.session.get_one(Item, lot.item_id), uow.session.get_one(Location, draft.from_id)
    if to.retired_at is not None:
        raise Refused(f"{to.name} is retired.", field="to_id")
    if sentence := place_problem(item.name, item.kept_in, to.name, to.kind):
        raise Refused(sentence, field="to_id")
    source = holding_at(uow, lot_id, draft.from_id)
    if draft.quantity > source.on_hand:
        left = counted(source.on_hand, item.unit)
        raise Refused(f"{left} of lot {lot.lot_number} lie in {here.name}; move some of these.", field="quantity")
    move(uow, source, MovementKind.MOVED_OUT, -draft.quantity, because=f"to {to.name}", reference=("location", to.id))
    target = holding_at(uow, lot_id, to.id)
    move(uow, target, MovementKind.MOVED_IN, draft.quantity, because=f"from {here.name}", reference=("location", here.id))


@verb(Area.INVENTORY, *HANDS, does="waste units of a lot")
def waste_lot(uow: UnitOfWork, *, lot_id: UUID, quantity: Decimal, location_id: UUID | None = None) -> None:
    """Write units off: broken, contaminated, expired."""
    lot, holdings = uow.session.get_one(Lot, lot_id), holdings_of(uow, lot_id, location_id)
    _refuse_controlled(uow, lot)
    on_hand = sum((holding.on_hand for holding in holdings), Decimal(0))
    if not 0 < quantity <= on_hand:
        left = counted(on_hand, unit_of(uow, lot))
        raise Refused(f"Lot {lot.lot_number} has {left} on hand; waste some of these.", field="quantity")
    because = uow.reason_for(
        "inventory.waste",
        f"Why are {counted(quantity, unit_of(uow, lot))} of lot {lot.lot_number} wasted?",
        ("expired", "broken", "contaminated"),
    )
    take(uow, holdings, MovementKind.WASTED, quantity, because=because)


@verb(Area.INVENTORY, *PHARMACISTS, does="destroy what is in quarantine")
def destroy_lot(uow: UnitOfWork, *, lot_id: UUID) -> None:
    """Destroy all of a lot that is in quarantine, seen by another person."""
    lot, holdings, apart = _apart(uow, lot_id)
    _refuse_controlled(uow, lot)
    because = uow.reason_for("inventory.destroy", f"{apart} of lot {lot.lot_number} are destroyed. How and why?")
    witness = witness_of(uow, "inventory.witness", f"Who sees lot {lot.lot_number} destroyed?")
    for holding in holdings:
        gone = -holding.in_quarantine
        move(uow, holding, MovementKind.DESTROYED, quarantined=gone, because=because, witnessed_by=witness)


@verb(Area.INVENTORY, *PHARMACISTS, does="return what is in quarantine to the vendor")
def return_to_vendor(uow: UnitOfWork, *, lot_id: UUID) -> None:
    """Send all of a lot that is in quarantine back to where it came from."""
    lot, holdings, apart = _apart(uow, lot_id)
    question = f"{apart} of lot {lot.lot_number} go back. To whom, and under which authorization?"
    because = uow.reason_for("inventory.to_vendor", question)
    for holding in holdings:
        move(uow, holding, MovementKind.TO_VENDOR, quarantined=-holding.in_quarantine, because=because)


@verb(Area.INVENTORY, *HANDS, does="destroy what came back")
def destroy_returned(
    uow: UnitOfWork, *, draft: ReturnedDraft, reference_entity: str, reference_id: UUID | None, patient_id: UUID | None = None
) -> UUID:
    """Keep what came back from a patient and how it was destroyed. There is no verb that puts it on the shelf."""
    refuse_first(draft.problems())
    if draft.quantity is None:
        raise AssertionError("a draft without problems has a quantity")
    if draft.witnessed_by.strip() == uow.actor.name:
        raise Refused("Name another person who saw it destroyed.", field="witnessed_by")
    goods = uow.add(
        ReturnedGoods(
            what=draft.what.strip(),
            lot_number=draft.lot_number.strip().upper(),
            quantity=draft.quantity,
            unit=draft.unit.strip(),
            reference_entity=reference_entity,
            reference_id=reference_id,
            patient_id=patient_id,
            because=draft.because.strip(),
            destroyed_how=draft.destroyed_how.strip(),
            destroyed_at=uow.clock.now(),
            destroyed_by=uow.actor.name,
            witnessed_by=draft.witnessed_by.strip(),
        )
    )
    uow.record(Change("destroyed", Area.INVENTORY, "returned_goods", goods.id, patient_id), reason=draft.because.strip())
    return goods.id


def _to_take_from(uow: UnitOfWork, lot_id: UUID, quantity: Decimal, location_id: UUID | None) -> list[Holding]:
    lot = lot_of(uow, lot_id=lot_id)
    if lot is None:
        raise Refused("This lot is not on file.")
    holdings = list(holdings_of(uow, lot_id, location_id))
    if doubt := doubt_about(uow, item_id=lot.item_id, lot_number=lot.lot_number):
        raise Refused(f"{doubt} Set it aside.", field="quantity")
    if sentence := take_problem(lot, lot.in_quarantine, quantity, lot.unit, uow.today()):
        raise Refused(sentence, field="quantity")
    here = sum((holding.on_hand for holding in holdings), Decimal(0))
    if quantity > here:
        raise Refused(f"Only {counted(here, lot.unit)} of lot {lot.lot_number} lie there.", field="quantity")
    return holdings


def _refuse_controlled(uow: UnitOfWork, lot: Lot) -> None:
    """What is controlled is laid out first, and goes when a witness has signed."""
    if schedule := controlled_of(uow, item_id=lot.item_id):
        told = f"Lot {lot.lot_number} is {schedule_words(schedule)}"
        raise Refused(f"{told}: lay it out under Controlled drugs, where a witness signs with an own name and password.")


def _apart(uow: UnitOfWork, lot_id: UUID) -> tuple[Lot, list[Holding], str]:
    lot = uow.session.get_one(Lot, lot_id)
    holdings = [holding for holding in holdings_of(uow, lot_id) if holding.in_quarantine > 0]
    if not holdings:
        raise Refused(f"Nothing of lot {lot.lot_number} is in quarantine. Put it there first.")
    total = sum((holding.in_quarantine for holding in holdings), Decimal(0))
    return lot, holdings, counted(total, unit_of(uow, lot))

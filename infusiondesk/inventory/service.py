"""What is done at the shelf: items, receipts, taking, counting, quarantine. Every count changes by a movement with a name."""

from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.queries import product_of
from infusiondesk.catalog.rules import ndc_digits, ndc_text
from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory.records import Item, Lot, Movement
from infusiondesk.inventory.rules import (
    Balance,
    ItemDraft,
    ItemKind,
    MovementKind,
    ReceiptDraft,
    moved,
    receive_problem,
    take_problem,
)

_HANDS = (Role.TECHNICIAN, Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)
_PHARMACISTS = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)


@verb(Area.INVENTORY, *_HANDS, does="stock a new item")
def stock_item(uow: UnitOfWork, *, draft: ItemDraft) -> UUID:
    """Say that something is stocked from now on."""
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    if draft.product_id is not None and product_of(uow, product_id=draft.product_id).is_retired:
        raise Refused("This product is out of use in the catalog.", field="product_id")
    ndc, name = ndc_digits(draft.ndc), draft.name.strip()
    alike = Item.name == name if ndc is None else sa.or_(Item.name == name, Item.ndc == ndc)
    known = uow.session.scalars(sa.select(Item).where(alike)).first()
    if known is not None:
        told = f"NDC {ndc_text(ndc)} is" if ndc and known.ndc == ndc else f"{name} is"
        raise Refused(f"{told} stocked already as {known.name}.", field="ndc" if ndc and known.ndc == ndc else "name")
    item = uow.add(Item(product_id=draft.product_id, name=name, ndc=ndc, unit=draft.unit.strip(), kind=ItemKind(draft.kind)))
    uow.record(Change("stocked", Area.INVENTORY, "item", item.id))
    return item.id


@verb(Area.INVENTORY, *_HANDS, does="receive a lot")
def receive_lot(uow: UnitOfWork, *, draft: ReceiptDraft) -> UUID:
    """Put received units on the shelf; more of a lot that is known joins it."""
    expires_on, quantity = draft.expires_on, draft.quantity
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    if draft.item_id is None or expires_on is None or quantity is None:
        raise AssertionError("a draft without problems has these")
    item = uow.session.get_one(Item, draft.item_id)
    number = draft.lot_number.strip().upper()
    lot = uow.session.scalars(sa.select(Lot).where(Lot.item_id == item.id, Lot.lot_number == number)).first()
    if sentence := receive_problem(expires_on, uow.today(), lot.expires_on if lot else None, number):
        raise Refused(sentence, field="expires")
    if lot is not None and lot.in_quarantine:
        raise Refused(f"Lot {number} is in quarantine. The pharmacist in charge decides about it first.", field="lot_number")
    if lot is None:
        lot = uow.add(
            Lot(
                item_id=item.id,
                lot_number=number,
                expires_on=expires_on,
                received_at=uow.clock.now(),
                quantity_received=Decimal(0),
                vendor=draft.vendor.strip(),
                on_hand=Decimal(0),
                in_quarantine=Decimal(0),
                moves=0,
            )
        )
        uow.session.flush()
    lot.quantity_received += quantity
    _move(uow, lot, MovementKind.RECEIVED, quantity, because=draft.vendor.strip())
    return lot.id


@verb(Area.INVENTORY, *_HANDS, does="take units of a lot for a preparation")
def use_lot(uow: UnitOfWork, *, lot_id: UUID, quantity: Decimal, reference_entity: str, reference_id: UUID) -> None:
    """Take units for something that is made; the reference says for what, so that a recall finds it."""
    lot = _to_take_from(uow, lot_id, quantity)
    _move(uow, lot, MovementKind.USED, -quantity, reference=(reference_entity, reference_id))


@verb(Area.INVENTORY, *_HANDS, does="put unused units back")
def return_unused(uow: UnitOfWork, *, lot_id: UUID, quantity: Decimal, reference_entity: str, reference_id: UUID) -> None:
    """Put back what was taken for something and never opened; no more than was taken for it."""
    lot = uow.session.get_one(Lot, lot_id)
    taken = -sum(
        uow.session.scalars(
            sa.select(Movement.quantity).where(
                Movement.lot_id == lot_id,
                Movement.reference_entity == reference_entity,
                Movement.reference_id == reference_id,
                Movement.kind.in_([MovementKind.USED, MovementKind.RETURNED]),
            )
        ),
        Decimal(0),
    )
    if not 0 < quantity <= taken:
        raise Refused(f"{counted(taken, _unit(uow, lot))} of lot {lot.lot_number} were taken for this; no more can come back.")
    _move(uow, lot, MovementKind.RETURNED, quantity, reference=(reference_entity, reference_id))


@verb(Area.INVENTORY, *_HANDS, does="waste units of a lot")
def waste_lot(uow: UnitOfWork, *, lot_id: UUID, quantity: Decimal) -> None:
    """Write units off: broken, contaminated, expired."""
    lot = uow.session.get_one(Lot, lot_id)
    if not 0 < quantity <= lot.on_hand:
        left = counted(lot.on_hand, _unit(uow, lot))
        raise Refused(f"Lot {lot.lot_number} has {left} on hand; waste some of these.", field="quantity")
    because = uow.reason_for(
        "inventory.waste",
        f"Why are {counted(quantity, _unit(uow, lot))} of lot {lot.lot_number} wasted?",
        ("expired", "broken", "contaminated", "returned to the vendor"),
    )
    _move(uow, lot, MovementKind.WASTED, -quantity, because=because)


@verb(Area.INVENTORY, *_HANDS, does="count a lot")
def count_lot(uow: UnitOfWork, *, lot_id: UUID, found: Decimal) -> None:
    """Enter what was counted; a difference is adjusted with a reason."""
    lot = uow.session.get_one(Lot, lot_id)
    if found < 0:
        raise Refused("A count cannot be below 0.", field="found")
    difference = found - lot.on_hand
    if difference == 0:
        uow.record(Change("counted", Area.INVENTORY, "lot", lot.id, detail="as expected"))
        return
    more = "more" if difference > 0 else "fewer"
    because = uow.reason_for(
        "inventory.count", f"{counted(abs(difference), _unit(uow, lot))} {more} than expected of lot {lot.lot_number}. Why?"
    )
    _move(uow, lot, MovementKind.ADJUSTED, difference, because=because)


@verb(Area.INVENTORY, *_PHARMACISTS, does="put a lot into quarantine")
def quarantine_lot(uow: UnitOfWork, *, lot_id: UUID) -> None:
    """Take all that is left of a lot off the shelf: a recall, an excursion, a doubt."""
    lot = uow.session.get_one(Lot, lot_id)
    if lot.on_hand <= 0:
        raise Refused(f"Nothing of lot {lot.lot_number} is on hand.")
    because = uow.reason_for(
        "inventory.quarantine",
        f"Why does lot {lot.lot_number} go into quarantine?",
        ("recall", "temperature excursion", "damaged in transport", "doubtful"),
    )
    _move(uow, lot, MovementKind.QUARANTINED, -lot.on_hand, because=because)


@verb(Area.INVENTORY, Role.PHARMACIST_IN_CHARGE, does="clear a lot from quarantine")
def clear_lot(uow: UnitOfWork, *, lot_id: UUID) -> None:
    """Put what is in quarantine back on the shelf, with what the investigation found."""
    lot = uow.session.get_one(Lot, lot_id)
    if lot.in_quarantine <= 0:
        raise Refused(f"Nothing of lot {lot.lot_number} is in quarantine.")
    because = uow.reason_for("inventory.clear", f"What did the investigation of lot {lot.lot_number} find?", least_characters=15)
    _move(uow, lot, MovementKind.CLEARED, lot.in_quarantine, because=because)


def _to_take_from(uow: UnitOfWork, lot_id: UUID, quantity: Decimal) -> Lot:
    lot = uow.session.get_one(Lot, lot_id)
    if sentence := take_problem(lot, lot.in_quarantine, quantity, _unit(uow, lot), uow.today()):
        raise Refused(sentence, field="quantity")
    return lot


def _unit(uow: UnitOfWork, lot: Lot) -> str:
    return uow.session.get_one(Item, lot.item_id).unit


def _move(
    uow: UnitOfWork,
    lot: Lot,
    kind: MovementKind,
    quantity: Decimal,
    *,
    because: str = "",
    reference: tuple[str, UUID] | None = None,
) -> None:
    """The only way in which a count changes: the movement and the balance together."""
    after = moved(Balance(lot.on_hand, lot.in_quarantine), kind, quantity)
    entity, entity_id = reference or (None, None)
    lot.moves += 1
    uow.add(
        Movement(
            lot_id=lot.id,
            number=lot.moves,
            kind=kind,
            quantity=quantity,
            reference_entity=entity,
            reference_id=entity_id,
            because=because,
            moved_at=uow.clock.now(),
            moved_by=uow.actor.name,
        )
    )
    lot.on_hand, lot.in_quarantine = after.on_hand, after.in_quarantine
    uow.record(Change(kind.value, Area.INVENTORY, "lot", lot.id, detail=f"{quantity:f}"), reason=because or None)

"""Locations and items: where stock is kept, what is stocked, and when it is to be ordered."""

from typing import Final
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.queries import drug_of, product_of
from infusiondesk.catalog.rules import Storage, ndc_digits, ndc_text
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory.queries.recalls import open_recall_of
from infusiondesk.inventory.records import Holding, Item, Location, Lot
from infusiondesk.inventory.rules import ItemDraft, ItemKind, LocationDraft, LocationKind, gtin_digits, place_problem, refuse_first
from infusiondesk.inventory.service.moving import HANDS, PHARMACISTS

FIRST_LOCATIONS: Final = {
    "Room": LocationKind.ROOM,
    "Refrigerator": LocationKind.REFRIGERATOR,
    "Freezer": LocationKind.FREEZER,
    "Controlled vault": LocationKind.VAULT,
}
_KEPT_IN: Final = {Storage.REFRIGERATOR: LocationKind.REFRIGERATOR, Storage.FREEZER: LocationKind.FREEZER}


@verb(Area.INVENTORY, *PHARMACISTS, does="add a location")
def add_location(uow: UnitOfWork, *, draft: LocationDraft) -> UUID:
    """A place more for stock."""
    refuse_first(draft.problems())
    _set_up_locations(uow)
    _name_is_free(uow, draft.name.strip(), None)
    location = uow.add(Location(name=draft.name.strip(), kind=LocationKind(draft.kind), retired_at=None))
    uow.record(Change("added", Area.INVENTORY, "location", location.id))
    return location.id


@verb(Area.INVENTORY, *PHARMACISTS, does="rename a location")
def rename_location(uow: UnitOfWork, *, location_id: UUID, name: str) -> None:
    """Another name for the same place; its kind stays, because of what lies there."""
    if not name.strip():
        raise Refused("Enter what the door or the shelf says.", field="name")
    _name_is_free(uow, name.strip(), location_id)
    uow.session.get_one(Location, location_id).name = name.strip()
    uow.record(Change("renamed", Area.INVENTORY, "location", location_id))


@verb(Area.INVENTORY, *PHARMACISTS, does="retire a location")
def retire_location(uow: UnitOfWork, *, location_id: UUID) -> None:
    """No stock goes there any more; refused while some lies there."""
    location = uow.session.get_one(Location, location_id)
    lying = sa.select(Holding.id).where(Holding.location_id == location_id, sa.or_(Holding.on_hand > 0, Holding.in_quarantine > 0))
    if uow.session.scalars(lying.limit(1)).first() is not None:
        raise Refused(f"Stock lies in {location.name}. Move it first.")
    if location.retired_at is not None:
        raise Refused(f"{location.name} is retired already.")
    location.retired_at = uow.clock.now()
    uow.record(Change("retired", Area.INVENTORY, "location", location_id))


@verb(Area.INVENTORY, *HANDS, does="stock a new item")
def stock_item(uow: UnitOfWork, *, draft: ItemDraft) -> UUID:
    """Say that something is stocked from now on. With the first item the pharmacy gets its first locations."""
    refuse_first(draft.problems())
    if draft.product_id is not None and product_of(uow, product_id=draft.product_id).is_retired:
        raise Refused("This product is out of use in the catalog.", field="product_id")
    _stands_alone(uow, draft, None)
    _set_up_locations(uow)
    item = uow.add(
        Item(
            product_id=draft.product_id,
            name=draft.name.strip(),
            ndc=ndc_digits(draft.ndc),
            gtin=gtin_digits(draft.gtin),
            maker=draft.maker.strip(),
            unit=draft.unit.strip(),
            kind=ItemKind(draft.kind),
            kept_in=_kept_in(uow, draft),
            reorder_point=draft.reorder_point,
            order_up_to=draft.order_up_to,
            pack_size=draft.pack_size,
        )
    )
    uow.record(Change("stocked", Area.INVENTORY, "item", item.id))
    return item.id


@verb(Area.INVENTORY, *HANDS, does="change an item")
def change_item(uow: UnitOfWork, *, item_id: UUID, draft: ItemDraft) -> None:
    """Its name, codes, maker, place and reorder point. What it is and how it is counted stays, because of the counts behind it."""
    refuse_first(draft.problems())
    item = uow.session.get_one(Item, item_id)
    if draft.product_id != item.product_id or draft.unit.strip() != item.unit or draft.kind != item.kind:
        raise Refused("What it is and how it is counted cannot change. Stock a new item.")
    _stands_alone(uow, draft, item_id)
    kept_in = _kept_in(uow, draft)
    if kept_in is not item.kept_in and (sentence := _lies_wrong(uow, item, kept_in)):
        raise Refused(sentence, field="kept_in")
    if draft.maker.strip() != item.maker and (number := open_recall_of(uow, item_id=item_id, lot_number="")):
        raise Refused(f"Recall {number} names this item or its maker. Close it before the maker is changed.", field="maker")
    item.name, item.maker, item.kept_in = draft.name.strip(), draft.maker.strip(), kept_in
    item.ndc, item.gtin = ndc_digits(draft.ndc), gtin_digits(draft.gtin)
    item.reorder_point, item.order_up_to, item.pack_size = draft.reorder_point, draft.order_up_to, draft.pack_size
    uow.record(Change("changed", Area.INVENTORY, "item", item_id))


def _kept_in(uow: UnitOfWork, draft: ItemDraft) -> LocationKind:
    """What a person said; else the vault for C-II (others may be dispersed, 21 CFR 1301.75), else as it is stored."""
    if draft.kept_in:
        return LocationKind(draft.kept_in)
    if draft.product_id is None:
        return LocationKind.ROOM
    product = product_of(uow, product_id=draft.product_id)
    if drug_of(uow, drug_id=product.drug_id).controlled == "CII":
        return LocationKind.VAULT
    return _KEPT_IN.get(product.storage, LocationKind.ROOM)


def _lies_wrong(uow: UnitOfWork, item: Item, kept_in: LocationKind) -> str | None:
    lying = (
        sa.select(Location)
        .join(Holding, Holding.location_id == Location.id)
        .join(Lot, Lot.id == Holding.lot_id)
        .where(Lot.item_id == item.id, sa.or_(Holding.on_hand > 0, Holding.in_quarantine > 0))
    )
    for location in uow.session.scalars(lying):
        if place_problem(item.name, kept_in, location.name, location.kind):
            return f"Some of it lies in {location.name}, a {location.kind}. Move that first."
    return None


def _stands_alone(uow: UnitOfWork, draft: ItemDraft, item_id: UUID | None) -> None:
    """Each name, NDC and GTIN stands once."""
    ndc, gtin, name = ndc_digits(draft.ndc), gtin_digits(draft.gtin), draft.name.strip()
    codes = (("ndc", Item.ndc == ndc, ndc, f"NDC {ndc_text(ndc)}"), ("gtin", Item.gtin == gtin, gtin, f"GTIN {gtin}"))
    for field, alike, value, told in (*codes, ("name", Item.name == name, name, name)):
        known = uow.session.scalars(sa.select(Item).where(alike, Item.id != item_id if item_id else sa.true())).first()
        if value and known is not None:
            raise Refused(f"{told} is stocked already as {known.name}.", field=field)


def _set_up_locations(uow: UnitOfWork) -> None:
    """One of each kind, the first time anything is stocked."""
    if uow.session.scalars(sa.select(Location.id).limit(1)).first() is None:
        for name, kind in FIRST_LOCATIONS.items():
            uow.add(Location(name=name, kind=kind, retired_at=None))
        uow.session.flush()


def _name_is_free(uow: UnitOfWork, name: str, location_id: UUID | None) -> None:
    for known in uow.session.scalars(sa.select(Location)):
        if known.id != location_id and known.name.casefold() == name.casefold():
            raise Refused(f"There is a location called {known.name} already.", field="name")

"""What is on the shelf: locations, items and what is left, lots in the order they are taken, and all that happened to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.records import Drug, Product
from infusiondesk.catalog.rules import ndc_text
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.records import Holding, Item, Location, Lot, Movement, Receipt
from infusiondesk.inventory.rules import (
    Freshness,
    ItemDraft,
    ItemKind,
    LocationKind,
    MovementKind,
    StockPolicy,
    first_expired_first,
    freshness,
)

_NONE: Final = Decimal(0)


@dataclass(frozen=True)
class LocationRow:
    """One location and how many lots lie there."""

    id: UUID
    name: str
    kind: LocationKind
    lots: int
    is_retired: bool


@dataclass(frozen=True)
class PlaceRow:
    """What is left of a lot at one location."""

    id: UUID
    location_id: UUID
    location: str
    kind: LocationKind
    on_hand: Decimal
    in_quarantine: Decimal


@dataclass(frozen=True)
class LotRow:
    """One lot and what is left of it, over all locations; the order of a list is the order in which lots are taken."""

    id: UUID
    item_id: UUID
    product_id: UUID | None
    item: str
    maker: str
    ndc: str | None
    kind: ItemKind
    unit: str
    controlled: str
    lot_number: str
    expires_on: date
    freshness: Freshness
    on_hand: Decimal
    in_quarantine: Decimal
    places: tuple[PlaceRow, ...]

    @property
    def where(self) -> str:
        """The locations in words."""
        return ", ".join(place.location for place in self.places if place.on_hand or place.in_quarantine)


@dataclass(frozen=True)
class ItemRow:
    """One item with all its lots together; expired units are counted apart, they are not to be taken."""

    id: UUID
    product_id: UUID | None
    name: str
    maker: str
    ndc: str | None
    gtin: str | None
    unit: str
    kind: ItemKind
    kept_in: LocationKind
    controlled: str
    on_hand: Decimal
    expired: Decimal
    in_quarantine: Decimal
    next_expiry: date | None
    freshness: Freshness | None
    reorder_point: Decimal | None
    order_up_to: Decimal | None
    pack_size: Decimal | None


@dataclass(frozen=True)
class MovementRow:
    """One movement of a lot at a location; the time is that of the pharmacy's wall clock."""

    id: UUID
    kind: MovementKind
    location: str
    quantity: Decimal
    quarantined: Decimal
    because: str
    moved_at: datetime
    moved_by: str
    witnessed_by: str
    reference_entity: str | None
    reference_id: UUID | None


@dataclass(frozen=True)
class LedgerRow:
    """One lot by its movements alone, beside what its holdings say: the two are the same, or somebody reached past the verbs."""

    lot_id: UUID
    by_movements: Decimal
    by_holdings: Decimal


@dataclass(frozen=True)
class _Left:
    """What is left of all lots of an item."""

    on_hand: Decimal = _NONE
    expired: Decimal = _NONE
    in_quarantine: Decimal = _NONE
    next_expiry: date | None = None


@query(Area.INVENTORY)
def locations(reading: Reading, *, retired: bool = False) -> Sequence[LocationRow]:
    """Where stock is kept, by kind, then by name; those that are retired last."""
    lying = sa.func.count(Holding.id).filter(sa.or_(Holding.on_hand > 0, Holding.in_quarantine > 0))
    chosen = sa.select(Location, lying).outerjoin(Holding, Holding.location_id == Location.id)
    if not retired:
        chosen = chosen.where(Location.retired_at.is_(None))
    found = reading.session.execute(chosen.group_by(Location.id))
    rows = [LocationRow(row.id, row.name, row.kind, lots, row.retired_at is not None) for row, lots in found]
    return sorted(rows, key=lambda row: (row.is_retired, list(LocationKind).index(row.kind), row.name.casefold()))


@query(Area.INVENTORY)
def items(reading: Reading, *, policy: StockPolicy | None = None) -> Sequence[ItemRow]:
    """Every item, by name."""
    return items_where(reading, sa.true(), policy)


@query(Area.INVENTORY)
def item_draft(reading: Reading, *, item_id: UUID) -> ItemDraft:
    """An item as its editor shows it."""
    item = reading.session.get_one(Item, item_id)
    return ItemDraft(
        item.product_id,
        item.name,
        ndc_text(item.ndc),
        item.unit,
        item.kind.value,
        item.maker,
        item.gtin or "",
        item.kept_in.value,
        item.reorder_point,
        item.order_up_to,
        item.pack_size,
    )


@query(Area.INVENTORY)
def lots_on_hand(
    reading: Reading, *, product_id: UUID | None = None, item_id: UUID | None = None, policy: StockPolicy | None = None
) -> Sequence[LotRow]:
    """Lots of a product or an item that may be taken, first expired first; expired ones and those in quarantine are left out."""
    which: list[Any] = [Holding.on_hand > 0, Lot.expires_on >= reading.today()]
    if product_id is not None:
        which.append(Item.product_id == product_id)
    if item_id is not None:
        which.append(Item.id == item_id)
    return lots_where(reading, sa.and_(*which), policy)


@query(Area.INVENTORY)
def lots_of(reading: Reading, *, item_id: UUID, policy: StockPolicy | None = None) -> Sequence[LotRow]:
    """Every lot of an item that is not used up, expired ones and those in quarantine included."""
    return lots_where(reading, sa.and_(Item.id == item_id, _is_left()), policy)


@query(Area.INVENTORY)
def lots(reading: Reading, *, location_id: UUID | None = None, policy: StockPolicy | None = None) -> Sequence[LotRow]:
    """Every lot that is not used up, first expired first, expired ones and those in quarantine included; or those of a location."""
    which = _is_left() if location_id is None else sa.and_(_is_left(), Holding.location_id == location_id)
    return lots_where(reading, which, policy)


@query(Area.INVENTORY)
def find_items(reading: Reading, *, words: str) -> Sequence[ItemRow]:
    """Items whose name, maker, NDC or GTIN holds every one of the words."""
    wanted = words.casefold().split()
    told = [(row, f"{row.name} {row.maker} {ndc_text(row.ndc)} {row.gtin or ''}".casefold()) for row in items(reading)]
    return [row for row, text in told if all(word in text for word in wanted)]


@query(Area.INVENTORY)
def lot_of(reading: Reading, *, lot_id: UUID) -> LotRow | None:
    """One lot."""
    return next(iter(lots_where(reading, Lot.id == lot_id, None)), None)


@query(Area.INVENTORY)
def expiring_lots(reading: Reading, *, policy: StockPolicy | None = None) -> Sequence[LotRow]:
    """Lots on hand that have expired or soon will, the worst first."""
    until = reading.today() + (policy or StockPolicy()).expiring_within
    return lots_where(reading, sa.and_(Holding.on_hand > 0, Lot.expires_on <= until), policy)


@query(Area.INVENTORY)
def movements_of(reading: Reading, *, lot_id: UUID) -> Sequence[MovementRow]:
    """All that happened to a lot, newest first."""
    chosen = (
        sa.select(Movement, Location.name)
        .join(Holding, Holding.id == Movement.holding_id)
        .join(Location, Location.id == Holding.location_id)
        .where(Holding.lot_id == lot_id)
        .order_by(Movement.moved_at.desc(), Movement.number.desc(), Movement.id.desc())
    )
    return [
        MovementRow(
            row.id,
            row.kind,
            location,
            row.quantity,
            row.quarantined,
            row.because,
            reading.local(row.moved_at),
            row.moved_by,
            row.witnessed_by,
            row.reference_entity,
            row.reference_id,
        )
        for row, location in reading.session.execute(chosen)
    ]


@query(Area.INVENTORY)
def used_for(reading: Reading, *, lot_id: UUID) -> Sequence[tuple[str, UUID]]:
    """What a lot went into or went out with, for a recall: entity and id of each."""
    found = reading.session.execute(
        sa.select(Movement.reference_entity, Movement.reference_id)
        .join(Holding)
        .where(
            Holding.lot_id == lot_id,
            Movement.kind.in_([MovementKind.USED, MovementKind.SENT]),
            Movement.reference_id.is_not(None),
        )
        .order_by(Movement.moved_at, Movement.number, Movement.id)
    )
    return list(dict.fromkeys((str(entity), used) for entity, used in found if used is not None))


@query(Area.INVENTORY, is_audited=False)
def vendors_of(reading: Reading, *, lot_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Who delivered each of these lots."""
    chosen = (
        sa.select(Holding.lot_id, Receipt.vendor)
        .join(Movement, Movement.holding_id == Holding.id)
        .join(Receipt, Receipt.id == Movement.reference_id)
        .where(Holding.lot_id.in_(list(lot_ids)), Movement.kind == MovementKind.RECEIVED)
        .order_by(Movement.moved_at)
    )
    found: dict[UUID, dict[str, None]] = {}
    for lot_id, vendor in reading.session.execute(chosen):
        found.setdefault(lot_id, {})[vendor] = None
    return {lot_id: ", ".join(vendors) for lot_id, vendors in found.items()}


@query(Area.INVENTORY, is_audited=False)
def controlled_of(reading: Reading, *, item_id: UUID) -> str:
    """The schedule of an item by the catalog: CII to CV, empty where it has none."""
    chosen = sa.select(Drug.controlled).join(Product, Product.drug_id == Drug.id).join(Item, Item.product_id == Product.id)
    return reading.session.scalars(chosen.where(Item.id == item_id)).first() or ""


@query(Area.INVENTORY)
def stock_by_movements(reading: Reading) -> Mapping[UUID, Decimal]:
    """What is on hand of every lot, by its movements alone."""
    chosen = sa.select(Holding.lot_id, _sum_of(Movement.quantity)).join(Movement, Movement.holding_id == Holding.id)
    return dict(reading.session.execute(chosen.group_by(Holding.lot_id)).all())


@query(Area.INVENTORY)
def ledger(reading: Reading) -> Sequence[LedgerRow]:
    """What is on hand of every lot by its movements, beside what its holdings say."""
    moved = stock_by_movements(reading)
    chosen = sa.select(Holding.lot_id, _sum_of(Holding.on_hand)).group_by(Holding.lot_id)
    return [LedgerRow(lot_id, moved.get(lot_id, Decimal(0)), held) for lot_id, held in reading.session.execute(chosen)]


def lots_where(at: Reading, which: Any, policy: StockPolicy | None) -> list[LotRow]:
    """Whole lots of which any holding fits, each with all its holdings, first expired first."""
    ids = sa.select(Lot.id).join(Item, Item.id == Lot.item_id).outerjoin(Holding, Holding.lot_id == Lot.id).where(which)
    chosen = (
        sa.select(Lot, Item, Drug.controlled, Holding, Location)
        .join(Item, Item.id == Lot.item_id)
        .outerjoin(Product, Product.id == Item.product_id)
        .outerjoin(Drug, Drug.id == Product.drug_id)
        .outerjoin(Holding, Holding.lot_id == Lot.id)
        .outerjoin(Location, Location.id == Holding.location_id)
        .where(Lot.id.in_(ids))
        .order_by(Location.name)
    )
    whole: dict[UUID, tuple[Lot, Item, str, list[PlaceRow]]] = {}
    for lot, item, controlled, holding, location in at.session.execute(chosen):
        _, _, _, places = whole.setdefault(lot.id, (lot, item, controlled or "", []))
        if holding is not None:
            places.append(PlaceRow(holding.id, location.id, location.name, location.kind, holding.on_hand, holding.in_quarantine))
    today = at.today()
    return first_expired_first(_lot(one, today, policy) for one in whole.values())


def items_where(at: Reading, which: Any, policy: StockPolicy | None = None) -> list[ItemRow]:
    """The items that fit, by name, each with what is left of it."""
    today, sums = at.today(), Holding.on_hand.type
    is_good = Lot.expires_on >= today
    counts = (
        sa.select(
            Lot.item_id,
            sa.func.sum(Holding.on_hand, type_=sums).filter(is_good),
            sa.func.sum(Holding.on_hand, type_=sums).filter(~is_good),
            sa.func.sum(Holding.in_quarantine, type_=sums),
            sa.func.min(Lot.expires_on).filter(is_good, Holding.on_hand > 0),
        )
        .join(Holding, Holding.lot_id == Lot.id)
        .where(_is_left(), Lot.item_id.in_(sa.select(Item.id).where(which)))
        .group_by(Lot.item_id)
    )
    left = {row[0]: _Left(row[1] or _NONE, row[2] or _NONE, row[3] or _NONE, row[4]) for row in at.session.execute(counts)}
    chosen = (
        sa.select(Item, Drug.controlled)
        .outerjoin(Product, Product.id == Item.product_id)
        .outerjoin(Drug, Drug.id == Product.drug_id)
        .where(which)
    )
    found = [
        _item(item, controlled or "", left.get(item.id, _Left()), today, policy) for item, controlled in at.session.execute(chosen)
    ]
    return sorted(found, key=lambda row: row.name.casefold())


def _is_left() -> sa.ColumnElement[bool]:
    return sa.or_(Holding.on_hand > 0, Holding.in_quarantine > 0)


def _sum_of(column: Any) -> Any:
    """A sum keeps the places of its column; PostgreSQL makes a numeric of it, which the column reads as well."""
    return sa.func.sum(column, type_=column.type)


def _lot(whole: tuple[Lot, Item, str, list[PlaceRow]], today: date, policy: StockPolicy | None) -> LotRow:
    lot, item, controlled, places = whole
    return LotRow(
        lot.id,
        item.id,
        item.product_id,
        item.name,
        item.maker,
        item.ndc,
        item.kind,
        item.unit,
        controlled,
        lot.lot_number,
        lot.expires_on,
        freshness(lot.expires_on, today, policy),
        sum((place.on_hand for place in places), Decimal(0)),
        sum((place.in_quarantine for place in places), Decimal(0)),
        tuple(places),
    )


def _item(item: Item, controlled: str, left: _Left, today: date, policy: StockPolicy | None) -> ItemRow:
    return ItemRow(
        item.id,
        item.product_id,
        item.name,
        item.maker,
        item.ndc,
        item.gtin,
        item.unit,
        item.kind,
        item.kept_in,
        controlled,
        left.on_hand,
        left.expired,
        left.in_quarantine,
        left.next_expiry,
        freshness(left.next_expiry, today, policy) if left.next_expiry else None,
        item.reorder_point,
        item.order_up_to,
        item.pack_size,
    )

"""What may be known of the shelf: items and what is left, lots in the order they are taken, and what a scan means here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.rules import ndc_text
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.records import Item, Lot, Movement
from infusiondesk.inventory.rules import (
    Freshness,
    ItemKind,
    MovementKind,
    StockPolicy,
    first_expired_first,
    freshness,
    read_scan,
)

DAYS_BACK: Final = timedelta(days=2)  # of receipts: a weekend's delivery is still in view on Monday


@dataclass(frozen=True)
class LotRow:
    """One lot and what is left of it; the order of a list is the order in which lots are taken."""

    id: UUID
    item_id: UUID
    product_id: UUID | None
    item: str
    ndc: str | None
    kind: ItemKind
    unit: str
    lot_number: str
    expires_on: date
    freshness: Freshness
    received_at: datetime
    quantity_received: Decimal
    vendor: str
    on_hand: Decimal
    in_quarantine: Decimal


@dataclass(frozen=True)
class ItemRow:
    """One item with all its lots together; expired units are counted apart, they are not to be taken."""

    id: UUID
    product_id: UUID | None
    name: str
    ndc: str | None
    unit: str
    kind: ItemKind
    on_hand: Decimal
    expired: Decimal
    in_quarantine: Decimal
    next_expiry: date | None
    freshness: Freshness | None


@dataclass(frozen=True)
class MovementRow:
    """One movement of a lot; the time is that of the pharmacy's wall clock."""

    id: UUID
    kind: MovementKind
    quantity: Decimal
    because: str
    moved_at: datetime
    moved_by: str
    reference_entity: str | None
    reference_id: UUID | None


@dataclass(frozen=True)
class ReceiptRow:
    """One receipt; the time is that of the pharmacy's wall clock."""

    id: UUID
    item: str
    unit: str
    lot_number: str
    expires_on: date
    quantity: Decimal
    vendor: str
    received_at: datetime
    received_by: str


@dataclass(frozen=True)
class ScanRow:
    """What a scan or a typed word means here: the item and lot it names, or why it names none."""

    item: ItemRow | None
    lot: LotRow | None
    lot_number: str
    expires_on: date | None
    is_scan: bool
    because: str
    contradicts: bool = False


@query(Area.INVENTORY)
def items(reading: Reading, *, policy: StockPolicy | None = None) -> Sequence[ItemRow]:
    """Every item, by name."""
    by_item: dict[UUID, list[LotRow]] = {}
    for lot in _lots(reading, sa.select(Lot, Item).join(Item, Item.id == Lot.item_id), policy):
        by_item.setdefault(lot.item_id, []).append(lot)
    found = [_item(item, by_item.get(item.id, [])) for item in reading.session.scalars(sa.select(Item))]
    return sorted(found, key=lambda row: row.name.casefold())


@query(Area.INVENTORY)
def lots_on_hand(
    reading: Reading, *, product_id: UUID | None = None, item_id: UUID | None = None, policy: StockPolicy | None = None
) -> Sequence[LotRow]:
    """Lots of a product or an item that may be taken, first expired first; expired ones and those in quarantine are left out."""
    chosen = sa.select(Lot, Item).join(Item, Item.id == Lot.item_id).where(Lot.on_hand > 0, Lot.expires_on >= reading.today())
    if product_id is not None:
        chosen = chosen.where(Item.product_id == product_id)
    if item_id is not None:
        chosen = chosen.where(Item.id == item_id)
    return _lots(reading, chosen, policy)


@query(Area.INVENTORY)
def lots_of(reading: Reading, *, item_id: UUID, policy: StockPolicy | None = None) -> Sequence[LotRow]:
    """Every lot of an item that is not used up, expired ones and those in quarantine included."""
    chosen = sa.select(Lot, Item).join(Item, Item.id == Lot.item_id).where(Item.id == item_id)
    return _lots(reading, chosen.where(sa.or_(Lot.on_hand > 0, Lot.in_quarantine > 0)), policy)


@query(Area.INVENTORY)
def lots(reading: Reading, *, policy: StockPolicy | None = None) -> Sequence[LotRow]:
    """Every lot that is not used up, first expired first, expired ones and those in quarantine included."""
    chosen = sa.select(Lot, Item).join(Item, Item.id == Lot.item_id).where(sa.or_(Lot.on_hand > 0, Lot.in_quarantine > 0))
    return _lots(reading, chosen, policy)


@query(Area.INVENTORY)
def find_items(reading: Reading, *, words: str) -> Sequence[ItemRow]:
    """Items whose name or NDC holds every one of the words."""
    wanted = words.casefold().split()
    told = [(row, f"{row.name} {ndc_text(row.ndc)}".casefold()) for row in items(reading)]
    return [row for row, text in told if all(word in text for word in wanted)]


@query(Area.INVENTORY)
def receipts_lately(reading: Reading) -> Sequence[ReceiptRow]:
    """What was received on this calendar day of the pharmacy and the two before it, newest first."""
    since = reading.today() - DAYS_BACK
    chosen = sa.select(Movement, Lot, Item).join(Lot, Lot.id == Movement.lot_id).join(Item, Item.id == Lot.item_id)
    found = reading.session.execute(
        chosen.where(
            Movement.kind == MovementKind.RECEIVED, Movement.moved_at >= reading.clock.now() - DAYS_BACK - timedelta(hours=30)
        ).order_by(Movement.moved_at.desc(), Movement.number.desc())
    )
    return [
        ReceiptRow(
            movement.id,
            item.name,
            item.unit,
            lot.lot_number,
            lot.expires_on,
            movement.quantity,
            movement.because,
            reading.local(movement.moved_at),
            movement.moved_by,
        )
        for movement, lot, item in found
        if reading.local(movement.moved_at).date() >= since
    ]


@query(Area.INVENTORY)
def lot_of(reading: Reading, *, lot_id: UUID) -> LotRow | None:
    """One lot."""
    return next(iter(_lots(reading, sa.select(Lot, Item).join(Item, Item.id == Lot.item_id).where(Lot.id == lot_id), None)), None)


@query(Area.INVENTORY)
def expiring_lots(reading: Reading, *, policy: StockPolicy | None = None) -> Sequence[LotRow]:
    """Lots on hand that have expired or soon will, the worst first."""
    chosen = sa.select(Lot, Item).join(Item, Item.id == Lot.item_id).where(Lot.on_hand > 0)
    return [lot for lot in _lots(reading, chosen, policy) if lot.freshness is not Freshness.GOOD]


@query(Area.INVENTORY)
def movements_of(reading: Reading, *, lot_id: UUID) -> Sequence[MovementRow]:
    """All that happened to a lot, newest first."""
    chosen = sa.select(Movement).where(Movement.lot_id == lot_id)
    found = reading.session.scalars(chosen.order_by(Movement.number.desc()))
    return [
        MovementRow(
            row.id,
            row.kind,
            row.quantity,
            row.because,
            reading.local(row.moved_at),
            row.moved_by,
            row.reference_entity,
            row.reference_id,
        )
        for row in found
    ]


@query(Area.INVENTORY)
def used_for(reading: Reading, *, lot_id: UUID) -> Sequence[tuple[str, UUID]]:
    """What a lot went into, for a recall: entity and id of each."""
    found = reading.session.execute(
        sa.select(Movement.reference_entity, Movement.reference_id)
        .where(Movement.lot_id == lot_id, Movement.kind == MovementKind.USED, Movement.reference_id.is_not(None))
        .order_by(Movement.number)
    )
    return list(dict.fromkeys((str(entity), used) for entity, used in found if used is not None))


@query(Area.INVENTORY)
def lot_by_scan(reading: Reading, *, text: str) -> ScanRow:
    """What a scan or a typed NDC or lot number means on this shelf; what cannot be told is said, never guessed."""
    scanned = read_scan(text)
    if scanned.ndcs or scanned.is_scan:
        known = [item for item in items(reading) if item.ndc in scanned.ndcs]
        if len(known) != 1:
            told = " or ".join(ndc_text(ndc) for ndc in scanned.ndcs) or "not a US drug code"
            because = f"No item is stocked under this code ({told})." if not known else "Two items answer to this code."
            return ScanRow(None, None, scanned.lot_number, scanned.expires_on, scanned.is_scan, because)
        return _on_shelf(reading, known[0], scanned.lot_number, scanned.expires_on, scanned.is_scan)
    number = scanned.lot_number.upper()
    lots = _lots(reading, sa.select(Lot, Item).join(Item, Item.id == Lot.item_id).where(Lot.lot_number == number), None)
    if len(lots) != 1:
        many = f"Lot {number} is on file for {len(lots)} items. Scan the package."
        because = many if lots else f"No lot {number} is on file."
        return ScanRow(None, None, number, None, False, because)
    item = next(row for row in items(reading) if row.id == lots[0].item_id)
    return ScanRow(item, lots[0], number, lots[0].expires_on, False, "")


def _on_shelf(reading: Reading, item: ItemRow, lot_number: str, expires_on: date | None, is_scan: bool) -> ScanRow:
    number = lot_number.upper()
    chosen = sa.select(Lot, Item).join(Item, Item.id == Lot.item_id).where(Item.id == item.id, Lot.lot_number == number)
    lot = next(iter(_lots(reading, chosen, None)), None)
    because = f"Lot {number} of {item.name} is not on file." if number and lot is None else ""
    if lot is not None and expires_on is not None and lot.expires_on != expires_on:
        because = f"Lot {number} is on file with another expiry than the package shows."
        return ScanRow(item, None, number, expires_on, is_scan, because, contradicts=True)
    return ScanRow(item, lot, number, expires_on, is_scan, because)


def _lots(reading: Reading, chosen: sa.Select[Lot, Item], policy: StockPolicy | None) -> list[LotRow]:
    today = reading.today()
    return first_expired_first(
        LotRow(
            lot.id,
            item.id,
            item.product_id,
            item.name,
            item.ndc,
            item.kind,
            item.unit,
            lot.lot_number,
            lot.expires_on,
            freshness(lot.expires_on, today, policy),
            reading.local(lot.received_at),
            lot.quantity_received,
            lot.vendor,
            lot.on_hand,
            lot.in_quarantine,
        )
        for lot, item in reading.session.execute(chosen)
    )


def _item(item: Item, lots: Sequence[LotRow]) -> ItemRow:
    good = [lot for lot in lots if lot.freshness is not Freshness.EXPIRED and lot.on_hand > 0]
    return ItemRow(
        item.id,
        item.product_id,
        item.name,
        item.ndc,
        item.unit,
        item.kind,
        sum((lot.on_hand for lot in good), Decimal(0)),
        sum((lot.on_hand for lot in lots if lot.freshness is Freshness.EXPIRED), Decimal(0)),
        sum((lot.in_quarantine for lot in lots), Decimal(0)),
        good[0].expires_on if good else None,
        good[0].freshness if good else None,
    )

"""Receipts: the document of a delivery and the lots that came with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.records import Holding, Item, Location, Lot, Movement, Receipt
from infusiondesk.inventory.rules import MovementKind, ReceiptDraft

DAYS_BACK: Final = timedelta(days=2)  # of receipts: a weekend's delivery is still in view on Monday


@dataclass(frozen=True)
class DocumentRow:
    """The document of a delivery; the time is that of the pharmacy's wall clock."""

    id: UUID
    vendor: str
    document_number: str
    shipped_on: date | None
    has_transaction: bool
    without_because: str
    order_form: str
    supplier_dea: str
    received_at: datetime
    received_by: str

    @property
    def title(self) -> str:
        return f"{self.vendor} {self.document_number}"


@dataclass(frozen=True)
class ReceiptRow:
    """One line of a receipt; the time is that of the pharmacy's wall clock."""

    id: UUID
    item: str
    unit: str
    lot_id: UUID
    lot_number: str
    expires_on: date
    location: str
    quantity: Decimal
    vendor: str
    document_number: str
    received_at: datetime
    received_by: str


@query(Area.INVENTORY)
def receipts_lately(reading: Reading) -> Sequence[ReceiptRow]:
    """What was received on this calendar day of the pharmacy and the two before it, newest first."""
    since = reading.today() - DAYS_BACK
    rows = _lines(reading, Movement.moved_at >= reading.clock.now() - DAYS_BACK - timedelta(hours=30))
    return [row for row in rows if row.received_at.date() >= since]


@query(Area.INVENTORY)
def receipts_of_lot(reading: Reading, *, lot_id: UUID) -> Sequence[ReceiptRow]:
    """Every delivery with which units of a lot came, newest first."""
    return _lines(reading, Lot.id == lot_id)


@query(Area.INVENTORY)
def receipt_lines(reading: Reading, *, receipt_id: UUID) -> Sequence[ReceiptRow]:
    """What came with one document, newest first."""
    return _lines(reading, Movement.reference_id == receipt_id)


@query(Area.INVENTORY)
def documents_lately(reading: Reading) -> Sequence[DocumentRow]:
    """The documents of the last three calendar days, newest first: the one being received is the first of them."""
    since = reading.today() - DAYS_BACK
    chosen = sa.select(Receipt).where(Receipt.received_at >= reading.clock.now() - DAYS_BACK - timedelta(hours=30))
    rows = [
        _document(reading, row) for row in reading.session.scalars(chosen.order_by(Receipt.received_at.desc(), Receipt.id.desc()))
    ]
    return [row for row in rows if row.received_at.date() >= since]


@query(Area.INVENTORY)
def receipt_of(reading: Reading, *, receipt_id: UUID) -> DocumentRow:
    """One document."""
    return _document(reading, reading.session.get_one(Receipt, receipt_id))


@query(Area.INVENTORY)
def receipt_draft(reading: Reading, *, receipt_id: UUID) -> ReceiptDraft:
    """A document as its editor shows it."""
    row = reading.session.get_one(Receipt, receipt_id)
    return ReceiptDraft(
        row.vendor, row.document_number, row.has_transaction, row.without_because, row.shipped_on, row.order_form, row.supplier_dea
    )


def known_dea(at: Reading, vendor: str) -> str:
    """The DEA number that stood on the newest document of a vendor, or "". No permission of its own: receiving carries one."""
    chosen = sa.select(Receipt.supplier_dea).where(Receipt.vendor == vendor, Receipt.supplier_dea != "")
    return at.session.scalars(chosen.order_by(Receipt.received_at.desc(), Receipt.id.desc()).limit(1)).first() or ""


def _document(reading: Reading, row: Receipt) -> DocumentRow:
    return DocumentRow(
        row.id,
        row.vendor,
        row.document_number,
        row.shipped_on,
        row.has_transaction,
        row.without_because,
        row.order_form,
        row.supplier_dea,
        reading.local(row.received_at),
        row.received_by,
    )


def _lines(reading: Reading, which: Any) -> list[ReceiptRow]:
    chosen = (
        sa.select(Movement, Lot, Item, Location.name, Receipt)
        .join(Holding, Holding.id == Movement.holding_id)
        .join(Lot, Lot.id == Holding.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .join(Location, Location.id == Holding.location_id)
        .join(Receipt, Receipt.id == Movement.reference_id)
        .where(Movement.kind == MovementKind.RECEIVED, which)
        .order_by(Movement.moved_at.desc(), Movement.number.desc(), Movement.id.desc())
    )
    return [
        ReceiptRow(
            movement.id,
            item.name,
            item.unit,
            lot.id,
            lot.lot_number,
            lot.expires_on,
            location,
            movement.quantity,
            receipt.vendor,
            receipt.document_number,
            reading.local(movement.moved_at),
            movement.moved_by,
        )
        for movement, lot, item, location, receipt in reading.session.execute(chosen)
    ]

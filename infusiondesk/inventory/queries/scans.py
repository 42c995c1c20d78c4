"""What a scan or a typed word means on this shelf; what cannot be told is said, never guessed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.rules import ndc_text
from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.queries.shelf import ItemRow, LotRow, items_where, lots_where
from infusiondesk.inventory.records import ExcursionLot, Holding, Item, Lot, Movement, Receipt, Serial
from infusiondesk.inventory.rules import MovementKind, Scanned, read_scan
from infusiondesk.inventory.rules.temperatures import Disposition


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
    serial: str = ""


@dataclass(frozen=True)
class SerialRow:
    """A serial number on file, with the delivery it came with; `went_back`: all of its lot is gone, and some to the vendor."""

    id: UUID
    number: str
    vendor: str
    document_number: str
    went_back: bool

    def words(self, item: str) -> str:
        """ "Serial S1 of transfer set was received already, with ZZTEST Wholesale INV 7."."""
        return f"Serial {self.number} of {item} was received already, with {self.vendor} {self.document_number}."


def serials_back(at: Reading, *, item_id: UUID, numbers: Sequence[str]) -> Sequence[SerialRow]:
    """Which of these serials are on file. No permission of its own: scanning and receiving carry it."""
    left = sa.select(Holding.id).where(Holding.lot_id == Serial.lot_id, sa.or_(Holding.on_hand > 0, Holding.in_quarantine > 0))
    returned = (
        sa.select(Movement.id)
        .join(Holding, Holding.id == Movement.holding_id)
        .where(Holding.lot_id == Serial.lot_id, Movement.kind == MovementKind.TO_VENDOR)
    )
    chosen = (
        sa.select(Serial, Receipt, sa.and_(returned.exists(), ~left.exists()))
        .join(Receipt, Receipt.id == Serial.receipt_id)
        .where(Serial.item_id == item_id, Serial.number.in_(numbers))
    )
    return [
        SerialRow(serial.id, serial.number, receipt.vendor, receipt.document_number, bool(went_back))
        for serial, receipt, went_back in at.session.execute(chosen)
    ]


@query(Area.INVENTORY)
def lot_by_scan(reading: Reading, *, text: str) -> ScanRow:
    """What a scan or a typed NDC or lot number means on this shelf."""
    scanned = read_scan(text)
    if scanned.runs_together:
        told = "The scanner sends no separators: lot, serial and expiry run together. Set it to send them, or type the lot."
        return ScanRow(None, None, "", None, True, told)
    known = _items_under(reading, scanned)
    if known and scanned.is_of_a_case and not any(item.gtin == scanned.gtin for item in known):
        told = (
            f"This is the code of a case or carton of {known[0].name}, not of one {known[0].unit}. Open it and scan what is inside."
        )
        return ScanRow(None, None, "", None, True, f"{told} If it means one, enter it as the item's GTIN under Stock.")
    if known or ((scanned.ndcs or scanned.is_scan) and not _is_a_lot(reading, text)):
        if len(known) != 1:
            told = " or ".join(ndc_text(ndc) for ndc in scanned.ndcs) or "not a US drug code"
            because = f"No item is stocked under this code ({told})." if not known else "Two items answer to this code."
            return ScanRow(None, None, scanned.lot_number, scanned.expires_on, scanned.is_scan, because)
        return _on_shelf(reading, known[0], scanned)
    number = (scanned.lot_number or text.strip()).upper()
    lots = lots_where(reading, Lot.lot_number == number, None)
    if len(lots) != 1:
        many = f"Lot {number} is on file for {len(lots)} items. Scan the package."
        because = many if lots else f"No lot {number} is on file."
        return ScanRow(None, None, number, None, False, because)
    return ScanRow(items_where(reading, Item.id == lots[0].item_id)[0], lots[0], number, lots[0].expires_on, False, "")


@query(Area.INVENTORY)
def arrival_by_scan(reading: Reading, *, text: str, item_id: UUID | None = None) -> ScanRow:
    """A package at receiving: as above, and an expired lot, a serial on file, or another item than the one asked for is said."""
    row = lot_by_scan(reading, text=text)
    if row.item is None:
        return row
    if item_id is not None and row.item.id != item_id:
        return _refused(row, f"This is {row.item.name}, another item. Set it aside or scan it by itself.")
    if row.expires_on is not None and row.expires_on < reading.today():
        return _refused(row, f"Expired on {day(row.expires_on)}. Do not put it on the shelf; return it to the vendor.")
    if row.serial:
        known = next(iter(serials_back(reading, item_id=row.item.id, numbers=[row.serial])), None)
        if known is not None and not known.went_back:
            told = f"Serial {row.serial} was received already, with {known.vendor} {known.document_number}."
            return _refused(row, f"{told} Set the package aside as suspect.")
    return row


def _is_a_lot(reading: Reading, text: str) -> bool:
    """Digits that are no code of this shelf may still be somebody's lot number."""
    return reading.session.scalars(sa.select(Lot.id).where(Lot.lot_number == text.strip().upper()).limit(1)).first() is not None


def _refused(row: ScanRow, because: str) -> ScanRow:
    return ScanRow(row.item, None, row.lot_number, row.expires_on, row.is_scan, because, True, row.serial)


def _items_under(reading: Reading, scanned: Scanned) -> list[ItemRow]:
    """By the GTIN that somebody entered for the item; without one, by the NDC in the code."""
    if scanned.gtin and (known := items_where(reading, Item.gtin == scanned.gtin)):
        return known
    return items_where(reading, Item.ndc.in_(scanned.ndcs)) if scanned.ndcs else []


def is_shortened(at: Reading, lot_id: UUID) -> bool:
    """Whether a pharmacist set an earlier expiry after an excursion: the package goes on showing the maker's.

    No permission of its own: scanning and correcting carry it.
    """
    chosen = sa.select(ExcursionLot.id).join(Holding, Holding.id == ExcursionLot.holding_id)
    which = (Holding.lot_id == lot_id, ExcursionLot.signed_at.is_not(None), ExcursionLot.disposition == Disposition.SHORTEN)
    return at.session.scalars(chosen.where(*which).limit(1)).first() is not None


def _on_shelf(reading: Reading, item: ItemRow, scanned: Scanned) -> ScanRow:
    number, expires_on = scanned.lot_number.upper(), scanned.expires_on
    lot = None
    if number:
        lot = next(iter(lots_where(reading, sa.and_(Item.id == item.id, Lot.lot_number == number), None)), None)
    because = f"Lot {number} of {item.name} is not on file." if number and lot is None else ""
    if lot is not None and expires_on is not None and expires_on > lot.expires_on and is_shortened(reading, lot.id):
        expires_on = lot.expires_on
    if lot is not None and expires_on is not None and lot.expires_on != expires_on:
        because = f"Lot {number} is on file with another expiry than the package shows."
        return ScanRow(item, None, number, expires_on, scanned.is_scan, because, contradicts=True, serial=scanned.serial)
    return ScanRow(item, lot, number, expires_on, scanned.is_scan, because, serial=scanned.serial)

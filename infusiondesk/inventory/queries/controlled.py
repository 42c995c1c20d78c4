"""Controlled drugs: the items with their balance, what waits for a witness, and the log with its running balance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.records import Drug, Product
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.records import Disposal, Holding, Item, Location, Lot, Movement, Receipt
from infusiondesk.inventory.rules import Balance, LocationKind, MovementKind
from infusiondesk.inventory.rules.controlled import running

# What a movement was for, where a slice above this one knows its number; what else it may name stands in the line itself.
_NAMED_ABOVE: Final = {"batch": "a batch", "ticket": "a delivery"}


@dataclass(frozen=True)
class ControlledPlace:
    """What of one lot lies at one location."""

    lot_id: UUID
    lot_number: str
    location_id: UUID
    location: str
    location_kind: LocationKind
    on_hand: Decimal
    in_quarantine: Decimal


@dataclass(frozen=True)
class ControlledRow:
    """One controlled item and what is left of it."""

    id: UUID
    item: str
    ndc: str | None
    maker: str
    unit: str
    schedule: str
    places: tuple[ControlledPlace, ...]

    @property
    def on_hand(self) -> Decimal:
        return sum((place.on_hand for place in self.places), Decimal(0))

    @property
    def in_quarantine(self) -> Decimal:
        return sum((place.in_quarantine for place in self.places), Decimal(0))


@dataclass(frozen=True)
class DisposalRow:
    """Something that waits for its witness; the time is that of the pharmacy's wall clock."""

    id: UUID
    item_id: UUID
    item: str
    unit: str
    schedule: str
    lot_number: str
    location: str
    kind: MovementKind
    quantity: Decimal
    because: str
    laid_out_at: datetime
    laid_out_by_id: UUID
    laid_out_by: str


@dataclass(frozen=True)
class LogLine:
    """One movement; `balance` is what the pharmacy held after it, on hand and in quarantine together."""

    id: UUID
    moved_at: datetime
    kind: MovementKind
    lot_number: str
    location: str
    change: Decimal
    balance: Decimal
    reference: str
    because: str
    moved_by: str
    witnessed_by: str
    reference_id: UUID | None = None


@dataclass(frozen=True)
class ControlledLog:
    """The log of one item from its first day to its last, both within."""

    item: ControlledRow
    first: date
    last: date
    opening: Decimal
    lines: tuple[LogLine, ...]

    @property
    def references(self) -> frozenset[UUID]:
        """For what units were moved: batches and deliveries, whose names a slice above knows."""
        return frozenset(line.reference_id for line in self.lines if line.reference_id is not None)

    def named(self, names: Mapping[UUID, str]) -> "ControlledLog":
        """The same with the number of each batch and delivery."""
        lines = (
            replace(line, reference=names[line.reference_id]) if line.reference_id in names and line.reference_id else line
            for line in self.lines
        )
        return replace(self, lines=tuple(lines))

    @property
    def closing(self) -> Decimal:
        return self.lines[-1].balance if self.lines else self.opening


@query(Area.INVENTORY)
def controlled_items(reading: Reading) -> Sequence[ControlledRow]:
    """Every controlled item, C-II first, then by name."""
    return _items(reading, sa.true())


@query(Area.INVENTORY)
def disposals_to_witness(reading: Reading) -> Sequence[DisposalRow]:
    """What was laid out to be wasted or destroyed and waits for a second person, oldest first."""
    chosen = (
        sa.select(Disposal, Lot, Item, Location.name, Drug.controlled)
        .join(Holding, Holding.id == Disposal.holding_id)
        .join(Lot, Lot.id == Holding.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .join(Product, Product.id == Item.product_id)
        .join(Drug, Drug.id == Product.drug_id)
        .join(Location, Location.id == Holding.location_id)
        .where(Disposal.signed_at.is_(None), Disposal.withdrawn_at.is_(None))
        .order_by(Disposal.laid_out_at, Disposal.id)
    )
    return [
        DisposalRow(
            row.id,
            item.id,
            item.name,
            item.unit,
            schedule or "",
            lot.lot_number,
            location,
            row.kind,
            row.quantity,
            row.because,
            reading.local(row.laid_out_at),
            row.laid_out_by_id,
            row.laid_out_by,
        )
        for row, lot, item, location, schedule in reading.session.execute(chosen)
    ]


@query(Area.INVENTORY)
def controlled_log(reading: Reading, *, item_id: UUID, first: date, last: date) -> ControlledLog:
    """Every movement of an item between two calendar days of the pharmacy, with the balance after each."""
    chosen = (
        sa.select(Movement, Lot.lot_number, Location.name, Receipt)
        .join(Holding, Holding.id == Movement.holding_id)
        .join(Lot, Lot.id == Holding.lot_id)
        .join(Location, Location.id == Holding.location_id)
        .outerjoin(Receipt, sa.and_(Receipt.id == Movement.reference_id, Movement.kind == MovementKind.RECEIVED))
        .where(Lot.item_id == item_id)
        .order_by(Movement.moved_at, Movement.number, Movement.id)
    )
    found = reading.session.execute(chosen).all()
    balances = running(Decimal(0), (Balance(row.quantity, row.quarantined) for row, *_ in found))
    opening, lines = Decimal(0), []
    for (row, lot_number, location, receipt), balance in zip(found, balances, strict=True):
        moved_at = reading.local(row.moved_at)
        if moved_at.date() < first:
            opening = balance
        elif moved_at.date() <= last:
            change = row.quantity + row.quarantined
            told = _reference(row, receipt)
            lines.append(
                LogLine(
                    row.id,
                    moved_at,
                    row.kind,
                    lot_number,
                    location,
                    change,
                    balance,
                    told,
                    "" if receipt is not None else row.because,  # the vendor, who stands in the reference
                    row.moved_by,
                    row.witnessed_by,
                    row.reference_id if row.reference_entity in _NAMED_ABOVE else None,
                )
            )
    return ControlledLog(_items(reading, Item.id == item_id)[0], first, last, opening, tuple(lines))


def _reference(row: Movement, receipt: Receipt | None) -> str:
    if receipt is not None:
        form = f"order form {receipt.order_form}" if receipt.order_form else ""
        source = f"DEA {receipt.supplier_dea}" if receipt.supplier_dea else ""
        return ", ".join(filter(None, (f"{receipt.vendor} {receipt.document_number}", form, source)))
    return _NAMED_ABOVE.get(row.reference_entity or "", "")


def _items(reading: Reading, which: sa.ColumnElement[bool]) -> list[ControlledRow]:
    chosen = (
        sa.select(Item, Drug.controlled, Lot, Holding, Location)
        .join(Product, Product.id == Item.product_id)
        .join(Drug, Drug.id == Product.drug_id)
        .outerjoin(Lot, Lot.item_id == Item.id)
        .outerjoin(Holding, Holding.lot_id == Lot.id)
        .outerjoin(Location, Location.id == Holding.location_id)
        .where(Drug.controlled.is_not(None), Drug.controlled != "", which)
        .order_by(Lot.expires_on, Lot.lot_number, Location.name)
    )
    whole: dict[UUID, tuple[Item, str, list[ControlledPlace]]] = {}
    for item, schedule, lot, holding, location in reading.session.execute(chosen):
        _, _, places = whole.setdefault(item.id, (item, schedule, []))
        if holding is not None and holding.on_hand + holding.in_quarantine > 0:
            places.append(
                ControlledPlace(
                    lot.id, lot.lot_number, location.id, location.name, location.kind, holding.on_hand, holding.in_quarantine
                )
            )
    rows = [
        ControlledRow(item.id, item.name, item.ndc, item.maker, item.unit, schedule, tuple(places))
        for item, schedule, places in whole.values()
    ]
    return sorted(rows, key=lambda row: (len(row.schedule) if row.schedule != "CV" else 4, row.schedule, row.item))

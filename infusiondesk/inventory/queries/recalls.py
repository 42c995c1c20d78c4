"""Recalls and doubts: which lots are recalled, suspect, and what came back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.records import Investigation, Item, Lot, ReturnedGoods, StockRecall
from infusiondesk.inventory.rules import RecallScope, SuspicionEnd


@dataclass(frozen=True)
class InvestigationRow:
    """One investigation of a suspect product; times on the pharmacy's wall clock."""

    id: UUID
    lot_id: UUID
    suspicion: str
    opened_at: datetime
    opened_by: str
    end: SuspicionEnd | None
    finding: str
    notified: str
    closed_at: datetime | None
    closed_by: str


@dataclass(frozen=True)
class ReturnedRow:
    """What came back and was destroyed."""

    id: UUID
    what: str
    lot_number: str
    quantity: Decimal
    unit: str
    because: str
    destroyed_how: str
    destroyed_at: datetime
    destroyed_by: str
    witnessed_by: str


@query(Area.INVENTORY, is_audited=False)
def open_recall_of(reading: Reading, *, lot_id: UUID) -> str | None:
    """The number of an open recall that names this lot."""
    lot = reading.session.get_one(Lot, lot_id)
    item = reading.session.get_one(Item, lot.item_id)
    for recall in reading.session.scalars(sa.select(StockRecall).where(StockRecall.signed_at.is_(None))):
        if recalls(recall, lot, item):
            return recall.number
    return None


def recalls(recall: StockRecall, lot: Lot, item: Item) -> bool:
    """Whether a recall names a lot."""
    if recall.scope is RecallScope.MAKER:
        return recall.maker.casefold() == item.maker.casefold()
    is_item = recall.item_id == item.id
    return is_item if recall.scope is RecallScope.ITEM else is_item and lot.lot_number in recall.lot_numbers


@query(Area.INVENTORY)
def investigations_of(reading: Reading, *, lot_id: UUID) -> Sequence[InvestigationRow]:
    """Every investigation of a lot, newest first."""
    chosen = sa.select(Investigation).where(Investigation.lot_id == lot_id).order_by(Investigation.opened_at.desc())
    return [
        InvestigationRow(
            row.id,
            row.lot_id,
            row.suspicion,
            reading.local(row.opened_at),
            row.opened_by,
            row.end,
            row.finding,
            row.notified,
            row.closed_at and reading.local(row.closed_at),
            row.closed_by,
        )
        for row in reading.session.scalars(chosen)
    ]


@query(Area.INVENTORY)
def returned_goods(reading: Reading, *, reference_ids: Iterable[UUID] | None = None) -> Sequence[ReturnedRow]:
    """What came back and was destroyed, newest first: of these tickets, or all."""
    chosen = sa.select(ReturnedGoods).order_by(ReturnedGoods.destroyed_at.desc(), ReturnedGoods.id.desc())
    if reference_ids is not None:
        chosen = chosen.where(ReturnedGoods.reference_id.in_(list(reference_ids)))
    return [
        ReturnedRow(
            row.id,
            row.what,
            row.lot_number,
            row.quantity,
            row.unit,
            row.because,
            row.destroyed_how,
            reading.local(row.destroyed_at),
            row.destroyed_by,
            row.witnessed_by,
        )
        for row in reading.session.scalars(chosen)
    ]

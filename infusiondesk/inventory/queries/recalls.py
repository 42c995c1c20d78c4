"""Recalls and doubts: which lots are recalled, suspect, and what came back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.signatures import SignatureRow, signatures_of_each
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.queries.shelf import LotRow, lots_where
from infusiondesk.inventory.records import Investigation, Item, Lot, RecallStep, ReturnedGoods, StockRecall
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


@dataclass(frozen=True)
class StepRow:
    """What was done about one line of a recall."""

    done: str
    done_by: str
    done_at: datetime


@dataclass(frozen=True)
class RecallRow:
    """One recall with the lots of ours that it names; times on the pharmacy's wall clock."""

    id: UUID
    number: str
    notice: str
    because: str
    what: str
    opened_at: datetime
    opened_by: str
    lots: tuple[LotRow, ...]
    closing: str
    names: tuple[SignatureRow, ...]

    @property
    def is_open(self) -> bool:
        return not self.names

    @property
    def on_hand(self) -> int:
        """Lots of it that somebody could still take."""
        return sum(lot.on_hand > 0 for lot in self.lots)


@query(Area.INVENTORY)
def stock_recalls(reading: Reading) -> Sequence[RecallRow]:
    """Every recall, open ones first, the newest first."""
    rows = _recalls(reading, reading.session.scalars(sa.select(StockRecall).order_by(StockRecall.number.desc())).all())
    return sorted(rows, key=lambda row: not row.is_open)


@query(Area.INVENTORY)
def stock_recall_of(reading: Reading, *, recall_id: UUID) -> RecallRow:
    """One recall."""
    (row,) = _recalls(reading, [reading.session.get_one(StockRecall, recall_id)])
    return row


@query(Area.INVENTORY)
def recall_steps(reading: Reading, *, recall_id: UUID) -> Mapping[str, StepRow]:
    """What was done, by line."""
    chosen = sa.select(RecallStep).where(RecallStep.recall_id == recall_id)
    return {row.line: StepRow(row.done, row.done_by, reading.local(row.done_at)) for row in reading.session.scalars(chosen)}


@query(Area.INVENTORY, is_audited=False)
def open_recall_of(reading: Reading, *, item_id: UUID, lot_number: str) -> str | None:
    """The number of an open recall that names this lot, whether it is on file or only arrives."""
    item = reading.session.get_one(Item, item_id)
    for recall in reading.session.scalars(sa.select(StockRecall).where(StockRecall.signed_at.is_(None))):
        if recall.scope is RecallScope.MAKER:
            is_named = recall.maker.casefold() == item.maker.casefold()
        else:
            is_lot = recall.scope is RecallScope.ITEM or lot_number in recall.lot_numbers
            is_named = recall.item_id == item_id and is_lot
        if is_named:
            return recall.number
    return None


@query(Area.INVENTORY, is_audited=False)
def doubt_about(reading: Reading, *, item_id: UUID, lot_number: str) -> str | None:
    """Why units of a lot belong in quarantine wherever they come from, in a sentence, or None."""
    if recall := open_recall_of(reading, item_id=item_id, lot_number=lot_number):
        return f"Lot {lot_number} is in recall {recall}."
    chosen = (
        sa.select(Investigation.end)
        .join(Lot, Lot.id == Investigation.lot_id)
        .where(Lot.item_id == item_id, Lot.lot_number == lot_number)
        .order_by(Investigation.opened_at.desc(), Investigation.id.desc())
    )
    newest = reading.session.execute(chosen.limit(1)).first()
    if newest is None or newest.end is SuspicionEnd.CLEARED:
        return None
    return f"Lot {lot_number} {'is suspect' if newest.end is None else 'was found illegitimate'}."


def lots_named(at: Reading, recall: StockRecall) -> list[LotRow]:
    """Every lot on file that a recall names, used up or not. No permission of its own: the recall's verbs carry one."""
    return _lots_of_each(at, [recall])[recall.id]


def _lots_of_each(at: Reading, found: Sequence[StockRecall]) -> Mapping[UUID, list[LotRow]]:
    """The same of several recalls, with one question for the lots of all of them."""
    called = {recall.maker.casefold() for recall in found if recall.scope is RecallScope.MAKER}
    # Compared here: SQLite knows the small letters of ASCII only.
    stocked = at.session.scalars(sa.select(Item.maker).distinct()) if called else ()
    makers = [maker for maker in stocked if maker.casefold() in called]
    which = sa.or_(Item.id.in_([one.item_id for one in found if one.item_id is not None]), Item.maker.in_(makers))
    lots = lots_where(at, which, None) if found else []
    return {recall.id: [lot for lot in lots if _names(recall, lot)] for recall in found}


def _names(recall: StockRecall, lot: LotRow) -> bool:
    if recall.scope is RecallScope.MAKER:
        return lot.maker.casefold() == recall.maker.casefold()
    return lot.item_id == recall.item_id and (recall.scope is RecallScope.ITEM or lot.lot_number in recall.lot_numbers)


def closing_facts(recall: StockRecall) -> dict[str, object]:
    """What the one who closes a recall signs for."""
    return {"number": recall.number, "notice": recall.notice, "because": recall.because, "closing": recall.closing}


def _recalls(reading: Reading, found: Sequence[StockRecall]) -> list[RecallRow]:
    """Recalls as rows, with as many questions for many as for one."""
    lots = _lots_of_each(reading, found)
    wanted = sa.select(Item.id, Item.name).where(Item.id.in_([row.item_id for row in found if row.item_id is not None]))
    items = dict(reading.session.execute(wanted).all())
    facts = {row.id: closing_facts(row) for row in found if row.signed_at is not None}
    names = signatures_of_each(reading, StockRecall.__tablename__, facts) if facts else {}
    return [
        RecallRow(
            row.id, row.number, row.notice, row.because, _what(row, items), reading.local(row.opened_at), row.opened_by,
            tuple(lots[row.id]), row.closing, tuple(names.get(row.id, ())),
        )
        for row in found
    ]  # fmt: skip


def _what(row: StockRecall, items: Mapping[UUID, str]) -> str:
    if row.item_id is None:
        return row.maker
    return items[row.item_id] + (f", lots {', '.join(row.lot_numbers)}" if row.scope is RecallScope.LOT else ", every lot")


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

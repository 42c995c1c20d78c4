"""Counts: sheets and their lines; what was found and expected shows only when a line is settled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.records import Drug, Product
from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.records import CountLine, CountSheet, Holding, Item, Location, Lot, Movement
from infusiondesk.inventory.rules import CountScope, ItemKind
from infusiondesk.inventory.rules.counts import CountState, difference_words


@dataclass(frozen=True)
class CountLineRow:
    """One lot at the location of a sheet; what was found and expected is shown once it is settled: both counts are blind."""

    id: UUID
    sheet_id: UUID
    item: str
    unit: str
    controlled: str
    lot_id: UUID
    lot_number: str
    expires_on: date
    state: CountState
    first_found: Decimal | None
    first_by: str
    second_found: Decimal | None
    second_by: str
    expected: Decimal | None
    difference: str
    moved_since: int

    @property
    def note(self) -> str:
        """What moved while it was being counted."""
        return f"{counted(self.moved_since, 'movement')} since the sheet was begun" if self.moved_since else ""


@dataclass(frozen=True)
class CountSheetRow:
    """One sheet; times on the pharmacy's wall clock."""

    id: UUID
    location_id: UUID
    location: str
    scope: CountScope
    scope_detail: str
    begun_at: datetime
    begun_by: str
    ended_at: datetime | None
    lines: tuple[CountLineRow, ...]

    @property
    def title(self) -> str:
        """What it lists, in words."""
        what = f"{self.scope}: {self.scope_detail}" if self.scope_detail else str(self.scope)
        return f"{self.location}, {what}"

    def many(self, state: CountState) -> int:
        return sum(line.state is state for line in self.lines)


@query(Area.INVENTORY)
def count_sheets(reading: Reading) -> Sequence[CountSheetRow]:
    """Open sheets first, then the last fifty that ended."""
    ended = sa.select(CountSheet.id).where(CountSheet.ended_at.is_not(None)).order_by(CountSheet.ended_at.desc()).limit(50)
    rows = _sheets(reading, sa.or_(CountSheet.ended_at.is_(None), CountSheet.id.in_(ended)))
    return sorted(rows, key=lambda row: (row.ended_at is not None, -row.begun_at.timestamp()))


@query(Area.INVENTORY)
def count_sheet_of(reading: Reading, *, sheet_id: UUID) -> CountSheetRow:
    """One sheet."""
    return _sheets(reading, CountSheet.id == sheet_id)[0]


@query(Area.INVENTORY, is_audited=False)
def last_counted(reading: Reading, *, location_id: UUID) -> Mapping[UUID, date]:
    """The calendar day on which each holding of a location was last settled by a count."""
    chosen = (
        sa.select(CountLine.holding_id, sa.func.max(CountLine.settled_at, type_=CountLine.settled_at.type))
        .join(Holding, Holding.id == CountLine.holding_id)
        .where(Holding.location_id == location_id, CountLine.settled_at.is_not(None))
        .group_by(CountLine.holding_id)
    )
    return {holding: reading.local(at).date() for holding, at in reading.session.execute(chosen) if at is not None}


def expected_after(at: Reading, holding_id: UUID, number: int) -> Decimal:
    """What was on hand of a holding after so many of its movements."""
    total = sa.func.sum(Movement.quantity, type_=Movement.quantity.type)
    chosen = sa.select(total).where(Movement.holding_id == holding_id, Movement.number <= number)
    return at.session.scalars(chosen).one() or Decimal(0)


def lying_at(at: Reading, location_id: UUID) -> list[tuple[Holding, ItemKind, str]]:
    """What is on hand at a location, with its kind and schedule. No permission of its own: beginning a count carries one."""
    chosen = (
        sa.select(Holding, Item.kind, Drug.controlled)
        .join(Lot, Lot.id == Holding.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .outerjoin(Product, Product.id == Item.product_id)
        .outerjoin(Drug, Drug.id == Product.drug_id)
        .where(Holding.location_id == location_id, Holding.on_hand > 0)
    )
    return [(holding, kind, controlled or "") for holding, kind, controlled in at.session.execute(chosen)]


def _sheets(reading: Reading, which: Any) -> list[CountSheetRow]:
    chosen = sa.select(CountSheet, Location.name).join(Location, Location.id == CountSheet.location_id).where(which)
    sheets = reading.session.execute(chosen).all()
    lines: dict[UUID, list[CountLineRow]] = {}
    wanted = (
        sa.select(CountLine, Holding, Lot, Item, Drug.controlled, CountSheet.ended_at)
        .join(CountSheet, CountSheet.id == CountLine.sheet_id)
        .join(Holding, Holding.id == CountLine.holding_id)
        .join(Lot, Lot.id == Holding.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .outerjoin(Product, Product.id == Item.product_id)
        .outerjoin(Drug, Drug.id == Product.drug_id)
        .where(CountLine.sheet_id.in_([sheet.id for sheet, _ in sheets]))
        .order_by(Item.name, Lot.expires_on, Lot.lot_number)
    )
    expected = _expected(reading, [sheet.id for sheet, _ in sheets])
    for line, holding, lot, item, controlled, ended_at in reading.session.execute(wanted):
        row = _line(expected.get(line.id), line, holding, lot, item, controlled or "", has_ended=ended_at is not None)
        lines.setdefault(line.sheet_id, []).append(row)
    return [
        CountSheetRow(
            sheet.id,
            sheet.location_id,
            location,
            sheet.scope,
            sheet.scope_detail,
            reading.local(sheet.begun_at),
            sheet.begun_by,
            sheet.ended_at and reading.local(sheet.ended_at),
            tuple(lines.get(sheet.id, ())),
        )
        for sheet, location in sheets
    ]


def _expected(reading: Reading, sheet_ids: Sequence[UUID]) -> Mapping[UUID, Decimal]:
    """What was on hand by its movements when each settled line was counted, in one question for all of them."""
    until = sa.func.coalesce(CountLine.second_after, CountLine.first_after)
    chosen = (
        sa.select(CountLine.id, sa.func.sum(Movement.quantity, type_=Movement.quantity.type))
        .join(Movement, sa.and_(Movement.holding_id == CountLine.holding_id, Movement.number <= until))
        .where(CountLine.sheet_id.in_(sheet_ids), CountLine.settled_at.is_not(None))
        .group_by(CountLine.id)
    )
    return dict(reading.session.execute(chosen).all())


def _line(
    at_count: Decimal | None, line: CountLine, holding: Holding, lot: Lot, item: Item, controlled: str, *, has_ended: bool
) -> CountLineRow:
    found, after = (line.first_found, line.first_after) if line.second_found is None else (line.second_found, line.second_after)
    is_settled = line.settled_at is not None
    expected = (at_count or Decimal(0)) if is_settled and after is not None else None
    difference = Decimal(0) if expected is None or found is None else found - expected
    if not is_settled:
        state = CountState.SECOND if line.first_found is not None else CountState.TO_COUNT
        state = CountState.NOT_COUNTED if has_ended else state
    else:
        differs = CountState.DISCREPANCY if controlled else CountState.ADJUSTED
        state = differs if difference else CountState.AGREED
    return CountLineRow(
        line.id,
        line.sheet_id,
        item.name,
        item.unit,
        controlled,
        lot.id,
        lot.lot_number,
        lot.expires_on,
        state,
        line.first_found if is_settled else None,
        line.first_by,
        line.second_found,
        line.second_by,
        expected,
        difference_words(difference, item.unit) if expected is not None else "",
        (holding.moves if after is None else after) - line.begun_after,
    )

"""Discrepancies of controlled drugs, open ones first, and what the pharmacist in charge owes for them by when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.records import ControlledLoss, Discrepancy, Holding, Item, Location, Lot
from infusiondesk.inventory.rules.counts import difference_words
from infusiondesk.inventory.rules.discrepancies import file_by, tell_by
from infusiondesk.inventory.rules.words import DiscrepancyEnd


@dataclass(frozen=True)
class DiscrepancyRow:
    """One discrepancy with both counts; times on the pharmacy's wall clock. `told` and `filed` speak of a loss only."""

    id: UUID
    item_id: UUID
    item: str
    ndc: str | None
    unit: str
    lot_number: str
    location: str
    expected: Decimal
    first_found: Decimal
    first_by: str
    second_found: Decimal
    second_by: str
    discovered_at: datetime
    end: DiscrepancyEnd | None
    explanation: str
    circumstances: str
    police: str
    told: str
    filed: str

    @property
    def difference(self) -> Decimal:
        return self.second_found - self.expected

    @property
    def difference_words(self) -> str:
        return difference_words(self.difference, self.unit)

    @property
    def tell_by(self) -> date:
        return tell_by(self.discovered_at.date())

    @property
    def file_by(self) -> date:
        return file_by(self.discovered_at.date())

    @property
    def due_on(self) -> date | None:
        """The next day by which something is owed; an open one is looked at before a loss would have to be told."""
        if self.end is None or (self.end is DiscrepancyEnd.LOSS and not self.told):
            return self.tell_by
        return self.file_by if self.end is DiscrepancyEnd.LOSS and not self.filed else None

    @property
    def duty(self) -> str:
        """What is owed next."""
        if self.end is None:
            return "to resolve"
        if self.end is not DiscrepancyEnd.LOSS:
            return ""
        return "to tell in writing" if not self.told else "Form 106 to file" if not self.filed else ""


@query(Area.INVENTORY)
def discrepancies(reading: Reading) -> Sequence[DiscrepancyRow]:
    """Those for which something is owed first, by the day it is due; then what was resolved, newest first."""
    chosen = (
        sa.select(Discrepancy, ControlledLoss, Lot.lot_number, Item, Location.name)
        .join(Holding, Holding.id == Discrepancy.holding_id)
        .join(Lot, Lot.id == Holding.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .join(Location, Location.id == Holding.location_id)
        .outerjoin(ControlledLoss, ControlledLoss.discrepancy_id == Discrepancy.id)
        .order_by(Discrepancy.discovered_at.desc(), Discrepancy.id.desc())
    )
    rows = [
        DiscrepancyRow(
            row.id,
            item.id,
            item.name,
            item.ndc,
            item.unit,
            lot_number,
            location,
            row.expected,
            row.first_found,
            row.first_by,
            row.second_found,
            row.second_by,
            reading.local(row.discovered_at),
            row.end,
            row.explanation,
            row.circumstances,
            row.police,
            f"{loss.told_how}, by {loss.told_by}" if loss is not None and loss.told_at else "",
            f"{loss.filed_as}, by {loss.filed_by}" if loss is not None and loss.filed_at else "",
        )
        for row, loss, lot_number, item, location in reading.session.execute(chosen)
    ]
    return sorted(rows, key=lambda row: row.due_on or date.max)


@query(Area.INVENTORY)
def discrepancies_due(reading: Reading) -> Sequence[DiscrepancyRow]:
    """What the pharmacist in charge owes for discrepancies, what is due first first: for the morning's list."""
    return [row for row in discrepancies(reading) if row.due_on is not None]

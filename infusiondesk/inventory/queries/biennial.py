"""Biennial inventories of controlled drugs: the one that is open, those that were signed, and when the next is due."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.signatures import SignatureRow, signatures_of_each
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.queries.policy import controlled_policy
from infusiondesk.inventory.records import BiennialInventory, BiennialLine
from infusiondesk.inventory.rules.biennial import TakenAt, difference_words, due_on, open_words
from infusiondesk.inventory.rules.policy import SCHEDULES, ControlledPolicy


@dataclass(frozen=True)
class BiennialLineRow:
    """One lot at one place; `expected` is the balance when it was counted, None for what was entered by hand."""

    id: UUID
    schedule: str
    item: str
    ndc: str | None
    unit: str
    location: str
    lot_number: str
    expected: Decimal | None
    found: Decimal | None
    is_estimate: bool
    found_by: str
    is_by_hand: bool


@dataclass(frozen=True)
class BiennialRow:
    """One inventory with its lines, C-II first; times on the pharmacy's wall clock."""

    id: UUID
    taken_on: date
    taken_at: TakenAt
    dea_number: str
    begun_at: datetime
    begun_by: str
    counted_by_id: UUID | None
    counted_by: str
    remarks: str
    signed_at: datetime | None
    lines: tuple[BiennialLineRow, ...]
    signatures: tuple[SignatureRow, ...]

    @property
    def is_open(self) -> bool:
        return self.signed_at is None

    @property
    def open_words(self) -> str | None:
        return open_words(self.lines)

    @property
    def differences(self) -> str:
        return difference_words(self.lines)


@dataclass(frozen=True)
class BiennialDue:
    """When the last inventory was taken and by when the next is; `due_on` None: none is on file, so one is due at once."""

    last_on: date | None
    due_on: date | None
    open_id: UUID | None
    source: str


@query(Area.INVENTORY)
def biennial_inventories(reading: Reading) -> Sequence[BiennialRow]:
    """The open one first, then the newest; one that was withdrawn is not among them."""
    chosen = sa.select(BiennialInventory).where(BiennialInventory.withdrawn_at.is_(None))
    kept = list(reading.session.scalars(chosen.order_by(BiennialInventory.taken_on.desc(), BiennialInventory.begun_at.desc())))
    lines = lines_of(reading, [one.id for one in kept])
    names = signatures_of_each(
        reading, BiennialInventory.__tablename__, {one.id: inventory_facts(one, lines[one.id]) for one in kept}
    )
    rows = [
        BiennialRow(
            one.id, one.taken_on, one.taken_at, one.dea_number, reading.local(one.begun_at), one.begun_by, one.counted_by_id,
            one.counted_by, one.remarks, reading.local(one.signed_at) if one.signed_at else None,
            tuple(_line(line) for line in lines[one.id]), tuple(names[one.id]),
        )
        for one in kept
    ]  # fmt: skip
    return sorted(rows, key=lambda row: not row.is_open)


@query(Area.INVENTORY, is_audited=False)
def biennial_due(reading: Reading, *, shipped: ControlledPolicy) -> BiennialDue:
    """By when the next inventory is taken."""
    policy = controlled_policy(reading, shipped=shipped)
    kept = sa.select(BiennialInventory).where(BiennialInventory.withdrawn_at.is_(None))
    rows = list(reading.session.scalars(kept.order_by(BiennialInventory.taken_on)))
    last = next((one.taken_on for one in reversed(rows) if one.signed_at is not None), None)
    open_id = next((one.id for one in rows if one.signed_at is None), None)
    return BiennialDue(last, due_on(last, policy.inventory_months), open_id, policy.source)


def lines_of(at: Reading, inventory_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[BiennialLine]]:
    """The lines of inventories: C-II first, then by item, place and lot. No permission of its own: whoever asks has one."""
    found: defaultdict[UUID, list[BiennialLine]] = defaultdict(list)
    for line in at.session.scalars(sa.select(BiennialLine).where(BiennialLine.inventory_id.in_(list(inventory_ids)))):
        found[line.inventory_id].append(line)
    for lines in found.values():
        lines.sort(key=lambda line: (SCHEDULES.index(line.schedule), line.item, line.location, line.lot_number, line.id))
    return found


def inventory_facts(one: BiennialInventory, lines: Sequence[BiennialLine]) -> dict[str, Any]:
    """Everything that the names under an inventory cover."""
    return {
        "taken": f"{one.taken_on.isoformat()} {one.taken_at.value}",
        "dea_number": one.dea_number,
        "lines": [
            [
                *(line.schedule, line.item, line.ndc, line.location, line.lot_number, line.unit, line.is_estimate, line.found_by),
                f"{line.found:f}" if line.found is not None else "",
            ]
            for line in lines
        ],
        "remarks": one.remarks,
    }  # fmt: skip


def _line(line: BiennialLine) -> BiennialLineRow:
    return BiennialLineRow(
        line.id, line.schedule, line.item, line.ndc, line.unit, line.location, line.lot_number, line.expected, line.found,
        line.is_estimate, line.found_by, line.holding_id is None,
    )  # fmt: skip

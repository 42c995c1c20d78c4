"""Released bags, one by one: what a delivery packs, and what a recall looks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.compounding.queries.batches import entries_of, rows_where, taken_for
from infusiondesk.compounding.queries.worksheet import Worksheet
from infusiondesk.compounding.records import Bag, Batch
from infusiondesk.compounding.rules import BatchState
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.orders.queries import OrderRow, order_version


@dataclass(frozen=True)
class BagLot:
    """A lot that is in a bag."""

    item: str
    lot_number: str
    expires_on: date


@dataclass(frozen=True)
class BagRow:
    """One released bag; `beyond_use_at` is on the pharmacy's wall clock."""

    id: UUID
    barcode: str
    number: int
    of: int
    batch_id: UUID
    batch_number: str
    batch_state: BatchState
    patient_id: UUID
    order: OrderRow
    name: str
    storage: str
    beyond_use_at: datetime
    is_past_use: bool
    lots: tuple[BagLot, ...]


@query(Area.COMPOUNDING)
def released_bags(reading: Reading, *, patient_id: UUID) -> Sequence[BagRow]:
    """Every bag that was released for a patient, the one to use first first; what was delivered is the deliveries' to know."""
    return _bags(reading, Bag.patient_id == patient_id)


@query(Area.COMPOUNDING)
def bag_of(reading: Reading, *, barcode: str) -> BagRow | None:
    """The bag behind a barcode, or None."""
    return next(iter(_bags(reading, Bag.barcode == barcode.strip().upper())), None)


def _bags(at: Reading, condition: sa.ColumnElement[bool]) -> list[BagRow]:
    found: list[BagRow] = []
    now = at.clock.now()
    by_batch: dict[UUID, list[Bag]] = {}
    for bag in at.session.scalars(sa.select(Bag).where(condition)):
        by_batch.setdefault(bag.batch_id, []).append(bag)
    for batch_id, bags in by_batch.items():
        batch = at.session.get_one(Batch, batch_id)
        ((row, _),) = rows_where(at, Batch.id == batch_id)
        order = order_version(at, version_id=batch.order_version_id)
        entries = [entry for own in entries_of(at, taken_for(at, batch_id)).values() for entry in own]
        lots = tuple(BagLot(entry.item, entry.lot_number, entry.expires_on) for entry in entries)
        if batch.beyond_use_at is None or row.beyond_use_at is None:
            raise AssertionError("a released batch has a beyond-use date")
        found.extend(
            BagRow(
                bag.id, bag.barcode, bag.number, batch.good_bags or batch.bags, batch.id, batch.number, row.state, bag.patient_id,
                order, Worksheet.from_json(batch.worksheet).name, batch.storage.words, row.beyond_use_at,
                batch.beyond_use_at < now, lots,
            )
            for bag in bags
        )  # fmt: skip
    return sorted(found, key=lambda row: (row.beyond_use_at, row.barcode))

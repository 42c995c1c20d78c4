"""Released bags, one by one: what a delivery packs, and what a recall looks for."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.compounding.queries.batches import rows_where
from infusiondesk.compounding.queries.worksheet import Worksheet
from infusiondesk.compounding.records import Bag, Batch, BatchIngredient
from infusiondesk.compounding.rules import BatchState, Storage
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.queries.recalls import doubt_about
from infusiondesk.inventory.records import Item, Lot
from infusiondesk.orders.queries import OrderRow, versions_of
from infusiondesk.orders.records import OrderVersion


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
    kept: Storage
    beyond_use_at: datetime
    is_past_use: bool
    lots: tuple[BagLot, ...]

    @property
    def storage(self) -> str:
        """How it is kept, as a sentence names it."""
        return self.kept.words


@query(Area.COMPOUNDING)
def released_bags(reading: Reading, *, patient_id: UUID) -> Sequence[BagRow]:
    """Every bag that was released for a patient, the one to use first first; what was delivered is the deliveries' to know."""
    return bags_where(reading, Bag.patient_id == patient_id)


@query(Area.COMPOUNDING)
def bag_of(reading: Reading, *, barcode: str) -> BagRow | None:
    """The bag behind a barcode, or None."""
    return next(iter(bags_where(reading, Bag.barcode == barcode.strip().upper())), None)


@query(Area.COMPOUNDING, is_audited=False)
def doubt_in(reading: Reading, *, batch_id: UUID) -> str | None:
    """Why a batch may go to nobody because of a lot in it: a recall, a suspicion; a sentence, or None."""
    inside = sa.select(BatchIngredient.lot_id).where(BatchIngredient.batch_id == batch_id)
    for lot in reading.session.scalars(sa.select(Lot).where(Lot.id.in_(inside)).order_by(Lot.lot_number)):
        if doubt := doubt_about(reading, item_id=lot.item_id, lot_number=lot.lot_number):
            return doubt
    return None


def bags_where(at: Reading, condition: sa.ColumnElement[bool]) -> list[BagRow]:
    """Bags of any number of batches in as many questions as of one. No permission of its own: every query that asks carries one."""
    now = at.clock.now()
    by_batch: dict[UUID, list[Bag]] = {}
    for bag in at.session.scalars(sa.select(Bag).where(condition)):
        by_batch.setdefault(bag.batch_id, []).append(bag)
    if not by_batch:
        return []
    batches = {batch.id: batch for batch in at.session.scalars(sa.select(Batch).where(Batch.id.in_(by_batch)))}
    rows = {row.id: row for row, _ in rows_where(at, Batch.id.in_(by_batch))}
    of_versions = sa.select(OrderVersion.order_id).where(OrderVersion.id.in_({one.order_version_id for one in batches.values()}))
    orders = {order.id: order for order in versions_of(at, at.session.scalars(of_versions.distinct()))}
    lots = _lots_of(at, by_batch)
    found: list[BagRow] = []
    for batch_id, bags in by_batch.items():
        batch, row = batches[batch_id], rows[batch_id]
        if batch.beyond_use_at is None or row.beyond_use_at is None:
            raise AssertionError("a released batch has a beyond-use date")
        name = Worksheet.from_json(batch.worksheet).name
        found.extend(
            BagRow(
                bag.id, bag.barcode, bag.number, batch.good_bags or batch.bags, batch.id, batch.number, row.state, bag.patient_id,
                orders[batch.order_version_id], name, batch.storage, row.beyond_use_at, batch.beyond_use_at < now,
                tuple(lots[batch_id]),
            )
            for bag in bags
        )  # fmt: skip
    return sorted(found, key=lambda row: (row.beyond_use_at, row.barcode))


def _lots_of(at: Reading, batch_ids: Collection[UUID]) -> defaultdict[UUID, list[BagLot]]:
    """The lots in each batch, in the order in which they were taken."""
    found: defaultdict[UUID, list[BagLot]] = defaultdict(list)
    taken = (
        sa.select(BatchIngredient.batch_id, Item.name, Lot.lot_number, Lot.expires_on)
        .join(Lot, Lot.id == BatchIngredient.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .where(BatchIngredient.batch_id.in_(batch_ids))
        .order_by(BatchIngredient.entered_at, BatchIngredient.id)
    )
    for batch_id, item, lot_number, expires_on in at.session.execute(taken):
        found[batch_id].append(BagLot(item, lot_number, expires_on))
    return found

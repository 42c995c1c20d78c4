"""What is to be ordered, item by item."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.queries.shelf import ItemRow, items
from infusiondesk.inventory.records import Holding, Lot, Movement
from infusiondesk.inventory.rules import MovementKind, StockPolicy
from infusiondesk.inventory.rules.reorder import Wanted, wanted

_DEMAND = (MovementKind.USED, MovementKind.SENT, MovementKind.RETURNED)


@dataclass(frozen=True)
class ReorderRow:
    """One item, what was dispensed and is scheduled of it, and how many to order."""

    item: ItemRow
    dispensed: Decimal
    scheduled: Decimal
    wanted: Wanted

    @property
    def id(self) -> UUID:
        return self.item.id


@query(Area.INVENTORY)
def reorder_list(reading: Reading, *, scheduled: Mapping[UUID, Decimal], policy: StockPolicy | None = None) -> Sequence[ReorderRow]:
    """Every item, those to order first; `scheduled` is what open batches still take, by product."""
    policy = policy or StockPolicy()
    total = sa.func.sum(Movement.quantity, type_=Movement.quantity.type)
    since = reading.clock.now() - timedelta(days=policy.demand_days)
    chosen = (
        sa.select(Lot.item_id, total)
        .join(Holding, Holding.lot_id == Lot.id)
        .join(Movement, Movement.holding_id == Holding.id)
        .where(Movement.kind.in_(_DEMAND), Movement.moved_at >= since)
        .group_by(Lot.item_id)
    )
    dispensed = {item_id: -quantity for item_id, quantity in reading.session.execute(chosen)}
    found = []
    for item in items(reading, policy=policy):
        used = max(dispensed.get(item.id, Decimal(0)), Decimal(0))
        planned = scheduled.get(item.product_id, Decimal(0)) if item.product_id else Decimal(0)
        judged = wanted(item.on_hand, used, planned, item.unit, policy.demand_days, item.reorder_point, item.order_up_to)
        found.append(ReorderRow(item, used, planned, judged))
    return sorted(found, key=lambda row: (not row.wanted.is_due, row.item.name.casefold()))

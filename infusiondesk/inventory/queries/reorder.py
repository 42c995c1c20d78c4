"""What is to be ordered, item by item."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.queries.shelf import ItemRow, items
from infusiondesk.inventory.records import Holding, Lot, Movement
from infusiondesk.inventory.rules import MovementKind, StockPolicy
from infusiondesk.inventory.rules.reorder import Demand, OrderPolicy, Wanted, share_scheduled, wanted

_DEMAND = (MovementKind.USED, MovementKind.SENT, MovementKind.RETURNED)


@dataclass(frozen=True)
class ReorderRow:
    """One item, what was dispensed and is scheduled of it, and how many to order."""

    item: ItemRow
    demand: Demand
    wanted: Wanted

    @property
    def id(self) -> UUID:
        return self.item.id

    @property
    def left(self) -> Decimal:
        """What is available after what is scheduled."""
        return self.item.on_hand - self.demand.scheduled


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
    stocked = items(reading, policy=policy)
    planned = _by_item(stocked, scheduled)
    found = []
    for item in stocked:
        taken = planned.get(item.id, Decimal(0))
        others = scheduled.get(item.product_id, Decimal(0)) - taken if item.product_id else Decimal(0)
        demand = Demand(max(dispensed.get(item.id, Decimal(0)), Decimal(0)), policy.demand_days, taken, others)
        when = OrderPolicy(item.reorder_point, item.order_up_to, item.pack_size)
        found.append(ReorderRow(item, demand, wanted(item.on_hand, demand, item.unit, when)))
    return sorted(found, key=lambda row: (not row.wanted.is_due, row.item.name.casefold()))


def _by_item(stocked: Sequence[ItemRow], scheduled: Mapping[UUID, Decimal]) -> Mapping[UUID, Decimal]:
    """What is scheduled of a product, shared among its items: each unit is wanted once."""
    of_product: defaultdict[UUID, list[ItemRow]] = defaultdict(list)
    for item in sorted(stocked, key=lambda row: (row.next_expiry or date.max, row.name)):
        if item.product_id is not None and item.product_id in scheduled:
            of_product[item.product_id].append(item)
    return {
        item.id: share
        for product_id, several in of_product.items()
        for item, share in zip(several, share_scheduled(scheduled[product_id], [one.on_hand for one in several]), strict=True)
    }

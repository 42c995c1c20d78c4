"""What to order: the shelf against what was dispensed and what planned batches still take."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from infusiondesk.compounding.queries import batch_of, batches
from infusiondesk.compounding.rules import BatchState
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.queries import ReorderRow, reorder_list

_STILL_TAKING = (BatchState.PLANNED, BatchState.WORKSHEET_APPROVED)


@query(Area.INVENTORY)
def to_reorder(reading: Reading) -> Sequence[ReorderRow]:
    """Every item, those to order first."""
    scheduled: defaultdict[UUID, Decimal] = defaultdict(Decimal)
    for row in batches(reading):
        if row.state in _STILL_TAKING:
            for part in batch_of(reading, batch_id=row.id).parts:
                scheduled[UUID(part.part.product_id)] += max(part.still_needed, Decimal(0))
    return reorder_list(reading, scheduled=scheduled)

"""Batches by the stability row on which their worksheet was approved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.compounding.queries.batches import events_of
from infusiondesk.compounding.records import Bag, Batch
from infusiondesk.compounding.rules import BatchEvent as What
from infusiondesk.compounding.rules import BatchState
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading


@dataclass(frozen=True)
class ReliedBatch:
    """A batch with the row its beyond-use date rests on; `approved_at` is an instant, `bags` are the released ones."""

    id: UUID
    number: str
    patient_id: UUID
    order_version_id: UUID
    stability_id: UUID
    approved_at: datetime
    state: BatchState
    planned_bags: int
    is_past_use: bool
    bags: tuple[UUID, ...]


@query(Area.COMPOUNDING)
def batches_on_stability(reading: Reading) -> Sequence[ReliedBatch]:
    """Every batch that was approved on a row, rejected and destroyed ones left out, in the order of their numbers."""
    found = reading.session.scalars(sa.select(Batch).where(Batch.stability_id.is_not(None)).order_by(Batch.number)).all()
    events = events_of(reading, [batch.id for batch in found])
    bags: dict[UUID, list[UUID]] = {}
    for batch_id, bag_id in reading.session.execute(sa.select(Bag.batch_id, Bag.id).order_by(Bag.number)):
        bags.setdefault(batch_id, []).append(bag_id)
    now = reading.clock.now()
    rows = []
    for batch in found:
        steps = events[batch.id]
        approved = next((step.at for step in steps if step.what is What.APPROVE_WORKSHEET), None)
        state = steps[-1].state
        if approved is None or batch.stability_id is None or state in (BatchState.REJECTED, BatchState.DESTROYED):
            continue
        is_past = batch.beyond_use_at is not None and batch.beyond_use_at < now
        rows.append(
            ReliedBatch(
                batch.id, batch.number, batch.patient_id, batch.order_version_id, batch.stability_id, approved, state, batch.bags,
                is_past, tuple(bags.get(batch.id, ())),
            )
        )  # fmt: skip
    return rows

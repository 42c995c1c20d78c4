"""What was moved for what, by name: batches and deliveries, for the slices below that know only their ids."""

from collections.abc import Collection, Mapping
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.compounding.records import Batch
from infusiondesk.dispensing.records import Ticket
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.orders.records import Order, OrderVersion


@query(Area.INVENTORY, is_audited=False)
def reference_names(reading: Reading, *, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """``batch B-2611-0147, Rx 700012`` and ``delivery D-2611-0003``; what is neither has no name here."""
    batches = (
        sa.select(Batch.id, Batch.number, Order.rx_number)
        .join(OrderVersion, OrderVersion.id == Batch.order_version_id)
        .join(Order, Order.id == OrderVersion.order_id)
        .where(Batch.id.in_(list(ids)))
    )
    tickets = sa.select(Ticket.id, Ticket.number).where(Ticket.id.in_(list(ids)))
    found = {batch_id: f"batch {number}, Rx {rx_number}" for batch_id, number, rx_number in reading.session.execute(batches)}
    return found | {ticket_id: f"delivery {number}" for ticket_id, number in reading.session.execute(tickets)}

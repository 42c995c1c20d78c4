"""The verified versions that are not over, with their drug and when they were signed: what a recall of its row goes by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.orders.records import Order, OrderVersion


@dataclass(frozen=True)
class Verified:
    """One signed version, its drug and its moment."""

    version_id: UUID
    patient_id: UUID
    drug_id: UUID
    signed_at: datetime


@query(Area.ORDERS)
def verified_now(reading: Reading) -> Sequence[Verified]:
    """Every signed version whose last day has not passed; one that was replaced or ended is told apart by who asks for it."""
    wanted = (
        sa.select(OrderVersion.id, Order.patient_id, OrderVersion.drug_id, OrderVersion.signed_at)
        .join(Order, Order.id == OrderVersion.order_id)
        .where(OrderVersion.signed_at.is_not(None), OrderVersion.stop_on >= reading.today())
        .order_by(OrderVersion.signed_at, OrderVersion.id)
    )
    return [
        Verified(version_id, patient_id, drug_id, signed_at)
        for version_id, patient_id, drug_id, signed_at in reading.session.execute(wanted)
        if signed_at is not None
    ]

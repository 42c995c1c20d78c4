"""Waste of controlled drugs in the clean room: each waits for a witness who signs with an own password."""

from decimal import Decimal

from infusiondesk.catalog.queries import drug_of, product_of
from infusiondesk.compounding.queries.batches import taken_for
from infusiondesk.compounding.queries.worksheet import DRUG
from infusiondesk.compounding.records import Batch
from infusiondesk.compounding.rules.leftover import left_over
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory.queries import lot_of
from infusiondesk.inventory.rules import MovementKind
from infusiondesk.inventory.service import lay_out_waste
from infusiondesk.orders.queries import OrderRow, order_version


def waste_bags(uow: UnitOfWork, batch: Batch, bags: int, because: str) -> bool:
    """Bags that nobody gets; says whether their drug is controlled, so that a witness signs.

    No permission of its own: finishing and rejecting a batch carry it.
    """
    order, schedule = _controlled(uow, batch)
    if schedule and bags > 0:
        _lay_out(uow, batch, f"{order.drug}, bags of batch {batch.number}", schedule, Decimal(bags), "bag", because)
    return bool(schedule)


def waste_opened(uow: UnitOfWork, batch: Batch, bags: int, because: str) -> bool:
    """What is left of a controlled drug in the containers that were opened, when so many bags were made of them.

    Says whether the drug is controlled. No permission of its own: finishing and rejecting a batch carry it.
    """
    order, schedule = _controlled(uow, batch)
    taken = [one for one in taken_for(uow, batch.id) if one.part == DRUG] if schedule else []
    lot = lot_of(uow, lot_id=taken[0].lot_id) if taken else None
    if lot is None or lot.product_id is None:
        return bool(schedule)
    product, many = product_of(uow, product_id=lot.product_id), sum((one.quantity for one in taken), Decimal(0))
    left = left_over(many, product.content_amount, product.content_unit, bags, order.dose_amount, order.dose_unit)
    if left is None:
        _lay_out(uow, batch, f"{product.label}, what is left: read it off", schedule, many, lot.unit, because)
    elif left > 0:
        _lay_out(uow, batch, product.label, schedule, left, product.content_unit, because)
    return True


def _controlled(uow: UnitOfWork, batch: Batch) -> tuple[OrderRow, str]:
    order = order_version(uow, version_id=batch.order_version_id)
    return order, drug_of(uow, drug_id=order.drug_id).controlled or ""


def _lay_out(uow: UnitOfWork, batch: Batch, what: str, schedule: str, quantity: Decimal, unit: str, because: str) -> None:
    lay_out_waste(
        uow, what=what, schedule=schedule, quantity=quantity, unit=unit, kind=MovementKind.WASTED, because=because,
        reference=(Batch.__tablename__, batch.id), patient_id=batch.patient_id,
    )  # fmt: skip

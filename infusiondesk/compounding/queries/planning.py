"""What can be planned: verified orders without an open batch, and the products that an order can be made from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.queries import ProductRow, drugs, products, products_of
from infusiondesk.catalog.rules import ProductForm
from infusiondesk.compounding.queries.batches import OVER, rows_where
from infusiondesk.compounding.records import Batch
from infusiondesk.compounding.rules import BatchState
from infusiondesk.foundation.kernel.ismp import counted, day, moment
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.orders.queries import OrderRow, order_version
from infusiondesk.orders.records import OrderVersion
from infusiondesk.orders.rules import State


@dataclass(frozen=True)
class OrderToMake:
    """A verified order in force for which no batch is open, and what was made of it last."""

    id: UUID
    patient_id: UUID
    patient: str
    rx_number: int
    sig: str
    because: str


@dataclass(frozen=True)
class Chosen:
    """One product to choose."""

    id: UUID
    words: str


@dataclass(frozen=True)
class PlanChoices:
    """What a batch of one order can be made from; each list has the product to propose first."""

    order: OrderRow
    products: tuple[Chosen, ...]
    fluids: tuple[Chosen, ...]
    diluents: tuple[Chosen, ...]


@query(Area.COMPOUNDING)
def orders_to_compound(reading: Reading) -> Sequence[OrderToMake]:
    """Verified orders in force that have no open batch, those without any bag first, then by the last beyond-use date."""
    newest = (
        sa.select(OrderVersion.order_id, sa.func.max(OrderVersion.number).label("number"))
        .where(OrderVersion.signed_at.is_not(None))
        .group_by(OrderVersion.order_id)
        .subquery()
    )
    ids = reading.session.scalars(
        sa.select(OrderVersion.id)
        .join(newest, sa.and_(newest.c.order_id == OrderVersion.order_id, newest.c.number == OrderVersion.number))
        .where(OrderVersion.stop_on >= reading.today())
    ).all()
    found = []
    for version_id in ids:
        order = order_version(reading, version_id=version_id)
        made = [row for row, _ in rows_where(reading, Batch.order_version_id == version_id)]
        if order.state is not State.VERIFIED or any(row.state not in OVER for row in made):
            continue
        released = [row for row in made if row.state is not BatchState.REJECTED and row.beyond_use_at is not None]
        last = max(released, key=lambda row: row.number, default=None)
        because = f"No batch yet; first dose {day(order.start_on)}."
        if last is not None and last.beyond_use_at is not None:
            because = f"Last {last.number}, {counted(last.bags, 'bag')}, use by {moment(last.beyond_use_at)}."
        row = OrderToMake(version_id, order.patient_id, order.patient, order.rx_number, order.sig, because)
        found.append(((last is not None, str(last.beyond_use_at) if last else str(order.start_on), order.rx_number), row))
    return [row for _, row in sorted(found, key=lambda pair: pair[0])]


@query(Area.COMPOUNDING)
def plan_choices(reading: Reading, *, order_version_id: UUID) -> PlanChoices:
    """The products of the order's drug, of the fluids that its powders take, and of its diluent."""
    order = order_version(reading, version_id=order_version_id)
    own = products_of(reading, drug_id=order.drug_id)
    known = {drug.id: {drug.name.casefold(), drug.ingredient.casefold()} for drug in drugs(reading)}
    on_file = [product for product in products(reading) if product.form is ProductForm.SOLUTION and product.volume_ml]

    def of(name: str) -> list[ProductRow]:
        return [product for product in on_file if name.strip().casefold() in known.get(product.drug_id, ())]

    fluids = {product.id: product for name in dict.fromkeys(one.reconstitute_with for one in own if one.reconstitute_with)
              for product in of(name)}  # fmt: skip
    diluents = sorted(of(order.diluent), key=lambda product: product.volume_ml != order.volume_ml)
    return PlanChoices(order, _listed(own), _listed(fluids.values()), _listed(diluents))


def _listed(found: Iterable[ProductRow]) -> tuple[Chosen, ...]:
    return tuple(Chosen(row.id, row.label if row.is_usable else f"{row.label} ({row.standing.value})") for row in found)

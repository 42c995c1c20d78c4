"""Entering and changing an order with the kidney function of the chart beside it, so that a dose is judged by it at once."""

from decimal import Decimal
from uuid import UUID

from infusiondesk.foundation.kernel.people import Area, Role, query, verb
from infusiondesk.foundation.store.unit_of_work import Reading, UnitOfWork
from infusiondesk.labs.queries import latest_of
from infusiondesk.orders import service
from infusiondesk.orders.queries import versions_of
from infusiondesk.orders.rules import OrderDraft
from infusiondesk.patients.queries import chart_facts
from infusiondesk.workflows.gathering import results_on_file

_ENTERERS = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE, Role.TECHNICIAN)


@query(Area.ORDERS)
def clearance_on_file(reading: Reading, *, patient_id: UUID) -> Decimal | None:
    """The creatinine clearance in mL/min from the newest creatinine and the size on file; None where something of it is missing."""
    patient = chart_facts(reading, patient_id=patient_id)
    return results_on_file(patient, latest_of(reading, patient_id=patient_id), reading.today()).get("creatinine_clearance")


@verb(Area.ORDERS, *_ENTERERS, does="enter an order")
def enter_order(uow: UnitOfWork, *, patient_id: UUID, draft: OrderDraft) -> UUID:
    """A new order, its dose judged by the kidney function on file too."""
    clearance = clearance_on_file(uow, patient_id=patient_id)
    return service.enter_order(uow, patient_id=patient_id, draft=draft, clearance=clearance)


@verb(Area.ORDERS, *_ENTERERS, does="change an order")
def change_order(uow: UnitOfWork, *, order_id: UUID, draft: OrderDraft) -> UUID:
    """The next version of an order, judged in the same way."""
    patient_id = versions_of(uow, [order_id])[0].patient_id
    clearance = clearance_on_file(uow, patient_id=patient_id)
    return service.change_order(uow, order_id=order_id, draft=draft, clearance=clearance)

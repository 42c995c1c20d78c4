"""A screening beside one home medicine, and one answered alert, for the tests of the knowledge."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from infusiondesk.foundation.kernel.people import Role
from infusiondesk.interactions import queries
from infusiondesk.interactions.queries import ScreeningRow
from infusiondesk.interactions.rules.answers import AnswerDraft, Code
from infusiondesk.interactions.service import settle_alert
from infusiondesk.orders.records import Order, OrderVersion
from infusiondesk.patients import service as patients
from infusiondesk.patients.rules.entries import HomeMedicationDraft
from infusiondesk.patients.rules.words import MedicationSource
from infusiondesk.workflows.verify_order import screen_order
from tests.pharmacy import Pharmacy


def screened_with(pharmacy: Pharmacy, patient_id: UUID, name: str) -> ScreeningRow:
    """The patient's order screened beside one home medicine."""
    draft = HomeMedicationDraft(name, source=MedicationSource.PATIENT)
    pharmacy.do(patients.enter_home_medication, by=Role.INTAKE, patient_id=patient_id, draft=draft)
    with Session(pharmacy.store.engines.reading) as session:
        mine = sa.select(OrderVersion.id).join(Order, Order.id == OrderVersion.order_id).where(Order.patient_id == patient_id)
        version_id = session.scalars(mine).one()
    pharmacy.do(screen_order, version_id=version_id)
    row = pharmacy.ask(queries.screening_of, order_version_id=version_id)
    assert row is not None
    return row


def answered(pharmacy: Pharmacy, row: ScreeningRow, rule: str) -> None:
    """The HOLD of this rule passed with a reason."""
    alert = next(one for one in row.alerts if rule in one.rules)
    draft = AnswerDraft(Code.BENEFIT, "no other drug reaches this germ", due_on=date(2026, 3, 9))
    pharmacy.do(settle_alert, screening_id=row.id, key=alert.key, draft=draft)

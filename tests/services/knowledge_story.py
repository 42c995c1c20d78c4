"""Screenings, answered alerts, verified orders and corrected rules, for the tests of the knowledge."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from infusiondesk.foundation.kernel.people import Role
from infusiondesk.interactions import queries, service
from infusiondesk.interactions.queries import ScreeningRow
from infusiondesk.interactions.rules import Level
from infusiondesk.interactions.rules.answers import AnswerDraft, Code
from infusiondesk.interactions.service import settle_alert
from infusiondesk.orders.records import Order, OrderVersion
from infusiondesk.patients import service as patients
from infusiondesk.patients.rules.entries import DeviceDraft, HomeMedicationDraft
from infusiondesk.patients.rules.words import DeviceType, MedicationSource, TipConfirmation, TipLocation
from infusiondesk.workflows.verify_order import screen_order, verify_order
from tests.pharmacy import SECOND_PHARMACIST, Pharmacy
from tests.story import a_patient, an_order

CORRECTED = {"knowledge.correct": "the label says more now"}


def screened_with(pharmacy: Pharmacy, patient_id: UUID, name: str, **more: Any) -> ScreeningRow:
    """The patient's order screened beside one home medicine; `more` may give results."""
    draft = HomeMedicationDraft(name, source=MedicationSource.PATIENT)
    pharmacy.do(patients.enter_home_medication, by=Role.INTAKE, patient_id=patient_id, draft=draft)
    with Session(pharmacy.store.engines.reading) as session:
        mine = sa.select(OrderVersion.id).join(Order, Order.id == OrderVersion.order_id).where(Order.patient_id == patient_id)
        version_id = session.scalars(mine).one()
    pharmacy.do(screen_order, version_id=version_id, **more)
    row = pharmacy.ask(queries.screening_of, order_version_id=version_id)
    assert row is not None
    return row


def answered(pharmacy: Pharmacy, row: ScreeningRow, rule: str) -> None:
    """The HOLD of this rule passed with a reason."""
    alert = next(one for one in row.alerts if rule in one.rules)
    draft = AnswerDraft(Code.BENEFIT, "no other drug reaches this germ", due_on=date(2026, 3, 9))
    pharmacy.do(settle_alert, screening_id=row.id, key=alert.key, draft=draft)


def verified_beside(
    pharmacy: Pharmacy, name: str, ingredient: str = "ceftriaxone", patient_id: UUID | None = None, **more: Any
) -> UUID:
    """A verified order of a charted patient who takes one home medicine; every HOLD passed."""
    patient_id = patient_id or a_patient(pharmacy)
    pharmacy.do(patients.confirm_no_known_allergies, by=Role.INTAKE, patient_id=patient_id)
    on = date(2026, 3, 1)
    device = DeviceDraft(on, type=DeviceType.PICC, lumens=2, inserted_on=on)
    device.tip, device.tip_confirmed, device.tip_confirmed_on = TipLocation.SVC, TipConfirmation.CHEST_XRAY, on
    pharmacy.do(patients.enter_device, by=Role.INTAKE, patient_id=patient_id, draft=device)
    version_id = an_order(pharmacy, patient_id, ingredient)
    row: ScreeningRow = screened_with(pharmacy, patient_id, name, **more)
    for alert in row.at(Level.HOLD):
        answered(pharmacy, row, alert.rules[0])
    pharmacy.do(verify_order, by=SECOND_PHARMACIST, version_id=version_id, **more)
    return version_id


def corrected(pharmacy: Pharmacy, words: str, **changes: Any) -> None:
    (row,) = pharmacy.ask(service.rules_found, text=words).rows
    draft = replace(pharmacy.ask(service.rule_history, row_key=row.id).draft, **changes)
    pharmacy.do(service.correct_rule, row_key=row.id, draft=draft, reasons=CORRECTED)

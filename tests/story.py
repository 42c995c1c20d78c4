"""Builders of a pharmacy's ordinary facts, made through the services, for tests that need a patient or an order to begin with."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from infusiondesk.catalog import queries as catalog_queries
from infusiondesk.catalog import service as catalog
from infusiondesk.catalog.records import Drug
from infusiondesk.catalog.rules import RowKind
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.orders import service as orders
from infusiondesk.orders.records import OrderVersion
from infusiondesk.orders.rules import Method, OrderDraft, ReceivedBy
from infusiondesk.orders.service import sign_verification
from infusiondesk.patients import service as patients
from infusiondesk.patients.records import Patient
from infusiondesk.patients.rules.drafts import ReferralDraft
from infusiondesk.patients.rules.words import ReferralSource, Sex
from tests.beginnings import after
from tests.pharmacy import SECOND_PHARMACIST, Pharmacy

PRESCRIBER_NPI = "1245319599"
COMPARED = {"catalog.compared": "current package insert"}


def the_catalog(pharmacy: Pharmacy) -> None:
    """The shipped catalog, unsigned."""
    pharmacy.do(catalog.load_reference, by=Role.PHARMACIST_IN_CHARGE)


@after(the_catalog)
def the_signed_catalog(pharmacy: Pharmacy) -> None:
    """The shipped catalog, every row that can be signed signed by the pharmacist in charge."""
    for kind, query in (
        (RowKind.DRUG, catalog_queries.drugs),
        (RowKind.PRODUCT, catalog_queries.products),
        (RowKind.STABILITY, catalog_queries.stability),
    ):
        seen = catalog_queries.seen(row for row in pharmacy.ask(query) if not row.missing)
        pharmacy.do(catalog.sign_rows, by=Role.PHARMACIST_IN_CHARGE, kind=kind, seen=seen, reasons=COMPARED)


def a_referral(**more: Any) -> ReferralDraft:
    """A complete referral of one made-up person."""
    known: dict[str, Any] = {
        "today": date(2026, 3, 2), "last_name": "ZZTEST Alder", "first_name": "Marian", "born_on": date(1964, 3, 14),
        "sex": Sex.FEMALE,
        "phone": "2175550142", "source": ReferralSource.HOSPITAL, "referring_person": "ZZTEST Birch",
        "referring_phone": "2175550100", "therapy": "antibiotic",
        "received_at": datetime(2026, 3, 2, 13, 0, tzinfo=UTC),
        "start_of_care_at": datetime(2026, 3, 3, 15, 0, tzinfo=UTC), "prescriber_name": "ZZTEST Maplewood",
        "prescriber_npi": PRESCRIBER_NPI, "prescriber_phone": "2175550199",
    }  # fmt: skip
    return ReferralDraft(**{**known, **more})


def a_patient(pharmacy: Pharmacy, **more: Any) -> UUID:
    """A referred patient with a prescriber."""
    return pharmacy.do(patients.receive_referral, by=Role.INTAKE, draft=a_referral(**more))


def drug_id(pharmacy: Pharmacy, ingredient: str) -> UUID:
    with Session(pharmacy.store.engines.reading) as session:
        return session.scalars(sa.select(Drug.id).where(Drug.ingredient == ingredient)).one()


def prescriber_of(pharmacy: Pharmacy, patient_id: UUID) -> UUID:
    with Session(pharmacy.store.engines.reading) as session:
        found = session.get_one(Patient, patient_id).prescriber_id
    assert found is not None
    return found


def an_order_draft(pharmacy: Pharmacy, patient_id: UUID, ingredient: str = "ceftriaxone", **more: Any) -> OrderDraft:
    """A complete order of one drug; everything else can be given."""
    known: dict[str, Any] = {
        "drug_id": drug_id(pharmacy, ingredient), "prescriber_id": prescriber_of(pharmacy, patient_id),
        "dose_amount": Decimal(2), "dose_unit": "g", "interval_hours": Decimal(24), "infusion_minutes": Decimal(30),
        "method": Method.GRAVITY.value, "diluent": "sodium chloride 0.9%", "container": "bag", "volume_ml": Decimal(100),
        "start_on": date(2026, 3, 3), "stop_on": date(2026, 3, 16), "indication": "osteomyelitis", "had_before": True,
        "lab_protocol": "L-BL", "lab_reviewer": "ZZTEST Maplewood", "received_by": ReceivedBy.FAX.value,
        "received_at": datetime(2026, 3, 2, 13, 30, tzinfo=UTC), "reviewed_by_infectious_diseases": True,
    }  # fmt: skip
    return OrderDraft(**{**known, **more})


def an_order(pharmacy: Pharmacy, patient_id: UUID, ingredient: str = "ceftriaxone", **more: Any) -> UUID:
    """An entered order; returns its first version's key."""
    return pharmacy.do(
        orders.enter_order,
        by=Role.TECHNICIAN,
        patient_id=patient_id,
        draft=an_order_draft(pharmacy, patient_id, ingredient, **more),
    )


def a_verified_order(pharmacy: Pharmacy, patient_id: UUID, ingredient: str = "ceftriaxone", **more: Any) -> UUID:
    """An order with a pharmacist's name under it, without the journey that screens it; returns the version's key."""
    version_id = an_order(pharmacy, patient_id, ingredient, **more)
    pharmacy.do(sign_verification, by=SECOND_PHARMACIST, version_id=version_id, patient_name="ZZTEST Alder, Marian")
    return version_id


def order_of(pharmacy: Pharmacy, version_id: UUID) -> UUID:
    with Session(pharmacy.store.engines.reading) as session:
        return session.get_one(OrderVersion, version_id).order_id

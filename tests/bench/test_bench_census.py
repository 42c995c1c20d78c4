"""How long a census of a whole pharmacy takes, read from a real encrypted store in the parts that the screen asks for."""

import sys
import time
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

import pytest
import sqlalchemy as sa

from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.store.records import Signature
from infusiondesk.interactions.rules.census import CensusPart
from infusiondesk.interactions.screens.census import PART
from infusiondesk.orders.records import Order, OrderVersion
from infusiondesk.patients import service as patients
from infusiondesk.patients.records import HomeMedication, Measurement, Patient
from infusiondesk.patients.rules.entries import HomeMedicationDraft
from infusiondesk.patients.rules.plausibility import MeasurementDraft
from infusiondesk.patients.rules.words import MeasuredHow, MeasurementKind, MedicationSource, PatientStatus
from infusiondesk.workflows.census import patients_to_screen, screen_some
from tests.beginnings import Recipe
from tests.bench import sets
from tests.bench.test_bench_screening import one_derivation
from tests.bench.test_bench_start import judged
from tests.pharmacy import Pharmacy
from tests.story import a_patient, a_verified_order, the_signed_catalog

PATIENTS, MEDICINES = 1_000, 12


@pytest.fixture
def begins_with() -> Recipe:
    return the_signed_catalog


@pytest.mark.bench
def test_a_census_of_a_thousand_patients_in_a_store(file_pharmacy: Pharmacy) -> None:
    one = _a_patient_with_medicines(file_pharmacy)
    _multiply(file_pharmacy, one, PATIENTS)
    left = list(file_pharmacy.ask(patients_to_screen))
    assert len(left) == PATIENTS

    found = CensusPart()
    begun = time.perf_counter()
    while left:
        part, left = left[:PART], left[PART:]
        found += file_pharmacy.ask(screen_some, patient_ids=part)
    took = time.perf_counter() - begun

    assert found.medicines == PATIENTS * MEDICINES
    assert len(found.alerts) > PATIENTS
    sys.stdout.write(f"\ncensus through the store: {took:.2f} s, {len(found.alerts):,} alerts\n")
    judged("census_in_a_store", took / one_derivation())


def _a_patient_with_medicines(pharmacy: Pharmacy) -> UUID:
    patient_id = a_patient(pharmacy)
    for ingredient, dose in (("ceftriaxone", 2), ("vancomycin", 1)):
        a_verified_order(pharmacy, patient_id, ingredient, dose_amount=Decimal(dose))
    today = pharmacy.clock.now().date()
    weight = MeasurementDraft(today, MeasurementKind.WEIGHT, Decimal(71), today, MeasuredHow.MEASURED)
    pharmacy.do(patients.enter_measurement, by=Role.NURSE, patient_id=patient_id, draft=weight)
    taken = [name for name in sets.USUAL if name not in ("ceftriaxone", "vancomycin")][: MEDICINES - 2]
    for name in taken:
        draft = HomeMedicationDraft(name, "as directed", "", MedicationSource.PATIENT)
        pharmacy.do(patients.enter_home_medication, patient_id=patient_id, draft=draft)
    return patient_id


def _multiply(pharmacy: Pharmacy, patient_id: UUID, times: int) -> None:
    """Rows like this patient's, straight into the tables: a thousand charts through the services would take minutes."""
    kinds: list[tuple[type[Any], Any]] = [
        (Patient, Patient.id == patient_id), (HomeMedication, HomeMedication.patient_id == patient_id),
        (Measurement, Measurement.patient_id == patient_id), (Order, Order.patient_id == patient_id),
        (Signature, Signature.entity == OrderVersion.__tablename__), (OrderVersion, sa.true()),
    ]  # fmt: skip
    with pharmacy.store.engines.writing.begin() as connection:
        connection.execute(sa.update(Patient).values(status=PatientStatus.ACCEPTED))
        read = [
            (kind.__table__, connection.execute(sa.select(kind.__table__).where(which)).mappings().all()) for kind, which in kinds
        ]
        ours = {row["id"] for _, rows in read for row in rows}
        for table, rows in read:
            copies = [
                {
                    **{
                        key: uuid5(value, str(n)) if isinstance(value, UUID) and value in ours else value
                        for key, value in row.items()
                    },
                    **({"serial": 1000 + n, "mrn": f"99-{n:03}-0"} if table.name == "patient" else {}),
                    **({"rx_number": row["rx_number"] + 10 * n} if table.name == "rx_order" else {}),
                }
                for row in rows
                for n in range(1, times)
            ]
            connection.execute(sa.insert(table), copies)

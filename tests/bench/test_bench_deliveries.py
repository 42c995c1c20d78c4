"""How long the pick list of two hundred deliveries takes, and a scan on the packing table: out of a real encrypted store."""

import sys
import time
from typing import Any
from uuid import UUID, uuid5

import pytest
import sqlalchemy as sa

from infusiondesk.compounding.records import Bag, Batch, BatchEvent, BatchIngredient
from infusiondesk.dispensing import queries, service
from infusiondesk.dispensing.queries import Scanned
from infusiondesk.foundation.store.records import Signature
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.orders.records import Order, OrderVersion
from infusiondesk.patients.records import Patient, PlaceOfCare
from tests.beginnings import Recipe
from tests.bench.test_bench_screening import one_derivation
from tests.bench.test_bench_start import judged
from tests.deliveries import TECH
from tests.pharmacy import Pharmacy
from tests.services.test_deliveries import bags_of_vancomycin

DELIVERIES, SCANNED = 200, 60


@pytest.fixture
def begins_with() -> Recipe:
    return bags_of_vancomycin


@pytest.mark.bench
def test_a_pick_list_of_two_hundred_deliveries_and_a_scan(file_pharmacy: Pharmacy) -> None:
    _multiply(file_pharmacy, DELIVERIES)

    begun = time.perf_counter()
    picks = file_pharmacy.ask(queries.pick_list)
    took = time.perf_counter() - begun
    assert (len(picks), sum(one.bags for one in picks)) == (DELIVERIES, 4 * DELIVERIES)

    recognised: list[float] = []
    committed: list[float] = []

    def timed_scan(uow: UnitOfWork, *, ticket_id: UUID, text: str) -> Scanned:
        started = time.perf_counter()
        found = service.scan_item(uow, ticket_id=ticket_id, text=text)
        recognised.append(time.perf_counter() - started)
        return found

    for waiting in file_pharmacy.ask(queries.bags_to_send)[: SCANNED // 4]:
        ticket_id = file_pharmacy.do(service.begin_ticket, by=TECH, patient_id=waiting.id)
        for bag in waiting.bags:
            started = time.perf_counter()
            file_pharmacy.do(timed_scan, by=TECH, ticket_id=ticket_id, text=bag.barcode)
            committed.append(time.perf_counter() - started)

    sys.stdout.write(
        f"\npick list of {DELIVERIES}: {took:.3f} s; a scan recognised in {_p95(recognised) * 1000:.1f} ms, "
        f"committed in {_p95(committed) * 1000:.1f} ms (p95 of {SCANNED})\n"
    )
    derivation = one_derivation()
    judged("pick_list", took / derivation)
    judged("scan_recognised", _p95(recognised) / derivation)
    judged("scan_committed", _p95(committed) / derivation)


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def _multiply(pharmacy: Pharmacy, times: int) -> None:
    """Patients like ours with an order, a batch and its bags, straight into the tables: the services would take minutes."""
    signed = Signature.entity.in_([OrderVersion.__tablename__, Batch.__tablename__])
    kinds: list[tuple[type[Any], Any]] = [
        (Patient, sa.true()), (PlaceOfCare, sa.true()), (Order, sa.true()), (Signature, signed), (OrderVersion, sa.true()),
        (Batch, sa.true()), (BatchEvent, sa.true()), (BatchIngredient, sa.true()), (Bag, sa.true()),
    ]  # fmt: skip
    with pharmacy.store.engines.writing.begin() as connection:
        read = [
            (kind.__table__, connection.execute(sa.select(kind.__table__).where(which)).mappings().all()) for kind, which in kinds
        ]
        ours = {row["id"] for _, rows in read for row in rows}
        for table, rows in read:
            copies = [
                {key: _copied(value, n, ours) for key, value in row.items()} | _unique(table.name, row, n)
                for row in rows
                for n in range(1, times)
            ]
            connection.execute(sa.insert(table), copies)


def _copied(value: Any, n: int, ours: set[UUID]) -> Any:
    return uuid5(value, str(n)) if isinstance(value, UUID) and value in ours else value


def _unique(table: str, row: Any, n: int) -> dict[str, Any]:
    """What must differ from copy to copy."""
    if table == "patient":
        return {"serial": 1000 + n, "mrn": f"99-{n:03}-0"}
    if table == "rx_order":
        return {"rx_number": row["rx_number"] + n}
    if table == "batch":
        return {"number": f"B-2603-{1000 + n}"}
    return {"barcode": f"B-2603-{1000 + n}-{row['number']:02}"} if table == "bag" else {}

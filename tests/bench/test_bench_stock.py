"""How long the shelf takes with 20,000 lots: stock from its movements against the bare SQL, a scan, and ten thousand histories."""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings

from infusiondesk.inventory import queries
from infusiondesk.inventory.rules import ItemDraft
from tests.bench.test_bench_screening import one_derivation
from tests.bench.test_bench_start import judged
from tests.pharmacy import Pharmacy
from tests.shelf import HISTORIES, Wish, document, play, received, stocked

ITEMS, LOTS, MOVES = 200, 20_000, 5
TABLES = ("item", "lot", "holding", "movement")
BARE = "SELECT h.lot_id, SUM(m.quantity) FROM movement m JOIN holding h ON h.id = m.holding_id GROUP BY h.lot_id"
CODE = "(01)04012345678901(17)290112(10)A"


@pytest.fixture
def many_lots(file_pharmacy: Pharmacy) -> Pharmacy:
    """One lot received by the services, then rows like it straight into the tables: 200 items with 100 lots each."""
    item_id = stocked(file_pharmacy, ItemDraft(None, "transfer set", unit="set", kind="supply", gtin="04012345678901"))
    received(file_pharmacy, item_id, "A")
    with file_pharmacy.store.engines.writing.begin() as connection:
        rows = {name: dict(connection.execute(sa.text(f"SELECT * FROM {name}")).mappings().one()) for name in TABLES}
        ours = {row["id"] for row in rows.values()}
        copies: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
        for n in range(1, LOTS):
            item = n % ITEMS
            if 0 < n < ITEMS:
                copies["item"].append({**_copy(rows["item"], ours, n), "name": f"item {n}", "gtin": None})
            lot = {**_copy(rows["lot"], ours, n), "lot_number": f"L{n}"}
            copies["lot"].append({**lot, "item_id": _other(item_id.bytes, item) if item else item_id.bytes})
            copies["holding"].append(_copy(rows["holding"], ours, n))
            first = _copy(rows["movement"], ours, n)
            copies["movement"] += [{**first, "id": _other(first["id"], m), "number": m} for m in range(1, MOVES + 1)]
        for name, some in copies.items():
            fields = ", ".join(rows[name])
            values = ", ".join(f":{field}" for field in rows[name])
            connection.execute(sa.text(f"INSERT INTO {name} ({fields}) VALUES ({values})"), some)
    return file_pharmacy


@pytest.mark.bench
def test_stock_of_twenty_thousand_lots_from_its_movements(many_lots: Pharmacy) -> None:
    def bare() -> None:
        with many_lots.store.engines.reading.connect() as connection:
            assert len(connection.exec_driver_sql(BARE).fetchall()) == LOTS

    def ours() -> None:
        assert len(many_lots.ask(queries.stock_by_movements)) == LOTS

    bare_took, our_took = _median(bare), _median(ours)
    sys.stdout.write(f"\nstock of {LOTS:,} lots: {our_took * 1000:.0f} ms, bare SQL {bare_took * 1000:.0f} ms\n")
    judged("stock_on_hand", our_took / bare_took)


@pytest.mark.bench
def test_a_scan_among_twenty_thousand_lots(many_lots: Pharmacy) -> None:
    took = []
    for _ in range(100):
        begun = time.perf_counter()
        found = many_lots.ask(queries.arrival_by_scan, text=CODE)
        took.append(time.perf_counter() - begun)
        assert found.lot is not None
    p95 = statistics.quantiles(took, n=20)[-1]
    sys.stdout.write(f"\na scan among {LOTS:,} lots: p95 {p95 * 1000:.1f} ms\n")
    judged("stock_scan", p95 / one_derivation())


@pytest.mark.bench
@settings(max_examples=10_000, deadline=timedelta(seconds=5), suppress_health_check=[*HealthCheck], database=None)
@given(history=HISTORIES)
def test_ten_thousand_histories(file_pharmacy: Pharmacy, history: list[Wish]) -> None:
    known = file_pharmacy.ask(queries.items)
    item_id = known[0].id if known else stocked(file_pharmacy)
    play(file_pharmacy, item_id, document(file_pharmacy), history)


def _other(key: bytes, n: int) -> bytes:
    return uuid5(UUID(bytes=key), str(n)).bytes


def _copy(row: dict[str, Any], ours: set[bytes], n: int) -> dict[str, Any]:
    return {field: _other(value, n) if isinstance(value, bytes) and value in ours else value for field, value in row.items()}


def _median(work: Callable[[], None]) -> float:
    work()
    took = []
    for _ in range(7):
        begun = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun)
    return statistics.median(took)

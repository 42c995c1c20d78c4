"""The demonstration pharmacy: the same seed and day give the same facts, it says DEMO, its chain holds, work waits."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

import infusiondesk.app.tables
from infusiondesk.app.bootstrap import Opened, open_store
from infusiondesk.app.commands import run
from infusiondesk.app.demo import STAFF_PASSWORD
from infusiondesk.compounding.queries import batches
from infusiondesk.compounding.rules import BatchState
from infusiondesk.dispensing import queries as dispensing
from infusiondesk.dispensing.queries import bags_to_send
from infusiondesk.dispensing.rules import State as Delivery
from infusiondesk.equipment import queries as equipment
from infusiondesk.equipment.rules import Place
from infusiondesk.foundation.kernel.clock import HandClock
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.store.keyring import DEMO, DEMO_PASSWORD, Keyring, keys_of
from infusiondesk.inventory import queries as stock
from infusiondesk.inventory.rules import LocationKind, SuspicionEnd
from infusiondesk.inventory.rules.counts import CountState
from infusiondesk.labs.queries import parked, to_review
from infusiondesk.orders.queries import orders_to_verify
from infusiondesk.patients.queries import find_patients
from infusiondesk.visits.queries import schedule
from infusiondesk.visits.rules import State
from infusiondesk.workflows.reordering import to_reorder

R = TypeVar("R")
UNTIL = date(2026, 3, 20)  # three months over two changes of the year's and of the clock's time
SECRET = {"mac", "prev", "seal", "data_key", "digest"}  # made of keys, which no two stores share


def make(folder: Path, *more: str) -> int:
    return run(["demo", "--into", str(folder), "--until", str(UNTIL), "--patients", "3", *more])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    assert make(folder) == 0
    return folder


@contextmanager
def opened(folder: Path) -> Iterator[Opened]:
    """The store on its own last morning, whatever day the test runs on."""
    location = str(folder / "demo.idesk")
    clock = HandClock(datetime(UNTIL.year, UNTIL.month, UNTIL.day, 13, tzinfo=UTC))
    found = open_store(location, DEMO, keys_of(location).load().unlock_demo(), clock=clock)
    try:
        yield found
    finally:
        found.store.close()


def facts(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, but for what is made of the store's own key."""
    with opened(folder) as found, Session(found.store.engines.reading) as session:
        lines = {}
        for table in infusiondesk.app.tables.METADATA.sorted_tables:
            columns = [column for column in table.columns if column.name not in SECRET]
            rows = session.execute(sa.select(*columns).where(*_before_opening(table))).all()
            lines[table.name] = sorted(tuple(map(repr, row)) for row in rows)
        return lines


def _before_opening(table: sa.Table) -> Sequence[sa.ColumnElement[bool]]:
    """The sign-ins of this test are in the audit too."""
    return [table.c.action.not_like("login%")] if table.name == "audit" else []


def test_the_same_seed_and_day_give_the_same_facts(made: Path, tmp_path: Path) -> None:
    assert make(tmp_path / "again") == 0

    one, other = facts(made), facts(tmp_path / "again")

    assert {name: len(rows) for name, rows in one.items()} == {name: len(rows) for name, rows in other.items()}
    for name, rows in one.items():
        assert rows == other[name], name
    assert len(one["patient"]) == 3


def test_it_says_demo_opens_with_the_published_password_and_its_chain_holds(made: Path) -> None:
    ring: Keyring = keys_of(str(made / "demo.idesk")).load()
    assert [wrap.owner for wrap in ring.wraps if wrap.login == DEMO] == [DEMO]
    assert ring.unlock(DEMO, DEMO_PASSWORD)[0] == DEMO
    assert ring.unlock("rowan", STAFF_PASSWORD)[1] == ring.unlock_demo()
    with opened(made) as found:
        assert found.is_demo
        assert found.actor.name == "ZZTEST Demo"
        assert found.actor.roles == frozenset(Role)
        chain = found.store.verify_audit()
        assert not chain.fault
        assert chain.lines > 300


def ask(found: Opened, query: Callable[..., R], **given: Any) -> R:
    return found.store.read(found.actor, query, given)


def test_on_the_last_day_work_waits_for_everybody(made: Path) -> None:
    with opened(made) as found:
        assert len(ask(found, orders_to_verify)) == 1
        assert [row.state for row in ask(found, batches) if row.state is BatchState.LABELLED] == [BatchState.LABELLED]
        assert len(ask(found, bags_to_send)) > 0
        assert len(ask(found, to_review)) == 1
        assert len(ask(found, parked)) == 1
        assert [row.state for row in ask(found, schedule) if row.state is State.TO_SIGN] == [State.TO_SIGN]
        assert all(row.name.startswith("ZZTEST ") for row in ask(found, find_patients, text="ZZTEST").rows)


def test_stock_pumps_and_the_road_have_their_stories(made: Path) -> None:
    with opened(made) as found:
        waiting, *ended = ask(found, stock.count_sheets)
        assert [line.state for line in waiting.lines] == [CountState.SECOND]
        adjusted = [line.difference for sheet in ended for line in sheet.lines if line.state is CountState.ADJUSTED]
        assert adjusted == ["1 pack fewer"]
        (recall,) = ask(found, stock.stock_recalls)
        assert not recall.is_open and recall.on_hand == 0
        lots = {row.lot_number: row for row in ask(found, stock.lots)}
        (doubt,) = ask(found, stock.investigations_of, lot_id=lots["ZZS001"].id)
        assert (doubt.end, lots["ZZS001"].on_hand) == (SuspicionEnd.CLEARED, Decimal(10))
        assert any(row.wanted.is_due for row in ask(found, to_reorder))
        assert all(row.lots for row in ask(found, stock.locations) if row.kind is not LocationKind.VAULT)
        places = {row.serial: row.place for row in ask(found, equipment.pumps)}
        assert places["ZZP1001"] is Place.WITH_PATIENT and places["ZZP2001"] is Place.RETIRED
        assert [row.is_closed for row in ask(found, equipment.recalls)] == [True]
        assert [row.name for row in ask(found, dispensing.shippers)] == ["DEMO shipper"]
        assert [stop.ticket.state for stop in ask(found, dispensing.routes)] == [Delivery.PACKED]


def test_what_came_too_warm_is_destroyed_and_not_billed(made: Path) -> None:
    with opened(made) as found:
        (alder,) = ask(found, find_patients, text="ZZTEST Alder").rows
        (warm,) = [row for row in ask(found, dispensing.tickets_of, patient_id=alder.id) if row.excursions]
        assert [one.disposition for one in warm.judgements] == ["replace and destroy"]
        assert "seen by ZZTEST Hazel" in warm.destroyed and warm.shipper == "DEMO shipper"
        assert warm.received_at is not None
        delivered = {row.on: row.bags for row in ask(found, dispensing.delivered_doses, patient_id=alder.id)}
        came = warm.received_at.date()
        assert came not in delivered
        assert delivered[came + timedelta(days=1)] == 13  # replaced, but for the dose that was missed


def test_an_existing_demonstration_is_left_as_it_is(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (made / "demo.idesk").read_bytes()

    assert make(made) == 1

    assert "demo.idesk exists already" in capsys.readouterr().err
    assert (made / "demo.idesk").read_bytes() == before
    assert sorted(path.name for path in made.iterdir()) == ["demo.idesk", "demo.keyring.json"]


def test_a_day_to_come_is_refused_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--into", str(tmp_path), "--until", "9999-01-01", "--json"]) == 1
    assert "cannot end in the future" in json.loads(capsys.readouterr().out)["refused"]
    assert list(tmp_path.iterdir()) == []

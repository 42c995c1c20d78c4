"""A logger's file taken for a location: what it keeps, finds and leaves out, and that nothing of a wrong one is kept."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal as D

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.inventory.exchange import shipped_temperatures
from infusiondesk.inventory.queries.logger import LoggerPreview, preview_logger
from infusiondesk.inventory.queries.temperatures import left_during
from infusiondesk.inventory.records import LoggerImport, TemperatureReading
from infusiondesk.inventory.rules.logger import UTC_ZONE, LoggerDraft
from infusiondesk.inventory.rules.monitors import MonitorDraft
from infusiondesk.inventory.service import send_lot
from infusiondesk.inventory.service.logger import take_logger_file
from infusiondesk.inventory.service.monitors import add_monitor
from tests.beginnings import START, Recipe
from tests.pharmacy import Pharmacy
from tests.services.test_temperatures import COLD, a_cold_shelf, at, counts, lot, note, to_judge
from tests.shelf import TECH, TICKET, received, stocked


@pytest.fixture
def begins_with() -> Recipe:
    return a_cold_shelf


def file(first: datetime, *values: str, minutes: int = 30, serial: str = "") -> bytes:
    rows = [f"{first + timedelta(minutes=minutes * place):%Y-%m-%d %H:%M},{value}" for place, value in enumerate(values)]
    return "\n".join((f"Serial: {serial}", "Time,Temp C", *rows)).encode()


def taken(pharmacy: Pharmacy, content: bytes, name: str = "a.csv") -> None:
    draft = LoggerDraft(name, content, zone=UTC_ZONE)
    pharmacy.do(take_logger_file, by=TECH, location_id=at(pharmacy).id, draft=draft)


def looked_at(pharmacy: Pharmacy, content: bytes, name: str = "a.csv") -> LoggerPreview:
    draft = LoggerDraft(name, content, zone=UTC_ZONE)
    shipped = shipped_temperatures()
    return pharmacy.ask(preview_logger, by=TECH, location_id=at(pharmacy).id, draft=draft, shipped=shipped)


def rows_kept(pharmacy: Pharmacy) -> int:
    with Session(pharmacy.store.engines.reading) as session:
        kept = session.scalar(sa.select(sa.func.count()).select_from(TemperatureReading)) or 0
        return kept + (session.scalar(sa.select(sa.func.count()).select_from(LoggerImport)) or 0)


def test_a_file_finds_an_excursion_that_is_over_and_who_has_what_left(pharmacy: Pharmacy) -> None:
    place = at(pharmacy).id
    pharmacy.do(add_monitor, by=TECH, location_id=place, draft=MonitorDraft(date(2025, 1, 7), None, "C-1", "S-1"))
    pharmacy.clock.advance(hours=3)
    pharmacy.do(send_lot, by=TECH, lot_id=lot(pharmacy, "A1"), quantity=D(3), reference_entity="ticket", reference_id=TICKET)
    pharmacy.clock.advance(hours=3)
    received(pharmacy, stocked(pharmacy, replace(COLD, name="late flush")), "D4")
    content = file(START, "4", "5", "9", "12", "6", "5", "5", serial="s-1")
    found = looked_at(pharmacy, content)
    assert dict(found.summary)["Excursion"] == "9 °C and 12 °C: allowed is 2 to 8 °C. 1 time outside, 1 hour 0 min."
    assert found.monitor == "S-1" and rows_kept(pharmacy) == 0
    taken(pharmacy, content)

    lines = to_judge(pharmacy)
    assert sorted(lines) == ["A1", "B2", "C3"]  # and not what came when it was over
    assert counts(pharmacy, "D4") == (D(10), D(0))
    line = lines["A1"]
    assert line.last_good_at == START + timedelta(minutes=30) and line.ended_at == START + timedelta(hours=2)
    assert (line.lowest, line.highest) == (D(9), D(12))
    assert line.kinetic.celsius is not None and D(9) < line.kinetic.celsius < D(12)
    assert line.remark == "1 time outside, 1 hour 0 min. The verification of monitor S-1 lapsed on 7 Jan 2026."
    (left,) = pharmacy.ask(left_during, excursion_id=line.excursion_id)
    assert (left.lot_number, left.quantity) == ("A1", D(3))
    row = at(pharmacy)
    assert row.last is not None and (row.last.celsius, row.read_by, row.is_open) == (D(5), "logger, a.csv", False)
    assert [one.begun_at == one.read_at for one in row.readings] == [False] * len(row.readings)


def test_the_same_file_is_refused_and_an_overlapping_one_merged(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    pharmacy.clock.advance(hours=9)
    taken(pharmacy, file(START, "4", "5", "5"))
    kept = rows_kept(pharmacy)
    with pytest.raises(Refused, match=r"This very file was taken on 2 Mar 2026 17:00 by ZZTEST Technician, as a.csv"):
        taken(pharmacy, file(START, "4", "5", "5"), "b.csv")
    with pytest.raises(Refused, match=r"Every line of b.csv lies in a time of Refrigerator that is on file already"):
        taken(pharmacy, file(START, "4", "5"), "b.csv")
    assert rows_kept(pharmacy) == kept

    more = file(START, "4", "5", "5", "6", "6")
    assert "3 lines of a time that is on file already: left out" in " ".join(looked_at(pharmacy, more).said)
    taken(pharmacy, more)
    assert [one.high for one in at(pharmacy).readings][-1] == D(6)
    assert at(pharmacy).day.celsius is not None


def test_an_excursion_known_by_hand_is_widened_by_the_file(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    note(pharmacy, "5")
    pharmacy.clock.advance(hours=4)
    note(pharmacy, "9")
    taken(pharmacy, file(START, "5", "5", "14", "13", "9", "9", "9"))
    lines = to_judge(pharmacy)
    assert len(lines) == 3 and {row.highest for row in lines.values()} == {D(14)}
    assert lines["A1"].ended_at is None and at(pharmacy).is_open
    note(pharmacy, "5")
    assert not at(pharmacy).is_open


def test_a_file_that_ends_outside_ends_with_the_next_good_reading(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    pharmacy.clock.advance(hours=5)
    note(pharmacy, "5")
    good = pharmacy.clock.now()
    taken(pharmacy, file(START, "9", "9", "9"))
    line = to_judge(pharmacy)["A1"]
    assert (line.last_good_at, line.ended_at) == (None, good)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (file(START, "4", "x").replace(b"Temp C", b"Humidity"), "no column that is called a temperature"),
        (file(START, "4").replace(b"2026-03-02", b"2026-03-32"), "line 3"),
        (file(START + timedelta(days=30), "4"), "still to come"),
        (file(START - timedelta(hours=2), "4", serial="F-9"), "which watches Freezer, not Refrigerator"),
        (file(START - timedelta(hours=2), "4", serial="X-7"), "names monitor X-7; Refrigerator has S-1"),
    ],
)
def test_a_wrong_file_is_refused_and_nothing_kept(file_pharmacy: Pharmacy, content: bytes, told: str) -> None:
    pharmacy = file_pharmacy
    for serial, name in (("S-1", "Refrigerator"), ("F-9", "Freezer")):
        pharmacy.do(add_monitor, by=TECH, location_id=at(pharmacy, name).id, draft=MonitorDraft(serial=serial))
    assert told in looked_at(pharmacy, content).refusal
    with pytest.raises(Refused, match=told):
        taken(pharmacy, content)
    assert rows_kept(pharmacy) == 0


def test_of_two_monitors_one_is_chosen(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    first, _ = (
        pharmacy.do(add_monitor, by=TECH, location_id=at(pharmacy).id, draft=MonitorDraft(serial=serial))
        for serial in ("S-1", "S-2")
    )
    content = file(START - timedelta(hours=5), "4", "4")
    assert "has 2 monitors. Choose which one" in looked_at(pharmacy, content).refusal
    draft = LoggerDraft("a.csv", content, first, zone=UTC_ZONE)
    pharmacy.do(take_logger_file, by=TECH, location_id=at(pharmacy).id, draft=draft)
    assert at(pharmacy).readings[0].logger == str(first)

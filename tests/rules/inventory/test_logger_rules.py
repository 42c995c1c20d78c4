"""A logger's file: columns by their headings, dates and clocks, what is said of it, and every way in which it is refused whole."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.inventory.rules.logger import DAY_FIRST, MONTH_FIRST, UTC_ZONE, WINTER, LoggerDraft, LoggerFile, read_logger_file
from infusiondesk.inventory.rules.logger_watch import hours_of, joined, not_monitored, outside_of, without_known
from infusiondesk.inventory.rules.temperatures import StorageRange, kinetic_of
from infusiondesk.inventory.rules.words import LocationKind

CHICAGO = ZoneInfo("America/Chicago")
COLD = StorageRange(LocationKind.REFRIGERATOR, D(2), D(8), D(2), D(8), None, "sterile 7", "memory")
HOUR = timedelta(hours=1)
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def read(text: str, **more: Any) -> LoggerFile:
    draft = LoggerDraft("fridge.csv", text.encode(), **more)
    return read_logger_file(draft.content, draft.name, draft.wish(CHICAGO))


def lines(*values: tuple[float, str]) -> list[tuple[datetime, D]]:
    return [(NINE + timedelta(hours=hours), D(value)) for hours, value in values]


@pytest.mark.parametrize(
    ("text", "first", "celsius", "said"),
    [
        ("Date Time,Temp (°F)\n2026-03-02 08:00,41.0\n", "2026-03-02T14:00", "5", "in °F"),
        ("Date;Time;Temperature °C;Humidity\n13.03.2026;08:00:30;4,5;40\n", "2026-03-13T13:00:30", "4.5", "day first"),
        ("x\nSerial Number: AB-1\n\nTimestamp\tTemp\n3/13/2026 8:00 PM\t4.5 C\n", "2026-03-14T01:00", "4.5", "month first"),
        ("Timestamp|Temp C\n2026-03-02T08:00:00+01:00|4\n", "2026-03-02T07:00", "4", "its own offset"),
        ("Timestamp|Temp C\n2026-03-02T08:00Z|4\n", "2026-03-02T08:00", "4", "its own offset"),
        ("Time,Celsius\n3/2/26 12:05 AM,-4\n", "2026-03-02T06:05", "-4", "either way"),
        ("Recorded,Temp C\n2026-03-02 08:00,4\n2026-03-02 08:05,\n", "2026-03-02T14:00", "4", "1 line without a temperature"),
        ("Date Time,Temp C\n2026-03-02 09:00,5\n2026-03-02 08:00,4\n", "2026-03-02T14:00", "4", "newest line stands first"),
        ("Date Time,Temp C\n2026-03-02 08:00,4\n2026-03-02 08:00,4\n", "2026-03-02T14:00", "4", "came a second time"),
        (
            "Date Time,Temp C\n2026-03-02 08:00,4\n2026-03-02 10:00,4\n2026-03-02 09:00,4\n2026-03-02 11:00,4\n",
            "2026-03-02T14:00", "4", "1 line stood out of order",
        ),
    ],
)  # fmt: skip
def test_a_file_is_read_by_its_headings_and_says_how(text: str, first: str, celsius: str, said: str) -> None:
    found = read(text)
    assert found.lines[0] == (datetime.fromisoformat(f"{first}+00:00"), D(celsius))
    assert said in " ".join(found.said)


def test_what_is_not_read_is_said_and_a_serial_is_found() -> None:
    found = read("Device serial: AB-1\nDate Time,Temp C,Humidity,Temp 2 C\n2026-03-02 08:00,4,40,9\n")
    assert found.serial == "AB-1"
    assert found.said[0] == "Time from “Date Time”, temperature from “Temp C” in °C; not read: Humidity, Temp 2 C."
    assert read("Date Time,Temp C,Temp 2 C\n2026-03-02 08:00,4,9\n", column="Temp 2 C").lines[0][1] == D(9)


def test_the_order_and_the_scale_may_be_chosen() -> None:
    text = "Date Time,Temp\n3/2/2026 08:00,41\n"
    assert read(text, scale="F", order=DAY_FIRST).lines[0] == (datetime(2026, 2, 3, 14, tzinfo=UTC), D(5))
    assert read(text, scale="C", order=MONTH_FIRST).lines[0] == (datetime(2026, 3, 2, 14, tzinfo=UTC), D(41))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no column that is called a temperature"),
        ("Date,Humidity\n1,40\n", "Its first line is “Date,Humidity”"),
        ("Place,Temp C\nx,4\n", "no column that is called a date or a time; its columns are Place, Temp C"),
        ("Date Time,Temp\n2026-03-02 08:00,4\n", "“Temp” does not say whether it is °C or °F"),
        ("Date Time,Temp C\n2026-03-02 08:00,4\nyesterday,5\n", "line 3: “yesterday” under “Date Time” is no date with a time"),
        ("Date Time,Temp C\n2026-02-30 08:00,4\n", "line 2: 2026/02/30 08:00 is no date"),
        ("Date Time,Temp C\n3/2/2026 13:00 PM,4\n", "is no date and time"),
        ("Date Time,Temp C\n3/2/2026 08:75,4\n", "is no date and time"),
        ("Date Time,Temp C\n13/2/2026 08:00,4\n2/13/2026 08:00,4\n", "written in two ways"),
        ("Date Time,Temp C\n2026-03-02 08:00,900\n", "line 2: 900 is no temperature of any storage"),
        ("Date Time,Temp C\n2026-03-02 08:00,1e30\n", "no temperature of any storage"),
        ("Date Time,Temp C\n2026-03-02 08:00,\n", "holds no temperature"),
        ("Date Time,Temp C\n2026-03-02 08:00,4\n2026-03-02T08:00Z,4\n", "Some lines .* name an offset"),
        ("Date Time,Temp C\n2026-03-08 02:30,4\n", "8 Mar 2026 02:30 does not exist in America/Chicago"),
    ],
)
def test_a_file_that_is_wrong_anywhere_is_refused_whole(text: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        read(text)


def test_other_encodings_are_read() -> None:
    text = "Date Time,Temp °C\n2026-03-02 08:00,4\n"
    wish = LoggerDraft().wish(CHICAGO)
    for encoding in ("utf-8-sig", "cp1252", "utf-16"):
        assert read_logger_file(text.encode(encoding), "x", wish).lines[0][1] == D(4)


class TestClocksGoBack:
    """The hour that comes twice on 1 November 2026."""

    def test_in_a_file_that_has_it_twice(self) -> None:
        found = read("Date Time,Temp C\n2026-11-01 01:00,3\n2026-11-01 01:30,4\n2026-11-01 01:00,5\n2026-11-01 01:30,6\n")
        assert [at.hour for at, _ in found.lines] == [6, 6, 7, 7]
        assert "the hour from 01:00 is in the file twice" in found.said[-1]

    def test_in_a_file_that_has_it_once(self) -> None:
        found = read("Date Time,Temp C\n2026-11-01 00:30,3\n2026-11-01 01:30,4\n2026-11-01 02:30,5\n")
        assert [at.hour for at, _ in found.lines] == [5, 6, 8]
        assert "came twice but is in the file once" in found.said[-1]

    @pytest.mark.parametrize(("zone", "hour"), [(WINTER, 8), (UTC_ZONE, 2)])
    def test_not_for_a_clock_that_does_not_change(self, zone: str, hour: int) -> None:
        found = read("Date Time,Temp C\n2026-03-08 02:30,4\n", zone=zone)
        assert found.lines[0][0].hour == hour


def test_a_gap_longer_than_the_policy_is_not_monitored() -> None:
    found = lines((0, "4"), (1, "4"), (2.5, "5"))
    assert not_monitored(found, HOUR) == [(found[1][0], found[2][0])]
    hours = hours_of(found, HOUR)
    assert [(one.begun_at, one.ended_at) for one in hours] == [
        (found[0][0], found[0][0]), (found[0][0], found[1][0]), (found[2][0], found[2][0]),
    ]  # fmt: skip
    assert [one.mean for one in hours] == [None, D("4.00"), None]


def test_between_two_lines_the_warmer_counts_and_hours_together_are_what_they_are_apart() -> None:
    steps = lines((0, "5"), (0.5, "5"), (1, "5"), (1.5, "12"), (2, "12"))  # 1 h at 5, then 12
    assert [(one.low, one.high) for one in hours_of(steps, HOUR)] == [(D(5), D(5)), (D(5), D(12)), (D(12), D(12))]
    assert kinetic_of(hours_of(lines((0, "5"), (22, "5"), (22, "12"), (24, "12")), timedelta(days=2))) == D("5.87")  # sterile 7


def test_what_is_on_file_is_left_out() -> None:
    found = lines((0, "4"), (1, "4"), (2, "4"), (3, "4"), (4, "4"))
    at = [moment for moment, _ in found]
    known = joined([(at[1], at[1]), (at[2], at[3]), (at[1], at[2])])
    assert known == [(at[1], at[3])]
    assert [moment for moment, _ in without_known(found, known)] == [at[0], at[4]]


def test_everything_outside_is_one_excursion() -> None:
    found = outside_of(lines((0, "4"), (0.5, "9"), (1, "5"), (1.5, "1"), (2, "12"), (2.5, "6")), COLD, HOUR)
    assert found is not None
    assert (found.low, found.high, found.times, found.length) == (D(1), D(12), 2, 1.5 * HOUR)
    assert (found.last_good_at, found.ended_at) == (NINE, NINE + 2.5 * HOUR)
    assert found.words == "2 times outside, 1 hour 30 min together"


def test_an_excursion_may_have_no_beginning_and_no_end() -> None:
    found = outside_of(lines((0, "9"), (0.5, "9")), COLD, HOUR)
    assert found is not None
    assert (found.last_good_at, found.ended_at, found.words) == (None, None, "1 time outside, 30 minutes")
    assert outside_of(lines((0, "4")), COLD, HOUR) is None


def test_a_draft_needs_a_file_and_a_zone() -> None:
    assert [one.field for one in LoggerDraft().problems()] == ["name"]
    assert [one.field for one in LoggerDraft("x", b"x", zone="moon").problems()] == ["zone"]
    assert LoggerDraft("x", b"x").problems() == []

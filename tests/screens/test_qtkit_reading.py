"""What people type and how it is read: dates, times, numbers and other units; no window needed."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from infusiondesk.foundation.qtkit.forms import (
    ChoiceField,
    DateField,
    DateTimeField,
    MultiChoiceField,
    NumberField,
    TimeField,
    Unreadable,
)
from infusiondesk.foundation.qtkit.forms.reading import (
    read_date,
    read_datetime,
    read_number,
    read_time,
    write_date,
    write_datetime,
    write_number,
)

DAY = date(2026, 11, 24)
CHICAGO = ZoneInfo("America/Chicago")


@pytest.mark.parametrize(
    "typed",
    [
        "24 Nov 2026",
        "2026-11-24",
        "11/24/2026",
        " 24  nov 2026 ",
        "24 November 2026",
        "24-Nov-2026",
        "Nov 24, 2026",
        "November 24 2026",
    ],
)
def test_a_date_in_every_way_it_is_written(typed: str) -> None:
    assert read_date(typed) == DAY


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("31 Feb 2026", "no such day"),
        ("24/11/2026", "no such day"),  # month first: there is no month 24
        ("11/24/26", "four digits"),
        ("24 Nov 26", "four digits"),
        ("24 Nob 2026", "not the name of a month"),
        ("tomorrow", "like 24 Nov 2026"),
        ("20261124", "like 24 Nov 2026"),
    ],
)
def test_a_date_that_cannot_be_read_says_how(typed: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read_date(typed)


def test_september_in_four_letters() -> None:
    assert read_date("3 Sept 2026") == date(2026, 9, 3)


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("14:05", time(14, 5)),
        ("1405", time(14, 5)),
        ("2:05 pm", time(14, 5)),
        ("12:00 AM", time(0)),
        ("12:30pm", time(12, 30)),
        ("8:00", time(8)),
    ],
)
def test_a_time(typed: str, means: time) -> None:
    assert read_time(typed) == means


@pytest.mark.parametrize(
    ("typed", "says"), [("24:00", "ends at 23:59"), ("13:00 pm", "1 to 12"), ("noon", "like 14:05"), ("12:60", "23:59")]
)
def test_a_time_that_cannot_be_read(typed: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read_time(typed)


def test_a_moment_in_a_zone() -> None:
    assert read_datetime("24 Nov 2026 14:05", CHICAGO) == datetime(2026, 11, 24, 14, 5, tzinfo=CHICAGO)
    assert read_datetime("11/24/2026, 2:05 pm") == datetime(2026, 11, 24, 14, 5)  # noqa: DTZ001 - no zone was asked for
    assert write_datetime(datetime(2026, 11, 4, 7, 5, tzinfo=CHICAGO)) == "4 Nov 2026 07:05"


@pytest.mark.parametrize("typed", ["24 Nov 2026", "14:05", "24 Nov 2026 at noon"])
def test_a_moment_needs_both(typed: str) -> None:
    with pytest.raises(Unreadable):
        read_datetime(typed, CHICAGO)


def test_an_hour_that_the_clocks_skip_is_refused() -> None:
    with pytest.raises(Unreadable, match="does not exist"):
        read_datetime("8 Mar 2026 02:30", CHICAGO)
    assert read_datetime("8 Mar 2026 03:30", CHICAGO).hour == 3


@pytest.mark.parametrize(
    ("typed", "places", "means"),
    [
        ("1,250", 0, "1250"),
        ("0.5", 2, "0.5"),
        (".5", 2, "0.5"),
        ("10.0", 0, "10"),
        ("-3", 0, "-3"),
        ("71.40", 1, "71.4"),
        ("−2", 0, "-2"),
    ],
)
def test_a_number(typed: str, places: int, means: str) -> None:
    assert read_number(typed, places) == Decimal(means)


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("1,25", 0),
        ("12,5", 1),
        ("1.25", 1),
        ("1.5", 0),
        ("1 250", 0),
        ("abc", 2),
        (".", 2),
        ("-", 2),
        ("", 2),
        ("1e3", 2),
        ("NaN", 2),
    ],
)
def test_a_number_that_cannot_be_read(typed: str, places: int) -> None:
    with pytest.raises(Unreadable):
        read_number(typed, places)


@pytest.mark.parametrize(
    ("number", "written"),
    [("5.0", "5"), ("0.50", "0.5"), ("10000", "10,000"), ("1250.5", "1,250.5"), ("0", "0"), ("1E+3", "1,000"), ("100", "100")],
)
def test_a_number_is_written_the_safe_way(number: str, written: str) -> None:
    assert write_number(Decimal(number)) == written


def test_money_keeps_its_cents() -> None:
    assert write_number(Decimal("1250.5"), 2) == "1,250.50"
    assert NumberField("rate", "Rate", places=2, fixed=True).write(Decimal(120)) == "120.00"


def test_pounds_are_converted_and_both_are_shown() -> None:
    weight = NumberField("weight_kg", "Weight", unit="kg", places=1, also="lb")
    assert weight.read("157 lb") == Decimal("71.2")
    assert weight.echo("157 lb") == "71.2 kg"
    assert weight.echo("71.4") == "157 lb"
    assert weight.read("71.4 kg") == Decimal("71.4")
    assert weight.read("") is None
    assert weight.echo("heavy") == ""


@pytest.mark.parametrize(("also", "unit", "typed", "means"), [("°F", "°C", "100.8 °F", "38.2"), ("in", "cm", "65 in", "165.1")])
def test_other_units(also: str, unit: str, typed: str, means: str) -> None:
    assert NumberField("x", "X", unit=unit, places=1, also=also).read(typed) == Decimal(means)


def test_a_whole_number_is_an_int() -> None:
    found = NumberField("lumens", "Lumens", whole=True).read("2")
    assert found == 2
    assert isinstance(found, int)


@pytest.mark.parametrize(
    ("field", "typed", "echo"),
    [
        (DateField("d", "D"), "11/04/2026", "Wednesday 4 Nov 2026"),
        (DateField("d", "D"), "nonsense", ""),
        (TimeField("t", "T"), "205 pm", "14:05"),
        (TimeField("t", "T"), "14:05", ""),
        (DateTimeField("d", "D"), "2026-11-24 14:05", "Tuesday 24 Nov 2026, 14:05"),
    ],
)
def test_what_was_understood_is_echoed(field: Any, typed: str, echo: str) -> None:
    assert field.echo(typed) == echo


def test_fields_write_what_they_read() -> None:
    zone = DateTimeField("d", "D", zone=CHICAGO)
    moment = read_datetime("24 Nov 2026 14:05", CHICAGO)
    assert zone.read(zone.write(moment)) == moment
    assert DateField("d", "D").write(DAY) == write_date(DAY) == "24 Nov 2026"
    choice = ChoiceField("c", "C", choices=[("F", "Female"), ("M", "Male")])
    assert choice.read(choice.write("F")) == "F"
    assert choice.read("") is None
    with pytest.raises(Unreadable, match="no longer"):
        choice.read("Gone")
    many = MultiChoiceField("m", "M", choices=["a", "b", "c"])
    assert many.read(many.write(("c", "a"))) == ("a", "c")
    assert many.read("") == ()

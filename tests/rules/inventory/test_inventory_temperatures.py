"""Storage temperatures: the worked examples of USP <659>, the ends of every range, gaps, and what a draft refuses (sterile 7)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D

import pytest

from infusiondesk.inventory.rules.temperatures import (
    Disposition,
    DispositionDraft,
    Kinetic,
    Observed,
    ReadingDraft,
    Scale,
    Standing,
    Stay,
    StorageRange,
    TemperaturePolicy,
    degrees,
    excursion_words,
    in_celsius,
    kinetic,
    mean_kinetic_temperature,
)
from infusiondesk.inventory.rules.words import LocationKind

COLD = StorageRange(LocationKind.REFRIGERATOR, D(2), D(8), D(2), D(8), None, "sterile 7", "memory")
ROOM = StorageRange(LocationKind.ROOM, D(20), D(25), D(15), D(30), D(25), "sterile 7", "memory")
FREEZER = StorageRange(LocationKind.FREEZER, D(-25), D(-10), D(-25), D(-10), None, "sterile 7", "memory")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY, EXPIRY = date(2026, 11, 24), date(2027, 8, 31)
POLICY = TemperaturePolicy(25, 60, 12, 30, "USP <797>", "memory")


@pytest.mark.parametrize(
    ("stays", "expected"),
    [
        # sterile 7: [22 C x20 h, 29 C x4 h], [5 C x22, 12 C x2], [5 x20, 14 x4].
        ([(22, 20), (29, 4)], "23.59"),
        ([(5, 22), (12, 2)], "5.87"),
        ([(5, 20), (14, 4)], "7.33"),
        ([(-20, 24)], "-20.00"),
        ([(5, 1), (40, 0)], "5.00"),
    ],
)
def test_the_mean_kinetic_temperature_is_that_of_the_chapter(stays: list[tuple[int, int]], expected: str) -> None:
    assert mean_kinetic_temperature([Stay(D(celsius), D(hours)) for celsius, hours in stays]) == D(expected)


def test_no_time_has_no_mean() -> None:
    assert mean_kinetic_temperature([]) is None


@pytest.mark.parametrize(
    ("allowed", "low", "high", "standing", "words"),
    [
        (COLD, "2", "8", Standing.INSIDE, ""),
        (COLD, "2", "8.001", Standing.OUTSIDE, "8.001 °C: allowed is 2 to 8 °C."),
        (COLD, "1.999", "12", Standing.OUTSIDE, "1.999 °C and 12 °C: allowed is 2 to 8 °C."),
        (ROOM, "20", "25", Standing.INSIDE, ""),
        (ROOM, "19.9", "25", Standing.ALLOWED, ""),
        (ROOM, "20", "30", Standing.ALLOWED, ""),
        (ROOM, "20", "30.1", Standing.OUTSIDE, "30.1 °C: allowed is 15 to 30 °C."),
        (FREEZER, "-25", "-10", Standing.INSIDE, ""),
        (FREEZER, "-9.5", "-9.5", Standing.OUTSIDE, "−9.5 °C: allowed is −25 to −10 °C."),
    ],
)
def test_both_ends_of_a_range_are_in_it(allowed: StorageRange, low: str, high: str, standing: Standing, words: str) -> None:
    assert (allowed.standing(D(low), D(high)), excursion_words(allowed, D(low), D(high))) == (standing, words)


def test_a_range_says_itself() -> None:
    assert (ROOM.words(), FREEZER.words()) == ("20 to 25 °C", "−25 to −10 °C")
    assert degrees(D("-9.500")) == "−9.5 °C"


@pytest.mark.parametrize(
    ("typed", "scale", "celsius"), [("46.4", "F", "8"), ("14", "F", "-10"), ("46", "F", "7.778"), ("5.5", "C", "5.5")]
)
def test_fahrenheit_is_kept_in_celsius(typed: str, scale: str, celsius: str) -> None:
    assert in_celsius(D(typed), Scale(scale)) == D(celsius)


def at(hours: int, celsius: int, high: int | None = None) -> Observed:
    return Observed(NOON - timedelta(hours=hours), D(celsius), D(celsius), D(celsius if high is None else high))


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        ([], Kinetic(None, "48 hours not monitored")),
        ([at(24, 5)], Kinetic(None, "24 hours not monitored")),
        ([at(48, 5), at(24, 5), at(0, 5)], Kinetic(D("5.00"), "")),
        ([at(0, 5), at(72, 5), at(24, 5)], Kinetic(D("5.00"), "24 hours not monitored")),
        ([at(60, 5), at(40, 5), at(20, 7)], Kinetic(D("6.48"), "")),
        ([at(96, 5)], Kinetic(None, "48 hours not monitored")),
    ],
)
def test_a_gap_is_said_and_not_judged(observed: list[Observed], expected: Kinetic) -> None:
    assert kinetic(observed, NOON - timedelta(hours=48), NOON, POLICY) == expected


def test_the_highest_since_the_last_reading_counts() -> None:
    assert kinetic([at(24, 5), at(0, 5, high=12)], NOON - timedelta(hours=24), NOON, POLICY).celsius == D("12.00")


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (ReadingDraft(value=D(5), lowest=D(4), highest=D(6)), None),
        (ReadingDraft(scale="F", value=D(41)), None),
        (ReadingDraft(scale="K", value=D(278)), "scale"),
        (ReadingDraft(), "value"),
        (ReadingDraft(value=D(70)), "value"),
        (ReadingDraft(value=D(5), lowest=D(6)), "lowest"),
        (ReadingDraft(value=D(5), highest=D(4)), "highest"),
    ],
)
def test_a_reading_that_cannot_be_is_refused(draft: ReadingDraft, field: str | None) -> None:
    assert [problem.field for problem in draft.problems()] == ([field] if field else [])


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (DispositionDraft("use", "maker's letter of 24 Nov"), None),
        (DispositionDraft("destroy", "maker gives no data"), None),
        (DispositionDraft(Disposition.SHORTEN, "maker's letter", date(2026, 12, 24)), None),
        (DispositionDraft(), "disposition"),
        (DispositionDraft("use", "maker"), "source"),
        (DispositionDraft("destroy", ""), "source"),
        (DispositionDraft(Disposition.SHORTEN, "maker's letter"), "expires_on"),
        (DispositionDraft(Disposition.SHORTEN, "maker's letter", EXPIRY), "expires_on"),
        (DispositionDraft(Disposition.SHORTEN, "maker's letter", date(2026, 11, 23)), "expires_on"),
    ],
)
def test_a_disposition_says_on_whose_word(draft: DispositionDraft, field: str | None) -> None:
    assert [problem.field for problem in draft.problems(EXPIRY, TODAY)] == ([field] if field else [])

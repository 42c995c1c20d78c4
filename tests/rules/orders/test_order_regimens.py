"""On which days doses fall, as a table of regimens; how they are typed, counted and said."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.orders.rules import (
    Pattern,
    Regimen,
    Weekday,
    calendar_words,
    day_amount,
    day_doses,
    dose_days,
    doses_on,
    even_interval,
    how_often,
    shortest_interval,
    total_doses,
)
from infusiondesk.orders.rules.regimen import Step, read_numbers, read_steps, regimen_problem, step_words

FIRST = date(2026, 3, 2)  # a Monday
D = Decimal


def regimen(pattern: Pattern, last: date, **more: Any) -> Regimen:
    return Regimen(**{"pattern": pattern, "start_on": FIRST, "stop_on": last, "dose": D(100), "unit": "mg", **more})


def days(*numbers: int) -> list[date]:
    return [date(2026, 3, number) for number in numbers]


TAPER = (Step(D(60), D(24), 2), Step(D(40), D(12), 2), Step(D(20), D(24), None))
# The regimen, its days, how many doses, the shortest interval, and the words.
REGIMENS: tuple[tuple[Regimen, list[date], int, Decimal | None, str], ...] = (
    (regimen(Pattern.INTERVAL, date(2026, 3, 3), interval_hours=D(8)), days(2, 3), 6, D(8), "every 8 hours"),
    (regimen(Pattern.INTERVAL, date(2026, 3, 4), interval_hours=D(24)), days(2, 3, 4), 3, D(24), "daily"),
    (regimen(Pattern.INTERVAL, date(2026, 3, 6), interval_hours=D(36)), days(2, 3, 5, 6), 4, D(36), "every 36 hours"),
    (regimen(Pattern.INTERVAL, date(2026, 3, 16), interval_hours=D(168)), days(2, 9, 16), 3, D(168), "weekly"),
    (regimen(Pattern.CONTINUOUS, date(2026, 3, 4)), days(2, 3, 4), 3, None, "per day, continuous"),
    (regimen(Pattern.PCA, date(2026, 3, 3)), days(2, 3), 2, None, "per day at most, by PCA"),
    (
        regimen(Pattern.WEEKDAYS, date(2026, 3, 9), weekdays=(Weekday.FRI, Weekday.MON, Weekday.WED)),
        days(2, 4, 6, 9), 4, D(48), "on Monday, Wednesday and Friday",
    ),
    (
        regimen(Pattern.WEEKDAYS, date(2026, 3, 9), weekdays=(Weekday.TUE,)),
        days(3), 1, D(24), "on Tuesday",
    ),
    (
        regimen(Pattern.CYCLE, date(2026, 3, 31), cycle_days=(1, 8, 15), cycle_length=28),
        days(2, 9, 16, 30), 4, D(168), "on day 1, 8 and 15 of a cycle of 28 days",
    ),
    (
        regimen(Pattern.CYCLE, date(2026, 3, 6), cycle_days=(2,), cycle_length=3),
        days(3, 6), 2, D(72), "on day 2 of a cycle of 3 days",
    ),
    (
        regimen(Pattern.WEEKS, date(2026, 8, 31), weeks=(0, 2, 6), then_every_weeks=8),
        [FIRST, date(2026, 3, 16), date(2026, 4, 13), date(2026, 6, 8), date(2026, 8, 3)], 5, D(336),
        "in week 0, 2 and 6, then every 8 weeks",
    ),
    (regimen(Pattern.WEEKS, date(2026, 3, 20), weeks=(0, 1)), days(2, 9), 2, D(168), "in week 0 and 1"),
    (
        regimen(Pattern.WEEKS, date(2026, 3, 16), weeks=(0,), then_every_weeks=1),
        days(2, 9, 16), 3, D(168), "in week 0, then every week",
    ),
    (regimen(Pattern.STEPS, date(2026, 3, 7), steps=TAPER), days(2, 3, 4, 5, 6, 7), 8, D(12), "at first, in 3 steps"),
)  # fmt: skip


@pytest.mark.parametrize(("one", "on", "total", "shortest", "words"), REGIMENS)
def test_a_regimen_says_its_days_its_doses_and_itself(
    one: Regimen, on: list[date], total: int, shortest: Decimal | None, words: str
) -> None:
    assert dose_days(one) == on
    assert total_doses(one) == total
    assert shortest_interval(one) == shortest
    assert how_often(one) == words
    assert one.is_plain is (one.pattern in (Pattern.INTERVAL, Pattern.CONTINUOUS, Pattern.PCA))
    assert regimen_problem(one) is None
    assert doses_on(one, date(2026, 3, 1)) == () and doses_on(one, date(2027, 1, 1)) == ()


def test_a_taper_gives_each_day_the_dose_of_its_step() -> None:
    taper = regimen(Pattern.STEPS, date(2026, 3, 7), steps=TAPER)

    assert [doses_on(taper, on) for on in days(3, 4, 5, 7)] == [(D(60),), (D(40), D(40)), (D(40), D(40)), (D(20),)]
    assert [step_words(step, "mg") for step in TAPER] == [
        "60 mg daily for 2 days", "40 mg every 12 hours for 2 days", "20 mg daily to the last day",
    ]  # fmt: skip


def test_a_taper_whose_steps_fill_the_order_to_the_day_is_right() -> None:
    assert regimen_problem(regimen(Pattern.STEPS, date(2026, 3, 5), steps=TAPER[:2])) is None


WEEKLY_MONDAY = regimen(Pattern.WEEKDAYS, date(2026, 3, 31), weekdays=(Weekday.MON,))


@pytest.mark.parametrize(
    ("one", "even", "doses", "most"),
    [
        (regimen(Pattern.INTERVAL, date(2026, 3, 7), interval_hours=D(8)), D(8), D(3), D(300)),
        (regimen(Pattern.INTERVAL, date(2026, 3, 7), interval_hours=D(48)), D(48), D(1), D(100)),
        (regimen(Pattern.CONTINUOUS, date(2026, 3, 7)), None, D(1), D(100)),
        (WEEKLY_MONDAY, D(168), D(1), D(100)),
        (regimen(Pattern.STEPS, date(2026, 3, 7), steps=TAPER), None, D(2), D(80)),
        (regimen(Pattern.STEPS, date(2026, 3, 5), steps=(Step(D(60), D(12), 2), Step(D(40), D(12), 2))), D(12), D(2), D(120)),
        (regimen(Pattern.STEPS, date(2026, 3, 5), steps=(Step(D(60), D(24), 2), Step(D(20), D(8), 2))), None, D(3), D(60)),
    ],
)
def test_a_day_is_judged_by_the_one_with_the_most(one: Regimen, even: Decimal | None, doses: Decimal, most: Decimal) -> None:
    assert (even_interval(one), day_doses(one), day_amount(one)) == (even, doses, most)


def test_a_taper_that_ends_early_leaves_the_rest_without_a_dose() -> None:
    short = regimen(Pattern.STEPS, date(2026, 3, 7), steps=TAPER[:2])

    assert doses_on(short, date(2026, 3, 6)) == ()


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (regimen(Pattern.CONTINUOUS, date(2026, 3, 4)), "3 days"),
        (regimen(Pattern.INTERVAL, date(2026, 3, 3), interval_hours=D(12)), "4 doses, every day"),
        (
            regimen(Pattern.WEEKS, date(2026, 4, 20), weeks=(0, 2, 6)),
            "3 doses. Mar 2026: 2, 16; Apr 2026: 13",
        ),
        (regimen(Pattern.WEEKDAYS, date(2026, 3, 3), weekdays=(Weekday.SUN,)), "no dose falls into these days"),
    ],
)
def test_the_calendar_of_doses_is_said_by_month(one: Regimen, words: str) -> None:
    assert calendar_words(one) == words


WRONG: tuple[tuple[Regimen, str, str], ...] = (
    (regimen(Pattern.CYCLE, date(2026, 3, 31), cycle_days=(1, 22), cycle_length=21), "cycle_days", "Day 22 lies outside"),
    (regimen(Pattern.STEPS, date(2026, 3, 7), steps=TAPER[:2]), "steps",
     "The steps are 4 days, from the first to the last day there are 6."),
    (regimen(Pattern.STEPS, date(2026, 3, 5), steps=TAPER), "steps", "fill 4 days: nothing is left"),
    (regimen(Pattern.WEEKDAYS, date(2026, 3, 3), weekdays=(Weekday.SUN,)), "stop_on", "No dose falls between"),
)  # fmt: skip


@pytest.mark.parametrize(("one", "field", "words"), WRONG)
def test_a_schedule_that_contradicts_itself_is_said_at_its_field(one: Regimen, field: str, words: str) -> None:
    found = regimen_problem(one)

    assert found is not None
    assert found[0] == field
    assert words in found[1]


@pytest.mark.parametrize(
    ("typed", "numbers"), [("1, 8, 15", (1, 8, 15)), ("1;8", (1, 8)), (" 1 8 ", (1, 8)), ("1,8,", (1, 8)), ("0001, 366", (1, 366))]
)
def test_days_are_read_as_they_are_typed(typed: str, numbers: tuple[int, ...]) -> None:
    assert read_numbers("cycle_days", typed, 1) == numbers


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "cannot be read"),
        ("1, x", "cannot be read"),
        ("1-8", "cannot be read"),
        ("8, 1", "rise"),
        ("1, 1", "rise"),
        ("0, 8", "begin at 1"),
        ("1, 367", "no number is more than 366"),
        ("1, 500000", "no number is more than 366"),
        ("1, " + "9" * 5000, "no number is more than 366"),
    ],
)
def test_days_that_cannot_be_read_are_refused_in_a_sentence(typed: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        read_numbers("cycle_days", typed, 1)
    assert refused.value.field == "cycle_days"


def test_steps_are_read_as_they_are_typed() -> None:
    typed = "1,000 mg daily for 3 days\n\n500 every 12 hours for 1 day\n250.5 mg"

    assert read_steps(typed, "mg") == (Step(D(1000), D(24), 3), Step(D(500), D(12), 1), Step(D("250.5"), D(24), None))
    assert read_steps("0.00010 mg every 6.50 hours for 366 days", "mg") == (Step(D("0.0001"), D("6.5"), 366),)
    assert read_steps("1,234,000.25 units daily", "units") == (Step(D("1234000.25"), D(24), None),)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (" \n", "one step a line"),
        ("sixty daily", "Step 1, “sixty daily”, cannot be read"),
        ("60 mcg daily for 3 days", "Step 1 is in mcg, the order in mg"),
        ("60 mg daily\n40 mg daily for 2 days", "Step 1 says no days"),
        ("60 mg for 0 days", "more than zero"),
        ("0 mg for 2 days", "more than zero"),
        ("6.0.0 mg for 2 days", "6.0.0 is not read"),
        ("0,5 mg daily", "Step 1, “0,5 mg daily”: 0,5 is not read; write a comma only between thousands"),
        ("2 mg daily for 1 day\n1,5 mg daily", "Step 2, “1,5 mg daily”: 1,5 is not read"),
        ("0,500 mg daily", "0,500 is not read"),
        ("1,00 mg daily", "1,00 is not read"),
        ("1,000,5 mg daily", "1,000,5 is not read"),
        ("1.000,5 mg daily", "1.000,5 is not read"),
        (".5 mg daily", ".5 is not read"),
        ("60 mg every 6.0.0 h", "a number that cannot be read"),
        ("60 mg daily for 99999999999 days", "an order runs for 366 days at most"),
        (f"60 mg daily for {'9' * 5000} days", "an order runs for 366 days at most"),
        ("60 mg daily for 367 days", "an order runs for 366 days at most"),
        ("60 mg every 8785 hours", "an order runs for 366 days at most"),
        ("60 mg daily for 300 days\n40 mg daily for 67 days", "The steps fill more than the 366 days"),
        ("0.00001 mg daily", "a dose keeps 4 places after the point"),
        ("60 mg every 0.001 hours", "hours keep 2 places after the point"),
    ],
)
def test_steps_that_cannot_be_read_are_refused_in_a_sentence(typed: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        read_steps(typed, "mg")
    assert refused.value.field == "steps"

"""A dose against the ranges that a source names: unit arithmetic, whom a range is for, and what is said where none judges."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infusiondesk.interactions.rules.doses import DoseUnit, UsualDose, dose_words
from infusiondesk.interactions.rules.editing import RuleDraft
from infusiondesk.interactions.rules.knowledge import Row
from infusiondesk.interactions.rules.rows import RowKind
from infusiondesk.orders.rules import Body, OrderDraft, Pattern, Working
from infusiondesk.orders.rules.usual import in_unit
from infusiondesk.orders.rules.work_out import work_out
from infusiondesk.patients.rules.facts import MeasurementFacts
from infusiondesk.patients.rules.words import MeasuredHow, MeasurementKind, Sex

D = Decimal
TODAY = date(2026, 3, 2)
LABEL = Row("a label", "label", is_signed=True, key="own-1", version="v1", signed_by="ZZTEST Pharmacist")
RANGE = UsualDose("ceftazidime", "mg/kg", D(30), D(50), LABEL)
NOTHING = dict.fromkeys(("route", "age_from", "age_below", "clearance_from", "clearance_below"), "")
AMOUNTS = st.decimals(min_value=D("0.001"), max_value=D(100_000), places=3)


def measured(kind: MeasurementKind, value: str) -> MeasurementFacts:
    return MeasurementFacts(UUID(int=1), kind, D(value), TODAY, MeasuredHow.MEASURED)


def body(weight: str | None = "80", height: str | None = "180", age: int = 50) -> Body:
    weighed = measured(MeasurementKind.WEIGHT, weight) if weight else None
    tall = measured(MeasurementKind.HEIGHT, height) if height else None
    return Body(TODAY, age, Sex.MALE, weighed, tall, None)


def order(**more: Any) -> OrderDraft:
    plain = OrderDraft(dose_amount=D(2000), interval_hours=D(8), start_on=TODAY, stop_on=date(2026, 3, 9))
    return replace(plain, **more)


def judged(*rows: UsualDose, size: Body | None = None, clearance: Decimal | None = None, **more: Any) -> Working:
    return work_out(order(**more), size or body(), "ceftazidime", "", rows, clearance)


def warned(working: Working) -> list[str]:
    return [line.words for line in working.lines if line.level == "WARN"]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("mg", ("mg", "", "")), ("g/m2", ("g", "m2", "")), ("mcg/kg/min", ("mcg", "kg", "min")), ("units/h", ("units", "", "h")),
        (" mEq/day ", ("mEq", "", "day")), ("mL/kg/day", ("mL", "kg", "day")),
        ("mg/lb", None), ("tablets", None), ("mg/min/kg", None), ("", None), ("MG", None), ("mg/kg/week", None),
    ],
)  # fmt: skip
def test_a_unit_is_taken_apart_or_refused(text: str, unit: tuple[str, str, str] | None) -> None:
    assert DoseUnit.read(text) == (DoseUnit(*unit) if unit else None)


@pytest.mark.parametrize(
    ("unit", "more", "given_in_it"),
    [
        ("mg", {}, "2000"), ("g", {}, "2"), ("mcg/kg", {}, "25000"), ("mg/day", {}, "6000"), ("mg/kg/day", {}, "75"),
        ("mg/day", {"interval_hours": D(48)}, "2000"), ("mg/day", {"interval_hours": None}, None),
        ("mg/day", {"start_on": None}, None), ("mg/day", {"stop_on": None}, None),
        ("mg/day", {"pattern": Pattern.STEPS.value, "steps": "40 mg daily for 2 days\n20 mg daily", "interval_hours": None}, "40"),
        ("mg/day", {"pattern": Pattern.STEPS.value, "steps": "some", "interval_hours": None}, None),
        ("mg/min", {}, None), ("mg/h", {}, None), ("units", {}, None), ("mEq", {}, None),
        ("mg/h", {"pattern": Pattern.CONTINUOUS.value, "interval_hours": None, "dose_amount": D(2400)}, "100"),
        ("mg/min", {"pattern": Pattern.CONTINUOUS.value, "interval_hours": None, "dose_amount": D(1440)}, "1"),
        ("mg/day", {"pattern": Pattern.CONTINUOUS.value, "interval_hours": None}, "2000"),
        ("mg", {"pattern": Pattern.CONTINUOUS.value, "interval_hours": None}, None),
    ],
)  # fmt: skip
def test_a_dose_is_brought_to_the_unit_of_the_range(unit: str, more: dict[str, Any], given_in_it: str | None) -> None:
    read, made = DoseUnit.read(unit), order(**more)
    assert read is not None
    found = in_unit(read, made.dose_amount or D(0), made, D(80) if read.size else D(1))
    assert found == (D(given_in_it) if given_in_it else None)


@given(amount=AMOUNTS, size=st.decimals(min_value=D(1), max_value=D(300), places=1))
def test_units_of_one_thing_say_the_same_dose(amount: Decimal, size: Decimal) -> None:
    made = order(dose_amount=amount)

    def of(unit: str) -> Decimal:
        read = DoseUnit.read(unit)
        found = in_unit(read, amount, made, size) if read else None
        assert found is not None
        return found

    assert of("g/kg") * 1000 == pytest.approx(of("mg/kg"))
    assert of("mg/kg") * 1000 == pytest.approx(of("mcg/kg"))
    assert of("mg/kg/day") == pytest.approx(of("mg/kg") * 3)
    assert of("mg/kg") * size == pytest.approx(amount)


@given(amount=AMOUNTS)
def test_by_the_minute_by_the_hour_and_of_the_day_are_one_rate(amount: Decimal) -> None:
    made = order(dose_amount=amount, pattern=Pattern.CONTINUOUS.value, interval_hours=None)
    rates = [in_unit(DoseUnit("mg", "", time), amount, made, D(1)) for time in ("min", "h", "day")]
    assert None not in rates
    assert [rate * times for rate, times in zip(rates, (1440, 24, 1), strict=True) if rate is not None] == [
        pytest.approx(amount)
    ] * 3


@pytest.mark.parametrize(
    ("dose", "warned_of", "is_asked"),
    [
        (2400, 0, False), (4000, 0, False), (2399, 1, False), (4001, 1, False), (39_999, 1, False), (40_000, 1, True),
        (240, 1, True), (241, 1, False),
    ],
)  # fmt: skip
def test_outside_is_remarked_and_ten_times_outside_is_asked_back(dose: int, warned_of: int, is_asked: bool) -> None:
    working = judged(RANGE, dose_amount=D(dose))
    assert (len(warned(working)), len(working.outside), bool(working.doubts)) == (warned_of, warned_of, is_asked)
    assert working.gaps == []
    assert working.ranges_read == [RANGE]


def test_a_remark_says_the_range_its_source_and_who_signed() -> None:
    (told,) = warned(judged(RANGE, dose_amount=D(8000)))
    assert told == "100 mg/kg is outside the usual 30 to 50 mg/kg (a label); the row is signed by ZZTEST Pharmacist."
    (told,) = warned(judged(replace(RANGE, row=Row("a label")), dose_amount=D(8000)))
    assert told.endswith("; nobody has signed the row.")


@pytest.mark.parametrize(("dose", "is_warned"), [(4800, False), (5280, False), (5281, True), (4320, False), (4319, True)])
def test_of_a_single_usual_dose_ten_percent_either_way_is_rounding(dose: int, is_warned: bool) -> None:
    single = replace(RANGE, low=D(60), high=D(60))
    assert bool(warned(judged(single, dose_amount=D(dose)))) is is_warned


def gap_of(*rows: UsualDose, **more: Any) -> str:
    (gap,) = judged(*rows, **more).gaps
    return gap.removeprefix("The dose of cefTAZidime was not judged ")


def test_what_was_not_judged_is_said_once_and_why() -> None:
    by_kg_day = replace(RANGE, unit="mg/kg/day", low=D(1), high=D(100))
    by_surface = replace(RANGE, unit="mg/m2")
    assert gap_of() == "by weight, age or kidney function: no range with a source is on file."
    assert gap_of(replace(RANGE, ingredient="cefazolin")).endswith("no range with a source is on file.")
    assert gap_of(replace(RANGE, route="im")) == "by the ranges on file: none of them is for this route at 50 years."
    assert gap_of(replace(RANGE, age_below=D(18))).endswith("at 50 years.")
    assert gap_of(RANGE, by_kg_day, size=body(None)) == "by weight: no weight is on file."
    assert gap_of(by_surface, size=body(height=None)) == "by body surface: no weight and height that give one are on file."
    assert gap_of(by_surface, size=body(weight=None)).startswith("by body surface")
    assert gap_of(replace(RANGE, unit="units/kg")) == ("by the range on file: it is in units/kg, and the order does not give that.")
    assert judged(RANGE, replace(RANGE, unit="units/kg")).gaps == []
    assert judged(by_surface, dose_amount=D(80)).gaps == []


@pytest.mark.parametrize(("route", "age", "fits"), [("", 50, True), ("iv", 50, True), ("sc", 50, False), ("iv", 17, False)])
def test_only_a_range_of_the_route_and_the_age_judges(route: str, age: int, fits: bool) -> None:
    row = replace(RANGE, route=route, age_from=D(18), age_below=D(90))
    assert bool(warned(judged(row, size=body(age=age), dose_amount=D(8000)))) is fits
    assert not warned(judged(row, size=body(age=90), dose_amount=D(8000)))


def test_a_spinal_route_is_called_by_the_short_word_of_the_table() -> None:
    assert judged(replace(RANGE, route="it"), route="intrathecal").gaps == []


def test_by_kidney_function_the_range_of_the_clearance_judges_and_without_one_none_does() -> None:
    whole = replace(RANGE, unit="mg", low=D(1000), high=D(2000), clearance_from=D(50))
    low = replace(RANGE, unit="mg", low=D(500), high=D(1000), clearance_from=D(10), clearance_below=D(50))
    assert warned(judged(whole, low, clearance=D(50))) == []
    assert len(warned(judged(whole, low, clearance=D("49.9")))) == 1
    assert gap_of(whole, low, clearance=D("9.96")) == (
        "by kidney function: no range on file is for a creatinine clearance of 10 mL/min."
    )
    working = judged(whole, low, dose_amount=D(90_000))
    assert (warned(working), working.doubts) == ([], [])
    assert working.gaps[0].endswith("by kidney function: the ranges on file differ by creatinine clearance, and none is on file.")
    anybody = replace(RANGE, unit="mg", low=D(1), high=D(100))
    assert "1 to 100 mg" in warned(judged(low, anybody, clearance=D(60)))[0]
    assert "500 to 1,000 mg" in warned(judged(low, anybody, clearance=D(20)))[0]


def test_milrinone_keeps_its_own_rule() -> None:
    usual = (UsualDose("milrinone", "mcg/kg/min", D("0.375"), D("0.75"), LABEL),)
    made = order(dose_amount=D(104), pattern=Pattern.CONTINUOUS.value, interval_hours=None)
    working = work_out(made, body(), "milrinone", "inotrope", usual)
    assert [(line.level, line.rule) for line in working.lines] == [("HOLD", "R40")]
    assert working.outside == []


GOOD = {"side_a": "vancomycin", "unit": "mg/kg", "low": "15", "high": "20", "source": "label 2026", "status": "label"}


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({}, []),
        ({"low": "0", "route_a": "iv", "age_from": "18", "age_below": "65", "clearance_below": "29.5"}, []),
        ({"side_a": ""}, ["side_a"]), ({"side_a": "@aminoglycoside"}, ["side_a"]), ({"side_a": "a; b"}, ["side_a"]),
        ({"unit": "mg per kg"}, ["unit"]), ({"low": "-1"}, ["low"]), ({"low": ""}, ["low"]), ({"high": "0"}, ["high"]),
        ({"high": "much"}, ["high"]), ({"low": "21"}, ["high"]), ({"low": "x", "high": "y"}, ["low", "high"]),
        ({"route_a": "by ear"}, ["route_a"]), ({"age_from": "0.5"}, ["age_from"]), ({"age_below": "121"}, ["age_below"]),
        ({"age_from": "65", "age_below": "18"}, ["age_below"]), ({"clearance_from": "thirty"}, ["clearance_from"]),
        ({"clearance_from": "30", "clearance_below": "30"}, ["clearance_below"]), ({"source": " "}, ["source"]),
    ],
)  # fmt: skip
def test_a_range_that_makes_no_sense_is_named_at_its_field(typed: dict[str, str], fields: list[str]) -> None:
    both: dict[str, Any] = {**GOOD, **typed}
    assert [problem.field for problem in RuleDraft(kind=RowKind.DOSE, **both).problems()] == fields


@pytest.mark.parametrize("wrong", [{"low": "-1"}, {"high": ""}, {"unit": "spoons"}, {"age_from": "old"}])
def test_a_row_of_the_table_that_nothing_reads_is_refused(wrong: dict[str, str]) -> None:
    fields = {"ingredient": "vancomycin", "unit": "mg", "low": "1", "high": "2", **NOTHING, **wrong}
    with pytest.raises(ValueError, match=r"no range|no number"):
        UsualDose.of(fields, LABEL)


def test_a_range_reads_as_its_row_says_it() -> None:
    fields = {"ingredient": "vancomycin", "unit": "mg/kg", "low": "15", "high": "20", **NOTHING}
    assert dose_words(fields) == "15 to 20 mg/kg per dose"
    more = {"route": "iv", "age_from": "18", "clearance_below": "30", "high": "15", "unit": "mg/kg/day"}
    assert dose_words({**fields, **more}) == "15 mg/kg/day, iv, from 18 years, below 30 mL/min creatinine clearance"
    bounds = {"age_from": "1", "age_below": "18", "clearance_from": "30"}
    assert dose_words({**fields, **bounds, "unit": "odd"}) == (
        "15 to 20 odd, from 1 to below 18 years, from 30 mL/min creatinine clearance"
    )
    read = UsualDose.of({**fields, **more}, LABEL)
    assert (read.span, read.is_by_clearance, read.age_from) == ("15 mg/kg/day", True, D(18))

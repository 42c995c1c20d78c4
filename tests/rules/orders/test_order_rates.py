"""A dose by the rise that is wanted, and a rate in steps: what is worked out, what is refused, what is held against the label."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from infusiondesk.orders.rules import OrderDraft
from infusiondesk.orders.rules.programs import rate_words
from infusiondesk.orders.rules.work_out import work_out
from infusiondesk.orders.rules.working import Body, Working
from tests.rules.orders.test_order_working import body

D = Decimal
GLOBULIN: dict[str, Any] = {"dose_amount": D(40), "dose_unit": "g", "volume_ml": D(400), "interval_hours": D(672)}
CLIMB = "0.5 mL/kg/h for 30 min\n1 mL/kg/h for 30 min\n2 mL/kg/h to the end"


def worked(ingredient: str, therapy: str, size: Body | None = None, **draft: Any) -> Working:
    return work_out(OrderDraft(**draft), size or body(), ingredient, therapy)


def said(working: Working, level: str = "") -> str:
    return " ".join(line.words for line in working.lines if line.level == level)


@pytest.mark.parametrize(
    ("ingredient", "rise", "dose"), [("factor viii", "40", "1600"), ("factor ix", "40", "3200"), ("factor viii", "0.5", "20")]
)
def test_units_follow_from_weight_rise_and_factor(ingredient: str, rise: str, dose: str) -> None:
    working = worked(ingredient, "factor", dose_unit="units", desired_rise_percent=D(rise))

    assert working.problem is None
    assert (working.dose_amount, working.weight_kg, working.weight_on) == (D(dose), D(80), date(2026, 3, 1))
    assert "80 kg x" in said(working) and "from memory" in said(working)


def test_the_units_are_rounded_to_vials_and_asked_back_beyond_ten_percent() -> None:
    vials: dict[str, Any] = {"dose_unit": "units", "desired_rise_percent": D(40), "round_to": D(1000)}
    working = worked("factor viii", "factor", **vials)

    assert working.dose_amount == D(2000)
    assert "25% more than worked out" in working.doubts[0].question


@pytest.mark.parametrize(
    ("ingredient", "draft", "field", "words"),
    [
        ("ceftriaxone", {"dose_unit": "units"}, "desired_rise_percent", "factor VIII and factor IX only, not for ceftriaxone"),
        ("factor viii", {"dose_unit": "mg"}, "dose_unit", "A rise is ordered in units"),
        ("factor viii", {"dose_unit": "units", "ordered_dose": D(25), "ordered_unit": "units/kg"}, "ordered_dose", "not by both"),
    ],
)
def test_a_rise_that_cannot_be_worked_out_is_refused(ingredient: str, draft: dict[str, Any], field: str, words: str) -> None:
    problem = worked(ingredient, "factor", desired_rise_percent=D(40), **draft).problem

    assert problem is not None and problem.field == field and words in problem.sentence


def test_a_rise_without_a_weight_is_refused_and_stops_where_the_dose_was_typed() -> None:
    rise: dict[str, Any] = {"dose_unit": "units", "desired_rise_percent": D(40)}
    without = worked("factor viii", "factor", body(None), **rise)
    assert without.problem is not None and "no weight is recorded" in without.problem.sentence
    typed = worked("factor viii", "factor", body(None), **rise, dose_amount=D(2000))
    assert typed.problem is None and [(line.level, line.rule) for line in typed.lines] == [("STOP", "R39")]


def test_steps_become_ml_per_hour_and_minutes_of_this_patient() -> None:
    working = worked("gammagard liquid", "immune_globulin", **GLOBULIN, rate_steps=CLIMB)

    assert working.problem is None
    assert working.rate_plan == "40 mL/h for 30 min, then 80 mL/h for 30 min, then 160 mL/h for 128 min"  # 20 + 40 + 340 mL
    assert (working.rate_minutes, working.weight_kg) == (D(188), D(80))
    assert working.gaps == [
        "The dose of gammagard liquid was not judged by weight, age or kidney function: no range with a source is on file."
    ]
    assert "HOLD" not in {line.level for line in working.lines}
    again = worked("privigen", "immune_globulin", **GLOBULIN, rate_steps="0.5 mg/kg/min for 60 min\n8 MG/KG/MIN to the end")
    assert again.rate_plan.startswith("24 mL/h for 60 min, then 384 mL/h")
    plain = worked("hizentra", "immune_globulin", body(None), **GLOBULIN, rate_steps="100 mL/h")
    assert plain.rate_plan == "100 mL/h for 240 min"
    assert plain.gaps[0] == "No rate of a label is on file for hizentra: its steps were not judged."


@pytest.mark.parametrize(
    ("ingredient", "steps", "warned", "held"),
    [
        ("gammagard liquid", "0.5 mL/kg/h for 30 min\n5.5 mL/kg/h", "", "The largest step, 5.5 mL/kg/h, is above the label's 5"),
        ("gammagard liquid", "1 mL/kg/h", "The first step, 1 mL/kg/h, is above the label's 0.5 (Gammagard Liquid, PI, GGL)", ""),
        ("privigen", "0.3 mL/kg/h for 30 min\n5 mL/kg/h", "", "The largest step, 8.33 mg/kg/min, is above the label's 8 (Privigen"),
        ("ivig", "0.3 mL/kg/h for 30 min\n9 mL/kg/h", "", ""),
        ("privigen", "0.3 mL/kg/h for 30 min\n4.8 mL/kg/h", "", ""),
    ],
)
def test_a_step_above_the_label_is_held(ingredient: str, steps: str, warned: str, held: str) -> None:
    working = worked(ingredient, "immune_globulin", **GLOBULIN, rate_steps=steps)

    assert bool(said(working, "WARN")) is bool(warned) and warned in said(working, "WARN")
    assert bool(said(working, "HOLD")) is bool(held) and held in said(working, "HOLD")


@pytest.mark.parametrize(
    ("steps", "more", "words"),
    [
        ("fast for 30 min", {}, "Step 1 of the rate, “fast for 30 min”, cannot be read"),
        ("0.5 mL/kg/min for 30 min", {}, "cannot be read"),
        ("0,5 mL/kg/h for 30 min", {}, "cannot be read"),
        ("0 mL/h for 30 min", {}, "rate and minutes are more than zero"),
        ("0.5 mL/kg/h\n1 mL/kg/h", {}, "Step 1 of the rate says no minutes"),
        ("100 mL/h for 60 min", {}, "These steps give 100 mL, not the 400 mL of the dose"),
        ("400 mL/h for 60 min\n10 mL/h", {}, "are given before step 2 of the rate"),
        ("1 mL/h", {}, "do not fit between the doses"),
        ("1 mg/kg/min", {"dose_unit": "units"}, "needs a dose in mg or g"),
        ("1 mL/kg/h", {"volume_ml": None}, "Enter the volume, or the concentration"),
        ("\n".join(["1 mL/h for 1 min"] * 13), {}, "Write one to 12 steps"),
    ],
)
def test_steps_that_make_no_infusion_are_refused(steps: str, more: dict[str, Any], words: str) -> None:
    problem = worked(
        "gammagard liquid", "immune_globulin", **{**GLOBULIN, "interval_hours": D(48), **more}, rate_steps=steps
    ).problem

    assert problem is not None and problem.field == "rate_steps"
    assert words in problem.sentence


def test_a_rate_by_weight_without_a_weight_is_refused() -> None:
    problem = worked("privigen", "immune_globulin", body(None), **GLOBULIN, rate_steps=CLIMB).problem
    assert problem is not None and "no weight is recorded" in problem.sentence


def test_rate_and_time_stand_in_the_steps_only() -> None:
    draft = OrderDraft(**GLOBULIN, rate_steps=CLIMB, rate_ml_per_h=D(50), infusion_minutes=D(90), method="IV push")
    fields = {problem.field for problem in draft.problems()}
    assert {"rate_ml_per_h", "infusion_minutes", "method"} <= fields
    assert OrderDraft(**GLOBULIN, rate_steps=CLIMB).figures().of("rate_ml_per_h") is None  # no average is read as a rate


def test_the_pump_is_set_to_the_steps() -> None:
    class Kept:
        rate_plan, is_cycled, volume_ml, infusion_minutes, rate_ml_per_h = "40 mL/h for 30 min", False, D(400), D(30), None

    assert rate_words(Kept()) == "40 mL/h for 30 min"

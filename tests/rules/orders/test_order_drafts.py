"""What each kind of order needs while it is typed, and what belongs to an order besides the drug; as tables."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from infusiondesk.interactions.exchange import reference_knowledge
from infusiondesk.orders.exchange import lab_protocols, order_parts
from infusiondesk.orders.rules import Method, OrderDraft, QuestionDraft, ReceivedBy, regimen_of
from infusiondesk.orders.rules.parts import FlushMethod, LabProtocol, flush_words, proposed, supplies
from infusiondesk.patients.rules.words import DeviceType

AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
D = Decimal


def draft(**more: Any) -> OrderDraft:
    known: dict[str, Any] = {
        "drug_id": UUID(int=1), "prescriber_id": UUID(int=2), "dose_amount": D(2), "dose_unit": "g", "interval_hours": D(24),
        "infusion_minutes": D(30), "method": Method.ELECTRIC_PUMP.value, "volume_ml": D(100), "start_on": date(2026, 3, 2),
        "stop_on": date(2026, 3, 16), "indication": "osteomyelitis", "received_by": ReceivedBy.FAX.value, "received_at": AT,
    }  # fmt: skip
    return OrderDraft(**{**known, **more})


NOT_PLAIN = {"interval_hours": None}
WEEKDAYS = {**NOT_PLAIN, "pattern": "on days of the week"}
CYCLE = {**NOT_PLAIN, "pattern": "on days of a cycle"}
WEEKS = {**NOT_PLAIN, "pattern": "in weeks from the first, then every"}
STEPS = {**NOT_PLAIN, "pattern": "in steps (taper)", "dose_amount": None, "dose_unit": "mg", "volume_ml": None}
PCA = {**NOT_PLAIN, "pattern": "patient-controlled (PCA)", "dose_amount": None, "infusion_minutes": None}
KIT = ("epinephrine vials",)

COMPLETE: tuple[dict[str, Any], ...] = (
    {**WEEKDAYS, "weekdays": ("Monday", "Friday")},
    {**CYCLE, "cycle_days": "1, 8", "cycle_length": 21},
    {**WEEKS, "weeks": "0, 2", "then_every_weeks": 8},
    {**STEPS, "steps": "60 mg daily for 10 days\n30 mg daily"},
    {**STEPS, "steps": "60 mg daily for 10 days\n30 mg daily", "dose_amount": D(60)},
    {**PCA, "pca_bolus": D(1), "pca_lockout_minutes": D(10)},
    {"dose_amount": None, "ordered_dose": D(8), "ordered_unit": "mg/kg"},
    {"dose_amount": None, "dose_unit": "mL", "amino_acid_g": D(80), "sodium_meq": D(0)},
    {"flush_method": "SASH", "flush": "sodium chloride 0.9%", "flush_ml": D(10), "heparin_units_per_ml": D(10), "heparin_ml": D(5)},
    {"flush_method": "SAS", "flush": "sodium chloride 0.9%", "flush_ml": D(3)},
    {"flush_method": "no flush"},
    {"anaphylaxis_kit": True, "kit": KIT},
)


@pytest.mark.parametrize("more", COMPLETE)
def test_every_kind_of_order_can_be_complete(more: dict[str, Any]) -> None:
    assert draft(**more).problems() == []


SASH = {"flush_method": "SASH", "flush": "saline", "flush_ml": D(9), "heparin_units_per_ml": D(-1), "heparin_ml": D(5)}
# What was typed before something else was chosen, and a field of it that no longer counts, with what stands in its place.
HIDDEN: tuple[tuple[dict[str, Any], str, Any], ...] = (
    (SASH | {"flush_method": "SAS"}, "heparin_ml", None),
    (SASH | {"flush_method": "no flush"}, "flush", ""),
    ({"kit": KIT}, "kit", ()),
    ({"pca_bolus": D(-1), "pca_lockout_minutes": D(10)}, "pca_bolus", None),
    ({"pattern": "continuous", "infusion_minutes": None}, "interval_hours", None),
    ({"steps": "sixty", "weekdays": ("Monday",), "cycle_length": -1}, "weekdays", ()),
    ({"round_to": D(-5), "weight_used": "dry"}, "weight_used", ""),
    ({"is_cycled": True, "rate_ml_per_h": D(200), "additives": "insulin 10 units"}, "is_cycled", False),
    ({"caller": "Dr ZZTEST", "read_back": True}, "read_back", False),
)


@pytest.mark.parametrize(("more", "field", "instead"), HIDDEN)
def test_what_was_typed_for_another_choice_neither_refuses_nor_is_kept(more: dict[str, Any], field: str, instead: Any) -> None:
    one = draft(**more)

    assert one.problems() == []
    assert getattr(one.as_it_applies(), field) == instead
    assert one.as_it_applies().as_it_applies() == one.as_it_applies()


def test_a_bag_of_nutrition_keeps_its_cycle_also_without_ingredients() -> None:
    assert draft(is_cycled=True, additives="vitamins 10 mL").as_it_applies("tpn").is_cycled
    assert draft(is_cycled=True, amino_acid_g=D(80)).as_it_applies().is_cycled


MISSING: tuple[tuple[dict[str, Any], str, str], ...] = (
    (WEEKDAYS, "weekdays", "at least one day"),
    (CYCLE | {"cycle_length": 21}, "cycle_days", "such as 1, 8, 15"),
    (CYCLE | {"cycle_days": "1"}, "cycle_length", "how many days a cycle has"),
    (CYCLE | {"cycle_days": "x", "cycle_length": 21}, "cycle_days", "cannot be read"),
    (CYCLE | {"cycle_days": "22", "cycle_length": 21}, "cycle_days", "outside a cycle"),
    (CYCLE | {"cycle_days": "1", "cycle_length": 500000}, "cycle_length", "1 to 366 days"),
    (CYCLE | {"cycle_days": "1", "cycle_length": -3}, "cycle_length", "1 to 366 days"),
    (WEEKS, "weeks", "such as 0, 2, 6"),
    (WEEKS | {"weeks": "0, 500000"}, "weeks", "no number is more than 366"),
    (WEEKS | {"weeks": "0", "then_every_weeks": 500000}, "then_every_weeks", "1 to 366 weeks"),
    (WEEKS | {"weeks": "0", "then_every_weeks": 0}, "then_every_weeks", "1 to 366 weeks"),
    (STEPS | {"steps": "60 mg daily for 99999999999 days"}, "steps", "366 days at most"),
    (STEPS, "steps", "one step a line"),
    (STEPS | {"steps": "60 mg daily", "dose_amount": D(50)}, "dose_amount", "stand in the steps"),
    (STEPS | {"steps": "60 mg every 1 hours", "infusion_minutes": D(90)}, "infusion_minutes", "does not fit between"),
    (PCA | {"pca_lockout_minutes": D(10), "dose_amount": D(9)}, "pca_bolus", "Enter the bolus"),
    (PCA | {"pca_bolus": D(1)}, "pca_lockout_minutes", "a bolus needs one"),
    (PCA | {"pca_bolus": D(1), "pca_lockout_minutes": D(5), "method": "gravity"}, "method", "by an electric pump"),
    (PCA | {"pca_bolus": D(1), "pca_lockout_minutes": D(5), "pca_basal": D(-1)}, "pca_basal", "less than zero"),
    ({"ordered_dose": D(8)}, "ordered_unit", "such as mg/kg"),
    ({"ordered_dose": D(-8), "ordered_unit": "mg/kg"}, "ordered_dose", "more than zero"),
    ({"sodium_meq": D(-1)}, "sodium_meq", "less than zero"),
    ({"rate_ml_per_h": D(100)}, "rate_ml_per_h", "give 1 g, not the 2 g ordered"),
    ({"flush_method": "SAS", "flush_ml": D(3)}, "flush", "the fluid of the flush"),
    ({"flush_method": "SAS", "flush": "sodium chloride 0.9%"}, "flush_ml", "volume of each flush"),
    ({"flush_method": "SASH", "flush": "saline", "flush_ml": D(9), "heparin_ml": D(5)}, "heparin_units_per_ml", "units per mL"),
    ({"flush_method": "SASH", "flush": "saline", "flush_ml": D(9), "heparin_units_per_ml": D(5)}, "heparin_ml", "enter its volume"),
    ({"anaphylaxis_kit": True}, "kit", "the order set must state it"),
)


@pytest.mark.parametrize(("more", "field", "sentence"), MISSING)
def test_what_a_kind_of_order_lacks_is_said_at_its_field(more: dict[str, Any], field: str, sentence: str) -> None:
    found = draft(**more).problems()

    assert [problem.field for problem in found] == [field]
    assert sentence in found[0].sentence


@pytest.mark.parametrize(
    ("more", "is_known"),
    [
        ({}, True),
        ({"received_by": "", "method": "", "indication": ""}, True),
        ({"stop_on": None}, False),
        ({"stop_on": date(2026, 3, 1)}, False),
        ({"interval_hours": None}, False),
        (WEEKDAYS, False),
        (CYCLE | {"cycle_days": "x", "cycle_length": 3}, False),
        (CYCLE | {"cycle_days": "1", "cycle_length": -3}, False),
        (WEEKS | {"weeks": "0, 500000"}, False),
        (WEEKS | {"weeks": "0", "then_every_weeks": 500000}, False),
        (WEEKS | {"weeks": "0", "then_every_weeks": -1}, False),
        (STEPS | {"steps": "60 mg daily for 99999999999 days"}, False),
        (PCA, True),
    ],
)
def test_a_calendar_is_known_as_soon_as_its_schedule_is(more: dict[str, Any], is_known: bool) -> None:
    assert (draft(**more).schedule() is not None) is is_known


def test_a_schedule_ignores_what_belongs_to_another_pattern() -> None:
    one = regimen_of(draft(weekdays=("Monday",), cycle_days="1, 8", steps="60 mg daily"))

    assert (one.weekdays, one.cycle_days, one.steps, one.interval_hours) == ((), (), (), D(24))


@pytest.mark.parametrize(
    ("question", "fields"),
    [
        (QuestionDraft(), ["problem", "called", "called_at"]),
        (QuestionDraft("Dose?", "ZZTEST Maplewood", AT), []),
    ],
)
def test_a_question_names_the_problem_and_the_call(question: QuestionDraft, fields: list[str]) -> None:
    assert [problem.field for problem in question.problems()] == fields


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (("", "", None, None, None), ""),
        (("", "sodium chloride 0.9%", None, None, None), "sodium chloride 0.9%"),
        (("no flush", "sodium chloride 0.9%", None, None, None), "no flush"),
        (("SAS", "dextrose 5%", D(5), None, None), "SAS: dextrose 5% 5 mL, dose, dextrose 5% 5 mL"),
        (
            ("SASH", "sodium chloride 0.9%", D(10), D(10), D(5)),
            "SASH: sodium chloride 0.9% 10 mL, dose, sodium chloride 0.9% 10 mL, heparin 10 units/mL 5 mL",
        ),
    ],
)
def test_a_flush_reads_in_its_order(told: Any, words: str) -> None:
    assert flush_words(*told) == words


@pytest.mark.parametrize(
    ("words", "there", "not_there"),
    [
        (["elastomeric", "iv", "SAS"], ["elastomeric device: no pole, no tubing", "saline flush syringes"], ["IV pole"]),
        (["gravity", "iv"], ["IV pole"], ["electric pump with power supply and spare batteries", "saline flush syringes"]),
        (["electric pump", "sc", "PCA"], ["subcutaneous infusion set", "locked cassette or lockbox"], ["alcohol pads, gloves"]),
        (["IV push", "iv", "SASH", "kit"], ["heparin flush syringes", "anaphylaxis kit"], ["IV pole"]),
    ],
)
def test_supplies_follow_from_how_it_is_given(words: list[str], there: list[str], not_there: list[str]) -> None:
    found = supplies(order_parts(), words)

    assert set(there) <= set(found)
    assert not set(not_there) & set(found)
    assert found.count("saline flush syringes") <= 1
    assert "sharps container" in found


def test_every_line_of_the_table_of_parts_says_where_it_comes_from_and_applies_to_something_known() -> None:
    known = {*Method, *FlushMethod, *DeviceType, "sc", "iv", "kit", "line care", "PCA", "hazardous", ""}
    parts = order_parts()

    assert {one.part for one in parts} == {"flush", "line care", "kit", "visits", "supply"}
    assert all(one.applies_to in known and one.source and one.status in ("published", "memory", "policy") for one in parts)
    assert proposed(parts, "flush", "PICC") == ["SASH, 0.9% sodium chloride 10 mL, heparin 10 units/mL 3 to 5 mL"]
    assert all(dose.low <= dose.high and dose.row.source for dose in reference_knowledge().doses)


def test_a_laboratory_protocol_says_its_baseline_and_how_often() -> None:
    assert lab_protocols()["L-BL"].words() == "baseline BMP, CBC, LFT; then CBC weekly, BMP weekly"
    assert lab_protocols()["L-AG"].words().endswith("then BMP twice a week, level weekly, magnesium weekly")
    assert lab_protocols()["L-GCV"].words().endswith("then CBC once in 2 days, BMP weekly")
    assert lab_protocols()["L-CHEMO"].words() == "baseline CBC, BMP, LFT, DPYD"
    assert LabProtocol("L-X", "", (), "", (("cbc", 3, 7),)).words() == "then CBC 3 times a week"

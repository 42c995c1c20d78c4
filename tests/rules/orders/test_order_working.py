"""How a dose is worked out: by weight, by surface, of a PCA, of nutrition; each case with its lines, its doubts and its refusal."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from infusiondesk.interactions.exchange import reference_knowledge
from infusiondesk.interactions.rules.doses import UsualDose
from infusiondesk.interactions.rules.knowledge import Row
from infusiondesk.orders.rules import Body, OrderDraft, Working
from infusiondesk.orders.rules.by_size import dose_change, weight_change
from infusiondesk.orders.rules.work_out import work_out
from infusiondesk.orders.rules.working import unkept_lines
from infusiondesk.patients.rules.facts import MeasurementFacts
from infusiondesk.patients.rules.words import MeasuredHow, MeasurementKind, Sex

TODAY = date(2026, 3, 3)
D = Decimal


def measured(kind: MeasurementKind, value: str, on: date = date(2026, 3, 1)) -> MeasurementFacts:
    return MeasurementFacts(UUID(int=1), kind, D(value), on, MeasuredHow.MEASURED)


def body(weight: str | None = "80", height: str | None = "180", **more: Any) -> Body:
    known = Body(
        TODAY,
        50,
        Sex.MALE,
        measured(MeasurementKind.WEIGHT, weight) if weight else None,
        measured(MeasurementKind.HEIGHT, height) if height else None,
        None,
    )
    return replace(known, **more)


def worked(size: Body | None = None, ingredient: str = "", therapy_class: str = "", **draft: Any) -> Working:
    draft = {name: D(value) if name in NUMBERS else value for name, value in draft.items()}
    return work_out(OrderDraft(**draft), size or body(), ingredient, therapy_class, reference_knowledge().doses)


NUMBERS = {
    "dose_amount", "ordered_dose", "round_to", "pca_basal", "pca_bolus", "pca_lockout_minutes", "pca_hour_limit", "volume_ml",
    "infusion_minutes", "amino_acid_g", "dextrose_g", "lipid_g", "sodium_meq", "potassium_meq", "magnesium_meq", "calcium_meq",
    "phosphate_mmol",
}  # fmt: skip


def by(dose: str, unit: str) -> dict[str, Any]:
    return {"ordered_dose": dose, "ordered_unit": unit}


def words(working: Working) -> str:
    return " ".join(line.words for line in working.lines)


# What was ordered, the dose, and words of its working.
DOSES: tuple[tuple[dict[str, Any], str, tuple[str, ...]], ...] = (
    ({**by("8", "mg/kg")}, "640", ("Weight 80 kg, actual, measured on 1 Mar 2026.", "8 mg/kg x 80 kg = 640 mg a dose.")),
    ({**by("8", "mg/kg"), "dose_unit": "g"}, "0.64", ("= 0.64 g a dose.",)),
    ({**by("0.5", "g/kg"), "dose_unit": "g", "round_to": "10"}, "40", ("0.5 g/kg x 80 kg = 40 g",
      "Rounded to the nearest to whole vials of 10 g: 40 g, as worked out.")),
    ({**by("50", "units/kg"), "dose_unit": "units", "round_to": "500"}, "4000", ("as worked out",)),
    ({**by("52", "units/kg"), "dose_unit": "units", "round_to": "500", "rounding": "up"}, "4500",
     ("Rounded up to whole vials of 500 units: 4,500 units, 8.2% more than worked out.",)),
    ({**by("52", "units/kg"), "dose_unit": "units", "round_to": "500", "rounding": "down"}, "4000",
     ("4,000 units, 3.8% less than worked out.",)),
    ({**by("2400", "mg/m2")}, "4800", ("Height 180 cm of 1 Mar 2026. Square root of (180 cm x 80 kg / 3600)",
      "(Mosteller)", "Used as 2 m2.", "2,400 mg/m2 x 2 m2 = 4,800 mg a dose.")),
    ({**by("0.375", "mcg/kg/min"), "pattern": "continuous"}, "43.2",
     ("0.375 mcg/kg/min x 80 kg x 1,440 min = 43.2 mg a day.",)),
    ({**by("1", "mg/kg/day"), "pattern": "continuous"}, "80", ("= 80 mg a day.",)),
    ({**by("7", "mg/kg"), "weight_used": "ideal"}, "524.93", ("Ideal weight:", "7 mg/kg x 74.99 kg = 524.93 mg")),
    ({**by("7", "mg/kg"), "weight_used": "adjusted"}, "539", ("Adjusted weight:", "x 77 kg")),
    ({**by("8", "mg/kg"), "dose_amount": "650"}, "650", ("The dose was typed as 650 mg, 1.6% more than worked out.",)),
    ({**by("8", "mg/kg"), "dose_amount": "640"}, "640", ("8 mg/kg x 80 kg = 640 mg",)),
    ({**by("0.333", "mg/kg")}, "26.64", ("= 26.64 mg",)),
    ({**by("0.3333", "mg/kg")}, "26.664", ("= 26.664 mg a dose.",)),
    ({**by("0.0333", "mcg/kg")}, "0.0027", ("= 0.0027 mg a dose, kept to 0.0001.",)),
    ({"dose_amount": "500"}, "500", ()),
)  # fmt: skip


@pytest.mark.parametrize(("draft", "dose", "told"), DOSES)
def test_a_dose_shows_its_working(draft: dict[str, Any], dose: str, told: tuple[str, ...]) -> None:
    working = worked(**draft)

    assert working.problem is None
    assert working.dose_amount == D(dose)
    assert not working.doubts
    assert all(one in words(working) for one in told), words(working)
    assert (working.weight_kg, working.weight_on) == ((D(80), date(2026, 3, 1)) if "ordered_dose" in draft else (None, None))
    assert [line.words for line in unkept_lines(working.kept())] == [line.words for line in working.lines]


def test_the_dry_weight_is_its_own_measurement() -> None:
    dry = body(dry_weight=measured(MeasurementKind.DRY_WEIGHT, "70"))

    assert worked(dry, ordered_dose="2", ordered_unit="mg/kg", weight_used="dry").dose_amount == D(140)
    missing = worked(ordered_dose="2", ordered_unit="mg/kg", weight_used="dry")
    assert missing.problem is not None and "dry weight, and none is recorded" in missing.problem.sentence


# What was ordered for whom, the field of the refusal, and its words.
REFUSED: tuple[tuple[Body, dict[str, Any], str, str], ...] = (
    (body(None), {**by("8", "mg/kg")}, "ordered_dose", "no weight is recorded. Enter it in the chart, or the dose"),
    (body(height=None), {**by("8", "mg/m2")}, "ordered_dose", "no height is recorded"),
    (body(), {**by("8", "mg/kg"), "dose_unit": "units"}, "dose_unit", "mg/kg gives mg; units cannot"),
    (body(), {**by("8", "mcg/kg/min")}, "pattern", "say that it runs continuously"),
    (body("3"), {**by("0.01", "mcg/kg")}, "dose_unit", "0.01 mcg/kg is no dose in mg: choose a smaller unit"),
    (body(), {**by("-8", "mg/kg")}, "dose_unit", "is no dose in mg"),
    (body("2"), {**by("20", "units/kg"), "dose_unit": "units", "round_to": "500"}, "round_to", "less than a vial"),
    (body(sex=Sex.UNKNOWN), {**by("8", "mg/kg"), "weight_used": "ideal"}, "weight_used", "sex is missing"),
    (body("400"), {**by("8", "mg/m2")}, "weight_used", "outside 0.5 to 350"),
)  # fmt: skip


@pytest.mark.parametrize(("size", "draft", "field", "told"), REFUSED)
def test_what_cannot_be_worked_out_is_refused_at_its_field(size: Body, draft: dict[str, Any], field: str, told: str) -> None:
    problem = worked(size, **draft).problem

    assert problem is not None
    assert problem.field == field
    assert told in problem.sentence


# The patient, the drug's class, and what stops or holds.
SIZES: tuple[tuple[Body, str, list[tuple[str, str]]], ...] = (
    (body(None), "", [("R39", "STOP")]),
    (body(weight="80"), "", []),
    (replace(body(), weight=measured(MeasurementKind.WEIGHT, "80", date(2026, 2, 1))), "", []),
    (replace(body(), weight=measured(MeasurementKind.WEIGHT, "80", date(2026, 1, 31))), "", [("R40", "HOLD")]),
    (replace(body(), weight=measured(MeasurementKind.WEIGHT, "80", date(2026, 2, 23))), "inotrope", [("R40", "HOLD")]),
    (replace(body(), weight=measured(MeasurementKind.WEIGHT, "80", date(2026, 2, 24))), "inotrope", []),
    (replace(body(), age_years=9, weight=measured(MeasurementKind.WEIGHT, "30", date(2026, 2, 23))), "", [("R40", "HOLD")]),
)  # fmt: skip


@pytest.mark.parametrize(("size", "therapy_class", "found"), SIZES)
def test_a_weight_that_is_missing_stops_and_an_old_one_holds(size: Body, therapy_class: str, found: list[tuple[str, str]]) -> None:
    working = worked(size, therapy_class=therapy_class, ordered_dose="8", ordered_unit="mg/kg", dose_amount="640")

    assert [(line.rule, line.level) for line in working.lines if line.rule] == found
    assert all(line.about == "weight" for line in working.lines if line.rule)
    assert working.dose_amount == D(640)


def test_a_small_dose_is_kept_and_asked_back_where_its_last_place_counts() -> None:
    small = worked(body("3"), **by("0.5", "mcg/kg"))
    tiny = worked(body("3"), **by("0.05", "mcg/kg"))

    assert (small.dose_amount, small.doubts) == (D("0.0015"), [])
    assert tiny.dose_amount == D("0.0002")
    assert [doubt.question for doubt in tiny.doubts] == [
        "Kept to 0.0001: 0.0002 mg, 33.3% more than worked out. More than 10%: why?"
    ]


@pytest.mark.parametrize(
    ("draft", "key"),
    [
        ({**by("20", "units/kg"), "dose_unit": "units", "round_to": "1000", "rounding": "up"}, "orders.rounding"),
        ({**by("8", "mg/kg"), "dose_amount": "500"}, "orders.rounding"),
    ],
)  # fmt: skip
def test_a_dose_rounded_by_more_than_ten_percent_is_asked_back(draft: dict[str, Any], key: str) -> None:
    working = worked(**draft)

    assert [doubt.key for doubt in working.doubts] == [key]
    assert "More than 10%" in working.doubts[0].question


# The drug, what was ordered, and what is asked back or remarked.
USUAL: tuple[tuple[str, dict[str, Any], bool, str, str], ...] = (
    ("milrinone", {**by("0.5", "mcg/kg/min"), "pattern": "continuous"}, False, "", "within the label"),
    ("milrinone", {**by("0.25", "mcg/kg/min"), "pattern": "continuous"}, False, "", "below the label"),
    ("milrinone", {**by("0.9", "mcg/kg/min"), "pattern": "continuous"}, False, "HOLD", "above the label"),
    ("milrinone", {"dose_amount": "43.2", "pattern": "continuous"}, False, "", "0.375 mcg/kg/min"),
    ("milrinone", {"dose_amount": "43.2", "dose_unit": "g", "pattern": "continuous"}, True, "HOLD", "above the label"),
    ("milrinone", {"dose_amount": "43.2", "dose_unit": "mcg", "pattern": "continuous"}, True, "", "below the label"),
    ("milrinone", {"dose_amount": "43.2", "dose_unit": "units", "pattern": "continuous"}, False, "", ""),
    ("milrinone", {"dose_amount": "43.2"}, False, "", ""),
    ("alpha-1 proteinase inhibitor", {"dose_amount": "4800"}, False, "", ""),
    ("alpha-1 proteinase inhibitor", {"dose_amount": "4800", "dose_unit": "g"}, True, "WARN", ""),
    ("vancomycin", {"dose_amount": "4800", "dose_unit": "g"}, False, "", ""),
)  # fmt: skip


@pytest.mark.parametrize(("ingredient", "draft", "is_asked", "level", "told"), USUAL)
def test_a_dose_ten_times_outside_a_sourced_range_is_asked_back(
    ingredient: str, draft: dict[str, Any], is_asked: bool, level: str, told: str
) -> None:
    working = worked(ingredient=ingredient, **draft)

    assert [doubt.key for doubt in working.doubts] == (["orders.usual_dose"] if is_asked else [])
    assert told in words(working)
    assert [line.level for line in working.lines if line.level] == ([level] if level else [])


def test_without_a_weight_a_range_by_weight_says_nothing() -> None:
    assert worked(body(None), "milrinone", dose_amount="43.2", dose_unit="g", pattern="continuous").doubts == []


def test_within_ten_times_a_dose_outside_a_range_is_only_remarked() -> None:
    usual = (UsualDose("ceftazidime", "mg/kg", D(30), D(50), Row("a label", "label")),)
    working = work_out(OrderDraft(dose_amount=D(8000)), body(), "ceftazidime", "", usual)

    assert [(line.level, line.words) for line in working.lines] == [
        ("WARN", "100 mg/kg is outside the usual 30 to 50 mg/kg (a label); nobody has signed the row.")
    ]
    assert working.doubts == []


def test_a_milligram_for_a_microgram_names_both_numbers() -> None:
    (doubt,) = worked(ingredient="milrinone", dose_amount="43.2", dose_unit="g", pattern="continuous").doubts

    assert doubt.question == (
        "375 mcg/kg/min is ten times or more outside the usual 0.375 to 0.75 mcg/kg/min (PFZ, label)."
        " Is the unit right? If so, say how it was checked."
    )


PCA = {"pattern": "patient-controlled (PCA)", "pca_basal": "0.5", "pca_bolus": "0.2", "pca_lockout_minutes": "10"}
PCAS: tuple[tuple[dict[str, Any], str | None, str, str], ...] = (
    ({}, "40.8", "", "can give 1.7 mg in an hour. At most 1.7 mg x 24 h = 40.8 mg a day."),
    ({"pca_hour_limit": "1.5"}, "36", "", "At most 1.5 mg x 24 h = 36 mg a day."),
    ({"pca_hour_limit": "2"}, "40.8", "", "is never reached by this program"),
    ({"dose_amount": "30"}, "30", "dose_amount",
     "30 mg a day at most was typed, and the program can give 40.8 mg a day: correct one of them"),
    ({"dose_amount": "400"}, "400", "dose_amount", "the program can give 40.8 mg a day"),
    ({"dose_amount": "30", "pca_hour_limit": "1.25"}, "30", "", "can give 1.7 mg"),
    ({"dose_amount": "60", "pca_hour_limit": "1.25"}, "60", "dose_amount", "the program can give 30 mg a day"),
    ({"dose_amount": "40.5"}, "40.5", "", "can give 1.7 mg"),
    ({"dose_amount": "41.21"}, "41.21", "dose_amount", "41.21 mg a day at most was typed"),
    ({"pca_basal": "0"}, "28.8", "", "Basal 0 mg/h"),
    ({"pca_hour_limit": "0.6"}, None, "pca_hour_limit", "less than basal and one bolus, 0.7 mg"),
    ({"dose_amount": "10"}, "10", "dose_amount", "less than the basal rate alone, 12 mg a day"),
    ({"pca_lockout_minutes": "0"}, None, "", ""),
    ({"pca_basal": "1.2", "pca_bolus": "-0.2", "dose_amount": "10"}, "10", "", ""),
    ({"pca_basal": "-0.2", "dose_amount": "10"}, "10", "", ""),
)  # fmt: skip


def test_a_pca_in_small_units_keeps_four_places() -> None:
    small: dict[str, Any] = {**PCA, "pca_basal": "0", "pca_bolus": "0.0005", "pca_lockout_minutes": "60"}

    assert worked(**small).dose_amount == D("0.012")
    assert "can give 0.0005 mg in an hour. At most 0.0005 mg x 24 h = 0.012 mg a day." in words(worked(**small))
    nothing = worked(**{**small, "pca_bolus": "0.0001", "pca_lockout_minutes": "90000"}).problem
    assert nothing is not None and nothing.field == "pca_bolus"


@pytest.mark.parametrize(("more", "dose", "field", "told"), PCAS)
def test_a_pca_says_what_it_can_give_in_an_hour_and_a_day(more: dict[str, Any], dose: str | None, field: str, told: str) -> None:
    working = worked(**{**PCA, **more})

    assert working.dose_amount == (None if dose is None else D(dose))
    assert (working.problem.field if working.problem else "") == field
    assert told in (working.problem.sentence if working.problem else words(working))


# Cases 1 and 2 of clinical 4.7.
CASE_1: dict[str, Any] = {
    "dose_unit": "mL", "pattern": "continuous", "volume_ml": "2000", "amino_acid_g": "90", "dextrose_g": "250", "lipid_g": "50",
    "sodium_meq": "150", "potassium_meq": "80", "magnesium_meq": "16", "calcium_meq": "10", "phosphate_mmol": "30",
}  # fmt: skip
CASE_2: dict[str, Any] = {
    "dose_unit": "mL", "volume_ml": "1800", "infusion_minutes": "720", "is_cycled": True, "amino_acid_g": "85", "dextrose_g": "220",
    "lipid_g": "45", "sodium_meq": "140", "potassium_meq": "60", "magnesium_meq": "12", "calcium_meq": "12", "phosphate_mmol": "24",
}  # fmt: skip


def test_nutrition_by_ingredient_is_judged_as_a_whole() -> None:
    working = worked(body("70"), therapy_class="tpn", **CASE_1)

    assert working.dose_amount == D(2000)
    assert working.osmolarity_mosm_l is not None and round(working.osmolarity_mosm_l, 1) == D("1337.8")
    assert all(
        one in words(working) for one in ("1710 kcal", "2.48 mg/kg/min on average", "1337.8 mOsm/L", "98 when calcium is added")
    )
    assert [line for line in working.lines if line.level] == []


def test_a_cycle_is_judged_at_its_peak() -> None:
    working = worked(body("60"), therapy_class="tpn", **CASE_2)

    assert [(line.level, line.rule, line.about) for line in working.lines if line.level] == [("HOLD", "R40", "dextrose")]
    assert "plateau 163.64 mL/h, first and last hour 81.82 mL/h" in words(working)


NUTRITION: tuple[tuple[Body, dict[str, Any], str, str], ...] = (
    (body("70"), {**CASE_1, "volume_ml": "0"}, "volume_ml", "Volume"),
    (body("70"), {**CASE_1, "pattern": "every so many hours"}, "infusion_minutes", "Infusion is missing."),
    (body("70"), {**CASE_1, "dose_unit": "mg"}, "dose_unit", "ordered by the bag: choose mL"),
    (body("70"), {**CASE_2, "interval_hours": D(12)}, "interval_hours", "one bag a day, not of one every 12 hours"),
    (body("70"), {**CASE_2, "pattern": "in steps (taper)"}, "pattern", "one bag a day"),
    (body("70"), {**CASE_2, "pattern": "continuous"}, "is_cycled", "A cycle does not run all day"),
    (body("70"), {**CASE_1, "lipid_g": "500"}, "lipid_g", "more than the bag holds"),
    (
        body("70"),
        {name: value for name, value in CASE_1.items() if name != "amino_acid_g"},
        "amino_acid_g",
        "Amino acids is missing",
    ),
)


@pytest.mark.parametrize(("size", "draft", "field", "told"), NUTRITION)
def test_nutrition_that_cannot_be_judged_is_refused_at_its_field(size: Body, draft: dict[str, Any], field: str, told: str) -> None:
    problem = worked(size, therapy_class="tpn", **draft).problem

    assert problem is not None
    assert problem.field == field
    assert told in problem.sentence


def test_nutrition_without_a_weight_stops_and_with_an_old_one_holds() -> None:
    missing = worked(body(None), therapy_class="tpn", **CASE_1)
    old = worked(
        replace(body("70"), weight=measured(MeasurementKind.WEIGHT, "70", date(2026, 2, 1))), therapy_class="tpn", **CASE_1
    )

    assert [(line.rule, line.level) for line in missing.lines] == [("R39", "STOP")]
    assert [(line.rule, line.level) for line in old.lines if line.rule] == [("R40", "HOLD")]
    by_dose = worked(body("70"), therapy_class="tpn", **{**CASE_1, "volume_ml": "2000", "dose_amount": "2000"})
    assert by_dose.dose_amount == D(2000)


class Kept:
    def __init__(self, kg: str | None, used: str = "", working: tuple[str, ...] = ()) -> None:
        self.worked_kg, self.weight_used, self.ordered_dose = D(kg) if kg else None, used, D(8)
        self.working = [{"words": words, "level": "WARN"} for words in working]


OLD = date(2026, 1, 2)
DRY = measured(MeasurementKind.DRY_WEIGHT, "70")


@pytest.mark.parametrize(
    ("kept", "now", "told"),
    [
        (Kept("80"), body("70"), "the dose was worked out for 80 kg; 1 Mar 2026 says 70 kg"),
        (Kept("80"), body("72"), ""),
        # The wrong weight of the working was voided: an older one stands again.
        (Kept("80"), body(None), ""),
        (
            Kept("80"),
            replace(body(), weight=measured(MeasurementKind.WEIGHT, "40", OLD)),
            "the dose was worked out for 80 kg; 2 Jan 2026 says 40 kg",
        ),
        (Kept(None), body("70"), ""),
        (Kept("70", "dry"), body("90", dry_weight=DRY), ""),
        (Kept("60", "dry"), body("60", dry_weight=DRY), "the dose was worked out for 60 kg; 1 Mar 2026 says 70 kg"),
        (Kept("80", "adjusted"), body("60"), "the dose was worked out for 80 kg; 1 Mar 2026 says 60 kg"),
    ],
)
def test_another_weight_by_more_than_ten_percent_is_told(kept: Kept, now: Body, told: str) -> None:
    assert weight_change(kept, now) == told


def test_a_dose_by_the_dry_weight_is_judged_by_the_dry_weight_alone() -> None:
    by_dry = {**by("2", "mg/kg"), "weight_used": "dry", "dose_amount": "140"}
    old = measured(MeasurementKind.DRY_WEIGHT, "70", OLD)

    assert [line.rule for line in worked(body(None, dry_weight=DRY), **by_dry).lines if line.rule] == []
    assert [line.words for line in worked(body(dry_weight=old), **by_dry).lines if line.level] == [
        "The weight is 60 days old; it is good for 30 days."
    ]
    assert [(line.rule, line.level) for line in worked(body(), **by_dry).lines if line.rule] == [("R39", "STOP")]


def test_a_dose_that_is_far_off_when_worked_out_again_is_told_unless_that_was_confirmed() -> None:
    stands = {**by("8", "mg/kg"), "dose_amount": "640"}
    far = "The dose was typed as 640 mg, 100% more than worked out."

    assert dose_change(Kept("80"), worked(body("40"), **stands)) == f"worked out again from the chart as it is now: {far}"
    assert dose_change(Kept("80"), worked(body("40"), **stands)) and not dose_change(Kept("80"), worked(body("78"), **stands))
    assert dose_change(Kept("40", working=(far,)), worked(body("40"), **stands)) == ""


def test_what_is_wrong_in_one_part_silences_no_other() -> None:
    """A height voided after the entry: the ideal weight cannot be had, and the dose is still set against its range."""
    size = body(height=None)
    working = worked(
        size, "milrinone", **by("0.5", "mcg/kg/min"), weight_used="ideal", pattern="continuous", dose_amount="43.2", dose_unit="g"
    )

    assert working.problem is not None and "Height is missing" in working.problem.sentence
    assert [doubt.key for doubt in working.doubts] == ["orders.usual_dose"]
    assert "HOLD" in [line.level for line in working.lines]
    pn = worked(size, therapy_class="tpn", **{**CASE_1, **by("8", "mL/kg"), "weight_used": "ideal", "dose_amount": "2000"})
    assert pn.problem is not None and "Height" in pn.problem.sentence
    assert pn.osmolarity_mosm_l is not None

"""Orders of every kind as they are entered and kept: worked out, asked back, refused; billing follows their days."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from infusiondesk.billing.queries import month_facts
from infusiondesk.billing.rules.facts import Therapy
from infusiondesk.billing.rules.schedule import courses as courses_to_bill
from infusiondesk.billing.rules.schedule import even_interval, is_weekly
from infusiondesk.compounding.service.steps import order_in_force
from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.kernel.periods import Period
from infusiondesk.interactions.queries import screening_of
from infusiondesk.orders import queries, service
from infusiondesk.orders.documents import order_facts
from infusiondesk.orders.queries import OrderRow
from infusiondesk.orders.rules import Body, QuestionDraft, State
from infusiondesk.patients import service as patients
from infusiondesk.patients.queries import chart_facts
from infusiondesk.patients.rules.plausibility import MeasurementDraft
from infusiondesk.patients.rules.words import MeasuredHow, MeasurementKind
from infusiondesk.workflows.verify_order import screen_order, verify_order
from tests.beginnings import Recipe
from tests.pharmacy import SECOND_PHARMACIST, Pharmacy
from tests.services.test_verify_order import charted
from tests.story import a_patient, a_verified_order, an_order, an_order_draft, order_of, the_catalog

D = Decimal
KIT = ("epinephrine vials",)
AT = datetime(2026, 3, 2, 13, 40, tzinfo=UTC)


@pytest.fixture
def begins_with() -> Recipe:
    return the_catalog


def weighs(pharmacy: Pharmacy, patient_id: UUID, kg: str, on: date = date(2026, 3, 1), **given: Any) -> None:
    for kind, value in ((MeasurementKind.WEIGHT, kg), (MeasurementKind.HEIGHT, "180")):
        draft = MeasurementDraft(on, kind, D(value), on, MeasuredHow.MEASURED)
        pharmacy.do(patients.enter_measurement, by=Role.NURSE, patient_id=patient_id, draft=draft, **given)


def kept(pharmacy: Pharmacy, patient_id: UUID, ingredient: str = "ceftriaxone", **more: Any) -> OrderRow:
    version_id = an_order(pharmacy, patient_id, ingredient, **more)
    return pharmacy.ask(queries.order_version, version_id=version_id)


def facts(row: OrderRow) -> dict[str, str]:
    return dict(order_facts(row))


MILRINONE: dict[str, Any] = {
    "dose_amount": None, "dose_unit": "mg", "ordered_dose": D("0.375"), "ordered_unit": "mcg/kg/min", "pattern": "continuous",
    "interval_hours": None, "infusion_minutes": None, "method": "electric pump", "volume_ml": None,
    "concentration_per_ml": D("0.2"),
}  # fmt: skip


def test_a_drip_by_weight_is_worked_out_and_kept_with_its_working(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    weighs(pharmacy, patient_id, "80")

    row = kept(pharmacy, patient_id, "milrinone", **MILRINONE)

    assert (row.dose_amount, row.volume_ml, row.rate_ml_per_h, row.interval_hours) == (D("43.2"), D(216), D(9), None)
    assert (row.typed, row.worked_kg, row.worked_on) == (["concentration_per_ml"], D(80), date(2026, 3, 1))
    assert row.sig == "milrinone 43.2 mg IV per day, continuous"
    told = facts(row)
    assert told["Ordered as"] == "0.375 mcg/kg/min, actual weight"
    assert told["Working"].splitlines() == [
        "Weight 80 kg, actual, measured on 1 Mar 2026.",
        "0.375 mcg/kg/min x 80 kg x 1,440 min = 43.2 mg a day.",
        "Milrinone, 0.375 mcg/kg/min (0.54 mg/kg a day) is within the label.",
    ]
    assert told["Rate"] == "9 mL/h, derived from volume and a day"
    assert told["Concentration"] == "0.2 mg/mL, typed"
    assert told["In"] == "216 mL sodium chloride 0.9%, bag, volume derived from dose and concentration"


def test_a_dose_in_another_unit_is_asked_back_and_the_answer_is_kept(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    weighs(pharmacy, patient_id, "80")
    draft = an_order_draft(pharmacy, patient_id, "milrinone", **{**MILRINONE, "ordered_dose": D(375)})

    with pytest.raises(NeedsReason, match=r"ten times or more outside the usual 0\.375 to 0\.75"):
        pharmacy.do(service.enter_order, by=Role.TECHNICIAN, patient_id=patient_id, draft=draft)
    version_id = pharmacy.do(
        service.enter_order, by=Role.TECHNICIAN, patient_id=patient_id, draft=draft,
        reasons={"orders.usual_dose": "the prescriber wrote it so"},
    )  # fmt: skip

    row = pharmacy.ask(queries.order_version, version_id=version_id)
    assert "WARN: Asked back and confirmed: the prescriber wrote it so" in facts(row)["Working"]


def test_a_weight_missing_stops_an_old_or_another_one_holds(pharmacy: Pharmacy) -> None:
    patient_id = charted(pharmacy)
    by_weight: dict[str, Any] = {"ordered_dose": D(25), "ordered_unit": "mg/kg", "dose_unit": "g"}
    version_id = an_order(pharmacy, patient_id, **by_weight)

    def findings() -> dict[str, str]:
        pharmacy.do(screen_order, version_id=version_id)
        found = pharmacy.ask(screening_of, order_version_id=version_id)
        assert found is not None
        return {alert.rules[0]: f"{alert.level}: {alert.text}" for alert in found.alerts}

    assert findings()["R39"].startswith("STOP: ")
    weighs(pharmacy, patient_id, "80", date(2026, 1, 2))
    assert findings() == {"R40": "HOLD: The weight is 59 days old; it is good for 30 days."}
    weighs(pharmacy, patient_id, "78")
    assert findings() == {}

    worked_id = an_order(pharmacy, patient_id, "cefazolin", **{**by_weight, "dose_amount": None})
    weighs(pharmacy, patient_id, "60", date(2026, 3, 2), reasons={"patients.weight_change": "measured again, the value is right"})
    pharmacy.do(screen_order, version_id=worked_id)
    found = pharmacy.ask(screening_of, order_version_id=worked_id)
    assert found is not None
    assert "R40" in [rule for alert in found.alerts for rule in alert.rules]


def found_by(pharmacy: Pharmacy, version_id: UUID) -> dict[str, str]:
    pharmacy.do(screen_order, version_id=version_id)
    found = pharmacy.ask(screening_of, order_version_id=version_id)
    assert found is not None
    return {f"{alert.level} {alert.rules[0]} {alert.subject}": alert.text for alert in found.alerts}


def voids(pharmacy: Pharmacy, patient_id: UUID, kind: MeasurementKind) -> None:
    """The newest measurement of a kind was a mistake."""
    chart = pharmacy.ask(chart_facts, patient_id=patient_id)
    newest = chart.weight if kind is MeasurementKind.WEIGHT else chart.height
    assert newest is not None
    pharmacy.do(
        patients.void_measurement, by=Role.NURSE, measurement_id=newest.id, reasons={"patients.void": "entered by mistake"}
    )  # fmt: skip


BY_WEIGHT: dict[str, Any] = {"ordered_dose": D(25), "ordered_unit": "mg/kg", "dose_unit": "g", "dose_amount": None}


def test_a_weight_that_was_voided_holds_the_dose_worked_out_for_it(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = charted(pharmacy)
    weighs(pharmacy, patient_id, "40", date(2026, 2, 20))
    weighs(pharmacy, patient_id, "80", reasons={"patients.pounds": "measured again, the value is right"})
    version_id = an_order(pharmacy, patient_id, **BY_WEIGHT)
    assert found_by(pharmacy, version_id) == {}

    voids(pharmacy, patient_id, MeasurementKind.WEIGHT)

    found = found_by(pharmacy, version_id)
    assert sorted(found.values()) == [
        "the dose was worked out for 80 kg; 20 Feb 2026 says 40 kg",
        "worked out again from the chart as it is now: The dose was typed as 2 g, 100% more than worked out.",
    ]
    with pytest.raises(Refused):
        pharmacy.do(verify_order, version_id=version_id)


def test_a_deviation_that_was_confirmed_at_entry_does_not_hold_again(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = charted(pharmacy)
    weighs(pharmacy, patient_id, "80")
    draft = an_order_draft(pharmacy, patient_id, **{**BY_WEIGHT, "dose_amount": D(1)})
    version_id = pharmacy.do(
        service.enter_order, by=Role.TECHNICIAN, patient_id=patient_id, draft=draft,
        reasons={"orders.rounding": "the prescriber wrote it so"},
    )  # fmt: skip

    assert found_by(pharmacy, version_id) == {}


def test_a_height_that_was_voided_stops_the_dose_by_ideal_weight(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = charted(pharmacy)
    weighs(pharmacy, patient_id, "80")
    version_id = an_order(pharmacy, patient_id, **BY_WEIGHT, weight_used="ideal")
    assert found_by(pharmacy, version_id) == {}

    voids(pharmacy, patient_id, MeasurementKind.HEIGHT)

    (sentence,) = found_by(pharmacy, version_id).values()
    assert "Height is missing" in sentence
    with pytest.raises(Refused):
        pharmacy.do(verify_order, version_id=version_id)


def test_a_dry_weight_alone_is_enough_for_a_dose_by_the_dry_weight(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id, on = charted(pharmacy), date(2026, 3, 1)
    dry = MeasurementDraft(on, MeasurementKind.DRY_WEIGHT, D(70), on, MeasuredHow.MEASURED)
    pharmacy.do(patients.enter_measurement, by=Role.NURSE, patient_id=patient_id, draft=dry)

    version_id = an_order(pharmacy, patient_id, **BY_WEIGHT, weight_used="dry")

    assert found_by(pharmacy, version_id) == {}


# What was ordered, the field of the refusal, and its sentence.
REFUSED: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("ceftriaxone", {"route": "epidural"}, "route", "cefTRIAXone is not given epidural: the catalog allows IV"),
    ("sterile water for injection", {}, "route", "no route: it is never given alone"),
    ("morphine", {"dose_unit": "mg"}, "received_by",
     "morphine is C-II: its prescription comes electronically or in writing, not by fax"),
    ("ceftriaxone", {"lab_protocol": "L-XY"}, "lab_protocol", "L-XY is no protocol of the laboratory table."),
    ("ceftriaxone", {"rate_ml_per_h": D(100)}, "rate_ml_per_h", "give 1 g, not the 2 g ordered"),
    ("ceftriaxone", {"dose_amount": None, "ordered_dose": D(25), "ordered_unit": "mg/kg"}, "ordered_dose", "no weight is recorded"),
    ("ceftriaxone", {"stop_on": date(2026, 3, 1)}, "stop_on", "The last day lies before the first."),
    ("parenteral nutrition",
     {"dose_amount": None, "dose_unit": "mL", "volume_ml": None, "infusion_minutes": None, "dextrose_g": D(200)},
     "dose_amount", "Enter the dose."),
)  # fmt: skip


@pytest.mark.parametrize(("ingredient", "more", "field", "sentence"), REFUSED)
def test_an_order_that_cannot_be_is_refused_at_its_field(
    file_pharmacy: Pharmacy, ingredient: str, more: dict[str, Any], field: str, sentence: str
) -> None:
    pharmacy = file_pharmacy
    patient_id = a_patient(pharmacy)

    with pytest.raises(Refused, match=sentence.replace("(", "\\(")) as refused:
        an_order(pharmacy, patient_id, ingredient, **more)
    assert refused.value.field == field
    assert pharmacy.ask(queries.orders_of, patient_id=patient_id) == []


@pytest.mark.parametrize("came", ["electronic", "written"])
def test_a_c2_prescription_comes_electronically_or_in_writing(file_pharmacy: Pharmacy, came: str) -> None:
    pharmacy = file_pharmacy
    assert kept(pharmacy, a_patient(pharmacy), "morphine", dose_unit="mg", received_by=came).received_by == came


def test_a_schedule_has_its_calendar_and_billing_follows_it(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = a_patient(pharmacy)
    days = ("Monday", "Wednesday", "Friday")
    schedule: dict[str, Any] = {"pattern": "on days of the week", "weekdays": days, "interval_hours": None}

    version_id = a_verified_order(pharmacy, patient_id, **schedule)

    row = pharmacy.ask(queries.order_version, version_id=version_id)
    on = [date(2026, 3, number) for number in (4, 6, 9, 11, 13, 16)]
    assert row.sig == "cefTRIAXone 2 g IV on Monday, Wednesday and Friday"
    assert facts(row)["Calendar of doses"] == "6 doses. Mar 2026: 4, 6, 9, 11, 13, 16"
    assert row.interval_hours == D(48)
    (course,) = pharmacy.ask(queries.therapy_courses, patient_id=patient_id)
    assert course.dose_dates == frozenset(on)
    billed = pharmacy.ask(month_facts, by=Role.BILLER, patient_id=patient_id, month=Period(date(2026, 3, 1), date(2026, 4, 1)))
    assert billed.case.therapies[0].dose_dates == frozenset(on)
    plain = a_verified_order(pharmacy, patient_id, "cefazolin")
    assert [one.dose_dates for one in pharmacy.ask(queries.therapy_courses, patient_id=patient_id) if one.version_id == plain] == [
        None
    ]


def therapies(pharmacy: Pharmacy, patient_id: UUID) -> list[Therapy]:
    month = Period(date(2026, 3, 1), date(2026, 4, 1))
    return list(pharmacy.ask(month_facts, by=Role.BILLER, patient_id=patient_id, month=month).case.therapies)


def test_a_stretch_of_days_without_a_dose_is_not_billed(file_pharmacy: Pharmacy) -> None:
    """Mondays, and from the next Friday another dose: of the first version the days from Tuesday to Thursday are left."""
    pharmacy = file_pharmacy
    patient_id = a_patient(pharmacy)
    mondays: dict[str, Any] = {"pattern": "on days of the week", "weekdays": ("Monday",), "interval_hours": None}
    version_id = a_verified_order(pharmacy, patient_id, **mondays, start_on=date(2026, 3, 3))
    changed_id = pharmacy.do(
        service.change_order, by=Role.TECHNICIAN, order_id=order_of(pharmacy, version_id),
        draft=an_order_draft(pharmacy, patient_id, start_on=date(2026, 3, 6)), reasons={"orders.change": "prescriber's order"},
    )  # fmt: skip
    pharmacy.do(service.sign_verification, by=SECOND_PHARMACIST, version_id=changed_id, patient_name="ZZTEST Alder")

    first, second = therapies(pharmacy, patient_id)

    assert (first.start, first.stop, first.dose_dates) == (date(2026, 3, 3), date(2026, 3, 5), frozenset())
    assert (second.dose_dates, second.interval_hours) == (None, D(24))
    assert is_weekly(first) and not is_weekly(second)
    assert [course.due for course in courses_to_bill([first])] == [frozenset()]


def test_steps_at_intervals_that_differ_have_no_interval_to_bill(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = a_patient(pharmacy)
    taper: dict[str, Any] = {"pattern": "in steps (taper)", "interval_hours": None, "dose_amount": None, "dose_unit": "g"}
    a_verified_order(pharmacy, patient_id, **taper, steps="2 g every 8 hours for 2 days\n2 g daily", volume_ml=None)

    (one,) = therapies(pharmacy, patient_id)

    assert (one.interval_hours, one.continuous, one.doses_per_day) == (None, False, D(3))
    assert even_interval(one) is None


def test_a_day_of_hydration_on_days_of_the_week_is_a_whole_bag(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = a_patient(pharmacy)
    fluid: dict[str, Any] = {
        "dose_amount": D(1000), "dose_unit": "mL", "volume_ml": None, "infusion_minutes": D(240), "diluent": "",
    }  # fmt: skip
    thrice: dict[str, Any] = {"pattern": "on days of the week", "weekdays": ("Monday", "Thursday"), "interval_hours": None}

    a_verified_order(pharmacy, patient_id, "sodium chloride 0.9%", **fluid, **thrice)
    a_verified_order(pharmacy, patient_id, "sodium chloride 0.9%", **fluid, interval_hours=D(48))
    a_verified_order(pharmacy, patient_id, "sodium chloride 0.9%", **fluid, interval_hours=D(12))

    assert [one.volume_l for one in therapies(pharmacy, patient_id)] == [D(1), D(1), D(2)]


def test_the_potassium_of_a_day_is_not_spread_over_days_without_a_dose(file_pharmacy: Pharmacy) -> None:
    """80 million units hold 136 mEq: more than the 120 mEq of a day from which the screen warns, whatever the days between."""
    pharmacy = file_pharmacy
    patient_id = charted(pharmacy)
    mondays: dict[str, Any] = {"pattern": "on days of the week", "weekdays": ("Monday",), "interval_hours": None}

    version_id = an_order(
        pharmacy, patient_id, "penicillin g potassium", **mondays, dose_amount=D(80_000_000), dose_unit="units", volume_ml=D(1000)
    )

    assert any("136.0" in told and "potassium a day is over 120" in told for told in found_by(pharmacy, version_id).values())


def test_a_taper_keeps_its_steps_and_the_largest_dose(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    row = kept(
        pharmacy, a_patient(pharmacy), "methylprednisolone sodium succinate", pattern="in steps (taper)", interval_hours=None,
        dose_amount=None, dose_unit="mg", steps="1000 mg daily for 3 days\n500 mg daily for 4 days\n250 mg daily", volume_ml=None,
    )  # fmt: skip

    assert (row.dose_amount, row.interval_hours, row.typed) == (D(1000), D(24), ["infusion_minutes"])
    assert facts(row)["Steps"] == "1,000 mg daily for 3 days; 500 mg daily for 4 days; 250 mg daily to the last day"
    assert facts(row)["Calendar of doses"] == "14 doses, every day"


def test_an_order_in_steps_is_not_compounded_as_one_dose(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    version_id = a_verified_order(
        pharmacy, a_patient(pharmacy), "methylprednisolone sodium succinate", pattern="in steps (taper)", interval_hours=None,
        dose_amount=None, dose_unit="mg", steps="1000 mg daily for 3 days\n500 mg daily", volume_ml=None,
    )  # fmt: skip

    with pytest.raises(Refused, match="Rx 700001 goes in steps, and a batch is of one dose"):
        pharmacy.do(order_in_force, version_id=version_id)


def test_a_pca_keeps_its_program(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    row = kept(
        pharmacy, a_patient(pharmacy), "hydromorphone", pattern="patient-controlled (PCA)", interval_hours=None, dose_amount=None,
        dose_unit="mg", pca_basal=D("0.5"), pca_bolus=D("0.2"), pca_lockout_minutes=D(10), pca_hour_limit=D("1.5"),
        method="electric pump", volume_ml=None, infusion_minutes=None, concentration_per_ml=D(1), received_by="written",
    )  # fmt: skip

    assert (row.dose_amount, row.interval_hours, row.volume_ml, row.rate_ml_per_h) == (D(36), None, D(36), None)
    assert facts(row)["PCA program"] == "basal 0.5 mg/h, bolus 0.2 mg, lockout 10 min, limit 1.5 mg in an hour"
    assert "locked cassette or lockbox" in row.supplies


def test_what_was_typed_for_another_pattern_is_not_kept(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    row = kept(
        pharmacy, a_patient(pharmacy), pca_bolus=D("0.2"), pca_lockout_minutes=D(10), is_cycled=True, additives="insulin 10 units",
        flush_method="SAS", flush="sodium chloride 0.9%", flush_ml=D(10), heparin_units_per_ml=D(10), heparin_ml=D(5),
    )  # fmt: skip

    assert (row.pca_bolus, row.is_cycled, row.additives, row.heparin_ml) == (None, False, "", None)
    assert not {"PCA program", "Ingredients"} & facts(row).keys()


def test_nutrition_by_ingredient_keeps_its_osmolarity(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = charted(pharmacy)
    weighs(pharmacy, patient_id, "70")

    row = kept(
        pharmacy, patient_id, "parenteral nutrition", dose_amount=None, dose_unit="mL", pattern="continuous", interval_hours=None,
        infusion_minutes=None, volume_ml=D(2000), amino_acid_g=D(90), dextrose_g=D(250), lipid_g=D(50), sodium_meq=D(150),
        potassium_meq=D(80), magnesium_meq=D(16), calcium_meq=D(10), phosphate_mmol=D(30), additives="multivitamin 10 mL",
        method="electric pump", lab_protocol="L-PN",
    )  # fmt: skip

    assert (row.dose_amount, row.osmolarity_mosm_l, row.rate_ml_per_h) == (D(2000), D("1337.8"), D("83.3"))
    assert facts(row)["Ingredients"].startswith("Amino acids 90 g, Dextrose 250 g")
    assert facts(row)["Ingredients"].endswith("Phosphate 30 mmol, multivitamin 10 mL")
    pharmacy.do(screen_order, version_id=row.id)


def test_what_belongs_to_an_order_is_kept_and_shown(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    row = kept(
        pharmacy, a_patient(pharmacy), anaphylaxis_kit=True, kit=KIT, flush_method="SASH", flush="sodium chloride 0.9%",
        flush_ml=D(10), heparin_units_per_ml=D(10), heparin_ml=D(5), line_care=("Needleless connector every 96 hours",),
        visits="weekly", nursing="teach the daughter",
    )  # fmt: skip

    told = facts(row)
    assert told["Anaphylaxis kit"] == "epinephrine vials"
    assert told["Flush"] == "SASH: sodium chloride 0.9% 10 mL, dose, sodium chloride 0.9% 10 mL, heparin 10 units/mL 5 mL"
    assert told["Line care"] == "Needleless connector every 96 hours"
    assert told["Nursing"] == "visits: weekly; teach the daughter"
    assert told["Laboratory work"] == "L-BL: baseline BMP, CBC, LFT; then CBC weekly, BMP weekly, reviewed by ZZTEST Maplewood"
    assert {"IV pole", "heparin flush syringes", "dressing kit", "anaphylaxis kit"} <= set(row.supplies)


def test_a_heparin_lock_is_screened_as_a_medicine(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = charted(pharmacy)
    version_id = an_order(
        pharmacy, patient_id, flush_method="SASH", flush="sodium chloride 0.9%", flush_ml=D(10), heparin_units_per_ml=D(10),
        heparin_ml=D(5),
    )  # fmt: skip

    pharmacy.do(screen_order, version_id=version_id)

    found = pharmacy.ask(screening_of, order_version_id=version_id)
    assert found is not None
    assert found.headline == "2 medicines, 2 recognised"


def test_a_verbal_order_says_who_gave_it_who_took_it_and_when_it_was_read_back(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    verbal: dict[str, Any] = {
        "received_by": "verbal",
        "caller": "Dr ZZTEST Maplewood",
        "receiver": "ZZTEST Rowan",
        "read_back": True,
        "read_back_at": AT,
    }

    row = kept(pharmacy, a_patient(pharmacy), **verbal)

    assert facts(row)["Came"].startswith("verbal, Dr ZZTEST Maplewood, taken by ZZTEST Rowan, read back 2 Mar 2026")


QUESTION = QuestionDraft("2 g or 1 g every 24 hours", "Dr ZZTEST Maplewood", AT)


def test_a_question_blocks_until_a_new_version_answers_it(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = a_patient(pharmacy)
    version_id = an_order(pharmacy, patient_id)
    pharmacy.do(service.question_order, version_id=version_id, draft=QUESTION)

    row = pharmacy.ask(queries.order_version, version_id=version_id)
    assert row.state is State.CLARIFICATION
    assert row.question.startswith("2 g or 1 g every 24 hours. Called: Dr ZZTEST Maplewood, 2 Mar 2026")
    with pytest.raises(Refused, match=r"in clarification: 2 g or 1 g every 24 hours\. A new version answers it\."):
        pharmacy.do(service.sign_verification, by=SECOND_PHARMACIST, version_id=version_id, patient_name="ZZTEST Alder")
    with pytest.raises(Refused, match="in clarification already"):
        pharmacy.do(service.question_order, version_id=version_id, draft=QUESTION)

    answer = pharmacy.do(
        service.change_order, by=Role.TECHNICIAN, order_id=order_of(pharmacy, version_id),
        draft=an_order_draft(pharmacy, patient_id, dose_amount=D(1)), reasons={"orders.change": "prescriber's order"},
    )  # fmt: skip
    assert pharmacy.ask(queries.order_version, version_id=answer).state is State.ENTERED
    pharmacy.do(service.sign_verification, by=SECOND_PHARMACIST, version_id=answer, patient_name="ZZTEST Alder")
    assert pharmacy.ask(queries.order_version, version_id=answer).state is State.VERIFIED


@pytest.mark.parametrize(
    ("draft", "field"),
    [(QuestionDraft(), "problem"), (QuestionDraft("Dose?", "ZZTEST Maplewood", datetime(2027, 1, 1, tzinfo=UTC)), "called_at")],
)
def test_a_question_without_its_call_is_refused(file_pharmacy: Pharmacy, draft: QuestionDraft, field: str) -> None:
    pharmacy = file_pharmacy
    version_id = an_order(pharmacy, a_patient(pharmacy))

    with pytest.raises(Refused) as refused:
        pharmacy.do(service.question_order, version_id=version_id, draft=draft)
    assert refused.value.field == field


def test_an_order_in_clarification_is_cancelled_as_one_that_waits(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    version_id = an_order(pharmacy, a_patient(pharmacy))
    pharmacy.do(service.question_order, version_id=version_id, draft=QUESTION)

    pharmacy.do(service.cancel_order, order_id=order_of(pharmacy, version_id), reasons={"orders.cancelled": "duplicate"})

    assert pharmacy.ask(queries.order_version, version_id=version_id).state is State.CANCELLED


def test_the_body_of_an_order_is_that_of_the_chart(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = a_patient(pharmacy)
    weighs(pharmacy, patient_id, "80")

    body = Body.of(pharmacy.ask(chart_facts, patient_id=patient_id), date(2026, 3, 3))

    assert body.weight is not None and body.height is not None
    assert (body.weight.value, body.height.value, body.dry_weight, body.age_years) == (D(80), D(180), None, 61)

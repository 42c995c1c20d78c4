"""Malformed per-diem questions: each names the field that is wrong (ask 1), and nothing clinical is malformed. As tables."""

import json
from typing import Any

import pytest

from infusiondesk.billing.exchange import answer
from infusiondesk.foundation.kernel.questions import answered, read_json
from tests.rules.billing.billing_questions import Question, ask, therapy

GOOD = therapy("A", "ertapenem", "2026-03-01", "2026-03-04")


def order(**more: Any) -> Question:
    return {"therapies": [{**GOOD, **more}]}


def profile(**more: Any) -> Question:
    return {"therapies": [GOOD], "profile": more}


def beside(**more: Any) -> Question:
    return {"therapies": [GOOD], **more}


AUTH = {"number": "P1", "code": "S9500", "from": "2026-03-01", "to": "2026-03-04", "units": 4}
CARE = {"device": "picc", "lumens": 1, "from": "2026-03-01", "to": "2026-03-04"}
STAY = {"admitted_at": "2026-03-01T08:00", "discharged_at": "2026-03-02T08:00"}

# question, field
WRONG: list[tuple[Question, str]] = [
    ({}, "therapies"),
    ({"therapies": None}, "therapies"),
    ({"therapies": {}}, "therapies"),
    ({"therapies": [5]}, "therapies[0]"),
    ({"therapies": [{key: value for key, value in GOOD.items() if key != "id"}]}, "therapies[0].id"),
    ({"therapies": [{key: value for key, value in GOOD.items() if key != "drug"}]}, "therapies[0].drug"),
    ({"therapies": [{key: value for key, value in GOOD.items() if key != "start"}]}, "therapies[0].start"),
    ({"therapies": [{key: value for key, value in GOOD.items() if key != "stop"}]}, "therapies[0].stop"),
    ({"therapies": [{key: value for key, value in GOOD.items() if key != "therapy_class"}]}, "therapies[0].therapy_class"),
    ({"therapies": [GOOD, GOOD]}, "therapies[1].id"),
    (order(start="2026-02-30"), "therapies[0].start"),
    (order(start="2026-3-1"), "therapies[0].start"),
    (order(start="0001-01-01"), "therapies[0].start"),
    (order(stop="9999-12-31"), "therapies[0].stop"),
    (beside(hospital_stays=[{"admitted_at": "1001-01-01T08:00"}]), "hospital_stays[0].admitted_at"),
    (order(start="2026-03-01T08:00"), "therapies[0].start"),
    (order(stop="2026-02-28"), "therapies[0].stop"),
    (order(stop=None), "therapies[0].stop"),
    (order(therapy_class="antibiotic"), "therapies[0].therapy_class"),
    (order(drug=5), "therapies[0].drug"),
    (order(interval_hours="8"), "therapies[0].interval_hours"),
    (order(interval_hours=True), "therapies[0].interval_hours"),
    (order(dosing_weekdays="Mon"), "therapies[0].dosing_weekdays"),
    (order(dosing_weekdays=["Mon", "Monday"]), "therapies[0].dosing_weekdays[1]"),
    (order(dose_dates=["2026-02-29"]), "therapies[0].dose_dates[0]"),
    (order(continuous="yes"), "therapies[0].continuous"),
    (order(continuous=1), "therapies[0].continuous"),
    (order(programmed_bolus_hours="4"), "therapies[0].programmed_bolus_hours"),
    (order(infusion_hours=[]), "therapies[0].infusion_hours"),
    (order(volume_l="2 L"), "therapies[0].volume_l"),
    (order(delivery="pump"), "therapies[0].delivery"),
    (order(obstetric_condition="labor"), "therapies[0].obstetric_condition"),
    (order(enteral_method="drip"), "therapies[0].enteral_method"),
    (order(order_group=1), "therapies[0].order_group"),
    (order(bag=1), "therapies[0].bag"),
    (order(dose_amount="1"), "therapies[0].dose_amount"),
    (order(dose_unit="kg"), "therapies[0].dose_unit"),
    (order(dose_unit="each"), "therapies[0].dose_unit"),
    (order(doses_per_day="2"), "therapies[0].doses_per_day"),
    (order(site="clinic"), "therapies[0].site"),
    (order(external_pump=0), "therapies[0].external_pump"),
    (order(containers=1.5), "therapies[0].containers"),
    (order(dispenses=[{"date": "2026-03-01"}]), "therapies[0].dispenses[0].doses"),
    (order(dispenses=[{"doses": 1}]), "therapies[0].dispenses[0].date"),
    (order(dispenses=[{"date": "2026-03-01", "doses": 1, "lot": "x"}]), "therapies[0].dispenses[0].lot"),
    (order(dose="1 g"), "therapies[0].dose"),
    (beside(visit=[]), "visit"),
    (beside(hospital_stays={}), "hospital_stays"),
    (beside(hospital_stays=[{"discharged_at": "2026-03-02T08:00"}]), "hospital_stays[0].admitted_at"),
    (beside(hospital_stays=[{**STAY, "admitted_at": "2026-03-01"}]), "hospital_stays[0].admitted_at"),
    (beside(hospital_stays=[{**STAY, "discharged_at": "2026-02-28T08:00"}]), "hospital_stays[0].discharged_at"),
    (
        beside(hospital_stays=[{"admitted_at": "2026-03-01T08:00-06:00", "discharged_at": "2026-03-01T08:30-05:00"}]),
        "hospital_stays[0].discharged_at",
    ),
    (beside(hospital_stays=[{**STAY, "home_dose_on_admit_day": "yes"}]), "hospital_stays[0].home_dose_on_admit_day"),
    (beside(hospital_stays=[{**STAY, "line_care_on_discharge_day": 1}]), "hospital_stays[0].line_care_on_discharge_day"),
    (beside(hospital_stays=[STAY, {**STAY, "ward": "7"}]), "hospital_stays[1].ward"),
    (beside(outpatient_infusion_dates=["2026-13-01"]), "outpatient_infusion_dates[0]"),
    (beside(outpatient_infusion_dates="2026-03-01"), "outpatient_infusion_dates"),
    (beside(catheter=[]), "catheter"),
    (beside(catheter={**CARE, "device": "hickman"}), "catheter.device"),
    (beside(catheter={**CARE, "device": None}), "catheter.device"),
    (beside(catheter={**CARE, "lumens": 1.5}), "catheter.lumens"),
    (beside(catheter={**CARE, "to": "2026-02-01"}), "catheter.to"),
    (beside(catheter={**CARE, "french": 4}), "catheter.french"),
    (beside(authorizations=[{**AUTH, "number": 5}]), "authorizations[0].number"),
    (beside(authorizations=[{**AUTH, "units": "14"}]), "authorizations[0].units"),
    (beside(authorizations=[{**AUTH, "to": "2026-02-01"}]), "authorizations[0].to"),
    (beside(authorizations=[{**AUTH, "payer": "x"}]), "authorizations[0].payer"),
    (beside(authorizations=[AUTH, {key: value for key, value in AUTH.items() if key != "code"}]), "authorizations[1].code"),
    (beside(visits=[{"date": "2026-03-01"}]), "visits[0].minutes"),
    (beside(visits=[{"date": "2026-03-01", "minutes": "60"}]), "visits[0].minutes"),
    (beside(visits=[{"date": "2026-03-01", "minutes": 60, "nurse": "x"}]), "visits[0].nurse"),
    ({"therapies": [GOOD], "profile": []}, "profile"),
    (profile(payer_kind="medicaid"), "profile.payer_kind"),
    (profile(day_basis="access"), "profile.day_basis"),
    (profile(admit_day="sometimes"), "profile.admit_day"),
    (profile(discharge_day=True), "profile.discharge_day"),
    (profile(anti_infective_code_style="hourly"), "profile.anti_infective_code_style"),
    (profile(unlisted_interval_code="S9501"), "profile.unlisted_interval_code"),
    (profile(continuous_anti_infective_code="none"), "profile.continuous_anti_infective_code"),
    (profile(count_piggyback_lipid="no"), "profile.count_piggyback_lipid"),
    (profile(rates=[]), "profile.rates"),
    (profile(rates={"S9500": "95"}), "profile.rates.S9500"),
    (profile(rank_by="price"), "profile.rank_by"),
    (profile(modifier_second="XX"), "profile.modifier_second"),
    (profile(modifier_third=59), "profile.modifier_third"),
    (profile(modifier_scope="all"), "profile.modifier_scope"),
    (profile(append_modifier_59=59), "profile.append_modifier_59"),
    (profile(catheter_care="always"), "profile.catheter_care"),
    (profile(daily_fee_code=1999), "profile.daily_fee_code"),
    (profile(auth_required="some"), "profile.auth_required"),
    (profile(auth_required=True), "profile.auth_required"),
    (profile(auth_required=["S9500", 5]), "profile.auth_required[1]"),
    (profile(split_month="yes"), "profile.split_month"),
    (profile(min_span_days=0), "profile.min_span_days"),
    (profile(min_span_days=1.5), "profile.min_span_days"),
    (profile(nursing_billing=99601), "profile.nursing_billing"),
    (profile(nursing_extra_hour="half"), "profile.nursing_extra_hour"),
    (profile(nursing_time="all"), "profile.nursing_time"),
    (profile(max_99602_per_day=-1), "profile.max_99602_per_day"),
    (profile(max_nursing_hours_per_week="12"), "profile.max_nursing_hours_per_week"),
    (profile(drug_billing="NCPDP"), "profile.drug_billing"),
    (profile(drug_dos="ship"), "profile.drug_dos"),
    (profile(drug_rounding="vial"), "profile.drug_rounding"),
    (profile(solutions_in_per_diem=1), "profile.solutions_in_per_diem"),
    (profile(paid_beside_per_diem="A4222"), "profile.paid_beside_per_diem"),
    (profile(paid_beside_per_diem=[4222]), "profile.paid_beside_per_diem[0]"),
    (profile(wastage_modifiers="jw"), "profile.wastage_modifiers"),
    (profile(place_of_service="12"), "profile.place_of_service"),
    (profile(place_of_service={"home": 12}), "profile.place_of_service.home"),
    (profile(place_of_service={"office": "11"}), "profile.place_of_service.office"),
    (profile(rate={}), "profile.rate"),
]


@pytest.mark.parametrize(("question", "culprit"), WRONG, ids=[f"{number}: {row[1]}" for number, row in enumerate(WRONG)])
def test_malformed_questions_name_the_field(question: Question, culprit: str) -> None:
    found = ask({"id": "q1", **question})
    assert found["id"] == "q1" and found["error"]["field"] == culprit and found["error"]["message"]
    assert "lines" not in found


# what is unusual and still a question
FINE: list[Question] = [
    {"therapies": []},
    {"therapies": [], "note": "nothing yet", "hospital_stays": [], "authorizations": [], "visits": [], "catheter": None},
    beside(profile=None),
    profile(rates={"S9500": None, "anything": 5}, daily_fee_code=None, place_of_service={"infusion_suite": "49"}),
    profile(modifier_second=None, modifier_third="SJ", max_99602_per_day=None, max_nursing_hours_per_week=None),
    order(dosing_weekdays=[], dose_dates=[], dispenses=[], volume_l=None, containers=-1, interval_hours=1e3),
    order(start="2026-03-04", stop="2026-03-04", drug="  Ertapenem "),
    beside(hospital_stays=[{"admitted_at": "2026-03-01T08:00", "discharged_at": "2026-03-01T08:00"}]),
    beside(hospital_stays=[{"admitted_at": "2026-03-01T08:00-06:00", "discharged_at": "2026-03-01T09:00"}]),
    beside(catheter={key: value for key, value in CARE.items() if key != "lumens"}),
    beside(authorizations=[{**AUTH, "units": -3}], visits=[{"date": "2026-03-01", "minutes": 60.5}]),
]


@pytest.mark.parametrize("question", FINE)
def test_what_is_unusual_is_still_answered(question: Question) -> None:
    found = ask(question)
    assert {"lines", "drug_lines", "nursing_lines", "warnings", "because", "sources"} <= set(found)


def test_an_absent_modifier_is_the_default_and_a_null_one_is_none() -> None:
    """Ask 1 against billing 2.6: for these two fields null is an answer of the payer."""
    two = [therapy("A", "ertapenem", "2026-03-01", "2026-03-01"), therapy("B", "ceftriaxone", "2026-03-01", "2026-03-01")]
    rates = {"rates": {"S9500": 1}}
    assert [line["modifiers"] for line in ask({"therapies": two, "profile": rates})["lines"]] == [[], ["SH"]]
    without = ask({"therapies": two, "profile": {**rates, "modifier_second": None}})
    assert [line["modifiers"] for line in without["lines"]] == [[], []]


def test_a_list_is_answered_in_order_and_a_malformed_one_in_its_place() -> None:
    asked = [{"id": "q1", **order()}, {"id": "q2", **order(start="2026-02-30")}, {"id": "q3", **order()}]
    found, status = answered(read_json(json.dumps(asked)), answer, "per-diem")
    assert status == 2 and isinstance(found, list)
    assert [one["id"] for one in found] == ["q1", "q2", "q3"]
    assert found[1]["error"] == {"index": 1, "field": "therapies[0].start", "message": "not a date: 2026-02-30"}
    assert found[0]["lines"] == found[2]["lines"] != []

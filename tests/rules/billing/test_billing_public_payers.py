"""Medicare (billing 3.1 to 3.4) and the daily fee of some state programs (billing 3.4 c), as tables."""

from datetime import date
from typing import Any

import pytest

from tests.rules.billing.billing_questions import Question, Row, ask, case, check, shown, therapy

SEPTEMBER = ("2026-09-01", "2026-09-28")
PUMP = {"external_pump": True}


def medicare(*therapies: Question, **more: Any) -> Question:
    profile = {"payer_kind": "medicare", **more.pop("profile", {})}
    return case(*therapies, profile=profile, **more)


def pumped(
    drug: str, therapy_class: str = "anti_infective", start: str = SEPTEMBER[0], stop: str = SEPTEMBER[1], **more: Any
) -> Question:
    return therapy(more.pop("name", "A"), drug, start, stop, therapy_class, **{**PUMP, **more})


# case, question, dme lines, drugs of Part D
EQUIPMENT: list[tuple[str, Question, list[str], list[str]]] = [
    ("acyclovir by pump", medicare(pumped("acyclovir", interval_hours=8)), ["E0781:RR:KH UN1", "A4221 UN4"], []),
    (
        "acyclovir by pump, with its drug and bags",
        medicare(pumped("acyclovir", interval_hours=8, dose_amount=500, dose_unit="mg", containers=84)),
        ["E0781:RR:KH UN1", "A4221 UN4", "A4222 UN84", "J0133:JZ UN8400"],
        [],
    ),
    ("vancomycin is not covered, pump or not (NCD 280.14)", medicare(pumped("vancomycin", interval_hours=12)), [], ["vancomycin"]),
    ("ceftriaxone", medicare(therapy("A", "ceftriaxone", *SEPTEMBER, dose_amount=2, dose_unit="g")), [], ["ceftriaxone"]),
    ("milrinone without an external pump", medicare(pumped("milrinone", "inotrope", external_pump=False)), [], ["milrinone"]),
    ("heparin by pump", medicare(pumped("heparin", "anticoagulant_infusion")), [], ["heparin"]),
    ("a drug in no table", medicare(pumped("zztestomycin")), [], ["zztestomycin"]),
    (
        "each drug of Part D once, in the order of the question",
        medicare(pumped("vancomycin"), therapy("B", "cefepime", *SEPTEMBER), therapy("C", "vancomycin", *SEPTEMBER)),
        [],
        ["vancomycin", "cefepime"],
    ),
    (
        "fluorouracil over 46 h",
        medicare(pumped("fluorouracil", "chemotherapy", stop="2026-09-02", infusion_hours=46)),
        ["E0781:RR:KH UN1", "A4221 UN1"],
        [],
    ),
    (
        "fluorouracil over 2 h",
        medicare(pumped("fluorouracil", "chemotherapy", stop="2026-09-01", infusion_hours=2)),
        [],
        ["fluorouracil"],
    ),
    (
        "treprostinil has the pump of uninterrupted infusion",
        medicare(pumped("treprostinil", "uninterrupted", continuous=True)),
        ["K0455:RR:KH UN1", "A4221 UN4"],
        [],
    ),
    (
        "insulin has its own pump and supplies",
        medicare(pumped("insulin", "insulin", continuous=True, containers=10)),
        ["E0784:RR:KH UN1", "A4224 UN4", "A4225 UN10"],
        [],
    ),
    (
        "months of rental: first, second and third, later",
        medicare(pumped("milrinone", "inotrope", stop="2027-01-15", continuous=True)),
        ["E0781:RR:KH UN1", "E0781:RR:KI UN2", "E0781:RR:KJ UN2", "A4221 UN20"],
        [],
    ),
    (
        "a month begins again on its day",
        medicare(pumped("milrinone", "inotrope", start="2026-09-15", stop="2026-10-14")),
        ["E0781:RR:KH UN1", "A4221 UN5"],
        [],
    ),
    (
        "the day after, the second month has begun",
        medicare(pumped("milrinone", "inotrope", start="2026-09-15", stop="2026-10-15")),
        ["E0781:RR:KH UN1", "E0781:RR:KI UN1", "A4221 UN5"],
        [],
    ),
    (
        "a changed order keeps its pump",
        medicare(
            pumped("milrinone", "inotrope", stop="2026-09-14", order_group="m"),
            pumped("milrinone", "inotrope", name="B", start="2026-09-15", order_group="m"),
        ),
        ["E0781:RR:KH UN1", "A4221 UN4"],
        [],
    ),
    (
        "two pumps, one catheter",
        medicare(pumped("milrinone", "inotrope"), pumped("morphine", "pain", name="B", start="2026-09-08", stop="2026-09-14")),
        ["E0781:RR:KH UN2", "A4221 UN4"],
        [],
    ),
    (
        "days in hospital have no weeks of supplies, and their doses are not ours",
        medicare(
            pumped("milrinone", "inotrope", continuous=True, dose_amount=10, dose_unit="mg"),
            hospital_stays=[{"admitted_at": "2026-09-10T08:00", "discharged_at": "2026-09-18T08:00"}],
        ),
        ["E0781:RR:KH UN1", "A4221 UN3", "J2260:JZ UN38"],
        [],
    ),
    (
        "subcutaneous immune globulin says JB",
        medicare(pumped("hizentra", "immune_globulin", interval_hours=168, dose_amount=10, dose_unit="g")),
        ["E0781:RR:KH UN1", "A4221 UN4", "J1559:JB:JZ UN400"],
        [],
    ),
    (
        "before 2024 a supplier that only dispenses writes no JZ",
        medicare(pumped("milrinone", "inotrope", "2023-12-31", "2023-12-31", dose_amount=10, dose_unit="mg")),
        ["E0781:RR:KH UN1", "A4221 UN1", "J2260 UN2"],
        [],
    ),
    (
        "a flush and obstetric management are neither",
        medicare(therapy("F", "heparin", *SEPTEMBER, "flush"), therapy("O", "zztestine", *SEPTEMBER, "obstetric")),
        [],
        [],
    ),
    (
        "an order replaced on its first day",
        medicare(therapy("A", "cefepime", *SEPTEMBER, order_group="g"), therapy("B", "cefazolin", *SEPTEMBER, order_group="g")),
        [],
        ["cefazolin"],
    ),
]


@pytest.mark.parametrize(("why", "question", "dme", "part_d"), EQUIPMENT, ids=[row[0] for row in EQUIPMENT])
def test_medicare_equipment_and_part_d(why: str, question: Question, dme: list[str], part_d: list[str]) -> None:
    """Billing 3.1, 3.2 and 3.4; never an S-code, never 99601 (X11)."""
    found = ask(question)
    assert found["lines"] == [] and found["nursing_lines"] == [] and found["drug_lines"] == [], why
    assert shown(found["dme_lines"]) == dme, why
    assert found["part_d_drugs"] == part_d, why


def test_medicare_nutrition_asks_a_person() -> None:
    found = ask(medicare(therapy("A", "tpn", *SEPTEMBER, "tpn", volume_l=2), therapy("E", "zztest feed", *SEPTEMBER, "enteral")))
    assert found["part_d_drugs"] == [] and found["dme_lines"] == []
    assert [(one["code"], one["therapy"]) for one in found["warnings"]] == [
        ("payer_rule_required", "A"),
        ("payer_rule_required", "E"),
    ]


def visits(*given: tuple[str, int]) -> list[Question]:
    return [{"date": day, "minutes": minutes} for day, minutes in given]


MIL = pumped("milrinone", "inotrope", continuous=True)
LONG = pumped("milrinone", "inotrope", stop="2027-01-31", continuous=True)
SCIG = pumped("hizentra", "immune_globulin", name="S", interval_hours=168)
CHEMO = pumped("fluorouracil", "chemotherapy", name="C", start="2026-09-03", stop="2026-09-04", continuous=True)
HOME_VISITS: list[tuple[str, Question, list[str]]] = [
    (
        "units of 15 minutes, one line a day",
        medicare(MIL, visits=visits(("2026-09-01", 22), ("2026-09-02", 23), ("2026-09-03", 37), ("2026-09-04", 38))),
        ["G0088 UN1 2026-09-01", "G0068 UN2 2026-09-02", "G0068 UN2 2026-09-03", "G0068 UN3 2026-09-04"],
    ),
    (
        "two visits of a day are one payment",
        medicare(MIL, visits=visits(("2026-09-01", 60), ("2026-09-01", 30))),
        ["G0088 UN6 2026-09-01"],
    ),
    ("a visit of no minutes", medicare(MIL, visits=visits(("2026-09-01", 0))), []),
    (
        "category 2",
        medicare(SCIG, visits=visits(("2026-09-01", 60), ("2026-09-08", 60))),
        ["G0089 UN4 2026-09-01", "G0069 UN4 2026-09-08"],
    ),
    ("only on the day the drug is given", medicare(SCIG, visits=visits(("2026-09-02", 60))), []),
    (
        "of two categories, the higher",
        medicare(MIL, SCIG, CHEMO, visits=visits(("2026-09-01", 60), ("2026-09-02", 60), ("2026-09-03", 60))),
        ["G0089 UN4 2026-09-01", "G0068 UN4 2026-09-02", "G0070 UN4 2026-09-03"],
    ),
    ("category 3, first visit", medicare(CHEMO, visits=visits(("2026-09-03", 60))), ["G0090 UN4 2026-09-03"]),
    ("not without a drug through equipment", medicare(pumped("vancomycin"), visits=visits(("2026-09-01", 60))), []),
    (
        "not in hospital",
        medicare(
            MIL,
            visits=visits(("2026-09-11", 60)),
            hospital_stays=[{"admitted_at": "2026-09-10T08:00", "discharged_at": "2026-09-12T08:00"}],
        ),
        [],
    ),
    (
        "a long gap without a discharge is no first visit",
        medicare(LONG, visits=visits(("2026-09-01", 60), ("2026-11-15", 60))),
        ["G0088 UN4 2026-09-01", "G0068 UN4 2026-11-15"],
    ),
    (
        "after more than 60 days and a discharge the first visit comes again",
        medicare(
            MIL,
            pumped("milrinone", "inotrope", name="B", start="2026-10-20", stop="2026-11-30"),
            visits=visits(("2026-09-01", 60), ("2026-11-01", 60)),
        ),
        ["G0088 UN4 2026-09-01", "G0088 UN4 2026-11-01"],
    ),
    (
        "on day 60 it does not",
        medicare(
            MIL,
            pumped("milrinone", "inotrope", name="B", start="2026-10-20", stop="2026-11-30"),
            visits=visits(("2026-09-01", 60), ("2026-10-31", 60)),
        ),
        ["G0088 UN4 2026-09-01", "G0068 UN4 2026-10-31"],
    ),
]


@pytest.mark.parametrize(("why", "question", "expected"), HOME_VISITS, ids=[row[0] for row in HOME_VISITS])
def test_medicare_home_visits(why: str, question: Question, expected: list[str]) -> None:
    """Billing 3.3: one payment per day on which a visit at home meets a covered drug."""
    assert shown(ask(question)["hit_lines"]) == expected, why


def test_the_gap_of_the_last_rows_is_sixty_days_and_sixty_one() -> None:
    assert (date(2026, 11, 1) - date(2026, 9, 1)).days == 61
    assert (date(2026, 10, 31) - date(2026, 9, 1)).days == 60


FEE = {"payer_kind": "medicaid_daily_fee", "daily_fee_code": "T1999", "rates": {"T1999": 60}}
WEEK = ("2026-03-02", "2026-03-08")
VANCO = therapy("A", "vancomycin", *WEEK, interval_hours=12, dose_amount=1, dose_unit="g")
CEFT = therapy("B", "ceftriaxone", "2026-03-05", "2026-03-10", dose_amount=1, dose_unit="g")


def fee(*therapies: Question, profile: dict[str, Any] | None = None, **more: Any) -> Question:
    return case(*therapies, profile={**FEE, **(profile or {})}, **more)


FEES = [
    Row(
        "one unit a day with an open therapy, however many; drugs apart",
        fee(VANCO, CEFT),
        ["T1999 UN9 2026-03-02..2026-03-10"],
        "billing 3.4",
        ["J3373 UN1400 2026-03-02..2026-03-08", "J0696 UN24 2026-03-05..2026-03-10"],
        warnings=[],
    ),
    Row(
        "nursing apart",
        fee(VANCO, visits=visits(("2026-03-02", 60))),
        ["T1999 UN7 2026-03-02..2026-03-08"],
        "billing 3.4",
        None,
        ["99601 UN1 2026-03-02"],
    ),
    Row(
        "no fee code: held",
        fee(VANCO, profile={"daily_fee_code": None}),
        ["None UN7 2026-03-02..2026-03-08 held payer_rule_required"],
        "billing 2.6",
    ),
    Row(
        "a fee code left empty: held",
        fee(VANCO, profile={"daily_fee_code": ""}),
        ["None UN7 2026-03-02..2026-03-08 held payer_rule_required"],
        "billing 2.6",
    ),
    Row(
        "a fee without a rate: held",
        fee(VANCO, profile={"rates": {}}),
        ["T1999 UN7 2026-03-02..2026-03-08 held rate_missing"],
        "billing 2.6",
    ),
    Row(
        "not on hospital days",
        fee(
            VANCO,
            hospital_stays=[
                {"admitted_at": "2026-03-04T08:00", "discharged_at": "2026-03-06T08:00", "home_dose_on_admit_day": True}
            ],
        ),
        ["T1999 UN3 2026-03-02..2026-03-04", "T1999 UN2 2026-03-07..2026-03-08"],
        "billing 3.4",
    ),
    Row(
        "not on a day with an infusion as hospital outpatient",
        fee(VANCO, outpatient_infusion_dates=["2026-03-05"]),
        ["T1999 UN3 2026-03-02..2026-03-04", "T1999 UN3 2026-03-06..2026-03-08"],
        "billing 3.4",
    ),
    Row(
        "the day basis does not matter",
        fee(therapy("A", "ertapenem", *WEEK, interval_hours=48), profile={"day_basis": "INFUSED"}),
        ["T1999 UN7 2026-03-02..2026-03-08"],
        "billing 3.4",
    ),
    Row(
        "a weekly therapy is open on its infusion days",
        fee(therapy("W", "privigen", "2026-03-02", "2026-03-16", "immune_globulin", interval_hours=336), CEFT),
        ["T1999 UN1 2026-03-02..2026-03-02", "T1999 UN6 2026-03-05..2026-03-10", "T1999 UN1 2026-03-16..2026-03-16"],
        "billing 3.4",
    ),
    Row(
        "no catheter care beside the fee",
        fee(catheter={"device": "picc", "lumens": 1, "from": "2026-03-02", "to": "2026-03-08"}, profile={"rates": {"S5498": 20}}),
        [],
        "billing 3.4",
    ),
    Row(
        "no modifiers, even where every per diem is ranked",
        fee(VANCO, CEFT, profile={"modifier_scope": "all_per_diems", "append_modifier_59": True}),
        ["T1999 UN9 2026-03-02..2026-03-10"],
        "billing 3.4",
    ),
    Row(
        "an authorization for the fee",
        fee(
            VANCO,
            profile={"auth_required": ["T1999"]},
            authorizations=[{"number": "M1", "code": "T1999", "from": "2026-03-01", "to": "2026-03-05", "units": 9}],
        ),
        ["T1999 UN4 2026-03-02..2026-03-05 M1", "T1999 UN3 2026-03-06..2026-03-08 held no_authorization"],
        "billing 3.4",
        ["J3373 UN800 2026-03-02..2026-03-05 M1", "J3373 UN600 2026-03-06..2026-03-08 held no_authorization"],
    ),
]


@pytest.mark.parametrize("row", FEES, ids=[row.case for row in FEES])
def test_daily_fee(row: Row) -> None:
    check(row)

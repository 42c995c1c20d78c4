"""The ten worked examples of the rule book (billing 6) with all their variants, and the two examples of the ask contract."""

import pytest

from tests.rules.billing.billing_questions import Question, Row, ask, case, check, shown, therapy

CEFAZOLIN = therapy("A", "cefazolin", "2026-01-05", "2026-01-18", interval_hours=8, dose_amount=2, dose_unit="g")
VANCOMYCIN = therapy("A", "vancomycin", "2026-01-05", "2026-02-01", interval_hours=12, dose_amount=1250, dose_unit="mg")
CEFTRIAXONE = therapy("B", "ceftriaxone", "2026-01-05", "2026-01-18", interval_hours=24, dose_amount=2, dose_unit="g")
TPN = therapy("A", "tpn", "2026-03-01", "2026-03-14", "tpn", volume_l=2.4)
MEROPENEM = therapy("B", "meropenem", "2026-03-01", "2026-03-14", interval_hours=8, dose_amount=1, dose_unit="g")
MICAFUNGIN = therapy("C", "micafungin", "2026-03-03", "2026-03-12", dose_amount=100, dose_unit="mg")
APRIL = ("2026-04-01", "2026-04-30")
BAG = [
    therapy("A", "tpn", *APRIL, "tpn", volume_l=1.8, bag="nightly"),
    therapy("F", "famotidine", *APRIL, "other_infusion", bag="nightly", dose_amount=40, dose_unit="mg"),
]
LIPID = therapy(
    "L", "lipid emulsion", *APRIL, "tpn", dosing_weekdays=["Mon", "Wed", "Fri"], volume_l=0.25, dose_amount=50, dose_unit="g"
)
WEEK = ("2026-04-01", "2026-04-05")
HYDRATION = [
    therapy("A", "sodium chloride 0.9%", *WEEK, "hydration", volume_l=1.5, bag="h", dose_amount=1500, dose_unit="ml"),
    therapy("K", "potassium chloride", *WEEK, "hydration", bag="h", dose_amount=30, dose_unit="meq"),
]
ERTAPENEM = therapy("A", "ertapenem", "2026-05-01", "2026-05-28", dose_amount=1, dose_unit="g")
STAY = {
    "admitted_at": "2026-05-10T16:00",
    "discharged_at": "2026-05-13T11:00",
    "home_dose_on_admit_day": True,
    "home_dose_on_discharge_day": True,
}
JUNE = therapy("A", "meropenem", "2026-06-01", "2026-06-21", interval_hours=8, dose_amount=1, dose_unit="g")
A123 = {"number": "A123", "code": "S9502", "from": "2026-06-01", "to": "2026-06-14", "units": 14}
B456 = {"number": "B456", "code": "S9502", "from": "2026-06-15", "to": "2026-06-21", "units": 7}
PIP = {"order_group": "p", "dose_unit": "g"}
PIP_TAZO = [
    therapy("A", "piperacillin-tazobactam", "2026-07-01", "2026-07-14", interval_hours=6, dose_amount=3.375, **PIP),
    therapy("B", "piperacillin-tazobactam", "2026-07-06", "2026-07-14", interval_hours=8, dose_amount=4.5, **PIP),
]
MILRINONE = therapy(
    "A",
    "milrinone",
    "2026-09-01",
    "2026-09-28",
    "inotrope",
    continuous=True,
    dose_amount=37.8,
    dose_unit="mg",
    external_pump=True,
    containers=14,
)
VISITS = [
    {"date": "2026-09-01", "minutes": 90},
    {"date": "2026-09-08", "minutes": 60},
    {"date": "2026-09-15", "minutes": 60},
    {"date": "2026-09-22", "minutes": 60},
]


def visit(minutes: int, **profile: object) -> Question:
    return case(visits=[{"date": "2026-07-01", "minutes": minutes}], profile=profile)


TWO_WEEKS = "2026-01-05..2026-01-18"
FOUR_WEEKS = "2026-01-05..2026-02-01"
EXAMPLES = [
    Row(
        "cefazolin 2 g every 8 h for 14 days",
        case(CEFAZOLIN),
        [f"S9502 UN14 {TWO_WEEKS}"],
        "billing E1",
        [f"J0690 UN168 {TWO_WEEKS}"],
    ),
    Row(
        "the same for a payer of general codes",
        case(CEFAZOLIN, profile={"anti_infective_code_style": "general"}),
        [f"S9494 UN14 {TWO_WEEKS}"],
        "billing E1",
        warnings=[],
    ),
    Row(
        "vancomycin for 28 days and ceftriaxone for 14",
        case(VANCOMYCIN, CEFTRIAXONE),
        [f"S9501 UN28 {FOUR_WEEKS}", f"S9500:SH UN14 {TWO_WEEKS}"],
        "billing E2",
        [f"J0696 UN112 {TWO_WEEKS}", f"J3373 UN7000 {FOUR_WEEKS}"],
    ),
    Row(
        "the same where no line may cross a month end; the drug is cut only where its code or authorization is",
        case(VANCOMYCIN, CEFTRIAXONE, profile={"split_month": True}),
        ["S9501 UN27 2026-01-05..2026-01-31", f"S9500:SH UN14 {TWO_WEEKS}", "S9501 UN1 2026-02-01..2026-02-01"],
        "billing E2, billing 4",
        [f"J0696 UN112 {TWO_WEEKS}", f"J3373 UN7000 {FOUR_WEEKS}"],
    ),
    Row(
        "the same where the daily drug has the higher rate: no modifier once alone",
        case(VANCOMYCIN, CEFTRIAXONE, rates={"S9500": 130, "S9501": 105}),
        [f"S9500 UN14 {TWO_WEEKS}", f"S9501:SH UN14 {TWO_WEEKS}", "S9501 UN14 2026-01-19..2026-02-01"],
        "billing E2b",
        [f"J0696 UN112 {TWO_WEEKS}", f"J3373 UN7000 {FOUR_WEEKS}"],
    ),
    Row(
        "nutrition, meropenem and ten days of micafungin",
        case(TPN, MEROPENEM, MICAFUNGIN),
        ["S9367 UN14 2026-03-01..2026-03-14", "S9502:SH UN14 2026-03-01..2026-03-14", "S9500:SJ UN10 2026-03-03..2026-03-12"],
        "billing E3",
        ["J2185 UN420 2026-03-01..2026-03-14", "J2248 UN1000 2026-03-03..2026-03-12"],
    ),
    Row(
        "a payer that pays nothing for the third therapy is still sent it",
        case(TPN, MEROPENEM, MICAFUNGIN, rates={"S9367": 240, "S9502": 110, "S9500": 0}),
        ["S9367 UN14 2026-03-01..2026-03-14", "S9502:SH UN14 2026-03-01..2026-03-14", "S9500:SJ UN10 2026-03-03..2026-03-12"],
        "billing E3",
    ),
    Row(
        "cycled nutrition with famotidine in the bag and a lipid hung apart",
        case(*BAG, LIPID),
        ["S9366 UN30 2026-04-01..2026-04-30"],
        "billing E4",
        ["B4185 UN65 2026-04-01..2026-04-29", "J1308 UN4800 2026-04-01..2026-04-30"],
        warnings=[],
    ),
    Row(
        "hydration with potassium",
        case(*HYDRATION),
        ["S9375 UN5 2026-04-01..2026-04-05"],
        "billing E5",
        ["J3480 UN75 2026-04-01..2026-04-05", "J7030 UN5 2026-04-01..2026-04-05", "J7040 UN5 2026-04-01..2026-04-05"],
    ),
    Row(
        "the same where solutions are inside the per diem",
        case(*HYDRATION, profile={"solutions_in_per_diem": True}),
        ["S9375 UN5 2026-04-01..2026-04-05"],
        "billing E5",
        ["J3480 UN75 2026-04-01..2026-04-05"],
    ),
    Row(
        "a hospital stay, with home doses on both of its dates",
        case(ERTAPENEM, hospital_stays=[STAY]),
        ["S9500 UN10 2026-05-01..2026-05-10", "S9500 UN16 2026-05-13..2026-05-28"],
        "billing E6",
        ["J1335 UN52 2026-05-01..2026-05-28"],
    ),
    Row(
        "the same for a payer that never counts hospital dates: the doses given at home stay on the drug line",
        case(ERTAPENEM, hospital_stays=[STAY], profile={"admit_day": "never", "discharge_day": "never"}),
        ["S9500 UN9 2026-05-01..2026-05-09", "S9500 UN15 2026-05-14..2026-05-28"],
        "billing E6",
        ["J1335 UN52 2026-05-01..2026-05-28"],
    ),
    Row(
        "an authorization that ends before the therapy",
        case(JUNE, profile={"auth_required": "all"}, authorizations=[A123]),
        ["S9502 UN14 2026-06-01..2026-06-14 A123", "S9502 UN7 2026-06-15..2026-06-21 held no_authorization"],
        "billing E7",
        ["J2185 UN420 2026-06-01..2026-06-14 A123", "J2185 UN210 2026-06-15..2026-06-21 held no_authorization"],
    ),
    Row(
        "the same after the extension",
        case(JUNE, profile={"auth_required": "all"}, authorizations=[A123, B456]),
        ["S9502 UN14 2026-06-01..2026-06-14 A123", "S9502 UN7 2026-06-15..2026-06-21 B456"],
        "billing E7",
        ["J2185 UN420 2026-06-01..2026-06-14 A123", "J2185 UN210 2026-06-15..2026-06-21 B456"],
    ),
    Row(
        "an authorization whose window is wide but whose units are 14: units bind",
        case(JUNE, profile={"auth_required": "all"}, authorizations=[A123 | {"to": "2026-06-30"}]),
        ["S9502 UN14 2026-06-01..2026-06-14 A123", "S9502 UN7 2026-06-15..2026-06-21 held authorization_units_exhausted"],
        "billing E7",
        ["J2185 UN420 2026-06-01..2026-06-14 A123", "J2185 UN210 2026-06-15..2026-06-21 held authorization_units_exhausted"],
    ),
    Row(
        "dose and interval changed mid-course",
        case(*PIP_TAZO),
        ["S9503 UN5 2026-07-01..2026-07-05", "S9502 UN9 2026-07-06..2026-07-14"],
        "billing E8",
        ["J2543 UN60 2026-07-01..2026-07-05", "J2543 UN108 2026-07-06..2026-07-14"],
    ),
    Row("a visit of 170 min", visit(170), [], "billing E9", [], ["99601 UN1 2026-07-01", "99602 UN1 2026-07-01"]),
    Row("a visit of 140 min", visit(140), [], "billing E9", [], ["99601 UN1 2026-07-01"]),
    Row("a visit of 151 min", visit(151), [], "billing E9", [], ["99601 UN1 2026-07-01", "99602 UN1 2026-07-01"]),
    Row("a visit of 210 min", visit(210), [], "billing E9", [], ["99601 UN1 2026-07-01", "99602 UN1 2026-07-01"]),
    Row("a visit of 211 min", visit(211), [], "billing E9", [], ["99601 UN1 2026-07-01", "99602 UN2 2026-07-01"]),
    Row(
        "a visit of 170 min for a payer of whole hours",
        visit(170, nursing_extra_hour="whole_hour"),
        [],
        "billing E9",
        [],
        ["99601 UN1 2026-07-01"],
    ),
    Row(
        "milrinone for a commercial payer",
        case(MILRINONE, visits=VISITS),
        ["S9348 UN28 2026-09-01..2026-09-28"],
        "billing E10",
        ["J2260 UN212 2026-09-01..2026-09-28"],
        [f"99601 UN1 {one['date']}" for one in VISITS],
    ),
    Row(
        "the same where units are rounded up for each bag",
        case(MILRINONE, visits=VISITS, profile={"drug_rounding": "preparation"}),
        ["S9348 UN28 2026-09-01..2026-09-28"],
        "billing E10",
        ["J2260 UN224 2026-09-01..2026-09-28"],
    ),
    Row(
        "the same for Medicare",
        case(MILRINONE, visits=VISITS, profile={"payer_kind": "medicare"}),
        [],
        "billing E10",
        [],
        [],
        more={
            "dme_lines": ["E0781:RR:KH UN1", "A4221 UN4", "A4222 UN14", "J2260:JZ UN212"],
            "hit_lines": ["G0088 UN6 2026-09-01", "G0068 UN4 2026-09-08", "G0068 UN4 2026-09-15", "G0068 UN4 2026-09-22"],
            "part_d_drugs": [],
        },
    ),
]


@pytest.mark.parametrize("row", EXAMPLES, ids=[f"{row.source}: {row.case}" for row in EXAMPLES])
def test_worked_examples(row: Row) -> None:
    check(row)


def test_medicare_visit_of_170_minutes_is_11_units_and_one_line() -> None:
    found = ask(case(MILRINONE, visits=[{"date": "2026-09-01", "minutes": 170}], profile={"payer_kind": "medicare"}))
    assert shown(found["hit_lines"]) == ["G0088 UN11 2026-09-01"]


def test_ask_example_1_to_the_letter() -> None:
    question = {
        "id": "E2b",
        "profile": {"rates": {"S9500": 130, "S9501": 105}},
        "therapies": [VANCOMYCIN, CEFTRIAXONE],
    }
    found = ask(question)
    free = {"authorization": None, "held_because": None}
    assert found["id"] == "E2b" and found["kind"] == "per-diem"
    assert found["lines"] == [
        {"code": "S9500", "modifiers": [], "units": 14, "from": "2026-01-05", "to": "2026-01-18", **free},
        {"code": "S9501", "modifiers": ["SH"], "units": 14, "from": "2026-01-05", "to": "2026-01-18", **free},
        {"code": "S9501", "modifiers": [], "units": 14, "from": "2026-01-19", "to": "2026-02-01", **free},
    ]
    assert found["drug_lines"] == [
        {"code": "J0696", "modifiers": [], "units": 112, "from": "2026-01-05", "to": "2026-01-18", **free},
        {"code": "J3373", "modifiers": [], "units": 7000, "from": "2026-01-05", "to": "2026-02-01", **free},
    ]
    assert found["nursing_lines"] == [] and found["warnings"] == []
    assert {"billing 1.4", "billing 2.1", "billing 4"} <= set(found["sources"])
    assert any("S9500 (130), S9501 (105)" in sentence for sentence in found["because"])


def test_ask_example_2_to_the_letter() -> None:
    found = ask(case(JUNE, rates={"S9502": 110}, profile={"auth_required": "all"}, authorizations=[A123]))
    june, late = {"from": "2026-06-01", "to": "2026-06-14"}, {"from": "2026-06-15", "to": "2026-06-21"}
    granted = {"authorization": "A123", "held_because": None}
    waits = {"authorization": None, "held_because": "no_authorization"}
    assert found["lines"] == [
        {"code": "S9502", "modifiers": [], "units": 14, **june, **granted},
        {"code": "S9502", "modifiers": [], "units": 7, **late, **waits},
    ]
    assert found["drug_lines"] == [
        {"code": "J2185", "modifiers": [], "units": 420, **june, **granted},
        {"code": "J2185", "modifiers": [], "units": 210, **late, **waits},
    ]

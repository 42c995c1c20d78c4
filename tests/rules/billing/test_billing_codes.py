"""Which code a therapy has (billing 1), and which codes may not stand together (billing 1.6), as tables."""

from typing import Any

import pytest

from infusiondesk.billing.rules.codes import INFUSIONS, conflicts
from infusiondesk.billing.rules.holds import first_reason
from tests.rules.billing.billing_questions import Question, Row, ask, case, check, shown, therapy

ONE_DAY = ("2026-03-02", "2026-03-02")
WEEK = ("2026-03-02", "2026-03-08")

# therapy class, what else decides, code, section
CLASSES: list[tuple[str, dict[str, Any], str, str]] = [
    ("anticoagulant_infusion", {}, "S9336", "billing 1.3"),
    ("anticoagulant_injection", {}, "S9372", "billing 1.3"),
    ("immune_globulin", {}, "S9338", "billing 1.3"),
    ("factor", {}, "S9345", "billing 1.3"),
    ("alpha1", {}, "S9346", "billing 1.3"),
    ("uninterrupted", {}, "S9347", "billing 1.3"),
    ("inotrope", {}, "S9348", "billing 1.3"),
    ("tocolytic", {}, "S9349", "billing 1.3"),
    ("antiemetic_infusion", {}, "S9351", "billing 1.3"),
    ("antiemetic_injection", {}, "S9370", "billing 1.3"),
    ("insulin", {}, "S9353", "billing 1.3"),
    ("chelation", {}, "S9355", "billing 1.3"),
    ("enzyme_replacement", {}, "S9357", "billing 1.3"),
    ("anti_tnf", {}, "S9359", "billing 1.3"),
    ("diuretic", {}, "S9361", "billing 1.3"),
    ("antispasmodic", {}, "S9363", "billing 1.3"),
    ("corticosteroid", {}, "S9490", "billing 1.3"),
    ("other_infusion", {}, "S9379", "billing 1.3"),
    ("hematopoietic_injection", {}, "S9537", "billing 1.5"),
    ("other_injection", {}, "S9542", "billing 1.5"),
    ("immunotherapy_injection", {}, "S9563", "billing 1.5"),
    ("irrigation", {}, "S9590", "billing 1.5"),
    ("aerosol", {}, "S9061", "billing 1.2"),
    ("pain", {}, "S9325", "billing 1.3"),
    ("pain", {"delivery": "continuous"}, "S9326", "billing 1.3"),
    ("pain", {"delivery": "intermittent"}, "S9327", "billing 1.3"),
    ("pain", {"delivery": "implanted_pump"}, "S9328", "billing 1.3"),
    ("chemotherapy", {}, "S9329", "billing 1.3"),
    ("chemotherapy", {"delivery": "continuous"}, "S9330", "billing 1.3"),
    ("chemotherapy", {"delivery": "intermittent"}, "S9331", "billing 1.3"),
    ("chemotherapy", {"delivery": "implanted_pump"}, "S9329", "billing 1.3"),
    ("enteral", {}, "S9340", "billing 1.2"),
    ("enteral", {"enteral_method": "gravity"}, "S9341", "billing 1.2"),
    ("enteral", {"enteral_method": "pump"}, "S9342", "billing 1.2"),
    ("enteral", {"enteral_method": "bolus"}, "S9343", "billing 1.2"),
    ("obstetric", {"obstetric_condition": "preterm_labor"}, "S9208", "billing 1.2"),
    ("obstetric", {"obstetric_condition": "pprom"}, "S9209", "billing 1.2"),
    ("obstetric", {"obstetric_condition": "gestational_hypertension"}, "S9211", "billing 1.2"),
    ("obstetric", {"obstetric_condition": "postpartum_hypertension"}, "S9212", "billing 1.2"),
    ("obstetric", {"obstetric_condition": "preeclampsia"}, "S9213", "billing 1.2"),
    ("obstetric", {"obstetric_condition": "gestational_diabetes"}, "S9214", "billing 1.2"),
    ("tpn", {}, "S9364", "billing 1.3"),
    ("tpn", {"volume_l": 0.5}, "S9365", "billing 1.3"),
    ("tpn", {"volume_l": 1}, "S9365", "billing 1.3"),
    ("tpn", {"volume_l": 1.001}, "S9366", "billing 1.3"),
    ("tpn", {"volume_l": 2}, "S9366", "billing 1.3"),
    ("tpn", {"volume_l": 2.4}, "S9367", "billing 1.3"),
    ("tpn", {"volume_l": 3}, "S9367", "billing 1.3"),
    ("tpn", {"volume_l": 3.1}, "S9368", "billing 1.3"),
    ("hydration", {}, "S9373", "billing 1.3"),
    ("hydration", {"volume_l": 1}, "S9374", "billing 1.3"),
    ("hydration", {"volume_l": 1.5}, "S9375", "billing 1.3"),
    ("hydration", {"volume_l": 2.001}, "S9376", "billing 1.3"),
    ("hydration", {"volume_l": 3.001}, "S9377", "billing 1.3"),
    ("anti_infective", {"interval_hours": 3}, "S9497", "billing 1.4"),
    ("anti_infective", {"interval_hours": 4}, "S9504", "billing 1.4"),
    ("anti_infective", {"interval_hours": 6}, "S9503", "billing 1.4"),
    ("anti_infective", {"interval_hours": 8}, "S9502", "billing 1.4"),
    ("anti_infective", {"interval_hours": 8.0}, "S9502", "billing 1.4"),
    ("anti_infective", {"interval_hours": 12}, "S9501", "billing 1.4"),
    ("anti_infective", {"interval_hours": 24}, "S9500", "billing 1.4"),
    ("anti_infective", {}, "S9500", "billing 1.4"),
    ("anti_infective", {"continuous": True, "programmed_bolus_hours": 4}, "S9504", "billing 1.4"),
    ("anti_infective", {"dosing_weekdays": ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]}, "S9500", "billing 1.4"),
    ("anti_infective", {"dose_dates": ["2026-03-02"]}, "S9500", "billing 1.4"),
]


@pytest.mark.parametrize(("therapy_class", "more", "code", "source"), CLASSES)
def test_code_of_a_class(therapy_class: str, more: dict[str, Any], code: str, source: str) -> None:
    found = ask(case(therapy("A", "zztestomycin", *ONE_DAY, therapy_class, **more), rates={code: 100}))
    assert shown(found["lines"]) == [f"{code} UN1 2026-03-02..2026-03-02"]
    assert source in found["sources"]
    assert found["warnings"] == ([{**found["warnings"][0], "code": "description_required"}] if code == "S9379" else [])


FALLBACKS = {"rates": {"S9494": 100, "S9500": 95}}
# what has no code of its own, profile, line, warned
UNLISTED: list[tuple[str, dict[str, Any], dict[str, str], str, bool]] = [
    *(
        (f"every {hours} h", {"interval_hours": hours}, profile, line, warned)
        for hours in (5, 16, 18, 36, 48, 72, 7.5)
        for profile, line, warned in (
            ({}, "S9494", True),
            ({"unlisted_interval_code": "S9494"}, "S9494", True),
            ({"unlisted_interval_code": "S9500"}, "S9500", False),
            ({"unlisted_interval_code": "hold"}, "S9494 held payer_rule_required", False),
            ({"continuous_anti_infective_code": "S9500"}, "S9494", True),
            ({"anti_infective_code_style": "general", "unlisted_interval_code": "hold"}, "S9494", False),
        )
    ),
    ("three times a week", {"dosing_weekdays": ["Mon", "Wed", "Fri"]}, {}, "S9494", True),
    ("three times a week", {"dosing_weekdays": ["Mon", "Wed", "Fri"]}, {"unlisted_interval_code": "S9500"}, "S9500", False),
    ("chosen dates", {"dose_dates": ["2026-03-02", "2026-03-04", "2026-03-07"]}, {}, "S9494", True),
    ("continuous", {"continuous": True}, {}, "S9494", True),
    ("continuous", {"continuous": True}, {"continuous_anti_infective_code": "S9500"}, "S9500", False),
    ("continuous", {"continuous": True}, {"continuous_anti_infective_code": "hold"}, "S9494 held payer_rule_required", False),
    ("continuous", {"continuous": True}, {"unlisted_interval_code": "hold"}, "S9494", True),
    ("boluses every 5 h", {"continuous": True, "programmed_bolus_hours": 5}, {"unlisted_interval_code": "S9500"}, "S9500", False),
    ("interval unknown", {"interval_hours": None}, {}, "S9494", True),
    ("interval unknown", {"interval_hours": None}, {"unlisted_interval_code": "S9500"}, "S9494", True),
    ("no interval", {"interval_hours": 0}, {}, "S9494 held payer_rule_required", False),
    ("no interval", {"interval_hours": -8}, {"unlisted_interval_code": "S9500"}, "S9494 held payer_rule_required", False),
    ("no bolus interval", {"continuous": True, "programmed_bolus_hours": 0}, {}, "S9494 held payer_rule_required", False),
]


@pytest.mark.parametrize(("what", "more", "profile", "line", "warned"), UNLISTED)
def test_anti_infectives_without_a_code_of_their_own(
    what: str, more: dict[str, Any], profile: dict[str, str], line: str, warned: bool
) -> None:
    """Billing 1.4 and 2.6: the profile decides, and S9494 by default warns."""
    found = ask(case(therapy("A", "cefazolin", *WEEK, **more), profile={**FALLBACKS, **profile}))
    code, *held = line.split(" ", 1)
    assert shown(found["lines"]) == [" ".join([code, "UN7 2026-03-02..2026-03-08", *held])], what
    assert [(one["code"], one["therapy"]) for one in found["warnings"]] == ([("payer_rule_required", "A")] if warned else [])


# device, lumens, code
DEVICES: list[tuple[str, int | None, str]] = [
    ("picc", 1, "S5498"),
    ("picc", 2, "S5501"),
    ("midline", 1, "S5498"),
    ("tunneled", 3, "S5501"),
    ("nontunneled", 2, "S5501"),
    ("port", 1, "S5502"),
    ("port", None, "S5502"),
    ("port", 2, "S5502"),
    ("picc", None, "S5497"),
    ("picc", 0, "S5497"),
    ("unknown", 1, "S5497"),
    ("unknown", None, "S5497"),
]


@pytest.mark.parametrize(("device", "lumens", "code"), DEVICES)
def test_code_of_catheter_care(device: str, lumens: int | None, code: str) -> None:
    """Billing 1.1: by port, then by lumens, S5497 where either is unknown."""
    care = {"device": device, "lumens": lumens, "from": "2026-03-02", "to": "2026-03-08"}
    found = ask(case(catheter=care, rates={code: 20}))
    assert shown(found["lines"]) == [f"{code} UN7 2026-03-02..2026-03-08"]
    assert "billing 1.1" in found["sources"]


# rule, codes of one day, the reason that holds each
TOGETHER: list[tuple[str, list[str], list[str | None]]] = [
    ("X1", ["S9325", "S9326"], ["payer_rule_required", None]),
    ("X1", ["S9327", "S9328"], [None, None]),
    ("X2", ["S9329", "S9331", "S9330"], ["payer_rule_required", None, None]),
    ("X3", ["S9364", "S9368"], ["payer_rule_required", None]),
    ("X4", ["S9377", "S9373"], [None, "payer_rule_required"]),
    ("X5", ["S9494", "S9500"], ["X5", None]),
    ("X5", ["S9494", "S9497"], ["X5", None]),
    ("X5", ["S9494", "S9494"], [None, None]),
    ("X5", ["S9494", "S9348"], [None, None]),
    ("X6", ["S9208", "S9349"], ["X6", "X6"]),
    ("X6", ["S9214", "S9500", "S9366"], ["X6", "X6", "X6"]),
    ("X6", ["S9208", "S9213"], [None, None]),
    ("X6", ["S9208", "S9542"], [None, None]),
    ("X5 before X6", ["S9494", "S9500", "S9208"], ["X5", "X6", "X6"]),
    ("X7", ["S9810", "S9500"], ["X7", "X7"]),
    ("X7", ["S9810", "S9542", "S5498"], ["X7", "X7", "X7"]),
    ("X7", ["S9810", "S9529"], [None, None]),
    ("X10", ["S9340", "S9342"], ["payer_rule_required", None]),
    ("X10", ["S9341", "S9343"], [None, None]),
]


@pytest.mark.parametrize(("rule", "codes", "expected"), TOGETHER)
def test_codes_that_may_not_stand_together(rule: str, codes: list[str], expected: list[str | None]) -> None:
    """Billing 1.6. Both ways round, and never because of nothing."""
    held = conflicts([*codes, None])
    assert [first_reason(holds) for holds in held] == [*expected, None]
    assert all(not hold.holds_drug and rule.split()[0] in "X5 X6" + hold.because for holds in held for hold in holds)
    backwards = conflicts(list(reversed(codes)))
    assert [first_reason(holds) for holds in backwards] == expected[::-1]


def test_conflicts_of_a_day_hold_the_line_and_not_the_drug() -> None:
    """Billing 1.4 and 2.7: S9494 beside an hourly code waits under X5, only on the days it stands beside it; its drug goes out."""
    odd = therapy("A", "ampicillin", "2026-03-01", "2026-03-10", interval_hours=5, doses_per_day=5, dose_amount=2, dose_unit="g")
    daily = therapy("B", "ceftriaxone", "2026-03-04", "2026-03-06", dose_amount=1, dose_unit="g")
    row = Row(
        "S9494 beside S9500",
        case(odd, daily),
        [
            "S9494 UN3 2026-03-01..2026-03-03",
            "S9494 UN3 2026-03-04..2026-03-06 held X5",
            "S9500:SH UN3 2026-03-04..2026-03-06",
            "S9494 UN4 2026-03-07..2026-03-10",
        ],
        "billing 1.4",
        ["J0290 UN200 2026-03-01..2026-03-10", "J0696 UN12 2026-03-04..2026-03-06"],
        warnings=["payer_rule_required A"],
    )
    check(row)


def test_two_codes_of_pain_on_one_day() -> None:
    pain = case(
        therapy("A", "morphine", *ONE_DAY, "pain"),
        therapy("B", "hydromorphone", *ONE_DAY, "pain", delivery="continuous"),
        rates={"S9325": 90, "S9326": 80},
    )
    expected = ["S9325 UN1 2026-03-02..2026-03-02 held payer_rule_required", "S9326:SH UN1 2026-03-02..2026-03-02"]
    check(Row("X1: the unspecified code waits", pain, expected, "billing 1.6"))


def test_obstetric_management_beside_an_infusion_waits_for_a_person() -> None:
    management = therapy("A", "nifedipine", *WEEK, "obstetric", obstetric_condition="preterm_labor")
    infusion = therapy("B", "penicillin g sodium", "2026-03-05", "2026-03-05", "tocolytic", dose_amount=1000000, dose_unit="units")
    found = ask(case(management, infusion, rates={"S9208": 80, "S9349": 150}))
    assert shown(found["lines"]) == [
        "S9208 UN3 2026-03-02..2026-03-04",
        "S9208 UN1 2026-03-05..2026-03-05 held X6",
        "S9349 UN1 2026-03-05..2026-03-05 held X6",
        "S9208 UN3 2026-03-06..2026-03-08",
    ]
    assert shown(found["drug_lines"]) == ["J3490 UN1 2026-03-05..2026-03-05"]


def test_obstetric_management_without_a_condition_is_held_without_a_code() -> None:
    found = ask(case(therapy("A", "nifedipine", *WEEK, "obstetric")))
    assert shown(found["lines"]) == ["None UN7 2026-03-02..2026-03-08 held payer_rule_required"]


@pytest.mark.parametrize("litres", [0, -1.5])
def test_a_volume_that_is_none_is_held(litres: float) -> None:
    found = ask(case(therapy("A", "tpn", *ONE_DAY, "tpn", volume_l=litres), rates={"S9364": 1}))
    assert shown(found["lines"]) == ["S9364 UN1 2026-03-02..2026-03-02 held payer_rule_required"]


# what is asked, what flushes
FLUSHES: list[tuple[str, Question]] = [
    ("a flush is no therapy", therapy("A", "heparin", *WEEK, "flush", dose_amount=500, dose_unit="units")),
    ("X8: a heparin flush does not drive S9372", therapy("A", "heparin flush", *WEEK, "anticoagulant_injection")),
    ("X8 by its other name", therapy("A", "heparin lock", *WEEK, "anticoagulant_injection", dose_amount=500, dose_unit="units")),
]


@pytest.mark.parametrize(("why", "order"), FLUSHES)
def test_a_flush_is_never_a_per_diem(why: str, order: Question) -> None:
    found = ask(case(order, rates={"S9372": 30}))
    assert found["lines"] == [] and found["drug_lines"] == [], why
    assert "X8" in found["because"][0]


def test_a_code_has_days_on_which_it_is_in_force() -> None:
    """S9563 began on 2023-04-01 (billing 1.5): before it the payer must say what stands in its place."""
    found = ask(case(therapy("A", "zztestimab", "2023-03-30", "2023-04-02", "immunotherapy_injection"), rates={"S9563": 60}))
    early, later = "S9563 UN2 2023-03-30..2023-03-31", "S9563 UN2 2023-04-01..2023-04-02"
    assert shown(found["lines"]) == [f"{early} held payer_rule_required", later]


def test_the_codes_that_are_ranked_are_those_of_infusions() -> None:
    """Billing 2.1, modifier_scope: injections, enteral, aerosol, obstetric management and irrigation take no part."""
    apart = {"S9370", "S9372", "S9537", "S9542", "S9558", "S9559", "S9560", "S9562", "S9563", "S9590", "S9061", "S9208", "S9341"}
    assert not apart & INFUSIONS
    assert {"S9325", "S9331", "S9336", "S9338", "S9345", "S9368", "S9373", "S9379", "S9490", "S9494", "S9497", "S9504"} <= INFUSIONS

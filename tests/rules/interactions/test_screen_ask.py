"""The contract of `ask screen`: examples word for word, fields, defaults, and what is malformed."""

import json
from typing import Any

import pytest

from infusiondesk.foundation.kernel.questions import answered, read_json
from infusiondesk.interactions.exchange import answer
from tests.rules.interactions.screen_questions import ask, lines, verdict


def refused(question: dict[str, Any]) -> str | None:
    """The field a malformed question is refused for; fails where the question was answered."""
    given, status = answered(read_json(json.dumps([question])), answer, "screen")
    assert status == 2, given
    assert isinstance(given, list)
    return str(given[0]["error"]["field"]) if given[0]["error"]["field"] is not None else None


def test_the_first_example_of_the_contract() -> None:
    question = {
        "orders": ["sulfamethoxazole-trimethoprim"],
        "home_medications": ["dofetilyde 250 mcg"],
        "no_known_drug_allergies": True,
    }
    expected = {
        "kind": "screen",
        "alerts": [],
        "clean": False,
        "not_checked": [
            {
                "name": "dofetilyde 250 mcg",
                "suggestion": "dofetilide",
                "alerts_if_confirmed": [
                    {
                        "a": "sulfamethoxazole-trimethoprim",
                        "b": "dofetilide",
                        "level": "STOP",
                        "rule": "P45",
                        "other_rules": [],
                        "text": "level up, torsades: alternative",
                    }
                ],
            }
        ],
        "because": ["1 of 2 medicines recognised."],
        "sources": ["clinical 6.0", "clinical 6.2"],
    }
    given = ask(**question)
    assert {name: given[name] for name in expected} == expected
    assert "potassium_meq_day" not in given


def test_the_second_example_of_the_contract() -> None:
    given = ask(orders=["ampicillin"], allergies=[{"substance": "nafcillin", "reaction": "hives", "severity": "moderate"}])
    (alert,) = given["alerts"]
    expected = {"a": "ampicillin", "b": "allergy:nafcillin", "level": "HOLD", "rule": "A01", "other_rules": ["R11b"]}
    assert {name: alert[name] for name in expected} == expected
    assert alert["text"]


def test_an_id_is_echoed_and_a_note_passed_over() -> None:
    given = ask(id="q7", note="from the ward", orders=["cefazolin"])
    assert (given["id"], given["kind"], given["clean"]) == ("q7", "screen", True)


def test_every_field_of_the_contract_is_taken() -> None:
    given = ask(
        patient={"age_years": 61.5, "sex": "F", "weight_kg": 70, "qtc_ms": 430, "tb_screened": None, "hbv_screened": False},
        orders=[
            {
                "drug": "cefazolin",
                "route": "iv",
                "continuous": False,
                "planned_days": 14,
                "flush": "NS",
                "indication": "wound",
                "dose_mg_kg": 20,
                "osmolarity_mosm_l": 300,
                "potassium_meq_day": 0,
                "calcium_meq_day": 0,
                "penicillin_million_units_day": None,
            }
        ],
        home_medications=[{"name": "levothyroxine", "stopped_days_ago": None, "planned": False, "potassium_meq_day": None}],
        allergies=[{"substance": "latex", "reaction": "rash", "severity": None}],
        no_known_drug_allergies=False,
        access={"type": "picc", "lumens": 2, "tip_confirmed": True},
        labs={"potassium_mmol_l": 4.1, "magnesium_mg_dl": 2.0, "creatinine_clearance_ml_min": 80},
    )
    assert (given["alerts"], given["not_checked"], given["clean"]) == ([], [], True)


def test_no_orders_and_no_medicines_can_be_screened_too() -> None:
    assert ask(orders=[])["because"] == ["0 of 0 medicines recognised."]


GOOD = {"orders": ["cefazolin"]}


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({}, "orders"),
        ({"orders": None}, "orders"),
        ({"orders": "cefazolin"}, "orders"),
        ({"orders": [7]}, "orders[0]"),
        ({"orders": ["cefazolin", None]}, "orders[1]"),
        ({"orders": [" "]}, "orders[0]"),
        ({"orders": [{}]}, "orders[0].drug"),
        ({"orders": [{"drug": ""}]}, "orders[0].drug"),
        ({"orders": [{"drug": "cefazolin", "dose": 1}]}, "orders[0].dose"),
        ({"orders": [{"drug": "cefazolin", "route": 3}]}, "orders[0].route"),
        ({"orders": [{"drug": "cefazolin", "continuous": "yes"}]}, "orders[0].continuous"),
        ({"orders": [{"drug": "cefazolin", "planned_days": "14"}]}, "orders[0].planned_days"),
        ({"orders": [{"drug": "pn", "potassium_meq_day": -1}]}, "orders[0].potassium_meq_day"),
        (GOOD | {"home_medications": {"name": "x"}}, "home_medications"),
        (GOOD | {"home_medications": [{"drug": "aspirin"}]}, "home_medications[0].name"),
        (GOOD | {"home_medications": [{"name": "aspirin", "stopped_days_ago": "3"}]}, "home_medications[0].stopped_days_ago"),
        (GOOD | {"home_medications": [{"name": "aspirin", "planned": 1}]}, "home_medications[0].planned"),
        (GOOD | {"allergies": [{"reaction": "rash"}]}, "allergies[0].substance"),
        (GOOD | {"allergies": ["penicillin"]}, "allergies[0]"),
        (GOOD | {"allergies": [{"substance": "penicillin", "severity": "bad"}]}, "allergies[0].severity"),
        (GOOD | {"allergies": [{"substance": "penicillin", "grade": 1}]}, "allergies[0].grade"),
        (GOOD | {"no_known_drug_allergies": "true"}, "no_known_drug_allergies"),
        (GOOD | {"access": "picc"}, "access"),
        (GOOD | {"access": {"lumens": 1}}, "access.type"),
        (GOOD | {"access": {"type": "garden hose"}}, "access.type"),
        (GOOD | {"access": {"type": "picc", "lumens": 0}}, "access.lumens"),
        (GOOD | {"access": {"type": "picc", "lumens": 1.5}}, "access.lumens"),
        (GOOD | {"access": {"type": "picc", "tip_confirmed": "yes"}}, "access.tip_confirmed"),
        (GOOD | {"access": {"type": "picc", "tip": True}}, "access.tip"),
        (GOOD | {"labs": {"potassium": 4}}, "labs.potassium"),
        (GOOD | {"labs": {"potassium_mmol_l": "4"}}, "labs.potassium_mmol_l"),
        (GOOD | {"labs": []}, "labs"),
        (GOOD | {"patient": {"age_years": True}}, "patient.age_years"),
        (GOOD | {"patient": {"sex": "X"}}, "patient.sex"),
        (GOOD | {"patient": {"tb_screened": "yes"}}, "patient.tb_screened"),
        (GOOD | {"patient": {"name": "ZZTEST"}}, "patient.name"),
        (GOOD | {"medicines": []}, "medicines"),
    ],
)
def test_a_malformed_question_is_refused_for_the_field_that_is_wrong(question: dict[str, Any], field: str) -> None:
    assert refused(question) == field


def test_a_malformed_question_does_not_stop_the_others() -> None:
    given, status = answered([{"orders": ["cefazolin"]}, {"id": "b"}, {"orders": ["ertapenem"]}], answer, "screen")
    assert status == 2
    assert isinstance(given, list)
    assert [sorted(item)[:2] for item in given] == [["alerts", "because"], ["error", "id"], ["alerts", "because"]]
    assert given[1]["id"] == "b"


@pytest.mark.parametrize(
    ("written", "device"),
    [
        ("PIV", "piv"),
        ("Midline", "midline"),
        ("tunneled_cvc", "tunneled"),
        ("implanted port", "port"),
        ("Hickman", "tunneled"),
        ("CVC", "nontunneled"),
    ],
)
def test_a_device_may_be_written_in_other_words_and_stays_as_written(written: str, device: str) -> None:
    given = ask(orders=["dobutamine"], access={"type": written, "lumens": 2, "tip_confirmed": True})
    expected = {f"access:{written} | dobutamine | STOP | V01 R12"} if device in ("piv", "midline") else set()
    assert lines(given) == expected


@pytest.mark.parametrize("route", ["iv_pca", "IV push", "ivpb", None])
def test_a_venous_route_may_be_written_in_other_words(route: str | None) -> None:
    given = ask(orders=[{"drug": "dobutamine", "route": route}], access={"type": "piv", "lumens": 2})
    assert verdict(given, "dobutamine", "access:piv")[0] == "STOP"


def test_a_misspelt_name_brings_every_alert_it_would_cause() -> None:
    given = ask(orders=["vancomycin"], home_medications=["lisinopril", "furosemyde 40 mg"])
    (item,) = given["not_checked"]
    assert item["suggestion"] == "furosemide"
    assert [(alert["a"], alert["b"], alert["rule"]) for alert in item["alerts_if_confirmed"]] == [
        ("vancomycin", "lisinopril", "P16")
    ]
    assert given["alerts"] == []


def test_two_misspelt_names_are_each_shown_with_the_other_one() -> None:
    given = ask(orders=["meropenum"], home_medications=["valproat"])
    for item in given["not_checked"]:
        assert [alert["rule"] for alert in item["alerts_if_confirmed"]] == ["P06"]
    assert given["alerts"] == []


def test_what_was_not_understood_and_resembles_nothing_has_no_suggestion() -> None:
    given = ask(orders=["cefazolin"], home_medications=["turmeric capsules", "xq"])
    assert [(item["name"], item["suggestion"], item["alerts_if_confirmed"]) for item in given["not_checked"]] == [
        ("turmeric capsules", None, []),
        ("xq", None, []),
    ]
    assert given["because"][0] == "1 of 3 medicines recognised."
    assert given["clean"] is False

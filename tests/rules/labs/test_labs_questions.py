"""`ask judge`: the contract of the question, its examples, and what makes it malformed."""

import json
from typing import Any

import pytest

from infusiondesk.foundation.kernel.questions import answered, read_json
from infusiondesk.labs.exchange import answer

AT = "2026-05-11T08:00"


def ask(question: object) -> dict[str, Any]:
    done, status = answered(read_json(json.dumps(question)), answer, "judge")
    assert status == 0, done
    assert isinstance(done, dict)
    return done


def refused(question: object) -> tuple[str | None, str]:
    done, status = answered(read_json(json.dumps(question)), answer, "judge")
    assert status == 2
    assert isinstance(done, dict)
    return done["error"]["field"], done["error"]["message"]


def one(analyte: str, value: object, **more: object) -> dict[str, object]:
    return {"analyte": analyte, "value": value, "collected_at": AT, **more}


def test_example_1() -> None:
    done = ask({"results": [one("creatinine", 150, unit="umol/L")], "baseline": {"creatinine": 0.9}})

    because = "1.89 x baseline 0.9; flag from 1.5 x"
    assert done["flags"] == [{"analyte": "creatinine", "level": "flag", "value": 1.697, "unit": "mg/dL", "because": because}]
    assert done["missing"] == []
    assert done["review_again"] is False
    assert done["because"] == [f"creatinine of 2026-05-11 08:00 (150 umol/L / 88.4 = 1.697 mg/dL) is flagged: {because}."]
    assert done["sources"] == ["clinical 3.1"]


def test_example_2() -> None:
    [flag] = ask({"results": [one("magnesium", 0.9, unit="mmol/L")]})["flags"]

    assert (flag["level"], flag["value"], flag["unit"]) == ("normal", 2.187, "mg/dL")


def test_units_default_to_the_table_and_null_is_unknown() -> None:
    assert ask({"results": [one("potassium", 4)]})["flags"][0]["level"] == "normal"
    [flag] = ask({"results": [one("potassium", 4, unit=None)]})["flags"]
    assert (flag["level"], flag["value"], flag["unit"]) == ("not_evaluated", 4, None)
    assert ask({"results": [one("blood_culture", "positive", unit=None)]})["flags"][0]["level"] == "critical"


def test_one_flag_an_analyte_from_the_newest_live_result() -> None:
    results = [
        one("platelets", 60, id="a"),
        one("platelets", 220, collected_at="2026-05-01T08:00"),
        one("platelets", 215, id="b", corrects="a"),
        one("glucose", "see comment"),
    ]

    done = ask({"results": results})

    assert [(flag["analyte"], flag["level"], flag["value"]) for flag in done["flags"]] == [
        ("platelets", "normal", 215),
        ("glucose", "not_evaluated", "see comment"),
    ]
    assert done["review_again"] is True
    assert "platelets: b corrects a, so it replaces it and is reviewed again." in done["because"]
    assert any(each.endswith("HOLD until a person files it.") for each in done["because"])


def test_expected_results_that_did_not_come() -> None:
    expected = [
        {"analyte": "ck", "due_at": "2026-05-08T08:00"},
        {"analyte": "potassium", "due_at": "2026-05-08T08:00", "window_hours": 24},
    ]

    done = ask({"results": [one("potassium", 4, collected_at="2026-05-07T08:00")], "expected": expected, "now": "2026-05-10T08:00"})

    assert done["missing"] == [{"analyte": "ck", "due_at": "2026-05-08T08:00"}]
    assert done["sources"] == ["clinical 3.1", "clinical 9.5"]


def test_a_result_in_the_future_is_not_evaluated() -> None:
    assert ask({"results": [one("potassium", 4)], "now": "2026-05-11T07:59"})["flags"][0]["level"] == "not_evaluated"


def test_facts_and_protocols_count() -> None:
    question = {
        "results": [one("ck", 1500), one("alt", 130), one("total_bilirubin", 2.5), one("platelets", 90), one("creatinine", 1.2)],
        "baseline": {"platelets": 200, "creatinine": 0.9, "ck": None},
        "upper_limits": {"alt": 40},
        "protocols": ["L-DAP", "L-TLV/ORI/DAL"],
        "muscle_symptoms": True,
        "on_heparin": True,
        "liver_symptoms": False,
    }

    levels = {flag["analyte"]: flag["level"] for flag in ask(question)["flags"]}

    assert levels == {"ck": "critical", "alt": "critical", "total_bilirubin": "flag", "platelets": "critical", "creatinine": "flag"}


def test_offsets_are_instants() -> None:
    """Twice 01:30 in the night of the clock change: the second is the newer."""
    results = [
        one("potassium", 2, collected_at="2026-11-01T01:30-05:00"),
        one("potassium", 4, collected_at="2026-11-01T01:30-06:00"),
    ]

    assert ask({"results": results})["flags"][0]["level"] == "normal"


def test_nothing_to_judge_is_an_answer() -> None:
    assert ask({"results": []}) == {
        "id": None, "kind": "judge", "flags": [], "missing": [], "review_again": False, "because": [], "sources": ["clinical 3.1"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({}, "results"),
        ({"results": None}, "results"),
        ({"results": {}}, "results"),
        ({"results": [4]}, "results[0]"),
        ({"results": [], "colour": 1}, "colour"),
        ({"results": [one("lactate", 1)]}, "results[0].analyte"),
        ({"results": [one("potassium", None)]}, "results[0].value"),
        ({"results": [one("potassium", True)]}, "results[0].value"),
        ({"results": [one("potassium", 1e300)]}, "results[0].value"),
        ({"results": [one("potassium", 4, unit=4)]}, "results[0].unit"),
        ({"results": [one("potassium", 4, collected_at="2026-02-30T08:00")]}, "results[0].collected_at"),
        ({"results": [one("potassium", 4, colour="red")]}, "results[0].colour"),
        ({"results": [{"analyte": "potassium", "value": 4}]}, "results[0].collected_at"),
        ({"results": [one("potassium", 4, id="a"), one("sodium", 140, id="a")]}, "results[1].id"),
        ({"results": [one("potassium", 4, corrects="a")]}, "results[0].corrects"),
        ({"results": [one("potassium", 4, id="a", corrects="a")]}, "results[0].corrects"),
        ({"results": [one("ck", 4, id="a", corrects="b"), one("ck", 4, id="b", corrects="a")]}, "results[0].corrects"),
        ({"results": [one("potassium", 4, id="a"), one("sodium", 140, corrects="a")]}, "results[1].corrects"),
        ({"results": [], "baseline": {"lactate": 1}}, "baseline.lactate"),
        ({"results": [], "baseline": {"potassium": "4"}}, "baseline.potassium"),
        ({"results": [], "upper_limits": [1]}, "upper_limits"),
        ({"results": [], "protocols": ["L-XYZ"]}, "protocols[0]"),
        ({"results": [], "on_heparin": "no"}, "on_heparin"),
        ({"results": [], "expected": [{"analyte": "ck", "due_at": AT}]}, "now"),
        ({"results": [], "expected": [{"analyte": "ck"}], "now": AT}, "expected[0].due_at"),
        ({"results": [], "expected": [{"analyte": "ck", "due_at": AT, "window_hours": -1}], "now": AT}, "expected[0].window_hours"),
        ({"results": [], "expected": [{"analyte": "ck", "due_at": AT, "grace": 1}], "now": AT}, "expected[0].grace"),
        ({"results": [one("potassium", 4), one("potassium", 4, collected_at=f"{AT}Z")]}, "results[1].collected_at"),
        ({"results": [one("potassium", 4)], "now": f"{AT}-05:00"}, "now"),
    ],
)  # fmt: skip
def test_malformed_questions_name_the_culprit(question: object, field: str) -> None:
    assert refused(question)[0] == field

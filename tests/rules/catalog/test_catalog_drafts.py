"""What keeps a row of the catalog from being saved, field by field."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from infusiondesk.catalog.rules import DrugDraft, ProductDraft, StabilityDraft

DRUG = DrugDraft("label", "label", "cefepime", "cefepime", "cefepime", "antibiotic", "anti_infective", ("intravenous",), "g")
PRODUCT = ProductDraft(
    "label", "label", UUID(int=1), "vancomycin 1 g vial", content_amount=Decimal(1000), reconstitution_ml=Decimal(20),
    concentration=Decimal(50),
)  # fmt: skip
BAG = replace(PRODUCT, form="solution", container="bag", reconstitution_ml=None, concentration=None, volume_ml=Decimal(100))
STABILITY = StabilityDraft(
    "label", "label", UUID(int=1), diluents=("5% dextrose",), concentration_high=Decimal(5), concentration_unit="mg/mL",
    hours=Decimal(336),
)  # fmt: skip


@pytest.mark.parametrize("draft", [DRUG, PRODUCT, BAG, STABILITY], ids=["drug", "powder", "bag", "stability"])
def test_a_whole_row_has_no_problem(draft: DrugDraft | ProductDraft | StabilityDraft) -> None:
    assert draft.problems() == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ingredient": " "}, "ingredient"),
        ({"ingredient": "Cefepime"}, "ingredient"),
        ({"name": ""}, "name"),
        ({"therapy": ""}, "therapy"),
        ({"therapy_class": "antibiotic"}, "therapy_class"),
        ({"dose_unit": "cc"}, "dose_unit"),
        ({"hazard": "perhaps"}, "hazard"),
        ({"controlled": "C2"}, "controlled"),
        ({"first_dose_risk": ""}, "first_dose_risk"),
        ({"vesicant": "pink"}, "vesicant"),
        ({"routes": ()}, "routes"),
        ({"routes": ("by mouth",)}, "routes"),
        ({"status": "hearsay"}, "status"),
        ({"source": " "}, "source"),
    ],
)
def test_each_field_of_a_drug_is_judged(changed: dict[str, Any], field: str) -> None:
    assert {problem.field for problem in replace(DRUG, **changed).problems()} == {field}


def test_only_a_diluent_has_no_route() -> None:
    assert replace(DRUG, routes=(), therapy="diluent").problems() == []


def test_unknown_needs_no_source() -> None:
    assert replace(STABILITY, hours=None, status="unknown", source="").problems() == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"drug_id": None}, "drug_id"),
        ({"label": ""}, "label"),
        ({"form": "gas"}, "form"),
        ({"container": "bucket"}, "container"),
        ({"content_unit": "IU"}, "content_unit"),
        ({"storage": "shelf"}, "storage"),
        ({"ndc": "1234567890"}, "ndc"),
        ({"content_amount": None}, "content_amount"),
        ({"content_amount": Decimal(0)}, "content_amount"),
        ({"reconstitution_ml": Decimal(-1)}, "reconstitution_ml"),
        ({"in_use_hours": Decimal(0)}, "in_use_hours"),
        ({"form": "solution"}, "volume_ml"),
        ({"form": "solution", "volume_ml": Decimal(20)}, "reconstitution_ml"),
    ],
)
def test_each_field_of_a_product_is_judged(changed: dict[str, Any], field: str) -> None:
    assert {problem.field for problem in replace(PRODUCT, **changed).problems()} == {field}


@pytest.mark.parametrize(
    ("strength", "is_taken"),
    [("25", True), ("24.9", False), ("41.25", True), ("50", True), ("55", True), ("55.1", False), ("500", False), ("5", False)],
)
def test_a_slip_of_a_digit_in_the_strength_is_caught(strength: str, is_taken: bool) -> None:
    found = replace(PRODUCT, concentration=Decimal(strength)).problems()

    assert (found == []) is is_taken
    assert is_taken or found[0].sentence.startswith("1,000 mg with 20 mL cannot give")


@pytest.mark.parametrize("missing", [{"reconstitution_ml": None}, {"concentration": None}])
def test_what_is_not_known_may_stay_empty(missing: dict[str, Any]) -> None:
    assert replace(PRODUCT, **missing).problems() == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"drug_id": None}, "drug_id"),
        ({"storage": "shelf"}, "storage"),
        ({"is_forbidden": True}, "hours"),
        ({"hours": Decimal(0)}, "hours"),
        ({"concentration_low": Decimal(6)}, "concentration_high"),
        ({"concentration_unit": ""}, "concentration_unit"),
        ({"concentration_unit": "", "concentration_high": None, "concentration_low": Decimal(1)}, "concentration_unit"),
    ],
)
def test_each_field_of_a_stability_is_judged(changed: dict[str, Any], field: str) -> None:
    assert {problem.field for problem in replace(STABILITY, **changed).problems()} == {field}

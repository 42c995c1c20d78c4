"""The volumes of a container: worked by hand, proved from the label, refused where they do not add up."""

from dataclasses import replace
from decimal import Decimal

import pytest

from infusiondesk.compounding.rules import (
    Amount,
    Diluent,
    DrugProduct,
    Fill,
    Ingredient,
    Refusal,
    WorksheetVolumes,
    worksheet_volumes,
)


def amount(value: str, unit: str, of: str) -> Amount:
    return Amount(Decimal(value), unit, of)


CEFAZOLIN = DrugProduct(
    name="cefazolin 1 g vial",
    per_vial=amount("1", "g", "cefazolin"),
    label=amount("330", "mg", "cefazolin"),
    label_ml=Decimal(1),
    per_ml=amount("330", "mg", "cefazolin"),
    reconstitute_with_ml=Decimal("2.5"),
)
FLUOROURACIL = DrugProduct(
    name="fluorouracil 50 mg/mL",
    per_vial=amount("2.5", "g", "fluorouracil"),
    label=amount("2500", "mg", "fluorouracil"),
    label_ml=Decimal(50),
)
POTASSIUM_PHOSPHATE = DrugProduct(
    name="potassium phosphates",
    per_vial=amount("45", "mmol", "phosphate"),
    label=amount("45", "mmol", "phosphate"),
    label_ml=Decimal(15),
)
POTASSIUM_CHLORIDE = DrugProduct(
    name="potassium chloride",
    per_vial=amount("40", "meq", "potassium"),
    label=amount("40", "meq", "potassium"),
    label_ml=Decimal(20),
)
SALINE = Diluent("sodium chloride 0.9 %", Decimal(100), Fill.ADDED)
TWO_GRAMS = Ingredient(amount("2", "g", "cefazolin"), Decimal(1), CEFAZOLIN)


def worked(*ingredients: Ingredient, diluent: Diluent = SALINE, containers: int = 1) -> WorksheetVolumes:
    found = worksheet_volumes(ingredients, diluent, containers=containers)
    assert isinstance(found, WorksheetVolumes), found
    return found


def test_drug_added_to_the_bag() -> None:
    found = worked(TWO_GRAMS)
    drug = found.ingredients[0]
    assert round(drug.drug_ml.value, 4) == Decimal("6.0606")
    assert drug.drawn_ml.value == Decimal("6.1")
    assert drug.vials.value == 3  # 3.03 mL in a vial, so 6.1 mL are just more than two
    assert drug.reconstitution_ml is not None and drug.reconstitution_ml.value == Decimal("7.5")
    assert (drug.proof.value, drug.proof.unit) == (Decimal("2013.0"), "mg")
    assert (found.diluent_ml.value, found.final_ml.value, found.withdrawn_ml.value) == (Decimal(100), Decimal("106.1"), Decimal(0))
    assert round(drug.concentration_per_ml.value * 1000, 3) == Decimal("18.850")
    assert drug.concentration_per_ml.unit == "g/mL"
    assert drug.drug_ml.because == "2 g cefazolin at 330 mg cefazolin in each mL."
    assert drug.proof.because == "6.1 mL at the label's 330 mg cefazolin in 1 mL, 0.65 % off the order."


def test_drug_volume_withdrawn_first_and_overfill_counted() -> None:
    bag = replace(SALINE, fill=Fill.WITHDRAWN_FIRST, overfill_ml=Decimal(7), overfill_counts=True)
    found = worked(TWO_GRAMS, diluent=bag)
    assert (found.withdrawn_ml.value, found.diluent_ml.value, found.final_ml.value) == (
        Decimal("6.1"),
        Decimal("100.9"),
        Decimal(107),
    )
    assert found.withdrawn_ml.because == "The drugs' own 6.1 mL are withdrawn first."
    assert "7 mL overfill" in found.diluent_ml.because


def test_overfill_that_the_policy_does_not_count() -> None:
    assert worked(TWO_GRAMS, diluent=replace(SALINE, overfill_ml=Decimal(7))).final_ml.value == Decimal("106.1")


def test_an_elastomeric_filled_up_to_its_volume() -> None:
    # 5-FU 2400 mg/m2 x 1.9 m2 in a 92 mL device (clinical 4.10): 91.2 mL drug and 0.8 mL saline, 49.57 mg/mL.
    device = Diluent("sodium chloride 0.9 %", Decimal(92), Fill.FILLED_UP_TO, capacity_ml=Decimal(100))
    found = worked(Ingredient(amount("4560", "mg", "fluorouracil"), Decimal(1), FLUOROURACIL), diluent=device)
    drug = found.ingredients[0]
    assert drug.drawn_ml.value == Decimal("91.2") and drug.vials.value == 2
    assert (found.diluent_ml.value, found.final_ml.value) == (Decimal("0.8"), Decimal(92))
    assert round(drug.concentration_per_ml.value, 1) == Decimal("49.6")
    assert drug.reconstitution_ml is None
    assert found.withdrawn_ml.value == 0 and found.withdrawn_ml.because == "The drugs' own 91.2 mL are left out of the diluent."


def test_several_drugs_and_several_containers() -> None:
    phosphate = Ingredient(amount("30", "mmol", "phosphate"), Decimal(1), POTASSIUM_PHOSPHATE)
    potassium = Ingredient(amount("36", "meq", "potassium"), Decimal(1), POTASSIUM_CHLORIDE)
    found = worked(phosphate, potassium, diluent=replace(SALINE, volume_ml=Decimal(1000)), containers=7)
    first, second = found.ingredients
    assert (first.drawn_ml.value, second.drawn_ml.value) == (Decimal(10), Decimal(18))
    assert (first.vials.value, second.vials.value) == (Decimal(5), Decimal(7))
    assert found.final_ml.value == 1028


def test_doses_in_one_container_and_a_strength_from_the_volume_added() -> None:
    vial = replace(
        CEFAZOLIN, per_ml=None, reconstitute_with_ml=Decimal(10), label=amount("1000", "mg", "cefazolin"), label_ml=Decimal(10)
    )
    found = worked(replace(TWO_GRAMS, doses_per_container=Decimal(3), product=vial))
    assert found.ingredients[0].drawn_ml.value == 60 and found.ingredients[0].vials.value == 6
    assert found.ingredients[0].drug_ml.because == "6 g cefazolin at 1 g cefazolin in 10 mL, no displacement stated."


def refused(*ingredients: Ingredient, diluent: Diluent = SALINE) -> tuple[str, str | None]:
    found = worksheet_volumes(ingredients, diluent)
    assert isinstance(found, Refusal), found
    assert found.because and found.sources
    return found.code, found.field


def test_a_strength_that_the_label_does_not_confirm() -> None:
    # 1 g with 2.5 mL added would be 400 mg/mL; the powder displaces and the label says 330: 17 % too little would be drawn.
    assert refused(replace(TWO_GRAMS, product=replace(CEFAZOLIN, per_ml=None))) == (
        "back_calculation_differs",
        "ingredients[0].product",
    )


def test_a_dose_too_small_for_the_syringe() -> None:
    small = Ingredient(amount("20", "mg", "cefazolin"), Decimal(1), CEFAZOLIN)
    assert refused(small) == ("back_calculation_differs", "ingredients[0].product")


@pytest.mark.parametrize(
    ("dose", "product", "expected"),
    [
        (amount("40", "meq", "potassium chloride"), POTASSIUM_CHLORIDE, ("different_salt", "ingredients[0].product")),
        (amount("30", "mmol", "potassium"), POTASSIUM_CHLORIDE, ("different_unit", "ingredients[0].dose")),
        (amount("0", "meq", "potassium"), POTASSIUM_CHLORIDE, ("not_positive", "ingredients[0].dose")),
        (
            amount("40", "meq", "potassium"),
            replace(POTASSIUM_CHLORIDE, label=amount("40", "meq", "chloride")),
            ("different_salt", "ingredients[0].product"),
        ),
    ],
)
def test_salts_and_units_are_kept_apart(dose: Amount, product: DrugProduct, expected: tuple[str, str]) -> None:
    assert refused(Ingredient(dose, Decimal(1), product)) == expected


@pytest.mark.parametrize("fill", [Fill.WITHDRAWN_FIRST, Fill.FILLED_UP_TO])
def test_no_negative_diluent(fill: Fill) -> None:
    assert refused(TWO_GRAMS, diluent=replace(SALINE, volume_ml=Decimal(6), fill=fill)) == ("diluent_negative", "diluent")


def test_a_container_that_is_too_small() -> None:
    assert refused(TWO_GRAMS, diluent=replace(SALINE, capacity_ml=Decimal(105))) == ("container_too_small", "diluent")


def test_million_units_are_units() -> None:
    penicillin = DrugProduct(
        "penicillin G potassium 20 MU",
        amount("20", "million_units", "penicillin G"),
        amount("500000", "units", "penicillin G"),
        Decimal(1),
        per_ml=amount("500000", "units", "penicillin G"),
    )
    found = worked(Ingredient(amount("4", "million_units", "penicillin G"), Decimal(6), penicillin))
    assert found.ingredients[0].drawn_ml.value == 48 and found.ingredients[0].vials.value == 2
    assert found.ingredients[0].total == amount("24", "million_units", "penicillin G")

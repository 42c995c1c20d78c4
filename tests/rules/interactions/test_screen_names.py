"""Reading medicines as people write them, and refusing what is not understood."""

from decimal import Decimal

import pytest

from infusiondesk.interactions.exchange import reference_knowledge
from infusiondesk.interactions.rules.names import Ingredient, NameBook

NAMES = reference_knowledge().names


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("vancomycin", "vancomycin"),
        ("Vancomycin HCl 1,250 mg IV q12h", "vancomycin"),
        ("VANCOCIN", "vancomycin"),
        ("11124", "vancomycin"),
        ("RxCUI 11124", "vancomycin"),
        ("rxcui:11124", "vancomycin"),
        ("vancomycin 1 g in 250 mL NS", "vancomycin"),
        ("vancomycin in D5W", "vancomycin"),
        ("dofetilide 250 mcg capsule", "dofetilide"),
        ("warfarin sodium 5 mg tablet daily", "warfarin"),
        ("warfarin for atrial fibrillation", "warfarin"),
        ("ampicillin for injection", "ampicillin"),
        ("losartan potassium 50 mg", "losartan"),
        ("penicillin V potassium", "penicillin v"),
        ("Penicillin G Potassium 24 MU continuous", "penicillin g"),
        ("penicillin G sodium", "penicillin g"),
        ("TMP/SMX DS", "sulfamethoxazole-trimethoprim"),
        ("trimethoprim-sulfamethoxazole", "sulfamethoxazole-trimethoprim"),
        ("Bactrim DS tablet", "sulfamethoxazole-trimethoprim"),
        ("sulfamethoxazole and trimethoprim", "sulfamethoxazole-trimethoprim"),
        ("Zosyn (piperacillin-tazobactam) 3.375 g", "piperacillin-tazobactam"),
        ("piperacillin/tazobactam", "piperacillin-tazobactam"),
        ("Norco (hydrocodone / acetaminophen) 5-325", "hydrocodone-acetaminophen"),
        ("lisinopril-hydrochlorothiazide", "lisinopril-hydrochlorothiazide"),
        ("Zestoretic 20/25", "hydrochlorothiazide-lisinopril"),
        ("imipenem-cilastatin", "imipenem-cilastatin"),
        ("Primaxin", "imipenem"),
        ("St. John’s Wort", "st john's wort"),
        ("St John's wort 300 mg", "st john's wort"),
        ("ciclosporin", "cyclosporine"),
        ("valproic acid", "valproate"),
        ("Depakote ER", "valproate"),
        ("5-FU", "fluorouracil"),
        ("AmB", "amphotericin b"),
        ("AmBisome", "amphotericin b"),
        ("liposomal amphotericin B", "amphotericin b"),
        ("Cubicin RF", "daptomycin"),
        ("Kimyrsa", "oritavancin"),
        ("Gamunex-C", "ivig"),
        ("immune globulin subcutaneous", "scig"),
        ("TPN", "pn"),
        ("SMOFlipid", "lipid emulsion"),
        ("KCl 20 mEq", "potassium"),
        ("K-Phos", "potassium"),
        ("salt substitute", "potassium"),
        ("D5W with potassium chloride 20 mEq/L", "potassium"),
        ("calcium gluconate", "calcium"),
        ("Mg sulfate", "magnesium"),
        ("magnesium sulfate", "magnesium"),
        ("vitamin C", "vitamin c"),
        ("ascorbic acid", "vitamin c"),
        ("MMR vaccine", "mmr vaccine"),
        ("Citalopram", "citalopram"),
        ("citálopram", "citalopram"),
        ("0.9% sodium chloride", "sodium chloride"),
        ("NS", "sodium chloride"),
        ("hydromorphone PCA 0.2 mg bolus", "hydromorphone"),
        ("infliximab-dyyb", "infliximab"),
        ("prednisone taper", "prednisone"),
        ("foo", None),
        ("vancomycin foo", None),
        ("99999999", None),
        ("10 mg", None),
        ("daily", None),
        ("вода vancomycin", None),
        ("", None),
    ],
)
def test_a_written_name_is_read_whole_or_not_at_all(written: str, name: str | None) -> None:
    reading = NAMES.read(written)
    assert (reading.name if reading else None) == name


@pytest.mark.parametrize(
    ("written", "suggestion"),
    [
        ("dofetilyde 250 mcg", "dofetilide"),
        ("vancomicin", "vancomycin"),
        ("Zossyn", "zosyn"),
        ("sulfamethoxazol-trimethoprim", "sulfamethoxazole trimethoprim"),
        ("lisinopril hydrochlorthiazide", "lisinopril hydrochlorothiazide"),
        ("vancomycin xq", "vancomycin"),
        ("gentamicin kratomia", "gentamicin"),
        ("factor VIII, cardboard", "factor viii"),
        ("snake oil", None),
        ("turmeric", None),
        ("xq", None),
        ("", None),
    ],
)
def test_a_near_name_is_proposed(written: str, suggestion: str | None) -> None:
    assert NAMES.read(written) is None
    assert NAMES.suggest(written) == suggestion


@pytest.mark.parametrize(
    ("written", "route", "strength", "long_acting"),
    [
        ("morphine ER 30 mg tablet", "po", Decimal(30), True),
        ("oxycodone immediate release 5 mg", None, Decimal(5), False),
        ("fentanyl patch 25 mcg", None, Decimal("0.025"), True),
        ("heparin lock flush", "flush", None, None),
        ("heparin 5000 units subcut", "sc", None, None),
        ("ciprofloxacin 0.3% eye drops", "topical", None, None),
        ("tobramycin inhalation", "inhaled", None, None),
        ("epinephrine 0.3 mg auto-injector", "im", Decimal("0.3"), None),
        ("methotrexate 15 mg IM weekly", "im", Decimal(15), None),
        ("vitamin c 1 g", None, Decimal(1000), None),
        ("daptomycin 8 mg/kg", None, None, None),
    ],
)
def test_what_stands_around_a_name_is_read_too(
    written: str, route: str | None, strength: Decimal | None, long_acting: bool | None
) -> None:
    reading = NAMES.read(written)
    assert reading is not None
    assert (reading.route, reading.strength_mg, reading.is_long_acting) == (route, strength, long_acting)


@pytest.mark.parametrize(
    ("written", "measures"),
    [
        ("dextrose 10%", {"percent": Decimal(10)}),
        ("D12.5W", {"percent": Decimal("12.5")}),
        ("potassium chloride 60 mEq/L", {"meq_per_l": Decimal(60)}),
        ("micafungin 1.5 mg/mL", {"mg_per_ml": Decimal("1.5")}),
    ],
)
def test_a_strength_of_a_solution_is_read(written: str, measures: dict[str, Decimal]) -> None:
    reading = NAMES.read(written)
    assert reading is not None
    assert reading.measures == measures


def test_a_name_or_a_code_stands_for_one_medicine_only() -> None:
    with pytest.raises(ValueError, match="is a name of"):
        NameBook([Ingredient("a", names=("same",)), Ingredient("b", names=("same",))], {}, ())
    with pytest.raises(ValueError, match="RxCUI 12"):
        NameBook([Ingredient("a", rxcuis=("12",)), Ingredient("b", rxcuis=("12",))], {}, ())


def test_an_empty_book_reads_nothing() -> None:
    book = NameBook([], {"salt": ()}, ())
    assert book.read("vancomycin") is None
    assert book.suggest("vancomycin") is None


def test_two_ingredients_in_one_line_are_a_combination_of_both() -> None:
    reading = NAMES.read("lisinopril 20 mg + hydrochlorothiazide 25 mg")
    assert reading is not None
    assert {"lisinopril", "hydrochlorothiazide", "hydrochlorothiazide-lisinopril"} <= reading.keys


def test_a_salt_word_after_a_plus_is_a_medicine_of_its_own() -> None:
    reading = NAMES.read("furosemide + potassium")
    assert reading is not None
    assert {"furosemide", "potassium"} <= reading.keys

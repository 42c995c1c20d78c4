"""The shipped tables: every line reads into a row without a problem, and the tables agree with each other."""

from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from infusiondesk.catalog.rules import (
    THERAPY_CLASSES,
    FirstDoseRisk,
    ProductForm,
    code_problem,
    product_missing,
    sources_of,
    stability_missing,
)
from infusiondesk.catalog.rules.reference import (
    code_of,
    drug_of,
    fluids_of,
    lines_of,
    product_of,
    stability_lines_of,
    stability_of,
    written_out,
)

REFERENCE = Path(__file__).parents[3] / "db" / "reference"
ANY = UUID(int=1)
THERAPIES = {
    "antibiotic", "antifungal", "antiviral", "chemotherapy", "hydration", "pain", "parenteral nutrition", "inotrope",
    "immune globulin", "anti-TNF", "clotting factor", "corticosteroid", "chelation", "alpha-1", "enzyme replacement", "diluent",
    "flush", "parenteral nutrition ingredient",
}  # fmt: skip


def table(name: str) -> list[dict[str, str]]:
    return lines_of((REFERENCE / f"{name}.csv").read_text("utf-8"))


DRUGS = table("drugs")
NAMES = {line["ingredient"]: line["reference_name"] or line["ingredient"] for line in DRUGS}


@pytest.mark.parametrize("line", DRUGS, ids=lambda line: line["ingredient"])
def test_a_drug_is_whole_and_has_its_source(line: dict[str, str]) -> None:
    draft = drug_of(line)

    assert draft.problems() == []
    assert "clinical" not in draft.source


def test_there_is_a_drug_for_every_therapy_once() -> None:
    assert {line["therapy"] for line in DRUGS} == THERAPIES
    assert {line["therapy_class"] for line in DRUGS} <= set(THERAPY_CLASSES)
    assert len(NAMES) == len(DRUGS)


@pytest.mark.parametrize("line", table("products"), ids=lambda line: line["label"])
def test_a_product_is_whole_and_belongs_to_a_drug(line: dict[str, str]) -> None:
    draft = product_of(line, ANY)

    assert draft.problems() == []
    assert line["ingredient"] in NAMES
    assert draft.ndc == ""  # none is shipped: a made-up one would match a real package


def test_what_no_source_gives_is_missing_and_nothing_else() -> None:
    drafts = [product_of(line, ANY) for line in table("products")]
    incomplete = [
        draft.label for draft in drafts if product_missing(ProductForm(draft.form), draft.reconstitution_ml, draft.concentration)
    ]

    assert incomplete == ["factor VIII 1,000 units vial", "methylPREDNISolone sodium succinate 1 g vial"]


@pytest.mark.parametrize(
    "line", table("stability"), ids=lambda line: f"{line['row']} {line['drug']} {line['storage']} {line['concentration_to']}"
)
def test_a_stability_is_whole(line: dict[str, str]) -> None:
    assert stability_of(line, ANY).problems() == []


def test_memory_hours_come_in_as_such_and_unknown_ones_not_at_all() -> None:
    by_row = {(line["row"], line["storage"]): stability_of(line, ANY) for line in table("stability")}

    assert (by_row["17", "refrigerator"].hours, by_row["17", "refrigerator"].status) == (Decimal(24), "memory")
    assert (by_row["42", "crt"].hours, by_row["42", "crt"].status) == (None, "unknown")
    assert by_row["36", "freezer"].is_forbidden
    assert by_row["44", "crt"].note.startswith("0.9% sodium chloride 250 mL; filter")
    assert stability_missing(by_row["36", "freezer"].is_forbidden, None) is None


@pytest.mark.parametrize("code", table("hcpcs_codes"), ids=lambda line: line["code"])
def test_a_code_is_whole(code: dict[str, str]) -> None:
    assert code_problem(code_of(code)) is None


def test_the_names_lead_to_the_other_tables() -> None:
    """A drug's ingredient is the one billing knows; its reference name the one of the stability and handling tables."""
    billed = {line["ingredient"] for line in table("drug_codes")}
    without_code = {"sterile water for injection", "parenteral nutrition"}
    within_nutrition = {line["ingredient"] for line in DRUGS if line["therapy"] == "parenteral nutrition ingredient"}

    assert set(NAMES) - billed - without_code <= within_nutrition
    silent = [name for name in NAMES.values() if not stability_lines_of(name, table("stability"))]
    assert set(silent) == {"sterile water for injection", "imiglucerase", "heparin flush", *within_nutrition}


@pytest.mark.parametrize(
    ("label", "column", "value"),
    [
        ("VESICANT_RED", "vesicant", "red"),
        ("VESICANT_YELLOW", "vesicant", "yellow"),
        ("HAZARDOUS", "hazard", "hazardous"),
        ("CII", "controlled", "CII"),
    ],
)
def test_a_drug_says_what_the_handling_table_says(label: str, column: str, value: str) -> None:
    handled = {line["drug"].casefold() for line in table("handling") if line["label"] == label and not line["scope"]}

    missed = [line["ingredient"] for line in DRUGS if NAMES[line["ingredient"]] in handled and line[column] != value]
    assert missed == []


@pytest.mark.parametrize(
    ("ingredient", "risk"),
    [
        ("ceftriaxone", FirstDoseRisk.HIGH),
        ("meropenem", FirstDoseRisk.HIGH),
        ("vancomycin", FirstDoseRisk.HIGH),
        ("amphotericin b liposomal", FirstDoseRisk.HIGH),
        ("infliximab", FirstDoseRisk.HIGH),
        ("gammagard liquid", FirstDoseRisk.HIGH),
        ("alpha-1 proteinase inhibitor", FirstDoseRisk.HIGH),
        ("imiglucerase", FirstDoseRisk.HIGH),
        ("fluorouracil", FirstDoseRisk.HIGH),
        ("factor viii", FirstDoseRisk.HIGH),
        ("micafungin", FirstDoseRisk.MODERATE),
        ("hizentra", FirstDoseRisk.MODERATE),
        ("sodium chloride 0.9%", FirstDoseRisk.LOW),
        ("daptomycin", FirstDoseRisk.NOT_JUDGED),
        ("acyclovir", FirstDoseRisk.NOT_JUDGED),
    ],
)
def test_first_dose_classes_are_those_of_the_list(ingredient: str, risk: FirstDoseRisk) -> None:
    """clinical 1.4; a drug that the list does not name is not judged, which is not the same as low."""
    assert next(line["first_dose_risk"] for line in DRUGS if line["ingredient"] == ingredient) == risk


@pytest.mark.parametrize(
    ("text", "fluids"),
    [
        ("NS, D5W", ("0.9% sodium chloride", "5% dextrose")),
        ("NS, 1/2NS, D5W", ("0.9% sodium chloride", "0.45% sodium chloride", "5% dextrose")),
        ("SWFI then NS", ("0.9% sodium chloride",)),
        ("BWFI then NS", ("0.9% sodium chloride",)),
        ("NS 250 mL", ("0.9% sodium chloride",)),
        ("other", ("other fluids",)),
        ("undiluted", ("undiluted",)),
        ("", ()),
    ],
)
def test_the_fluids_a_source_names(text: str, fluids: tuple[str, ...]) -> None:
    assert fluids_of(text) == fluids


def test_initials_of_fluids_are_written_out_and_other_letters_left() -> None:
    assert written_out("not LR; NSAID; IV push in D5W") == "not lactated Ringer's; NSAID; IV push in 5% dextrose"


def test_tags_of_sources_are_written_out() -> None:
    names = {line["tag"]: line["name"] for line in table("sources")}
    used = {tag.strip() for line in table("stability") for tag in line["source"].split(",")} - {""}

    assert used <= set(names)
    assert sources_of("ML, PNO", names) == f"{names['ML']}; {names['PNO']}"
    assert sources_of("somebody", names) == "somebody"
    assert sources_of("", names) == ""

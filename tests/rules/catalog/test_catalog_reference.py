"""The shipped tables: every line reads into a row without a problem, and the tables agree with each other."""

from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from infusiondesk.catalog.rules import (
    ROUTES,
    THERAPY_CLASSES,
    FirstDoseRisk,
    ProductForm,
    code_problem,
    product_missing,
    source_group,
    sources_of,
    stability_missing,
    tags_of,
)
from infusiondesk.catalog.rules.names import DrugNames, names_index, names_of
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
# Of the per-diem classes these have no drug here: an obstetric programme and palivizumab belong to other pharmacies.
WITHOUT_DRUG = {"obstetric", "immunotherapy_injection"}


def table(name: str) -> list[dict[str, str]]:
    return lines_of((REFERENCE / f"{name}.csv").read_text("utf-8"))


DRUGS = table("drugs")
NAMES = {line["ingredient"]: line["reference_name"] or line["ingredient"] for line in DRUGS}


@pytest.mark.parametrize("line", DRUGS, ids=lambda line: line["ingredient"])
def test_a_drug_is_whole_and_has_its_source(line: dict[str, str]) -> None:
    draft = drug_of(line)

    assert draft.problems() == []
    assert "clinical" not in draft.source


def test_there_is_a_drug_for_every_class_and_every_route_once() -> None:
    assert {line["therapy_class"] for line in DRUGS} == set(THERAPY_CLASSES) - WITHOUT_DRUG
    assert {route for line in DRUGS for route in drug_of(line).routes} == set(ROUTES)
    assert len(NAMES) == len(DRUGS)


def test_there_are_more_than_sixty_drugs_that_are_infused_or_injected() -> None:
    """Fluids, what is mixed into nutrition, flushes and the kit are not counted."""
    uncounted = {"parenteral nutrition ingredient", "hydration", "diluent", "flush", "anaphylaxis kit", "irrigation", "enteral"}

    assert len([line for line in DRUGS if line["therapy"] not in uncounted]) > 60


@pytest.mark.parametrize("line", table("products"), ids=lambda line: line["label"])
def test_a_product_is_whole_and_belongs_to_a_drug(line: dict[str, str]) -> None:
    draft = product_of(line, ANY)

    assert draft.problems() == []
    assert line["ingredient"] in NAMES
    assert draft.ndc == ""  # none is shipped: a made-up one would match a real package


def test_what_no_source_gives_is_missing_and_nothing_else() -> None:
    """A directory lists what a vial holds, never how it is reconstituted; those volumes are for a pharmacist to enter."""
    lacking = {
        line["label"]
        for line in table("products")
        for draft in [product_of(line, ANY)]
        if product_missing(ProductForm(draft.form), draft.reconstitution_ml, draft.concentration)
    }
    listed = {line["label"] for line in table("products") if "NDC15" in line["source"] and line["form"] == "powder"}

    assert lacking == listed | {"factor VIII 1,000 units vial", "methylprednisolone sodium succinate 1 g vial"}


# The rows of clinical 5.1 by number; each drug of a row is named.
STABILITY_ROWS = {
    "1": "vancomycin", "2": "daptomycin", "2b": "daptomycin", "3": "ceftriaxone", "4": "cefazolin", "5": "cefepime",
    "6": "ceftazidime", "7": "cefoxitin", "8": "ceftaroline",
    "9": "ceftolozane-tazobactam", "10": "ampicillin", "11": "ampicillin-sulbactam",
    "12": "nafcillin", "13": "oxacillin", "14": "penicillin G potassium; penicillin G sodium", "15": "piperacillin-tazobactam",
    "16": "meropenem", "17": "ertapenem", "18": "imipenem-cilastatin", "19": "aztreonam", "20": "gentamicin; tobramycin",
    "21": "amikacin", "22": "linezolid", "23": "sulfamethoxazole-trimethoprim", "24": "metronidazole", "25": "azithromycin",
    "26": "doxycycline; minocycline", "27": "tigecycline", "28": "dalbavancin", "29": "oritavancin", "30": "micafungin",
    "31": "caspofungin", "32": "anidulafungin", "33": "amphotericin B liposomal", "34": "amphotericin B deoxycholate",
    "35": "fluconazole", "36": "acyclovir", "37": "ganciclovir", "38": "foscarnet", "39": "milrinone", "40": "dobutamine",
    "41": "parenteral nutrition", "42": "immune globulin 10 %", "43": "immune globulin subcutaneous 20 %", "44": "infliximab",
    "45": "vedolizumab", "46": "hydromorphone", "47": "morphine", "48": "fentanyl", "49": "fluorouracil", "50": "deferoxamine",
    "51": "alpha-1 proteinase inhibitor", "52": "factor VIII", "53": "treprostinil", "54": "methylprednisolone",
    "55": "hydration with potassium or magnesium", "56": "alteplase",
}  # fmt: skip


@pytest.mark.parametrize(("row", "drugs"), STABILITY_ROWS.items(), ids=STABILITY_ROWS)
def test_every_stability_row_is_there_and_belongs_to_a_drug(row: str, drugs: str) -> None:
    found = [line for line in table("stability") if line["row"] == row]

    assert {line["drug"] for line in found} == set(drugs.split("; "))
    assert {line["storage"] for line in found} >= {"crt", "refrigerator", "freezer"} or row in {"1", "37"}
    assert {line["drug"].casefold() for line in found} <= {name.casefold() for name in NAMES.values()}


def test_the_fifty_seven_stability_rows_are_all_there() -> None:
    assert len(STABILITY_ROWS) == 57
    assert {line["row"] for line in table("stability")} == set(STABILITY_ROWS)


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
    without_code = {
        "sterile water for injection", "parenteral nutrition", "penicillin g sodium", "sodium chloride 0.9% irrigation",
    }  # fmt: skip
    within_nutrition = {line["ingredient"] for line in DRUGS if line["therapy"] == "parenteral nutrition ingredient"}

    assert set(NAMES) - billed - without_code <= within_nutrition
    shipped = {line["drug"].casefold() for line in table("stability")}
    assert shipped == {name.casefold() for name in NAMES.values() if stability_lines_of(name, table("stability"))}


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


SOURCED = ("drugs", "products", "stability", "drug_codes", "hcpcs_codes", "handling")
SOURCES = {line["tag"]: line["name"] for line in table("sources")}


@pytest.mark.parametrize("name", SOURCED)
def test_every_tag_of_every_row_resolves(name: str) -> None:
    unresolved = {
        (line["source"], tag) for line in table(name) for tag, _ in tags_of(line["source"], SOURCES) if tag not in SOURCES
    }
    silent = [line for line in table(name) if not line["source"] and line.get("status") != "unknown"]

    assert (unresolved, silent) == (set(), [])


def test_no_source_is_named_for_nothing() -> None:
    used = {tag for name in SOURCED for line in table(name) for tag, _ in tags_of(line["source"], SOURCES)}

    assert set(SOURCES) - used == set()
    assert len(SOURCES) == len(table("sources"))


@pytest.mark.parametrize("name", ["drugs", "products", "stability"])
def test_what_rests_on_memory_or_policy_says_so(name: str) -> None:
    """The weakest fact of a line decides: who names professional knowledge among the sources does not call the line a label."""
    wrong = [
        line
        for line in table(name)
        if "memory" in {tag for tag, _ in tags_of(line["source"], SOURCES)} and line["status"] not in ("memory", "policy")
    ]

    assert wrong == []


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("ML, PNO", "{ML}; {PNO}"),
        ("ML: page 4 (rate, fluid); memory: lists", "{ML}: page 4 (rate, fluid); {memory}: lists"),
        ("MIMS (US-style text); HID", "{MIMS (US-style text)}; {HID}"),
        ("somebody", "somebody"),
        ("", ""),
    ],
)
def test_tags_of_sources_are_written_out(written: str, said: str) -> None:
    for tag, name in SOURCES.items():
        said = said.replace(f"{{{tag}}}", name)

    assert sources_of(written, SOURCES) == said


@pytest.mark.parametrize(
    ("source", "group"),
    [
        ("package insert: page 4; professional knowledge: lists", "package insert; professional knowledge"),
        ("package insert: page 9; professional knowledge", "package insert; professional knowledge"),
        ("a; a: twice", "a"),
        ("Journal 49:116, abstract", "Journal 49:116, abstract"),
        ("", ""),
    ],
)
def test_rows_of_the_same_sources_are_one_group(source: str, group: str) -> None:
    assert source_group(source) == group


MEDICINES = names_index([*table("ingredients"), *table("ingredient_names")])
# The VA mapping of 2014 is older than these, or knows them under another name; nobody invents a number.
WITHOUT_RXCUI = {
    "alpha-1 proteinase inhibitor", "trace elements", "ceftolozane-tazobactam", "dalbavancin", "oritavancin", "vedolizumab",
    "ferric carboxymaltose", "hizentra", "parenteral nutrition",
}  # fmt: skip


@pytest.mark.parametrize("line", DRUGS, ids=lambda line: line["ingredient"])
def test_a_drug_has_its_names_from_the_one_table_that_has_them(line: dict[str, str]) -> None:
    names = names_of(line["ingredient"], MEDICINES)

    assert names != DrugNames()
    assert bool(names.rxcuis) is (line["ingredient"] not in WITHOUT_RXCUI)
    assert all(code.isdigit() for code in names.rxcuis)


@pytest.mark.parametrize(
    ("ingredient", "brands"),
    [
        ("ertapenem", ("Invanz",)),
        ("privigen", ("Privigen",)),
        ("heparin flush", ("Hep-Lock", "HepFlush")),
        ("methylprednisolone sodium succinate", names_of("methylprednisolone", MEDICINES).brands),
        ("factor 8", names_of("factor viii", MEDICINES).brands),
        ("moonstone", ()),
    ],
)
def test_the_names_of_a_drug(ingredient: str, brands: tuple[str, ...]) -> None:
    assert names_of(ingredient, MEDICINES).brands == brands

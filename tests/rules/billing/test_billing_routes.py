"""The code of a drug as it is given (billing 1.2 to 1.5): every shipped drug by every route it is shipped with."""

from pathlib import Path

import pytest

from infusiondesk.billing.rules.facts import TherapyClass
from infusiondesk.billing.rules.routes import class_as_given
from infusiondesk.catalog.rules.reference import drug_of, lines_of
from infusiondesk.orders.rules.words import Route
from tests.rules.billing.billing_questions import ask, case, shown, therapy

DRUGS = {
    line["ingredient"]: drug_of(line)
    for line in lines_of((Path(__file__).parents[3] / "db/reference/drugs.csv").read_text("utf-8"))
}
ORDERED = {"intravenous": Route.INTRAVENOUS, "subcutaneous": Route.SUBCUTANEOUS, "intramuscular": Route.INTRAMUSCULAR}
DAY = ("2026-03-02", "2026-03-02")

# ingredient, route, hours between doses (None is an infusion that never ends), code
GIVEN: list[tuple[str, str, int | None, str]] = [
    ("heparin", "intravenous", None, "S9336"),
    ("heparin", "subcutaneous", None, "S9336"),
    ("heparin", "subcutaneous", 12, "S9372"),
    ("heparin", "intravenous", 12, "S9372"),
    ("enoxaparin", "subcutaneous", 12, "S9372"),
    ("pentamidine", "inhaled", 24, "S9061"),
    ("pentamidine", "intravenous", 24, "S9500"),
    ("tobramycin", "inhaled", 12, "S9061"),
    ("tobramycin", "intravenous", 12, "S9501"),
    ("tobramycin", "intramuscular", 12, "S9542"),
    ("aztreonam", "inhaled", 8, "S9061"),
    ("aztreonam", "intravenous", 8, "S9502"),
    ("cefepime", "intramuscular", 12, "S9542"),
    ("cefepime", "intravenous", 12, "S9501"),
    ("insulin", "subcutaneous", None, "S9353"),
    ("insulin", "intravenous", None, "S9353"),
    ("insulin", "subcutaneous", 24, "S9542"),
    ("ondansetron", "intravenous", 8, "S9351"),
    ("ondansetron", "intramuscular", 8, "S9370"),
    ("palonosetron", "intravenous", 24, "S9370"),
    ("furosemide", "intravenous", 12, "S9361"),
    ("furosemide", "intramuscular", 12, "S9542"),
    ("dexamethasone", "intravenous", 24, "S9490"),
    ("hydrocortisone", "intramuscular", 24, "S9542"),
    ("meperidine", "intramuscular", 6, "S9542"),
    ("bleomycin", "intramuscular", 24, "S9542"),
    ("octreotide", "subcutaneous", 8, "S9542"),
    ("octreotide", "intravenous", None, "S9379"),
    ("filgrastim", "intravenous", 24, "S9537"),
    ("epoetin alfa", "subcutaneous", 48, "S9537"),
    ("treprostinil", "subcutaneous", None, "S9347"),
    ("treprostinil", "intravenous", None, "S9347"),
    ("deferoxamine", "subcutaneous", None, "S9355"),
    ("gammagard liquid", "subcutaneous", 72, "S9338"),
    ("terbutaline", "subcutaneous", None, "S9349"),
    ("baclofen", "intrathecal", None, "S9363"),
]


@pytest.mark.parametrize(("ingredient", "route", "hours", "code"), GIVEN)
def test_the_code_follows_the_way_a_drug_is_given(ingredient: str, route: str, hours: int | None, code: str) -> None:
    known = DRUGS[ingredient]
    assert route in known.routes
    given = class_as_given(TherapyClass(known.therapy_class), ORDERED.get(route, route), continuous=hours is None)
    order = therapy("A", ingredient, *DAY, given.value, interval_hours=hours or 24, continuous=hours is None)
    assert [line.split()[0] for line in shown(ask(case(order, rates={code: 100}))["lines"])] == [code]


@pytest.mark.parametrize("ingredient", DRUGS)
def test_only_an_inhaled_drug_is_an_aerosol_and_nothing_into_a_muscle_is_an_infusion(ingredient: str) -> None:
    known = DRUGS[ingredient]
    infused = {"anti_infective", "pain", "chemotherapy", "diuretic", "corticosteroid", "antiemetic_infusion", "other_infusion"}
    for route in known.routes:
        given = class_as_given(TherapyClass(known.therapy_class), ORDERED.get(route, route), continuous=False).value
        assert (given == "aerosol") is (route == "inhaled")
        assert route != "intramuscular" or given not in infused


def test_an_intravenous_antibiotic_that_never_ends_keeps_its_class() -> None:
    assert class_as_given(TherapyClass.ANTI_INFECTIVE, "iv", continuous=True) is TherapyClass.ANTI_INFECTIVE

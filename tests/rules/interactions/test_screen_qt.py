"""QT: two lists, the last QTc, potassium and magnesium (clinical 6.1.1)."""

from typing import Any

import pytest

from tests.rules.interactions.screen_questions import ask, found, lines, verdict

KNOWN = """
amiodarone dofetilide dronedarone sotalol ibutilide disopyramide procainamide quinidine flecainide haloperidol
droperidol chlorpromazine thioridazine pimozide methadone ondansetron domperidone citalopram escitalopram donepezil
azithromycin clarithromycin erythromycin ciprofloxacin levofloxacin moxifloxacin fluconazole pentamidine chloroquine
hydroxychloroquine arsenic_trioxide oxaliplatin vandetanib anagrelide cilostazol papaverine propofol terlipressin
"""
OTHER = """
voriconazole posaconazole itraconazole ketoconazole telavancin foscarnet granisetron dolasetron metoclopramide
promethazine hydroxyzine quetiapine risperidone olanzapine ziprasidone clozapine lithium mirtazapine trazodone
venlafaxine amitriptyline doxepin imipramine nortriptyline tacrolimus buprenorphine loperamide tizanidine ranolazine
leuprolide octreotide atazanavir efavirenz
"""


def names(listed: str) -> list[str]:
    return [name.replace("_", " ") for name in listed.split()]


def one_qt_row(one: str, other: str, **rest: Any) -> tuple[str, set[str]]:
    return verdict(ask(orders=[one], home_medications=[other], **rest), one, other)


@pytest.mark.parametrize("drug", names(KNOWN))
def test_every_known_drug_holds_with_another(drug: str) -> None:
    partner = "donepezil" if drug != "donepezil" else "hydroxychloroquine"
    level, rules = one_qt_row(drug, partner)
    assert "ONC21" in rules
    assert level == "HOLD"


@pytest.mark.parametrize("drug", names(OTHER))
def test_every_other_drug_warns_with_a_known_one_and_informs_with_another_other(drug: str) -> None:
    level, rules = one_qt_row(drug, "donepezil")
    assert "ONC21" in rules
    assert level in ("WARN", "HOLD")
    assert level == "WARN" or rules - {"ONC21"}
    partner = "leuprolide" if drug != "leuprolide" else "octreotide"
    level, rules = one_qt_row(drug, partner)
    assert "ONC21" in rules
    assert level == "INFO" or rules - {"ONC21"}


@pytest.mark.parametrize(
    ("one", "other", "patient", "labs", "expected"),
    [
        ("ondansetron", "donepezil", {}, {"potassium_mmol_l": 3.5, "magnesium_mg_dl": 1.6}, "HOLD"),
        ("ondansetron", "donepezil", {}, {"potassium_mmol_l": 3.49}, "STOP"),
        ("ondansetron", "donepezil", {}, {"magnesium_mg_dl": 1.59}, "STOP"),
        ("ondansetron", "donepezil", {"qtc_ms": 500}, {}, "HOLD"),
        ("ondansetron", "donepezil", {"qtc_ms": 501}, {}, "STOP"),
        ("trazodone", "mirtazapine", {"qtc_ms": 501}, {}, "STOP"),
        ("trazodone", "mirtazapine", {}, {"potassium_mmol_l": 3.0}, "INFO"),
        ("trazodone", "donepezil", {}, {"potassium_mmol_l": 3.0}, "WARN"),
        ("trazodone", "donepezil", {"qtc_ms": 520}, {}, "STOP"),
        ("fluconazole", "ondansetron", {}, {"potassium_mmol_l": 3.1}, "STOP"),
    ],
)
def test_the_level_follows_electrolytes_and_qtc(
    one: str, other: str, patient: dict[str, Any], labs: dict[str, Any], expected: str
) -> None:
    level, rules = one_qt_row(one, other, patient=patient, labs=labs)
    assert (level, "ONC21" in rules) == (expected, True)


def test_one_known_drug_alone_holds_when_the_qtc_is_long() -> None:
    long = {"qtc_ms": 510}
    assert lines(ask(orders=["ondansetron"], patient=long)) == {"lab:qtc | ondansetron | HOLD | ONC21"}
    assert lines(ask(orders=["ondansetron"], patient={"qtc_ms": 500})) == set()
    assert lines(ask(orders=["trazodone"], patient=long)) == set()
    both = ask(orders=["ondansetron"], home_medications=["donepezil"], patient=long)
    assert lines(both) == {"donepezil | ondansetron | STOP | ONC21"}


def test_a_stricter_row_keeps_the_qt_rule_beside_it() -> None:
    alert = found(ask(orders=["voriconazole", "methadone"]), "voriconazole", "methadone")
    assert alert is not None
    assert (alert["level"], alert["rule"], alert["other_rules"]) == ("HOLD", "P20", ["P26", "P67", "ONC21"])

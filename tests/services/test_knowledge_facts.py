"""Limits, classes, side chains, first doses and waits are corrected, signed and switched off like rules, on both databases."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.interactions import service
from infusiondesk.interactions.rules import Allergy, Knowledge, Profile, Written, screen
from infusiondesk.interactions.rules.editing import RuleDraft
from infusiondesk.interactions.rules.rows import RowKind
from infusiondesk.interactions.service.knowledge_lists import RuleRow
from infusiondesk.workflows.recall_knowledge import recall_lines
from tests.beginnings import Recipe
from tests.pharmacy import Pharmacy
from tests.services.knowledge_story import CORRECTED
from tests.story import the_catalog

PIC = Role.PHARMACIST_IN_CHARGE


@pytest.fixture
def begins_with() -> Recipe:
    return the_catalog


def rows(pharmacy: Pharmacy, kind: RowKind, words: str = "") -> list[RuleRow]:
    return list(pharmacy.ask(service.rules_found, kind=kind, text=words).rows)


def correct(pharmacy: Pharmacy, row: RuleRow, **typed: Any) -> None:
    draft = replace(pharmacy.ask(service.rule_history, row_key=row.id).draft, **typed)
    pharmacy.do(service.correct_rule, row_key=row.id, draft=draft, reasons=CORRECTED)


def knowledge(pharmacy: Pharmacy) -> Knowledge:
    return pharmacy.ask(service.knowledge_in_force).knowledge


def alerted(pharmacy: Pharmacy, profile: Profile) -> set[str]:
    return {rule for alert in screen(profile, knowledge(pharmacy)).alerts for rule in alert.rules}


def test_each_kind_is_listed_by_itself_with_its_source(pharmacy: Pharmacy) -> None:
    counts = {kind: len(rows(pharmacy, kind)) for kind in RowKind}
    assert {kind: counts[kind] for kind in (RowKind.LIMIT, RowKind.CHAIN, RowKind.INTERVAL)} == {
        RowKind.LIMIT: 16, RowKind.CHAIN: 4, RowKind.INTERVAL: 11,
    }  # fmt: skip
    assert sum(counts.values()) == pharmacy.ask(service.rules_found).total
    (row,) = rows(pharmacy, RowKind.LIMIT, "qtc")
    assert (row.side_a, row.side_b, row.source, row.standing) == (
        "QTc above which it counts as long", "500 ms", "clinical 6.1.1", "unsigned",
    )  # fmt: skip


def test_a_corrected_limit_counts_at_once_is_signed_and_stays_readable(pharmacy: Pharmacy) -> None:
    (row,) = rows(pharmacy, RowKind.LIMIT, "qtc")
    medicines = (Written("methadone", is_order=False),)
    profile = Profile(medicines, has_no_known_drug_allergies=True, results={"qtc": Decimal(490)})
    pair = replace(profile, medicines=(*medicines, Written("haloperidol", is_order=False)))

    def levels() -> list[str]:
        return [alert.level for alert in screen(pair, knowledge(pharmacy)).alerts if "ONC21" in alert.rules]

    assert levels() == ["HOLD"]
    with pytest.raises(NeedsReason):
        draft = replace(pharmacy.ask(service.rule_history, row_key=row.id).draft, amount="480")
        pharmacy.do(service.correct_rule, row_key=row.id, draft=draft)

    correct(pharmacy, row, amount="480", status="label", source="label 2026")

    assert levels() == ["STOP"]
    assert knowledge(pharmacy).limits["qtc_long_ms"] == 480
    (now,) = rows(pharmacy, RowKind.LIMIT, "qtc")
    assert (now.id, now.side_b, now.standing, now.changes) == (row.id, "480 ms", "unsigned", 1)
    pharmacy.do(service.sign_rules, by=PIC, seen=[(now.id, now.version)])
    assert rows(pharmacy, RowKind.LIMIT, "qtc")[0].standing == "signed by ZZTEST Pharmacist In Charge"
    (change,) = pharmacy.ask(service.rule_history, row_key=row.id).changes
    assert (change.before, change.by) == ("limit: QTc above which it counts as long: 500 ms.", "ZZTEST Pharmacist")


@pytest.mark.parametrize(
    ("words", "typed", "sentence"),
    [
        ("qtc", "-1", "a number above zero"),
        ("qtc", "very long", "a number above zero"),
        ("potassium warns", "200", "200 is not below 200"),
    ],
)
def test_a_limit_that_is_absurd_is_refused(file_pharmacy: Pharmacy, words: str, typed: str, sentence: str) -> None:
    row = rows(file_pharmacy, RowKind.LIMIT, words)[0]
    with pytest.raises(Refused, match=sentence) as refused:
        correct(file_pharmacy, row, amount=typed)
    assert refused.value.field == "amount"


def test_a_limit_is_neither_switched_off_nor_entered_anew(pharmacy: Pharmacy) -> None:
    row = rows(pharmacy, RowKind.LIMIT)[0]
    with pytest.raises(Refused, match="cannot compare with a number that is not there"):
        pharmacy.do(service.switch_rule_off, by=PIC, row_key=row.id, reasons={"knowledge.off": "noise"})
    with pytest.raises(Refused, match="the screen asks for each by its name"):
        pharmacy.do(service.enter_pair, draft=RuleDraft(kind=RowKind.LIMIT, amount="3", source="me"))
    with pytest.raises(Refused, match="“allergy class” is not entered here"):
        pharmacy.do(service.enter_pair, draft=RuleDraft(kind=RowKind.CLASS, source="me"))
    assert rows(pharmacy, RowKind.LIMIT)[0].standing == "unsigned"


def test_a_class_takes_a_medicine_in_and_is_switched_off(pharmacy: Pharmacy) -> None:
    row = next(row for row in rows(pharmacy, RowKind.CLASS) if row.side_a == "platinum")
    allergy = (Allergy("cisplatin"),)
    profile = Profile((Written("daptomycin", is_order=False),), allergies=allergy)
    assert "R11b" not in alerted(pharmacy, profile)

    correct(pharmacy, row, side_a="cisplatin; daptomycin")
    assert "R11b" in alerted(pharmacy, profile)

    for typed, sentence in (
        ({"side_a": "daptomicin"}, "do you mean daptomycin"),
        ({"side_a": "@moon"}, "There is no group"),
        ({"side_b": "platinums; latex"}, "“latex” is a name of latex already"),
    ):
        with pytest.raises(Refused, match=sentence):
            correct(pharmacy, row, **typed)
    pharmacy.do(service.switch_rule_off, by=PIC, row_key=row.id, reasons={"knowledge.off": "wrong"})
    assert "R11b" not in alerted(pharmacy, profile)
    assert [name.name for name in screen(replace(profile, allergies=(Allergy("platinums"),)), knowledge(pharmacy)).unchecked] == [
        "platinums"
    ]


def test_a_side_chain_a_first_dose_and_a_wait_are_corrected(pharmacy: Pharmacy) -> None:
    chain = next(row for row in rows(pharmacy, RowKind.CHAIN) if row.side_a == "side chain c")
    correct(pharmacy, chain, side_a="ceftazidime; cefiderocol; aztreonam; cefazolin")
    profile = Profile((Written("cefazolin", is_order=False),), allergies=(Allergy("ceftazidime"),))
    assert "A02" in alerted(pharmacy, profile)
    dose = next(row for row in rows(pharmacy, RowKind.FIRST_DOSE) if row.side_a == "@factor product")
    correct(pharmacy, dose, risk="MODERATE")
    assert [row.risk for row in knowledge(pharmacy).tables.first_doses if row.when == "first exposure days"] == ["MODERATE"]
    wait = next(row for row in rows(pharmacy, RowKind.INTERVAL) if row.side_a == "plasma")
    correct(pharmacy, wait, amount="8")
    assert {row.months for row in knowledge(pharmacy).tables.antibody_intervals if row.product == "plasma"} == {8}
    assert {row.side_b for row in pharmacy.ask(service.rules_found, scope="changed").rows if row.kind is RowKind.INTERVAL} == {
        "8 months"
    }
    assert list(pharmacy.ask(recall_lines)) == []

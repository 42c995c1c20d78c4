"""The knowledge behind screens: corrected, signed, switched off, imported and removed, on both databases."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import pytest
import sqlalchemy as sa

from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.interactions import queries, service
from infusiondesk.interactions.exchange import reference_knowledge
from infusiondesk.interactions.exchange.layers import ColumnChoice, by_our_names, look_at, read_mapped
from infusiondesk.interactions.queries import ScreeningRow
from infusiondesk.interactions.rules import Level, Profile, Written, screen
from infusiondesk.interactions.rules.editing import RuleDraft
from infusiondesk.interactions.rules.rows import OURS, RowKind
from infusiondesk.interactions.service import in_force
from infusiondesk.interactions.service.knowledge_lists import RuleRow
from infusiondesk.workflows.census import patients_to_screen, screen_some
from infusiondesk.workflows.verify_order import screen_order
from tests.beginnings import Recipe
from tests.pharmacy import Pharmacy
from tests.services.knowledge_story import answered, screened_with, verified_beside
from tests.story import a_patient, an_order, the_catalog

PIC = Role.PHARMACIST_IN_CHARGE
CHOICE = ColumnChoice("County set", "CTY", "County hospital, 2025", "one", "two", "how", "why", "from")
CSV = b"one,two,how,why,from\nwarfarin,vancomycin,major,INR moves,page 4\nZyvox,tyramin,moderate,,\n"


@pytest.fixture
def begins_with() -> Recipe:
    return the_catalog


def rules(pharmacy: Pharmacy, words: str, **more: str) -> list[RuleRow]:
    return list(pharmacy.ask(service.rules_found, text=words, **more).rows)


def rule(pharmacy: Pharmacy, words: str) -> RuleRow:
    (found,) = rules(pharmacy, words)
    return found


def seen(*rows: RuleRow) -> list[tuple[str, str]]:
    return [(row.id, row.version) for row in rows]


def draft_of(pharmacy: Pharmacy, row: RuleRow) -> RuleDraft:
    return pharmacy.ask(service.rule_history, row_key=row.id).draft


def met(pharmacy: Pharmacy, *names: str) -> dict[str, tuple[Level, str]]:
    """What a screen of these home medicines says now: level and who signed, by rule."""
    profile = Profile(medicines=tuple(Written(name, is_order=False) for name in names), has_no_known_drug_allergies=True)
    found = screen(profile, pharmacy.ask(service.knowledge_in_force).knowledge).alerts
    return {used.rule: (alert.level, used.signed_by) for alert in found for used in alert.rows}


def imported(pharmacy: Pharmacy, data: bytes = CSV) -> UUID:
    read = read_mapped("county.csv", data, CHOICE)
    return pharmacy.do(service.import_layer, read=read, content=by_our_names(read), file_name="county.csv")


def test_until_somebody_changes_something_the_release_itself_is_in_force(pharmacy: Pharmacy) -> None:
    in_force = pharmacy.ask(service.knowledge_in_force)
    assert in_force.knowledge is reference_knowledge()
    found = pharmacy.ask(service.rules_found)
    assert found.total == found.unsigned == len(in_force.ours)
    assert {row.kind for row in found.rows} == set(RowKind)


def test_a_corrected_rule_counts_at_once_is_unsigned_and_keeps_what_it_said(pharmacy: Pharmacy) -> None:
    row = rule(pharmacy, "P13")
    pharmacy.do(service.sign_rules, by=PIC, seen=seen(row), reasons={"knowledge.compared": "label"})
    before = pharmacy.ask(service.knowledge_in_force).version
    assert met(pharmacy, "vancomycin", "piperacillin-tazobactam")["P13"] == (Level.HOLD, "ZZTEST Pharmacist In Charge")
    draft = draft_of(pharmacy, row)
    draft.level = Level.WARN.value

    with pytest.raises(NeedsReason):
        pharmacy.do(service.correct_rule, row_key=row.id, draft=draft)
    pharmacy.do(service.correct_rule, row_key=row.id, draft=draft, reasons={"knowledge.correct": "new study"})

    assert met(pharmacy, "vancomycin", "piperacillin-tazobactam")["P13"] == (Level.WARN, "")
    assert pharmacy.ask(service.knowledge_in_force).version != before
    now = rule(pharmacy, "P13")
    assert (now.id, now.level, now.standing, now.changes) == (row.id, "WARN", "unsigned", 1)
    (change,) = pharmacy.ask(service.rule_history, row_key=row.id).changes
    assert change.before.startswith("HOLD: vancomycin with piperacillin-tazobactam")
    assert change.said.startswith("WARN: ")
    assert (change.reason, change.by) == ("new study", "ZZTEST Pharmacist")
    with pytest.raises(Refused, match="Nothing was changed"):
        pharmacy.do(service.correct_rule, row_key=row.id, draft=draft, reasons={"knowledge.correct": "again"})


@pytest.mark.parametrize(
    ("words", "attribute", "typed", "sentence"),
    [
        ("P13", "side_b", "piperacilin", "“piperacilin” is no ingredient of our list; do you mean piperacillin"),
        ("P13", "side_a", "@glycopeptides of the moon", "There is no group"),
        ("P13", "level", "AVOID", "Choose the level"),
        ("P13", "condition", "on tuesdays", "does not understand"),
        ("P13", "washout_a", "a week", "does not understand"),
        ("P13", "source", " ", "Name the source"),
        ("Q03", "condition", "creatinine clearance low", "does not understand"),
        ("dobutamine sulfite", "side_b", "marzipan", "no substance of our list of allergies"),
        ("acyclovir yellow", "grade", "GREEN", "how the vein bears it"),
        ("acyclovir yellow", "at_least", "much", "does not understand"),
    ],
)
def test_what_the_screen_could_not_read_is_refused_in_one_sentence(
    file_pharmacy: Pharmacy, words: str, attribute: str, typed: str, sentence: str
) -> None:
    row = rules(file_pharmacy, words)[0]
    draft = draft_of(file_pharmacy, row)
    setattr(draft, attribute, typed)
    with pytest.raises(Refused, match=sentence) as refused:
        file_pharmacy.do(service.correct_rule, row_key=row.id, draft=draft, reasons={"knowledge.correct": "because"})
    assert refused.value.field == attribute or attribute.startswith(("washout", "at_least"))
    assert rules(file_pharmacy, "", scope="changed") == []


def test_who_corrects_what_another_corrected_meanwhile_reads_both_values(pharmacy: Pharmacy) -> None:
    row = rule(pharmacy, "P13")
    first, second = draft_of(pharmacy, row), draft_of(pharmacy, row)
    first.level, second.advice = Level.WARN.value, "another drug"
    pharmacy.do(service.correct_rule, row_key=row.id, draft=first, reasons={"knowledge.correct": "new study"})

    sentence = "ZZTEST Pharmacist changed P13 on .* while you were editing: level is now “WARN”, you typed “HOLD”. Open the rule"
    with pytest.raises(Refused, match=sentence):
        pharmacy.do(service.correct_rule, row_key=row.id, draft=second, reasons={"knowledge.correct": "a label"})
    now = rule(pharmacy, "P13")
    assert (now.level, now.text.endswith("another drug"), now.changes) == ("WARN", False, 1)

    second = draft_of(pharmacy, now)
    second.advice = "another drug"
    pharmacy.do(service.correct_rule, row_key=row.id, draft=second, reasons={"knowledge.correct": "a label"})
    assert (rule(pharmacy, "P13").level, rule(pharmacy, "P13").changes) == ("WARN", 2)


def test_rules_are_signed_together_each_in_its_version(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    keys = seen(*rules(pharmacy, "ONC08"))
    assert len(keys) > 1
    for who in (Role.PHARMACIST, Role.ADMINISTRATOR):
        with pytest.raises(Refused, match="pharmacist in charge"):
            pharmacy.do(service.sign_rules, by=who, seen=keys)

    assert pharmacy.do(service.sign_rules, by=PIC, seen=keys) == len(keys)

    assert {row.standing for row in rules(pharmacy, "ONC08")} == {"signed by ZZTEST Pharmacist In Charge"}
    with pytest.raises(Refused, match="signed already"):
        pharmacy.do(service.sign_rules, by=PIC, seen=keys[:1])
    with pytest.raises(NeedsReason, match="compare with"):
        pharmacy.do(service.sign_rules, by=PIC, seen=seen(rule(pharmacy, "P13")))


def test_a_rule_that_was_corrected_since_it_was_seen_is_not_signed(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    row = rule(pharmacy, "P13")
    draft = draft_of(pharmacy, row)
    draft.level = Level.WARN.value
    pharmacy.do(service.correct_rule, row_key=row.id, draft=draft, reasons={"knowledge.correct": "new study"})

    with pytest.raises(Refused, match="P13, vancomycin with piperacillin-tazobactam, was changed after you opened it"):
        pharmacy.do(service.sign_rules, by=PIC, seen=seen(row), reasons={"knowledge.compared": "label"})

    assert rule(pharmacy, "P13").standing == "unsigned"


def test_a_rule_that_is_switched_off_is_silent_until_it_is_switched_on(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    row = rule(pharmacy, "P15")
    with pytest.raises(NeedsReason):
        pharmacy.do(service.switch_rule_off, by=PIC, row_key=row.id)
    pharmacy.do(service.switch_rule_off, by=PIC, row_key=row.id, reasons={"knowledge.off": "noise"})
    assert "P15" not in met(pharmacy, "vancomycin", "ibuprofen")
    assert [one.rule for one in rules(pharmacy, "", scope="off")] == ["P15"]
    with pytest.raises(Refused, match="not signed"):
        pharmacy.do(service.sign_rules, by=PIC, seen=seen(row))
    draft = draft_of(pharmacy, row)
    draft.advice = "another drug"
    with pytest.raises(Refused, match=r"P15 is off and is not corrected\. The pharmacist in charge may switch it on"):
        pharmacy.do(service.correct_rule, row_key=row.id, draft=draft, reasons={"knowledge.correct": "a label"})
    assert "P15" not in met(pharmacy, "vancomycin", "ibuprofen")

    pharmacy.do(service.switch_rule_on, by=PIC, row_key=row.id)
    assert "P15" in met(pharmacy, "vancomycin", "ibuprofen")


def test_a_pair_of_our_own_is_entered(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    draft = RuleDraft(
        side_a="micafungin", side_b="sirolimus", level="WARN", mechanism="sirolimus up", advice="level", source="label 2024",
        status="label",
    )  # fmt: skip
    assert pharmacy.do(service.enter_pair, draft=draft) == "OWN 1"
    assert met(pharmacy, "micafungin", "sirolimus") == {"OWN 1": (Level.WARN, "")}


def test_a_set_counts_only_while_it_is_enabled(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    layer_id = imported(pharmacy)
    assert "CTY 1" not in met(pharmacy, "warfarin", "vancomycin")
    with pytest.raises(Refused, match="Remove it first"):
        imported(pharmacy)

    pharmacy.do(service.enable_layer, layer_id=layer_id)
    assert met(pharmacy, "coumadin", "vancomycin")["CTY 1"] == (Level.HOLD, "")
    assert met(pharmacy, "linezolid", "tyramin")["CTY 2"] == (Level.WARN, "")
    row = rule(pharmacy, "CTY 1")
    assert (row.layer_words, row.source, row.text) == ("CTY", "page 4", "CTY set: INR moves")
    pharmacy.do(service.sign_rules, by=PIC, seen=seen(row))
    assert met(pharmacy, "warfarin", "vancomycin")["CTY 1"] == (Level.HOLD, "ZZTEST Pharmacist In Charge")
    draft = draft_of(pharmacy, row)
    draft.level = "INFO"
    pharmacy.do(service.correct_rule, row_key=row.id, draft=draft, reasons={"knowledge.correct": "too strict"})
    assert met(pharmacy, "warfarin", "vancomycin")["CTY 1"] == (Level.INFO, "")
    pharmacy.do(service.switch_rule_off, by=PIC, row_key=row.id, reasons={"knowledge.off": "noise"})
    assert "CTY 1" not in met(pharmacy, "warfarin", "vancomycin")

    pharmacy.do(service.disable_layer, layer_id=layer_id, reasons={"knowledge.disable": "too many"})
    assert "CTY 2" not in met(pharmacy, "linezolid", "tyramin")
    assert pharmacy.ask(service.knowledge_in_force).knowledge.names.read("tyramin") is None


def test_a_row_of_a_set_is_corrected_with_the_name_that_only_the_set_knows(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    pharmacy.do(service.enable_layer, layer_id=imported(pharmacy))
    row = rule(pharmacy, "CTY 2")
    draft = draft_of(pharmacy, row)
    draft.level = "HOLD"
    pharmacy.do(service.correct_rule, row_key=row.id, draft=draft, reasons={"knowledge.correct": "a label"})
    assert met(pharmacy, "linezolid", "tyramin")["CTY 2"] == (Level.HOLD, "")

    draft = draft_of(pharmacy, row)
    draft.side_a += "; marzipan"
    with pytest.raises(Refused, match="“marzipan” is no ingredient of our list"):
        pharmacy.do(service.correct_rule, row_key=row.id, draft=draft, reasons={"knowledge.correct": "a label"})


def test_a_switch_holds_no_content_and_lapses_when_the_row_says_something_else(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    layer_id = imported(pharmacy)
    pharmacy.do(service.enable_layer, layer_id=layer_id)
    row = rule(pharmacy, "CTY 1")
    pharmacy.do(service.sign_rules, by=PIC, seen=seen(row))
    off, removed = {"knowledge.off": "noise"}, {"knowledge.remove": "a newer one"}
    pharmacy.do(service.switch_rule_off, by=PIC, row_key=row.id, reasons=off)
    pharmacy.do(service.switch_rule_on, by=PIC, row_key=row.id)
    assert met(pharmacy, "warfarin", "vancomycin")["CTY 1"] == (Level.HOLD, "ZZTEST Pharmacist In Charge")
    pharmacy.do(service.remove_layer, by=PIC, layer_id=layer_id, reasons=removed)
    layer_id = imported(pharmacy, CSV.replace(b"major", b"contraindicated"))
    pharmacy.do(service.enable_layer, layer_id=layer_id)
    assert met(pharmacy, "warfarin", "vancomycin")["CTY 1"] == (Level.STOP, "")  # neither the old level nor the old name

    pharmacy.do(service.switch_rule_off, by=PIC, row_key=row.id, reasons=off)
    assert "CTY 1" not in met(pharmacy, "warfarin", "vancomycin")
    pharmacy.do(service.remove_layer, by=PIC, layer_id=layer_id, reasons=removed)
    on_another_line = CSV.replace(b"from\n", b"from\nwarfarin,micafungin,minor,,\n").replace(b"major", b"contraindicated")
    layer_id = imported(pharmacy, on_another_line)
    pharmacy.do(service.enable_layer, layer_id=layer_id)
    assert [(now.rule, now.is_off) for now in rules(pharmacy, "CTY") if now.id == row.id] == [("CTY 2", True)]
    pharmacy.do(service.remove_layer, by=PIC, layer_id=layer_id, reasons=removed)
    layer_id = imported(pharmacy)
    pharmacy.do(service.enable_layer, layer_id=layer_id)

    assert met(pharmacy, "warfarin", "vancomycin")["CTY 1"][0] is Level.HOLD
    changes = pharmacy.ask(service.rule_history, row_key=row.id).changes
    assert (changes[0].what, changes[0].has_lapsed) == ("switched off", True)
    assert not any(change.has_lapsed for change in changes[1:])
    assert rule(pharmacy, "CTY 1").changes == 3

    pharmacy.do(service.remove_layer, by=PIC, layer_id=layer_id, reasons=removed)
    pharmacy.do(service.enable_layer, layer_id=imported(pharmacy, CSV.replace(b"warfarin", b"argatroban")))
    assert "CTY 1" not in met(pharmacy, "warfarin", "vancomycin")


def test_a_switch_of_our_own_rule_lapses_with_a_release_that_says_something_else(
    file_pharmacy: Pharmacy, monkeypatch: pytest.MonkeyPatch
) -> None:
    pharmacy = file_pharmacy
    row = rule(pharmacy, "P15")
    pharmacy.do(service.switch_rule_off, by=PIC, row_key=row.id, reasons={"knowledge.off": "noise"})
    assert "P15" not in met(pharmacy, "vancomycin", "ibuprofen")

    released = in_force._as_released()
    then = released.ours[row.id]
    now = replace(then, fields={**then.fields, "advice": "another drug"})
    newer = replace(released, ours={**released.ours, row.id: now})
    monkeypatch.setattr(in_force, "_as_released", lambda: newer)
    monkeypatch.setattr(in_force, "_BUILT", WeakKeyDictionary())

    assert "P15" in met(pharmacy, "vancomycin", "ibuprofen")
    now_listed = rule(pharmacy, "P15")
    assert (now_listed.is_off, now_listed.text.endswith("another drug")) == (False, True)


def test_a_name_that_only_a_set_knows_stays_not_checked_and_what_the_set_says_is_shown(file_pharmacy: Pharmacy) -> None:
    """Clinical 6.0: a name that matches nothing of our own list is not checked; no set makes a misspelling a medicine."""
    pharmacy = file_pharmacy
    names = ("warfarn 5 mg daily", "kratom", "fluconazole")
    profile = Profile(medicines=tuple(Written(name, is_order=False) for name in names), has_no_known_drug_allergies=True)
    before = screen(profile, pharmacy.ask(service.knowledge_in_force).knowledge)
    layer_id = imported(pharmacy, b"one,two,how,why,from\nwarfarn,kratom,moderate,,\nkratom,fluconazole,major,,\n")
    pharmacy.do(service.enable_layer, layer_id=layer_id)

    found = screen(profile, pharmacy.ask(service.knowledge_in_force).knowledge)

    assert [(one.name, one.suggestion) for one in found.unchecked] == [("warfarn 5 mg daily", "warfarin"), ("kratom", None)]
    assert found.because[0] == before.because[0] == "1 of 3 medicines recognised."
    assert found.unchecked[0].alerts_if_confirmed == before.unchecked[0].alerts_if_confirmed != ()
    assert {(alert.rule, frozenset(alert.written)) for alert in found.alerts} == {
        ("CTY 1", frozenset(names[:2])),
        ("CTY 2", frozenset(names[1:])),
    }
    assert {"warfarn", "kratom"} <= set(found.ingredients)


def test_removing_a_set_keeps_the_rows_that_a_screening_names(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    layer_id = imported(pharmacy)
    pharmacy.do(service.enable_layer, layer_id=layer_id)
    patient_id = a_patient(pharmacy)
    an_order(pharmacy, patient_id, "vancomycin")
    row: ScreeningRow = screened_with(pharmacy, patient_id, "warfarin")
    assert any(used.rule == "CTY 1" and used.layer == "CTY" for alert in row.alerts for used in alert.used)

    assert pharmacy.do(service.remove_layer, by=PIC, layer_id=layer_id, reasons={"knowledge.remove": "old"}) == 1

    assert [layer.tag for layer in pharmacy.ask(service.layers_kept)] == [OURS]
    assert imported(pharmacy) != layer_id


def test_two_layers_are_held_side_by_side(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    data = b"one,two,how,why,from\nvancomycin,piperacillin-tazobactam,minor,,\nwarfarin,vancomycin,major,,\n"
    imported(pharmacy, data)
    found = pharmacy.ask(service.compare_layers, one=OURS, other="CTY")
    assert (found.differ, found.only_other, found.same) == (1, 1, 0)
    assert found.only_one > 5000
    first = found.rows[0]
    assert (first.a, first.b, first.one, first.other) == ("piperacillin-tazobactam", "vancomycin", "HOLD", "INFO")


def test_what_became_of_the_alerts_of_a_rule_is_counted_once(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = a_patient(pharmacy)
    version_id = an_order(pharmacy, patient_id, "vancomycin")
    row = screened_with(pharmacy, patient_id, "piperacillin-tazobactam")
    assert rule(pharmacy, "P13").evidence == rule(pharmacy, "P13").evidence.__class__(1, 1, 0)

    answered(pharmacy, row, "P13")
    pharmacy.do(screen_order, version_id=version_id)

    evidence = rule(pharmacy, "P13").evidence
    assert (evidence.alerted, evidence.held, evidence.overridden, evidence.share) == (1, 1, 1, "100 %")
    assert rules(pharmacy, "", scope="speaking")[0].evidence.alerted == 1


def test_searching_again_does_not_read_every_screening_again(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    an_order(pharmacy, patient_id, "vancomycin")
    row = screened_with(pharmacy, patient_id, "piperacillin-tazobactam")
    reads: list[str] = []

    def executed(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "alerts" in statement:
            reads.append(statement)

    engine = pharmacy.store.engines.reading
    sa.event.listen(engine, "before_cursor_execute", executed)
    try:
        assert [rule(pharmacy, words).evidence.held for words in ("P13", "P13 vanc")] == [1, 1]
        assert len(reads) == 1
    finally:
        sa.event.remove(engine, "before_cursor_execute", executed)

    answered(pharmacy, row, "P13")
    assert rule(pharmacy, "P13").evidence.overridden == 1


def test_a_workbook_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no workbook that can be read"):
        look_at("list.xlsx", b"PK\x03\x04 and nothing else")


def test_a_census_finds_what_a_screening_would_find_and_keeps_nothing(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    version_id = verified_beside(pharmacy, "warfarin")
    patients = pharmacy.ask(patients_to_screen)
    part = pharmacy.ask(screen_some, patient_ids=patients)
    assert part.patients == 0  # a referral is not in care yet

    row = pharmacy.ask(queries.screening_at_verification, order_version_id=version_id)
    assert row is not None
    part = pharmacy.ask(screen_some, patient_ids=[row.patient_id])

    assert (part.patients, part.medicines, part.unchecked) == (1, 2, 0)
    assert {rule for alert in part.alerts for rule in alert.rules} == {"P39"}
    assert part.by_level()[Level.WARN] == 1
    assert part.by_rule() == [("P39", Level.WARN, 1, 1)]
    assert pharmacy.ask(queries.last_screening, patient_id=row.patient_id) == row


def test_who_has_no_open_order_is_counted_and_left_out(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    part = pharmacy.ask(screen_some, patient_ids=[a_patient(pharmacy)])
    assert (part.patients, part.without_order, part.alerts) == (0, 1, ())

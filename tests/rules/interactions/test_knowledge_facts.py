"""Limits, allergy classes, side chains, first doses and waits: what may be typed, and that alerts name the rows they decided by."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from infusiondesk.assessments.rules import first_dose
from infusiondesk.interactions.exchange import reference_knowledge
from infusiondesk.interactions.exchange.reference import shipped_rows, with_rows
from infusiondesk.interactions.rules import Access, Allergy, Knowledge, Profile, Severity, Tables, Written, screen
from infusiondesk.interactions.rules.doses import number_in
from infusiondesk.interactions.rules.editing import HISTORIES, RuleDraft, contradiction, off_refusal
from infusiondesk.interactions.rules.knowledge import ANYTHING
from infusiondesk.interactions.rules.pairs import wait_months
from infusiondesk.interactions.rules.rows import KnownRow, RowKind, between

D = Decimal
KNOWLEDGE = reference_knowledge()
ROWS = {row.key: row for row in shipped_rows()}
PICC = Access("picc", "PICC", lumens=2, is_tip_confirmed=True)


def rows(kind: RowKind) -> list[KnownRow]:
    return [row for row in ROWS.values() if row.kind is kind]


def row_of(kind: RowKind, side_a: str) -> KnownRow:
    return next(row for row in rows(kind) if row.side_a == side_a)


def knowledge_with(*changed: KnownRow) -> Knowledge:
    return Knowledge(with_rows(KNOWLEDGE.tables, {**ROWS, **{row.key: row for row in changed}}.values()))


def beside(profile: Profile, rule: str, knowledge: Knowledge = KNOWLEDGE) -> set[str]:
    """What the alert of a rule names beside its own rows: each with what it is about."""
    alert = next(one for one in screen(profile, knowledge).alerts if rule in one.rules)
    return {f"{used.rule}: {ROWS[used.key].side_a}" for used in alert.rows if used.rule not in alert.rules}


def profile(*medicines: Written, **more: Any) -> Profile:
    return replace(Profile(medicines=medicines, has_no_known_drug_allergies=True, access=PICC), **more)


def order(text: str, **more: Any) -> Written:
    return replace(Written(text, is_order=True), **more)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("3.5", D("3.5")), (" 120 ", D(120)), ("0", D(0)), ("1234567.1234", D("1234567.1234")),
        ("-5", None), ("+5", None), ("", None), ("nan", None), ("1e9", None), ("12345678", None), ("٣", None), ("3,5", None),
        ("3.", None),
    ],
)  # fmt: skip
def test_a_number_is_plain_or_none(typed: str, number: Decimal | None) -> None:
    assert number_in(typed) == number


@pytest.mark.parametrize(
    ("kind", "side_a", "typed", "field"),
    [
        (RowKind.LIMIT, "QTc above which it counts as long", {"amount": "-500"}, "amount"),
        (RowKind.LIMIT, "QTc above which it counts as long", {"amount": "0"}, "amount"),
        (RowKind.LIMIT, "QTc above which it counts as long", {"amount": "long"}, "amount"),
        (RowKind.LIMIT, "QTc above which it counts as long", {"source": ""}, "source"),
        (RowKind.LIMIT, "QTc above which it counts as long", {"amount": "480"}, None),
        (RowKind.CLASS, "statin", {"crosses": "perhaps"}, "crosses"),
        (RowKind.CLASS, "statin", {"side_a": "", "side_b": "", "crosses": ""}, None),
        (RowKind.CHAIN, "side chain c", {"side_a": " "}, "side_a"),
        (RowKind.CHAIN, "side chain c", {"side_a": "ceftazidime; aztreonam"}, None),
        (RowKind.FIRST_DOSE, "@factor product", {"risk": "huge"}, "risk"),
        (RowKind.FIRST_DOSE, "@factor product", {"condition": "on Tuesdays"}, "condition"),
        (RowKind.FIRST_DOSE, "@factor product", {"side_a": ""}, "side_a"),
        (RowKind.FIRST_DOSE, "@factor product", {"risk": "LOW", "condition": ""}, None),
        (RowKind.INTERVAL, "ivig", {"amount": "2.5"}, "amount"),
        (RowKind.INTERVAL, "ivig", {"amount": "0"}, "amount"),
        (RowKind.INTERVAL, "ivig", {"amount": "121"}, "amount"),
        (RowKind.INTERVAL, "ivig", {"up_to": "-1"}, "up_to"),
        (RowKind.INTERVAL, "ivig", {"up_to": "", "amount": "9"}, None),
    ],
)
def test_what_makes_no_sense_is_named_at_its_field(kind: RowKind, side_a: str, typed: dict[str, Any], field: str | None) -> None:
    draft = replace(RuleDraft.of(row_of(kind, side_a)), **typed)
    assert [problem.field for problem in draft.problems()] == ([field] if field else [])


def test_limits_that_belong_together_do_not_contradict_each_other() -> None:
    limits = KNOWLEDGE.limits
    assert contradiction(limits, "potassium_warn_over_meq_day", D(199)) is None
    assert contradiction(limits, "qtc_long_ms", D(1)) is None
    sentence = contradiction(limits, "potassium_warn_over_meq_day", D(200))
    assert sentence == "Potassium warns at less than it holds at: 200 is not below 200."
    assert contradiction(limits, "ph_high", D(4)) == "The lower pH stands below the higher one: 5 is not below 4."


def test_only_a_limit_is_never_switched_off() -> None:
    assert [kind for kind in RowKind if off_refusal(kind)] == [RowKind.LIMIT]


def test_the_assessment_knows_every_history_that_can_be_chosen() -> None:
    assert set(first_dose._IN_FORCE) == set(HISTORIES)


def test_each_kind_reads_as_a_sentence() -> None:
    said = {row.key: (row.rule, row.level, row.between, row.said) for row in ROWS.values()}
    limit = row_of(RowKind.LIMIT, "QTc above which it counts as long")
    assert said[limit.key] == ("Limit", "limit", "QTc above which it counts as long: 500 ms", "500 ms")
    statin = row_of(RowKind.CLASS, "statin")
    crossing = "Who reacts to one member is screened for the others."
    assert said[statin.key] == ("Class", "class", "statin: @statin", f"@statin Also written statins. {crossing}")
    assert row_of(RowKind.CLASS, "egg").side_b == "no medicine by itself"
    assert row_of(RowKind.CLASS, "platinum").text.startswith("Also written")
    chain = row_of(RowKind.CHAIN, "side chain c")
    assert said[chain.key][2] == "side chain c: ceftazidime; cefiderocol; aztreonam"
    factor = row_of(RowKind.FIRST_DOSE, "@factor product")
    words = ("First dose", "HIGH", "@factor product: first exposure days", "HIGH first exposure days")
    assert said[factor.key] == words
    assert row_of(RowKind.FIRST_DOSE, "@fluid").side_b == "always"
    assert said[row_of(RowKind.INTERVAL, "ivig").key][2] == "ivig: up to 400 mg/kg, 8 months"
    assert row_of(RowKind.INTERVAL, "plasma").side_b == "7 months"
    assert between(RowKind.PAIR, "a", "b") == "a with b"
    assert rows(RowKind.PAIR)[0].said.startswith("STOP: ")


@pytest.mark.parametrize(
    ("patient", "rule", "expected"),
    [
        (
            profile(order("potassium chloride", potassium_meq_day=D(150))), "P68",
            {"limit: potassium of a day above which it warns"},
        ),
        (
            profile(order("penicillin g", penicillin_million_units_day=D(200))), "P68",
            {
                "limit: potassium of a day above which it holds",
                "limit: potassium in a million units of penicillin G potassium",
            },
        ),
        (
            profile(order("methadone"), order("haloperidol"), results={"qtc": D(510)}), "ONC21",
            {"limit: QTc above which it counts as long"},
        ),
        (
            profile(order("methadone"), order("haloperidol"), results={"potassium": D(3), "qtc": D(400)}), "ONC21",
            {"limit: potassium below which it counts as low", "limit: magnesium below which it counts as low"},
        ),
        (
            profile(order("pn", osmolarity_mosm_l=D(901)), access=Access("piv", "PIV")), "V01",
            {"limit: highest osmolarity that a peripheral vein bears"},
        ),
        (
            profile(order("cefazolin", planned_days=D(5)), access=Access("piv", "PIV")), "R14",
            {"limit: longest time for a peripheral line without a warning"},
        ),
        (
            profile(order("ivig", dose_mg_kg=D(400)), Written("mmr vaccine", is_order=False, is_planned=True)), "P56",
            {"wait: ivig"},
        ),
        (profile(order("moxifloxacin"), allergies=(Allergy("levofloxacin"),)), "R11b", {"class: fluoroquinolone"}),
        (profile(order("moxifloxacin"), allergies=(Allergy("quinolones"),)), "R11b", {"class: fluoroquinolone"}),
        (profile(order("levofloxacin"), allergies=(Allergy("levofloxacin"),)), "R11b", set()),
        (profile(order("aztreonam"), allergies=(Allergy("ceftazidime"),)), "A04", {"side chain: side chain c"}),
        (
            profile(order("cephalexin"), allergies=(Allergy("penicillin", severity=Severity.SEVERE),)), "A02",
            {"side chain: side chain a", "class: penicillin"},
        ),
    ],
)  # fmt: skip
def test_an_alert_names_the_rows_that_it_decided_by(patient: Profile, rule: str, expected: set[str]) -> None:
    named = beside(patient, rule)
    assert {one for one in named if one.split(":")[0] in {what.split(":")[0] for what in expected}} == expected
    assert expected or not any(one.startswith("class") for one in named)


@pytest.mark.parametrize(("days", "words"), [("1", "a day"), ("2", "2 days")])
def test_a_ph_beyond_the_limits_says_them_as_they_are(days: str, words: str) -> None:
    limit = row_of(RowKind.LIMIT, "longest time that a vein bears another pH")
    known = knowledge_with(replace(limit, fields={**limit.fields, "value": days}))
    only_ph = tuple(line for line in known.tables.lines if line.grade == "PH")
    patient = profile(order("vancomycin", planned_days=D(3)), access=Access("piv", "PIV"))
    alert = next(one for one in screen(patient, Knowledge(replace(known.tables, lines=only_ph))).alerts if "V02" in one.rules)
    assert alert.text.startswith(f"pH outside 5 to 9 for more than {words}: ")
    assert [used.rule for used in alert.rows].count("limit") == 3


def test_without_rows_of_limits_an_alert_stands_on_its_rule_alone() -> None:
    bare = Knowledge(replace(KNOWLEDGE.tables, limit_rows={}))
    alerts = screen(profile(order("potassium chloride", potassium_meq_day=D(150))), bare).alerts
    assert [used.rule for alert in alerts if "P68" in alert.rules for used in alert.rows] == ["P68"]


def test_a_side_chain_that_is_off_links_nothing_and_breaks_nothing() -> None:
    off = knowledge_with(replace(row_of(RowKind.CHAIN, "side chain a"), is_off=True))
    patient = profile(order("cephalexin"), allergies=(Allergy("ampicillin"),))
    rules = {rule for alert in screen(patient, KNOWLEDGE).alerts for rule in alert.rules}
    silent = {rule for alert in screen(patient, off).alerts for rule in alert.rules}
    assert ("A02" in rules, "A02" in silent, "A05" in silent) == (True, False, True)
    assert off.group("side chain a") == frozenset()


def test_waits_stand_by_dose_whatever_order_they_were_typed_in() -> None:
    row = next(row for row in rows(RowKind.INTERVAL) if row.fields["up_to_mg_kg"] == "400")
    raised = knowledge_with(replace(row, fields={**row.fields, "up_to_mg_kg": "1500", "months": "10"}))
    assert wait_months("ivig", D(300), raised) == 10
    none = Knowledge(replace(KNOWLEDGE.tables, antibody_intervals=()))
    stopped = Written("scig", is_order=False, stopped_days_ago=D(1))
    patient = profile(stopped, Written("mmr vaccine", is_order=False, is_planned=True))
    assert "P56" not in {rule for alert in screen(patient, none).alerts for rule in alert.rules}


def test_no_rule_names_a_medicine_that_is_none() -> None:
    assert ANYTHING not in KNOWLEDGE.ingredients
    assert Knowledge(Tables()).limit_rows("qtc_long_ms") == ()


@pytest.mark.parametrize(
    ("results", "read"),
    [
        ({}, set()),
        ({"qtc": D(450)}, {"qtc_long_ms"}),
        ({"potassium": D(4)}, {"potassium_low_mmol_l"}),
        ({"potassium": D(3), "magnesium": D(2)}, {"potassium_low_mmol_l"}),
        ({"potassium": D(4), "magnesium": D(2), "qtc": D(600)}, {"potassium_low_mmol_l", "magnesium_low_mg_dl", "qtc_long_ms"}),
    ],
)
def test_a_screening_names_the_limits_that_were_asked_also_where_they_were_silent(
    results: dict[str, Decimal], read: set[str]
) -> None:
    patient = profile(Written("methadone", is_order=False), Written("haloperidol", is_order=False), results=results)
    assert set(screen(patient, KNOWLEDGE).limits_read) == read


def test_noted_limits_are_the_limits() -> None:
    read: set[str] = set()
    noting = KNOWLEDGE.noting(read)
    assert (dict(noting.limits) == dict(KNOWLEDGE.limits), len(noting.limits)) == (True, len(KNOWLEDGE.limits))
    assert "qtc_long_ms" in read

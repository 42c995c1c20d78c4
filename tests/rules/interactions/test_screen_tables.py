"""The reference tables hold together, what is in them is found fast, and rules only the app can ask are there."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import pytest

from infusiondesk.interactions.exchange import read_tables, reference_knowledge
from infusiondesk.interactions.exchange.reference import REFERENCE, rows
from infusiondesk.interactions.rules import Knowledge, Level, Profile, Tables, Written, screen
from infusiondesk.interactions.rules.conditions import against
from infusiondesk.interactions.rules.knowledge import PairRule, Row
from infusiondesk.interactions.rules.levels import rule_rank
from infusiondesk.interactions.rules.names import Ingredient
from infusiondesk.interactions.rules.pairs import holds

KNOWLEDGE = reference_knowledge()
TABLES = """first_dose_risk
ingredients ingredient_names interaction_groups interaction_pairs incompatibilities flush_rules line_rules
condition_rules allergy_classes allergy_rules antibody_intervals medicine_words screening_limits
"""


def test_every_name_in_a_rule_is_a_medicine_of_the_list() -> None:
    assert KNOWLEDGE.unknown_members() == []


def test_a_typing_error_in_a_rule_is_found() -> None:
    pair = replace(KNOWLEDGE.tables.pairs[0], side_b=("fluoxetin",))
    assert Knowledge(replace(KNOWLEDGE.tables, pairs=(pair,))).unknown_members() == ["fluoxetin"]


@pytest.mark.parametrize("name", TABLES.split())
def test_every_table_says_where_it_is_from(name: str) -> None:
    first, *rest = (REFERENCE / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    head = [first, *(line for line in rest if line.startswith("#"))]
    assert all(line.startswith("#") for line in head)
    assert any("version 1" in line for line in head)
    assert list(rows(REFERENCE / f"{name}.csv"))


def test_no_row_is_signed_yet_and_every_alert_says_so() -> None:
    pairs = KNOWLEDGE.tables.pairs
    assert not any(pair.row.is_signed for pair in pairs)
    alert = screen(_profile("linezolid", "sertraline"), KNOWLEDGE).alerts[0]
    assert alert.unsigned_rules == ("P01",)
    assert alert.statuses == ("memory",)
    assert alert.written == ("linezolid", "sertraline")
    signed = tuple(replace(pair, row=replace(pair.row, is_signed=True)) for pair in pairs)
    result = screen(_profile("linezolid", "sertraline"), Knowledge(replace(KNOWLEDGE.tables, pairs=signed)))
    assert result.alerts[0].unsigned_rules == ()
    assert "unsigned" in screen(_profile("linezolid", "sertraline"), KNOWLEDGE).because[1]
    assert "unsigned" not in result.because[1]


def test_a_signed_row_is_read_as_signed(tmp_path: Path) -> None:
    for table in REFERENCE.glob("*.csv"):
        (tmp_path / table.name).write_text(table.read_text(encoding="utf-8"), encoding="utf-8")
    file = tmp_path / "interaction_pairs.csv"
    text = file.read_text(encoding="utf-8").replace(
        "clinical 6.1 ONC30,published,", "clinical 6.1 ONC30,published,ZZTEST Pharmacist"
    )
    file.write_text(text, encoding="utf-8")
    assert [pair.rule for pair in read_tables(tmp_path).pairs if pair.row.is_signed] == ["ONC30"]


def test_a_group_that_holds_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="holds itself"):
        Knowledge(Tables(groups={"a": ("@b",), "b": ("@a",)}))


def test_a_rule_nobody_can_place_is_refused() -> None:
    pair = PairRule("X9", ("a",), ("b",), Level.STOP, "", "", Row("nowhere"))
    with pytest.raises(ValueError, match="X9"):
        Knowledge(Tables(pairs=(pair,)))
    with pytest.raises(ValueError, match="Q"):
        rule_rank("Q")


def test_a_condition_nobody_knows_is_refused() -> None:
    with pytest.raises(KeyError):
        holds("on Tuesdays")
    with pytest.raises(ValueError, match="on Tuesdays"):
        against("on Tuesdays")


def test_twenty_five_medicines_against_a_hundred_thousand_pairs_stay_fast() -> None:
    """A pair is one look-up, so the size of the table does not matter; five seconds is a ceiling for the slowest machine."""
    listed = [f"drug{number:04}" for number in range(500)]
    row = Row("bench")
    pairs = tuple(
        PairRule("P01", (one,), (other,), Level.HOLD, "m", "a", row) for at, one in enumerate(listed) for other in listed[at + 1 :]
    )[:100_000]
    assert len(pairs) == 100_000
    knowledge = Knowledge(Tables(ingredients=tuple(map(Ingredient, listed)), pairs=pairs, limits=KNOWLEDGE.limits))
    profile = replace(_profile(), medicines=tuple(Written(name, is_order=True) for name in listed[:25]))
    started = perf_counter()
    result = screen(profile, knowledge)
    assert len(result.alerts) == 300
    assert perf_counter() - started < 5


def test_an_antibody_table_without_rows_still_counts_a_past_dose_by_the_longest_wait() -> None:
    profile = replace(
        _profile(),
        medicines=(
            Written("scig", is_order=False, stopped_days_ago=Decimal(200)),
            Written("mmr vaccine", is_order=False, is_planned=True),
        ),
    )
    assert [alert.rule for alert in screen(profile, KNOWLEDGE).alerts] == ["P56"]


@pytest.mark.parametrize(
    ("drug", "condition", "level", "rules"),
    [
        ("heparin", "hit history", Level.STOP, {"Q01"}),
        ("enoxaparin", "hit history", Level.STOP, {"Q01"}),
        ("morphine", "dialysis", Level.HOLD, {"Q02"}),
        ("gentamicin", "myasthenia gravis", Level.HOLD, {"Q04"}),
        ("alteplase", "surgery within 10 days", Level.WARN, {"Q05"}),
        ("daptomycin", "pt reagent", Level.INFO, {"Q06"}),
        ("ivig", "serology due", Level.HOLD, {"Q07"}),
        ("ivig", "gdh-pqq meter", Level.HOLD, {"Q07"}),
        ("infliximab", "active infection", Level.STOP, {"Q09"}),
        ("vedolizumab", "active infection", Level.HOLD, {"R32"}),
    ],
)
def test_a_condition_on_the_chart_is_screened(drug: str, condition: str, level: Level, rules: set[str]) -> None:
    profile = replace(_profile(drug), conditions=frozenset({condition}), is_screened_for_tb_and_hbv=True)
    (alert,) = screen(profile, KNOWLEDGE).alerts
    assert (alert.level, set(alert.rules), alert.b) == (level, rules, f"condition:{condition}")
    assert screen(replace(profile, conditions=frozenset()), KNOWLEDGE).alerts == ()


def _profile(*drugs: str) -> Profile:
    return Profile(medicines=tuple(Written(drug, is_order=True) for drug in drugs), has_no_known_drug_allergies=True)

"""The sum of potassium: every source, unknown amounts, limits, and what potassium meets."""

from typing import Any

import pytest

from tests.rules.interactions.screen_questions import ask, lines, verdict

KCL_40 = {"drug": "potassium chloride", "potassium_meq_day": 40}


@pytest.mark.parametrize(
    ("orders", "home", "total", "unknown"),
    [
        ([KCL_40], [], 40, []),
        ([{"drug": "pn", "potassium_meq_day": 80}], [{"name": "KCl", "potassium_meq_day": 20}], 100, []),
        ([{"drug": "penicillin g potassium", "penicillin_million_units_day": 24}], [], 40.8, []),
        ([{"drug": "penicillin g", "penicillin_million_units_day": 20}], [], 34, []),
        ([{"drug": "penicillin g potassium", "penicillin_million_units_day": 24, "potassium_meq_day": 41}], [], 41, []),
        ([{"drug": "hydration", "potassium_meq_day": 20}], [], 20, []),
        (["penicillin g potassium"], [], 0, ["penicillin g potassium"]),
        (["pn"], [], 0, ["pn"]),
        ([KCL_40], ["salt substitute", "K-Dur 20"], 40, ["salt substitute", "K-Dur 20"]),
        ([KCL_40], [{"name": "Klor-Con", "stopped_days_ago": 2}], 40, []),
        (["potassium phosphate"], [], 0, ["potassium phosphate"]),
    ],
)
def test_every_source_is_added_and_an_unknown_amount_is_named(
    orders: list[Any], home: list[Any], total: float, unknown: list[str]
) -> None:
    given = ask(orders=orders, home_medications=home)
    assert (given["potassium_meq_day"], given["potassium_unknown"]) == (total, unknown)


@pytest.mark.parametrize(
    "order",
    [
        "cefazolin",
        {"drug": "pn", "potassium_meq_day": 0},
        {"drug": "penicillin g sodium", "penicillin_million_units_day": 24},
        "penicillin g benzathine",
        "penicillin g",
        "sodium phosphate",
    ],
)
def test_without_a_source_there_is_no_sum(order: Any) -> None:
    given = ask(orders=[order])
    assert "potassium_meq_day" not in given
    assert given["potassium_unknown"] == []


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (120, set()),
        (120.5, {"potassium | potassium | WARN | P68"}),
        (200, {"potassium | potassium | WARN | P68"}),
        (200.1, {"potassium | potassium | HOLD | P68"}),
    ],
)
def test_both_limits_of_the_sum_are_strict(amount: float, expected: set[str]) -> None:
    assert lines(ask(orders=[{"drug": "pn", "potassium_meq_day": amount, "calcium_meq_day": 0}])) == expected


def test_two_sources_and_a_sum_over_the_limit_are_one_alert() -> None:
    two = [{"drug": "pn", "potassium_meq_day": 90}, {"drug": "potassium chloride", "potassium_meq_day": 20}]
    assert lines(ask(orders=two)) == {"potassium | potassium | WARN | D11"}
    two[1]["potassium_meq_day"] = 120
    assert lines(ask(orders=two)) == {"potassium | potassium | HOLD | P68 D11"}
    two[1]["potassium_meq_day"] = 40
    assert lines(ask(orders=two)) == {"potassium | potassium | WARN | P68 D11"}


def test_the_same_potassium_twice_is_a_duplicate_too() -> None:
    assert lines(ask(orders=[KCL_40], home_medications=["KCl 20 mEq"])) == {"potassium | potassium | WARN | D11 D18"}


@pytest.mark.parametrize(
    "partner", ["lisinopril", "losartan", "spironolactone", "trimethoprim", "heparin", "tacrolimus", "Entresto"]
)
@pytest.mark.parametrize(
    "source",
    [
        "potassium chloride",
        "potassium phosphate",
        "penicillin g potassium",
        {"drug": "pn", "potassium_meq_day": 40, "calcium_meq_day": 0},
    ],
)
def test_any_potassium_source_holds_with_what_raises_potassium(source: Any, partner: str) -> None:
    name = {"Entresto": "sacubitril-valsartan"}.get(partner, partner)
    assert verdict(ask(orders=[source], home_medications=[partner]), "potassium", name) == ("HOLD", {"P68"})


def test_a_heparin_flush_is_too_little_to_raise_potassium() -> None:
    assert verdict(ask(orders=[KCL_40, {"drug": "heparin", "route": "flush"}]), "potassium", "heparin")[0] == "silent"


def test_the_reason_says_when_the_sum_is_a_minimum() -> None:
    assert "Potassium: 40 mEq a day." in ask(orders=[KCL_40])["because"]
    both = ask(orders=[KCL_40, "salt substitute"])["because"]
    assert "Potassium: at least 40 mEq a day; no amount is known for salt substitute." in both


def test_the_trimethoprim_of_a_combination_counts() -> None:
    given = ask(orders=["sulfamethoxazole-trimethoprim"], home_medications=["potassium chloride"])
    assert lines(given) == {"potassium | sulfamethoxazole-trimethoprim | HOLD | P68"}


def test_a_salt_substitute_with_another_source_holds() -> None:
    given = ask(orders=[KCL_40], home_medications=["salt substitute"])
    assert lines(given) == {"potassium | potassium | HOLD | P68 D11"}


@pytest.mark.parametrize(("potassium", "expected"), [(4.9, set()), (5.0, {"lab:potassium | potassium | HOLD | Q08"})])
def test_any_source_holds_when_the_last_potassium_is_high(potassium: float, expected: set[str]) -> None:
    labs = {"potassium_mmol_l": potassium}
    assert lines(ask(orders=[KCL_40], labs=labs)) == expected
    assert lines(ask(orders=["cefazolin"], home_medications=["K-Dur"], labs=labs)) == expected
    assert lines(ask(orders=["cefazolin"], labs=labs)) == set()


def test_several_sources_against_one_partner_are_one_alert() -> None:
    given = ask(orders=[KCL_40, {"drug": "pn", "potassium_meq_day": 20, "calcium_meq_day": 0}], home_medications=["lisinopril"])
    assert lines(given) == {"lisinopril | potassium | HOLD | P68", "potassium | potassium | WARN | D11"}

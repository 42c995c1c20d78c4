"""By which way into a vein an order gives its drug, what the catalog's row says of it, and what the form offers."""

import pytest

from infusiondesk.catalog.queries.shipped import shipped
from infusiondesk.catalog.rules import IV_WAYS
from infusiondesk.orders.rules import Method, OrderDraft, Pattern, Route
from infusiondesk.orders.rules.ways import Ways, judge_way, methods_offered, patterns_offered, routes_offered, way_of
from infusiondesk.orders.rules.working import Working

PUSH_ONLY, RUNNING = (
    Ways("drug", ["intravenous", "epidural"], ["push"], "ZZTEST Rowan"),
    Ways("drug", ["intravenous"], ["continuous"]),
)
SAYS_NOTHING = Ways("alteplase", ["intravenous"], [])


@pytest.mark.parametrize(
    ("route", "pattern", "method", "way"),
    [
        ("iv", Pattern.INTERVAL, Method.IV_PUSH, "push"),
        ("iv", Pattern.INTERVAL, Method.NURSE_INJECTION, "push"),
        ("iv", Pattern.WEEKS, Method.GRAVITY, "intermittent"),
        ("iv", Pattern.CONTINUOUS, Method.ELECTRIC_PUMP, "continuous"),
        ("iv", Pattern.PCA, Method.ELECTRIC_PUMP, "continuous"),
        ("iv", Pattern.INTERVAL, "", ""),
        ("sc", Pattern.CONTINUOUS, Method.ELECTRIC_PUMP, ""),
    ],
)
def test_pattern_and_method_say_the_way(route: str, pattern: str, method: str, way: str) -> None:
    assert way_of(OrderDraft(route=route, pattern=pattern, method=method)) == way


@pytest.mark.parametrize(
    ("ways", "method", "held", "gap"),
    [
        (PUSH_ONLY, Method.IV_PUSH, "", ""),
        (PUSH_ONLY, Method.GRAVITY, "drug by intermittent infusion: the catalog names IV push (signed by ZZTEST Rowan).", ""),
        (RUNNING, Method.IV_PUSH, "the catalog names continuous infusion (nobody has signed the row).", ""),
        (SAYS_NOTHING, Method.IV_PUSH, "", "How alteplase may go into a vein stands on no row of the catalog: IV push was not"),
    ],
)
def test_another_way_is_held_and_an_unknown_one_is_said(ways: Ways, method: str, held: str, gap: str) -> None:
    working = Working(None)

    judge_way(working, OrderDraft(method=method), ways)

    assert [(line.level, line.rule) for line in working.lines] == ([("HOLD", "R40")] if held else [])
    assert held in "".join(line.words for line in working.lines)
    assert bool(working.gaps) is bool(gap) and gap in "".join(working.gaps)


def test_the_form_offers_what_the_row_says() -> None:
    assert routes_offered(PUSH_ONLY) == [Route.INTRAVENOUS, Route.EPIDURAL]
    assert methods_offered(PUSH_ONLY, "iv") == [Method.IV_PUSH, Method.NURSE_INJECTION]
    assert Method.IV_PUSH not in methods_offered(PUSH_ONLY, "epidural")
    assert patterns_offered(RUNNING, "iv") == [Pattern.CONTINUOUS, Pattern.PCA]
    assert Pattern.CONTINUOUS not in patterns_offered(PUSH_ONLY, "iv")
    assert methods_offered(SAYS_NOTHING, "iv") == list(Method)
    assert patterns_offered(SAYS_NOTHING, "iv") == list(Pattern)


def test_every_shipped_way_is_a_word_of_the_catalog_and_says_where_it_is_from() -> None:
    told = {line["ingredient"]: line for line in shipped("drugs")}
    for line in told.values():
        ways = [way for way in line["iv_ways"].split(";") if way]
        assert set(ways) <= set(IV_WAYS) and (not ways or "intravenous" in line["routes"])
        assert not ways or "ways into a vein" in line["source"]
    assert [name for name, line in told.items() if "intravenous" in line["routes"] and not line["iv_ways"]] == ["alteplase"]
    assert (told["milrinone"]["iv_ways"], told["vancomycin"]["iv_ways"]) == ("continuous", "intermittent")

"""An answer stands until a fact that its own rule looked at is another; each case was found by hand before it was a test."""

from dataclasses import replace
from decimal import Decimal

import pytest

from infusiondesk.interactions.exchange import reference_knowledge
from infusiondesk.interactions.rules import screen
from infusiondesk.interactions.rules.alerts import Alert
from infusiondesk.interactions.rules.profile import Profile, Written

KNOWLEDGE = reference_knowledge()
ALL = frozenset({"creatinine", "creatinine_clearance", "potassium", "ck", "inr", "platelets", "glucose", "magnesium"})


def order(text: str, **more: object) -> Written:
    return replace(Written(text, is_order=True, route="iv", charted=text), **more)  # type: ignore[arg-type]


def home(text: str) -> Written:
    return Written(text, is_order=False, charted=text)


def alert_of(profile: Profile, rule: str) -> Alert:
    return next(alert for alert in screen(profile, KNOWLEDGE).alerts if rule in alert.rules)


def results(**values: str) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in values.items()}


@pytest.mark.parametrize(
    ("rule", "before", "more"),
    [
        ("P01", [order("linezolid 600 mg"), home("methadone 5 mg")], order("methadone 40 mg")),
        ("P11", [order("gentamicin 100 mg"), order("vancomycin 1 g")], order("vancomycin 2 g")),
    ],
)
def test_a_second_order_of_one_side_is_news_to_the_answer(rule: str, before: list[Written], more: Written) -> None:
    first = alert_of(Profile(medicines=tuple(before)), rule)
    second = alert_of(Profile(medicines=(*before, more)), rule)
    stranger = alert_of(Profile(medicines=(*before, home("acetaminophen 500 mg"))), rule)

    assert first.looked_at != second.looked_at
    assert first.looked_at == stranger.looked_at


@pytest.mark.parametrize(
    ("rule", "medicines", "touched"),
    [
        ("P11", [order("gentamicin 100 mg"), order("vancomycin 1 g")], {"creatinine", "creatinine_clearance"}),
        ("ONC21", [home("methadone 5 mg"), home("ondansetron 4 mg"), order("ceftriaxone 2 g")], {"potassium", "magnesium"}),
    ],
)
def test_what_a_rule_says_is_watched_asks_again_and_other_results_do_not(
    rule: str, medicines: list[Written], touched: set[str]
) -> None:
    base = Profile(medicines=tuple(medicines), results=results(**dict.fromkeys(ALL, "4.0")))
    first = alert_of(base, rule)

    news = {
        name
        for name in ALL
        if alert_of(replace(base, results={**base.results, name: Decimal("4.1")}), rule).looked_at != first.looked_at
    }

    assert news == touched


def test_a_name_looked_up_by_hand_is_looked_up_again_beside_another_unknown_one() -> None:
    one = Profile(medicines=(home("zzqzz 5 mg"), home("warfarin 5 mg"), order("ceftriaxone 2 g")))
    two = replace(one, medicines=(*one.medicines, home("xxqqvv 20 mg")))

    first = next(name for name in screen(one, KNOWLEDGE).unchecked if "zzqzz" in name.name)
    second = next(name for name in screen(two, KNOWLEDGE).unchecked if "zzqzz" in name.name)

    assert first.looked_at != second.looked_at

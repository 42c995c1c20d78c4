"""By which routes the catalog lets a drug be given, and how into a vein; another way is held, and an unknown one is said."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from infusiondesk.orders.rules.words import CATALOG_ROUTES, UNBROKEN, Method, Pattern, Route
from infusiondesk.orders.rules.working import Line, Working

_WORDS: Final = {"push": "IV push", "intermittent": "intermittent infusion", "continuous": "continuous infusion"}
_PUSHED: Final = (Method.IV_PUSH, Method.NURSE_INJECTION)  # an injection by a nurse into a vein is a push


@dataclass(frozen=True)
class Ways:
    """What the row of a drug says: its routes, how it goes into a vein, and who signed it; empty is "nobody"."""

    drug: str
    routes: Sequence[str]
    iv: Sequence[str]
    signed_by: str = ""


class Given(Protocol):
    """How an order gives its dose."""

    @property
    def route(self) -> str: ...
    @property
    def pattern(self) -> str: ...
    @property
    def method(self) -> str: ...


def way_of(order: Given) -> str:
    """How the dose goes into a vein, in the catalog's word; empty where it does not, or is not said yet."""
    if order.route != Route.INTRAVENOUS:
        return ""
    if order.pattern in UNBROKEN:
        return "continuous"
    if order.method in _PUSHED:
        return "push"
    return "intermittent" if order.method else ""


def judge_way(working: Working, order: Given, ways: Ways) -> None:
    """Hold a way into a vein that the catalog's row does not name; where it names none, say that nobody judged it."""
    way = way_of(order)
    if not way or way in ways.iv:
        return
    if not ways.iv:
        working.gaps.append(f"How {ways.drug} may go into a vein stands on no row of the catalog: {_WORDS[way]} was not judged.")
        return
    named = " or ".join(_WORDS[one] for one in ways.iv)
    signed = f"signed by {ways.signed_by}" if ways.signed_by else "nobody has signed the row"
    words = f"{ways.drug} by {_WORDS[way]}: the catalog names {named} ({signed})."
    working.lines.append(Line(words, "HOLD", "R40", "way into a vein"))


def routes_offered(ways: Ways) -> list[Route]:
    """The routes that an order of this drug offers."""
    return [route for route in Route if CATALOG_ROUTES[route] in ways.routes]


def methods_offered(ways: Ways, route: str) -> list[Method]:
    """How an order of this drug may be given by a route."""
    if route != Route.INTRAVENOUS:
        return [method for method in Method if method is not Method.IV_PUSH]
    is_run = not {"intermittent", "continuous"}.isdisjoint(ways.iv)
    return [method for method in Method if not ways.iv or ("push" in ways.iv if method in _PUSHED else is_run)]


def patterns_offered(ways: Ways, route: str) -> list[Pattern]:
    """The patterns that an order of this drug may have by a route."""
    if route != Route.INTRAVENOUS or not ways.iv:
        return list(Pattern)
    is_paused = bool({"push", "intermittent"} & set(ways.iv))
    return [pattern for pattern in Pattern if ("continuous" in ways.iv if pattern in UNBROKEN else is_paused)]

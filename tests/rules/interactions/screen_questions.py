"""Screen questions as the tables write them: what is asked, and the alerts as one line each."""

import json
from typing import Any

from infusiondesk.foundation.kernel.questions import answered, read_json
from infusiondesk.interactions.exchange import answer

Answer = dict[str, Any]


def ask(**question: Any) -> Answer:
    """One question; allergies are "none known" unless the question speaks of them, so that ALG01 keeps out of the way."""
    if "allergies" not in question:
        question.setdefault("no_known_drug_allergies", True)
    given, status = answered(read_json(json.dumps(question)), answer, "screen")
    assert isinstance(given, dict)
    assert status == 0, given
    return given


def meet(order: Any, home: Any, **rest: Any) -> Answer:
    """One order beside one home medicine."""
    return ask(orders=[order], home_medications=[home], **rest)


def pair(alert: Answer) -> frozenset[str]:
    return frozenset((alert["a"], alert["b"]))


def lines(given: Answer) -> set[str]:
    """Every alert as "side | side | LEVEL | rule other other", the sides in alphabetical order."""
    return {
        f"{' | '.join(sorted((alert['a'], alert['b'])))} | {alert['level']} | {' '.join([alert['rule'], *alert['other_rules']])}"
        for alert in given["alerts"]
    }


def found(given: Answer, one: str, other: str) -> Answer | None:
    """The alert of one pair, if there is one."""
    return next((alert for alert in given["alerts"] if pair(alert) == frozenset((one, other))), None)


def verdict(given: Answer, one: str, other: str) -> tuple[str, set[str]]:
    """Level and rules of the alert of one pair; a pair without alert is "silent"."""
    alert = found(given, one, other)
    return ("silent", set()) if alert is None else (alert["level"], {alert["rule"], *alert["other_rules"]})

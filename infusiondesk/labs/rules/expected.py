"""Results that should have come: which are missing, and which missing ones hold the next refill."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from infusiondesk.labs.rules.judgement import live
from infusiondesk.labs.rules.readings import NO_VALUE
from infusiondesk.labs.rules.values import LabResult, Protocol

# Due and 48 elapsed hours more: then the report is missing (clinical 9.5, policy).
GRACE: Final = timedelta(hours=48)


@dataclass(frozen=True)
class Expected:
    """A result that a protocol or order asks for. One drawn up to `window_hours` early counts."""

    analyte: str
    due_at: datetime
    window_hours: Decimal = Decimal(72)


@dataclass(frozen=True)
class Missing:
    """An expected result that has not come by due and 48 hours."""

    analyte: str
    due_at: datetime
    because: str


def missing(expected: Iterable[Expected], results: Sequence[LabResult], now: datetime) -> list[Missing]:
    """The expected results that are missing now, in the order in which they were asked for.

    A late result ends the wait. One dated in the future is not believed, and a corrected one is seen as corrected.
    """
    came = [result for result in live(results) if result.status not in NO_VALUE]
    found = []
    for each in expected:
        overdue = now - each.due_at
        if overdue < GRACE or any(_answers(result, each, now) for result in came):
            continue
        hours = int(overdue.total_seconds() // 3600)
        since = f"{each.window_hours:f} h before {each.due_at:%Y-%m-%d %H:%M}"
        words = f"no {each.analyte} since {since}; {hours} h past due, missing from 48 h"
        found.append(Missing(each.analyte, each.due_at, words))
    return found


def _answers(result: LabResult, expected: Expected, now: datetime) -> bool:
    if result.analyte != expected.analyte or result.collected_at is None or result.collected_at > now:
        return False
    early = (expected.due_at - result.collected_at).total_seconds()
    return Decimal(early) <= expected.window_hours * 3600


def refill_holds(found: Iterable[Missing], protocols: Mapping[str, Protocol], active: Collection[str]) -> list[str]:
    """Why the next refill is held: one sentence a protocol of the patient that allows no missing result (clinical 9.5)."""
    absent = ", ".join(dict.fromkeys(each.analyte for each in found))
    holding = [code for code in sorted(active) if code in protocols and protocols[code].holds_refill]
    return [f"{code}: {absent} missing, so the refill is held" for code in holding] if absent else []

"""The table of prescription limits as it ships with the product."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from infusiondesk.orders.rules.terms import Limit

_TABLE = Path(__file__).resolve().parents[2] / "db" / "reference" / "prescription_limits.csv"


@cache
def prescription_limits() -> Mapping[str, Limit]:
    """The limit of each schedule; the empty schedule is every drug that is not controlled. Read once a process."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        found = [Limit(row["schedule"], _number(row["refills"]), _number(row["months"]), row["status"]) for row in rows]
    return MappingProxyType({limit.schedule: limit for limit in found})


def _number(written: str) -> int | None:
    return int(written) if written else None

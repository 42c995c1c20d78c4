"""The tables of orders as they ship with the product: prescription limits, parts of an order, laboratory protocols."""

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from infusiondesk.orders.rules.parts import LabProtocol, Part
from infusiondesk.orders.rules.terms import Limit

_REFERENCE = Path(__file__).resolve().parents[2] / "db" / "reference"


@cache
def prescription_limits() -> Mapping[str, Limit]:
    """The limit of each schedule; the empty schedule is every drug that is not controlled. Read once a process."""
    rows = _rows("prescription_limits.csv")
    found = [_limit(row) for row in rows]
    return MappingProxyType({limit.schedule: limit for limit in found})


def _limit(row: Mapping[str, str]) -> Limit:
    return Limit(
        row["schedule"], _number(row["refills"]), _number(row["months"]), _number(row["portion_days"]), row["status"]
    )  # fmt: skip


def _number(written: str) -> int | None:
    return int(written) if written else None


@cache
def order_parts() -> tuple[Part, ...]:
    """Flushes, line care, kit, visits and supplies, as they are proposed. Read once a process.

    Supplies come from the table of kits; what only one access device or therapy asks for is found when it is sent.
    """
    parts = [Part(row["part"], row["applies_to"], row["text"], row["source"], row["status"]) for row in _rows("order_parts.csv")]
    kits = (row for row in _rows("supply_kits.csv") if not row["device"] and not row["therapy"])
    return (*parts, *(Part("supply", row["applies_to"], row["item"], row["source"], row["status"]) for row in kits))


@cache
def lab_protocols() -> Mapping[str, LabProtocol]:
    """The laboratory protocols by code, with what an order says of them. Read once a process."""
    found = [
        LabProtocol(
            row["code"],
            row["therapy"],
            tuple(one.strip() for one in row["drugs"].split(";")),
            row["baseline"],
            tuple(_schedule(one) for one in row["schedule"].split(";") if one.strip()),
        )
        for row in _rows("lab_protocols.csv")
    ]
    return MappingProxyType({protocol.code: protocol for protocol in found})


def _schedule(written: str) -> tuple[str, int, int]:
    """``bmp 2/7``: twice in seven days."""
    panel, _, often = written.strip().partition(" ")
    times, _, days = often.partition("/")
    return panel, int(times), int(days)


def _rows(name: str) -> Iterator[Mapping[str, str]]:
    with (_REFERENCE / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(line for line in lines if not line.startswith("#"))

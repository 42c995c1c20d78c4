"""What comes from elsewhere: the shipped tables of kits and biologics, and a temperature logger's file."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID, uuid5

from infusiondesk.dispensing.rules import KitLine, Per
from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.inventory.rules.logger import celsius_of, scale_of, table_of, temperature_columns
from infusiondesk.inventory.rules.temperatures import Scale

_REFERENCE: Final = Path(__file__).resolve().parents[2] / "db" / "reference"
_KITS: Final = UUID("0192f1de-6b1e-7c3a-9c57-5d1f8a3e0b44")  # with its words it makes a shipped row's key, for ever


@dataclass(frozen=True)
class LoggerReading:
    """The lowest and the highest of what a logger wrote down, in degrees Celsius."""

    low: Decimal
    high: Decimal
    count: int
    words: str


@cache
def shipped_kits() -> tuple[KitLine, ...]:
    """The rows of the shipped table of kits, unsigned. Read once a process."""
    return tuple(_kit_line(row) for row in _rows("supply_kits.csv"))


def _kit_line(row: Mapping[str, str]) -> KitLine:
    key = " ".join((row["therapy"], row["applies_to"], row["device"], row["item"]))
    contains = tuple(part for part in row["contains"].split(";") if part)
    quantity = Decimal(row["quantity"]) if row["quantity"] else None
    return KitLine(
        uuid5(_KITS, key), row["therapy"], row["applies_to"], row["device"], row["item"], None,
        quantity, Per(row["per"]), int(row["every_days"]) if row["every_days"] else None,
        contains, row["instead"], None, row["source"], row["status"],
    )  # fmt: skip


@cache
def biologic_therapies() -> frozenset[str]:
    """The therapies whose drugs are biologics, which nobody leaves at a door. Read once a process."""
    return frozenset(row["therapy"] for row in _rows("biologic_therapies.csv"))


def read_logger(content: bytes, name: str = "The file") -> LoggerReading:
    """Lowest and highest temperature of a logger's CSV: the first column whose heading speaks of temperature, °C or °F.

    A line without a number is a gap: it is counted and said. Refuses what holds no temperature. A file that does not name its scale
    is taken as °C, and that is said.
    """
    table = table_of(content, name)
    column = table.head.index(temperature_columns(table)[0])
    scale = scale_of(table, column)
    found = celsius_of(table, column, scale or Scale.CELSIUS)
    values = [value for value in found if value is not None]
    if not values:
        raise Refused(f"{name} holds no temperature.")
    gaps = len(found) - len(values)
    told = counted(len(values), "reading") + (f", {counted(gaps, 'gap')}" if gaps else "") + ("" if scale else ", taken as °C")
    tenth = Decimal("0.1")
    return LoggerReading(min(values).quantize(tenth), max(values).quantize(tenth), len(values), f"logger, {told}")


def _rows(name: str) -> Iterator[Mapping[str, str]]:
    with (_REFERENCE / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))

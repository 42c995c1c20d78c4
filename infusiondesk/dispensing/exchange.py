"""What comes from elsewhere: the shipped tables of kits and biologics, and a temperature logger's file."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID, uuid5

from infusiondesk.dispensing.rules import KitLine, Per
from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.outcomes import Refused

_REFERENCE: Final = Path(__file__).resolve().parents[2] / "db" / "reference"
_KITS: Final = UUID("0192f1de-6b1e-7c3a-9c57-5d1f8a3e0b44")  # with its words it makes a shipped row's key, for ever
_FAHRENHEIT: Final = re.compile(r"\(?\s*°?\s*F\s*\)?$|fahrenheit", re.IGNORECASE)
_COLDEST, _WARMEST = Decimal(-200), Decimal(100)  # beyond these a logger is broken, not the box


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
    """Lowest and highest temperature of a logger's CSV: the column whose heading speaks of temperature, °C or °F.

    A line without a number is a gap: it is counted and said. Refuses what holds no temperature.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    lines = [line for line in text.splitlines() if line.strip()]
    start, dialect = _head(lines, name)
    head, *rows = list(csv.reader(io.StringIO("\n".join(lines[start:])), delimiter=dialect))
    column = next(place for place, words in enumerate(head) if _is_temperature(words))
    is_fahrenheit = bool(_FAHRENHEIT.search(head[column].strip()))
    values, gaps = [], 0
    for row in rows:
        try:
            value = Decimal(row[column].strip().replace(",", "."))
        except (InvalidOperation, IndexError):
            gaps += 1
            continue
        celsius = (value - 32) * 5 / 9 if is_fahrenheit else value
        if not celsius.is_finite() or not _COLDEST <= celsius <= _WARMEST:
            raise Refused(f"{name}: {row[column].strip()} is no temperature of a box. Read the logger again.")
        values.append(celsius)
    if not values:
        raise Refused(f"{name} holds no temperature.")
    told = counted(len(values), "reading") + (f", {counted(gaps, 'gap')}" if gaps else "")
    tenth = Decimal("0.1")
    return LoggerReading(min(values).quantize(tenth), max(values).quantize(tenth), len(values), f"logger, {told}")


def _head(lines: list[str], name: str) -> tuple[int, str]:
    for place, line in enumerate(lines):
        for delimiter in (",", ";", "\t"):
            if delimiter in line and any(_is_temperature(words) for words in line.split(delimiter)):
                return place, delimiter
    raise Refused(f"{name} has no column that is called a temperature; enter the lowest and the highest reading by hand.")


def _is_temperature(words: str) -> bool:
    told = words.strip().strip('"').casefold()
    return told.startswith("temp") or "°c" in told or "°f" in told or "celsius" in told or "fahrenheit" in told


def _rows(name: str) -> Iterator[Mapping[str, str]]:
    with (_REFERENCE / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))

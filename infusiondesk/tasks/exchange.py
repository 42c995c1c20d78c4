"""Reads from the reference tables which laboratory results a promise can await."""

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from infusiondesk.tasks.rules import Awaited, choices

_ANALYTES: Final = Path(__file__).resolve().parents[2] / "db" / "reference" / "analytes.csv"


@cache
def analyte_names() -> Mapping[str, str]:
    """The analytes that the laboratory work watches, by key; their limits and codes are the laboratory's business."""
    lines = [line for line in _ANALYTES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return MappingProxyType({row["analyte"]: row["name"] for row in csv.DictReader(lines)})


@cache
def awaitable() -> Sequence[Awaited]:
    """Everything that can be awaited, in the order in which a list offers it."""
    return tuple(choices(analyte_names()))


def awaited_of(code: str) -> Awaited | None:
    """The choice that a form kept as this code, None where there is none."""
    return next((one for one in awaitable() if one.code == code), None)

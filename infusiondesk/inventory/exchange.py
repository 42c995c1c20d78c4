"""The table of storage ranges, as it ships with the product."""

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path

from infusiondesk.inventory.rules import LocationKind
from infusiondesk.inventory.rules.temperatures import StorageRange

_TABLE = Path(__file__).resolve().parents[2] / "db" / "reference" / "storage_ranges.csv"


@cache
def storage_ranges() -> tuple[StorageRange, ...]:
    """The range of every kind of location. Read once a process."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    return tuple(
        StorageRange(
            LocationKind(row["kind"]),
            Decimal(row["low"]),
            Decimal(row["high"]),
            Decimal(row["excursion_low"]),
            Decimal(row["excursion_high"]),
            Decimal(row["mean_kinetic_limit"]) if row["mean_kinetic_limit"] else None,
            row["source"],
            row["status"],
        )
        for row in rows
    )

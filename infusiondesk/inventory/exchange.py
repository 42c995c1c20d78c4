"""The tables of storage ranges and of rules for controlled drugs, as they ship with the product."""

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path

from infusiondesk.inventory.rules import LocationKind
from infusiondesk.inventory.rules.policy import ControlledPolicy
from infusiondesk.inventory.rules.temperatures import StorageRange, TemperaturePolicy, TemperatureRules

_REFERENCE = Path(__file__).resolve().parents[2] / "db" / "reference"


@cache
def storage_ranges() -> tuple[StorageRange, ...]:
    """The range of every kind of location. Read once a process."""
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
        for row in _rows("storage_ranges.csv")
    )


@cache
def shipped_temperatures() -> TemperatureRules:
    """Ranges and policy until a pharmacist signs own ones. Read once a process."""
    (row,) = _rows("temperature_policy.csv")
    policy = TemperaturePolicy(
        int(row["reading_hours"]), int(row["gap_minutes"]), int(row["verification_months"]), int(row["notice_days"]),
        row["source"], row["status"],
    )  # fmt: skip
    return TemperatureRules(storage_ranges(), policy)


@cache
def shipped_policy() -> ControlledPolicy:
    """The rules for controlled drugs until the pharmacist in charge signs own ones. Read once a process."""
    (row,) = _rows("controlled_policy.csv")
    days = row["query_days"]
    return ControlledPolicy(
        row["fax_is_original"] == "yes", tuple(row["monitored"].split(";")), row["level"], int(days) if days else None,
        row["each_fill"] == "yes", int(row["inventory_months"]),
    )  # fmt: skip


def _rows(name: str) -> list[dict[str, str]]:
    with (_REFERENCE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))

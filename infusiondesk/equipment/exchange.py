"""The tables of pumps as they ship with the product: therapies that need a second pump, and the pharmacy's days."""

import csv
from datetime import timedelta
from functools import cache
from pathlib import Path

from infusiondesk.equipment.rules import BackupRule, EquipmentPolicy

_REFERENCE = Path(__file__).resolve().parents[2] / "db" / "reference"


@cache
def backup_rules() -> tuple[BackupRule, ...]:
    """Which therapies need how many pumps, until a pharmacist signs other lines. Read once a process."""
    return tuple(
        BackupRule(row["therapy_class"], row["runs"], int(row["pumps"]), row["why"], row["source"], row["status"])
        for row in _rows("pump_backup.csv")
    )


@cache
def shipped_policy() -> EquipmentPolicy:
    """What is decided about pumps until the pharmacist in charge signs own rules. Read once a process."""
    (row,) = _rows("equipment_policy.csv")
    due, back = timedelta(days=int(row["due_days"])), timedelta(days=int(row["return_days"]))
    return EquipmentPolicy(due, back, row["counts_day_back"] == "yes", row["source"])


def _rows(name: str) -> list[dict[str, str]]:
    with (_REFERENCE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))

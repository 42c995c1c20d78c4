"""The table of therapies that need a second pump, as it ships with the product."""

import csv
from functools import cache
from pathlib import Path

from infusiondesk.equipment.rules import BackupRule

_TABLE = Path(__file__).resolve().parents[2] / "db" / "reference" / "pump_backup.csv"


@cache
def backup_rules() -> tuple[BackupRule, ...]:
    """Which therapies need how many pumps. Read once a process."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    return tuple(
        BackupRule(row["therapy_class"], row["runs"], int(row["pumps"]), row["why"], row["source"], row["status"]) for row in rows
    )

"""The tables of pumps as they ship with the product, and the rental days of a month as a file for whoever bills them."""

import csv
import io
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path

from infusiondesk.equipment.queries import RentalRow
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


def rental_csv(rows: Sequence[RentalRow]) -> str:
    """The rental days of a month, a line for each time that a patient had a pump for an order."""
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\r\n")
    lines.writerow(
        ("patient", "mrn", "rx", "pump", "model", "use", "first_day", "last_day", "days", "vendor", "daily_rate", "vendor_asks")
    )
    for row in rows:
        rate, asks = ("" if value is None else f"{value}" for value in (row.daily_rate, row.vendor_asks))
        lines.writerow(
            (
                row.patient, row.mrn, row.rx_number, row.serial, row.model, row.use.value, row.days[0].isoformat(),
                row.days[-1].isoformat(), len(row.days), row.vendor, rate, asks,
            )
        )  # fmt: skip
    return written.getvalue()

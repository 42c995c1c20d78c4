"""What is decided about pumps, as it is in force: the days, and the therapies that need more than one."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from infusiondesk.equipment.records import EquipmentRules, PumpBackup
from infusiondesk.equipment.rules import BackupRule, EquipmentPolicy, in_force
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading


@query(Area.EQUIPMENT, is_audited=False)
def equipment_policy(reading: Reading, *, shipped: EquipmentPolicy) -> EquipmentPolicy:
    """What the pharmacist in charge signed last, or else the days as they are shipped."""
    signed = sa.select(EquipmentRules).where(EquipmentRules.signed_at.is_not(None)).order_by(EquipmentRules.number.desc())
    row = reading.session.scalars(signed.limit(1)).first()
    if row is None or row.signed_at is None:
        return shipped
    return EquipmentPolicy(
        timedelta(days=row.due_days), timedelta(days=row.return_days), row.counts_day_back, "", row.set_by,
        reading.local(row.signed_at).date(),
    )  # fmt: skip


@query(Area.EQUIPMENT, is_audited=False)
def backup_table(reading: Reading, *, table: Sequence[BackupRule]) -> Sequence[BackupRule]:
    """The therapies that need more than one pump: what this pharmacy signed, and of the rest what is shipped."""
    newest: dict[str, PumpBackup] = {}
    for row in reading.session.scalars(sa.select(PumpBackup).where(PumpBackup.signed_at.is_not(None)).order_by(PumpBackup.number)):
        newest[row.therapy_class] = row
    own = [
        BackupRule(
            row.therapy_class, ";".join(row.runs), row.pumps, row.why, row.source, "signed", row.set_by,
            reading.local(row.signed_at).date() if row.signed_at else None,
        )
        for row in newest.values()
    ]  # fmt: skip
    return in_force(table, own)


def rules_facts(row: EquipmentRules) -> dict[str, Any]:
    """Everything the name under the rules covers."""
    return {name: getattr(row, name) for name in ("number", "due_days", "return_days", "counts_day_back")}


def backup_facts(row: PumpBackup) -> dict[str, Any]:
    """Everything the name under a line covers."""
    return {name: getattr(row, name) for name in ("therapy_class", "number", "runs", "pumps", "why", "source")}

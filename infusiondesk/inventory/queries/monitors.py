"""The rules of temperatures that are in force, and the monitors of the locations."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.records import MonitorVerification, StorageRule, TemperatureMonitor, TemperaturePolicyRow
from infusiondesk.inventory.rules.monitors import Monitor
from infusiondesk.inventory.rules.temperatures import StorageRange, TemperaturePolicy, TemperatureRules
from infusiondesk.inventory.rules.words import LocationKind


@query(Area.INVENTORY, is_audited=False)
def temperature_rules(reading: Reading, *, shipped: TemperatureRules) -> TemperatureRules:
    """What pharmacists signed last of each range and of the policy, else what is shipped."""
    signed: dict[LocationKind, StorageRule] = {}
    chosen = sa.select(StorageRule).where(StorageRule.signed_at.is_not(None)).order_by(StorageRule.number)
    for row in reading.session.scalars(chosen):
        signed[row.kind] = row
    ranges = tuple(_range(reading, signed[one.kind]) if one.kind in signed else one for one in shipped.ranges)
    newest = sa.select(TemperaturePolicyRow).where(TemperaturePolicyRow.signed_at.is_not(None))
    policy = reading.session.scalars(newest.order_by(TemperaturePolicyRow.number.desc()).limit(1)).first()
    return TemperatureRules(ranges, _policy(reading, policy) if policy else shipped.policy)


def _range(reading: Reading, row: StorageRule) -> StorageRange:
    limits = (row.low, row.high, row.excursion_low, row.excursion_high, row.mean_kinetic_limit)
    return StorageRange(row.kind, *limits, row.source, "signed", _signed(reading, row))


def _policy(reading: Reading, row: TemperaturePolicyRow) -> TemperaturePolicy:
    numbers = (row.reading_hours, row.gap_minutes, row.verification_months, row.notice_days)
    return TemperaturePolicy(*numbers, row.source, "signed", _signed(reading, row))


def _signed(reading: Reading, row: StorageRule | TemperaturePolicyRow) -> str:
    return f"{row.set_by}, {day(reading.local(row.signed_at).date())}" if row.signed_at else ""


def range_facts(row: StorageRule) -> dict[str, Any]:
    """Everything the name under a range covers."""
    limits: dict[str, Decimal | None] = {
        name: getattr(row, name) for name in ("low", "high", "excursion_low", "excursion_high", "mean_kinetic_limit")
    }
    return {"kind": row.kind, "number": row.number, "source": row.source, **limits}


def policy_facts(row: TemperaturePolicyRow) -> dict[str, Any]:
    """Everything the name under the policy covers."""
    names = ("number", "reading_hours", "gap_minutes", "verification_months", "notice_days", "source")
    return {name: getattr(row, name) for name in names}


@query(Area.INVENTORY, is_audited=False)
def monitors(reading: Reading, *, location_id: UUID | None = None) -> Sequence[Monitor]:
    """The monitors in use, of one location or of all, by serial number."""
    chosen = sa.select(TemperatureMonitor).where(TemperatureMonitor.retired_at.is_(None)).order_by(TemperatureMonitor.serial)
    if location_id is not None:
        chosen = chosen.where(TemperatureMonitor.location_id == location_id)
    newest: dict[UUID, MonitorVerification] = {}
    for row in reading.session.scalars(sa.select(MonitorVerification).order_by(MonitorVerification.verified_on)):
        newest[row.monitor_id] = row
    found = []
    for one in reading.session.scalars(chosen):
        last = newest.get(one.id)
        told = (last.verified_on, last.due_on, last.certificate) if last else (None, None, "")
        found.append(Monitor(one.id, one.location_id, one.serial, *told))
    return found

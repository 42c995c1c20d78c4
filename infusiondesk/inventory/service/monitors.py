"""Monitors hung up, verified and taken down; the ranges and the policy of temperatures signed."""

from uuid import UUID, uuid5

import sqlalchemy as sa

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory.exchange import shipped_temperatures
from infusiondesk.inventory.queries.monitors import policy_facts, range_facts, temperature_rules
from infusiondesk.inventory.records import MonitorVerification, StorageRule, TemperatureMonitor, TemperaturePolicyRow
from infusiondesk.inventory.rules import LocationKind, refuse_first
from infusiondesk.inventory.rules.monitors import MonitorDraft, RangeDraft, TemperaturePolicyDraft, VerificationDraft
from infusiondesk.inventory.service.excursions import location_in_use
from infusiondesk.inventory.service.moving import HANDS, PHARMACISTS


@verb(Area.INVENTORY, *HANDS, does="add a temperature monitor")
def add_monitor(uow: UnitOfWork, *, location_id: UUID, draft: MonitorDraft) -> UUID:
    """A thermometer or logger watches a location from now on; a serial number stands once among those in use."""
    refuse_first(draft.problems(uow.today()))
    location_in_use(uow, location_id)
    serial = draft.serial.strip()
    same = sa.func.lower(TemperatureMonitor.serial) == serial.lower()
    chosen = sa.select(TemperatureMonitor.location_id).where(same, TemperatureMonitor.retired_at.is_(None))
    if (known := uow.session.scalars(chosen).first()) is not None:
        name = location_in_use(uow, known).name
        raise Refused(f"Monitor {serial} watches {name}. Take it down there first.", field="serial")
    monitor = uow.add(TemperatureMonitor(location_id=location_id, serial=serial, retired_at=None))
    uow.record(Change("added a monitor", Area.INVENTORY, "temperature_monitor", monitor.id))
    if draft.has_certificate:
        _verify(uow, monitor.id, draft)
    return monitor.id


@verb(Area.INVENTORY, *HANDS, does="enter a monitor's verification")
def verify_monitor(uow: UnitOfWork, *, monitor_id: UUID, draft: VerificationDraft) -> None:
    """A new certificate; the earlier ones stay."""
    refuse_first(draft.problems(uow.today()))
    monitor = uow.session.get_one(TemperatureMonitor, monitor_id)
    if monitor.retired_at is not None:
        raise Refused(f"Monitor {monitor.serial} is taken down.")
    _verify(uow, monitor_id, draft)


def _verify(uow: UnitOfWork, monitor_id: UUID, draft: VerificationDraft) -> None:
    policy = temperature_rules(uow, shipped=shipped_temperatures()).policy
    row = uow.add(
        MonitorVerification(
            monitor_id=monitor_id,
            verified_on=draft.verified_on,
            due_on=draft.next_due(policy),
            certificate=draft.certificate.strip(),
            noted_at=uow.clock.now(),
            noted_by=uow.actor.name,
        )
    )
    uow.record(Change("verified a monitor", Area.INVENTORY, "monitor_verification", row.id))


@verb(Area.INVENTORY, *HANDS, does="take down a temperature monitor")
def retire_monitor(uow: UnitOfWork, *, monitor_id: UUID) -> None:
    """It watches nothing from now on; what it showed stays."""
    monitor = uow.session.get_one(TemperatureMonitor, monitor_id)
    if monitor.retired_at is not None:
        raise Refused(f"Monitor {monitor.serial} is taken down already.")
    why = ("sent away for verification", "broken", "moved to another location", "replaced")
    reason = uow.reason_for("inventory.monitor", f"Why is monitor {monitor.serial} taken down?", why)
    monitor.retired_at = uow.clock.now()
    uow.record(Change("took down a monitor", Area.INVENTORY, "temperature_monitor", monitor_id), reason=reason)


@verb(Area.INVENTORY, *PHARMACISTS, does="set a storage range")
def set_storage_range(uow: UnitOfWork, *, kind: str, draft: RangeDraft) -> UUID:
    """Sign the temperatures of a kind of location, as shipped or otherwise; readings from now on are judged by them."""
    refuse_first(draft.problems())
    uow.require_licence("set a storage range")
    of = LocationKind(kind)
    number = 1 + (uow.session.scalar(sa.select(sa.func.max(StorageRule.number)).where(StorageRule.kind == of)) or 0)
    rule = uow.add(
        StorageRule(
            # Made from its number and not by chance: the signature is asked for in one try and given in the next.
            id=uuid5(uow.site.id, f"storage range {of} {number}"),
            kind=of,
            number=number,
            low=draft.low,
            high=draft.high,
            excursion_low=draft.excursion_low,
            excursion_high=draft.excursion_high,
            mean_kinetic_limit=draft.mean_kinetic_limit,
            source=draft.source.strip(),
            set_by=uow.actor.name,
        )
    )
    subject = f"Storage range of a {of}, version {number}"
    uow.sign(rule, range_facts(rule), subject=subject, meaning="in force from now on", area=Area.INVENTORY, patient_id=None)
    return rule.id


@verb(Area.INVENTORY, *PHARMACISTS, does="set how temperatures are watched")
def set_temperature_policy(uow: UnitOfWork, *, draft: TemperaturePolicyDraft) -> UUID:
    """Sign how often temperatures are read and monitors verified; from now on."""
    refuse_first(draft.problems())
    uow.require_licence("set how temperatures are watched")
    number = 1 + (uow.session.scalar(sa.select(sa.func.max(TemperaturePolicyRow.number))) or 0)
    row = uow.add(
        TemperaturePolicyRow(
            id=uuid5(uow.site.id, f"temperature policy {number}"),
            number=number,
            reading_hours=int(draft.reading_hours or 0),
            gap_minutes=int(draft.gap_minutes or 0),
            verification_months=int(draft.verification_months or 0),
            notice_days=int(draft.notice_days or 0),
            source=draft.source.strip(),
            set_by=uow.actor.name,
        )
    )
    subject = f"How temperatures are watched, version {number}"
    uow.sign(row, policy_facts(row), subject=subject, meaning="in force from now on", area=Area.INVENTORY, patient_id=None)
    return row.id

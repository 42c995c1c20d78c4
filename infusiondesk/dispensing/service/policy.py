"""How the pharmacy delivers: its lead and weekdays, its own days, its validated shippers."""

from uuid import UUID

import sqlalchemy as sa

from infusiondesk.compounding.rules import Storage
from infusiondesk.dispensing.records import DeliveryDay, DeliveryRule, Shipper
from infusiondesk.dispensing.rules import WEEKDAYS, CalendarDraft, DayDraft, ShipperDraft
from infusiondesk.dispensing.service.steps import PHARMACISTS
from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork


@verb(Area.DISPENSING, Role.PHARMACIST_IN_CHARGE, does="set the delivery rule")
def set_delivery_rule(uow: UnitOfWork, *, draft: CalendarDraft) -> None:
    """How many days before run-out, on which weekdays, and from which hour doses are counted; from now on."""
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    if draft.lead_days is None or draft.first_dose is None:
        raise AssertionError("a draft without problems has these")
    weekdays = [name for name in WEEKDAYS if name in draft.weekdays]
    kept = uow.add(
        DeliveryRule(
            lead_days=draft.lead_days, weekdays=weekdays, first_dose=f"{draft.first_dose:%H:%M}", set_by=uow.actor.name,
            set_at=uow.clock.now(),
        )
    )  # fmt: skip
    detail = f"{draft.lead_days} days, {', '.join(weekdays)}, doses from {draft.first_dose:%H:%M}"
    uow.record(Change("delivery rule set", Area.DISPENSING, "delivery_rule", kept.id, detail=detail))


@verb(Area.DISPENSING, *PHARMACISTS, does="enter a delivery day")
def enter_delivery_day(uow: UnitOfWork, *, draft: DayDraft) -> None:
    """A day on which nobody delivers, or somebody does although it is a holiday; a day entered before is replaced."""
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    if draft.on is None or draft.is_open is None:
        raise AssertionError("a draft without problems has these")
    if draft.on < uow.today():
        raise Refused("That day is past.", field="on")
    kept = uow.session.scalars(sa.select(DeliveryDay).where(DeliveryDay.on == draft.on)).first()
    if kept is None:
        kept = uow.add(DeliveryDay(on=draft.on, is_open=draft.is_open, because="", entered_by="", entered_at=uow.clock.now()))
    kept.is_open, kept.because = draft.is_open, draft.because.strip()
    kept.entered_by, kept.entered_at = uow.actor.name, uow.clock.now()
    detail = f"{day(draft.on)} {'open' if draft.is_open else 'closed'}: {kept.because}"
    uow.record(Change("delivery day entered", Area.DISPENSING, "delivery_day", kept.id, detail=detail))


@verb(Area.DISPENSING, *PHARMACISTS, does="enter a validated shipper")
def enter_shipper(uow: UnitOfWork, *, draft: ShipperDraft) -> UUID:
    """A pack-out with the study that qualified it: season, temperature, hours."""
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    if draft.first_month is None or draft.last_month is None or draft.qualified_hours is None:
        raise AssertionError("a draft without problems has these")
    name, storage = draft.name.strip(), Storage(draft.storage or "")
    alike = sa.select(Shipper).where(Shipper.name == name, Shipper.storage == storage, Shipper.first_month == draft.first_month)
    if uow.session.scalars(alike).first() is not None:
        raise Refused(f"{name} is entered for {storage.words} from month {draft.first_month} already.", field="name")
    kept = uow.add(
        Shipper(
            name=name, first_month=draft.first_month, last_month=draft.last_month, storage=storage,
            qualified_hours=draft.qualified_hours, source=draft.source.strip(), status="policy", entered_by=uow.actor.name,
            entered_at=uow.clock.now(),
        )
    )  # fmt: skip
    uow.record(Change("shipper entered", Area.DISPENSING, "shipper", kept.id, detail=f"{name}, {kept.source}"))
    return kept.id


@verb(Area.DISPENSING, *PHARMACISTS, does="retire a shipper")
def retire_shipper(uow: UnitOfWork, *, shipper_id: UUID) -> None:
    """It is not packed in any more; tickets keep its name."""
    shipper = uow.session.get_one(Shipper, shipper_id)
    if shipper.retired_at is not None:
        raise Refused(f"{shipper.name} is retired already.")
    because = uow.reason_for("dispensing.shipper_retired", f"Why is {shipper.name} not used any more?")
    shipper.retired_at = uow.clock.now()
    uow.record(Change("shipper retired", Area.DISPENSING, "shipper", shipper.id, detail=shipper.name), reason=because)

"""How the pharmacy delivers: its lead and weekdays, its own days, its validated shippers."""

from uuid import UUID

import sqlalchemy as sa

from infusiondesk.compounding.rules import Storage
from infusiondesk.dispensing.queries import shipper_facts, shippers
from infusiondesk.dispensing.records import DeliveryDay, DeliveryRule, Shipper
from infusiondesk.dispensing.rules import WEEKDAYS, CalendarDraft, DayDraft, ShipperDraft, ShipperFacts
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


@verb(Area.DISPENSING, *PHARMACISTS, does="enter a shipper")
def enter_shipper(uow: UnitOfWork, *, draft: ShipperDraft) -> UUID:
    """A pack-out with the study that qualified it: season, temperature, hours. Nothing travels in it before it is signed."""
    kept = _filled(uow, Shipper(id=uow.new_id(), status="policy", retired_at=None), draft)
    uow.record(Change("shipper entered", Area.DISPENSING, "shipper", kept.id, detail=f"{kept.name}, {kept.source}"))
    return kept.id


@verb(Area.DISPENSING, *PHARMACISTS, does="correct a shipper")
def correct_shipper(uow: UnitOfWork, *, shipper_id: UUID, draft: ShipperDraft) -> None:
    """Change what a pack-out was qualified for; a signed one asks why, and must be signed again. Tickets keep what they had."""
    known = _in_use(uow, shipper_id)
    reason = None
    if known.signed_by:
        reason = uow.reason_for("dispensing.shipper_corrected", f"{known.signed_by} has signed {known.name}. Why is it changed?")
    kept = _filled(uow, uow.session.get_one(Shipper, shipper_id), draft)
    uow.record(
        Change("shipper corrected", Area.DISPENSING, "shipper", kept.id, detail=f"{kept.name}, {kept.source}"), reason=reason
    )


@verb(Area.DISPENSING, *PHARMACISTS, does="sign a shipper as validated")
def sign_shipper(uow: UnitOfWork, *, shipper_id: UUID) -> None:
    """Put a pharmacist's name under a pack-out and its study: from now on cold deliveries may travel in it."""
    known = _in_use(uow, shipper_id)
    if known.signed_by:
        raise Refused(f"{known.name} is signed already by {known.signed_by}.")
    uow.require_licence("sign a shipper as validated")
    kept = uow.session.get_one(Shipper, shipper_id)
    subject = f"Shipper {kept.name}, {kept.storage.words}, {kept.source}"
    uow.put_name(kept, shipper_facts(kept), subject=subject, meaning="validated", area=Area.DISPENSING, patient_id=None)


@verb(Area.DISPENSING, *PHARMACISTS, does="retire a shipper")
def retire_shipper(uow: UnitOfWork, *, shipper_id: UUID) -> None:
    """It is not packed in any more; tickets keep its name."""
    shipper = uow.session.get_one(Shipper, shipper_id)
    if shipper.retired_at is not None:
        raise Refused(f"{shipper.name} is retired already.")
    because = uow.reason_for("dispensing.shipper_retired", f"Why is {shipper.name} not used any more?")
    shipper.retired_at = uow.clock.now()
    uow.record(Change("shipper retired", Area.DISPENSING, "shipper", shipper.id, detail=shipper.name), reason=because)


def _in_use(uow: UnitOfWork, shipper_id: UUID) -> ShipperFacts:
    known = next((one for one in shippers(uow) if one.id == shipper_id), None)
    if known is None:
        raise Refused("This shipper is not used any more.")
    return known


def _filled(uow: UnitOfWork, kept: Shipper, draft: ShipperDraft) -> Shipper:
    """What was typed into a record; refused where it is incomplete or another one says the same."""
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    if draft.first_month is None or draft.last_month is None or draft.qualified_hours is None:
        raise AssertionError("a draft without problems has these")
    name, storage = draft.name.strip(), Storage(draft.storage or "")
    alike = sa.select(Shipper.id).where(Shipper.name == name, Shipper.storage == storage, Shipper.first_month == draft.first_month)
    if set(uow.session.scalars(alike)) - {kept.id}:
        raise Refused(f"{name} is entered for {storage.words} from month {draft.first_month} already.", field="name")
    kept.name, kept.storage, kept.source = name, storage, draft.source.strip()
    kept.first_month, kept.last_month, kept.qualified_hours = draft.first_month, draft.last_month, draft.qualified_hours
    kept.entered_by, kept.entered_at = uow.actor.name, uow.clock.now()
    return kept if kept in uow.session else uow.add(kept)

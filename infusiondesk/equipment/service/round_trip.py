"""A pump's way: to a patient and back, cleaned, checked, maintained, set apart, lost and found."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from infusiondesk.equipment.queries.needs import order_refusal
from infusiondesk.equipment.queries.rows import PumpRow, loaded
from infusiondesk.equipment.records import Pump, PumpAssignment
from infusiondesk.equipment.rules import (
    WORKS,
    AskDraft,
    BackDraft,
    CheckDraft,
    CheckFindings,
    CleaningDraft,
    EventKind,
    GiveDraft,
    Holder,
    ReturnDraft,
    SendDraft,
    Use,
    check_failures,
    serves_words,
    with_whom,
)
from infusiondesk.equipment.service.happening import HANDS, PHARMACISTS, happen, pump_for, quarantine_recalled, refuse_problems
from infusiondesk.foundation.kernel.ismp import number
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.unit_of_work import UnitOfWork


@verb(Area.EQUIPMENT, *HANDS, does="give a pump to a patient")
def give_pump(uow: UnitOfWork, *, pump_id: UUID, draft: GiveDraft) -> None:
    """Give a clean, checked and maintained pump out for an order by pump of a patient on therapy."""
    refuse_problems(draft)
    (row,) = loaded(uow, Pump.id == pump_id)
    if row.refusal:
        raise Refused(row.refusal)
    assignment = uow.add(_assignment(uow, row, draft))
    try:
        uow.session.flush()
    except IntegrityError as error:  # another desk was quicker by less than one question
        raise Refused(f"Pump {row.serial} was given to somebody else this moment. Take another one.") from error
    happen(uow, pump_id, EventKind.GIVEN, reason=draft.use, assignment=assignment)


@verb(Area.EQUIPMENT, *HANDS, does="let a pump go on with another order of its patient")
def continue_pump(uow: UnitOfWork, *, pump_id: UUID, draft: GiveDraft) -> None:
    """The pump that a patient has goes on with another order of his, or another use; his rental days run on without a gap."""
    refuse_problems(draft)
    row = pump_for(uow, pump_id, EventKind.CONTINUED)
    stay = row.stay
    if stay is None:
        raise AssertionError("a pump that is with a patient has a stay")
    if (draft.order_id, draft.use) == (stay.holder.order_id, stay.holder.use.value):
        raise Refused(f"Pump {row.serial} is {draft.use} for Rx {stay.holder.rx_number} already.", field="order_id")
    because = uow.reason_for("equipment.goes_on", f"{row.keeping} Why does it go on?") if row.keeping else ""
    assignment = _assignment(uow, row, draft, stay.holder)
    last = uow.session.scalars(
        sa.select(PumpAssignment).where(PumpAssignment.pump_id == pump_id, PumpAssignment.ended_at.is_(None))
    ).one()
    last.ended_at = uow.clock.now()
    uow.session.flush()
    uow.add(assignment)
    uow.session.flush()
    told = {"from_rx": f"{stay.holder.rx_number}"}
    happen(uow, pump_id, EventKind.CONTINUED, reason=because or draft.use, details=told, assignment=assignment)


def _assignment(uow: UnitOfWork, row: PumpRow, draft: GiveDraft, holder: Holder | None = None) -> PumpAssignment:
    """A pump for an order that may have it; of its holder, where somebody has it."""
    if draft.order_id is None:
        raise AssertionError("a draft without problems names an order")
    version, sentence = order_refusal(uow, draft.order_id)
    if holder is not None and version.patient_id != holder.patient_id:
        sentence = f"Pump {row.serial} is {with_whom(holder)}. Take it back before somebody else has it."
    if sentence is None and version.therapy_class not in row.model.therapies:
        sentence = f"{row.model.label} does not serve {version.drug}. It is for: {serves_words(row.model.therapies)}."
    if sentence:
        raise Refused(sentence, field="order_id")
    return PumpAssignment(
        pump_id=row.id, patient_id=version.patient_id, order_id=draft.order_id, use=Use(draft.use), ended_at=None
    )  # fmt: skip


@verb(Area.EQUIPMENT, *HANDS, Role.NURSE, does="ask a patient for a pump")
def ask_back(uow: UnitOfWork, *, pump_id: UUID, draft: AskDraft) -> None:
    """Write down that a patient was asked for a pump, and how."""
    refuse_problems(draft)
    pump_for(uow, pump_id, EventKind.ASKED_BACK)
    told = {"how": draft.how, "with_whom": draft.with_whom.strip(), "pick_up_on": draft.pick_up_on}
    happen(uow, pump_id, EventKind.ASKED_BACK, details=told)


@verb(Area.EQUIPMENT, *HANDS, does="take a pump back from a patient")
def return_pump(uow: UnitOfWork, *, pump_id: UUID, draft: ReturnDraft) -> None:
    """Take a pump back: it is not clean, and with a fault or under a recall it goes into quarantine."""
    refuse_problems(draft)
    row = pump_for(uow, pump_id, EventKind.RETURNED)
    happen(uow, pump_id, EventKind.RETURNED, details={"brought_by": draft.brought_by.strip()})
    if fault := draft.fault.strip():
        happen(uow, pump_id, EventKind.QUARANTINED, reason=f"fault: {fault}")
    else:
        quarantine_recalled(uow, pump_id, row.recalls)


@verb(Area.EQUIPMENT, *HANDS, does="clean a pump")
def clean_pump(uow: UnitOfWork, *, pump_id: UUID, draft: CleaningDraft) -> None:
    """Sign that a pump was cleaned: with what, and that it stayed wet for as long as the label wants."""
    refuse_problems(draft)
    pump_for(uow, pump_id, EventKind.CLEANED)
    told = {"agent": draft.agent.strip(), "label_minutes": draft.label_minutes, "contact_minutes": draft.contact_minutes}
    happen(uow, pump_id, EventKind.CLEANED, details=told, signs="cleaned")


@verb(Area.EQUIPMENT, *HANDS, does="check a pump's safety")
def check_pump(uow: UnitOfWork, *, pump_id: UUID, draft: CheckDraft) -> bool:
    """Sign what the safety check found; True is a pass, anything wrong puts the pump into quarantine."""
    refuse_problems(draft)
    row = pump_for(uow, pump_id, EventKind.PASSED)
    if draft.deviation_percent is None:
        raise AssertionError("a draft without problems has a deviation")
    found = CheckFindings(
        draft.alarms == WORKS, draft.battery == WORKS, draft.cord == WORKS, draft.casing == WORKS, draft.deviation_percent
    )
    wrong = check_failures(found, row.model.accuracy_percent)
    told = {
        "alarms": draft.alarms, "battery": draft.battery, "cord": draft.cord, "casing": draft.casing,
        "deviation_percent": number(draft.deviation_percent), "limit_percent": row.model.accuracy_percent,
    }  # fmt: skip
    kind = EventKind.FAILED if wrong else EventKind.PASSED
    happen(uow, pump_id, kind, reason="; ".join(wrong), details=told, signs="safety check done")
    return not wrong


@verb(Area.EQUIPMENT, *HANDS, does="send a pump out for maintenance")
def send_pump(uow: UnitOfWork, *, pump_id: UUID, draft: SendDraft) -> None:
    """Send a pump out for maintenance, certification or repair; in house counts too."""
    refuse_problems(draft)
    pump_for(uow, pump_id, EventKind.SENT)
    happen(uow, pump_id, EventKind.SENT, reason=draft.why.strip(), details={"to_whom": draft.to_whom.strip()})


@verb(Area.EQUIPMENT, *HANDS, does="take a pump back from maintenance")
def take_back_pump(uow: UnitOfWork, *, pump_id: UUID, draft: BackDraft) -> None:
    """Take a pump back with what the report says was done; it is cleaned and checked before it goes out."""
    refuse_problems(draft)
    row = pump_for(uow, pump_id, EventKind.CAME_BACK)
    for name, on in (("maintained_on", draft.maintained_on), ("certified_on", draft.certified_on)):
        if on is not None and on > uow.today():
            raise Refused("That day has not come yet.", field=name)
    told = {
        "report": draft.report.strip(), "maintenance": draft.maintained_on, "certification": draft.certified_on,
        "firmware": draft.firmware.strip(),
    }  # fmt: skip
    happen(uow, pump_id, EventKind.CAME_BACK, details=told)
    quarantine_recalled(uow, pump_id, row.recalls)


@verb(Area.EQUIPMENT, *HANDS, does="put a pump into quarantine")
def quarantine_pump(uow: UnitOfWork, *, pump_id: UUID) -> None:
    """Set a pump apart that may not be used: a fault, a doubt."""
    row = pump_for(uow, pump_id, EventKind.QUARANTINED)
    choices = ("does not alarm", "wrong rate", "battery", "damaged", "was with a patient when harm happened")
    because = uow.reason_for("equipment.quarantine", f"Why does pump {row.serial} go into quarantine?", choices)
    happen(uow, pump_id, EventKind.QUARANTINED, reason=because)


@verb(Area.EQUIPMENT, *PHARMACISTS, does="release a pump from quarantine")
def release_pump(uow: UnitOfWork, *, pump_id: UUID) -> None:
    """Release a pump with what was found; it is cleaned and checked again. Under a recall it is settled first."""
    row = pump_for(uow, pump_id, EventKind.RELEASED)
    if row.recalls:
        raise Refused(f"Pump {row.serial} is under recall {row.recalls[0].reference}. Settle it there first.")
    because = uow.reason_for("equipment.release", f"What was found of pump {row.serial}?", least_characters=15)
    happen(uow, pump_id, EventKind.RELEASED, reason=because)


@verb(Area.EQUIPMENT, *HANDS, does="report a pump lost")
def report_lost(uow: UnitOfWork, *, pump_id: UUID) -> None:
    """Say that a pump cannot be found; if a patient had it, he has it no longer."""
    row = pump_for(uow, pump_id, EventKind.LOST)
    choices = ("patient moved away", "patient cannot be reached", "not in the pharmacy", "lost in transport")
    because = uow.reason_for("equipment.lost", f"How was pump {row.serial} lost?", choices)
    happen(uow, pump_id, EventKind.LOST, reason=because)


@verb(Area.EQUIPMENT, *HANDS, does="report a lost pump found")
def report_found(uow: UnitOfWork, *, pump_id: UUID) -> None:
    """A lost pump is here again: not clean, under a recall in quarantine."""
    row = pump_for(uow, pump_id, EventKind.FOUND)
    because = uow.reason_for("equipment.found", f"Where was pump {row.serial} found?")
    happen(uow, pump_id, EventKind.FOUND, reason=because)
    quarantine_recalled(uow, pump_id, row.recalls)

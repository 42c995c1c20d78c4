"""The state's monitoring programme: asked for an order, and told what was dispensed."""

from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import counted, day, moment
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory.exchange import shipped_policy
from infusiondesk.inventory.queries import controlled_policy
from infusiondesk.inventory.rules.policy import ControlledPolicy, registration_gaps
from infusiondesk.orders.queries import versions_of
from infusiondesk.orders.records import Order
from infusiondesk.prescriptions.exchange import Sender, report_text
from infusiondesk.prescriptions.queries import ToReport, fills_to_report, is_told_between
from infusiondesk.prescriptions.records import DispensingReport, ProgramQuery, ReportedFill
from infusiondesk.prescriptions.rules import QueryDraft, ReportDraft, ReportKind

_PHARMACISTS = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)


@verb(Area.ORDERS, *_PHARMACISTS, does="record that the monitoring programme was asked")
def record_program_query(uow: UnitOfWork, *, order_id: UUID, draft: QueryDraft) -> UUID:
    """Write down what a pharmacist saw in the state's programme for the patient of this order, just now."""
    _refuse_first(draft)
    order = uow.session.get_one(Order, order_id)
    current = next(row for row in versions_of(uow, [order_id]) if row.is_current)
    policy = controlled_policy(uow, shipped=shipped_policy())
    asked = uow.add(
        ProgramQuery(
            order_id=order_id, patient_id=order.patient_id, program=policy.program, is_noted=bool(draft.is_noted),
            seen=draft.seen.strip() if draft.is_noted else "", number=draft.number.strip(), asked_by_id=uow.actor.id,
            asked_by=uow.actor.name, asked_at=uow.clock.now(),
        )
    )  # fmt: skip
    detail = f"Rx {current.rx_number}, {'something noted' if asked.is_noted else 'nothing noted'}"
    uow.record(Change("programme asked", Area.ORDERS, "program_query", asked.id, order.patient_id, detail=detail))
    return asked.id


@verb(Area.ORDERS, *_PHARMACISTS, does="make a dispensing report")
def make_report(uow: UnitOfWork, *, draft: ReportDraft) -> UUID:
    """Make the file for a stretch of days and keep it: what left and is not told yet, what changed since it was told, or zero."""
    _refuse_first(draft)
    first, last = draft.first, draft.last
    if first is None or last is None:
        raise AssertionError("a draft without problems has these")
    if last > uow.today():
        raise Refused(f"{day(last)} has not come yet.", field="last")
    policy = controlled_policy(uow, shipped=shipped_policy())
    if gaps := registration_gaps(policy, uow.site.npi):
        raise Refused(f"Not known: {', '.join(gaps)}. The pharmacist in charge enters it under Controlled drugs, Set the rules.")
    found = fills_to_report(uow, first=first, last=last)
    fills = [one for one in found if not one.gaps]
    if found and not fills:
        raise Refused(f"{counted(len(found), 'fill')} cannot be told yet: {_gaps_words(found[0])}.")
    if not found and is_told_between(uow, first, last):
        raise Refused("All that left in this time is told already, and nothing of it has changed.")
    number = 1 + (uow.session.scalar(sa.select(sa.func.max(DispensingReport.number))) or 0)
    told = [(one.status, one.facts) for one in fills]
    at = uow.clock.now()
    text, segments = report_text(_sender(uow, policy), number, uow.local(at), told, first, last, is_test=draft.is_test)
    kind = ReportKind.TEST if draft.is_test else ReportKind.FILLS if fills else ReportKind.ZERO
    report = uow.add(
        DispensingReport(
            number=number, kind=kind, first=first, last=last, content=text, sha256=sha256(text.encode()).hexdigest(),
            segments=segments, made_by=uow.actor.name, made_at=at, sent_by="", sent_at=None, sent_how="",
        )
    )  # fmt: skip
    for one in fills:
        uow.add(
            ReportedFill(
                report_id=report.id, order_id=one.order_id, ticket_id=one.ticket_id, status=one.status, facts=one.facts.facts()
            )
        )
    detail = f"number {number}, {kind}, {counted(len(fills), 'fill')}"
    uow.record(Change("report made", Area.ORDERS, "dispensing_report", report.id, detail=detail))
    return report.id


@verb(Area.ORDERS, *_PHARMACISTS, does="record that a report was sent")
def record_report_sent(uow: UnitOfWork, *, report_id: UUID) -> None:
    """Keep how the file went, and what the programme answered."""
    report = uow.session.get_one(DispensingReport, report_id)
    if report.sent_at is not None:
        raise Refused(f"{report.sent_by} recorded it already, {moment(uow.local(report.sent_at))}: {report.sent_how}.")
    how = uow.reason_for(
        "prescriptions.report_sent", "How was the file sent, and what did the programme answer?", ("uploaded, accepted",)
    )
    report.sent_at, report.sent_by, report.sent_how = uow.clock.now(), uow.actor.name, how
    uow.record(Change("report sent", Area.ORDERS, "dispensing_report", report_id, detail=f"number {report.number}"), reason=how)


def _gaps_words(one: ToReport) -> str:
    return f"Rx {one.rx_number} lacks {', '.join(one.gaps)}"


def _refuse_first(draft: QueryDraft | ReportDraft) -> None:
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)


def _sender(uow: UnitOfWork, policy: ControlledPolicy) -> Sender:
    """The pharmacy by its numbers; of the address what can be told apart: street, city, state and ZIP code."""
    site = uow.site
    street, city, postcode = _parts([part.strip() for part in site.address.split(",")], site.state)
    return Sender(
        policy.program_id, site.name, site.npi, policy.ncpdp_number, policy.dea_number, street, city, site.state, postcode,
        "".join(sign for sign in site.phone if sign.isdecimal()),
    )  # fmt: skip


def _parts(parts: Sequence[str], state: str) -> tuple[str, str, str]:
    if len(parts) == 3 and parts[2].startswith(f"{state} "):
        return parts[0], parts[1], parts[2].removeprefix(f"{state} ")
    return ", ".join(parts), "", ""

"""Tickets put together from everything that was written down about them, in as many questions for many as for one."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.dispensing.queries.lines import chart_refusal, excursions_of, line_rows, packing_facts, standing_of
from infusiondesk.dispensing.queries.rows import CallRow, FileRow, JudgementRow, LineRow, ReturnRow, TicketRow
from infusiondesk.dispensing.records import Judgement, ProofFile, RouteStop, Ticket, TicketHappening, TicketReturn
from infusiondesk.dispensing.rules import (
    CAME_BACK,
    OPEN,
    Disposition,
    Due,
    Happening,
    ProofFacts,
    State,
    order_refusal,
    proof_gaps,
    state,
    to_destroy,
    work_of,
)
from infusiondesk.foundation.kernel.ismp import counted, day, moment
from infusiondesk.foundation.store.signatures import SignatureRow, signatures_of_each
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.patients.queries import charts_of
from infusiondesk.patients.records import Patient
from infusiondesk.patients.rules.facts import PatientFacts

_ENDS = (Happening.REFUSED, Happening.RETURNED, Happening.CANCELLED)


@dataclass(frozen=True)
class _Whole:
    """Everything that was written down about one ticket; a chart only while it is open."""

    ticket: Ticket
    patient: Patient
    state: State
    happened: Sequence[TicketHappening]
    lines: Sequence[LineRow]
    returns: Sequence[ReturnRow]
    files: Sequence[FileRow]
    judged: Sequence[JudgementRow]
    names: tuple[SignatureRow, ...]
    stop: RouteStop | None
    chart: PatientFacts | None

    def last(self, kind: Happening) -> TicketHappening | None:
        """What of this kind happened last."""
        return next((one for one in reversed(self.happened) if one.kind is kind), None)

    @property
    def name(self) -> str:
        return f"{self.patient.last_name}, {self.patient.first_name}"


def ticket_rows(at: Reading, condition: Any) -> list[TicketRow]:
    """Tickets whole, the oldest first, in as many questions as one. No permission of its own: every query that asks carries one."""
    chosen = sa.select(Ticket, Patient).join(Patient, Patient.id == Ticket.patient_id).where(condition)
    found = at.session.execute(chosen.order_by(Ticket.begun_at, Ticket.number)).all()
    if not found:
        return []
    ids = [ticket.id for ticket, _ in found]
    happened, judged = happened_to(at, ids), _judged(at, ids)
    kept, lines = line_rows(at, ids, unusable=_unusable(judged))
    files: defaultdict[UUID, list[FileRow]] = defaultdict(list)
    for file in at.session.scalars(sa.select(ProofFile).where(ProofFile.ticket_id.in_(ids)).order_by(ProofFile.id)):
        files[file.ticket_id].append(file_row(at, file))
    returns = _returns(at, [line for own in lines.values() for line in own if line.came_back])
    signed = {ticket.id: packing_facts(ticket, kept[ticket.id]) for ticket, _ in found if ticket.packed_at is not None}
    names = signatures_of_each(at, Ticket.__tablename__, signed)
    stops = {one.ticket_id: one for one in at.session.scalars(sa.select(RouteStop).where(RouteStop.ticket_id.in_(ids)))}
    states = {
        ticket.id: state((one.kind for one in happened[ticket.id]), is_packed=ticket.packed_at is not None) for ticket, _ in found
    }
    charts = charts_of(at, patient_ids=list({ticket.patient_id for ticket, _ in found if states[ticket.id] in OPEN}))
    return [
        _row(
            at,
            _Whole(
                ticket, patient, states[ticket.id], happened[ticket.id], lines[ticket.id],
                [back for line in lines[ticket.id] for back in returns.get(line.id, ())], files[ticket.id], judged[ticket.id],
                tuple(names.get(ticket.id, ())), stops.get(ticket.id),
                charts.get(ticket.patient_id) if states[ticket.id] in OPEN else None,
            ),
        )
        for ticket, patient in found
    ]  # fmt: skip


def happened_to(at: Reading, ids: Collection[UUID]) -> defaultdict[UUID, list[TicketHappening]]:
    """What happened to tickets, oldest first. No permission of its own: every query and verb that asks carries one."""
    found: defaultdict[UUID, list[TicketHappening]] = defaultdict(list)
    wanted = sa.select(TicketHappening).where(TicketHappening.ticket_id.in_(ids))
    order = list(Happening)  # two things of one instant: in the order in which they can follow each other
    for one in sorted(at.session.scalars(wanted), key=lambda one: (one.recorded_at, order.index(one.kind), one.id)):
        found[one.ticket_id].append(one)
    return found


def judgement_facts(one: Judgement) -> dict[str, Any]:
    """Everything that a judgement covers."""
    return {"ticket_id": one.ticket_id, "lines": one.lines, "disposition": one.disposition.value, "because": one.because}


def file_row(at: Reading, one: ProofFile) -> FileRow:
    """A kept proof without its content. No permission of its own: every query that asks carries one."""
    added = at.local(one.added_at)
    return FileRow(one.id, one.kind.value, one.name, one.media_type, one.sha256, one.size, one.added_by, added)


def _judged(reading: Reading, ids: Collection[UUID]) -> defaultdict[UUID, list[JudgementRow]]:
    found: defaultdict[UUID, list[JudgementRow]] = defaultdict(list)
    signed = sa.select(Judgement).where(Judgement.ticket_id.in_(ids), Judgement.signed_at.is_not(None))
    kept = list(reading.session.scalars(signed.order_by(Judgement.signed_at, Judgement.id)))
    names = signatures_of_each(reading, Judgement.__tablename__, {one.id: judgement_facts(one) for one in kept})
    for one in kept:
        lines = tuple(UUID(line) for line in one.lines)
        found[one.ticket_id].append(JudgementRow(lines, one.disposition.value, one.because, tuple(names[one.id])))
    return found


def _unusable(judged: Mapping[UUID, Sequence[JudgementRow]]) -> frozenset[UUID]:
    every = (one for own in judged.values() for one in own)
    return frozenset(line for one in every if one.disposition == Disposition.REPLACE for line in one.lines)


def _returns(at: Reading, lines: Sequence[LineRow]) -> Mapping[UUID, Sequence[ReturnRow]]:
    """What was brought back later, by line; nothing is asked where nothing was."""
    found: defaultdict[UUID, list[ReturnRow]] = defaultdict(list)
    named = {line.id: line for line in lines}
    wanted = sa.select(TicketReturn).where(TicketReturn.line_id.in_(named)).order_by(TicketReturn.recorded_at, TicketReturn.id)
    for one in at.session.scalars(wanted) if named else ():
        line = named[one.line_id]
        what = f"{line.many(one.quantity)}, {line.what}, {line.mark}"
        found[one.line_id].append(ReturnRow(line.id, what, one.brought_by, one.came_on, one.because, one.recorded_by))
    return found


def _row(at: Reading, one: _Whole) -> TicketRow:
    ticket, patient = one.ticket, one.patient
    ended = next((step for step in reversed(one.happened) if step.kind in _ENDS), None)
    by = Due(ticket.deliver_by, ticket.deliver_by, "") if ticket.deliver_by else None
    return TicketRow(
        id=ticket.id,
        number=ticket.number,
        patient_id=patient.id,
        patient=one.name,
        mrn=patient.mrn,
        phone=patient.phone,
        place_of_care=ticket.place_of_care,
        deliver_to=ticket.deliver_to,
        begun_by=ticket.begun_by,
        begun_at=at.local(ticket.begun_at),
        state=one.state,
        lines=tuple(one.lines),
        returns=tuple(one.returns),
        deliver_by=ticket.deliver_by,
        deliver_because=ticket.deliver_because,
        late=by.late_words(at.today()) if by is not None and one.state in OPEN else "",
        supply=tuple(ticket.supply),
        needs=tuple(ticket.needs),
        reason=ended.reason if ended else "",
        destroyed=_destroyed(at, one),
        files=tuple(one.files),
        judgements=tuple(one.judged),
        alarms=_alarms(ticket, one.lines, one.chart) if one.state in OPEN else (),
        names=one.names,
        **_packed(at, ticket),
        **_on_the_road(at, one),
        **_received(at, one),
        **_cold(one),
    )


def _packed(at: Reading, ticket: Ticket) -> dict[str, Any]:
    return {
        "packed_by": ticket.packed_by,
        "packed_at": at.local(ticket.packed_at) if ticket.packed_at else None,
        "shipper": ticket.shipper,
        "no_shipper_because": ticket.no_shipper_because,
        "no_backup_because": ticket.no_backup_because,
        "logger_serial": ticket.logger_serial,
    }


def _on_the_road(at: Reading, one: _Whole) -> dict[str, Any]:
    ticket, stop = one.ticket, one.stop
    shipped, left = one.last(Happening.SHIPPED), one.last(Happening.LEFT)
    calls = (step for step in one.happened if step.kind is Happening.CALLED)
    return {
        "method": ticket.method,
        "carrier": ticket.carrier,
        "tracking": ticket.tracking,
        "shipped_at": at.local(shipped.at) if shipped else None,
        "shipped_by": shipped.recorded_by if shipped else "",
        "left": f"{moment(at.local(left.at))}: {left.condition}; {left.reason}" if left else "",
        "calls": tuple(CallRow(at.local(call.at), call.received_by, call.condition, call.recorded_by) for call in calls),
        "route": f"{day(stop.on)}, {stop.driver}, stop {stop.place}" if stop else "",
    }


def _received(at: Reading, one: _Whole) -> dict[str, Any]:
    received = one.last(Happening.DELIVERED)
    said = ("received_by", "relation", "device_zone", "condition", "adult_id", "read_how")
    return {
        **{name: getattr(received, name) if received else "" for name in said},
        "received_at": at.local(received.at) if received else None,
        "entered_at": at.local(received.recorded_at) if received else None,
        "entered_by": received.recorded_by if received else "",
        "low_c": received.low_c if received else None,
        "high_c": received.high_c if received else None,
        "proof_gaps": _gaps(at, one, received) if received else (),
    }


def _cold(one: _Whole) -> dict[str, Any]:
    """What was outside its storage on the way, what waits for a judgement, and what is to be destroyed."""
    received = one.last(Happening.DELIVERED)
    outside = excursions_of(one.ticket, one.lines, received.at, received.low_c, received.high_c) if received else {}
    decided = {line for judgement in one.judged for line in judgement.lines}
    to_judge = tuple(line.id for line in one.lines if line.id in outside and line.id not in decided and not line.is_gone)
    is_undelivered = one.state in CAME_BACK
    gone = {line.id: to_destroy(line.delivered, is_undelivered=is_undelivered) for line in one.lines}
    if not is_undelivered and one.state is not State.CONFIRMED:
        gone = {}
    waiting = {line_id: many for line_id, many in gone.items() if many > 0}
    return {
        "excursions": tuple(dict.fromkeys(f"{line.what}: {outside[line.id]}" for line in one.lines if line.id in outside)),
        "to_judge": to_judge,
        "to_destroy": waiting,
        "work": work_of(one.state, is_to_judge=bool(to_judge), is_to_destroy=bool(waiting)),
    }


def _destroyed(at: Reading, one: _Whole) -> str:
    told = (step for step in one.happened if step.kind is Happening.DESTROYED)
    return "; ".join(
        f"{moment(at.local(step.at))}, {step.condition}, by {step.recorded_by}, seen by {step.witness}" for step in told
    )


def _alarms(ticket: Ticket, lines: Sequence[LineRow], chart: PatientFacts | None) -> tuple[str, ...]:
    """What speaks against it since it was begun: the patient, the place, an order that ended or changed."""
    found = [chart_refusal(chart, address=ticket.deliver_to)] if chart is not None else []
    place = chart.place.kind.value if chart is not None and chart.place else ""
    if place and place != ticket.place_of_care:
        found.append(f"It is packed for {ticket.place_of_care}; doses are given at {place} now.")
    by_order: dict[UUID, list[str]] = defaultdict(list)
    for bag in (line.bag for line in lines):
        if bag is not None and (sentence := order_refusal(bag.barcode, standing_of(bag.order))):
            by_order[bag.order.id].append(sentence)
    for told in by_order.values():
        more = f" So {'is' if len(told) == 2 else 'are'} {counted(len(told) - 1, 'more bag')} of it." if len(told) > 1 else ""
        found.append(told[0] + more)
    return tuple(one for one in found if one)


def _gaps(at: Reading, one: _Whole, received: TicketHappening) -> tuple[str, ...]:
    ticket, shipped = one.ticket, one.last(Happening.SHIPPED)
    return proof_gaps(
        ProofFacts(
            one.name,
            ticket.deliver_to,
            len(one.lines),
            at.local(received.at).date(),
            any(file.kind in ("signature", "signed paper") for file in one.files),
            received.relation,
            ticket.method or "",
            at.local(shipped.at).date() if shipped else None,
            ticket.tracking,
        )
    )

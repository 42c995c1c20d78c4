"""What is done with deliveries: packed, shipped, confirmed, refused, returned."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.compounding.queries import released_bags
from infusiondesk.compounding.rules import BatchState
from infusiondesk.dispensing.queries import taken_bags
from infusiondesk.dispensing.records import Ticket, TicketHappening, TicketLine
from infusiondesk.dispensing.rules import (
    BagToSend,
    ConfirmationDraft,
    Happening,
    bag_refusal,
    place_refusal,
    refusal_of,
    state,
    status_refusal,
)
from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.patients.queries import chart_facts

_PACKERS = (Role.TECHNICIAN, Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)


@verb(Area.DISPENSING, *_PACKERS, does="pack a delivery")
def prepare_ticket(uow: UnitOfWork, *, patient_id: UUID, bag_ids: Sequence[UUID]) -> UUID:
    """A ticket for released bags to where the patient is cared for; one bag that may not go keeps the whole ticket back."""
    facts = chart_facts(uow, patient_id=patient_id)
    place = facts.place.kind.value if facts.place else None
    if sentence := status_refusal(facts.status.value):
        raise Refused(sentence)
    if sentence := place_refusal(place, is_in_hospital=facts.open_stay is not None):
        raise Refused(sentence)
    bags = {bag.id: bag for bag in released_bags(uow, patient_id=patient_id)}
    chosen = [bags[bag_id] for bag_id in dict.fromkeys(bag_ids) if bag_id in bags]
    if not chosen or len(chosen) != len(set(bag_ids)):
        raise Refused("Choose bags that were released for this patient.")
    taken = taken_bags(uow)
    for bag in chosen:
        sendable = BagToSend(bag.barcode, bag.batch_state is BatchState.RELEASED, bag.beyond_use_at, taken.get(bag.id))
        if sentence := bag_refusal(sendable, uow.local(uow.clock.now())):
            raise Refused(sentence)
    ticket = uow.add(
        Ticket(
            number=_next_number(uow),
            patient_id=patient_id,
            place_of_care=place or "",
            deliver_to=facts.address or (facts.place.detail if facts.place else ""),
            packed_by=uow.actor.name,
            packed_at=uow.clock.now(),
        )
    )
    uow.session.flush()
    for bag in chosen:
        uow.add(TicketLine(ticket_id=ticket.id, bag_id=bag.id))
    detail = f"{ticket.number}, {counted(len(chosen), 'bag')}"
    uow.record(Change("packed", Area.DISPENSING, "ticket", ticket.id, patient_id, detail=detail))
    return ticket.id


@verb(Area.DISPENSING, *_PACKERS, does="ship a delivery")
def ship_ticket(uow: UnitOfWork, *, ticket_id: UUID) -> None:
    """It leaves the pharmacy; not for a patient who was put on hold, or whose episode ended, since it was packed."""
    ticket = uow.session.get_one(Ticket, ticket_id)
    if sentence := status_refusal(chart_facts(uow, patient_id=ticket.patient_id).status.value):
        raise Refused(sentence)
    _happen(uow, ticket_id, Happening.SHIPPED)


@verb(Area.DISPENSING, *_PACKERS, Role.NURSE, does="confirm a delivery")
def confirm_delivery(uow: UnitOfWork, *, ticket_id: UUID, draft: ConfirmationDraft) -> None:
    """Somebody received it: name, relation, time. From now on its drugs may be billed."""
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    if draft.received_at is None or draft.received_at > uow.clock.now():
        raise Refused("It cannot have been received in the future.", field="received_at")
    shipped = uow.session.scalars(
        sa.select(TicketHappening.at).where(TicketHappening.ticket_id == ticket_id, TicketHappening.kind == Happening.SHIPPED)
    ).first()
    if shipped is not None and draft.received_at < shipped:
        raise Refused("It cannot have been received before it was shipped.", field="received_at")
    _happen(uow, ticket_id, Happening.DELIVERED, at=draft.received_at, draft=draft)


@verb(Area.DISPENSING, *_PACKERS, Role.NURSE, does="record a refused delivery")
def refuse_delivery(uow: UnitOfWork, *, ticket_id: UUID) -> None:
    """Nobody took it; what comes back is destroyed."""
    reason = uow.reason_for(
        "dispensing.refused", "Why was it not taken?", ("nobody at home", "refused", "wrong address", "in hospital")
    )
    _happen(uow, ticket_id, Happening.REFUSED, reason=reason)


@verb(Area.DISPENSING, *_PACKERS, does="cancel a delivery")
def cancel_ticket(uow: UnitOfWork, *, ticket_id: UUID) -> None:
    """It never left; its bags may be packed again."""
    reason = uow.reason_for("dispensing.cancelled", "Why is the ticket cancelled?", ("packed by mistake", "order changed"))
    _happen(uow, ticket_id, Happening.CANCELLED, reason=reason)


def _happen(
    uow: UnitOfWork,
    ticket_id: UUID,
    kind: Happening,
    *,
    at: datetime | None = None,
    draft: ConfirmationDraft | None = None,
    reason: str = "",
) -> None:
    ticket = uow.session.get_one(Ticket, ticket_id)
    earlier = uow.session.scalars(
        sa.select(TicketHappening.kind)
        .where(TicketHappening.ticket_id == ticket_id)
        .order_by(TicketHappening.recorded_at, TicketHappening.id)
    )
    if sentence := refusal_of(kind, state(earlier)):
        raise Refused(sentence)
    said = draft or ConfirmationDraft()
    uow.add(
        TicketHappening(
            ticket_id=ticket_id,
            kind=kind,
            at=at or uow.clock.now(),
            received_by=said.received_by.strip(),
            relation=said.relation.strip(),
            condition=said.condition.strip(),
            reason=reason,
            recorded_by=uow.actor.name,
            recorded_at=uow.clock.now(),
        )
    )
    uow.record(
        Change(kind.value, Area.DISPENSING, "ticket", ticket_id, ticket.patient_id, detail=ticket.number), reason=reason or None
    )


def _next_number(uow: UnitOfWork) -> str:
    """``D-2603-0001``: the month and a serial within it."""
    start = f"D-{uow.today():%y%m}-"
    newest = uow.session.scalars(sa.select(sa.func.max(Ticket.number)).where(Ticket.number.startswith(start))).one()
    return f"{start}{int(newest.rsplit('-', 1)[1]) + 1 if newest else 1:04d}"

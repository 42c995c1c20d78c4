"""A ticket is begun: for released bags, or without bags for a pump, supplies, a package; what is still needed is proposed."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from infusiondesk.compounding.queries import released_bags
from infusiondesk.compounding.rules import BatchState
from infusiondesk.dispensing.exchange import shipped_kits
from infusiondesk.dispensing.queries import (
    PlannedBag,
    chart_refusal,
    delivery_calendar,
    plan_bags,
    standings,
    supplies_needed,
    taken_bags,
)
from infusiondesk.dispensing.records import Ticket, TicketLine
from infusiondesk.dispensing.rules import BagToSend, BoxDraft, SupplyNeed, bag_refusal
from infusiondesk.dispensing.service.steps import PACKERS
from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory.queries import lots_on_hand
from infusiondesk.patients.queries import chart_facts

_WITHOUT_END: Final = timedelta(days=7)  # through which day supplies last where neither a dose nor a person says it


@verb(Area.DISPENSING, *PACKERS, does="begin a delivery")
def begin_ticket(uow: UnitOfWork, *, patient_id: UUID, bag_ids: Sequence[UUID] | None = None) -> UUID:
    """A ticket to where the patient is cared for, with the bags to scan: those that are named, else all that may go today.

    A named bag that may not go keeps the whole ticket back. Each bag is meant for one dose, the one to use first for the next. The
    supplies that are still needed through the last of these doses are proposed.
    """
    place = _where(uow, patient_id)
    planned = _planned(uow, patient_id, bag_ids)
    calendar = delivery_calendar(uow)
    before = standings(uow, {one.bag.order.id: one.bag.order for one in planned}.values(), calendar)
    due = min((one.due for one in before.values() if one.due), key=lambda one: one.deliver_by, default=None)
    ticket = _ticket(uow, patient_id, place, due.deliver_by if due else None, due.because if due else "")
    try:
        for one in planned:
            uow.add(
                TicketLine(
                    ticket_id=ticket.id, bag_id=one.bag.id, quantity=Decimal(1), description="",
                    dose_on=one.dose.on if one.dose else None, dose_at=one.dose.at if one.dose else None,
                    dose_place=one.dose.place if one.dose else None, scanned_by="", was_typed=False, taken_off="",
                )
            )  # fmt: skip
        uow.session.flush()
    except IntegrityError as error:  # another desk was quicker by less than one question
        raise Refused("One of these bags was put on another ticket this moment. Begin again.") from error
    last_dose = max((one.dose.on for one in planned if one.dose), default=None)
    _propose(uow, ticket, last_dose)
    detail = f"{ticket.number}, {counted(len(planned), 'bag')}"
    uow.record(Change("begun", Area.DISPENSING, "ticket", ticket.id, patient_id, detail=detail))
    return ticket.id


@verb(Area.DISPENSING, *PACKERS, does="begin a delivery without bags")
def begin_without_bags(uow: UnitOfWork, *, draft: BoxDraft) -> UUID:
    """A ticket for a pump, supplies or a package of the shelf: packed, proved and brought back like any other."""
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    if draft.patient_id is None:
        raise AssertionError("a draft without problems has these")
    for name, on in (("deliver_by", draft.deliver_by), ("through", draft.through)):
        if on is not None and on < uow.today():
            raise Refused("That day is past.", field=name)
    if draft.deliver_by is not None and (closed := delivery_calendar(uow).closed_because(draft.deliver_by)):
        raise Refused(f"Nobody delivers on that day: {closed}.", field="deliver_by")
    place = _where(uow, draft.patient_id)
    ticket = _ticket(uow, draft.patient_id, place, draft.deliver_by, draft.what_for.strip())
    _propose(uow, ticket, draft.through)
    detail = f"{ticket.number}, without bags"
    uow.record(
        Change("begun", Area.DISPENSING, "ticket", ticket.id, draft.patient_id, detail=detail), reason=draft.what_for.strip()
    )
    return ticket.id


def _where(uow: UnitOfWork, patient_id: UUID) -> tuple[str, str]:
    """Place of care and address, or why nothing goes there."""
    facts = chart_facts(uow, patient_id=patient_id)
    address = facts.address or (facts.place.detail if facts.place else "")
    if sentence := chart_refusal(facts, address=address):
        raise Refused(sentence)
    return facts.place.kind.value if facts.place else "", address


def _ticket(uow: UnitOfWork, patient_id: UUID, place: tuple[str, str], by: date | None, because: str) -> Ticket:
    ticket = uow.add(
        Ticket(
            number=_next_number(uow), patient_id=patient_id, place_of_care=place[0], deliver_to=place[1], deliver_by=by,
            deliver_because=because, begun_by=uow.actor.name, begun_at=uow.clock.now(), packed_by="", supply=[], needs=[],
            shipper="", no_shipper_because="", no_backup_because="", logger_serial="", carrier="", tracking="",
        )
    )  # fmt: skip
    uow.session.flush()
    return ticket


def _propose(uow: UnitOfWork, ticket: Ticket, through: date | None) -> None:
    """What the patient still needs through a day: kept as it was worked out, and as lines of the lots to take first."""
    until = through or uow.today() + _WITHOUT_END
    needs = supplies_needed(uow, patient_id=ticket.patient_id, through=until, shipped=shipped_kits())
    ticket.needs = [_kept(one, until) for one in needs if one.hold or one.to_send is None or one.to_send > 0]
    for one in needs:
        for lot_id, many in _lots_for(uow, one):
            uow.add(
                TicketLine(
                    ticket_id=ticket.id, lot_id=lot_id, quantity=many, description=one.item, scanned_by="", was_typed=False,
                    taken_off="",
                )
            )  # fmt: skip
    uow.session.flush()


def _kept(one: SupplyNeed, through: date) -> dict[str, Any]:
    return {
        "item": one.item,
        "item_id": str(one.item_id) if one.item_id else "",
        "unit": one.unit,
        "at_home": f"{one.at_home.normalize():f}",
        "to_send": f"{one.to_send.normalize():f}" if one.to_send is not None else "",
        "because": one.because,
        "hold": one.hold,
        "gap": one.gap,
        "through": through.isoformat(),
    }


def _lots_for(uow: UnitOfWork, one: SupplyNeed) -> Iterator[tuple[UUID, Decimal]]:
    """Which lots to take it from, first expired first, as far as they are on hand."""
    left = one.to_send or Decimal(0)
    if one.item_id is None or left <= 0:
        return
    for lot in lots_on_hand(uow, item_id=one.item_id):
        many = min(left, lot.on_hand)
        if many > 0 and not lot.controlled:
            yield lot.id, many
            left -= many


def _planned(uow: UnitOfWork, patient_id: UUID, bag_ids: Sequence[UUID] | None) -> list[PlannedBag]:
    bags = {bag.id: bag for bag in released_bags(uow, patient_id=patient_id)}
    taken, now = taken_bags(uow), uow.local(uow.clock.now())
    refusals = {
        bag.id: bag_refusal(
            BagToSend(bag.barcode, bag.batch_state is BatchState.RELEASED, bag.beyond_use_at, taken.get(bag.id)), now
        )
        for bag in bags.values()
    }
    if bag_ids is None:
        chosen = [bag for bag in bags.values() if refusals[bag.id] is None]
    else:
        chosen = [bags[bag_id] for bag_id in dict.fromkeys(bag_ids) if bag_id in bags]
        if not chosen or len(chosen) != len(set(bag_ids)):
            raise Refused("Choose bags that were released for this patient.")
        for bag in chosen:
            if sentence := refusals[bag.id]:
                raise Refused(sentence)
    supplied = standings(uow, {bag.order.id: bag.order for bag in chosen}.values(), delivery_calendar(uow))
    planned = plan_bags(chosen, supplied, zone=uow)
    refused = [one.refusal for one in planned if one.refusal]
    if bag_ids is not None and refused:
        raise Refused(refused[0])
    if not (fit := [one for one in planned if not one.refusal]):
        raise Refused(refused[0] if refused else "No bag is released for this patient that may go.")
    return fit


def _next_number(uow: UnitOfWork) -> str:
    """``D-2603-0001``: the month and a serial within it."""
    start = f"D-{uow.today():%y%m}-"
    newest = uow.session.scalars(sa.select(sa.func.max(Ticket.number)).where(Ticket.number.startswith(start))).one()
    return f"{start}{int(newest.rsplit('-', 1)[1]) + 1 if newest else 1:04d}"

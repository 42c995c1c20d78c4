"""A ticket leaves, is called about, is left, confirmed, refused or comes back."""

from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.records import Drug, Product
from infusiondesk.catalog.rules import Hazard
from infusiondesk.compounding.queries import doubt_in
from infusiondesk.dispensing.exchange import biologic_therapies, read_logger
from infusiondesk.dispensing.queries import TicketRow, excursions_of, ticket_of
from infusiondesk.dispensing.records import Ticket
from infusiondesk.dispensing.rules import (
    CallDraft,
    ConfirmationDraft,
    FileKind,
    Happening,
    KeptFile,
    LeftDraft,
    Method,
    ShipDraft,
    instant_of,
    leave_refusal,
)
from infusiondesk.dispensing.service.contents import hand_over, take_back
from infusiondesk.dispensing.service.steps import PACKERS, happen, keep_file, refuse_step
from infusiondesk.foundation.kernel.ismp import moment
from infusiondesk.foundation.kernel.outcomes import Problem, Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory.records import Item, Lot


@verb(Area.DISPENSING, *PACKERS, does="ship a delivery")
def ship_ticket(uow: UnitOfWork, *, ticket_id: UUID, draft: ShipDraft | None = None) -> None:
    """It leaves the pharmacy; not when patient, place or an order changed since it was packed, nor past a beyond-use date."""
    how = draft or ShipDraft()
    _refuse_problems(how.problems())
    ticket = uow.session.get_one(Ticket, ticket_id)
    row = ticket_of(uow, ticket_id=ticket_id)
    if row.alarms:
        raise Refused(f"Nothing is shipped. {row.alarms[0]}")
    refuse_step(uow, ticket, Happening.SHIPPED)
    if past := next((bag for bag in row.bags if bag.is_past_use), None):
        raise Refused(f"Nothing is shipped. Bag {past.barcode} is past its beyond-use date ({moment(past.beyond_use_at)}).")
    for bag in {bag.batch_id: bag for bag in row.bags}.values():
        if doubt := doubt_in(uow, batch_id=bag.batch_id):
            raise Refused(f"Nothing is shipped. {doubt} It is in bag {bag.barcode}.")
    hand_over(uow, row)
    ticket.method, ticket.carrier, ticket.tracking = Method(how.method), how.carrier.strip(), how.tracking.strip()
    happen(uow, ticket_id, Happening.SHIPPED)


@verb(Area.DISPENSING, *PACKERS, does="record a call about a delivery on the road")
def record_call(uow: UnitOfWork, *, ticket_id: UUID, draft: CallDraft) -> None:
    """The driver was called, because what he carries must not be handed over, or for any other reason."""
    _refuse_problems(draft.problems())
    happen(uow, ticket_id, Happening.CALLED, received_by=draft.spoke_with, condition=draft.agreed)


@verb(Area.DISPENSING, *PACKERS, Role.NURSE, does="confirm a delivery")
def confirm_delivery(uow: UnitOfWork, *, ticket_id: UUID, draft: ConfirmationDraft) -> None:
    """Somebody received it: name, relation, time, proof. From now on its drugs may be billed, unless they were too warm or cold."""
    _refuse_problems(draft.problems())
    ticket = uow.session.get_one(Ticket, ticket_id)
    row = ticket_of(uow, ticket_id=ticket_id)
    refuse_step(uow, ticket, Happening.DELIVERED)
    if draft.received_at is None:
        raise AssertionError("a draft without problems has these")
    at = instant_of(draft.received_at, uow.clock.zone, draft.device_zone.strip())
    if at > uow.clock.now():
        raise Refused("It cannot have been received in the future.", field="received_at")
    if row.shipped_at is not None and at < row.shipped_at:
        raise Refused("It cannot have been received before it was shipped.", field="received_at")
    schedules = {drug.controlled for drug in _drugs(uow, row)}
    missing = (draft.adult_problem(schedules, uow.local(at).date()), draft.signature_problem(ticket.method or ""))
    _refuse_problems([one for one in missing if one is not None])
    low, high, read_how = draft.low_c, draft.high_c, "by hand"
    if draft.logger is not None:
        reading = read_logger(draft.logger.content, draft.logger.name)
        low, high, read_how = reading.low, reading.high, reading.words
        keep_file(uow, ticket, FileKind.LOGGER, draft.logger)
    if draft.signature:
        keep_file(uow, ticket, FileKind.SIGNATURE, KeptFile("signature.png", draft.signature))
    if draft.paper is not None:
        keep_file(uow, ticket, FileKind.PAPER, draft.paper)
    happen(
        uow,
        ticket_id,
        Happening.DELIVERED,
        at=at,
        device_zone=draft.device_zone,
        received_by=draft.received_by,
        relation=draft.relation,
        condition=draft.condition,
        adult_id=f"{draft.adult_id.strip()}, born {draft.born_on.isoformat()}" if draft.born_on else draft.adult_id,
        low_c=low,
        high_c=high,
        read_how=read_how if (low, high) != (None, None) else "",
        is_outside=bool(excursions_of(ticket, row.lines, at, low, high)),
    )


@verb(Area.DISPENSING, *PACKERS, Role.NURSE, does="record a delivery that was left")
def leave_delivery(uow: UnitOfWork, *, ticket_id: UUID, draft: LeftDraft) -> None:
    """Nobody took it and it was left: not yet confirmed, so not billed. Controlled, hazardous and biologic drugs are never left."""
    _refuse_problems(draft.problems())
    ticket = uow.session.get_one(Ticket, ticket_id)
    drugs = _drugs(uow, ticket_of(uow, ticket_id=ticket_id))
    biologics = sorted({drug.name for drug in drugs if drug.therapy in biologic_therapies()})
    if sentence := leave_refusal(
        [drug.controlled for drug in drugs],
        is_hazardous=any(drug.hazard is Hazard.HAZARDOUS for drug in drugs),
        biologics=biologics,
    ):
        raise Refused(sentence)
    if draft.photo is not None:
        keep_file(uow, ticket, FileKind.PHOTO, draft.photo)
    happen(uow, ticket_id, Happening.LEFT, condition=draft.where, reason=draft.reason.strip())


@verb(Area.DISPENSING, *PACKERS, Role.NURSE, does="record a refused delivery")
def refuse_delivery(uow: UnitOfWork, *, ticket_id: UUID) -> None:
    """Nobody took it; what comes back is destroyed, a pump is taken back to be cleaned."""
    refuse_step(uow, uow.session.get_one(Ticket, ticket_id), Happening.REFUSED)
    reason = uow.reason_for(
        "dispensing.refused", "Why was it not taken?", ("nobody at home", "refused", "wrong address", "in hospital")
    )
    take_back(uow, ticket_of(uow, ticket_id=ticket_id))
    happen(uow, ticket_id, Happening.REFUSED, reason=reason)


@verb(Area.DISPENSING, *PACKERS, Role.NURSE, does="record a delivery that came back")
def return_delivery(uow: UnitOfWork, *, ticket_id: UUID) -> None:
    """It was called back or sent back; it is destroyed, never put on the shelf again; a pump is taken back to be cleaned."""
    refuse_step(uow, uow.session.get_one(Ticket, ticket_id), Happening.RETURNED)
    reason = uow.reason_for(
        "dispensing.returned",
        "Why did it come back?",
        ("order changed", "called back", "not delivered by the carrier", "in hospital"),
    )
    take_back(uow, ticket_of(uow, ticket_id=ticket_id))
    happen(uow, ticket_id, Happening.RETURNED, reason=reason)


def _drugs(uow: UnitOfWork, row: TicketRow) -> list[Drug]:
    """The drugs in the box, of bags and of packages."""
    by_lot = (
        sa.select(Product.drug_id)
        .join(Item, Item.product_id == Product.id)
        .join(Lot, Lot.item_id == Item.id)
        .where(Lot.id.in_([line.lot_id for line in row.lines if line.lot_id]))
    )
    in_bags = Drug.id.in_({bag.order.drug_id for bag in row.bags})
    return list(uow.session.scalars(sa.select(Drug).where(sa.or_(in_bags, Drug.id.in_(by_lot)))))


def _refuse_problems(problems: list[Problem]) -> None:
    if problems:
        raise Refused(problems[0].sentence, field=problems[0].field)

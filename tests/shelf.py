"""Builders of a shelf for tests: items, documents, lots; and histories of wishes played on it, with the account of every unit."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from hypothesis import strategies as st

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Actor, Role
from infusiondesk.foundation.store.unit_of_work import Answers, UnitOfWork
from infusiondesk.inventory import queries, service
from infusiondesk.inventory.records import Holding, Location, Movement
from infusiondesk.inventory.rules import ArrivalDraft, ItemDraft, MoveDraft, MovementKind, ReceiptDraft
from tests.pharmacy import Pharmacy

TECH = Role.TECHNICIAN
SETS: Final = ItemDraft(None, "transfer set", unit="set", kind="supply")
SUPPLIER: Final = "RZ1234563"  # a made-up DEA number whose check digit holds
TICKET: Final = UUID(int=77)
WHY: Final = {
    "inventory.waste": "broken", "inventory.count": "miscounted", "inventory.quarantine": "recall",
    "inventory.clear": "the lot was not recalled", "inventory.destroy": "incinerated", "inventory.to_vendor": "RA 12",
    "inventory.suspect": "label looks wrong", "inventory.witness": "ZZTEST Technician", "inventory.end_count": "called away",
}  # fmt: skip


def stocked(pharmacy: Pharmacy, draft: ItemDraft = SETS) -> UUID:
    """An item."""
    return pharmacy.do(service.stock_item, by=TECH, draft=draft)


def document(pharmacy: Pharmacy, **more: Any) -> UUID:
    """The document that is being received, or a new one."""
    known = pharmacy.ask(queries.documents_lately)
    if known and not more:
        return known[0].id
    number = f"INV {pharmacy.clock.now():%d%H%M%S}"
    draft = ReceiptDraft(
        **{"vendor": "ZZTEST Wholesale", "document_number": number, "has_transaction": True, "supplier_dea": SUPPLIER, **more}
    )
    return pharmacy.do(service.begin_receipt, by=TECH, draft=draft)


def received(
    pharmacy: Pharmacy, item_id: UUID, lot: str = "TS-8841", expires: str = "2029-01-12", quantity: int = 10, **more: Any
) -> UUID:
    """A lot on the shelf."""
    draft = ArrivalDraft(item_id, lot, expires, Decimal(quantity), **more)
    return pharmacy.do(service.receive_lot, by=TECH, receipt_id=document(pharmacy), draft=draft)


Wish = tuple[str, int, int]
KINDS: Final = (
    "receive", "use", "send", "back", "waste", "count", "count again", "quarantine", "clear", "move", "destroy", "to vendor",
    "suspect",
)  # fmt: skip
HISTORIES: Final = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 9), st.integers(0, 3)), max_size=14)


def play(pharmacy: Pharmacy, item_id: UUID, receipt_id: UUID, history: Sequence[Wish]) -> None:
    """Fulfil the wishes one after the other in one transaction, account for every unit after each, and write nothing."""

    def story(uow: UnitOfWork) -> None:
        uow.answers = Answers(WHY)
        places = list(uow.session.scalars(sa.select(Location.id).where(Location.kind.in_(["room", "controlled vault"]))))
        draft = ArrivalDraft(item_id, "A", "2029-01", Decimal(3))
        lot_id = service.receive_lot(uow, receipt_id=receipt_id, draft=draft)
        for wish, many, where in history:
            pair = (places[where % 2], places[(where + 1) % 2])
            try:
                with uow.session.begin_nested():
                    _fulfil(uow, pharmacy, (wish, Decimal(many), *pair), lot_id, draft, receipt_id)
                    uow.session.flush()
            except Refused:
                continue
            assert_every_unit_is_accounted_for(uow, lot_id)
        raise Refused("only played")

    try:
        pharmacy.do(story, by=pharmacy.people[Role.PHARMACIST_IN_CHARGE])
    except Refused as refused:
        assert refused.sentence == "only played"


def assert_every_unit_is_accounted_for(uow: UnitOfWork, lot_id: UUID) -> None:
    """No count below nothing; each is the sum of its movements; what came is what is left and what is known to have gone."""
    total = dict.fromkeys(MovementKind, Decimal(0))
    left = Decimal(0)
    for holding in uow.session.scalars(sa.select(Holding).where(Holding.lot_id == lot_id)):
        moves = list(uow.session.scalars(sa.select(Movement).where(Movement.holding_id == holding.id)))
        assert holding.on_hand == sum(move.quantity for move in moves) >= 0
        assert holding.in_quarantine == sum(move.quarantined for move in moves) >= 0
        assert sorted(move.number for move in moves) == list(range(1, holding.moves + 1))
        left += holding.on_hand + holding.in_quarantine
        for move in moves:
            total[move.kind] += move.quantity + move.quarantined
    assert total[MovementKind.MOVED_IN] == -total[MovementKind.MOVED_OUT]
    assert total[MovementKind.QUARANTINED] == total[MovementKind.CLEARED] == 0
    assert total[MovementKind.RETURNED] <= -total[MovementKind.USED] - total[MovementKind.SENT]
    assert left == sum(total.values())


def _fulfil(
    uow: UnitOfWork, pharmacy: Pharmacy, wish: tuple[str, Decimal, UUID, UUID], lot_id: UUID, draft: ArrivalDraft, receipt_id: UUID
) -> None:
    kind, many, here, there = wish
    reference: dict[str, Any] = {"reference_entity": "ticket", "reference_id": TICKET}
    if kind == "receive":
        arrival = replace(draft, quantity=many, location_id=here)
        service.receive_lot(uow, receipt_id=receipt_id, draft=arrival)
    elif kind in ("use", "send"):
        verb = service.use_lot if kind == "use" else service.send_lot
        verb(uow, lot_id=lot_id, quantity=many, **reference)
    elif kind == "back":
        service.return_unused(uow, lot_id=lot_id, quantity=many, **reference)
    elif kind == "waste":
        service.waste_lot(uow, lot_id=lot_id, quantity=many)
    elif kind in ("count", "count again"):
        actor: Actor = uow.actor
        uow.actor = pharmacy.people[TECH] if kind == "count" else actor
        try:
            service.count_lot(uow, lot_id=lot_id, found=many, location_id=here)
        finally:
            uow.actor = actor
    elif kind == "move":
        service.move_lot(uow, lot_id=lot_id, draft=MoveDraft(many, here, there))
    else:
        verbs: dict[str, Callable[..., object]] = {
            "quarantine": service.quarantine_lot, "clear": service.clear_lot, "destroy": service.destroy_lot,
            "to vendor": service.return_to_vendor, "suspect": service.suspect_lot,
        }  # fmt: skip
        verbs[kind](uow, lot_id=lot_id)

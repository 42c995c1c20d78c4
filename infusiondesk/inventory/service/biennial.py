"""Taking the biennial inventory of controlled drugs: begun, counted line by line, signed by who counted and by a pharmacist."""

from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.records import Drug, Product
from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory.exchange import shipped_policy
from infusiondesk.inventory.queries.biennial import inventory_facts, lines_of
from infusiondesk.inventory.queries.policy import controlled_policy
from infusiondesk.inventory.records import BiennialInventory, BiennialLine, Holding, Item, Location, Lot
from infusiondesk.inventory.rules import refuse_first
from infusiondesk.inventory.rules.biennial import (
    ZERO,
    BiennialDraft,
    ExtraDraft,
    FoundDraft,
    TakenAt,
    difference_words,
    estimate_problem,
    open_words,
)
from infusiondesk.inventory.service.moving import HANDS, PHARMACISTS

COUNTED, SIGNED = "counted", "biennial inventory taken"


@verb(Area.INVENTORY, *PHARMACISTS, does="begin a biennial inventory")
def begin_biennial(uow: UnitOfWork, *, draft: BiennialDraft) -> UUID:
    """List every controlled lot where something lies, on hand or in quarantine, to be counted today."""
    refuse_first(draft.problems())
    is_open = sa.select(BiennialInventory).where(BiennialInventory.signed_at.is_(None), BiennialInventory.withdrawn_at.is_(None))
    if (one := uow.session.scalars(is_open.limit(1)).first()) is not None:
        raise Refused(f"{one.begun_by} began one on {day(one.taken_on)}. Sign it or withdraw it first.")
    kept = uow.add(
        BiennialInventory(
            taken_on=uow.today(), taken_at=TakenAt(draft.taken_at or ""),
            dea_number=controlled_policy(uow, shipped=shipped_policy()).dea_number, begun_at=uow.clock.now(),
            begun_by=uow.actor.name, counted_by_id=None, counted_by="", remarks="", withdrawn_at=None, withdrawn_by="",
        )
    )  # fmt: skip
    chosen = (
        sa.select(Holding, Lot, Item, Location.name, Drug.controlled)
        .join(Lot, Lot.id == Holding.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .join(Product, Product.id == Item.product_id)
        .join(Drug, Drug.id == Product.drug_id)
        .join(Location, Location.id == Holding.location_id)
        .where(Drug.controlled.is_not(None), Drug.controlled != "", sa.or_(Holding.on_hand > 0, Holding.in_quarantine > 0))
        .order_by(Holding.id)
    )
    for holding, lot, item, location, schedule in uow.session.execute(chosen).all():
        uow.add(
            BiennialLine(
                inventory_id=kept.id, holding_id=holding.id, schedule=schedule, item=item.name, ndc=item.ndc, unit=item.unit,
                location=location, lot_number=lot.lot_number, expected=None, found=None, is_estimate=False, found_by="",
            )
        )  # fmt: skip
    uow.record(Change("begun", Area.INVENTORY, "biennial_inventory", kept.id, detail=kept.taken_at.value))
    return kept.id


@verb(Area.INVENTORY, *HANDS, does="count for the biennial inventory")
def count_biennial(uow: UnitOfWork, *, line_id: UUID, draft: FoundDraft) -> None:
    """Enter what was found; the balance at this moment is kept beside it."""
    refuse_first(draft.problems())
    line = uow.session.get_one(BiennialLine, line_id)
    _to_count(uow, line.inventory_id)
    if problem := estimate_problem(line.schedule, is_estimate=draft.is_estimate):
        raise Refused(problem.sentence, field=problem.field)
    if line.holding_id is not None:
        holding = uow.session.get_one(Holding, line.holding_id)
        line.expected = holding.on_hand + holding.in_quarantine
    line.found, line.is_estimate, line.found_by = draft.found, draft.is_estimate, uow.actor.name
    detail = f"{draft.found:f}{', estimated' if draft.is_estimate else ''}"
    uow.record(Change("counted", Area.INVENTORY, "biennial_line", line_id, detail=detail))


@verb(Area.INVENTORY, *HANDS, does="enter what else is controlled")
def add_to_biennial(uow: UnitOfWork, *, inventory_id: UUID, draft: ExtraDraft) -> UUID:
    """What lies outside the stock, a bag already made for instance, with its count."""
    refuse_first(draft.problems())
    _to_count(uow, inventory_id)
    line = uow.add(
        BiennialLine(
            inventory_id=inventory_id, holding_id=None, schedule=draft.schedule or "", item=draft.item.strip(), ndc=None,
            unit=draft.unit.strip(), location=draft.location.strip(), lot_number="", expected=None, found=draft.found,
            is_estimate=False, found_by=uow.actor.name,
        )
    )  # fmt: skip
    uow.record(Change("entered", Area.INVENTORY, "biennial_line", line.id, detail=f"{draft.found or ZERO:f} {line.unit}"))
    return line.id


@verb(Area.INVENTORY, *HANDS, does="sign what was counted")
def sign_counted(uow: UnitOfWork, *, inventory_id: UUID) -> None:
    """The first name: who counted. What differs from the balance is explained first; after it no count changes."""
    one = _to_count(uow, inventory_id)
    lines = lines_of(uow, [inventory_id])[inventory_id]
    if sentence := open_words(lines):
        raise Refused(sentence)
    if odd := difference_words(lines):
        question = f"{odd} What was done about it?"
        one.remarks = uow.reason_for("inventory.biennial", question, ("counted under Counts: a discrepancy is open",))
    one.counted_by_id, one.counted_by = uow.actor.id, uow.actor.name
    subject = f"Biennial inventory of {day(one.taken_on)}"
    facts = inventory_facts(one, lines)
    uow.put_name(one, facts, subject=subject, meaning=COUNTED, area=Area.INVENTORY, patient_id=None)


@verb(Area.INVENTORY, *PHARMACISTS, does="sign the biennial inventory")
def sign_biennial(uow: UnitOfWork, *, inventory_id: UUID) -> None:
    """The second name: a pharmacist who is not the one who counted. From now on it is fixed."""
    one = _open(uow, inventory_id)
    if one.counted_by_id is None:
        raise Refused("Who counted signs first.")
    if one.counted_by_id == uow.actor.id:
        raise Refused(f"{uow.actor.name} signed as the one who counted. Another person is the second.")
    uow.require_licence("sign the biennial inventory")
    facts = inventory_facts(one, lines_of(uow, [inventory_id])[inventory_id])
    subject = f"Biennial inventory of {day(one.taken_on)}"
    uow.sign(one, facts, subject=subject, meaning=SIGNED, area=Area.INVENTORY, patient_id=None)


@verb(Area.INVENTORY, *PHARMACISTS, does="withdraw a biennial inventory")
def withdraw_biennial(uow: UnitOfWork, *, inventory_id: UUID) -> None:
    """It was not finished, or it was wrong: it counts as not taken."""
    one = _open(uow, inventory_id)
    because = uow.reason_for("inventory.biennial_withdrawn", "Why is it withdrawn?", ("not finished on its day", "counted wrong"))
    one.withdrawn_at, one.withdrawn_by = uow.clock.now(), uow.actor.name
    uow.record(Change("withdrew", Area.INVENTORY, "biennial_inventory", inventory_id), reason=because)


def _open(uow: UnitOfWork, inventory_id: UUID) -> BiennialInventory:
    one = uow.session.get_one(BiennialInventory, inventory_id)
    if one.signed_at is not None:
        raise Refused("This inventory is signed.")
    if one.withdrawn_at is not None:
        raise Refused(f"{one.withdrawn_by} withdrew this inventory.")
    return one


def _to_count(uow: UnitOfWork, inventory_id: UUID) -> BiennialInventory:
    one = _open(uow, inventory_id)
    if one.counted_by_id is not None:
        raise Refused(f"{one.counted_by} signed for these counts. Withdraw the inventory to count again.")
    if one.taken_on != uow.today():
        raise Refused(f"It was begun on {day(one.taken_on)}; all is counted on one day. Withdraw it and begin again.")
    return one

"""Receiving: the document of a delivery once, then one lot after the other."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory.queries.recalls import doubt_about
from infusiondesk.inventory.queries.receipts import known_dea
from infusiondesk.inventory.queries.scans import is_shortened, serials_back
from infusiondesk.inventory.queries.shelf import controlled_of, used_for
from infusiondesk.inventory.records import ExcursionLot, Holding, Item, Location, Lot, Receipt, Serial, TemperatureExcursion
from infusiondesk.inventory.rules import ArrivalDraft, MovementKind, ReceiptDraft, place_problem, receive_problem, refuse_first
from infusiondesk.inventory.rules.controlled import controlled_receipt_problem
from infusiondesk.inventory.rules.drafts import ExpiryDraft
from infusiondesk.inventory.rules.scan import expiry_of
from infusiondesk.inventory.service.moving import HANDS, PHARMACISTS, holding_at, move


@verb(Area.INVENTORY, *HANDS, does="receive a delivery")
def begin_receipt(uow: UnitOfWork, *, draft: ReceiptDraft) -> UUID:
    """Enter the document that came with a delivery; its lots follow one by one."""
    refuse_first(draft.problems())
    _is_new(uow, draft, None)
    if not draft.supplier_dea.strip():
        draft = replace(draft, supplier_dea=known_dea(uow, draft.vendor.strip()))
    receipt = Receipt(received_at=uow.clock.now(), received_by_id=uow.actor.id, received_by=uow.actor.name)
    _fill(receipt, draft)
    uow.add(receipt)
    uow.record(Change("received", Area.INVENTORY, "receipt", receipt.id, detail=receipt.document_number))
    return receipt.id


@verb(Area.INVENTORY, *HANDS, does="correct the document of a receipt")
def correct_receipt(uow: UnitOfWork, *, receipt_id: UUID, draft: ReceiptDraft) -> None:
    """What was typed wrong, or what came later: the statement, the order form."""
    refuse_first(draft.problems())
    _is_new(uow, draft, receipt_id)
    receipt = uow.session.get_one(Receipt, receipt_id)
    if receipt.order_form and not draft.order_form.strip():
        raise Refused("The order form stays: controlled drugs were received under it.", field="order_form")
    if receipt.supplier_dea and not draft.supplier_dea.strip():
        raise Refused("The supplier's DEA number stays: controlled drugs were received under it.", field="supplier_dea")
    _fill(receipt, draft)
    uow.record(Change("corrected", Area.INVENTORY, "receipt", receipt_id, detail=receipt.document_number))


@verb(Area.INVENTORY, *HANDS, does="receive a lot")
def receive_lot(uow: UnitOfWork, *, receipt_id: UUID, draft: ArrivalDraft) -> UUID:
    """Put received units on the shelf; more of a lot that is known joins it. Returns the lot."""
    refuse_first(draft.problems())
    expires_on, quantity = draft.expires_on, draft.quantity
    if draft.item_id is None or expires_on is None or quantity is None:
        raise AssertionError("a draft without problems has these")
    receipt = uow.session.get_one(Receipt, receipt_id)
    item = uow.session.get_one(Item, draft.item_id)
    number = " ".join(draft.lot_number.split()).upper()
    lot = uow.session.scalars(sa.select(Lot).where(Lot.item_id == item.id, Lot.lot_number == number)).first()
    shortened = lot is not None and is_shortened(uow, lot.id)
    if sentence := receive_problem(expires_on, uow.today(), lot.expires_on if lot else None, number, is_shortened=shortened):
        raise Refused(sentence, field="expires")
    if lot is not None and _is_in_quarantine(uow, lot):
        raise Refused(f"Lot {number} is in quarantine. The pharmacist in charge decides about it first.", field="lot_number")
    if doubt := doubt_about(uow, item_id=item.id, lot_number=number):
        raise Refused(f"{doubt} Do not put it on the shelf.", field="lot_number")
    if refused := controlled_receipt_problem(
        item.name, controlled_of(uow, item_id=item.id), receipt.order_form, receipt.supplier_dea
    ):
        raise Refused(refused.sentence, field=refused.field)
    location = _location(uow, item, draft.location_id)
    if lot is None:
        lot = uow.add(Lot(item_id=item.id, lot_number=number, expires_on=expires_on))
        uow.session.flush()
    _keep_serials(uow, item, lot, receipt_id, quantity, draft.serials)
    holding = holding_at(uow, lot.id, location.id)
    told = receipt.vendor
    if expires_on > lot.expires_on:
        told += f"; its package says {day(expires_on)}, the lot keeps the shortened {day(lot.expires_on)}"
    move(uow, holding, MovementKind.RECEIVED, quantity, because=told, reference=("receipt", receipt_id))
    _set_apart_in_excursion(uow, location, holding)
    return lot.id


@verb(Area.INVENTORY, *PHARMACISTS, does="correct the expiry of a lot")
def correct_expiry(uow: UnitOfWork, *, lot_id: UUID, draft: ExpiryDraft) -> None:
    """The expiry that was typed wrong at receiving, as the package reads; one that was shortened does not grow again."""
    refuse_first(draft.problems())
    lot, until = uow.session.get_one(Lot, lot_id), expiry_of(draft.expires)
    if until is None:
        raise AssertionError("a draft without problems has a day")
    if until == lot.expires_on:
        raise Refused(f"Lot {lot.lot_number} is on file with this expiry.", field="expires")
    if until > lot.expires_on and is_shortened(uow, lot_id):
        raise Refused(f"A pharmacist shortened the expiry of lot {lot.lot_number} after an excursion. It stays.", field="expires")
    told = f"Lot {lot.lot_number}: expiry {day(lot.expires_on)} becomes {day(until)}."
    if many := len(used_for(uow, lot_id=lot_id)):
        things = "preparation or delivery" if many == 1 else "preparations or deliveries"
        told += f" It went into {many} {things}: look at their beyond-use dates."
    because = uow.reason_for("inventory.expiry", f"{told} How is that known?", ("read again on the package", "the maker says so"))
    uow.record(Change("corrected the expiry", Area.INVENTORY, "lot", lot_id, detail=f"{lot.expires_on} to {until}"), reason=because)
    lot.expires_on = until


def _set_apart_in_excursion(uow: UnitOfWork, location: Location, holding: Holding) -> None:
    """What arrives where the temperature is out of range stands in quarantine at once, with a line to judge."""
    chosen = sa.select(TemperatureExcursion).where(
        TemperatureExcursion.location_id == location.id, TemperatureExcursion.ended_at.is_(None)
    )
    excursion = uow.session.scalars(chosen).first()
    if excursion is None:
        return
    quantity, reference = holding.on_hand, (TemperatureExcursion.__tablename__, excursion.id)
    because = f"received while {location.name} is out of range"
    move(uow, holding, MovementKind.QUARANTINED, -quantity, quantity, because=because, reference=reference)
    uow.add(
        ExcursionLot(
            excursion_id=excursion.id, holding_id=holding.id, quantity=quantity, disposition=None, source="", expires_on=None,
            signed_at=None, signature_id=None,
        )
    )  # fmt: skip


def _fill(receipt: Receipt, draft: ReceiptDraft) -> None:
    receipt.vendor, receipt.document_number = draft.vendor.strip(), draft.document_number.strip()
    receipt.has_transaction = bool(draft.has_transaction)
    receipt.without_because = "" if draft.has_transaction else draft.without_because.strip()
    receipt.shipped_on, receipt.order_form = draft.shipped_on, draft.order_form.strip()
    receipt.supplier_dea = draft.supplier_dea.strip().upper()


def _is_new(uow: UnitOfWork, draft: ReceiptDraft, receipt_id: UUID | None) -> None:
    vendor, number = draft.vendor.strip(), draft.document_number.strip()
    chosen = sa.select(Receipt).where(Receipt.vendor == vendor, Receipt.document_number == number)
    known = next((one for one in uow.session.scalars(chosen) if one.id != receipt_id), None)
    if known is not None:
        when = f"{uow.local(known.received_at):%d %b %Y}".lstrip("0")
        raise Refused(
            f"{vendor} {number} was received on {when} by {known.received_by}. Go on with that one.", field="document_number"
        )


def _location(uow: UnitOfWork, item: Item, location_id: UUID | None) -> Location:
    """Where the person said, or the first location of the kind in which the item is kept."""
    if location_id is None:
        chosen = sa.select(Location).where(Location.kind == item.kept_in, Location.retired_at.is_(None)).order_by(Location.name)
        found = uow.session.scalars(chosen).first()
        if found is None:
            raise Refused(f"{item.name} is kept in a {item.kept_in}, and there is none. Add one under Stock.", field="location_id")
        return found
    location = uow.session.get_one(Location, location_id)
    if location.retired_at is not None:
        raise Refused(f"{location.name} is retired.", field="location_id")
    if sentence := place_problem(item.name, item.kept_in, location.name, location.kind):
        raise Refused(sentence, field="location_id")
    return location


def _is_in_quarantine(uow: UnitOfWork, lot: Lot) -> bool:
    chosen = sa.select(Holding.id).where(Holding.lot_id == lot.id, Holding.in_quarantine > 0)
    return uow.session.scalars(chosen.limit(1)).first() is not None


def _keep_serials(uow: UnitOfWork, item: Item, lot: Lot, receipt_id: UUID, quantity: Decimal, serials: list[str]) -> None:
    wanted = [serial.strip() for serial in serials if serial.strip()]
    if len(wanted) > quantity:
        raise Refused(f"{len(wanted)} serial numbers for {quantity.normalize():f}. Count again.", field="quantity")
    twice = next((serial for place, serial in enumerate(wanted) if serial in wanted[:place]), None)
    if twice is not None:
        raise Refused(f"Serial {twice} was scanned twice.", field="serials")
    back = serials_back(uow, item_id=item.id, numbers=wanted)
    again = {row.number: row for row in uow.session.scalars(sa.select(Serial).where(Serial.id.in_([one.id for one in back])))}
    for known in back:
        if not known.went_back:
            raise Refused(f"{known.words(item.name)} Set the package aside as suspect.", field="serials")
    if back:
        told = f"{back[0].words(item.name)} It went back to the vendor. Why is it here again?"
        because = uow.reason_for("inventory.serial_again", told, ("repaired or exchanged label", "the vendor sent it again"))
        uow.record(Change("received again", Area.INVENTORY, "lot", lot.id, detail=", ".join(sorted(again))), reason=because)
    for number in wanted:
        if number in again:
            again[number].lot_id, again[number].receipt_id = lot.id, receipt_id
        else:
            uow.add(Serial(item_id=item.id, number=number, lot_id=lot.id, receipt_id=receipt_id))

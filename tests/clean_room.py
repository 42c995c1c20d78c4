"""Builders of the clean room for tests: a signed vancomycin, a stocked shelf, and batches brought to each step by the services."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from infusiondesk.catalog import queries as catalog
from infusiondesk.catalog import service as catalog_service
from infusiondesk.catalog.rules import RowKind
from infusiondesk.compounding import queries, service
from infusiondesk.compounding.exchange import reviewed_limits
from infusiondesk.compounding.queries import WholeBatch
from infusiondesk.compounding.rules import FinishDraft, PlanDraft, StartDraft, VolumeProof
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.inventory import queries as inventory
from infusiondesk.inventory import service as shelf
from infusiondesk.inventory.rules import ArrivalDraft, ItemDraft, ReceiptDraft
from infusiondesk.patients.queries import patient_board
from tests.beginnings import START, after
from tests.pharmacy import SECOND_PHARMACIST, Pharmacy
from tests.story import COMPARED, a_patient, a_verified_order, the_catalog

TECH, RPH = Role.TECHNICIAN, Role.PHARMACIST
VANCOMYCIN = {
    "dose_amount": Decimal(1250), "dose_unit": "mg", "interval_hours": Decimal(12), "infusion_minutes": Decimal(90),
    "volume_ml": Decimal(250),
}  # fmt: skip
LOTS = {
    "vancomycin 500 mg vial": "VX2209",
    "sterile water for injection 20 mL vial": "4F1187",
    "0.9% sodium chloride 250 mL bag": "Y448120",
}
SIGNED = {*LOTS, "0.9% sodium chloride 100 mL bag"}
NAMES = ("Alder", "Birch", "Cedar", "Douglas")
LEAK = {"compounding.yield": "leak"}


@after(the_catalog)
def a_stocked_clean_room(pharmacy: Pharmacy) -> None:
    """The catalog with vancomycin signed, and a shelf with lots of everything that its batches take."""
    sign_vancomycin(pharmacy)
    for label, lot in LOTS.items():
        receive(pharmacy, label, lot)


def sign_vancomycin(pharmacy: Pharmacy) -> None:
    """The pharmacist in charge signs every row that these batches rest on."""
    drug = next(row for row in pharmacy.ask(catalog.drugs) if row.ingredient == "vancomycin")
    kinds = {
        RowKind.DRUG: catalog.seen([drug]),
        RowKind.PRODUCT: catalog.seen(row for row in pharmacy.ask(catalog.products) if row.label in SIGNED),
        RowKind.STABILITY: catalog.seen(row for row in pharmacy.ask(catalog.stability_of, drug_id=drug.id) if row.missing is None),
    }
    for kind, seen in kinds.items():
        pharmacy.do(catalog_service.sign_rows, by=Role.PHARMACIST_IN_CHARGE, kind=kind, seen=seen, reasons=COMPARED)


def product(pharmacy: Pharmacy, label: str) -> UUID:
    return next(row.id for row in pharmacy.ask(catalog.products) if row.label == label)


def receive(pharmacy: Pharmacy, label: str, lot: str, quantity: int = 100, expires: str = "2027-08") -> UUID:
    known = next((item for item in pharmacy.ask(inventory.items) if item.name == label), None)
    item_id = known.id if known else None
    if item_id is None:
        item_id = pharmacy.do(shelf.stock_item, by=TECH, draft=ItemDraft(product(pharmacy, label), label))
    document = ReceiptDraft(
        "ZZTEST Wholesale", f"INV {lot}", has_transaction=True, order_form="26ZZ00001", supplier_dea="RZ1234563"
    )
    receipt_id = pharmacy.do(shelf.begin_receipt, by=TECH, draft=document)
    draft = ArrivalDraft(item_id, lot, expires, Decimal(quantity))
    return pharmacy.do(shelf.receive_lot, by=TECH, receipt_id=receipt_id, draft=draft)


def an_order_of_vancomycin(pharmacy: Pharmacy, **more: Any) -> UUID:
    last_name = f"ZZTEST {NAMES[len(pharmacy.ask(patient_board))]}"
    return a_verified_order(pharmacy, a_patient(pharmacy, last_name=last_name), "vancomycin", **{**VANCOMYCIN, **more})


def a_plan(pharmacy: Pharmacy, version_id: UUID, **more: Any) -> PlanDraft:
    drug, fluid, diluent = (product(pharmacy, label) for label in LOTS)
    plan = PlanDraft(version_id, 4, datetime(2026, 3, 2, 20, 0, tzinfo=UTC), drug, fluid, diluent)
    return replace(plan, **more)


def planned(pharmacy: Pharmacy, **more: Any) -> UUID:
    version_id = an_order_of_vancomycin(pharmacy)
    return pharmacy.do(service.plan_batch, by=TECH, draft=a_plan(pharmacy, version_id, **more))


def whole(pharmacy: Pharmacy, batch_id: UUID) -> WholeBatch:
    return pharmacy.ask(queries.batch_of, batch_id=batch_id, limits=reviewed_limits())


def approve(pharmacy: Pharmacy, batch_id: UUID) -> None:
    pharmacy.do(service.approve_worksheet, by=RPH, batch_id=batch_id, seen=whole(pharmacy, batch_id).worksheet_code)


def take(pharmacy: Pharmacy, batch_id: UUID, lot: str, **more: Any) -> str:
    return pharmacy.do(service.take_ingredient, by=TECH, batch_id=batch_id, text=lot, **{"was_typed": False, **more})


def taken(pharmacy: Pharmacy, **more: Any) -> UUID:
    batch_id = planned(pharmacy, **more)
    approve(pharmacy, batch_id)
    for lot in LOTS.values():
        take(pharmacy, batch_id, lot)
    return batch_id


def started(pharmacy: Pharmacy, **more: Any) -> UUID:
    batch_id = taken(pharmacy, **more)
    pharmacy.do(service.start_batch, by=TECH, batch_id=batch_id, draft=StartDraft("PEC-2", is_clear=True))
    return batch_id


def compounded(pharmacy: Pharmacy, good: int = 4, by: Any = TECH, **more: Any) -> UUID:
    batch_id = started(pharmacy, **more)
    pharmacy.clock.advance(minutes=50)
    finish(pharmacy, batch_id, good, by)
    return batch_id


def finish(pharmacy: Pharmacy, batch_id: UUID, good: int = 4, by: Any = TECH) -> None:
    pharmacy.do(service.check_volumes, by=RPH, batch_id=batch_id, proof=VolumeProof.PULL_BACK)
    draft = FinishDraft(good, looks_right=True)
    pharmacy.do(service.finish_batch, by=by, batch_id=batch_id, reasons=LEAK, draft=draft)


def labelled(pharmacy: Pharmacy, **more: Any) -> UUID:
    batch_id = compounded(pharmacy, **more)
    good = whole(pharmacy, batch_id).good_bags
    pharmacy.do(service.label_batch, by=TECH, batch_id=batch_id, labels=good)
    return batch_id


def released(pharmacy: Pharmacy, **more: Any) -> UUID:
    batch_id = labelled(pharmacy, **more)
    pharmacy.do(service.release_batch, by=SECOND_PHARMACIST, batch_id=batch_id)
    return batch_id


@after(a_stocked_clean_room)
def a_planned_batch(pharmacy: Pharmacy) -> None:
    """A batch of four bags that waits for the pharmacist."""
    planned(pharmacy)


@after(a_planned_batch)
def an_approved_batch(pharmacy: Pharmacy) -> None:
    """A batch whose worksheet is approved; nothing is taken from the shelf yet."""
    approve(pharmacy, the_batch(pharmacy))


@after(an_approved_batch)
def a_taken_batch(pharmacy: Pharmacy) -> None:
    """A batch with everything it takes."""
    for lot in LOTS.values():
        take(pharmacy, the_batch(pharmacy), lot)


@after(a_taken_batch)
def a_started_batch(pharmacy: Pharmacy) -> None:
    """A batch in the hood."""
    pharmacy.do(service.start_batch, by=TECH, batch_id=the_batch(pharmacy), draft=StartDraft("PEC-2", is_clear=True))


@after(a_stocked_clean_room)
def a_labelled_batch(pharmacy: Pharmacy) -> None:
    """A batch of four good bags that waits for its release, begun half an hour ago."""
    pharmacy.clock.set(START - timedelta(minutes=30))
    batch_id = started(pharmacy)
    pharmacy.clock.set(START)
    finish(pharmacy, batch_id)
    pharmacy.do(service.label_batch, by=TECH, batch_id=batch_id, labels=4)


@after(a_labelled_batch)
def a_released_batch(pharmacy: Pharmacy) -> None:
    """Four bags that may be sent."""
    pharmacy.do(service.release_batch, by=SECOND_PHARMACIST, batch_id=the_batch(pharmacy))


def the_batch(pharmacy: Pharmacy) -> UUID:
    """The one batch of a beginning with a batch."""
    (row,) = pharmacy.ask(queries.batches)
    return row.id

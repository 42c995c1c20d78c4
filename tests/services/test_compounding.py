"""A batch from its verified order to released bags, on both databases: every step, and every way in which it is stopped."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from infusiondesk.catalog import queries as catalog
from infusiondesk.catalog import service as catalog_service
from infusiondesk.catalog.rules import RowKind, StabilityDraft
from infusiondesk.compounding import queries, service
from infusiondesk.compounding.documents import draw_bag_labels, draw_compounding_record
from infusiondesk.compounding.exchange import reviewed_limits
from infusiondesk.compounding.records import Batch
from infusiondesk.compounding.rules import BatchState, FinishDraft, StartDraft, VolumeProof
from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.store.records import Signature
from infusiondesk.inventory import queries as inventory
from infusiondesk.inventory import service as shelf
from infusiondesk.orders import service as orders
from tests.beginnings import Recipe
from tests.clean_room import (
    LOTS,
    RPH,
    TECH,
    VANCOMYCIN,
    a_labelled_batch,
    a_plan,
    a_planned_batch,
    a_started_batch,
    a_stocked_clean_room,
    a_taken_batch,
    an_approved_batch,
    an_order_of_vancomycin,
    approve,
    compounded,
    labelled,
    planned,
    product,
    receive,
    take,
    the_batch,
    whole,
)
from tests.pharmacy import SECOND_PHARMACIST, Pharmacy
from tests.story import a_patient, a_verified_order, an_order, order_of, the_catalog


@pytest.fixture
def begins_with() -> Recipe:
    return a_stocked_clean_room


def test_a_planned_batch_shows_every_figure_with_its_reason_before_anybody_approves(pharmacy: Pharmacy) -> None:
    batch_id = planned(pharmacy)
    seen = whole(pharmacy, batch_id)

    assert seen.row.number == "B-2603-0001"
    assert seen.row.state is BatchState.PLANNED
    assert seen.worksheet.name == "vancomycin 1,250 mg in 0.9% sodium chloride 250 mL"
    assert seen.worksheet.missing == ()
    assert [(part.part.name, part.part.needed, part.part.unit) for part in seen.parts] == [
        ("vancomycin 500 mg vial", "10", "vial"),
        ("sterile water for injection 20 mL vial", "5", "vial"),
        ("0.9% sodium chloride 250 mL bag", "4", "bag"),
    ]
    assert [held.value for held in seen.worksheet.holds] == ["1,250 mg", "225 mL", "250 mL", "5 mg/mL"]
    assert all(figure.because for figure in seen.worksheet.figures)
    assert seen.beyond_use.is_preview
    assert seen.beyond_use.limits[0].title == "Category 2 limit, 10 days"
    assert seen.beyond_use.at == datetime(2026, 3, 12, 13, 0, tzinfo=UTC)  # 08:00 on the wall, after the clock change
    assert pharmacy.areas[-1] == {Area.COMPOUNDING}


def test_only_a_verified_order_in_force_is_planned_and_only_once(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    entered = an_order(pharmacy, patient_id, "vancomycin", **VANCOMYCIN)
    with pytest.raises(Refused, match="not verified by a pharmacist"):
        pharmacy.do(service.plan_batch, by=TECH, draft=a_plan(pharmacy, entered))

    version_id = a_verified_order(pharmacy, patient_id, "vancomycin", **VANCOMYCIN)
    assert [row.id for row in pharmacy.ask(queries.orders_to_compound)] == [version_id]
    pharmacy.do(service.plan_batch, by=TECH, draft=a_plan(pharmacy, version_id))
    assert pharmacy.ask(queries.orders_to_compound) == []
    with pytest.raises(Refused, match="B-2603-0001 is open for Rx"):
        pharmacy.do(service.plan_batch, by=TECH, draft=a_plan(pharmacy, version_id))


def test_the_choices_propose_the_fluid_of_the_vial_and_the_bag_of_the_order(file_pharmacy: Pharmacy) -> None:
    choices = file_pharmacy.ask(queries.plan_choices, order_version_id=an_order_of_vancomycin(file_pharmacy))

    assert choices.diluents[0].words == "0.9% sodium chloride 250 mL bag"
    assert {fluid.words for fluid in choices.fluids} >= {"sterile water for injection 20 mL vial"}
    assert choices.products[0].words == "vancomycin 500 mg vial"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"category": "2", "facility": "sca"},
            "Category 2 needs a cleanroom suite; in a segregated compounding area only Category 1",
        ),
        ({"category": "1", "storage": "freezer"}, "Category 1 has no limit for the freezer."),
    ],
)
def test_a_worksheet_that_gives_no_date_is_not_approved(file_pharmacy: Pharmacy, change: dict[str, str], sentence: str) -> None:
    batch_id = planned(file_pharmacy, **change)

    assert whole(file_pharmacy, batch_id).beyond_use.at is None
    with pytest.raises(Refused, match=sentence):
        approve(file_pharmacy, batch_id)


@pytest.mark.parametrize("begins_with", [the_catalog])
def test_an_unsigned_stability_row_gives_no_date_and_says_so(file_pharmacy: Pharmacy, begins_with: Recipe) -> None:
    batch_id = planned(file_pharmacy)
    seen = whole(file_pharmacy, batch_id)

    assert seen.beyond_use.at is None
    assert "is not signed by the pharmacist in charge: no beyond-use date." in seen.beyond_use.sentence
    assert seen.worksheet.hours is None
    assert any("vancomycin 500 mg vial is unsigned in the catalog" in sentence for sentence in seen.worksheet.missing)
    with pytest.raises(Refused, match="not signed by the pharmacist in charge"):
        approve(file_pharmacy, batch_id)


def test_what_does_not_add_up_is_told_on_the_worksheet(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    small = product(pharmacy, "0.9% sodium chloride 100 mL bag")
    assert "another size" in whole(pharmacy, planned(pharmacy, diluent_id=small)).worksheet.missing[0]
    version_id = an_order_of_vancomycin(pharmacy, dose_unit="mcg/kg/min")
    batch_id = pharmacy.do(service.plan_batch, by=TECH, draft=a_plan(pharmacy, version_id))
    assert whole(pharmacy, batch_id).worksheet.missing == ("A worksheet cannot be worked out in mcg/kg/min.",)
    ceftriaxone = product(pharmacy, "cefTRIAXone 1 g vial")
    wrong = pharmacy.do(
        service.plan_batch, by=TECH, draft=a_plan(pharmacy, an_order_of_vancomycin(pharmacy), product_id=ceftriaxone)
    )
    assert whole(pharmacy, wrong).worksheet.missing == ("cefTRIAXone 1 g vial is not vancomycin.",)


def test_an_elastomeric_is_filled_up_and_a_vial_without_a_fluid_is_not_approved(file_pharmacy: Pharmacy) -> None:
    version_id = an_order_of_vancomycin(file_pharmacy, container="elastomeric")
    seen = whole(
        file_pharmacy, file_pharmacy.do(service.plan_batch, by=TECH, draft=a_plan(file_pharmacy, version_id, fluid_id=None))
    )

    assert [(part.part.key, part.part.needed) for part in seen.parts] == [("drug", "10"), ("diluent", "4")]
    assert seen.worksheet.steps[1] == "Fill each elastomeric with 225 mL 0.9% sodium chloride."
    assert "Choose the sterile water for injection for reconstitution." in seen.worksheet.missing


@pytest.mark.parametrize("begins_with", [a_planned_batch])
def test_a_worksheet_is_approved_as_it_was_seen_by_a_pharmacist_only(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    batch_id = the_batch(pharmacy)
    code = whole(pharmacy, batch_id).worksheet_code
    with pytest.raises(Refused, match="To approve a worksheet you need to be"):
        pharmacy.do(service.approve_worksheet, by=TECH, batch_id=batch_id, seen=code)
    with pytest.raises(Refused, match="changed since you looked"):
        pharmacy.do(service.approve_worksheet, by=RPH, batch_id=batch_id, seen="another")

    pharmacy.do(service.approve_worksheet, by=RPH, batch_id=batch_id, seen=code)
    seen = whole(pharmacy, batch_id)
    assert seen.row.state is BatchState.WORKSHEET_APPROVED
    assert [(name.name, name.holds) for name in seen.approvals] == [("ZZTEST Pharmacist", True)]
    with pytest.raises(Refused, match="B-2603-0001 is worksheet approved"):
        approve(pharmacy, batch_id)


@pytest.mark.parametrize("begins_with", [a_planned_batch])
def test_lots_are_taken_from_the_shelf_and_go_back_before_the_start(pharmacy: Pharmacy) -> None:
    batch_id = the_batch(pharmacy)
    with pytest.raises(Refused, match=r"B-2603-0001 is planned: From here: approve worksheet"):
        take(pharmacy, batch_id, "VX2209")
    approve(pharmacy, batch_id)

    assert take(pharmacy, batch_id, "VX2209") == "vancomycin 500 mg vial, lot VX2209, 10 of 10"
    lot = pharmacy.ask(inventory.lot_by_scan, text="VX2209").lot
    assert lot is not None and lot.on_hand == 90
    assert pharmacy.ask(inventory.used_for, lot_id=lot.id) == [("batch", batch_id)]
    with pytest.raises(Refused, match="vancomycin 500 mg vial is complete: 10 vials"):
        take(pharmacy, batch_id, "VX2209")

    (entry,) = whole(pharmacy, batch_id).parts[0].entries
    pharmacy.do(service.take_out_ingredient, by=TECH, ingredient_id=entry.id)
    lot = pharmacy.ask(inventory.lot_by_scan, text="VX2209").lot
    assert lot is not None and lot.on_hand == 100
    assert whole(pharmacy, batch_id).parts[0].entries == ()


@pytest.mark.parametrize("begins_with", [an_approved_batch])
def test_what_does_not_belong_in_the_batch_stops_with_its_reason(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    receive(pharmacy, "0.9% sodium chloride 100 mL bag", "OTHER")
    receive(pharmacy, "vancomycin 500 mg vial", "FEW", quantity=3)
    receive(pharmacy, "vancomycin 500 mg vial", "OLD", expires="2026-03-03")
    doubted = receive(pharmacy, "vancomycin 500 mg vial", "DOUBT")
    pharmacy.do(shelf.quarantine_lot, by=RPH, lot_id=doubted, reasons={"inventory.quarantine": "recall"})
    batch_id = the_batch(pharmacy)
    pharmacy.clock.advance(days=2)

    for lot, sentence in (
        ("OTHER", "0.9% sodium chloride 100 mL bag is not in this batch. Set it aside."),
        ("NOWHERE", "No lot NOWHERE is on file."),
        ("FEW", "Lot FEW has 3 vials on hand, not 10 vials."),
        ("OLD", "Lot OLD expired on 3 Mar 2026. Set it aside."),
        ("DOUBT", "in quarantine"),
    ):
        with pytest.raises(Refused, match=sentence):
            take(pharmacy, batch_id, lot)
    assert take(pharmacy, batch_id, "FEW", quantity=Decimal(3)).endswith("3 of 10")
    with pytest.raises(Refused, match="Only 7 vials of vancomycin 500 mg vial are still needed"):
        take(pharmacy, batch_id, "VX2209", quantity=Decimal(8))


@pytest.mark.parametrize("begins_with", [an_approved_batch])
def test_a_typed_lot_names_who_compared_the_label(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    batch_id = the_batch(pharmacy)

    with pytest.raises(NeedsReason, match="Who compared it with the label") as asked:
        take(pharmacy, batch_id, "vx2209", was_typed=True)
    assert "ZZTEST Pharmacist" in asked.value.choices
    assert "ZZTEST Technician" not in asked.value.choices
    for nobody in ("somebody", "ZZTEST Technician", "ZZTEST Biller"):
        with pytest.raises(Refused, match="is not another technician or pharmacist"):
            take(pharmacy, batch_id, "vx2209", was_typed=True, reasons={"compounding.compared": nobody})
    take(pharmacy, batch_id, "vx2209", was_typed=True, reasons={"compounding.compared": "ZZTEST Pharmacist"})
    (entry,) = whole(pharmacy, batch_id).parts[0].entries
    assert entry.text() == "typed, compared by ZZTEST Pharmacist"


@pytest.mark.parametrize("begins_with", [an_approved_batch])
def test_the_start_waits_for_every_ingredient_and_for_the_attestation(file_pharmacy: Pharmacy) -> None:
    batch_id = the_batch(file_pharmacy)
    take(file_pharmacy, batch_id, "VX2209")

    for draft, sentence in (
        (StartDraft("", is_clear=True), "Enter the hood."),
        (StartDraft("PEC-2"), "Look at all of it first"),
        (StartDraft("PEC-2", is_clear=True), "5 vials of sterile water for injection 20 mL vial are still missing."),
    ):
        with pytest.raises(Refused, match=sentence):
            file_pharmacy.do(service.start_batch, by=TECH, batch_id=batch_id, draft=draft)


@pytest.mark.parametrize("begins_with", [an_approved_batch])
def test_an_ingredient_that_expired_since_it_was_taken_stops_the_start(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    receive(pharmacy, "vancomycin 500 mg vial", "SOON", expires="2026-03-03")
    batch_id = the_batch(pharmacy)
    for lot in ("SOON", "4F1187", "Y448120"):
        take(pharmacy, batch_id, lot)
    assert whole(pharmacy, batch_id).beyond_use.limits[0].kind == "component_expiry"

    pharmacy.clock.advance(days=2)
    with pytest.raises(Refused, match="lot SOON expired on 2026-03-03"):
        pharmacy.do(service.start_batch, by=TECH, batch_id=batch_id, draft=StartDraft("PEC-2", is_clear=True))


@pytest.mark.parametrize("begins_with", [a_taken_batch])
def test_a_stability_row_that_changed_after_the_approval_stops_the_start(file_pharmacy: Pharmacy) -> None:
    batch_id = the_batch(file_pharmacy)
    row_id = UUID(whole(file_pharmacy, batch_id).worksheet.stability_id)
    draft = file_pharmacy.ask(catalog.draft_of, kind=RowKind.STABILITY, row_id=row_id)
    assert isinstance(draft, StabilityDraft)
    changed = {"catalog.correct": "new label", "catalog.changed": "new label"}
    file_pharmacy.do(
        catalog_service.correct_stability, by=RPH, row_id=row_id, draft=replace(draft, hours=Decimal(24)), reasons=changed
    )

    with pytest.raises(Refused, match="changed after the approval"):
        file_pharmacy.do(service.start_batch, by=TECH, batch_id=batch_id, draft=StartDraft("PEC-2", is_clear=True))


@pytest.mark.parametrize("begins_with", [a_labelled_batch])
def test_an_order_that_is_held_or_changed_stops_the_batch(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    batch_id = the_batch(pharmacy)
    order_id = order_of(pharmacy, whole(pharmacy, batch_id).order.id)
    why = {"orders.held": "laboratory result"}
    pharmacy.do(orders.hold_order, by=RPH, order_id=order_id, effective_on=date(2026, 3, 2), reasons=why)

    with pytest.raises(Refused, match="is held; nothing is made of it"):
        pharmacy.do(service.release_batch, by=SECOND_PHARMACIST, batch_id=batch_id)


@pytest.mark.parametrize("begins_with", [a_started_batch])
def test_the_volumes_are_confirmed_by_another_person_with_a_proof(file_pharmacy: Pharmacy) -> None:
    batch_id = the_batch(file_pharmacy)
    with pytest.raises(Refused, match="Say how the volumes were seen"):
        file_pharmacy.do(service.check_volumes, by=RPH, batch_id=batch_id, proof="trust")
    both = replace(file_pharmacy.people[TECH], roles=frozenset({TECH, RPH}))
    with pytest.raises(Refused, match="ZZTEST Technician makes this batch; another person confirms the volumes"):
        file_pharmacy.do(service.check_volumes, by=both, batch_id=batch_id, proof=VolumeProof.PHOTOGRAPH)
    with pytest.raises(Refused, match="B-2603-0001 is compounding"):
        file_pharmacy.do(service.finish_batch, by=TECH, batch_id=batch_id, draft=FinishDraft(4, looks_right=True))


def test_the_beyond_use_date_is_set_from_the_real_start_and_the_lots(file_pharmacy: Pharmacy) -> None:
    batch_id = compounded(file_pharmacy)
    seen = whole(file_pharmacy, batch_id)

    assert seen.started_at == datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
    assert seen.beyond_use.at == datetime(2026, 3, 12, 13, 0, tzinfo=UTC)
    assert not seen.beyond_use.is_preview
    assert [limit.kind for limit in seen.beyond_use.limits if limit.wins] == ["category"]
    assert {limit.kind for limit in seen.beyond_use.limits} == {"category", "stability", "component_expiry"}
    assert [(name.meaning, name.name, name.holds) for name in seen.names] == [("compounded", "ZZTEST Technician", True)]
    with pytest.raises(Refused, match="has already signed"):
        file_pharmacy.do(service.finish_batch, by=TECH, batch_id=batch_id, draft=FinishDraft(4, looks_right=True))


@pytest.mark.parametrize(
    ("draft", "sentence"),
    [
        (FinishDraft(0, looks_right=True), "Count the good bags"),
        (FinishDraft(4), "Look at every bag"),
        (FinishDraft(5, looks_right=True), "5 cannot come out of it"),
    ],
)
@pytest.mark.parametrize("begins_with", [a_started_batch])
def test_a_finish_with_a_wrong_count_or_no_look_is_refused(file_pharmacy: Pharmacy, draft: FinishDraft, sentence: str) -> None:
    batch_id = the_batch(file_pharmacy)
    file_pharmacy.do(service.check_volumes, by=RPH, batch_id=batch_id, proof=VolumeProof.PULL_BACK)
    with pytest.raises(Refused, match=sentence):
        file_pharmacy.do(service.finish_batch, by=TECH, batch_id=batch_id, draft=draft)


def test_a_short_yield_is_explained_and_the_labels_match_the_bags(file_pharmacy: Pharmacy) -> None:
    batch_id = compounded(file_pharmacy, good=3)

    assert whole(file_pharmacy, batch_id).yield_reason == "leak"
    with pytest.raises(Refused, match="4 labels on 3 bags: count both again"):
        file_pharmacy.do(service.label_batch, by=TECH, batch_id=batch_id, labels=4)
    file_pharmacy.do(service.label_batch, by=TECH, batch_id=batch_id, labels=3)
    assert whole(file_pharmacy, batch_id).row.state is BatchState.LABELLED


@pytest.mark.parametrize("begins_with", [a_started_batch])
def test_labels_wait_for_the_compounders_name(file_pharmacy: Pharmacy) -> None:
    batch_id = the_batch(file_pharmacy)
    file_pharmacy.do(service.check_volumes, by=RPH, batch_id=batch_id, proof=VolumeProof.PULL_BACK)
    with pytest.raises(Refused, match="sign the batch first"):
        file_pharmacy.do(service.label_batch, by=TECH, batch_id=batch_id, labels=4)
    with pytest.raises(Refused, match="no label before it is signed as compounded"):
        file_pharmacy.ask(service.label_facts, batch_id=batch_id)


def test_another_pharmacist_releases_and_the_bags_exist(pharmacy: Pharmacy) -> None:
    batch_id = labelled(pharmacy, good=3)
    seen = whole(pharmacy, batch_id)
    assert pharmacy.ask(queries.released_bags, patient_id=seen.row.patient_id) == []

    pharmacy.do(service.release_batch, by=SECOND_PHARMACIST, batch_id=batch_id)

    bags = pharmacy.ask(queries.released_bags, patient_id=seen.row.patient_id)
    assert [bag.barcode for bag in bags] == ["B-2603-0001-01", "B-2603-0001-02", "B-2603-0001-03"]
    assert [(bag.number, bag.of, bag.batch_state) for bag in bags[:1]] == [(1, 3, BatchState.RELEASED)]
    assert {lot.lot_number for lot in bags[0].lots} == set(LOTS.values())
    assert bags[0].beyond_use_at == seen.beyond_use.at
    assert pharmacy.ask(queries.bag_of, barcode=" b-2603-0001-03 ") == bags[2]
    assert pharmacy.ask(queries.bag_of, barcode="B-2603-0001-04") is None
    names = whole(pharmacy, batch_id).names
    assert [(name.meaning, name.holds) for name in names] == [("compounded", True), ("verified and released", True)]
    assert names[0].code == names[1].code
    assert pharmacy.ask(queries.orders_to_compound)[0].because.startswith("Last B-2603-0001, 4 bags, use by")


@pytest.mark.parametrize("begins_with", [a_labelled_batch])
def test_who_made_a_batch_cannot_release_it(file_pharmacy: Pharmacy) -> None:
    batch_id = the_batch(file_pharmacy)
    both = replace(file_pharmacy.people[TECH], roles=frozenset({TECH, RPH}))

    with pytest.raises(Refused) as refused:
        file_pharmacy.do(service.release_batch, by=both, batch_id=batch_id)
    assert refused.value.sentence == "ZZTEST Technician made this batch; another pharmacist releases it."
    with pytest.raises(Refused, match="To release a batch you need to be"):
        file_pharmacy.do(service.release_batch, by=TECH, batch_id=batch_id)


@pytest.mark.parametrize("begins_with", [a_labelled_batch])
def test_a_batch_that_is_not_what_was_signed_is_not_released(file_pharmacy: Pharmacy) -> None:
    batch_id = the_batch(file_pharmacy)

    def slip(uow: Any) -> None:
        uow.session.get_one(Batch, batch_id).good_bags = 2

    file_pharmacy.store.write(file_pharmacy.people[TECH], slip, {})
    assert [name.holds for name in whole(file_pharmacy, batch_id).names] == [False]
    with pytest.raises(Refused, match="is not what ZZTEST Technician signed as compounded"):
        file_pharmacy.do(service.release_batch, by=SECOND_PHARMACIST, batch_id=batch_id)


@pytest.mark.parametrize("begins_with", [a_labelled_batch])
def test_a_batch_past_its_beyond_use_date_is_not_released(file_pharmacy: Pharmacy) -> None:
    batch_id = the_batch(file_pharmacy)
    file_pharmacy.clock.advance(days=10)
    with pytest.raises(Refused, match="beyond-use date of B-2603-0001 has passed"):
        file_pharmacy.do(service.release_batch, by=SECOND_PHARMACIST, batch_id=batch_id)


@pytest.mark.parametrize("begins_with", [a_labelled_batch])
def test_a_released_batch_is_fixed(pharmacy: Pharmacy) -> None:
    batch_id = the_batch(pharmacy)
    pharmacy.do(service.release_batch, by=SECOND_PHARMACIST, batch_id=batch_id)

    def change(uow: Any) -> None:
        uow.session.get_one(Batch, batch_id).good_bags = 2

    with pytest.raises(Refused, match=r"store refused this|is signed and cannot be changed"):
        pharmacy.store.write(pharmacy.people[TECH], change, {})
    with pytest.raises(Refused, match="B-2603-0001 is released"):
        pharmacy.do(service.reject_batch, by=RPH, batch_id=batch_id)


@pytest.mark.parametrize("begins_with", [a_taken_batch])
def test_a_batch_rejected_before_the_start_gives_its_lots_back(pharmacy: Pharmacy) -> None:
    batch_id = the_batch(pharmacy)
    with pytest.raises(NeedsReason, match="Why is B-2603-0001 rejected"):
        pharmacy.do(service.reject_batch, by=RPH, batch_id=batch_id)
    pharmacy.do(service.reject_batch, by=RPH, batch_id=batch_id, reasons={"compounding.reject": "order changed"})

    seen = whole(pharmacy, batch_id)
    assert (seen.row.state, seen.events[-1].reason) == (BatchState.REJECTED, "order changed")
    lot = pharmacy.ask(inventory.lot_by_scan, text="VX2209").lot
    assert lot is not None and lot.on_hand == 100
    assert [row.state for row in pharmacy.ask(queries.batches)] == [BatchState.REJECTED]
    pharmacy.clock.advance(days=4)
    assert pharmacy.ask(queries.batches) == []
    assert len(pharmacy.ask(queries.batches, whole_past=True)) == 1


@pytest.mark.parametrize("begins_with", [a_labelled_batch])
def test_a_batch_can_be_rejected_at_the_last_look_and_its_lots_stay_used(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    batch_id = the_batch(pharmacy)
    pharmacy.do(service.reject_batch, by=SECOND_PHARMACIST, batch_id=batch_id, reasons={"compounding.reject": "particles or color"})

    lot = pharmacy.ask(inventory.lot_by_scan, text="VX2209").lot
    assert lot is not None and lot.on_hand == 90
    assert whole(pharmacy, batch_id).events[-1].detail == "wasted: 4 bags"
    assert pharmacy.ask(queries.released_bags, patient_id=whole(pharmacy, batch_id).row.patient_id) == []


def test_the_board_stands_in_order_of_the_time_and_says_who_is_next(pharmacy: Pharmacy) -> None:
    later = planned(pharmacy, due_at=datetime(2026, 3, 3, 20, 0, tzinfo=UTC))
    sooner = planned(pharmacy, due_at=datetime(2026, 3, 2, 13, 0, tzinfo=UTC))

    board = pharmacy.ask(queries.batches)
    assert [row.id for row in board] == [sooner, later]
    assert [row.is_late for row in board] == [True, False]
    assert board[0].next == "a pharmacist approves the worksheet"
    assert [row.number for row in board] == ["B-2603-0002", "B-2603-0001"]


def test_numbers_begin_anew_with_the_month(pharmacy: Pharmacy) -> None:
    planned(pharmacy)
    pharmacy.clock.set(datetime(2026, 4, 1, 15, 0, tzinfo=UTC))
    batch_id = planned_in_april(pharmacy)
    assert whole(pharmacy, batch_id).row.number == "B-2604-0001"


def planned_in_april(pharmacy: Pharmacy) -> UUID:
    version_id = an_order_of_vancomycin(pharmacy, start_on=date(2026, 4, 1), stop_on=date(2026, 4, 14))
    return pharmacy.do(service.plan_batch, by=TECH, draft=a_plan(pharmacy, version_id))


def test_labels_and_record_print_what_was_signed(file_pharmacy: Pharmacy) -> None:
    batch_id = labelled(file_pharmacy, good=3)
    draft_paper = file_pharmacy.ask(service.record_facts, batch_id=batch_id)
    assert not draft_paper.paper.is_final
    file_pharmacy.do(service.release_batch, by=SECOND_PHARMACIST, batch_id=batch_id)

    labels = file_pharmacy.ask(service.label_facts, batch_id=batch_id)
    assert [(one.number, one.of, one.code) for one in labels.labels][-1] == (3, 3, "B-2603-0001-03")
    assert labels.labels[0].directions == "1,250 mg every 12 hours over 90 minutes"
    assert labels.labels[0].rate == "166.7 mL/h"
    assert draw_bag_labels(labels.labels, labels.printing).startswith(b"%PDF")
    record = file_pharmacy.ask(service.record_facts, batch_id=batch_id)
    assert record.paper.is_final
    assert (record.paper.compounded_by, record.paper.verified_by) == ("ZZTEST Technician", "ZZTEST Second Pharmacist")
    assert {component.lot for component in record.paper.components} == set(LOTS.values())
    assert record.paper.waste == "1 bag: leak"
    assert draw_compounding_record(record.paper, record.printing).startswith(b"%PDF")


def test_a_worksheet_prints_before_anything_is_taken(file_pharmacy: Pharmacy) -> None:
    facts = file_pharmacy.ask(service.record_facts, batch_id=planned(file_pharmacy), limits=reviewed_limits())

    assert {component.lot for component in facts.paper.components} == {""}
    assert facts.paper.beyond_use_at is None
    assert "if it began now, 12 Mar 2026 08:00" in facts.paper.beyond_use_because
    assert draw_compounding_record(facts.paper, facts.printing).startswith(b"%PDF")


@pytest.mark.parametrize("begins_with", [a_labelled_batch])
def test_the_compounder_signs_before_the_release(file_pharmacy: Pharmacy) -> None:
    batch_id = the_batch(file_pharmacy)
    with Session(file_pharmacy.store.engines.reading) as session:
        meanings = list(
            session.scalars(sa.select(Signature.meaning).where(Signature.entity_id == batch_id).order_by(Signature.signed_at))
        )
    assert meanings == ["worksheet approved", "compounded"]

"""Locations, documents, serials, suspect products, counts by two, recalls, reorder; on both databases."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings

from infusiondesk.catalog import queries as catalog
from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.inventory import queries, service
from infusiondesk.inventory.queries import CountLineRow
from infusiondesk.inventory.rules import (
    ArrivalDraft,
    ItemDraft,
    LocationDraft,
    LocationKind,
    MoveDraft,
    ReturnedDraft,
    SuspicionDraft,
)
from infusiondesk.inventory.rules.counts import CountSheetDraft, CountState
from infusiondesk.inventory.rules.recalls import RecallDraft
from tests.beginnings import Recipe
from tests.pharmacy import SECOND_PHARMACIST, Pharmacy
from tests.shelf import HISTORIES, SETS, TECH, WHY, Wish, document, play, received, stocked
from tests.story import the_catalog

PIC = Role.PHARMACIST_IN_CHARGE
ITEM, RECEIPT = UUID(int=1), UUID(int=2)


@pytest.fixture
def begins_with() -> Recipe:
    return the_catalog


def product(pharmacy: Pharmacy, words: str) -> UUID:
    return next(row.id for row in pharmacy.ask(catalog.products) if words in row.label)


def where(pharmacy: Pharmacy, lot_id: UUID) -> dict[str, tuple[D, D]]:
    row = pharmacy.ask(queries.lot_of, lot_id=lot_id)
    assert row is not None
    return {place.location: (place.on_hand, place.in_quarantine) for place in row.places}


def place(pharmacy: Pharmacy, name: str) -> UUID:
    return next(row.id for row in pharmacy.ask(queries.locations) if row.name == name)


def test_a_c2_drug_goes_to_the_vault_and_needs_its_order_form(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    morphine = product(pharmacy, "morphine")
    item_id = stocked(pharmacy, ItemDraft(morphine, "morphine vial"))
    (item,) = pharmacy.ask(queries.items)
    assert (item.controlled, item.kept_in) == ("CII", LocationKind.VAULT)

    with pytest.raises(Refused, match=r"morphine vial is C-II\. Enter the order form") as refused:
        received(pharmacy, item_id)
    assert refused.value.field == "order_form"
    draft = pharmacy.ask(queries.receipt_draft, receipt_id=document(pharmacy))
    pharmacy.do(service.correct_receipt, by=TECH, receipt_id=document(pharmacy), draft=replace(draft, order_form="26AB00017"))
    lot_id = received(pharmacy, item_id)

    assert where(pharmacy, lot_id) == {"Controlled vault": (D(10), D(0))}
    with pytest.raises(Refused, match="is kept in a controlled vault; Room is a room"):
        received(pharmacy, item_id, location_id=place(pharmacy, "Room"))
    with pytest.raises(Refused, match="order form stays"):
        pharmacy.do(service.correct_receipt, by=TECH, receipt_id=document(pharmacy), draft=draft)


def test_a_document_is_received_once_and_its_lines_are_its_movements(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    item_id = stocked(pharmacy)
    receipt_id = document(pharmacy, document_number="INV 7")
    received(pharmacy, item_id, "A")
    received(pharmacy, item_id, "B")

    assert {row.lot_number for row in pharmacy.ask(queries.receipt_lines, receipt_id=receipt_id)} == {"A", "B"}
    with pytest.raises(Refused, match="INV 7 was received on 2 Mar 2026 by ZZTEST Technician"):
        document(pharmacy, document_number="INV 7")


def test_a_serial_that_comes_twice_is_refused_by_name(pharmacy: Pharmacy) -> None:
    item_id = stocked(pharmacy, replace(SETS, gtin="04012345678901"))
    received(pharmacy, item_id, quantity=2, serials=["S1", "S2"])

    with pytest.raises(Refused, match="Serial S2 of transfer set was received already, with ZZTEST Wholesale INV"):
        received(pharmacy, item_id, quantity=2, serials=["S3", "S2"])
    with pytest.raises(Refused, match="Serial S4 was scanned twice"):
        received(pharmacy, item_id, quantity=2, serials=["S4", "S4"])
    with pytest.raises(Refused, match="2 serial numbers for 1"):
        received(pharmacy, item_id, quantity=1, serials=["S5", "S6"])
    code = "(01)04012345678901(17)290112(10)TS-8841(21)S1"
    found = pharmacy.ask(queries.arrival_by_scan, text=code)
    assert (found.contradicts, found.because.startswith("Serial S1 was received already")) == (True, True)

    (lot,) = pharmacy.ask(queries.lots)
    pharmacy.do(service.quarantine_lot, lot_id=lot.id, reasons=WHY)
    pharmacy.do(service.return_to_vendor, lot_id=lot.id, reasons=WHY)
    assert not pharmacy.ask(queries.arrival_by_scan, text=code).contradicts
    with pytest.raises(NeedsReason, match=r"Serial S1 .* It went back to the vendor\. Why is it here again\?"):
        received(pharmacy, item_id, quantity=1, serials=["S1"])
    draft, why = ArrivalDraft(item_id, "TS-8841", "2029-01-12", D(1), serials=["S1"]), {"inventory.serial_again": "repaired"}
    pharmacy.do(service.receive_lot, by=TECH, receipt_id=document(pharmacy), draft=draft, reasons=why)
    assert pharmacy.ask(queries.arrival_by_scan, text=code).contradicts, "it is here now"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("(01)04012345678901(17)260228(10)A", "Expired on 28 Feb 2026. Do not put it on the shelf"),
        ("(01)00304096533016(10)A", "This is filter, another item."),
        ("(01)04012345678918(10)A", "No item is stocked under this code"),
    ],
)
def test_what_a_scan_at_receiving_refuses(file_pharmacy: Pharmacy, text: str, said: str) -> None:
    item_id = stocked(file_pharmacy, replace(SETS, gtin="04012345678901"))
    stocked(file_pharmacy, replace(SETS, name="filter", ndc="0409-6533-01"))

    found = file_pharmacy.ask(queries.arrival_by_scan, text=text, item_id=item_id)

    assert found.because.startswith(said)


def test_units_move_between_locations_and_the_lot_stays_whole(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    lot_id = received(pharmacy, stocked(pharmacy))
    room, cold = place(pharmacy, "Room"), place(pharmacy, "Refrigerator")
    cage = pharmacy.do(service.add_location, draft=LocationDraft("Cage", "room"))
    pharmacy.do(service.move_lot, by=TECH, lot_id=lot_id, draft=MoveDraft(D(4), room, cage))

    assert where(pharmacy, lot_id) == {"Cage": (D(4), D(0)), "Room": (D(6), D(0))}
    with pytest.raises(Refused, match="kept in a room; Refrigerator is a refrigerator"):
        pharmacy.do(service.move_lot, by=TECH, lot_id=lot_id, draft=MoveDraft(D(1), room, cold))
    with pytest.raises(Refused, match="6 sets of lot TS-8841 lie in Room"):
        pharmacy.do(service.move_lot, by=TECH, lot_id=lot_id, draft=MoveDraft(D(7), room, cage))
    with pytest.raises(Refused, match="Stock lies in Cage"):
        pharmacy.do(service.retire_location, location_id=cage)
    with pytest.raises(Refused, match="called Cage already"):
        pharmacy.do(service.rename_location, location_id=room, name="cage")
    taken: dict[str, Any] = {"lot_id": lot_id, "reference_entity": "ticket", "reference_id": ITEM}
    pharmacy.do(service.send_lot, by=TECH, quantity=D(9), **taken)
    assert where(pharmacy, lot_id) == {"Cage": (D(0), D(0)), "Room": (D(1), D(0))}
    pharmacy.do(service.return_unused, by=TECH, quantity=D(9), **taken)
    assert where(pharmacy, lot_id) == {"Cage": (D(4), D(0)), "Room": (D(6), D(0))}
    assert pharmacy.ask(queries.used_for, lot_id=lot_id) == [("ticket", ITEM)]
    assert [(row.by_movements, row.by_holdings) for row in pharmacy.ask(queries.ledger)] == [(D(10), D(10))]


def test_a_suspect_lot_is_cleared_or_stays_until_it_is_destroyed(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    item_id = stocked(pharmacy)
    lot_id = received(pharmacy, item_id)
    with pytest.raises(NeedsReason, match="What makes lot TS-8841 suspect"):
        pharmacy.do(service.suspect_lot, by=TECH, lot_id=lot_id)
    pharmacy.do(service.suspect_lot, by=TECH, lot_id=lot_id, reasons=WHY)
    with pytest.raises(Refused, match=r"is suspect\. End the investigation"):
        pharmacy.do(service.clear_lot, by=PIC, lot_id=lot_id)
    fine = SuspicionDraft("cleared", "the maker confirms every serial")
    pharmacy.do(service.end_investigation, by=PIC, lot_id=lot_id, draft=fine)
    assert where(pharmacy, lot_id) == {"Room": (D(10), D(0))}

    pharmacy.do(service.suspect_lot, by=TECH, lot_id=lot_id, reasons=WHY)
    false = SuspicionDraft("illegitimate", "the maker knows no such lot")
    with pytest.raises(Refused, match="Form FDA 3911"):
        pharmacy.do(service.end_investigation, by=PIC, lot_id=lot_id, draft=false)
    pharmacy.do(service.end_investigation, by=PIC, lot_id=lot_id, draft=replace(false, notified="FDA and maker, today"))
    assert where(pharmacy, lot_id) == {"Room": (D(0), D(10))}
    with pytest.raises(Refused, match="not another technician or pharmacist"):
        pharmacy.do(service.destroy_lot, lot_id=lot_id, reasons={**WHY, "inventory.witness": "ZZTEST Pharmacist"})
    pharmacy.do(service.destroy_lot, lot_id=lot_id, reasons=WHY)
    assert pharmacy.ask(queries.lots) == []
    assert pharmacy.ask(queries.movements_of, lot_id=lot_id)[0].witnessed_by == "ZZTEST Technician"


def lines(pharmacy: Pharmacy) -> dict[str, CountLineRow]:
    return {line.lot_number: line for line in pharmacy.ask(queries.count_sheets)[0].lines}


def test_a_count_is_blind_then_by_another_and_loses_no_pick(pharmacy: Pharmacy) -> None:
    item_id = stocked(pharmacy)
    first, second = received(pharmacy, item_id, "A"), received(pharmacy, item_id, "B")
    sheet_id = pharmacy.do(service.begin_count, by=TECH, draft=CountSheetDraft(place(pharmacy, "Room")))
    assert [(line.expected, line.state) for line in lines(pharmacy).values()] == [(None, CountState.TO_COUNT)] * 2
    with pytest.raises(Refused, match="nothing of this to count in Room"):
        pharmacy.do(service.begin_count, by=TECH, draft=CountSheetDraft(place(pharmacy, "Room")))

    def count(lot: str, found: int, by: str = TECH, **more: Any) -> None:
        pharmacy.do(service.enter_count, by=by, line_id=lines(pharmacy)[lot].id, found=D(found), **more)

    pharmacy.do(service.use_lot, by=TECH, lot_id=first, quantity=D(2), reference_entity="batch", reference_id=ITEM)
    count("A", 7)
    differs = lines(pharmacy)["A"]
    assert (differs.state, differs.first_found, differs.expected) == (CountState.SECOND, None, None)
    assert differs.note == "1 movement since the sheet was begun"
    pharmacy.do(service.use_lot, by=TECH, lot_id=first, quantity=D(3), reference_entity="batch", reference_id=ITEM)
    with pytest.raises(Refused, match="ZZTEST Technician counted first"):
        count("A", 4)
    with pytest.raises(NeedsReason, match="1 set fewer than expected of lot A, counted by two"):
        count("A", 4, SECOND_PHARMACIST)
    count("A", 4, SECOND_PHARMACIST, reasons=WHY)
    assert (where(pharmacy, first)["Room"][0], lines(pharmacy)["A"].state) == (D(4), CountState.ADJUSTED)
    assert (lines(pharmacy)["A"].first_found, lines(pharmacy)["A"].expected) == (D(7), D(5))
    with pytest.raises(NeedsReason, match=r"1 line were not counted\. Why"):
        pharmacy.do(service.end_count, by=TECH, sheet_id=sheet_id)
    count("B", 10)
    assert lines(pharmacy)["B"].state is CountState.AGREED
    assert pharmacy.ask(queries.count_sheet_of, sheet_id=sheet_id).ended_at is not None

    later = CountSheetDraft(place(pharmacy, "Room"), "what was not counted lately", days=1)
    with pytest.raises(Refused, match="nothing of this to count"):
        pharmacy.do(service.begin_count, by=TECH, draft=later)
    pharmacy.clock.advance(days=1)
    again = pharmacy.do(service.begin_count, by=TECH, draft=later)
    pharmacy.do(service.end_count, by=TECH, sheet_id=again, reasons=WHY)
    assert {line.state for line in lines(pharmacy).values()} == {CountState.NOT_COUNTED}
    assert where(pharmacy, second)["Room"][0] == 10


def test_a_difference_waits_on_a_sheet_of_its_own_and_the_rest_is_counted_anew(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    item_id = stocked(pharmacy)
    received(pharmacy, item_id, "A"), received(pharmacy, item_id, "B")
    room = place(pharmacy, "Room")
    sheet_id = pharmacy.do(service.begin_count, by=TECH, draft=CountSheetDraft(room))
    pharmacy.do(service.enter_count, by=TECH, line_id=lines(pharmacy)["A"].id, found=D(7))
    with pytest.raises(NeedsReason, match=r"1 line were not counted\. 1 line with a difference go on waiting for a second count"):
        pharmacy.do(service.end_count, by=TECH, sheet_id=sheet_id)
    pharmacy.do(service.end_count, by=TECH, sheet_id=sheet_id, reasons=WHY)

    (waiting,) = [row for row in pharmacy.ask(queries.count_sheets) if row.ended_at is None]
    assert [(line.lot_number, line.state) for line in waiting.lines] == [("A", CountState.SECOND)]
    with pytest.raises(Refused, match="Nothing else is to count here: 1 line with a difference"):
        pharmacy.do(service.end_count, by=TECH, sheet_id=waiting.id, reasons=WHY)
    again = pharmacy.do(service.begin_count, by=TECH, draft=CountSheetDraft(room))
    assert [line.lot_number for line in pharmacy.ask(queries.count_sheet_of, sheet_id=again).lines] == ["B"]
    pharmacy.do(service.enter_count, by=SECOND_PHARMACIST, line_id=waiting.lines[0].id, found=D(10))
    assert pharmacy.ask(queries.count_sheet_of, sheet_id=waiting.id).ended_at is not None


def test_a_recall_by_maker_takes_all_of_it_and_what_arrives_later_is_refused(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    ours = stocked(pharmacy, replace(SETS, maker="ZZTEST Maker"))
    other = stocked(pharmacy, replace(SETS, name="filter", maker="ZZTEST Other"))
    lot_id, fine = received(pharmacy, ours), received(pharmacy, other)
    draft = RecallDraft("everything of a maker", maker="zztest maker", notice="FDA Z-0412", because="may leak")
    recall_id = pharmacy.do(service.open_recall, draft=draft)

    assert (where(pharmacy, lot_id), where(pharmacy, fine)) == ({"Room": (D(0), D(10))}, {"Room": (D(10), D(0))})
    row = pharmacy.ask(queries.stock_recall_of, recall_id=recall_id)
    assert (row.number, row.what, [lot.id for lot in row.lots], row.on_hand) == ("R-2603-01", "zztest maker", [lot_id], 0)
    with pytest.raises(Refused, match=r"is in recall R-2603-01\. It stays in quarantine"):
        pharmacy.do(service.clear_lot, by=PIC, lot_id=lot_id)
    with pytest.raises(Refused, match=r"Lot NEW is in recall R-2603-01\. Do not put it on the shelf"):
        received(pharmacy, ours, "NEW")


def test_what_came_back_is_destroyed_and_no_verb_puts_it_on_the_shelf(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    draft = ReturnedDraft(
        "vancomycin 1,250 mg bag", "B-2603-0001", D(3), "bag", "refused at the door", "incinerated", "ZZTEST Nurse"
    )
    pharmacy.do(service.destroy_returned, by=TECH, draft=draft, reference_entity="ticket", reference_id=ITEM)

    (goods,) = pharmacy.ask(queries.returned_goods, reference_ids=[ITEM])
    assert (goods.quantity, goods.destroyed_by, goods.witnessed_by) == (D(3), "ZZTEST Technician", "ZZTEST Nurse")
    with pytest.raises(Refused, match="another person who saw it"):
        alone = replace(draft, witnessed_by="ZZTEST Technician")
        pharmacy.do(service.destroy_returned, by=TECH, draft=alone, reference_entity="ticket", reference_id=ITEM)
    assert pharmacy.ask(queries.lots) == []


def test_the_reorder_list_says_how_each_number_came_about(pharmacy: Pharmacy) -> None:
    vial = product(pharmacy, "vancomycin 1 g vial")
    item_id = stocked(pharmacy, ItemDraft(vial, "vancomycin 1 g vial", reorder_point=D(5), order_up_to=D(20)))
    lot_id = received(pharmacy, item_id)
    used: dict[str, Any] = {"lot_id": lot_id, "reference_entity": "batch", "reference_id": ITEM}
    pharmacy.do(service.use_lot, by=TECH, quantity=D(3), **used)
    pharmacy.do(service.return_unused, by=TECH, quantity=D(1), **used)

    (row,) = pharmacy.ask(queries.reorder_list, scheduled={})
    assert (row.demand.dispensed, row.demand.per_day, row.wanted.is_due) == (D(2), D("0.1"), False)
    (row,) = pharmacy.ask(queries.reorder_list, scheduled={vial: D(4)})
    assert (row.wanted.is_due, row.wanted.quantity) == (True, D(16))
    assert row.wanted.because == (
        "8 vials available, 4 scheduled: 4 left. 2 dispensed in 28 days: 0.1 a day, what is left lasts 56 days. "
        "At or below the reorder point of 5: order up to 20."
    )
    other = stocked(pharmacy, ItemDraft(vial, "vancomycin 1 g vial, other", reorder_point=D(0), pack_size=D(25)))
    received(pharmacy, other, "LATER", "2030-01", 3)
    rows = {row.item.id: row for row in pharmacy.ask(queries.reorder_list, scheduled={vial: D(10)})}
    assert [(rows[one].demand.scheduled, rows[one].demand.elsewhere) for one in (item_id, other)] == [(D(8), D(2)), (D(2), D(8))]
    rows = {row.item.id: row for row in pharmacy.ask(queries.reorder_list, scheduled={vial: D(11)})}
    assert (rows[other].wanted.quantity, rows[other].wanted.packs) == (D(25), D(1))
    pharmacy.clock.advance(days=29)
    assert {row.demand.dispensed for row in pharmacy.ask(queries.reorder_list, scheduled={})} == {D(0)}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=HISTORIES)
def test_every_unit_is_accounted_for_whatever_happens(file_pharmacy: Pharmacy, history: list[Wish]) -> None:
    known = file_pharmacy.ask(queries.items)
    item_id = known[0].id if known else stocked(file_pharmacy)
    play(file_pharmacy, item_id, document(file_pharmacy), history)

"""Units in doubt stay off the shelf by every way back; a recall finds all of it; a count that has ended takes no more."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any
from uuid import UUID

import pytest

from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.inventory import queries, service
from infusiondesk.inventory.exchange import shipped_temperatures
from infusiondesk.inventory.queries.temperatures import excursion_lots
from infusiondesk.inventory.rules import SuspicionDraft
from infusiondesk.inventory.rules.counts import CountSheetDraft
from infusiondesk.inventory.rules.drafts import ExpiryDraft
from infusiondesk.inventory.rules.recalls import RecallDraft
from infusiondesk.inventory.rules.temperatures import Disposition, DispositionDraft, ReadingDraft
from infusiondesk.inventory.service.temperatures import judge_excursion_lot, note_temperature
from tests.beginnings import Recipe, staff_only
from tests.pharmacy import SECOND_PHARMACIST, Pharmacy
from tests.shelf import SETS, TECH, WHY, received, stocked

PIC = Role.PHARMACIST_IN_CHARGE
FOR: dict[str, Any] = {"reference_entity": "batch", "reference_id": UUID(int=9)}
NOTICE: dict[str, Any] = {"notice": "FDA Z-0412", "because": "may leak"}


@pytest.fixture
def begins_with() -> Recipe:
    return staff_only


def left(pharmacy: Pharmacy, lot_id: UUID) -> tuple[D, D]:
    row = pharmacy.ask(queries.lot_of, lot_id=lot_id)
    assert row is not None
    return row.on_hand, row.in_quarantine


def test_what_comes_back_unused_of_a_recalled_or_suspect_lot_is_set_apart(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    item_id = stocked(pharmacy)
    recalled, suspect = received(pharmacy, item_id, "A"), received(pharmacy, item_id, "B")
    for lot_id in (recalled, suspect):
        pharmacy.do(service.use_lot, by=TECH, lot_id=lot_id, quantity=D(4), **FOR)
    pharmacy.do(service.open_recall, draft=RecallDraft(item_id=item_id, lot_numbers="A", **NOTICE))
    pharmacy.do(service.suspect_lot, by=TECH, lot_id=suspect, reasons=WHY)

    for lot_id in (recalled, suspect):
        pharmacy.do(service.return_unused, by=TECH, lot_id=lot_id, quantity=D(4), **FOR)
        assert left(pharmacy, lot_id) == (D(0), D(10))


def test_a_recalled_lot_that_a_count_finds_is_not_taken(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    item_id = stocked(pharmacy)
    lot_id = received(pharmacy, item_id, "A")
    pharmacy.do(service.open_recall, draft=RecallDraft(item_id=item_id, lot_numbers="A", **NOTICE))
    pharmacy.do(service.count_lot, by=TECH, lot_id=lot_id, found=D(2))
    pharmacy.do(service.count_lot, by=SECOND_PHARMACIST, lot_id=lot_id, found=D(2), reasons=WHY)

    with pytest.raises(Refused, match=r"Lot A is in recall R-2603-01\."):
        pharmacy.do(service.use_lot, by=TECH, lot_id=lot_id, quantity=D(1), **FOR)
    with pytest.raises(Refused, match=r"Lot A is in recall R-2603-01\."):
        pharmacy.do(service.send_lot, by=TECH, lot_id=lot_id, quantity=D(1), **FOR)


def test_an_illegitimate_lot_is_not_cleared_unless_it_is_looked_into_again(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    item_id = stocked(pharmacy)
    lot_id = received(pharmacy, item_id, "A")
    pharmacy.do(service.suspect_lot, by=TECH, lot_id=lot_id, reasons=WHY)
    false = SuspicionDraft("illegitimate", "the maker knows no such lot", "FDA and maker, today")
    pharmacy.do(service.end_investigation, by=PIC, lot_id=lot_id, draft=false)

    with pytest.raises(Refused, match="was found illegitimate"):
        pharmacy.do(service.clear_lot, by=PIC, lot_id=lot_id, reasons=WHY)
    pharmacy.do(service.destroy_lot, by=PIC, lot_id=lot_id, reasons=WHY)
    with pytest.raises(Refused, match="was found illegitimate"):
        received(pharmacy, item_id, "A")


def test_more_of_a_suspect_lot_is_refused_though_none_is_left(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    item_id = stocked(pharmacy)
    lot_id = received(pharmacy, item_id, "A", quantity=3)
    pharmacy.do(service.use_lot, by=TECH, lot_id=lot_id, quantity=D(3), **FOR)
    pharmacy.do(service.suspect_lot, by=TECH, lot_id=lot_id, reasons=WHY)

    with pytest.raises(Refused, match="is suspect"):
        received(pharmacy, item_id, "A")


def test_what_an_excursion_set_apart_waits_for_its_judgement(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    lot_id = received(pharmacy, stocked(pharmacy, replace(SETS, name="cold flush", kept_in="refrigerator")), "A")
    fridge = next(row.id for row in pharmacy.ask(queries.locations) if row.name == "Refrigerator")
    draft = ReadingDraft("C", D(5), highest=D(14))
    pharmacy.do(note_temperature, by=TECH, location_id=fridge, draft=draft)

    with pytest.raises(Refused, match="waits for a judgement after a temperature excursion"):
        pharmacy.do(service.clear_lot, by=PIC, lot_id=lot_id, reasons=WHY)
    pharmacy.do(service.suspect_lot, by=TECH, lot_id=lot_id, reasons=WHY)
    fine = SuspicionDraft("cleared", "the maker confirms every serial")
    pharmacy.do(service.end_investigation, by=PIC, lot_id=lot_id, draft=fine)
    assert left(pharmacy, lot_id) == (D(0), D(10))


def test_a_lot_whose_expiry_was_shortened_is_still_found_by_its_package(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    cold = replace(SETS, name="cold flush", gtin="00304096533016", kept_in="refrigerator")
    received(pharmacy, stocked(pharmacy, cold), "A", "2029-01-12")
    fridge = next(row.id for row in pharmacy.ask(queries.locations) if row.name == "Refrigerator")
    draft = ReadingDraft("C", D(5), highest=D(14))
    pharmacy.do(note_temperature, by=TECH, location_id=fridge, draft=draft)
    (line,) = pharmacy.ask(excursion_lots, shipped=shipped_temperatures())
    shorter = DispositionDraft(Disposition.SHORTEN, "ZZTEST Maker, letter of 2 March: 30 days", date(2026, 4, 1))
    pharmacy.do(judge_excursion_lot, line_id=line.id, draft=shorter)

    found = pharmacy.ask(queries.lot_by_scan, text="(01)00304096533016(17)290112(10)A")
    assert found.lot is not None
    assert (found.lot.expires_on, found.expires_on, found.contradicts) == (date(2026, 4, 1), date(2026, 4, 1), False)
    wrong = pharmacy.ask(queries.lot_by_scan, text="(01)00304096533016(17)260301(10)A")
    assert wrong.contradicts

    pharmacy.do(note_temperature, by=TECH, location_id=fridge, draft=ReadingDraft("C", D(5)))
    received(pharmacy, found.lot.item_id, "A", "2029-01-12", 4)
    told = pharmacy.ask(queries.movements_of, lot_id=found.lot.id)[0]
    assert told.because == "ZZTEST Wholesale; its package says 12 Jan 2029, the lot keeps the shortened 1 Apr 2026"
    assert left(pharmacy, found.lot.id) == (D(14), D(0))


def test_what_arrives_where_it_is_too_warm_stands_in_quarantine_at_once(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    item_id = stocked(pharmacy, replace(SETS, name="cold flush", kept_in="refrigerator"))
    fridge = next(row.id for row in pharmacy.ask(queries.locations) if row.name == "Refrigerator")
    pharmacy.do(note_temperature, by=TECH, location_id=fridge, draft=ReadingDraft("C", D(14)))

    lot_id = received(pharmacy, item_id, "A")
    assert left(pharmacy, lot_id) == (D(0), D(10))
    (line,) = pharmacy.ask(excursion_lots, shipped=shipped_temperatures())
    assert (line.lot_number, line.quantity, line.disposition) == ("A", D(10), None)
    assert pharmacy.ask(queries.movements_of, lot_id=lot_id)[0].because == "received while Refrigerator is out of range"
    pharmacy.do(note_temperature, by=TECH, location_id=fridge, draft=ReadingDraft("C", D(5)))
    assert left(pharmacy, received(pharmacy, item_id, "B")) == (D(10), D(0))


def test_an_expiry_that_was_typed_wrong_is_corrected_with_a_reason(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    item_id = stocked(pharmacy)
    lot_id = received(pharmacy, item_id, "A", "2029-01-12")
    pharmacy.do(service.use_lot, by=TECH, lot_id=lot_id, quantity=D(1), **FOR)
    with pytest.raises(Refused, match=r"with expiry 12 Jan 2029, not 12 Jan 2028"):
        received(pharmacy, item_id, "A", "2028-01-12")

    right: dict[str, Any] = {"lot_id": lot_id, "draft": ExpiryDraft("2028-01-12")}
    with pytest.raises(Refused, match="need to be a pharmacist"):
        pharmacy.do(service.correct_expiry, by=TECH, **right)
    with pytest.raises(NeedsReason, match=r"12 Jan 2029 becomes 12 Jan 2028\. It went into 1 preparation or delivery"):
        pharmacy.do(service.correct_expiry, **right)
    pharmacy.do(service.correct_expiry, reasons={"inventory.expiry": "read again on the package"}, **right)
    assert pharmacy.ask(queries.lots_of, item_id=item_id)[0].expires_on == date(2028, 1, 12)
    with pytest.raises(Refused, match="is on file with this expiry"):
        pharmacy.do(service.correct_expiry, **right)
    received(pharmacy, item_id, "A", "2028-01-12")


def test_a_recall_names_a_lot_whose_number_has_a_space(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    item_id = stocked(pharmacy)
    lot_id = received(pharmacy, item_id, "AB 123")
    pharmacy.do(service.open_recall, draft=RecallDraft(item_id=item_id, lot_numbers="ab 123, XX", **NOTICE))

    assert left(pharmacy, lot_id) == (D(0), D(10))


def test_a_recall_by_maker_knows_him_in_any_letters_and_refuses_one_whom_no_item_names(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    item_id = stocked(pharmacy, replace(SETS, maker="ZZTEST MÜLLER"))
    lot_id = received(pharmacy, item_id, "A")

    with pytest.raises(Refused, match="No item names ZZTEST Mueller") as refused:
        pharmacy.do(service.open_recall, draft=RecallDraft("everything of a maker", maker="ZZTEST Mueller", **NOTICE))
    assert refused.value.field == "maker"
    pharmacy.do(service.open_recall, draft=RecallDraft("everything of a maker", maker="ZZTEST Müller", **NOTICE))
    with pytest.raises(Refused, match="names this item or its maker"):
        pharmacy.do(service.change_item, item_id=item_id, draft=replace(SETS, maker="ZZTEST Other"))
    assert left(pharmacy, lot_id) == (D(0), D(10))


def test_a_count_that_has_ended_takes_no_more(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    received(pharmacy, stocked(pharmacy), "A")
    room = next(row.id for row in pharmacy.ask(queries.locations) if row.name == "Room")
    sheet_id = pharmacy.do(service.begin_count, by=TECH, draft=CountSheetDraft(room))
    (line,) = pharmacy.ask(queries.count_sheet_of, sheet_id=sheet_id).lines
    pharmacy.do(service.end_count, by=TECH, sheet_id=sheet_id, reasons=WHY)

    with pytest.raises(Refused, match="This count has ended"):
        pharmacy.do(service.enter_count, by=TECH, line_id=line.id, found=D(10))

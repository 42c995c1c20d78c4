"""Kits edited and signed, what a ticket proposes of them, what is counted at home, and a delivery without bags."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from infusiondesk.dispensing import queries, service
from infusiondesk.dispensing.exchange import shipped_kits
from infusiondesk.dispensing.rules import BoxDraft, HomeCountDraft, KitLine, KitLineDraft, State, SupplyNeed, Work
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.inventory.queries import find_items, lot_by_scan
from infusiondesk.inventory.rules import ItemDraft
from infusiondesk.patients import service as patients
from infusiondesk.patients.rules.entries import AllergyDraft
from tests.beginnings import Recipe, after
from tests.deliveries import NO_SHIPPER, TECH, confirmed, shipped
from tests.pharmacy import Pharmacy
from tests.services.test_deliveries import bags_of_vancomycin, made, row
from tests.shelf import received, stocked

SETS, MORE_SETS, GLOVES = "GT-1", "GT-2", "NG-1"
BY_PHONE = HomeCountDraft(Decimal(1), "ZZTEST Alder, Paul", "call")


@after(bags_of_vancomycin)
def a_shelf_of_supplies(pharmacy: Pharmacy) -> None:
    """Four bags to send by gravity, two lots of tubing (the first to expire has three), nitrile gloves; two rows are signed."""
    tubing = stocked(pharmacy, ItemDraft(None, "regulated set", unit="set", kind="supply"))
    received(pharmacy, tubing, SETS, "2026-09-30", 3)
    received(pharmacy, tubing, MORE_SETS, "2027-09-30", 20)
    received(pharmacy, stocked(pharmacy, ItemDraft(None, "nitrile gloves", unit="pair", kind="supply")), GLOVES)
    lines = {line.item: line for line in shipped_kits()}
    edit(pharmacy, lines["gravity tubing with flow regulator"], quantity=Decimal(1), item_id=tubing)
    edit(pharmacy, lines["gloves"], quantity=Decimal(1))
    signed(pharmacy, "gravity tubing with flow regulator", "gloves")


@pytest.fixture
def begins_with() -> Recipe:
    return a_shelf_of_supplies


def edit(pharmacy: Pharmacy, line: KitLine, **more: Any) -> None:
    pharmacy.do(service.edit_kit_line, line_id=line.id, draft=replace(KitLineDraft.of(line), **more))


def kit(pharmacy: Pharmacy, item: str) -> KitLine:
    return next(line for line in pharmacy.ask(queries.kits, shipped=shipped_kits()) if line.item == item)


def signed(pharmacy: Pharmacy, *items: str) -> None:
    seen = {line.id: queries.seal_of(line) for line in (kit(pharmacy, item) for item in items)}
    pharmacy.do(service.sign_kit_lines, seen=seen)


def needs(pharmacy: Pharmacy, patient_id: UUID, through: date = date(2026, 3, 4)) -> dict[str, SupplyNeed]:
    found = pharmacy.ask(queries.supplies_needed, patient_id=patient_id, through=through, shipped=shipped_kits())
    return {one.item: one for one in found}


def latex(pharmacy: Pharmacy, patient_id: UUID) -> None:
    pharmacy.do(patients.enter_allergy, by=Role.NURSE, patient_id=patient_id, draft=AllergyDraft("latex", "hives"))


def scan(pharmacy: Pharmacy, ticket_id: UUID, text: str) -> queries.Scanned:
    return pharmacy.do(service.scan_item, by=TECH, ticket_id=ticket_id, text=text)


def close(pharmacy: Pharmacy, ticket_id: UUID) -> None:
    pharmacy.do(service.finish_packing, by=TECH, ticket_id=ticket_id, reasons=NO_SHIPPER)


def test_a_ticket_proposes_what_is_needed_and_the_next_one_knows_what_is_at_home(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id, _ = made(pharmacy)
    latex(pharmacy, patient_id)
    wanted = needs(pharmacy, patient_id)
    tubing = wanted["gravity tubing with flow regulator"]
    assert [tubing.at_home, tubing.needed, tubing.to_send] == [0, 4, 4]
    assert wanted["nitrile gloves"].because == "gloves holds latex; allergy: latex, hives"
    assert wanted["IV pole"].gap == "row of the kit not signed"

    ticket_id = pharmacy.do(service.begin_ticket, by=TECH, patient_id=patient_id)
    begun = row(pharmacy, ticket_id)
    proposed = [(line.mark, line.amount) for line in begun.lines if line.bag is None]
    assert sorted(proposed) == [(SETS, "3 sets"), (MORE_SETS, "1 set"), (GLOVES, "4 pairs")]
    assert begun.still_needed[-1] == "alcohol pads, IV pole, sharps container (row of the kit not signed)"
    for bag in begun.bags:
        scan(pharmacy, ticket_id, bag.barcode)
    assert [scan(pharmacy, ticket_id, code).quantity for code in (GLOVES, SETS)] == [4, 3]
    with pytest.raises(Refused, match="1 item of ticket D-2603-0001 is not scanned yet"):
        close(pharmacy, ticket_id)
    assert scan(pharmacy, ticket_id, MORE_SETS).left == 0
    close(pharmacy, ticket_id)
    confirmed(pharmacy, shipped(pharmacy, ticket_id))

    assert [needs(pharmacy, patient_id)["gravity tubing with flow regulator"].to_send] == [0]
    pharmacy.clock.advance(days=2)  # the 4th at 08:40: three doses were due
    later = needs(pharmacy, patient_id, date(2026, 3, 6))["gravity tubing with flow regulator"]
    assert [later.at_home, later.needed, later.to_send] == [1, 5, 4]
    counted = replace(BY_PHONE, counted_at=pharmacy.clock.now(), quantity=Decimal(3))
    pharmacy.do(service.record_home_count, by=TECH, patient_id=patient_id, item=later.item, item_id=later.item_id, draft=counted)
    after_count = needs(pharmacy, patient_id, date(2026, 3, 6))["gravity tubing with flow regulator"]
    assert [after_count.at_home, after_count.to_send] == [3, 2]
    assert ("Counted", "3 on 4 Mar 2026, ZZTEST Alder, Paul (call)") in after_count.working


def test_a_delivery_without_bags_goes_the_same_way(pharmacy: Pharmacy) -> None:
    patient_id, _ = made(pharmacy)
    draft = BoxDraft(patient_id, "flow regulators broke", date(2026, 3, 3), date(2026, 3, 3))
    ticket_id = pharmacy.do(service.begin_without_bags, by=TECH, draft=draft)
    begun = row(pharmacy, ticket_id)
    assert (begun.deliver_because, begun.bags, begun.left_to_scan) == ("flow regulators broke", (), 1)
    assert [one.words for one in pharmacy.ask(queries.pick_list) if not one.bags] == [
        "2 sets of gravity tubing with flow regulator"
    ]
    assert scan(pharmacy, ticket_id, MORE_SETS).quantity == 2, "another lot of the same item takes the place of the proposed one"
    close(pharmacy, ticket_id)
    confirmed(pharmacy, shipped(pharmacy, ticket_id))
    done = row(pharmacy, ticket_id)
    assert (done.state, done.work, done.proof_gaps) == (State.CONFIRMED, None, ())
    lot = pharmacy.ask(lot_by_scan, text=MORE_SETS).lot
    assert lot is not None
    assert lot.on_hand == 18
    with pytest.raises(Refused, match=r"Nobody delivers on that day: no deliveries on Saturday\."):
        pharmacy.do(service.begin_without_bags, by=TECH, draft=replace(draft, deliver_by=date(2026, 3, 7)))


def test_a_signed_row_that_is_edited_gives_no_number_and_an_allergy_keeps_a_package_out(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id, _ = made(pharmacy)
    (gloves,) = pharmacy.ask(find_items, words="nitrile")
    line = kit(pharmacy, "gloves")
    assert line.signed_by == "ZZTEST Pharmacist"
    with pytest.raises(Refused, match="signed already by ZZTEST Pharmacist"):
        signed(pharmacy, "gloves")
    draft = replace(KitLineDraft.of(line), item="nitrile gloves", item_id=gloves.id, contains=("adhesive",), instead="")
    pharmacy.do(service.edit_kit_line, line_id=line.id, draft=draft, reasons={"dispensing.kit": "maker changed"})
    assert kit(pharmacy, "nitrile gloves").signed_by == ""
    with pytest.raises(Refused, match="was changed after you saw it"):
        pharmacy.do(service.sign_kit_lines, seen={line.id: queries.seal_of(line)})
    with pytest.raises(Refused, match="says no number"):
        signed(pharmacy, "alcohol pads")
    pharmacy.do(patients.enter_allergy, by=Role.NURSE, patient_id=patient_id, draft=AllergyDraft("adhesive tape", "blisters"))
    ticket_id = pharmacy.do(service.begin_ticket, by=TECH, patient_id=patient_id)
    assert row(pharmacy, ticket_id).holds[0].startswith("nitrile gloves holds adhesive; allergy: ")
    with pytest.raises(Refused, match="The kit names nothing instead"):
        scan(pharmacy, ticket_id, GLOVES)
    pharmacy.do(service.retire_kit_line, line_id=line.id, reasons={"dispensing.kit_retired": "not stocked"})
    assert "nitrile gloves" not in needs(pharmacy, patient_id)
    draft = KitLineDraft("cold kit", applies_to="gravity", quantity=Decimal(1), per="once")
    added = pharmacy.do(service.enter_kit_line, draft=draft)
    assert kit(pharmacy, "cold kit").id == added
    future = replace(BY_PHONE, counted_at=pharmacy.clock.now() + timedelta(days=1))
    with pytest.raises(Refused, match="in the future"):
        pharmacy.do(service.record_home_count, by=TECH, patient_id=patient_id, item="cold kit", item_id=None, draft=future)
    assert row(pharmacy, ticket_id).work is Work.PACK

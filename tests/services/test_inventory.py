"""The shelf on both databases: received, taken, counted, put apart, and never less than nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal as D
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from infusiondesk.catalog import queries as catalog
from infusiondesk.catalog import service as catalog_service
from infusiondesk.catalog.rules import RowKind
from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory import queries, service
from infusiondesk.inventory.queries import LotRow
from infusiondesk.inventory.records import Holding
from infusiondesk.inventory.rules import Freshness, ItemDraft, MovementKind
from tests.pharmacy import Pharmacy
from tests.shelf import SETS, TECH, received, stocked

BATCH = UUID(int=99)
WHY = {"inventory.waste": "broken", "inventory.count": "miscounted", "inventory.quarantine": "recall"}


def lot(pharmacy: Pharmacy, lot_id: UUID) -> LotRow:
    row = pharmacy.ask(queries.lot_of, lot_id=lot_id)
    assert row is not None
    return row


def use(pharmacy: Pharmacy, lot_id: UUID, quantity: int, batch: UUID = BATCH) -> None:
    pharmacy.do(service.use_lot, by=TECH, lot_id=lot_id, quantity=D(quantity), reference_entity="batch", reference_id=batch)


def test_a_received_lot_is_on_hand_with_its_movement(pharmacy: Pharmacy) -> None:
    lot_id = received(pharmacy, stocked(pharmacy), "ts-8841", "2029-01")

    row = lot(pharmacy, lot_id)
    assert (row.lot_number, row.expires_on, row.freshness) == ("TS-8841", date(2029, 1, 31), Freshness.GOOD)
    assert row.on_hand == 10
    (movement,) = pharmacy.ask(queries.movements_of, lot_id=lot_id)
    assert (movement.kind, movement.quantity, movement.because) == (MovementKind.RECEIVED, D(10), "ZZTEST Wholesale")
    assert movement.moved_by == "ZZTEST Technician"


def test_more_of_a_known_lot_joins_it_unless_the_expiry_differs(pharmacy: Pharmacy) -> None:
    item_id = stocked(pharmacy)
    first = received(pharmacy, item_id)

    assert received(pharmacy, item_id, quantity=5) == first
    assert lot(pharmacy, first).on_hand == 15
    assert [row.quantity for row in pharmacy.ask(queries.receipts_of_lot, lot_id=first)] == [D(5), D(10)]
    with pytest.raises(Refused, match="on file with expiry 12 Jan 2029, not 13 Jan 2029"):
        received(pharmacy, item_id, expires="2029-01-13")


def test_an_expired_lot_is_refused_in_one_sentence_and_the_last_day_is_not(pharmacy: Pharmacy) -> None:
    item_id = stocked(pharmacy)

    with pytest.raises(Refused) as refused:
        received(pharmacy, item_id, expires="2026-02")
    assert refused.value.sentence == "Lot TS-8841 expired on 28 Feb 2026. Do not put it on the shelf; return it to the vendor."
    assert refused.value.field == "expires"
    assert lot(pharmacy, received(pharmacy, item_id, expires="2026-03-02")).freshness is Freshness.SOON


def test_a_receipt_with_a_problem_is_refused_at_its_field(pharmacy: Pharmacy) -> None:
    with pytest.raises(Refused) as refused:
        received(pharmacy, stocked(pharmacy), lot=" ")
    assert refused.value.field == "lot_number"


def test_what_is_used_is_found_again_by_a_recall(pharmacy: Pharmacy) -> None:
    lot_id = received(pharmacy, stocked(pharmacy))
    other = UUID(int=100)

    use(pharmacy, lot_id, 4)
    use(pharmacy, lot_id, 1, other)
    use(pharmacy, lot_id, 1)

    assert lot(pharmacy, lot_id).on_hand == 4
    assert pharmacy.ask(queries.used_for, lot_id=lot_id) == [("batch", BATCH), ("batch", other)]
    with pytest.raises(Refused, match="Lot TS-8841 has 4 sets on hand, not 5 sets"):
        use(pharmacy, lot_id, 5)


def test_a_lot_that_expires_on_the_shelf_is_not_used(pharmacy: Pharmacy) -> None:
    lot_id = received(pharmacy, stocked(pharmacy), expires="2026-03-03")
    pharmacy.clock.advance(days=2)

    with pytest.raises(Refused, match="expired on 3 Mar 2026"):
        use(pharmacy, lot_id, 1)
    assert pharmacy.ask(queries.lots_on_hand) == []
    assert [row.freshness for row in pharmacy.ask(queries.expiring_lots)] == [Freshness.EXPIRED]
    (item,) = pharmacy.ask(queries.items)
    assert (item.on_hand, item.expired, item.next_expiry) == (D(0), D(10), None)


def test_no_more_comes_back_than_was_taken_for_it(pharmacy: Pharmacy) -> None:
    lot_id = received(pharmacy, stocked(pharmacy))
    use(pharmacy, lot_id, 4)
    back: dict[str, Any] = {"by": TECH, "lot_id": lot_id, "reference_entity": "batch", "reference_id": BATCH}

    pharmacy.do(service.return_unused, quantity=D(3), **back)
    with pytest.raises(Refused, match="1 set of lot TS-8841 were taken"):
        pharmacy.do(service.return_unused, quantity=D(2), **back)

    assert lot(pharmacy, lot_id).on_hand == 9


def test_what_expires_first_comes_first(pharmacy: Pharmacy) -> None:
    item_id = stocked(pharmacy)
    late = received(pharmacy, item_id, "LATE", "2027-06-30")
    early = received(pharmacy, item_id, "EARLY", "2026-06-30")
    middle = received(pharmacy, item_id, "MIDDLE", "2026-09-30", 1)
    use(pharmacy, middle, 1)

    assert [row.id for row in pharmacy.ask(queries.lots_on_hand, item_id=item_id)] == [early, late]
    assert [row.id for row in pharmacy.ask(queries.lots_of, item_id=item_id)] == [early, late]
    (item,) = pharmacy.ask(queries.items)
    assert (item.on_hand, item.next_expiry, item.freshness) == (D(20), date(2026, 6, 30), Freshness.GOOD)


def test_a_quarantined_lot_is_not_on_hand_until_it_is_cleared(pharmacy: Pharmacy) -> None:
    lot_id = received(pharmacy, stocked(pharmacy))
    with pytest.raises(NeedsReason, match="go into quarantine"):
        pharmacy.do(service.quarantine_lot, lot_id=lot_id)
    pharmacy.do(service.quarantine_lot, lot_id=lot_id, reasons=WHY)

    row = lot(pharmacy, lot_id)
    assert (row.on_hand, row.in_quarantine) == (D(0), D(10))
    with pytest.raises(Refused, match="10 sets in quarantine"):
        use(pharmacy, lot_id, 1)
    with pytest.raises(Refused, match=r"in quarantine\. The pharmacist in charge decides"):
        received(pharmacy, row.item_id)
    with pytest.raises(Refused, match="Nothing of lot TS-8841 is on hand"):
        pharmacy.do(service.quarantine_lot, lot_id=lot_id, reasons=WHY)
    with pytest.raises(NeedsReason):
        pharmacy.do(service.clear_lot, by=Role.PHARMACIST_IN_CHARGE, lot_id=lot_id, reasons={"inventory.clear": "fine"})

    pharmacy.do(
        service.clear_lot, by=Role.PHARMACIST_IN_CHARGE, lot_id=lot_id, reasons={"inventory.clear": "other lots were recalled"}
    )

    assert lot(pharmacy, lot_id).on_hand == 10
    with pytest.raises(Refused, match="Nothing of lot TS-8841 is in quarantine"):
        pharmacy.do(service.clear_lot, by=Role.PHARMACIST_IN_CHARGE, lot_id=lot_id)


@pytest.mark.parametrize(("verb", "role"), [(service.quarantine_lot, TECH), (service.clear_lot, Role.PHARMACIST)])
def test_a_quarantine_is_for_pharmacists(pharmacy: Pharmacy, verb: Any, role: Role) -> None:
    with pytest.raises(Refused, match="you need to be"):
        pharmacy.do(verb, by=role, lot_id=BATCH)


def test_waste_asks_for_a_reason_and_a_difference_for_a_second_person(pharmacy: Pharmacy) -> None:
    lot_id = received(pharmacy, stocked(pharmacy))

    with pytest.raises(NeedsReason, match="Why are 2 sets of lot TS-8841 wasted"):
        pharmacy.do(service.waste_lot, by=TECH, lot_id=lot_id, quantity=D(2))
    pharmacy.do(service.waste_lot, by=TECH, lot_id=lot_id, quantity=D(2), reasons=WHY)
    with pytest.raises(Refused, match="has 8 sets on hand"):
        pharmacy.do(service.waste_lot, by=TECH, lot_id=lot_id, quantity=D(9))
    pharmacy.do(service.count_lot, by=TECH, lot_id=lot_id, found=D(8))
    pharmacy.do(service.count_lot, by=TECH, lot_id=lot_id, found=D(9))
    assert lot(pharmacy, lot_id).on_hand == 8
    with pytest.raises(Refused, match="ZZTEST Technician counted first"):
        pharmacy.do(service.count_lot, by=TECH, lot_id=lot_id, found=D(9))
    with pytest.raises(NeedsReason, match="1 set more than expected of lot TS-8841, counted by two"):
        pharmacy.do(service.count_lot, lot_id=lot_id, found=D(9))
    pharmacy.do(service.count_lot, lot_id=lot_id, found=D(9), reasons=WHY)
    with pytest.raises(Refused, match="below 0"):
        pharmacy.do(service.count_lot, by=TECH, lot_id=lot_id, found=D(-1))

    movements = pharmacy.ask(queries.movements_of, lot_id=lot_id)
    assert [(row.kind, row.quantity, row.because) for row in movements] == [
        (MovementKind.ADJUSTED, D(1), "miscounted"),
        (MovementKind.WASTED, D(-2), "broken"),
        (MovementKind.RECEIVED, D(10), "ZZTEST Wholesale"),
    ]


def test_an_item_is_stocked_once_and_names_a_product_in_use(pharmacy: Pharmacy) -> None:
    pharmacy.do(catalog_service.load_reference, by=Role.ADMINISTRATOR)
    vial = next(row for row in pharmacy.ask(catalog.products) if row.label == "vancomycin 1 g vial")
    draft = ItemDraft(vial.id, "vancomycin 1 g vial", "0409-6533-01")
    item_id = stocked(pharmacy, draft)
    lot_id = received(pharmacy, item_id, "VX2209", "2027-08")

    assert [row.id for row in pharmacy.ask(queries.lots_on_hand, product_id=vial.id)] == [lot_id]
    assert pharmacy.ask(queries.lots_on_hand, product_id=UUID(int=1)) == []
    with pytest.raises(Refused, match="NDC 00409-6533-01 is stocked already"):
        stocked(pharmacy, replace(draft, name="other"))
    with pytest.raises(Refused, match="vancomycin 1 g vial is stocked already"):
        stocked(pharmacy, replace(draft, ndc=""))
    with pytest.raises(Refused, match="catalog"):
        stocked(pharmacy, replace(draft, product_id=None, name="x"))
    pharmacy.do(catalog_service.retire_row, kind=RowKind.PRODUCT, row_id=vial.id, reasons={"catalog.retire": "replaced"})
    with pytest.raises(Refused, match="out of use"):
        stocked(pharmacy, replace(draft, ndc="", name="x"))


def test_a_scan_finds_item_and_lot_or_says_why_not(pharmacy: Pharmacy) -> None:
    item_id = stocked(pharmacy, replace(SETS, ndc="0409-6533-01"))
    lot_id = received(pharmacy, item_id, "VX2209", "2027-08-31")

    def scan(text: str) -> tuple[bool, bool, str]:
        row = pharmacy.ask(queries.lot_by_scan, text=text)
        return row.item is not None and row.item.id == item_id, row.lot is not None and row.lot.id == lot_id, row.because

    gtin = "00304096533016"
    assert scan(f"(01){gtin}(17)270831(10)VX2209") == (True, True, "")
    assert scan(f"01{gtin}") == (True, False, "")
    assert scan("00409653301") == (True, False, "")
    assert scan("vx2209") == (True, True, "")
    assert scan(f"(01){gtin}(17)270831(10)ZZ9") == (True, False, "Lot ZZ9 of transfer set is not on file.")
    assert scan(f"(01){gtin}(17)280831(10)VX2209")[2] == "Lot VX2209 is on file with another expiry than the package shows."
    assert scan("12345-6789-01")[2] == "No item is stocked under this code (12345-6789-01)."
    assert scan("(01)04012345678901")[2] == "No item is stocked under this code (not a US drug code)."
    assert scan("ZZ9")[2] == "No lot ZZ9 is on file."
    assert scan("50304096533011")[2].startswith("This is the code of a case or carton of transfer set, not of one ")
    assert scan(f"01{gtin}10VX220917270831")[2].startswith("The scanner sends no separators")
    received(pharmacy, stocked(pharmacy, replace(SETS, name="filter")), "VX2209", "2027-08-31")
    assert scan("VX2209")[2] == "Lot VX2209 is on file for 2 items. Scan the package."


def test_a_barcode_with_two_readings_on_the_shelf_is_not_guessed(pharmacy: Pharmacy) -> None:
    stocked(pharmacy, replace(SETS, ndc="0409-6533-01"))
    stocked(pharmacy, replace(SETS, name="filter", ndc="04096-533-01"))

    assert pharmacy.ask(queries.lot_by_scan, text="0100304096533016").because == "Two items answer to this code."


def test_the_database_itself_holds_the_shelf_above_nothing(pharmacy: Pharmacy) -> None:
    received(pharmacy, stocked(pharmacy))

    with pytest.raises(sa.exc.IntegrityError), pharmacy.store.engines.writing.begin() as connection:
        connection.execute(sa.text("UPDATE holding SET on_hand = -1"))


def test_two_people_cannot_take_the_same_vial(pharmacy: Pharmacy) -> None:
    """The second one's transaction read the lot before the first one's was saved."""
    if not pharmacy.store.is_server:
        pytest.skip("a file has one writer at a time")
    lot_id = received(pharmacy, stocked(pharmacy), quantity=1)

    def second(uow: UnitOfWork) -> None:
        seen = uow.session.scalars(sa.select(Holding).where(Holding.lot_id == lot_id)).one()
        use(pharmacy, lot_id, 1)
        assert seen.on_hand == 1
        service.use_lot(uow, lot_id=lot_id, quantity=D(1), reference_entity="batch", reference_id=BATCH)

    with pytest.raises(Refused, match="Somebody else changed this"):
        pharmacy.do(second, by=TECH)
    assert lot(pharmacy, lot_id).on_hand == 0
    assert len(pharmacy.ask(queries.movements_of, lot_id=lot_id)) == 2


def test_what_was_received_in_three_days_of_the_pharmacys_own_clock(pharmacy: Pharmacy) -> None:
    item_id = stocked(pharmacy)
    received(pharmacy, item_id, "A")
    pharmacy.clock.set(datetime(2026, 3, 3, 5, 59, tzinfo=UTC))
    received(pharmacy, item_id, "B")
    pharmacy.clock.set(datetime(2026, 3, 5, 5, 59, tzinfo=UTC))
    lately = pharmacy.ask(queries.receipts_lately)
    pharmacy.clock.set(datetime(2026, 3, 5, 6, 1, tzinfo=UTC))

    assert [(row.lot_number, f"{row.received_at:%d %H:%M}", row.item) for row in lately] == [
        ("B", "02 23:59", "transfer set"),
        ("A", "02 08:00", "transfer set"),
    ]
    assert pharmacy.ask(queries.receipts_lately) == []


def test_items_are_found_by_name_and_ndc(pharmacy: Pharmacy) -> None:
    stocked(pharmacy, replace(SETS, ndc="0409-6533-01"))

    found = [pharmacy.ask(queries.find_items, words=words) for words in ("set TRANS", "00409-6533", "vial")]
    assert [len(rows) for rows in found] == [1, 1, 0]


def test_every_lot_that_is_not_used_up_is_listed(pharmacy: Pharmacy) -> None:
    item_id = stocked(pharmacy)
    used = received(pharmacy, item_id, "A", "2027-01", 1)
    apart = received(pharmacy, item_id, "B", "2027-02", 1)
    old = received(pharmacy, item_id, "C", "2026-03-03", 1)
    use(pharmacy, used, 1)
    pharmacy.do(service.quarantine_lot, lot_id=apart, reasons=WHY)
    pharmacy.clock.advance(days=5)

    assert [row.id for row in pharmacy.ask(queries.lots)] == [old, apart]

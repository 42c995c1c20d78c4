"""The biennial inventory: every controlled lot is counted on one day and signed by two; the next is due within two years."""

from datetime import date
from decimal import Decimal as D
from io import BytesIO
from uuid import UUID

import pytest
from pypdf import PdfReader

from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.inventory import queries, service
from infusiondesk.inventory.documents import draw_biennial
from infusiondesk.inventory.exchange import shipped_policy
from infusiondesk.inventory.rules.biennial import BiennialDraft, ExtraDraft, FoundDraft, TakenAt
from infusiondesk.inventory.rules.policy import PolicyDraft
from infusiondesk.staff.queries import paper_signatures, printing_of
from tests.beginnings import Recipe, after
from tests.pharmacy import SECOND_PHARMACIST, Pharmacy
from tests.services.test_controlled import ten_vials
from tests.shelf import SETS, TECH, WHY, document, received, stocked

PIC = Role.PHARMACIST_IN_CHARGE
CLOSE = BiennialDraft(TakenAt.CLOSE.value)


@after(ten_vials)
def two_lots_in_the_vault(pharmacy: Pharmacy) -> None:
    """Ten vials of a C-II drug on hand, ten of another lot in quarantine, and something that is not controlled."""
    item_id = pharmacy.ask(queries.controlled_items)[0].id
    pharmacy.do(service.quarantine_lot, lot_id=received(pharmacy, item_id, "MO-2"), reasons=WHY)
    received(pharmacy, stocked(pharmacy, SETS))


@pytest.fixture
def begins_with() -> Recipe:
    return two_lots_in_the_vault


def begun(pharmacy: Pharmacy) -> queries.BiennialRow:
    pharmacy.do(service.begin_biennial, draft=CLOSE)
    return pharmacy.ask(queries.biennial_inventories)[0]


def due(pharmacy: Pharmacy) -> queries.BiennialDue:
    return pharmacy.ask(queries.biennial_due, shipped=shipped_policy())


def count(pharmacy: Pharmacy, line_id: UUID, found: int) -> None:
    pharmacy.do(service.count_biennial, by=TECH, line_id=line_id, draft=FoundDraft(D(found)))


def test_it_is_counted_signed_by_two_and_printed(pharmacy: Pharmacy) -> None:
    pharmacy.do(service.set_controlled_policy, by=PIC, draft=PolicyDraft(dea_number="AB1234563", inventory_months=12))
    assert (due(pharmacy).last_on, due(pharmacy).due_on) == (None, None)
    row = begun(pharmacy)
    assert [(line.lot_number, line.schedule, line.expected) for line in row.lines] == [("MO-1", "CII", None), ("MO-2", "CII", None)]
    with pytest.raises(Refused, match="Sign it or withdraw it first"):
        begun(pharmacy)
    with pytest.raises(Refused, match="C-II is counted exactly"):
        pharmacy.do(service.count_biennial, by=TECH, line_id=row.lines[0].id, draft=FoundDraft(D(10), is_estimate=True))
    count(pharmacy, row.lines[0].id, 10)
    with pytest.raises(Refused, match="1 line not counted yet: morphine vial, lot MO-2"):
        pharmacy.do(service.sign_counted, by=TECH, inventory_id=row.id)
    count(pharmacy, row.lines[1].id, 9)
    bag = ExtraDraft("morphine 60 mg bag", "CII", "Refrigerator", "bag", D(2))
    pharmacy.do(service.add_to_biennial, by=TECH, inventory_id=row.id, draft=bag)
    with pytest.raises(Refused, match="Who counted signs first"):
        pharmacy.do(service.sign_biennial, inventory_id=row.id)
    with pytest.raises(NeedsReason, match="lot MO-2: 9 vials found, 10 vials by the balance"):
        pharmacy.do(service.sign_counted, inventory_id=row.id)
    pharmacy.do(service.sign_counted, inventory_id=row.id, reasons={"inventory.biennial": "one lies with the reverse distributor"})
    with pytest.raises(Refused, match="Withdraw the inventory to count again"):
        count(pharmacy, row.lines[1].id, 10)
    with pytest.raises(Refused, match="Another person is the second"):
        pharmacy.do(service.sign_biennial, inventory_id=row.id)
    pharmacy.do(service.sign_biennial, by=SECOND_PHARMACIST, inventory_id=row.id)

    (row,) = pharmacy.ask(queries.biennial_inventories)
    assert [(one.meaning, one.holds) for one in row.signatures] == [("counted", True), ("biennial inventory taken", True)]
    assert (due(pharmacy).due_on, due(pharmacy).open_id) == (date(2027, 3, 2), None)
    names = paper_signatures(row.signatures, pharmacy.clock.zone)
    pdf = draw_biennial(row, names, pharmacy.ask(printing_of))
    told = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())
    for words in ("close of business", "AB1234563", "9 vials", "morphine 60 mg bag", "one lies with the reverse distributor"):
        assert words in told
    with pytest.raises(Refused, match="This inventory is signed"):
        pharmacy.do(service.withdraw_biennial, inventory_id=row.id, reasons={"inventory.biennial_withdrawn": "wrong"})


def test_one_that_was_not_finished_on_its_day_is_withdrawn(file_pharmacy: Pharmacy) -> None:
    row = begun(file_pharmacy)
    assert due(file_pharmacy).open_id == row.id
    file_pharmacy.clock.advance(days=1)
    with pytest.raises(Refused, match="all is counted on one day"):
        count(file_pharmacy, row.lines[0].id, 10)
    why = {"inventory.biennial_withdrawn": "not finished on its day"}
    file_pharmacy.do(service.withdraw_biennial, inventory_id=row.id, reasons=why)

    assert file_pharmacy.ask(queries.biennial_inventories) == []
    with pytest.raises(Refused, match="withdrew this inventory"):
        file_pharmacy.do(service.withdraw_biennial, inventory_id=row.id, reasons=why)
    assert len(begun(file_pharmacy).lines) == 2


def test_the_suppliers_number_is_remembered(file_pharmacy: Pharmacy) -> None:
    item_id = file_pharmacy.ask(queries.controlled_items)[0].id
    document(file_pharmacy, supplier_dea="", document_number="INV 2", order_form="26AB00018")
    assert file_pharmacy.ask(queries.documents_lately)[0].supplier_dea == "RZ1234563"
    received(file_pharmacy, item_id, "MO-3")
    file_pharmacy.clock.advance(minutes=1)
    document(file_pharmacy, vendor="ZZTEST Other", supplier_dea="", document_number="INV 3", order_form="26AB00019")
    with pytest.raises(Refused, match="Enter the supplier's DEA number on the document first"):
        received(file_pharmacy, item_id, "MO-4")

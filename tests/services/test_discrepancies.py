"""Two counts of a controlled drug that differ from its balance: a discrepancy, resolved or followed up as a loss."""

from datetime import date
from decimal import Decimal as D
from io import BytesIO
from uuid import UUID

import pytest
from pypdf import PdfReader

from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.inventory import queries, service
from infusiondesk.inventory.documents import draw_loss_draft
from infusiondesk.inventory.queries import DiscrepancyRow
from infusiondesk.inventory.rules.counts import CountState
from infusiondesk.inventory.rules.discrepancies import ResolutionDraft
from infusiondesk.inventory.rules.words import DiscrepancyEnd
from infusiondesk.staff.queries import printing_of
from tests.beginnings import Recipe, after
from tests.pharmacy import Pharmacy
from tests.services.test_controlled import ten_vials
from tests.shelf import TECH

PIC = Role.PHARMACIST_IN_CHARGE
LOSS = DiscrepancyEnd.LOSS.value


@after(ten_vials)
def eight_were_counted(pharmacy: Pharmacy) -> None:
    """Ten vials by the balance, eight by two counts."""
    lot_id = pharmacy.ask(queries.controlled_items)[0].places[0].lot_id
    pharmacy.do(service.count_lot, by=TECH, lot_id=lot_id, found=D(8))
    pharmacy.do(service.count_lot, lot_id=lot_id, found=D(8))


@pytest.fixture
def begins_with() -> Recipe:
    return eight_were_counted


def counted_short(pharmacy: Pharmacy) -> tuple[UUID, DiscrepancyRow]:
    """The lot and what was found."""
    (row,) = pharmacy.ask(queries.discrepancies)
    return pharmacy.ask(queries.controlled_items)[0].places[0].lot_id, row


def on_hand(pharmacy: Pharmacy) -> D:
    return pharmacy.ask(queries.controlled_items)[0].on_hand


def test_a_difference_changes_nothing_until_the_pharmacist_in_charge_has_signed(pharmacy: Pharmacy) -> None:
    lot_id, row = counted_short(pharmacy)
    assert (row.expected, row.first_found, row.second_found) == (D(10), D(8), D(8))
    assert (row.first_by, row.second_by, row.due_on) == ("ZZTEST Technician", "ZZTEST Pharmacist", date(2026, 3, 3))
    assert pharmacy.ask(queries.count_sheets)[0].lines[0].state is CountState.DISCREPANCY
    assert on_hand(pharmacy) == 10
    with pytest.raises(Refused, match="pharmacist in charge"):
        pharmacy.do(service.resolve_discrepancy, discrepancy_id=row.id, draft=ResolutionDraft(explanation="used for a batch"))
    pharmacy.do(service.count_lot, by=TECH, lot_id=lot_id, found=D(7))
    with pytest.raises(Refused, match="A discrepancy of lot MO-1 is open"):
        pharmacy.do(service.count_lot, lot_id=lot_id, found=D(7))

    draft = ResolutionDraft(explanation="two were used for a batch")
    pharmacy.do(service.resolve_discrepancy, by=PIC, discrepancy_id=row.id, draft=draft)
    assert on_hand(pharmacy) == 8
    assert pharmacy.ask(queries.discrepancies_due) == []
    with pytest.raises(Refused, match="is resolved"):
        pharmacy.do(service.resolve_discrepancy, by=PIC, discrepancy_id=row.id, draft=draft)
    with pytest.raises(Refused, match="not resolved as a loss"):
        pharmacy.do(service.record_loss_told, by=PIC, discrepancy_id=row.id)


def test_a_loss_is_told_and_filed_each_by_its_day(file_pharmacy: Pharmacy) -> None:
    _, row = counted_short(file_pharmacy)
    draft = ResolutionDraft(LOSS, "not found", "vault found open", "Springfield police, report 12")
    file_pharmacy.do(service.resolve_discrepancy, by=PIC, discrepancy_id=row.id, draft=draft)
    (loss,) = file_pharmacy.ask(queries.discrepancies_due)
    assert (loss.duty, loss.due_on, on_hand(file_pharmacy)) == ("to tell in writing", date(2026, 3, 3), D(8))

    pdf = draw_loss_draft(loss, file_pharmacy.ask(printing_of))
    told = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())
    assert "a draft, not the form" in told
    assert "2 vials" in told
    assert "vault found open" in told
    assert "by 3 Mar 2026" in told
    assert "by 16 Apr 2026" in told
    assert "21 CFR 1301.76(b), as amended 2023" in told

    with pytest.raises(NeedsReason, match="DEA field division office"):
        file_pharmacy.do(service.record_loss_told, by=PIC, discrepancy_id=row.id)
    reasons = {"inventory.loss_told": "Chicago, by fax", "inventory.loss_filed": "106-7"}
    file_pharmacy.do(service.record_loss_told, by=PIC, discrepancy_id=row.id, reasons=reasons)
    (loss,) = file_pharmacy.ask(queries.discrepancies_due)
    assert (loss.duty, loss.due_on) == ("Form 106 to file", date(2026, 4, 16))
    file_pharmacy.do(service.record_form_filed, by=PIC, discrepancy_id=row.id, reasons=reasons)
    assert file_pharmacy.ask(queries.discrepancies_due) == []
    for verb in (service.record_loss_told, service.record_form_filed):
        with pytest.raises(Refused, match="already"):
            file_pharmacy.do(verb, by=PIC, discrepancy_id=row.id, reasons=reasons)


def test_a_count_that_was_wrong_leaves_the_balance(file_pharmacy: Pharmacy) -> None:
    _, row = counted_short(file_pharmacy)
    draft = ResolutionDraft(DiscrepancyEnd.MISCOUNTED.value, "two vials lay behind the bin")
    file_pharmacy.do(service.resolve_discrepancy, by=PIC, discrepancy_id=row.id, draft=draft)

    assert on_hand(file_pharmacy) == 10
    assert file_pharmacy.ask(queries.discrepancies)[0].due_on is None

"""Controlled drugs: what is wasted or destroyed waits for a second licensed person; the log's balance is the shelf's."""

from decimal import Decimal as D
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings

from infusiondesk.catalog import queries as catalog
from infusiondesk.foundation.kernel.clock import today
from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory import queries, service
from infusiondesk.inventory.queries import ControlledLog
from infusiondesk.inventory.rules import ItemDraft, MovementKind
from infusiondesk.inventory.rules.controlled import DisposalDraft
from tests import shelf
from tests.beginnings import Recipe, after
from tests.pharmacy import SECOND_PHARMACIST, Pharmacy
from tests.shelf import HISTORIES, SETS, TECH, WHY, Wish, document, play, received, stocked
from tests.story import the_catalog

PIC = Role.PHARMACIST_IN_CHARGE


@after(the_catalog)
def ten_vials(pharmacy: Pharmacy) -> None:
    """Ten vials of a C-II drug in the vault."""
    product = next(row.id for row in pharmacy.ask(catalog.products) if "morphine" in row.label)
    document(pharmacy, order_form="26AB00017", document_number="INV 1")
    received(pharmacy, stocked(pharmacy, ItemDraft(product, "morphine vial")), "MO-1")


@pytest.fixture
def begins_with() -> Recipe:
    return ten_vials


def morphine(pharmacy: Pharmacy) -> tuple[UUID, UUID, UUID]:
    """The item, its lot, and the vault in which it lies."""
    (row,) = pharmacy.ask(queries.controlled_items)
    (place,) = row.places
    return row.id, place.lot_id, place.location_id


def log_of(pharmacy: Pharmacy, item_id: UUID) -> ControlledLog:
    now = today(pharmacy.clock)
    return pharmacy.ask(queries.controlled_log, item_id=item_id, first=now, last=now)


def test_a_controlled_drug_is_wasted_when_a_second_licensed_person_has_signed(pharmacy: Pharmacy) -> None:
    item_id, lot_id, vault = morphine(pharmacy)
    with pytest.raises(Refused, match="Lot MO-1 is C-II: lay it out under Controlled drugs"):
        pharmacy.do(service.waste_lot, by=TECH, lot_id=lot_id, quantity=D(1))
    disposal = pharmacy.do(service.lay_out, lot_id=lot_id, draft=DisposalDraft(vault, "wasted", D(2), "vial broken"))

    assert log_of(pharmacy, item_id).closing == 10
    with pytest.raises(Refused, match=r"ZZTEST Pharmacist laid it out\. Another person is the witness"):
        pharmacy.do(service.witness_disposal, disposal_id=disposal)
    with pytest.raises(Refused, match=r"8 vials on hand there, not 9 vials\. 2 vials more wait for a witness"):
        pharmacy.do(service.lay_out, lot_id=lot_id, draft=DisposalDraft(vault, "wasted", D(9), "vial broken"))
    pharmacy.do(service.witness_disposal, by=SECOND_PHARMACIST, disposal_id=disposal)

    log = log_of(pharmacy, item_id)
    received_line, wasted = log.lines
    came = "ZZTEST Wholesale INV 1, order form 26AB00017, DEA RZ1234563"
    assert (received_line.reference, received_line.balance) == (came, D(10))
    assert (wasted.kind, wasted.change, wasted.balance, wasted.because) == (MovementKind.WASTED, D(-2), D(8), "vial broken")
    assert (wasted.moved_by, wasted.witnessed_by) == ("ZZTEST Pharmacist", pharmacy.people[SECOND_PHARMACIST].name)
    assert (log.opening, log.closing, log.item.on_hand) == (D(0), D(8), D(8))
    assert pharmacy.ask(queries.disposals_to_witness) == []
    with pytest.raises(Refused, match="seen and signed already"):
        pharmacy.do(service.witness_disposal, by=PIC, disposal_id=disposal)


def test_what_is_in_quarantine_is_destroyed_before_a_witness_or_withdrawn(file_pharmacy: Pharmacy) -> None:
    item_id, lot_id, vault = morphine(file_pharmacy)
    file_pharmacy.do(service.quarantine_lot, lot_id=lot_id, reasons=WHY)
    with pytest.raises(Refused, match="is C-II"):
        file_pharmacy.do(service.destroy_lot, lot_id=lot_id, reasons=WHY)
    draft = DisposalDraft(vault, "destroyed", D(10), "reverse distributor")
    wrong = file_pharmacy.do(service.lay_out, lot_id=lot_id, draft=draft)
    with pytest.raises(NeedsReason, match="Why is it neither"):
        file_pharmacy.do(service.withdraw_disposal, disposal_id=wrong)
    file_pharmacy.do(service.withdraw_disposal, disposal_id=wrong, reasons={"inventory.withdraw": "laid out by mistake"})
    with pytest.raises(Refused, match="ZZTEST Pharmacist withdrew this"):
        file_pharmacy.do(service.witness_disposal, by=PIC, disposal_id=wrong)

    again = file_pharmacy.do(service.lay_out, lot_id=lot_id, draft=draft)
    (waiting,) = file_pharmacy.ask(queries.disposals_to_witness)
    assert (waiting.id, waiting.schedule, waiting.quantity, waiting.location) == (again, "CII", D(10), "Controlled vault")
    file_pharmacy.do(service.witness_disposal, by=PIC, disposal_id=again)
    log = log_of(file_pharmacy, item_id)
    assert [line.balance for line in log.lines] == [10, 10, 0]
    assert (log.closing, log.item.in_quarantine) == (D(0), D(0))


def test_what_is_not_controlled_is_not_laid_out(file_pharmacy: Pharmacy) -> None:
    lot_id = received(file_pharmacy, stocked(file_pharmacy, SETS))
    row = file_pharmacy.ask(queries.lot_of, lot_id=lot_id)
    assert row is not None

    with pytest.raises(Refused, match="transfer set is not controlled"):
        draft = DisposalDraft(row.places[0].location_id, "wasted", D(1), "torn")
        file_pharmacy.do(service.lay_out, lot_id=lot_id, draft=draft)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=HISTORIES)
def test_the_balance_is_the_sum_of_movements_and_what_lies_there(file_pharmacy: Pharmacy, history: list[Wish]) -> None:
    (item,) = file_pharmacy.ask(queries.controlled_items)
    whole = shelf.assert_every_unit_is_accounted_for

    def with_the_log(uow: UnitOfWork, lot_id: UUID) -> None:
        whole(uow, lot_id)
        log = queries.controlled_log(uow, item_id=item.id, first=uow.today(), last=uow.today())
        assert log.closing == sum(line.change for line in log.lines) == log.item.on_hand + log.item.in_quarantine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shelf, "assert_every_unit_is_accounted_for", with_the_log)
        play(file_pharmacy, item.id, document(file_pharmacy), history)

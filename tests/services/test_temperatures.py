"""A warm refrigerator: what lay inside is set apart, what left is listed, and a pharmacist judges each lot; on both databases."""

from datetime import date, timedelta
from decimal import Decimal as D
from uuid import UUID

import pytest

from infusiondesk.catalog import queries as catalog
from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.inventory import queries, service
from infusiondesk.inventory.exchange import storage_ranges
from infusiondesk.inventory.queries.temperatures import TemperatureRow, excursion_lots, left_during, temperature_places
from infusiondesk.inventory.rules import ItemDraft, MovementKind, SuspicionDraft
from infusiondesk.inventory.rules.controlled import DisposalDraft
from infusiondesk.inventory.rules.temperatures import Disposition, DispositionDraft, ReadingDraft, Standing
from infusiondesk.inventory.service.temperatures import judge_excursion_lot, note_temperature
from tests.pharmacy import SECOND_PHARMACIST, Pharmacy
from tests.shelf import TECH, TICKET, WHY, document, received, stocked
from tests.story import the_catalog

COLD = ItemDraft(None, "cold flush", unit="syringe", kind="supply", kept_in="refrigerator")
LETTER = "ZZTEST Maker, letter of 2 March: stable 48 h at 25 C"


def fridge(pharmacy: Pharmacy) -> TemperatureRow:
    return next(row for row in pharmacy.ask(temperature_places, ranges=storage_ranges()) if row.location == "Refrigerator")


def note(pharmacy: Pharmacy, value: str, highest: str | None = None, scale: str = "C") -> None:
    draft = ReadingDraft(scale, D(value), highest=D(highest) if highest else None)
    pharmacy.do(note_temperature, by=TECH, location_id=fridge(pharmacy).id, draft=draft)


def counts(pharmacy: Pharmacy, lot_id: UUID) -> tuple[D, D]:
    row = pharmacy.ask(queries.lot_of, lot_id=lot_id)
    assert row is not None
    return row.on_hand, row.in_quarantine


def test_an_excursion_is_found_judged_and_ended(pharmacy: Pharmacy) -> None:
    item_id = stocked(pharmacy, COLD)
    kept, shortened, lost = (received(pharmacy, item_id, lot) for lot in ("A1", "B2", "C3"))
    assert (fridge(pharmacy).is_due, fridge(pharmacy).standing) == (True, None)
    note(pharmacy, "41", scale="F")
    assert (fridge(pharmacy).is_due, fridge(pharmacy).standing) == (False, Standing.INSIDE)
    pharmacy.clock.advance(hours=2)
    pharmacy.do(service.send_lot, by=TECH, lot_id=kept, quantity=D(3), reference_entity="ticket", reference_id=TICKET)
    pharmacy.clock.advance(hours=2)
    note(pharmacy, "12.5")

    assert fridge(pharmacy).is_open
    assert counts(pharmacy, kept) == (D(0), D(7))
    lines = {row.lot_number: row for row in pharmacy.ask(excursion_lots)}
    assert {row.quantity for row in lines.values()} == {D(7), D(10)}
    (left,) = pharmacy.ask(left_during, excursion_id=lines["A1"].excursion_id)
    assert (left.lot_number, left.quantity, left.kind, left.reference_id) == ("A1", D(3), MovementKind.SENT, TICKET)
    with pytest.raises(Refused, match="still outside its range"):
        pharmacy.do(judge_excursion_lot, line_id=lines["A1"].id, draft=DispositionDraft("use", LETTER))

    pharmacy.clock.advance(hours=1)
    note(pharmacy, "5")
    pharmacy.do(judge_excursion_lot, line_id=lines["A1"].id, draft=DispositionDraft("use", LETTER))
    until = pharmacy.clock.now().date() + timedelta(days=30)
    pharmacy.do(judge_excursion_lot, line_id=lines["B2"].id, draft=DispositionDraft(Disposition.SHORTEN, LETTER, until))
    destroy = DispositionDraft("destroy", "the maker has no data")
    with pytest.raises(NeedsReason, match="Who sees 10 syringes of lot C3 destroyed"):
        pharmacy.do(judge_excursion_lot, line_id=lines["C3"].id, draft=destroy)
    pharmacy.do(judge_excursion_lot, line_id=lines["C3"].id, draft=destroy, reasons=WHY)

    assert [counts(pharmacy, lot) for lot in (kept, shortened, lost)] == [(D(7), D(0)), (D(10), D(0)), (D(0), D(0))]
    assert not fridge(pharmacy).is_open
    after = {row.lot_number: row for row in pharmacy.ask(excursion_lots)}
    assert (after["B2"].expires_on, after["C3"].expires_on) == (until, date(2029, 1, 12))
    assert {row.signed_by for row in after.values()} == {"ZZTEST Pharmacist"}
    with pytest.raises(Refused, match="judged already"):
        pharmacy.do(judge_excursion_lot, line_id=lines["A1"].id, draft=destroy)


def test_a_peak_since_the_last_reading_is_an_excursion_that_is_over(pharmacy: Pharmacy) -> None:
    lot_id = received(pharmacy, stocked(pharmacy, COLD))
    note(pharmacy, "5", highest="14")

    (line,) = pharmacy.ask(excursion_lots)
    assert (line.highest, line.last_good_at, line.ended_at is not None) == (D(14), None, True)
    assert counts(pharmacy, lot_id) == (D(0), D(10))


def test_what_was_put_into_a_warm_refrigerator_is_set_apart_at_the_next_reading(file_pharmacy: Pharmacy) -> None:
    item_id = stocked(file_pharmacy, COLD)
    received(file_pharmacy, item_id, "A1")
    note(file_pharmacy, "12")
    later = received(file_pharmacy, item_id, "B2")
    note(file_pharmacy, "5")
    assert counts(file_pharmacy, later) == (D(0), D(10))
    note(file_pharmacy, "5")
    assert [row.quantity for row in file_pharmacy.ask(excursion_lots)] == [D(10), D(10)]


def test_a_suspect_or_illegitimate_lot_does_not_come_back_by_the_excursion(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    lot_id = received(pharmacy, stocked(pharmacy, COLD))
    note(pharmacy, "5", highest="14")
    pharmacy.do(service.suspect_lot, by=TECH, lot_id=lot_id, reasons=WHY)
    (line,) = pharmacy.ask(excursion_lots)
    with pytest.raises(Refused, match="is suspect"):
        pharmacy.do(judge_excursion_lot, line_id=line.id, draft=DispositionDraft("use", LETTER))
    found = SuspicionDraft("illegitimate", "serial unknown to the maker", "FDA, form 3911")
    pharmacy.do(service.end_investigation, by=Role.PHARMACIST_IN_CHARGE, lot_id=lot_id, draft=found)
    with pytest.raises(Refused, match="was found illegitimate"):
        pharmacy.do(judge_excursion_lot, line_id=line.id, draft=DispositionDraft("use", LETTER))


def test_a_controlled_drug_is_destroyed_where_its_witness_signs(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    the_catalog(pharmacy)
    product = next(row.id for row in pharmacy.ask(catalog.products) if "morphine" in row.label)
    item_id = stocked(pharmacy, ItemDraft(product, "morphine vial"))
    document(pharmacy, order_form="26AB00017", document_number="INV 1")
    lot_id = received(pharmacy, item_id, "MO-1")
    vault = next(row.id for row in pharmacy.ask(temperature_places, ranges=storage_ranges()) if row.location == "Controlled vault")
    pharmacy.do(note_temperature, by=TECH, location_id=vault, draft=ReadingDraft(value=D(35)))
    (line,) = pharmacy.ask(excursion_lots)
    destroy = DispositionDraft("destroy", "the maker has no data")
    with pytest.raises(Refused, match="lay it out under Controlled drugs"):
        pharmacy.do(judge_excursion_lot, line_id=line.id, draft=destroy, reasons=WHY)
    draft = DisposalDraft(vault, "destroyed", D(10), "too warm, incinerated")
    disposal = pharmacy.do(service.lay_out, lot_id=lot_id, draft=draft)
    pharmacy.do(service.witness_disposal, by=SECOND_PHARMACIST, disposal_id=disposal)
    pharmacy.do(judge_excursion_lot, line_id=line.id, draft=destroy)

    assert counts(pharmacy, lot_id) == (D(0), D(0))
    assert [row.disposition for row in pharmacy.ask(excursion_lots)] == [Disposition.DESTROY]

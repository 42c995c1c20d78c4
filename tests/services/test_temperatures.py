"""A warm refrigerator: what lay inside is set apart, what left is listed, and a pharmacist judges each lot."""

from datetime import date, timedelta
from decimal import Decimal as D
from uuid import UUID

import pytest

from infusiondesk.catalog import queries as catalog
from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.inventory import queries, service
from infusiondesk.inventory.exchange import shipped_temperatures
from infusiondesk.inventory.queries.temperatures import (
    ExcursionLotRow,
    TemperatureRow,
    excursion_lots,
    left_during,
    temperature_places,
)
from infusiondesk.inventory.rules import ItemDraft, MovementKind, SuspicionDraft
from infusiondesk.inventory.rules.controlled import DisposalDraft
from infusiondesk.inventory.rules.monitors import MonitorDraft, RangeDraft, TemperaturePolicyDraft, VerificationDraft
from infusiondesk.inventory.rules.temperatures import Disposition, DispositionDraft, ReadingDraft, Standing
from infusiondesk.inventory.rules.words import LocationKind
from infusiondesk.inventory.service.monitors import (
    add_monitor,
    retire_monitor,
    set_storage_range,
    set_temperature_policy,
    verify_monitor,
)
from infusiondesk.inventory.service.temperatures import judge_excursion_lot, note_temperature
from tests.beginnings import Recipe
from tests.pharmacy import SECOND_PHARMACIST, Pharmacy
from tests.shelf import TECH, TICKET, WHY, document, received, stocked
from tests.story import the_catalog

COLD = ItemDraft(None, "cold flush", unit="syringe", kind="supply", kept_in="refrigerator")
LETTER = "ZZTEST Maker, letter of 2 March: stable 48 h at 25 C"


def a_cold_shelf(pharmacy: Pharmacy) -> None:
    """Three lots in the refrigerator."""
    item_id = stocked(pharmacy, COLD)
    for lot in ("A1", "B2", "C3"):
        received(pharmacy, item_id, lot)


@pytest.fixture
def begins_with() -> Recipe:
    return a_cold_shelf


def at(pharmacy: Pharmacy, name: str = "Refrigerator") -> TemperatureRow:
    return next(row for row in pharmacy.ask(temperature_places, shipped=shipped_temperatures()) if row.location == name)


def to_judge(pharmacy: Pharmacy) -> dict[str, ExcursionLotRow]:
    return {row.lot_number: row for row in pharmacy.ask(excursion_lots, shipped=shipped_temperatures())}


def note(pharmacy: Pharmacy, value: str, highest: str | None = None, scale: str = "C") -> None:
    draft = ReadingDraft(scale, D(value), highest=D(highest) if highest else None)
    pharmacy.do(note_temperature, by=TECH, location_id=at(pharmacy).id, draft=draft)


def lot(pharmacy: Pharmacy, number: str) -> UUID:
    return next(row.id for row in pharmacy.ask(queries.lots) if row.lot_number == number)


def counts(pharmacy: Pharmacy, which: str | UUID) -> tuple[D, D]:
    row = pharmacy.ask(queries.lot_of, lot_id=lot(pharmacy, which) if isinstance(which, str) else which)
    assert row is not None
    return row.on_hand, row.in_quarantine


def test_an_excursion_is_found_judged_and_ended(pharmacy: Pharmacy) -> None:
    lot_ids = [lot(pharmacy, number) for number in ("A1", "B2", "C3")]
    assert (at(pharmacy).is_due, at(pharmacy).standing) == (True, None)
    note(pharmacy, "41", scale="F")
    assert (at(pharmacy).is_due, at(pharmacy).standing) == (False, Standing.INSIDE)
    pharmacy.clock.advance(hours=2)
    pharmacy.do(
        service.send_lot, by=TECH, lot_id=lot(pharmacy, "A1"), quantity=D(3), reference_entity="ticket", reference_id=TICKET
    )
    pharmacy.clock.advance(hours=2)
    note(pharmacy, "12.5")

    assert at(pharmacy).is_open
    assert counts(pharmacy, "A1") == (D(0), D(7))
    lines = to_judge(pharmacy)
    assert [row.quantity for row in lines.values()] == [D(7), D(10), D(10)]
    assert lines["A1"].kinetic.celsius == D("12.50")  # four hours of which the warmer end counts
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

    assert [counts(pharmacy, lot_id) for lot_id in lot_ids] == [(D(7), D(0)), (D(10), D(0)), (D(0), D(0))]
    assert not at(pharmacy).is_open
    after = to_judge(pharmacy)
    assert (after["B2"].expires_on, after["C3"].expires_on) == (until, date(2029, 1, 12))
    assert {row.signed_by for row in after.values()} == {"ZZTEST Pharmacist"}
    with pytest.raises(Refused, match="judged already"):
        pharmacy.do(judge_excursion_lot, line_id=lines["A1"].id, draft=destroy)


def test_a_peak_since_the_last_reading_is_over_and_what_came_later_is_set_apart_too(file_pharmacy: Pharmacy) -> None:
    note(file_pharmacy, "5", highest="14")
    line = to_judge(file_pharmacy)["A1"]
    assert (line.highest, line.last_good_at, line.ended_at is not None) == (D(14), None, True)
    assert line.remark == "No monitor is entered for this location."
    assert counts(file_pharmacy, "A1") == (D(0), D(10))

    note(file_pharmacy, "12")
    received(file_pharmacy, next(row.id for row in file_pharmacy.ask(queries.items)), "D4")
    note(file_pharmacy, "5")
    assert counts(file_pharmacy, "D4") == (D(0), D(10))
    note(file_pharmacy, "5")
    assert [row.quantity for row in to_judge(file_pharmacy).values()] == [D(10)] * 4


def test_a_suspect_or_illegitimate_lot_does_not_come_back_by_the_excursion(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    note(pharmacy, "5", highest="14")
    pharmacy.do(service.suspect_lot, by=TECH, lot_id=lot(pharmacy, "A1"), reasons=WHY)
    line = to_judge(pharmacy)["A1"]
    with pytest.raises(Refused, match="is suspect"):
        pharmacy.do(judge_excursion_lot, line_id=line.id, draft=DispositionDraft("use", LETTER))
    found = SuspicionDraft("illegitimate", "serial unknown to the maker", "FDA, form 3911")
    pharmacy.do(service.end_investigation, by=Role.PHARMACIST_IN_CHARGE, lot_id=lot(pharmacy, "A1"), draft=found)
    with pytest.raises(Refused, match="was found illegitimate"):
        pharmacy.do(judge_excursion_lot, line_id=line.id, draft=DispositionDraft("use", LETTER))


def test_a_lapsed_verification_is_said_at_readings_and_excursions(pharmacy: Pharmacy) -> None:
    place = at(pharmacy).id
    certificate = MonitorDraft(date(2025, 2, 1), None, "C-1, ZZTEST Lab", "S-1")
    monitor = pharmacy.do(add_monitor, by=TECH, location_id=place, draft=certificate)
    with pytest.raises(Refused, match="Monitor s-1 watches Refrigerator"):
        pharmacy.do(add_monitor, by=TECH, location_id=at(pharmacy, "Freezer").id, draft=MonitorDraft(serial="s-1"))
    assert at(pharmacy).due == "monitor S-1 since 1 Feb 2026"
    note(pharmacy, "12")
    assert to_judge(pharmacy)["A1"].remark == "The verification of monitor S-1 lapsed on 1 Feb 2026."

    again = VerificationDraft(date(2026, 3, 2), None, "C-2, ZZTEST Lab")
    pharmacy.do(verify_monitor, by=TECH, monitor_id=monitor, draft=again)
    row = at(pharmacy)
    assert (row.lapse, row.due, row.monitors[0].due_on) == ("", "", date(2027, 3, 2))
    pharmacy.do(retire_monitor, by=TECH, monitor_id=monitor, reasons={"inventory.monitor": "broken"})
    assert at(pharmacy).lapse == "No monitor is entered for this location."
    with pytest.raises(Refused, match="taken down already"):
        pharmacy.do(retire_monitor, by=TECH, monitor_id=monitor)
    with pytest.raises(Refused, match="is taken down"):
        pharmacy.do(verify_monitor, by=TECH, monitor_id=monitor, draft=again)


def test_ranges_and_policy_are_in_force_once_a_pharmacist_signed_them(pharmacy: Pharmacy) -> None:
    assert at(pharmacy).allowed.whose.endswith("not signed yet")
    wider = RangeDraft(D(2), D(8), D(0), D(15), D(8), "controlled cold temperature, USP <659>")
    with pytest.raises(Refused):
        pharmacy.do(set_storage_range, by=TECH, kind="refrigerator", draft=wider)
    for _ in range(2):
        pharmacy.do(set_storage_range, kind=LocationKind.REFRIGERATOR.value, draft=wider)
    pharmacy.do(set_temperature_policy, draft=TemperaturePolicyDraft(13, 30, 6, 14, "twice a day, policy of 2 March"))
    note(pharmacy, "12")

    row = at(pharmacy)
    assert (row.standing, row.allowed.limits(), row.is_open) == (Standing.ALLOWED, "0 to 15 °C", False)
    assert row.allowed.whose == "controlled cold temperature, USP <659>; signed by ZZTEST Pharmacist, 2 Mar 2026"
    assert (row.policy.reading_hours, row.policy.gap_minutes, row.policy.verification_months) == (13, 30, 6)
    assert at(pharmacy, "Freezer").allowed.whose.endswith("not signed yet")


class TestControlled:
    """A controlled drug in the vault."""

    @pytest.fixture
    def begins_with(self) -> Recipe:
        return the_catalog

    def test_it_is_destroyed_where_its_witness_signs(self, file_pharmacy: Pharmacy) -> None:
        pharmacy = file_pharmacy
        product = next(row.id for row in pharmacy.ask(catalog.products) if "morphine" in row.label)
        item_id = stocked(pharmacy, ItemDraft(product, "morphine vial"))
        document(pharmacy, order_form="26AB00017", document_number="INV 1")
        lot_id = received(pharmacy, item_id, "MO-1")
        vault = at(pharmacy, "Controlled vault").id
        pharmacy.do(note_temperature, by=TECH, location_id=vault, draft=ReadingDraft(value=D(35)))
        line = to_judge(pharmacy)["MO-1"]
        destroy = DispositionDraft("destroy", "the maker has no data")
        with pytest.raises(Refused, match="lay it out under Controlled drugs"):
            pharmacy.do(judge_excursion_lot, line_id=line.id, draft=destroy, reasons=WHY)
        draft = DisposalDraft(vault, "destroyed", D(10), "too warm, incinerated")
        disposal = pharmacy.do(service.lay_out, lot_id=lot_id, draft=draft)
        pharmacy.do(service.witness_disposal, by=SECOND_PHARMACIST, disposal_id=disposal)
        pharmacy.do(judge_excursion_lot, line_id=line.id, draft=destroy)

        assert counts(pharmacy, lot_id) == (D(0), D(0))
        assert to_judge(pharmacy)["MO-1"].disposition is Disposition.DESTROY

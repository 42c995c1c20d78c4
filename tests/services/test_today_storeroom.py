"""What the road, the pumps and the stock ask for on Today, each from the slice that knows it; on both databases."""

from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest

from infusiondesk.dispensing import service as dispensing
from infusiondesk.dispensing.rules import CallDraft, JudgementDraft, PackOutDraft
from infusiondesk.equipment import service as equipment
from infusiondesk.equipment.queries import pump_by_scan
from infusiondesk.equipment.rules import GiveDraft
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.inventory import queries as inventory
from infusiondesk.inventory import service as shelf
from infusiondesk.inventory.rules.counts import CountSheetDraft
from infusiondesk.inventory.rules.monitors import MonitorDraft
from infusiondesk.inventory.rules.recalls import RecallDraft
from infusiondesk.inventory.rules.temperatures import ReadingDraft
from infusiondesk.inventory.service.monitors import add_monitor
from infusiondesk.inventory.service.temperatures import note_temperature
from infusiondesk.orders import service as orders
from infusiondesk.today import queries
from infusiondesk.today.rules import Harm
from tests.beginnings import Recipe
from tests.deliveries import TECH, confirmed, packed, shipped
from tests.pharmacy import SECOND_PHARMACIST, Pharmacy
from tests.services.test_deliveries import bags_of_vancomycin, made
from tests.services.test_equipment import a_pump, a_pump_room, stop, the_order
from tests.services.test_stock import place
from tests.shelf import received, stocked
from tests.story import order_of, the_catalog

PIC = Role.PHARMACIST_IN_CHARGE


class TestRoad:
    """Deliveries under way."""

    @pytest.fixture
    def begins_with(self) -> Recipe:
        return bags_of_vancomycin

    def test_a_bag_discontinued_on_the_road_harms_until_the_driver_is_called(self, pharmacy: Pharmacy) -> None:
        patient_id, version_id = made(pharmacy)
        ticket_id = shipped(pharmacy, packed(pharmacy, patient_id))
        assert pharmacy.ask(queries.under_way) == []
        why = {"orders.discontinued": "rash"}
        day = date(2026, 3, 2)
        pharmacy.do(orders.discontinue_order, order_id=order_of(pharmacy, version_id), effective_on=day, reasons=why)

        (line,) = pharmacy.ask(queries.under_way)
        assert (line.harm, line.what, line.place) == (Harm.NOW, "Call who carries delivery D-2603-0001", "Deliveries")
        assert (line.record_id, line.patient_id) == (ticket_id, patient_id)
        assert "discontinued since 2 Mar 2026" in line.because and line.due.startswith("on the road since 2 Mar 2026")
        assert pharmacy.ask(queries.under_way, by=TECH) == [line]

        pharmacy.do(dispensing.record_call, by=TECH, ticket_id=ticket_id, draft=CallDraft("driver", "brings it back"))
        (line,) = pharmacy.ask(queries.under_way)
        assert (line.harm, line.what) == (Harm.TODAY, "Take back delivery D-2603-0001")
        pharmacy.do(dispensing.return_delivery, by=TECH, ticket_id=ticket_id, reasons={"dispensing.returned": "called back"})
        assert pharmacy.ask(queries.under_way) == []  # destroying is a technician's work
        (line,) = pharmacy.ask(queries.under_way, by=TECH)
        assert (line.harm, line.what) == (Harm.NEXT, "Destroy 4 bags of delivery D-2603-0001")
        assert line.because == "Returned: called back; never used again."

    def test_an_excursion_waits_for_a_pharmacist_and_then_its_bags_for_a_technician(self, file_pharmacy: Pharmacy) -> None:
        pharmacy = file_pharmacy
        patient_id, _ = made(pharmacy)
        ticket_id = packed(pharmacy, patient_id, out=PackOutDraft(logger_serial="L-1"))
        confirmed(pharmacy, shipped(pharmacy, ticket_id), low_c=D(3), high_c=D("14.5"))
        assert pharmacy.ask(queries.under_way, by=TECH) == []

        (line,) = pharmacy.ask(queries.under_way)
        assert (line.harm, line.what) == (Harm.NOW, "Judge the excursion of delivery D-2603-0001")
        assert "14.5 °C on the way" in line.because

        draft = JudgementDraft("replace and destroy", "warm for longer than the row allows")
        pharmacy.do(dispensing.judge_bags, ticket_id=ticket_id, draft=draft)
        assert pharmacy.ask(queries.under_way) == []
        (line,) = pharmacy.ask(queries.under_way, by=TECH)
        assert (line.what, line.because) == ("Destroy 4 bags of delivery D-2603-0001", "Judged unusable; never used again.")

    def test_bags_that_should_be_there_already_harm_now(self, file_pharmacy: Pharmacy) -> None:
        pharmacy = file_pharmacy
        (early,) = pharmacy.ask(queries.to_send, by=TECH)
        assert (early.harm, early.is_late) == (Harm.TODAY, False)
        pharmacy.clock.set(datetime(2026, 3, 4, 15, 0, tzinfo=UTC))

        (line,) = pharmacy.ask(queries.to_send, by=TECH)

        assert (line.harm, line.is_late) == (Harm.NOW, True)
        assert line.due.startswith("late by 1 day, beyond use ")


class TestPumps:
    """Pumps that are missing, late or due."""

    @pytest.fixture
    def begins_with(self) -> Recipe:
        return a_pump_room

    def test_an_inotrope_without_its_back_up_harms_now_and_what_is_due_can_wait(self, pharmacy: Pharmacy) -> None:
        order_id = the_order(pharmacy)
        a_pump(pharmacy, "A200", maintained_on=None)

        (gap,) = pharmacy.ask(queries.pumps)
        assert (gap.harm, gap.place, gap.patient_id is not None) == (Harm.NOW, "Pumps", True)
        assert "milrinone" in gap.what and gap.because.startswith("Needs 2 pumps: an inotrope may not stop")
        gap_too, due = pharmacy.ask(queries.pumps, by=TECH)
        assert gap_too == gap
        assert (due.harm, due.is_late, due.due) == (Harm.NEXT, True, "preventive maintenance never recorded")
        assert due.what.startswith("Maintain pump A200, ")

        row = pharmacy.ask(pump_by_scan, text="A100").row
        assert row is not None
        pharmacy.do(equipment.give_pump, by=TECH, pump_id=row.id, draft=GiveDraft(order_id))
        assert len(pharmacy.ask(queries.pumps)) == 1  # one of two
        stop(pharmacy, order_id, date(2026, 3, 2))
        pharmacy.clock.set(datetime(2026, 3, 30, 15, 0, tzinfo=UTC))
        assert pharmacy.ask(queries.pumps) == []
        late = pharmacy.ask(queries.pumps, by=TECH)[0]
        assert (late.what.split(",")[0], late.due, late.record_id) == ("Fetch pump A100", "since 2 Mar 2026", row.id)
        assert late.because == "Its therapy is over."


class TestStock:
    """Counts, temperatures and recalls."""

    @pytest.fixture
    def begins_with(self) -> Recipe:
        return the_catalog

    def test_a_difference_waits_for_another_person_than_who_counted(self, pharmacy: Pharmacy) -> None:
        received(pharmacy, stocked(pharmacy), "A")
        pharmacy.do(shelf.begin_count, by=TECH, draft=CountSheetDraft(place(pharmacy, "Room")))
        (line,) = pharmacy.ask(queries.stock, by=SECOND_PHARMACIST)
        assert (line.what, line.because) == ("Finish the count of Room", "1 line not counted yet.")
        line_id = pharmacy.ask(inventory.count_sheets)[0].lines[0].id
        pharmacy.do(shelf.enter_count, by=TECH, line_id=line_id, found=D(9))

        (line,) = pharmacy.ask(queries.stock, by=SECOND_PHARMACIST)

        assert (line.what, line.harm, line.place) == ("Count again: 1 line in Room", Harm.TODAY, "Counts")
        assert line.because.startswith("ZZTEST Technician counted first")
        assert [one.place for one in pharmacy.ask(queries.stock, by=TECH)] == ["Temperatures"]  # not twice by the same

    def test_an_open_recall_waits_for_the_pharmacist_in_charge(self, pharmacy: Pharmacy) -> None:
        item_id = stocked(pharmacy)
        received(pharmacy, item_id, "A")
        draft = RecallDraft(item_id=item_id, lot_numbers="A", notice="FDA Z-0412", because="may leak")
        recall_id = pharmacy.do(shelf.open_recall, draft=draft)

        (line,) = pharmacy.ask(queries.stock, by=PIC)

        assert (line.what, line.record_id) == ("Close recall R-2603-01: transfer set, lots A", recall_id)
        assert (line.place, line.because) == ("Recalls of stock", "FDA Z-0412: may leak.")
        assert pharmacy.ask(queries.stock) == []

    def test_a_location_is_read_by_a_technician_and_an_excursion_judged_by_a_pharmacist(self, pharmacy: Pharmacy) -> None:
        received(pharmacy, stocked(pharmacy), "A")
        (line,) = pharmacy.ask(queries.stock, by=TECH)
        assert line.what == "Read the temperature: Controlled vault, Freezer, Refrigerator, Room"
        draft = ReadingDraft("C", D(41))
        pharmacy.do(note_temperature, by=TECH, location_id=place(pharmacy, "Room"), draft=draft)

        outside, left = pharmacy.ask(queries.stock, by=TECH)
        judge, outside_too = pharmacy.ask(queries.stock)

        assert left.what == "Read the temperature: Controlled vault, Freezer, Refrigerator"
        assert (judge.what, judge.place, judge.harm) == ("Judge 1 lot after the excursion of Room", "Temperatures", Harm.TODAY)
        assert judge.because.startswith("41 °C to 41 °C, allowed ") and "in quarantine" in judge.because
        assert (outside.what, outside.harm, outside.record_id) == (
            "Bring Room back into its range",
            Harm.NOW,
            place(pharmacy, "Room"),
        )
        assert outside_too == outside
        room = place(pharmacy, "Room")
        pharmacy.do(add_monitor, by=TECH, location_id=room, draft=MonitorDraft(date(2025, 1, 7), None, "C-1", "S-1"))
        verify = pharmacy.ask(queries.stock, by=TECH)[-1]
        assert (verify.what, verify.due, verify.is_late) == ("Verify the monitor of Room", "monitor S-1 since 7 Jan 2026", True)

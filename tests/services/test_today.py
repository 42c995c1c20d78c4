"""Today's lists come from what the other slices list, each line with why it is here; on both databases."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from infusiondesk.dispensing.queries import tickets_of
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.interactions import service as interactions
from infusiondesk.labs.service import take_in
from infusiondesk.orders import service as order_service
from infusiondesk.orders.queries import orders_of
from infusiondesk.orders.rules import QuestionDraft
from infusiondesk.patients import queries as patients
from infusiondesk.prescriptions import queries as prescriptions
from infusiondesk.prescriptions import service as prescription_service
from infusiondesk.today import queries
from infusiondesk.today.rules import Harm
from tests.beginnings import START, Recipe, after
from tests.clean_room import a_stocked_clean_room
from tests.lab_messages import POTASSIUM_HIGH, SODIUM, message
from tests.pharmacy import SECOND_PHARMACIST, Pharmacy
from tests.services.test_billing_month import bags_made, vancomycin
from tests.services.test_prescriptions import filled, prescribed
from tests.services.test_promises import promised
from tests.services.test_visits import a_visit
from tests.story import a_patient, a_verified_order, an_order, an_order_draft, order_of, the_signed_catalog

QUESTION = QuestionDraft("The dose is not legible.", "ZZTEST Maplewood", datetime(2026, 3, 2, 14, 0, tzinfo=UTC))
HELD = {"orders.held": "laboratory result"}


@pytest.fixture
def begins_with() -> Recipe:
    return the_signed_catalog


def mrn_of(pharmacy: Pharmacy) -> str:
    (row,) = pharmacy.ask(patients.patient_board)
    return row.mrn


def test_a_critical_result_harms_now_and_a_normal_one_can_wait(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    mrn = mrn_of(pharmacy)
    for number, line in enumerate((POTASSIUM_HIGH, SODIUM)):
        data = message(mrn, line, order=f"FO-{number}", control=f"C-{number}")
        pharmacy.do(take_in, by=Role.TECHNICIAN, name="r.hl7", data=data)

    critical, normal = pharmacy.ask(queries.results)

    assert (critical.harm, critical.place, critical.patient_id) == (Harm.NOW, "Labs to review", patient_id)
    assert critical.because.startswith("Critical: ") and critical.who == f"ZZTEST Alder, Marian, MRN {mrn}"
    assert normal.harm is not Harm.NOW


def test_a_result_of_nobody_is_looked_for(file_pharmacy: Pharmacy) -> None:
    stranger = ("ZZTEST ALDERS^MARYAN", "19640314", "F")
    file_pharmacy.do(take_in, by=Role.TECHNICIAN, name="r.hl7", data=message("none", POTASSIUM_HIGH, person=stranger))

    (line,) = file_pharmacy.ask(queries.unmatched)

    assert (line.harm, line.place, line.patient_id) == (Harm.NOW, "Unmatched results", None)
    assert line.because


def test_a_promise_stands_there_from_the_day_before_until_it_is_closed(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    promised(pharmacy)
    assert pharmacy.ask(queries.promised) == []  # three days ahead

    for on, harm, due in ((4, Harm.NEXT, "tomorrow"), (5, Harm.TODAY, "today"), (6, Harm.NOW, "broken since 5 Mar 2026")):
        pharmacy.clock.set(datetime(2026, 3, on, 15, 0, tzinfo=UTC))
        (line,) = pharmacy.ask(queries.promised)
        assert (line.due, line.is_late, line.harm) == (due, on == 6, harm)
    assert line.because.startswith("cefTRIAXone and order: review (R22) was passed because it is watched")
    assert pharmacy.ask(queries.promised, by=Role.PHARMACIST_IN_CHARGE) == [line]
    assert pharmacy.ask(queries.promised, by=Role.NURSE) == []  # a pharmacist looks after it


def test_an_order_harms_from_its_first_day_on(file_pharmacy: Pharmacy) -> None:
    an_order(file_pharmacy, a_patient(file_pharmacy))

    for on, harm in ((1, Harm.NEXT), (2, Harm.TODAY), (3, Harm.NOW)):
        file_pharmacy.clock.set(datetime(2026, 3, on, 15, 0, tzinfo=UTC))
        (line,) = file_pharmacy.ask(queries.orders)
        assert (line.harm, line.place, line.what) == (harm, "Orders to verify", "Verify cefTRIAXone 2 g IV daily")
        assert "no dose may be made" in line.because


def test_a_nurse_sees_her_own_visits_and_one_whose_window_has_passed_harms_now(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    a_visit(pharmacy, patient_id=a_patient(pharmacy))

    (line,) = pharmacy.ask(queries.visits, by=Role.NURSE)
    assert (line.harm, line.because) == (Harm.TODAY, "Planned for you.")
    assert pharmacy.ask(queries.visits, by=Role.PHARMACIST) == []

    pharmacy.clock.set(datetime(2026, 3, 3, 15, 0, tzinfo=UTC))
    (late,) = pharmacy.ask(queries.visits, by=Role.NURSE)
    assert (late.harm, late.is_late) == (Harm.NOW, True)


def test_released_bags_wait_for_a_technician_with_the_reason(file_pharmacy: Pharmacy) -> None:
    patient_id = a_patient(file_pharmacy)
    bags_made(file_pharmacy, vancomycin(file_pharmacy, patient_id, date(2026, 3, 2), date(2026, 4, 6)))

    (line,) = file_pharmacy.ask(queries.to_send, by=Role.TECHNICIAN)

    assert (line.place, line.record_id, line.patient_id) == ("Deliveries", patient_id, patient_id)
    assert line.because.startswith("Released, and on no ticket yet. First delivery: there for the first dose on 2 Mar 2026.")
    assert line.is_late and line.due.startswith("late by 3 days, beyond use ")
    assert file_pharmacy.ask(queries.fills, by=SECOND_PHARMACIST) == []  # nothing has left
    assert file_pharmacy.ask(queries.bench) == []  # nothing of it waits for anybody any more


def test_a_late_referral_harms_now_and_says_what_is_missing(file_pharmacy: Pharmacy) -> None:
    a_patient(file_pharmacy)
    file_pharmacy.clock.set(datetime(2026, 3, 5, 15, 0, tzinfo=UTC))

    (line,) = file_pharmacy.ask(queries.referrals, by=Role.INTAKE)

    assert (line.harm, line.is_late, line.place) == (Harm.NOW, True, "Referrals")
    assert "late" in line.due and "Referred by hospital" in line.because


def test_a_treated_month_without_coverage_is_held_and_says_why(file_pharmacy: Pharmacy) -> None:
    vancomycin(file_pharmacy, a_patient(file_pharmacy), date(2026, 3, 2), date(2026, 4, 6))
    file_pharmacy.clock.set(datetime(2026, 4, 2, 15, 0, tzinfo=UTC))

    (line,) = file_pharmacy.ask(queries.month_end, by=Role.BILLER)

    assert (line.what, line.place) == ("Enter who pays", "Month end")
    assert "no coverage" in line.because


def test_what_stands_between_the_store_and_its_first_dispense_is_one_line(file_pharmacy: Pharmacy) -> None:
    lines = file_pharmacy.ask(queries.catalog, by=Role.PHARMACIST_IN_CHARGE)

    assert [line.place for line in lines] in ([], ["Catalog review"])
    assert all(line.because and line.harm is Harm.NEXT for line in lines)  # signed drugs may be dispensed meanwhile


def test_a_questioned_order_says_what_was_asked_and_since_when_and_leads_to_the_chart(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    version_id = an_order(pharmacy, patient_id)
    waiting = an_order(pharmacy, patient_id)
    pharmacy.do(order_service.question_order, version_id=version_id, draft=QUESTION)

    asked, other = pharmacy.ask(queries.orders)

    assert (asked.what, asked.place, asked.in_chart) == ("Clarify Rx 700001, cefTRIAXone 2 g IV daily", "Orders", True)
    assert (asked.record_id, asked.patient_id) == (version_id, patient_id)
    assert asked.because == (
        "In clarification since 2 Mar 2026 08:00: The dose is not legible. Called: ZZTEST Maplewood, 2 Mar 2026 08:00. "
        "A new version answers it."
    )
    assert (other.record_id, other.place, other.in_chart) == (waiting, "Orders to verify", False)

    draft, why = an_order_draft(pharmacy, patient_id), {"orders.change": "legible now"}
    pharmacy.do(order_service.change_order, order_id=order_of(pharmacy, version_id), draft=draft, reasons=why)
    assert {line.place for line in pharmacy.ask(queries.orders)} == {"Orders to verify"}


def test_an_order_on_hold_stands_there_with_its_reason_until_it_is_resumed_or_over(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    version_id = a_verified_order(pharmacy, patient_id)
    order_id = order_of(pharmacy, version_id)
    a_verified_order(pharmacy, patient_id)
    assert pharmacy.ask(queries.holds) == []
    pharmacy.clock.set(datetime(2026, 3, 5, 15, 0, tzinfo=UTC))
    on = date(2026, 3, 5)
    pharmacy.do(order_service.hold_order, order_id=order_id, effective_on=on, reasons={"orders.held": "adverse reaction"})
    pharmacy.clock.advance(minutes=1)
    pharmacy.do(order_service.resume_order, order_id=order_id, effective_on=on, reasons={"orders.resumed": "cause resolved"})
    assert pharmacy.ask(queries.holds) == []
    pharmacy.clock.advance(minutes=1)
    pharmacy.do(order_service.hold_order, order_id=order_id, effective_on=date(2026, 3, 6), reasons=HELD)

    (line,) = pharmacy.ask(queries.holds)

    assert (line.what, line.due, line.harm) == ("On hold: Rx 700001, cefTRIAXone 2 g IV daily", "since 6 Mar 2026", Harm.NEXT)
    assert line.because == "Laboratory result. No dose until it is resumed; its last day is 16 Mar 2026."
    assert (line.place, line.in_chart, line.record_id, line.patient_id) == ("Orders", True, version_id, patient_id)
    pharmacy.clock.set(datetime(2026, 3, 17, 15, 0, tzinfo=UTC))
    assert pharmacy.ask(queries.holds) == []  # its last day has passed


def test_a_discontinued_order_is_on_hold_no_more(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    order_id = order_of(pharmacy, a_verified_order(pharmacy, a_patient(pharmacy)))
    pharmacy.clock.set(datetime(2026, 3, 5, 15, 0, tzinfo=UTC))
    on = date(2026, 3, 5)
    pharmacy.do(order_service.hold_order, order_id=order_id, effective_on=on, reasons=HELD)
    assert len(pharmacy.ask(queries.holds)) == 1

    why = {"orders.discontinued": "prescriber's order"}
    pharmacy.do(order_service.discontinue_order, order_id=order_id, effective_on=on, reasons=why)

    assert pharmacy.ask(queries.holds) == []


def test_the_rules_that_nobody_signed_are_one_line_with_the_librarys_own_number(pharmacy: Pharmacy) -> None:
    found = pharmacy.ask(interactions.rules_found, scope="unsigned")

    (line,) = pharmacy.ask(queries.knowledge, by=Role.PHARMACIST_IN_CHARGE)

    assert (line.place, line.harm) == ("Interactions", Harm.NEXT)
    assert line.what == f"Sign {found.unsigned:,} rules of the knowledge"
    assert found.unsigned > 1

    row = next(row for row in found.rows if row.layer == "")
    why = {"knowledge.compared": "current package insert"}
    pharmacy.do(interactions.sign_rules, by=Role.PHARMACIST_IN_CHARGE, seen=[(row.id, row.version)], reasons=why)
    (line,) = pharmacy.ask(queries.knowledge, by=Role.PHARMACIST_IN_CHARGE)
    assert line.what == f"Sign {found.unsigned - 1:,} rules of the knowledge"


@after(a_stocked_clean_room)
def a_filled_prescription(pharmacy: Pharmacy) -> None:
    """One prescription whose first bags have left."""
    patient_id = a_patient(pharmacy)
    filled(pharmacy, patient_id, prescribed(pharmacy, patient_id))
    pharmacy.clock.set(START)


class TestFillLog:
    """Days whose fills wait for a name."""

    @pytest.fixture
    def begins_with(self) -> Recipe:
        return a_filled_prescription

    def at(self, pharmacy: Pharmacy) -> tuple[UUID, UUID]:
        """Later on that day: the patient and the order's version."""
        pharmacy.clock.advance(hours=1)
        patient_id = pharmacy.ask(patients.patient_board)[0].patient_id
        (order,) = pharmacy.ask(orders_of, patient_id=patient_id)
        return patient_id, order.id

    def signs(self, pharmacy: Pharmacy, on: date) -> None:
        me = pharmacy.actor(SECOND_PHARMACIST).id
        seen = prescriptions.signed_fills(pharmacy.ask(prescriptions.fill_log, day=on).fills, me)
        pharmacy.do(prescription_service.sign_fill_log, by=SECOND_PHARMACIST, on=on, seen=seen)

    def test_the_days_are_one_line_that_leads_to_the_oldest(self, pharmacy: Pharmacy) -> None:
        patient_id, version_id = self.at(pharmacy)
        (ticket,) = pharmacy.ask(tickets_of, patient_id=patient_id)

        (line,) = pharmacy.ask(queries.fills, by=SECOND_PHARMACIST)
        assert (line.what, line.due, line.is_late) == ("Sign your fills of 2 Mar 2026", "today", False)
        assert (line.harm, line.place, line.record_id) == (Harm.TODAY, "Fill log", ticket.id)
        assert pharmacy.ask(queries.fills, by=Role.PHARMACIST) == []  # released nothing

        pharmacy.clock.set(datetime(2026, 3, 9, 15, 0, tzinfo=UTC))
        filled(pharmacy, patient_id, version_id)
        (line,) = pharmacy.ask(queries.fills, by=SECOND_PHARMACIST)
        assert (line.what, line.due, line.is_late) == ("Sign your fills of 2 days", "since 2 Mar 2026", True)
        assert line.because == "You released what left on 2 Mar 2026 and 9 Mar 2026, and your name is not under all of it."
        assert pharmacy.ask(prescriptions.fill_log).day == date(2026, 3, 9)
        assert pharmacy.ask(prescriptions.fill_log, ticket_id=line.record_id).day == date(2026, 3, 2)

        self.signs(pharmacy, date(2026, 3, 2))
        (line,) = pharmacy.ask(queries.fills, by=SECOND_PHARMACIST)
        assert (line.what, line.due) == ("Sign your fills of 9 Mar 2026", "today")
        pharmacy.clock.set(datetime(2026, 6, 10, 15, 0, tzinfo=UTC))
        assert pharmacy.ask(queries.fills, by=SECOND_PHARMACIST) == []  # further back than three months

    def test_a_day_signed_before_more_of_it_left_waits_again(self, file_pharmacy: Pharmacy) -> None:
        pharmacy = file_pharmacy
        patient_id, version_id = self.at(pharmacy)
        today = date(2026, 3, 2)
        self.signs(pharmacy, today)
        assert pharmacy.ask(queries.fills, by=SECOND_PHARMACIST) == []

        filled(pharmacy, patient_id, version_id)

        assert [line.due for line in pharmacy.ask(queries.fills, by=SECOND_PHARMACIST)] == ["today"]
        pharmacy.clock.advance(minutes=30)
        self.signs(pharmacy, today)
        assert pharmacy.ask(queries.fills, by=SECOND_PHARMACIST) == []

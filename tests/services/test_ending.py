"""The end of an episode ends orders, visits and billed days with it, and says what is left to do; on both databases."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from infusiondesk.compounding import service as bench
from infusiondesk.compounding.queries.batches import OVER, batches
from infusiondesk.dispensing import service as dispensing
from infusiondesk.dispensing.queries import tickets_of
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.orders import queries as orders
from infusiondesk.orders import service as order_service
from infusiondesk.orders.rules import EventKind, State
from infusiondesk.patients import queries as charts
from infusiondesk.patients.rules.facts import Finding, Severity
from infusiondesk.patients.rules.words import PatientStatus
from infusiondesk.visits import queries as visits
from infusiondesk.visits.rules import State as VisitState
from infusiondesk.workflows.ending import discharge, record_death, transfer
from tests.beginnings import Recipe
from tests.clean_room import a_plan
from tests.people import activate
from tests.pharmacy import SECOND_PHARMACIST, Pharmacy
from tests.services.test_billing_month import APRIL, bags_made, covered, ledger, packed, sent, vancomycin
from tests.services.test_visits import a_visit
from tests.story import a_patient, a_verified_order, an_order, an_order_draft, order_of, the_signed_catalog

DAUGHTER = "daughter, by telephone"
COMPLETED = {"patients.discharge": "therapy completed"}


@pytest.fixture
def begins_with() -> Recipe:
    return the_signed_catalog


def at(pharmacy: Pharmacy, month: int, day: int) -> None:
    pharmacy.clock.set(datetime(2026, month, day, 14, 0, tzinfo=UTC))


def states(pharmacy: Pharmacy, patient_id: UUID) -> dict[int, tuple[State, str]]:
    return {row.rx_number: (row.state, row.last_event) for row in pharmacy.ask(orders.orders_of, patient_id=patient_id)}


def test_with_a_death_stops_everything_and_what_is_left_to_do_is_said(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    version_id = vancomycin(pharmacy, patient_id, date(2026, 3, 2), date(2026, 4, 6))
    an_order(pharmacy, patient_id)
    bags_made(pharmacy, version_id)
    sent(pharmacy, patient_id)
    pharmacy.do(bench.plan_batch, by=Role.TECHNICIAN, draft=a_plan(pharmacy, version_id))
    a_visit(pharmacy, patient_id=patient_id)
    at(pharmacy, 3, 5)

    told = pharmacy.do(record_death, by=Role.NURSE, patient_id=patient_id, died_on=date(2026, 3, 4), source=DAUGHTER)

    batch = next(row.number for row in pharmacy.ask(batches) if row.state not in OVER)
    ticket = pharmacy.ask(tickets_of, patient_id=patient_id)[0].number
    assert told == (
        "Rx 700001 ends on 4 Mar 2026. Rx 700002 is cancelled. 1 planned visit is cancelled. "
        f"Still to do: reject batch {batch}, call back delivery {ticket}."
    )
    assert states(pharmacy, patient_id) == {
        700001: (State.DISCONTINUED, "discontinued from 2026-03-04"),
        700002: (State.CANCELLED, "cancelled from 2026-03-04"),
    }
    assert [row.state for row in pharmacy.ask(visits.visits_of, patient_id=patient_id)] == [VisitState.CANCELLED]
    assert [row.rx_number for row in pharmacy.ask(orders.orders_to_verify)] == []


def test_no_day_after_the_death_is_billed_even_when_it_is_learnt_late(file_pharmacy: Pharmacy) -> None:
    """The order had run out on 6 April before anybody told us; its days after the 2nd go all the same."""
    pharmacy = file_pharmacy
    patient_id = a_patient(pharmacy)
    covered(pharmacy, patient_id)
    vancomycin(pharmacy, patient_id)
    at(pharmacy, 4, 20)
    before = ledger(pharmacy, patient_id, APRIL)

    told = pharmacy.do(record_death, patient_id=patient_id, died_on=date(2026, 4, 2), source=DAUGHTER)

    after = ledger(pharmacy, patient_id, APRIL)
    assert told == "Rx 700001 ends on 2 Apr 2026."
    assert before.ready_units + before.held_units == 6
    assert after.ready_units + after.held_units == 2
    assert max(line.last for line in after.lines) == date(2026, 4, 2)


def test_a_death_before_the_discharge_takes_the_days_between_back(pharmacy: Pharmacy) -> None:
    patient_id = activate(pharmacy)
    version_id = a_verified_order(pharmacy, patient_id, start_on=date(2026, 3, 2))
    at(pharmacy, 3, 12)
    pharmacy.do(discharge, patient_id=patient_id, last_day=date(2026, 3, 10), reasons=COMPLETED)
    assert [course.last for course in pharmacy.ask(orders.therapy_courses, patient_id=patient_id)] == [date(2026, 3, 10)]

    told = pharmacy.do(record_death, patient_id=patient_id, died_on=date(2026, 3, 8), source=DAUGHTER)

    assert told == "Rx 700001 ends on 8 Mar 2026."
    assert [course.last for course in pharmacy.ask(orders.therapy_courses, patient_id=patient_id)] == [date(2026, 3, 8)]
    with pytest.raises(Refused, match=r"It ended on 8 Mar 2026; only an earlier last day"):
        order_id = order_of(pharmacy, version_id)
        pharmacy.do(order_service.discontinue_order, order_id=order_id, effective_on=date(2026, 3, 9))


def test_a_discharge_ends_what_runs_and_leaves_what_had_ended(pharmacy: Pharmacy) -> None:
    patient_id = activate(pharmacy)
    a_verified_order(pharmacy, patient_id, start_on=date(2026, 3, 2), stop_on=date(2026, 3, 4))
    runs = a_verified_order(pharmacy, patient_id, "vancomycin", dose_amount=1, start_on=date(2026, 3, 2))
    held = a_verified_order(pharmacy, patient_id, "ertapenem", dose_amount=1, start_on=date(2026, 3, 2))
    at(pharmacy, 3, 9)
    reasons = {"orders.held": "laboratory result"}
    pharmacy.do(order_service.hold_order, order_id=order_of(pharmacy, held), effective_on=date(2026, 3, 9), reasons=reasons)
    bags = [Finding("8.6", Severity.HOLD, "Two bags are still in the home.")]
    with pytest.raises(Refused, match="between the referral, 2 Mar 2026, and today"):
        pharmacy.do(discharge, patient_id=patient_id, last_day=date(2026, 3, 10), reasons=COMPLETED)

    told = pharmacy.do(
        discharge, patient_id=patient_id, last_day=date(2026, 3, 9), findings=bags,
        reasons={**COMPLETED, "patients.discharge_findings": "the family destroys both bags"},
    )  # fmt: skip

    assert told == "Rx 700002 ends on 9 Mar 2026. Rx 700003 ends on 9 Mar 2026."
    assert {rx: state for rx, (state, _) in states(pharmacy, patient_id).items()} == {
        700001: State.COMPLETED, 700002: State.DISCONTINUED, 700003: State.DISCONTINUED,
    }  # fmt: skip
    order_id = order_of(pharmacy, runs)
    events = pharmacy.ask(lambda reading: orders.events_of(reading.session, [order_id])[order_id])
    assert [(one.kind, one.because) for one in events] == [(EventKind.DISCONTINUED, "discharge")]


def test_a_transfer_ends_the_orders_here(file_pharmacy: Pharmacy) -> None:
    patient_id = activate(file_pharmacy)
    a_verified_order(file_pharmacy, patient_id, start_on=date(2026, 3, 2))

    told = file_pharmacy.do(transfer, patient_id=patient_id, pharmacy="ZZTEST Other Pharmacy", last_day=date(2026, 3, 2))

    assert told == "Rx 700001 ends on 2 Mar 2026."
    step = file_pharmacy.ask(charts.steps_of, patient_id=patient_id)[0]
    assert step.details == {"last day": "2 Mar 2026", "record sent to": "ZZTEST Other Pharmacy"}


def test_nothing_is_said_where_nothing_was_open(file_pharmacy: Pharmacy) -> None:
    assert file_pharmacy.do(record_death, patient_id=a_patient(file_pharmacy), died_on=date(2026, 3, 2), source=DAUGHTER) == ""


def test_who_may_not_end_an_episode_ends_nothing(file_pharmacy: Pharmacy) -> None:
    patient_id = activate(file_pharmacy)
    a_verified_order(file_pharmacy, patient_id)

    with pytest.raises(Refused, match="To discharge a patient you need to be"):
        file_pharmacy.do(discharge, by=Role.NURSE, patient_id=patient_id, last_day=date(2026, 3, 2), reasons=COMPLETED)

    assert states(file_pharmacy, patient_id)[700001][0] is State.VERIFIED
    assert file_pharmacy.ask(charts.chart_facts, patient_id=patient_id).status is PatientStatus.ACTIVE


def test_after_the_end_nothing_is_ordered_verified_packed_or_shipped(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = a_patient(pharmacy)
    version_id = vancomycin(pharmacy, patient_id, date(2026, 3, 2), date(2026, 4, 6))
    waiting = an_order(pharmacy, patient_id)
    bags_made(pharmacy, version_id)
    ticket_id = packed(pharmacy, patient_id)
    at(pharmacy, 3, 3)
    told = pharmacy.do(record_death, patient_id=patient_id, died_on=date(2026, 3, 3), source=DAUGHTER)

    over = r"The patient is deceased; nothing is ordered any more\.$"
    assert f"cancel delivery {pharmacy.ask(tickets_of, patient_id=patient_id)[0].number}" in told
    with pytest.raises(Refused, match=r"The patient is deceased\. Nothing is packed or shipped"):
        pharmacy.do(dispensing.ship_ticket, by=Role.TECHNICIAN, ticket_id=ticket_id)
    with pytest.raises(Refused, match=over):
        an_order(pharmacy, patient_id)
    with pytest.raises(Refused, match=over):
        draft = an_order_draft(pharmacy, patient_id, "vancomycin")
        pharmacy.do(order_service.change_order, order_id=order_of(pharmacy, version_id), draft=draft)
    with pytest.raises(Refused, match=over):
        pharmacy.do(order_service.sign_verification, by=SECOND_PHARMACIST, version_id=waiting, patient_name="ZZTEST Alder")


def test_who_left_and_is_referred_again_can_be_ordered_for_again(file_pharmacy: Pharmacy) -> None:
    patient_id = activate(file_pharmacy)
    file_pharmacy.do(discharge, patient_id=patient_id, last_day=date(2026, 3, 2), reasons=COMPLETED)

    with pytest.raises(Refused, match=r"nothing is ordered any more\. Refer the patient again first\."):
        an_order(file_pharmacy, patient_id)

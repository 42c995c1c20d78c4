"""Today's lists come from what the other slices list, each line with why it is here; on both databases."""

from datetime import UTC, date, datetime

import pytest

from infusiondesk.foundation.kernel.people import Role
from infusiondesk.labs.service import take_in
from infusiondesk.patients import queries as patients
from infusiondesk.today import queries
from infusiondesk.today.rules import Harm
from tests.beginnings import Recipe
from tests.lab_messages import POTASSIUM_HIGH, SODIUM, message
from tests.pharmacy import Pharmacy
from tests.services.test_billing_month import bags_made, vancomycin
from tests.services.test_promises import promised
from tests.services.test_visits import a_visit
from tests.story import a_patient, an_order, the_signed_catalog


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


def test_a_result_of_nobody_is_looked_for(pharmacy: Pharmacy) -> None:
    stranger = ("ZZTEST ALDERS^MARYAN", "19640314", "F")
    pharmacy.do(take_in, by=Role.TECHNICIAN, name="r.hl7", data=message("none", POTASSIUM_HIGH, person=stranger))

    (line,) = pharmacy.ask(queries.unmatched)

    assert (line.harm, line.place, line.patient_id) == (Harm.NOW, "Unmatched results", None)
    assert line.because


@pytest.mark.parametrize(
    ("on", "harm", "due"),
    [(4, Harm.NEXT, "tomorrow"), (5, Harm.TODAY, "today"), (6, Harm.NOW, "broken since 5 Mar 2026")],
)
def test_a_promise_stands_there_from_the_day_before_until_it_is_closed(pharmacy: Pharmacy, on: int, harm: Harm, due: str) -> None:
    promised(pharmacy)
    assert pharmacy.ask(queries.promised) == []  # three days ahead
    pharmacy.clock.set(datetime(2026, 3, on, 15, 0, tzinfo=UTC))

    (line,) = pharmacy.ask(queries.promised)

    assert (line.due, line.is_late) == (due, on == 6)
    assert line.harm is harm
    assert line.because.startswith("cefTRIAXone and order: review (R22) was passed because it is watched")
    assert pharmacy.ask(queries.promised, by=Role.PHARMACIST_IN_CHARGE) == [line]
    assert pharmacy.ask(queries.promised, by=Role.NURSE) == []  # a pharmacist looks after it


@pytest.mark.parametrize(("on", "harm"), [(1, Harm.NEXT), (2, Harm.TODAY), (3, Harm.NOW)])
def test_an_order_harms_from_its_first_day_on(pharmacy: Pharmacy, on: int, harm: Harm) -> None:
    an_order(pharmacy, a_patient(pharmacy))
    pharmacy.clock.set(datetime(2026, 3, on, 15, 0, tzinfo=UTC))

    (line,) = pharmacy.ask(queries.orders)

    assert (line.harm, line.place, line.what) == (harm, "Orders to verify", "Verify cefTRIAXone 2 g IV daily")
    assert "no dose may be made" in line.because


def test_a_nurse_sees_her_own_visits_and_one_whose_window_has_passed_harms_now(pharmacy: Pharmacy) -> None:
    a_visit(pharmacy, patient_id=a_patient(pharmacy))

    (line,) = pharmacy.ask(queries.visits, by=Role.NURSE)
    assert (line.harm, line.because) == (Harm.TODAY, "Planned for you.")
    assert pharmacy.ask(queries.visits, by=Role.PHARMACIST) == []

    pharmacy.clock.set(datetime(2026, 3, 3, 15, 0, tzinfo=UTC))
    (late,) = pharmacy.ask(queries.visits, by=Role.NURSE)
    assert (late.harm, late.is_late) == (Harm.NOW, True)


def test_released_bags_wait_for_a_technician_with_the_reason(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    bags_made(pharmacy, vancomycin(pharmacy, patient_id, date(2026, 3, 2), date(2026, 4, 6)))

    (line,) = pharmacy.ask(queries.to_send, by=Role.TECHNICIAN)

    assert (line.place, line.record_id, line.patient_id) == ("Deliveries", patient_id, patient_id)
    assert line.because == "Released, and on no ticket yet." and line.due.startswith("beyond use ")
    assert pharmacy.ask(queries.bench) == []  # nothing of it waits for anybody any more


def test_a_late_referral_harms_now_and_says_what_is_missing(pharmacy: Pharmacy) -> None:
    a_patient(pharmacy)
    pharmacy.clock.set(datetime(2026, 3, 5, 15, 0, tzinfo=UTC))

    (line,) = pharmacy.ask(queries.referrals, by=Role.INTAKE)

    assert (line.harm, line.is_late, line.place) == (Harm.NOW, True, "Referrals")
    assert "late" in line.due and "Referred by hospital" in line.because


def test_a_treated_month_without_coverage_is_held_and_says_why(pharmacy: Pharmacy) -> None:
    vancomycin(pharmacy, a_patient(pharmacy), date(2026, 3, 2), date(2026, 4, 6))
    pharmacy.clock.set(datetime(2026, 4, 2, 15, 0, tzinfo=UTC))

    (line,) = pharmacy.ask(queries.month_end, by=Role.BILLER)

    assert (line.what, line.place) == ("Enter who pays", "Month end")
    assert "no coverage" in line.because


def test_what_stands_between_the_store_and_its_first_dispense_is_one_line(pharmacy: Pharmacy) -> None:
    lines = pharmacy.ask(queries.catalog, by=Role.PHARMACIST_IN_CHARGE)

    assert [line.place for line in lines] in ([], ["Catalog review"])
    assert all(line.because and line.harm is Harm.NEXT for line in lines)  # signed drugs may be dispensed meanwhile

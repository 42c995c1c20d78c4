"""A month of billing from what was really done: orders, confirmed deliveries, hospital days and visits; on both databases."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from infusiondesk.billing.exchange.month import MonthLedger, keep_month, summary_of
from infusiondesk.billing.queries import month_facts, patients_to_bill
from infusiondesk.billing.rules.days import DayStatus
from infusiondesk.billing.rules.holds import Held
from infusiondesk.compounding import service as bench
from infusiondesk.compounding.rules import FinishDraft, StartDraft, VolumeProof
from infusiondesk.dispensing import service as dispensing
from infusiondesk.dispensing.queries import tickets_of
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.kernel.periods import Period, parse_month
from infusiondesk.inventory import queries as inventory
from infusiondesk.orders import service as orders
from infusiondesk.patients import service as patients
from infusiondesk.patients.queries import patient_board
from infusiondesk.patients.queries.paper import patient_block
from infusiondesk.patients.rules.entries import HospitalDischargeDraft, PlaceDraft, StayDraft
from infusiondesk.patients.rules.words import PlaceKind
from infusiondesk.payers import service as payers
from infusiondesk.payers.rules.coverage import AuthorizationDraft, CoverageDraft, PayerDraft
from infusiondesk.payers.rules.profile import PayerKind
from infusiondesk.payers.service import Answer
from infusiondesk.visits import service as visits
from tests import deliveries
from tests.beginnings import START, Recipe, after
from tests.clean_room import LOTS, VANCOMYCIN, a_plan, approve, receive, take, whole
from tests.pharmacy import SECOND_PHARMACIST, Pharmacy
from tests.services.test_visits import BASELINE, a_note, a_visit
from tests.story import a_patient, a_verified_order, order_of, the_signed_catalog

MARCH, APRIL = parse_month("2026-03"), parse_month("2026-04")
FROM_JANUARY = {"payers.backdated": "the contract says so from that day"}


def covered(
    pharmacy: Pharmacy, patient_id: UUID, kind: PayerKind = PayerKind.COMMERCIAL, ends_on: date | None = None, **answers: object
) -> UUID:
    """A payer with rates for both anti-infective codes and no other answer but these; the patient is covered from January."""
    payer_id = pharmacy.do(payers.add_payer, by=Role.BILLER, draft=PayerDraft("Blue Plan PPO", kind))
    said = {"rates": {"S9500": 95, "S9501": 105, "99601": 160, "J3373": "0.03"}, **answers}
    pharmacy.do(
        payers.set_profile, by=Role.BILLER, payer_id=payer_id, effective_on=date(2026, 1, 1), reasons=FROM_JANUARY,
        answers={name: Answer(value, "contract 2026, page 3") for name, value in said.items()},
    )  # fmt: skip
    draft = CoverageDraft(payer_id, "ZZ123", "", "", 1, date(2026, 1, 1), ends_on)
    return pharmacy.do(payers.add_coverage, by=Role.BILLER, patient_id=patient_id, draft=draft)


def authorized(pharmacy: Pharmacy, coverage_id: UUID, code: str, first: date, last: date, units: int = 30) -> None:
    draft = AuthorizationDraft("A123", code, first, last, units)
    pharmacy.do(payers.enter_authorization, by=Role.BILLER, coverage_id=coverage_id, draft=draft)


def vancomycin(pharmacy: Pharmacy, patient_id: UUID, first: date = date(2026, 3, 31), last: date = date(2026, 4, 6)) -> UUID:
    return a_verified_order(pharmacy, patient_id, "vancomycin", start_on=first, stop_on=last, **VANCOMYCIN)


def bags_made(pharmacy: Pharmacy, version_id: UUID) -> None:
    """Four bags of vancomycin, from the plan to the release."""
    known = {item.name for item in pharmacy.ask(inventory.items)}
    for label, lot in LOTS.items():
        if label not in known:
            receive(pharmacy, label, lot)
    batch_id = pharmacy.do(bench.plan_batch, by=Role.TECHNICIAN, draft=a_plan(pharmacy, version_id))
    approve(pharmacy, batch_id)
    for lot in LOTS.values():
        take(pharmacy, batch_id, lot)
    pharmacy.do(bench.start_batch, by=Role.TECHNICIAN, batch_id=batch_id, draft=StartDraft("PEC-2", is_clear=True))
    pharmacy.clock.advance(minutes=50)
    pharmacy.do(bench.check_volumes, by=Role.PHARMACIST, batch_id=batch_id, proof=VolumeProof.PULL_BACK)
    pharmacy.do(bench.finish_batch, by=Role.TECHNICIAN, batch_id=batch_id, draft=FinishDraft(4, looks_right=True))
    pharmacy.do(bench.label_batch, by=Role.TECHNICIAN, batch_id=batch_id, labels=whole(pharmacy, batch_id).good_bags)
    pharmacy.do(bench.release_batch, by=SECOND_PHARMACIST, batch_id=batch_id)


def made_in_time(pharmacy: Pharmacy, patient_id: UUID) -> None:
    """Four bags for an order from 31 March on, made on the day before: earlier they would be too old for its doses."""
    version_id = vancomycin(pharmacy, patient_id)
    pharmacy.clock.set(datetime(2026, 3, 30, 14, 0, tzinfo=UTC))
    bags_made(pharmacy, version_id)


def packed(pharmacy: Pharmacy, patient_id: UUID) -> UUID:
    """A ticket with every released bag, to the patient's home."""
    place = PlaceDraft(PlaceKind.OWN_HOME, "", date(2026, 3, 2))
    pharmacy.do(patients.set_place_of_care, by=Role.INTAKE, patient_id=patient_id, draft=place)
    return deliveries.packed(pharmacy, patient_id)


def sent(pharmacy: Pharmacy, patient_id: UUID) -> UUID:
    """Every released bag on the road."""
    ticket_id = packed(pharmacy, patient_id)
    pharmacy.do(dispensing.ship_ticket, by=Role.TECHNICIAN, ticket_id=ticket_id)
    return ticket_id


def received(pharmacy: Pharmacy, ticket_id: UUID) -> None:
    pharmacy.clock.advance(minutes=40)
    draft = deliveries.received(pharmacy)
    pharmacy.do(dispensing.confirm_delivery, by=Role.TECHNICIAN, ticket_id=ticket_id, draft=draft)


def in_hospital(pharmacy: Pharmacy, patient_id: UUID, first: date, last: date) -> None:
    """A stay from a morning to an evening, without a dose at home on its first and last day."""
    now = pharmacy.clock.now()
    admitted = datetime(first.year, first.month, first.day, 15, 0, tzinfo=UTC)
    stay = StayDraft(now, admitted, "ZZTEST General", "fever", home_dose_on_admit_day=False, line_care_on_admit_day=False)
    stay_id = pharmacy.do(patients.admit_to_hospital, by=Role.NURSE, patient_id=patient_id, draft=stay)
    left = HospitalDischargeDraft(now, admitted, datetime(last.year, last.month, last.day, 22, 0, tzinfo=UTC), False, False)
    pharmacy.do(patients.discharge_from_hospital, by=Role.NURSE, stay_id=stay_id, draft=left)


def visited(pharmacy: Pharmacy, patient_id: UUID, minutes: int) -> None:
    """A visit on 2 March, made and signed."""
    visit_id = a_visit(pharmacy, patient_id=patient_id)
    pharmacy.do(visits.start_visit, by=Role.NURSE, visit_id=visit_id)
    pharmacy.do(visits.keep_note, by=Role.NURSE, visit_id=visit_id, draft=a_note(), baseline=BASELINE)
    pharmacy.clock.advance(minutes=minutes)
    pharmacy.do(visits.end_visit, by=Role.NURSE, visit_id=visit_id)
    pharmacy.do(visits.sign_note, by=Role.NURSE, visit_id=visit_id, patient_name="ZZTEST Alder", baseline=BASELINE)


def ledger(pharmacy: Pharmacy, patient_id: UUID, month: Period = MARCH) -> MonthLedger:
    return keep_month(pharmacy.ask(month_facts, by=Role.BILLER, patient_id=patient_id, month=month))


def letters(found: MonthLedger, row: int = 0) -> str:
    return "".join(cell.status.value for _, cell in sorted(found.rows[row].cells.items()))


@after(the_signed_catalog)
def a_referred_alder(pharmacy: Pharmacy) -> None:
    """One patient, and nobody who pays."""
    a_patient(pharmacy)


@after(a_referred_alder)
def a_covered_alder(pharmacy: Pharmacy) -> None:
    """That patient, covered by a commercial plan from January on."""
    covered(pharmacy, alder_of(pharmacy))


@after(a_referred_alder)
def four_bags_on_the_road(pharmacy: Pharmacy) -> None:
    """That patient's first bags, made and sent on the day before his therapy begins."""
    made_in_time(pharmacy, alder_of(pharmacy))
    sent(pharmacy, alder_of(pharmacy))
    pharmacy.clock.set(START)


@pytest.fixture
def begins_with() -> Recipe:
    return a_covered_alder


NOT_COVERED = pytest.mark.parametrize("begins_with", [a_referred_alder])
ON_THE_ROAD = pytest.mark.parametrize("begins_with", [four_bags_on_the_road])
ARRIVING = datetime(2026, 3, 30, 15, 0, tzinfo=UTC)


def alder_of(pharmacy: Pharmacy) -> UUID:
    return pharmacy.ask(patient_board)[0].patient_id


def ticket_of(pharmacy: Pharmacy, patient_id: UUID) -> UUID:
    (ticket,) = pharmacy.ask(tickets_of, patient_id=patient_id)
    return ticket.id


@ON_THE_ROAD
def test_two_months_hold_exactly_what_the_course_holds(pharmacy: Pharmacy) -> None:
    alder = alder_of(pharmacy)
    coverage_id = covered(pharmacy, alder, auth_required="all")
    authorized(pharmacy, coverage_id, "S9501", date(2026, 3, 31), date(2026, 4, 5))
    pharmacy.clock.set(ARRIVING)
    received(pharmacy, ticket_of(pharmacy, alder))
    pharmacy.clock.set(datetime(2026, 4, 10, 14, 0, tzinfo=UTC))
    in_hospital(pharmacy, alder, date(2026, 4, 2), date(2026, 4, 4))

    march, april = ledger(pharmacy, alder, MARCH), ledger(pharmacy, alder, APRIL)
    whole_course = ledger(pharmacy, alder, Period(date(2026, 3, 1), date(2026, 5, 1)))

    assert (letters(march), letters(april)) == ("B", "BIIIBH")
    assert [(one.code, one.units, one.first, one.last, one.authorization, one.held_because) for one in april.lines] == [
        ("S9501", 1, date(2026, 4, 1), date(2026, 4, 1), "A123", None),
        ("S9501", 1, date(2026, 4, 5), date(2026, 4, 5), "A123", None),
        ("S9501", 1, date(2026, 4, 6), date(2026, 4, 6), None, Held.NO_AUTHORIZATION),
    ]
    assert (march.ready_units, march.held_units, april.ready_units, april.held_units) == (1, 0, 2, 1)
    assert march.ready_units + april.ready_units == whole_course.ready_units
    drugs = [[(one.code, one.units, one.first, one.last) for one in found.drug_lines] for found in (march, april, whole_course)]
    assert drugs == [
        [("J3373", 250, date(2026, 3, 31), date(2026, 3, 31))],
        [("J3373", 250, date(2026, 4, 1), date(2026, 4, 1))],
        [("J3373", 500, date(2026, 3, 31), date(2026, 4, 1))],
    ]
    assert april.not_checked == (
        f"{april.rows[0].title}: no confirmed delivery covers the doses of 5 to 6 Apr 2026; they stand on no drug line.",
    )


def test_a_hospital_day_says_when_the_patient_was_away_in_words(file_pharmacy: Pharmacy) -> None:
    pharmacy, alder = file_pharmacy, alder_of(file_pharmacy)
    vancomycin(pharmacy, alder)
    pharmacy.clock.set(datetime(2026, 4, 10, 14, 0, tzinfo=UTC))
    in_hospital(pharmacy, alder, date(2026, 4, 2), date(2026, 4, 4))

    away = ledger(pharmacy, alder, APRIL).rows[0].cells[date(2026, 4, 3)]

    assert (away.status, away.because) == (DayStatus.INPATIENT, ("in hospital since 2 Apr 2026, until 4 Apr 2026",))


@ON_THE_ROAD
def test_what_nobody_confirmed_stands_on_no_drug_line(file_pharmacy: Pharmacy) -> None:
    pharmacy, alder = file_pharmacy, alder_of(file_pharmacy)
    covered(pharmacy, alder)
    pharmacy.clock.set(datetime(2026, 4, 10, 14, 0, tzinfo=UTC))

    before = ledger(pharmacy, alder, APRIL)
    received(pharmacy, ticket_of(pharmacy, alder))
    after = ledger(pharmacy, alder, APRIL)

    assert before.drug_lines == ()
    assert before.not_checked == (f"{before.rows[0].title}: no delivery is confirmed, so no drug line stands here.",)
    assert [one.units for one in after.drug_lines] == [250]
    assert before.lines == after.lines  # every day of access counts, delivered or not


@ON_THE_ROAD
def test_a_payer_of_infused_days_pays_none_whose_dose_never_arrived(file_pharmacy: Pharmacy) -> None:
    pharmacy, alder = file_pharmacy, alder_of(file_pharmacy)
    covered(pharmacy, alder, day_basis="INFUSED")
    pharmacy.clock.set(ARRIVING)
    received(pharmacy, ticket_of(pharmacy, alder))
    pharmacy.clock.set(datetime(2026, 4, 10, 14, 0, tzinfo=UTC))

    april = ledger(pharmacy, alder, APRIL)
    assert (letters(ledger(pharmacy, alder, MARCH)), letters(april)) == ("B", "BNNNNN")
    assert april.rows[0].cells[date(2026, 4, 2)].because[-1] == "no confirmed delivery covers the dose that was due"


def test_a_dose_in_millilitres_is_the_volume_of_the_day(file_pharmacy: Pharmacy) -> None:
    pharmacy, alder = file_pharmacy, alder_of(file_pharmacy)
    a_verified_order(
        pharmacy, alder, "sodium chloride 0.9%", dose_amount=Decimal(1000), dose_unit="mL", volume_ml=None, diluent="", container=""
    )
    pharmacy.clock.set(datetime(2026, 4, 1, 14, 0, tzinfo=UTC))

    assert {one.code for one in ledger(pharmacy, alder).lines} == {"S9374"}


def test_a_signed_visit_is_billed_by_its_minutes(pharmacy: Pharmacy) -> None:
    alder = alder_of(pharmacy)
    a_verified_order(pharmacy, alder)
    visited(pharmacy, alder, 170)

    found = ledger(pharmacy, alder)
    paper = summary_of(found, pharmacy.ask(patient_block, patient_id=alder))

    assert [(one.day, one.code, one.units) for one in found.nursing_lines] == [
        (date(2026, 3, 2), "99601", 1),
        (date(2026, 3, 2), "99602", 1),
    ]
    assert [(one.code, one.amount) for one in paper.nursing_lines] == [("99601", Decimal("160.00")), ("99602", None)]
    assert paper.patient.allergies is None


def test_days_to_come_are_planned_and_stand_on_no_line(file_pharmacy: Pharmacy) -> None:
    pharmacy, alder = file_pharmacy, alder_of(file_pharmacy)
    a_verified_order(pharmacy, alder)
    pharmacy.clock.set(datetime(2026, 3, 5, 14, 0, tzinfo=UTC))

    found = ledger(pharmacy, alder)

    assert letters(found) == "BBB" + "P" * 11
    assert [(one.code, one.units) for one in found.lines] == [("S9500", 3)]
    assert ledger(pharmacy, alder, parse_month("2026-05")).rows == ()


def test_a_hold_of_the_order_leaves_the_days_of_access(file_pharmacy: Pharmacy) -> None:
    pharmacy, alder = file_pharmacy, alder_of(file_pharmacy)
    version_id = a_verified_order(pharmacy, alder)
    pharmacy.clock.set(datetime(2026, 3, 10, 14, 0, tzinfo=UTC))
    pharmacy.do(
        orders.hold_order, order_id=order_of(pharmacy, version_id), effective_on=date(2026, 3, 10),
        reasons={"orders.held": "laboratory result"},
    )  # fmt: skip
    pharmacy.clock.set(datetime(2026, 3, 20, 14, 0, tzinfo=UTC))

    assert letters(ledger(pharmacy, alder)) == "B" * 14


def test_two_therapies_are_ranked_and_sentences_name_the_prescription(file_pharmacy: Pharmacy) -> None:
    pharmacy, alder = file_pharmacy, alder_of(file_pharmacy)
    a_verified_order(pharmacy, alder)
    vancomycin(pharmacy, alder, date(2026, 3, 3), date(2026, 3, 16))
    pharmacy.clock.set(datetime(2026, 4, 1, 14, 0, tzinfo=UTC))

    found = ledger(pharmacy, alder)

    assert [(one.code, one.modifiers, one.units) for one in found.lines] == [("S9501", (), 14), ("S9500", ("SH",), 14)]
    said = " ".join(sentence for row in found.rows for cell in row.cells.values() for sentence in cell.because)
    assert str(alder)[:8] not in said
    assert all(name.id.startswith("Rx ") for name in found.facts.names)


@NOT_COVERED
def test_without_coverage_nothing_is_priced_and_it_is_said(file_pharmacy: Pharmacy) -> None:
    pharmacy, alder = file_pharmacy, alder_of(file_pharmacy)
    a_verified_order(pharmacy, alder)
    pharmacy.clock.set(datetime(2026, 4, 1, 14, 0, tzinfo=UTC))

    found = ledger(pharmacy, alder)

    assert (found.ready_units, found.held_units) == (0, 14)
    assert {one.held_because for one in found.lines} == {Held.RATE_MISSING}
    assert found.not_checked[0].startswith("No coverage is entered for this month")


@NOT_COVERED
def test_a_coverage_that_ends_and_a_contract_that_changes_are_told(file_pharmacy: Pharmacy) -> None:
    pharmacy, alder = file_pharmacy, alder_of(file_pharmacy)
    covered(pharmacy, alder, ends_on=date(2026, 3, 10))
    a_verified_order(pharmacy, alder)
    payer_id = pharmacy.ask(month_facts, patient_id=alder, month=MARCH).profile.payer_id  # type: ignore[union-attr]
    pharmacy.do(
        payers.set_profile, by=Role.BILLER, payer_id=payer_id, effective_on=date(2026, 3, 8),
        answers={"admit_day": Answer("never", "amendment")},
    )  # fmt: skip
    pharmacy.clock.set(datetime(2026, 4, 1, 14, 0, tzinfo=UTC))

    found = ledger(pharmacy, alder)

    assert found.not_checked[:2] == (
        "Blue Plan PPO does not cover 11 to 16 Mar 2026; the days of therapy in it are counted as if it did.",
        "The contract of Blue Plan PPO changed on 8 Mar 2026; one version counts the whole month.",
    )


@NOT_COVERED
def test_a_short_span_is_judged_without_the_cut_at_the_months_end(file_pharmacy: Pharmacy) -> None:
    pharmacy, alder = file_pharmacy, alder_of(file_pharmacy)
    covered(pharmacy, alder, min_span_days=3)
    vancomycin(pharmacy, alder, date(2026, 3, 31), date(2026, 4, 6))
    pharmacy.clock.set(datetime(2026, 4, 10, 14, 0, tzinfo=UTC))

    assert ledger(pharmacy, alder, MARCH).warnings == ()


@NOT_COVERED
def test_medicare_pays_no_s_code_and_the_drug_without_a_pump_is_part_d(file_pharmacy: Pharmacy) -> None:
    pharmacy, alder = file_pharmacy, alder_of(file_pharmacy)
    covered(pharmacy, alder, PayerKind.MEDICARE)
    a_verified_order(pharmacy, alder)
    pharmacy.clock.set(datetime(2026, 4, 1, 14, 0, tzinfo=UTC))

    found = ledger(pharmacy, alder)

    assert (letters(found), found.lines, found.drug_lines) == ("N" * 14, (), ())
    assert "ceftriaxone: Part D, drug and dispensing fee only; its claim is not derived here." in found.not_checked


def test_whom_to_bill_is_who_was_treated_in_the_month(pharmacy: Pharmacy) -> None:
    alder = alder_of(pharmacy)
    a_verified_order(pharmacy, alder)
    waiting = a_patient(pharmacy, last_name="ZZTEST Birch", prescriber_npi="1003000126")

    rows = pharmacy.ask(patients_to_bill, by=Role.BILLER, month=MARCH)

    assert [(row.patient, row.payer) for row in rows] == [("ZZTEST Alder, Marian", "Blue Plan PPO")]
    assert waiting not in {row.id for row in rows}
    assert pharmacy.ask(patients_to_bill, by=Role.BILLER, month=APRIL) == []


@NOT_COVERED
def test_heparin_under_the_skin_twice_a_day_is_an_injection_and_not_a_continuous_infusion(file_pharmacy: Pharmacy) -> None:
    pharmacy, alder = file_pharmacy, alder_of(file_pharmacy)
    a_verified_order(
        pharmacy, alder, "heparin", dose_amount=Decimal(5000), dose_unit="units", interval_hours=Decimal(12), route="sc",
        method="injection by a nurse", infusion_minutes=None,
        diluent="", container="", volume_ml=None, reviewed_by_infectious_diseases=False,
    )  # fmt: skip

    facts = pharmacy.ask(month_facts, by=Role.BILLER, patient_id=alder, month=MARCH)

    assert [order.therapy_class.value for order in facts.case.therapies] == ["anticoagulant_injection"]

"""Nursing visits: planned, started, written, ended, signed, missed; on both databases."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.visits import queries, service
from infusiondesk.visits.rules import Baseline, NoteDraft, ScheduleDraft, State, alerts, answer_key
from tests.pharmacy import Pharmacy
from tests.story import a_patient

WINDOW = (datetime(2026, 3, 2, 14, 0, tzinfo=UTC), datetime(2026, 3, 2, 16, 0, tzinfo=UTC))
BASELINE = Baseline(external_cm=Decimal(2), is_central=True)


def a_visit(pharmacy: Pharmacy, **more: Any) -> UUID:
    patient_id = more.pop("patient_id", None) or a_patient(pharmacy)
    draft = ScheduleDraft(str(pharmacy.people[Role.NURSE].id), "routine", *WINDOW)
    return pharmacy.do(service.schedule_visit, by=Role.NURSE, patient_id=patient_id, draft=draft)


def a_note(**more: Any) -> NoteDraft:
    known: dict[str, Any] = {
        "two_identifiers": True, "allergies_verified": True, "temperature_c": Decimal("36.8"), "heart_rate": Decimal(72),
        "external_cm": Decimal(2), "blood_return": "brisk", "site_grade": 0, "teach_back": "independent", "supplies": "10 doses",
        "next_visit": "in a week", "patient_signed": "patient",
    }  # fmt: skip
    return NoteDraft(**{**known, **more})


def test_a_visit_from_plan_to_signature_can_be_billed(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    visit_id = a_visit(pharmacy, patient_id=patient_id)
    pharmacy.do(service.start_visit, by=Role.NURSE, visit_id=visit_id)
    pharmacy.do(service.keep_note, by=Role.NURSE, visit_id=visit_id, draft=a_note(), baseline=BASELINE)
    pharmacy.clock.advance(minutes=170)
    pharmacy.do(service.end_visit, by=Role.NURSE, visit_id=visit_id)
    assert pharmacy.ask(queries.signed_visits, patient_id=patient_id) == []

    pharmacy.do(service.sign_note, by=Role.NURSE, visit_id=visit_id, patient_name="ZZTEST Alder", baseline=BASELINE)

    row = pharmacy.ask(queries.visits_of, patient_id=patient_id)[0]
    assert (row.state, row.minutes) == (State.SIGNED, 170)
    assert [signature.holds for signature in row.signatures] == [True]
    assert [(v.on, v.minutes) for v in pharmacy.ask(queries.signed_visits, patient_id=patient_id)] == [(date(2026, 3, 2), 170)]
    assert pharmacy.ask(queries.schedule) == []
    with pytest.raises(Refused, match="signed"):
        pharmacy.do(service.keep_note, by=Role.NURSE, visit_id=visit_id, draft=a_note(), baseline=BASELINE)


def test_an_unanswered_alert_keeps_the_note_open(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    visit_id = a_visit(pharmacy)
    pharmacy.do(service.start_visit, by=Role.NURSE, visit_id=visit_id)
    fever = a_note(temperature_c=Decimal("38.4"))
    pharmacy.do(service.keep_note, by=Role.NURSE, visit_id=visit_id, draft=fever, baseline=BASELINE)
    pharmacy.clock.advance(minutes=60)
    pharmacy.do(service.end_visit, by=Role.NURSE, visit_id=visit_id)

    with pytest.raises(Refused, match=r"N01: Temperature 38\.4 °C"):
        pharmacy.do(service.sign_note, by=Role.NURSE, visit_id=visit_id, patient_name="x", baseline=BASELINE)
    fever.answers[answer_key(alerts(fever, BASELINE)[0])] = "Dr Maplewood called, cultures drawn"
    pharmacy.do(service.keep_note, by=Role.NURSE, visit_id=visit_id, draft=fever, baseline=BASELINE)
    pharmacy.do(service.sign_note, by=Role.NURSE, visit_id=visit_id, patient_name="x", baseline=BASELINE)


def test_only_the_nurse_of_the_visit_starts_it_and_nobody_is_in_two_homes(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    first, second = (
        a_visit(pharmacy),
        a_visit(pharmacy, patient_id=a_patient(pharmacy, last_name="ZZTEST Elm", prescriber_npi="1003000126")),
    )
    with pytest.raises(Refused, match="you need to be a nurse"):
        pharmacy.do(service.start_visit, by=Role.PHARMACIST, visit_id=first)
    pharmacy.do(service.start_visit, by=Role.NURSE, visit_id=first)

    with pytest.raises(Refused, match="two homes"):
        pharmacy.do(service.start_visit, by=Role.NURSE, visit_id=second)
    with pytest.raises(Refused, match="in progress cannot be started"):
        pharmacy.do(service.start_visit, by=Role.NURSE, visit_id=first)


def test_times_out_of_order_and_from_the_future_are_refused(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    visit_id = a_visit(pharmacy)
    with pytest.raises(Refused, match="has not come yet"):
        pharmacy.do(service.start_visit, by=Role.NURSE, visit_id=visit_id, at=datetime(2027, 1, 1, tzinfo=UTC))
    with pytest.raises(Refused, match="Start the visit first"):
        pharmacy.do(service.keep_note, by=Role.NURSE, visit_id=visit_id, draft=a_note(), baseline=BASELINE)
    pharmacy.do(service.start_visit, by=Role.NURSE, visit_id=visit_id)
    with pytest.raises(Refused, match="ends after it began"):
        pharmacy.do(service.end_visit, by=Role.NURSE, visit_id=visit_id, at=datetime(2026, 3, 2, 13, 0, tzinfo=UTC))
    with pytest.raises(Refused, match="End the visit before"):
        pharmacy.do(service.sign_note, by=Role.NURSE, visit_id=visit_id, patient_name="x", baseline=BASELINE)


def test_a_weight_of_800_kg_is_refused_and_nothing_is_kept(file_pharmacy: Pharmacy) -> None:
    visit_id = a_visit(file_pharmacy)
    file_pharmacy.do(service.start_visit, by=Role.NURSE, visit_id=visit_id)

    with pytest.raises(Refused, match="Weight 800 kg cannot be right") as refused:
        file_pharmacy.do(
            service.keep_note, by=Role.NURSE, visit_id=visit_id, draft=a_note(weight_kg=Decimal(800)), baseline=BASELINE
        )
    assert refused.value.field == "weight_kg"


def test_a_missed_visit_has_a_reason_and_is_never_billed(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = a_patient(pharmacy)
    visit_id = a_visit(pharmacy, patient_id=patient_id)

    pharmacy.do(service.miss_visit, by=Role.NURSE, visit_id=visit_id, reasons={"visits.missed": "patient in hospital"})

    assert pharmacy.ask(queries.visits_of, patient_id=patient_id)[0].state is State.MISSED
    assert pharmacy.ask(queries.signed_visits, patient_id=patient_id) == []
    with pytest.raises(Refused, match="missed cannot be started"):
        pharmacy.do(service.start_visit, by=Role.NURSE, visit_id=visit_id)


def test_a_visit_over_the_spring_clock_change_keeps_its_elapsed_minutes(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    visit_id = a_visit(pharmacy, patient_id=patient_id)
    pharmacy.clock.set(datetime(2026, 3, 8, 1, 30))  # noqa: DTZ001 - the pharmacy's wall clock
    pharmacy.do(service.start_visit, by=Role.NURSE, visit_id=visit_id)
    pharmacy.do(service.keep_note, by=Role.NURSE, visit_id=visit_id, draft=a_note(), baseline=BASELINE)
    pharmacy.clock.set(datetime(2026, 3, 8, 3, 30))  # noqa: DTZ001 - two hours later on the wall, one in truth
    pharmacy.do(service.end_visit, by=Role.NURSE, visit_id=visit_id)

    assert pharmacy.ask(queries.visits_of, patient_id=patient_id)[0].minutes == 60

"""An override is a promise, and only what arrives closes it: results, readings and calls; on both databases."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.interactions import queries as interactions
from infusiondesk.interactions.rules import Level
from infusiondesk.interactions.rules.answers import AnswerDraft, Code
from infusiondesk.interactions.service import settle_alert
from infusiondesk.labs.queries import parked
from infusiondesk.labs.service import match_report, take_in
from infusiondesk.orders.documents import order_verification
from infusiondesk.orders.queries import orders_of
from infusiondesk.patients import service as patients
from infusiondesk.patients.queries import chart_facts
from infusiondesk.patients.queries.paper import patient_block
from infusiondesk.prescriptions.queries import rx_numbers
from infusiondesk.tasks import queries, service
from infusiondesk.tasks.queries import PromiseRow
from infusiondesk.tasks.rules import CallDraft, Standing
from infusiondesk.visits import service as visits
from infusiondesk.workflows.ending import record_death
from infusiondesk.workflows.verify_order import screen_order
from tests.beginnings import Recipe
from tests.lab_messages import message, obx
from tests.pharmacy import Pharmacy
from tests.services.test_visits import BASELINE, a_note, a_visit
from tests.story import a_patient, an_order, the_catalog

WHY = "potassium ordered, cardiologist informed"
DUE = date(2026, 3, 5)


@pytest.fixture
def begins_with() -> Recipe:
    return the_catalog


def a_hold(pharmacy: Pharmacy) -> tuple[UUID, UUID, str]:
    """An order whose screening holds; returns its patient, the screening and the alert's key."""
    patient_id = a_patient(pharmacy)
    version_id = an_order(pharmacy, patient_id, reviewed_by_infectious_diseases=False)
    pharmacy.do(screen_order, version_id=version_id)
    row = pharmacy.ask(interactions.screening_of, order_version_id=version_id)
    assert row is not None
    return patient_id, row.id, row.at(Level.HOLD)[0].key


def promised(pharmacy: Pharmacy, awaited: str = "lab:potassium", due_on: date = DUE, **more: Any) -> UUID:
    """A HOLD passed because something is awaited; returns the patient's key."""
    patient_id, screening_id, key = a_hold(pharmacy)
    draft = AnswerDraft(Code.MONITORED, WHY, awaited=awaited, owner="pharmacist", due_on=due_on, **more)
    pharmacy.do(settle_alert, screening_id=screening_id, key=key, draft=draft)
    return patient_id


def the_promise(pharmacy: Pharmacy, patient_id: UUID) -> PromiseRow:
    (row,) = pharmacy.ask(queries.promises_of, patient_id=patient_id)
    return row


def comes(pharmacy: Pharmacy, patient_id: UUID, *, drawn: str, value: str = "4.1", status: str = "F", **more: Any) -> None:
    mrn = the_promise(pharmacy, patient_id).mrn
    line = obx(1, "2823-3", "Potassium", value, "mmol/L", status=status)
    pharmacy.do(take_in, by=Role.TECHNICIAN, name="r.hl7", data=message(mrn, line, drawn=drawn, **more))


def test_a_promise_is_made_with_the_answer_in_one_transaction_and_shows_beside_it(pharmacy: Pharmacy) -> None:
    patient_id = promised(pharmacy)

    row = the_promise(pharmacy, patient_id)
    screening = pharmacy.ask(interactions.last_screening, patient_id=patient_id)
    assert (row.text, row.standing, row.owner, row.rule) == (
        "promised: potassium by 5 Mar 2026, open", Standing.OPEN, Role.PHARMACIST, "R22"
    )  # fmt: skip
    assert screening is not None
    (answer,) = [alert.answer for alert in screening.at(Level.HOLD)]
    assert answer is not None and answer.promise == row
    assert pharmacy.ask(queries.awaited_promises) == [row]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"awaited": None}, "awaited"),
        ({"awaited": "lab:moon phase"}, "awaited"),
        ({"owner": "administrator"}, "owner"),
        ({"due_on": None}, "due_on"),
        ({"due_on": date(2026, 3, 1)}, "due_on"),
    ],
)
def test_a_promise_that_nothing_could_close_is_refused_and_the_hold_stays(
    pharmacy: Pharmacy, more: dict[str, Any], field: str
) -> None:
    patient_id, screening_id, key = a_hold(pharmacy)
    known: dict[str, Any] = {"awaited": "lab:potassium", "owner": "pharmacist", "due_on": DUE}

    with pytest.raises(Refused) as refused:
        pharmacy.do(settle_alert, screening_id=screening_id, key=key, draft=AnswerDraft(Code.MONITORED, WHY, **{**known, **more}))

    row = pharmacy.ask(interactions.last_screening, patient_id=patient_id)
    assert refused.value.field == field
    assert row is not None and row.at(Level.HOLD)[0].answer is None
    assert pharmacy.ask(queries.promises) == []


def test_the_verification_record_prints_the_promise_with_its_alert(pharmacy: Pharmacy) -> None:
    patient_id = promised(pharmacy)
    screening = pharmacy.ask(interactions.last_screening, patient_id=patient_id)
    assert screening is not None
    facts = pharmacy.ask(chart_facts, patient_id=patient_id)
    block = pharmacy.ask(patient_block, patient_id=patient_id)
    (row,) = pharmacy.ask(orders_of, patient_id=patient_id)

    paper = order_verification(row, screening, facts, block, ())

    printed = next(alert for alert in paper.alerts if "R22" in alert.rules)
    assert printed.disposition == f"{Code.MONITORED}; {WHY}; promised: potassium by 5 Mar 2026, open"


def test_only_a_final_result_of_that_analyte_drawn_after_the_promise_keeps_it(pharmacy: Pharmacy) -> None:
    patient_id = promised(pharmacy)
    pharmacy.clock.set(datetime(2026, 3, 4, 15, 0, tzinfo=UTC))
    comes(pharmacy, patient_id, drawn="20260302060500-0600", order="FO-1")  # drawn before the promise
    comes(pharmacy, patient_id, drawn="20260304060500-0600", order="FO-2", status="P")
    comes(pharmacy, patient_id, drawn="20260305060500-0600", order="FO-3")  # a draw of tomorrow is not believed
    sodium = obx(1, "2951-2", "Sodium", "139", "mmol/L")
    mrn = the_promise(pharmacy, patient_id).mrn
    pharmacy.do(take_in, by=Role.TECHNICIAN, name="r.hl7", data=message(mrn, sodium, drawn="20260304060500-0600", order="FO-4"))
    assert the_promise(pharmacy, patient_id).standing is Standing.OPEN

    comes(pharmacy, patient_id, drawn="20260304060500-0600", order="FO-2", status="F")

    row = the_promise(pharmacy, patient_id)
    assert (row.standing, row.judged.because) == (
        Standing.KEPT, "4 Mar 2026: Potassium 4.1 mmol/L, drawn 4 Mar 2026 06:05"
    )  # fmt: skip
    assert pharmacy.ask(queries.awaited_promises) == []


def test_a_result_that_is_taken_back_opens_the_promise_again(pharmacy: Pharmacy) -> None:
    patient_id = promised(pharmacy)
    pharmacy.clock.set(datetime(2026, 3, 4, 15, 0, tzinfo=UTC))
    comes(pharmacy, patient_id, drawn="20260304060500-0600")
    comes(pharmacy, patient_id, drawn="20260304060500-0600", value="4.2", status="C")
    assert the_promise(pharmacy, patient_id).standing is Standing.KEPT

    pharmacy.clock.advance(minutes=5)
    comes(pharmacy, patient_id, drawn="20260304060500-0600", value="4.2", status="W")

    assert the_promise(pharmacy, patient_id).standing is Standing.OPEN
    assert [row.id for row in pharmacy.ask(queries.awaited_promises)] == [the_promise(pharmacy, patient_id).id]


@pytest.mark.parametrize(
    ("value", "drawn", "standing", "said"),
    [
        ("6.8", "20260304060500-0600", Standing.KEPT, "Potassium 6.8 mmol/L"),
        ("HEMOLYZED", "20260304060500-0600", Standing.OPEN, "awaited by 5 Mar 2026"),
        ("6.8", "20260301060500-0600", Standing.OPEN, "awaited by 5 Mar 2026"),
    ],
)
def test_a_corrected_result_speaks_in_place_of_the_old_one(
    pharmacy: Pharmacy, value: str, drawn: str, standing: Standing, said: str
) -> None:
    """The old value never stands beside a promise; one that is no value, or was drawn before the promise, keeps nothing."""
    patient_id = promised(pharmacy)
    pharmacy.clock.set(datetime(2026, 3, 4, 15, 0, tzinfo=UTC))
    comes(pharmacy, patient_id, drawn="20260304060500-0600")
    pharmacy.clock.advance(days=3)

    comes(pharmacy, patient_id, drawn=drawn, value=value, status="C")

    row = the_promise(pharmacy, patient_id)
    expected = Standing.BROKEN if standing is Standing.OPEN else standing
    assert row.standing is expected
    assert "4.1" not in row.text
    assert (said in row.text) is (standing is Standing.KEPT)
    assert [one.id for one in pharmacy.ask(queries.awaited_promises)] == ([] if standing is Standing.KEPT else [row.id])


def test_a_parked_result_keeps_the_promise_when_somebody_knows_whose_it_is(pharmacy: Pharmacy) -> None:
    patient_id = promised(pharmacy)
    pharmacy.clock.set(datetime(2026, 3, 4, 15, 0, tzinfo=UTC))
    line = obx(1, "2823-3", "Potassium", "4.1", "mmol/L")
    stranger = ("ZZTEST ALDERS^MARYAN", "19640314", "F")
    data = message("none", line, drawn="20260304060500-0600", person=stranger)
    pharmacy.do(take_in, by=Role.TECHNICIAN, name="r.hl7", data=data)
    assert the_promise(pharmacy, patient_id).standing is Standing.OPEN

    (report,) = pharmacy.ask(parked)
    known = {"labs.match": "laboratory confirmed by telephone"}
    pharmacy.do(match_report, report_id=report.id, patient_id=patient_id, reasons=known)

    assert the_promise(pharmacy, patient_id).standing is Standing.KEPT


def test_what_comes_after_the_day_does_not_mend_a_broken_promise(pharmacy: Pharmacy) -> None:
    patient_id = promised(pharmacy)
    pharmacy.clock.set(datetime(2026, 3, 6, 15, 0, tzinfo=UTC))
    assert the_promise(pharmacy, patient_id).text == "promised: potassium by 5 Mar 2026, broken (nothing came by 5 Mar 2026)"

    comes(pharmacy, patient_id, drawn="20260306060500-0600")

    row = the_promise(pharmacy, patient_id)
    assert (row.standing, row.judged.is_closed) == (Standing.BROKEN, True)
    assert pharmacy.ask(queries.awaited_promises) == []
    (count,) = pharmacy.ask(queries.promises_by_rule)
    assert (count.rule, count.made, count.open, count.kept, count.broken) == ("R22", 1, 0, 0, 1)


def test_a_signed_note_with_the_reading_keeps_the_promise_and_one_without_does_not(pharmacy: Pharmacy) -> None:
    patient_id = promised(pharmacy, "reading:systolic")
    for more in ({}, {"systolic": 118, "diastolic": 70}):
        assert the_promise(pharmacy, patient_id).standing is Standing.OPEN
        pharmacy.clock.advance(minutes=30)
        visit_id = a_visit(pharmacy, patient_id=patient_id)
        pharmacy.do(visits.start_visit, by=Role.NURSE, visit_id=visit_id)
        pharmacy.do(visits.keep_note, by=Role.NURSE, visit_id=visit_id, draft=a_note(**more), baseline=BASELINE)
        pharmacy.clock.advance(minutes=60)
        pharmacy.do(visits.end_visit, by=Role.NURSE, visit_id=visit_id)
        assert the_promise(pharmacy, patient_id).standing is Standing.OPEN
        pharmacy.do(visits.sign_note, by=Role.NURSE, visit_id=visit_id, patient_name="ZZTEST Alder", baseline=BASELINE)

    assert the_promise(pharmacy, patient_id).standing is Standing.KEPT


def test_a_call_is_noted_with_a_name_a_time_and_what_was_said_and_closes_only_a_promised_call(pharmacy: Pharmacy) -> None:
    patient_id = promised(pharmacy, "call:patient")
    row = the_promise(pharmacy, patient_id)
    pharmacy.clock.advance(minutes=90)
    now = pharmacy.clock.now()
    said = "no palpitations, no dizziness"

    def note(draft: CallDraft, by: Role = Role.NURSE) -> None:
        pharmacy.do(service.note_call, by=by, promise_id=row.id, draft=draft)

    with pytest.raises(Refused, match="15 characters"):
        note(CallDraft("ZZTEST Alder", now, "fine"))
    with pytest.raises(Refused, match="in the future"):
        note(CallDraft("ZZTEST Alder", now + timedelta(minutes=5), said))
    with pytest.raises(Refused, match="before it was promised"):
        note(CallDraft("ZZTEST Alder", now - timedelta(hours=3), said))
    with pytest.raises(Refused, match="you need to be"):
        note(CallDraft("ZZTEST Alder", now, said), Role.BILLER)
    note(CallDraft("ZZTEST Alder", now, said))

    assert the_promise(pharmacy, patient_id).standing is Standing.KEPT
    with pytest.raises(Refused, match="noted already"):
        note(CallDraft("ZZTEST Alder", now, said))


def test_nobody_closes_a_promised_result_by_hand(pharmacy: Pharmacy) -> None:
    patient_id = promised(pharmacy)
    draft = CallDraft("ZZTEST Lab", pharmacy.clock.now(), "the laboratory says it is normal")

    with pytest.raises(Refused, match="waits for Potassium; only its arrival closes it"):
        pharmacy.do(service.note_call, promise_id=the_promise(pharmacy, patient_id).id, draft=draft)


def test_with_a_death_what_was_promised_is_not_needed_any_more(pharmacy: Pharmacy) -> None:
    patient_id = promised(pharmacy)
    pharmacy.do(patients.confirm_no_known_allergies, by=Role.INTAKE, patient_id=patient_id)

    told = pharmacy.do(record_death, by=Role.NURSE, patient_id=patient_id, died_on=date(2026, 3, 2), source="daughter")

    assert "1 promise is not needed any more." in told
    assert the_promise(pharmacy, patient_id).text.endswith("not needed any more (2 Mar 2026: death)")
    assert pharmacy.ask(queries.awaited_promises) == []


def test_the_prescription_of_a_promise_is_known_by_its_number(pharmacy: Pharmacy) -> None:
    row = the_promise(pharmacy, promised(pharmacy))

    assert pharmacy.ask(rx_numbers, version_ids={row.order_version_id, row.id}) == {row.order_version_id: 700001}
    assert pharmacy.ask(rx_numbers, version_ids=set()) == {}

"""The state's monitoring programme: asked before an order of a controlled drug is verified, and told what was dispensed."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from infusiondesk.assessments.rules.answers import AssessmentDraft
from infusiondesk.catalog.records import Drug
from infusiondesk.dispensing import service as dispensing
from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.interactions import queries as interactions
from infusiondesk.inventory import queries as shelf
from infusiondesk.inventory import service as inventory
from infusiondesk.inventory.records import Item
from infusiondesk.inventory.rules.policy import PolicyDraft
from infusiondesk.patients.records import Patient, Prescriber
from infusiondesk.prescriptions import queries, service
from infusiondesk.prescriptions.rules import QueryDraft, ReportDraft, ReportKind, Status
from infusiondesk.workflows.admission import facts_of
from infusiondesk.workflows.verify_order import screen_order, verify_order
from tests.beginnings import Recipe
from tests.clean_room import VANCOMYCIN, a_stocked_clean_room
from tests.deliveries import at_home, packed, shipped
from tests.pharmacy import Pharmacy
from tests.services.test_billing_month import bags_made
from tests.story import a_patient, a_verified_order, an_order, order_of

PIC = Role.PHARMACIST_IN_CHARGE
TODAY = date(2026, 3, 2)
REGISTERED = PolicyDraft(dea_number="AB1234563", program="Illinois PMP", program_id="IL-77")


def amend(pharmacy: Pharmacy, change: sa.Update) -> None:
    """What a referral or a package would have said, written without the verbs that ask for all of it."""

    def write(uow: UnitOfWork) -> None:
        uow.session.execute(change)

    pharmacy.store.write(pharmacy.actor(PIC), write, {})


@pytest.fixture
def begins_with() -> Recipe:
    return a_stocked_clean_room


def sent(pharmacy: Pharmacy) -> UUID:
    """A patient whose bags of vancomycin are on the road today, which becomes C-IV, so that it is told; returns the ticket."""
    patient_id = a_patient(pharmacy)
    terms = {"start_on": TODAY, "stop_on": date(2026, 4, 6), "written_on": date(2026, 3, 1), "received_by": "electronic"}
    version_id = a_verified_order(pharmacy, patient_id, "vancomycin", **{**VANCOMYCIN, **terms})
    bags_made(pharmacy, version_id)
    amend(pharmacy, sa.update(Drug).where(Drug.ingredient == "vancomycin").values(controlled="CIV"))
    at_home(pharmacy, patient_id)
    return shipped(pharmacy, packed(pharmacy, patient_id))


def to_tell(pharmacy: Pharmacy) -> list[queries.ToReport]:
    return list(pharmacy.ask(queries.fills_to_report, first=TODAY, last=TODAY))


def report(pharmacy: Pharmacy, **more: Any) -> queries.ReportRow:
    pharmacy.do(service.make_report, draft=ReportDraft(TODAY, TODAY, **more))
    return pharmacy.ask(queries.reports)[0]


def test_an_order_waits_until_the_programme_was_asked(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = a_patient(pharmacy)
    version_id = an_order(pharmacy, patient_id, "morphine", dose_amount=60, dose_unit="mg", received_by="electronic")
    order_id = order_of(pharmacy, version_id)

    def alerts() -> dict[str, str]:
        pharmacy.do(screen_order, version_id=version_id)
        row = pharmacy.ask(interactions.screening_of, order_version_id=version_id)
        assert row is not None
        return {alert.b: alert.level.value for alert in row.alerts if alert.b.startswith("order:")}

    assert alerts()["order:monitoring programme"] == "STOP"
    assert alerts()["order:original"] == "STOP"
    pharmacy.do(service.keep_original, version_id=version_id, name="rx.pdf", content=b"%PDF-1.7\nZZTEST\n%%EOF\n")
    assert "order:original" not in alerts()
    (row,) = pharmacy.ask(queries.monitored_orders)
    assert (row.id, row.schedule, row.queries, row.due) == (
        order_id, "CII", (), "The monitoring programme has not been asked for this order.",
    )  # fmt: skip
    with pytest.raises(Refused, match="Say whether anything was noted"):
        pharmacy.do(service.record_program_query, order_id=order_id, draft=QueryDraft())
    pharmacy.do(inventory.set_controlled_policy, by=PIC, draft=PolicyDraft(level="HOLD", program="Illinois PMP", query_days=7))
    assert alerts()["order:monitoring programme"] == "HOLD"
    with pytest.raises(Refused, match="STOP by"):
        pharmacy.do(verify_order, version_id=version_id)

    pharmacy.do(service.record_program_query, order_id=order_id, draft=QueryDraft(True, "two prescribers in March", "Q-9"))
    assert "order:monitoring programme" not in alerts()
    (gate,) = pharmacy.ask(facts_of, patient_id=patient_id, answers=AssessmentDraft())
    assert gate.facts.therapy is not None and gate.facts.therapy.is_monitoring_program_checked
    (row,) = pharmacy.ask(queries.monitored_orders)
    assert (row.due, row.queries[0].words, row.queries[0].program, row.queries[0].asked_by) == (
        "", "two prescribers in March", "Illinois PMP", "ZZTEST Pharmacist",
    )  # fmt: skip
    pharmacy.clock.advance(days=8)
    assert "its answer counts for 7 days" in pharmacy.ask(queries.program_query_due, order_id=order_id)
    found = pharmacy.ask(queries.prescription, order_id=order_id)
    assert [one.words for one in found.asked] == ["two prescribers in March"]


def test_a_fax_is_the_original_where_the_pharmacist_in_charge_signed_so(file_pharmacy: Pharmacy) -> None:
    patient_id = a_patient(file_pharmacy)
    faxed: dict[str, Any] = {"dose_amount": 60, "dose_unit": "mg", "received_by": "fax"}
    with pytest.raises(Refused, match="electronically or in writing, not by fax"):
        an_order(file_pharmacy, patient_id, "morphine", **faxed)
    with pytest.raises(Refused, match="pharmacist in charge"):
        file_pharmacy.do(inventory.set_controlled_policy, draft=PolicyDraft(fax_is_original=True))
    file_pharmacy.do(inventory.set_controlled_policy, by=PIC, draft=PolicyDraft(fax_is_original=True))

    version_id = an_order(file_pharmacy, patient_id, "morphine", **faxed)
    file_pharmacy.do(screen_order, version_id=version_id)
    row = file_pharmacy.ask(interactions.screening_of, order_version_id=version_id)
    assert row is not None and "order:how it came" not in {alert.b for alert in row.alerts}
    with pytest.raises(Refused, match="electronically, in writing or by fax, not by hospital transfer"):
        an_order(file_pharmacy, patient_id, "morphine", **{**faxed, "received_by": "hospital transfer"})


def test_what_left_is_told_once_then_corrected_and_voided(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    ticket_id = sent(pharmacy)
    item_id = next(row.id for row in pharmacy.ask(shelf.controlled_items) if "vancomycin" in row.item)
    log = pharmacy.ask(shelf.controlled_log, item_id=item_id, first=TODAY, last=TODAY)
    named = log.named(pharmacy.ask(queries.reference_names, ids=log.references | {ticket_id}))
    assert (log.lines[-1].reference, named.lines[-1].reference) == ("a batch", "batch B-2603-0001, Rx 700001")
    assert pharmacy.ask(queries.reference_names, ids=[ticket_id]) == {ticket_id: "delivery D-2603-0001"}
    (fill,) = to_tell(pharmacy)
    assert {"the prescriber's DEA number", "the patient's street"} < set(fill.gaps)
    with pytest.raises(Refused, match="Not known: the pharmacy's DEA number, "):
        report(pharmacy)
    pharmacy.do(inventory.set_controlled_policy, by=PIC, draft=REGISTERED)
    with pytest.raises(Refused, match="1 fill cannot be told yet: Rx 700001 lacks"):
        report(pharmacy)
    amend(pharmacy, sa.update(Patient).values(street="1 Elm St", city="Springfield", state="IL", postcode="62701"))
    amend(pharmacy, sa.update(Prescriber).values(dea="AB1234563"))
    amend(pharmacy, sa.update(Item).values(ndc="00409189001"))
    (fill,) = to_tell(pharmacy)
    assert (fill.status, fill.gaps, fill.facts.quantity_ml, fill.facts.days) == (Status.NEW, (), "1000", "2")
    assert [(one.quantity, one.unit) for one in fill.facts.ingredients] == [("10", "each")]

    assert report(pharmacy, is_test=True).kind is ReportKind.TEST
    first = report(pharmacy)
    assert (first.number, first.kind, first.words, to_tell(pharmacy)) == (2, ReportKind.FILLS, "1 new", [])
    with pytest.raises(Refused, match="is told already"):
        report(pharmacy)
    amend(pharmacy, sa.update(Patient).values(street="2 Elm St"))
    revised = report(pharmacy)
    assert revised.words == "1 revised"
    assert "2 Elm St" in pharmacy.ask(queries.report_content, report_id=revised.id)
    pharmacy.do(dispensing.refuse_delivery, by=Role.TECHNICIAN, ticket_id=ticket_id, reasons={"dispensing.refused": "not wanted"})
    assert report(pharmacy).words == "1 void"
    assert to_tell(pharmacy) == []


def test_days_without_a_fill_give_a_zero_report_that_is_sent_once(pharmacy: Pharmacy) -> None:
    pharmacy.do(inventory.set_controlled_policy, by=PIC, draft=REGISTERED)
    with pytest.raises(Refused, match="3 Mar 2026 has not come yet"):
        pharmacy.do(service.make_report, draft=ReportDraft(TODAY, date(2026, 3, 3)))
    zero = report(pharmacy)
    assert (zero.kind, zero.words, zero.sent_at) == (ReportKind.ZERO, "nothing dispensed", None)
    assert "REPORT*ZERO" in pharmacy.ask(queries.report_content, report_id=zero.id)

    with pytest.raises(NeedsReason, match="what did the programme answer"):
        pharmacy.do(service.record_report_sent, report_id=zero.id)
    how = {"prescriptions.report_sent": "uploaded, accepted"}
    pharmacy.do(service.record_report_sent, report_id=zero.id, reasons=how)
    with pytest.raises(Refused, match=r"recorded it already, .*: uploaded, accepted"):
        pharmacy.do(service.record_report_sent, report_id=zero.id, reasons=how)

"""Assessments: asked, settled, signed, and the gate before the first delivery; on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from infusiondesk.assessments import queries, service
from infusiondesk.assessments.documents import assessment_paper, draw_assessment
from infusiondesk.assessments.rules.answers import SECTIONS, AssessmentDraft, Decision, SettleCode, SettleDraft
from infusiondesk.assessments.rules.standing import StandingFinding
from infusiondesk.careplans import service as careplans
from infusiondesk.careplans.exchange import templates
from infusiondesk.compounding.queries import released_bags
from infusiondesk.dispensing import service as deliveries
from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.orders.queries import orders_to_verify
from infusiondesk.patients import queries as charts
from infusiondesk.patients import service as patients
from infusiondesk.patients.queries.paper import patient_block
from infusiondesk.patients.rules.entries import DeviceDraft, HospitalDischargeDraft, PlaceDraft, StayDraft
from infusiondesk.patients.rules.words import DeviceType, PatientStatus, PlaceKind, Standing, TipConfirmation, TipLocation
from infusiondesk.staff.queries import printing_of
from infusiondesk.workflows.admission import findings_of, may_dispense, settle_finding, sign_assessment
from infusiondesk.workflows.first_dispense import make_active, pack_delivery, resume_therapy
from infusiondesk.workflows.verify_order import screen_order
from tests.beginnings import Recipe, after
from tests.clean_room import a_released_batch
from tests.deliveries import packed
from tests.pharmacy import Pharmacy
from tests.story import a_patient, an_order, prescriber_of, the_catalog

GOOD_REASON = "the neighbour carries water in covered cans twice a day"


def answered(**more: Any) -> AssessmentDraft:
    """Answers of a home in which everything is in order."""
    known: dict[str, Any] = {
        "caregiver_able": True, "nurse_needed": False, "has_barrier": False, "phone_works": True, "power_safe": True,
        "cold_product": False, "running_water": True, "clean_area": True, "danger": False, "minutes_to_ed": 20,
        "emergency_services": True, "followed_at_home": True, "tolerated": True, "consents": ("Treatment",),
        "decision": Decision.ACCEPT.value,
    }  # fmt: skip
    return AssessmentDraft(**{**known, **more})


def charted(pharmacy: Pharmacy, patient_id: UUID | None = None) -> UUID:
    """A patient with a line, a said allergy list and a checked prescriber."""
    patient_id = patient_id or a_patient(pharmacy)
    pharmacy.do(patients.confirm_no_known_allergies, by=Role.INTAKE, patient_id=patient_id)
    on = date(2026, 3, 1)
    device = DeviceDraft(on, type=DeviceType.PICC, lumens=2, inserted_on=on)
    device.tip, device.tip_confirmed, device.tip_confirmed_on = TipLocation.SVC, TipConfirmation.CHEST_XRAY, on
    pharmacy.do(patients.enter_device, by=Role.INTAKE, patient_id=patient_id, draft=device)
    who = prescriber_of(pharmacy, patient_id)
    pharmacy.do(patients.check_prescriber, by=Role.INTAKE, prescriber_id=who, standing=Standing.GOOD, checked_on=on)
    return patient_id


def ordered(pharmacy: Pharmacy) -> tuple[UUID, UUID]:
    """The patient of the beginning and his order."""
    (order,) = pharmacy.ask(orders_to_verify)
    return order.patient_id, order.id


@after(the_catalog)
def a_charted_patient(pharmacy: Pharmacy) -> None:
    """A patient whose chart lacks nothing, without an order."""
    charted(pharmacy)


@after(a_charted_patient)
def a_screened_order(pharmacy: Pharmacy) -> None:
    """That patient with one screened order."""
    pharmacy.do(screen_order, version_id=an_order(pharmacy, the_patient(pharmacy)))


def the_patient(pharmacy: Pharmacy) -> UUID:
    return pharmacy.ask(charts.patient_board)[0].patient_id


@pytest.fixture
def begins_with() -> Recipe:
    return a_screened_order


def found(pharmacy: Pharmacy, patient_id: UUID, draft: AssessmentDraft | None = None) -> dict[str, StandingFinding]:
    view = pharmacy.ask(findings_of, patient_id=patient_id, draft=draft)
    return {one.rule: one for one in view.findings}


def started(pharmacy: Pharmacy, patient_id: UUID, draft: AssessmentDraft | None = None, **more: Any) -> UUID:
    assessment_id = pharmacy.do(service.start_assessment, patient_id=patient_id, **more)
    if draft is not None:
        pharmacy.do(service.keep_answers, assessment_id=assessment_id, draft=draft)
    return assessment_id


def settle(pharmacy: Pharmacy, assessment_id: UUID, finding: StandingFinding, *, by: str = Role.PHARMACIST, **more: Any) -> None:
    draft = SettleDraft(**{"code": SettleCode.HOUSEHOLD.value, "text": GOOD_REASON, **more})
    pharmacy.do(
        settle_finding, by=by, assessment_id=assessment_id, rule=finding.rule, about=finding.about, because=finding.because,
        draft=draft,
    )  # fmt: skip


def test_every_question_has_its_place_in_the_draft() -> None:
    names = [one.name for section in SECTIONS for one in section.questions]

    assert sorted(names) == sorted(AssessmentDraft().to_json())
    assert AssessmentDraft.from_json(answered().to_json()) == answered()


def test_what_nobody_has_answered_stands_open_by_name(file_pharmacy: Pharmacy) -> None:
    patient_id, _ = ordered(file_pharmacy)
    started(file_pharmacy, patient_id)

    view = file_pharmacy.ask(findings_of, patient_id=patient_id)

    assert "working phone" in view.not_known
    assert {"R01", "R02", "R04", "R06"} <= {one.rule for one in view.findings if one.is_open}
    assert "R20" not in {one.rule for one in view.findings}


def test_a_home_in_order_is_signed_and_then_fixed(pharmacy: Pharmacy) -> None:
    patient_id, version_id = ordered(pharmacy)
    assessment_id = started(pharmacy, patient_id)
    assert [one for one in found(pharmacy, patient_id, answered()).values() if one.is_open] == []

    pharmacy.do(sign_assessment, assessment_id=assessment_id, draft=answered())

    row = pharmacy.ask(queries.current_assessment, patient_id=patient_id)
    assert row is not None
    assert (row.number, row.state, row.answers) == (1, "current", answered())
    assert [(one.name, one.meaning, one.holds) for one in row.signatures] == [("ZZTEST Pharmacist", "assessed", True)]
    with pytest.raises(Refused, match="signed and cannot change"):
        pharmacy.do(service.keep_answers, assessment_id=assessment_id, draft=answered())
    with pytest.raises(sa.exc.DBAPIError, match="signed"), pharmacy.store.engines.writing.begin() as connection:
        connection.exec_driver_sql("UPDATE assessment SET number = 9")
    assert pharmacy.store.read(pharmacy.actor(Role.PHARMACIST), lambda at: may_dispense(at, version_id).is_granted, {})


def test_signing_is_refused_in_one_sentence_that_names_what_is_open(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id, _ = ordered(pharmacy)
    assessment_id = started(pharmacy, patient_id)

    with pytest.raises(Refused, match="Open: STOP R02, HOLD R04; a STOP yields only to other facts"):
        pharmacy.do(sign_assessment, assessment_id=assessment_id, draft=answered(phone_works=False, running_water=False))
    with pytest.raises(Refused, match="Choose the decision"):
        pharmacy.do(sign_assessment, assessment_id=assessment_id, draft=answered(decision=None))
    with pytest.raises(Refused, match="Write the conditions"):
        pharmacy.do(sign_assessment, assessment_id=assessment_id, draft=answered(decision="accept with conditions"))
    with pytest.raises(Refused, match="you need to be a pharmacist"):
        pharmacy.do(sign_assessment, by=Role.NURSE, assessment_id=assessment_id, draft=answered())


def test_a_patient_is_declined_with_everything_open(file_pharmacy: Pharmacy) -> None:
    patient_id, version_id = ordered(file_pharmacy)
    assessment_id = started(file_pharmacy, patient_id)
    draft = answered(phone_works=False, decision=Decision.DECLINE.value, decision_because="no phone, and none can be had")

    file_pharmacy.do(sign_assessment, assessment_id=assessment_id, draft=draft)

    leave = file_pharmacy.store.read(file_pharmacy.actor(Role.PHARMACIST), lambda at: may_dispense(at, version_id), {})
    assert leave.because == ("Assessment 1 declined this patient.",)


def test_a_hold_yields_to_a_pharmacists_reason_and_to_nothing_less(pharmacy: Pharmacy) -> None:
    patient_id, _ = ordered(pharmacy)
    draft = answered(running_water=False)
    assessment_id = started(pharmacy, patient_id, draft)
    hold = found(pharmacy, patient_id)["R04"]

    with pytest.raises(Refused, match="at least 15 characters"):
        settle(pharmacy, assessment_id, hold, text="brings water")
    with pytest.raises(Refused, match="Choose the kind of reason"):
        settle(pharmacy, assessment_id, hold, code=None)
    with pytest.raises(Refused, match="you need to be a pharmacist"):
        settle(pharmacy, assessment_id, hold, by=Role.NURSE)
    with pytest.raises(Refused, match="does not stand any more"):
        settle(pharmacy, assessment_id, replace(hold, because="another sentence"))
    settle(pharmacy, assessment_id, hold)

    assert found(pharmacy, patient_id)["R04"].disposition == f"confirmed with patient or caregiver: {GOOD_REASON}"
    assert found(pharmacy, patient_id, replace(draft, clean_area=False))["R04"].is_open, "new facts ask again"
    pharmacy.do(sign_assessment, assessment_id=assessment_id, draft=draft)
    row = pharmacy.ask(queries.assessment_of, assessment_id=assessment_id)
    assert [(one.rule, one.settled_by) for one in row.findings if one.level == "HOLD"] == [("R04", "ZZTEST Pharmacist")]


def test_nobody_settles_a_stop_and_danger_is_for_the_pharmacist_in_charge(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id, _ = ordered(pharmacy)
    assessment_id = started(pharmacy, patient_id, answered(phone_works=False, danger=True))
    open_now = found(pharmacy, patient_id)

    with pytest.raises(Refused, match="STOP R02 is settled by nobody"):
        settle(pharmacy, assessment_id, open_now["R02"], by=Role.PHARMACIST_IN_CHARGE)
    with pytest.raises(Refused, match="it takes a pharmacist in charge"):
        settle(pharmacy, assessment_id, open_now["R05"])
    settle(pharmacy, assessment_id, open_now["R05"], by=Role.PHARMACIST_IN_CHARGE)

    assert not found(pharmacy, patient_id)["R05"].is_open


@pytest.mark.parametrize("begins_with", [a_charted_patient])
def test_a_dangerous_first_dose_needs_what_stands_ready(file_pharmacy: Pharmacy) -> None:
    pharmacy, patient_id = file_pharmacy, the_patient(file_pharmacy)
    pharmacy.do(screen_order, version_id=an_order(pharmacy, patient_id, had_before=False))
    started(pharmacy, patient_id)
    ready = answered(anaphylaxis_orders=True, kit_ready=True, nurse_on_site=True, reacted_to_class=False)

    assert "not known" in found(pharmacy, patient_id, answered())["R10"].because
    assert found(pharmacy, patient_id, replace(ready, reacted_to_class=True))["R10"].is_open
    assert "R10" not in found(pharmacy, patient_id, ready)
    assert found(pharmacy, patient_id, replace(ready, minutes_to_ed=61))["R10b"].is_open


@pytest.mark.parametrize("begins_with", [a_charted_patient])
def test_an_order_nobody_screened_and_no_order_at_all_keep_the_gate_shut(file_pharmacy: Pharmacy) -> None:
    patient_id = the_patient(file_pharmacy)
    started(file_pharmacy, patient_id)
    assert {"R23", "R24", "R26"} <= found(file_pharmacy, patient_id, answered()).keys()

    an_order(file_pharmacy, patient_id)

    assert [one.rule for one in found(file_pharmacy, patient_id, answered()).values() if one.is_open] == ["R26"]


def test_two_people_write_without_undoing_each_other(pharmacy: Pharmacy) -> None:
    patient_id, _ = ordered(pharmacy)
    assessment_id = started(pharmacy, patient_id)
    seen = AssessmentDraft()

    for who, draft in ((Role.INTAKE, AssessmentDraft(phone_works=True)), (Role.NURSE, AssessmentDraft(danger=False))):
        pharmacy.do(service.keep_answers, by=who, assessment_id=assessment_id, draft=draft, seen=seen)
    with pytest.raises(Refused, match="0 to 600 minutes"):
        pharmacy.do(service.keep_answers, assessment_id=assessment_id, draft=AssessmentDraft(minutes_to_ed=601))

    assert pharmacy.ask(queries.assessments_of, patient_id=patient_id)[0].answers == AssessmentDraft(phone_works=True, danger=False)


def test_a_reassessment_takes_the_answers_along_but_never_the_decision(pharmacy: Pharmacy) -> None:
    patient_id, _ = ordered(pharmacy)
    assessment_id = started(pharmacy, patient_id)
    with pytest.raises(Refused, match="still open"):
        started(pharmacy, patient_id)
    pharmacy.do(sign_assessment, assessment_id=assessment_id, draft=answered())
    with pytest.raises(NeedsReason):
        started(pharmacy, patient_id)

    started(pharmacy, patient_id, reasons={"assessments.again": "new order, drug or dose"})

    second, first = pharmacy.ask(queries.assessments_of, patient_id=patient_id)
    assert (second.number, second.state, second.reason) == (2, "draft", "new order, drug or dose")
    assert second.answers == answered(decision=None)
    assert first.state == "current"


def test_who_accepts_in_intake_takes_the_patient(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id, _ = ordered(pharmacy)
    pharmacy.do(patients.begin_intake, by=Role.INTAKE, patient_id=patient_id)
    assessment_id = started(pharmacy, patient_id)

    with pytest.raises(NeedsReason, match="Benefits are not verified"):
        pharmacy.do(sign_assessment, assessment_id=assessment_id, draft=answered())
    assert pharmacy.ask(queries.current_assessment, patient_id=patient_id) is None, "all or nothing"
    reasons = {"patients.accept": "the hospital sends papers and the plan's letter this afternoon"}
    pharmacy.do(sign_assessment, assessment_id=assessment_id, draft=answered(), reasons=reasons)

    assert pharmacy.ask(charts.chart_facts, patient_id=patient_id).status is PatientStatus.ACCEPTED
    assert pharmacy.ask(findings_of, patient_id=patient_id).may_become_active
    with pytest.raises(Refused, match="No pharmacist has signed a care plan"):
        pharmacy.do(make_active, patient_id=patient_id)


def test_nothing_is_packed_before_assessment_and_plan_are_signed(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id, _ = ordered(pharmacy)
    with pytest.raises(Refused, match="No pharmacist has signed an assessment"):
        pharmacy.do(pack_delivery, by=Role.TECHNICIAN, patient_id=patient_id, bag_ids=[])
    pharmacy.do(sign_assessment, assessment_id=started(pharmacy, patient_id), draft=answered())
    with pytest.raises(Refused, match="No pharmacist has signed a care plan"):
        pharmacy.do(pack_delivery, by=Role.TECHNICIAN, patient_id=patient_id, bag_ids=[])
    a_signed_plan(pharmacy, patient_id)

    with pytest.raises(Refused) as refused:
        pharmacy.do(pack_delivery, by=Role.TECHNICIAN, patient_id=patient_id, bag_ids=[])

    assert "Nothing may be packed" not in refused.value.sentence, "the gate is open; the deliveries refuse by their own rules"


def a_signed_plan(pharmacy: Pharmacy, patient_id: UUID) -> None:
    texts = [templates()["common"], templates()["antibiotic"]]
    plan_id = pharmacy.do(careplans.start_plan, patient_id=patient_id, templates=texts)
    pharmacy.do(careplans.sign_plan, plan_id=plan_id, patient_name="ZZTEST Alder")


@pytest.mark.parametrize("begins_with", [a_released_batch])
def test_from_released_bags_to_an_active_patient(pharmacy: Pharmacy) -> None:
    patient_id = the_patient(pharmacy)
    bags = pharmacy.ask(released_bags, patient_id=patient_id)
    charted(pharmacy, patient_id)
    home = PlaceDraft(PlaceKind.OWN_HOME, "", date(2026, 3, 1))
    pharmacy.do(patients.set_place_of_care, by=Role.INTAKE, patient_id=patient_id, draft=home)
    pharmacy.do(patients.begin_intake, by=Role.INTAKE, patient_id=patient_id)
    pharmacy.do(screen_order, version_id=bags[0].order.id)
    assessment_id = started(pharmacy, patient_id)
    reasons = {"patients.accept": "the hospital sends papers and the plan's letter this afternoon"}
    pharmacy.do(sign_assessment, assessment_id=assessment_id, draft=answered(), reasons=reasons)
    a_signed_plan(pharmacy, patient_id)
    with pytest.raises(Refused, match="No delivery has left"):
        pharmacy.do(make_active, patient_id=patient_id)

    ticket_id = packed(pharmacy, patient_id, [bag.id for bag in bags], begin=pack_delivery)
    pharmacy.do(deliveries.ship_ticket, by=Role.TECHNICIAN, ticket_id=ticket_id)
    pharmacy.do(make_active, patient_id=patient_id)

    assert pharmacy.ask(charts.chart_facts, patient_id=patient_id).status is PatientStatus.ACTIVE

    # Through the hospital and back: he is assessed again before therapy goes on.
    pharmacy.clock.advance(hours=20)
    admitted = pharmacy.clock.now()
    stay = StayDraft(now=admitted, facility="ZZTEST General", admitted_at=admitted)
    stay_id = pharmacy.do(patients.admit_to_hospital, by=Role.INTAKE, patient_id=patient_id, draft=stay)
    pharmacy.clock.advance(days=2)
    left = pharmacy.clock.now()
    away = HospitalDischargeDraft(now=left, admitted_at=admitted, discharged_at=left)
    pharmacy.do(patients.discharge_from_hospital, by=Role.INTAKE, stay_id=stay_id, draft=away)
    pharmacy.clock.advance(hours=1)
    with pytest.raises(Refused, match=r"The patient is on hold\. Nothing is packed or shipped"):
        pharmacy.do(deliveries.begin_ticket, by=Role.TECHNICIAN, patient_id=patient_id, bag_ids=[bag.id for bag in bags])
    with pytest.raises(Refused, match="came back from hospital on 5 Mar 2026"):
        pharmacy.do(resume_therapy, patient_id=patient_id)

    again = started(pharmacy, patient_id, reasons={"assessments.again": "home from hospital"})
    pharmacy.do(sign_assessment, assessment_id=again, draft=answered())
    pharmacy.do(resume_therapy, patient_id=patient_id)

    assert pharmacy.ask(charts.chart_facts, patient_id=patient_id).status is PatientStatus.ACTIVE


@pytest.mark.parametrize("begins_with", [a_released_batch])
def test_a_prescriber_excluded_after_the_signature_keeps_the_bags_in(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = the_patient(pharmacy)
    bags = pharmacy.ask(released_bags, patient_id=patient_id)
    charted(pharmacy, patient_id)
    pharmacy.do(screen_order, version_id=bags[0].order.id)
    pharmacy.do(sign_assessment, assessment_id=started(pharmacy, patient_id), draft=answered())
    a_signed_plan(pharmacy, patient_id)
    who = prescriber_of(pharmacy, patient_id)
    pharmacy.do(
        patients.check_prescriber, by=Role.INTAKE, prescriber_id=who, standing=Standing.EXCLUDED, checked_on=date(2026, 3, 2)
    )

    with pytest.raises(Refused, match=r"Nothing may be packed\. STOP R20"):
        pharmacy.do(pack_delivery, by=Role.TECHNICIAN, patient_id=patient_id, bag_ids=[bag.id for bag in bags])


def test_a_new_version_of_the_order_asks_again(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id, version_id = ordered(pharmacy)
    draft = answered(running_water=False)
    assessment_id = started(pharmacy, patient_id, draft)
    settle(pharmacy, assessment_id, found(pharmacy, patient_id)["R04"])
    pharmacy.do(sign_assessment, assessment_id=assessment_id, draft=draft)

    other = an_order(pharmacy, patient_id, "vancomycin", dose_amount=1000, dose_unit="mg")
    pharmacy.do(screen_order, version_id=other)

    def rules(version: UUID) -> set[str]:
        leave = pharmacy.store.read(pharmacy.actor(Role.PHARMACIST), lambda at: may_dispense(at, version), {})
        return {one.rule for one in leave.open}

    assert rules(version_id) == set()
    assert "R04" in rules(other), "a reason holds for one order version"


def test_back_from_hospital_is_assessed_again_before_the_next_dose(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id, version_id = ordered(pharmacy)
    pharmacy.do(sign_assessment, assessment_id=started(pharmacy, patient_id), draft=answered())
    admitted = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
    pharmacy.clock.set(datetime(2026, 3, 4, 15, 0, tzinfo=UTC))
    draft = StayDraft(now=pharmacy.clock.now(), facility="ZZTEST General", admitted_at=admitted)
    stay_id = pharmacy.do(patients.admit_to_hospital, by=Role.INTAKE, patient_id=patient_id, draft=draft)
    left = datetime(2026, 3, 4, 14, 0, tzinfo=UTC)
    away = HospitalDischargeDraft(now=pharmacy.clock.now(), admitted_at=admitted, discharged_at=left)
    pharmacy.do(patients.discharge_from_hospital, by=Role.INTAKE, stay_id=stay_id, draft=away)

    leave = pharmacy.store.read(pharmacy.actor(Role.PHARMACIST), lambda at: may_dispense(at, version_id), {})

    assert "came back from hospital" in leave.because[0]


def test_the_paper_carries_answers_findings_and_what_was_not_checked(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id, _ = ordered(pharmacy)
    started(pharmacy, patient_id, answered(running_water=False))
    row = pharmacy.ask(queries.assessments_of, patient_id=patient_id)[0]
    findings = pharmacy.ask(findings_of, patient_id=patient_id).findings

    facts = assessment_paper(row, findings, pharmacy.ask(patient_block, patient_id=patient_id), ())

    assert ("There is running water", "no") in facts.sections[1].answers
    assert [one.rule for one in facts.findings if not one.disposition] == ["R04"]
    assert draw_assessment(facts, pharmacy.ask(printing_of)).startswith(b"%PDF")

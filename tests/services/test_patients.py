"""Patients through the verbs, on both databases: referral, chart, steps, corrections."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.store.records import AuditLine
from infusiondesk.patients import queries, service
from infusiondesk.patients.records import Correction, StatusStep
from infusiondesk.patients.rules.drafts import PrescriberDraft, RequestDraft
from infusiondesk.patients.rules.entries import (
    AllergyDraft,
    DeviceDraft,
    DiagnosisDraft,
    HomeMedicationDraft,
    HospitalDischargeDraft,
    PlaceDraft,
    StayDraft,
    TipDraft,
)
from infusiondesk.patients.rules.facts import Finding, PatientFacts, Severity
from infusiondesk.patients.rules.plausibility import MeasurementDraft
from infusiondesk.patients.rules.words import (
    AllergySeverity,
    DeclineReason,
    DeviceType,
    Document,
    HoldReason,
    MeasuredHow,
    MeasurementKind,
    MedicationSource,
    PatientStatus,
    PlaceKind,
    ReferralSource,
    Standing,
    TipConfirmation,
    TipLocation,
)
from tests.people import NPI, accept, activate, complete, refer, referral
from tests.pharmacy import Pharmacy

TODAY = date(2026, 3, 2)
WRONG = {"patients.void": "typing mistake"}


def facts(pharmacy: Pharmacy, patient_id: UUID) -> PatientFacts:
    return pharmacy.ask(queries.chart_facts, patient_id=patient_id)


def weigh(pharmacy: Pharmacy, patient_id: UUID, kg: str, on: date = TODAY, **given: Any) -> UUID:
    draft = MeasurementDraft(TODAY, MeasurementKind.WEIGHT, Decimal(kg), on, MeasuredHow.MEASURED)
    return pharmacy.do(service.enter_measurement, by=Role.NURSE, patient_id=patient_id, draft=draft, **given)


# Referral -----------------------------------------------------------------------------------------


def test_a_referral_gets_a_record_number_with_a_check_digit(pharmacy: Pharmacy) -> None:
    first, second = refer(pharmacy), refer(pharmacy, last_name="ZZTEST Birch")

    assert [facts(pharmacy, one).mrn for one in (first, second)] == ["40-001-9", "40-002-4"]
    assert facts(pharmacy, first).status is PatientStatus.REFERRAL
    prescriber = facts(pharmacy, first).prescriber
    assert prescriber is not None
    assert (prescriber.name, prescriber.npi, prescriber.phone) == ("Dr ZZTEST Maplewood", NPI, "217-555-0199")


def test_names_are_kept_as_typed_and_found_folded(pharmacy: Pharmacy) -> None:
    patient_id = refer(pharmacy, last_name="ZZTEST O’Nguyễn-Łuk", first_name="Mary Ann")

    for text in ("onguyen luk", "O'NGUYEN", "zztest mary", "nguyễn", "luk, maryann", "40-001", "400019", "3/14/1964", "5550142"):
        found = pharmacy.ask(queries.find_patients, text=text)
        assert [row.id for row in found.rows] == [patient_id], text
    assert pharmacy.ask(queries.find_patients, text="birch").rows == []
    assert pharmacy.ask(queries.find_patients, text="%").total == 0
    assert facts(pharmacy, patient_id).name == "ZZTEST O’Nguyễn-Łuk, Mary Ann"


def test_a_record_number_with_a_slip_finds_nobody(file_pharmacy: Pharmacy) -> None:
    refer(file_pharmacy)

    assert file_pharmacy.ask(queries.find_patients, text="40-001-9").total == 1
    assert file_pharmacy.ask(queries.find_patients, text="40-010-9").total == 0


def test_a_long_list_says_how_many_there_are(pharmacy: Pharmacy) -> None:
    for name in ("Alder", "Birch", "Cedar"):
        refer(pharmacy, last_name=f"ZZTEST {name}")

    found = pharmacy.ask(queries.find_patients, text="zztest", most=2)

    assert ([row.name for row in found.rows], found.total) == (["ZZTEST Alder, Marian", "ZZTEST Birch, Marian"], 3)


def test_the_same_birth_date_and_name_is_asked_about_and_marks_both(pharmacy: Pharmacy) -> None:
    first = refer(pharmacy)

    with pytest.raises(NeedsReason, match=r"known: ZZTEST Alder, Marian, MRN 40-001-9, referral"):
        pharmacy.do(service.receive_referral, by=Role.INTAKE, draft=referral(pharmacy, last_name="zztest álder", first_name="Mary"))
    second = refer(pharmacy, last_name="zztest álder", first_name="Mary")

    assert facts(pharmacy, first).similar_names == ("zztest álder, Mary (40-002-4)",)
    assert facts(pharmacy, second).similar_names == ("ZZTEST Alder, Marian (40-001-9)",)
    assert all(row.has_similar_name for row in pharmacy.ask(queries.find_patients).rows)
    banner = pharmacy.ask(queries.banner_of, patient_id=second)
    assert banner.similar_name is not None
    assert banner.similar_name.text == "Similar name: ZZTEST Alder, Marian (40-001-9)"


def test_another_birth_date_is_not_asked_about(file_pharmacy: Pharmacy) -> None:
    refer(file_pharmacy)

    file_pharmacy.do(service.receive_referral, by=Role.INTAKE, draft=referral(file_pharmacy, born_on=date(1964, 3, 15)))

    assert not any(row.has_similar_name for row in file_pharmacy.ask(queries.find_patients).rows)


def test_a_draft_with_a_problem_is_refused_at_its_field(file_pharmacy: Pharmacy) -> None:
    with pytest.raises(Refused, match="not a valid NPI") as refused:
        file_pharmacy.do(service.receive_referral, by=Role.INTAKE, draft=referral(file_pharmacy, prescriber_npi="1234567890"))

    assert refused.value.field == "prescriber_npi"
    assert file_pharmacy.ask(queries.find_patients).total == 0


def test_today_is_the_pharmacys_not_the_drafts(file_pharmacy: Pharmacy) -> None:
    draft = referral(file_pharmacy, today=date(2030, 1, 1), now=None, born_on=date(2026, 3, 3))

    with pytest.raises(Refused, match="in the future"):
        file_pharmacy.do(service.receive_referral, by=Role.INTAKE, draft=draft)


def test_a_known_prescriber_is_used_again_and_anothers_npi_refused(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    first = refer(pharmacy)
    known = facts(pharmacy, first).prescriber
    assert known is not None
    second = refer(
        pharmacy, last_name="ZZTEST Birch", prescriber_id=known.id, prescriber_name="", prescriber_npi="", prescriber_phone=""
    )

    assert facts(pharmacy, second).prescriber == known
    with pytest.raises(Refused, match="belongs to Dr ZZTEST Maplewood on file"):
        refer(pharmacy, last_name="ZZTEST Cedar", prescriber_name="Dr ZZTEST Oak")
    with pytest.raises(Refused, match="prescriber is not in the store"):
        refer(pharmacy, last_name="ZZTEST Cedar", prescriber_id=first)


def test_a_nurse_takes_no_referral(file_pharmacy: Pharmacy) -> None:
    with pytest.raises(Refused, match="To take in a referral you need to be"):
        file_pharmacy.do(service.receive_referral, by=Role.NURSE, draft=referral(file_pharmacy))


def test_the_board_shows_late_clocks_first(pharmacy: Pharmacy) -> None:
    now = pharmacy.clock.now()
    refer(pharmacy, received_at=now - timedelta(minutes=5), start_of_care_at=now + timedelta(days=3))
    late = refer(pharmacy, last_name="ZZTEST Birch", received_at=now - timedelta(days=2), documents=(Document.ORDER,))
    refer(pharmacy, last_name="ZZTEST Cedar", received_at=now - timedelta(minutes=5))
    activate(pharmacy, last_name="ZZTEST Dogwood")

    board = pharmacy.ask(queries.patient_board)

    assert [row.name.split(",")[0] for row in board] == ["ZZTEST Birch", "ZZTEST Alder", "ZZTEST Cedar"]
    assert board[0].patient_id == late
    assert board[0].next is not None
    assert board[0].next.name == "benefits verified"  # received on a Saturday: the business hours have not begun
    assert board[0].distance == "24 h late"
    assert board[0].received_documents == (Document.ORDER,)
    assert Document.INSURANCE in board[0].missing_documents


def test_the_promises_of_a_referral_are_kept_once(pharmacy: Pharmacy) -> None:
    patient_id = refer(pharmacy, documents=(Document.ORDER,))

    pharmacy.do(service.acknowledge_referral, by=Role.INTAKE, patient_id=patient_id)
    pharmacy.do(service.verify_benefits, by=Role.BILLER, patient_id=patient_id)
    pharmacy.do(service.receive_documents, by=Role.INTAKE, patient_id=patient_id, documents=[Document.INSURANCE])

    row = pharmacy.ask(queries.patient_board)[0]
    assert [clock.is_done for clock in row.clocks] == [True, True, False, False]
    assert row.received_documents == (Document.INSURANCE, Document.ORDER)
    with pytest.raises(Refused, match="has acknowledged this referral already"):
        pharmacy.do(service.acknowledge_referral, by=Role.INTAKE, patient_id=patient_id)
    with pytest.raises(Refused, match="has verified the benefits already"):
        pharmacy.do(service.verify_benefits, by=Role.INTAKE, patient_id=patient_id)


def test_a_corrected_referral_keeps_what_stood_there(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = refer(pharmacy)
    now = pharmacy.clock.now()
    draft = RequestDraft(
        None,
        now - timedelta(hours=1),
        ReferralSource.CLINIC,
        "ZZTEST Clerk",
        "217-555-0100",
        "",
        "",
        now + timedelta(days=1),
        "cefazolin",
    )

    with pytest.raises(NeedsReason):
        pharmacy.do(service.correct_referral, by=Role.INTAKE, patient_id=patient_id, draft=draft)
    reasons = {"patients.correction": "typing mistake"}
    pharmacy.do(service.correct_referral, by=Role.INTAKE, patient_id=patient_id, draft=draft, reasons=reasons)

    changes = {row.field: (row.before, row.after) for row in pharmacy.ask(queries.corrections_of, patient_id=patient_id)}
    assert changes["therapy"] == ("vancomycin", "cefazolin")
    assert changes["source"] == ("hospital", "clinic")
    with pytest.raises(Refused, match="Nothing was changed"):
        pharmacy.do(service.correct_referral, by=Role.INTAKE, patient_id=patient_id, draft=draft, reasons=reasons)


# Demographics -------------------------------------------------------------------------------------


def test_corrected_demographics_keep_the_earlier_values_and_the_audit_no_name(pharmacy: Pharmacy) -> None:
    patient_id = refer(pharmacy)
    draft = replace(
        pharmacy.ask(queries.demographics_of, patient_id=patient_id), last_name="ZZTEST Alder-Stone", phone="(217) 555-0177"
    )

    with pytest.raises(NeedsReason, match="Why does this change: last name, phone"):
        pharmacy.do(service.correct_demographics, by=Role.INTAKE, patient_id=patient_id, draft=draft)
    reasons = {"patients.correction": "changed name"}
    pharmacy.do(service.correct_demographics, by=Role.INTAKE, patient_id=patient_id, draft=draft, reasons=reasons)

    rows = pharmacy.ask(queries.corrections_of, patient_id=patient_id)
    assert [(row.field, row.before, row.after, row.reason) for row in rows] == [
        ("last_name", "ZZTEST Alder", "ZZTEST Alder-Stone", "changed name"),
        ("phone", "2175550142", "2175550177", "changed name"),
    ]
    assert pharmacy.ask(queries.find_patients, text="alderstone").total == 1
    details = pharmacy.ask(lambda reading: list(reading.session.scalars(sa.select(AuditLine.detail))))
    assert "last_name, phone" in details
    assert not any("ZZTEST" in (detail or "") for detail in details)


def test_the_history_cannot_be_rewritten(pharmacy: Pharmacy) -> None:
    patient_id = refer(pharmacy)
    draft = replace(pharmacy.ask(queries.demographics_of, patient_id=patient_id), city="Chatham")
    pharmacy.do(
        service.correct_demographics, by=Role.INTAKE, patient_id=patient_id, draft=draft, reasons={"patients.correction": "moved"}
    )

    def forge_correction(uow: Any) -> None:
        uow.session.scalars(sa.select(Correction)).one().reason = "nothing happened"

    def forge_step(uow: Any) -> None:
        uow.session.delete(uow.session.scalars(sa.select(StatusStep)).one())

    for forge in (forge_correction, forge_step):
        with pytest.raises(Refused):
            pharmacy.do(forge)
    assert [row.reason for row in pharmacy.ask(queries.corrections_of, patient_id=patient_id)] == ["moved"]
    assert len(pharmacy.ask(queries.steps_of, patient_id=patient_id)) == 1


def test_nothing_changed_is_said(file_pharmacy: Pharmacy) -> None:
    patient_id = refer(file_pharmacy)
    draft = file_pharmacy.ask(queries.demographics_of, patient_id=patient_id)

    with pytest.raises(Refused, match="Nothing was changed"):
        file_pharmacy.do(service.correct_demographics, by=Role.INTAKE, patient_id=patient_id, draft=draft)


def test_two_people_change_different_fields_and_both_stay(pharmacy: Pharmacy) -> None:
    patient_id = refer(pharmacy)
    seen = pharmacy.ask(queries.demographics_of, patient_id=patient_id)
    reasons = {"patients.correction": "the patient told us"}

    def correct(**changes: Any) -> None:
        draft = replace(seen, **changes)
        pharmacy.do(service.correct_demographics, by=Role.INTAKE, patient_id=patient_id, draft=draft, seen=seen, reasons=reasons)

    correct(phone="217-555-0177")
    correct(city="Chatham")

    now = pharmacy.ask(queries.demographics_of, patient_id=patient_id)
    assert (now.phone, now.city) == ("217-555-0177", "Chatham")
    with pytest.raises(Refused, match="phone is now “217-555-0177”, you typed “217-555-0188”") as refused:
        correct(phone="217-555-0188")
    assert refused.value.field == "phone"


def test_a_corrected_birth_date_that_meets_another_person_is_asked_about_once(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    first = refer(pharmacy)
    second = refer(pharmacy, born_on=date(1964, 3, 15), first_name="Mary")
    draft = replace(pharmacy.ask(queries.demographics_of, patient_id=second), born_on=date(1964, 3, 14))
    reasons = {"patients.correction": "typing mistake", "patients.different_person": "different person: twin or relative"}

    with pytest.raises(NeedsReason, match="MRN 40-001-9"):
        pharmacy.do(
            service.correct_demographics,
            by=Role.INTAKE,
            patient_id=second,
            draft=draft,
            reasons={"patients.correction": "typing mistake"},
        )
    pharmacy.do(service.correct_demographics, by=Role.INTAKE, patient_id=second, draft=draft, reasons=reasons)
    again = replace(draft, last_name="Zztest ALDER")
    pharmacy.do(
        service.correct_demographics,
        by=Role.INTAKE,
        patient_id=second,
        draft=again,
        reasons={"patients.correction": "typing mistake"},
    )

    assert facts(pharmacy, first).similar_names == ("Zztest ALDER, Mary (40-002-4)",)


# Prescribers --------------------------------------------------------------------------------------


def test_prescribers_are_found_by_name_and_npi_and_corrected(pharmacy: Pharmacy) -> None:
    draft = PrescriberDraft("Dr ZZTEST Öak", "1245319599", "217-555-0123", "217-555-0124", "", "")
    oak = pharmacy.do(service.enter_prescriber, by=Role.INTAKE, draft=draft)
    other = pharmacy.do(service.enter_prescriber, by=Role.INTAKE, draft=PrescriberDraft("Dr ZZTEST Pine", NPI, "217-555-0125"))

    assert pharmacy.do(service.enter_prescriber, by=Role.INTAKE, draft=draft) == oak
    assert [row.id for row in pharmacy.ask(queries.prescribers, text="oak")] == [oak]
    assert [row.id for row in pharmacy.ask(queries.prescribers, text="12345")] == [other]
    pharmacy.do(service.check_prescriber, by=Role.INTAKE, prescriber_id=oak, standing=Standing.GOOD, checked_on=date(2026, 3, 1))
    reasons = {"patients.correction": "typing mistake"}
    renamed = replace(draft, name="Dr ZZTEST Oak")
    pharmacy.do(service.correct_prescriber, by=Role.INTAKE, prescriber_id=oak, draft=renamed, reasons=reasons)
    row = pharmacy.ask(queries.prescribers, text="oak")[0]
    assert (row.name, row.standing, row.after_hours_phone) == ("Dr ZZTEST Oak", Standing.GOOD, "217-555-0124")
    with pytest.raises(Refused, match="belongs to Dr ZZTEST Pine"):
        pharmacy.do(service.correct_prescriber, by=Role.INTAKE, prescriber_id=oak, draft=replace(renamed, npi=NPI), reasons=reasons)
    with pytest.raises(Refused, match="Nothing was changed"):
        pharmacy.do(service.correct_prescriber, by=Role.INTAKE, prescriber_id=oak, draft=renamed, reasons=reasons)
    pharmacy.do(
        service.correct_prescriber,
        by=Role.INTAKE,
        prescriber_id=oak,
        draft=replace(renamed, npi="1003000126"),
        reasons=reasons,
    )
    assert pharmacy.ask(queries.prescribers, text="oak")[0].standing is Standing.NOT_CHECKED
    with pytest.raises(Refused, match="in the future"):
        pharmacy.do(
            service.check_prescriber, by=Role.INTAKE, prescriber_id=oak, standing=Standing.GOOD, checked_on=date(2026, 3, 3)
        )


def test_replacing_the_prescriber_asks_why_and_naming_the_first_does_not(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = refer(pharmacy)
    oak = pharmacy.do(
        service.enter_prescriber, by=Role.INTAKE, draft=PrescriberDraft("Dr ZZTEST Oak", "1245319599", "217-555-0123")
    )

    pharmacy.do(service.choose_prescriber, by=Role.INTAKE, patient_id=patient_id, prescriber_id=oak, follows_at_home=True)
    with pytest.raises(NeedsReason, match="Why does Dr ZZTEST Oak replace Dr ZZTEST Maplewood"):
        pharmacy.do(service.choose_prescriber, by=Role.INTAKE, patient_id=patient_id, prescriber_id=oak)
    reasons = {"patients.prescriber": "care was handed over"}
    pharmacy.do(service.choose_prescriber, by=Role.INTAKE, patient_id=patient_id, prescriber_id=oak, reasons=reasons)

    found = facts(pharmacy, patient_id)
    assert (found.prescriber and found.prescriber.id, found.followed_by and found.followed_by.id) == (oak, oak)
    with pytest.raises(Refused, match="is chosen already"):
        pharmacy.do(service.choose_prescriber, by=Role.INTAKE, patient_id=patient_id, prescriber_id=oak)


# Allergies ----------------------------------------------------------------------------------------


def test_no_known_allergies_is_only_ever_explicit_and_an_allergy_ends_it(pharmacy: Pharmacy) -> None:
    patient_id = refer(pharmacy)

    def shown() -> list[tuple[str, str]]:
        return [(words.text, words.tone) for words in pharmacy.ask(queries.banner_of, patient_id=patient_id).allergies]

    assert shown() == [("Allergies not recorded: dispensing is stopped", "danger")]
    pharmacy.do(service.confirm_no_known_allergies, by=Role.NURSE, patient_id=patient_id)
    assert shown() == [("No known allergies, confirmed 2 Mar 2026", "done")]
    allergy = pharmacy.do(
        service.enter_allergy,
        by=Role.NURSE,
        patient_id=patient_id,
        draft=AllergyDraft("penicillin", "hives and throat swelling", AllergySeverity.ANAPHYLAXIS, "2011"),
    )
    assert shown() == [("Allergy: penicillin, anaphylaxis: hives and throat swelling (2011)", "danger")]
    with pytest.raises(Refused, match="On the list stands penicillin"):
        pharmacy.do(service.confirm_no_known_allergies, by=Role.NURSE, patient_id=patient_id)
    with pytest.raises(NeedsReason, match="allergy to penicillin"):
        pharmacy.do(service.void_allergy, by=Role.NURSE, allergy_id=allergy)
    pharmacy.do(service.void_allergy, by=Role.NURSE, allergy_id=allergy, reasons=WRONG)
    assert shown() == [("Allergies not recorded: dispensing is stopped", "danger")]
    with pytest.raises(Refused, match="voided this entry already: typing mistake"):
        pharmacy.do(service.void_allergy, by=Role.NURSE, allergy_id=allergy, reasons=WRONG)
    entry = next(row for row in pharmacy.ask(queries.entries_of, patient_id=patient_id) if row.id == allergy)
    assert (entry.text, entry.voided_by, entry.void_reason) == (
        "penicillin, hives and throat swelling, anaphylaxis",
        "ZZTEST Nurse",
        "typing mistake",
    )


def test_the_same_substance_is_not_entered_twice_and_none_is_no_substance(file_pharmacy: Pharmacy) -> None:
    patient_id = refer(file_pharmacy)
    file_pharmacy.do(service.enter_allergy, by=Role.INTAKE, patient_id=patient_id, draft=AllergyDraft("Latex", "rash"))

    with pytest.raises(Refused, match="Latex is on the list already"):
        file_pharmacy.do(service.enter_allergy, by=Role.INTAKE, patient_id=patient_id, draft=AllergyDraft(" latex "))
    with pytest.raises(Refused, match="no substance"):
        file_pharmacy.do(service.enter_allergy, by=Role.INTAKE, patient_id=patient_id, draft=AllergyDraft("NKDA"))


def test_intake_enters_an_allergy_but_does_not_take_it_off(file_pharmacy: Pharmacy) -> None:
    patient_id = refer(file_pharmacy)
    allergy = file_pharmacy.do(service.enter_allergy, by=Role.INTAKE, patient_id=patient_id, draft=AllergyDraft("latex"))

    with pytest.raises(Refused, match="To void an allergy you need"):
        file_pharmacy.do(service.void_allergy, by=Role.INTAKE, allergy_id=allergy, reasons=WRONG)


# Measurements -------------------------------------------------------------------------------------


def test_an_impossible_weight_is_refused_in_one_sentence(file_pharmacy: Pharmacy) -> None:
    patient_id = refer(file_pharmacy)

    with pytest.raises(Refused) as refused:
        weigh(file_pharmacy, patient_id, "800")

    assert refused.value.sentence == ("800 kg is outside what a weight can be, 0.5 to 350 kg: correct the number under Weight.")
    assert refused.value.field == "value"


def test_a_weight_that_may_be_pounds_is_asked_back_and_the_answer_kept(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = refer(pharmacy)
    weigh(pharmacy, patient_id, "71.4", date(2026, 2, 20))

    with pytest.raises(NeedsReason, match=r"157 kg is 2.2 times the last weight, 71.4 kg on 20 Feb 2026. Is it pounds\?") as asked:
        weigh(pharmacy, patient_id, "157")
    assert asked.value.key == "patients.pounds"
    with pytest.raises(NeedsReason):
        weigh(pharmacy, patient_id, "157", reasons={"patients.pounds": "yes"})
    weigh(pharmacy, patient_id, "157", reasons={"patients.pounds": "measured again, the value is right"})

    weight = facts(pharmacy, patient_id).weight
    assert weight is not None
    assert (weight.value, weight.confirmed_because) == (Decimal(157), "measured again, the value is right")


def test_the_newest_weight_counts_and_voiding_it_brings_the_one_before_back(pharmacy: Pharmacy) -> None:
    patient_id = refer(pharmacy)
    weigh(pharmacy, patient_id, "70", date(2026, 2, 20))
    newest = weigh(pharmacy, patient_id, "71.4", date(2026, 3, 1))
    weigh(pharmacy, patient_id, "69", date(2026, 2, 1))

    assert pharmacy.ask(queries.banner_of, patient_id=patient_id).weight == "71.4 kg (157 lb), 1 Mar 2026"
    pharmacy.do(service.void_measurement, by=Role.NURSE, measurement_id=newest, reasons=WRONG)
    assert pharmacy.ask(queries.banner_of, patient_id=patient_id).weight == "70 kg (154 lb), 20 Feb 2026"


def test_a_weight_before_birth_is_refused(file_pharmacy: Pharmacy) -> None:
    patient_id = refer(file_pharmacy, born_on=date(2026, 2, 20))

    with pytest.raises(Refused, match="before the patient's birth"):
        weigh(file_pharmacy, patient_id, "3.2", date(2026, 2, 19))


# Diagnoses, devices, medicines, places ------------------------------------------------------------


def test_diagnoses_are_ranked_and_the_primary_one_can_change_places(pharmacy: Pharmacy) -> None:
    patient_id = refer(pharmacy)

    def enter(code: str, **given: Any) -> UUID:
        draft = DiagnosisDraft(TODAY, code, "", **given)
        return pharmacy.do(
            service.enter_diagnosis,
            by=Role.INTAKE,
            patient_id=patient_id,
            draft=draft,
            meaning_of={"M86.171": "Other acute osteomyelitis", "E11.9": "Type 2 diabetes", "I10": "Hypertension"}.get,
        )

    def ranks() -> list[tuple[int, str, str]]:
        return [(one.rank, one.code, one.label) for one in facts(pharmacy, patient_id).diagnoses]

    enter("m86.171", is_primary=True)
    diabetes = enter("E11.9")
    with pytest.raises(Refused, match=r"M86\.171 is the primary diagnosis"):
        enter("I10", is_primary=True)
    with pytest.raises(Refused, match="is not in the table"):
        enter("Z99.9")
    with pytest.raises(Refused, match="on the list already"):
        enter("E11.9")
    with pytest.raises(NeedsReason):
        pharmacy.do(service.make_primary, by=Role.INTAKE, diagnosis_id=diabetes)
    pharmacy.do(service.make_primary, by=Role.INTAKE, diagnosis_id=diabetes, reasons={"patients.primary": "therapy is for it"})
    assert ranks() == [(1, "E11.9", "Type 2 diabetes"), (2, "M86.171", "Other acute osteomyelitis")]
    with pytest.raises(Refused, match="primary diagnosis already"):
        pharmacy.do(service.make_primary, by=Role.INTAKE, diagnosis_id=diabetes)
    pharmacy.do(service.void_diagnosis, by=Role.NURSE, diagnosis_id=diabetes, reasons=WRONG)
    osteomyelitis = facts(pharmacy, patient_id).diagnoses[0].id
    pharmacy.do(service.make_primary, by=Role.INTAKE, diagnosis_id=osteomyelitis, reasons={"patients.primary": "therapy is for it"})
    assert ranks() == [(1, "M86.171", "Other acute osteomyelitis")]


def test_a_central_line_waits_for_its_tip_and_leaves_in_order(pharmacy: Pharmacy) -> None:
    patient_id = refer(pharmacy)
    draft = DeviceDraft(TODAY, type=DeviceType.PICC, lumens=1, arm="right", vein="basilic", inserted_on=date(2026, 2, 20))
    device = pharmacy.do(service.enter_device, by=Role.NURSE, patient_id=patient_id, draft=draft)

    access = pharmacy.ask(queries.banner_of, patient_id=patient_id).access
    assert (access.text, access.tone) == ("PICC, right basilic, 1 lumen, tip not confirmed", "danger")
    early = TipDraft(TODAY, None, TipLocation.SVC, TipConfirmation.ECG, date(2026, 2, 19))
    with pytest.raises(Refused, match="before insertion on 20 Feb 2026"):
        pharmacy.do(service.confirm_tip, by=Role.NURSE, device_id=device, draft=early)
    tip = replace(early, tip_confirmed_on=date(2026, 2, 20))
    pharmacy.do(service.confirm_tip, by=Role.NURSE, device_id=device, draft=tip)
    access = pharmacy.ask(queries.banner_of, patient_id=patient_id).access
    assert (access.text, access.tone) == ("PICC, right basilic, 1 lumen, tip at SVC (ECG, 20 Feb 2026)", "plain")
    with pytest.raises(Refused, match="confirmed so already"):
        pharmacy.do(service.confirm_tip, by=Role.NURSE, device_id=device, draft=tip)
    moved = replace(tip, tip=TipLocation.CAVOATRIAL)
    with pytest.raises(NeedsReason, match="confirmed anew"):
        pharmacy.do(service.confirm_tip, by=Role.NURSE, device_id=device, draft=moved)
    pharmacy.do(service.confirm_tip, by=Role.NURSE, device_id=device, draft=moved, reasons={"patients.tip": "new X-ray"})
    with pytest.raises(Refused, match="cannot be removed on 19 Feb 2026, before it was inserted on 20 Feb 2026"):
        pharmacy.do(service.remove_device, by=Role.NURSE, device_id=device, removed_on=date(2026, 2, 19))
    pharmacy.do(service.remove_device, by=Role.NURSE, device_id=device, removed_on=TODAY, because="therapy completed")
    assert facts(pharmacy, patient_id).devices == ()
    with pytest.raises(Refused, match="was removed on 2 Mar 2026 already"):
        pharmacy.do(service.remove_device, by=Role.NURSE, device_id=device, removed_on=TODAY)
    pharmacy.do(service.void_device, by=Role.NURSE, device_id=device, reasons=WRONG)
    texts = [row.text for row in pharmacy.ask(queries.entries_of, patient_id=patient_id) if row.voided_at]
    assert texts == ["PICC, right basilic, 1 lumen, tip at lower SVC or cavoatrial junction (ECG, 20 Feb 2026), removed 2 Mar 2026"]


def test_a_device_before_birth_is_refused(file_pharmacy: Pharmacy) -> None:
    patient_id = refer(file_pharmacy, born_on=date(2026, 2, 20))
    draft = DeviceDraft(TODAY, type=DeviceType.PIV, inserted_on=date(2026, 2, 19))

    with pytest.raises(Refused, match="before the patient's birth"):
        file_pharmacy.do(service.enter_device, by=Role.NURSE, patient_id=patient_id, draft=draft)


def test_home_medicines_stay_as_typed_and_can_stop(pharmacy: Pharmacy) -> None:
    patient_id = refer(pharmacy)
    draft = HomeMedicationDraft("dofetilyde 250 mcg", "twice daily", "yesterday", MedicationSource.PATIENT)
    one = pharmacy.do(service.enter_home_medication, by=Role.TECHNICIAN, patient_id=patient_id, draft=draft)

    with pytest.raises(Refused, match="in the future"):
        pharmacy.do(service.stop_home_medication, by=Role.NURSE, medication_id=one, stopped_on=date(2026, 3, 3))
    pharmacy.do(service.stop_home_medication, by=Role.NURSE, medication_id=one, stopped_on=date(2026, 3, 1))
    with pytest.raises(Refused, match="was stopped on 1 Mar 2026 already"):
        pharmacy.do(service.stop_home_medication, by=Role.NURSE, medication_id=one, stopped_on=date(2026, 3, 1))

    found = facts(pharmacy, patient_id).home_medications
    assert [(row.name, row.stopped_on) for row in found] == [("dofetilyde 250 mcg", date(2026, 3, 1))]
    pharmacy.do(service.void_home_medication, by=Role.NURSE, medication_id=one, reasons=WRONG)
    assert facts(pharmacy, patient_id).home_medications == ()


def test_the_place_of_care_holds_until_the_next_begins(pharmacy: Pharmacy) -> None:
    patient_id = refer(pharmacy)

    def move(kind: PlaceKind, on: date) -> UUID:
        return pharmacy.do(service.set_place_of_care, by=Role.INTAKE, patient_id=patient_id, draft=PlaceDraft(kind, "", on))

    move(PlaceKind.OWN_HOME, date(2026, 2, 1))
    suite = move(PlaceKind.INFUSION_SUITE, date(2026, 2, 20))
    move(PlaceKind.FAMILY, date(2026, 4, 1))

    def at(on: date) -> tuple[str, bool] | None:
        found = pharmacy.ask(queries.place_on, patient_id=patient_id, on=on)
        return (found.kind.value, found.is_suite) if found else None

    assert at(date(2026, 1, 31)) is None
    assert at(date(2026, 2, 19)) == ("own home", False)
    assert at(date(2026, 2, 20)) == ("infusion suite", True)
    assert at(date(2026, 4, 1)) == ("family's home", False)
    with pytest.raises(Refused, match="is infusion suite already"):
        move(PlaceKind.SNF, date(2026, 2, 20))
    pharmacy.do(service.void_place_of_care, by=Role.BILLER, place_id=suite, reasons=WRONG)
    assert facts(pharmacy, patient_id).place == pharmacy.ask(queries.place_on, patient_id=patient_id, on=date(2026, 2, 1))


# Hospital -----------------------------------------------------------------------------------------


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 2, day, hour, tzinfo=UTC)


def test_a_hospital_stay_holds_an_active_patient_and_ends_after_it_began(pharmacy: Pharmacy) -> None:
    patient_id = activate(pharmacy)
    draft = StayDraft(at(1), at(20), "ZZTEST Memorial", "fever", home_dose_on_admit_day=True)
    stay = pharmacy.do(service.admit_to_hospital, by=Role.NURSE, patient_id=patient_id, draft=draft)

    assert facts(pharmacy, patient_id).status is PatientStatus.ON_HOLD
    banner = pharmacy.ask(queries.banner_of, patient_id=patient_id)
    assert (banner.status.text, banner.status.tone) == ("In hospital", "hosp")
    with pytest.raises(Refused, match="enter the discharge first"):
        pharmacy.do(service.resume_patient, patient_id=patient_id)
    with pytest.raises(Refused, match="is in ZZTEST Memorial since 20 Feb 2026 06:00"):
        pharmacy.do(service.admit_to_hospital, by=Role.NURSE, patient_id=patient_id, draft=replace(draft, admitted_at=at(22)))
    left = HospitalDischargeDraft(at(1), at(1), at(19))
    with pytest.raises(Refused, match="discharge cannot lie before the admission"):
        pharmacy.do(service.discharge_from_hospital, by=Role.NURSE, stay_id=stay, draft=left)
    left = replace(left, discharged_at=at(23, 2), home_dose_on_discharge_day=False)
    pharmacy.do(service.discharge_from_hospital, by=Role.NURSE, stay_id=stay, draft=left)
    with pytest.raises(Refused, match="discharge is noted already: 22 Feb 2026 20:00"):
        pharmacy.do(service.discharge_from_hospital, by=Role.NURSE, stay_id=stay, draft=left)
    assert facts(pharmacy, patient_id).status is PatientStatus.ON_HOLD
    pharmacy.do(service.resume_patient, patient_id=patient_id)
    assert facts(pharmacy, patient_id).status is PatientStatus.ACTIVE

    found = pharmacy.ask(queries.hospital_stays_of, patient_id=patient_id)
    assert [(row.admitted_at.date(), row.discharged_at and row.discharged_at.date()) for row in found] == [
        (date(2026, 2, 20), date(2026, 2, 22))  # calendar days of the pharmacy, not of UTC
    ]
    assert (found[0].home_dose_on_admit_day, found[0].home_dose_on_discharge_day, found[0].line_care_on_admit_day) == (
        True,
        False,
        None,
    )


def test_hospital_stays_do_not_lie_upon_each_other(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = refer(pharmacy)

    def admit(admitted: datetime, left: datetime | None) -> UUID:
        draft = StayDraft(admitted, admitted, "ZZTEST Memorial")
        stay = pharmacy.do(service.admit_to_hospital, by=Role.NURSE, patient_id=patient_id, draft=draft)
        if left:
            ending = HospitalDischargeDraft(admitted, admitted, left)
            pharmacy.do(service.discharge_from_hospital, by=Role.NURSE, stay_id=stay, draft=ending)
        return stay

    admit(at(10), at(12))
    with pytest.raises(Refused, match="within another hospital stay"):
        admit(at(11), None)
    admit(at(12), at(12, 18))
    early = admit(at(8), None)
    with pytest.raises(Refused, match="lie upon another one"):
        pharmacy.do(
            service.discharge_from_hospital, by=Role.NURSE, stay_id=early, draft=HospitalDischargeDraft(at(8), at(8), at(11))
        )
    pharmacy.do(service.void_hospital_stay, by=Role.NURSE, stay_id=early, reasons=WRONG)
    assert len(pharmacy.ask(queries.hospital_stays_of, patient_id=patient_id)) == 2
    assert facts(pharmacy, patient_id).status is PatientStatus.REFERRAL


def test_a_stay_before_birth_is_refused(file_pharmacy: Pharmacy) -> None:
    patient_id = refer(file_pharmacy, born_on=date(2026, 2, 20))

    with pytest.raises(Refused, match="before the patient's birth"):
        file_pharmacy.do(
            service.admit_to_hospital, by=Role.NURSE, patient_id=patient_id, draft=StayDraft(at(1), at(19), "ZZTEST Memorial")
        )


def test_outpatient_infusions_are_days_of_their_own(pharmacy: Pharmacy) -> None:
    patient_id = refer(pharmacy)

    def note(on: date, facility: str = "ZZTEST Memorial") -> UUID:
        return pharmacy.do(service.note_outpatient_infusion, by=Role.BILLER, patient_id=patient_id, given_on=on, facility=facility)

    one = note(date(2026, 2, 20))
    note(date(2026, 2, 10))
    assert pharmacy.ask(queries.outpatient_infusions_of, patient_id=patient_id) == [date(2026, 2, 10), date(2026, 2, 20)]
    for on, facility, sentence in (
        (date(2026, 3, 3), "x", "in the future"),
        (date(2026, 3, 1), " ", "Enter the hospital"),
        (date(2026, 2, 20), "x", "is noted already"),
    ):
        with pytest.raises(Refused, match=sentence):
            note(on, facility)
    pharmacy.do(service.void_outpatient_infusion, by=Role.BILLER, infusion_id=one, reasons=WRONG)
    assert pharmacy.ask(queries.outpatient_infusions_of, patient_id=patient_id) == [date(2026, 2, 10)]


# Steps --------------------------------------------------------------------------------------------


def test_acceptance_stops_without_allergies_and_asks_for_what_is_open(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = refer(pharmacy, phone="", documents=(Document.ORDER,))
    pharmacy.do(service.begin_intake, by=Role.INTAKE, patient_id=patient_id)

    with pytest.raises(Refused, match=r"cannot be accepted\. The patient has no working phone.*\(R02\) And 1 more"):
        pharmacy.do(service.accept_patient, patient_id=patient_id)
    draft = replace(pharmacy.ask(queries.demographics_of, patient_id=patient_id), phone="217-555-0142")
    pharmacy.do(
        service.correct_demographics, by=Role.INTAKE, patient_id=patient_id, draft=draft, reasons={"patients.correction": "asked"}
    )
    complete(pharmacy, patient_id)
    with pytest.raises(
        NeedsReason, match=r"Open: No prescriber in the community.*\(R21\).*\(R20\) Not received: .*\(REF04\)"
    ) as asked:
        pharmacy.do(service.accept_patient, patient_id=patient_id)
    assert asked.value.least_characters == 15
    reasons = {"patients.accept": "hand-off agreed by telephone"}
    pharmacy.do(service.accept_patient, patient_id=patient_id, reasons=reasons)

    newest = pharmacy.ask(queries.steps_of, patient_id=patient_id)[0]
    assert (newest.before, newest.after, newest.code, newest.reason) == (
        "intake",
        "accepted",
        "accept with conditions",
        "hand-off agreed by telephone",
    )
    assert pharmacy.ask(queries.patient_board)[0].clock("accepted").is_done


def test_findings_of_the_slices_above_stop_or_ask(file_pharmacy: Pharmacy) -> None:
    patient_id = accept(file_pharmacy)
    stop = Finding("T3", Severity.STOP, "The initial assessment is not signed.")
    info = Finding("T6", Severity.INFO, "The welcome call is due the day after the first delivery.")

    with pytest.raises(Refused, match=r"cannot be made active\. The initial assessment is not signed\. \(T3\)"):
        file_pharmacy.do(service.activate_patient, patient_id=patient_id, findings=[info, stop])
    file_pharmacy.do(service.activate_patient, patient_id=patient_id, findings=[info])

    assert file_pharmacy.ask(queries.steps_of, patient_id=patient_id)[0].details == {
        "findings": ["INFO T6: The welcome call is due the day after the first delivery."]
    }


def test_intake_begins_with_a_prescriber(file_pharmacy: Pharmacy) -> None:
    patient_id = refer(file_pharmacy, prescriber_name="", prescriber_npi="", prescriber_phone="")

    with pytest.raises(Refused, match="Enter the prescriber first"):
        file_pharmacy.do(service.begin_intake, by=Role.INTAKE, patient_id=patient_id)


def test_pending_says_what_is_missing(file_pharmacy: Pharmacy) -> None:
    patient_id = refer(file_pharmacy)
    file_pharmacy.do(service.begin_intake, by=Role.INTAKE, patient_id=patient_id)

    with pytest.raises(Refused, match="Say what is missing"):
        file_pharmacy.do(service.mark_pending, by=Role.INTAKE, patient_id=patient_id, missing=[" "])
    file_pharmacy.do(service.mark_pending, by=Role.INTAKE, patient_id=patient_id, missing=["tip confirmation"])

    assert file_pharmacy.ask(queries.steps_of, patient_id=patient_id)[0].details == {"missing": ["tip confirmation"]}


def test_only_a_pharmacist_accepts(file_pharmacy: Pharmacy) -> None:
    patient_id = refer(file_pharmacy)

    with pytest.raises(Refused, match="To accept a patient you need to be a pharmacist"):
        file_pharmacy.do(service.accept_patient, by=Role.INTAKE, patient_id=patient_id)


def test_declining_says_why_and_that_the_referrer_knows(file_pharmacy: Pharmacy) -> None:
    patient_id = refer(file_pharmacy)
    now = file_pharmacy.clock.now()

    def decline(told: datetime | None) -> None:
        file_pharmacy.do(
            service.decline_patient, by=Role.INTAKE, patient_id=patient_id, because=DeclineReason.NO_NURSE, referrer_told_at=told
        )

    for told, sentence in (
        (None, "Enter when the referrer was told"),
        (now + timedelta(hours=1), "in the future"),
        (now - timedelta(days=1), "before the referral was received"),
    ):
        with pytest.raises(Refused, match=sentence):
            decline(told)
    decline(now)

    step = file_pharmacy.ask(queries.steps_of, patient_id=patient_id)[0]
    assert (step.after, step.code, step.details) == ("declined", "no nurse", {"referrer told": "2 Mar 2026 08:00"})
    with pytest.raises(Refused, match="The patient is declined and cannot be accepted; possible now: referred again"):
        file_pharmacy.do(service.accept_patient, patient_id=patient_id)


def test_a_closed_episode_opens_only_by_a_new_referral(pharmacy: Pharmacy) -> None:
    patient_id = activate(pharmacy)
    pharmacy.do(
        service.discharge_patient, patient_id=patient_id, last_day=TODAY, reasons={"patients.discharge": "therapy completed"}
    )
    with pytest.raises(Refused, match="The patient is discharged and cannot be made active"):
        pharmacy.do(service.activate_patient, patient_id=patient_id)
    draft: RequestDraft = referral(pharmacy, therapy="cefazolin")

    pharmacy.do(service.refer_again, by=Role.INTAKE, patient_id=patient_id, draft=draft)

    found = facts(pharmacy, patient_id)
    assert (found.status, found.episode, found.no_known_allergies_on) == (PatientStatus.REFERRAL, 2, TODAY)
    assert [row.therapy for row in pharmacy.ask(queries.patient_board)] == ["cefazolin"]
    assert [row.episode for row in pharmacy.ask(queries.steps_of, patient_id=patient_id)] == [2, 1, 1, 1, 1, 1]
    with pytest.raises(Refused, match="The patient is a referral and cannot be referred again"):
        pharmacy.do(service.refer_again, by=Role.INTAKE, patient_id=patient_id, draft=draft)


def test_hold_resume_transfer_and_death_are_steps_too(pharmacy: Pharmacy) -> None:
    patient_id = activate(pharmacy)
    pharmacy.do(service.hold_patient, by=Role.NURSE, patient_id=patient_id, because=HoldReason.TRAVEL, from_on=TODAY, facility=" ")
    with pytest.raises(NeedsReason) as asked:
        pharmacy.do(service.resume_patient, patient_id=patient_id, findings=[Finding("1.5", Severity.WARN, "Labs are 8 days old.")])
    assert asked.value.least_characters == 3
    pharmacy.do(service.resume_patient, patient_id=patient_id)
    with pytest.raises(Refused, match="Enter the pharmacy"):
        pharmacy.do(service.transfer_out, patient_id=patient_id, pharmacy="", last_day=TODAY)
    for on in (date(2026, 3, 1), date(2026, 3, 3)):
        with pytest.raises(Refused, match="between the referral, 2 Mar 2026, and today"):
            pharmacy.do(service.transfer_out, patient_id=patient_id, pharmacy="ZZTEST Other Pharmacy", last_day=on)
    pharmacy.do(service.transfer_out, patient_id=patient_id, pharmacy="ZZTEST Other Pharmacy", last_day=TODAY)
    for on, source, sentence in ((date(2026, 3, 3), "daughter", "between birth and today"), (TODAY, " ", "Enter who told us")):
        with pytest.raises(Refused, match=sentence):
            pharmacy.do(service.record_death, by=Role.NURSE, patient_id=patient_id, died_on=on, source=source)
    pharmacy.do(service.record_death, by=Role.NURSE, patient_id=patient_id, died_on=TODAY, source="daughter")

    steps = [(row.after, row.details) for row in pharmacy.ask(queries.steps_of, patient_id=patient_id)]
    assert steps[:4] == [
        ("deceased", {"died": "2 Mar 2026", "source": "daughter"}),
        ("transferred out", {"last day": "2 Mar 2026", "record sent to": "ZZTEST Other Pharmacy"}),
        ("active", {}),
        ("on hold", {"from": "2 Mar 2026"}),
    ]
    with pytest.raises(Refused, match="nothing follows after that"):
        pharmacy.do(service.refer_again, by=Role.INTAKE, patient_id=patient_id, draft=referral(pharmacy))


def test_an_accepted_patient_is_not_resumed_and_one_on_hold_not_activated(file_pharmacy: Pharmacy) -> None:
    patient_id = accept(file_pharmacy)
    with pytest.raises(Refused, match="The patient is accepted, not on hold"):
        file_pharmacy.do(service.resume_patient, patient_id=patient_id)


def test_a_discharge_tells_what_was_cleared(file_pharmacy: Pharmacy) -> None:
    patient_id = activate(file_pharmacy)
    finding = Finding("8.6", Severity.HOLD, "Two bags are still in the home.")
    reasons = {"patients.discharge": "therapy completed", "patients.discharge_findings": "the family destroys both bags"}

    file_pharmacy.do(service.discharge_patient, patient_id=patient_id, last_day=TODAY, findings=[finding], reasons=reasons)

    step = file_pharmacy.ask(queries.steps_of, patient_id=patient_id)[0]
    assert (step.reason, step.details["cleared"]) == ("therapy completed", "the family destroys both bags")


def test_a_patient_or_entry_that_is_not_there_is_said(file_pharmacy: Pharmacy) -> None:
    nobody = file_pharmacy.people[Role.NURSE].id

    with pytest.raises(Refused, match="This patient is not in the store"):
        facts(file_pharmacy, nobody)
    with pytest.raises(Refused, match="This entry is not in the store"):
        file_pharmacy.do(service.void_allergy, by=Role.NURSE, allergy_id=nobody)


def test_the_lines_of_a_chart_read_as_words(pharmacy: Pharmacy) -> None:
    patient_id = activate(pharmacy)
    weigh(pharmacy, patient_id, "71.4")
    pharmacy.do(service.admit_to_hospital, by=Role.NURSE, patient_id=patient_id, draft=StayDraft(at(1), at(20), "ZZTEST Memorial"))
    pharmacy.do(
        service.note_outpatient_infusion,
        by=Role.BILLER,
        patient_id=patient_id,
        given_on=date(2026, 2, 10),
        facility="ZZTEST Clinic",
    )

    texts = {row.kind: row.text for row in pharmacy.ask(queries.entries_of, patient_id=patient_id)}

    assert texts["measurement"] == "weight 71.4 kg, measured 2 Mar 2026"
    assert texts["diagnosis"] == "M86.171 Other acute osteomyelitis, right ankle and foot"
    assert texts["place of care"] == "own home from 2 Mar 2026"
    assert texts["hospital stay"] == "ZZTEST Memorial, 20 Feb 2026 06:00 to still there"
    assert texts["outpatient infusion"] == "ZZTEST Clinic, 10 Feb 2026"

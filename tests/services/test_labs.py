"""Laboratory results: taken in once, filed or parked, judged, matched by hand, reviewed, corrected; on both databases."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.labs import queries, service
from infusiondesk.labs.records import LabMessage, LabReport, LabResult
from infusiondesk.labs.rules import Level
from infusiondesk.labs.rules.review import ReviewDraft
from infusiondesk.patients import queries as patients
from tests.lab_messages import CREATININE, GLUCOSE_SI, POTASSIUM_HIGH, SODIUM, message, obx
from tests.pharmacy import Pharmacy
from tests.story import a_patient, a_verified_order, the_catalog

KNOWN = {"labs.match": "laboratory confirmed by telephone"}


def mrn_of(pharmacy: Pharmacy, patient_id: UUID) -> str:
    return str(pharmacy.ask(patients.chart_facts, patient_id=patient_id).mrn)


def take(pharmacy: Pharmacy, data: bytes, *, by: Role = Role.TECHNICIAN) -> service.TakenIn:
    pharmacy.clock.advance(minutes=1)
    return pharmacy.do(service.take_in, by=by, name="results.hl7", data=data)


def decided(pharmacy: Pharmacy, **more: Any) -> ReviewDraft:
    called: dict[str, Any] = {
        "contact_name": "Dr ZZTEST Maplewood", "contacted_at": pharmacy.clock.at - timedelta(minutes=5),
        "contact_mode": "telephone", "read_back": True, "response": "hold tonight's dose, repeat tomorrow",
    }  # fmt: skip
    known: dict[str, Any] = {"interpretation": "Potassium rises with creatinine.", "action": "hold dose"}
    return ReviewDraft(**(known | called | more))


def counted(pharmacy: Pharmacy) -> tuple[int, int, int]:
    with Session(pharmacy.store.engines.reading) as session:
        found = [session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in (LabMessage, LabReport, LabResult)]
    return found[0], found[1], found[2]


def test_a_report_is_filed_judged_and_waits_with_the_critical_value_first(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    quiet = a_patient(pharmacy, last_name="ZZTEST Birch", first_name="Noah", born_on=date(1970, 5, 1))
    birch = ("ZZTEST BIRCH^Noah", "19700501", "")
    take(pharmacy, message(mrn_of(pharmacy, quiet), SODIUM, control="C-0", person=birch))
    taken = take(pharmacy, message(mrn_of(pharmacy, patient_id), SODIUM, POTASSIUM_HIGH, CREATININE))

    assert taken.text() == "1 message: 1 filed, 0 parked, 1 with a critical value."
    first, second = pharmacy.ask(queries.to_review)
    assert (first.patient, first.level, first.lead) == ("ZZTEST Alder, Marian", Level.CRITICAL, "Potassium 6.4 mmol/L")
    assert first.due == "call by 09:02"  # received 08:02, one hour (clinical 3.2)
    assert (second.patient, second.level, second.lead) == (
        "ZZTEST Birch, Noah",
        Level.NORMAL,
        "Basic metabolic panel, in range",
    )
    report = pharmacy.ask(queries.report_of, report_id=first.id)
    assert [(row.test, row.level) for row in report.findings] == [
        ("Potassium", Level.CRITICAL),
        ("Creatinine", Level.FLAG),
        ("Sodium", Level.NORMAL),
    ]
    assert report.because == "Identifier, name and birth date agree."
    assert any("No verified order was in force" in sentence for sentence in report.not_checked)


def test_the_bytes_are_kept_as_they_came_under_a_name_without_names(pharmacy: Pharmacy) -> None:
    data = message(mrn_of(pharmacy, a_patient(pharmacy)), SODIUM)

    pharmacy.do(service.take_in, by=Role.NURSE, name="ZZTEST Alder.HL7", data=data)

    with Session(pharmacy.store.engines.reading) as session:
        kept = session.scalars(sa.select(LabMessage)).one()
    assert kept.content == data
    assert kept.name.endswith(".hl7")
    assert "ZZTEST" not in kept.name


def test_the_same_file_twice_doubles_nothing_and_says_so(pharmacy: Pharmacy) -> None:
    data = message(mrn_of(pharmacy, a_patient(pharmacy)), POTASSIUM_HIGH)
    take(pharmacy, data)
    before = counted(pharmacy)

    again = take(pharmacy, data)

    assert again.text() == "1 message: 0 filed, 0 parked, 1 taken in before."
    assert again.notes == ["The same file was taken in on 2 Mar 2026 08:01; nothing is doubled."]
    assert counted(pharmacy) == before


def test_the_same_message_in_another_file_and_the_same_lines_in_another_message_are_not_doubled(pharmacy: Pharmacy) -> None:
    mrn = mrn_of(pharmacy, a_patient(pharmacy))
    take(pharmacy, message(mrn, POTASSIUM_HIGH, CREATININE))

    framed = take(pharmacy, b"\x0b" + message(mrn, POTASSIUM_HIGH, CREATININE).replace(b"\r", b"\r\n") + b"\x1c\r")
    resent = take(pharmacy, message(mrn, POTASSIUM_HIGH, CREATININE.removesuffix("F"), control="C-2"))
    grown = take(pharmacy, message(mrn, POTASSIUM_HIGH, CREATININE, SODIUM, control="C-3"))

    assert (framed.repeated, resent.repeated, grown.matched) == (1, 1, 1)
    assert counted(pharmacy)[1:] == (2, 3)


def test_a_mixed_file_takes_the_good_parks_the_strange_and_refuses_the_broken_each_with_a_sentence(file_pharmacy: Pharmacy) -> None:
    mrn = mrn_of(file_pharmacy, a_patient(file_pharmacy))
    stranger = message("99999", SODIUM, control="C-2", person=("ZZTEST Cedar^Ruth", "19550101", "F"))
    order = b"MSH|^~\\&|A|B|C|D|20260302||ORM^O01|C-3|P|2.5.1\rPID|1||1||ZZTEST^A\r"
    empty = b"MSH|^~\\&|A|B|C|D|20260302||ORU^R01|C-4|P|2.5.1\rPID|1||1||ZZTEST^A||19500101\r"

    taken = take(file_pharmacy, message(mrn, SODIUM) + stranger + order + empty)

    assert taken.text() == "4 messages: 1 filed, 1 parked, 2 refused."
    assert [(refusal.message, refusal.control_id) for refusal in taken.refused] == [(3, "C-3"), (4, "C-4")]
    assert "not ORU^R01" in taken.refused[0].sentence
    assert "no result" in taken.refused[1].sentence
    assert [row.name for row in file_pharmacy.ask(queries.parked)] == ["ZZTEST Cedar, Ruth"]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"MSH|^~\\&|A|B|C|D|20260302||ADT^A01|C-3|P|2.5.1\rPID|1||1\r"])
def test_a_file_without_results_is_refused_whole_and_leaves_nothing(file_pharmacy: Pharmacy, data: bytes) -> None:
    with pytest.raises(Refused):
        take(file_pharmacy, data)

    assert counted(file_pharmacy) == (0, 0, 0)


def test_a_biller_may_not_take_results_in(file_pharmacy: Pharmacy) -> None:
    with pytest.raises(Refused, match="you need to be"):
        take(file_pharmacy, message("1", SODIUM), by=Role.BILLER)


def test_a_stranger_waits_parked_until_a_person_matches_it_with_a_reason(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    take(pharmacy, message("HOSPITAL-77", POTASSIUM_HIGH))
    (parked,) = pharmacy.ask(queries.parked)
    assert parked.because == "Name and birth date fit 1 of our patients, but the identifier is not known for them."
    assert (parked.level, parked.lead) == (Level.CRITICAL, "Potassium 6.4 mmol/L")
    assert pharmacy.ask(queries.to_review) == []

    given: dict[str, Any] = {"report_id": parked.id, "patient_id": patient_id}
    with pytest.raises(NeedsReason, match="How do you know"):
        pharmacy.do(service.match_report, by=Role.NURSE, **given)
    pharmacy.do(service.match_report, by=Role.NURSE, reasons=KNOWN, **given)

    assert pharmacy.ask(queries.parked) == []
    (row,) = pharmacy.ask(queries.to_review)
    report = pharmacy.ask(queries.report_of, report_id=row.id)
    assert report.because.endswith("Matched by hand: laboratory confirmed by telephone")
    assert report.matched_by == "ZZTEST Nurse"
    with pytest.raises(Refused, match="filed already"):
        pharmacy.do(service.match_report, reasons=KNOWN, **given)


def test_a_training_message_is_parked_even_when_the_patient_is_known(file_pharmacy: Pharmacy) -> None:
    take(file_pharmacy, message(mrn_of(file_pharmacy, a_patient(file_pharmacy)), SODIUM, processing="T"))

    assert "marked as training" in file_pharmacy.ask(queries.parked)[0].because


def test_a_critical_report_is_not_signed_before_the_prescriber_has_it(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    take(pharmacy, message(mrn_of(pharmacy, a_patient(pharmacy)), POTASSIUM_HIGH))
    (row,) = pharmacy.ask(queries.to_review)

    def review(**more: Any) -> None:
        pharmacy.do(service.review_report, report_id=row.id, draft=decided(pharmacy, **more))

    for field, missing in [("contact_name", ""), ("contacted_at", None), ("contact_mode", None), ("read_back", False)]:
        with pytest.raises(Refused, match="critical result goes to the prescriber") as refused:
            review(**{field: missing})
        assert refused.value.field == field
    with pytest.raises(Refused, match="in the future"):
        review(contacted_at=datetime(2026, 3, 9, tzinfo=UTC))
    with pytest.raises(Refused, match="you need to be"):
        pharmacy.do(service.review_report, by=Role.NURSE, report_id=row.id, draft=decided(pharmacy))
    review()

    report = pharmacy.ask(queries.report_of, report_id=row.id)
    assert report.state == "reviewed"
    assert report.review is not None
    assert report.review.contact.startswith("Dr ZZTEST Maplewood, telephone, 2 Mar 2026 07:56, read back: hold tonight")
    assert [(one.name, one.meaning, one.holds) for one in report.review.signatures] == [("ZZTEST Pharmacist", "reviewed", True)]
    assert pharmacy.ask(queries.to_review) == []
    with pytest.raises(Refused, match="reviewed has no step"):
        review()


def test_a_reviewed_report_and_every_line_are_fixed(pharmacy: Pharmacy) -> None:
    take(pharmacy, message(mrn_of(pharmacy, a_patient(pharmacy)), POTASSIUM_HIGH))
    (row,) = pharmacy.ask(queries.to_review)
    for statement in ("UPDATE lab_result SET written = '4.4'", "DELETE FROM lab_result"):
        with pytest.raises(sa.exc.DBAPIError, match="signed"), pharmacy.store.engines.writing.begin() as connection:
            connection.exec_driver_sql(statement)

    pharmacy.do(service.review_report, report_id=row.id, draft=decided(pharmacy))

    with pytest.raises(sa.exc.DBAPIError, match="signed"), pharmacy.store.engines.writing.begin() as connection:
        connection.exec_driver_sql("UPDATE lab_report SET action = 'no change'")


def test_a_corrected_value_forces_a_new_review_and_the_first_stays_readable(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    mrn = mrn_of(pharmacy, patient_id)
    take(pharmacy, message(mrn, POTASSIUM_HIGH, SODIUM))
    (first,) = pharmacy.ask(queries.to_review)
    pharmacy.do(service.review_report, report_id=first.id, draft=decided(pharmacy))

    corrected = obx(1, "2823-3", "Potassium", "4.4", "mmol/L", limits="3.5-5.1", status="C")
    take(pharmacy, message(mrn, corrected, SODIUM, control="C-2"))

    (again,) = pharmacy.ask(queries.to_review)
    assert (again.level, again.is_correction) == (Level.NORMAL, True)
    report = pharmacy.ask(queries.report_of, report_id=again.id)
    assert [(row.test, row.value, row.replaces) for row in report.findings] == [("Potassium", "4.4", "6.4 mmol/L")]
    before = pharmacy.ask(queries.report_of, report_id=first.id)
    assert [(row.test, row.is_replaced) for row in before.findings] == [("Sodium", False), ("Potassium", True)]
    assert before.review is not None
    assert before.review.signatures[0].holds
    assert pharmacy.ask(queries.latest_of, patient_id=patient_id)["potassium"].value == Decimal("4.4")


def test_a_preliminary_line_is_completed_and_no_longer_waits(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    mrn = mrn_of(pharmacy, a_patient(pharmacy))
    take(pharmacy, message(mrn, obx(1, "2951-2", "Sodium", "139", "mmol/L", status="P")))
    take(pharmacy, message(mrn, obx(1, "2951-2", "Sodium", "139", "mmol/L", status="F"), control="C-2"))

    (row,) = pharmacy.ask(queries.to_review)
    report = pharmacy.ask(queries.report_of, report_id=row.id)
    assert (report.status, report.is_correction) == ("final", False)


def test_one_order_number_for_many_draws_is_many_results(file_pharmacy: Pharmacy) -> None:
    patient_id = a_patient(file_pharmacy)
    mrn = mrn_of(file_pharmacy, patient_id)
    take(file_pharmacy, message(mrn, SODIUM))

    evening = take(file_pharmacy, message(mrn, SODIUM, control="C-2", drawn="20260302070500-0600"))

    assert (evening.matched, evening.repeated) == (1, 0)
    assert [row.finding.is_replaced for row in file_pharmacy.ask(queries.reports_of, patient_id=patient_id)] == [False, False]


def test_two_lines_of_one_code_are_both_kept_and_not_taken_for_a_correction_when_they_come_again(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = a_patient(pharmacy)
    both = [f"OBX|{number}|ST|634-6^Bacteria^LN||{name}||||||F" for number, name in ((1, "first organism"), (2, "second organism"))]
    take(pharmacy, message(mrn_of(pharmacy, patient_id), *both))

    again = take(pharmacy, message(mrn_of(pharmacy, patient_id), *both, control="C-2"))

    assert again.repeated == 1
    assert len(pharmacy.ask(queries.reports_of, patient_id=patient_id)) == 2


def test_a_value_is_kept_as_written_and_in_the_unit_of_the_table(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    take(pharmacy, message(mrn_of(pharmacy, patient_id), GLUCOSE_SI, obx(5, "ZZ-1", "Zonulin", "7", "ng/mL")))

    lines = {row.finding.test: row.finding for row in pharmacy.ask(queries.reports_of, patient_id=patient_id)}
    assert (lines["Glucose"].value, lines["Glucose"].unit, lines["Glucose"].as_written) == ("99.088", "mg/dL", "5.5 mmol/L")
    assert lines["Zonulin"].level is Level.NOT_EVALUATED
    latest = pharmacy.ask(queries.latest_of, patient_id=patient_id)
    assert set(latest) == {"glucose"}
    assert (latest["glucose"].value, latest["glucose"].unit) == (Decimal("99.088"), "mg/dL")


def test_therapy_and_baseline_count_and_a_change_of_them_is_judged_again(pharmacy: Pharmacy) -> None:
    the_catalog(pharmacy)
    patient_id = a_patient(pharmacy)
    mrn = mrn_of(pharmacy, patient_id)
    take(pharmacy, message(mrn, obx(1, "2160-0", "Creatinine", "0.9", "mg/dL"), drawn="20260227060000-0600", order="FO-1"))
    pharmacy.clock.set(datetime(2026, 3, 5, 8, 0))  # noqa: DTZ001 - the clock's own zone
    rise = obx(1, "2160-0", "Creatinine", "1.2", "mg/dL")
    take(pharmacy, message(mrn, rise, drawn="20260305060000-0600", order="FO-2", control="C-2"))
    row = next(row for row in pharmacy.ask(queries.to_review) if row.lead != "Creatinine 0.9 mg/dL" and row.serial == 2)
    assert row.level is Level.NORMAL
    a_verified_order(pharmacy, patient_id, "vancomycin", lab_protocol="L-VAN", dose_amount=Decimal(1))

    with pytest.raises(Refused, match="Judge it again"):
        pharmacy.do(service.review_report, report_id=row.id, draft=ReviewDraft("Stable.", "no change"))
    assert pharmacy.do(service.judge_again, report_id=row.id) is Level.FLAG
    pharmacy.do(service.review_report, report_id=row.id, draft=ReviewDraft("Rises on vancomycin.", "extra lab"))

    report = pharmacy.ask(queries.report_of, report_id=row.id)
    assert (report.findings[0].previous, report.findings[0].change) == ("0.9", "up 0.3")
    assert report.protocols == ("L-VAN",)


def test_parenteral_nutrition_is_reviewed_with_a_dietitian() -> None:
    draft = ReviewDraft("Stable.", "no change", needs_dietitian=True)

    assert [problem.field for problem in draft.problems()] == ["dietitian"]


def test_a_rejected_specimen_is_a_report_that_waits(file_pharmacy: Pharmacy) -> None:
    fields = {1: "1", 4: "119364003^Serum^SCT", 17: "20260302060000-0600", 21: "HEMO^haemolysed"}
    rejected = "|".join(["SPM", *(fields.get(number, "") for number in range(1, 22))])
    take(file_pharmacy, message(mrn_of(file_pharmacy, a_patient(file_pharmacy)), after=(rejected,)))

    (row,) = file_pharmacy.ask(queries.to_review)
    assert (row.lead, row.level) == ("Specimen rejected: haemolysed", Level.NOT_EVALUATED)


def test_what_a_database_could_not_keep_is_kept_as_words(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    wild = [
        obx(1, "2951-2", "Sodium", "99999999999999999999", "mmol/L"),
        "OBX|2|ST|2823-3^Potassium^LN||a\\X00\\b|mmol/L|||||F|||00010101000000+1400",
    ]
    take(pharmacy, message(mrn_of(pharmacy, patient_id), *wild, drawn=""))

    lines = {row.finding.test: row.finding for row in pharmacy.ask(queries.reports_of, patient_id=patient_id)}
    assert lines["Sodium"].value == "99999999999999999999"
    assert lines["Potassium"].value == "ab"
    assert {line.level for line in lines.values()} == {Level.NOT_EVALUATED}

"""What each single document must say, and what it must never leave unsaid."""

from dataclasses import replace
from datetime import date
from io import BytesIO

from pypdf import PdfReader

from infusiondesk.assessments import documents as assessments
from infusiondesk.billing import documents as billing
from infusiondesk.careplans import documents as careplans
from infusiondesk.compounding import documents as compounding
from infusiondesk.dispensing import documents as dispensing
from infusiondesk.labs import documents as labs
from infusiondesk.orders import documents as orders
from infusiondesk.visits import documents as visits
from tests.papers.test_paper_facts import (
    ASSESSMENT,
    CARE_PLAN,
    LAB,
    NOTE,
    PRINTING,
    RECORD,
    SUMMARY,
    TICKET,
    VERIFICATION,
    line_of,
    read_back,
    squeezed,
)


def test_the_billing_totals_leave_out_what_is_held() -> None:
    text = read_back(billing.draw_per_diem_summary(SUMMARY, PRINTING))
    assert "Billable per-diem units 33 Held per-diem units 2" in text
    # 17 x 105 + 14 x 95 + 2 x 105 = 3,325; + 160 nursing; + 4,250 x 0.0315 (133.88) and 112 x 1.25 (140) of drugs
    assert "Ready amount $3,758.88" in text
    # 2 x 105 + 160; the additional hour has no rate and so no amount
    assert "Held amount $370.00 1 line has no contract rate and no amount" in text
    assert "$0.0315" in text
    assert "no contract rate" in text


def test_the_printed_lines_add_up_to_the_printed_total() -> None:
    line = line_of("J1", (), "drug", "2026-11-02", "2026-11-02", 1, "0.005", "A")
    text = read_back(
        billing.draw_per_diem_summary(replace(SUMMARY, per_diem_lines=(), nursing_lines=(), drug_lines=(line,) * 3), PRINTING)
    )
    assert text.count("$0.01 A") == 3
    assert "Ready amount $0.03" in text


def test_the_default_fields_of_a_payer_profile_are_told_from_the_answered_ones() -> None:
    text = read_back(billing.draw_per_diem_summary(SUMMARY, PRINTING))
    assert "Not answered by the payer, so at the default: Line crosses a month end: yes; Shortest span of a line: 1 day;" in text
    assert "Which days count every day of access (ACCESS) contract 2026, section 4" in text


def test_every_held_and_inpatient_day_has_its_sentence_and_equal_neighbours_are_said_once() -> None:
    text = read_back(billing.draw_per_diem_summary(SUMMARY, PRINTING))
    assert "19 to 20 Nov 2026, vancomycin, inpatient: in hospital between" in text
    assert "23 to 24 Nov 2026, vancomycin, held: no authorization covers this day" in text
    apart = replace(SUMMARY, reasons=(replace(SUMMARY.reasons[0], on=date(2026, 11, 3)), SUMMARY.reasons[0]))
    assert "3 Nov 2026, vancomycin, inpatient" in read_back(billing.draw_per_diem_summary(apart, PRINTING))


def test_a_month_without_a_therapy_or_a_line_says_so() -> None:
    empty = replace(SUMMARY, days=(), per_diem_lines=(), nursing_lines=(), drug_lines=(), reasons=(), profile=(), warnings=())
    text = read_back(billing.draw_per_diem_summary(empty, PRINTING))
    for sentence in ("No therapy has a day in this month.", "No per-diem line.", "No nursing line.", "No drug line."):
        assert sentence in text


def test_a_delivery_without_confirmation_says_so_and_leaves_lines_for_one() -> None:
    text = read_back(dispensing.draw_delivery_ticket(replace(TICKET, confirmation=None), PRINTING))
    assert "No confirmation yet." in text
    assert "Received by, name and relation" in text
    assert "No confirmation yet" not in read_back(dispensing.draw_delivery_ticket(TICKET, PRINTING))


def test_a_lot_that_nobody_recorded_is_pointed_out_for_a_drug_and_not_for_a_dressing() -> None:
    drug = dispensing.DeliveryItem("heparin", "1", "2 vials", "", "Room temperature")
    assert "not recorded" in read_back(dispensing.draw_delivery_ticket(replace(TICKET, items=(drug,)), PRINTING))
    kit = replace(drug, is_supply=True)
    assert "not recorded" not in read_back(dispensing.draw_delivery_ticket(replace(TICKET, items=(kit,)), PRINTING))


def test_a_screening_with_unread_names_is_never_headed_clean() -> None:
    unread = read_back(orders.draw_order_verification(replace(VERIFICATION, alerts=()), PRINTING))
    assert "No alert among what could be checked; see what was not." in unread
    assert "No alert." in read_back(orders.draw_order_verification(replace(VERIFICATION, alerts=(), not_checked=()), PRINTING))


def test_a_worksheet_is_not_a_record_and_says_what_is_still_to_be_recorded() -> None:
    worksheet = replace(
        RECORD, is_final=False, prepared_at=None, compounded_by="", verified_by="", final_yield="", total_quantity=""
    )
    text = read_back(compounding.draw_compounding_record(worksheet, PRINTING))
    assert "Compounding worksheet" in text
    assert "Compounding record" not in text
    assert text.count("to be recorded") == 5
    assert "to be counted" in text


def test_a_preparation_without_a_beyond_use_date_says_that_none_can_be_given() -> None:
    text = read_back(compounding.draw_compounding_record(replace(RECORD, beyond_use_at=None), PRINTING))
    assert "Beyond-use date none can be given" in text


def test_an_urgency_that_nobody_knows_is_counted_as_critical() -> None:
    strange = replace(LAB, results=(replace(LAB.results[3], urgency="purple", flag="purple"),))
    assert "1 critical, 0 flagged, 0 normal" in read_back(labs.draw_lab_report(strange, PRINTING))


def test_a_report_that_nobody_reviewed_says_so() -> None:
    assert "Not reviewed yet." in read_back(labs.draw_lab_report(replace(LAB, review=None), PRINTING))


def test_open_findings_are_counted() -> None:
    assert "2 of 4 open" in read_back(assessments.draw_assessment(ASSESSMENT, PRINTING))


def test_a_problem_without_a_goal_and_a_plan_without_a_problem_are_pointed_out() -> None:
    assert "No goal is set." in read_back(careplans.draw_care_plan(CARE_PLAN, PRINTING))
    assert "This plan names no problem." in read_back(careplans.draw_care_plan(replace(CARE_PLAN, problems=()), PRINTING))


def test_a_long_visit_note_keeps_the_signatures_together() -> None:
    note = replace(NOTE, sections=NOTE.sections * 9)
    pages = [squeezed(page.extract_text()) for page in PdfReader(BytesIO(visits.draw_visit_note(note, PRINTING))).pages]
    assert len(pages) > 2
    assert [("Signatures" in page) for page in pages] == [("a3f94c1e77d0" in page) for page in pages]

"""Turning a kept report into the rows that screens and papers show; nothing is judged here, only read."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from infusiondesk.foundation.kernel.ismp import moment
from infusiondesk.foundation.store.signatures import signatures_of
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.labs.queries.loading import signed_facts, unit_text, value_text
from infusiondesk.labs.queries.rows import FindingRow, ReportRow, ReviewRow
from infusiondesk.labs.records import LabReport, LabResult
from infusiondesk.labs.rules import Level
from infusiondesk.labs.rules.review import due_at, queue_rank
from infusiondesk.patients.records import Patient

NUTRITION = "L-PN"
STATUS_WORDS = {
    "P": "preliminary",
    "R": "not verified",
    "C": "corrected",
    "W": "taken back",
    "D": "deleted by the laboratory",
    "X": "cannot be given",
    "I": "pending",
    "S": "partly done",
    "O": "not resulted",
}


def report_row(report: LabReport, patient: Patient | None, results: Sequence[LabResult], reading: Reading) -> ReportRow:
    """One report, whole."""
    findings = finding_rows(report, results, replaced_ids(reading.session, results), reading)
    return ReportRow(
        id=report.id,
        serial=report.serial,
        patient_id=report.patient_id,
        patient=patient_name(patient) if patient is not None else "",
        title=report.title or "Laboratory report",
        laboratory=report.laboratory,
        orders=tuple(report.orders),
        status=report.status,
        state=state_of(report),
        level=report.level,
        lead=lead_of(findings, report),
        observed_at=reading.local(report.observed_at) if report.observed_at else None,
        received_at=reading.local(report.received_at),
        due_at=reading.local(due_at(report.level, report.received_at)),
        because=report.because,
        matched_by=report.matched_by or "",
        is_correction=report.judgement["is_correction"],
        needs_dietitian=NUTRITION in report.judgement["protocols"],
        findings=findings,
        comments=tuple(report.comments),
        not_checked=tuple(report.judgement["not_checked"]),
        protocols=tuple(report.judgement["protocols"]),
        review=_review(reading, report, results),
    )


def patient_name(patient: Patient) -> str:
    """Last name first, as lists show it."""
    return f"{patient.last_name}, {patient.first_name}"


def state_of(report: LabReport) -> str:
    """Parked, to review, replaced before anybody reviewed it, or reviewed."""
    if report.signed_at is not None:
        return "reviewed"
    if report.patient_id is None:
        return "parked"
    return "replaced" if report.judgement["is_replaced"] else "to review"


def replaced_ids(session: Session, results: Iterable[LabResult]) -> set[UUID]:
    """The lines that a later one of the same patient completes, corrects or takes back."""
    first, later = aliased(LabResult), aliased(LabResult)
    its_report, later_report = aliased(LabReport), aliased(LabReport)
    wanted = (
        sa.select(first.id)
        .join(later, later.corrects_id == first.id)
        .join(its_report, its_report.id == first.report_id)
        .join(later_report, later_report.id == later.report_id)
        .where(first.id.in_([result.id for result in results]), its_report.patient_id == later_report.patient_id)
    )
    return set(session.scalars(wanted))


def results_by_report(session: Session, report_ids: Sequence[UUID]) -> dict[UUID, list[LabResult]]:
    """The lines of several reports."""
    wanted = sa.select(LabResult).where(LabResult.report_id.in_(report_ids)).order_by(LabResult.report_id, LabResult.number)
    found: dict[UUID, list[LabResult]] = defaultdict(list)
    for result in session.scalars(wanted):
        found[result.report_id].append(result)
    return found


def finding_rows(report: LabReport, results: Sequence[LabResult], replaced: set[UUID], reading: Reading) -> tuple[FindingRow, ...]:
    """Every line of the report, the loudest first; a replaced line stays readable at the end."""
    judged = {each["result"]: each for each in report.judgement["findings"]}
    rows = [
        _finding(reading, result, judged.get(str(result.id), {}), is_replaced=str(result.id) not in judged or result.id in replaced)
        for result in results
    ]
    return tuple(sorted(rows, key=lambda row: (row.is_replaced, queue_rank(row.level))))


def lead_of(findings: Sequence[FindingRow], report: LabReport) -> str:
    """The line of the list: the loudest result, or what the whole report is about."""
    living = [row for row in findings if not row.is_replaced]
    if not living:
        return report.comments[0] if report.comments else report.title or "no result"
    first = living[0]
    if first.level is Level.NORMAL:
        return f"{report.title or first.test}, in range"
    return f"{first.test} {first.value} {first.unit}".strip()


def _finding(reading: Reading, result: LabResult, judged: dict[str, Any], *, is_replaced: bool) -> FindingRow:
    at = judged.get("previous_at")
    return FindingRow(
        id=result.id,
        analyte=result.analyte or "",
        test=judged.get("test") or result.text or result.code or "unnamed test",
        level=Level(judged.get("level", Level.NOT_EVALUATED)),
        value=value_text(result) or "no value",
        unit=unit_text(result),
        as_written=f"{result.written} {result.unit or ''}".strip(),
        because=judged.get("because", "a later line replaces this one"),
        limits=result.reference_range,
        flags=", ".join(result.lab_flags),
        status=STATUS_WORDS.get(result.status, ""),
        observed_at=reading.local(result.observed_at) if result.observed_at else None,
        previous=judged.get("previous", ""),
        previous_at=reading.local(datetime.fromisoformat(at)) if at else None,
        change=judged.get("change", ""),
        replaces=judged.get("replaces", ""),
        is_replaced=is_replaced,
        comments=tuple(result.comments),
        sources=tuple(judged.get("sources", ())),
    )


def _review(reading: Reading, report: LabReport, results: Sequence[LabResult]) -> ReviewRow | None:
    if report.signed_at is None:
        return None
    signatures = signatures_of(reading, LabReport.__tablename__, report.id, signed_facts(report, results))
    return ReviewRow(
        report.interpretation or "",
        report.action or "",
        contact_text(report.contact, reading),
        report.contact.get("dietitian", ""),
        tuple(signatures),
        reading.local(report.signed_at),
    )


def contact_text(contact: dict[str, Any], reading: Reading) -> str:
    """Whom the pharmacist reached, how and when, and what they answered; empty where nobody was called."""
    if "name" not in contact:
        return ""
    at = moment(reading.local(datetime.fromisoformat(contact["at"])))
    return f"{contact['name']}, {contact['mode']}, {at}, read back: {contact['response']}"

"""The lists of laboratory work: what waits for a pharmacist, what has no patient, and the results of one patient."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from infusiondesk.foundation.kernel.ismp import moment
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.labs.queries.loading import (
    born_on_of,
    person_text,
    results_of_patient,
    results_of_report,
    unit_text,
    value_text,
)
from infusiondesk.labs.queries.reading import (
    finding_rows,
    lead_of,
    patient_name,
    replaced_ids,
    report_row,
    results_by_report,
    state_of,
)
from infusiondesk.labs.queries.rows import (
    ChartResultRow,
    EarlierDecision,
    EarlierResult,
    LatestResult,
    OpenReport,
    ParkedRow,
    QueueRow,
    ReportRow,
)
from infusiondesk.labs.records import LabReport, LabResult
from infusiondesk.labs.rules import Level
from infusiondesk.labs.rules.review import due_at, queue_rank
from infusiondesk.patients.queries import chart_facts
from infusiondesk.patients.records import Patient

MOST_EARLIER = 400  # lines of earlier results that the review screen can unfold


@query(Area.LABS)
def to_review(reading: Reading) -> Sequence[QueueRow]:
    """Reports that wait for a pharmacist: critical first, then red, flag, not evaluated, normal; in each the oldest first."""
    wanted = (
        sa.select(LabReport, Patient)
        .join(Patient, Patient.id == LabReport.patient_id)
        .where(LabReport.signed_at.is_(None))
        .order_by(LabReport.received_at, LabReport.serial)
    )
    found = [(report, patient) for report, patient in reading.session.execute(wanted) if not report.judgement["is_replaced"]]
    lines = results_by_report(reading.session, [report.id for report, _ in found])
    replaced = replaced_ids(reading.session, [result for results in lines.values() for result in results])
    now = reading.clock.now()
    rows = []
    for report, patient in found:
        findings = finding_rows(report, lines.get(report.id, []), replaced, reading)
        due = due_at(report.level, report.received_at)
        rows.append(
            QueueRow(
                report.id,
                report.serial,
                patient.id,
                patient_name(patient),
                patient.mrn,
                report.level,
                lead_of(findings, report),
                next((row.because for row in findings if not row.is_replaced), ""),
                reading.local(report.received_at),
                reading.local(due),
                due_text(report.level, reading.local(due), reading.local(now)),
                due < now,
                report.judgement["is_correction"],
            )
        )
    return sorted(rows, key=lambda row: (queue_rank(row.level), row.received_at))


@query(Area.LABS)
def parked(reading: Reading) -> Sequence[ParkedRow]:
    """Reports without a patient, the loudest first, each with why it could not be filed."""
    wanted = sa.select(LabReport).where(LabReport.patient_id.is_(None)).order_by(LabReport.received_at, LabReport.serial)
    found = list(reading.session.scalars(wanted))
    lines = results_by_report(reading.session, [report.id for report in found])
    rows = []
    for report in found:
        findings = finding_rows(report, lines.get(report.id, []), set(), reading)
        rows.append(
            ParkedRow(
                report.id,
                report.serial,
                person_text(report.written),
                born_on_of(report.written),
                {"F": "female", "M": "male"}.get(report.written["sex"], report.written["sex"]),
                tuple(report.written["ids"]),
                report.because,
                report.level,
                lead_of(findings, report),
                findings,
                tuple(report.comments),
                report.laboratory,
                reading.local(report.received_at),
            )
        )
    return sorted(rows, key=lambda row: (queue_rank(row.level), row.received_at))


@query(Area.LABS)
def report_of(reading: Reading, *, report_id: UUID) -> ReportRow:
    """One report, whole, with its review and whether the signature still holds."""
    report = reading.session.get_one(LabReport, report_id)
    patient = reading.session.get(Patient, report.patient_id) if report.patient_id else None
    return report_row(report, patient, results_of_report(reading.session, report.id), reading)


@query(Area.LABS)
def open_report(reading: Reading, *, report_id: UUID, patient_id: UUID) -> OpenReport:
    """A report for who reviews it: the prescriber's telephones, the therapies, earlier values and earlier decisions."""
    report = report_of.function(reading, report_id=report_id)
    facts = chart_facts.function(reading, patient_id=patient_id)
    prescriber = facts.followed_by or facts.prescriber
    therapies = reading.session.get_one(LabReport, report_id).judgement["therapies"]
    return OpenReport(
        report,
        prescriber.name if prescriber is not None else "",
        prescriber.phone if prescriber is not None else "",
        prescriber.after_hours_phone if prescriber is not None else "",
        tuple(therapies),
        tuple(_earlier_decisions(reading, patient_id, report.serial)),
        tuple(_earlier_results(reading, patient_id, report_id)),
    )


@query(Area.LABS)
def reports_of(reading: Reading, *, patient_id: UUID) -> Sequence[ChartResultRow]:
    """Every line of a patient, by report, the newest report first; what was replaced stays readable."""
    by_report: dict[UUID, tuple[LabReport, list[Any]]] = {}
    for report, result in results_of_patient(reading.session, patient_id):
        by_report.setdefault(report.id, (report, []))[1].append(result)
    replaced = replaced_ids(reading.session, [result for _, results in by_report.values() for result in results])
    rows = []
    for report, results in sorted(by_report.values(), key=lambda pair: (_when(pair[0]), pair[0].serial), reverse=True):
        heading = _heading(reading, report)
        findings = finding_rows(report, results, replaced, reading)
        rows += [ChartResultRow(row.id, report.id, heading, state_of(report), row) for row in findings]
    return rows


@query(Area.LABS)
def latest_of(reading: Reading, *, patient_id: UUID) -> Mapping[str, LatestResult]:
    """The newest live value of each analyte in the unit of its table; what is dated in the future is not believed."""
    return latest_of_each.function(reading, patient_ids=[patient_id])[patient_id]


@query(Area.LABS)
def latest_of_each(reading: Reading, *, patient_ids: Collection[UUID]) -> Mapping[UUID, Mapping[str, LatestResult]]:
    """The same of several patients, in one question; of one without a result, nothing."""
    later, its_report = aliased(LabResult), aliased(LabReport)
    is_replaced = (
        sa.select(later.id)
        .join(its_report, its_report.id == later.report_id)
        .where(later.corrects_id == LabResult.id, its_report.patient_id == LabReport.patient_id)
        .exists()
    )
    newest_first = (LabResult.observed_at.desc(), LabReport.serial.desc(), LabResult.number.desc())
    place = sa.func.row_number().over(partition_by=(LabReport.patient_id, LabResult.analyte), order_by=newest_first)
    ranked = (
        sa.select(LabResult.id, place.label("place"))
        .join(LabReport, LabReport.id == LabResult.report_id)
        .where(
            LabReport.patient_id.in_(patient_ids),
            LabResult.analyte.is_not(None),
            LabResult.table_value.is_not(None),
            LabResult.observed_at <= reading.clock.now(),
            LabResult.status.not_in(("W", "D", "X")),
            ~is_replaced,
        )
        .subquery()
    )
    wanted = (
        sa.select(
            LabReport.patient_id, LabResult.analyte, LabResult.table_value, LabResult.comparator, LabResult.table_unit,
            LabResult.observed_at, LabResult.status, LabReport.id, LabReport.signed_at.is_not(None),
        )
        .join(LabReport, LabReport.id == LabResult.report_id)
        .join(ranked, ranked.c.id == LabResult.id)
        .where(ranked.c.place == 1)
    )  # fmt: skip
    found: dict[UUID, dict[str, LatestResult]] = {patient_id: {} for patient_id in patient_ids}
    rows: Sequence[Any] = reading.session.execute(wanted).all()
    for patient_id, *columns in rows:
        one = LatestResult(*columns)
        found[patient_id][one.analyte] = one
    return found


def due_text(level: Level, due: datetime, now: datetime) -> str:
    """Until when somebody must act, or how late it is, in the words of the list; both on the pharmacy's wall clock."""
    if due < now:
        minutes = int((now - due).total_seconds() // 60)
        return f"{minutes} min late" if minutes < 120 else f"{minutes // 60} h late"
    if level is Level.CRITICAL:
        return f"call by {due:%H:%M}"
    if level is Level.NORMAL:
        return "today" if due.date() == now.date() else "tomorrow"
    return "same day"


def _earlier_decisions(reading: Reading, patient_id: UUID, serial: int) -> list[EarlierDecision]:
    wanted = (
        sa.select(LabReport)
        .where(LabReport.patient_id == patient_id, LabReport.signed_at.is_not(None), LabReport.serial != serial)
        .order_by(LabReport.signed_at.desc())
        .limit(5)
    )
    reports = list(reading.session.scalars(wanted))
    lines = results_by_report(reading.session, [report.id for report in reports])
    return [
        EarlierDecision(
            reading.local(report.signed_at),
            report.action or "",
            lead_of(finding_rows(report, lines.get(report.id, []), set(), reading), report),
        )
        for report in reports
        if report.signed_at is not None
    ]


def _earlier_results(reading: Reading, patient_id: UUID, report_id: UUID) -> list[EarlierResult]:
    """The values of other reports, the newest first; a replaced one is not a value any more."""
    lines = results_of_patient(reading.session, patient_id)
    replaced = {result.corrects_id for _, result in lines}
    found = [
        EarlierResult(
            result.analyte,
            value_text(result),
            unit_text(result),
            reading.local(result.observed_at) if result.observed_at else None,
            _level_in(report, result.id),
        )
        for report, result in lines
        if result.analyte and result.words and report.id != report_id and result.id not in replaced
    ]
    return sorted(found, key=lambda row: row.at.timestamp() if row.at else 0.0, reverse=True)[:MOST_EARLIER]


def _level_in(report: LabReport, result_id: UUID) -> Level:
    levels = (each["level"] for each in report.judgement["findings"] if each["result"] == str(result_id))
    return Level(next(levels, Level.NOT_EVALUATED))


def _when(report: LabReport) -> datetime:
    return report.observed_at or report.received_at


def _heading(reading: Reading, report: LabReport) -> str:
    drawn = f"Drawn {moment(reading.local(report.observed_at))}" if report.observed_at else "Time of the draw unknown"
    if report.signed_at is not None:
        return f"{drawn}, {report.status}, reviewed {moment(reading.local(report.signed_at))}: {report.action}"
    return f"{drawn}, {report.status}, {state_of(report)}"

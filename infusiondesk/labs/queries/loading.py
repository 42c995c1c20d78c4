"""Reading a patient's results into the values that the rules judge, and a report into the facts its signature covers."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from infusiondesk.foundation.kernel.ismp import number
from infusiondesk.labs import rules
from infusiondesk.labs.records import LabReport, LabResult

_MORE = {"<": "below ", ">": "above ", "<=": "at most ", ">=": "at least "}
_NOT_SIGNED = ("signed_at", "signature_id", "version")


def results_of_reports(session: Session, *wanted: Any) -> list[tuple[LabReport, LabResult]]:
    """Lines with their report, in the order in which they became known."""
    found = session.execute(
        sa.select(LabReport, LabResult)
        .join(LabReport, LabReport.id == LabResult.report_id)
        .where(*wanted)
        .order_by(LabReport.serial, LabResult.number)
    )
    return [(report, result) for report, result in found]


def results_of_patient(session: Session, patient_id: UUID) -> list[tuple[LabReport, LabResult]]:
    """Every line that is filed with a patient, in the order in which it became known."""
    return results_of_reports(session, LabReport.patient_id == patient_id)


def results_of_report(session: Session, report_id: UUID) -> list[LabResult]:
    """The lines of one report as they stand in it."""
    wanted = sa.select(LabResult).where(LabResult.report_id == report_id).order_by(LabResult.number)
    return list(session.scalars(wanted))


def as_judged(result: LabResult) -> rules.LabResult:
    """A kept line for the rules; a code that the table does not know keeps its own words and is never judged."""
    unknown = f"{result.code or 'an empty code'} ({result.text or 'no name'})"
    return rules.LabResult(
        result.analyte or unknown,
        result.value if result.value is not None else result.words or None,
        result.unit,
        result.observed_at,
        id=str(result.id),
        corrects=None if result.corrects_id is None else str(result.corrects_id),
        comparator=result.comparator,
        status=result.status or "F",
        lab_flags=tuple(result.lab_flags),
        lab_range=result.reference_range,
    )


def value_text(result: LabResult) -> str:
    """The value as a person reads it: in the unit of the table where it was converted, else as it was written."""
    if result.value is None:
        return result.words
    shown = result.table_value if result.converted_by and result.table_value is not None else result.value
    return f"{_MORE.get(result.comparator, '')}{number(round(shown, 3) if result.converted_by else shown)}"


def unit_text(result: LabResult) -> str:
    """The unit that belongs to `value_text`."""
    return result.table_unit if result.converted_by else result.unit or ""


def person_text(written: dict[str, Any]) -> str:
    """The patient as the message writes them."""
    return ", ".join(part for part in (written.get("family", ""), written.get("given", "")) if part) or "no name"


def born_on_of(written: dict[str, Any]) -> date | None:
    """The birth date as the message writes it."""
    return date.fromisoformat(written["born_on"]) if written.get("born_on") else None


def written_person(written: dict[str, Any]) -> rules.WrittenPerson:
    """The patient as the message writes them, for matching."""
    ids = tuple(written.get("ids", ()))
    return rules.WrittenPerson(ids, written["family"], written["given"], born_on_of(written), written.get("sex", ""))


def signed_facts(report: LabReport, results: Sequence[LabResult]) -> dict[str, Any]:
    """Everything that a review covers: the report with its judgement and decision, and each line as it was written."""
    return {**_columns(report), "results": [_columns(result) for result in results]}


def _columns(record: LabReport | LabResult) -> dict[str, Any]:
    return {name: getattr(record, name) for name, _ in type(record).__mapper__.columns.items() if name not in _NOT_SIGNED}

"""From a message to what the rules understand: which analyte a code means, when the specimen was drawn, who the patient may be."""

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Final

from infusiondesk.labs.exchange.hl7.values import Coded, PatientAsWritten, Report, Result
from infusiondesk.labs.rules import LabResult, Line, Tables, WrittenPerson

# How senders name LOINC as the coding system: HL7 table 0396, its object identifier, and plainly.
_LOINC: Final = frozenset({"LN", "LOINC", "2.16.840.1.113883.6.1"})


def lab_results(
    reports: Iterable[Report], tables: Tables, zone: tzinfo, own_codes: Mapping[tuple[str, str], str] | None = None
) -> list[LabResult]:
    """The lines of the reports for `judge`. `zone` is where the laboratory is, for times without an offset.

    `own_codes` maps (coding system, code) of a laboratory to an analyte: the pharmacy's own list. A code that neither LOINC nor
    the list explains is never guessed from its text: it stays unknown and is not evaluated.
    """
    return [_lab_result(report, result, tables, zone, own_codes or {}) for report in reports for result in report.results]


def written_person(patient: PatientAsWritten) -> WrittenPerson:
    """The patient for `match`."""
    return WrittenPerson(tuple(each.value for each in patient.ids), patient.family, patient.given, patient.birth.on, patient.sex)


def line_of(report: Report, result: Result) -> Line:
    """What identifies a line in a later message, for `succession`."""
    order = report.filler_order or report.placer_order
    return Line(
        order, result.code.code or result.code.other_code, result.sub_id, result.status, result.written, result.unit_written
    )


def analyte_key(code: Coded, tables: Tables, own_codes: Mapping[tuple[str, str], str]) -> str | None:
    """The analyte that a coded name means, or None."""
    for system, each in ((code.system, code.code), (code.other_system, code.other_code)):
        if own := own_codes.get((system.strip(), each.strip())):
            return own
        analyte = tables.analyte_of(each) if system.strip().upper() in _LOINC else None
        if analyte is not None:
            return analyte.key
    return None


def collected_at(report: Report, result: Result, zone: tzinfo) -> datetime | None:
    """When the specimen was drawn: by the one specimen of the report, else by the line, else by the order."""
    specimen = report.specimens[0].collected.at if len(report.specimens) == 1 else None
    at = specimen or result.observed.at or report.observed.at
    return at.replace(tzinfo=zone) if at is not None and at.tzinfo is None else at


def _lab_result(
    report: Report, result: Result, tables: Tables, zone: tzinfo, own_codes: Mapping[tuple[str, str], str]
) -> LabResult:
    unknown = f"{result.code.code or result.code.other_code or 'an empty code'} ({result.code.words or 'no name'})"
    value = None if result.is_empty else result.words if result.number is None else result.number
    return LabResult(
        analyte_key(result.code, tables, own_codes) or unknown,
        value,
        result.unit_written or None,
        collected_at(report, result, zone),
        comparator=result.comparator,
        status=result.status.strip() or "F",
        lab_flags=result.flags,
        lab_range=result.reference_range,
    )

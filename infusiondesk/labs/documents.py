"""A laboratory report on paper: each result beside its limits and the one before, its flag in shape, word and reason."""

from dataclasses import dataclass
from datetime import datetime

from infusiondesk.foundation.kernel.ismp import day, moment
from infusiondesk.foundation.paper.pieces import Column, Text, Words
from infusiondesk.foundation.paper.sheet import Sheet
from infusiondesk.foundation.paper.stationery import PatientBlock, Printing, RecordMark, Signature, Unsigned
from infusiondesk.foundation.paper.tones import Shape, Tone
from infusiondesk.labs.queries import FindingRow, OpenReport
from infusiondesk.labs.rules import Level


@dataclass(frozen=True)
class LabResultLine:
    """One result; `urgency` is normal, flag or critical, `flag` its words (critical high), and `because` the reason."""

    test: str
    value: str
    unit: str
    limits: str
    urgency: str
    flag: str
    because: str = ""
    previous: str = ""
    change: str = ""
    replaces: str = ""


@dataclass(frozen=True)
class LabReview:
    """What a pharmacist decided on the report."""

    decision: str
    reviewed_by: str
    reviewed_at: datetime
    prescriber_contact: str = ""


@dataclass(frozen=True)
class LabReportPaper:
    """One version of one report."""

    record: RecordMark
    patient: PatientBlock
    accession: str
    laboratory: str
    ordered_by: str
    collected_at: datetime | None
    collection: str
    resulted_at: datetime | None
    status: str
    results: tuple[LabResultLine, ...]
    review: LabReview | None
    not_checked: tuple[str, ...]
    signatures: tuple[Signature | Unsigned, ...] = ()


_RESULTS = (
    Column("Test", 24),
    Column("Result", 13, is_number=True),
    Column("Unit", 12),
    Column("Flag", 17),
    Column("Previous", 15),
    Column("Limits", 19),
)
_SHAPES = {"critical": Shape.OCTAGON, "flag": Shape.TRIANGLE, "normal": Shape.NONE}


_FLAGS = {
    Level.CRITICAL: "critical",
    Level.RED: "red flag",
    Level.FLAG: "flag",
    Level.NOT_EVALUATED: "not evaluated",
    Level.NORMAL: "",
}


def lab_report_paper(opened: OpenReport, patient: PatientBlock, signatures: tuple[Signature, ...]) -> LabReportPaper:
    """One report as it is printed: every line with its judgement, the decision, and what nobody could check."""
    row = opened.report
    review = None
    if row.review is not None:
        name = signatures[0].name if signatures else ""
        decision = f"{row.review.action}: {row.review.interpretation}"
        review = LabReview(decision, name, row.review.signed_at, row.review.contact)
    return LabReportPaper(
        record=RecordMark(f"LAB-{patient.mrn}-{row.serial}", "1"),
        patient=patient,
        accession=", ".join(row.orders),
        laboratory=row.laboratory or "Laboratory not named",
        ordered_by=opened.prescriber,
        collected_at=row.observed_at,
        collection="; ".join(row.comments) or "no remark of the laboratory",
        resulted_at=row.received_at,
        status=row.status,
        results=tuple(_line(one) for one in row.findings),
        review=review,
        not_checked=row.not_checked,
        signatures=signatures or (Unsigned("reviewed by a pharmacist"),),
    )


def _line(one: FindingRow) -> LabResultLine:
    urgency = "critical" if one.level is Level.CRITICAL else "normal" if one.level is Level.NORMAL else "flag"
    flag = "replaced by a later result" if one.is_replaced else _FLAGS[one.level]
    because = "" if one.is_replaced or one.level is Level.NORMAL else one.because
    previous = f"{one.previous}, {day(one.previous_at)}" if one.previous and one.previous_at else one.previous
    urgency = "normal" if one.is_replaced else urgency
    return LabResultLine(
        one.test, one.value, one.unit, one.limits, urgency, flag, because, previous, one.change, replaces=one.replaces
    )


def draw_lab_report(facts: LabReportPaper, printing: Printing) -> bytes:
    """Draw the report; an urgency that is not known is drawn as critical, never as normal."""
    sheet = Sheet(
        title="Laboratory report",
        subtitle=f"{facts.laboratory}, {facts.status}",
        record=facts.record,
        printing=printing,
        patient=facts.patient,
    )
    sheet.facts(
        [
            ("Accession", facts.accession),
            ("Status", Words(facts.status, strong=True)),
            ("Collected", moment(facts.collected_at) if facts.collected_at else ""),
            ("Collection", facts.collection),
            ("Resulted", moment(facts.resulted_at) if facts.resulted_at else ""),
            ("Ordered by", facts.ordered_by),
        ]
    )
    sheet.heading("Results", _counted(facts.results))
    sheet.table(_RESULTS, [_result(one) for one in facts.results], empty="The report holds no result.")
    reasons = [one for one in facts.results if one.because]
    if reasons:
        sheet.heading("Why flagged")
        sheet.points([Words(f"{one.test}: {one.because}", shape=_shape(one), tone=Tone.INK) for one in reasons])
    sheet.heading("Review")
    if facts.review is None:
        sheet.words(Words("Not reviewed yet.", strong=True, shape=Shape.RING))
    else:
        sheet.facts(
            [
                ("Decision", Words(facts.review.decision, strong=True)),
                ("Reviewed", f"{facts.review.reviewed_by}, {moment(facts.review.reviewed_at)}"),
                ("Prescriber", facts.review.prescriber_contact or Words("not contacted", tone=Tone.LABEL)),
            ],
            columns=1,
        )
    sheet.not_checked(facts.not_checked)
    sheet.signatures(facts.signatures)
    return sheet.pdf()


def _shape(one: LabResultLine) -> Shape:
    return _SHAPES.get(one.urgency, Shape.OCTAGON)


def _result(one: LabResultLine) -> list[Text]:
    shape = _shape(one)
    flag: Text = (
        Words(one.flag, strong=True, shape=shape) if shape is not Shape.NONE else Words(one.flag or "normal", tone=Tone.QUIET)
    )
    replaced = f"corrected from {one.replaces}" if one.replaces else ""
    return [
        Words(one.test, strong=True, second=replaced),
        Words(one.value, strong=True),
        one.unit,
        flag,
        Words(one.previous, second=one.change) if one.previous else Words("none", tone=Tone.LABEL),
        one.limits or Words("unknown", tone=Tone.LABEL),
    ]


def _counted(results: tuple[LabResultLine, ...]) -> str:
    critical = sum(_shape(one) is Shape.OCTAGON for one in results)
    flagged = sum(_shape(one) is Shape.TRIANGLE for one in results)
    return f"{critical} critical, {flagged} flagged, {len(results) - critical - flagged} normal" if results else ""

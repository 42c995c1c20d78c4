"""An assessment on paper: what was asked and answered, what the rules found, what was decided."""

from dataclasses import dataclass
from datetime import datetime

from infusiondesk.assessments.queries import AssessmentRow
from infusiondesk.assessments.rules.answers import NOT_CHECKED, SECTIONS
from infusiondesk.assessments.rules.standing import StandingFinding
from infusiondesk.foundation.kernel.ismp import moment
from infusiondesk.foundation.paper.pieces import Column, Words, level
from infusiondesk.foundation.paper.sheet import Sheet
from infusiondesk.foundation.paper.stationery import PatientBlock, Printing, RecordMark, Signature, Unsigned
from infusiondesk.foundation.paper.tones import Shape, Tone


@dataclass(frozen=True)
class AssessmentSection:
    """Answers under one heading, label and value, in the order in which they were asked."""

    title: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class AssessmentFinding:
    """What a rule found; `disposition` is empty while nobody has settled it."""

    rule: str
    level: str
    because: str
    action: str
    disposition: str = ""
    settled_by: str = ""


@dataclass(frozen=True)
class AssessmentPaper:
    """One version of one assessment."""

    record: RecordMark
    patient: PatientBlock
    kind: str
    assessed_at: datetime
    assessed_by: str
    sections: tuple[AssessmentSection, ...]
    findings: tuple[AssessmentFinding, ...]
    decision: str
    decision_because: str
    not_checked: tuple[str, ...]
    signatures: tuple[Signature | Unsigned, ...]


def assessment_paper(
    row: AssessmentRow,
    findings: tuple[StandingFinding, ...],
    patient: PatientBlock,
    signatures: tuple[Signature | Unsigned, ...],
) -> AssessmentPaper:
    """An assessment as it is printed; `findings` are those it was signed with, or those of this hour for a draft."""
    return AssessmentPaper(
        record=RecordMark(f"AS-{patient.mrn}-{row.number}", str(row.number)),
        patient=patient,
        kind=row.kind,
        assessed_at=row.signed_at or row.started_at,
        assessed_by=row.signatures[0].name if row.signatures else row.started_by,
        sections=tuple(
            AssessmentSection(section.title, tuple((one.label, row.answers.words(one)) for one in section.questions))
            for section in SECTIONS[:-1]
        ),
        findings=tuple(
            AssessmentFinding(one.rule, one.level, one.because, one.resolution, one.disposition or _shown(one), one.settled_by)
            for one in findings
        ),
        decision=(row.answers.decision or "not decided yet").capitalize(),
        decision_because=row.answers.decision_because,
        not_checked=NOT_CHECKED,
        signatures=signatures or (Unsigned("assessed by a pharmacist"),),
    )


def _shown(finding: StandingFinding) -> str:
    return "" if finding.is_open else "shown, keeps nothing back"


_FINDINGS = (Column("Rule", 8), Column("Level", 11), Column("Because", 36), Column("Disposition", 36))


def draw_assessment(facts: AssessmentPaper, printing: Printing) -> bytes:
    """Draw the assessment: the decision first, then what stands in its way, then the answers."""
    sheet = Sheet(title=facts.kind, record=facts.record, printing=printing, patient=facts.patient)
    sheet.facts(
        [
            ("Assessed", moment(facts.assessed_at)),
            ("By", facts.assessed_by),
            ("Decision", Words(facts.decision, strong=True, second=facts.decision_because) if facts.decision else ""),
        ]
    )
    sheet.heading("Findings", _open_words(facts.findings))
    sheet.table(
        _FINDINGS,
        [
            [Words(one.rule, strong=True), level(one.level), Words(one.because, second=one.action), _settled(one)]
            for one in facts.findings
        ],
        empty="No rule found anything.",
    )
    for section in facts.sections:
        sheet.heading(section.title)
        sheet.facts(section.answers)
    sheet.not_checked(facts.not_checked)
    sheet.signatures(facts.signatures, aside=f"version {facts.record.version}")
    return sheet.pdf()


def _settled(finding: AssessmentFinding) -> Words:
    if not finding.disposition:
        return Words("open", shape=Shape.RING)
    return Words(finding.disposition, shape=Shape.CHECK, tone=Tone.INK, second=finding.settled_by)


def _open_words(findings: tuple[AssessmentFinding, ...]) -> str:
    still_open = sum(not one.disposition for one in findings)
    return f"{still_open} of {len(findings)} open" if findings else ""

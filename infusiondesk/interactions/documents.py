"""The closure report of a recall of knowledge: what was corrected, what relied on it, and what was done about each line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from infusiondesk.foundation.kernel.ismp import counted, day, moment
from infusiondesk.foundation.paper.pieces import Column, Text, Words
from infusiondesk.foundation.paper.sheet import Sheet
from infusiondesk.foundation.paper.stationery import Printing, RecordMark
from infusiondesk.foundation.paper.tones import Shape, Tone
from infusiondesk.interactions.rules.recall import RecallLine


@dataclass(frozen=True)
class RecallReport:
    """The lines of one corrected row, or of all."""

    record: RecordMark
    on: date
    lines: tuple[RecallLine, ...]


_COLUMNS = (Column("Patient", 20), Column("Relied on it", 40), Column("Done", 40))


def recall_report(lines: Sequence[RecallLine], on: date) -> RecallReport:
    """The report of these lines; its mark names the recall, not a patient."""
    versions = {(line.row_key, line.version_now) for line in lines}
    mark = next(iter(versions))[1].upper() if len(versions) == 1 else f"{on:%Y%m%d}"
    return RecallReport(RecordMark(f"RECALL-{mark}", "1"), on, tuple(lines))


def draw_recall_report(facts: RecallReport, printing: Printing) -> bytes:
    """Draw it: one part for each corrected row, the open lines first and marked."""
    still_open = sum(line.closing is None for line in facts.lines)
    subtitle = (
        f"{counted(len(facts.lines), 'line')}, {still_open} open"
        if still_open
        else f"{counted(len(facts.lines), 'line')}, all closed"
    )
    sheet = Sheet(title="Recall of knowledge", subtitle=subtitle, record=facts.record, printing=printing)
    for recall in dict.fromkeys(line.recall for line in facts.lines):
        lines = [line for line in facts.lines if line.recall == recall]
        first = lines[0]
        sheet.heading(first.row, counted(len(lines), "line"))
        corrected = f"{day(first.corrected_at.date())} by {first.corrected_by}" if first.corrected_at else ""
        sheet.facts([("Said then", first.then), ("Says now", first.now), ("Corrected", corrected), ("Because", first.because)])
        sheet.table(_COLUMNS, [_row(line) for line in lines])
    return sheet.pdf()


def _row(line: RecallLine) -> list[Text]:
    who = Words(line.patient, strong=True, second=line.mrn)
    what = Words(line.kind.value.capitalize(), second=line.subject)
    closing = line.closing
    if closing is None:
        return [who, what, Words("Open", strong=True, tone=Tone.DUE, shape=Shape.TRIANGLE)]
    return [who, what, Words(closing.done.capitalize(), second=f"{closing.reason}\n{closing.by}, {moment(closing.at)}")]

"""How results look wherever they are shown: the shape and words of each level, the panel that explains one line, the paper."""

import re
from collections.abc import Sequence
from functools import partial
from typing import Final

from infusiondesk.foundation.kernel.ismp import day, moment
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.paper.stationery import PatientBlock, Printing
from infusiondesk.foundation.qtkit.parts.card import Card
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.parts.why import Why, WhyPanel
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.foundation.qtkit.tables import Column
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.labs.documents import draw_lab_report, lab_report_paper
from infusiondesk.labs.queries import EarlierResult, FindingRow, OpenReport
from infusiondesk.labs.rules import Level
from infusiondesk.patients.queries.paper import patient_block
from infusiondesk.staff.queries import paper_signatures, printing_of

TONES: Final[dict[Level, Tone]] = {
    Level.CRITICAL: "danger",
    Level.RED: "due",
    Level.FLAG: "due",
    Level.NOT_EVALUATED: "neutral",
    Level.NORMAL: "plain",
}
WORDS: Final = {
    Level.CRITICAL: "Critical",
    Level.RED: "Red flag, same day",
    Level.FLAG: "Flagged",
    Level.NOT_EVALUATED: "Not evaluated",
    Level.NORMAL: "In range",
}


def queue_tone(level: Level) -> Tone:
    """In a list that waits even a report in range has a shape: the ring of what nobody has looked at."""
    return "neutral" if level is Level.NORMAL else TONES[level]


def line_tone(row: FindingRow) -> Tone | None:
    """The colour of a line: none for what is in range or was replaced, so that the exception stands out."""
    return None if row.is_replaced or row.level is Level.NORMAL else TONES[row.level]


def unit_words(unit: str) -> str:
    """A unit as people write it: 10³/mcL for 10*3/uL; micro is mc here as in mcg."""
    return re.sub(r"(?<=10)[*^]([369])", lambda found: {"3": "³", "6": "⁶", "9": "⁹"}[found[1]], unit).replace("/uL", "/mcL")


def value_words(row: FindingRow) -> str:
    """The value with its unit; a dose is never elided and neither is a result."""
    return f"{row.value} {unit_words(row.unit)}".strip()


def limit_words(limits: str) -> str:
    """Limits in words: a dash between numbers can be read as a minus."""
    return re.sub(r"(?<=\d)\s*-\s*(?=\d)", " to ", limits)


def remark_words(row: FindingRow) -> str:
    """What the laboratory and the history say of a line, shortest first."""
    said = [
        "replaced later" if row.is_replaced else "",
        f"was {row.replaces}" if row.replaces else "",
        row.status,
        f"limits {limit_words(row.limits)}" if row.limits else "",
        f"marked {row.flags}" if row.flags else "",
    ]
    return ", ".join(part for part in said if part)


def previous_words(row: FindingRow) -> str:
    """When the value before was drawn, and by how much this one differs."""
    on = day(row.previous_at) if row.previous_at else ""
    return ", ".join(part for part in (row.change, on) if part)


LINES: Final[Sequence[Column[FindingRow]]] = (
    Column("", lambda row: "", tone=line_tone, shape=True, width=28),
    Column("Test", lambda row: row.test, strong=True, second=remark_words, stretch=3, width=92),
    Column(
        "Result", lambda row: row.value, second=lambda row: unit_words(row.unit), tone=line_tone, right=True, strong=True, width=76
    ),
    Column("Before", lambda row: row.previous, second=previous_words, right=True),
)


def why_of(row: FindingRow) -> Why:
    """Why a line is at its level, what was converted, and by which rule."""
    inputs = [("As written", row.as_written)] if row.as_written else []
    inputs += [("Drawn", moment(row.observed_at))] if row.observed_at else [("Drawn", "time not readable")]
    inputs += [("Laboratory", "; ".join(row.comments))] if row.comments else []
    words = "Replaced" if row.is_replaced else WORDS[row.level]
    because = row.because[:1].upper() + row.because[1:] + "."
    return Why(f"{row.test}: {words}", because, inputs=inputs, source=", ".join(row.sources))


def why_panel(row: FindingRow) -> WhyPanel:
    """The small panel that Alt+Y points at."""
    panel = WhyPanel(f"Why {WORDS[row.level].lower()}?" if not row.is_replaced else "Why replaced?", compact=True)
    panel.show_why(why_of(row))
    return panel


def earlier_card(row: FindingRow, earlier: Sequence[EarlierResult]) -> Card:
    """The values of one test in earlier reports, the newest first."""
    card = Card(f"Earlier {row.test}", kind="sunken", padding=12, gap=6, title_px=13)
    own = [one for one in earlier if one.analyte and one.analyte == row.analyte][:6]
    if not own:
        card.add(Text("None on file.", 13, ink="ink2"))
        return card
    facts = [
        Fact(
            day(one.at) if one.at else "date unknown",
            f"{one.value} {unit_words(one.unit)}".strip() + ("" if one.level is Level.NORMAL else f", {WORDS[one.level].lower()}"),
            None if one.level in (Level.NORMAL, Level.NOT_EVALUATED) else TONES[one.level],
        )
        for one in own
    ]
    card.add(FactList(facts, label_width=96, dense=True))
    return card


def not_checked_card(sentences: Sequence[str]) -> Card:
    """What nobody could check; said, never passed over (one sentence each)."""
    card = Card("Not checked", kind="sunken", padding=12, gap=6, title_px=13)
    for sentence in sentences or ["Nothing was skipped."]:
        card.add(Text(sentence[:1].upper() + sentence[1:], 13, ink="ink2", wraps=True))
    return card


def print_report(screen: Screen, opened: OpenReport) -> None:
    """Draw a report on its own lane and hand it to the window's viewer."""
    patient_id = opened.report.patient_id
    if patient_id is None:
        return

    def with_block(block: PatientBlock) -> None:
        screen.desk.ask(screen, printing_of, partial(draw, block))

    def draw(block: PatientBlock, printing: Printing) -> None:
        review = opened.report.review
        signatures = paper_signatures(review.signatures, screen.desk.store.clock.zone) if review is not None else ()
        facts = lab_report_paper(opened, block, signatures)
        screen.desk.draw(screen, partial(draw_lab_report, facts, printing), show)

    def show(pdf: bytes) -> None:
        name = f"lab-report-{opened.report.id.hex[-8:]}.pdf"
        paper = PaperShown("Laboratory report", pdf, name, "lab_report", opened.report.id, patient_id, Area.LABS)
        screen.paper_ready.emit(paper)

    screen.desk.ask(screen, patient_block, with_block, patient_id=patient_id)

"""The papers of the shelf: the count sheet, blind for both who count, the list of a recall, the log of a controlled drug."""

from collections.abc import Sequence
from dataclasses import dataclass

from infusiondesk.catalog.rules import ndc_text
from infusiondesk.foundation.kernel.ismp import counted, day, moment, number, span
from infusiondesk.foundation.paper.pieces import Column, Text, Words
from infusiondesk.foundation.paper.sheet import Sheet
from infusiondesk.foundation.paper.stationery import Printing, RecordMark, Signature, Unsigned
from infusiondesk.foundation.paper.tones import Shape, Tone
from infusiondesk.inventory.queries.biennial import BiennialLineRow, BiennialRow
from infusiondesk.inventory.queries.controlled import ControlledLog, LogLine
from infusiondesk.inventory.queries.counts import CountLineRow, CountSheetRow
from infusiondesk.inventory.queries.discrepancies import DiscrepancyRow
from infusiondesk.inventory.queries.recalls import RecallRow
from infusiondesk.inventory.rules.biennial import SOURCE
from infusiondesk.inventory.rules.controlled import schedule_words
from infusiondesk.inventory.rules.counts import CountState
from infusiondesk.inventory.rules.discrepancies import LOSS_TERMS
from infusiondesk.inventory.rules.recalls import ReachLine

_COUNTED = (CountState.AGREED, CountState.ADJUSTED, CountState.DISCREPANCY)


@dataclass(frozen=True)
class RecallPaper:
    """A recall with everything it reaches, and the names under it."""

    recall: RecallRow
    lines: tuple[ReachLine, ...]
    signatures: tuple[Signature, ...]


def draw_count_sheet(facts: CountSheetRow, printing: Printing) -> bytes:
    """Draw it: room to write where nobody has counted, both counts once a line is settled. What is expected is never on it."""
    done = sum(line.state in _COUNTED for line in facts.lines)
    subtitle = f"{counted(len(facts.lines), 'lot')}, {done} settled"
    mark = RecordMark(f"COUNT-{facts.id.hex[-8:].upper()}", "1")
    sheet = Sheet(title="Count sheet", subtitle=subtitle, record=mark, printing=printing)
    sheet.facts(
        [
            ("Location", facts.location),
            ("What", facts.title.partition(", ")[2].capitalize()),
            ("Begun", f"{moment(facts.begun_at)} by {facts.begun_by}"),
            ("Ended", moment(facts.ended_at) if facts.ended_at else "still open"),
        ],
        columns=2,
    )
    columns = (
        Column("Item", 34),
        Column("Lot, expires", 22),
        Column("First count", 16),
        Column("Second count", 16),
        Column("State", 20),
    )
    sheet.table(columns, [_count_row(line) for line in facts.lines])
    sheet.not_checked(["What is in quarantine stands on no count sheet."])
    sheet.signatures([Unsigned("counted first", "by hand on this sheet"), Unsigned("counted second", "another person")])
    return sheet.pdf()


def _count_row(line: CountLineRow) -> list[Text]:
    item = Words(line.item, strong=True, second=f"counted as {line.unit}" + (f", {line.controlled}" if line.controlled else ""))
    lot = Words(line.lot_number, second=day(line.expires_on))
    blank = "__________"
    first = Words(blank)
    if line.first_by:
        first = Words(number(line.first_found) if line.first_found is not None else "counted", second=line.first_by)
    second = Words(number(line.second_found), second=line.second_by) if line.second_found is not None else Words("")
    if line.state is CountState.SECOND:
        second = Words(blank)
    tone, shape = {
        CountState.SECOND: (Tone.DUE, Shape.TRIANGLE),
        CountState.ADJUSTED: (Tone.DANGER, Shape.OCTAGON),
        CountState.DISCREPANCY: (Tone.DANGER, Shape.OCTAGON),
        CountState.AGREED: (Tone.DONE, Shape.CHECK),
    }.get(line.state, (None, Shape.NONE))
    told = [line.difference if line.state in (CountState.ADJUSTED, CountState.DISCREPANCY) else "", line.note]
    return [item, lot, first, second, Words(line.state.value, tone=tone, shape=shape, second=", ".join(filter(None, told)))]


def draw_recall_list(facts: RecallPaper, printing: Printing) -> bytes:
    """Draw it: where the lots lie, what they went into and who has it, and what was done about each."""
    recall = facts.recall
    still_open = sum(not line.done for line in facts.lines)
    subtitle = f"{recall.notice}; " + (f"{counted(still_open, 'line')} open" if still_open else "every line settled")
    sheet = Sheet(title=f"Recall {recall.number}", subtitle=subtitle, record=RecordMark(recall.number, "1"), printing=printing)
    sheet.facts(
        [
            ("What is recalled", recall.what),
            ("Because", recall.because),
            ("Opened", f"{moment(recall.opened_at)} by {recall.opened_by}"),
            ("Closed", recall.closing if not recall.is_open else "still open"),
        ],
        columns=2,
    )
    sheet.heading("Where it lies", counted(len(recall.lots), "lot"))
    lies = (Column("Item", 40), Column("Lot, expires", 24), Column("Lies in", 20), Column("On hand", 12, is_number=True))
    rows: list[list[Text]] = [
        [
            Words(lot.item, strong=True, second=lot.maker),
            Words(lot.lot_number, second=day(lot.expires_on)),
            lot.where or "used up",
            Words(number(lot.on_hand), second=f"{number(lot.in_quarantine)} in quarantine" if lot.in_quarantine else ""),
        ]
        for lot in recall.lots
    ]
    sheet.table(lies, rows, empty="No lot of it was ever received.")
    sheet.heading("Where it went", counted(len(facts.lines), "line"))
    went = (Column("Who has it", 26), Column("What", 34), Column("Done", 40))
    sheet.table(went, [_reach_row(line) for line in facts.lines], empty="It went into nothing.")
    sheet.not_checked(["Units that were wasted or counted away: see the movements of the lot."])
    sheet.signatures(facts.signatures or [Unsigned("recall closed")])
    return sheet.pdf()


def _reach_row(line: ReachLine) -> list[Text]:
    who = Words(line.patient or line.kind.value, strong=True, second=", ".join(filter(None, (line.kind.value, line.phone))))
    what = Words(line.what, second=f"lot {line.lots}")
    if not line.done:
        return [who, what, Words("Open", strong=True, tone=Tone.DUE, shape=Shape.TRIANGLE)]
    when = f"{line.done_by}, {moment(line.done_at)}" if line.done_at else line.done_by
    return [who, what, Words(line.done, second=when)]


def recall_paper(recall: RecallRow, lines: Sequence[ReachLine], signatures: Sequence[Signature]) -> RecallPaper:
    """The facts of a recall's list."""
    return RecallPaper(recall, tuple(lines), tuple(signatures))


def draw_controlled_log(facts: ControlledLog, printing: Printing) -> bytes:
    """Draw it: every movement of one controlled item in a stretch of days, with the balance after each and both names."""
    item, span_words = facts.item, span(facts.first, facts.last)
    mark = RecordMark(f"CLOG-{item.id.hex[-8:].upper()}", "1")
    subtitle = f"{item.item}, {schedule_words(item.schedule)}, {span_words}"
    sheet = Sheet(title="Controlled-drug log", subtitle=subtitle, record=mark, printing=printing)
    sheet.facts(
        [
            ("Item", item.item),
            ("NDC", ndc_text(item.ndc)),
            ("Before the first line", counted(facts.opening, item.unit)),
            ("After the last line", counted(facts.closing, item.unit)),
        ],
        columns=2,
    )
    columns = (
        Column("When, who", 26),
        Column("What", 30),
        Column("Lot, lies in", 20),
        Column("Change", 10, is_number=True),
        Column("Balance", 10, is_number=True),
    )
    sheet.table(columns, [_log_row(line) for line in facts.lines], empty="Nothing moved in these days.")
    sheet.not_checked(["What left the pharmacy and came back: it is destroyed from its delivery and never on this balance."])
    sheet.signatures([Unsigned("log reviewed", "by the pharmacist in charge")])
    return sheet.pdf()


def draw_biennial(facts: BiennialRow, signatures: Sequence[Signature], printing: Printing) -> bytes:
    """Draw it: everything controlled that was found on one day, by schedule, with the names of who counted and who signed."""
    mark = RecordMark(f"BIEN-{facts.id.hex[-8:].upper()}", "1")
    subtitle = f"{day(facts.taken_on)}, {facts.taken_at}"
    sheet = Sheet(title="Biennial inventory", subtitle=subtitle, record=mark, printing=printing)
    sheet.facts(
        [
            ("Taken", f"{day(facts.taken_on)}, at the {facts.taken_at}"),
            ("DEA number of the pharmacy", facts.dea_number),
            ("Begun", f"{moment(facts.begun_at)} by {facts.begun_by}"),
            ("Source", SOURCE),
        ],
        columns=2,
    )
    columns = (Column("Drug, NDC", 38), Column("Lies in, lot", 28), Column("Found", 16, is_number=True), Column("Counted by", 24))
    for title, schedules in (("Schedule II", ("CII",)), ("Schedules III to V", ("CIII", "CIV", "CV"))):
        lines = [line for line in facts.lines if line.schedule in schedules]
        sheet.heading(title, counted(len(lines), "line"))
        sheet.table(columns, [_biennial_row(line) for line in lines], empty="None on hand.")
    if facts.remarks:
        sheet.heading("Differences from the balance")
        sheet.words(f"{facts.differences} What was done: {facts.remarks}.")
    sheet.not_checked(["Bags already made and samples stand here only where somebody entered them by hand."])
    missing = [
        Unsigned(meaning, because)
        for meaning, because, is_missing in (
            ("counted", "not signed yet", not facts.counted_by),
            ("biennial inventory taken", "not signed yet", facts.is_open),
        )
        if is_missing
    ]
    sheet.signatures([*signatures, *missing])
    return sheet.pdf()


def _biennial_row(line: BiennialLineRow) -> list[Text]:
    found = "" if line.found is None else counted(line.found, line.unit)
    ndc = "entered by hand" if line.is_by_hand else ndc_text(line.ndc) or "no NDC entered"
    return [
        Words(line.item, strong=True, second=f"{schedule_words(line.schedule)}, {ndc}"),
        Words(line.location, second=f"lot {line.lot_number}" if line.lot_number else ""),
        Words(found or "not counted", strong=True, second="estimated" if line.is_estimate else "exact" if found else ""),
        line.found_by,
    ]


def _log_row(line: LogLine) -> list[Text]:
    seen = f"{line.moved_by}, seen by {line.witnessed_by}" if line.witnessed_by else line.moved_by
    why = ", ".join(filter(None, (line.reference, line.because)))
    sign = "+" if line.change > 0 else ""
    return [
        Words(moment(line.moved_at), second=seen),
        Words(line.kind.value, strong=True, second=why),
        Words(line.lot_number, second=line.location),
        f"{sign}{number(line.change)}",
        Words(number(line.balance), strong=True),
    ]


def draw_loss_draft(facts: DiscrepancyRow, printing: Printing) -> bytes:
    """Draw it: what is known for the DEA Form 106, to copy from. It is not the form."""
    mark = RecordMark(f"LOSS-{facts.id.hex[-8:].upper()}", "1")
    subtitle = "to copy from: a draft, not the form"
    sheet = Sheet(title="Facts for DEA Form 106", subtitle=subtitle, record=mark, printing=printing)
    sheet.facts(
        [
            ("Drug", facts.item),
            ("NDC", ndc_text(facts.ndc)),
            ("Quantity lost", counted(abs(facts.difference), facts.unit)),
            ("Lot, place", f"{facts.lot_number}, {facts.location}"),
            ("Discovered", moment(facts.discovered_at)),
            ("Police", facts.police),
        ],
        columns=2,
    )
    sheet.heading("Circumstances")
    sheet.words(facts.circumstances)
    sheet.heading("How it was found")
    sheet.facts(
        [
            ("Balance", counted(facts.expected, facts.unit)),
            ("First count", f"{counted(facts.first_found, facts.unit)} by {facts.first_by}"),
            ("Second count", f"{counted(facts.second_found, facts.unit)} by {facts.second_by}"),
            ("Found out", facts.explanation),
        ]
    )
    sheet.heading("By when", LOSS_TERMS.source)
    sheet.facts(
        [
            ("Written notice to the DEA", facts.told or f"by {day(facts.tell_by)}"),
            ("Form 106 filed", facts.filed or f"by {day(facts.file_by)}"),
        ]
    )
    sheet.not_checked(
        [
            "Whether a loss is significant: the pharmacist in charge decides (21 CFR 1301.76(b)).",
            "The pharmacy's DEA number: it stands under Controlled drugs, Set the rules.",
            "The value of what was lost, and earlier losses.",
            "What the state wants beside the DEA.",
        ]
    )
    return sheet.pdf()

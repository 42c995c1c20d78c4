"""The papers of pumps: the label on each, its history, and the list of a recall with whom to write to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reportlab.graphics.barcode.code128 import Code128
from reportlab.platypus import Flowable, Spacer

from infusiondesk.equipment.queries import EventRow, HitRow, PumpRow, RecallRow, WholePump
from infusiondesk.equipment.rules import Stay, serves_words
from infusiondesk.foundation.kernel.ismp import counted, day, moment, money
from infusiondesk.foundation.paper import label as labels
from infusiondesk.foundation.paper.barcodes import BAR
from infusiondesk.foundation.paper.ink import Ink
from infusiondesk.foundation.paper.pieces import Column, Text, Words
from infusiondesk.foundation.paper.sheet import Sheet
from infusiondesk.foundation.paper.stationery import Printing, RecordMark, Signature, Unsigned
from infusiondesk.foundation.paper.tones import Shape

_EVENTS: Final = (Column("When", 19), Column("What", 24), Column("How", 35), Column("By", 22))
_HITS: Final = (Column("Pump", 18), Column("Where", 24), Column("Write to", 30), Column("What became of it", 28))
_BARS: Final = 16.0  # points high
_LARGE: Final = 14  # letters of a serial that fit beside each other in large type


@dataclass(frozen=True)
class PumpLabel:
    """What stands on a pump: its serial, also as bars, and when it must be back for its upkeep."""

    serial: str
    model: str
    due: tuple[str, ...]
    owner: str


@dataclass(frozen=True)
class PumpHistoryPaper:
    """One pump with everything that happened to it."""

    record: RecordMark
    pump: WholePump


@dataclass(frozen=True)
class PumpRecallPaper:
    """One recall with its pumps and the name under its closing."""

    record: RecordMark
    recall: RecallRow
    signatures: tuple[Signature | Unsigned, ...]


def pump_label(row: PumpRow) -> PumpLabel:
    """A pump as its label says it."""
    owner = f"Rented from {row.vendor}" if row.vendor and row.daily_rate is not None else ""
    return PumpLabel(row.serial, row.model.label, tuple(one.words() for one in row.duties), owner)


def pump_history(pump: WholePump) -> PumpHistoryPaper:
    """A pump as its history is printed."""
    return PumpHistoryPaper(RecordMark(f"PUMP-{_plain(pump.row.serial)}", f"{len(pump.events)}"), pump)


def pump_recall(recall: RecallRow, signatures: Sequence[Signature]) -> PumpRecallPaper:
    """A recall as its list is printed."""
    because = f"{counted(len(recall.open_hits), 'pump')} not settled yet" if recall.open_hits else "not signed yet"
    mark = RecordMark(f"PR-{_plain(recall.scope.reference)}", f"{len(recall.hits)}")
    return PumpRecallPaper(mark, recall, tuple(signatures) or (Unsigned("recall closed", because),))


def draw_pump_labels(facts: Sequence[PumpLabel], printing: Printing) -> bytes:
    """Draw the labels, 2 by 1 inch, one on each page of the roll."""
    return labels.labels_pdf([_label(one, printing) for one in facts])


def draw_pump_history(facts: PumpHistoryPaper, printing: Printing) -> bytes:
    """Draw what a pump is, where it stands, and everything that happened to it, oldest first."""
    row = facts.pump.row
    sheet = Sheet(title="Pump history", subtitle=f"{row.serial}, {row.model.label}", record=facts.record, printing=printing)
    sheet.heading("Pump", row.place.value)
    sheet.facts(pump_words(row))
    sheet.heading("What happened to it", counted(len(facts.pump.events), "event"))
    sheet.table(_EVENTS, [_event(one) for one in facts.pump.events])
    sheet.heading("With patients", counted(len(row.stays), "time"))
    sheet.points(
        [
            f"{stay.holder.patient}, MRN {stay.holder.mrn}, Rx {stay.holder.rx_number}, {stay.holder.use.value}: out "
            f"{day(stay.out_on)}, {stay_end(stay)}"
            for stay in row.stays
        ]
        or ["It was with no patient yet."]
    )
    sheet.not_checked(["What was infused with it: the visit notes of these days say so."])
    return sheet.pdf()


def draw_pump_recall(facts: PumpRecallPaper, printing: Printing) -> bytes:
    """Draw the list of a recall: every pump it hits, who has it and how to reach him, what became of it, and who closed it."""
    recall = facts.recall
    sheet = Sheet(title="Recall of pumps", subtitle=f"Notice {recall.scope.reference}", record=facts.record, printing=printing)
    sheet.heading("Notice", "closed" if recall.is_closed else "open")
    sheet.facts(
        [
            ("Names", recall.scope.words()),
            ("Entered", f"{moment(recall.opened_at)}, {recall.opened_by}"),
            ("What is wrong", recall.reason),
        ],
        columns=1,
    )
    sheet.heading("Pumps", f"{counted(len(recall.hits), 'pump')}, {len(recall.open_hits)} to settle")
    sheet.table(_HITS, [_hit(one) for one in recall.hits], empty="No pump of this notice is on file.")
    sheet.not_checked(["Pumps that were never entered here."])
    sheet.signatures(facts.signatures)
    return sheet.pdf()


def stay_end(stay: Stay) -> str:
    """How a patient's time with a pump ended, in words."""
    if stay.back_on is None:
        return "not back yet"
    how = "lost" if stay.is_lost else "went on with another order" if stay.goes_on else "back"
    return f"{how} {day(stay.back_on)}"


def pump_words(row: PumpRow) -> list[tuple[str, str]]:
    """What a pump is and what it owes, in labels and words."""
    rate = f", {money(row.daily_rate)} a day" if row.daily_rate is not None else ""
    told = [
        ("Serial", row.serial),
        ("Model", row.model.label),
        ("Where", ", ".join(filter(None, (row.place.value, row.where)))),
        ("Since", day(row.status.since)),
        ("Channels", f"{row.model.channels}"),
        ("Serves", serves_words(row.model.therapies)),
        ("Came from", f"{row.ownership.value}{f', {row.vendor}' if row.vendor else ''}{rate}"),
        ("Firmware", row.firmware),
    ]
    for one in row.duties:
        done = f", last {day(one.done_on)}" if one.done_on else ""
        told.append((one.duty.value.capitalize(), f"due {day(one.due_on)}{done}" if one.due_on else "never recorded"))
    return told


def _label(facts: PumpLabel, printing: Printing) -> labels.Label:
    made = labels.Label(
        labels.SYRINGE, record_id=facts.serial, code=_plain(facts.serial), is_demo=printing.is_demo, reprint=printing.reprint
    )
    made.head.append(
        labels.pair(Words(facts.serial, strong=True, size=11 if len(facts.serial) <= _LARGE else 7.5), Words("pump", size=7), 0.82)
    )
    made.body.append(labels.line(facts.model, 7))
    made.body += [labels.line(Words(words[:1].upper() + words[1:], strong=True), 7) for words in facts.due]
    made.foot += [_bars(facts.serial), labels.line(facts.owner or f"{printing.pharmacy.name} {printing.pharmacy.phone}", 6.25)]
    return made


def _bars(serial: str) -> labels.Piece:
    """The serial as Code 128; where the bars would be wider than the label, its Data Matrix alone says it."""

    def piece(ink: Ink, scale: float, width: float) -> Flowable:
        bars = Code128(_plain(serial), barWidth=BAR, barHeight=_BARS * scale, quiet=0)
        return bars if bars.width <= width else Spacer(1, 0)

    return piece


def _plain(text: str) -> str:
    """As a barcode can hold it."""
    return text.encode("ascii", "replace").decode()


def _event(one: EventRow) -> list[Text]:
    who = f"{one.holder.patient}, Rx {one.holder.rx_number}" if one.holder else ""
    names = [name.text() for name in one.signatures]
    shape = Shape.OCTAGON if any(not name.holds for name in one.signatures) else Shape.NONE
    return [
        moment(one.at), Words(one.kind.value, strong=True, second=who), one.words or "nothing more",
        Words(names[0] if names else one.by, shape=shape, second="signed" if names else ""),
    ]  # fmt: skip


def _hit(hit: HitRow) -> list[Text]:
    stay = hit.pump.stay
    where = Words(hit.pump.place.value, strong=True, second=stay.holder.patient if stay else hit.pump.where)
    write = Words(hit.address or "no address recorded", second=hit.phone) if hit.is_to_write else "nobody"
    done = Words(hit.outcome, shape=Shape.CHECK, second=hit.note) if hit.is_settled else Words("to settle", shape=Shape.TRIANGLE)
    return [Words(hit.pump.serial, strong=True, second=hit.pump.model.label), where, write, done]

"""The papers of pumps: the label on each, its history, a month's rental days, a recall's list and its letters to patients."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from reportlab.graphics.barcode.code128 import Code128
from reportlab.platypus import Flowable, Spacer

from infusiondesk.equipment.queries import EventRow, HitRow, PumpRow, RecallRow, RentalRow, WholePump
from infusiondesk.equipment.rules import EquipmentPolicy, RecallScope, Stay, serves_words
from infusiondesk.foundation.kernel.ismp import counted, day, moment, money, month, span
from infusiondesk.foundation.kernel.periods import Period
from infusiondesk.foundation.paper import label as labels
from infusiondesk.foundation.paper.barcodes import BAR
from infusiondesk.foundation.paper.ink import Ink
from infusiondesk.foundation.paper.pieces import Column, Text, Words
from infusiondesk.foundation.paper.sheet import Sheet
from infusiondesk.foundation.paper.stationery import PatientBlock, Printing, RecordMark, Signature, Unsigned
from infusiondesk.foundation.paper.tones import Shape

_EVENTS: Final = (Column("When", 19), Column("What", 24), Column("How", 35), Column("By", 22))
_HITS: Final = (Column("Pump", 18), Column("Where", 24), Column("Write to", 30), Column("What became of it", 28))
_RENTAL: Final = (
    Column("Patient", 32), Column("Pump", 24), Column("Days", 22), Column("Number", 9, is_number=True),
    Column("Vendor asks", 13, is_number=True),
)  # fmt: skip
_LETTER: Final = (Column("Serial on your pump", 40), Column("Model", 60))
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
class RentalPaper:
    """The rental days of a month, by patient."""

    record: RecordMark
    month: Period
    rows: tuple[RentalRow, ...]
    counted_by: str


@dataclass(frozen=True)
class RecallLetter:
    """What one patient is written about the pumps of a recall that he has, and nobody else."""

    record: RecordMark
    patient: PatientBlock
    address: tuple[str, ...]
    scope: RecallScope
    reason: str
    pumps: tuple[tuple[str, str], ...]
    written_on: date


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


def rental_paper(month: Period, rows: Sequence[RentalRow], policy: EquipmentPolicy) -> RentalPaper:
    """A month's rental days as they are printed."""
    back = "counts" if policy.counts_day_back else "does not count"
    told = f"The day on which a pump goes out counts, the day on which it comes back {back} ({policy.said_by})."
    return RentalPaper(RecordMark(f"RENT-{month.start:%Y-%m}", f"{len(rows)}"), month, tuple(rows), told)


def recall_letters(recall: RecallRow, written_on: date) -> Sequence[tuple[UUID, RecallLetter]]:
    """A letter to each patient who has pumps of a recall that are not settled, with his id."""
    by_patient: dict[UUID, list[HitRow]] = {}
    for hit in recall.hits:
        if hit.is_to_write and hit.pump.stay is not None:
            by_patient.setdefault(hit.pump.stay.holder.patient_id, []).append(hit)
    found = []
    for patient_id, hits in by_patient.items():
        first = hits[0]
        if first.pump.stay is None or first.born_on is None:
            raise AssertionError("a pump to write about is with a patient")
        who = first.pump.stay.holder
        letter = RecallLetter(
            RecordMark(f"PRL-{_plain(recall.scope.reference)}-{who.mrn}", f"{len(hits)}"),
            PatientBlock(who.patient, who.mrn, first.born_on, None), (who.patient, *first.address_lines), recall.scope,
            recall.reason, tuple((hit.pump.serial, hit.pump.model.label) for hit in hits), written_on,
        )  # fmt: skip
        found.append((patient_id, letter))
    return found


def draw_rental_days(facts: RentalPaper, printing: Printing) -> bytes:
    """Draw who had which pump on how many days of a month, with what a vendor asks for it."""
    sheet = Sheet(title="Rental days of pumps", subtitle=month(facts.month.start), record=facts.record, printing=printing)
    sheet.heading("By patient", counted(sum(len(row.days) for row in facts.rows), "day"))
    asks = [row.vendor_asks for row in facts.rows if row.vendor_asks is not None]
    days = f"{sum(len(row.days) for row in facts.rows)}"
    totals: list[list[Text]] = [["All", "", "", days, money(sum(asks, Decimal(0)))]] if asks else [["All", "", "", days, ""]]
    sheet.table(_RENTAL, [_rental(row) for row in facts.rows], totals=totals, empty="Nobody had a pump in this month.")
    sheet.words(facts.counted_by)
    sheet.not_checked(["Whether a payer pays these days.", "What a vendor charges besides his daily rate."])
    return sheet.pdf()


def draw_recall_letter(facts: RecallLetter, printing: Printing) -> bytes:
    """Draw the letter to one patient: what is called back, why, and that he calls the pharmacy before his next dose."""
    sheet = Sheet(
        title="Your pump is called back", subtitle=f"Notice {facts.scope.reference}", record=facts.record, printing=printing,
        patient=facts.patient,
    )  # fmt: skip
    for line in facts.address:
        sheet.words(line)
    sheet.words(day(facts.written_on))
    sheet.heading("What is called back")
    sheet.words(f"{facts.scope.maker} calls back pumps of the kind you have. What is wrong, as the maker says: {facts.reason}.")
    sheet.table(_LETTER, [[Words(serial, strong=True), model] for serial, model in facts.pumps])
    sheet.heading("What we ask you to do")
    phone = printing.pharmacy.after_hours_phone or printing.pharmacy.phone
    sheet.steps(
        [
            f"Call us before your next dose, at any hour: {phone}. If your pump runs now, call at once.",
            "We tell you whether to go on with this pump until you have another one.",
            "Keep the pump and everything that belongs to it until we fetch it. Do not send it to the maker.",
        ]
    )
    sheet.words(f"{printing.pharmacy.name}, {printing.pharmacy.phone}")
    return sheet.pdf()


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


def _rental(row: RentalRow) -> list[Text]:
    asks = "" if row.vendor_asks is None else money(row.vendor_asks)
    who = Words(row.patient, strong=True, second=f"MRN {row.mrn}, Rx {row.rx_number}")
    return [
        who, Words(row.serial, second=f"{row.model}, {row.use.value}"), Words(span(row.days[0], row.days[-1]), second=row.vendor),
        f"{len(row.days)}", asks,
    ]  # fmt: skip

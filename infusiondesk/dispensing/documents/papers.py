"""Packing list, pick list, route sheet and cold-chain record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from infusiondesk.dispensing.documents.ticket import pack_out_words
from infusiondesk.dispensing.queries import LineRow, PickRow, StopRow, TicketRow
from infusiondesk.dispensing.rules import RANGES, needs_shipper
from infusiondesk.foundation.kernel.ismp import counted, day, moment
from infusiondesk.foundation.paper.pieces import Column, Text, Words
from infusiondesk.foundation.paper.sheet import Sheet
from infusiondesk.foundation.paper.stationery import PatientBlock, Printing, RecordMark, Signature, Unsigned
from infusiondesk.foundation.paper.tones import Shape


@dataclass(frozen=True)
class TicketPaper:
    """A ticket with its patient and the names under it."""

    record: RecordMark
    patient: PatientBlock
    ticket: TicketRow
    signatures: tuple[Signature, ...] = ()


def packing_list(ticket: TicketRow, patient: PatientBlock) -> TicketPaper:
    """The facts of a packing list."""
    return TicketPaper(RecordMark(ticket.number, "P"), patient, ticket)


def cold_chain(ticket: TicketRow, patient: PatientBlock, *, signatures: Sequence[Signature] = ()) -> TicketPaper:
    """The facts of a cold-chain record."""
    return TicketPaper(RecordMark(ticket.number, "C"), patient, ticket, tuple(signatures))


_TO_PACK: Final = (
    Column("Packed", 9),
    Column("Item", 33),
    Column("Lot", 18),
    Column("Use before", 20),
    Column("For the dose of", 20),
)
_PICKS: Final = (Column("Patient", 24), Column("Take", 34), Column("Labels", 22), Column("Use before", 20), Column("Due", 16))
_STOPS: Final = (
    Column("Stop", 6, is_number=True),
    Column("Patient", 22),
    Column("Where", 34),
    Column("What", 20),
    Column("Left, received by", 18),
)
_COLD: Final = (Column("Bag or lot", 24), Column("What", 34), Column("Label says", 22), Column("Judged", 20))


def draw_packing_list(facts: TicketPaper, printing: Printing) -> bytes:
    """What goes into the box, with a box to tick and, where it was scanned, the mark."""
    ticket = facts.ticket
    sheet = Sheet(title="Packing list", subtitle=ticket.number, record=facts.record, printing=printing, patient=facts.patient)
    sheet.facts(
        [
            ("Deliver to", Words(ticket.deliver_to, strong=True)),
            ("Place of care", ticket.place_of_care),
            ("Deliver by", f"{day(ticket.deliver_by)} {ticket.late}".strip() if ticket.deliver_by else Words("no date is due")),
            ("Why", ticket.deliver_because or Words("nothing is due")),
            ("Shipper", pack_out_words(ticket) or Words("not chosen yet", shape=Shape.RING)),
            ("Begun", f"{moment(ticket.begun_at)}, {ticket.begun_by}"),
        ]
    )
    sheet.heading("In the box", counted(len(ticket.lines), "item"))
    sheet.table(_TO_PACK, [_to_pack(line) for line in ticket.lines], empty="Nothing is on this ticket.")
    if ticket.alarms:
        sheet.points([Words(sentence, strong=True) for sentence in ticket.alarms], shape=Shape.TRIANGLE)
    if ticket.holds:
        sheet.points([Words(sentence, strong=True) for sentence in ticket.holds], shape=Shape.OCTAGON)
    if ticket.still_needed:
        sheet.heading("Still needed", counted(len(ticket.still_needed), "kind"))
        sheet.points(ticket.still_needed, shape=Shape.RING)
    sheet.not_checked(["Supplies and pumps, unless they stand on the list."])
    if not ticket.packed_by:
        sheet.signatures([Unsigned("packed by", "signs in the window")])
    return sheet.pdf()


def _to_pack(line: LineRow) -> list[Text]:
    mark = Words("scanned", shape=Shape.CHECK) if line.is_scanned else Words("", shape=Shape.RING)
    bag = line.bag
    if bag is None:
        until = day(line.expires_on) if line.expires_on else ""
        return [mark, Words(line.what, strong=True, second=line.amount), line.mark, until, ""]
    dose = moment(line.dose_at) if line.dose_at else "no hour"
    return [
        mark,
        Words(bag.name, strong=True, second=bag.storage),
        bag.barcode,
        Words(moment(bag.beyond_use_at), strong=True),
        dose,
    ]


def draw_pick_list(rows: Sequence[PickRow], printing: Printing) -> bytes:
    """What to take from where, room temperature first, the cold last."""
    sheet = Sheet(title="Pick list", record=RecordMark("PICK", "1"), printing=printing)
    for where, own in groupby(rows, lambda row: row.where):
        lines = list(own)
        sheet.heading(where.capitalize(), counted(sum(row.bags or 1 for row in lines), "item"))
        sheet.table(_PICKS, [_pick(row) for row in lines])
    if not rows:
        sheet.words("Nothing waits to be picked.")
    sheet.not_checked(["Each bag is checked by its barcode when it is packed."])
    return sheet.pdf()


def _pick(row: PickRow) -> list[Text]:
    by_batch: dict[str, list[str]] = {}
    for batch, _, number in (barcode.rpartition("-") for barcode in row.barcodes):
        by_batch.setdefault(batch, []).append(number)
    labels = "; ".join(f"{batch}-{', '.join(numbers)}".lstrip("-") for batch, numbers in by_batch.items())
    name = Words(row.patient, strong=True, second=f"MRN {row.mrn}{f', {row.ticket}' if row.ticket else ''}")
    until = moment(row.beyond_use_at) if row.bags else day(row.beyond_use_at)  # a package is good through its last day
    return [name, Words(row.words, strong=True), labels, until, row.due]


def draw_route_sheet(stops: Sequence[StopRow], driver: str, on: date, printing: Printing) -> bytes:
    """A driver's day in his order: where, what, how it is kept, and room for a name and a signature."""
    sheet = Sheet(title="Route sheet", subtitle=f"{day(on)}, {driver}", record=RecordMark(f"R-{on:%y%m%d}", "1"), printing=printing)
    sheet.heading("Stops", counted(len(stops), "stop"))
    sheet.table(_STOPS, [_stop(row) for row in stops], empty="No stop is on this route.")
    sheet.points(
        [
            "Nothing is handed over to a box or a neighbour. A C-II goes to an adult whose identity card you saw.",
            "Controlled, hazardous and biologic drugs are never left. What is not taken comes back and is destroyed.",
        ]
    )
    warned = [f"{row.ticket.number}: {sentence}" for row in stops for sentence in row.ticket.alarms]
    if warned:
        sheet.points([Words(sentence, strong=True) for sentence in warned], shape=Shape.TRIANGLE)
    sheet.not_checked(["The way between the stops: there is no map."])
    sheet.signatures([Unsigned(f"driven by {driver}", "signature, date and time")], "Driver")
    return sheet.pdf()


def _stop(row: StopRow) -> list[Text]:
    ticket = row.ticket
    where = Words(ticket.deliver_to, strong=True, second=", ".join(part for part in (ticket.phone, row.access_notes) if part))
    items = Words(
        counted(len(ticket.lines), "item"), strong=True, second=f"{row.keep}; {ticket.number}" if row.keep else ticket.number
    )
    taken = f"{moment(ticket.received_at)}, {ticket.received_by}" if ticket.received_at else ""
    return [str(row.place or ""), Words(ticket.patient, strong=True, second=f"MRN {ticket.mrn}"), where, items, taken or Words(" ")]


def draw_cold_chain(facts: TicketPaper, printing: Printing) -> bytes:
    """What kept it cold, how warm it was on the way, and what a pharmacist judged."""
    ticket = facts.ticket
    sheet = Sheet(title="Cold-chain record", subtitle=ticket.number, record=facts.record, printing=printing, patient=facts.patient)
    sheet.facts(
        [
            (
                "Packed",
                f"{moment(ticket.packed_at)}, {ticket.packed_by}" if ticket.packed_at else Words("not yet", shape=Shape.RING),
            ),
            (
                "Shipper",
                ticket.shipper or Words(f"none validated: {ticket.no_shipper_because}" if ticket.no_shipper_because else "none"),
            ),
            ("Logger", ticket.logger_serial or Words("none")),
            ("Shipped", moment(ticket.shipped_at) if ticket.shipped_at else Words("not yet", shape=Shape.RING)),
            ("Received", moment(ticket.received_at) if ticket.received_at else Words("not yet", shape=Shape.RING)),
            (
                "On the way",
                Words(ticket.temperature, strong=True) if ticket.temperature else Words("not measured", shape=Shape.TRIANGLE),
            ),
        ]
    )
    lines = [line for line in ticket.lines if line.bag or (line.kept and needs_shipper([line.kept]))]
    sheet.heading("Bags and cold packages", ticket.things([line.id for line in lines]))
    sheet.table(_COLD, [_cold(ticket, line) for line in lines], empty="No bag and nothing cold is on this ticket.")
    if ticket.excursions:
        sheet.heading("Excursion")
        sheet.points([Words(sentence, strong=True) for sentence in ticket.excursions], shape=Shape.TRIANGLE)
    for one in ticket.judgements:
        sheet.words(f"{ticket.things(one.lines)}: {one.disposition}. {one.because}")
    if ticket.to_judge:
        sheet.words(Words("Temperature excursion: do not use until a pharmacist has judged.", strong=True, shape=Shape.OCTAGON))
    for back in ticket.returns:
        sheet.words(f"Brought back: {back.words}.")
    if ticket.destroyed:
        sheet.words(f"Destroyed {ticket.destroyed}.")
    sheet.not_checked([] if ticket.temperature else ["The temperature on the way was not measured."])
    sheet.signatures(facts.signatures)
    return sheet.pdf()


def _cold(ticket: TicketRow, line: LineRow) -> list[Text]:
    bag, kept = line.bag, line.bag.kept if line.bag else line.kept
    says = f"{bag.storage if bag else kept.words}, {RANGES[kept].words}" if kept else ""
    judged: Text = next((one.disposition for one in ticket.judgements if line.id in one.lines), "") or Words("nothing to judge")
    if line.id in ticket.to_judge:
        judged = Words("do not use", shape=Shape.OCTAGON, strong=True)
    return [Words(line.mark, strong=True), line.what if bag else f"{line.what}, {line.amount}", says, judged]

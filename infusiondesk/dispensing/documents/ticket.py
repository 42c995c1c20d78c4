"""The delivery ticket and proof of delivery: what left, how it must be kept, where it went, who signed for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final

from reportlab.platypus import Image

from infusiondesk.dispensing.queries import LineRow, TicketRow
from infusiondesk.foundation.kernel.ismp import counted, day, moment
from infusiondesk.foundation.paper.pieces import Column, Text, Words
from infusiondesk.foundation.paper.sheet import Sheet
from infusiondesk.foundation.paper.stationery import PatientBlock, Printing, RecordMark, Signature, Unsigned
from infusiondesk.foundation.paper.tones import Shape, Tone


@dataclass(frozen=True)
class DeliveryItem:
    """One thing in the box: a compounded preparation has a beyond-use date, a manufactured one an expiry."""

    description: str
    rx_number: str
    quantity: str
    lot: str
    storage: str
    beyond_use_at: datetime | None = None
    expires_on: date | None = None
    is_supply: bool = False


@dataclass(frozen=True)
class DeliveryConfirmation:
    """Who took it, in what relation to the patient, when, and how it looked."""

    name: str
    relation: str
    at: datetime
    condition: str
    temperature: str = ""
    entered: str = ""
    identity: str = ""


@dataclass(frozen=True)
class DeliveryTicket:
    """One delivery."""

    record: RecordMark
    patient: PatientBlock
    deliver_to: str
    place_of_care: str
    telephone: str
    window: str
    carrier: str
    packed_at: datetime | None
    packed_by: str
    packout: str
    items: tuple[DeliveryItem, ...]
    instructions: tuple[str, ...]
    confirmation: DeliveryConfirmation | None
    not_checked: tuple[str, ...]
    signatures: tuple[Signature | Unsigned, ...] = ()
    shipped: str = ""
    supply: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    picture: bytes = b""


def delivery_ticket(
    row: TicketRow, patient: PatientBlock, *, signatures: Sequence[Signature] = (), picture: bytes = b""
) -> DeliveryTicket:
    """A ticket as it is printed: every item, how it travelled, and, once it is there, its proof."""
    received = None
    if row.received_at is not None:
        entered = f"{moment(row.entered_at)}, {row.entered_by}" if row.entered_at else ""
        zone = f" (device in {row.device_zone})" if row.device_zone else ""
        received = DeliveryConfirmation(
            row.received_by, row.relation, row.received_at, row.condition, row.temperature, f"{entered}{zone}", row.adult_id
        )
    shipped = ""
    if row.shipped_at is not None:
        shipped = ", ".join(part for part in (moment(row.shipped_at), row.method or "", row.carrier, row.tracking) if part)
    return DeliveryTicket(
        record=RecordMark(row.number, "1"),
        patient=patient,
        deliver_to=row.deliver_to,
        place_of_care=row.place_of_care,
        telephone=row.phone,
        window=f"by {day(row.deliver_by)}{f', {row.late}' if row.late else ''}" if row.deliver_by else "",
        carrier=" ".join(part for part in (row.carrier, row.tracking) if part) or (row.method or ""),
        packed_at=row.packed_at,
        packed_by=row.packed_by,
        packout=pack_out_words(row),
        items=tuple(_line(line) for line in row.lines),
        instructions=tuple(sorted({f"Keep: {bag.storage}." for bag in row.bags})),
        confirmation=received,
        not_checked=_not_checked(row),
        signatures=tuple(signatures),
        shipped=shipped,
        supply=tuple(_supply(one) for one in row.supply),
        warnings=(
            *row.alarms,
            *row.excursions,
            *(f"Brought back: {back.words}." for back in row.returns),
            *(f"The proof lacks {gap}." for gap in row.proof_gaps),
        ),
        files=tuple((file.kind.capitalize(), f"{file.name}, SHA-256 {file.sha256}") for file in row.files),
        picture=picture,
    )


def _warnings(row: TicketRow) -> tuple[str, ...]:
    backs = (f"Brought back: {back.words}." for back in row.returns)
    return (*row.alarms, *row.excursions, *backs, *(f"The proof lacks {gap}." for gap in row.proof_gaps))


def pack_out_words(row: TicketRow) -> str:
    """The shipper and its logger; without a validated one the reason."""
    named = row.shipper or (f"no validated shipper: {row.no_shipper_because}" if row.no_shipper_because else "")
    alone = f"without back-up pump: {row.no_backup_because}" if row.no_backup_because else ""
    logger = f"logger {row.logger_serial}" if row.logger_serial else ""
    return ", ".join(part for part in (named, logger, alone) if part)


def _line(line: LineRow) -> DeliveryItem:
    if line.bag is None:
        kept = line.kept.words if line.kept else ""
        return DeliveryItem(line.what, "", line.amount, line.mark, kept, expires_on=line.expires_on, is_supply=True)
    bag = line.bag
    return DeliveryItem(bag.name, str(bag.order.rx_number), line.amount, bag.barcode, bag.storage, bag.beyond_use_at)


def _supply(one: Mapping[str, Any]) -> str:
    until = f", runs out {day(date.fromisoformat(one['run_out']))}" if one["run_out"] else ", to the end of the order"
    then = f"; the next delivery by {day(date.fromisoformat(one['deliver_by']))}" if one["deliver_by"] else ""
    return f"Rx {one['rx']}, {one['drug']}: {counted(one['days'], 'day')}{until}{then}."


def _not_checked(row: TicketRow) -> tuple[str, ...]:
    found = [] if row.temperature else ["The temperature on the way was not measured."]
    if typed := [line.mark for line in row.lines if line.was_typed]:
        found.append(f"Typed by hand and not scanned: {', '.join(typed)}.")
    return tuple(found)


_SIGNATURE_WIDE: Final = 190.0
_ITEMS = (
    Column("Item", 34),
    Column("Quantity", 13, is_number=True),
    Column("Lot", 15),
    Column("Use before", 18),
    Column("Keep", 22),
)
_NOT_RECORDED = Words("not recorded", shape=Shape.TRIANGLE)
_NONE = Words("none", tone=Tone.LABEL)


def draw_delivery_ticket(facts: DeliveryTicket, printing: Printing) -> bytes:
    """Draw the ticket; without a confirmation it says that there is none yet and leaves the lines for one."""
    sheet = Sheet(title="Delivery ticket", subtitle=facts.window, record=facts.record, printing=printing, patient=facts.patient)
    sheet.facts(
        [
            ("Deliver to", Words(facts.deliver_to, strong=True)),
            ("Place of care", facts.place_of_care),
            ("Telephone", facts.telephone),
            ("Delivery window", facts.window),
            ("Shipped", facts.shipped or facts.carrier),
            ("Packed", f"{moment(facts.packed_at)}, {facts.packed_by}" if facts.packed_at else Words("not yet", shape=Shape.RING)),
            ("Packing", facts.packout),
        ]
    )
    sheet.heading("In the box", f"{len(facts.items)} {'item' if len(facts.items) == 1 else 'items'}")
    sheet.table(_ITEMS, [_item(one) for one in facts.items], empty="Nothing is packed.")
    if facts.supply:
        sheet.points(facts.supply)
    if facts.warnings:
        sheet.points([Words(sentence, strong=True) for sentence in facts.warnings], shape=Shape.TRIANGLE)
    if facts.instructions:
        sheet.heading("On arrival")
        sheet.points(facts.instructions)
    sheet.heading("Confirmation")
    if facts.confirmation is None:
        sheet.words(Words("No confirmation yet.", strong=True, shape=Shape.TRIANGLE))
        sheet.signatures([Unsigned("received by, name and relation", "signature"), Unsigned("date and time", "")], "On delivery")
    else:
        sheet.facts(
            [
                ("Received by", Words(facts.confirmation.name, strong=True, shape=Shape.CHECK, tone=Tone.INK)),
                ("Relation", facts.confirmation.relation),
                ("When", Words(moment(facts.confirmation.at), strong=True)),
                ("Condition", facts.confirmation.condition),
                ("Temperature", facts.confirmation.temperature),
                *((("Entered", facts.confirmation.entered),) if facts.confirmation.entered else ()),
                *((("Identity seen", facts.confirmation.identity),) if facts.confirmation.identity else ()),
            ]
        )
        if facts.picture:
            sheet.draw(lambda ink: [signed_picture(facts.picture)])
        if facts.files:
            sheet.facts([(kind, words) for kind, words in facts.files], columns=1)
    sheet.not_checked(facts.not_checked)
    sheet.signatures(facts.signatures)
    return sheet.pdf()


def signed_picture(png: bytes) -> Image:
    """The signature as it was drawn, at the left."""
    image = Image(BytesIO(png), hAlign="LEFT")
    image.drawWidth, image.drawHeight = _SIGNATURE_WIDE, _SIGNATURE_WIDE * image.imageHeight / image.imageWidth
    return image


def _item(one: DeliveryItem) -> list[Text]:
    missing = _NONE if one.is_supply else _NOT_RECORDED
    if one.beyond_use_at:
        until = Words(moment(one.beyond_use_at), strong=True, second="beyond-use date")
    elif one.expires_on:
        until = Words(day(one.expires_on), second="expiry")
    else:
        until = missing
    name = Words(one.description, strong=True, second=f"Rx {one.rx_number}" if one.rx_number else "")
    return [name, Words(one.quantity, strong=True), one.lot or missing, until, one.storage]

"""The delivery ticket: what left the pharmacy, how it must be kept, where it went, and who confirmed it."""

from dataclasses import dataclass
from datetime import date, datetime

from infusiondesk.dispensing.queries import TicketRow
from infusiondesk.foundation.kernel.ismp import day, moment
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


def delivery_ticket(row: TicketRow, patient: PatientBlock) -> DeliveryTicket:
    """A ticket as it is printed: every bag with its batch, its beyond-use date and how it is kept."""
    items = tuple(
        DeliveryItem(bag.name, str(bag.order.rx_number), "1 bag", bag.batch_number, bag.storage, bag.beyond_use_at)
        for bag in row.bags
    )
    received = None
    if row.received_at is not None:
        received = DeliveryConfirmation(row.received_by, row.relation, row.received_at, row.condition)
    return DeliveryTicket(
        record=RecordMark(row.number, "1"),
        patient=patient,
        deliver_to=row.deliver_to,
        place_of_care=row.place_of_care,
        telephone=row.phone,
        window="",
        carrier="",
        packed_at=row.packed_at,
        packed_by=row.packed_by,
        packout="",
        items=items,
        instructions=tuple(sorted({f"Keep: {bag.storage}." for bag in row.bags})),
        confirmation=received,
        not_checked=("The temperature on the way was not measured.", "Supplies are not on this ticket."),
    )


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
            ("Carrier", facts.carrier),
            ("Packed", f"{moment(facts.packed_at)}, {facts.packed_by}" if facts.packed_at else Words("not yet", shape=Shape.RING)),
            ("Packing", facts.packout),
        ]
    )
    sheet.heading("In the box", f"{len(facts.items)} {'item' if len(facts.items) == 1 else 'items'}")
    sheet.table(_ITEMS, [_item(one) for one in facts.items], empty="Nothing is packed.")
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
            ]
        )
    sheet.not_checked(facts.not_checked)
    sheet.signatures(facts.signatures)
    return sheet.pdf()


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

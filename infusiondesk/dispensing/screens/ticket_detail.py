"""What a delivery looks like beside the list: where it goes, what is in it, what proves it; and its papers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtWidgets import QFileDialog, QWidget

from infusiondesk.compounding.queries import BagRow
from infusiondesk.dispensing import queries
from infusiondesk.dispensing.documents import (
    cold_chain,
    delivery_ticket,
    draw_cold_chain,
    draw_delivery_ticket,
    draw_packing_list,
    packing_list,
)
from infusiondesk.dispensing.queries import FileRow, TicketRow, ToSendRow
from infusiondesk.dispensing.rules import KeptFile, State, Work
from infusiondesk.dispensing.rules.proof import LARGEST_FILE
from infusiondesk.foundation.kernel.ismp import counted, day, moment
from infusiondesk.foundation.kernel.outcomes import Unavailable
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.paper.stationery import PatientBlock, Printing, Signature
from infusiondesk.foundation.qtkit.parts.alert import AlertInline
from infusiondesk.foundation.qtkit.parts.arrange import Item
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.patients.queries.paper import patient_block
from infusiondesk.staff.queries import paper_signatures, printing_of

TO_SEND, STAYS = "to send", "stays here"
TONES: dict[str, Tone] = {
    TO_SEND: "due",
    STAYS: "danger",
    State.PACKING.value: "due",
    State.PACKED.value: "accent",
    State.ON_THE_ROAD.value: "accent",
    State.LEFT.value: "due",
    State.CONFIRMED.value: "done",
    State.REFUSED.value: "danger",
    State.RETURNED.value: "danger",
    State.CANCELLED.value: "neutral",
}
FILES = "Scanned papers and photos (*.pdf *.png *.jpg *.jpeg);;All files (*)"
LOGS = "Logger files (*.csv *.txt);;All files (*)"


@dataclass(frozen=True)
class DeliveryRow:
    """A patient with bags to send, or a ticket."""

    id: UUID
    state: str
    group: str
    patient_id: UUID
    patient: str
    mrn: str
    number: str
    bags: tuple[BagRow, ...]
    due: date | None
    late: str
    ticket: TicketRow | None
    waiting: ToSendRow | None = None

    @property
    def what(self) -> str:
        names = [bag.name for bag in self.bags] or [line.what for line in (self.ticket.lines if self.ticket else ())]
        return "; ".join(sorted(set(names))) or (self.ticket.deliver_because if self.ticket else "")

    @property
    def items(self) -> int:
        return len(self.ticket.lines) if self.ticket else len(self.bags)

    @property
    def first_use_before(self) -> datetime | None:
        return min((bag.beyond_use_at for bag in self.bags), default=None)


CALL, SEND, PACKING, PACKED, ROAD, LEFT, JUDGE, DESTROY = (
    "Something changed: act now",
    "Released, to send",
    "Being packed",
    "Packed",
    "On the road",
    "Left, to confirm",
    "Temperature, a pharmacist judges",
    "To destroy",
)
GROUPS = (CALL, JUDGE, PACKING, SEND, PACKED, ROAD, LEFT, DESTROY)
_BY_STATE = {State.PACKING: PACKING, State.PACKED: PACKED, State.ON_THE_ROAD: ROAD, State.LEFT: LEFT}


def ticket_row(ticket: TicketRow) -> DeliveryRow:
    """A ticket as the lists show it."""
    group = _BY_STATE.get(ticket.state, JUDGE if ticket.work is Work.JUDGE else DESTROY)
    return DeliveryRow(
        ticket.id,
        ticket.state.value,
        CALL if ticket.alarms else group,
        ticket.patient_id,
        ticket.patient,
        ticket.mrn,
        ticket.number,
        ticket.bags,
        ticket.deliver_by,
        ticket.late,
        ticket,
    )


def waiting_row(row: ToSendRow) -> DeliveryRow:
    """A patient to send as the list shows him."""
    due = row.due.deliver_by if row.due else None
    stays = row.obstacle or not row.fit
    return DeliveryRow(
        row.id, STAYS if stays else TO_SEND, SEND, row.id, row.patient, row.mrn, "", row.bags, due, row.late, None, row
    )


def delivery_items(row: DeliveryRow) -> list[Item]:
    """The detail of a delivery: what speaks against it, where to, what, and who received it."""
    items: list[Item] = [Pill(row.state.capitalize(), TONES[row.state]), Text(row.patient, 20, 600)]
    if row.ticket is not None:
        items += list(_ticket_items(row.ticket))
    if row.waiting is not None:
        items += list(_waiting_items(row.waiting))
    return [*items, *bag_lines(row.bags), *(_other_lines(row.ticket) if row.ticket else ())]


def _waiting_items(row: ToSendRow) -> Iterator[Item]:
    if row.obstacle:
        yield AlertInline("Nothing may be sent", row.obstacle)
    facts = [Fact("MRN", row.mrn)]
    if row.due is not None:
        facts += [
            Fact("Deliver by", f"{day(row.due.deliver_by)}{f', {row.late}' if row.late else ''}", "danger" if row.late else None),
            Fact("Runs out", day(row.due.run_out)),
            Fact("Why", row.due.because),
        ]
    else:
        facts.append(Fact("Deliver by", "nothing is due: every dose of the order is supplied"))
    yield FactList(facts)
    alike: dict[str, list[str]] = {}
    for sentence in row.cannot:  # "Bag B-2611-0033-05 is good until …": what is the same of several bags is said once
        alike.setdefault(sentence.split(" ", 2)[-1], []).append(sentence)
    for told in alike.values():
        more = f" The same holds for {counted(len(told) - 1, 'more bag')}." if len(told) > 1 else ""
        yield Text(told[0] + more, 13, ink="danger", wraps=True)


def _ticket_items(ticket: TicketRow) -> Iterator[Item]:
    for sentence in ticket.alarms:
        on_road = ticket.state in (State.ON_THE_ROAD, State.LEFT)
        yield AlertInline("Call the driver now" if on_road else "It may not leave", sentence)
    for sentence in ticket.holds if ticket.state is State.PACKED else ():
        yield AlertInline("A supply is held back", sentence, tone="due")
    if ticket.work is Work.DESTROY:
        gone = (f"{line.many(many)} {line.mark}" for line in ticket.lines if (many := ticket.to_destroy.get(line.id)))
        yield AlertInline("To destroy", f"{ticket.destroy_because}. {', '.join(gone)}.", tone="due")
    for sentence in ticket.excursions:
        yield AlertInline("Temperature excursion: do not use until a pharmacist has judged" if ticket.to_judge else
                          "Temperature excursion, judged", sentence, tone="danger" if ticket.to_judge else "due")  # fmt: skip
    facts = [
        Fact("Ticket", ticket.number),
        Fact("Deliver to", ticket.deliver_to),
        Fact("Place of care", ticket.place_of_care),
    ]
    if ticket.deliver_by is None and ticket.deliver_because:
        facts.append(Fact("For", ticket.deliver_because))
    if ticket.deliver_by is not None:
        words = f"{day(ticket.deliver_by)}{f', {ticket.late}' if ticket.late else ''}"
        facts += [Fact("Deliver by", words, "danger" if ticket.late else None), Fact("Why", ticket.deliver_because)]
    for one in ticket.supply:
        until = f"next by {day(date.fromisoformat(one['deliver_by']))}" if one["deliver_by"] else "to the end of the order"
        runs_out = f", runs out {day(date.fromisoformat(one['run_out']))}" if one["run_out"] else ""
        facts.append(Fact(f"Rx {one['rx']}", f"{counted(one['days'], 'day')} of {one['drug']}{runs_out}, {until}"))
    facts += list(_story(ticket))
    yield FactList(facts)
    if ticket.received_at is None and ticket.state is not State.PACKING:
        yield Text("Not confirmed: none of its drugs can be billed.", 13, ink="due", wraps=True)
    if ticket.proof_gaps:
        yield Text(f"The proof lacks {', '.join(ticket.proof_gaps)}.", 13, ink="due", wraps=True)


def _packing(ticket: TicketRow) -> Iterator[Fact]:
    if ticket.packed_at is not None:
        yield Fact("Packed", f"{moment(ticket.packed_at)}, {ticket.packed_by}")
        yield Fact(
            "Shipper", ticket.shipper or (f"none validated: {ticket.no_shipper_because}" if ticket.no_shipper_because else "none")
        )
        if ticket.no_backup_because:
            yield Fact("No back-up pump", ticket.no_backup_because, "due")
        if ticket.logger_serial:
            yield Fact("Logger", ticket.logger_serial)


def _story(ticket: TicketRow) -> Iterator[Fact]:
    yield from _packing(ticket)
    if ticket.shipped_at is not None:
        how = ", ".join(part for part in (ticket.method or "", ticket.carrier, ticket.tracking) if part)
        yield Fact("Shipped", f"{moment(ticket.shipped_at)}, {how}")
    if ticket.route:
        yield Fact("Route", ticket.route)
    for call in ticket.calls:
        yield Fact("Called", f"{moment(call.at)}, {call.spoke_with}: {call.agreed}")
    if ticket.left:
        yield Fact("Left", ticket.left)
    if ticket.received_at is not None and ticket.entered_at is not None:
        yield Fact("Received", f"{moment(ticket.received_at)}, {ticket.received_by} ({ticket.relation}), {ticket.condition}")
        yield Fact("Entered", f"{moment(ticket.entered_at)}, {ticket.entered_by}")
        if ticket.temperature:
            yield Fact("On the way", ticket.temperature)
        if ticket.adult_id:
            yield Fact("Identity seen", ticket.adult_id)
    for file in ticket.files:
        yield Fact(file.kind.capitalize(), f"{file.name}, SHA-256 {file.sha256[:12].upper()}")
    for one in ticket.judgements:
        who = one.names[0].text() if one.names else ""
        yield Fact("Judged", f"{ticket.things(one.lines)}: {one.disposition}. {one.because} {who}")
    for back in ticket.returns:
        yield Fact("Brought back", f"{back.words} (entered by {back.by})", "due")
    if ticket.reason:
        yield Fact("Reason", ticket.reason)
    if ticket.destroyed:
        yield Fact("Destroyed", ticket.destroyed)


def _other_lines(ticket: TicketRow) -> Iterator[Item]:
    """Units of lots and pumps, one after the other."""
    for line in ticket.lines:
        if line.bag is None:
            yield Text(f"{line.amount}, {line.what}", 13, 600, wraps=True)
            until = f", good to {day(line.expires_on)}" if line.expires_on else ""
            yield Text(f"{line.mark if line.serial else f'lot {line.mark}'}{until}", 12, ink="ink2", wraps=True)


def bag_lines(bags: Sequence[BagRow]) -> Iterator[Item]:
    """Bags that are alike once, with the number of each: B-2611-0028-01, 02, 03."""
    alike: dict[tuple[str, datetime, str], list[str]] = {}
    for bag in bags:
        batch, _, number = bag.barcode.rpartition("-")
        alike.setdefault((bag.name, bag.beyond_use_at, batch), []).append(number)
    for (name, before, batch), numbers in alike.items():
        count = counted(len(numbers), "bag")
        yield Text(f"{count}, {name}", 13, 600, wraps=True)
        yield Text(f"Use before {moment(before)}", 13, wraps=True)
        yield Text(f"{batch}-{', '.join(numbers)}" if batch else ", ".join(numbers), 12, ink="ink2", wraps=True)


# Papers ---------------------------------------------------------------------------------------------------------------


def _print(screen: Screen, ticket: TicketRow, title: str, draw: object, facts: object) -> None:
    """Ask for the patient and the pharmacy, draw, and hand the paper to the viewer."""

    def show(pdf: bytes) -> None:
        name = f"{title.lower().replace(' ', '-')}-{ticket.number}.pdf"
        screen.paper_ready.emit(PaperShown(title, pdf, name, "ticket", ticket.id, ticket.patient_id, Area.DISPENSING))

    def with_printing(block: PatientBlock, printing: Printing) -> None:
        assert callable(draw)
        assert callable(facts)
        paper = facts(block)
        screen.desk.draw(screen, lambda: draw(paper, printing), show)

    def with_block(block: PatientBlock) -> None:
        screen.desk.ask(screen, printing_of, partial(with_printing, block))

    screen.desk.ask(screen, patient_block, with_block, patient_id=ticket.patient_id)


def print_ticket(screen: Screen, ticket: TicketRow) -> None:
    """The ticket, with the signature that was drawn on it if there is one."""
    picture = next((file for file in ticket.files if file.kind == "signature"), None)
    if picture is None:
        _print(screen, ticket, "Delivery ticket", draw_delivery_ticket, lambda block: _ticket_paper(screen, ticket, block, b""))
        return

    def with_picture(found: tuple[FileRow, bytes]) -> None:
        _print(
            screen, ticket, "Delivery ticket", draw_delivery_ticket, lambda block: _ticket_paper(screen, ticket, block, found[1])
        )  # fmt: skip

    screen.desk.ask(screen, queries.file_content, with_picture, file_id=picture.id)


def _ticket_paper(screen: Screen, ticket: TicketRow, block: PatientBlock, picture: bytes) -> object:
    return delivery_ticket(ticket, block, signatures=_names(screen, ticket), picture=picture)


def _names(screen: Screen, ticket: TicketRow) -> tuple[Signature, ...]:
    zone = screen.desk.store.clock.zone
    judged = [name for one in ticket.judgements for name in one.names]
    return tuple(paper_signatures([*ticket.names, *judged], zone))


def print_packing_list(screen: Screen, ticket: TicketRow) -> None:
    """The list to pack by."""
    _print(screen, ticket, "Packing list", draw_packing_list, partial(packing_list, ticket))


def print_cold_chain(screen: Screen, ticket: TicketRow) -> None:
    """What kept it cold, and how warm it was."""
    _print(
        screen,
        ticket,
        "Cold-chain record",
        draw_cold_chain,
        lambda block: cold_chain(ticket, block, signatures=_names(screen, ticket)),
    )


# Files ----------------------------------------------------------------------------------------------------------------


def choose_file(parent: QWidget, title: str, kinds: str) -> Path | None:
    """Which file? Qt's own dialog: it looks the same everywhere and takes a typed name."""
    dialog = QFileDialog(parent, title, "", kinds)
    dialog.setObjectName("choose-proof")
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    chosen = dialog.selectedFiles() if dialog.exec() else []
    dialog.deleteLater()
    return Path(chosen[0]) if chosen else None


def read_file(path: Path) -> KeptFile:
    """The file's bytes, no more than a proof may have and one, so that a larger one is told as such."""
    try:
        with path.open("rb") as file:
            return KeptFile(path.name, file.read(LARGEST_FILE + 1))
    except OSError as error:
        raise Unavailable(f"{path.name} cannot be read: {error.strerror or 'unknown reason'}.") from error

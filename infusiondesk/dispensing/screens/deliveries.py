"""Deliveries: released bags to send, tickets packed and on the road; packed, shipped and confirmed here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.compounding.queries import BagRow
from infusiondesk.dispensing import queries, service
from infusiondesk.dispensing.documents import delivery_ticket, draw_delivery_ticket
from infusiondesk.dispensing.queries import TicketRow, ToSendRow
from infusiondesk.dispensing.rules import ConfirmationDraft, State
from infusiondesk.foundation.kernel.ismp import counted, moment
from infusiondesk.foundation.kernel.people import Area, Verb
from infusiondesk.foundation.paper.stationery import PatientBlock, Printing
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import DateTimeField, Field, TextField
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Item, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.patients.queries.paper import patient_block
from infusiondesk.staff.queries import printing_of

GROUPS = {"to send": "Released, to send", State.PACKED.value: "Packed", State.ON_THE_ROAD.value: "On the road"}
TONES: dict[str, Tone] = {
    "to send": "due",
    State.PACKED.value: "accent",
    State.ON_THE_ROAD.value: "accent",
    State.CONFIRMED.value: "done",
    State.REFUSED.value: "danger",
    State.RETURNED.value: "danger",
    State.CANCELLED.value: "neutral",
}


@dataclass(frozen=True)
class DeliveryRow:
    """A patient with bags to send, or a ticket."""

    id: UUID
    state: str
    patient_id: UUID
    patient: str
    mrn: str
    number: str
    bags: tuple[BagRow, ...]
    ticket: TicketRow | None

    @property
    def what(self) -> str:
        return "; ".join(sorted({bag.name for bag in self.bags}))


COLUMNS: Sequence[Column[DeliveryRow]] = (
    Column("Patient", lambda row: row.patient, second=lambda row: row.mrn, strong=True, stretch=1),
    Column("What", lambda row: row.what, wraps=True, stretch=2),
    Column("Bags", lambda row: str(len(row.bags)), sort=lambda row: len(row.bags), right=True, width=60),
    Column("Use before", lambda row: moment(row.bags[0].beyond_use_at), sort=lambda row: row.bags[0].beyond_use_at, width=150),
    Column("State", lambda row: row.state, second=lambda row: row.number, tone=lambda row: TONES[row.state], shape=True, width=120),
)


def confirmation_fields(zone: ZoneInfo) -> list[Field | str]:
    """What a confirmation asks for."""
    return [
        TextField("received_by", "Received by", required=True),
        TextField("relation", "Relation to the patient", required=True, hint="patient, wife, aide"),
        DateTimeField("received_at", "Received", zone=zone, required=True),
        TextField("condition", "Condition on arrival", required=True, hint="cold, intact"),
    ]


class DeliveriesScreen(Screen):
    """What must leave, what is under way."""

    stale_on = frozenset({Area.DISPENSING, Area.COMPOUNDING})

    def __init__(self, desk: Desk, pack: Verb[Any, ..., UUID] = service.prepare_ticket) -> None:
        super().__init__(desk)
        self._pack = pack
        self._waiting: Sequence[ToSendRow] = ()
        self.page = ListDetail("Deliveries", "released bags to send, tickets under way")
        self.table: RowsTable[DeliveryRow] = RowsTable(
            COLUMNS,
            name="Deliveries",
            group=lambda row: GROUPS[row.state],
            empty=EmptyState("truck", "Nothing to deliver", "Bags wait here as soon as a pharmacist has released them."),
        )
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Ctrl+P", "print the ticket")])
        self.table.chosen_changed.connect(self._show)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, queries.bags_to_send, self._take_waiting)

    def open_editor(self, name: str) -> None:
        row = self.table.chosen()
        if name == "confirmation" and row is not None and row.ticket is not None:
            self.confirm(row.ticket)

    def confirm(self, ticket: TicketRow) -> None:
        editor = self.begin(
            Editor(
                self.desk,
                "confirmation",
                f"Confirm {ticket.number}",
                confirmation_fields(self.desk.store.clock.zone),
                ConfirmationDraft(),
                service.confirm_delivery,
                given=lambda draft: {"ticket_id": ticket.id, "draft": draft},
                said="Confirmed. Its drugs may be billed.",
                save="Confirm delivery",
            )
        )
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._show(self.table.chosen()))
        editor.cancelled.connect(lambda: self._show(self.table.chosen()))

    def _take_waiting(self, rows: Sequence[ToSendRow]) -> None:
        self._waiting = rows
        self.desk.ask(self, queries.open_tickets, self._show_rows)

    def _show_rows(self, tickets: Sequence[TicketRow]) -> None:
        waiting = [DeliveryRow(row.id, "to send", row.id, row.patient, row.mrn, "", row.bags, None) for row in self._waiting]
        by_state = {
            state: [ticket_row(one) for one in tickets if one.state is state] for state in (State.PACKED, State.ON_THE_ROAD)
        }
        self.table.show_rows([*waiting, *by_state[State.PACKED], *by_state[State.ON_THE_ROAD]])
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show(self.table.chosen())

    def _show(self, row: DeliveryRow | None) -> None:
        if self.editor is not None:
            return
        if row is None:
            self.page.show_detail(None)
            return
        self.page.show_detail(holding(down(*delivery_items(row), STRETCH, gap=10)), *self._buttons(row))

    def _buttons(self, row: DeliveryRow) -> list[Button]:
        if row.ticket is None:
            given = {"patient_id": row.patient_id, "bag_ids": [bag.id for bag in row.bags]}
            return [self._button("Pack delivery", self._pack, "Packed.", "primary", given, icon="package")]
        given = {"ticket_id": row.ticket.id}
        paper = Button("Print ticket", icon="printer", key="Ctrl+P")
        paper.clicked.connect(partial(print_ticket, self, row.ticket))
        if row.ticket.state is State.PACKED:
            return [
                self._button("Ship", service.ship_ticket, "On the road.", "primary", given, icon="truck"),
                paper,
                self._button(
                    "Cancel ticket", service.cancel_ticket, "Cancelled; its bags may be packed again.", "secondary", given
                ),
            ]
        confirm = Button("Confirm delivery", "primary", icon="check", key="Ctrl+Return")
        confirm.clicked.connect(partial(self.confirm, row.ticket))
        if sentence := self.desk.refusal(service.confirm_delivery.permission):
            confirm.forbid(sentence)
        return [confirm, paper, self._button("Record refused", service.refuse_delivery, "Recorded as refused.", "secondary", given)]

    def _button(self, words: str, verb: Any, said: str, kind: Any, given: dict[str, Any], *, icon: str = "") -> Button:
        button = Button(words, kind, icon=icon)
        button.clicked.connect(lambda: self.desk.do(self, verb, said=said, **given))
        if sentence := self.desk.refusal(verb.permission):
            button.forbid(sentence)
        return button


class DeliveryHistoryScreen(Screen):
    """Chart, Delivery history: all tickets of the open patient."""

    stale_on = frozenset({Area.DISPENSING})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.page = ListDetail("Delivery history")
        self.table: RowsTable[DeliveryRow] = RowsTable(
            COLUMNS[1:],  # the patient stands in the banner
            name="Delivery history",
            empty=EmptyState("truck", "Nothing was delivered yet", "Every delivery will be listed here."),
        )
        self.page.set_list(self.table)
        self.table.chosen_changed.connect(self._show)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        if self.patient_id is not None:
            self.desk.ask(self, queries.tickets_of, self._show_rows, patient_id=self.patient_id)

    def _show_rows(self, rows: Sequence[TicketRow]) -> None:
        self.table.show_rows([ticket_row(row) for row in rows])
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show(self.table.chosen())

    def _show(self, row: DeliveryRow | None) -> None:
        if row is None or row.ticket is None:
            self.page.show_detail(None)
            return
        paper = Button("Print ticket", "primary", icon="printer", key="Ctrl+P")
        paper.clicked.connect(partial(print_ticket, self, row.ticket))
        self.page.show_detail(holding(down(*delivery_items(row), STRETCH, gap=10)), paper)


def ticket_row(ticket: TicketRow) -> DeliveryRow:
    """A ticket as the lists show it."""
    return DeliveryRow(
        ticket.id, ticket.state.value, ticket.patient_id, ticket.patient, ticket.mrn, ticket.number, ticket.bags, ticket
    )


def delivery_items(row: DeliveryRow) -> list[Item]:
    """The detail of a delivery: where to, what, and who received it."""
    items: list[Item] = [Pill(row.state.capitalize(), TONES[row.state]), Text(row.patient, 20, 600)]
    if row.ticket is not None:
        ticket = row.ticket
        facts = [
            Fact("Ticket", ticket.number),
            Fact("Deliver to", ticket.deliver_to),
            Fact("Place of care", ticket.place_of_care),
            Fact("Packed", f"{moment(ticket.packed_at)}, {ticket.packed_by}"),
        ]
        if ticket.shipped_at is not None:
            facts.append(Fact("Shipped", moment(ticket.shipped_at)))
        if ticket.received_at is not None:
            facts.append(
                Fact("Received", f"{moment(ticket.received_at)}, {ticket.received_by} ({ticket.relation}), {ticket.condition}")
            )
        if ticket.reason:
            facts.append(Fact("Reason", ticket.reason))
        items.append(FactList(facts))
        if ticket.received_at is None:
            items.append(Text("Not confirmed: none of its drugs can be billed.", 13, ink="due", wraps=True))
    return [*items, *_bag_lines(row.bags)]


def _bag_lines(bags: Sequence[BagRow]) -> Iterator[Item]:
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


def print_ticket(screen: Screen, ticket: TicketRow) -> None:
    """Draw a ticket and hand it to the viewer."""

    def draw(block: PatientBlock, printing: Printing) -> None:
        facts = delivery_ticket(ticket, block)
        screen.desk.draw(screen, partial(draw_delivery_ticket, facts, printing), show)

    def show(pdf: bytes) -> None:
        name = f"ticket-{ticket.number}.pdf"
        screen.paper_ready.emit(PaperShown("Delivery ticket", pdf, name, "ticket", ticket.id, ticket.patient_id, Area.DISPENSING))

    def ask_printing(block: PatientBlock) -> None:
        screen.desk.ask(screen, printing_of, partial(draw, block))

    screen.desk.ask(screen, patient_block, ask_printing, patient_id=ticket.patient_id)

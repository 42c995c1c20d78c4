"""Deliveries: released bags to send, tickets on the packing table, packed, on the road, and what came back."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import shiboken6
from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.dispensing import queries, service
from infusiondesk.dispensing.documents import draw_pick_list
from infusiondesk.dispensing.queries import PickRow, TicketRow, ToSendRow
from infusiondesk.dispensing.rules import ShipperFacts, State, Work
from infusiondesk.dispensing.screens.beside import edit_beside
from infusiondesk.dispensing.screens.packing_panel import PackingPanel
from infusiondesk.dispensing.screens.step_forms import EDITORS, box_editor
from infusiondesk.dispensing.screens.ticket_detail import (
    GROUPS,
    TONES,
    DeliveryRow,
    delivery_items,
    print_cold_chain,
    print_packing_list,
    print_ticket,
    ticket_row,
    waiting_row,
)
from infusiondesk.foundation.kernel.clock import today
from infusiondesk.foundation.kernel.ismp import day, moment
from infusiondesk.foundation.kernel.people import Area, Verb
from infusiondesk.foundation.paper.stationery import Printing
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.staff.queries import printing_of

COLUMNS: Sequence[Column[DeliveryRow]] = (
    Column("Patient", lambda row: row.patient, second=lambda row: row.mrn, strong=True, stretch=1),
    Column("What", lambda row: row.what, wraps=True, stretch=2),
    Column("Items", lambda row: str(row.items), sort=lambda row: row.items, right=True, width=60),
    Column(
        "Deliver by",
        lambda row: day(row.due) if row.due else "",
        second=lambda row: row.late,
        second_tone=lambda row: "danger" if row.late else None,
        sort=lambda row: row.due.isoformat() if row.due else "9",
        width=110,
    ),
    Column(
        "Use before",
        lambda row: moment(row.first_use_before) if row.first_use_before else "",
        sort=lambda row: row.first_use_before.isoformat() if row.first_use_before else "9",
        width=142,
        hidden=True,
    ),
    Column("State", lambda row: row.state, second=lambda row: row.number, tone=lambda row: TONES[row.state], shape=True, width=120),
)


class DeliveriesScreen(Screen):
    """What must leave, what is under way, what came back."""

    stale_on = frozenset({Area.DISPENSING, Area.COMPOUNDING, Area.ORDERS, Area.PATIENTS})

    def __init__(
        self,
        desk: Desk,
        pack: Verb[Any, ..., UUID] = service.begin_ticket,
        box: Verb[Any, ..., UUID] = service.begin_without_bags,
    ) -> None:
        super().__init__(desk)
        self._pack, self._box = pack, box
        self._waiting: Sequence[ToSendRow] = ()
        self._shippers: Sequence[ShipperFacts] = ()
        self._panel: PackingPanel | None = None
        picks = Button("Print pick list", icon="printer", dense=True)
        picks.clicked.connect(self.print_pick_list)
        without = self.act("Begin without bags", "Ctrl+N", self.begin_without_bags, box)
        actions = [picks, Button.for_action(without, dense=True, icon="package")]
        self.page = ListDetail("Deliveries", "what must leave, what is under way, what came back", actions=actions)
        self.table: RowsTable[DeliveryRow] = RowsTable(
            COLUMNS,
            name="Deliveries",
            group=lambda row: row.group,
            empty=EmptyState("truck", "Nothing to deliver", "Bags wait here as soon as a pharmacist has released them."),
        )
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Ctrl+P", "print the ticket")])
        self.table.chosen_changed.connect(self._show)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, queries.shippers, self._take_shippers)

    def open_editor(self, name: str) -> None:
        row = self.table.chosen()
        if name == "box":
            self.begin_without_bags()
        elif name in EDITORS and row is not None and row.ticket is not None:
            self.edit(name, row.ticket)

    def begin_without_bags(self) -> None:
        """A ticket for a pump, supplies or a package of the shelf."""
        editor = box_editor(self.desk, self._box)
        editor.saved.connect(self._begun)
        edit_beside(self, self.page, editor, lambda: self._show(self.table.chosen()))

    def edit(self, name: str, ticket: TicketRow) -> None:
        """Open the form of one step."""
        edit_beside(self, self.page, EDITORS[name](self.desk, ticket), lambda: self._show(self.table.chosen()))

    def print_pick_list(self) -> None:
        """What to take from where, for every delivery that waits."""
        self.desk.ask(self, queries.pick_list, self._draw_picks)

    def _draw_picks(self, rows: Sequence[PickRow]) -> None:
        def show(pdf: bytes) -> None:
            self.paper_ready.emit(PaperShown("Pick list", pdf, "pick-list.pdf", "ticket", None, None, Area.DISPENSING))

        def draw(printing: Printing) -> None:
            self.desk.draw(self, partial(draw_pick_list, rows, printing), show)

        self.desk.ask(self, printing_of, draw)

    def _take_shippers(self, rows: Sequence[ShipperFacts]) -> None:
        self._shippers = rows
        self.desk.ask(self, queries.bags_to_send, self._take_waiting)

    def _take_waiting(self, rows: Sequence[ToSendRow]) -> None:
        self._waiting = rows
        self.desk.ask(self, queries.open_tickets, self._show_rows)

    def _show_rows(self, tickets: Sequence[TicketRow]) -> None:
        rows = [*map(waiting_row, self._waiting), *map(ticket_row, tickets)]
        self.table.show_rows(sorted(rows, key=lambda row: GROUPS.index(row.group)))
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show(self.table.chosen())

    def _show(self, row: DeliveryRow | None) -> None:
        if self.editor is not None:
            return
        if row is None:
            self.page.show_detail(None)
        elif row.ticket is not None and row.ticket.state is State.PACKING:
            self._show_packing(row.ticket)
        else:
            self.page.show_detail(holding(down(*delivery_items(row), STRETCH, gap=10)), *self._buttons(row))

    def _show_packing(self, ticket: TicketRow) -> None:
        panel = self._panel
        if panel is not None and shiboken6.isValid(panel) and panel.ticket.id == ticket.id:
            panel.show_ticket(ticket)  # the scanner keeps its field: nothing is built anew between two bags
            return
        self._panel = panel = PackingPanel(self.desk, ticket, self._shippers, today(self.desk.store.clock))
        off = Button("Take off ticket")
        off.clicked.connect(partial(self._take_off, panel))
        if sentence := self.desk.refusal(service.take_off.permission):
            off.forbid(sentence)
        paper = Button("Print packing list", icon="printer", key="Ctrl+P")
        paper.clicked.connect(lambda: print_packing_list(self, panel.ticket))
        cancel = self._button(
            "Cancel ticket",
            service.cancel_ticket,
            "Cancelled; its bags may be packed again.",
            "secondary",
            {"ticket_id": ticket.id},
        )
        self.page.show_detail(panel, panel.close_box, paper, off, cancel)
        panel.scan.setFocus()

    def _take_off(self, panel: PackingPanel) -> None:
        if (line := panel.table.chosen()) is not None:
            self.desk.do(self, service.take_off, said="It stays here.", line_id=line.id)

    def _begun(self, ticket_id: UUID) -> None:
        self.table.seek(ticket_id)
        self.page.open_drawer()

    def _buttons(self, row: DeliveryRow) -> list[Button]:
        if row.ticket is None:
            return [self._begin_button(row)]
        ticket, given = row.ticket, {"ticket_id": row.ticket.id}
        paper = self._printer("Print ticket", print_ticket, ticket, "Ctrl+P")
        cold = self._printer("Print cold-chain record", print_cold_chain, ticket)
        if ticket.work is Work.SHIP:
            ship = self._button("Ship", service.ship_ticket, "On the road.", "primary", given, icon="truck")
            if ticket.alarms:
                ship.forbid(ticket.alarms[0])
            cancel = self._button(
                "Cancel ticket", service.cancel_ticket, "Cancelled; its bags may be packed again.", "secondary", given
            )
            return [ship, paper, self._opener("Ship another way", "ship", ticket, service.ship_ticket), cancel]
        if ticket.work is Work.CONFIRM:
            return self._road_buttons(ticket, paper)
        if ticket.work is Work.JUDGE:
            return [self._opener("Judge excursion", "judgement", ticket, service.judge_bags, "primary"), cold, paper]
        destroy = self._opener("Record destruction", "destruction", ticket, service.destroy_bags, "primary")
        return [destroy, paper, cold]

    def _road_buttons(self, ticket: TicketRow, paper: Button) -> list[Button]:
        """Of what is away; where something changed, the call comes first and nothing is left at a door."""
        given = {"ticket_id": ticket.id}
        is_alarm = bool(ticket.alarms)
        confirm = self._opener(
            "Confirm delivery",
            "confirmation",
            ticket,
            service.confirm_delivery,
            "secondary" if is_alarm else "primary",
            "Ctrl+Return",
        )
        call = self._opener("Record call", "call", ticket, service.record_call, "primary" if is_alarm else "secondary")
        refused = self._button(
            "Record refused", service.refuse_delivery, "Recorded as refused. It is to destroy.", "secondary", given
        )
        returned = self._button(
            "Record returned", service.return_delivery, "Recorded as returned. It is to destroy.", "secondary", given
        )
        if is_alarm:
            return [call, confirm, paper, refused, returned]
        if ticket.state is not State.ON_THE_ROAD:
            return [confirm, paper, call, refused, returned]
        left = self._opener("Record left", "left", ticket, service.leave_delivery)
        return [confirm, paper, call, left, refused, returned]

    def _begin_button(self, row: DeliveryRow) -> Button:
        waiting = row.waiting
        fit = waiting.fit if waiting else ()
        given = {"patient_id": row.patient_id, "bag_ids": list(fit)}
        button = self._button(
            "Begin delivery",
            self._pack,
            "Scan what goes into the box.",
            "primary",
            given,
            self._begun,
            icon="package",
        )
        if waiting is not None and (waiting.obstacle or not fit):
            button.forbid(waiting.obstacle or waiting.cannot[0])
        return button

    def _printer(self, words: str, draw: Callable[[Screen, TicketRow], None], ticket: TicketRow, key: str = "") -> Button:
        button = Button(words, icon="printer", key=key)
        button.clicked.connect(lambda: draw(self, ticket))
        return button

    def _opener(
        self, words: str, name: str, ticket: TicketRow, verb: Verb[Any, ..., Any], kind: Any = "secondary", key: str = ""
    ) -> Button:
        button = Button(words, kind, key=key)
        button.clicked.connect(lambda: self.edit(name, ticket))
        if sentence := self.desk.refusal(verb.permission):
            button.forbid(sentence)
        return button

    def _button(
        self,
        words: str,
        verb: Any,
        said: str,
        kind: Any,
        given: dict[str, Any],
        then: Callable[[Any], None] | None = None,
        *,
        icon: str = "",
    ) -> Button:
        button = Button(words, kind, icon=icon)
        button.clicked.connect(lambda: self.desk.do(self, verb, then, said=said, **given))
        if sentence := self.desk.refusal(verb.permission):
            button.forbid(sentence)
        return button

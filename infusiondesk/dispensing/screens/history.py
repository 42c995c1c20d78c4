"""Chart, Delivery history: all deliveries of the open patient, their papers, and what was brought back later."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.dispensing import queries, service
from infusiondesk.dispensing.queries import TicketRow
from infusiondesk.dispensing.screens.beside import edit_beside
from infusiondesk.dispensing.screens.deliveries import COLUMNS
from infusiondesk.dispensing.screens.step_forms import EDITORS
from infusiondesk.dispensing.screens.ticket_detail import DeliveryRow, delivery_items, print_cold_chain, print_ticket, ticket_row
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import RowsTable


class DeliveryHistoryScreen(Screen):
    """All tickets of the open patient."""

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

    def open_editor(self, name: str) -> None:
        row = self.table.chosen()
        if name in EDITORS and row is not None and row.ticket is not None:
            self._edit(name, row.ticket)

    def _edit(self, name: str, ticket: TicketRow) -> None:
        edit_beside(self, self.page, EDITORS[name](self.desk, ticket), lambda: self._show(self.table.chosen()))

    def _show_rows(self, rows: Sequence[TicketRow]) -> None:
        self.table.show_rows([ticket_row(row) for row in rows])
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show(self.table.chosen())

    def _show(self, row: DeliveryRow | None) -> None:
        if self.editor is not None:
            return
        if row is None or row.ticket is None:
            self.page.show_detail(None)
            return
        ticket = row.ticket
        paper = Button("Print ticket", "primary", icon="printer", key="Ctrl+P")
        paper.clicked.connect(partial(print_ticket, self, ticket))
        cold = Button("Print cold-chain record", icon="printer")
        cold.clicked.connect(partial(print_cold_chain, self, ticket))
        buttons = [paper, cold]
        if ticket.may_come_back:
            back = Button("Record brought back")
            back.clicked.connect(partial(self._edit, "bring back", ticket))
            if sentence := self.desk.refusal(service.bring_back.permission):
                back.forbid(sentence)
            buttons.append(back)
        self.page.show_detail(holding(down(*delivery_items(row), STRETCH, gap=10)), *buttons)

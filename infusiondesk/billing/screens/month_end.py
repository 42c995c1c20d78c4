"""Billing, Month end: the patients with days of therapy in a month; Enter opens the ledger of one."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.billing.queries import ToBillRow, patients_to_bill
from infusiondesk.billing.screens.summary import print_summary
from infusiondesk.foundation.kernel.clock import today
from infusiondesk.foundation.kernel.ismp import month
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.kernel.periods import month_of
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable

COLUMNS: Sequence[Column[ToBillRow]] = (
    Column("Patient", lambda row: row.patient, strong=True, second=lambda row: row.mrn, stretch=1),
    Column("Payer", lambda row: row.payer, stretch=1),
    Column("Therapies of the month", lambda row: "; ".join(row.therapies), wraps=True, stretch=2),
)


class MonthEndScreen(Screen):
    """Whom to bill for a month."""

    stale_on = frozenset({Area.ORDERS, Area.PAYERS, Area.PATIENTS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.month = month_of(today(desk.store.clock))
        before = self.act("Month before", "Alt+Left", partial(self.turn, -1))
        after = self.act("Month after", "Alt+Right", partial(self.turn, 1))
        self.page = ListDetail("Month end", actions=[Button.for_action(before, dense=True), Button.for_action(after, dense=True)])
        self.table: RowsTable[ToBillRow] = RowsTable(
            COLUMNS,
            name="Patients to bill",
            empty=EmptyState(
                "receipt", "Nobody to bill in this month", "Patients with a verified therapy in the month stand here."
            ),
        )
        self.table.activated_row.connect(lambda row: self.patient_chosen.emit(row.id))
        self.table.chosen_changed.connect(self._show)
        self.page.set_list(self.table)
        self.page.set_foot_keys(
            [("Enter", "open the chart"), ("Ctrl+P", "print"), ("Alt+Left", "month before"), ("Alt+Right", "month after")]
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, patients_to_bill, self._show_rows, month=self.month)

    def turn(self, by: int) -> None:
        """One month on or back."""
        edge = self.month.start - timedelta(days=1) if by < 0 else (self.month.until or self.month.start)
        self.month = month_of(edge)
        self.refresh()

    def _show_rows(self, rows: Sequence[ToBillRow]) -> None:
        self.page.head.remark.say(month(self.month.start))
        self.table.show_rows(rows)
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show(self.table.chosen())

    def _show(self, row: ToBillRow | None) -> None:
        if row is None:
            self.page.show_detail(None)
            return
        opened = Button("Open chart", "primary", icon="receipt", cap="Enter")
        opened.clicked.connect(lambda: self.patient_chosen.emit(row.id))
        facts = FactList([Fact("MRN", row.mrn), Fact("Payer", row.payer), *(Fact("Therapy", words) for words in row.therapies)])
        printed = Button("Print summary", icon="printer", key="Ctrl+P")
        printed.clicked.connect(lambda: print_summary(self, row.id, self.month))
        self.page.show_detail(holding(down(Text(row.patient, 20, 600, wraps=True), facts, STRETCH, gap=10)), opened, printed)

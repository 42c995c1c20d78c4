"""Pharmacy, Fill log: what left on one day, and each pharmacist's name under what he released."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.foundation.kernel.clock import today
from infusiondesk.foundation.kernel.ismp import counted, day, moment
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.paper.stationery import Printing
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Item, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.prescriptions import queries, service
from infusiondesk.prescriptions.documents import draw_fill_log, fill_log_name, fill_log_paper
from infusiondesk.prescriptions.queries import DayLog, FillRow
from infusiondesk.staff.queries import paper_signatures, printing_of

COLUMNS: Sequence[Column[FillRow]] = (
    Column("Left", lambda row: f"{row.left_at:%H:%M}", sort=lambda row: row.left_at, width=72),
    Column("Rx", lambda row: f"{row.rx_number}", second=lambda row: f"fill {row.number}", sort=lambda row: row.rx_number, width=84),
    Column("Patient", lambda row: row.patient, strong=True, second=lambda row: row.mrn, stretch=2),
    Column(
        "What", lambda row: f"{counted(row.bags, 'bag')} {row.what}", wraps=True, second=lambda row: "; ".join(row.lots), stretch=3
    ),
    Column("Released by", lambda row: ", ".join(one.name for one in row.released_by) or "nobody named", wraps=True, stretch=2),
)


class FillLogScreen(Screen):
    """One day; yesterday and the days before it stay readable and can be signed late."""

    stale_on = frozenset({Area.ORDERS, Area.DISPENSING})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.day: date | None = None  # the newest on which something left, until somebody turns
        self._wanted: UUID | None = None  # a ticket whose day is to be shown
        self._log: DayLog | None = None
        before = self.act("Day before", "Alt+Left", partial(self.turn, -1))
        after = self.act("Day after", "Alt+Right", partial(self.turn, 1))
        self._sign = self.act("Sign my fills", "Ctrl+Return", self.sign, service.sign_fill_log)
        self.page = ListDetail("Fill log", actions=[Button.for_action(before, dense=True), Button.for_action(after, dense=True)])
        self.table: RowsTable[FillRow] = RowsTable(
            COLUMNS,
            name="Fills of the day",
            empty=EmptyState("package", "Nothing left on this day", "A fill stands here from the moment its delivery is shipped."),
        )
        self.table.activated_row.connect(lambda row: self.record_asked.emit("Prescriptions", row.order_id))
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Enter", "open the prescription"), ("Ctrl+Enter", "sign"), ("Ctrl+P", "print")])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, queries.fill_log, self._show, day=self.day, ticket_id=self._wanted)

    def show_record(self, record_id: UUID) -> None:
        """Turn to the day on which a ticket left."""
        self.day, self._wanted = None, record_id
        self.refresh()

    def turn(self, by: int) -> None:
        """One day on or back; not beyond today."""
        now = today(self.desk.store.clock)
        self.day = min((self.day or now) + timedelta(days=by), now)
        self.refresh()

    def sign(self) -> None:
        """Put one's name under one's fills of the day."""
        if self._log is not None:
            seen = queries.signed_fills(self._log.fills, self.desk.actor.id)
            said = f"Your fills of {day(self._log.day)} are signed."
            self.desk.do(self, service.sign_fill_log, said=said, on=self._log.day, seen=seen)

    def _show(self, log: DayLog) -> None:
        self._log, self.day, self._wanted = log, log.day, None
        self.page.head.remark.say(f"{day(log.day)}, {counted(len(log.fills), 'fill')}")
        self.table.show_rows(log.fills)
        if self.table.chosen() is None:
            self.table.choose_first()
        items: list[Item] = [Text(day(log.day), 20, 600), SectionTitle("Not signed", f"{len(log.to_sign)}", px=14)]
        items += [Text(one.name, 13, 600, "due", wraps=True) for one in log.to_sign]
        if not log.to_sign:
            words = "Every fill of this day is signed for." if log.fills else "There is nothing to sign for."
            items.append(Text(words, 13, 600, "done" if log.fills else "ink2", wraps=True))
        if log.signed:
            items.append(SectionTitle("Signed", f"{len(log.signed)}", px=14))
        for row in log.signed:
            name = row.signature
            words = f"{name.text()}, {counted(row.fills, 'fill')}"
            items.append(Text(words, 13, 600, "ink" if name.holds else "danger", wraps=True))
            items.append(Text(moment(name.at.astimezone(self.desk.store.clock.zone)), 12, ink="ink2"))
        signing = Button.for_action(self._sign, kind="primary", icon="pen-nib")
        if not any(one.id == self.desk.actor.id for one in log.to_sign) and self._sign.isEnabled():
            signing.forbid("None of these fills waits for your name.")
        printed = Button("Print log", icon="printer", key="Ctrl+P")
        printed.clicked.connect(self.print_log)
        self.page.show_detail(holding(down(*items, STRETCH, gap=8)), signing, printed)

    def print_log(self) -> None:
        """The day on paper."""
        if self._log is not None:
            self.desk.ask(self, printing_of, partial(self._draw, self._log))

    def _draw(self, log: DayLog, printing: Printing) -> None:
        names = paper_signatures([row.signature for row in log.signed], self.desk.store.clock.zone)
        self.desk.draw(self, partial(draw_fill_log, fill_log_paper(log, names), printing), partial(self._show_paper, log))

    def _show_paper(self, log: DayLog, pdf: bytes) -> None:
        self.paper_ready.emit(PaperShown("Daily fill log", pdf, fill_log_name(log.day), "fill_log", None, None, Area.ORDERS))

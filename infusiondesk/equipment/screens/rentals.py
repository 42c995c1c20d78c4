"""Stock, Rental days: who had which pump on how many days of a month; on paper, and as a file for whoever bills them."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QVBoxLayout

from infusiondesk.equipment import queries
from infusiondesk.equipment.documents import RentalPaper, draw_rental_days, rental_paper
from infusiondesk.equipment.exchange import rental_csv, shipped_policy
from infusiondesk.equipment.queries import RentalRow
from infusiondesk.equipment.rules import EquipmentPolicy
from infusiondesk.foundation.kernel.clock import today
from infusiondesk.foundation.kernel.ismp import counted, day, money, month, span
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.kernel.periods import month_of
from infusiondesk.foundation.paper.stationery import Printing
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.staff.queries import printing_of

COLUMNS: Sequence[Column[RentalRow]] = (
    Column("Patient", lambda row: row.patient, strong=True, second=lambda row: f"MRN {row.mrn}, Rx {row.rx_number}", stretch=2),
    Column("Pump", lambda row: row.serial, second=lambda row: f"{row.model}, {row.use.value}", stretch=1, width=130),
    Column(
        "Days",
        lambda row: counted(len(row.days), "day"),
        second=lambda row: span(row.days[0], row.days[-1]),
        sort=lambda row: len(row.days),
        right=True,
        strong=True,
        width=130,
    ),
    Column(
        "Vendor asks",
        lambda row: "" if row.vendor_asks is None else money(row.vendor_asks),
        sort=lambda row: row.vendor_asks or Decimal(0),
        second=lambda row: row.vendor,
        right=True,
        width=116,
    ),
)


class RentalsScreen(Screen):
    """The rental days of a month, by patient and pump."""

    stale_on = frozenset({Area.EQUIPMENT, Area.PATIENTS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.month = month_of(today(desk.store.clock))
        self._policy = shipped_policy()
        before = self.act("Month before", "Alt+Left", partial(self.turn, -1))
        after = self.act("Month after", "Alt+Right", partial(self.turn, 1))
        self.paper = self.act("Print month", "Ctrl+P", self.print_month)
        self.file = self.act("Save as file", "Ctrl+Shift+S", self.save_file)
        self.page = ListDetail("Rental days", actions=[Button.for_action(before, dense=True), Button.for_action(after, dense=True)])
        nobody = EmptyState("package", "Nobody had a pump in this month", "Days of pumps with patients stand here.")
        self.table: RowsTable[RentalRow] = RowsTable(COLUMNS, name="Rental days", empty=nobody)
        self.table.activated_row.connect(lambda row: self.patient_chosen.emit(row.patient_id))
        self.table.chosen_changed.connect(self._show)
        self.page.set_list(self.table)
        self.page.set_foot_keys(
            [("Enter", "open the chart"), ("Ctrl+P", "print"), ("Alt+Left", "month before"), ("Alt+Right", "month after")]
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, queries.equipment_policy, self._policy_arrived, shipped=shipped_policy())

    def _policy_arrived(self, policy: EquipmentPolicy) -> None:
        self._policy = policy
        self.desk.ask(self, queries.rental_month, self._arrived, month=self.month, shipped=shipped_policy())

    def turn(self, by: int) -> None:
        """One month on or back."""
        edge = self.month.start - timedelta(days=1) if by < 0 else (self.month.until or self.month.start)
        self.month = month_of(edge)
        self.refresh()

    def _arrived(self, rows: Sequence[RentalRow]) -> None:
        self.page.head.remark.say(f"{month(self.month.start)}, {counted(sum(len(row.days) for row in rows), 'day')}")
        self.table.show_rows(rows)
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show(self.table.chosen())

    def print_month(self) -> None:
        """The month as it is shown, on paper."""
        self.desk.ask(self, printing_of, partial(self._draw, rental_paper(self.month, self.table.rows(), self._policy)))

    def _draw(self, facts: RentalPaper, printing: Printing) -> None:
        self.desk.draw(self, partial(draw_rental_days, facts, printing), self._show_paper)

    def _show_paper(self, pdf: bytes) -> None:
        name = f"rental-days-{self.month.start:%Y-%m}.pdf"
        self.paper_ready.emit(PaperShown("Rental days of pumps", pdf, name, "pump", area=Area.EQUIPMENT))

    def save_file(self) -> None:
        """The month as a file that a spreadsheet opens."""
        if (path := self.choose_file(f"rental-days-{self.month.start:%Y-%m}.csv")) is not None:
            text = rental_csv(self.table.rows())
            self.desk.draw(self, partial(_written, path, text), lambda _: self.desk.interaction.done(f"{path.name} is saved."))

    def choose_file(self, name: str) -> Path | None:
        """Where to? Qt's own dialog: it looks the same everywhere and takes a typed name."""
        chosen, _ = QFileDialog.getSaveFileName(
            self, "Save the rental days", name, "Table (*.csv)", options=QFileDialog.Option.DontUseNativeDialog
        )
        return Path(chosen) if chosen else None

    def _show(self, row: RentalRow | None) -> None:
        for action in (self.paper, self.file):
            action.setEnabled(bool(self.table.rows()))
        if row is None:
            self.page.show_detail(None)
            return
        stay = row.stay
        told = "still with him" if stay.back_on is None else "lost" if stay.is_lost else "went on" if stay.goes_on else "back"
        facts = [
            Fact("Pump", f"{row.serial}, {row.model}, {row.use.value}"),
            Fact("Out", day(stay.out_on)),
            Fact("Until", f"{told} {day(stay.back_on)}" if stay.back_on else told),
            Fact("Days of the month", f"{len(row.days)}: {span(row.days[0], row.days[-1])}"),
        ]
        if row.daily_rate is not None and row.vendor_asks is not None:
            facts.append(Fact("Vendor asks", f"{money(row.daily_rate)} a day, {money(row.vendor_asks)}; {row.vendor}"))
        facts.append(Fact("Counted by", self._policy.said_by))
        items = [Text(row.patient, 20, 600, wraps=True), FactList(facts)]
        opened = Button("Open chart", "primary", icon="folder-open", cap="Enter")
        opened.clicked.connect(lambda: self.patient_chosen.emit(row.patient_id))
        buttons = [Button.for_action(self.paper, icon="printer"), Button.for_action(self.file)]
        self.page.show_detail(holding(down(*items, STRETCH, gap=10)), opened, *buttons)


def _written(path: Path, text: str) -> bytes:
    path.write_text(text, encoding="utf-8-sig", newline="")  # the mark tells a spreadsheet that names are UTF-8
    return b""

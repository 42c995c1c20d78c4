"""Chart, Day ledger: every day of every therapy in one month, the lines that follow, and why the chosen day is what it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout

from infusiondesk.billing.documents import HELD_WORDS
from infusiondesk.billing.exchange.month import GridRow, MonthLedger, description, keep_month
from infusiondesk.billing.queries import MonthFacts, month_facts
from infusiondesk.billing.rules.days import DayStatus, LedgerDay
from infusiondesk.billing.rules.ledger import CATHETER_CARE, NURSING
from infusiondesk.billing.rules.profile import DayBasis
from infusiondesk.billing.screens.summary import print_summary
from infusiondesk.foundation.kernel.clock import today
from infusiondesk.foundation.kernel.ismp import day, month, span
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.kernel.periods import Period, month_of
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.frame.list_detail import TitleRow
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Item, Rule, across, clear, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.card import Card
from infusiondesk.foundation.qtkit.parts.day_grid import DayCell, DayGrid, DayLegend, DayRow
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.scroll import Scroll
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone

STATUS: dict[DayStatus, tuple[str, Tone]] = {
    DayStatus.BILLABLE: ("Billable", "done"),
    DayStatus.HELD: ("Held", "due"),
    DayStatus.INPATIENT: ("In hospital", "hosp"),
    DayStatus.NOT_COVERED: ("Not covered", "neutral"),
    DayStatus.PLANNED: ("Planned", "plain"),
}


WHY, LEAST_BELOW, LEAST_BESIDE = 288, 240, 900
BASIS: dict[DayBasis, str] = {
    DayBasis.ACCESS: "each day of access counts",
    DayBasis.INFUSED: "only days with an infusion count",
    DayBasis.INFUSED_OR_NURSED: "days with an infusion or a nurse count",
    DayBasis.HOURS: "whole 24 hours of infusion count",
}


@dataclass(frozen=True)
class LineRow:
    """One line as it would stand on the claim, whatever its kind."""

    id: str
    kind: str
    code: str
    modifiers: str
    description: str
    first: date
    last: date
    units: int
    authorization: str
    held: str
    therapy: str

    def holds(self, therapy: str, on: date) -> bool:
        """Whether a cell of the grid belongs to this line."""
        return self.therapy == therapy and self.first <= on <= self.last


COLUMNS: Sequence[Column[LineRow]] = (
    Column("HCPCS", lambda row: row.code, strong=True, width=76),
    Column("Modifiers", lambda row: row.modifiers or "none", width=78),
    Column("Description", lambda row: row.description, wraps=True, width=120, stretch=3),
    Column("Dates of service", lambda row: span(row.first, row.last), sort=lambda row: row.first, stretch=1),
    Column("Units", lambda row: f"{row.units:,}", sort=lambda row: row.units, right=True, strong=True, width=58),
    Column("Authorization", lambda row: row.authorization or "none", width=110),
    Column(
        "Status",
        lambda row: f"Held: {row.held}" if row.held else "Ready",
        tone=lambda row: "due" if row.held else "done",
        shape=True,
        wraps=True,
        stretch=1,
    ),
)


class DayLedgerScreen(Screen):
    """One month of the open patient's billing."""

    stale_on = frozenset({Area.ORDERS, Area.DISPENSING, Area.VISITS, Area.PAYERS, Area.PATIENTS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.month = month_of(today(desk.store.clock))
        self._ledger: MonthLedger | None = None
        before = self.act("Month before", "Alt+Left", partial(self.turn, -1))
        after = self.act("Month after", "Alt+Right", partial(self.turn, 1))
        self._print = self.act("Print summary", "Ctrl+P", self.print_summary)
        buttons = [
            Button.for_action(before, dense=True),
            Button.for_action(after, dense=True),
            Button.for_action(self._print, icon="printer"),
        ]
        self.head = TitleRow("Day ledger", "", actions=buttons)
        self.grid = DayGrid("Days of the month")
        self.grid.cell_chosen.connect(self._explain)
        grid_card = Card(padding=12, gap=6)
        self._payer = Text("", 13, 600)
        self._basis = Text("", 13, 400, "ink2")
        grid_card.add(across(self._payer, (self._basis, 1), DayLegend()))
        grid_card.add(self.grid, 1)
        self.table: RowsTable[LineRow] = RowsTable(
            COLUMNS,
            name="Resulting lines",
            group=lambda row: row.kind,
            empty=EmptyState("receipt", "No line in this month", "Lines follow from verified orders, deliveries and visits."),
        )
        self.table.chosen_changed.connect(self._point)
        self._ready, self._held = Text("", 13, 600), Text("", 13, 600, "due")
        lines_card = Card("Resulting lines", padding=1, gap=0)
        lines_card.body.setContentsMargins(12, 8, 12, 8)
        lines_card.add(self.table, 1)
        lines_card.add(Rule())
        lines_card.add(across((self._ready, 1), (self._held, 3), gap=24, margins=(8, 8, 8, 0)))
        self._why = QVBoxLayout()
        why_card = Card(padding=16)
        why_card.add(Scroll(holding(self._why)), 1)
        lines_card.setMinimumHeight(LEAST_BELOW)  # a low window scrolls instead of squeezing the lines away
        why_card.setMinimumHeight(LEAST_BELOW)
        self._why_card = why_card
        self._below = across((lines_card, 1), why_card, gap=12)
        page = holding(down(self.head, (grid_card, 2), (self._below, 3), gap=12, margins=(20, 12, 20, 12)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Scroll(page))

    def reload(self) -> None:
        if self.patient_id is not None:
            self.desk.ask(self, month_facts, self._keep, patient_id=self.patient_id, month=self.month)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the lines and their reason do not fit beside each other, they stand under each other."""
        super().resizeEvent(event)
        is_narrow = self.width() < LEAST_BESIDE
        self._below.setDirection(QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight)
        self._why_card.setMaximumWidth(self.width() if is_narrow else WHY)
        self._why_card.setMinimumWidth(0 if is_narrow else WHY)

    def turn(self, by: int) -> None:
        """One month on or back."""
        edge = self.month.start - timedelta(days=1) if by < 0 else (self.month.until or self.month.start)
        self.month = month_of(edge)
        self.refresh()

    def print_summary(self) -> None:
        """The per-diem billing summary of this month."""
        if self.patient_id is not None:
            print_summary(self, self.patient_id, self.month)

    def _keep(self, facts: MonthFacts) -> None:
        self.desk.draw(self, partial(keep_month, facts), self._show)

    def _show(self, ledger: MonthLedger) -> None:
        self._ledger = ledger
        facts = ledger.facts
        self.head.remark.say(month(self.month.start))
        payer = facts.coverage.payer if facts.coverage else "no coverage entered"
        self._payer.say(payer)
        self._basis.say(BASIS[ledger.profile.day_basis])
        self.grid.show_days(self.month.start, [_day_row(row, self.month) for row in ledger.rows], today=facts.today)
        self.table.show_rows(line_rows(ledger))
        self._ready.say(f"Ready {_units(ledger.ready_units)}")
        self._held.say(f"Held {_units(ledger.held_units)}, not on the claim" if ledger.held_units else "")
        if ledger.rows and self.grid.chosen() is None:
            self.grid.choose(
                0, min((facts.today - self.month.start).days, len(self.grid.days()) - 1) if facts.today in self.month else 0
            )
        self._explain(*(self.grid.chosen() or (0, 0)))

    def _explain(self, row: int, place: int) -> None:
        clear(self._why)
        if self._ledger is None:
            return
        items: list[Item] = []
        on = self.month.start + timedelta(days=place)
        if row < len(self._ledger.rows):
            grid_row = self._ledger.rows[row]
            items += _reason(grid_row, on, grid_row.cells.get(on))
            self._choose_line(grid_row.id, on)
        else:
            items.append(Text("No therapy has a day in this month.", 13, ink="ink2", wraps=True))
        for title, sentences in (("Look at", self._ledger.warnings), ("Not checked", self._ledger.not_checked)):
            if sentences:
                items.append(Text(title, 13, 600))
                items += [Text(words, 12, ink="due", wraps=True) for words in sentences]
        self._why.addLayout(down(*items, STRETCH, gap=8))

    def _choose_line(self, therapy: str, on: date) -> None:
        """The line of a cell; one of several that holds the day already stays chosen."""
        chosen = self.table.chosen()
        if chosen is not None and chosen.holds(therapy, on):
            return
        if not self.table.choose(lambda line: line.holds(therapy, on)):
            self.table.clearSelection()

    def _point(self, line: LineRow | None) -> None:
        """The first cell of a line, unless the chosen cell is one of its cells."""
        if line is None or self._ledger is None:
            return
        chosen = self.grid.chosen()
        if chosen is not None and line.holds(self._ledger.rows[chosen[0]].id, self.month.start + timedelta(days=chosen[1])):
            return
        place = next((number for number, row in enumerate(self._ledger.rows) if row.id == line.therapy), None)
        if place is not None:
            self.grid.choose(place, (line.first - self.month.start).days)


def _day_row(row: GridRow, period: Period) -> DayRow:
    cells = []
    for on in period.days():
        cell = row.cells.get(on)
        cells.append(DayCell(cell.status.value, " ".join(cell.because)) if cell is not None else DayCell())
    return DayRow(row.title, row.second, tuple(cells), str(row.billable))


def _units(count: int) -> str:
    return f"{count} per-diem unit{'' if count == 1 else 's'}"


def _reason(row: GridRow, on: date, cell: LedgerDay | None) -> list[Item]:
    title = Text(f"{row.title}, {day(on)}", 16, 600, wraps=True)
    if cell is None:
        return [title, Text("Nothing is due on this day.", 13, ink="ink2", wraps=True)]
    words, tone = STATUS[cell.status]
    facts = [
        Fact("Code", " ".join((cell.code, *cell.modifiers)) if cell.code else "none"),
        Fact("Rank that day", str(cell.rank + 1) if cell.rank is not None else "not ranked"),
        Fact("Authorization", cell.authorization or "none"),
        Fact("Rule", ", ".join(cell.sources)),
    ]
    if cell.held_because is not None:
        facts.insert(0, Fact("Held", HELD_WORDS.get(str(cell.held_because), str(cell.held_because)), "due"))
    return [Pill(words, tone), title, *(Text(sentence, 13, wraps=True) for sentence in cell.because), FactList(facts)]


def line_rows(ledger: MonthLedger) -> list[LineRow]:
    """All lines of the month: per diems, nursing, drugs."""
    found = []
    for place, line in enumerate(ledger.lines):
        said = description(ledger, line.code or "", line.order_id or "")
        found.append(
            LineRow(
                f"p{place}", "Per diem", line.code or "no code", " ".join(line.modifiers), said, line.first, line.last,
                line.units, line.authorization or "", _held(line.held_because), line.order_id or CATHETER_CARE,
            )
        )  # fmt: skip
    for place, visit in enumerate(ledger.nursing_lines):
        said = description(ledger, visit.code)
        found.append(
            LineRow(
                f"n{place}", "Nursing", visit.code, "", said, visit.day, visit.day, visit.units, "",
                _held(visit.held_because), NURSING,
            )
        )  # fmt: skip
    for place, drug in enumerate(ledger.drug_lines):
        said = description(ledger, drug.code, drug.order_id)
        found.append(
            LineRow(
                f"d{place}", "Drugs", drug.code, " ".join(drug.modifiers), said, drug.first, drug.last,
                drug.units, drug.authorization or "", _held(drug.held_because), drug.order_id,
            )
        )  # fmt: skip
    return found


def _held(word: object) -> str:
    return "" if word is None else HELD_WORDS.get(str(word), str(word).replace("_", " "))

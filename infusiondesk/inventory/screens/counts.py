"""Counts: sheets of what lies at a location, counted blind, then a difference again by another person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Final
from uuid import UUID

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.foundation.kernel.ismp import counted, day, moment, number
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.paper.stationery import Printing
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import ChoiceField, NumberField
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.scan import ScanField
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.inventory import queries, service
from infusiondesk.inventory.documents import draw_count_sheet
from infusiondesk.inventory.queries import CountLineRow, CountSheetRow, LocationRow, ScanRow
from infusiondesk.inventory.rules import CountDraft, CountScope, ItemKind
from infusiondesk.inventory.rules.counts import CountSheetDraft, CountState
from infusiondesk.staff.queries import printing_of

_TONES: Final[Mapping[CountState, Tone]] = {
    CountState.TO_COUNT: "neutral",
    CountState.SECOND: "due",
    CountState.AGREED: "done",
    CountState.ADJUSTED: "danger",
    CountState.DISCREPANCY: "danger",
    CountState.NOT_COUNTED: "neutral",
}
_OPEN: Final = (CountState.TO_COUNT, CountState.SECOND)
SCOPES: Final = (CountScope.ALL, CountScope.KIND, CountScope.CONTROLLED, CountScope.NOT_LATELY)


@dataclass(frozen=True)
class _Line:
    """A line with its sheet, as the list groups them."""

    sheet: CountSheetRow
    line: CountLineRow

    @property
    def id(self) -> UUID:
        return self.line.id


def _counted(row: _Line) -> str:
    first, second = row.line.first_found, row.line.second_found
    told = [number(one) for one in (first, second) if one is not None]
    return " then ".join(told) or ("once" if row.line.first_by else "")


COLUMNS: Sequence[Column[_Line]] = (
    Column("Item", lambda row: row.line.item, strong=True, second=lambda row: f"lot {row.line.lot_number}", stretch=3),
    Column("Expires", lambda row: day(row.line.expires_on), sort=lambda row: row.line.expires_on, width=110),
    Column("Counted", _counted, second=lambda row: row.line.second_by or row.line.first_by, strong=True, width=140),
    Column("State", lambda row: row.line.state.value, tone=lambda row: _TONES[row.line.state], shape=True, width=140),
    Column("Moved meanwhile", lambda row: row.line.note, tone=lambda row: "due" if row.line.note else None, stretch=2),
)


class CountsScreen(Screen):
    """Open sheets first, each with its lines; a scan goes to the line of that lot."""

    stale_on = frozenset({Area.INVENTORY})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.new = self.act("Begin a count", "Ctrl+N", self.begin_sheet, service.begin_count)
        self.enter = self.act("Enter the count", "Ctrl+Return", self.enter_line, service.enter_count)
        self.end = self.act("End this count", "Ctrl+E", self.end_sheet, service.end_count)
        self.paper = self.act("Print the sheet", "Ctrl+P", self.print_sheet)
        self._may_enter, self._may_end = self.enter.isEnabled(), self.end.isEnabled()
        self.scan = ScanField("Scan the lot you count", name="Scan the lot")
        self.scan.setMinimumWidth(300)
        self.scan.scanned.connect(self.look_up)
        self.page = ListDetail("Counts", "", actions=[Button.for_action(self.new, icon="plus", dense=True)])
        empty = EmptyState("clipboard-text", "No count yet", "A sheet lists what lies at a location.", "Begin a count")
        empty.asked.connect(self.begin_sheet)
        self.table: RowsTable[_Line] = RowsTable(
            COLUMNS,
            name="Counts",
            group=lambda row: row.sheet.title + (", ended" if row.sheet.ended_at else f", begun {moment(row.sheet.begun_at)}"),
            recedes=lambda row: row.line.state not in _OPEN,
            empty=empty,
        )
        scanning = holding(across((self.scan, 1), margins=(12, 12, 12, 0)))
        self.page.set_list(holding(down(scanning, (self.table, 1), gap=4)))
        self.page.set_foot_keys([("Scan", "find the lot"), ("Ctrl+Enter", "enter the count"), ("Ctrl+P", "print")])
        self.table.chosen_changed.connect(lambda _: self._show())
        self.table.activated_row.connect(lambda _: self.enter_line())
        self.table.counted.connect(lambda _: self.page.say_count(self.table.count_text()))
        self._locations: Sequence[LocationRow] = ()
        self._wanted: UUID | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.scan.setFocus()

    def reload(self) -> None:
        self.desk.ask(self, queries.locations, self._keep_locations)
        self.desk.ask(self, queries.count_sheets, self._arrived)

    def _keep_locations(self, rows: Sequence[LocationRow]) -> None:
        self._locations = rows

    def _arrived(self, sheets: Sequence[CountSheetRow]) -> None:
        lines = [_Line(sheet, line) for sheet in sheets for line in sheet.lines]
        self.table.show_rows(lines)
        second = sum(line.line.state is CountState.SECOND for line in lines)
        still = sum(line.line.state is CountState.TO_COUNT for line in lines)
        told = [f"{still} to count" if still else "", f"{second} for a second count" if second else ""]
        self.page.head.remark.say(", ".join(filter(None, told)) or "nothing to count")
        wanted, self._wanted = self._wanted, None
        if wanted is not None and not self._go_to(wanted):
            self.table.choose(lambda row: row.sheet.id == wanted)
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show()

    def _go_to(self, sheet_id: UUID) -> bool:
        """The first line of a sheet that still waits for somebody: a second count before a first one."""
        waiting = {row.line.state: row.id for row in self.table.rows()[::-1] if row.sheet.id == sheet_id}
        line_id = waiting.get(CountState.SECOND) or waiting.get(CountState.TO_COUNT)
        return line_id is not None and self.table.choose(lambda row: row.id == line_id)

    def show_record(self, record_id: UUID) -> None:
        """Turn to one sheet, at the line that waits."""
        self._wanted = record_id
        self.refresh()

    def look_up(self, text: str) -> None:
        """Go to the line of the lot that was scanned."""
        self.desk.ask(self, queries.lot_by_scan, partial(self._found, text), text=text)

    def _found(self, text: str, row: ScanRow) -> None:
        lot = row.lot
        if lot is None:
            told = row.because or (f"{row.item.name}: scan or type the lot number." if row.item else "This is not known here.")
            self.scan.show_refused(text, told)
        elif self.table.choose(lambda one: one.line.lot_id == lot.id and one.line.state in _OPEN):
            self.scan.show_matched(lot.item, f"lot {lot.lot_number}")
            self.enter_line()
        else:
            self.scan.show_refused(lot.item, f"Lot {lot.lot_number} stands on no open line. Begin a count where it lies.")

    # Doing.

    def begin_sheet(self) -> None:
        """Open an empty sheet."""
        fields = [
            ChoiceField(
                "location_id", "Location", required=True, choices=[(row.id, row.name) for row in self._locations], spread=False
            ),
            ChoiceField(
                "scope", "What", required=True, choices=[(one.value, one.value.capitalize()) for one in SCOPES], spread=False
            ),
            ChoiceField("kind", "Kind", choices=[kind.value for kind in ItemKind], spread=False),
            NumberField("days", "Not counted for", unit="days", whole=True),
        ]
        first = self._locations[0].id if self._locations else None
        editor = Editor(
            self.desk,
            "sheet",
            "Begin a count",
            fields,
            CountSheetDraft(first),
            service.begin_count,
            said="The sheet is ready: scan or choose the first lot.",
            save="Begin",
            explanation="Counts are blind. A difference is counted again by another person, then adjusted with a reason.",
        )

        def shape() -> None:
            editor.form.show_field("kind", editor.form.draft.scope == CountScope.KIND)
            editor.form.show_field("days", editor.form.draft.scope == CountScope.NOT_LATELY)

        editor.form.changed.connect(shape)
        shape()
        self._edit(editor)

    def enter_line(self) -> None:
        """Type what was counted of the chosen lot."""
        row = self.table.chosen()
        if row is None or row.line.state not in _OPEN or not self._may_enter:
            return
        line_id, is_second = row.line.id, row.line.state is CountState.SECOND
        editor = Editor(
            self.desk,
            "count",
            f"{row.line.item}, lot {row.line.lot_number}",
            [NumberField("found", "Counted", unit=f"{row.line.unit}s", places=3, required=True)],
            CountDraft(),
            service.enter_count,
            given=lambda draft: {"line_id": line_id, "found": draft.found},
            said="Counted.",
            explanation=f"Second count. {row.line.first_by} counted first." if is_second else "First count.",
        )
        self._edit(editor)
        editor.form.focus_field("found")

    def end_sheet(self) -> None:
        """End the chosen sheet early."""
        if (row := self.table.chosen()) is not None:
            self.desk.do(self, service.end_count, said="The count has ended.", sheet_id=row.sheet.id)

    def print_sheet(self) -> None:
        """The chosen sheet on paper."""
        if (row := self.table.chosen()) is not None:
            self.desk.ask(self, printing_of, partial(self._draw, row.sheet))

    def _draw(self, sheet: CountSheetRow, printing: Printing) -> None:
        self.desk.draw(self, partial(draw_count_sheet, sheet, printing), partial(self._show_paper, sheet))

    def _show_paper(self, sheet: CountSheetRow, pdf: bytes) -> None:
        self.paper_ready.emit(PaperShown("Count sheet", pdf, "count-sheet.pdf", "count_sheet", sheet.id, area=Area.INVENTORY))

    def open_editor(self, name: str) -> None:
        if name == "sheet":
            self.begin_sheet()

    def _edit(self, editor: Editor) -> None:
        if self.editor is not None:
            self.editor.cancelled.emit()
        self.begin(editor)
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._done())
        editor.cancelled.connect(self._show)

    def _done(self) -> None:
        self._show()
        self.scan.show_ready()
        self.scan.setFocus()

    # Showing.

    def _show(self) -> None:
        if self.editor is not None:
            return
        row = self.table.chosen()
        is_open = row is not None and row.line.state in _OPEN
        if self._may_enter:
            self.enter.setEnabled(is_open)
        if self._may_end:
            self.end.setEnabled(row is not None and row.sheet.ended_at is None)
        self.paper.setEnabled(row is not None)
        if row is None:
            self.page.show_detail(None)
            return
        line, unit = row.line, row.line.unit
        facts = [
            Fact("Location", row.sheet.location),
            Fact("First count", _told(line.first_found, unit, line.first_by) or (f"by {line.first_by}" if line.first_by else "")),
            Fact("Second count", _told(line.second_found, unit, line.second_by)),
            Fact("Expected", "shown when it is settled" if line.expected is None else counted(line.expected, unit)),
        ]
        if line.difference and line.expected is not None:
            facts.append(Fact("Difference", line.difference, None if line.state is CountState.AGREED else "due"))
        if line.note:
            facts.append(Fact("Moved meanwhile", f"{line.note}; the difference is that to what was left then", "due"))
        head = across(Pill(line.state.value.capitalize(), _TONES[line.state]), STRETCH)
        name = down(Text(line.item, 20, 600, wraps=True), Text(f"lot {line.lot_number}", 13, 400, "ink2"), gap=2)
        buttons = [Button.for_action(self.enter, "primary", icon="check")] if is_open else []
        self.page.show_detail(
            holding(down(head, name, FactList(facts), STRETCH, gap=12)),
            *buttons,
            Button.for_action(self.paper, icon="printer"),
            *([Button.for_action(self.end)] if row.sheet.ended_at is None else []),
        )


def _told(found: Decimal | None, unit: str, by: str) -> str:
    return "" if found is None else f"{counted(found, unit)} by {by}"

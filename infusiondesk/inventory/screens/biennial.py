"""Biennial inventory: when the next is due, the open one line by line, and those that were signed, on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.foundation.kernel.ismp import counted, day, moment
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.paper.stationery import Printing
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import CheckField, ChoiceField, NumberField, TextField
from infusiondesk.foundation.qtkit.forms.fields import Field
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Item, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.inventory import queries, service
from infusiondesk.inventory.documents import draw_biennial
from infusiondesk.inventory.exchange import shipped_policy
from infusiondesk.inventory.queries import BiennialDue, BiennialLineRow, BiennialRow
from infusiondesk.inventory.rules.biennial import BiennialDraft, ExtraDraft, FoundDraft, TakenAt
from infusiondesk.inventory.rules.controlled import schedule_words
from infusiondesk.inventory.rules.policy import SCHEDULES
from infusiondesk.staff.queries import paper_signatures, printing_of

_OPEN, _SIGNED = "To count", "Inventories"


@dataclass(frozen=True)
class _Row:
    """A line of the open inventory, or an inventory."""

    id: str
    whole: BiennialRow
    line: BiennialLineRow | None = None

    @property
    def group(self) -> str:
        if self.line is None:
            return _SIGNED
        return _OPEN if self.line.found is None else "Counted"

    @property
    def what(self) -> tuple[str, str]:
        if self.line is None:
            return f"{day(self.whole.taken_on)}, {self.whole.taken_at}", f"begun by {self.whole.begun_by}"
        lot = f", lot {self.line.lot_number}" if self.line.lot_number else ""
        return self.line.item, f"{self.line.location}{lot}"

    @property
    def schedule(self) -> str:
        return schedule_words(self.line.schedule) if self.line else ""

    @property
    def found(self) -> str:
        if self.line is None:
            return counted(len(self.whole.lines), "line")
        return "" if self.line.found is None else counted(self.line.found, self.line.unit)

    @property
    def state(self) -> tuple[str, Tone]:
        line = self.line
        if line is None:
            if not self.whole.is_open:
                return "signed by two", "done"
            return ("waits for the second name", "due") if self.whole.counted_by else ("being counted", "due")
        if line.found is None:
            return "not counted", "due"
        if line.expected is not None and line.expected != line.found:
            return f"{counted(line.expected, line.unit)} by the balance", "danger"
        return "estimated" if line.is_estimate else "by hand" if line.is_by_hand else "as the balance", "done"


COLUMNS: Sequence[Column[_Row]] = (
    Column("What", lambda row: row.what[0], strong=True, second=lambda row: row.what[1], stretch=3),
    Column("Schedule", lambda row: row.schedule, width=100),
    Column("Found", lambda row: row.found, strong=True, right=True, width=130),
    Column("State", lambda row: row.state[0], tone=lambda row: row.state[1], shape=True, wraps=True, width=230),
)
_EXTRA: Final[Sequence[Field]] = (
    TextField("item", "Drug and strength", required=True, hint="as the label reads"),
    ChoiceField("schedule", "Schedule", required=True, choices=[(one, schedule_words(one)) for one in SCHEDULES]),
    TextField("location", "Lies in", required=True),
    TextField("unit", "Counted as", required=True),
    NumberField("found", "Found", places=3, required=True),
)


class BiennialScreen(Screen):
    """What is left to count first."""

    stale_on = frozenset({Area.INVENTORY})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.start = self.act("Begin an inventory", "Ctrl+N", self.begin_one, service.begin_biennial)
        self.count = self.act("Enter the count", "Ctrl+E", self.enter_count, service.count_biennial)
        self.extra = self.act("Enter what else is controlled", "Ctrl+Shift+N", self.enter_extra, service.add_to_biennial)
        self.first = self.act("Sign what was counted", "Ctrl+Return", self.sign_first, service.sign_counted)
        self.second = self.act("Sign as the second person", "Ctrl+Shift+Return", self.sign_second, service.sign_biennial)
        self.withdraw = self.act("Withdraw it", "Ctrl+Backspace", self.withdraw_it, service.withdraw_biennial)
        self.paper = self.act("Print the inventory", "Ctrl+P", self.print_it)
        self._may = {one: one.isEnabled() for one in (self.start, self.count, self.extra, self.first, self.second, self.withdraw)}
        self._due = BiennialDue(None, None, None, "")
        self.page = ListDetail("Biennial inventory", actions=[Button.for_action(self.start, dense=True)])
        empty = EmptyState(
            "list-numbers", "No inventory is on file", "Begin one: the first is due before a controlled drug is dispensed."
        )
        self.table: RowsTable[_Row] = RowsTable(COLUMNS, name="Biennial inventory", group=lambda row: row.group, empty=empty)
        self.table.chosen_changed.connect(lambda _: self._show())
        self.table.activated_row.connect(lambda _: self.enter_count())
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Enter", "enter the count"), ("Ctrl+Enter", "sign"), ("Ctrl+P", "print")])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, queries.biennial_due, self._keep_due, shipped=shipped_policy())

    def _keep_due(self, due: BiennialDue) -> None:
        self._due = due
        self.desk.ask(self, queries.biennial_inventories, self._arrived)

    def _arrived(self, found: Sequence[BiennialRow]) -> None:
        rows = [_Row(f"line {line.id}", whole, line) for whole in found if whole.is_open for line in whole.lines]
        rows.sort(key=lambda row: row.group != _OPEN)
        rows += [_Row(f"whole {whole.id}", whole) for whole in found]
        self.page.head.remark.say(_due_words(self._due))
        self.table.show_rows(rows)
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show()

    # Doing.

    def begin_one(self) -> None:
        """List what is to be counted."""
        if self.editor is not None:
            return
        choices = [(one.value, one.value.capitalize()) for one in TakenAt]
        field = ChoiceField("taken_at", "Taken at the", required=True, choices=choices)
        explanation = "Every controlled lot is listed where something lies, on hand or in quarantine, and counted today."
        self._edit(
            Editor(
                self.desk, "biennial", "Begin a biennial inventory", [field], BiennialDraft(), service.begin_biennial,
                said="Begun. Count each line.", save="Begin", explanation=explanation,
            )
        )  # fmt: skip

    def enter_count(self) -> None:
        """What was found of the chosen line."""
        row = self.table.chosen()
        if row is None or row.line is None or self.editor is not None:
            return
        line = row.line
        fields: list[Field | str] = [NumberField("found", "Found", unit=f"{line.unit}s", places=3, required=True)]
        if line.schedule != "CII":
            fields.append(CheckField("is_estimate", "Estimated"))
        self._edit(
            Editor(
                self.desk, "found", line.item, fields, FoundDraft(), service.count_biennial,
                given=lambda draft: {"line_id": line.id, "draft": draft}, said="Counted.", save="Enter",
                explanation=f"{row.what[1]}. What is in quarantine there is counted too.",
            )
        )  # fmt: skip

    def enter_extra(self) -> None:
        """Something controlled that lies outside the stock."""
        row = self.table.chosen()
        if row is None or not row.whole.is_open or self.editor is not None:
            return
        inventory_id = row.whole.id
        self._edit(
            Editor(
                self.desk, "extra", "What else is controlled", list(_EXTRA), ExtraDraft(), service.add_to_biennial,
                given=lambda draft: {"inventory_id": inventory_id, "draft": draft}, said="Entered.", save="Enter",
                explanation="A bag already made that has not left, a sample.",
            )
        )  # fmt: skip

    def _edit(self, editor: Editor) -> None:
        self.begin(editor)
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._show())
        editor.cancelled.connect(self._show)

    def sign_first(self) -> None:
        """Who counted."""
        if (row := self.table.chosen()) is not None:
            self.desk.do(self, service.sign_counted, said="Signed. A pharmacist is the second.", inventory_id=row.whole.id)

    def sign_second(self) -> None:
        """A pharmacist with an own name and password, whoever sits at this desk."""
        if (row := self.table.chosen()) is not None:
            said = "The inventory is signed by two."
            self.desk.do_as_second_person(self, service.sign_biennial, said=said, inventory_id=row.whole.id)

    def withdraw_it(self) -> None:
        """It counts as not taken."""
        if (row := self.table.chosen()) is not None:
            self.desk.do(self, service.withdraw_biennial, said="Withdrawn.", inventory_id=row.whole.id)

    def print_it(self) -> None:
        """The chosen inventory on paper."""
        if (row := self.table.chosen()) is not None:
            self.desk.ask(self, printing_of, partial(self._draw, row.whole))

    def _draw(self, row: BiennialRow, printing: Printing) -> None:
        names = paper_signatures(row.signatures, self.desk.store.clock.zone)
        self.desk.draw(self, partial(draw_biennial, row, names, printing), partial(self._show_paper, row))

    def _show_paper(self, row: BiennialRow, pdf: bytes) -> None:
        name = f"biennial-inventory-{row.taken_on.isoformat()}.pdf"
        self.paper_ready.emit(PaperShown("Biennial inventory", pdf, name, "biennial_inventory", row.id, area=Area.INVENTORY))

    # Showing.

    def _show(self) -> None:
        if self.editor is not None:
            return
        row = self.table.chosen()
        whole = row.whole if row else None
        is_open = whole is not None and whole.is_open
        is_counting = is_open and whole is not None and not whole.counted_by
        for action, is_possible in (
            (self.start, self._due.open_id is None),
            (self.count, is_counting and row is not None and row.line is not None and not row.line.is_by_hand),
            (self.extra, is_counting),
            (self.first, is_counting and whole is not None and whole.open_words is None),
            (self.second, is_open and whole is not None and bool(whole.counted_by)),
            (self.withdraw, is_open),
        ):
            action.setEnabled(self._may[action] and is_possible)
        self.first.setWhatsThis((whole.open_words if whole and is_counting else None) or "")
        self.paper.setEnabled(whole is not None)
        if row is None:
            self.page.show_detail(None)
        elif row.line is not None:
            self._show_line(row, row.line)
        else:
            self._show_whole(row.whole)

    def _show_line(self, row: _Row, line: BiennialLineRow) -> None:
        facts = [
            Fact("Lies in", line.location),
            Fact("Lot", line.lot_number or "none"),
            Fact("Found", row.found or "not counted yet", None if row.found else "due"),
        ]
        if line.found is not None:
            facts.append(Fact("Counted by", line.found_by))
            if line.expected is not None:
                is_odd = line.expected != line.found
                facts.append(Fact("By the balance", counted(line.expected, line.unit), "danger" if is_odd else None))
        head = across(Pill(schedule_words(line.schedule), "due"), STRETCH)
        parts: list[Item] = [head, Text(line.item, 20, 600, wraps=True), FactList(facts)]
        if line.expected not in (None, line.found):
            told = "Count it under Counts too: two counts that differ from the balance open a discrepancy."
            parts.append(Text(told, 13, 600, "danger", wraps=True))
        ready = row.whole.open_words is None
        buttons = (self.first, self.count) if ready and not row.whole.counted_by else (self.count, self.first)
        buttons = (self.second, self.withdraw) if row.whole.counted_by else buttons
        actions = [*buttons, self.extra, self.withdraw] if not row.whole.counted_by else buttons
        shown = [Button.for_action(one, "primary" if place == 0 else "secondary") for place, one in enumerate(actions)]
        self.page.show_detail(holding(down(*parts, STRETCH, gap=12)), *shown)

    def _show_whole(self, whole: BiennialRow) -> None:
        zone = self.desk.store.clock.zone
        facts = [
            Fact("Taken", f"{day(whole.taken_on)}, {whole.taken_at}"),
            Fact("DEA number", whole.dea_number or "not entered", None if whole.dea_number else "due"),
            Fact("Lines", f"{len(whole.lines)}"),
            *(Fact(one.meaning.capitalize(), f"{one.name}, {moment(one.at.astimezone(zone))}") for one in whole.signatures),
        ]
        if whole.is_open:
            facts.append(Fact("Next", whole.open_words or ("the second name" if whole.counted_by else "the first name"), "due"))
        if whole.remarks:
            facts.append(Fact("Differences", f"{whole.differences} What was done: {whole.remarks}.", "due"))
        head = across(Pill("Open" if whole.is_open else "Signed", "due" if whole.is_open else "done"), STRETCH)
        content = holding(down(head, Text(f"Inventory of {day(whole.taken_on)}", 20, 600), FactList(facts), STRETCH, gap=12))
        if not whole.is_open:
            self.page.show_detail(content, Button.for_action(self.paper, "primary", icon="printer"))
            return
        first = self.second if whole.counted_by else self.first
        buttons = [Button.for_action(first, "primary"), Button.for_action(self.paper, icon="printer")]
        self.page.show_detail(content, *buttons, Button.for_action(self.withdraw))


def _due_words(due: BiennialDue) -> str:
    if due.open_id is not None:
        return "one is open"
    return f"next due {day(due.due_on)}" if due.due_on else "none is on file: due now"

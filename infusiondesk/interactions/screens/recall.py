"""Pharmacy, Recall of knowledge: what relied on a row that was corrected, line by line, until each is closed."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from infusiondesk.foundation.kernel.ismp import counted, day, moment
from infusiondesk.foundation.kernel.people import Area, Query, Verb
from infusiondesk.foundation.paper.stationery import Printing
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import ChoiceField, LongTextField
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.choice import SegmentedChoice
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.interactions.documents import draw_recall_report, recall_report
from infusiondesk.interactions.rules.recall import ClosingDraft, RecallLine, Relied
from infusiondesk.interactions.rules.words import RecallDone
from infusiondesk.staff.queries import printing_of

SCOPES: Final = ("Open", "Closed", "All")
_TONES: Final[Mapping[Relied, Tone]] = {Relied.AT_HOME: "danger", Relied.PREPARED: "due", Relied.DECISION: "accent"}


def _state(line: RecallLine) -> str:
    if line.closing is not None:
        return line.closing.done
    return "stricter now" if line.is_stricter else "open"


def _state_tone(line: RecallLine) -> Tone:
    if line.closing is not None:
        return "done"
    return "danger" if line.is_stricter else "due"


COLUMNS: Sequence[Column[RecallLine]] = (
    Column("Relied on it", lambda line: line.kind.value, tone=lambda line: _TONES[line.kind], shape=True, width=136),
    Column("Patient", lambda line: line.patient, strong=True, second=lambda line: line.mrn, stretch=2),
    Column("What", lambda line: line.subject, wraps=True, stretch=3),
    Column(
        "Corrected",
        lambda line: line.row,
        second=lambda line: day(line.corrected_at.date()) if line.corrected_at else "",
        stretch=2,
    ),
    Column("State", _state, tone=_state_tone, shape=True, width=132),
)


class RecallScreen(Screen):
    """Lines of every recall; the journey that finds and closes them is handed in."""

    stale_on = frozenset({Area.INTERACTIONS, Area.CATALOG, Area.COMPOUNDING, Area.DISPENSING, Area.ORDERS})

    def __init__(self, desk: Desk, lines: Query[Any, ..., Any], close: Verb[Any, ..., Any]) -> None:
        super().__init__(desk)
        self._lines, self._close = lines, close
        self._all: list[RecallLine] = []
        self.close_line = self.act("Close the line", "Ctrl+Return", self.open_closing, close)
        self.chart = self.act("Open chart", "Ctrl+O", self.open_chart)
        self.report = self.act("Print the report", "Ctrl+P", self.print_report)
        self._may_close = self.close_line.isEnabled()
        self.scope = SegmentedChoice("Show", SCOPES, chosen=0, switch=True)
        actions = [self.scope, Button.for_action(self.report, icon="printer", dense=True)]
        self.page = ListDetail("Recall of knowledge", "", actions=actions)
        empty = EmptyState("check-circle", "Nothing to recall", "A corrected rule or stability lists here what relied on it.")
        self.table: RowsTable[RecallLine] = RowsTable(COLUMNS, name="Recall of knowledge", empty=empty)
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Ctrl+Enter", "close the line")])
        self.scope.chosen_changed.connect(lambda _: self._arrange())
        self.table.chosen_changed.connect(lambda _: self._show())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, self._lines, self._arrived)

    def _arrived(self, lines: Sequence[RecallLine]) -> None:
        self._all = list(lines)
        still_open = sum(line.closing is None for line in lines)
        self.page.head.remark.say(f"{counted(still_open, 'line')} open" if still_open else "every line is closed" if lines else "")
        self._arrange()

    def _arrange(self) -> None:
        self.table.show_rows(self._shown())
        if self.table.chosen() is None:
            self.table.choose_first()
        self.report.setEnabled(bool(self._shown()))
        self._show()

    def _shown(self) -> list[RecallLine]:
        wanted = {0: (False,), 1: (True,)}.get(self.scope.chosen() or 0, (False, True))
        return [line for line in self._all if (line.closing is not None) in wanted]

    # Doing.

    def open_closing(self) -> None:
        """Open the form of the chosen line."""
        if (line := self.table.chosen()) is not None:
            self._edit(line.id)

    def open_editor(self, name: str) -> None:
        self._edit(name.removeprefix("close "))

    def _edit(self, line_id: str) -> None:
        fields = (
            ChoiceField("done", "What was done", required=True, choices=[one.value for one in RecallDone], spread=False),
            LongTextField("reason", "How", required=True, lines=3, hint="whom you reached, what is replaced, why no harm"),
        )
        editor = Editor(
            self.desk,
            f"close {line_id}",
            "Close this line",
            fields,
            ClosingDraft(),
            self._close,
            given=lambda typed: {"line_id": line_id, "draft": typed},
            said="Closed.",
            explanation="It is kept with your name and cannot be taken back.",
        )
        self.begin(editor)
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._show())
        editor.cancelled.connect(self._show)

    def open_chart(self) -> None:
        """Open the chart of the line's patient."""
        if (line := self.table.chosen()) is not None:
            self.patient_chosen.emit(line.patient_id)

    def print_report(self) -> None:
        """Every line of the chosen row's recall, open and closed."""
        chosen = self.table.chosen()
        lines = [line for line in self._all if chosen is None or line.row_key == chosen.row_key]
        if lines:
            self.desk.ask(self, printing_of, partial(self._draw, lines))

    def _draw(self, lines: Sequence[RecallLine], printing: Printing) -> None:
        facts = recall_report(lines, self.desk.store.clock.now().astimezone(self.desk.store.clock.zone).date())
        self.desk.draw(self, partial(draw_recall_report, facts, printing), partial(self._show_paper, facts.record.id))

    def _show_paper(self, mark: str, pdf: bytes) -> None:
        shown = PaperShown("Recall of knowledge", pdf, f"{mark.lower()}.pdf", "recall_closing", area=Area.INTERACTIONS)
        self.paper_ready.emit(shown)

    # Showing.

    def _show(self) -> None:
        if self.editor is not None:
            return
        line = self.table.chosen()
        if self._may_close:
            self.close_line.setEnabled(line is not None and line.closing is None)
        self.chart.setEnabled(line is not None)
        if line is None:
            self.page.show_detail(None)
            return
        buttons = [Button.for_action(self.close_line, "primary", icon="check")] if line.closing is None else []
        self.page.show_detail(_one(line), *buttons, Button.for_action(self.chart))


def _one(line: RecallLine) -> QWidget:
    head = across(
        Pill(line.kind.value.capitalize(), _TONES[line.kind]), Pill(_state(line).capitalize(), _state_tone(line)), STRETCH
    )
    about = [
        Fact("Patient", f"{line.patient}, {line.mrn}"),
        Fact("Said then", line.then),
        Fact("Says now", line.now, "due" if line.is_stricter else None),
        Fact("Corrected", f"{day(line.corrected_at.date())} by {line.corrected_by}" if line.corrected_at else "with the release"),
        Fact("Because", line.because),
    ]
    if line.closing is not None:
        closing = line.closing
        about += [
            Fact("Done", closing.done, "done"),
            Fact("How", closing.reason),
            Fact("Closed", f"{moment(closing.at)} by {closing.by}"),
        ]
    title = Text(line.row, 16, 600, wraps=True)
    return holding(down(head, title, Text(line.subject, 13, wraps=True), FactList(about), STRETCH, gap=12))

"""Labs, Labs to review: the queue at the left, the report in the middle, the decision at the right."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from infusiondesk.foundation.kernel.ismp import moment
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.frame.list_detail import TitleRow
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, clear, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.card import Card
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.scroll import Scroll
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.labs import queries, service
from infusiondesk.labs.queries import FindingRow, OpenReport, QueueRow
from infusiondesk.labs.screens.deciding import DecisionPanel
from infusiondesk.labs.screens.showing import (
    LINES,
    earlier_card,
    not_checked_card,
    print_report,
    queue_tone,
    why_panel,
)
from infusiondesk.labs.service import TakenIn

LEAST_FOR_THREE: Final = 960
QUEUE, DECISION = 300, 308
FILES: Final = "HL7 results (*.hl7 *.oru *.txt *.dat *.msg);;All files (*)"


def _due_tone(row: QueueRow) -> Any:
    if row.is_late or row.due.startswith("call"):
        return "danger"
    return "due" if row.due == "same day" else None


QUEUE_COLUMNS: Sequence[Column[QueueRow]] = (
    Column("", lambda row: "", tone=lambda row: queue_tone(row.level), shape=True, width=32),
    Column("Result", lambda row: row.lead, strong=True, second=lambda row: row.patient, stretch=1, width=140),
    Column("Due", lambda row: row.due, sort=lambda row: row.due_at, tone=_due_tone, right=True, width=102),
)


class LabsToReviewScreen(Screen):
    """What waits for a pharmacist. Where the window is narrow, list and report take turns: Enter opens, Escape goes back."""

    stale_on = frozenset({Area.LABS, Area.ORDERS, Area.PATIENTS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._opened: OpenReport | None = None
        self._panel: DecisionPanel | None = None
        self._below: Scroll | None = None
        self._typing: dict[UUID, dict[str, str]] = {}
        self._wanted: UUID | None = None
        self._is_narrow = self._is_open = self._shows_taken = False
        self._take = self.act("Take in a file", "Ctrl+I", self.take_in, service.take_in)
        self.act("Why?", "Alt+Y", self.explain)
        self._print = self.act("Print report", "Ctrl+P", self.print_report)
        self._back = Button("Back to the list", "ghost", icon="arrow-left", cap="Esc", dense=True)
        self._back.clicked.connect(self.close_report)
        take = Button.for_action(self._take, icon="download-simple", dense=True)
        paper = Button.for_action(self._print, icon="printer", dense=True)
        self.head = TitleRow("Labs to review", "critical first", [self._back, paper, take])
        self.table: RowsTable[QueueRow] = RowsTable(
            QUEUE_COLUMNS,
            name="Reports to review",
            empty=EmptyState(
                "test-tube", "Nothing to review", "Results that come in wait here, critical ones first.", "Take in a file"
            ),
        )
        self.table.empty.asked.connect(self._take.trigger)
        self.table.chosen_changed.connect(self._ask_report)
        self.table.activated_row.connect(lambda _: self.open_report())
        self._queue = Card(padding=1, gap=0)
        self._queue.add(self.table, 1)
        self._report = Card(padding=16, gap=8)
        self._decision = holding(down())
        self._decision.setFixedWidth(DECISION)
        self._row = QHBoxLayout()
        self._row.setSpacing(16)
        self._row.addWidget(self._queue)
        self._row.addWidget(self._report, 1)
        self._row.addWidget(self._decision)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 12)
        column.setSpacing(12)
        column.addWidget(self.head)
        column.addLayout(self._row, 1)
        self._show_nothing()

    # What the window and the person ask -------------------------------------------------------------------------------

    def reload(self) -> None:
        self.desk.ask(self, queries.to_review, self._show_queue)

    def open_report(self) -> None:
        """Turn from the list to the report, where both do not fit."""
        self._is_open = True
        self._place()
        if self._panel is not None and self._is_narrow:
            self._panel.form.focus_field("action")

    def close_report(self) -> None:
        """Back to the list."""
        self._is_open = False
        self._place()
        self.table.setFocus()

    def explain(self) -> None:
        """Go to the reason of the chosen line."""
        if self._below is not None and self._opened is not None:
            self.open_report()
            self._below.verticalScrollBar().setValue(0)
            self._below.setFocus()

    def take_in(self) -> None:
        """Ask for a file and take its messages in."""
        path = self.choose_file()
        if path is not None:
            self.desk.draw(self, partial(_read, path), partial(self._take_data, path.name))

    def print_report(self) -> None:
        """The paper of the report that is open, reviewed or not."""
        if self._opened is not None:
            print_report(self, self._opened)

    def choose_file(self) -> Path | None:
        """Which file? Qt's own dialog: it looks the same everywhere and takes a typed name."""
        dialog = QFileDialog(self, "Take in laboratory results", "", FILES)
        dialog.setObjectName("choose-lab-file")
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        chosen = dialog.selectedFiles() if dialog.exec() else []
        dialog.deleteLater()
        return Path(chosen[0]) if chosen else None

    # What is being typed ----------------------------------------------------------------------------------------------

    def draft(self) -> dict[str, Any] | None:
        self._remember()
        found = {str(key): typed for key, typed in self._typing.items()}
        return {"editor": "review", "reports": found} if found else None

    def restore_draft(self, kept: dict[str, Any]) -> None:
        self._typing |= {UUID(key): typed for key, typed in kept["reports"].items()}
        if self._panel is not None and self._panel.opened.report.id in self._typing:
            self._panel.form.restore(self._typing[self._panel.opened.report.id])

    def _remember(self) -> None:
        if self._panel is None or not shiboken6.isValid(self._panel):
            return
        key, typed = self._panel.opened.report.id, self._panel.typed()
        if typed is None:
            self._typing.pop(key, None)
        else:
            self._typing[key] = typed

    # Showing ----------------------------------------------------------------------------------------------------------

    def _show_queue(self, rows: Sequence[QueueRow]) -> None:
        waiting = {row.id for row in rows}
        self._remember()
        self._typing = {key: typed for key, typed in self._typing.items() if key in waiting}
        self.table.show_rows(rows)
        late = sum(row.is_late for row in rows)
        self.head.remark.say(f"critical first, {late} late" if late else "critical first")
        if not self._shows_taken:
            self._ask_report(self.table.chosen())

    def _ask_report(self, row: QueueRow | None) -> None:
        if row is None:
            if not self._shows_taken:
                self._wanted = None
                self._remember()
                self._show_nothing()
            return
        self._shows_taken = False
        self._wanted = row.id
        self.desk.ask(self, queries.open_report, partial(self._show_report, row), report_id=row.id, patient_id=row.patient_id)

    def _show_nothing(self) -> None:
        self._opened = self._panel = self._below = None
        clear(self._report.body)
        has_rows = bool(self.table.rows())
        self._report.add(Text("Choose a report." if has_rows else "Nothing waits.", 13, ink="ink2"))
        self._report.add(STRETCH)
        self._clear_decision()
        self._is_open = False
        self._place()

    def _show_report(self, row: QueueRow, opened: OpenReport) -> None:
        if self._wanted != row.id or (self._opened == opened and self._panel is not None):
            return
        self._remember()
        self._opened = opened
        self._show_lines(row, opened)
        self._clear_decision()
        self._panel = DecisionPanel(self.desk, opened, row.due, row.is_late, partial(self._judge_again, row.id))
        if typed := self._typing.get(row.id):
            self._panel.form.restore(typed)
        layout = self._decision.layout()
        if layout is not None:
            layout.addWidget(self._panel)
        self._place()

    def _show_lines(self, row: QueueRow, opened: OpenReport) -> None:
        report = opened.report
        clear(self._report.body)
        chart = Button("Open chart", dense=True, icon="folder-open")
        chart.clicked.connect(lambda: self.patient_chosen.emit(row.patient_id))
        drawn = f"drawn {moment(report.observed_at)}" if report.observed_at else "time of the draw unknown"
        about = f"{row.mrn}. {report.title}, {report.status}, {drawn}, received {moment(report.received_at)}"
        self._report.add(across((Text(row.patient, 20, 600, wraps=True), 1), chart))
        self._report.add(Text(about, 12, ink="ink2", wraps=True))
        if report.is_correction:
            words = "The laboratory corrected or took back an earlier result: look again at what was decided on it."
            self._report.add(Text(words, 13, 600, "due", wraps=True))
        for comment in report.comments:
            self._report.add(Text(comment, 13, wraps=True))
        lines: RowsTable[FindingRow] = RowsTable(LINES, name="Results of this report", empty="The report holds no result.")
        lines.show_rows(report.findings)
        about_line = holding(down())
        below = self._below = Scroll(holding(down(about_line, not_checked_card(report.not_checked), STRETCH, gap=8)))
        lines.chosen_changed.connect(partial(self._show_line, about_line, opened))
        self._report.add(lines, 3)
        self._report.add(below, 2)
        lines.choose_first()
        self._show_line(about_line, opened, lines.chosen())

    def _show_line(self, place: QWidget, opened: OpenReport, line: FindingRow | None) -> None:
        layout = place.layout()
        if layout is None:
            return
        clear(layout)
        parts: list[QWidget] = [] if line is None else [why_panel(line), earlier_card(line, opened.earlier_results)]
        for part in parts:
            layout.addWidget(part)

    def _clear_decision(self) -> None:
        self._panel = None
        layout = self._decision.layout()
        if layout is not None:
            clear(layout)

    # Acting -----------------------------------------------------------------------------------------------------------

    def _judge_again(self, report_id: UUID) -> None:
        self.desk.do(self, service.judge_again, said="Judged with what is known now.", report_id=report_id)

    def _take_data(self, name: str, data: bytes) -> None:
        self.desk.do(self, service.take_in, partial(self._say_taken, name), name=name, data=data)

    def _say_taken(self, name: str, taken: TakenIn) -> None:
        self.desk.interaction.done(f"{name}: {taken.text()}")
        if not (taken.refused or taken.notes or taken.parked):
            return
        self._remember()
        self._wanted = None
        self._opened = self._below = None
        self._clear_decision()
        clear(self._report.body)
        self._report.add(Text("What was taken in", 20, 600))
        self._report.add(Text(f"{name}: {taken.text()}", 13, wraps=True))
        for refusal in taken.refused:
            where = f"Message {refusal.message}" + (f" ({refusal.control_id})" if refusal.control_id else "")
            self._report.add(Text(f"{where} was refused: {refusal.sentence}", 13, ink="due", wraps=True))
        for note in taken.notes:
            self._report.add(Text(note, 13, ink="ink2", wraps=True))
        if taken.parked:
            self._report.add(Text("What has no patient waits under Unmatched results.", 13, wraps=True))
        go_on = Button("Go on", "primary", icon="check")
        go_on.clicked.connect(self._leave_taken)
        self._report.add(across(go_on, STRETCH))
        self._report.add(STRETCH)
        self._shows_taken = self._is_open = True
        self._place()

    def _leave_taken(self) -> None:
        self._shows_taken = self._is_open = False
        self._ask_report(self.table.chosen())
        self._place()

    # Room -------------------------------------------------------------------------------------------------------------

    def _place(self) -> None:
        is_single = self._is_narrow and self._is_open
        self._queue.setVisible(not is_single)
        self._queue.setFixedWidth(QUEUE) if not self._is_narrow else self._queue.setFixedWidth(max(240, self.width() - 40))
        self._report.setVisible(not self._is_narrow or self._is_open)
        self._decision.setVisible(self._panel is not None and (not self._is_narrow or self._is_open))
        self._back.setVisible(is_single)
        self._print.setEnabled(self._opened is not None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._is_narrow = self.width() < LEAST_FOR_THREE
        self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._is_narrow and self._is_open:
            self.close_report()
            return
        super().keyPressEvent(event)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"{path.name} cannot be read: {error.strerror or 'unknown reason'}.") from error

"""Library, Codes: billing codes with their days, and taking the quarterly file of CMS in, with progress and a report."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QProgressBar, QVBoxLayout, QWidget

from infusiondesk.catalog import queries, service
from infusiondesk.catalog.exchange import CodesRead, read_codes
from infusiondesk.catalog.queries import CodeRow, CodesFound
from infusiondesk.catalog.rules import CodeEntry, CodeReport
from infusiondesk.catalog.screens.wording import search_line
from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.choice import SegmentedChoice
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone

UNIT: Final = 250  # codes in one transaction, so that another desk's save is never held up
NAMED: Final = 30  # codes of each kind named in the report; the rest are counted
PAUSE_MS: Final = 150


def _force_of(row: CodeRow) -> str:
    if row.is_in_force:
        return "in force"
    return f"ended {day(row.terminated_on)}" if row.terminated_on else "not yet"


def _tone(row: CodeRow) -> Tone:
    return "done" if row.is_in_force else "neutral"


COLUMNS: Sequence[Column[CodeRow]] = (
    Column("Code", lambda row: row.code, strong=True, width=84),
    Column("Meaning", lambda row: row.label, stretch=3),
    Column("Kind", lambda row: row.kind.replace("_", " "), stretch=1),
    Column("Added", lambda row: day(row.added_on) if row.added_on else "not given", sort=lambda row: row.added_on, width=110),
    Column("Today", _force_of, tone=_tone, shape=True, width=150),
)


@dataclass
class _Import:
    """A file being taken in: what is left of it, and what came of it so far."""

    source: str
    rows: Sequence[CodeEntry]
    refused: Sequence[str]
    taken: int = 0
    is_stopped: bool = False
    report: CodeReport = field(default_factory=lambda: CodeReport(0))


class CodesScreen(Screen):
    """HCPCS and CPT codes; one that ended stays, for the days on which it was right."""

    stale_on = frozenset({Area.CATALOG})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._import: _Import | None = None
        self.take_in = self.act("Import a CMS file", "Ctrl+I", self.choose_file, service.import_codes)
        self.search = search_line("Find a code or a word")
        self.scope = SegmentedChoice("Show", ["All", "In force"], chosen=0, switch=True)
        button = Button.for_action(self.take_in, icon="download-simple", dense=True)
        self.page = ListDetail("Codes", "for claims; our own short labels", actions=[self.search, self.scope, button])
        empty = EmptyState("list-numbers", "No code here", "Try another word, or import the quarterly file of CMS.")
        self.table: RowsTable[CodeRow] = RowsTable(COLUMNS, name="Codes", empty=empty)
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Ctrl+I", "import")])
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.reload)
        self.search.textChanged.connect(lambda _: self._pause.start())
        self.scope.chosen_changed.connect(lambda _: self.reload())
        self.table.chosen_changed.connect(self._show)
        self._bar = QProgressBar()
        self._told = Text("", 13, 400, "ink2", wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        in_force = self.scope.chosen() == 1
        self.desk.ask(self, queries.find_codes, self._found, text=self.search.text(), in_force_only=in_force)

    def _found(self, found: CodesFound) -> None:
        self.table.show_rows(found.rows, found.total if found.total > len(found.rows) else None)
        if self.table.chosen() is None:
            self.table.choose_first()

    def _show(self, row: CodeRow | None) -> None:
        if self._import is not None:
            return
        if row is None:
            self.page.show_detail(None)
            return
        facts = [
            Fact("Kind", row.kind.replace("_", " ")),
            Fact("First day", day(row.added_on) if row.added_on else "not given"),
            Fact("Last day", day(row.terminated_on) if row.terminated_on else "still in force"),
            Fact("Source", row.source),
        ]
        head = across(Pill(_force_of(row).capitalize(), _tone(row)), STRETCH)
        label = Text(row.label, 13, 400, "ink2", wraps=True)
        self.page.show_detail(holding(down(head, Text(row.code, 20, 600), label, FactList(facts), STRETCH, gap=12)))

    # Taking a file in: read on the lane for long work, written in units, each its own transaction.

    def choose_file(self) -> None:
        """Ask for the file."""
        name, _ = QFileDialog.getOpenFileName(self, "Import a CMS code file", "", "Code files (*.txt *.csv);;All files (*)")
        if name:
            self.import_file(Path(name))

    def import_file(self, path: Path) -> None:
        """Take a published code file in."""
        self.desk.draw(self, lambda: _read(path), lambda read: self._begin(path.stem, read))

    def _begin(self, source: str, read: CodesRead) -> None:
        entries = [row.entry() for row in read.rows]
        self._import = _Import(source, entries, [line.sentence for line in read.refused])
        self.take_in.setEnabled(False)
        self._bar = QProgressBar()
        self._bar.setAccessibleName("Codes taken in")
        self._bar.setRange(0, max(1, len(entries)))
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        self._told = Text("", 13, 400, "ink2", wraps=True)
        stop = Button("Stop after this part", key="Esc")
        stop.clicked.connect(self._stop)
        self.page.show_detail(
            holding(down(Text(f"Importing {source}", 20, 600, wraps=True), self._bar, self._told, STRETCH, gap=12)), stop
        )
        self.page.open_drawer()
        self._next()

    def _next(self) -> None:
        job = self._import
        if job is None:
            return
        self._bar.setValue(job.taken)
        self._told.say(f"Code {job.taken:,} of {len(job.rows):,}. You can go on working.")
        unit = job.rows[job.taken : job.taken + UNIT]
        if not unit or job.is_stopped:
            self._finish(job)
            return
        self.desk.do(self, service.import_codes, self._taken, rows=unit, source=job.source, when_refused=self._refused)

    def _taken(self, report: CodeReport) -> None:
        if (job := self._import) is not None:
            job.report += report
            job.taken += report.read
            self._next()

    def _refused(self, refusal: Refused) -> None:
        self._told.say(refusal.sentence, "danger")
        if self._import is not None:
            self._finish(self._import)

    def _stop(self) -> None:
        if self._import is not None:
            self._import.is_stopped = True

    def _finish(self, job: _Import) -> None:
        left = len(job.rows) - job.taken
        title = f"{job.source} imported" if not left else f"{job.source} stopped, {left:,} codes left"
        not_taken = [*job.refused, *(f"{code}: {why}." for code, why in (job.report.refused or {}).items())]
        parts: list[QWidget | Text] = [Text(title, 20, 600, wraps=True), Text(job.report.text(), 13, 400, "ink2", wraps=True)]
        for words, codes in (("New", job.report.added), ("Ended", job.report.ended), ("Other days", job.report.changed)):
            if codes:
                parts += [SectionTitle(words, f"{len(codes):,}", px=14), Text(_named(codes, ", "), 13, wraps=True)]
        if not_taken:
            parts += [SectionTitle("Not taken", f"{len(not_taken):,}", px=14), Text(_named(not_taken, " "), 13, wraps=True)]
        close = Button("Close the report", "primary", key="Esc")
        close.clicked.connect(self._close_report)
        self.page.show_detail(holding(down(*parts, STRETCH, gap=10)), close)

    def _close_report(self) -> None:
        self._import = None
        self.take_in.setEnabled(True)
        self._show(self.table.chosen())


def _read(path: Path) -> CodesRead:
    try:
        return read_codes(path.read_bytes())
    except OSError:
        raise Refused(f"{path.name} cannot be read. Copy it to this computer and try again.") from None


def _named(words: Sequence[str], between: str) -> str:
    more = f"{between}and {len(words) - NAMED:,} more" if len(words) > NAMED else ""
    return between.join(words[:NAMED]) + more

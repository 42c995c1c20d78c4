"""Taking a published file in from a screen: read beside the window, written part by part, stopped at any part, told at the end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QProgressBar, QWidget

from infusiondesk.catalog import queries, service
from infusiondesk.catalog.exchange import Published, read_file
from infusiondesk.catalog.queries import FileRow
from infusiondesk.catalog.rules import FileKind, FileReport
from infusiondesk.catalog.screens.wording import breakable
from infusiondesk.foundation.kernel.clock import today
from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text

NAMED: Final = 30  # codes or lines of each kind named in the report; the rest are counted


@dataclass
class _Job:
    """A file being taken in: how far it is, and what came of it so far."""

    read: Published
    report: FileReport
    taken: int = 0
    is_stopped: bool = False
    is_over: bool = False
    refused: list[str] = field(default_factory=list)


class FileImport(QObject):
    """The import of a screen; its progress and its report stand in the detail of the screen's page."""

    def __init__(self, desk: Desk, page: ListDetail, action: QAction, ended: Callable[[], None]) -> None:
        super().__init__(page)
        self.desk, self.page, self.action, self._ended = desk, page, action, ended
        self._is_allowed = action.isEnabled()
        self._job: _Job | None = None
        self._bar = QProgressBar()
        self._told = Text("", 13, 400, "ink2", wraps=True)

    @property
    def is_showing(self) -> bool:
        """Whether the detail belongs to a running import or to its report."""
        return self._job is not None

    def choose_file(self) -> None:
        """Ask for the file."""
        known = "Published files (*.txt *.csv *.gz);;All files (*)"
        name, _ = QFileDialog.getOpenFileName(self.page, "Import a published file", "", known)
        if name:
            self.take(Path(name))

    def take(self, path: Path) -> None:
        """Read the file beside the window, then begin."""
        if self._job is None:
            on = today(self.desk.store.clock)
            self.desk.draw(self, lambda: read_file(path, on), self._arrived)

    def _arrived(self, read: Published) -> None:
        self.desk.ask(self, queries.taken_before, lambda before: self._begin(read, before), digest=read.file.digest)

    def _begin(self, read: Published, before: FileRow | None) -> None:
        if self._job is not None:
            return
        self.action.setEnabled(False)
        self._job = _Job(read, FileReport(read.file.kind, 0), refused=[line.sentence for line in read.refused])
        if before is not None:
            when = f"{day(before.completed_at)} by {before.completed_by}"
            sentence = f"This file was taken in on {when}, as {before.name}. Nothing was changed."
            self._show_report(f"{read.file.name} is here already", [Text(breakable(sentence), 13, 400, "ink2", wraps=True)])
            return
        self._bar = QProgressBar()
        self._bar.setAccessibleName("Lines taken in")
        self._bar.setRange(0, max(1, read.file.total))
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        self._told = Text("", 13, 400, "ink2", wraps=True)
        about = Text(read.file.kind.words, 13, 400, "ink2")
        title = Text(f"Importing {breakable(read.file.name)}", 20, 600, wraps=True)
        progress = holding(down(title, about, self._bar, self._told, STRETCH, gap=12))
        if service.part_of(read.file) < read.file.total:
            stop = Button("Stop after this part", key="Esc")
            stop.clicked.connect(self._stop)
            self.page.show_detail(progress, stop)
        else:
            self.page.show_detail(progress)
        self.page.open_drawer()
        self._next(self._job)

    def _next(self, job: _Job) -> None:
        file = job.read.file
        self._bar.setValue(job.taken)
        self._told.say(f"{job.taken:,} of {file.total:,} {file.kind.noun}. You can go on working.")
        rows = job.read.rows[job.taken : job.taken + service.part_of(file)]
        if not rows or job.is_stopped:
            self._finish(job)
            return
        self.desk.do(
            self,
            service.take_file,
            lambda report: self._taken(job, report),
            when_refused=self._refused,
            when_failed=lambda: self._failed(job),
            file=file,
            first=job.taken,
            rows=rows,
        )

    def _taken(self, job: _Job, report: FileReport) -> None:
        if job is not self._job or job.is_over:
            return  # it failed, and the part was tried once more from the message bar: the next import begins anew
        job.report += report
        job.taken += report.read
        self._next(job)

    def _refused(self, refusal: Refused) -> None:
        if self._job is not None:
            said = [Text(refusal.sentence, 13, 400, "danger", wraps=True)]
            self._show_report(f"{self._job.read.file.name} was not taken in", said)

    def _failed(self, job: _Job) -> None:
        """What the message bar says went wrong ends the import: nothing is left that waits for a part which never comes."""
        if job is self._job and not job.is_over:
            sentence = "Something went wrong; the message says what. Nothing of it speaks; the next import begins anew."
            self._show_report(f"{job.read.file.name} was not taken in", [Text(sentence, 13, 400, "danger", wraps=True)])

    def _stop(self) -> None:
        if self._job is not None:
            self._job.is_stopped = True

    def _finish(self, job: _Job) -> None:
        file = job.read.file
        if job.taken < file.total:
            sentence = (
                f"{job.taken:,} of {file.total:,} {file.kind.noun} were read. None of them speaks; the next import begins anew."
            )
            self._show_report(f"{file.name} stopped", [Text(breakable(sentence), 13, 400, "ink2", wraps=True)])
            return
        codes = job.report.codes
        parts: list[QWidget] = [Text(job.report.text(), 13, 400, "ink2", wraps=True)]
        if file.as_of is not None and file.last_day is not None:
            parts.append(Text(f"In force {day(file.as_of)} to {day(file.last_day)}.", 13, 400, "ink2", wraps=True))
        for words, named in (("New", codes.added), ("Ended", codes.ended), ("Other days", codes.changed)):
            if named:
                parts += [SectionTitle(words, f"{len(named):,}", px=14), Text(_named(named, ", "), 13, wraps=True)]
        self._show_report(f"{file.name} imported", parts)

    def _show_report(self, title: str, parts: Sequence[QWidget]) -> None:
        job = self._job
        assert job is not None
        job.is_over = True
        not_taken = [*job.refused, *(f"{code}: {why}." for code, why in (job.report.codes.refused or {}).items())]
        more: list[QWidget] = []
        if not_taken:
            more = [SectionTitle("Not taken", f"{len(not_taken):,}", px=14), Text(_named(not_taken, " "), 13, wraps=True)]
        close = Button("Close the report", "primary", key="Esc")
        close.clicked.connect(self._close)
        self.page.show_detail(holding(down(Text(breakable(title), 20, 600, wraps=True), *parts, *more, STRETCH, gap=10)), close)
        self.page.open_drawer()

    def _close(self) -> None:
        self._job = None
        self.action.setEnabled(self._is_allowed)
        self._ended()


def file_words(row: FileRow | None, kind: FileKind) -> str:
    """Which file a list is from, for the line beside its title."""
    return f"{row.name}, taken in {day(row.completed_at)}" if row is not None else f"no {kind.words} taken in yet"


def _named(words: Sequence[str], between: str) -> str:
    more = f"{between}and {len(words) - NAMED:,} more" if len(words) > NAMED else ""
    return between.join(words[:NAMED]) + more

"""Library, Codes: billing codes with their days; the quarterly file of CMS is taken in here."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.catalog import queries, service
from infusiondesk.catalog.queries import CodeRow, CodesFound
from infusiondesk.catalog.screens.importing import FileImport
from infusiondesk.catalog.screens.wording import search_line
from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.choice import SegmentedChoice
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone

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


class CodesScreen(Screen):
    """HCPCS and CPT codes; one that ended stays, for the days on which it was right."""

    stale_on = frozenset({Area.CATALOG})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.take_in = self.act("Import a CMS file", "Ctrl+I", lambda: self.files.choose_file(), service.take_file)
        self.search = search_line("Find a code or a word")
        self.scope = SegmentedChoice("Show", ["All", "In force"], chosen=0, switch=True)
        button = Button.for_action(self.take_in, icon="download-simple", dense=True)
        self.page = ListDetail("Codes", "for claims; our own short labels", actions=[self.search, self.scope, button])
        empty = EmptyState("list-numbers", "No code here", "Try another word, or import the quarterly file of CMS.")
        self.table: RowsTable[CodeRow] = RowsTable(COLUMNS, name="Codes", empty=empty)
        self.files = FileImport(desk, self.page, self.take_in, self._import_ended)
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Ctrl+I", "import")])
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.reload)
        self.search.textChanged.connect(lambda _: self._pause.start())
        self.scope.chosen_changed.connect(lambda _: self.reload())
        self.table.chosen_changed.connect(self._show)
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
        if self.files.is_showing:
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

    def _import_ended(self) -> None:
        self._show(self.table.chosen())

    def import_file(self, path: Path) -> None:
        """Take a published file in."""
        self.files.take(path)

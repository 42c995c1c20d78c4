"""Library, NDC directory: the packages that labelers list with the FDA, with their billing units; the files are taken in here."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.catalog import queries, service
from infusiondesk.catalog.queries import NdcFound, PackageRow, PackagesFound
from infusiondesk.catalog.rules import FileKind
from infusiondesk.catalog.screens.importing import FileImport, file_words
from infusiondesk.catalog.screens.ndc_facts import parts_of
from infusiondesk.catalog.screens.wording import search_line
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable

PAUSE_MS = 200

COLUMNS: Sequence[Column[PackageRow]] = (
    Column("Label name", lambda row: row.label_name, strong=True, second=lambda row: row.labeler, stretch=2),
    Column("Strength", lambda row: row.strength, wraps=True, stretch=1),
    Column("Package", lambda row: row.package, wraps=True, stretch=3),
    Column("NDC", lambda row: row.printed, width=128),
)


class NdcDirectoryScreen(Screen):
    """Twenty thousand packages and more: searched in the store, the first few hundred shown."""

    stale_on = frozenset({Area.CATALOG})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.take_in = self.act("Import a file", "Ctrl+I", lambda: self.files.choose_file(), service.take_file)
        self.search = search_line("Find a name or NDC")
        button = Button.for_action(self.take_in, icon="download-simple", dense=True)
        self.page = ListDetail("NDC directory", "", actions=[self.search, button])
        empty = EmptyState(
            "barcode",
            "No package here",
            "Import the NDC directory of the FDA, or the NDC-HCPCS crosswalk of CMS; or try another word.",
        )
        self.table: RowsTable[PackageRow] = RowsTable(COLUMNS, name="NDC directory", empty=empty)
        self.files = FileImport(desk, self.page, self.take_in, self._import_ended)
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Ctrl+I", "import")])
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.reload)
        self.search.textChanged.connect(lambda _: self._pause.start())
        self.table.chosen_changed.connect(self._show)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, queries.find_packages, self._found, text=self.search.text())

    def import_file(self, path: Path) -> None:
        """Take a published file in, whatever it is."""
        self.files.take(path)

    def _found(self, found: PackagesFound) -> None:
        self.page.head.remark.say(file_words(found.directory, FileKind.DIRECTORY))
        self.table.show_rows(found.rows, found.total if found.total > len(found.rows) else None)
        if self.table.chosen() is None:
            self.table.choose_first()

    def _show(self, row: PackageRow | None) -> None:
        if self.files.is_showing:
            return
        if row is None:
            self.page.show_detail(None)
            return
        self.desk.ask(self, queries.look_up_ndc, lambda found: self._tell(row, found), text=row.ndc)

    def _tell(self, row: PackageRow, found: Sequence[NdcFound]) -> None:
        if self.files.is_showing:
            return
        title = Text(f"{row.label_name} {row.strength}".strip(), 20, 600, wraps=True)
        self.page.show_detail(holding(down(title, *parts_of(found, row.printed), STRETCH, gap=10)))

    def _import_ended(self) -> None:
        self._show(self.table.chosen())

"""Patients, Find a patient: by name, record number, birth date or telephone, while one types."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from infusiondesk.foundation.kernel.ismp import day, tall_man
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.fonts import font
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.choice import SegmentedChoice
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.patients import queries
from infusiondesk.patients.queries import FoundPatients, PatientRow
from infusiondesk.patients.rules.banner import STATUS_TONES

PAUSE_MS: Final = 120
PROMPT: Final = "Name, record number, birth date or phone"


def _marks(row: PatientRow) -> str:
    """What a person must know before he takes this row for the right one."""
    found = ["similar name"] if row.has_similar_name else []
    return ", ".join([*found, *([] if row.allergies_are_recorded else ["allergies not recorded"])])


def _mark_tone(row: PatientRow) -> Tone | None:
    if not row.allergies_are_recorded:
        return "danger"
    return "due" if row.has_similar_name else None


def _name(row: PatientRow) -> str:
    return f"{row.name} ({row.preferred_name})" if row.preferred_name else row.name


COLUMNS: Sequence[Column[PatientRow]] = (
    Column("Patient", _name, strong=True, second=lambda row: f"MRN {row.mrn}", stretch=3, width=190),
    Column(
        "Born", lambda row: day(row.born_on), sort=lambda row: row.born_on, second=lambda row: f"{row.age}, {row.sex}", width=124
    ),
    Column("Therapy", lambda row: tall_man(row.therapy), second=lambda row: row.city, stretch=2, width=120),
    Column("Phone", lambda row: row.phone or "none", width=120),
    Column("Watch for", _marks, tone=_mark_tone, shape=True, wraps=True, stretch=2, width=150),
    Column("Status", lambda row: row.status.value.capitalize(), tone=lambda row: STATUS_TONES[row.status], shape=True, width=130),
)


class FindPatientScreen(Screen):
    """Everybody in the pharmacy's care, narrowed with every letter; Enter opens the chart."""

    stale_on = frozenset({Area.PATIENTS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.search = QLineEdit()
        self.search.setObjectName("search")
        self.search.setAccessibleName(PROMPT)
        self.search.setPlaceholderText(PROMPT)
        self.search.setFont(font(13))
        self.search.setFixedHeight(36)
        self.search.setMinimumWidth(260)
        self.search.setMaximumWidth(440)
        self.search.setClearButtonEnabled(True)
        self.search.installEventFilter(self)
        self.setFocusProxy(self.search)
        self.scope = SegmentedChoice("Whom to show", ["In our care", "Everybody"], chosen=0, switch=True)
        self.page = ListDetail("Find a patient", actions=[(self.search, 4), self.scope])
        self.table: RowsTable[PatientRow] = RowsTable(
            COLUMNS,
            name="Patients",
            empty=EmptyState("users", "Nobody found", "Fewer letters find more. Who left our care is under Everybody."),
        )
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Down", "to the list"), ("Enter", "open chart")])
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.reload)
        self.search.textEdited.connect(lambda _: self._pause.start())
        self.search.textChanged.connect(lambda text: None if text else self._pause.start())
        self.scope.chosen_changed.connect(lambda _: self.reload())
        self.search.returnPressed.connect(self._open_first)
        self.table.activated_row.connect(lambda row: self.patient_chosen.emit(row.id))
        self.act("Search", "Ctrl+F", self.search.setFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        open_only = self.scope.chosen() == 0
        self.desk.ask(self, queries.find_patients, self._show, text=self.search.text(), open_only=open_only)

    def _show(self, found: FoundPatients) -> None:
        self.table.show_rows(found.rows, found.total if found.total > len(found.rows) else None)

    def _open_first(self) -> None:
        """Enter in the search line opens the only one who fits; among several the list decides."""
        if self._pause.isActive() or not self.desk.is_idle():
            return
        rows = self.table.rows()
        if len(rows) == 1:
            self.patient_chosen.emit(rows[0].id)
        elif rows:
            self._to_list()

    def _to_list(self) -> None:
        if self.table.chosen() is None:
            self.table.choose_first()
        self.table.setFocus(Qt.FocusReason.TabFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_down = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Down
        if watched is self.search and is_down and self.table.rows():
            self._to_list()
            return True
        return super().eventFilter(watched, event)

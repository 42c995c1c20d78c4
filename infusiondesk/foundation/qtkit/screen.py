"""The base of every screen: knows its Desk, reloads when what it shows became stale, keeps what is being typed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

import shiboken6
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QWidget

from infusiondesk.foundation.kernel.people import Area, Verb
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.tables import RowsTable

KEEP_DRAFT_EVERY_MS = 10_000


@dataclass(frozen=True)
class PaperShown:
    """A paper for the viewer: its title, its bytes, a file name without anybody's name, and what the audit calls it."""

    title: str
    pdf: bytes
    file_name: str
    entity: str
    entity_id: UUID | None = None
    patient_id: UUID | None = None
    area: Area = Area.SETTINGS


class Screen(QWidget):
    """One screen. Subclasses build their layout, declare `stale_on`, and load in `reload`; no decision lives here."""

    stale_on: ClassVar[frozenset[Area]] = frozenset()
    filled_by: ClassVar[str] = ""  # the words of the action without which it shows nothing; pictures of it press that first
    paper_ready = Signal(object)  # PaperShown: the window opens its one paper viewer
    patient_chosen = Signal(object)  # UUID: the window opens this patient's chart
    record_asked = Signal(str, object)  # a screen's title and a record's id: the window opens that screen at the record

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.patient_id: UUID | None = None
        self._is_stale = True
        self._draft_timer = QTimer(self)
        self._draft_timer.setInterval(KEEP_DRAFT_EVERY_MS)
        self._draft_timer.timeout.connect(self.keep_draft)
        self._kept: dict[str, Any] | None = None
        self._place_looked_at: str | None = None
        self.editor: Editor | None = None
        desk.changed.connect(self._hear)

    def reload(self) -> None:
        """Ask the Desk for the rows again."""
        raise NotImplementedError

    def show_patient(self, patient_id: UUID) -> None:
        """Turn to a patient; screens of a chart load his rows."""
        self.patient_id = patient_id
        self.refresh()

    def show_record(self, record_id: UUID) -> None:
        """Turn to one record: the row with this key in the screen's list; a screen that shows records otherwise says how."""
        table = getattr(self, "table", None)
        if not isinstance(table, RowsTable):
            raise NotImplementedError
        table.seek(record_id)
        self.refresh()

    def refresh(self) -> None:
        """Load now if visible, else when shown next."""
        self._is_stale = True
        if self.isVisible():
            self._load()

    def act(self, text: str, shortcut: str, call: Callable[[], None], verb: Verb[Any, ..., Any] | None = None) -> QAction:
        """An action of this screen with its words, key and permission; disabled with the reason when the person may not."""
        action = QAction(text, self)
        action.setShortcut(shortcut)
        action.triggered.connect(call)
        if verb is not None:
            action.setProperty("permission", verb.permission.name)
            if sentence := self.desk.refusal(verb.permission):
                action.setEnabled(False)
                action.setStatusTip(sentence)
                action.setToolTip(sentence)
                action.setWhatsThis(sentence)
        self.addAction(action)
        return action

    # What is being typed survives a crash and a lock -------------------------------------------------

    @property
    def draft_place(self) -> str:
        """Where a kept draft belongs: this screen, this patient."""
        return f"{type(self).__name__}:{self.patient_id or ''}"

    def draft(self) -> dict[str, Any] | None:
        """What is being typed, as text by field; None when no editor is open."""
        return self.editor.snapshot() if self.editor is not None and shiboken6.isValid(self.editor) else None

    def restore_draft(self, kept: dict[str, Any]) -> None:
        """Put kept typing back: opens the editor it was typed in, then fills it."""
        self.open_editor(kept["editor"])
        if self.editor is not None:
            self.editor.restore(kept)

    def open_editor(self, name: str) -> None:
        """Open one of this screen's editors by its name; screens with editors say how."""

    def begin(self, editor: Editor) -> Editor:
        """An editor opens: its typing is kept from now on, until it is saved or cancelled."""
        self.editor = editor
        editor.saved.connect(self._ended)
        editor.cancelled.connect(self._ended)
        return editor

    def _ended(self, *_: object) -> None:
        self.editor = None
        self.keep_draft()

    def keep_draft(self) -> None:
        """Keep the draft in the store if it changed since the last time."""
        typed = self.draft()
        if typed != self._kept:
            self._kept = typed
            self.desk.keep_draft(self.draft_place, typed)

    def stop_keeping(self) -> None:
        """No more keeping by the clock: the window is about to close."""
        self._draft_timer.stop()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draft_timer.start()
        if self._is_stale:
            self._load()

    def _offer_draft(self, kept: dict[str, Any] | None) -> None:
        if kept is not None and self.editor is None:
            self._kept = kept
            self.restore_draft(kept)

    def _load(self) -> None:
        self._is_stale = False
        self.reload()
        if self.draft_place != self._place_looked_at:
            self._place_looked_at = self.draft_place
            self.desk.kept_draft(self, self.draft_place, self._offer_draft)

    def _hear(self, areas: frozenset[Area]) -> None:
        if areas & self.stale_on:
            self.refresh()

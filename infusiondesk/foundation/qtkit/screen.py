"""The base of every screen: knows its Desk, reloads when what it shows became stale, keeps what is being typed."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QWidget

from infusiondesk.foundation.kernel.people import Area, Verb
from infusiondesk.foundation.qtkit.desk import Desk

KEEP_DRAFT_EVERY_MS = 10_000


class Screen(QWidget):
    """One screen. Subclasses build their layout, declare `stale_on`, and load in `reload`; no decision lives here."""

    stale_on: ClassVar[frozenset[Area]] = frozenset()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.patient_id: UUID | None = None
        self._is_stale = True
        self._draft_timer = QTimer(self)
        self._draft_timer.setInterval(KEEP_DRAFT_EVERY_MS)
        self._draft_timer.timeout.connect(self.keep_draft)
        self._kept: dict[str, Any] | None = None
        desk.changed.connect(self._hear)

    def reload(self) -> None:
        """Ask the Desk for the rows again."""
        raise NotImplementedError

    def show_patient(self, patient_id: UUID) -> None:
        """Turn to a patient; screens of a chart load his rows."""
        self.patient_id = patient_id
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
        self.addAction(action)
        return action

    # What is being typed survives a crash and a lock -------------------------------------------------

    @property
    def draft_place(self) -> str:
        """Where a kept draft belongs: this screen, this patient."""
        return f"{type(self).__name__}:{self.patient_id or ''}"

    def draft(self) -> dict[str, Any] | None:
        """What is being typed, as text by field; None when nothing is (the base has no editor)."""
        return None

    def restore_draft(self, typed: dict[str, Any]) -> None:
        """Put kept typing back into the editor."""

    def keep_draft(self) -> None:
        """Keep the draft in the store if it changed since the last time."""
        typed = self.draft()
        if typed != self._kept:
            self._kept = typed
            self.desk.keep_draft(self.draft_place, typed)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draft_timer.start()
        if self._is_stale:
            self._load()

    def _load(self) -> None:
        self._is_stale = False
        self.reload()

    def _hear(self, areas: frozenset[Area]) -> None:
        if areas & self.stale_on:
            self.refresh()

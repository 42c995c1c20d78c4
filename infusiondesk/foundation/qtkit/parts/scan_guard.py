"""Keeps a scan out of a note: what a barcode scanner types into an ordinary field is taken out again and handed on.

    guard = ScanGuard(app)
    guard.scanned.connect(window.understand_scan)      (str: the whole code)

A scanner is a keyboard that types faster than anybody and ends with Enter. While the cursor stands in a line or a note,
the guard counts keys that follow each other within 40 ms; when Enter (or Tab) ends at least eight of them, they were a
scan: the field is as it was before, Enter does nothing there, and the code is told. Fields that are meant for scans
(ScanField, the palette) are left alone. With `within` it watches the fields of one widget only, and ends with it.
"""

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from infusiondesk.foundation.qtkit.parts.scan import SCANNER_MS_A_KEY, SEPARATOR

LEAST_KEYS = 8
_MEANT_FOR_SCANS = ("scan", "palette_words", "password")
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)


class ScanGuard(QObject):
    """Watches the field that has the keyboard."""

    scanned = Signal(str)

    def __init__(self, app: QApplication, within: QWidget | None = None) -> None:
        super().__init__(within or app)
        self._within = within
        self._clock = QElapsedTimer()
        self._burst = ""
        self._before = ""
        self._place = 0
        self._watched: QWidget | None = None
        app.focusChanged.connect(self._turn_to)

    def _turn_to(self, _: QWidget | None, now: QWidget | None) -> None:
        if self._watched is not None:
            self._watched.removeEventFilter(self)
        self._burst = ""
        is_text = isinstance(now, QLineEdit | QPlainTextEdit) and now.objectName() not in _MEANT_FOR_SCANS
        is_ours = self._within is None or (now is not None and self._within.isAncestorOf(now))
        self._watched = now if is_text and is_ours else None
        if self._watched is not None:
            self._watched.installEventFilter(self)
            self._watched.destroyed.connect(self._forget)

    def _forget(self) -> None:
        self._watched = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        is_fast = self._clock.isValid() and self._clock.elapsed() <= SCANNER_MS_A_KEY
        if event.key() in _ENDS:
            return is_fast and self._settle()
        if event.text() and (event.text().isprintable() or event.text() == SEPARATOR):
            if not is_fast or not self._burst:
                self._burst = ""
                self._remember()
            self._burst += event.text()
            self._clock.restart()
            return event.text() == SEPARATOR
        return False

    def _remember(self) -> None:
        field = self._watched
        if isinstance(field, QLineEdit):
            self._before, self._place = field.text(), field.cursorPosition()
        elif isinstance(field, QPlainTextEdit):
            self._before, self._place = field.toPlainText(), field.textCursor().position()

    def _settle(self) -> bool:
        """The keys are over: was that a scan? Then put the field back and tell the code."""
        code, self._burst = self._burst, ""
        if len(code) < LEAST_KEYS:
            return False
        field = self._watched
        if isinstance(field, QLineEdit):
            field.setText(self._before)
            field.setCursorPosition(self._place)
        elif isinstance(field, QPlainTextEdit):
            field.setPlainText(self._before)
            cursor = field.textCursor()
            cursor.setPosition(self._place, QTextCursor.MoveMode.MoveAnchor)
            field.setTextCursor(cursor)
        self.scanned.emit(code)
        return True

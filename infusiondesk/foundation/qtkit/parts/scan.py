"""The field that a barcode scanner types into: it shows whether it listens, what was matched, and what to do if not.

    scan = ScanField("Scan the next item")
    scan.scanned.connect(self.look_up)         the whole code, on Enter or Tab; scan.was_typed() tells hand from scanner
    scan.show_matched("sterile water for injection", "lot 4F1187, matched, 7 of 7")
    scan.show_refused("0.45% sodium chloride 250 mL", "Not in this batch. Set it aside.")
    scan.show_ready("Scan another item, or press Enter to go on")

A scanner is a keyboard that types fast and ends with Enter. Group separators inside a GS1 code arrive as a control
character (often Ctrl+]); QLineEdit would drop it and run two fields together, so it is kept as U+241D on screen and
handed on as the real separator. A code typed by hand is never shown as matched by the scanner.
"""

from typing import Literal

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from infusiondesk.foundation.qtkit.fonts import font
from infusiondesk.foundation.qtkit.icons import draw_icon
from infusiondesk.foundation.qtkit.paint import box, shape, text
from infusiondesk.foundation.qtkit.tokens import Token

SEPARATOR, SHOWN_SEPARATOR = "\x1d", "\u241d"
# Hand typists reach about 10 characters a second; keyboard-wedge scanners send more than 40.
SCANNER_MS_A_KEY = 40
_TALL = 50

State = Literal["ready", "matched", "refused"]
_LOOKS: dict[State, tuple[Token, Token]] = {
    "ready": ("accent", "ink3"),
    "matched": ("done", "ink3"),
    "refused": ("danger", "danger"),
}


class ScanField(QWidget):
    """One line that listens for a code."""

    scanned = Signal(str)

    def __init__(self, prompt: str, *, name: str = "Scan", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prompt = prompt
        self._state: State = "ready"
        self._found = ""
        self._note = ""
        self._clock = QElapsedTimer()
        self._keys = 0
        self._took_ms = 0
        self._was_typed = False
        self._edit = QLineEdit(self)
        self._edit.setProperty("bare", "true")
        self._edit.setFont(font(16))
        self._edit.setFrame(False)
        self._edit.setAccessibleName(name)
        self._edit.setObjectName("scan")
        self._edit.installEventFilter(self)
        self._edit.returnPressed.connect(self._take)
        self._edit.textEdited.connect(self._begin)
        self.setFocusProxy(self._edit)
        self.setFixedHeight(_TALL + 22)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self._describe()

    def show_ready(self, prompt: str | None = None) -> None:
        """Ready for the next code."""
        self._prompt = self._prompt if prompt is None else prompt
        self._become("ready", "", "")

    def show_matched(self, found: str, note: str = "") -> None:
        """The code was understood and belongs here."""
        self._become("matched", found, note)

    def show_refused(self, found: str, what_to_do: str) -> None:
        """The code does not belong here; the sentence says what to do with the thing."""
        self._become("refused", found, what_to_do)

    def state(self) -> Literal["ready", "matched", "refused", "asleep"]:
        """What it shows; asleep when it does not have the focus and would miss a scan."""
        return self._state if self._edit.hasFocus() or self._state != "ready" else "asleep"

    def was_typed(self) -> bool:
        """Whether the last code came from a hand and not from a scanner."""
        return self._was_typed

    def _become(self, state: State, found: str, note: str) -> None:
        self._state, self._found, self._note = state, found, note
        self._edit.clear()
        self._describe()
        self.update()

    def _describe(self) -> None:
        told = ", ".join(part for part in (self._found or self._prompt, self._note) if part)
        self._edit.setAccessibleDescription(told)
        self.setAccessibleDescription(told)

    def _begin(self) -> None:
        if len(self._edit.text()) <= 1:
            self._clock.start()
            self._keys = 0
        self._keys += 1
        self._took_ms = self._clock.elapsed() if self._clock.isValid() else 0
        self.update()

    def _take(self) -> None:
        code = self._edit.text().replace(SHOWN_SEPARATOR, SEPARATOR).strip(" ")
        self._was_typed = self._keys > 0 and self._took_ms > SCANNER_MS_A_KEY * max(1, self._keys - 1)
        self._edit.clear()
        self._keys = 0
        self.scanned.emit(code)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            is_separator = SEPARATOR in event.text() or (
                event.key() == Qt.Key.Key_BracketRight and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            )
            if is_separator:
                self._edit.insert(SHOWN_SEPARATOR)
                return True
            if event.key() == Qt.Key.Key_Tab and self._edit.text():
                self._take()  # some scanners end with Tab; leaving the field half-read would lose the code
                return True
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._edit.setFocus()

    def resizeEvent(self, event: object) -> None:
        self._edit.setGeometry(46, 10, max(40, self.width() - 92), 30)

    def sizeHint(self) -> QSize:
        return QSize(320, _TALL + 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        state = self.state()
        area = QRectF(0, 0, self.width(), _TALL)
        edge, note_ink = _LOOKS[self._state]
        if state == "asleep":
            box(painter, area, 8, "sunken", "control")
        else:
            box(painter, area, 8, "surface", edge, 2)
        draw_icon(painter, "barcode", QRectF(15, 15, 20, 20), "ink3" if state == "asleep" else edge)
        line = QRectF(46, 0, self.width() - 92, _TALL)
        if not self._edit.text():
            if self._state == "ready":
                text(painter, line, self._prompt, 16, 400, "ink3")
            else:
                text(painter, line, self._found, 16, 600, "danger" if self._state == "refused" else "ink")
        kind = {"matched": "check", "refused": "octagon"}.get(self._state)
        spot = QRectF(self.width() - 34, 19, 13, 13)
        if kind == "check":
            shape(painter, "check", spot, "done")
        elif kind == "octagon":
            shape(painter, "octagon", spot, "danger")
        note = self._note or ("Asleep: click here before you scan" if state == "asleep" else "")
        text(painter, QRectF(2, _TALL + 3, self.width() - 4, 18), note, 12, 400, note_ink)

"""A place to sign: empty, locked with its reason, refused with a reason, or signed with name and time.

box = SignatureBox("Nurse, signs last", "ZZTEST Hazel, RN, license ZZ-20417")
box.lock("Opens when the red items are settled")
box.open()                          Enter, Space or a click emits `asked`: show the SignDialog
box.show_signed("ZZTEST Hazel, RN, 27 Nov 2026 10:20")

patient = SignatureBox("Patient or caregiver", "", by_hand=True)      signed with mouse, pen or finger
patient.drawn.connect(...)          strokes() are points from 0 to 1, kept as the signature
patient.refuse("Patient's hand is in a splint")
"""

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from infusiondesk.foundation.qtkit.paint import focus_ring, shape, smooth, text
from infusiondesk.foundation.qtkit.theme import token

Strokes = tuple[tuple[tuple[float, float], ...], ...]
_TOP, _TALL = 22, 66


class SignatureBox(QWidget):
    """One signature."""

    asked = Signal()
    drawn = Signal()

    def __init__(self, label: str, who: str = "", *, by_hand: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label, self._who, self._by_hand = label, who, by_hand
        self._state: Literal["open", "locked", "refused", "signed"] = "open"
        self._words = ""
        self._strokes: list[list[tuple[float, float]]] = []
        self.setFixedHeight(_TOP + _TALL + 24)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(label)
        self._describe()

    def open(self) -> None:
        """It can be signed now."""
        self._become("open", "")

    def lock(self, reason: str) -> None:
        """It cannot be signed yet; the reason stands inside."""
        self._become("locked", reason)

    def refuse(self, reason: str) -> None:
        """The person did not sign; the reason stands inside."""
        self._strokes = []
        self._become("refused", reason)

    def show_signed(self, words: str, strokes: Sequence[Sequence[tuple[float, float]]] = ()) -> None:
        """It is signed: who and when, and the strokes of the hand if there are any."""
        if strokes:
            self._strokes = [list(stroke) for stroke in strokes]
        self._who = words
        self._become("signed", words)

    def strokes(self) -> Strokes:
        """What was drawn by hand, as points from 0 to 1."""
        return tuple(tuple(stroke) for stroke in self._strokes)

    def wipe(self) -> None:
        """Start the drawing again."""
        self._strokes = []
        self._become("open", "")

    def _become(self, state: Literal["open", "locked", "refused", "signed"], words: str) -> None:
        self._state, self._words = state, words
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if state == "open" else Qt.FocusPolicy.NoFocus)
        self._describe()
        self.update()

    def _describe(self) -> None:
        told = {"open": "not signed yet", "locked": self._words, "refused": f"not signed: {self._words}"}
        self.setAccessibleDescription(told.get(self._state, f"signed by {self._words}"))

    def sizeHint(self) -> QSize:
        return QSize(256, self.height())

    def _area(self) -> QRectF:
        return QRectF(0, _TOP, self.width(), _TALL)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._state == "open" and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.asked.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._state != "open" or not self._area().contains(event.position()):
            return
        if self._by_hand:
            self._strokes.append([self._place(event.position())])
            self.update()
        else:
            self.asked.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._state == "open" and self._by_hand and self._strokes and event.buttons():
            self._strokes[-1].append(self._place(event.position()))
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._state == "open" and self._by_hand and self._strokes:
            self.drawn.emit()

    def _place(self, point: QPointF) -> tuple[float, float]:
        area = self._area()
        across = (point.x() - area.x()) / max(1.0, area.width())
        along = (point.y() - area.y()) / area.height()
        return round(min(1.0, max(0.0, across)), 4), round(min(1.0, max(0.0, along)), 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = smooth(QPainter(self))
        text(painter, QRectF(0, 0, self.width(), 18), self._label, 13, 600)
        area = self._area()
        is_open = self._state in ("open", "signed")
        painter.setPen(QPen(token("control"), 1, Qt.PenStyle.SolidLine if is_open else Qt.PenStyle.DashLine))
        painter.setBrush(token("surface" if self._state == "open" else "sunken"))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.fillRect(QRectF(16, _TOP + 50, self.width() - 32, 1), token("line2"))
        self._paint_strokes(painter, area)
        inside = QRectF(16, _TOP + 12, self.width() - 32, 34)
        if self._state == "signed" and not self._strokes:
            shape(painter, "check", QRectF(18, _TOP + 24, 12, 12), "done")
            text(painter, inside.adjusted(20, 0, 0, 0), "Signed with password", 13, 600, "done")
        elif self._state == "locked":
            text(painter, inside, self._words, 13, 400, "ink3", "centre")
        elif self._state == "refused":
            shape(painter, "triangle", QRectF(18, _TOP + 24, 12, 12), "due")
            text(painter, inside.adjusted(20, 0, 0, 0), f"Not signed: {self._words}", 13, 600, "due")
        elif self._state == "open" and not self._strokes:
            text(painter, inside, "Sign here" if self._by_hand else "Sign with your password", 13, 400, "accent", "centre")
        if self.hasFocus():
            focus_ring(painter, area, 8)
        text(painter, QRectF(0, _TOP + _TALL + 4, self.width(), 18), self._who, 12, 400, "ink2")

    def _paint_strokes(self, painter: QPainter, area: QRectF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(token("ink"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        for stroke in self._strokes:
            points = [QPointF(area.x() + area.width() * across, area.y() + area.height() * along) for across, along in stroke]
            path = QPainterPath(points[0])
            for point in points[1:] or points[:1]:
                path.lineTo(point)
            painter.drawPath(path)

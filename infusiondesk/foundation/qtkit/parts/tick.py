"""A check box with its words, painted so that its mark follows the theme.

tick = Tick("Draws labs at the visit")      tick.toggled, tick.isChecked(), tick.setChecked(True)
"""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from infusiondesk.foundation.qtkit.fonts import font, width_of
from infusiondesk.foundation.qtkit.paint import box, focus_ring, shape, text
from infusiondesk.foundation.qtkit.tokens import Token


class Tick(QCheckBox):
    """Yes when ticked."""

    def __init__(self, words: str, *, height: int = 28, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.setFont(font(13))
        self.setFixedHeight(height)
        self.setAccessibleName(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(int(width_of(self.text(), 13)) + 36, self.maximumHeight())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.maximumHeight())

    def hitButton(self, pos: QPoint) -> bool:
        """The words are part of the box."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        middle = self.height() / 2
        mark = QRectF(3, middle - 9, 18, 18)
        usable = self.isEnabled()
        if self.hasFocus():
            focus_ring(painter, mark.adjusted(-3, -3, 3, 3), 6)
        if self.isChecked():
            box(painter, mark, 4, "accent" if usable else "line2")
            shape(painter, "check", mark.adjusted(3.5, 3.5, -3.5, -3.5), "onaccent")
        else:
            edge: Token = "ink2" if self.underMouse() else "control"
            box(painter, mark, 4, "surface" if usable else "sunken", edge if usable else "line2")
        text(painter, QRectF(30, 0, self.width() - 32, self.height()), self.text(), 13, 400, "ink" if usable else "ink3")

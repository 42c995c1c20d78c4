"""One of several, from a list that opens; typing jumps to an entry.

picker = Picker("Payer", ["Blue Plan PPO", "Medicare"], unanswered="Choose a payer")
picker.chosen() -> int | None;   picker.choose(0);   picker.chosen_changed (int, or -1)
"""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from infusiondesk.foundation.qtkit.fonts import font
from infusiondesk.foundation.qtkit.paint import smooth
from infusiondesk.foundation.qtkit.theme import token


class Picker(QComboBox):
    """A closed list of choices; nothing is chosen before somebody chose."""

    chosen_changed = Signal(int)

    def __init__(self, name: str, choices: Sequence[str], *, unanswered: str = "Choose", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(font(13))
        self.setAccessibleName(name)
        self.setPlaceholderText(unanswered)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(14)
        self.offer(choices)
        self.currentIndexChanged.connect(self.chosen_changed.emit)

    def offer(self, choices: Sequence[str]) -> None:
        """Offer these choices; none is chosen."""
        self.clear()
        self.addItems(list(choices))
        self.view().setFont(font(13))
        self.setCurrentIndex(-1)

    def chosen(self) -> int | None:
        """The position of the chosen entry."""
        return self.currentIndex() if self.currentIndex() >= 0 else None

    def choose(self, position: int | None) -> None:
        """Choose an entry, or none."""
        self.setCurrentIndex(-1 if position is None else position)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling a form must never change an answer on the way."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = smooth(QPainter(self))
        painter.setPen(QPen(token("ink2" if self.isEnabled() else "ink3"), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        spot = QRectF(self.width() - 23, self.height() / 2 - 2.5, 10, 5)
        painter.drawPolyline(QPolygonF([spot.topLeft(), spot.center() + (spot.bottomLeft() - spot.topLeft()) / 2, spot.topRight()]))

"""What stands where rows would be: nothing yet, still loading, or could not be read.

empty = EmptyState("test-tube", "No results to review", "New results appear here by themselves.", "Add a result")
empty.asked.connect(self.add_result)
empty.show_loading()        a still skeleton, nothing that blinks
empty.show_failed("The database did not answer. Nothing is lost.")
"""

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from infusiondesk.foundation.qtkit.icons import draw_icon
from infusiondesk.foundation.qtkit.paint import box, shape, smooth, text, wrapped
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.theme import token


class EmptyState(QWidget):
    """An icon in a soft circle, what will be here, and the first thing to do."""

    asked = Signal()

    def __init__(self, icon: str, title: str, sentence: str = "", action: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._title, self._sentence = icon, title, sentence
        self._state: Literal["empty", "loading", "failed"] = "empty"
        self._button = Button(action or "Try again", dense=False, height=34, parent=self)
        self._button.setVisible(bool(action))
        self._has_action = bool(action)
        self._button.clicked.connect(lambda: self.asked.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 138, 16, 16)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        column.addStretch(1)
        self._describe(title, sentence)

    def show_empty(self, title: str | None = None, sentence: str | None = None) -> None:
        """There is nothing; optionally other words for it."""
        self._title = self._title if title is None else title
        self._sentence = self._sentence if sentence is None else sentence
        self._become("empty", self._title, self._sentence)

    def show_loading(self) -> None:
        """The rows are on their way: a still skeleton."""
        self._become("loading", "Loading", "")

    def show_failed(self, sentence: str) -> None:
        """The rows could not be read; the sentence says what is safe."""
        self._failure = sentence
        self._become("failed", "Could not be read", sentence)

    def _become(self, state: Literal["empty", "loading", "failed"], title: str, sentence: str) -> None:
        self._state = state
        self._button.setVisible(self._has_action and state != "loading")
        self._describe(title, sentence)
        self.update()

    def _describe(self, title: str, sentence: str) -> None:
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)

    def sizeHint(self) -> QSize:
        return QSize(320, 190)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = smooth(QPainter(self))
        if self._state == "loading":
            self._paint_skeleton(painter)
            return
        middle = self.width() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(token("dangersoft" if self._state == "failed" else "soft"))
        painter.drawEllipse(QPointF(middle, 42), 26, 26)
        if self._state == "failed":
            shape(painter, "octagon", QRectF(middle - 9, 33, 18, 18), "danger")
        else:
            draw_icon(painter, self._icon, QRectF(middle - 13, 29, 26, 26), "accent")
        text(painter, QRectF(8, 76, self.width() - 16, 22), self.accessibleName(), 15, 600, "ink", "centre")
        for number, line in enumerate(wrapped(self.accessibleDescription(), self.width() - 48)):
            text(painter, QRectF(8, 98 + number * 17, self.width() - 16, 18), line, 12, 400, "ink2", "centre")

    def _paint_skeleton(self, painter: QPainter) -> None:
        y = 14.0
        while y < self.height() - 20:
            box(painter, QRectF(16, y, 110, 10), 4, "line")
            box(painter, QRectF(146, y, max(40.0, self.width() - 190), 10), 4, "line")
            y += 36

"""A few answers under each other, one of them chosen, each with its number key.

reasons = ChoiceList("Reason", ["Patient asked", "Prescriber asked"])      .chosen() -> int | None;  .chosen_changed(int)
"""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from infusiondesk.foundation.qtkit.fonts import width_of
from infusiondesk.foundation.qtkit.paint import box, focus_ring, key_cap, key_cap_width, smooth, text
from infusiondesk.foundation.qtkit.theme import token

ROW = 34


class ChoiceList(QWidget):
    """Radio rows."""

    chosen_changed = Signal(int)

    def __init__(self, name: str, choices: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = list(choices)
        self._chosen: int | None = None
        self.setAccessibleName(name)
        self.setFixedHeight(ROW * len(self._choices))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if self._choices else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._describe()

    def chosen(self) -> int | None:
        """The position of the chosen answer."""
        return self._chosen

    def choose(self, position: int | None) -> None:
        """Choose an answer, or none."""
        if position == self._chosen or (position is not None and not 0 <= position < len(self._choices)):
            return
        self._chosen = position
        self._describe()
        self.update()
        if position is not None:
            self.chosen_changed.emit(position)

    def _describe(self) -> None:
        answer = "nothing is chosen" if self._chosen is None else f"{self._choices[self._chosen]} is chosen"
        self.setAccessibleDescription(f"{answer}; choices: {', '.join(self._choices)}")

    def sizeHint(self) -> QSize:
        return QSize(int(max((width_of(words, 13, 600) for words in self._choices), default=60)) + 80, self.maximumHeight())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.choose(int(event.position().y() // ROW))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and self._choices:
            start = self._chosen if self._chosen is not None else (-1 if step > 0 else len(self._choices))
            self.choose(min(len(self._choices) - 1, max(0, start + step)))
        elif event.text().isdigit() and 1 <= int(event.text()) <= len(self._choices):
            self.choose(int(event.text()) - 1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = smooth(QPainter(self))
        for number, words in enumerate(self._choices):
            row = QRectF(0, number * ROW, self.width(), ROW)
            is_chosen = number == self._chosen
            if is_chosen:
                box(painter, row.adjusted(0, 1, 0, -1), 6, "sel")
            ring = QRectF(10, row.center().y() - 8, 16, 16)
            painter.setPen(QPen(token("accent" if is_chosen else "control"), 2 if is_chosen else 1.2))
            painter.setBrush(token("surface"))
            painter.drawEllipse(ring)
            if is_chosen:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(token("accent"))
                painter.drawEllipse(ring.adjusted(4, 4, -4, -4))
            text(painter, row.adjusted(38, 0, -44, 0), words, 13, 600 if is_chosen else 400)
            cap = str(number + 1)
            if number < 9:
                key_cap(painter, self.width() - 10 - key_cap_width(cap), row.center().y(), cap)
            if self.hasFocus() and (is_chosen or (self._chosen is None and number == 0)):
                focus_ring(painter, row.adjusted(0, 1, 0, -1), 6)

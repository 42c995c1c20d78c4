"""The tabs of a chart: words with a count and its shape, one of them current.

tabs = Tabs("Chart", ["Overview", "Assessment", "Labs and trends"])
tabs.set_count("Labs and trends", 2, "danger");   tabs.chosen_changed.connect(self.show_part)   (str);   tabs.choose("Orders")
"""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from infusiondesk.foundation.qtkit.fonts import font, width_of
from infusiondesk.foundation.qtkit.icons import draw_icon
from infusiondesk.foundation.qtkit.paint import LOOKS, box, focus_ring, shape, smooth, text
from infusiondesk.foundation.qtkit.theme import token
from infusiondesk.foundation.qtkit.tokens import Tone

_MORE = 44


class Tabs(QWidget):
    """A row of tabs, 38 px; those that do not fit are in a menu at the end."""

    chosen_changed = Signal(str)

    def __init__(self, name: str, words: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = list(words)
        self._chosen = self._words[0] if self._words else ""
        self._counts: dict[str, tuple[int, Tone]] = {}
        self.setFixedHeight(38)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self._describe()

    def chosen(self) -> str:
        """The current tab."""
        return self._chosen

    def choose(self, words: str) -> None:
        """Make a tab current."""
        if words in self._words and words != self._chosen:
            self._chosen = words
            self._describe()
            self.update()
            self.chosen_changed.emit(words)

    def set_count(self, words: str, count: int, tone: Tone = "danger") -> None:
        """How many things wait behind a tab; none takes the count away."""
        if count:
            self._counts[words] = (count, tone)
        else:
            self._counts.pop(words, None)
        self._describe()
        self.update()

    def _describe(self) -> None:
        told = [f"{words} {self._counts[words][0]} waiting" if words in self._counts else words for words in self._words]
        self.setAccessibleDescription(f"{self._chosen} is open; tabs: {', '.join(told)}")

    def _width(self, words: str) -> float:
        extra = 20 + width_of(str(self._counts[words][0]), 12, 600) if words in self._counts else 0
        return width_of(words, 13, 600) + extra

    def _areas(self) -> tuple[list[tuple[str, QRectF]], list[str]]:
        """What fits, and what does not; the current tab always fits."""
        whole = 20 + sum(self._width(words) + 22 for words in self._words)
        room = self.width() - 12 - (0 if whole <= self.width() else _MORE)
        shown, hidden, used = [], [], 20.0
        keep = self._width(self._chosen) + 22 if self._chosen else 0.0
        for words in self._words:
            wide = self._width(words) + 22
            later = keep if words != self._chosen and self._words.index(words) < self._words.index(self._chosen) else 0.0
            if used + wide + later <= room or words == self._chosen:
                shown.append((words, QRectF(used, 0, wide - 22, self.height())))
                used += wide
            else:
                hidden.append(words)
        return shown, hidden

    def sizeHint(self) -> QSize:
        return QSize(600, 38)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 38)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        shown, hidden = self._areas()
        for words, area in shown:
            if area.adjusted(-11, 0, 11, 0).contains(QPointF(event.position())):
                self.choose(words)
                return
        if hidden and event.position().x() > self.width() - _MORE:
            menu = QMenu(self)
            menu.setFont(font(13))
            for words in hidden:
                menu.addAction(words).triggered.connect(lambda _=False, one=words: self.choose(one))
            menu.popup(self.mapToGlobal(self.rect().bottomRight()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        place = self._words.index(self._chosen) + step
        if 0 <= place < len(self._words):
            self.choose(self._words[place])

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = smooth(QPainter(self))
        painter.fillRect(self.rect(), token("surface"))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), token("line"))
        shown, hidden = self._areas()
        for words, area in shown:
            is_chosen = words == self._chosen
            wide = width_of(words, 13, 600 if is_chosen else 400)
            text(
                painter, area.adjusted(0, 0, 0, -1), words, 13, 600 if is_chosen else 400, "ink" if is_chosen else "ink2", keep=True
            )
            if words in self._counts:
                count, tone = self._counts[words]
                shape(painter, LOOKS[tone].shape, QRectF(area.x() + wide + 6, 14, 9, 9), LOOKS[tone].ink)
                text(painter, QRectF(area.x() + wide + 18, 0, 40, 37), str(count), 12, 600, LOOKS[tone].ink, keep=True)
            if is_chosen:
                box(painter, QRectF(area.x() - 2, 35, wide + 4, 3), 1.5, "accent")
                if self.hasFocus():
                    focus_ring(painter, area.adjusted(-8, 3, 8, -5), 5)
        if hidden:
            draw_icon(painter, "dots-three", QRectF(self.width() - 34, 9, 20, 20), "ink2")

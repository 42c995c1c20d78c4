"""The foot of the window: the message at the left, the state of the world (database, backup, listener) at the right."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from infusiondesk.foundation.qtkit.fonts import width_of
from infusiondesk.foundation.qtkit.paint import LOOKS, shape, text
from infusiondesk.foundation.qtkit.parts.message_bar import BAR_HEIGHT, MessageBar
from infusiondesk.foundation.qtkit.theme import token
from infusiondesk.foundation.qtkit.tokens import Tone


class StatusItem(NamedTuple):
    """One thing that is well or not: "Backup 24 Nov 2026 07:00"."""

    words: str
    tone: Tone = "done"


class _StatusItems(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._items: tuple[StatusItem, ...] = ()
        self.setFixedHeight(BAR_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("State of the system")

    def show_items(self, items: Sequence[StatusItem]) -> None:
        self._items = tuple(items)
        self.setAccessibleDescription(". ".join(item.words for item in items))
        self.setToolTip("\n".join(item.words for item in items))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(int(sum(width_of(item.words, 12) + 34 for item in self._items)) + 8, BAR_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), 16 * len(self._items) + 24), BAR_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        # Where there is no room for the words the shapes stay, those that are not well keep their words longest.
        painter = QPainter(self)
        room = self.width() - 20.0
        wanted = {item: width_of(item.words, 12) + 18 for item in self._items}
        spoken = set(self._items)
        for item in sorted(self._items, key=lambda one: one.tone != "done"):
            if sum((wanted[one] if one in spoken else 12) + 16 for one in self._items) <= room + 16:
                break
            spoken.discard(item)
        x = self.width() - 20.0
        for item in reversed(self._items):
            look = LOOKS[item.tone]
            if item in spoken:
                wide = width_of(item.words, 12)
                x -= wide
                ink = "ink2" if item.tone in ("done", "neutral", "plain", "accent") else look.ink
                text(painter, QRectF(x, 0, wide + 2, self.height()), item.words, 12, 400 if ink == "ink2" else 600, ink, keep=True)
                x -= 6
            x -= 10
            shape(painter, look.shape, QRectF(x, self.height() / 2 - 5, 10, 10), look.ink)
            x -= 18


class Foot(QWidget):
    """32 px: `message` says what happened, `show_status` the state of the world."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message = MessageBar()
        self._status = _StatusItems()
        self.setFixedHeight(BAR_HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 1, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.message, 1)
        row.addWidget(self._status)

        self.message.said.connect(self._share_out)

    def _share_out(self) -> None:
        """The message comes first; the state of the world gives up its words before the message is cut."""
        left = max(self._status.minimumSizeHint().width(), self.width() - self.message.wanted_width() - 8)
        self._status.setMaximumWidth(min(left, self._status.sizeHint().width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_out()

    def show_status(self, items: Sequence[StatusItem]) -> None:
        """What stands at the right."""
        self._status.show_items(items)
        self._share_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), token("surface"))
        painter.fillRect(QRectF(0, 0, self.width(), 1), token("line"))

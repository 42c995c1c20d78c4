"""Small signs: the status pill (shape and word in a tone), the key cap, and a bare status shape.

Pill("Critical lab", "danger")      Pill("Day 23 of 42", "plain")      pill.say("Active", "done")
KeyCap("Alt+Y")                     Mark("octagon", "danger", "critical")
"""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from infusiondesk.foundation.qtkit.paint import (
    PILL_HEIGHT,
    Shape,
    key_cap,
    key_cap_width,
    pill,
    pill_width,
    shape,
)
from infusiondesk.foundation.qtkit.tokens import Token, Tone


class Pill(QWidget):
    """A state in one or two words, with the shape of its tone."""

    def __init__(
        self,
        words: str,
        tone: Tone = "neutral",
        *,
        mark: Shape | None = None,
        height: int = PILL_HEIGHT,
        px: int = 12,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words, self._tone, self._mark, self._px = words, tone, mark, px
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words)

    def say(self, words: str, tone: Tone | None = None) -> None:
        """Change the words, and the tone if one is given; an empty word hides it."""
        self._words = words
        self._tone = tone or self._tone
        self.setAccessibleName(words)
        self.setVisible(bool(words))
        self.updateGeometry()
        self.update()

    def words(self) -> str:
        """What it says."""
        return self._words

    def sizeHint(self) -> QSize:
        return QSize(pill_width(self._words, self._tone, self._px, self._mark), self.maximumHeight())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), 60), self.maximumHeight())

    def paintEvent(self, event: QPaintEvent) -> None:
        whole = min(self.width(), self.sizeHint().width())
        self.setToolTip(self._words if whole < self.sizeHint().width() else "")
        pill(
            QPainter(self),
            0,
            self.height() / 2,
            self._words,
            self._tone,
            mark=self._mark,
            px=self._px,
            height=self.height(),
            width=whole,
        )


class KeyCap(QWidget):
    """The name of a key, drawn as a key."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.setFixedSize(key_cap_width(words), 18)
        self.setAccessibleName(f"Key {words}")

    def paintEvent(self, event: QPaintEvent) -> None:
        key_cap(QPainter(self), 0, 9, self._words)


class Mark(QWidget):
    """A status shape alone; it needs a word for those who do not see it."""

    def __init__(self, kind: Shape, colour: Token, meaning: str, px: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind, self._colour = kind, colour
        self.setFixedSize(px, px)
        self.setAccessibleName(meaning)
        self.setToolTip(meaning)

    def show_shape(self, kind: Shape, colour: Token, meaning: str) -> None:
        """Change the shape, its colour and its meaning."""
        self._kind, self._colour = kind, colour
        self.setAccessibleName(meaning)
        self.setToolTip(meaning)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        shape(QPainter(self), self._kind, QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), self._colour)

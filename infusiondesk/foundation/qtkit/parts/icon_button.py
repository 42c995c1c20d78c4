"""A button that is an icon; its word is its tool tip and accessible name.

IconButton("bell", "News", key="Ctrl+B")      news.show_dot(True) says that something waits
"""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from infusiondesk.foundation.qtkit.icons import draw_icon
from infusiondesk.foundation.qtkit.paint import box, focus_ring, shape
from infusiondesk.foundation.qtkit.parts.focus import KeyboardButton


class IconButton(KeyboardButton):
    """36 px square, an icon of 20."""

    def __init__(
        self, icon: str, words: str, *, key: str = "", px: int = 20, side: int = 36, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon, self._px, self._has_dot = icon, px, False
        self._words, self._key = words, key
        self.setFixedSize(side, side)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(words)
        self.setToolTip(f"{words}  {key}".strip())
        if key:
            self.setShortcut(QKeySequence(key))

    def show_dot(self, on: bool, words: str = "") -> None:
        """Whether something waits behind it, and what."""
        self._has_dot = on
        self.setAccessibleDescription(words)
        self.setToolTip("  ".join(part for part in (self._words, self._key, words) if part))
        self.update()

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        if self.isDown() or self.underMouse():
            box(painter, area.adjusted(2, 2, -2, -2), 6, "press" if self.isDown() else "side")
        spot = QRectF(0, 0, self._px, self._px)
        spot.moveCenter(area.center())
        draw_icon(painter, self._icon, spot, "ink2" if self.isEnabled() else "ink3")
        if self._has_dot:
            shape(painter, "dot", QRectF(area.right() - 14, area.top() + 6, 9, 9), "accent")
        if self.shows_focus():
            focus_ring(painter, area, 7)

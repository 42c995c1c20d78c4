"""When the ring of focus is shown: always for the keyboard, not after a click of the mouse."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QAbstractButton


class KeyboardButton(QAbstractButton):
    """A button that knows whether the keyboard brought it the focus."""

    _came_by_mouse = False

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self._came_by_mouse = event.reason() == Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def shows_focus(self) -> bool:
        """Whether to draw the ring."""
        return self.hasFocus() and not self._came_by_mouse

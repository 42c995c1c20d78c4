"""What every painted button shares: a ring of focus for the keyboard only, and a key that acts at once."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QShortcutEvent
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

    def event(self, event: QEvent) -> bool:
        # Qt would play an animation of a tenth of a second before it acts on the key of a button.
        if isinstance(event, QShortcutEvent) and not event.isAmbiguous() and event.key() == self.shortcut():
            self.click()
            return True
        return super().event(event)

    def shows_focus(self) -> bool:
        """Whether to draw the ring."""
        return self.hasFocus() and not self._came_by_mouse

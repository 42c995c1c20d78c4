"""The buttons at the bottom of the panel they act on: one primary, then the others two by two, and why one is forbidden.

ActionColumn(Button("Review lab and call prescriber", "primary", icon="phone", height=40),
             Button("Hold next dose", "danger_outline", icon="hand", cap="H"), Button("Open chart", cap="O"))
"""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from infusiondesk.foundation.qtkit.parts.arrange import clear
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.text import Text

GAP = 8


class ActionColumn(QWidget):
    """A column of buttons; the reason of a forbidden button is written above them."""

    def __init__(self, *buttons: Button, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self._buttons: tuple[Button, ...] = ()
        self._placed: list[list[Button]] = []
        self._reason = Text("", 12, 400, "ink2", wraps=True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.show_buttons(*buttons)

    def show_buttons(self, *buttons: Button) -> None:
        """Show these instead of the present ones; the first stands alone, the others in pairs where two fit."""
        self._grid.removeWidget(self._reason)
        clear(self._grid)
        self._buttons = buttons
        self._placed = []
        self._grid.addWidget(self._reason, 0, 0, 1, 2)
        for button in buttons:
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.reason_changed.connect(self._tell_why_not)
        self._place()
        self._tell_why_not()

    def _rows(self) -> list[list[Button]]:
        rows = [[button] for button in self._buttons[:1]]
        rest = self._buttons[1:]
        each = (self.width() - GAP) // 2
        for first in range(0, len(rest), 2):
            pair = list(rest[first : first + 2])
            fits = all(button.sizeHint().width() <= each for button in pair)
            rows += [pair] if fits else [[button] for button in pair]
        return rows

    def _place(self) -> None:
        rows = self._rows()
        if rows == self._placed:
            return
        self._placed = rows
        for button in self._buttons:
            self._grid.removeWidget(button)
        for number, row in enumerate(rows, 1):
            for column, button in enumerate(row):
                self._grid.addWidget(button, number, column, 1, 1 if len(row) > 1 else 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _tell_why_not(self) -> None:
        reasons = list(dict.fromkeys(button.reason for button in self._buttons if button.reason))
        self._reason.say(" ".join(reasons))
        self._reason.setVisible(bool(reasons))

"""The buttons at the bottom of the panel they act on: one primary, then the others two by two, then why not.

ActionColumn(Button("Review lab and call prescriber", "primary", icon="phone", height=40, wide=True),
             Button("Hold next dose", "danger_outline", icon="hand", cap="H"), Button("Open chart", cap="O"))
"""

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from infusiondesk.foundation.qtkit.parts.arrange import across, clear
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.text import Text


class ActionColumn(QWidget):
    """A column of buttons; a button that may not be used has its reason written above the column."""

    def __init__(self, *buttons: Button, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._buttons: tuple[Button, ...] = ()
        self._reason = Text("", 12, 400, "ink2", wraps=True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.show_buttons(*buttons)

    def show_buttons(self, *buttons: Button) -> None:
        """Show these instead of the present ones; the first stands alone, the others in pairs."""
        self._column.removeWidget(self._reason)
        clear(self._column)
        self._buttons = buttons
        self._column.addWidget(self._reason)
        for button in buttons:
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.reason_changed.connect(self._tell_why_not)
        if buttons:
            self._column.addWidget(buttons[0])
        rest = buttons[1:]
        for first in range(0, len(rest), 2):
            pair = rest[first : first + 2]
            too_wide = sum(button.sizeHint().width() for button in pair) > 320
            if too_wide:
                for button in pair:
                    self._column.addWidget(button)
            else:
                self._column.addLayout(across(*((button, 1) for button in pair), gap=8))
        self._tell_why_not()

    def _tell_why_not(self) -> None:
        reasons = list(dict.fromkeys(button.reason for button in self._buttons if button.reason))
        self._reason.say(" ".join(reasons))
        self._reason.setVisible(bool(reasons))

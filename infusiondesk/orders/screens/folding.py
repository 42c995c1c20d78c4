"""What does not interrupt, folded behind one button that says how much it is; mouse and keyboard open it."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from infusiondesk.foundation.qtkit.parts.arrange import Item, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button

KEY = "Alt+M"


class Fold(QWidget):
    """Items that are shown on demand; `told` hears whether they are, so that a screen drawn anew keeps them so."""

    def __init__(self, words: str, items: Sequence[Item], *, is_open: bool, told: Callable[[bool], None]) -> None:
        super().__init__()
        self._words, self._told = words, told
        self.button = Button(f"Show {words}", "ghost", key=KEY, dense=True)
        self.button.setObjectName("fold")
        self.button.clicked.connect(self.turn)
        self._body = holding(down(*items, gap=10))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(across((self.button, 0), (QWidget(), 1)))
        column.addWidget(self._body)
        self._show(is_open)

    def turn(self) -> None:
        """Show what is folded, or fold it again."""
        self._show(self._body.isHidden())
        self._told(not self._body.isHidden())

    def _show(self, is_open: bool) -> None:
        self._body.setVisible(is_open)
        self.button.say(f"{'Hide' if is_open else 'Show'} {self._words}")

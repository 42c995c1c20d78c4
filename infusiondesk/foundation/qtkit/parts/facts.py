"""Label and value rows, the value breaking into lines instead of being cut.

facts = FactList()
facts.show_facts([Fact("Linked order", "vancomycin 1,250 mg IV every 12 hours"),
                  Fact("Doses today", "08:00 not reported yet", "due")])
FactList([("Payer", "Blue Plan PPO"), ("Prescriber", "Dr ZZTEST Maplewood")])     plain pairs do as well
"""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from infusiondesk.foundation.qtkit.paint import LOOKS
from infusiondesk.foundation.qtkit.parts.arrange import clear
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.tokens import Tone


class Fact(NamedTuple):
    """One label and its value; a tone makes the value stand out."""

    label: str
    value: str
    tone: Tone | None = None


class FactList(QWidget):
    """Rows of label and value."""

    def __init__(
        self,
        facts: Sequence[Fact | tuple[str, str]] = (),
        *,
        label_width: int = 112,
        dense: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4 if dense else 7)
        self._grid.setColumnMinimumWidth(0, label_width)
        self._grid.setColumnStretch(1, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.show_facts(facts)

    def show_facts(self, facts: Sequence[Fact | tuple[str, str]]) -> None:
        """Show these rows instead of the present ones; a row without a value is shown as not recorded."""
        clear(self._grid)
        told = []
        for row, one in enumerate(facts):
            fact = one if isinstance(one, Fact) else Fact(*one)
            label = Text(fact.label, 12, 400, "ink3", wraps=True)
            label.setMinimumWidth(self._grid.columnMinimumWidth(0))
            label.setMaximumWidth(self._grid.columnMinimumWidth(0))
            if fact.value:
                value = Text(fact.value, 13, 600 if fact.tone else 400, LOOKS[fact.tone].ink if fact.tone else "ink", wraps=True)
            else:
                value = Text("not recorded", 13, 400, "ink3", wraps=True)
            self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, row, 1)
            told.append(f"{fact.label}: {fact.value or 'not recorded'}")
        self.setAccessibleDescription(". ".join(told))

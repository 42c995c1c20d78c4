"""An alert where it arose: right under the field or row that raised it, with its answers.

alert = AlertInline("Fever with a central line", "Tell the prescriber during this visit. Chills after a flush?",
                    answers=["Yes", "No"])
alert.answered.connect(lambda which: ...)      the position of the answer
alert.settle("Yes, prescriber told, ZZTEST Hazel 09:42")      collapses to one line
AlertInline(title, sentence, tone="due", answers=["Request X-ray"], answer_kind="danger_outline", height=44)
"""

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from infusiondesk.foundation.qtkit.paint import LOOKS, box, shape
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, down
from infusiondesk.foundation.qtkit.parts.button import Button, Kind
from infusiondesk.foundation.qtkit.parts.text import Text


class AlertInline(QWidget):
    """A shape, a title, a sentence and the answers."""

    answered = Signal(int)

    def __init__(
        self,
        title: str,
        sentence: str = "",
        *,
        tone: Literal["danger", "due"] = "danger",
        answers: Sequence[str] = (),
        answer_kind: Kind = "secondary",
        height: int = 36,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tone = tone
        self._is_settled = False
        self._title = Text(title, 14, 600, tone, wraps=True)
        self._sentence = Text(sentence, 13, 400, "ink", wraps=True)
        self._sentence.setVisible(bool(sentence))
        self.buttons = [Button(words, answer_kind, height=height, px=14 if height >= 44 else 13) for words in answers]
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 9, 10, 9)
        row.setSpacing(8)
        row.addSpacing(28)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addLayout(down(STRETCH, self._title, self._sentence, STRETCH, gap=1))
        row.addLayout(words, 1)
        for number, button in enumerate(self.buttons):
            button.clicked.connect(lambda _=False, which=number: self.answered.emit(which))
            row.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)

    def settle(self, words: str) -> None:
        """It was answered: one line, who and when."""
        self._is_settled = True
        for button in self.buttons:
            button.hide()
        self._title.say(f"{self._title.text()}: {words}" if words else self._title.text(), "ink2")
        self._sentence.hide()
        self.setAccessibleDescription(words)
        self.update()

    def is_settled(self) -> bool:
        """Whether it was answered."""
        return self._is_settled

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = LOOKS[self._tone]
        middle = self.height() / 2
        if self._is_settled:
            box(painter, QRectF(self.rect()), 8, "sunken", "line")
            shape(painter, "check", QRectF(18, middle - 7, 14, 14), "done")
            return
        box(painter, QRectF(self.rect()), 8, look.soft, look.line)
        shape(painter, look.shape, QRectF(16, middle - 9, 18, 18), look.ink)

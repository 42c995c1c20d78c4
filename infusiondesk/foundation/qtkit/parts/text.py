"""Words on the glass: a label that knows size, weight and colour by name and never pushes a window wider.

Text("Rx 704118")                                body, 13 px; elided with the whole text as its tool tip
Text("Any sentence", 13, ink="ink2", wraps=True)  breaks into lines
Text("vancomycin 1,250 mg", keeps=True)          a dose: never elided, sets its own minimum width
SectionTitle("Resulting lines", "37 of 40 units ready")
"""

import re

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from infusiondesk.foundation.qtkit.fonts import font
from infusiondesk.foundation.qtkit.paint import Side, text
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Item, add
from infusiondesk.foundation.qtkit.theme import token
from infusiondesk.foundation.qtkit.tokens import Token

_BEFORE_UNIT = re.compile(r"(?<=\d) (?=[A-Za-z°%])")
_HARD_SPACE = "\N{NO-BREAK SPACE}"


class Text(QLabel):
    """One piece of plain text."""

    def __init__(
        self,
        words: str = "",
        px: int = 13,
        weight: int = 400,
        ink: Token = "ink",
        *,
        wraps: bool = False,
        keeps: bool = False,
        right: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._px, self._weight, self._ink, self._keeps, self._right = px, weight, ink, keeps, right
        self.setTextFormat(Qt.TextFormat.PlainText)  # a patient's name may hold a "<"
        self.setFont(font(px, weight))
        self.setWordWrap(wraps)
        if wraps:
            self.setAlignment(Qt.AlignmentFlag.AlignTop | (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft))
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        self.say(words)

    def say(self, words: str, ink: Token | None = None) -> None:
        """Change the words, and their colour if one is given."""
        # "4,860" at the end of a line and "mg" on the next is a misread dose.
        shown = _BEFORE_UNIT.sub(_HARD_SPACE, words) if self.wordWrap() else words
        if (shown, ink or self._ink) == (super().text(), self._ink):
            return  # a form says every remark anew at every key
        self._ink = ink or self._ink
        self.setText(shown)
        self.update()
        self._offer_whole()

    def text(self) -> str:
        """The words as they were said."""
        return super().text().replace(_HARD_SPACE, " ")

    def _offer_whole(self) -> None:
        is_cut = not self.wordWrap() and self.sizeHint().width() > self.width() > 0
        whole = self.text() if is_cut and not self._keeps else ""
        if self.toolTip() != whole:
            self.setToolTip(whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._offer_whole()

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        if self.wordWrap() or self._keeps:
            return hint
        return QSize(min(hint.width(), 24), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        # Painted here and not by QLabel: a style sheet resets a label's palette whenever it is polished again.
        painter = QPainter(self)
        ink: Token = self._ink if self.isEnabled() else "ink3"
        if self.wordWrap():
            painter.setPen(token(ink))
            painter.drawText(self.contentsRect(), int(self.alignment()) | int(Qt.TextFlag.TextWordWrap), super().text())
            return
        side: Side = "right" if self._right else "left"
        if self.alignment() & Qt.AlignmentFlag.AlignHCenter:
            side = "centre"
        text(painter, QRectF(self.contentsRect()), self.text(), self._px, self._weight, ink, side, keep=self._keeps)


class SectionTitle(QWidget):
    """The title of a part of a screen, a quiet remark after it, and room at the right for buttons."""

    def __init__(self, title: str, remark: str = "", *right: Item, px: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Text(title, px, 600)
        self._remark = Text(remark, 13, 400, "ink2")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for item in (self._title, self._remark, STRETCH, *right):
            add(row, item)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)

    def say(self, title: str, remark: str | None = None) -> None:
        """Change the title, and the remark if one is given."""
        self._title.say(title)
        self.setAccessibleName(title)
        if remark is not None:
            self._remark.say(remark)

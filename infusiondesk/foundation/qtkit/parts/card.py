"""A card: a surface with a thin edge that holds one subject.

card = Card("Resulting lines", "37 of 40 units ready", right=[Button("Print")])
card.add(table, 1)
card.add(STRETCH)
Card(kind="sunken", padding=12)      for a remark inside another card
"""

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from infusiondesk.foundation.qtkit.paint import box
from infusiondesk.foundation.qtkit.parts.arrange import Item, add
from infusiondesk.foundation.qtkit.parts.text import SectionTitle
from infusiondesk.foundation.qtkit.tokens import Token

CardKind = Literal["plain", "sunken", "soft"]
_FILLS: dict[CardKind, tuple[Token, Token]] = {
    "plain": ("surface", "line"),
    "sunken": ("sunken", "line"),
    "soft": ("sel", "softline"),
}


class Card(QWidget):
    """A surface with a thin edge; `body` is its column."""

    def __init__(
        self,
        title: str = "",
        remark: str = "",
        *,
        right: Sequence[Item] = (),
        kind: CardKind = "plain",
        padding: int = 16,
        gap: int = 8,
        title_px: int = 16,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind = kind
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(padding, padding - 4 if title else padding, padding, padding)
        self.body.setSpacing(gap)
        self.head: SectionTitle | None = None
        if title:
            self.head = SectionTitle(title, remark, *right, px=title_px)
            self.body.addWidget(self.head)
            self.setAccessibleName(title)

    def add(self, item: Item, share: int = 0) -> None:
        """Put one more item (widget, layout, space, STRETCH) at the end; `share` gives it spare height."""
        if share and isinstance(item, QWidget | QLayout):
            add(self.body, (item, share))
        else:
            add(self.body, item)

    def paintEvent(self, event: QPaintEvent) -> None:
        fill, edge = _FILLS[self._kind]
        box(QPainter(self), QRectF(self.rect()), 8, fill, edge)

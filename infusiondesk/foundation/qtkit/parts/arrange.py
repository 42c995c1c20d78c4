"""Putting parts beside and under each other in one line of code, with the desk's spacing.

    across(Text("Held"), STRETCH, Button("Open"), gap=8)     a row
    down(title, 12, table, STRETCH)                          a column

An item is a widget, a layout, a number (fixed space), STRETCH, or `(item, factor)` to give it a share of the spare room.
"""

from typing import Final, TypeVar

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from infusiondesk.foundation.qtkit.theme import token


class _Stretch:
    pass


STRETCH: Final = _Stretch()
Item = QWidget | QLayout | int | _Stretch | tuple[QWidget | QLayout, int]
Margins = tuple[int, int, int, int]
_Box = TypeVar("_Box", bound=QBoxLayout)


def across(*items: Item, gap: int = 8, margins: Margins = (0, 0, 0, 0)) -> QHBoxLayout:
    """A row of items from left to right."""
    return _filled(QHBoxLayout(), items, gap, margins)


def down(*items: Item, gap: int = 8, margins: Margins = (0, 0, 0, 0)) -> QVBoxLayout:
    """A column of items from top to bottom; end it with STRETCH when rows must not share out the spare height."""
    return _filled(QVBoxLayout(), items, gap, margins)


def add(layout: QBoxLayout, item: Item) -> None:
    """Put one more item at the end of a row or column."""
    if isinstance(item, _Stretch):
        layout.addStretch(1)
    elif isinstance(item, int):
        layout.addSpacing(item)
    elif isinstance(item, tuple):
        part, factor = item
        if isinstance(part, QLayout):
            layout.addLayout(part, factor)
        else:
            layout.addWidget(part, factor)
    elif isinstance(item, QLayout):
        layout.addLayout(item)
    else:
        layout.addWidget(item)


def _filled(layout: _Box, items: tuple[Item, ...], gap: int, margins: Margins) -> _Box:
    layout.setSpacing(gap)
    layout.setContentsMargins(*margins)
    for item in items:
        add(layout, item)
    return layout


def holding(layout: QLayout, *, height: int | None = None) -> QWidget:
    """A plain widget around a layout; with a height it never takes spare room."""
    widget = QWidget()
    widget.setLayout(layout)
    if height is not None:
        widget.setFixedHeight(height)
        widget.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return widget


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)


class Rule(QWidget):
    """A hairline across, decoration only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), token("line"))

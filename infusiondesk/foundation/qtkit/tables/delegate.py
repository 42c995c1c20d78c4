"""How a row is drawn: one line of 36 px or two of 55, weights, tones and shapes; too little room makes a row taller.

A dose, a name or a reason is never cut: what does not fit breaks into lines, and the row takes the height it needs.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from infusiondesk.foundation.qtkit.fonts import width_of
from infusiondesk.foundation.qtkit.paint import LOOKS, Side, key_cap, key_cap_width, shape, smooth, text, unbroken, wrapped
from infusiondesk.foundation.qtkit.tables.column import Column
from infusiondesk.foundation.qtkit.tables.model import ROW_ROLE
from infusiondesk.foundation.qtkit.theme import token
from infusiondesk.foundation.qtkit.tokens import Token

if TYPE_CHECKING:
    from infusiondesk.foundation.qtkit.tables.table import RowsTable

ONE_LINE, TWO_LINES, GROUP = 36, 55, 36
PAD = 8
MOST_LINES = 4
_ALL_LINES = 1_000
_SHAPE = 11


class Cell(NamedTuple):
    """What stands in a cell, before it is broken into lines."""

    words: str
    second: str
    px: int
    weight: int
    lead: int
    """Room for the shape at the left."""
    most: int = MOST_LINES
    """How many lines each of its texts may take."""

    def width(self) -> int:
        """How wide it would like to be, with padding."""
        wide = max(width_of(self.words, self.px, self.weight), width_of(self.second, 12))
        return int(wide) + self.lead + 2 * PAD + 2

    def longest_word(self) -> int:
        """How narrow it can become when its lines are broken."""
        words = [(word, self.px, self.weight) for word in unbroken(self.words)]
        words += [(word, 12, 400) for word in unbroken(self.second)]
        return int(max((width_of(*word) for word in words), default=0.0)) + self.lead + 2 * PAD + 2

    def lines(self, width: float) -> tuple[list[str], list[str]]:
        """The lines of the first text and of the second, in so much room (with padding)."""
        room = width - 2 * PAD - self.lead
        return _broken(self.words, room, self.px, self.weight, self.most), _broken(self.second, room, 12, 400, self.most)


def _broken(words: str, room: float, px: int, weight: int, most: int) -> list[str]:
    if not words or width_of(words, px, weight) <= room + 0.5:
        return [words] if words else []
    return wrapped(words, room, px, weight, most=most)


def cell_of(column: Column[Any], row: Any, *, two: bool, recedes: bool) -> Cell:
    """A cell of a row."""
    tone = column.tone_of(row)
    words = column.text(row)
    is_strong = column.strong or tone in ("danger", "due")
    px = 12 if column.wraps else (14 if two and column.strong else 13)
    lead = _SHAPE + (7 if words else 0) if column.shape and tone else 0
    second = column.second(row) if column.second else ""
    most = _ALL_LINES if column.whole else MOST_LINES
    return Cell(words, second, px, 600 if is_strong and not recedes else 400, lead, most)


def height_of(cell: Cell, width: float, least: int, *, two: bool) -> int:
    """How high a row must be for this cell; `two`: in a list whose rows may have more than one line."""
    first, second = cell.lines(width)
    if two:
        return max(least, 18 + _step(cell) * len(first) + 17 * len(second))
    return least + _step(cell) * max(0, len(first) - 1)


def _step(cell: Cell) -> int:
    return 18 if cell.px < 14 else 20


class RowDelegate(QStyledItemDelegate):
    """Draws one cell; the view draws group titles and what crosses the whole row."""

    def __init__(self, table: "RowsTable[Any]") -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(self._table.columnWidth(index.column()), self._table.rowHeight(index.row()))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        row = index.data(ROW_ROLE)
        column: Column[Any] = self._table.rows_model.columns[index.column()]
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        area = QRectF(option.rect)
        area.setTop(area.top() + self._table.group_height(index.row()))
        painter.save()
        smooth(painter)
        if is_chosen or index.row() == self._table.row_under_mouse:
            painter.fillRect(area.adjusted(0, 0, 0, -1), token("sel" if is_chosen else "hover"))
        if index.row() < self._table.rows_model.rowCount() - 1:
            painter.fillRect(QRectF(area.x(), area.bottom() - 1, area.width(), 1), token("line"))
        self._paint_cell(painter, area.adjusted(PAD, 0, -PAD, -1), column, row, is_chosen)
        painter.restore()

    def _paint_cell(self, painter: QPainter, area: QRectF, column: Column[Any], row: Any, is_chosen: bool) -> None:
        recedes = self._table.recedes(row)
        two = self._table.row_height > ONE_LINE
        cell = cell_of(column, row, two=two, recedes=recedes)
        tone = column.tone_of(row)
        ink: Token = "ink2" if column.quiet else "ink"
        if tone and (column.shape or tone not in ("neutral", "plain")):
            ink = LOOKS[tone].ink
        if recedes and not column.shape:
            ink = "ink3"
        if column.shape and tone:
            middle = area.top() + 18 if two else area.center().y()
            left = area.left() if cell.words else area.center().x() - _SHAPE / 2
            shape(painter, LOOKS[tone].shape, QRectF(left, middle - _SHAPE / 2, _SHAPE, _SHAPE), ink)
            area.setLeft(area.left() + cell.lead)
        if column.key and is_chosen:
            self._paint_action(painter, area, column, cell.words)
            return
        side: Side = "right" if column.right else "left"
        first, second = cell.lines(area.width() + 2 * PAD + cell.lead)
        if two:
            y = area.y() + (8 if second or len(first) < 2 or cell.px > 12 else 9)
        else:
            y = area.center().y() - _step(cell) * len(first) / 2
        for line in first:
            text(painter, QRectF(area.x(), y, area.width(), 20 if two else _step(cell)), line, cell.px, cell.weight, ink, side)
            y += _step(cell)
        loud = column.second_tone(row) if column.second_tone and not recedes else None
        quiet: Token = LOOKS[loud].ink if loud else ("ink3" if recedes else "ink2")
        for line in second:
            text(painter, QRectF(area.x(), y, area.width(), 17), line, 12, 600 if loud else 400, quiet, side)
            y += 17

    @staticmethod
    def _paint_action(painter: QPainter, area: QRectF, column: Column[Any], words: str) -> None:
        """The usual action of the chosen row, with the key that does it."""
        text(painter, QRectF(area.x() - PAD, area.y() + 8, area.width() + PAD, 20), words, 13, 600, "accent", "right")
        if area.height() >= 50:
            key_cap(painter, area.right() - key_cap_width(column.key), area.y() + 38, column.key)

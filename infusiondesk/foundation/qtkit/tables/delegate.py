"""How a row is drawn: one line of 36 px or two of 55, weights, tones and shapes, the mark of the chosen row."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from infusiondesk.foundation.qtkit.fonts import width_of
from infusiondesk.foundation.qtkit.paint import LOOKS, Side, shape, smooth, text, wrapped
from infusiondesk.foundation.qtkit.tables.column import Column
from infusiondesk.foundation.qtkit.tables.model import ROW_ROLE
from infusiondesk.foundation.qtkit.theme import token
from infusiondesk.foundation.qtkit.tokens import Token

if TYPE_CHECKING:
    from infusiondesk.foundation.qtkit.tables.table import RowsTable

ONE_LINE, TWO_LINES, GROUP = 36, 55, 36
PAD = 8
_SHAPE = 11


class RowDelegate(QStyledItemDelegate):
    """Draws one cell; the view draws group titles and the ring of focus across the whole row."""

    def __init__(self, table: "RowsTable[Any]") -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        column: Column[Any] = self._table.rows_model.columns[index.column()]
        return QSize(cell_width(column, index.data(ROW_ROLE), two=self._table.row_height > ONE_LINE), self._table.row_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        row = index.data(ROW_ROLE)
        column: Column[Any] = self._table.rows_model.columns[index.column()]
        state: QStyle.StateFlag = option.state
        area = QRectF(option.rect)
        area.setTop(area.top() + self._table.group_height(index.row()))
        painter.save()
        smooth(painter)
        ground = self._ground(state, index.row())
        if ground:
            painter.fillRect(area.adjusted(0, 0, 0, -1), token(ground))
        if index.row() < self._table.rows_model.rowCount() - 1:
            painter.fillRect(QRectF(area.x(), area.bottom() - 1, area.width(), 1), token("line"))
        self._words(painter, area.adjusted(PAD, 0, -PAD, -1), column, row)
        painter.restore()

    def _ground(self, state: QStyle.StateFlag, row: int) -> Token | None:
        if state & QStyle.StateFlag.State_Selected:
            return "sel"
        return "hover" if row == self._table.row_under_mouse else None

    def _words(self, painter: QPainter, area: QRectF, column: Column[Any], row: Any) -> None:
        words = column.text(row)
        tone = column.tone_of(row)
        ink: Token = LOOKS[tone].ink if tone else ("ink2" if column.quiet else "ink")
        two = self._table.row_height > ONE_LINE
        weight = 600 if column.strong or tone in ("danger", "due") else 400
        if column.shape and tone:
            middle = area.top() + 18 if two else area.center().y()
            left = area.left() if words else area.center().x() - _SHAPE / 2
            shape(painter, LOOKS[tone].shape, QRectF(left, middle - _SHAPE / 2, _SHAPE, _SHAPE), ink)
            area.setLeft(area.left() + _SHAPE + 7)
        side: Side = "right" if column.right else "left"
        if column.wraps:
            for number, line in enumerate(wrapped(words, area.width(), 12)):
                text(painter, QRectF(area.x(), area.y() + 9 + number * 18, area.width(), 18), line, 12, 400, ink)
        elif two:
            px = 14 if column.strong else 13
            text(painter, QRectF(area.x(), area.y() + 8, area.width(), 20), words, px, weight, ink, side)
            if column.second:
                quiet: Token = ink if tone in ("danger", "due") and column.shape is False and column.tone else "ink2"
                text(painter, QRectF(area.x(), area.y() + 28, area.width(), 17), column.second(row), 12, 400, quiet, side)
        else:
            text(painter, area, words, 13, weight, ink, side)


def cell_width(column: Column[Any], row: Any, *, two: bool) -> int:
    """How wide the contents of a cell are, with padding."""
    tone = column.tone_of(row)
    weight = 600 if column.strong or tone in ("danger", "due") else 400
    wide = width_of(column.text(row), 14 if two and column.strong else (12 if column.wraps else 13), weight)
    if column.second:
        wide = max(wide, width_of(column.second(row), 12))
    if column.shape and tone:
        wide += _SHAPE + (7 if column.text(row) else 0)
    return int(wide) + 2 * PAD + 2

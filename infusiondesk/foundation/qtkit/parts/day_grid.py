"""Therapies by day: every cell a letter in a shape, arrow keys walk it, and the cell that is chosen asks for its reason.

    grid = DayGrid("Day ledger")
    grid.show_days(date(2026, 11, 1), [DayRow("vancomycin 1,250 mg every 12 hours", "S9501", cells, "19")], today=today)
    grid.cell_chosen.connect(lambda row, day: ...)      positions from 0; grid.cell_opened on Enter
    grid.choose(0, 22);  grid.chosen() -> (row, day) | None

Cells: DayCell("B") billable, "H" held, "I" inpatient, "N" not covered, "P" planned, "" nothing. `words` is what a
reader and the tool tip say; `by_hand=True` marks a cell that a person overrode. DayLegend() names the shapes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from infusiondesk.foundation.qtkit.fonts import width_of
from infusiondesk.foundation.qtkit.paint import box, hatch, smooth, text, wrapped
from infusiondesk.foundation.qtkit.theme import token

Index = QModelIndex | QPersistentModelIndex
Letter = Literal["B", "H", "I", "N", "P", ""]
WORDS: dict[Letter, str] = {"B": "billable", "H": "held", "I": "inpatient", "N": "not covered", "P": "planned", "": "nothing"}
LABEL, NARROW_LABEL, TOTAL, NARROW_TOTAL, LEAST_DAY = 262, 160, 84, 64, 18
ROW, HEAD = 46, 42
_WEEK = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


@dataclass(frozen=True)
class DayCell:
    """One day of one row."""

    letter: Letter = ""
    words: str = ""
    by_hand: bool = False


@dataclass(frozen=True)
class DayRow:
    """One therapy or code through the days, with its total in words."""

    title: str
    second: str
    cells: tuple[DayCell, ...]
    total: str = ""


def paint_cell(painter: QPainter, area: QRectF, cell: DayCell) -> None:
    """Draw the letter of a cell in its shape."""
    painter.save()
    smooth(painter)
    letter = cell.letter
    if letter == "B":
        box(painter, area, 4, "soft", "softline")
        text(painter, area, "B", 12, 600, "accent", "centre", keep=True)
    elif letter == "H":
        painter.setPen(QPen(token("due"), 1.6))
        painter.setBrush(token("duesoft"))
        painter.drawPolygon(_hexagon(area.adjusted(0.5, 0.5, -0.5, -0.5)))
        text(painter, area, "H", 12, 600, "due", "centre", keep=True)
    elif letter == "I":
        hatch(painter, area)
        ground = QRectF(0, 0, 15, 16)
        ground.moveCenter(area.center())
        painter.fillRect(ground, token("hospsoft"))
        text(painter, area, "I", 12, 600, "hosp", "centre", keep=True)
    elif letter == "N":
        side = min(24.0, area.width(), area.height())
        painter.setPen(QPen(token("control"), 1.1))
        painter.setBrush(token("surface"))
        painter.drawEllipse(area.center(), side / 2 - 0.6, side / 2 - 0.6)
        text(painter, area, "N", 12, 400, "ink2", "centre", keep=True)
    elif letter == "P":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(token("control"))
        painter.drawEllipse(area.center(), 2.2, 2.2)
    if cell.by_hand:
        corner = area.topRight()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(token("ink2"))
        painter.drawPolygon(QPolygonF([corner, corner - QPointF(8, 0), corner + QPointF(0, 8)]))
    painter.restore()


def _hexagon(area: QRectF) -> QPolygonF:
    cut = min(7.0, area.width() / 3)
    middle = area.center().y()
    return QPolygonF(
        [
            QPointF(area.left() + cut, area.top()),
            QPointF(area.right() - cut, area.top()),
            QPointF(area.right(), middle),
            QPointF(area.right() - cut, area.bottom()),
            QPointF(area.left() + cut, area.bottom()),
            QPointF(area.left(), middle),
        ]
    )


class _Model(QAbstractTableModel):
    """Label, days, total; a real model, so that a screen reader can walk it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[DayRow, ...] = ()
        self.days: list[date] = []

    def show_days(self, first: date, rows: Sequence[DayRow]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        count = max((len(row.cells) for row in rows), default=0)
        self.days = [first + timedelta(days=number) for number in range(count)]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() or not self.days else len(self.days) + 2

    def cell(self, row: int, column: int) -> DayCell | None:
        cells = self.rows[row].cells
        return cells[column - 1] if 1 <= column <= len(cells) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row, column = self.rows[index.row()], index.column()
        cell = self.cell(index.row(), column)
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title if column == 0 else (cell.letter if cell else row.total)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            if column == 0:
                return f"{row.title}, {row.second}"
            if cell is None:
                return f"{row.total} days"
            day = self.days[column - 1]
            return f"{row.title}, {day.day} {day:%b}: {cell.words or WORDS[cell.letter]}{', set by hand' if cell.by_hand else ''}"
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return str(self.days[section - 1].day) if 1 <= section <= len(self.days) else ""

    def flags(self, index: Index) -> Qt.ItemFlag:
        is_day = index.isValid() and self.cell(index.row(), index.column()) is not None
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if is_day else Qt.ItemFlag.ItemIsEnabled


class _Head(QHeaderView):
    """Weekday above the number, today as a pill."""

    def __init__(self, grid: "DayGrid") -> None:
        super().__init__(Qt.Orientation.Horizontal, grid)
        self._grid = grid
        self.setFixedHeight(HEAD)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(LEAST_DAY)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        area = QRectF(rect)
        smooth(painter)
        days = self._grid.days()
        painter.fillRect(area, token("surface"))
        low = QRectF(area.x(), area.y() + 18, area.width(), 18)
        if logicalIndex == 0:
            text(painter, low, self._grid.label, 12, 400, "ink3")
        elif logicalIndex > len(days):
            text(painter, low.adjusted(0, 0, -8, 0), self._grid.total_label, 12, 400, "ink3", "right")
        else:
            self._paint_day(painter, area, low, days[logicalIndex - 1], logicalIndex - 1)
        painter.fillRect(QRectF(area.x(), area.bottom() - 1, area.width(), 1), token("line2"))

    def _paint_day(self, painter: QPainter, area: QRectF, low: QRectF, day: date, place: int) -> None:
        if day.weekday() >= 5:
            painter.fillRect(area, token("sunken"))
        text(painter, QRectF(area.x(), area.y() + 2, area.width(), 15), _WEEK[day.weekday()], 11, 400, "ink3", "centre", keep=True)
        chosen = self._grid.chosen()
        if day == self._grid.today:
            tile = QRectF(0, 0, min(26.0, area.width()), 18)
            tile.moveCenter(low.center())
            box(painter, tile, 9, "accent")
            text(painter, low, str(day.day), 12, 600, "onaccent", "centre", keep=True)
        else:
            is_chosen = chosen is not None and chosen[1] == place
            text(painter, low, str(day.day), 12, 600 if is_chosen else 400, "ink", "centre", keep=True)


class _Delegate(QStyledItemDelegate):
    def __init__(self, grid: "DayGrid") -> None:
        super().__init__(grid)
        self._grid = grid

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        smooth(painter)
        area = QRectF(option.rect)
        model = self._grid.day_model
        row, column = model.rows[index.row()], index.column()
        cell = model.cell(index.row(), column)
        if cell is None and column == 0:
            y = area.y() + 6
            for line in wrapped(row.title, area.width() - 10, 13, 600, most=3):
                text(painter, QRectF(area.x(), y, area.width() - 10, 18), line, 13, 600)
                y += 18
            text(painter, QRectF(area.x(), y, area.width() - 10, 16), row.second, 12, 400, "ink2")
        elif cell is None:
            is_none = row.total in ("", "0")
            text(painter, area.adjusted(0, 0, -8, 0), row.total, 14, 600, "ink3" if is_none else "ink", "right", keep=True)
        else:
            self._paint_day(painter, area, cell, option, model.days[column - 1])
        if index.row() < len(model.rows) - 1:
            painter.fillRect(QRectF(area.x(), area.bottom() - 1, area.width(), 1), token("line"))
        painter.restore()

    def _paint_day(self, painter: QPainter, area: QRectF, cell: DayCell, option: QStyleOptionViewItem, day: date) -> None:
        # The view paints its selection under the cell first; here the ring alone says what is chosen.
        painter.fillRect(area, token("sunken" if day.weekday() >= 5 else "surface"))
        spot = area.adjusted(1.5, 0, -1.5, 0)
        spot.setHeight(30)
        spot.moveTop(round(area.center().y()) - 15.5)
        if option.state & QStyle.StateFlag.State_MouseOver and cell.letter:
            box(painter, spot.adjusted(-1, -3, 1, 3), 4, "press")
        paint_cell(painter, spot, cell)
        if option.state & QStyle.StateFlag.State_Selected:
            ring = spot.adjusted(-1.5, -4, 1.5, 4)
            is_focus = self._grid.hasFocus() and bool(option.state & QStyle.StateFlag.State_HasFocus)
            box(painter, ring, 5, None, "accent" if is_focus else "ink", 2)


class DayGrid(QTableView):
    """Rows by days."""

    cell_chosen = Signal(int, int)
    cell_opened = Signal(int, int)

    def __init__(
        self, name: str, *, label: str = "Therapy and code", total_label: str = "Billable", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.label, self.total_label = label, total_label
        self.today: date | None = None
        self.day_model = _Model(self)
        self.setModel(self.day_model)
        self.setHorizontalHeader(_Head(self))
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(name)
        self.setObjectName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerWidget(QWidget())
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.selectionModel().currentChanged.connect(self._moved)

    def show_days(self, first: date, rows: Sequence[DayRow], *, today: date | None = None) -> None:
        """Show these rows from this day on; the chosen cell stays where it was if it is still there."""
        before = self.chosen()
        self.today = today
        self.day_model.show_days(first, rows)
        self._lay_out()
        if before is not None and before[0] < len(rows) and before[1] < len(self.days()):
            self.choose(*before)

    def days(self) -> list[date]:
        """The days that are shown."""
        return self.day_model.days

    def chosen(self) -> tuple[int, int] | None:
        """The chosen row and day, from 0."""
        index = self.currentIndex()
        if not index.isValid() or self.day_model.cell(index.row(), index.column()) is None:
            return None
        return index.row(), index.column() - 1

    def choose(self, row: int, day: int) -> None:
        """Choose a cell."""
        index = self.day_model.index(row, day + 1)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _moved(self, now: QModelIndex, before: QModelIndex) -> None:
        self.horizontalHeader().viewport().update()
        if now.isValid() and self.day_model.cell(now.row(), now.column()) is not None:
            self.cell_chosen.emit(now.row(), now.column() - 1)

    def moveCursor(self, cursorAction: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Arrow keys stay within the days."""
        if self.chosen() is None:
            return self.day_model.index(0, 1)
        index = super().moveCursor(cursorAction, modifiers)
        column = min(max(1, index.column()), len(self.days()))
        return self.day_model.index(index.row(), column)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (chosen := self.chosen()):
            self.cell_opened.emit(*chosen)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are the screen's keys."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def sizeHint(self) -> QSize:
        return QSize(LABEL + TOTAL + 31 * 28, HEAD + ROW * max(1, len(self.day_model.rows)) + 2)

    def _lay_out(self) -> None:
        count = len(self.days())
        if not count:
            return
        width = self.viewport().width()
        label, total = (LABEL, TOTAL) if (width - LABEL - TOTAL) / count >= LEAST_DAY + 4 else (NARROW_LABEL, NARROW_TOTAL)
        each = max(float(LEAST_DAY), (width - label - total) / count)
        self.setColumnWidth(0, label)
        for number in range(count):
            self.setColumnWidth(number + 1, round((number + 1) * each) - round(number * each))
        self.setColumnWidth(count + 1, max(total, width - label - round(count * each)))
        heights = [ROW + 18 * (len(wrapped(row.title, label - 10, 13, 600, most=3)) - 1) for row in self.day_model.rows]
        for place, height in enumerate(heights):
            self.setRowHeight(place, height)
        sideways = 10 if label + total + round(count * each) > width else 0
        self.setMaximumHeight(HEAD + sum(heights) + sideways + 2)
        self.setMinimumHeight(HEAD + sum(heights[:4]) + sideways + 2)


class DayLegend(QWidget):
    """What the letters mean."""

    def __init__(self, letters: Sequence[Letter] = ("B", "H", "I", "N", "P"), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items = [(letter, WORDS[letter].capitalize()) for letter in letters]
        self.setFixedSize(int(sum(54 + width_of(words, 12) for _, words in self._items)) - 20, 30)
        self.setAccessibleName("Legend: " + ", ".join(f"{letter} {words}" for letter, words in self._items))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        x = 0.0
        for letter, words in self._items:
            paint_cell(painter, QRectF(x, 2, 26, 26), DayCell(letter))
            wide = width_of(words, 12)
            text(painter, QRectF(x + 32, 0, wide + 4, 30), words, 12, 400, "ink2", keep=True)
            x += 54 + wide

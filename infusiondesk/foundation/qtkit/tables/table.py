"""The list that people work in: rows in order, one of them chosen, everything by keyboard."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QMenu, QTableView, QVBoxLayout, QWidget

from infusiondesk.foundation.qtkit.fonts import font, width_of
from infusiondesk.foundation.qtkit.paint import focus_ring, smooth, text
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.tables.column import Column, Row
from infusiondesk.foundation.qtkit.tables.delegate import GROUP, ONE_LINE, PAD, TWO_LINES, RowDelegate, cell_of, height_of
from infusiondesk.foundation.qtkit.tables.model import RowsModel, key_of
from infusiondesk.foundation.qtkit.theme import token

MEASURED_ROWS = 200


class RowsTable(QTableView, Generic[Row]):
    """A list of rows; see the package for examples."""

    chosen_changed = Signal(object)
    """The chosen row, or None."""
    activated_row = Signal(object)
    """Enter or a double click on a row."""
    used = Signal(object)
    """Space on a row: its usual action."""
    counted = Signal(str)
    """How many rows there are, whenever that changes."""

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        *,
        name: str = "List",
        key: Callable[[Row], Hashable] = key_of,
        group: Callable[[Row], str] | None = None,
        recedes: Callable[[Row], bool] | None = None,
        empty: EmptyState | str = "Nothing here",
        many: bool = False,
        compact: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.rows_model: RowsModel[Row] = RowsModel(columns, key=key, parent=self)
        self.row_under_mouse = -1
        two = any(column.second or column.wraps for column in columns)
        self.row_height = TWO_LINES if two else (32 if compact else ONE_LINE)
        # Where only a reason may break, a row whose reason does not is one line high.
        self._least_height = ONE_LINE if two and not any(column.second for column in columns) else self.row_height
        self._group = group
        self._recedes = recedes
        self._kept: list[Hashable] = []
        self._kept_position = 0
        self._sought: Hashable | None = None
        self._sorted: tuple[int, Qt.SortOrder] | None = None
        self.empty = EmptyState("tray", empty) if isinstance(empty, str) else empty
        self._house(many)
        self.setAccessibleName(name)
        self.setObjectName(name)
        self._show_empty()

    # What screens use.

    def show_rows(self, rows: Sequence[Row], total: int | None = None) -> None:
        """Show these rows; the chosen one stays chosen if it is still there, else its neighbour."""
        self.rows_model.show_rows(rows, total)

    def show_loading(self) -> None:
        """The rows are being read; what is on screen stays until they come."""
        if not self.rows_model.rowCount():
            self.empty.show_loading()

    def show_failed(self, sentence: str) -> None:
        """The rows could not be read; the sentence says what is safe."""
        self.rows_model.show_rows([])
        self.empty.show_failed(sentence)

    def narrow(self, words: str) -> None:
        """Show only the rows that hold every one of the words."""
        self.rows_model.narrow(words)

    def rows(self) -> list[Row]:
        """The rows as shown."""
        return self.rows_model.rows()

    def chosen(self) -> Row | None:
        """The chosen row."""
        index = self.currentIndex()
        if not index.isValid() or not self.selectionModel().isRowSelected(index.row(), QModelIndex()):
            return None
        return self.rows_model.row_at(index.row())

    def all_chosen(self) -> list[Row]:
        """Every chosen row, in the order of the list."""
        positions = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.rows_model.row_at(position) for position in positions]

    def choose(self, is_it: Callable[[Row], bool]) -> bool:
        """Choose the first row of which this is true; says whether there was one."""
        for position, row in enumerate(self.rows_model.rows()):
            if is_it(row):
                self._choose_at(position)
                return True
        return False

    def choose_first(self) -> bool:
        """Choose the first row; says whether there is one."""
        return self.choose(lambda _: True)

    def seek(self, key: Hashable) -> None:
        """Choose the row with this key: now if it is on the list, else when the next rows come, if it is among those."""
        place = self.rows_model.position_of(key)
        self._sought = key if place is None else None
        if place is not None:
            self._choose_at(place)

    def count_text(self) -> str:
        """How many rows there are, in words."""
        return self.rows_model.count_text()

    # Set-up.

    def _house(self, many: bool) -> None:
        self.setModel(self.rows_model)
        self.setItemDelegate(RowDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setCornerWidget(QWidget())
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.ExtendedSelection if many else mode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.row_height)
        header = self.horizontalHeader()
        header.setFixedHeight(32)
        header.setFont(font(12))
        header.setHighlightSections(False)
        header.setSectionsClickable(self._group is None)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setMinimumSectionSize(28)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._offer_columns)
        header.sectionClicked.connect(self._order_by)
        for position, column in enumerate(self.rows_model.columns):
            self.setColumnHidden(position, column.hidden)
        column_box = QVBoxLayout(self.viewport())
        column_box.setContentsMargins(0, 24, 0, 0)
        column_box.addWidget(self.empty)
        self.rows_model.modelAboutToBeReset.connect(self._remember)
        self.rows_model.modelReset.connect(self._settle)
        self.rows_model.layoutChanged.connect(self._lay_out)
        self.selectionModel().selectionChanged.connect(lambda: self.chosen_changed.emit(self.chosen()))

    # Keeping the place across reloads.

    def _remember(self) -> None:
        self._kept = [self.rows_model.key(row) for row in self.all_chosen()]
        self._kept_position = max(0, self.currentIndex().row())

    def _settle(self) -> None:
        self._lay_out()
        self._show_empty()
        places = [place for key in self._kept if (place := self.rows_model.position_of(key)) is not None]
        for number, place in enumerate(places):
            self._choose_at(place, also=number > 0)
        if self._kept and not places:
            count = self.rows_model.rowCount()
            if count:
                self._choose_at(min(self._kept_position, count - 1))
            else:
                self.chosen_changed.emit(None)
        if self._sought is not None:
            self.seek(self._sought)
            self._sought = None
        self.counted.emit(self.count_text())

    def _choose_at(self, position: int, *, also: bool = False) -> None:
        first = self.horizontalHeader().logicalIndex(0)
        index = self.rows_model.index(position, max(0, first))
        flag = QItemSelectionModel.SelectionFlag
        command = flag.Select if also else flag.ClearAndSelect
        self.selectionModel().setCurrentIndex(index, command | flag.Rows)
        self.scrollTo(index)

    def _show_empty(self) -> None:
        is_empty = self.rows_model.rowCount() == 0
        self.empty.setVisible(is_empty)
        if is_empty:
            self.empty.show_empty()

    # Groups: a title above the first row of each group, inside that row's own height.

    def group_height(self, position: int) -> int:
        """The room above a row for the title of the group that it opens."""
        return GROUP if self._opens_group(position) else 0

    def _opens_group(self, position: int) -> bool:
        if self._group is None or position >= self.rows_model.rowCount():
            return False
        this = self._group(self.rows_model.row_at(position))
        return position == 0 or self._group(self.rows_model.row_at(position - 1)) != this

    def recedes(self, row: Row) -> bool:
        """Whether a row is done with and is drawn quietly."""
        return self._recedes is not None and self._recedes(row)

    # Columns: each the width of its contents. Where that is too much they break into lines, where it is still too much
    # the list scrolls sideways: nothing is clipped in silence.

    def _lay_out(self) -> None:
        shown = [place for place in range(len(self.rows_model.columns)) if not self.isColumnHidden(place)]
        wishes = {place: self._wish(self.rows_model.columns[place]) for place in shown}
        widths = {place: wish for place, (_, wish) in wishes.items()}
        room = self.viewport().width() - sum(widths.values())
        if room < 0:
            give = {place: wish - least for place, (least, wish) in wishes.items()}
            total = sum(give.values())
            for place in shown:
                widths[place] -= min(give[place], -room * give[place] // total + 1) if total else 0
        elif shown:
            shares = {place: self.rows_model.columns[place].stretch for place in shown}
            if not any(shares.values()) and not self.rows_model.columns[shown[-1]].right:
                shares[shown[-1]] = 1
            total = sum(shares.values())
            for place in shown:
                widths[place] += room * shares[place] // total if total else 0
        for place, width in widths.items():
            self.setColumnWidth(place, width)
        self._measure_rows(widths)

    def _wish(self, column: Column[Row]) -> tuple[int, int]:
        """The least width of a column and the one it would like to have."""
        title = int(width_of(column.title, 12)) + 2 * PAD + 14 if column.title else 28
        if column.width and not column.stretch:
            return column.width, max(column.width, title)
        two = self.row_height > ONE_LINE
        cells = [cell_of(column, row, two=two, recedes=False) for row in self.rows_model.rows()[:MEASURED_ROWS]]
        wish = max((cell.width() for cell in cells), default=0)
        least = wish if column.right else max((cell.longest_word() for cell in cells), default=0)
        if column.wraps:
            wish = max(least, min(wish, max(180, wish // 2 + 24)))
        least = max(least, min(wish, 64))
        return max(title, column.width, least), max(title, column.width, wish)

    def _measure_rows(self, widths: dict[int, int]) -> None:
        two = self.row_height > ONE_LINE
        columns = [(self.rows_model.columns[place], width) for place, width in widths.items()]
        for position, row in enumerate(self.rows_model.rows()):
            quiet = self.recedes(row)
            cells = ((cell_of(column, row, two=two, recedes=quiet), width) for column, width in columns)
            heights = (height_of(cell, width, self._least_height, two=two) for cell, width in cells)
            height = max(heights, default=self._least_height)
            height += self.group_height(position)
            if self.rowHeight(position) != height:
                self.setRowHeight(position, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def sizeHint(self) -> QSize:
        return QSize(480, 320)

    def _order_by(self, position: int) -> None:
        """First click ascending, second descending, third back to best first."""
        up, down = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
        if self._sorted == (position, up):
            self._sorted = (position, down)
        else:
            self._sorted = None if self._sorted == (position, down) else (position, up)
        header = self.horizontalHeader()
        header.setSortIndicatorShown(self._sorted is not None)
        if self._sorted is None:
            self.rows_model.sort(-1)
        else:
            header.setSortIndicator(*self._sorted)
            self.rows_model.sort(*self._sorted)

    def _offer_columns(self, point: QPoint) -> None:
        menu = QMenu(self)
        for position, column in enumerate(self.rows_model.columns):
            if not column.title:
                continue
            action = menu.addAction(column.title)
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(position))
            action.toggled.connect(lambda on, place=position: self._show_column(place, on))
        menu.exec(self.horizontalHeader().mapToGlobal(point))
        menu.deleteLater()

    def _show_column(self, position: int, on: bool) -> None:
        self.setColumnHidden(position, not on)
        self._lay_out()

    def hidden_columns(self) -> list[str]:
        """The titles that are switched off, to be remembered for this person."""
        return [column.title for place, column in enumerate(self.rows_model.columns) if self.isColumnHidden(place)]

    def hide_columns(self, titles: Sequence[str]) -> None:
        """Switch off exactly these columns, as remembered."""
        for place, column in enumerate(self.rows_model.columns):
            self.setColumnHidden(place, column.title in titles)
        self._lay_out()

    # Keys and mouse.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, row = event.key(), self.chosen()
        if row is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated_row.emit(row)
        elif row is not None and key == Qt.Key.Key_Space:
            self.used.emit(row)
        elif row is None and key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.rows_model.rowCount():
            self._choose_at(0)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are the screen's keys, not a hidden search in the first column."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.activated_row.emit(self.rows_model.row_at(index.row()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.indexAt(event.position().toPoint()).row())
        super().mouseMoveEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def _hover(self, position: int) -> None:
        if position != self.row_under_mouse:
            self.row_under_mouse = position
            self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.ignore()

    # Painting what crosses cells.

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = smooth(QPainter(self.viewport()))
        width = self.viewport().width()
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        for position in range(max(0, first), (last if last >= 0 else self.rows_model.rowCount() - 1) + 1):
            top, height = self.rowViewportPosition(position), self.rowHeight(position)
            room = self.group_height(position)
            if room and self._group is not None:
                self._paint_group(painter, QRectF(0, top, width, room), position)
            if self.selectionModel().isRowSelected(position, QModelIndex()):
                painter.fillRect(QRectF(0, top + room, 4, height - room - 1), token("accent"))
                if self.hasFocus() and position == self.currentIndex().row():
                    focus_ring(painter, QRectF(0, top + room, width, height - room - 1), 4)

    def _paint_group(self, painter: QPainter, area: QRectF, position: int) -> None:
        if self._group is None:
            return
        title = self._group(self.rows_model.row_at(position))
        indent = PAD if self.rows_model.columns[0].title else 2 * PAD  # in line with the words, or over the shapes
        count = sum(1 for row in self.rows_model.rows() if self._group(row) == title)
        painter.fillRect(area, token("surface"))
        text(painter, QRectF(area.x() + indent, area.y() + 10, area.width() - 60, 20), title, 13, 600)
        left = area.x() + indent + 8 + width_of(title, 13, 600)
        text(painter, QRectF(left, area.y() + 10, 60, 20), f"{count:,}", 13, 400, "ink3")
        painter.fillRect(QRectF(area.x(), area.bottom() - 1, area.width(), 1), token("line"))


AnyTable = RowsTable[Any]

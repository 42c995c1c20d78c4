"""Frozen rows behind declared columns, as Qt wants to see them: the one table model of the desk.

Ordering is done here, in Python: Qt compares QVariants, and leaves a column of Decimals unsorted without a word.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Final, Generic

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from infusiondesk.foundation.qtkit.fonts import font
from infusiondesk.foundation.qtkit.tables.column import Column, Row

Index = QModelIndex | QPersistentModelIndex

SORT_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1
ROW_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 2

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def key_of(row: Any) -> Hashable:
    """What a row is recognised by across reloads: its `id`, or the row itself (rows are frozen)."""
    found: Hashable = getattr(row, "id", row)
    return found


class RowsModel(QAbstractTableModel, Generic[Row]):
    """Rows and columns; never edited, only replaced."""

    def __init__(
        self, columns: Sequence[Column[Row]], *, key: Callable[[Row], Hashable] = key_of, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns: tuple[Column[Row], ...] = tuple(columns)
        self.key = key
        self.total: int | None = None
        self._all: list[Row] = []
        self._shown: list[Row] = []
        self._words: tuple[str, ...] = ()
        self._order: tuple[int, Qt.SortOrder] | None = None

    def show_rows(self, rows: Sequence[Row], total: int | None = None) -> None:
        """Show these rows, best first; `total` when they are only the first of more ("first 500 of 8,214")."""
        self.beginResetModel()
        self._all = list(rows)
        self.total = total
        self._arrange()
        self.endResetModel()

    def narrow(self, words: str) -> None:
        """Show only the rows in which every one of the words occurs in some column; nothing shows all."""
        wanted = tuple(words.casefold().split())
        if wanted == self._words:
            return
        self.beginResetModel()
        self._words = wanted
        self._arrange()
        self.endResetModel()

    def rows(self) -> list[Row]:
        """The rows as shown, in order."""
        return list(self._shown)

    def row_at(self, position: int) -> Row:
        """The row at a position of the list as shown."""
        return self._shown[position]

    def position_of(self, key: Hashable) -> int | None:
        """Where the row of a key stands now, if it is shown."""
        return next((position for position, row in enumerate(self._shown) if self.key(row) == key), None)

    def count_text(self) -> str:
        """How many rows there are, in words: "12", "3 of 12", "first 500 of 8,214"."""
        if self._words:
            return f"{len(self._shown):,} of {len(self._all):,}"
        if self.total is not None and self.total > len(self._all):
            return f"first {len(self._all):,} of {self.total:,}"
        return f"{len(self._all):,}"

    def _arrange(self) -> None:
        shown = [row for row in self._all if self._matches(row)] if self._words else list(self._all)
        if self._order is not None:
            position, order = self._order
            column = self.columns[position]
            known = [row for row in shown if column.order(row) is not None]
            known.sort(key=column.order, reverse=order == Qt.SortOrder.DescendingOrder)
            shown = known + [row for row in shown if column.order(row) is None]  # what is missing comes last either way
        self._shown = shown

    def _matches(self, row: Row) -> bool:
        parts = [column.text(row) for column in self.columns]
        parts += [column.second(row) for column in self.columns if column.second]
        whole = "\n".join(parts).casefold()
        return all(word in whole for word in self._words)

    # What Qt asks for.

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        row, column = self._shown[index.row()], self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            second = column.second(row) if column.second else ""
            return f"{column.title}: {column.text(row)}{', ' + second if second else ''}".removeprefix(": ")
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.text(row) if column.stretch or column.wraps else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_RIGHT if column.right else _LEFT)
        if role == SORT_ROLE:
            return column.order(row)
        return row if role == ROW_ROLE else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.FontRole:
            return font(12)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_RIGHT if column.right else _LEFT)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order by a column; -1 goes back to the order in which the rows came (best first)."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        keys = [(self.key(self._shown[index.row()]), index.column()) for index in before]
        self._order = (column, order) if 0 <= column < len(self.columns) else None
        self._arrange()
        places = {self.key(row): position for position, row in enumerate(self._shown)}
        self.changePersistentIndexList(before, [self.index(places[key], one) for key, one in keys])
        self.layoutChanged.emit()

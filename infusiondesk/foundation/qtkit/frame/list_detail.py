"""The usual screen: a title with actions, a list in a card at the left, the chosen thing in a card at the right.

    page = ListDetail("Lab review", remark="critical first", actions=[Button("Filter", icon="funnel", dense=True)])
    page.set_list(self.table)                       RowsTable: its count is shown in the foot of the card
    page.set_foot_keys([("Enter", "open"), ("Space", "usual action")])
    page.show_detail(holding(down(pill, title, why, facts)), primary_button, other_button, ...)
    page.show_detail(None)                          nothing chosen

Where the window is narrow (the list would get less than 560 px) the detail becomes a drawer over the list: Enter on a
row or `open_drawer()` opens it, Escape closes it.
"""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from infusiondesk.foundation.qtkit.parts.actions import ActionColumn
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Item, Rule, across, add, clear, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.card import Card
from infusiondesk.foundation.qtkit.parts.pill import KeyCap
from infusiondesk.foundation.qtkit.parts.scroll import Scroll
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.tables import RowsTable

WIDEST_DETAIL, NARROWEST_DETAIL = 380, 316
LEAST_LIST = 560


class TitleRow(QWidget):
    """The title of a screen, a quiet remark, and its actions at the right."""

    def __init__(self, title: str, remark: str = "", actions: Sequence[Item] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Text(title, 22, 600, keeps=True)
        self.remark = Text(remark, 13, 400, "ink2")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        for item in (self.title, 4, (self.remark, 1), *actions):
            add(self._row, item)
        self.setFixedHeight(40)

    def add(self, item: Item) -> None:
        """One more action at the right."""
        add(self._row, item)


class ListDetail(QWidget):
    """Title, list, detail."""

    drawer_changed = Signal(bool)

    def __init__(
        self,
        title: str,
        remark: str = "",
        actions: Sequence[Item] = (),
        *,
        detail_width: int = WIDEST_DETAIL,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.head = TitleRow(title, remark, actions)
        self.list_card = Card(padding=1, gap=0)
        self.list_card.body.setContentsMargins(1, 5, 1, 1)  # rounded corners do not clip what lies on them
        self.detail_card = Card(padding=0, gap=0, parent=self)
        self._detail_width = detail_width
        self._is_drawer = False
        self._is_open = False
        self._foot_count = Text("", 12, 400, "ink3")
        self._foot_keys = QHBoxLayout()
        self._foot_keys.setSpacing(5)
        self._foot = holding(across(self._foot_count, STRETCH, self._foot_keys, margins=(16, 0, 16, 0)), height=36)
        self._foot.setVisible(False)
        self._table: RowsTable[Any] | None = None
        self._body = QHBoxLayout()
        self._body.setSpacing(16)
        self._body.addWidget(self.list_card, 1)
        self._body.addWidget(self.detail_card)
        self._actions = ActionColumn()
        self._detail = QVBoxLayout()
        self._detail.setContentsMargins(0, 0, 0, 0)
        self.detail_card.body.addLayout(self._detail, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 12)
        column.setSpacing(12)
        column.addWidget(self.head)
        column.addLayout(self._body, 1)
        self.show_detail(None)

    def set_list(self, part: QWidget | RowsTable[Any]) -> None:
        """What stands in the list card; a RowsTable reports its count in the foot and opens the drawer on Enter."""
        clear(self.list_card.body)
        self.list_card.add(part, 1)
        self.list_card.add(Rule())
        self.list_card.add(self._foot)
        if isinstance(part, RowsTable):
            self._table = part
            part.counted.connect(self._count)
            part.activated_row.connect(self.open_drawer)
            self._count(part.count_text())

    def set_foot_keys(self, keys: Sequence[tuple[str, str]]) -> None:
        """The keys that work in this list, each with what it does."""
        clear(self._foot_keys)
        for key, what in keys:
            for part in key.split(" "):
                self._foot_keys.addWidget(KeyCap(part))
            self._foot_keys.addWidget(Text(what, 12, 400, "ink3", keeps=True))
            self._foot_keys.addSpacing(8)
        self._foot.setVisible(True)

    def say_count(self, words: str) -> None:
        """Other words in the foot than the count alone ("7 more later today")."""
        self._foot_count.say(words)
        self._foot.setVisible(True)

    def show_detail(self, content: QWidget | None, *buttons: Button) -> None:
        """What stands in the detail card, and the buttons below it (the first is the primary one)."""
        clear(self._detail)
        self.detail_card.setVisible(content is not None and (not self._is_drawer or self._is_open))
        self._has_detail = content is not None
        if content is None:
            return
        inner = holding(across((content, 1), margins=(20, 16, 20, 12)))
        self._detail.addWidget(Scroll(inner), 1)
        if buttons:
            self._detail.addWidget(holding(across((ActionColumn(*buttons), 1), margins=(20, 4, 20, 16))))

    def open_drawer(self) -> None:
        """Show the detail over the list, where there is no room beside it."""
        if self._is_drawer and self._has_detail:
            self._set_open(True)

    def _set_open(self, is_open: bool) -> None:
        self._is_open = is_open
        self.detail_card.setVisible(self._has_detail and (is_open or not self._is_drawer))
        self._place_drawer()
        self.drawer_changed.emit(is_open)

    def _count(self, words: str) -> None:
        self._foot_count.say(words)
        self._foot.setVisible(True)

    def minimumSizeHint(self) -> QSize:
        # Small on purpose: while list and detail stand side by side they must not keep the window from becoming narrow.
        return QSize(420, 200)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - 40 - 16
        wanted = min(self._detail_width, max(NARROWEST_DETAIL, room * 32 // 100))
        is_drawer = room - wanted < LEAST_LIST
        if is_drawer != self._is_drawer:
            self._is_drawer = is_drawer
            self._is_open = False
            if is_drawer:
                self._body.removeWidget(self.detail_card)
            else:
                self._body.addWidget(self.detail_card)
            self.detail_card.setVisible(self._has_detail and not is_drawer)
        self.detail_card.setFixedWidth(wanted)
        self._place_drawer()

    def _place_drawer(self) -> None:
        if self._is_drawer:
            area = self.list_card.geometry()
            width = self.detail_card.width()
            self.detail_card.setGeometry(area.right() + 1 - width, area.y(), width, area.height())
            self.detail_card.raise_()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._is_drawer and self._is_open:
            self._set_open(False)
            if self._table is not None:
                self._table.setFocus()
            return
        super().keyPressEvent(event)

"""Ctrl+K: one line that finds a patient, Rx, lot, batch, code, screen or action, and does what Enter says.

    palette = Palette(frame, ask=lambda words, then: desk.ask(window, search.find_anything, then, words=words))
    frame.search_asked.connect(palette.open)
    palette.chosen.connect(window.go_to)            the `value` of the Found that was taken
    palette.chosen_beside.connect(...)              the same with Alt+Enter
    Found("flask", "Batch B-2611-0151, vancomycin 1,250 mg", "step 2 of 7", value=..., group="Everywhere", enter="open")

`ask(words, then)` answers with `then([Found, ...])`, at once or later; an answer to older words is dropped. The scrim
leaves the banner lit: allergies stay readable.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from infusiondesk.foundation.qtkit.fonts import font, width_of
from infusiondesk.foundation.qtkit.frame.frame import Frame
from infusiondesk.foundation.qtkit.icons import Icon, draw_icon
from infusiondesk.foundation.qtkit.paint import box, key_cap, key_cap_width, smooth, text
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Rule, across, holding
from infusiondesk.foundation.qtkit.parts.pill import KeyCap
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.theme import token

Index = QModelIndex | QPersistentModelIndex
WIDTH, GROUP, ROW, HEAD, FOOT = 720, 34, 46, 64, 42


@dataclass(frozen=True)
class Found:
    """One thing that was found; `enter` is the verb that Enter does."""

    icon: str
    title: str
    detail: str = ""
    value: Any = None
    group: str = ""
    enter: str = "open"


Answer = Callable[[Sequence[Found]], None]
Ask = Callable[[str, Answer], None]


class _Results(QAbstractListModel):
    """Found things with a heading above each group."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[Found | str] = []

    def show_found(self, found: Sequence[Found]) -> None:
        self.beginResetModel()
        self.rows = []
        for one in found:
            if one.group and one.group not in self.rows:
                self.rows.append(one.group)
            self.rows.append(one)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row if isinstance(row, str) else ", ".join(part for part in (row.title, row.detail) if part)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or isinstance(self.rows[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


def matches(title: str, words: str) -> list[tuple[str, bool]]:
    """The title in pieces, each with whether it was matched by one of the words."""
    low = title.casefold()
    hot = [False] * len(title)
    if len(low) == len(title):  # case folding can lengthen a text; then nothing is marked rather than the wrong letters
        for word in words.casefold().split():
            place = low.find(word)
            if place >= 0:
                hot[place : place + len(word)] = [True] * len(word)
    pieces: list[tuple[str, bool]] = []
    for sign, is_hot in zip(title, hot, strict=True):
        if pieces and pieces[-1][1] == is_hot:
            pieces[-1] = (pieces[-1][0] + sign, is_hot)
        else:
            pieces.append((sign, is_hot))
    return pieces


class _Delegate(QStyledItemDelegate):
    def __init__(self, palette: "Palette", results: _Results) -> None:
        super().__init__(palette)
        self._palette_, self._results = palette, results

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, GROUP if isinstance(self._results.rows[index.row()], str) else ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        smooth(painter)
        area = QRectF(option.rect)
        row = self._results.rows[index.row()]
        if isinstance(row, str):
            text(painter, area.adjusted(20, 6, -20, 0), row, 12, 600, "ink2")
        else:
            self._paint_found(painter, area, row, bool(option.state & QStyle.StateFlag.State_Selected))
        painter.restore()

    def _paint_found(self, painter: QPainter, area: QRectF, found: Found, is_chosen: bool) -> None:
        body = area.adjusted(8, 1, -8, -1)
        if is_chosen:
            box(painter, body, 6, "sel")
            box(painter, QRectF(body.x(), body.y() + 10, 3, body.height() - 20), 1.5, "accent")
        draw_icon(painter, found.icon, QRectF(area.x() + 24, area.center().y() - 10, 20, 20), "accent" if is_chosen else "ink2")
        right = area.right() - 24
        if is_chosen:
            cap = key_cap_width("Enter")
            key_cap(painter, right - cap, area.center().y(), "Enter")
            right -= cap + 8
            verb = width_of(found.enter, 12)
            text(painter, QRectF(right - verb - 2, area.y(), verb + 4, area.height()), found.enter, 12, 600, "accent", keep=True)
            right -= verb + 14
        x = area.x() + 58
        title = sum(width_of(piece, 14, 600 if hot else 400) for piece, hot in matches(found.title, self._palette_.words()))
        detail = min(width_of(found.detail, 12), max(0.0, right - x - title - 20))
        if detail > 40:
            place = QRectF(right - detail, area.y(), detail + 1, area.height())
            text(painter, place, found.detail, 12, 400, "ink2" if is_chosen else "ink3", "right")
            right -= detail + 16
        for piece, hot in matches(found.title, self._palette_.words()):
            wide = width_of(piece, 14, 600 if hot else 400)
            text(painter, QRectF(x, area.y(), max(0.0, min(wide + 1, right - x)), area.height()), piece, 14,
                 600 if hot else 400, "accent" if hot else "ink", keep=x + wide <= right)  # fmt: skip
            x += wide


class Palette(QWidget):
    """The palette over the frame; invisible until it is opened."""

    chosen = Signal(object)
    chosen_beside = Signal(object)
    closed = Signal()

    def __init__(self, frame: Frame, ask: Ask) -> None:
        super().__init__(frame)
        self._frame, self._ask = frame, ask
        self._question = 0
        self.setVisible(False)
        self.setAccessibleName("Search")
        self._panel = QWidget(self)
        self._edit = QLineEdit()
        self._edit.setProperty("bare", "true")
        self._edit.setFrame(False)
        self._edit.setFont(font(20))
        self._edit.setPlaceholderText("Patient, Rx, lot, batch, code, screen or action")
        self._edit.setAccessibleName("Search")
        self._edit.setObjectName("palette_words")
        self._edit.textEdited.connect(self._look)
        self._edit.installEventFilter(self)
        self._count = Text("", 12, 400, "ink3", keeps=True)
        self._results = _Results(self)
        self._list = QListView()
        self._list.setModel(self._results)
        self._list.setItemDelegate(_Delegate(self, self._results))
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.setAccessibleName("Results")
        self._list.clicked.connect(lambda index: self._take(index, beside=False))
        head = holding(
            across(
                Icon("magnifying-glass", "accent", 24),
                4,
                (self._edit, 1),
                self._count,
                KeyCap("Esc"),
                gap=8,
                margins=(20, 0, 20, 0),
            ),
            height=HEAD,
        )
        keys: list[QWidget] = [KeyCap("Up"), KeyCap("Down"), Text("move", 12, 400, "ink3", keeps=True), KeyCap("Enter")]
        keys += [Text("do it", 12, 400, "ink3", keeps=True), KeyCap("Alt+Enter"), Text("open beside", 12, 400, "ink3", keeps=True)]
        scan = Text("A scan works here too", 12, 400, "ink3")
        foot = holding(across(*keys, STRETCH, scan, gap=6, margins=(20, 0, 20, 0)), height=FOOT)
        column = QVBoxLayout(self._panel)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(Rule())
        column.addSpacing(4)
        column.addWidget(self._list, 1)
        column.addSpacing(4)
        column.addWidget(Rule())
        column.addWidget(foot)
        frame.installEventFilter(self)
        frame.banner.installEventFilter(self)

    def words(self) -> str:
        """What was typed."""
        return self._edit.text()

    def open(self, words: str = "") -> None:
        """Show it, with what was typed so far."""
        self._edit.setText(words)
        self._results.show_found([])
        self._place()
        self.show()
        self.raise_()
        self._edit.setFocus()
        self._look()

    def close_palette(self) -> None:
        """Put it away; the focus goes back to where it was in the screen."""
        if self.isHidden():
            return
        self._question += 1
        self.hide()
        screen = self._frame.screen_shown()
        if screen is not None:
            (screen.focusWidget() or screen).setFocus()
        self.closed.emit()

    def _look(self) -> None:
        self._question += 1
        question = self._question

        def then(found: Sequence[Found]) -> None:
            if question == self._question:
                self._show(found)

        self._ask(self._edit.text().strip(), then)

    def _show(self, found: Sequence[Found]) -> None:
        self._results.show_found(found)
        self._count.say(f"{len(found)} results" if len(found) != 1 else "1 result")
        first = next((row for row, one in enumerate(self._results.rows) if isinstance(one, Found)), None)
        if first is not None:
            self._list.setCurrentIndex(self._results.index(first))
        self._place()

    def _take(self, index: QModelIndex, *, beside: bool) -> None:
        row = self._results.rows[index.row()] if index.isValid() else None
        if isinstance(row, Found):
            self.close_palette()
            (self.chosen_beside if beside else self.chosen).emit(row.value)

    def _move(self, step: int) -> None:
        place = self._list.currentIndex().row() + step
        while 0 <= place < len(self._results.rows):
            if isinstance(self._results.rows[place], Found):
                self._list.setCurrentIndex(self._results.index(place))
                return
            place += step

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched in (self._frame, self._frame.banner) and event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        if watched is self._edit and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._move(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self._list.currentIndex(), beside=bool(event.modifiers() & Qt.KeyboardModifier.AltModifier))
        elif key == Qt.Key.Key_Escape:
            self.close_palette()
        elif key not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):  # the palette keeps the keyboard while it is open
            return False
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._panel.geometry().contains(event.position().toPoint()):
            self.close_palette()

    def _lit(self) -> QRegion:
        banner = self._frame.banner
        if not banner.isVisibleTo(self._frame):
            return QRegion()
        corner = banner.mapTo(self._frame, banner.rect().topLeft())
        return QRegion(banner.rect().translated(corner))

    def _place(self) -> None:
        self.setGeometry(self._frame.rect())
        rows = sum(GROUP if isinstance(row, str) else ROW for row in self._results.rows)
        lit = self._lit().boundingRect()
        top = lit.bottom() + 14 if lit.isValid() else 66
        height = HEAD + FOOT + 12 + (rows or ROW)
        height = min(height, self.height() - top - 24)
        wide = min(WIDTH, self.width() - 48)
        left = self._frame.side.width() if self.width() > 1100 else 0
        self._panel.setGeometry(left + (self.width() - left - wide) // 2, top, wide, max(HEAD + FOOT + ROW, height))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = smooth(QPainter(self))
        painter.save()
        painter.setClipRegion(QRegion(self.rect()).subtracted(self._lit()))
        painter.fillRect(self.rect(), token("scrim", 0.42))
        painter.restore()
        panel = QRectF(self._panel.geometry())
        painter.setPen(Qt.PenStyle.NoPen)
        for ring in range(16):  # a shadow of stacked rings: a graphics effect would blur the text above it
            painter.setBrush(token("scrim", 0.010))
            grown = 16 - ring
            painter.drawRoundedRect(panel.adjusted(-grown, -grown + 6, grown, grown + 6), 12 + grown, 12 + grown)
        box(painter, panel, 12, "surface", "line2")
        if not self._results.rows:
            words = "Nothing found" if self._edit.text().strip() else "Type to find; a scan works as well"
            text(painter, QRectF(panel.x(), panel.y() + HEAD, panel.width(), ROW + 8), words, 13, 400, "ink2", "centre")

"""The sections of the desk: icon, word, how many wait, and a red octagon when something critical does."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from infusiondesk.foundation.qtkit.fonts import width_of
from infusiondesk.foundation.qtkit.icons import SECTION_ICONS, draw_icon
from infusiondesk.foundation.qtkit.paint import box, drop, focus_ring, shape, text
from infusiondesk.foundation.qtkit.parts.focus import KeyboardButton
from infusiondesk.foundation.qtkit.parts.scroll import Scroll
from infusiondesk.foundation.qtkit.theme import token

WIDE, RAIL = 196, 72
ROW, RAIL_ROW = 36, 60


@dataclass(frozen=True)
class Section:
    """One section; `rule` draws a line above it."""

    name: str
    icon: str = ""
    rule: bool = False

    def icon_name(self) -> str:
        """The icon: its own, or the one the look names for this section."""
        return self.icon or SECTION_ICONS.get(self.name, "circle")


class _Entry(KeyboardButton):
    """One section as a button; the bar moves between them with the arrow keys."""

    def __init__(self, section: Section, bar: "SideBar") -> None:
        super().__init__(bar)
        self._section, self._bar = section, bar
        self._count, self._is_critical = 0, False
        self.setText(section.name)
        self.setObjectName(section.name)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_count(0, False)

    def show_count(self, count: int, is_critical: bool) -> None:
        self._count, self._is_critical = count, is_critical
        waiting = f", {count:,} waiting" if count else ""
        told = f"{self._section.name}{waiting}{', something critical' if is_critical else ''}"
        self.setAccessibleName(told)
        self.setToolTip(told if self._bar.is_rail() else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(RAIL - 2, RAIL_ROW) if self._bar.is_rail() else QSize(WIDE - 16, ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None:
            self._bar.step_from(self, step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        is_current = self._bar.current() == self._section.name
        area = QRectF(self.rect()).adjusted(0, 1, 0, -1)
        if is_current:
            box(painter, area, 6, "surface", "line2")
            box(painter, QRectF(0, area.center().y() - 9, 3, 18), 1.5, "accent")
        elif self.underMouse():
            box(painter, area, 6, "press")
        if self._bar.is_rail():
            self._paint_rail(painter, area, is_current)
        else:
            self._paint_wide(painter, area, is_current)
        if self.shows_focus():
            focus_ring(painter, area, 6)

    def _paint_wide(self, painter: QPainter, area: QRectF, is_current: bool) -> None:
        draw_icon(painter, self._section.icon_name(), QRectF(12, area.center().y() - 9, 18, 18), "accent" if is_current else "ink2")
        text(painter, QRectF(40, 0, area.width() - 90, self.height()), self._section.name, 13, 600 if is_current else 400,
             "ink" if is_current else "ink2")  # fmt: skip
        if self._count:
            words = f"{self._count:,}"
            right = area.right() - 9
            text(painter, QRectF(right - 60, 0, 60, self.height()), words, 12, 600, "ink" if self._is_critical else "ink2", "right")
            if self._is_critical:
                left = right - width_of(words, 12, 600) - 22
                shape(painter, "octagon", QRectF(left, area.center().y() - 5, 10, 10), "danger")

    def _paint_rail(self, painter: QPainter, area: QRectF, is_current: bool) -> None:
        middle = area.center().x()
        draw_icon(painter, self._section.icon_name(), QRectF(middle - 11, area.y() + 9, 22, 22), "accent" if is_current else "ink2")
        text(painter, QRectF(1, area.y() + 34, area.width() - 2, 18), self._section.name, 11, 600 if is_current else 400,
             "ink" if is_current else "ink2", "centre", keep=True)  # fmt: skip
        if self._is_critical:
            shape(painter, "octagon", QRectF(middle + 12, area.y() + 7, 10, 10), "danger")
        elif self._count:
            shape(painter, "dot", QRectF(middle + 13, area.y() + 8, 8, 8), "accent")


class SideBar(QWidget):
    """All sections; 196 px wide, or a rail of 72."""

    chosen = Signal(str)

    def __init__(self, sections: Sequence[Section], name: str = "InfusionDesk", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._is_rail = False
        self._entries: dict[str, _Entry] = {}
        self._current = sections[0].name if sections else ""
        self.setAccessibleName("Sections")
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(8, 0, 8, 8)
        self._column.setSpacing(0)
        for section in sections:
            if section.rule:
                self._column.addSpacing(9)
            entry = _Entry(section, self)
            entry.clicked.connect(lambda _=False, one=section.name: self._choose(one))
            self._entries[section.name] = entry
            self._column.addWidget(entry)
        self._column.addStretch(1)
        self._rules = [section.name for section in sections if section.rule]
        scroll = Scroll(content)
        scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 60, 0, 0)
        outer.addWidget(scroll)
        self._place_focus()
        self.show_rail(False)

    def current(self) -> str:
        """The section that is open."""
        return self._current

    def show_section(self, name: str) -> None:
        """Mark a section as open, without a signal."""
        self._current = name
        self._place_focus()
        for entry in self._entries.values():
            entry.update()

    def set_count(self, name: str, count: int, is_critical: bool = False) -> None:
        """How many things wait in a section."""
        self._entries[name].show_count(count, is_critical)

    def is_rail(self) -> bool:
        """Whether only icons with small words are shown."""
        return self._is_rail

    def show_rail(self, on: bool) -> None:
        """Turn to the rail, or back."""
        self._is_rail = on
        self.setFixedWidth(RAIL if on else WIDE)
        self._column.setContentsMargins(1 if on else 8, 0, 1 if on else 8, 8)
        for entry in self._entries.values():
            entry.setFixedHeight(RAIL_ROW if on else ROW)
            entry.setToolTip(entry.accessibleName() if on else "")
            entry.updateGeometry()
        self.update()

    def step_from(self, entry: QAbstractButton, step: int) -> None:
        """Move the keyboard to the neighbour of an entry."""
        entries = list(self._entries.values())
        place = next((place for place, one in enumerate(entries) if one is entry), 0) + step
        if 0 <= place < len(entries):
            entries[place].setFocus(Qt.FocusReason.TabFocusReason)

    def _choose(self, name: str) -> None:
        self.show_section(name)
        self.chosen.emit(name)

    def _place_focus(self) -> None:
        # Tab stops once at the bar, on the open section; the arrow keys go on from there.
        for name, entry in self._entries.items():
            entry.setFocusPolicy(Qt.FocusPolicy.StrongFocus if name == self._current else Qt.FocusPolicy.ClickFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), token("side"))
        painter.fillRect(QRectF(self.width() - 1, 0, 1, self.height()), token("line"))
        if self._is_rail:
            drop(painter, QRectF(self.width() / 2 - 12, 16, 24, 24))
        else:
            drop(painter, QRectF(16, 16, 24, 24))
            text(painter, QRectF(50, 16, self.width() - 58, 24), self._name, 15, 600)
        for name in self._rules:
            top = self._entries[name].mapTo(self, self._entries[name].rect().topLeft()).y()
            if top > 60:
                painter.fillRect(QRectF(16, top - 5, self.width() - 32, 1), token("line2"))

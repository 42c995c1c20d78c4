"""Steps in order with the one that is current: a worksheet with numbers, or sections with a ring that fills.

steps = StepList("Worksheet")
steps.show_steps([Step("Clear the hood, garb", "08:58, ZZTEST Birch", "done"), Step("Scan ingredients", "2 of 4", "current"),
                  Step("Confirm volumes", "2 people", "todo")])
steps.opened.connect(self.look_back)       a done or current step (click, or Up/Down and Enter); position
Step("Access device", "6 of 8", "current", share=0.75, alarm=True)      with `share` it is a section: ring, no joining line
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from infusiondesk.foundation.qtkit.fonts import width_of
from infusiondesk.foundation.qtkit.paint import box, focus_ring, shape, smooth, text, wrapped
from infusiondesk.foundation.qtkit.theme import token

StepState = Literal["done", "current", "todo", "held", "stopped"]
ROW = 58
_LEFT = 46
_TITLE, _DETAIL = 19, 17  # from line to line
_MOST_LINES = 3


@dataclass(frozen=True)
class Step:
    """One step: what it is, who or how far, and where it stands."""

    title: str
    detail: str = ""
    state: StepState = "todo"
    share: float | None = None
    alarm: bool = False


class _Place(NamedTuple):
    """Where a step stands, and its words broken into lines: a step whose name is cut cannot be followed."""

    top: int
    height: int
    title: list[str]
    detail: list[str]


class StepList(QWidget):
    """Steps under each other; where they are narrow, their words break into lines."""

    opened = Signal(int)

    def __init__(self, name: str, *, free: bool = False, parent: QWidget | None = None) -> None:
        """`free`: any step can be opened in any order (sections of a note), not only done ones."""
        super().__init__(parent)
        self._steps: tuple[Step, ...] = ()
        self._places: list[_Place] = []
        self._at = 0
        self._free = free
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show these steps."""
        self._steps = tuple(steps)
        self._at = next((place for place, step in enumerate(steps) if step.state == "current"), 0)
        self._lay_out()
        self._describe()
        self.update()

    def _lay_out(self) -> None:
        self._places = []
        top = 0
        for step in self._steps:
            room = self._right_of(step) - _LEFT
            title = _lines(step.title, room, 13, self._weight_of(step))
            detail = _lines(step.detail, room, 12, 400) if step.detail else []
            more = _TITLE * (len(title) - 1) + _DETAIL * max(0, len(detail) - 1)
            self._places.append(_Place(top, ROW + more, title, detail))
            top += ROW + more
        self.setFixedHeight(top + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def current(self) -> tuple[int, int]:
        """Where the step at hand begins and how high it is, to scroll it into view."""
        place = self._places[self._at] if self._places else _Place(0, 0, [], [])
        return place.top, place.height

    def _right_of(self, step: Step) -> int:
        return self.width() - (40 if step.alarm else 10)

    @staticmethod
    def _weight_of(step: Step) -> int:
        is_reached = step.state in ("current", "held", "stopped") or (step.state == "done" and step.share is None)
        return 600 if is_reached else 400

    def _describe(self) -> None:
        told = [
            f"{number}. {step.title}, {step.detail + ', ' if step.detail else ''}{step.state}"
            for number, step in enumerate(self._steps, 1)
        ]
        self.setAccessibleDescription("; ".join(told))

    def _can_open(self, place: int) -> bool:
        return 0 <= place < len(self._steps) and (self._free or self._steps[place].state in ("done", "current", "held", "stopped"))

    def sizeHint(self) -> QSize:
        return QSize(216, self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        y = event.position().y()
        place = next((number for number, one in enumerate(self._places) if one.top <= y < one.top + one.height), -1)
        if self._can_open(place):
            self._at = place
            self.update()
            self.opened.emit(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and self._steps:
            self._at = min(len(self._steps) - 1, max(0, self._at + step))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._can_open(self._at):
            self.opened.emit(self._at)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = smooth(QPainter(self))
        for number, (step, place) in enumerate(zip(self._steps, self._places, strict=True)):
            around = QRectF(6, place.top + 1, self.width() - 12, place.height - 11)
            middle = place.top + 24.0
            if step.state == "current":
                box(painter, around, 6, "sel", "softline")
            if step.share is None and number < len(self._steps) - 1:
                line = QRectF(23, middle + 14, 2, place.height - 28)
                painter.fillRect(line, token("accent" if step.state == "done" else "line2"))
            self._paint_mark(painter, QRectF(12, middle - 12, 24, 24), step, number + 1)
            self._paint_words(painter, step, place)
            if step.alarm:
                shape(painter, "octagon", QRectF(self.width() - 34, middle - 6, 12, 12), "danger")
            if self.hasFocus() and number == self._at:
                focus_ring(painter, around, 6)

    def _paint_words(self, painter: QPainter, step: Step, place: _Place) -> None:
        is_todo = step.state == "todo"
        room = self._right_of(step) - _LEFT
        y = place.top + (6.0 if step.detail or len(place.title) > 1 else 14.0)
        for words in place.title:
            text(painter, QRectF(_LEFT, y, room, 20), words, 13, self._weight_of(step), "ink2" if is_todo else "ink")
            y += _TITLE
        for words in place.detail:
            text(painter, QRectF(_LEFT, y, room, 17), words, 12, 400, "ink3" if is_todo else "ink2")
            y += _DETAIL

    def _paint_mark(self, painter: QPainter, area: QRectF, step: Step, number: int) -> None:
        if step.state in ("held", "stopped"):
            is_held = step.state == "held"
            shape(painter, "triangle" if is_held else "octagon", area.adjusted(3, 3, -3, -3), "due" if is_held else "danger")
        elif step.share is not None:
            self._paint_ring(painter, area, step)
        elif step.state == "done":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(token("accent"))
            painter.drawEllipse(area)
            shape(painter, "check", area.adjusted(6, 6, -6, -6), "onaccent")
        else:
            is_current = step.state == "current"
            painter.setPen(QPen(token("accent" if is_current else "control"), 2 if is_current else 1.2))
            painter.setBrush(token("surface"))
            painter.drawEllipse(area.adjusted(1, 1, -1, -1))
            text(
                painter, area, str(number), 13, 600 if is_current else 400, "accent" if is_current else "ink2", "centre", keep=True
            )

    @staticmethod
    def _paint_ring(painter: QPainter, area: QRectF, step: Step) -> None:
        if step.state == "done":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(token("donesoft"))
            painter.drawEllipse(area)
            shape(painter, "check", area.adjusted(6, 6, -6, -6), "done")
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(token("line2"), 3))
        ring = area.adjusted(2, 2, -2, -2)
        painter.drawEllipse(QPointF(ring.center()), ring.width() / 2, ring.height() / 2)
        if step.share:
            painter.setPen(QPen(token("accent"), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawArc(ring, 90 * 16, -int(360 * 16 * min(1.0, step.share)))


def _lines(words: str, room: float, px: int, weight: int) -> list[str]:
    return [words] if width_of(words, px, weight) <= room else wrapped(words, room, px, weight, most=_MOST_LINES)

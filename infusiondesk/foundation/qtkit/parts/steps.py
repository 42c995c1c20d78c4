"""Steps in order with the one that is current: a worksheet with numbers, or sections with a ring that fills.

steps = StepList("Worksheet")
steps.show_steps([Step("Clear the hood, garb", "08:58, ZZTEST Birch", "done"), Step("Scan ingredients", "2 of 4", "current"),
                  Step("Confirm volumes", "2 people", "todo")])
steps.opened.connect(self.look_back)       a done or current step (click, or Up/Down and Enter); position
Step("Access device", "6 of 8", "current", share=0.75, alarm=True)      with `share` it is a section: ring, no joining line
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from infusiondesk.foundation.qtkit.paint import box, focus_ring, shape, smooth, text
from infusiondesk.foundation.qtkit.theme import token

StepState = Literal["done", "current", "todo", "held", "stopped"]
ROW = 58


@dataclass(frozen=True)
class Step:
    """One step: what it is, who or how far, and where it stands."""

    title: str
    detail: str = ""
    state: StepState = "todo"
    share: float | None = None
    alarm: bool = False


class StepList(QWidget):
    """Steps under each other."""

    opened = Signal(int)

    def __init__(self, name: str, *, free: bool = False, parent: QWidget | None = None) -> None:
        """`free`: any step can be opened in any order (sections of a note), not only done ones."""
        super().__init__(parent)
        self._steps: tuple[Step, ...] = ()
        self._at = 0
        self._free = free
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show these steps."""
        self._steps = tuple(steps)
        self._at = next((place for place, step in enumerate(steps) if step.state == "current"), 0)
        self.setFixedHeight(ROW * len(steps) + 2)
        self._describe()
        self.update()

    def _describe(self) -> None:
        told = [
            f"{number}. {step.title}, {step.detail + ', ' if step.detail else ''}{step.state}"
            for number, step in enumerate(self._steps, 1)
        ]
        self.setAccessibleDescription("; ".join(told))

    def _can_open(self, place: int) -> bool:
        return 0 <= place < len(self._steps) and (self._free or self._steps[place].state in ("done", "current", "held", "stopped"))

    def sizeHint(self) -> QSize:
        return QSize(216, ROW * len(self._steps) + 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = int(event.position().y() // ROW)
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
        for place, step in enumerate(self._steps):
            top = place * ROW
            middle = top + 24.0
            if step.state == "current":
                box(painter, QRectF(6, top + 1, self.width() - 12, 47), 6, "sel", "softline")
            if step.share is None and place < len(self._steps) - 1:
                painter.fillRect(QRectF(27, middle + 14, 2, ROW - 28), token("accent" if step.state == "done" else "line2"))
            self._paint_mark(painter, QRectF(16, middle - 12, 24, 24), step, place + 1)
            right = self.width() - (40 if step.alarm else 14)
            todo = step.state == "todo"
            weight = 600 if step.state in ("current", "held", "stopped") or (step.state == "done" and step.share is None) else 400
            line = QRectF(52, middle - 18 if step.detail else middle - 10, right - 52, 20)
            text(painter, line, step.title, 13, weight, "ink2" if todo else "ink")
            if step.detail:
                text(painter, QRectF(52, middle + 1, right - 52, 17), step.detail, 12, 400, "ink3" if todo else "ink2")
            if step.alarm:
                shape(painter, "octagon", QRectF(self.width() - 34, middle - 6, 12, 12), "danger")
            if self.hasFocus() and place == self._at:
                focus_ring(painter, QRectF(6, top + 1, self.width() - 12, 47), 6)

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

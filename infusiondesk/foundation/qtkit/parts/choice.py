"""A few answers side by side, one of them chosen; also as the small scope switch above a list.

SegmentedChoice("Blood return, lumen 1", ["Brisk", "Sluggish", "None"], height=52)    says "not answered yet"
SegmentedChoice("Scope", ["My list", "Whole pharmacy"], chosen=0, switch=True)        small grey switch
choice.chosen_changed.connect(...)   int;   choice.chosen() -> int | None;   choice.choose(1);   choice.forbid(2)
"""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from infusiondesk.foundation.qtkit.fonts import width_of
from infusiondesk.foundation.qtkit.paint import box, shape, smooth, text
from infusiondesk.foundation.qtkit.theme import token
from infusiondesk.foundation.qtkit.tokens import Token


class SegmentedChoice(QWidget):
    """Equal parts, a check on the chosen one; nothing is chosen before somebody chose."""

    chosen_changed = Signal(int)

    def __init__(
        self,
        name: str,
        choices: Sequence[str],
        *,
        chosen: int | None = None,
        switch: bool = False,
        height: int = 36,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._choices = list(choices)
        self._chosen = chosen
        self._at = chosen or 0
        self._switch = switch
        self._forbidden: set[int] = set()
        self._px = 12 if switch else (14 if height >= 44 else 13)
        self.setFixedHeight(32 if switch else height)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed if switch else QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._describe()

    def chosen(self) -> int | None:
        """The position of the chosen answer, None while unanswered."""
        return self._chosen

    def choose(self, position: int | None) -> None:
        """Choose an answer, or none; the signal is sent when that changes something."""
        if position == self._chosen or position in self._forbidden:
            return
        self._chosen = position
        self._at = position or 0
        self._describe()
        self.update()
        if position is not None:
            self.chosen_changed.emit(position)

    def forbid(self, *positions: int) -> None:
        """These answers may not be chosen now."""
        self._forbidden = set(positions)
        self.update()

    def rename(self, choices: Sequence[str]) -> None:
        """The same answers with other words (a count that changed)."""
        self._choices = list(choices)
        self._describe()
        self.updateGeometry()
        self.update()

    def _describe(self) -> None:
        answer = "not answered yet" if self._chosen is None else f"{self._choices[self._chosen]} is chosen"
        self.setAccessibleDescription(f"{answer}; choices: {', '.join(self._choices)}")

    def _parts(self) -> list[QRectF]:
        if self._switch:
            parts, x = [], 2.0
            for words in self._choices:
                wide = width_of(words, self._px, 600) + 24
                parts.append(QRectF(x, 2, wide, self.height() - 4))
                x += wide
            return parts
        needs = self._needs()
        each = self.width() / max(1, len(self._choices))
        if max(needs, default=0) <= each:
            needs = [each] * len(self._choices)
        else:  # too narrow for equal parts: each gets what its words need
            spare = (self.width() - sum(needs)) / max(1, len(needs))
            needs = [need + spare for need in needs]
        parts, x = [], 0.0
        for need in needs:
            parts.append(QRectF(x, 0, need, self.height()))
            x += need
        return parts

    def _needs(self) -> list[float]:
        return [
            width_of(words, self._px, 600) + (44 if number == self._chosen else 26) for number, words in enumerate(self._choices)
        ]

    def sizeHint(self) -> QSize:
        each = [width_of(words, self._px, 600) + (24 if self._switch else 44) for words in self._choices]
        return QSize(int(sum(each) if self._switch else max(each, default=40) * len(each)) + 5, self.maximumHeight())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint() if self._switch else QSize(int(sum(self._needs())) + 20, self.maximumHeight())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for number, part in enumerate(self._parts()):
            if part.contains(QPointF(event.position())):
                self.choose(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None:
            free = [number for number in range(len(self._choices)) if number not in self._forbidden]
            start = self._at if self._chosen is not None else (self._at - step if step > 0 else self._at)
            wanted = [number for number in (free if step > 0 else reversed(free)) if (number - start) * step > 0]
            if wanted:
                self.choose(wanted[0])
        elif event.key() == Qt.Key.Key_Space and self._chosen is None and self._choices:
            self.choose(self._at)
        elif event.text().isdigit() and 1 <= int(event.text()) <= len(self._choices):
            self.choose(int(event.text()) - 1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusInEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = smooth(QPainter(self))
        if self._switch:
            self._paint_switch(painter)
        else:
            self._paint_field(painter)

    def _paint_switch(self, painter: QPainter) -> None:
        box(painter, QRectF(self.rect()), 6, "side", "line2")
        for number, (words, part) in enumerate(zip(self._choices, self._parts(), strict=True)):
            is_chosen = number == self._chosen
            if is_chosen:
                box(painter, part, 5, "surface", "accent" if self.hasFocus() else "line2", 2 if self.hasFocus() else 1)
            is_free = self.isEnabled() and number not in self._forbidden
            ink: Token = ("ink" if is_chosen else "ink2") if is_free else "ink3"
            text(painter, part, words, self._px, 600 if is_chosen else 400, ink, "centre", keep=True)

    def _paint_field(self, painter: QPainter) -> None:
        radius = 8 if self.height() >= 44 else 6
        usable = self.isEnabled()
        if self.property("state") == "error":
            box(painter, QRectF(self.rect()), radius, "surface", "danger", 2)
        else:
            box(painter, QRectF(self.rect()), radius, "surface" if usable else "sunken", "control" if usable else "line2")
        for number, (words, part) in enumerate(zip(self._choices, self._parts(), strict=True)):
            is_chosen = number == self._chosen
            if not is_chosen and number and number - 1 != self._chosen:
                painter.fillRect(QRectF(part.x(), part.y() + 8, 1, part.height() - 16), token("line2"))
            if is_chosen:
                box(painter, part, radius, "soft", "accent", 2)
            is_free = usable and number not in self._forbidden
            wide = width_of(words, self._px, 600 if is_chosen else 400)
            if is_chosen:
                shape(painter, "check", QRectF(part.center().x() - wide / 2 - 19, part.center().y() - 5.5, 11, 11), "accent")
                text(painter, part.adjusted(9, 0, 0, 0), words, self._px, 600, "accent", "centre", keep=True)
            else:
                text(painter, part, words, self._px, 400, "ink" if is_free else "ink3", "centre", keep=True)
        if self.hasFocus():
            inner = QRectF(self.rect()).adjusted(3, 3, -3, -3)
            box(painter, inner, radius - 2, None, "accent", 2)

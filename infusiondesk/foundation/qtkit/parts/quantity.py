"""A number with its unit and what it is in the other unit, live: a weight in kilograms shows its pounds.

    weight = QuantityField("Weight", "kg", places=1, also="lb")      `157 lb` may be typed as well
    weight.changed.connect(...);  weight.value() -> Decimal | None;  weight.show_value(Decimal("71.4"))
    weight.note("measured 21 Nov 2026");  weight.warn("7.3% below the last weight");  weight.refuse("Below 20 kg. Check the unit.")
    QuantityField("External length, baseline 3 cm", "cm", step=Decimal(1), tablet=True)      with minus and plus, 52 px

Unreadable text is kept as typed and says so; the value is then None and is_readable() false.
"""

from decimal import Decimal
from typing import Literal

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from infusiondesk.foundation.qtkit.fonts import font, width_of
from infusiondesk.foundation.qtkit.forms.fields import NumberField
from infusiondesk.foundation.qtkit.forms.reading import Unreadable
from infusiondesk.foundation.qtkit.icons import draw_icon
from infusiondesk.foundation.qtkit.paint import Shape, box, shape, text, wrapped
from infusiondesk.foundation.qtkit.theme import THEME, token
from infusiondesk.foundation.qtkit.tokens import Token

Mood = Literal["rest", "warn", "refused"]


class QuantityField(QWidget):
    """Label, value, unit, conversion, remark."""

    changed = Signal()

    def __init__(
        self,
        label: str,
        unit: str,
        *,
        places: int = 2,
        also: str = "",
        step: Decimal | None = None,
        tablet: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._field = NumberField(label, label, unit=unit, places=places, also=also)
        self._step, self._tablet = step, tablet
        self._mood: Mood = "rest"
        self._remark = ""
        self._px = 20 if tablet else 14
        self._tall = 52 if tablet else 36
        self._top = 24 if tablet else 20
        self._edit = QLineEdit(self)
        self._edit.setProperty("bare", "true")
        self._edit.setFrame(False)
        self._edit.setFont(font(self._px, 600))
        self._edit.setAccessibleName(f"{label}, {unit}")
        self._edit.setObjectName(label)
        self._edit.installEventFilter(self)
        self._edit.textEdited.connect(self._edited)
        self.setFocusProxy(self._edit)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        THEME.changed.connect(self._ink_edit)
        self._ink_edit()

    # What screens use.

    def value(self) -> Decimal | None:
        """The number in the field's own unit; None while empty or unreadable."""
        try:
            read = self._field.read(self._edit.text())
        except Unreadable:
            return None
        return None if read is None else Decimal(read)

    def is_readable(self) -> bool:
        """Whether what was typed can be read (nothing can)."""
        try:
            self._field.read(self._edit.text())
        except Unreadable:
            return False
        return True

    def show_value(self, value: Decimal | None) -> None:
        """Show a number."""
        self._edit.setText(self._field.write(value))
        self._become("rest", "")

    def typed(self) -> str:
        """What stands in the field."""
        return self._edit.text()

    def note(self, sentence: str) -> None:
        """A quiet remark below: when it was measured, what may be typed."""
        self._become("rest", sentence)

    def warn(self, sentence: str) -> None:
        """Unusual: amber edge and a sentence; it can be saved."""
        self._become("warn", sentence)

    def refuse(self, sentence: str) -> None:
        """Implausible: red edge and a sentence."""
        self._become("refused", sentence)

    def forbid(self, reason: str) -> None:
        """Not needed now; the sentence says why."""
        self.setEnabled(False)
        self._become("rest", reason)

    # Inside.

    def _become(self, mood: Mood, remark: str) -> None:
        self._mood, self._remark = mood, remark
        self._fit()
        self._edit.setAccessibleDescription(remark)
        self._ink_edit()
        self.update()

    def _edited(self) -> None:
        try:
            self._field.read(self._edit.text())
        except Unreadable as unreadable:
            self._become("refused", unreadable.sentence)
        else:
            self._become("rest", "")
        self.changed.emit()

    def _ink_edit(self) -> None:
        palette = self._edit.palette()
        palette.setColor(palette.ColorRole.Text, token("danger" if self._mood == "refused" else "ink"))
        self._edit.setPalette(palette)
        self._edit.setStyleSheet(f"color: {token('danger' if self._mood == 'refused' else 'ink').name()}")

    def _area(self) -> QRectF:
        return QRectF(0, self._top, self.width(), self._tall)

    def _left(self) -> int:
        return 68 if self._step is not None else (16 if self._tablet else 12)

    def _move(self, way: int) -> None:
        if self._step is None or not self.isEnabled():
            return
        now = self.value() or Decimal(0)
        self._edit.setText(self._field.write(max(Decimal(0), now + way * self._step)))
        self._edited()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._step is not None:
            way = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
            if way is not None:
                self._move(way)
                return True
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._step is not None and self._area().contains(event.position()):
            if event.position().x() < 52:
                self._move(-1)
            elif event.position().x() > self.width() - 52:
                self._move(1)
        self._edit.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        room = self.width() - self._left() - (64 if self._step is not None else 12)
        self._edit.setGeometry(self._left(), self._top + self._tall // 2 - 14, max(30, room), 28)
        self._fit()

    def _remark_lines(self) -> list[str]:
        return wrapped(self._remark, self.width() - 15, 12, most=3) if self._remark else []

    def _fit(self) -> None:
        """A remark is never cut: it takes the lines it needs."""
        self.setMinimumHeight(self._top + self._tall + 20 + 16 * max(0, len(self._remark_lines()) - 1))

    def sizeHint(self) -> QSize:
        return QSize(206, self._top + self._tall + 20)

    def minimumSizeHint(self) -> QSize:
        return QSize(140, self._top + self._tall + 20)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        usable = self.isEnabled()
        text(painter, QRectF(0, 0, self.width(), 18), self._field.label, 13 if self._tablet else 12, 400, "ink2")
        edge, wide = self._edge()
        box(painter, self._area(), 8 if self._tablet else 6, "surface" if usable else "sunken", edge, wide)
        if self._step is not None:
            for x, icon in ((0.0, "minus"), (self.width() - 52.0, "plus")):
                painter.fillRect(QRectF(52 if x == 0 else x, self._top + 2, 1, self._tall - 4), token("line2"))
                draw_icon(painter, icon, QRectF(x + 16, self._top + 16, 20, 20), "accent" if usable else "ink3")
        typed = self._edit.text()
        x = self._left() + (width_of(typed, self._px, 600) + 8 if typed else 0)
        if self._field.unit and not self._is_other(typed):
            line = QRectF(x, self._top, 90, self._tall + (2 if self._tablet else 0))
            text(painter, line, self._field.unit, 14 if self._tablet else 13, 400, "ink2" if typed else "ink3")
        right = self._area().adjusted(0, 0, -64 if self._step is not None else -12, 0)
        other = self._field.echo(typed)
        unit = 0 if self._is_other(typed) else width_of(self._field.unit, 14 if self._tablet else 13) + 8
        fits = x + unit + width_of(other, 12) <= right.right()
        if fits:
            text(painter, right, other, 12, 400, "ink3", "right", keep=True)
        self._paint_remark(painter, "" if fits else other)

    def _is_other(self, typed: str) -> bool:
        return any(sign.isalpha() for sign in typed)

    def _edge(self) -> tuple[Token, float]:
        if not self.isEnabled():
            return "line2", 1
        if self._mood == "refused":
            return "danger", 2
        if self._edit.hasFocus():
            return "accent", 2
        if self._mood == "warn":
            return "due", 1
        return ("ink2" if self.underMouse() else "control"), 1

    def _paint_remark(self, painter: QPainter, other: str) -> None:
        marks: dict[Mood, tuple[Shape, Token]] = {"warn": ("triangle", "due"), "refused": ("octagon", "danger")}
        kind, ink = marks.get(self._mood, ("none", "ink3"))
        y = self._top + self._tall + 3
        if self._remark:
            shape(painter, kind, QRectF(0, y + 4, 10, 10), ink)
            left = 15 if kind != "none" else 0
            for number, line in enumerate(self._remark_lines()):
                text(painter, QRectF(left, y + 16 * number, self.width() - left, 18), line, 12, 400, ink)
        elif other:
            text(painter, QRectF(0, y, self.width(), 18), other, 12, 400, "ink3")

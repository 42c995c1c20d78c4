"""The control of each kind of field: a label above, the input, and one line of remark or problem below."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from infusiondesk.foundation.qtkit.fonts import font, metrics
from infusiondesk.foundation.qtkit.forms.fields import (
    CheckField,
    ChoiceField,
    CodeField,
    Field,
    LongTextField,
    MultiChoiceField,
    NumberField,
    TextField,
)
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, down, holding
from infusiondesk.foundation.qtkit.parts.choice import SegmentedChoice
from infusiondesk.foundation.qtkit.parts.picker import Picker
from infusiondesk.foundation.qtkit.parts.pill import Mark
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.parts.tick import Tick


class FieldBox(QWidget):
    """Label, input and remark of one field; subclasses supply the input."""

    edited = Signal()
    left = Signal()

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.is_touched = False
        self._problem = ""
        self._label = Text(field.label, 12, 400, "ink2")
        self._needed = Text("needed", 12, 400, "ink3")
        self._needed.setVisible(field.required)
        self._shape = Mark("octagon", "danger", "Problem", 10)
        self._remark = Text(field.hint, 12, 400, "ink3", wraps=True)
        self.input = self.make_input()
        self.input.setObjectName(field.name)
        self.input.setAccessibleName(field.label)
        self.input.installEventFilter(self)
        self.setFocusProxy(self.input)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(3)
        self._column.addLayout(across(self._label, STRETCH, self._needed))
        self._column.addWidget(self.input)
        self._remark_row = holding(across(down(4, self._shape, STRETCH, gap=0), (self._remark, 1), gap=5))
        self._column.addWidget(self._remark_row)
        self._column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._tell()

    # For subclasses.

    def make_input(self) -> QWidget:
        """The input, connected to `edited`."""
        raise NotImplementedError

    def typed(self) -> str:
        """What stands in the input, as text."""
        raise NotImplementedError

    def put(self, typed: str) -> None:
        """Put text into the input."""
        raise NotImplementedError

    def value(self) -> Any:
        """The value for the draft; raises Unreadable."""
        return self.field.read(self.typed())

    def show_value(self, value: Any) -> None:
        """Show a value of the draft."""
        self.put(self.field.write(value))

    def focus_widgets(self) -> list[QWidget]:
        """What Tab stops at, in order."""
        return [self.input]

    def show_state(self, state: str) -> None:
        """Draw the input's edge by state ("" or "error")."""
        if self.input.property("state") != state:
            self.input.setProperty("state", state)
            self.input.style().unpolish(self.input)
            self.input.style().polish(self.input)
            self.input.update()

    # For the form.

    def show_problem(self, sentence: str) -> None:
        """Write a problem under the input, or clear it; the remark is written anew with it."""
        self._problem = sentence
        self.show_state("error" if sentence else "")
        self._tell()

    def problem(self) -> str:
        """The sentence that is on screen now."""
        return self._problem

    def _tell(self) -> None:
        remark = self._problem or self.field.echo(self.typed()) or self.field.hint
        self._remark.say(remark, "danger" if self._problem else "ink3")
        self._remark_row.setVisible(bool(remark))
        self._shape.setVisible(bool(self._problem))
        self._needed.setVisible(self.field.required and self.field.is_empty(self.typed()))
        needed = "needed" if self._needed.isVisibleTo(self) else ""
        self.input.setAccessibleDescription(". ".join(part for part in (needed, remark) if part))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
            popup = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
            if event.reason() not in popup:
                self.left.emit()
        return super().eventFilter(watched, event)


class LineBox(FieldBox):
    """One line: text, date, time, number."""

    def make_input(self) -> QWidget:
        self._edit = QLineEdit()
        self._edit.setFont(font(13))
        if isinstance(self.field, TextField):
            self._edit.setMaxLength(self.field.longest)
            if self.field.secret:
                self._edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._edit.textEdited.connect(lambda: self.edited.emit())
        return self._edit

    def typed(self) -> str:
        return self._edit.text()

    def put(self, typed: str) -> None:
        self._edit.setText(typed)


class NumberBox(LineBox):
    """A number with its unit inside the field, at the right."""

    def make_input(self) -> QWidget:
        edit = super().make_input()
        unit = self.field.unit if isinstance(self.field, NumberField) else ""
        if unit:
            self._unit = Text(unit, 13, 400, "ink2", right=True, keeps=True, parent=self._edit)
            self._unit.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            wide = int(metrics(13).horizontalAdvance(unit)) + 12
            self._edit.setTextMargins(0, 0, wide, 0)
            row = across(STRETCH, self._unit, margins=(0, 0, 12, 0))
            self._edit.setLayout(row)
            self._edit.textChanged.connect(lambda words: self._unit.setVisible(not any(sign.isalpha() for sign in words)))
        return edit


class LongBox(FieldBox):
    """Several lines; Tab leaves it, as a note has no tabs."""

    def make_input(self) -> QWidget:
        self._edit = QPlainTextEdit()
        self._edit.setFont(font(13))
        self._edit.setTabChangesFocus(True)
        lines = self.field.lines if isinstance(self.field, LongTextField) else 4
        self._edit.setFixedHeight(int(metrics(13).lineSpacing() * lines) + 22)
        self._edit.textChanged.connect(lambda: self.edited.emit())
        return self._edit

    def typed(self) -> str:
        return self._edit.toPlainText()

    def put(self, typed: str) -> None:
        self._edit.setPlainText(typed)


class SpreadBox(FieldBox):
    """Choices side by side."""

    def make_input(self) -> QWidget:
        field = self.field
        self._words = [words for _, words in field.pairs()] if isinstance(field, ChoiceField) else []
        self._choice = SegmentedChoice(field.label, self._words)
        self._choice.chosen_changed.connect(lambda _: self.edited.emit())
        return self._choice

    def typed(self) -> str:
        chosen = self._choice.chosen()
        return "" if chosen is None else self._words[chosen]

    def put(self, typed: str) -> None:
        self._choice.choose(self._words.index(typed) if typed in self._words else None)


class PickerBox(FieldBox):
    """Choices in a list that opens."""

    def make_input(self) -> QWidget:
        field = self.field
        self._words = [words for _, words in field.pairs()] if isinstance(field, ChoiceField) else []
        self._lost = ""
        self._picker = Picker(field.label, self._words)
        self._picker.chosen_changed.connect(self._chosen)
        return self._picker

    def _chosen(self) -> None:
        self._lost = ""
        self.edited.emit()

    def typed(self) -> str:
        chosen = self._picker.chosen()
        return self._lost if chosen is None else self._words[chosen]

    def put(self, typed: str) -> None:
        self._picker.choose(self._words.index(typed) if typed in self._words else None)
        self._lost = "" if typed in self._words else typed

    def offer(self, choices: Sequence[Any]) -> None:
        """Offer other choices from now on; what is chosen stays, and is told to be no choice any more where it is none."""
        assert isinstance(self.field, ChoiceField)
        if list(choices) == list(self.field.choices):
            return
        typed, self.field = self.typed(), replace(self.field, choices=choices)
        self._words = [words for _, words in self.field.pairs()]
        self._picker.blockSignals(True)
        self._picker.offer(self._words)
        self.put(typed)
        self._picker.blockSignals(False)


class CheckBox(FieldBox):
    """Yes or no; the label stands right of the box."""

    def make_input(self) -> QWidget:
        self._tick = Tick(self.field.label, height=36)
        self._tick.toggled.connect(lambda _: self.edited.emit())
        self._label.say("")
        return self._tick

    def typed(self) -> str:
        return "yes" if self._tick.isChecked() else ""

    def put(self, typed: str) -> None:
        self._tick.setChecked(typed == "yes")


class MultiBox(FieldBox):
    """Any of several, as ticks in columns."""

    def make_input(self) -> QWidget:
        field = self.field
        self._words = [words for _, words in field.pairs()] if isinstance(field, ChoiceField) else []
        self._ticks = [Tick(words) for words in self._words]
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(0)
        columns = 3 if all(len(words) < 26 for words in self._words) else 2
        for number, tick in enumerate(self._ticks):
            tick.toggled.connect(lambda _: self.edited.emit())
            tick.installEventFilter(self)
            grid.addWidget(tick, number // columns, number % columns)
        for column in range(columns):
            grid.setColumnStretch(column, 1)
        return holder

    def typed(self) -> str:
        return "\n".join(words for words, tick in zip(self._words, self._ticks, strict=True) if tick.isChecked())

    def put(self, typed: str) -> None:
        wanted = typed.split("\n")
        for words, tick in zip(self._words, self._ticks, strict=True):
            tick.setChecked(words in wanted)

    def focus_widgets(self) -> list[QWidget]:
        return list(self._ticks)


def box_for(field: Field) -> FieldBox:
    """The control for a field."""
    if isinstance(field, CodeField):
        from infusiondesk.foundation.qtkit.forms.code_box import CodeBox

        return CodeBox(field)
    if isinstance(field, MultiChoiceField):
        return MultiBox(field)
    if isinstance(field, ChoiceField):
        return SpreadBox(field) if field.is_spread() else PickerBox(field)
    kinds: list[tuple[type[Field], Callable[[Field], FieldBox]]] = [
        (CheckField, CheckBox),
        (LongTextField, LongBox),
        (NumberField, NumberBox),
    ]
    return next((make for kind, make in kinds if isinstance(field, kind)), LineBox)(field)

"""The binder: fields on screen, a plain draft behind them, each problem beside its field."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.foundation.qtkit.forms.controls import FieldBox, box_for
from infusiondesk.foundation.qtkit.forms.fields import Field
from infusiondesk.foundation.qtkit.forms.reading import Unreadable
from infusiondesk.foundation.qtkit.parts.arrange import across
from infusiondesk.foundation.qtkit.parts.pill import Mark
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text

TWO_COLUMNS_FROM = 560


class Draft(Protocol):
    """What is being typed: a plain dataclass that can say what keeps it from being saved."""

    def problems(self) -> Iterable[Problem]:
        """What is missing or wrong, each with the field it belongs to ("" for the whole)."""
        ...


class Form(QWidget):
    """Fields of one draft."""

    changed = Signal()

    def __init__(
        self,
        fields: Sequence[Field | str],
        draft: Draft,
        *,
        columns: int = 2,
        summary: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.draft: Any = draft
        self._columns = columns
        self._is_tried = False
        self._is_filling = False
        self._unreadable: dict[str, str] = {}
        self._refused: dict[str, str] = {}
        self._items: list[FieldBox | SectionTitle] = []
        self._boxes: dict[str, FieldBox] = {}
        for field in fields:
            if isinstance(field, str):
                self._items.append(SectionTitle(field, px=14))
                continue
            box = box_for(field)
            self._boxes[field.name] = box
            self._items.append(box)
            box.edited.connect(lambda one=box: self._edited(one))
            box.left.connect(lambda one=box: self._left(one))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(12)
        self._shape = Mark("octagon", "danger", "Problem", 11)
        self._summary = Text("", 12, 400, "ink2", wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(self._grid)
        self._foot = across(self._shape, (self._summary, 1), gap=6)
        column.addLayout(self._foot)
        self._summary.setVisible(summary)
        self._has_summary = summary
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._laid = 0
        self._lay_out(1)
        self.fresh(draft)

    # What screens use.

    def fresh(self, draft: Draft) -> None:
        """Show another draft, untouched."""
        self.draft = draft
        self._is_tried = False
        self._refused.clear()
        self._unreadable.clear()
        self._is_filling = True
        for name, box in self._boxes.items():
            box.is_touched = False
            box.show_value(getattr(draft, name))
            self._read(box)
        self._is_filling = False
        self._judge()

    def problems(self) -> list[Problem]:
        """Everything that keeps the draft from being saved: unreadable, missing, refused, and what the draft says."""
        found = [Problem(name, sentence) for name, sentence in self._unreadable.items()]
        named = {problem.field for problem in found}
        found += [problem for problem in self.draft.problems() if problem.field not in named]
        named |= {problem.field for problem in found}
        found += [Problem(name, sentence) for name, sentence in self._refused.items() if name not in named]
        named |= set(self._refused)
        for name, box in self._boxes.items():
            is_missing = box.field.required and not box.isHidden() and box.field.is_empty(box.typed())
            if is_missing and name not in named:
                found.append(Problem(name, f"{box.field.label} is needed."))
        order = {name: place for place, name in enumerate(self._boxes)}
        return sorted(found, key=lambda problem: order.get(problem.field, len(order)))

    def is_ready(self) -> bool:
        """Whether the draft can be saved."""
        return not self.problems()

    def show_problems(self) -> bool:
        """Save was tried: show every problem and go to the first; says whether there was one."""
        self._is_tried = True
        self._judge()
        for problem in self.problems():
            if problem.field in self._boxes:
                self.focus_field(problem.field)
                return True
        return bool(self.problems())

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """The pharmacy's rules said no (Refused): the sentence stands at its field until that is edited."""
        if field in self._boxes:
            self._refused[str(field)] = sentence
            self._boxes[str(field)].is_touched = True
            self._judge()
            self.focus_field(str(field))
        else:
            self._summary.say(sentence, "danger")
            self._shape.setVisible(True)

    def forgive(self) -> None:
        """Take back every refusal: another field was edited on which they may depend; the rules judge again at the next save."""
        if self._refused:
            self._refused.clear()
            self._judge()

    def focus_field(self, name: str) -> None:
        """Put the cursor into a field."""
        self._boxes[name].focus_widgets()[0].setFocus()

    def focus_first(self) -> None:
        """Put the cursor into the first field that is shown and can be typed into."""
        for box in self._boxes.values():
            stops = [stop for stop in box.focus_widgets() if stop.isVisible() and stop.isEnabled()]
            if stops:
                stops[0].setFocus(Qt.FocusReason.TabFocusReason)
                return

    def box(self, name: str) -> FieldBox:
        """The label, input and remark of a field."""
        return self._boxes[name]

    def snapshot(self) -> dict[str, str]:
        """What stands in every field, as typed; can be kept as JSON. A password is never kept."""
        return {name: box.typed() for name, box in self._boxes.items() if not getattr(box.field, "secret", False)}

    def restore(self, typed: dict[str, str]) -> None:
        """Put back what was typed, readable or not; fields that are no longer there are passed over."""
        self._is_filling = True
        for name, words in typed.items():
            if name in self._boxes:
                box = self._boxes[name]
                box.put(words)
                box.is_touched = bool(words)
                self._read(box)
        self._is_filling = False
        self._judge()
        self.changed.emit()

    def show_field(self, name: str, on: bool) -> None:
        """Show or hide a field that only sometimes applies; a hidden one is never required by the form."""
        box = self._boxes[name]
        if box.isHidden() == on:
            box.setVisible(on)
            self._judge()

    # Inside.

    def _edited(self, box: FieldBox) -> None:
        if self._is_filling:
            return
        self._refused.pop(box.field.name, None)
        self._read(box)
        self._judge()
        self.changed.emit()

    def _left(self, box: FieldBox) -> None:
        box.is_touched = True
        self._judge()

    def _read(self, box: FieldBox) -> None:
        name = box.field.name
        try:
            setattr(self.draft, name, box.value())
        except Unreadable as unreadable:
            self._unreadable[name] = unreadable.sentence
        else:
            self._unreadable.pop(name, None)

    def _judge(self) -> None:
        problems = self.problems()
        by_field: dict[str, str] = {}
        for problem in problems:
            by_field.setdefault(problem.field, problem.sentence)
        for name, box in self._boxes.items():
            box.show_problem(by_field.get(name, "") if box.is_touched or self._is_tried else "")
        self._sum_up(problems)

    def _sum_up(self, problems: Sequence[Problem]) -> None:
        whole = [problem.sentence for problem in problems if problem.field not in self._boxes]
        labels = list(dict.fromkeys(self._boxes[problem.field].field.label for problem in problems if problem.field in self._boxes))
        words = " ".join(whole)
        if labels:
            told = f"{len(labels)} to complete: {', '.join(labels)}." if len(labels) > 1 else f"To complete: {labels[0]}."
            words = f"{words} {told}".strip()
        tried = self._is_tried and bool(problems)
        self._summary.say(words, "danger" if tried else "ink2")
        self._summary.setVisible(self._has_summary and bool(words))
        self._shape.setVisible(self._has_summary and tried)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out(self._columns if self.width() >= TWO_COLUMNS_FROM else 1)

    def _lay_out(self, columns: int) -> None:
        if columns == self._laid:
            return
        self._laid = columns
        while self._grid.takeAt(0) is not None:
            pass
        row = column = 0
        for item in self._items:
            is_wide = isinstance(item, SectionTitle) or item.field.wide
            if is_wide and column:
                row, column = row + 1, 0
            self._grid.addWidget(item, row, column, 1, columns if is_wide else 1)
            column += columns if is_wide else 1
            if column >= columns:
                row, column = row + 1, 0
        for place in range(self._columns):
            self._grid.setColumnStretch(place, 1 if place < columns else 0)
        stops = [widget for item in self._items if isinstance(item, FieldBox) for widget in item.focus_widgets()]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

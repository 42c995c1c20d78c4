"""A code that is looked up while it is typed: the list of matches opens under the field, Enter takes one."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QStringListModel, QTimer
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QWidget

from infusiondesk.foundation.qtkit.fonts import font
from infusiondesk.foundation.qtkit.forms.controls import FieldBox
from infusiondesk.foundation.qtkit.forms.fields import Code, CodeField
from infusiondesk.foundation.qtkit.forms.reading import Unreadable

PAUSE_MS = 120


class CodeBox(FieldBox):
    """A line with completion; what is chosen is a Code, and its value goes to the draft."""

    def __init__(self, field: CodeField, parent: QWidget | None = None) -> None:
        self._codes: dict[str, Code] = {}
        self._chosen: Code | None = None
        self._kept: Any = None
        self._question = 0
        super().__init__(field, parent)
        self._field = field

    def make_input(self) -> QWidget:
        self._edit = QLineEdit()
        self._edit.setFont(font(13))
        self._model = QStringListModel(self)
        self._completer = QCompleter(self._model, self._edit)
        # The list is already the answer to what was typed; Qt must not filter it once more.
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(10)
        self._list = QListView()
        self._list.setFont(font(13))
        self._completer.setPopup(self._list)
        self._edit.setCompleter(self._completer)
        self._completer.activated.connect(self._take)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self._edit.textEdited.connect(self._typed)
        self._edit.returnPressed.connect(self._take_only)
        return self._edit

    def _typed(self) -> None:
        self._chosen = None
        self._kept = None
        self._pause.start()
        self.edited.emit()

    def _ask(self) -> None:
        words = self._edit.text().strip()
        if not words:
            return
        self._question += 1
        question = self._question

        def then(codes: Sequence[Code]) -> None:
            if question == self._question:  # newest wins
                self._offer(codes)

        self._field.look_up(words, then)

    def _offer(self, codes: Sequence[Code]) -> None:
        self._codes = {code.words(): code for code in codes}
        self._model.setStringList(list(self._codes))
        typed = self._edit.text().strip().casefold()
        exact = next((code for code in codes if code.code.casefold() == typed), None)
        if exact is not None:
            self._chosen = exact
            self.edited.emit()
        if self._edit.hasFocus() and codes:
            self._completer.complete()

    def _take(self, words: str) -> None:
        if (code := self._codes.get(words)) is not None:
            self._chosen = code
            self._pause.stop()
            self._edit.setText(code.words())
            self.edited.emit()

    def _take_only(self) -> None:
        if self._chosen is None and len(self._codes) == 1:
            self._take(next(iter(self._codes)))

    def typed(self) -> str:
        return self._edit.text()

    def put(self, typed: str) -> None:
        self._edit.setText(typed)

    def value(self) -> Any:
        words = self.typed().strip()
        if self._chosen is not None:
            return self._chosen.code if self._chosen.value is None else self._chosen.value
        if not words:
            return None
        if not self._field.must_choose:
            return words.partition("  ")[0]  # what stands there, also where a code with its meaning was put back after a crash
        if self._kept is not None:
            return self._kept
        raise Unreadable("Choose one from the list.")

    def show_value(self, value: Any) -> None:
        """Show a value: a Code with its meaning, anything else as its own words."""
        self._chosen = value if isinstance(value, Code) else None
        self._kept = None if isinstance(value, Code) else value
        self.put(value.words() if isinstance(value, Code) else ("" if value is None else str(value)))

    def focus_widgets(self) -> list[QWidget]:
        return [self._edit]

    def hide_list(self) -> None:
        """Close the list of matches."""
        self._list.hide()

"""A form in a panel with its Save: binds a Draft to a verb, keeps what is typed, shows a refusal beside the field it names."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.forms import Form
from infusiondesk.foundation.qtkit.forms.fields import Field
from infusiondesk.foundation.qtkit.forms.form import Draft
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.text import Text


class Editor(QWidget):
    """One thing being entered or changed.

        editor = Editor(desk, "licence", "Enter a licence", FIELDS, LicenceDraft(), service.enter_licence,
                        given=lambda draft: {"person_id": row.id, "draft": draft}, said="Licence entered.")
        page.show_detail(editor, editor.save, editor.cancel)

    `saved` carries what the verb returned; `cancelled` comes when the person turns away. `name` identifies the editor in a kept
    draft. By default the verb is given the draft as ``draft=``.
    """

    saved = Signal(object)
    cancelled = Signal()

    def __init__(
        self,
        desk: Desk,
        name: str,
        title: str,
        fields: Sequence[Field | str],
        draft: Draft,
        verb: Callable[..., Any],
        *,
        given: Callable[[Any], dict[str, Any]] | None = None,
        said: str | Callable[[Any], str] = "Saved.",
        save: str = "Save",
        explanation: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.desk, self.name, self._verb, self._said = desk, name, verb, said
        self._given = given or (lambda typed: {"draft": typed})
        self.setObjectName(f"editor-{name}")
        self.setAccessibleName(title)
        self.form = Form(fields, draft)
        self._is_new = True
        self._first: QWidget | None = None
        self.save = Button(save, "primary", icon="check", key="Ctrl+S")
        self.save.clicked.connect(self._save)
        self.cancel = Button("Cancel", cap="Esc")
        self.cancel.clicked.connect(self.cancelled.emit)
        permission = getattr(verb, "permission", None)
        if permission is not None and (sentence := desk.refusal(permission)):
            self.save.forbid(sentence)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(Text(title, 20, 600, wraps=True))
        if explanation:
            column.addWidget(Text(explanation, 13, 400, "ink2", wraps=True))
        column.addWidget(self.form)
        column.addStretch(1)

    def begin_at(self, first: QWidget) -> None:
        """Let something beside the form have the cursor when it opens: the field that is scanned into."""
        self._first = first

    def showEvent(self, event: QShowEvent) -> None:
        """Whoever opened it goes on typing: the first field has the cursor; not again when the window comes back."""
        super().showEvent(event)
        if self._is_new:
            self._is_new = False
            QTimer.singleShot(0, self, self.form.focus_first if self._first is None else self._first.setFocus)

    def snapshot(self) -> dict[str, Any]:
        """What is typed, to be kept across a lock or a crash."""
        return {"editor": self.name, "typed": self.form.snapshot()}

    def restore(self, kept: dict[str, Any]) -> None:
        """Put kept typing back."""
        self.form.restore(kept["typed"])

    def _save(self) -> None:
        if self.form.show_problems():
            return
        self.desk.do(
            self, self._verb, self.saved.emit, said=self._said, when_refused=self._show_refusal, **self._given(self.form.draft)
        )

    def _show_refusal(self, refusal: Refused) -> None:
        self.form.refuse(refusal.sentence, refusal.field or "")

"""The few questions that stop everything: a reason, a signature, a second person's signature. Truly modal, Enter answers.

    reason = ask_reason(window, "Trough 27.4 mg/L is critical. What was done?", ["Prescriber called", "Dose held"])   str | None

    dialog = SignDialog(window, subject="vancomycin 1,250 mg every 12 hours, Rx 703902",
        meaning="I verified this order.", person="ZZTEST Rowan", licence="RPh ZZ-1042",
        verify=lambda password, then: desk.ask(window, sign_in.check, then, password=password))
    if dialog.exec(): dialog.password()

    CoSignDialog(..., verify=lambda name, password, then: ...)      name and password of the second person

`verify` answers with `then("")` when the password is right, or with one sentence that is shown ("That is not the
password. 4 tries are left.").
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from infusiondesk.foundation.qtkit.fonts import font
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.choice_list import ChoiceList
from infusiondesk.foundation.qtkit.parts.pill import Mark
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.theme import token

Then = Callable[[str], None]


class QuestionDialog(QDialog):
    """One question, what is needed to answer it, one primary button, Escape for no."""

    def __init__(self, parent: QWidget | None, title: str, question: str, accept: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setFixedWidth(480)
        self.setAccessibleName(title)
        self.setAccessibleDescription(question)
        self.body = QVBoxLayout()
        self.body.setSpacing(10)
        self._wrong = Text("", 13, 600, "danger", wraps=True)
        self._shape = Mark("octagon", "danger", "Problem", 12)
        self._trouble = holding(across(self._shape, (self._wrong, 1), gap=7))
        self._trouble.setVisible(False)
        self.accept_button = Button(accept, "primary", cap="Enter", height=40)
        self.cancel_button = Button("Cancel", cap="Esc", height=40)
        self.accept_button.clicked.connect(self.answer)
        self.cancel_button.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(Text(question, 16, 600, wraps=True))
        column.addLayout(self.body)
        column.addWidget(self._trouble)
        column.addLayout(across(STRETCH, self.cancel_button, self.accept_button, gap=8))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.first_stop().setFocus(Qt.FocusReason.OtherFocusReason)

    def first_stop(self) -> QWidget:
        """What has the keyboard when the question opens."""
        return self.accept_button

    def answer(self) -> None:
        """The primary button or Enter."""
        raise NotImplementedError

    def show_trouble(self, sentence: str) -> None:
        """One sentence on what is wrong; nothing takes it away."""
        self._wrong.say(sentence)
        self._trouble.setVisible(bool(sentence))
        self._trouble.setAccessibleName(sentence)
        self.adjustSize()

    def trouble(self) -> str:
        """The sentence that is shown."""
        return self._wrong.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.answer()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), token("surface"))


def _line(name: str, label: str, *, secret: bool = False) -> tuple[Text, QLineEdit]:
    edit = QLineEdit()
    edit.setFont(font(14))
    edit.setObjectName(name)
    edit.setAccessibleName(label)
    if secret:
        edit.setEchoMode(QLineEdit.EchoMode.Password)
    return Text(label, 12, 400, "ink2"), edit


class ReasonDialog(QuestionDialog):
    """Allowed, with a reason: picked from the list or written in own words."""

    def __init__(
        self,
        parent: QWidget | None,
        question: str,
        choices: Sequence[str] = (),
        *,
        least_characters: int = 3,
        person: str = "",
    ) -> None:
        super().__init__(parent, "A reason is needed", question, "Go on")
        self._choices, self._least = list(choices), least_characters
        self._list = ChoiceList("Reason", self._choices)
        self._list.chosen_changed.connect(self._picked)
        label, self._edit = _line("reason", "Or in your own words" if choices else "Reason")
        self._edit.textChanged.connect(self._weigh)
        if self._choices:
            self.body.addWidget(self._list)
        self.body.addWidget(label)
        self.body.addWidget(self._edit)
        self.body.addWidget(
            Text(f"Recorded with your name: {person}" if person else "Recorded with your name.", 12, 400, "ink3", wraps=True)
        )
        self._weigh()

    def first_stop(self) -> QWidget:
        return self._list if self._choices else self._edit

    def reason(self) -> str:
        """The reason, without spaces around it."""
        return " ".join(self._edit.text().split())

    def answer(self) -> None:
        if self.accept_button.isEnabled():
            self.accept()

    def _picked(self, place: int) -> None:
        self._edit.setText(self._choices[place])

    def _weigh(self) -> None:
        if len(self.reason()) >= self._least:
            self.accept_button.allow()
            self.show_trouble("")
        else:
            self.accept_button.forbid(f"The reason needs at least {self._least} characters.")


def ask_reason(
    parent: QWidget | None, question: str, choices: Sequence[str] = (), *, least_characters: int = 3, person: str = ""
) -> str | None:
    """Ask for a reason; None when the person thought better of it."""
    dialog = ReasonDialog(parent, question, choices, least_characters=least_characters, person=person)
    try:
        return dialog.reason() if dialog.exec() == QDialog.DialogCode.Accepted else None
    finally:
        dialog.deleteLater()


class SignDialog(QuestionDialog):
    """The person signs again, with the password, under one subject and its meaning."""

    def __init__(
        self,
        parent: QWidget | None,
        *,
        subject: str,
        meaning: str,
        person: str,
        licence: str = "",
        verify: Callable[[str, Then], None],
    ) -> None:
        super().__init__(parent, "Sign", subject, "Sign")
        self._verify = verify
        self.body.addWidget(Text(meaning, 13, 400, "ink", wraps=True))
        self.body.addWidget(Text(", ".join(part for part in (person, licence) if part), 13, 600))
        label, self._password = _line("password", "Password", secret=True)
        self.body.addWidget(label)
        self.body.addWidget(self._password)

    def first_stop(self) -> QWidget:
        return self._password

    def password(self) -> str:
        """The password that was right."""
        return self._password.text()

    def answer(self) -> None:
        if not self.accept_button.isEnabled():
            return
        if not self._password.text():
            self.show_trouble("Enter your password to sign.")
            self._password.setFocus()
            return
        self.accept_button.forbid("The password is being checked.")
        self._verify(self._password.text(), self._settle)

    def _settle(self, sentence: str) -> None:
        self.accept_button.allow()
        if sentence:
            self.show_trouble(sentence)
            self._password.selectAll()
            self._password.setFocus()
        else:
            self.accept()


class CoSignDialog(QuestionDialog):
    """A second person signs: name and password, never the person who is signed in."""

    def __init__(
        self,
        parent: QWidget | None,
        *,
        subject: str,
        meaning: str,
        first_person: str,
        verify: Callable[[str, str, Then], None],
    ) -> None:
        super().__init__(parent, "A second person signs", subject, "Sign")
        self._verify = verify
        self.body.addWidget(Text(meaning, 13, 400, "ink", wraps=True))
        self.body.addWidget(Text(f"First: {first_person}. The second person must be somebody else.", 12, 400, "ink2", wraps=True))
        name_label, self._name = _line("name", "User name of the second person")
        password_label, self._password = _line("password", "Password of the second person", secret=True)
        for widget in (name_label, self._name, password_label, self._password):
            self.body.addWidget(widget)

    def first_stop(self) -> QWidget:
        return self._name

    def name(self) -> str:
        """Who signed."""
        return self._name.text().strip()

    def password(self) -> str:
        """The password that was right."""
        return self._password.text()

    def answer(self) -> None:
        if not self.accept_button.isEnabled():
            return
        if not self.name() or not self._password.text():
            self.show_trouble("Enter the user name and the password of the second person.")
            (self._password if self.name() else self._name).setFocus()
            return
        self.accept_button.forbid("The password is being checked.")
        self._verify(self.name(), self._password.text(), self._settle)

    def _settle(self, sentence: str) -> None:
        self.accept_button.allow()
        if sentence:
            self.show_trouble(sentence)
            self._password.clear()
            self._password.setFocus()
        else:
            self.accept()

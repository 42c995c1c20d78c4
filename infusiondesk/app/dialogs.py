"""How the Desk speaks with the person: the message line, and the three questions that are truly modal."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QWidget

from infusiondesk.foundation.kernel.outcomes import NeedsReason, NeedsSignature
from infusiondesk.foundation.kernel.people import Actor
from infusiondesk.foundation.qtkit.desk import VerifyPassword, VerifyPerson
from infusiondesk.foundation.qtkit.frame.dialogs import CoSignDialog, SignDialog, ask_reason
from infusiondesk.foundation.qtkit.parts.message_bar import MessageBar


class Dialogs:
    """The window's `Interaction`."""

    def __init__(self, window: QWidget, message: MessageBar, person: str) -> None:
        self._window, self._message, self._person = window, message, person

    def ask_reason(self, needs: NeedsReason) -> str | None:
        return ask_reason(self._window, needs.question, needs.choices, least_characters=needs.least_characters, person=self._person)

    def ask_signature(self, needs: NeedsSignature, actor: Actor, verify: VerifyPassword, then: Callable[[], None]) -> None:
        licence = max(actor.licences, key=lambda held: held.expires_on).text() if actor.licences else ""
        self._run(
            SignDialog(
                self._window, subject=needs.subject, meaning=needs.meaning, person=actor.name, licence=licence, verify=verify
            ),
            then,
        )

    def ask_second_person(self, doing: str, first: Actor, verify: VerifyPerson, then: Callable[[], None]) -> None:
        subject = doing[0].upper() + doing[1:]
        meaning = "The second person signs in for this one act, under his own name."
        self._run(CoSignDialog(self._window, subject=subject, meaning=meaning, first_person=first.name, verify=verify), then)

    def _run(self, dialog: QDialog, then: Callable[[], None]) -> None:
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        if accepted:
            then()

    def done(self, sentence: str) -> None:
        self._message.done(sentence)

    def refused(self, sentence: str) -> None:
        self._message.danger(sentence)

    def unavailable(self, sentence: str, again: Callable[[], None]) -> None:
        self._message.due(sentence, "Try again", again)

    def failed(self, reference: str) -> None:
        self._message.danger(
            f"Something went wrong in the program (reference {reference}). What was saved is safe; what you typed is kept."
        )

"""The first run: a pharmacy is set up with its first administrator; the recovery code is typed back before it is finished."""

import platform
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from zoneinfo import ZoneInfo

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from infusiondesk.foundation.kernel.clock import SystemClock
from infusiondesk.foundation.kernel.outcomes import Refused, Unavailable
from infusiondesk.foundation.qtkit import errands
from infusiondesk.foundation.qtkit.forms import Field, Form, TextField
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.card import Card
from infusiondesk.foundation.qtkit.parts.scroll import Scroll
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.theme import token
from infusiondesk.foundation.store.keyring import new_recovery_code
from infusiondesk.workflows.first_run import PharmacyDraft, set_up

FIELDS: list[Field | str] = [
    "The pharmacy",
    TextField("pharmacy", "Name", required=True, hint="as on labels and papers"),
    TextField("npi", "NPI", required=True, hint="ten digits"),
    TextField("address", "Address", required=True),
    TextField("state", "State", required=True, hint="two letters"),
    TextField("phone", "Telephone, day and night", required=True),
    TextField("zone", "Time zone", required=True),
    "The first administrator",
    TextField("administrator", "Your name", required=True),
    TextField("login", "You sign in as", required=True),
    TextField("password", "Password", required=True, secret=True, hint="at least 15 characters; a sentence is fine"),
    TextField("password_again", "Password again", required=True, secret=True),
    "The recovery code",
    TextField("recovery_typed_back", "Type the code back", required=True, secret=False),
]


class FirstRunWindow(QWidget):
    """One page; `made` comes when the store is there and can be signed in to."""

    made = Signal()

    def __init__(self, location: str) -> None:
        super().__init__()
        self.setWindowTitle("Set up InfusionDesk")
        self.setObjectName("first-run")
        self._location = location
        self._worker = ThreadPoolExecutor(1, "set-up")
        self.draft = PharmacyDraft(recovery_code=new_recovery_code())
        self.form = Form(FIELDS, self.draft)
        self.code = Text(self.draft.recovery_code, 20, 600, keeps=True)
        self.code.setObjectName("recovery-code")
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.sentence = Text("", 13, 600, "danger", wraps=True)
        self.finish = Button("Set up the pharmacy", "primary", icon="check", key="Ctrl+S", height=44)
        self.finish.clicked.connect(self._try)
        card = Card("Set up a new pharmacy", Path(location).name, padding=24, title_px=20)
        card.add(
            Text("There is no store here yet. Nobody has an account until you make the first one.", 13, 400, "ink2", wraps=True)
        )
        card.add(self.form)
        card.add(
            Text(
                "Write this recovery code down and keep it in a sealed envelope. It opens the store when every password is lost.",
                wraps=True,
            )
        )
        card.add(self.code)
        card.add(self.sentence)
        card.add(across(STRETCH, self.finish))
        row = QHBoxLayout(self)
        row.setContentsMargins(40, 24, 40, 24)
        row.addStretch(1)
        row.addWidget(Scroll(card), 6)
        row.addStretch(1)

    def _try(self) -> None:
        if self.form.show_problems():
            return
        self.finish.forbid("Setting up.")
        errands.send(self._worker, self._make, lambda done: self._arrive(done) if shiboken6.isValid(self) else None)

    def _make(self) -> None:
        Path(self._location).parent.mkdir(parents=True, exist_ok=True)
        store, _ = set_up(self._location, self.draft, SystemClock(ZoneInfo(self.draft.zone)), platform.node() or "workstation")
        store.close()

    def _arrive(self, future: "Future[None]") -> None:
        error = future.exception()
        if error is None:
            self.made.emit()
            self.close()
            return
        self.finish.allow()
        if isinstance(error, Refused | Unavailable):
            self.sentence.say(error.sentence)
            return
        self.sentence.say("The pharmacy could not be set up; nothing was left half done that cannot be set up again.")
        raise error

    def closeEvent(self, event: QCloseEvent) -> None:
        self._worker.shutdown(wait=True)
        super().closeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), token("bg"))

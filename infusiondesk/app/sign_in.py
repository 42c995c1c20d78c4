"""The locked screen: a name and a password, and nothing of the store.

Before a password opens it, no database library and no paper library is loaded: only the kernel, the theme and the key file.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import shiboken6
from PySide6.QtCore import QDateTime, QRectF, QTimer, Signal
from PySide6.QtGui import QBrush, QCloseEvent, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from infusiondesk import VERSION
from infusiondesk.app.demo import STAFF_PASSWORD
from infusiondesk.foundation.kernel.outcomes import Refused, Unavailable
from infusiondesk.foundation.qtkit import errands
from infusiondesk.foundation.qtkit.fonts import font
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.card import Card
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.theme import token
from infusiondesk.foundation.store.keyring import DEMO, DEMO_PASSWORD, Keyring, Keys

DRAFTS_ARE_SAFE = "Your work is safe. What you were typing was kept; unlocking returns you to the same place."
DEMO_SENTENCE = (
    f"This is a demonstration pharmacy. Sign in as {DEMO} with the password “{DEMO_PASSWORD}”, or as rowan, hazel,"
    f" birch, aspen, maple, sorrel or olive with “{STAFF_PASSWORD}”."
)


class SignInWindow(QWidget):
    """Asks who is there; `opened` carries the owner of the wrap, the data key and how often somebody failed before."""

    opened = Signal(str, bytes, dict)

    def __init__(self, keys: Keys, *, store_name: str, last_login: str = "", locked_at: str = "") -> None:
        super().__init__()
        self.setWindowTitle("InfusionDesk")
        self.setObjectName("sign-in")
        self.setAccessibleName("Sign in to InfusionDesk")
        self._keys = keys
        self._keyring = keys.load()
        self._worker = ThreadPoolExecutor(1, "unlock")
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.timeout.connect(self._may_try)

        self.name = _field("Name", "name")
        self.name.setText(last_login or (DEMO if self._keyring.is_demo else ""))
        self.password = _field("Password", "password")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.unlock = Button(
            "Unlock" if locked_at else "Sign in", "primary", icon="lock-open", cap="Enter", height=50, wide=True, px=16
        )
        self.unlock.clicked.connect(self._try)
        self.sentence = Text("", 13, 600, "danger", wraps=True)
        self.sentence.setMinimumHeight(36)
        self.name.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self._try)

        self._time = Text("", 56, 600)
        self._date = Text("", 16, 400, "ink2")
        page = QHBoxLayout(self)
        page.setContentsMargins(88, 84, 88, 28)
        page.addLayout(self._name_and_time(), 1)
        right = QVBoxLayout()
        right.addWidget(self._card(store_name, locked_at))
        right.addStretch(1)
        page.addLayout(right)
        self._tick()
        ticking = QTimer(self)
        ticking.timeout.connect(self._tick)
        ticking.start(1000)
        (self.password if self.name.text() else self.name).setFocus()

    def _card(self, store_name: str, locked_at: str) -> Card:
        """Who is there: name, password, the sentence that says why not, and the button."""
        card = Card(padding=36)
        card.setFixedWidth(480)
        pills = [Pill(f"Locked {locked_at}" if locked_at else "Signed out", "neutral")]
        if self._keyring.is_demo:
            pills.append(Pill("DEMO", "due"))
        card.add(across(*pills, STRETCH, (Text(store_name, 13, 400, "ink2", right=True), 1)))
        card.add(8)
        for words, edit in (("Name", self.name), ("Password", self.password)):
            card.add(Text(words, 13, 600))
            card.add(edit)
        card.add(self.sentence)
        card.add(self.unlock)
        card.add(8)
        if locked_at:
            card.add(Text(DRAFTS_ARE_SAFE, 13, 400, "ink2", wraps=True))
        if self._keyring.is_demo:
            card.add(Text(DEMO_SENTENCE, 13, 400, "ink2", wraps=True))
        return card

    def _name_and_time(self) -> QVBoxLayout:
        left = QVBoxLayout()
        left.addWidget(Text("InfusionDesk", 32, 600))
        left.addWidget(Text("Home infusion pharmacy", 16, 400, "ink2"))
        left.addStretch(1)
        left.addWidget(self._time)
        left.addWidget(self._date)
        left.addSpacing(48)
        left.addWidget(Text(f"No patient data is shown while locked. Version {VERSION}", 12, 400, "ink3"))
        return left

    def show_sentence(self, words: str) -> None:
        """Say in one sentence why it did not open."""
        self.sentence.say(words)
        self.sentence.setAccessibleName(words)

    def _try(self) -> None:
        login, password = self.name.text(), self.password.text()
        if not login.strip() or not password:
            self.show_sentence("Enter your name and your password.")
            (self.password if login.strip() else self.name).setFocus()
            return
        if not self.unlock.isEnabled():
            return
        self.unlock.forbid("Checking the password.")
        self.show_sentence("")
        errands.send(
            self._worker,
            partial(_unlock, self._keys, login, password),
            lambda done: self._hear(done) if shiboken6.isValid(self) else None,
        )

    def _hear(self, future: "Future[tuple[str, bytes, Keyring]]") -> None:
        error = future.exception()
        if error is None:
            owner, key, before = future.result()
            self.opened.emit(owner, key, dict(before.failures))
            return
        self.password.selectAll()
        self.password.setFocus()
        self.show_sentence(
            error.sentence
            if isinstance(error, Refused | Unavailable)
            else "The key file could not be used. Restore it from a backup."
        )
        seconds = self._keys.load().wait_seconds(self.name.text()) if isinstance(error, Refused) else 0
        if seconds:
            self.show_sentence(f"{self.sentence.text()} Wait {seconds} s before the next try.")
            self._wait.start(seconds * 1000)
        else:
            self._may_try()

    def _may_try(self) -> None:
        self.unlock.allow()

    def _tick(self) -> None:
        now = QDateTime.currentDateTime()
        self._time.say(now.toString("HH:mm"))
        self._date.say(now.toString("dddd d MMM yyyy"))

    def closeEvent(self, event: QCloseEvent) -> None:
        self._worker.shutdown(wait=True)
        super().closeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QBrush(token("bg")))
        ring = QColor(token("softline"))
        for number in range(9):
            ring.setAlphaF(max(0.08, 0.4 - 0.04 * number))
            painter.setPen(QPen(ring, 1))
            reach = 90.0 + 70 * number
            painter.drawEllipse(QRectF(310 - reach, self.height() / 2 - reach, 2 * reach, 2 * reach))


def _unlock(keys: Keys, login: str, password: str) -> tuple[str, bytes, Keyring]:
    """Open the wrap; a failure is counted, a success clears the count and tells what it was."""
    before = keys.load()
    try:
        owner, key = before.unlock(login, password)
    except Refused:
        keys.save(before.failed(login))
        raise
    if before.failures:
        keys.save(Keyring(before.store, before.wraps))
    return owner, key, before


def _field(words: str, name: str) -> QLineEdit:
    edit = QLineEdit()
    edit.setProperty("big", "true")
    edit.setFont(font(16))
    edit.setAccessibleName(words)
    edit.setObjectName(name)
    return edit


def store_label(location: str) -> str:
    """How a store is called before it is open: never more than its file's name."""
    return "PostgreSQL" if "://" in location else Path(location).name

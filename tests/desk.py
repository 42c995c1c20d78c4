"""A desk in a test: answers in plain Python instead of dialogs, and waits until nothing runs."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from infusiondesk.foundation.kernel.outcomes import NeedsReason, NeedsSignature
from infusiondesk.foundation.kernel.people import Actor
from infusiondesk.foundation.qtkit.desk import Desk, VerifyPassword, VerifyPerson
from infusiondesk.foundation.store.keyring import Wrap
from infusiondesk.staff.queries import actor_of
from tests.pharmacy import Pharmacy

PASSWORD = "a test's long password"


@dataclass
class PlainInteraction:
    """Answers what the Desk asks from what the test laid ready, and keeps what was said."""

    reason: str | None = "because the test says so"
    password: str | None = PASSWORD
    second: tuple[str, str] | None = None
    said: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    bugs: list[str] = field(default_factory=list)

    def ask_reason(self, needs: NeedsReason) -> str | None:
        self.asked.append(needs.question)
        return self.reason

    def ask_signature(self, needs: NeedsSignature, actor: Actor, verify: VerifyPassword, then: Callable[[], None]) -> None:
        self.asked.append(f"{actor.name} signs {needs.subject}: {needs.meaning}")
        if self.password is not None:
            verify(self.password, self._go_on(then))

    def ask_second_person(self, doing: str, first: Actor, verify: VerifyPerson, then: Callable[[], None]) -> None:
        self.asked.append(doing)
        if self.second is not None:
            verify(*self.second, self._go_on(then))

    def _go_on(self, then: Callable[[], None]) -> Callable[[str], None]:
        return lambda trouble: self.refusals.append(trouble) if trouble else then()

    def done(self, sentence: str) -> None:
        self.said.append(sentence)

    def refused(self, sentence: str) -> None:
        self.refusals.append(sentence)

    def unavailable(self, sentence: str, again: Callable[[], None]) -> None:
        self.refusals.append(sentence)

    def failed(self, reference: str) -> None:
        self.bugs.append(reference)


_WRAPS: dict[tuple[str, str, bytes], Wrap] = {}


def give_passwords(pharmacy: Pharmacy, *who: str) -> None:
    """Wrap the store's key for these people under the test's password; slow on purpose (0.16 s), so each is made once in a run."""
    ring = pharmacy.store.keys.load()
    for name in who:
        actor = pharmacy.people[name]
        owner, login, key = whose = (str(actor.id), actor.login, pharmacy.store.data_key)
        if whose not in _WRAPS:
            _WRAPS[whose] = ring.enrolled(owner, login, PASSWORD, key).wraps[-1]
        ring = replace(ring, wraps=(*ring.without(owner).wraps, _WRAPS[whose]))
    pharmacy.store.keys.save(ring)


def desk_for(pharmacy: Pharmacy, who: str, interaction: PlainInteraction | None = None) -> Desk:
    """A desk with one person of the pharmacy at it; call `finish()` at the end (the fixture `desk_of` does)."""
    return Desk(pharmacy.store, pharmacy.people[who], interaction or PlainInteraction(), actor_of)


def settle(qtbot: QtBot, desk: Desk) -> None:
    """Wait until nothing runs, every answer has arrived and what it put on the screen is shown (layouts show children later)."""
    qtbot.waitUntil(desk.is_idle, timeout=10_000)
    QApplication.processEvents()
    qtbot.waitUntil(desk.is_idle, timeout=10_000)

"""The Desk: the only file that knows threads. Screens ask it to read and to do; answers come back on the GUI thread.

Three lanes: one writer (two clicks cannot race), two readers, one for papers and long work. What a verb asks back (a reason, a
signature) is asked once through `Interaction`, then the same verb runs again with the answer. Looking is audited here.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

import shiboken6
from PySide6.QtCore import QObject, Signal
from sqlalchemy.orm import Session

from infusiondesk.foundation.kernel.outcomes import NeedsReason, NeedsSignature, Refused, Unavailable
from infusiondesk.foundation.kernel.people import Actor, Area, Permission, Query, Verb
from infusiondesk.foundation.qtkit import errands, lasting
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.store import Store
from infusiondesk.foundation.store.unit_of_work import Answers

R = TypeVar("R")
_log = logging.getLogger(__name__)
assert lasting  # imported for what it does


Told = Callable[[str], None]  # an empty sentence is good news; any other says what was wrong
VerifyPassword = Callable[[str, Told], None]
VerifyPerson = Callable[[str, str, Told], None]


class Interaction(Protocol):
    """How the Desk speaks with the person; the window implements it with its message bar and dialogs, tests in plain Python."""

    def ask_reason(self, needs: NeedsReason) -> str | None: ...

    def ask_signature(self, needs: NeedsSignature, actor: Actor, verify: "VerifyPassword", then: Callable[[], None]) -> None:
        """Ask for the person's password; call `then` when `verify` found it right, nothing when he turns away."""
        ...

    def ask_second_person(self, doing: str, first: Actor, verify: "VerifyPerson", then: Callable[[], None]) -> None:
        """Ask for another person's sign-in name and password; call `then` when `verify` let him in."""
        ...

    def done(self, sentence: str) -> None: ...

    def refused(self, sentence: str) -> None: ...

    def unavailable(self, sentence: str, again: Callable[[], None]) -> None: ...

    def failed(self, reference: str) -> None: ...


class Desk(QObject):
    """One signed-in person's way to the store."""

    changed = Signal(object)  # frozenset[Area]: what a committed verb touched
    busy = Signal(bool)

    def __init__(
        self,
        store: Store,
        actor: Actor,
        interaction: Interaction,
        actor_of: Callable[[Session, UUID], Actor],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._actor_of = actor_of
        self.store = store
        self.actor = actor
        self.interaction = interaction
        self._writer = ThreadPoolExecutor(1, "write")
        self._readers = ThreadPoolExecutor(2, "read")
        self._paper = ThreadPoolExecutor(1, "paper")
        self._pending = 0
        self._is_finished = False
        self._seen: set[tuple[str, UUID | None, datetime]] = set()
        self._newest: dict[tuple[int, str], int] = {}

    def ask(
        self,
        screen: QObject,
        query: Query[Any, ..., R],
        then: Callable[[R], None],
        *,
        when_failed: Callable[[], None] | None = None,
        **given: Any,
    ) -> None:
        """Read in the background and hand the answer to the screen; an older answer never overtakes a newer one.

        That it failed is always said in the message bar; `when_failed` lets a screen that counts on the answer say what is missing.
        """
        turn = (id(screen), query.name)
        number = self._newest[turn] = self._newest.get(turn, 0) + 1

        def arrived(rows: R) -> None:
            if self._newest.get(turn) == number:
                self._audit_view(query, given.get("patient_id"))
                then(rows)

        self._run(
            self._readers,
            screen,
            lambda: self.store.read(self.actor, query, given),
            arrived,
            lambda: self.ask(screen, query, then, when_failed=when_failed, **given),
            when_failed,
        )

    def do(
        self,
        screen: QObject,
        verb: Callable[..., R],
        then: Callable[[R], None] | None = None,
        *,
        said: str | Callable[[R], str] | None = None,
        when_refused: Callable[[Refused], None] | None = None,
        when_failed: Callable[[], None] | None = None,
        **given: Any,
    ) -> None:
        """Change something in the background: commits, says `said` (or what that makes of the result), tells every screen.

        A refusal is said in the message bar; `when_refused` lets an editor show it beside the field it names as well. Any other
        failure is said there too; `when_failed` lets a screen that counts on the result go on without it.
        """
        self._attempt(screen, verb, then, said, given, self.actor, Answers(), when_refused=when_refused, when_failed=when_failed)

    def do_as_second_person(
        self,
        screen: QObject,
        verb: Verb[Any, ..., R],
        then: Callable[[R], None] | None = None,
        *,
        said: str | Callable[[R], str] | None = None,
        **given: Any,
    ) -> None:
        """Let another person sign in for one act, in his own transaction and under his own name (a co-signature)."""
        admitted: list[Actor] = []

        def verify(login: str, password: str, told: Told) -> None:
            def admit() -> Actor:
                owner, _ = self.store.keys.load().unlock(login, password)
                return self.store.read(self.actor, lambda reading: self._actor_of(reading.session, UUID(owner)), {})

            self._verify(admit, admitted.append, told)

        def then_act() -> None:
            self._attempt(screen, verb, then, said, given, admitted[-1], Answers(), has_just_authenticated=True)

        self.interaction.ask_second_person(verb.permission.does, self.actor, verify, then_act)

    def draw(self, screen: QObject, work: Callable[[], R], then: Callable[[R], None]) -> None:
        """Run what takes long and writes nothing to the store (a paper, an export) on its own lane."""
        self._run(self._paper, screen, work, then, lambda: self.draw(screen, work, then))

    def note(self, *changes: Change) -> None:
        """Write audit lines that belong to no verb: a print, a saved file."""
        self._run(self._writer, self, lambda: self.store.note(self.actor, *changes), lambda _: None, lambda: None)

    def keep_draft(self, place: str, typed: dict[str, Any] | None) -> None:
        """Keep or forget what is being typed, behind the running verb."""
        self._run(self._writer, self, lambda: self.store.keep_draft(self.actor, place, typed), lambda _: None, lambda: None)

    def kept_draft(self, screen: QObject, place: str, then: Callable[[dict[str, Any] | None], None]) -> None:
        """What this person was typing at a place when the last session ended."""
        self._run(self._readers, screen, lambda: self.store.kept_draft(self.actor, place), then, lambda: None)

    def refusal(self, permission: Permission) -> str | None:
        """Why the signed-in person may not do this, for the sentence beside a disabled button."""
        return permission.refusal(self.actor)

    def is_idle(self) -> bool:
        """Nothing is running and no answer is under way."""
        return self._pending == 0

    def finish(self) -> None:
        """Let what runs commit, then stop: the last thing before the process ends or locks."""
        self._is_finished = True
        for lane in (self._writer, self._readers, self._paper):
            lane.shutdown(wait=True)

    def _attempt(
        self,
        screen: QObject,
        verb: Callable[..., R],
        then: Callable[[R], None] | None,
        said: str | Callable[[R], str] | None,
        given: dict[str, Any],
        actor: Actor,
        answers: Answers,
        *,
        has_just_authenticated: bool = False,
        when_refused: Callable[[Refused], None] | None = None,
        when_failed: Callable[[], None] | None = None,
    ) -> None:
        def again(more: Answers) -> None:
            self._attempt(
                screen,
                verb,
                then,
                said,
                given,
                actor,
                more,
                has_just_authenticated=has_just_authenticated,
                when_refused=when_refused,
                when_failed=when_failed,
            )

        def work() -> tuple[R, frozenset[Area]] | NeedsReason | NeedsSignature | Refused:
            try:
                return self.store.write(actor, verb, given, answers)
            except (NeedsReason, NeedsSignature, Refused) as needs:
                return needs

        def arrived(outcome: tuple[R, frozenset[Area]] | NeedsReason | NeedsSignature | Refused) -> None:
            if isinstance(outcome, Refused):
                self.interaction.refused(outcome.sentence)
                if when_refused is not None and shiboken6.isValid(screen):
                    when_refused(outcome)
            elif isinstance(outcome, NeedsReason):
                reason = self.interaction.ask_reason(outcome)
                if reason is not None:
                    again(replace(answers, reasons={**answers.reasons, outcome.key: reason}))
            elif isinstance(outcome, NeedsSignature):
                signed = replace(answers, proofs=answers.proofs | {outcome.key})
                if has_just_authenticated:
                    again(signed)
                else:
                    self._authenticate(outcome, actor, lambda: again(signed))
            else:
                result, areas = outcome
                if said:
                    self.interaction.done(said if isinstance(said, str) else said(result))
                if areas:
                    self.changed.emit(areas)
                if then is not None and shiboken6.isValid(screen):
                    then(result)

        # What is committed is told to everybody, even when the screen that asked has gone meanwhile.
        self._run(self._writer, self, work, arrived, lambda: again(answers), _while_there(screen, when_failed))

    def _authenticate(self, needs: NeedsSignature, actor: Actor, then: Callable[[], None]) -> None:
        def verify(password: str, told: Told) -> None:
            self._verify(lambda: self.store.keys.load().unlock(actor.login, password), lambda _: None, told)

        self.interaction.ask_signature(needs, actor, verify, then)

    def _verify(self, check: Callable[[], R], right: Callable[[R], None], told: Told) -> None:
        """Check a password in the background and tell the dialog."""

        def work() -> R | str:
            try:
                return check()
            except (Refused, Unavailable) as error:
                return error.sentence

        def arrived(answer: R | str) -> None:
            if isinstance(answer, str):
                told(answer)
            else:
                right(answer)
                told("")

        self._run(self._readers, self, work, arrived, lambda: None)

    def _audit_view(self, query: Query[Any, ..., Any], patient_id: UUID | None) -> None:
        """One line per section of a chart (or list), session and minute; none per keystroke."""
        if not query.is_audited:
            return
        minute = self.store.clock.now().replace(second=0, microsecond=0)
        seen = (query.name, patient_id, minute)
        if seen in self._seen:
            return
        self._seen = {old for old in self._seen if old[2] == minute} | {seen}
        action = "view" if patient_id is not None else "query"
        self.note(Change(action, query.area, query.name, None, patient_id))

    def _run(
        self,
        lane: ThreadPoolExecutor,
        screen: QObject,
        work: Callable[[], R],
        then: Callable[[R], None],
        again: Callable[[], None],
        when_failed: Callable[[], None] | None = None,
    ) -> None:
        if self._is_finished:
            return  # a timer of a screen that is going: nobody is left to be answered
        self._pending += 1
        self.busy.emit(True)
        errands.send(
            lane, work, lambda done: self._deliver(screen, done, then, again, when_failed) if shiboken6.isValid(self) else None
        )

    def _deliver(
        self,
        screen: QObject,
        future: Future[R],
        then: Callable[[R], None],
        again: Callable[[], None],
        when_failed: Callable[[], None] | None,
    ) -> None:
        self._pending -= 1
        self.busy.emit(self._pending > 0)
        error = future.exception()
        if error is None:
            if shiboken6.isValid(screen):
                then(future.result())
            return
        if when_failed is not None and shiboken6.isValid(screen):
            when_failed()
        if isinstance(error, Refused):
            self.interaction.refused(error.sentence)
        elif isinstance(error, Unavailable):
            _log.warning("unavailable: %s", type(error).__name__)
            self.interaction.unavailable(error.sentence, again)
        else:
            reference = f"{self.store.clock.now():%Y%m%d-%H%M%S}"
            _log.error("bug %s: %s", reference, type(error).__name__, exc_info=error)
            self.interaction.failed(reference)


def _while_there(screen: QObject, act: Callable[[], None] | None) -> Callable[[], None] | None:
    """What a screen wants to be told, as long as it is there."""
    return None if act is None else lambda: act() if shiboken6.isValid(screen) else None

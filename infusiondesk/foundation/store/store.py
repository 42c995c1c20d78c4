"""One opened store: runs a verb in one transaction, a query in one reading, and turns the world's errors into sentences."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from infusiondesk.foundation.kernel.clock import Clock
from infusiondesk.foundation.kernel.identity import Entropy, system_entropy
from infusiondesk.foundation.kernel.outcomes import Refused, Unavailable
from infusiondesk.foundation.kernel.people import Actor, Area
from infusiondesk.foundation.store.audit import ChainReport, Change, Head, Station, append, head, verify
from infusiondesk.foundation.store.engine import Engines, connect, translated
from infusiondesk.foundation.store.keyring import Keys, derived, is_server
from infusiondesk.foundation.store.records import KeptDraft
from infusiondesk.foundation.store.unit_of_work import Answers, Reading, UnitOfWork

R = TypeVar("R")
_log = logging.getLogger(__name__)


def _knows_already() -> None:
    """Nothing is left to load: who made the store has every table imported."""


@dataclass
class Store:
    """The store that everything is kept in, opened with its data key. `close` before the process ends."""

    location: str
    engines: Engines
    data_key: bytes
    keys: Keys
    clock: Clock
    station: Station
    entropy: Entropy = system_entropy
    know_every_table: Callable[[], object] = _knows_already  # a write sorts tables by their keys; a first list reads without them
    audit_key: bytes = field(init=False)
    seal_key: bytes = field(init=False)

    def __post_init__(self) -> None:
        self.audit_key = derived(self.data_key, "audit")
        self.seal_key = derived(self.data_key, "signatures")

    @classmethod
    def open(
        cls, location: str, data_key: bytes, keys: Keys, clock: Clock, station: Station, entropy: Entropy = system_entropy
    ) -> "Store":
        """Open a store that is set up; the caller has checked its schema (`migrate.bring_up_to_date`)."""
        return cls(location, connect(location, data_key), data_key, keys, clock, station, entropy)

    @property
    def is_server(self) -> bool:
        return is_server(self.location)

    @property
    def name(self) -> str:
        """How the store is called in the status bar."""
        return "PostgreSQL" if self.is_server else Path(self.location).name

    def close(self) -> None:
        self.engines.dispose()

    def write(
        self, actor: Actor, verb: Callable[..., R], given: Mapping[str, Any], answers: Answers | None = None
    ) -> tuple[R, frozenset[Area]]:
        """Run one verb in one transaction; returns what it returned and the areas it changed.

        Raises Refused, NeedsReason or NeedsSignature from the verb, or Unavailable; then nothing at all was written.
        """
        self.know_every_table()
        with self._session(self.engines.writing) as session:
            uow = UnitOfWork(
                session, self.clock, actor, self.seal_key, self.entropy, self.data_key, self.keys, answers or Answers()
            )
            result = verb(uow, **given)
            session.flush()
            if uow.keyring is not None:
                self.keys.save(uow.keyring)
            if uow.changes:
                append(session, self.audit_key, actor, self.station, self.clock.now(), uow.changes)
            session.commit()
        return result, frozenset(change.area for change in uow.changes)

    def read(self, actor: Actor, query: Callable[..., R], given: Mapping[str, Any]) -> R:
        """Run one query in one read-only transaction."""
        with self._session(self.engines.reading) as session:
            return query(Reading(session, self.clock, actor, self.seal_key), **given)

    def note(self, actor: Actor | None, *changes: Change) -> None:
        """Write audit lines alone: a view, a sign-in, a failed attempt, a print."""
        with self._session(self.engines.writing) as session:
            append(session, self.audit_key, actor, self.station, self.clock.now(), changes)
            session.commit()

    def audit_head(self) -> Head:
        """The newest audit line's number and MAC, to keep outside the store."""
        with self._session(self.engines.reading) as session:
            return head(session)

    def verify_audit(self, anchor: Head | None = None) -> ChainReport:
        """Check the whole chain."""
        with self._session(self.engines.reading) as session:
            return verify(session, self.audit_key, anchor)

    def keep_draft(self, actor: Actor, place: str, typed: dict[str, Any] | None) -> None:
        """Keep what is being typed at a place, or forget it (None)."""
        with self._session(self.engines.writing) as session:
            session.execute(sa.delete(KeptDraft).where(KeptDraft.actor_id == actor.id, KeptDraft.place == place))
            if typed is not None:
                session.add(KeptDraft(actor_id=actor.id, place=place, typed=typed, kept_at=self.clock.now()))
            session.commit()

    def kept_draft(self, actor: Actor, place: str) -> dict[str, Any] | None:
        """What this person was typing at a place when the last session ended."""
        with self._session(self.engines.reading) as session:
            kept = session.get(KeptDraft, (actor.id, place))
            return None if kept is None else dict(kept.typed)

    @contextmanager
    def _session(self, engine: sa.Engine) -> Iterator[Session]:
        try:
            with Session(engine, expire_on_commit=False) as session:
                yield session
        except StaleDataError as error:
            raise Refused(
                "Somebody else changed this while you were editing. Your typing is kept; open it again to compare."
            ) from error
        except IntegrityError as error:
            _log.exception("integrity error in %s", engine.dialect.name)
            raise Refused("The store refused this: it would contradict what is already there. Nothing was saved.") from error
        except DBAPIError as error:
            raise _sentence(error, self.name) from error


def _sentence(error: DBAPIError, name: str) -> Refused | Unavailable:
    words = str(error.orig)
    if "is append-only" in words or "is signed" in words or "append-only or signed" in words:
        return Refused("This is signed and cannot be changed. Make a new version.")
    return translated(error.orig if isinstance(error.orig, Exception) else error, name)

"""One transaction of the pharmacy: what a verb may touch, what it records, and what it asks back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from infusiondesk.foundation.kernel.clock import Clock, local
from infusiondesk.foundation.kernel.clock import today as today_of
from infusiondesk.foundation.kernel.identity import Entropy, uuid7
from infusiondesk.foundation.kernel.outcomes import NeedsReason, NeedsSignature, Refused
from infusiondesk.foundation.kernel.people import Actor, Area
from infusiondesk.foundation.kernel.seals import digest, seal
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.keyring import Keyring, Keys
from infusiondesk.foundation.store.records import Record, Signature, Signed, Site

A = TypeVar("A", bound=Record)


@dataclass(frozen=True)
class Answers:
    """What the person answered when a verb asked back: reasons by key, and the keys for which he authenticated again."""

    reasons: Mapping[str, str] = field(default_factory=dict)
    proofs: frozenset[str] = frozenset()


@dataclass
class Reading:
    """What a query is handed: a read-only session, the clock, and who looks."""

    session: Session
    clock: Clock
    actor: Actor
    seal_key: bytes

    @cached_property
    def site(self) -> Site:
        """The pharmacy on whose behalf this is done; asked once in a transaction."""
        site = self.session.scalars(sa.select(Site).order_by(Site.id).limit(1)).first()
        if site is None:
            raise Refused("The pharmacy is not set up yet.")
        return site

    def today(self) -> date:
        return today_of(self.clock)

    def local(self, instant: datetime) -> datetime:
        """An instant on the pharmacy's wall clock."""
        return local(self.clock, instant)


@dataclass
class UnitOfWork(Reading):
    """What a verb is handed. It never commits: the store does, after the verb returns."""

    entropy: Entropy
    data_key: bytes
    keys: Keys
    answers: Answers = field(default_factory=Answers)
    changes: list[Change] = field(default_factory=list)
    keyring: Keyring | None = None

    def new_id(self) -> UUID:
        return uuid7(self.clock.now(), self.entropy)

    def add(self, record: A) -> A:
        """Keep a new record: gives it its key and its site."""
        if "id" not in record.__dict__:
            record.id = self.new_id()
        if "site_id" not in record.__dict__:
            self.session.flush()  # parents first: records are written in the order in which they were added
            record.site_id = self.site.id
        self.session.add(record)
        return record

    def record(self, change: Change, *, reason: str | None = None) -> None:
        """Say what was done; it becomes the audit line, and screens of its area reload."""
        self.changes.append(replace(change, reason=reason) if reason else change)

    def reason_for(self, key: str, question: str, choices: tuple[str, ...] = (), *, least_characters: int = 3) -> str:
        """The reason the person gave, or ask for it."""
        reason = self.answers.reasons.get(key, "").strip()
        if len(reason) < least_characters:
            raise NeedsReason(key, question, choices, least_characters=least_characters)
        return reason

    def sign(
        self, record: Signed, facts: Mapping[str, object], *, subject: str, meaning: str, area: Area, patient_id: UUID | None
    ) -> Signature:
        """Put the acting person's name under a record and fix it; asks him to authenticate again first.

        `facts` is everything the person saw and signs for; `subject` names it in the dialog ("Assessment of ZZTEST Alder").
        """
        if record.signed_at is not None:
            raise Refused(f"{subject} is signed already and cannot be changed; make a new version.")
        signature = self.put_name(record, facts, subject=subject, meaning=meaning, area=area, patient_id=patient_id)
        record.signed_at = signature.signed_at
        record.signature_id = signature.id
        return signature

    def put_name(
        self, record: Record, facts: Mapping[str, object], *, subject: str, meaning: str, area: Area, patient_id: UUID | None
    ) -> Signature:
        """Put a name under a record without fixing it yet: the first of two people, each in his own transaction."""
        key = f"{record.__tablename__}:{record.id}:{meaning}"  # type: ignore[attr-defined]
        if key not in self.answers.proofs:
            raise NeedsSignature(key, subject, meaning)
        at = self.clock.now()
        licence = self.actor.licence_on(local(self.clock, at).date())
        signature = Signature(
            id=self.new_id(),
            entity=record.__tablename__,  # type: ignore[attr-defined]
            entity_id=record.id,
            digest=digest(facts),
            meaning=meaning,
            signer_id=self.actor.id,
            signer_name=self.actor.name,
            signer_role=self.actor.role_text(),
            licence=licence.text() if licence else "",
            signed_at=at,
            seal=b"",
        )
        signature.seal = seal(self.seal_key, sealed_facts(signature))
        self.session.add(signature)
        self.session.flush()
        self.record(Change("signed", area, signature.entity, record.id, patient_id, detail=meaning))
        return signature

    def require_licence(self, doing: str) -> None:
        """Refuse who has no current licence for what only a licensed person does."""
        if self.actor.licence_on(today_of(self.clock)) is None:
            raise Refused(f"To {doing} you need a licence that has not expired; ask the administrator to enter it under Staff.")


def sealed_facts(signature: Signature) -> dict[str, object]:
    """What the seal of a signature covers: moving it to another record, person or time breaks it."""
    return {
        "entity": signature.entity,
        "entity_id": signature.entity_id,
        "digest": signature.digest,
        "meaning": signature.meaning,
        "signer_id": signature.signer_id,
        "signer_name": signature.signer_name,
        "signer_role": signature.signer_role,
        "licence": signature.licence,
        "signed_at": signature.signed_at,
    }

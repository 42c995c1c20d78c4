"""Reading signatures back: who signed, as what, and whether the record is still what was signed."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.seals import digest, seal
from infusiondesk.foundation.store.records import Signature
from infusiondesk.foundation.store.unit_of_work import Reading, sealed_facts


@dataclass(frozen=True)
class SignatureRow:
    """One name under a record, as screens and papers show it."""

    signer_id: UUID
    name: str
    role: str
    licence: str
    meaning: str
    at: datetime
    code: str
    holds: bool

    def text(self) -> str:
        """The printed line's first half: name, licence, meaning; the time is formatted by the paper or the screen."""
        licence = f", {self.licence}" if self.licence else ""
        return f"{self.name}{licence}: {self.meaning}" if self.holds else f"{self.name}: SIGNATURE DOES NOT MATCH THIS RECORD"


def signatures_of(reading: Reading, entity: str, entity_id: UUID, facts: Mapping[str, object]) -> Sequence[SignatureRow]:
    """All names under a record, oldest first; `holds` is False when the facts or the signature were altered since."""
    return signatures_of_each(reading, entity, {entity_id: facts})[entity_id]


def signatures_of_each(
    reading: Reading, entity: str, facts: Mapping[UUID, Mapping[str, object]]
) -> Mapping[UUID, Sequence[SignatureRow]]:
    """The same of several records of one kind, each with its own facts."""
    found: dict[UUID, list[SignatureRow]] = {entity_id: [] for entity_id in facts}
    now = {entity_id: digest(one) for entity_id, one in facts.items()}
    wanted = (
        sa.select(Signature)
        .where(Signature.entity == entity, Signature.entity_id.in_(facts))
        .order_by(Signature.signed_at, Signature.id)
    )
    for signature in reading.session.scalars(wanted) if facts else ():
        found[signature.entity_id].append(
            SignatureRow(
                signature.signer_id,
                signature.signer_name,
                signature.signer_role,
                signature.licence,
                signature.meaning,
                signature.signed_at,
                signature.digest.hex()[:12].upper(),
                hmac.compare_digest(signature.digest, now[signature.entity_id])
                and hmac.compare_digest(seal(reading.seal_key, sealed_facts(signature)), signature.seal),
            )
        )
    return found

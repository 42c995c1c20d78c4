"""The audit chain: each line carries an HMAC over itself and the line before, so that an edit or a gap shows."""

import hmac
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from infusiondesk.foundation.kernel.people import Actor, Area
from infusiondesk.foundation.store.records import AuditLine

START = bytes(32)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CHAIN_LOCK = 7_240_551  # any number of our own: one writer at a time appends to the chain on PostgreSQL


@dataclass(frozen=True)
class Change:
    """What a verb did, for the audit line and for the screens that must reload."""

    action: str
    area: Area
    entity: str
    entity_id: UUID | None = None
    patient_id: UUID | None = None
    detail: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Station:
    """Where and in which session something is done."""

    workstation: str
    session: UUID


@dataclass(frozen=True)
class Head:
    """The end of the chain: what an anchor outside the store remembers."""

    seq: int
    mac: bytes

    def code(self) -> str:
        """Twelve characters to print on paper."""
        return self.mac.hex()[:12].upper()


@dataclass(frozen=True)
class ChainReport:
    """What a check of the whole chain found; `fault` is None when every line verifies."""

    lines: int
    head: Head
    fault: str | None


def head(session: Session) -> Head:
    """The newest line."""
    row = session.execute(sa.select(AuditLine.seq, AuditLine.mac).order_by(AuditLine.seq.desc()).limit(1)).first()
    return Head(row[0], row[1]) if row else Head(0, START)


def append(session: Session, key: bytes, actor: Actor | None, station: Station, at: datetime, changes: Iterable[Change]) -> Head:
    """Append lines for one moment; called last before commit, so that the head is held for an instant only."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_CHAIN_LOCK)))
    end = head(session)
    for change in changes:
        line = AuditLine(
            seq=end.seq + 1,
            at=at,
            actor_id=actor.id if actor else None,
            actor_name=actor.name if actor else "nobody signed in",
            role=actor.role_text() if actor else "",
            workstation=station.workstation,
            session=station.session,
            action=change.action,
            category=change.area.value,
            patient_id=change.patient_id,
            entity=change.entity,
            entity_id=change.entity_id,
            reason=change.reason,
            detail=change.detail,
            prev=end.mac,
            mac=b"",
        )
        line.mac = mac_of(line, key)
        session.add(line)
        session.flush()
        end = Head(line.seq, line.mac)
    return end


def verify(session: Session, key: bytes, anchor: Head | None = None) -> ChainReport:
    """Recompute the whole chain. A cut tail verifies in itself; only an anchor kept elsewhere shows it."""
    end, count, anchored = Head(0, START), 0, anchor is None or anchor.seq == 0
    with closing(session.scalars(sa.select(AuditLine).order_by(AuditLine.seq).execution_options(yield_per=5000))) as lines:
        for line in lines:
            if line.seq != end.seq + 1:
                return ChainReport(count, end, f"Audit lines are missing between {end.seq} and {line.seq}.")
            if line.prev != end.mac or not hmac.compare_digest(mac_of(line, key), line.mac):
                return ChainReport(count, end, f"Audit line {line.seq} was changed after it was written.")
            end, count = Head(line.seq, line.mac), count + 1
            if anchor is not None and anchor.seq == line.seq:
                anchored = hmac.compare_digest(anchor.mac, line.mac)
    if not anchored and anchor is not None:
        return ChainReport(
            count, end, f"The store ends at audit line {end.seq}, but line {anchor.seq} was seen before: it was cut or set back."
        )
    return ChainReport(count, end, None)


def mac_of(line: AuditLine, key: bytes) -> bytes:
    """HMAC-SHA256 over the previous MAC and the length-prefixed fields; the instant as whole microseconds, free of any zone."""
    fields: tuple[object, ...] = (
        line.seq,
        (line.at - _EPOCH) // timedelta(microseconds=1),
        line.actor_id,
        line.actor_name,
        line.role,
        line.workstation,
        line.session,
        line.action,
        line.category,
        line.patient_id,
        line.entity,
        line.entity_id,
        line.reason,
        line.detail,
    )
    return hmac.digest(key, line.prev + b"".join(map(_prefixed, fields)), "sha256")


def _prefixed(value: object) -> bytes:
    if value is None:
        return b"N"
    data = value.hex.encode() if isinstance(value, UUID) else str(value).encode()
    return b"S%d:" % len(data) + data

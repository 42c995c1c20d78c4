"""The base of all tables, and the foundation's own: audit, signatures, drafts, the mark of the store."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from infusiondesk.foundation.store.columns import Key, UtcDateTime


class Base(DeclarativeBase):
    """Every constraint has a name, so that every migration can find it."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: Key(),
        datetime: UtcDateTime(),
        date: sa.Date(),
        str: sa.Text(),
        dict[str, Any]: sa.JSON(),
        list[str]: sa.JSON(),
        list[dict[str, Any]]: sa.JSON(),
    }


class Record:
    """What every work table has: a key made by the client, its site, and a version that catches a stale write."""

    id: Mapped[UUID] = mapped_column(primary_key=True)
    site_id: Mapped[UUID] = mapped_column(sa.ForeignKey("site.id"))
    version: Mapped[int] = mapped_column()

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class Signed(Record):
    """A record that is fixed once it is signed: the store's triggers refuse every later change and deletion."""

    signed_at: Mapped[datetime | None]
    signature_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("signature.id"))


class Site(Base):
    """One pharmacy: its name on paper, its zone for calendar days, and whether it is only a demonstration."""

    __tablename__ = "site"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    address: Mapped[str]
    phone: Mapped[str]
    state: Mapped[str]
    npi: Mapped[str]
    zone: Mapped[str]
    is_demo: Mapped[bool]


class AuditLine(Base):
    """One thing that happened, chained to the line before it. Who, what, on whom, when; ids, never a patient's name."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    role: Mapped[str]
    workstation: Mapped[str]
    session: Mapped[UUID]
    action: Mapped[str]
    category: Mapped[str]
    patient_id: Mapped[UUID | None] = mapped_column(index=True)
    entity: Mapped[str]
    entity_id: Mapped[UUID | None]
    reason: Mapped[str | None]
    detail: Mapped[str | None]
    prev: Mapped[bytes]
    mac: Mapped[bytes]


class Signature(Base):
    """A name put under a record: bound to its digest, id and version, so that it cannot be moved to another."""

    __tablename__ = "signature"
    __table_args__ = (sa.Index("ix_signature_entity", "entity", "entity_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    entity: Mapped[str]
    entity_id: Mapped[UUID]
    digest: Mapped[bytes]
    meaning: Mapped[str]
    signer_id: Mapped[UUID]
    signer_name: Mapped[str]
    signer_role: Mapped[str]
    licence: Mapped[str]
    signed_at: Mapped[datetime]
    seal: Mapped[bytes]


class KeptDraft(Base):
    """What somebody was typing when the session ended; it comes back at the same place."""

    __tablename__ = "draft"

    actor_id: Mapped[UUID] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    typed: Mapped[dict[str, Any]]
    kept_at: Mapped[datetime]

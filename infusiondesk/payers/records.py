"""Tables of payers, their profiles, who is covered by them, and what they authorized."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from infusiondesk.foundation.store.columns import choice
from infusiondesk.foundation.store.records import Base, Record, Signed
from infusiondesk.payers.rules.profile import PayerKind


class Payer(Record, Base):
    """An insurer or a public program; closed, never deleted, as old claims name it."""

    __tablename__ = "payer"
    __table_args__ = (sa.UniqueConstraint("name_key"),)

    name: Mapped[str]
    name_key: Mapped[str]
    kind: Mapped[PayerKind] = mapped_column(choice(PayerKind, "kind"))
    electronic_id: Mapped[str]
    phone: Mapped[str]
    closed_at: Mapped[datetime | None]


class PayerProfile(Signed, Base):
    """What a contract says from a day on; a later row replaces it. `signed_at` is set as it is written: no row is changed after."""

    __tablename__ = "payer_profile"
    __table_args__ = (sa.UniqueConstraint("payer_id", "number"),)

    payer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("payer.id"))
    number: Mapped[int]
    effective_on: Mapped[date]
    fields: Mapped[dict[str, Any]]
    set_at: Mapped[datetime]
    set_by: Mapped[str]
    reason: Mapped[str]


class Coverage(Record, Base):
    """One plan of one patient; the last day is part of it."""

    __tablename__ = "coverage"

    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    payer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("payer.id"))
    member_id: Mapped[str]
    group_number: Mapped[str]
    holder: Mapped[str]
    rank: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    entered_at: Mapped[datetime]
    entered_by: Mapped[str]
    voided_at: Mapped[datetime | None]
    voided_by: Mapped[str | None]
    void_reason: Mapped[str | None]


class CoverageChange(Signed, Base):
    """What stood there before a coverage was ended or its order corrected; no row is changed after it was written."""

    __tablename__ = "coverage_change"

    coverage_id: Mapped[UUID] = mapped_column(sa.ForeignKey("coverage.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str]
    reason: Mapped[str]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]


class Authorization(Record, Base):
    """What a payer authorized: one code, a first and last day, and units."""

    __tablename__ = "coverage_authorization"

    coverage_id: Mapped[UUID] = mapped_column(sa.ForeignKey("coverage.id"), index=True)
    number: Mapped[str]
    code: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    units: Mapped[int]
    entered_at: Mapped[datetime]
    entered_by: Mapped[str]
    voided_at: Mapped[datetime | None]
    voided_by: Mapped[str | None]
    void_reason: Mapped[str | None]

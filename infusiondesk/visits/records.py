"""Tables of visits and their notes."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from infusiondesk.foundation.store.columns import choice
from infusiondesk.foundation.store.records import Base, Record, Signed
from infusiondesk.visits.rules import Happening, Purpose


class Visit(Record, Base):
    """One appointment."""

    __tablename__ = "visit"

    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    nurse_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose, "purpose"))
    window_start: Mapped[datetime]
    window_end: Mapped[datetime]
    remark: Mapped[str]


class VisitHappening(Record, Base):
    """Started, ended, missed or cancelled, with its instant and, where one is asked for, its reason."""

    __tablename__ = "visit_happening"

    visit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("visit.id"), index=True)
    kind: Mapped[Happening] = mapped_column(choice(Happening, "kind"))
    at: Mapped[datetime]
    reason: Mapped[str | None]
    recorded_at: Mapped[datetime]


class VisitNote(Signed, Base):
    """The note of one visit: written in any number of steps, then signed."""

    __tablename__ = "visit_note"
    __table_args__ = (sa.UniqueConstraint("visit_id"),)

    visit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("visit.id"))
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    written: Mapped[dict[str, Any]]
    raised: Mapped[list[dict[str, Any]]]

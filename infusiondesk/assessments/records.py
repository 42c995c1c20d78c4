"""The table of assessments."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from infusiondesk.foundation.store.records import Base, Signed


class Assessment(Signed, Base):
    """One assessment of a patient: a draft until a pharmacist signs it, then fixed with what the gate said at that moment."""

    __tablename__ = "assessment"
    __table_args__ = (sa.UniqueConstraint("patient_id", "number"),)

    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    number: Mapped[int]
    reason: Mapped[str | None]
    answers: Mapped[dict[str, Any]]
    findings: Mapped[list[dict[str, Any]]]
    dispositions: Mapped[list[dict[str, Any]]]
    started_at: Mapped[datetime]
    started_by: Mapped[str]

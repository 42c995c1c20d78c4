"""The table of plan versions."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from infusiondesk.foundation.store.records import Base, Signed


class CarePlan(Signed, Base):
    """One version of a patient's plan: a draft until it is signed, then fixed."""

    __tablename__ = "care_plan"
    __table_args__ = (sa.UniqueConstraint("patient_id", "number"),)

    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    number: Mapped[int]
    based_on: Mapped[int | None]
    reason: Mapped[str | None]
    content: Mapped[dict[str, Any]]

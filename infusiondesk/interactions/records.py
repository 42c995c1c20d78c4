"""Tables of what a screen found and of what pharmacists answered; both only ever grow."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from infusiondesk.foundation.store.records import Base, Record


class Screening(Record, Base):
    """One run of the screen over a patient's whole profile, seen from one order version; never changed afterwards."""

    __tablename__ = "screening"
    __table_args__ = (sa.UniqueConstraint("patient_id", "number"),)

    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"))
    number: Mapped[int]
    order_version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("order_version.id"), index=True)
    subject: Mapped[str]
    medicines: Mapped[int]
    recognised: Mapped[int]
    alerts: Mapped[list[dict[str, Any]]]
    not_checked: Mapped[list[dict[str, Any]]]
    gaps: Mapped[list[str]]
    knowledge: Mapped[str]
    is_for_verification: Mapped[bool]
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    made_by: Mapped[str]


class ScreeningAnswer(Record, Base):
    """An answer to one alert or one unrecognised name, bound to the order version and the alert's key (clinical 0.2)."""

    __tablename__ = "screening_answer"

    screening_id: Mapped[UUID] = mapped_column(sa.ForeignKey("screening.id"))
    order_version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("order_version.id"), index=True)
    number: Mapped[int]
    key: Mapped[str]
    code: Mapped[str]
    text: Mapped[str]
    source: Mapped[str]
    prescriber_name: Mapped[str]
    prescriber_told_at: Mapped[datetime | None]
    read_back: Mapped[bool]
    answered_at: Mapped[datetime]
    answered_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    answered_by: Mapped[str]

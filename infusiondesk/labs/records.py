"""Tables of what laboratories sent: the bytes as they came, the reports they hold, and every result as it was written."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from infusiondesk.foundation.store.columns import ExactDecimal, choice
from infusiondesk.foundation.store.records import Base, Record, Signed
from infusiondesk.labs.rules import Level


class LabMessage(Record, Base):
    """One file or block as it was received. `name` is made from its digest: the names of files carry names of people."""

    __tablename__ = "lab_message"
    __table_args__ = (sa.UniqueConstraint("sha256"),)

    name: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[bytes]
    received_at: Mapped[datetime]


class LabReport(Signed, Base):
    """What one message says of one patient. Without a patient it is parked; it is signed when a pharmacist has reviewed it."""

    __tablename__ = "lab_report"
    __table_args__ = (sa.UniqueConstraint("serial"), sa.Index("ix_lab_report_digest", "digest"))

    serial: Mapped[int]
    message_id: Mapped[UUID] = mapped_column(sa.ForeignKey("lab_message.id"))
    control_id: Mapped[str]
    digest: Mapped[str]
    patient_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    because: Mapped[str]
    matched_by: Mapped[str | None]
    written: Mapped[dict[str, Any]]
    laboratory: Mapped[str]
    orders: Mapped[list[str]]
    title: Mapped[str]
    comments: Mapped[list[str]]
    observed_at: Mapped[datetime | None]
    reported_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    status: Mapped[str]
    level: Mapped[Level] = mapped_column(choice(Level, "level"))
    judgement: Mapped[dict[str, Any]]
    interpretation: Mapped[str | None]
    action: Mapped[str | None]
    contact: Mapped[dict[str, Any]]


class LabResult(Signed, Base):
    """One line as the laboratory wrote it; `signed_at` is set as it is written, so that the store refuses every later change.

    `value` and `unit` are as written, `table_value` is the same amount in the unit of the analyte table (clinical 3.1).
    """

    __tablename__ = "lab_result"
    __table_args__ = (
        sa.UniqueConstraint("report_id", "number"),
        sa.Index("ix_lab_result_order_number_code", "order_number", "code"),
    )

    report_id: Mapped[UUID] = mapped_column(sa.ForeignKey("lab_report.id"))
    number: Mapped[int]
    order_number: Mapped[str]
    code: Mapped[str]
    code_system: Mapped[str]
    sub_id: Mapped[str]
    text: Mapped[str]
    analyte: Mapped[str | None]
    written: Mapped[str]
    words: Mapped[str]
    value: Mapped[Decimal | None] = mapped_column(ExactDecimal(8))
    comparator: Mapped[str]
    unit: Mapped[str | None]
    reference_range: Mapped[str]
    lab_flags: Mapped[list[str]]
    comments: Mapped[list[str]]
    status: Mapped[str]
    observed_at: Mapped[datetime | None]
    table_value: Mapped[Decimal | None] = mapped_column(ExactDecimal(8))
    table_unit: Mapped[str]
    converted_by: Mapped[str]
    corrects_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("lab_result.id"), index=True)
    follows: Mapped[str]

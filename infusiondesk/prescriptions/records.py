"""Tables of prescriptions: originals, counsel, fill logs, monitoring programme. Rows are only added; a report is sent once."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from infusiondesk.foundation.store.columns import choice
from infusiondesk.foundation.store.records import Base, Record, Signed
from infusiondesk.prescriptions.rules import How, Reply, ReportKind, Status
from infusiondesk.prescriptions.rules.transfers import Direction


class Original(Record, Base):
    """The prescription as it came; the file itself lies in the encrypted store."""

    __tablename__ = "original"
    __table_args__ = (sa.UniqueConstraint("order_version_id", "sha256"),)

    order_version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("order_version.id"))
    name: Mapped[str]
    media_type: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    added_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    added_by: Mapped[str]
    added_at: Mapped[datetime]


class CounselOffer(Record, Base):
    """A pharmacist's advice offered for a prescription, and the answer."""

    __tablename__ = "counsel_offer"

    order_id: Mapped[UUID] = mapped_column(sa.ForeignKey("rx_order.id"), index=True)
    order_version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("order_version.id"))
    how: Mapped[How] = mapped_column(choice(How, "how"))
    reply: Mapped[Reply] = mapped_column(choice(Reply, "reply"))
    with_whom: Mapped[str]
    about: Mapped[str]
    offered_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    offered_by: Mapped[str]
    offered_at: Mapped[datetime]


class FillLog(Signed, Base):
    """The fills of one day that one pharmacist released, as he signed for them."""

    __tablename__ = "fill_log"
    __table_args__ = (sa.UniqueConstraint("day", "pharmacist_id", "number"),)

    day: Mapped[date]
    pharmacist_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    pharmacist: Mapped[str]
    number: Mapped[int]
    fills: Mapped[list[dict[str, Any]]]


class Transfer(Record, Base):
    """A prescription went to another pharmacy, or came from one: which, who spoke for it, on which day."""

    __tablename__ = "prescription_transfer"
    __table_args__ = (sa.UniqueConstraint("order_id", "direction"),)

    order_id: Mapped[UUID] = mapped_column(sa.ForeignKey("rx_order.id"))
    direction: Mapped[Direction] = mapped_column(choice(Direction, "direction"))
    pharmacy: Mapped[str]
    address: Mapped[str]
    pharmacist: Mapped[str]
    dea: Mapped[str]
    transferred_on: Mapped[date]
    written_by: Mapped[str]
    written_at: Mapped[datetime]


class ProgramQuery(Record, Base):
    """The state's monitoring programme was asked for an order: by whom, when, and what was seen."""

    __tablename__ = "program_query"

    order_id: Mapped[UUID] = mapped_column(sa.ForeignKey("rx_order.id"), index=True)
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    program: Mapped[str]
    is_noted: Mapped[bool]
    seen: Mapped[str]
    number: Mapped[str]
    asked_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]


class DispensingReport(Record, Base):
    """A file for the monitoring programme as it was made, and when it was sent."""

    __tablename__ = "dispensing_report"
    __table_args__ = (sa.UniqueConstraint("number"),)

    number: Mapped[int]
    kind: Mapped[ReportKind] = mapped_column(choice(ReportKind, "kind"))
    first: Mapped[date]
    last: Mapped[date]
    content: Mapped[str] = mapped_column(deferred=True)
    sha256: Mapped[str]
    segments: Mapped[int]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    sent_by: Mapped[str]
    sent_at: Mapped[datetime | None]
    sent_how: Mapped[str]


class ReportedFill(Record, Base):
    """One fill as one report told it: new, revised or void."""

    __tablename__ = "reported_fill"
    __table_args__ = (sa.UniqueConstraint("report_id", "order_id", "ticket_id"),)

    report_id: Mapped[UUID] = mapped_column(sa.ForeignKey("dispensing_report.id"))
    order_id: Mapped[UUID] = mapped_column(sa.ForeignKey("rx_order.id"), index=True)
    ticket_id: Mapped[UUID] = mapped_column(sa.ForeignKey("ticket.id"))
    status: Mapped[Status] = mapped_column(choice(Status, "status"))
    facts: Mapped[dict[str, Any]]

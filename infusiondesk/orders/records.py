"""Tables of orders, their versions and what happened to them."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from infusiondesk.foundation.store.columns import ExactDecimal, choice
from infusiondesk.foundation.store.records import Base, Record, Signed
from infusiondesk.orders.rules import EventKind, Method, ReceivedBy, Route


class Order(Record, Base):
    """One prescription; everything about it hangs on its versions."""

    __tablename__ = "rx_order"
    __table_args__ = (sa.UniqueConstraint("rx_number"),)

    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    rx_number: Mapped[int]


class OrderVersion(Signed, Base):
    """What is to be given; fixed from the pharmacist's verification on."""

    __tablename__ = "order_version"
    __table_args__ = (sa.UniqueConstraint("order_id", "number"),)

    order_id: Mapped[UUID] = mapped_column(sa.ForeignKey("rx_order.id"))
    number: Mapped[int]
    reason: Mapped[str | None]
    drug_id: Mapped[UUID] = mapped_column(sa.ForeignKey("drug.id"))
    prescriber_id: Mapped[UUID] = mapped_column(sa.ForeignKey("prescriber.id"))
    dose_amount: Mapped[Decimal] = mapped_column(ExactDecimal(4))
    dose_unit: Mapped[str]
    route: Mapped[Route] = mapped_column(choice(Route, "route"))
    interval_hours: Mapped[Decimal | None] = mapped_column(ExactDecimal(2))
    infusion_minutes: Mapped[Decimal | None] = mapped_column(ExactDecimal(2))
    method: Mapped[Method] = mapped_column(choice(Method, "method"))
    diluent: Mapped[str]
    container: Mapped[str]
    volume_ml: Mapped[Decimal | None] = mapped_column(ExactDecimal(3))
    start_on: Mapped[date]
    stop_on: Mapped[date]
    indication: Mapped[str]
    had_before: Mapped[bool]
    anaphylaxis_kit: Mapped[bool]
    lab_protocol: Mapped[str]
    lab_reviewer: Mapped[str]
    flush: Mapped[str]
    nursing: Mapped[str]
    written_on: Mapped[date | None]
    refills: Mapped[int | None]
    received_by: Mapped[ReceivedBy] = mapped_column(choice(ReceivedBy, "received_by"))
    received_at: Mapped[datetime]
    caller: Mapped[str]
    read_back: Mapped[bool]
    reviewed_by_infectious_diseases: Mapped[bool]
    entered_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    entered_by: Mapped[str]
    entered_at: Mapped[datetime]


class OrderEvent(Record, Base):
    """A hold, a resumption, a discontinuation or a cancellation; or the withdrawal of one version, then with its number."""

    __tablename__ = "order_event"

    order_id: Mapped[UUID] = mapped_column(sa.ForeignKey("rx_order.id"), index=True)
    kind: Mapped[EventKind] = mapped_column(choice(EventKind, "kind"))
    version_number: Mapped[int | None]
    effective_on: Mapped[date]
    reason: Mapped[str]
    happened_at: Mapped[datetime]
    done_by: Mapped[str]

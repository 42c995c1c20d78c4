"""Tables of pumps: models with their policy, pumps, what happened to each, who has which, recalls."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from infusiondesk.equipment.rules import EventKind, Ownership, Use
from infusiondesk.foundation.store.columns import ExactDecimal, choice
from infusiondesk.foundation.store.records import Base, Record, Signed


class PumpModel(Record, Base):
    """A model of one maker, and what the pharmacy decides about it."""

    __tablename__ = "pump_model"
    __table_args__ = (sa.UniqueConstraint("maker", "name"),)

    maker: Mapped[str]
    name: Mapped[str]
    channels: Mapped[int]
    therapies: Mapped[list[str]]
    maintenance_months: Mapped[int]
    certification_months: Mapped[int | None]
    accuracy_percent: Mapped[Decimal] = mapped_column(ExactDecimal(2))
    source: Mapped[str]


class Pump(Record, Base):
    """One pump. Where it is stands in its events; their count is kept here, so that of two people one comes second."""

    __tablename__ = "pump"
    __table_args__ = (sa.UniqueConstraint("serial"),)

    serial: Mapped[str]
    model_id: Mapped[UUID] = mapped_column(sa.ForeignKey("pump_model.id"), index=True)
    ownership: Mapped[Ownership] = mapped_column(choice(Ownership, "ownership"))
    vendor: Mapped[str]
    daily_rate: Mapped[Decimal | None] = mapped_column(ExactDecimal(2))
    events: Mapped[int]


class PumpAssignment(Record, Base):
    """A pump with a patient for an order. Nobody else can have it until this has ended: the store itself keeps that."""

    __tablename__ = "pump_assignment"
    __table_args__ = (
        sa.Index(
            "uq_pump_assignment_open",
            "pump_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    pump_id: Mapped[UUID] = mapped_column(sa.ForeignKey("pump.id"))
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    order_id: Mapped[UUID] = mapped_column(sa.ForeignKey("rx_order.id"), index=True)
    use: Mapped[Use] = mapped_column(choice(Use, "use"))
    ended_at: Mapped[datetime | None]


class PumpRecall(Signed, Base):
    """A maker's notice. `closing` holds what became of each pump as it was signed for."""

    __tablename__ = "pump_recall"
    __table_args__ = (sa.UniqueConstraint("maker", "reference"),)

    reference: Mapped[str]
    maker: Mapped[str]
    model: Mapped[str]
    serial_from: Mapped[str]
    serial_to: Mapped[str]
    reason: Mapped[str]
    opened_at: Mapped[datetime]
    opened_by: Mapped[str]
    closing: Mapped[list[dict[str, Any]]]


class EquipmentRules(Signed, Base):
    """What the pharmacy decides about all pumps, each version signed; the newest is in force."""

    __tablename__ = "equipment_rules"
    __table_args__ = (sa.UniqueConstraint("number"),)

    number: Mapped[int]
    due_days: Mapped[int]
    return_days: Mapped[int]
    counts_day_back: Mapped[bool]
    set_by: Mapped[str]


class PumpBackup(Signed, Base):
    """How many pumps a therapy needs in the home, each version signed; the newest of a therapy is in force."""

    __tablename__ = "pump_backup"
    __table_args__ = (sa.UniqueConstraint("therapy_class", "number"),)

    therapy_class: Mapped[str]
    number: Mapped[int]
    runs: Mapped[list[str]]
    pumps: Mapped[int]
    why: Mapped[str]
    source: Mapped[str]
    set_by: Mapped[str]


class PumpEvent(Signed, Base):
    """One thing that happened to a pump; never changed. A cleaning, a safety check and a settled recall are signed."""

    __tablename__ = "pump_event"
    __table_args__ = (sa.UniqueConstraint("pump_id", "number"),)

    pump_id: Mapped[UUID] = mapped_column(sa.ForeignKey("pump.id"))
    number: Mapped[int]
    kind: Mapped[EventKind] = mapped_column(choice(EventKind, "kind"))
    reason: Mapped[str]
    details: Mapped[dict[str, Any]]
    assignment_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("pump_assignment.id"), index=True)
    recall_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("pump_recall.id"), index=True)
    happened_at: Mapped[datetime]
    done_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    done_by: Mapped[str]

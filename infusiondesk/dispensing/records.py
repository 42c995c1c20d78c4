"""Tables of deliveries. Rows are only ever added, but for the packing of a ticket, what its lines count, the order of a route."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from infusiondesk.compounding.rules import Storage
from infusiondesk.dispensing.rules import Disposition, FileKind, Happening, Method, Per
from infusiondesk.foundation.store.columns import ExactDecimal, choice
from infusiondesk.foundation.store.records import Base, Record, Signed


class Ticket(Record, Base):
    """One delivery to one patient.

    `supply` says what it covers, as it was packed and signed; `needs` what of supplies was proposed when it was begun.
    """

    __tablename__ = "ticket"
    __table_args__ = (sa.UniqueConstraint("number"),)

    number: Mapped[str]
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    place_of_care: Mapped[str]
    deliver_to: Mapped[str]
    deliver_by: Mapped[date | None]
    deliver_because: Mapped[str]
    begun_by: Mapped[str]
    begun_at: Mapped[datetime]
    packed_by: Mapped[str]
    packed_at: Mapped[datetime | None]
    supply: Mapped[list[dict[str, Any]]]
    needs: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    shipper_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("shipper.id"))
    shipper: Mapped[str]
    shipper_hours: Mapped[Decimal | None] = mapped_column(ExactDecimal(2))
    no_shipper_because: Mapped[str]
    no_backup_because: Mapped[str]
    logger_serial: Mapped[str]
    method: Mapped[Method | None] = mapped_column(choice(Method, "method"))
    carrier: Mapped[str]
    tracking: Mapped[str]


class TicketLine(Record, Base):
    """A bag, some of a lot, or a pump on a ticket. `dose_at` is the dose a bag is for; `taken_off` why it stayed here.

    Until `freed_at` no other line can carry the same bag or pump: the store itself keeps that. `order_id` is what a pump is for.
    `came_back` counts what was brought back after the delivery was confirmed, `destroyed` what of the line is no more.
    """

    __tablename__ = "ticket_line"
    __table_args__ = (
        sa.UniqueConstraint("ticket_id", "bag_id"),
        # Together: exactly one of the three.
        sa.CheckConstraint("(bag_id IS NULL) = ((lot_id IS NULL) <> (pump_id IS NULL))", name="one_thing"),
        sa.CheckConstraint("lot_id IS NULL OR pump_id IS NULL", name="lot_or_pump"),
        sa.CheckConstraint("(pump_id IS NULL) = (order_id IS NULL)", name="pump_of_an_order"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.CheckConstraint("came_back >= 0 AND came_back <= quantity", name="came_back"),
        sa.CheckConstraint("destroyed >= 0 AND destroyed <= quantity", name="destroyed"),
        *(
            sa.Index(
                f"uq_ticket_line_{thing}_held",
                thing,
                unique=True,
                sqlite_where=sa.text("freed_at IS NULL"),
                postgresql_where=sa.text("freed_at IS NULL"),
            )
            for thing in ("bag_id", "pump_id")
        ),
    )

    ticket_id: Mapped[UUID] = mapped_column(sa.ForeignKey("ticket.id"))
    bag_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("bag.id"), index=True)
    lot_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("lot.id"), index=True)
    pump_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("pump.id"), index=True)
    order_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("rx_order.id"), index=True)
    quantity: Mapped[Decimal] = mapped_column(ExactDecimal(3))
    came_back: Mapped[Decimal] = mapped_column(ExactDecimal(3), default=Decimal(0))
    destroyed: Mapped[Decimal] = mapped_column(ExactDecimal(3), default=Decimal(0))
    description: Mapped[str]
    dose_on: Mapped[date | None]
    dose_at: Mapped[datetime | None]
    dose_place: Mapped[int | None]
    scanned_at: Mapped[datetime | None]
    scanned_by: Mapped[str]
    was_typed: Mapped[bool]
    taken_off: Mapped[str]
    freed_at: Mapped[datetime | None]


class TicketHappening(Record, Base):
    """What happened to a ticket, with what was said: `at` by the device or the hand that entered it, `recorded_at` by our clock."""

    __tablename__ = "ticket_happening"

    ticket_id: Mapped[UUID] = mapped_column(sa.ForeignKey("ticket.id"), index=True)
    kind: Mapped[Happening] = mapped_column(choice(Happening, "kind"))
    at: Mapped[datetime]
    device_zone: Mapped[str]
    received_by: Mapped[str]
    relation: Mapped[str]
    condition: Mapped[str]
    adult_id: Mapped[str]
    low_c: Mapped[Decimal | None] = mapped_column(ExactDecimal(1))
    high_c: Mapped[Decimal | None] = mapped_column(ExactDecimal(1))
    read_how: Mapped[str]
    is_outside: Mapped[bool]
    witness: Mapped[str]
    reason: Mapped[str]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]


class TicketReturn(Record, Base):
    """Some of a line that was brought back after the delivery was confirmed; it is never sent again."""

    __tablename__ = "ticket_return"

    line_id: Mapped[UUID] = mapped_column(sa.ForeignKey("ticket_line.id"), index=True)
    quantity: Mapped[Decimal] = mapped_column(ExactDecimal(3))
    brought_by: Mapped[str]
    came_on: Mapped[date]
    because: Mapped[str]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]


class ProofFile(Record, Base):
    """A signature, a signed paper, a photo or a logger's file, as it came; it lies in the encrypted store."""

    __tablename__ = "ticket_file"
    __table_args__ = (sa.UniqueConstraint("ticket_id", "sha256"),)

    ticket_id: Mapped[UUID] = mapped_column(sa.ForeignKey("ticket.id"))
    kind: Mapped[FileKind] = mapped_column(choice(FileKind, "kind"))
    name: Mapped[str]
    media_type: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    added_by: Mapped[str]
    added_at: Mapped[datetime]


class Judgement(Signed, Base):
    """What a pharmacist decided about lines whose bags or packages were too warm or too cold on the way."""

    __tablename__ = "ticket_judgement"

    ticket_id: Mapped[UUID] = mapped_column(sa.ForeignKey("ticket.id"), index=True)
    lines: Mapped[list[str]]
    disposition: Mapped[Disposition] = mapped_column(choice(Disposition, "disposition"))
    because: Mapped[str]
    judged_by: Mapped[str]


class Shipper(Record, Base):
    """A pack-out that was validated for a season, a storage and a time."""

    __tablename__ = "shipper"
    __table_args__ = (sa.UniqueConstraint("name", "storage", "first_month"),)

    name: Mapped[str]
    first_month: Mapped[int]
    last_month: Mapped[int]
    storage: Mapped[Storage] = mapped_column(choice(Storage, "storage"))
    qualified_hours: Mapped[Decimal] = mapped_column(ExactDecimal(2))
    source: Mapped[str]
    status: Mapped[str]
    entered_by: Mapped[str]
    entered_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class KitRow(Record, Base):
    """A row of a kit that this pharmacy entered, or edited or signed from the shipped table: then under the shipped row's key."""

    __tablename__ = "kit_row"

    therapy: Mapped[str]
    applies_to: Mapped[str]
    device: Mapped[str]
    item: Mapped[str]
    item_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("item.id"))
    quantity: Mapped[Decimal | None] = mapped_column(ExactDecimal(3))
    per: Mapped[Per] = mapped_column(choice(Per, "per"))
    every_days: Mapped[int | None]
    contains: Mapped[list[str]]
    instead: Mapped[str]
    instead_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("item.id"))
    source: Mapped[str]
    status: Mapped[str]
    entered_by: Mapped[str]
    entered_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class KitReview(Signed, Base):
    """Rows of kits that a pharmacist signed together, each with the facts that were seen."""

    __tablename__ = "kit_review"

    rows: Mapped[list[dict[str, Any]]]
    signed_by: Mapped[str]


class HomeCount(Record, Base):
    """How many of a supply were in a patient's home: who said it, when; the newest counts."""

    __tablename__ = "home_count"

    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    item: Mapped[str]
    item_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("item.id"))
    quantity: Mapped[Decimal] = mapped_column(ExactDecimal(3))
    told_by: Mapped[str]
    how: Mapped[str]
    counted_at: Mapped[datetime]
    entered_by: Mapped[str]
    entered_at: Mapped[datetime]


class DeliveryRule(Record, Base):
    """How the pharmacy delivers, from the moment it was set; the newest counts."""

    __tablename__ = "delivery_rule"

    lead_days: Mapped[int]
    weekdays: Mapped[list[str]]
    first_dose: Mapped[str]
    set_by: Mapped[str]
    set_at: Mapped[datetime]


class DeliveryDay(Record, Base):
    """A day that is not like its weekday."""

    __tablename__ = "delivery_day"
    __table_args__ = (sa.UniqueConstraint("on"),)

    on: Mapped[date]
    is_open: Mapped[bool]
    because: Mapped[str]
    entered_by: Mapped[str]
    entered_at: Mapped[datetime]


class RouteStop(Record, Base):
    """One stop of a driver on a day; `place` is the order in which he drives."""

    __tablename__ = "route_stop"
    __table_args__ = (sa.UniqueConstraint("ticket_id"),)

    ticket_id: Mapped[UUID] = mapped_column(sa.ForeignKey("ticket.id"))
    on: Mapped[date] = mapped_column(index=True)
    driver: Mapped[str]
    place: Mapped[int]

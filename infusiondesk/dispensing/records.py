"""Tables of deliveries."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from infusiondesk.dispensing.rules import Happening
from infusiondesk.foundation.store.columns import choice
from infusiondesk.foundation.store.records import Base, Record


class Ticket(Record, Base):
    """One delivery to one patient."""

    __tablename__ = "ticket"
    __table_args__ = (sa.UniqueConstraint("number"),)

    number: Mapped[str]
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    place_of_care: Mapped[str]
    deliver_to: Mapped[str]
    packed_by: Mapped[str]
    packed_at: Mapped[datetime]


class TicketLine(Record, Base):
    """One bag on a ticket."""

    __tablename__ = "ticket_line"
    __table_args__ = (sa.UniqueConstraint("ticket_id", "bag_id"),)

    ticket_id: Mapped[UUID] = mapped_column(sa.ForeignKey("ticket.id"))
    bag_id: Mapped[UUID] = mapped_column(sa.ForeignKey("bag.id"), index=True)


class TicketHappening(Record, Base):
    """Shipped, delivered, refused, returned or cancelled, with what was said."""

    __tablename__ = "ticket_happening"

    ticket_id: Mapped[UUID] = mapped_column(sa.ForeignKey("ticket.id"), index=True)
    kind: Mapped[Happening] = mapped_column(choice(Happening, "kind"))
    at: Mapped[datetime]
    received_by: Mapped[str]
    relation: Mapped[str]
    condition: Mapped[str]
    reason: Mapped[str]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]

"""Tables of the shelf: items, lots, movements."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from infusiondesk.foundation.store.columns import ExactDecimal, choice
from infusiondesk.foundation.store.records import Base, Record
from infusiondesk.inventory.rules import ItemKind, MovementKind

PLACES = 3


class Item(Record, Base):
    """Something that is stocked; a drug or diluent names its product."""

    __tablename__ = "item"

    product_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("product.id"), index=True)
    name: Mapped[str]
    ndc: Mapped[str | None] = mapped_column(index=True)
    unit: Mapped[str]
    kind: Mapped[ItemKind] = mapped_column(choice(ItemKind, "kind"))


class Lot(Record, Base):
    """A lot and what is left of it. The two counts are kept beside the movements, so that two people cannot take the same vial."""

    __tablename__ = "lot"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "lot_number"),
        sa.CheckConstraint("on_hand >= 0", name="on_hand"),
        sa.CheckConstraint("in_quarantine >= 0", name="in_quarantine"),
    )

    item_id: Mapped[UUID] = mapped_column(sa.ForeignKey("item.id"))
    lot_number: Mapped[str] = mapped_column(index=True)
    expires_on: Mapped[date]
    received_at: Mapped[datetime]
    quantity_received: Mapped[Decimal] = mapped_column(ExactDecimal(PLACES))
    vendor: Mapped[str]
    on_hand: Mapped[Decimal] = mapped_column(ExactDecimal(PLACES))
    in_quarantine: Mapped[Decimal] = mapped_column(ExactDecimal(PLACES))
    moves: Mapped[int]


class Movement(Record, Base):
    """Units that came or went: positive comes on hand, negative leaves it. Never changed; a mistake is moved back."""

    __tablename__ = "movement"
    __table_args__ = (sa.UniqueConstraint("lot_id", "number"),)

    lot_id: Mapped[UUID] = mapped_column(sa.ForeignKey("lot.id"))
    number: Mapped[int]
    kind: Mapped[MovementKind] = mapped_column(choice(MovementKind, "kind"))
    quantity: Mapped[Decimal] = mapped_column(ExactDecimal(PLACES))
    reference_entity: Mapped[str | None]
    reference_id: Mapped[UUID | None] = mapped_column(index=True)
    because: Mapped[str]
    moved_at: Mapped[datetime]
    moved_by: Mapped[str]

"""Tables of the clean room: batches, what happened to them, the lots that went in, and the bags that came out."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from infusiondesk.compounding.rules import BatchEvent as What
from infusiondesk.compounding.rules import BatchState, Category, Facility, Storage
from infusiondesk.foundation.store.columns import ExactDecimal, choice
from infusiondesk.foundation.store.records import Base, Record, Signed


class Batch(Signed, Base):
    """Bags of one order version; the worksheet is frozen at its approval, the whole batch at its release."""

    __tablename__ = "batch"
    __table_args__ = (sa.UniqueConstraint("number"),)

    number: Mapped[str]
    order_version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("order_version.id"), index=True)
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    product_id: Mapped[UUID] = mapped_column(sa.ForeignKey("product.id"))
    fluid_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("product.id"))
    diluent_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("product.id"))
    bags: Mapped[int]
    due_at: Mapped[datetime]
    category: Mapped[Category] = mapped_column(choice(Category, "category"))
    facility: Mapped[Facility] = mapped_column(choice(Facility, "facility"))
    storage: Mapped[Storage] = mapped_column(choice(Storage, "storage"))
    planned_by: Mapped[str]
    worksheet: Mapped[dict[str, Any]]
    stability_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("stability.id"))
    stability_hours: Mapped[Decimal | None] = mapped_column(ExactDecimal(2))
    hood: Mapped[str]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    compounded_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    compounded_by: Mapped[str]
    good_bags: Mapped[int | None]
    yield_reason: Mapped[str]
    beyond_use_at: Mapped[datetime | None]
    derivation: Mapped[list[dict[str, Any]]]


class BatchEvent(Record, Base):
    """One step of a batch's life, in its order; the last one says where the batch stands."""

    __tablename__ = "batch_event"
    __table_args__ = (sa.UniqueConstraint("batch_id", "place"),)

    batch_id: Mapped[UUID] = mapped_column(sa.ForeignKey("batch.id"))
    place: Mapped[int]
    what: Mapped[What] = mapped_column(choice(What, "what"))
    state: Mapped[BatchState] = mapped_column(choice(BatchState, "state"))
    detail: Mapped[str]
    reason: Mapped[str]
    happened_at: Mapped[datetime]
    done_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    done_by: Mapped[str]


class BatchIngredient(Record, Base):
    """Containers of one lot taken for one part of the worksheet; a typed entry names who compared the label."""

    __tablename__ = "batch_ingredient"

    batch_id: Mapped[UUID] = mapped_column(sa.ForeignKey("batch.id"), index=True)
    part: Mapped[str]
    lot_id: Mapped[UUID] = mapped_column(sa.ForeignKey("lot.id"), index=True)
    quantity: Mapped[Decimal] = mapped_column(ExactDecimal(3))
    is_scanned: Mapped[bool]
    compared_by: Mapped[str]
    entered_by: Mapped[str]
    entered_at: Mapped[datetime]


class Bag(Record, Base):
    """One released container; its barcode is what a delivery scans."""

    __tablename__ = "bag"
    __table_args__ = (sa.UniqueConstraint("barcode"), sa.UniqueConstraint("batch_id", "number"))

    batch_id: Mapped[UUID] = mapped_column(sa.ForeignKey("batch.id"))
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    number: Mapped[int]
    barcode: Mapped[str]

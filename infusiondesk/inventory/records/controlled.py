"""The table of controlled drugs that were wasted or destroyed after they had left their shelf."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from infusiondesk.foundation.store.columns import ExactDecimal, choice
from infusiondesk.foundation.store.records import Base, Signed
from infusiondesk.inventory.rules import MovementKind

_PLACES = 4  # what is left in a vial may be less than a thousandth of its unit


class ControlledWaste(Signed, Base):
    """Something controlled that was wasted or destroyed after it had left its shelf; signed by the witness who saw it."""

    __tablename__ = "controlled_waste"

    what: Mapped[str]
    schedule: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(ExactDecimal(_PLACES))
    unit: Mapped[str]
    kind: Mapped[MovementKind] = mapped_column(choice(MovementKind, "kind"))
    because: Mapped[str]
    reference_entity: Mapped[str]
    reference_id: Mapped[UUID] = mapped_column(index=True)
    patient_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("patient.id"))
    laid_out_at: Mapped[datetime]
    laid_out_by_id: Mapped[UUID]
    laid_out_by: Mapped[str]
    witnessed_by: Mapped[str]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str]

"""What of controlled drugs was wasted or destroyed after it had left its shelf, and who saw it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import amount, counted
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.records import ControlledWaste
from infusiondesk.inventory.rules import MovementKind

_MEASURES = ("mg", "mcg", "g", "mL", "units")


@dataclass(frozen=True)
class WasteRow:
    """One of them; the time is that of the pharmacy's wall clock. `witnessed_by` "" is not signed yet."""

    id: UUID
    what: str
    schedule: str
    quantity: Decimal
    unit: str
    kind: MovementKind
    because: str
    laid_out_at: datetime
    laid_out_by_id: UUID
    laid_out_by: str
    witnessed_by: str

    @property
    def amount(self) -> str:
        return amount(self.quantity, self.unit) if self.unit in _MEASURES else counted(self.quantity, self.unit)

    @property
    def words(self) -> str:
        """As a record of the preparation prints it."""
        seen = f"seen by {self.witnessed_by}" if self.witnessed_by else "witness not signed yet"
        return f"{self.amount} {self.kind}, {self.because}: {self.laid_out_by}, {seen}"


@query(Area.INVENTORY)
def waste_to_witness(reading: Reading) -> Sequence[WasteRow]:
    """What waits for a second person, oldest first."""
    return _rows(reading, ControlledWaste.signed_at.is_(None))


@query(Area.INVENTORY)
def waste_of(reading: Reading, *, reference_id: UUID) -> Sequence[WasteRow]:
    """What was wasted of one batch or destroyed of one delivery, oldest first."""
    return _rows(reading, ControlledWaste.reference_id == reference_id)


def _rows(reading: Reading, which: sa.ColumnElement[bool]) -> list[WasteRow]:
    chosen = sa.select(ControlledWaste).where(which, ControlledWaste.withdrawn_at.is_(None))
    return [
        WasteRow(
            one.id, one.what, one.schedule, one.quantity, one.unit, one.kind, one.because, reading.local(one.laid_out_at),
            one.laid_out_by_id, one.laid_out_by, one.witnessed_by,
        )
        for one in reading.session.scalars(chosen.order_by(ControlledWaste.laid_out_at, ControlledWaste.id))
    ]  # fmt: skip

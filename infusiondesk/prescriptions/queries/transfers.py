"""Where a prescription went or came from; one that went away is not filled here any more."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.prescriptions.records import Transfer
from infusiondesk.prescriptions.rules.transfers import Direction


@dataclass(frozen=True)
class TransferRow:
    """One transfer as screens and papers show it."""

    direction: Direction
    pharmacy: str
    address: str
    pharmacist: str
    dea: str
    on: date
    by: str
    at: datetime

    @property
    def words(self) -> str:
        """``to another pharmacy on 2 Mar 2026: ZZTEST Pharmacy``."""
        return f"{self.direction.value} on {day(self.on)}: {self.pharmacy}"

    @property
    def details(self) -> str:
        """Who spoke for it there, its numbers, and who wrote it down here."""
        dea = f"DEA {self.dea}" if self.dea else ""
        return ", ".join(part for part in (self.pharmacist, self.address, dea, f"by {self.by}") if part)


def transfers_of(at: Reading, order_ids: Collection[UUID]) -> Mapping[UUID, Sequence[TransferRow]]:
    """The transfers of each of these, oldest first. No permission of its own: part of every question about a prescription."""
    found: dict[UUID, list[TransferRow]] = {}
    wanted = sa.select(Transfer).where(Transfer.order_id.in_(list(order_ids))).order_by(Transfer.written_at, Transfer.id)
    for one in at.session.scalars(wanted):
        row = TransferRow(
            one.direction, one.pharmacy, one.address, one.pharmacist, one.dea, one.transferred_on, one.written_by,
            at.local(one.written_at),
        )  # fmt: skip
        found.setdefault(one.order_id, []).append(row)
    return found

"""Recalls of pumps: what each names, every pump it hits, who has it, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.equipment.queries.rows import PumpRow, loaded, scope_of
from infusiondesk.equipment.records import Pump, PumpEvent, PumpModel, PumpRecall
from infusiondesk.equipment.rules import EventKind, Place, RecallScope
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.signatures import SignatureRow, signatures_of
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.patients.records import Patient
from infusiondesk.patients.rules.names import phone_text


@dataclass(frozen=True)
class HitRow:
    """A pump that a recall hits, where it is, and how its patient is reached; `outcome` is empty until it is settled."""

    id: UUID
    pump: PumpRow
    outcome: str
    note: str
    address_lines: tuple[str, ...] = ()
    phone: str = ""
    born_on: date | None = None

    @property
    def address(self) -> str:
        return ", ".join(self.address_lines)

    @property
    def is_settled(self) -> bool:
        return bool(self.outcome)

    @property
    def is_to_write(self) -> bool:
        """Whether a patient has it who must be told."""
        return self.pump.stay is not None and not self.is_settled


@dataclass(frozen=True)
class RecallRow:
    """One notice with the pumps it hits, those with patients first."""

    id: UUID
    scope: RecallScope
    reason: str
    opened_at: datetime
    opened_by: str
    is_closed: bool
    hits: tuple[HitRow, ...]
    signatures: tuple[SignatureRow, ...]

    @property
    def open_hits(self) -> tuple[HitRow, ...]:
        return tuple(hit for hit in self.hits if not hit.is_settled)


@query(Area.EQUIPMENT)
def recalls(reading: Reading) -> Sequence[RecallRow]:
    """Every recall: open ones first, the newest first."""
    found = [recall_row(reading, one) for one in reading.session.scalars(sa.select(PumpRecall))]
    return sorted(found, key=lambda row: (row.is_closed, -row.opened_at.timestamp()))


def recall_row(at: Reading, recall: PumpRecall) -> RecallRow:
    """A recall with its pumps. No permission of its own: the query and the verbs that ask carry one."""
    scope = scope_of(recall)
    rows = loaded(at, Pump.id.in_([pump.id for pump in hit_by(at, scope)]))
    settled = {
        event.pump_id: event
        for event in at.session.scalars(
            sa.select(PumpEvent).where(PumpEvent.recall_id == recall.id, PumpEvent.kind == EventKind.SETTLED)
        )
    }
    holders = {row.stay.holder.patient_id for row in rows if row.stay}
    patients = {one.id: one for one in at.session.scalars(sa.select(Patient).where(Patient.id.in_(holders)))}
    hits = [_hit(row, settled.get(row.id), patients) for row in rows]
    names = tuple(signatures_of(at, PumpRecall.__tablename__, recall.id, recall_facts(recall))) if recall.signed_at else ()
    return RecallRow(
        recall.id, scope, recall.reason, at.local(recall.opened_at), recall.opened_by, recall.signed_at is not None,
        tuple(sorted(hits, key=lambda hit: (hit.is_settled, hit.pump.stay is None, hit.pump.serial))), names,
    )  # fmt: skip


def recall_facts(recall: PumpRecall) -> dict[str, Any]:
    """Everything that who closes a recall signs for."""
    names = ("reference", "maker", "model", "serial_from", "serial_to", "reason", "opened_at", "closing")
    return {name: getattr(recall, name) for name in names}


def hit_by(at: Reading, scope: RecallScope) -> list[Pump]:
    """The pumps that a notice names. No permission of its own: opening a recall carries one."""
    chosen = at.session.execute(sa.select(Pump, PumpModel).join(PumpModel, PumpModel.id == Pump.model_id).order_by(Pump.serial))
    return [pump for pump, model in chosen if scope.hits(model.maker, model.name, pump.serial)]


def _hit(row: PumpRow, settled: PumpEvent | None, patients: Mapping[UUID, Patient]) -> HitRow:
    if settled is not None:
        return HitRow(row.id, row, settled.details["outcome"], settled.reason)
    if row.place is Place.RETIRED:  # retired before, or without a word on this recall: it goes to nobody any more
        return HitRow(row.id, row, "retired", row.status.because)
    who = patients.get(row.stay.holder.patient_id) if row.stay else None
    if who is None:
        return HitRow(row.id, row, "", "")
    city = ", ".join(filter(None, (who.city, f"{who.state} {who.postcode}".strip())))
    return HitRow(row.id, row, "", "", tuple(filter(None, (who.street, city))), phone_text(who.phone), who.born_on)

"""The one way in which something happens to a pump: judged by its history, numbered, written, signed where it is signed."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, Protocol
from uuid import UUID, uuid5

import sqlalchemy as sa

from infusiondesk.equipment.queries.rows import PumpRow, event_facts, loaded
from infusiondesk.equipment.records import Pump, PumpAssignment, PumpEvent
from infusiondesk.equipment.rules import EventKind, RecallScope, refusal
from infusiondesk.foundation.kernel.outcomes import Problem, Refused
from infusiondesk.foundation.kernel.people import Area, Role
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork

HANDS: Final = (Role.TECHNICIAN, Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)
PHARMACISTS: Final = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)
ENDS: Final = (EventKind.RETURNED, EventKind.LOST)


class Typed(Protocol):
    """A draft."""

    def problems(self) -> list[Problem]: ...


def refuse_problems(draft: Typed) -> None:
    """Refuse the first thing that a draft lacks."""
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)


def pump_for(uow: UnitOfWork, pump_id: UUID, kind: EventKind) -> PumpRow:
    """A pump to which something may happen now, or the refusal that says where it is and who has it.

    No permission of its own: the verbs of this package carry theirs.
    """
    (row,) = loaded(uow, Pump.id == pump_id)
    if sentence := refusal(row.serial, row.status, kind):
        raise Refused(sentence)
    return row


def happen(
    uow: UnitOfWork,
    pump_id: UUID,
    kind: EventKind,
    *,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
    assignment: PumpAssignment | None = None,
    recall_id: UUID | None = None,
    signs: str = "",
) -> PumpEvent:
    """Write down what happened; `signs` is the meaning of the name under it. No permission of its own: the verbs carry theirs."""
    pump = uow.session.get_one(Pump, pump_id)
    holding = (
        assignment
        or uow.session.scalars(
            sa.select(PumpAssignment).where(PumpAssignment.pump_id == pump_id, PumpAssignment.ended_at.is_(None))
        ).first()
    )
    now = uow.clock.now()
    pump.events += 1
    event = PumpEvent(
        # Made from the pump and the number and not by chance: a signature is asked for in one try and given in the next.
        id=uuid5(pump.id, f"{pump.events}"),
        pump_id=pump.id,
        number=pump.events,
        kind=kind,
        reason=reason,
        details={name: _plain(value) for name, value in (details or {}).items() if value not in (None, "")},
        assignment_id=holding.id if holding else None,
        recall_id=recall_id,
        happened_at=now,
        done_by_id=uow.actor.id,
        done_by=uow.actor.name,
    )
    uow.add(event)
    if holding is not None and kind in ENDS:
        holding.ended_at = now
    if signs:
        uow.session.flush()
        uow.sign(
            event, event_facts(event), subject=f"Pump {pump.serial}: {kind.value}", meaning=signs, area=Area.EQUIPMENT,
            patient_id=None,
        )  # fmt: skip
    patient_id = holding.patient_id if holding else None
    uow.record(Change(kind.value, Area.EQUIPMENT, "pump", pump.id, patient_id), reason=reason or None)
    return event


def quarantine_recalled(uow: UnitOfWork, pump_id: UUID, recalls: Sequence[RecallScope]) -> None:
    """A pump that comes to hand under a recall is set apart at once. No permission of its own: the verbs carry theirs."""
    if recalls:
        happen(uow, pump_id, EventKind.QUARANTINED, reason=f"recall {recalls[0].reference}", recall_id=recalls[0].id)


def _plain(value: object) -> object:
    """As it is kept in JSON, and signed for."""
    if isinstance(value, date):
        return value.isoformat()
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value

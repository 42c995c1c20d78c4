"""The one way in which something happens to a ticket, and how a proof is kept."""

from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.dispensing.queries import happened_to
from infusiondesk.dispensing.records import ProofFile, Ticket, TicketHappening
from infusiondesk.dispensing.rules import FileKind, Happening, KeptFile, State, file_refusal, media_type, refusal_of, state
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork

PACKERS: Final = (Role.TECHNICIAN, Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)
PHARMACISTS: Final = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)


def state_of(uow: UnitOfWork, ticket: Ticket) -> State:
    """Where a ticket stands now. No permission of its own: the verbs of a ticket carry it."""
    happened = happened_to(uow, [ticket.id])[ticket.id]
    return state((one.kind for one in happened), is_packed=ticket.packed_at is not None)


def box_of(uow: UnitOfWork, ticket_id: UUID) -> Ticket:
    """A ticket that is still being packed, or the refusal. No permission of its own: the verbs of packing carry it."""
    ticket = uow.session.get_one(Ticket, ticket_id)
    if (now := state_of(uow, ticket)) is not State.PACKING:
        raise Refused(f"Ticket {ticket.number} is {now.value}: nothing more goes into it.")
    return ticket


def refuse_step(uow: UnitOfWork, ticket: Ticket, kind: Happening) -> None:
    """Refuse what may not happen to a ticket now. No permission of its own: the verbs of a ticket carry it."""
    if sentence := refusal_of(kind, state_of(uow, ticket)):
        raise Refused(sentence)


def happen(
    uow: UnitOfWork,
    ticket_id: UUID,
    kind: Happening,
    *,
    at: datetime | None = None,
    reason: str = "",
    **said: Any,
) -> None:
    """Write down what happened to a ticket. No permission of its own: the verbs of a ticket carry it."""
    ticket = uow.session.get_one(Ticket, ticket_id)
    refuse_step(uow, ticket, kind)
    told: dict[str, Any] = {
        "device_zone": "", "received_by": "", "relation": "", "condition": "", "adult_id": "", "low_c": None, "high_c": None,
        "read_how": "", "is_outside": False, "witness": "", **said,
    }  # fmt: skip
    uow.add(
        TicketHappening(
            ticket_id=ticket_id,
            kind=kind,
            at=at or uow.clock.now(),
            reason=reason,
            recorded_by=uow.actor.name,
            recorded_at=uow.clock.now(),
            **{name: value.strip() if isinstance(value, str) else value for name, value in told.items()},
        )
    )
    change = Change(kind.value, Area.DISPENSING, "ticket", ticket_id, ticket.patient_id, detail=ticket.number)
    uow.record(change, reason=reason or None)


def keep_file(uow: UnitOfWork, ticket: Ticket, kind: FileKind, file: KeptFile) -> None:
    """Keep a proof as it came, with its SHA-256. No permission of its own: the verbs of a ticket carry it."""
    if kind is not FileKind.LOGGER and (sentence := file_refusal(file.content)):
        raise Refused(f"{file.name}: {sentence}")
    code = sha256(file.content).hexdigest()
    known = sa.select(ProofFile.id).where(ProofFile.ticket_id == ticket.id, ProofFile.sha256 == code)
    if uow.session.scalars(known).first() is not None:
        raise Refused(f"{file.name} is on ticket {ticket.number} already.")
    kept = uow.add(
        ProofFile(
            ticket_id=ticket.id, kind=kind, name=file.name, media_type=media_type(file.content) or "text/csv", sha256=code,
            size=len(file.content), content=file.content, added_by=uow.actor.name, added_at=uow.clock.now(),
        )
    )  # fmt: skip
    detail = f"{ticket.number}, {kind.value}, SHA-256 {code[:12].upper()}"
    uow.record(Change("proof kept", Area.DISPENSING, "ticket_file", kept.id, ticket.patient_id, detail=detail))

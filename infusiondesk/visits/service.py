"""What is done about visits: planned, started, written, ended, signed, or missed with a reason."""

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.tasks.rules import readings_of
from infusiondesk.tasks.service import readings_arrived
from infusiondesk.visits.queries import draft_of, signed_facts
from infusiondesk.visits.records import Visit, VisitHappening, VisitNote
from infusiondesk.visits.rules import (
    Baseline,
    Happening,
    NoteDraft,
    Purpose,
    ScheduleDraft,
    State,
    alerts,
    before_signing,
    refusal_of,
    state,
)

_PLANNERS = (Role.NURSE, Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE, Role.INTAKE)


@verb(Area.VISITS, *_PLANNERS, does="plan a visit")
def schedule_visit(uow: UnitOfWork, *, patient_id: UUID, draft: ScheduleDraft) -> UUID:
    """A nurse, a purpose and a window that the patient knows."""
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    visit = uow.add(
        Visit(
            patient_id=patient_id,
            nurse_id=UUID(draft.nurse),
            purpose=Purpose(draft.purpose),
            window_start=draft.window_start,
            window_end=draft.window_end,
            remark=draft.note.strip(),
        )
    )
    uow.record(Change("planned", Area.VISITS, "visit", visit.id, patient_id))
    return visit.id


@verb(Area.VISITS, Role.NURSE, does="start a visit")
def start_visit(uow: UnitOfWork, *, visit_id: UUID, at: datetime | None = None) -> UUID:
    """The nurse is in the home; only she starts her own visit, and she cannot be in two homes. Returns the note's key."""
    visit = _own(uow, visit_id)
    when = _not_future(uow, at)
    open_elsewhere = uow.session.scalars(
        sa.select(VisitNote.id)
        .join(Visit, Visit.id == VisitNote.visit_id)
        .where(Visit.nurse_id == uow.actor.id, VisitNote.ended_at.is_(None), Visit.id != visit_id)
    ).first()
    if open_elsewhere is not None:
        raise Refused("Another visit of yours is still running. End it first; nobody is in two homes at once.")
    uow.require_licence("visit a patient")
    _happen(uow, visit, Happening.STARTED, when, None)
    note = uow.add(VisitNote(visit_id=visit.id, patient_id=visit.patient_id, started_at=when, written={}, raised=[]))
    return note.id


@verb(Area.VISITS, Role.NURSE, does="write a visit note")
def keep_note(uow: UnitOfWork, *, visit_id: UUID, draft: NoteDraft, baseline: Baseline) -> None:
    """Keep what is written so far; implausible readings are refused, alerts are raised and stay until answered."""
    note = _note(uow, visit_id)
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    note.written = {name: _plain(value) for name, value in asdict(draft).items()}
    note.raised = [asdict(alert) for alert in alerts(draft, baseline)]
    uow.record(Change("written", Area.VISITS, "visit_note", note.id, note.patient_id))


@verb(Area.VISITS, Role.NURSE, does="end a visit")
def end_visit(uow: UnitOfWork, *, visit_id: UUID, at: datetime | None = None) -> None:
    """The nurse leaves; the note may still be written until it is signed."""
    visit, note = _own(uow, visit_id), _note(uow, visit_id)
    when = _not_future(uow, at)
    if when <= note.started_at:
        raise Refused("A visit ends after it began.", field="at")
    _happen(uow, visit, Happening.ENDED, when, None)
    note.ended_at = when


@verb(Area.VISITS, Role.NURSE, does="sign a visit note")
def sign_note(uow: UnitOfWork, *, visit_id: UUID, patient_name: str, baseline: Baseline) -> UUID:
    """The nurse signs last, and only when nothing is open; afterwards the note cannot change."""
    visit, note = _own(uow, visit_id), _note(uow, visit_id)
    if note.ended_at is None:
        raise Refused("End the visit before signing its note.")
    missing = before_signing(draft_of(note.written), baseline, note.started_at, note.ended_at)
    if missing:
        raise Refused(missing[0])
    uow.require_licence("sign a visit note")
    uow.sign(
        note,
        signed_facts(note),
        subject=f"Visit note ({visit.purpose.value}) of {patient_name}",
        meaning="author",
        area=Area.VISITS,
        patient_id=note.patient_id,
    )
    taken = readings_of(note.written)
    readings_arrived(uow, patient_id=note.patient_id, names=taken, taken_at=note.started_at, note_id=note.id)
    return note.id


@verb(Area.VISITS, *_PLANNERS, does="record a missed visit")
def miss_visit(uow: UnitOfWork, *, visit_id: UUID) -> None:
    """Nobody was there, or nobody came: with the reason; it cannot be made a visit afterwards."""
    visit = uow.session.get_one(Visit, visit_id)
    choices = ("patient not home", "patient in hospital", "patient refused", "nurse could not come")
    reason = uow.reason_for("visits.missed", "Why was the visit missed, and is the patient safe?", choices)
    _happen(uow, visit, Happening.MISSED, uow.clock.now(), reason)


def cancel_planned(uow: UnitOfWork, *, patient_id: UUID, because: str) -> int:
    """Cancel every visit that has not begun, for a patient whose episode ends; returns how many.

    No permission of its own: the journey that ends the episode (`workflows.ending`) carries it.
    """
    cancelled = 0
    for visit in uow.session.scalars(sa.select(Visit).where(Visit.patient_id == patient_id).order_by(Visit.window_start)).all():
        if refusal_of(Happening.CANCELLED, _state(uow, visit)) is None:
            _happen(uow, visit, Happening.CANCELLED, uow.clock.now(), because)
            cancelled += 1
    return cancelled


def _own(uow: UnitOfWork, visit_id: UUID) -> Visit:
    visit = uow.session.get_one(Visit, visit_id)
    if visit.nurse_id != uow.actor.id:
        raise Refused("This is another nurse's visit. Plan it anew for yourself, or let her write it.")
    return visit


def _note(uow: UnitOfWork, visit_id: UUID) -> VisitNote:
    note = uow.session.scalars(sa.select(VisitNote).where(VisitNote.visit_id == visit_id)).first()
    if note is None:
        raise Refused("Start the visit first.")
    if note.signed_at is not None:
        raise Refused("This note is signed and cannot change.")
    return note


def _state(uow: UnitOfWork, visit: Visit) -> State:
    """Where a visit stands; whether its note is signed does not count for what may happen to it."""
    happened = sa.select(VisitHappening.kind).where(VisitHappening.visit_id == visit.id).order_by(VisitHappening.recorded_at)
    return state(uow.session.scalars(happened), is_signed=False)


def _happen(uow: UnitOfWork, visit: Visit, kind: Happening, at: datetime, reason: str | None) -> None:
    if sentence := refusal_of(kind, _state(uow, visit)):
        raise Refused(sentence)
    uow.add(VisitHappening(visit_id=visit.id, kind=kind, at=at, reason=reason, recorded_at=uow.clock.now()))
    uow.record(Change(kind.value, Area.VISITS, "visit", visit.id, visit.patient_id), reason=reason)


def _not_future(uow: UnitOfWork, at: datetime | None) -> datetime:
    now = uow.clock.now()
    if at is not None and at > now:
        raise Refused("That time has not come yet.", field="at")
    return at or now


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value

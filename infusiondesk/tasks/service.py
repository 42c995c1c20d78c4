"""What is done about promises: one is made, what was awaited arrives, a call is noted, an episode ends."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import moment
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.tasks.exchange import awaited_of
from infusiondesk.tasks.records import Promise, PromiseEvent
from infusiondesk.tasks.rules import CALLS, OWNERS, CallDraft, EventKind, Kind, PromiseDraft


def promise(
    uow: UnitOfWork, *, patient_id: UUID, order_version_id: UUID, rule: str, subject: str, draft: PromiseDraft
) -> UUID:  # fmt: skip
    """Keep a promise made with the answer to an alert.

    No permission of its own: the verb that settles the alert (`interactions.service.settle_alert`) carries it.
    """
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    awaited = awaited_of(draft.awaited or "")
    if awaited is None or draft.due_on is None:
        raise Refused("Nothing that arrives here is called so; choose what is awaited from the list.", field="awaited")
    if draft.due_on < uow.today():
        raise Refused("That day has passed already; promise for today or later.", field="due_on")
    kept = uow.add(
        Promise(
            patient_id=patient_id,
            order_version_id=order_version_id,
            rule=rule,
            subject=subject,
            kind=awaited.kind,
            awaited=awaited.name,
            words=awaited.words,
            owner=next(role for role in OWNERS if role == draft.owner),
            due_on=draft.due_on,
            made_at=uow.clock.now(),
            made_by_id=uow.actor.id,
            made_by=uow.actor.name,
        )
    )
    uow.session.flush()
    uow.record(Change("promised", Area.TASKS, "promise", kept.id, patient_id, detail=f"{rule}: {awaited.code}"))
    return kept.id


@verb(Area.TASKS, Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE, Role.NURSE, Role.TECHNICIAN, does="note a call")
def note_call(uow: UnitOfWork, *, promise_id: UUID, draft: CallDraft) -> None:
    """Note the call that was promised; a promise of a result or a reading is closed by nobody by hand."""
    promised = uow.session.get_one(Promise, promise_id)
    if promised.kind is not Kind.CALL:
        raise Refused(f"This promise waits for {promised.words}; only its arrival closes it.")
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    assert draft.at is not None  # problems() asked for it
    if draft.at > uow.clock.now():
        raise Refused("The call cannot have been made in the future.", field="at")
    if draft.at < promised.made_at:
        raise Refused("The call was made before it was promised; call again.", field="at")
    if promised.id not in _waiting(uow, [promised]):
        raise Refused("This call is noted already, or it is not needed any more.")
    words = f"{CALLS[promised.awaited]}, {draft.name.strip()}, {moment(uow.local(draft.at))}: {draft.said.strip()}"
    _happen(uow, promised, EventKind.CALL, None, words)


def result_arrived(
    uow: UnitOfWork, *, patient_id: UUID, analyte: str, drawn_at: datetime, result_id: UUID, words: str
) -> None:  # fmt: skip
    """A final result is here: it closes every promise of its analyte that was made before it was drawn.

    No permission of its own: taking results in (`labs.service.take_in`) carries it.
    """
    _arrive(uow, EventKind.RESULT, _promised(uow, patient_id, Kind.LAB, [analyte]), drawn_at, result_id, words)


def result_taken_back(uow: UnitOfWork, *, result_ids: Collection[UUID], words: str) -> None:
    """The laboratory takes results back: what they closed is open again.

    No permission of its own: taking results in (`labs.service.take_in`) carries it.
    """
    closed = sa.select(PromiseEvent.promise_id).where(PromiseEvent.entity_id.in_(list(result_ids)))
    affected = uow.session.scalars(sa.select(Promise).where(Promise.id.in_(closed)).order_by(Promise.id)).all()
    for promised in affected:
        if _last(uow, promised.id).entity_id in result_ids:
            _happen(uow, promised, EventKind.TAKEN_BACK, None, words)


def result_corrected(uow: UnitOfWork, *, result_ids: Collection[UUID], drawn_at: datetime, result_id: UUID, words: str) -> None:
    """The laboratory corrects results: what they closed stays closed by the new value, if that was drawn after the promise.

    No permission of its own: taking results in (`labs.service.take_in`) carries it.
    """
    closed = sa.select(PromiseEvent.promise_id).where(PromiseEvent.entity_id.in_(list(result_ids)))
    for promised in uow.session.scalars(sa.select(Promise).where(Promise.id.in_(closed)).order_by(Promise.id)).all():
        if _last(uow, promised.id).entity_id in result_ids:
            is_after = drawn_at > promised.made_at
            kind = EventKind.CORRECTED if is_after else EventKind.TAKEN_BACK
            _happen(uow, promised, kind, result_id if is_after else None, words)


def readings_arrived(uow: UnitOfWork, *, patient_id: UUID, names: Iterable[str], taken_at: datetime, note_id: UUID) -> None:
    """A visit note is signed: it closes the promises of every reading in it that were made before the visit began.

    No permission of its own: signing the note (`visits.service.sign_note`) carries it.
    """
    words = f"in the note of the visit of {moment(uow.local(taken_at))}"
    _arrive(uow, EventKind.READING, _promised(uow, patient_id, Kind.READING, names), taken_at, note_id, words)


def end_promises(uow: UnitOfWork, *, patient_id: UUID, because: str) -> int:
    """What is still awaited of a patient whose episode ends is not needed any more; returns how many promises.

    No permission of its own: the journey that ends the episode (`workflows.ending`) carries it.
    """
    open_ones = _open(uow, uow.session.scalars(sa.select(Promise).where(Promise.patient_id == patient_id)).all())
    for promised in open_ones:
        _happen(uow, promised, EventKind.NOT_NEEDED, None, because)
    return len(open_ones)


def _promised(uow: UnitOfWork, patient_id: UUID, kind: Kind, names: Iterable[str]) -> list[Promise]:
    wanted = (Promise.patient_id == patient_id, Promise.kind == kind, Promise.awaited.in_(list(names)))
    return _open(uow, uow.session.scalars(sa.select(Promise).where(*wanted)).all())


def _open(uow: UnitOfWork, promised: Iterable[Promise]) -> list[Promise]:
    found = sorted(promised, key=lambda one: (one.due_on, one.id))
    waiting = _waiting(uow, found)
    return [one for one in found if one.id in waiting]


def _waiting(uow: UnitOfWork, promised: Collection[Promise]) -> set[UUID]:
    """Those of these promises that nothing has closed, or whose closing was taken back."""
    last: dict[UUID, EventKind] = {}
    of_these = PromiseEvent.promise_id.in_([one.id for one in promised])
    for event in uow.session.scalars(sa.select(PromiseEvent).where(of_these).order_by(PromiseEvent.happened_at, PromiseEvent.id)):
        last[event.promise_id] = event.kind
    return {one.id for one in promised if last.get(one.id, EventKind.TAKEN_BACK) is EventKind.TAKEN_BACK}


def _last(uow: UnitOfWork, promise_id: UUID) -> PromiseEvent:
    wanted = sa.select(PromiseEvent).where(PromiseEvent.promise_id == promise_id)
    return uow.session.scalars(wanted.order_by(PromiseEvent.happened_at.desc(), PromiseEvent.id.desc()).limit(1)).one()


def _arrive(
    uow: UnitOfWork, kind: EventKind, awaiting: Iterable[Promise], known_at: datetime, entity_id: UUID, words: str
) -> None:  # fmt: skip
    for promised in awaiting:
        if known_at > promised.made_at:
            _happen(uow, promised, kind, entity_id, words)


def _happen(uow: UnitOfWork, promised: Promise, kind: EventKind, entity_id: UUID | None, words: str) -> None:
    newest = uow.session.scalar(sa.select(sa.func.max(PromiseEvent.happened_at)).where(PromiseEvent.promise_id == promised.id))
    now = uow.clock.now()
    if newest is not None and newest >= now:  # two in one message: their order is the order in which they are told
        now = newest + timedelta(microseconds=1)
    event = uow.add(
        PromiseEvent(
            promise_id=promised.id,
            kind=kind,
            entity_id=entity_id,
            words=words,
            happened_at=now,
            done_by=uow.actor.name,
        )
    )
    uow.session.flush()
    uow.record(Change(kind.value, Area.TASKS, "promise", promised.id, promised.patient_id, detail=str(event.id)))

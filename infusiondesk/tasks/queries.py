"""What screens, papers and other slices may read of promises: each with where it stands today and why."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.people import Area, Role, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.patients.records import Patient
from infusiondesk.tasks.records import Promise, PromiseEvent
from infusiondesk.tasks.rules import Event, EventKind, Judged, Kind, Standing, judge, promise_text


@dataclass(frozen=True)
class PromiseRow:
    """One promise; times are on the pharmacy's wall clock."""

    id: UUID
    patient_id: UUID
    patient: str
    mrn: str
    order_version_id: UUID
    rule: str
    subject: str
    kind: Kind
    awaited: str
    words: str
    owner: Role
    due_on: date
    made_at: datetime
    made_by: str
    judged: Judged
    history: tuple[str, ...]

    @property
    def standing(self) -> Standing:
        return self.judged.standing

    @property
    def text(self) -> str:
        """In one line."""
        return promise_text(self.words, self.due_on, self.judged)


@dataclass(frozen=True)
class RuleCount:
    """How the promises made under one rule ended."""

    rule: str
    made: int
    open: int
    kept: int
    broken: int
    not_needed: int


@query(Area.TASKS)
def promises(reading: Reading) -> Sequence[PromiseRow]:
    """Every promise: broken and still awaited first, then open by day, then the closed ones, the newest first."""
    rows = _rows(reading, sa.true())
    waiting = sorted((row for row in rows if not row.judged.is_closed), key=lambda row: (row.due_on, row.patient, str(row.id)))
    over = sorted((row for row in rows if row.judged.is_closed), key=lambda row: (row.due_on, str(row.id)), reverse=True)
    return [*waiting, *over]


@query(Area.TASKS)
def awaited_promises(reading: Reading) -> Sequence[PromiseRow]:
    """Promises that still wait for something, the earliest day first."""
    step = sa.case((PromiseEvent.kind == EventKind.TAKEN_BACK, -1), (PromiseEvent.kind == EventKind.CORRECTED, 0), else_=1)
    closed = sa.select(PromiseEvent.promise_id).group_by(PromiseEvent.promise_id).having(sa.func.sum(step) > 0).scalar_subquery()
    rows = [row for row in _rows(reading, Promise.id.not_in(closed)) if not row.judged.is_closed]
    return sorted(rows, key=lambda row: (row.due_on, row.patient, str(row.id)))


@query(Area.TASKS)
def promises_of(reading: Reading, *, patient_id: UUID) -> Sequence[PromiseRow]:
    """The promises made for one patient, the newest first."""
    return sorted(_rows(reading, Promise.patient_id == patient_id), key=lambda row: (row.made_at, str(row.id)), reverse=True)


@query(Area.TASKS)
def promises_by_id(reading: Reading, *, ids: Collection[UUID]) -> Mapping[UUID, PromiseRow]:
    """Certain promises, by key."""
    return {row.id: row for row in _rows(reading, Promise.id.in_(list(ids)))} if ids else {}


@query(Area.TASKS)
def promises_by_rule(reading: Reading) -> Sequence[RuleCount]:
    """How promises ended, rule by rule: the evidence on which an override is trusted."""
    return counted_by_rule(_rows(reading, sa.true()))


def counted_by_rule(rows: Sequence[PromiseRow]) -> Sequence[RuleCount]:
    """Promises added up by rule, the rule with the most broken ones first."""
    found: dict[str, Counter[Standing]] = defaultdict(Counter)
    for row in rows:
        found[row.rule][row.standing] += 1
    counts = [
        RuleCount(
            rule, of.total(), of[Standing.OPEN], of[Standing.KEPT], of[Standing.BROKEN], of[Standing.NOT_NEEDED]
        )
        for rule, of in found.items()
    ]  # fmt: skip
    return sorted(counts, key=lambda count: (-count.broken, -count.made, count.rule))


def _rows(reading: Reading, condition: Any) -> list[PromiseRow]:
    wanted = sa.select(Promise, Patient).join(Patient, Patient.id == Promise.patient_id).where(condition)
    found = reading.session.execute(wanted.order_by(Promise.due_on, Promise.id)).all()
    events: dict[UUID, list[PromiseEvent]] = defaultdict(list)
    of_these = sa.select(PromiseEvent).join(Promise, Promise.id == PromiseEvent.promise_id).where(condition)
    for event in reading.session.scalars(of_these.order_by(PromiseEvent.happened_at, PromiseEvent.id)) if found else ():
        events[event.promise_id].append(event)
    return [_row(reading, promise, patient, events[promise.id]) for promise, patient in found]


def _row(reading: Reading, promise: Promise, patient: Patient, events: Sequence[PromiseEvent]) -> PromiseRow:
    happened = [Event(one.kind, reading.local(one.happened_at).date(), one.words) for one in events]
    return PromiseRow(
        id=promise.id,
        patient_id=patient.id,
        patient=f"{patient.last_name}, {patient.first_name}",
        mrn=patient.mrn,
        order_version_id=promise.order_version_id,
        rule=promise.rule,
        subject=promise.subject,
        kind=promise.kind,
        awaited=promise.awaited,
        words=promise.words,
        owner=promise.owner,
        due_on=promise.due_on,
        made_at=reading.local(promise.made_at),
        made_by=promise.made_by,
        judged=judge(promise.due_on, happened, reading.today()),
        history=tuple(f"{one.kind.value}: {one.words} ({one.done_by})" for one in events),
    )

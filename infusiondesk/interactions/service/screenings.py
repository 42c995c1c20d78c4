"""What is done about screens: a run is kept, a HOLD is answered, an unrecognised name is reviewed by hand."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.kernel.seals import digest
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.interactions.queries import screening_of
from infusiondesk.interactions.records import Screening, ScreeningAnswer
from infusiondesk.interactions.rules import Alert, Level, Unchecked
from infusiondesk.interactions.rules.answers import (
    REVIEWED_BY_HAND,
    AnswerDraft,
    HandReviewDraft,
    both_sides,
    refusal_to_settle,
)
from infusiondesk.interactions.rules.rows import KnownRow
from infusiondesk.tasks.service import promise

_PHARMACISTS = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)


@dataclass(frozen=True)
class Found:
    """What one run found.

    `unchecked` pairs each name with what it was written as: "medicine", "allergy" or "flush". `rows_read` are the limits and usual
    doses that were asked, also where they were silent.
    """

    subject: str
    medicines: int
    recognised: int
    alerts: Sequence[Alert]
    unchecked: Sequence[tuple[str, Unchecked]]
    gaps: Sequence[str]
    knowledge: str
    ingredients: Sequence[str] = ()
    rows_read: Sequence[KnownRow] = ()


def record_screening(
    uow: UnitOfWork, *, patient_id: UUID, order_version_id: UUID, found: Found, is_for_verification: bool = False
) -> UUID:
    """Keep one run with everything it found.

    No permission of its own: the journey that gathers the profile (`workflows.verify_order`) carries it.
    """
    newest = uow.session.scalars(sa.select(sa.func.max(Screening.number)).where(Screening.patient_id == patient_id)).one()
    kept = uow.add(
        Screening(
            patient_id=patient_id,
            number=(newest or 0) + 1,
            order_version_id=order_version_id,
            subject=found.subject,
            medicines=found.medicines,
            recognised=found.recognised,
            alerts=[_kept(alert) for alert in found.alerts],
            not_checked=[_kept_name(kind, name) for kind, name in found.unchecked],
            gaps=list(found.gaps),
            ingredients=list(found.ingredients),
            knowledge=found.knowledge,
            rows_read=[{"key": row.key, "version": row.version, "said": row.said} for row in found.rows_read],
            is_for_verification=is_for_verification,
            made_at=uow.clock.now(),
            made_by_id=uow.actor.id,
            made_by=uow.actor.name,
        )
    )
    uow.session.flush()
    counts = ", ".join(f"{sum(alert.level is level for alert in found.alerts)} {level}" for level in Level)
    uow.record(
        Change("screened", Area.INTERACTIONS, "screening", kept.id, patient_id, detail=f"{counts}; knowledge {found.knowledge}")
    )
    return kept.id


@verb(Area.INTERACTIONS, *_PHARMACISTS, does="settle an alert")
def settle_alert(uow: UnitOfWork, *, screening_id: UUID, key: str, draft: AnswerDraft) -> None:
    """Answer a HOLD, or acknowledge a WARN, for this patient and this order version only."""
    kept = _current(uow, screening_id)
    alert = next((one for one in kept.alerts if one["key"] == key), None)
    if alert is None:
        raise Refused("This alert is not in the screening any more.")
    if sentence := refusal_to_settle(Level(alert["level"])):
        raise Refused(sentence)
    draft.rules, draft.is_warning = tuple(alert["rules"]), alert["level"] == Level.WARN
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    if draft.prescriber_told_at is not None and draft.prescriber_told_at > uow.clock.now():
        raise Refused("The prescriber cannot have been reached in the future.", field="prescriber_told_at")
    answer = _answer(uow, kept, key)
    answer.code = draft.code or ""
    answer.text = draft.text.strip()
    answer.prescriber_name = draft.prescriber_name.strip()
    answer.prescriber_told_at = draft.prescriber_told_at
    answer.read_back = draft.read_back
    if promised := draft.promised():
        about = {"patient_id": kept.patient_id, "order_version_id": kept.order_version_id}
        subject = both_sides(alert["a"], alert["b"])
        answer.promise_id = promise(uow, **about, rule=alert["rules"][0], subject=subject, draft=promised)
    _record(uow, "alert settled", uow.add(answer), kept, alert["rules"][0])


@verb(Area.INTERACTIONS, *_PHARMACISTS, does="review an unrecognised medicine by hand")
def dispose_unrecognised(uow: UnitOfWork, *, screening_id: UUID, key: str, draft: HandReviewDraft) -> None:
    """Say in which source a name was looked up and what was found there (R27)."""
    kept = _current(uow, screening_id)
    if all(one["key"] != key for one in kept.not_checked):
        raise Refused("This name is not in the screening any more.")
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    answer = _answer(uow, kept, key)
    answer.code, answer.text, answer.source = REVIEWED_BY_HAND, draft.text.strip(), draft.source.strip()
    _record(uow, "name reviewed", uow.add(answer), kept, "R27")


def _current(uow: UnitOfWork, screening_id: UUID) -> Screening:
    kept = uow.session.get_one(Screening, screening_id)
    newest = screening_of(uow, order_version_id=kept.order_version_id)
    if newest is not None and newest.id != kept.id:
        raise Refused("This order was screened again meanwhile. Answer the newer screening.")
    return kept


def _answer(uow: UnitOfWork, kept: Screening, key: str) -> ScreeningAnswer:
    mine = ScreeningAnswer.order_version_id == kept.order_version_id
    newest = uow.session.scalars(sa.select(sa.func.max(ScreeningAnswer.number)).where(mine)).one()
    return ScreeningAnswer(
        screening_id=kept.id,
        order_version_id=kept.order_version_id,
        number=(newest or 0) + 1,
        key=key,
        source="",
        prescriber_name="",
        read_back=False,
        answered_at=uow.clock.now(),
        answered_by_id=uow.actor.id,
        answered_by=uow.actor.name,
    )


def _record(uow: UnitOfWork, action: str, answer: ScreeningAnswer, kept: Screening, rule: str) -> None:
    change = Change(action, Area.INTERACTIONS, "screening_answer", answer.id, kept.patient_id, detail=rule)
    uow.record(change, reason=answer.code)


def _kept(alert: Alert) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "a": alert.a,
        "b": alert.b,
        "level": alert.level.value,
        "rules": list(alert.rules),
        "text": alert.text,
    }
    key = digest({**facts, "written": alert.written, "looked_at": alert.looked_at}).hex()[:32]
    more: dict[str, Any] = {
        "charted": list(alert.charted),
        "sources": list(alert.sources),
        "unsigned_rules": list(alert.unsigned_rules),
    }
    more["rows"] = [asdict(row) for row in alert.rows]
    return {**facts, "key": key, **more}


def _kept_name(kind: str, name: Unchecked) -> dict[str, Any]:
    proposed = [_kept(alert) for alert in name.alerts_if_confirmed]
    facts = {"kind": kind, "name": name.name, "suggestion": name.suggestion, "looked_at": name.looked_at}
    return {
        "key": digest({**facts, "brings": [alert["key"] for alert in proposed]}).hex()[:32],
        "name": name.name,
        "kind": kind,
        "suggestion": name.suggestion or "",
        "if_confirmed": proposed,
    }

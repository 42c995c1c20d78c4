"""What screens, papers and journeys may read of screenings: alerts in their order, what was not checked, who answered what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import moment
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.interactions.records import Screening, ScreeningAnswer
from infusiondesk.interactions.rules.alerts import Used
from infusiondesk.interactions.rules.answers import both_sides
from infusiondesk.interactions.rules.levels import Level
from infusiondesk.tasks.queries import PromiseRow, promises_by_id


@dataclass(frozen=True)
class AnswerRow:
    """What a pharmacist answered."""

    code: str
    text: str
    source: str
    prescriber: str
    at: datetime
    by: str
    promise: PromiseRow | None = None

    def words(self) -> str:
        """The answer in one line, without who and when."""
        source = f"source: {self.source}" if self.source else ""
        prescriber = f"prescriber: {self.prescriber}" if self.prescriber else ""
        return "; ".join(part for part in (self.code, self.text, source, prescriber) if part)


@dataclass(frozen=True)
class AlertRow:
    """One alert with its answer, if it has one; times are on the pharmacy's wall clock."""

    key: str
    a: str
    b: str
    level: Level
    rules: tuple[str, ...]
    text: str
    sources: tuple[str, ...]
    unsigned_rules: tuple[str, ...]
    charted: tuple[str, ...] = ()
    answer: AnswerRow | None = None
    used: tuple[Used, ...] = ()

    @property
    def subject(self) -> str:
        """Both sides in words: "simvastatin and clarithromycin"."""
        return both_sides(self.a, self.b)

    @property
    def is_open(self) -> bool:
        """It keeps the order from being verified: every STOP, and a HOLD that nobody answered."""
        return self.level is Level.STOP or (self.level is Level.HOLD and self.answer is None)


@dataclass(frozen=True)
class UncheckedRow:
    """A name that matched nothing, what it may be, and what that would bring."""

    key: str
    name: str
    kind: str
    suggestion: str
    if_confirmed: tuple[AlertRow, ...]
    answer: AnswerRow | None = None

    @property
    def is_open(self) -> bool:
        return self.answer is None


@dataclass(frozen=True)
class ScreeningRow:
    """One run of the screen, whole."""

    id: UUID
    patient_id: UUID
    order_version_id: UUID
    number: int
    subject: str
    medicines: int
    recognised: int
    alerts: tuple[AlertRow, ...]
    unchecked: tuple[UncheckedRow, ...]
    gaps: tuple[str, ...]
    knowledge: str
    is_for_verification: bool
    made_at: datetime
    made_by: str

    @property
    def headline(self) -> str:
        """ "8 medicines, 7 recognised"."""
        noun = "medicine" if self.medicines == 1 else "medicines"
        return f"{self.medicines} {noun}, {self.recognised} recognised"

    @property
    def is_complete(self) -> bool:
        """Nothing was left unchecked; only then may a screen without alerts look clean (clinical 6.0)."""
        return not self.unchecked and not self.gaps

    @property
    def keys(self) -> frozenset[str]:
        """Everything that was found, by key: two runs with the same keys found the same."""
        return frozenset((*(alert.key for alert in self.alerts), *(name.key for name in self.unchecked), *self.gaps))

    def at(self, level: Level) -> tuple[AlertRow, ...]:
        """The alerts of one level."""
        return tuple(alert for alert in self.alerts if alert.level is level)

    @property
    def to_answer(self) -> tuple["AlertRow | UncheckedRow", ...]:
        """What still keeps the order from being verified and takes an answer: names to review, then holds."""
        names = [name for name in self.unchecked if name.is_open]
        return (*names, *(alert for alert in self.at(Level.HOLD) if alert.is_open))

    def obstacle(self) -> str | None:
        """The first thing that keeps the order from being verified, in one sentence, or None."""
        for alert in self.alerts:
            if alert.is_open:
                what_now = "It is cleared by nobody until the data changes." if alert.level is Level.STOP else "Answer it first."
                return f"{alert.level} by {alert.rules[0]}, {alert.subject}: {alert.text.rstrip('.')}. {what_now}"
        for name in self.unchecked:
            if name.is_open:
                return f"“{name.name}” was not recognised and nobody has reviewed it by hand (R27)."
        return None


@query(Area.INTERACTIONS)
def screening_of(reading: Reading, *, order_version_id: UUID) -> ScreeningRow | None:
    """The newest run for one order version, None where it was never screened."""
    return _newest(reading, Screening.order_version_id == order_version_id)


@query(Area.INTERACTIONS)
def screening_at_verification(reading: Reading, *, order_version_id: UUID) -> ScreeningRow | None:
    """The run on which a verification stands, None while the version is not verified."""
    return _newest(reading, Screening.order_version_id == order_version_id, Screening.is_for_verification.is_(True))


@query(Area.INTERACTIONS)
def last_screening(reading: Reading, *, patient_id: UUID) -> ScreeningRow | None:
    """The newest run over a patient's profile, whichever order it was made for."""
    return _newest(reading, Screening.patient_id == patient_id)


@query(Area.INTERACTIONS)
def screening(reading: Reading, *, screening_id: UUID) -> ScreeningRow:
    """One run."""
    return _row(reading, reading.session.get_one(Screening, screening_id))


def _newest(reading: Reading, *conditions: sa.ColumnElement[bool]) -> ScreeningRow | None:
    found = reading.session.scalars(sa.select(Screening).where(*conditions).order_by(Screening.number.desc()).limit(1)).first()
    return None if found is None else _row(reading, found)


def _row(reading: Reading, found: Screening) -> ScreeningRow:
    given = reading.session.scalars(
        sa.select(ScreeningAnswer)
        .where(ScreeningAnswer.order_version_id == found.order_version_id)
        .order_by(ScreeningAnswer.number)
    ).all()
    promised = promises_by_id(reading, ids={answer.promise_id for answer in given if answer.promise_id})
    answers = {answer.key: _answer(reading, answer, promised) for answer in given}
    return ScreeningRow(
        id=found.id,
        patient_id=found.patient_id,
        order_version_id=found.order_version_id,
        number=found.number,
        subject=found.subject,
        medicines=found.medicines,
        recognised=found.recognised,
        alerts=_alerts(found.alerts, answers),
        unchecked=tuple(
            UncheckedRow(
                one["key"], one["name"], one["kind"], one["suggestion"], _alerts(one["if_confirmed"], {}), answers.get(one["key"])
            )
            for one in found.not_checked
        ),
        gaps=tuple(found.gaps),
        knowledge=found.knowledge,
        is_for_verification=found.is_for_verification,
        made_at=reading.local(found.made_at),
        made_by=found.made_by,
    )


def _alerts(kept: Sequence[Mapping[str, Any]], answers: Mapping[str, AnswerRow]) -> tuple[AlertRow, ...]:
    return tuple(
        AlertRow(
            key=one["key"],
            a=one["a"],
            b=one["b"],
            level=Level(one["level"]),
            rules=tuple(one["rules"]),
            text=one["text"],
            sources=tuple(one["sources"]),
            unsigned_rules=tuple(one["unsigned_rules"]),
            charted=tuple(one.get("charted", ())),
            answer=answers.get(one["key"]),
            used=tuple(Used(**row) for row in one.get("rows", ())),
        )
        for one in kept
    )


def _answer(reading: Reading, answer: ScreeningAnswer, promised: Mapping[UUID, PromiseRow]) -> AnswerRow:
    told = reading.local(answer.prescriber_told_at) if answer.prescriber_told_at else None
    prescriber = f"{answer.prescriber_name}{f', {moment(told)}' if told else ''}{', read back' if answer.read_back else ''}"
    answered = reading.local(answer.answered_at)
    promise = promised.get(answer.promise_id) if answer.promise_id else None
    return AnswerRow(answer.code, answer.text, answer.source, prescriber, answered, answer.answered_by, promise)

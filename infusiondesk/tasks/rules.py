"""What a promise must say, and whether it is open, kept or broken: derived from its day and what arrived, never stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.foundation.kernel.people import Role

LEAST_SAID: Final = 15  # characters of what a call brought; as for every clinical reason, clinical 0.2
OWNERS: Final = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE, Role.NURSE, Role.TECHNICIAN)

# Of which days promises are printed, today included; None is all of them. The default is the quarter (policy of the pharmacy).
STRETCHES: Final[Mapping[str, int | None]] = {"Last 30 days": 30, "Last 90 days": 90, "Last 365 days": 365, "All days": None}
DEFAULT_STRETCH: Final = "Last 90 days"


class Kind(StrEnum):
    """What closes a promise."""

    LAB = "laboratory result"
    READING = "reading of a visit"
    CALL = "call"


class EventKind(StrEnum):
    """What happened to a promise."""

    RESULT = "result arrived"
    READING = "visit note signed"
    CALL = "call noted"
    TAKEN_BACK = "result taken back"
    CORRECTED = "result corrected"
    NOT_NEEDED = "not needed any more"


class Standing(StrEnum):
    """Where a promise stands today."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    NOT_NEEDED = "not needed any more"


# Readings of a visit note that can be awaited, by their name in the note (clinical 7.1).
READINGS: Final[Mapping[str, str]] = {
    "temperature_c": "Temperature",
    "heart_rate": "Heart rate",
    "respiratory_rate": "Respiratory rate",
    "systolic": "Systolic pressure",
    "diastolic": "Diastolic pressure",
    "oxygen_saturation": "Oxygen saturation",
    "weight_kg": "Weight",
    "glucose": "Glucose",
    "pain": "Pain",
    "external_cm": "External catheter length",
    "blood_return": "Blood return",
    "site_grade": "Site grade",
}
CALLS: Final[Mapping[str, str]] = {"patient": "call to the patient", "prescriber": "call to the prescriber"}


@dataclass(frozen=True)
class Awaited:
    """What is awaited: a kind, its name there, and the words a person reads. `code` is how a form keeps the choice."""

    kind: Kind
    name: str
    words: str

    @property
    def code(self) -> str:
        return f"{self.kind.name.lower()}:{self.name}"


def choices(analytes: Mapping[str, str]) -> Sequence[Awaited]:
    """Everything that can be awaited: the laboratory's analytes by name, then readings of a visit, then calls."""
    return (
        *(Awaited(Kind.LAB, key, name) for key, name in analytes.items()),
        *(Awaited(Kind.READING, key, f"{name} at a visit") for key, name in READINGS.items()),
        *(Awaited(Kind.CALL, key, name) for key, name in CALLS.items()),
    )


@dataclass
class PromiseDraft:
    """A promise being made."""

    awaited: str | None = None
    owner: str | None = None
    due_on: date | None = None

    def problems(self) -> list[Problem]:
        wanted = (
            ("awaited", bool(self.awaited), "Choose what is awaited: only that closes the promise."),
            ("owner", self.owner in OWNERS, "Choose who looks after it."),
            ("due_on", self.due_on is not None, "Enter the last day by which it must be here."),
        )
        return [Problem(name, sentence) for name, is_there, sentence in wanted if not is_there]


@dataclass
class CallDraft:
    """A call that was awaited, being noted."""

    name: str = ""
    at: datetime | None = None
    said: str = ""

    def problems(self) -> list[Problem]:
        found = []
        if not self.name.strip():
            found.append(Problem("name", "Enter with whom you spoke."))
        if self.at is None:
            found.append(Problem("at", "Enter when you spoke."))
        if len(self.said.strip()) < LEAST_SAID:
            found.append(Problem("said", f"Say what was said in at least {LEAST_SAID} characters."))
        return found


@dataclass(frozen=True)
class Event:
    """One thing that happened to a promise, by the pharmacy's day on which it was known here."""

    kind: EventKind
    on: date
    words: str


@dataclass(frozen=True)
class Judged:
    """Where a promise stands and why; `is_closed` when nothing is awaited any more, kept or not."""

    standing: Standing
    because: str
    is_closed: bool


def judge(due_on: date, events: Iterable[Event], today: date) -> Judged:
    """Where a promise stands, from its day and what happened, oldest first; what was once broken is never kept afterwards."""
    last: Event | None = None
    for event in events:
        if event.kind is EventKind.CORRECTED and last is not None:  # another value, known on the same day as before
            last = Event(last.kind, last.on, event.words)
        else:
            last = None if event.kind is EventKind.TAKEN_BACK else event
    if last is None:
        if today > due_on:
            return Judged(Standing.BROKEN, f"nothing came by {day(due_on)}", is_closed=False)
        return Judged(Standing.OPEN, f"awaited by {day(due_on)}", is_closed=False)
    if last.on > due_on:
        return Judged(Standing.BROKEN, f"nothing came by {day(due_on)}; on {day(last.on)}: {last.words}", is_closed=True)
    standing = Standing.NOT_NEEDED if last.kind is EventKind.NOT_NEEDED else Standing.KEPT
    return Judged(standing, f"{day(last.on)}: {last.words}", is_closed=True)


def first_day(stretch: str, today: date) -> date | None:
    """The first day of a stretch that ends today; None where it has no first day."""
    days = STRETCHES[stretch]
    return None if days is None else today - timedelta(days=days - 1)


def promise_text(words: str, due_on: date, judged: Judged) -> str:
    """A promise in one line: "promised: potassium by 27 Nov 2026, kept (27 Nov 2026: 4.1 mmol/L)"."""
    lowered = words if words[:2].isupper() else words[:1].lower() + words[1:]
    told = "" if judged.standing is Standing.OPEN else f" ({judged.because})"
    return f"promised: {lowered} by {day(due_on)}, {judged.standing.value}{told}"


def readings_of(written: Mapping[str, object]) -> Sequence[str]:
    """The readings that a visit note holds; one that was not taken is left empty there."""
    return [name for name in READINGS if written.get(name) not in (None, "")]

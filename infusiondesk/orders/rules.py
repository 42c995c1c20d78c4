"""What an order must say, in which state it is, and when a version is in force. Source: clinical 1.2, 9.2."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from infusiondesk.foundation.kernel.ismp import amount, day, frequency, number
from infusiondesk.foundation.kernel.outcomes import Problem

LONGEST_DAYS = 366


class Route(StrEnum):
    INTRAVENOUS = "iv"
    SUBCUTANEOUS = "sc"
    INTRAMUSCULAR = "im"
    EPIDURAL = "epidural"
    INTRATHECAL = "intrathecal"


class Method(StrEnum):
    """How the dose gets in."""

    GRAVITY = "gravity"
    ELASTOMERIC = "elastomeric"
    ELECTRIC_PUMP = "electric pump"
    IV_PUSH = "IV push"
    NURSE_INJECTION = "injection by a nurse"


class ReceivedBy(StrEnum):
    """How the order came."""

    E_RX = "electronic"
    FAX = "fax"
    WRITTEN = "written"
    HOSPITAL = "hospital transfer"
    VERBAL = "verbal"


class EventKind(StrEnum):
    HELD = "held"
    RESUMED = "resumed"
    DISCONTINUED = "discontinued"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


class State(StrEnum):
    """Where an order stands (clinical 9.2)."""

    ENTERED = "to verify"
    VERIFIED = "verified"
    HELD = "held"
    COMPLETED = "completed"
    DISCONTINUED = "discontinued"
    CANCELLED = "cancelled"


ROUTE_WORDS = {
    Route.INTRAVENOUS: "IV",
    Route.SUBCUTANEOUS: "subcutaneous",
    Route.INTRAMUSCULAR: "intramuscular",
    Route.EPIDURAL: "epidural",
    Route.INTRATHECAL: "intrathecal",
}


@dataclass
class OrderDraft:
    """An order being entered. Amounts are per dose; for a continuous infusion per day."""

    drug_id: UUID | None = None
    prescriber_id: UUID | None = None
    dose_amount: Decimal | None = None
    dose_unit: str = "mg"
    route: str = Route.INTRAVENOUS.value
    continuous: bool = False
    interval_hours: Decimal | None = None
    infusion_minutes: Decimal | None = None
    method: str = ""
    diluent: str = ""
    container: str = ""
    volume_ml: Decimal | None = None
    start_on: date | None = None
    stop_on: date | None = None
    indication: str = ""
    had_before: bool = False
    anaphylaxis_kit: bool = False
    lab_protocol: str = ""
    lab_reviewer: str = ""
    flush: str = ""
    nursing: str = ""
    received_by: str = ""
    received_at: datetime | None = None
    caller: str = ""
    read_back: bool = False
    reviewed_by_infectious_diseases: bool = False

    def problems(self) -> list[Problem]:
        return [*self._missing(), *self._amounts(), *self._dates(), *self._verbal()]

    def _missing(self) -> list[Problem]:
        wanted = (
            ("drug_id", self.drug_id is not None, "Choose the drug from the catalog."),
            ("prescriber_id", self.prescriber_id is not None, "Choose who ordered it."),
            ("dose_amount", self.dose_amount is not None, "Enter the dose."),
            ("method", bool(self.method), "Choose how it is given."),
            ("indication", bool(self.indication.strip()), "Say what it is for."),
            ("start_on", self.start_on is not None, "Enter the first day."),
            ("stop_on", self.stop_on is not None, "Enter the last day: an order without a stop date is not taken."),
            ("received_by", bool(self.received_by), "Say how the order came."),
            ("received_at", self.received_at is not None, "Enter when the order came."),
        )
        return [Problem(name, sentence) for name, is_there, sentence in wanted if not is_there]

    def _amounts(self) -> list[Problem]:
        found = []
        for name in ("dose_amount", "interval_hours", "infusion_minutes", "volume_ml"):
            value = getattr(self, name)
            if value is not None and value <= 0:
                found.append(Problem(name, "This must be more than zero."))
        if not self.continuous and self.interval_hours is None:
            found.append(Problem("interval_hours", "Enter the hours between doses, or say that it runs continuously."))
        if self.continuous and self.interval_hours is not None:
            found.append(Problem("interval_hours", "A continuous infusion has no interval; take one of the two out."))
        if self.interval_hours and self.infusion_minutes and self.infusion_minutes > self.interval_hours * 60:
            found.append(
                Problem("infusion_minutes", f"An infusion of {number(self.infusion_minutes)} min does not fit between the doses.")
            )
        if self.method == Method.IV_PUSH and self.continuous:
            found.append(Problem("method", "A push cannot run continuously."))
        return found

    def _dates(self) -> list[Problem]:
        if self.start_on is None or self.stop_on is None:
            return []
        if self.stop_on < self.start_on:
            return [Problem("stop_on", "The last day lies before the first.")]
        if (self.stop_on - self.start_on).days >= LONGEST_DAYS:
            return [Problem("stop_on", "An order runs for a year at most; the prescriber renews it.")]
        return []

    def _verbal(self) -> list[Problem]:
        if self.received_by != ReceivedBy.VERBAL:
            return []
        wanted = (
            ("caller", bool(self.caller.strip()), "Enter who gave the order by telephone."),
            ("read_back", self.read_back, "A verbal order is read back before it is taken."),
        )
        return [Problem(name, sentence) for name, is_there, sentence in wanted if not is_there]


@dataclass
class EventDraft:
    """A hold, a resumption or an end being entered: from which day it counts, or which day is the last."""

    effective_on: date | None = None

    def problems(self) -> list[Problem]:
        return [] if self.effective_on is not None else [Problem("effective_on", "Enter the day.")]


def rate_ml_per_h(volume_ml: Decimal | None, infusion_minutes: Decimal | None) -> Decimal | None:
    """The rate that volume and time give, in mL/h to one decimal; None while either is missing."""
    if not volume_ml or not infusion_minutes:
        return None
    return (volume_ml * 60 / infusion_minutes).quantize(Decimal("0.1"))


def concentration_per_ml(dose_amount: Decimal | None, volume_ml: Decimal | None) -> Decimal | None:
    """The concentration that dose and volume give, in dose units per mL; None while either is missing."""
    if not dose_amount or not volume_ml:
        return None
    return (dose_amount / volume_ml).quantize(Decimal("0.001"))


def sig(drug: str, dose: Decimal, unit: str, route: str, interval_hours: Decimal | None) -> str:
    """The order in one line, as it is safe to read: "cefTRIAXone 2 g IV every 24 hours"."""
    how_often = "per day, continuous" if interval_hours is None else frequency(interval_hours)
    return f"{drug} {amount(dose, unit)} {ROUTE_WORDS[Route(route)]} {how_often}"


@dataclass(frozen=True)
class Event:
    """A hold, a resumption or an end, with the day from which it counts; a withdrawal says of which version, and why."""

    kind: EventKind
    on: date
    at: datetime
    number: int | None = None
    because: str = ""


@dataclass(frozen=True)
class VersionDates:
    """What the state of an order needs of a version."""

    number: int
    start_on: date
    stop_on: date
    is_signed: bool


def state(versions: Sequence[VersionDates], events: Iterable[Event], today: date) -> State:
    """Where an order stands today. A version waiting for verification counts only while none is signed."""
    ended = [event for event in events if event.kind in (EventKind.CANCELLED, EventKind.DISCONTINUED)]
    if ended:
        return State.CANCELLED if ended[-1].kind is EventKind.CANCELLED else State.DISCONTINUED
    signed = [version for version in versions if version.is_signed]
    if not signed:
        return State.ENTERED
    if signed[-1].stop_on < today:
        return State.COMPLETED
    paused = [event for event in events if event.kind in (EventKind.HELD, EventKind.RESUMED)]
    return State.HELD if paused and paused[-1].kind is EventKind.HELD else State.VERIFIED


def standing(versions: Sequence[VersionDates], events: Iterable[Event]) -> int:
    """The number of the version that stands for the order: the newest, or the last signed one where the newest was withdrawn."""
    newest = versions[-1].number
    if newest not in _withdrawn(events):
        return newest
    return max(version.number for version in versions if version.is_signed)


@dataclass(frozen=True)
class SetAside:
    """What became of a version that no longer counts: in a word or two, and whole."""

    state: str
    words: str


def set_aside(number: int, versions: Sequence[VersionDates], events: Iterable[Event]) -> SetAside | None:
    """What became of a version; None for one that waits, and for the last one that was verified (clinical 9.2)."""
    signed = [version.number for version in versions if version.is_signed]
    if number in signed:
        later = [one for one in signed if one > number]
        return SetAside("replaced", f"replaced by version {later[0]}") if later else None
    if because := _withdrawn(events).get(number):
        return SetAside("withdrawn", f"withdrawn: {because}")
    if number == versions[-1].number:
        return None
    return SetAside("never verified", f"never verified, replaced by version {number + 1}")


def _withdrawn(events: Iterable[Event]) -> dict[int | None, str]:
    return {event.number: event.because for event in events if event.kind is EventKind.WITHDRAWN}


@dataclass(frozen=True)
class Course:
    """The days on which one signed version is in force, first and last included."""

    number: int
    first: date
    last: date


def courses(versions: Sequence[VersionDates], events: Iterable[Event]) -> list[Course]:
    """Each signed version from its first day to the day before the next one, cut by a discontinuation (billing 2.2, 2.4)."""
    signed = sorted((version for version in versions if version.is_signed), key=lambda version: version.number)
    ends = [event.on for event in events if event.kind is EventKind.DISCONTINUED]
    found = []
    for index, version in enumerate(signed):
        last = version.stop_on
        if index + 1 < len(signed):
            last = min(last, signed[index + 1].start_on - timedelta(days=1))
        if ends:
            last = min(last, min(ends))
        if last >= version.start_on:
            found.append(Course(version.number, version.start_on, last))
    return found


MAY_FOLLOW: dict[EventKind, frozenset[State]] = {
    EventKind.HELD: frozenset({State.VERIFIED}),
    EventKind.RESUMED: frozenset({State.HELD}),
    # One that is over may have ended earlier than was known: a death is often learnt late.
    EventKind.DISCONTINUED: frozenset({State.VERIFIED, State.HELD, State.COMPLETED, State.DISCONTINUED}),
    EventKind.CANCELLED: frozenset({State.ENTERED}),
    EventKind.WITHDRAWN: frozenset({State.VERIFIED, State.HELD, State.COMPLETED}),
}


def refusal_of(kind: EventKind, current: State) -> str | None:
    """Why an event may not happen in this state, in one sentence, or None."""
    if current in MAY_FOLLOW[kind]:
        return None
    if kind is EventKind.CANCELLED and current in (State.VERIFIED, State.HELD):
        return "A verified order is discontinued, not cancelled."
    if kind is EventKind.WITHDRAWN and current is State.ENTERED:
        return "No version of this order was verified yet: cancel the order instead."
    if kind is EventKind.WITHDRAWN:
        return f"An order that is {current.value} has no change to withdraw."
    return f"An order that is {current.value} cannot be {kind.value}."


def discontinuation_refusal(last_day: date, versions: Sequence[VersionDates], events: Sequence[Event], today: date) -> str | None:
    """Why an order may not end on this last day, in one sentence, or None: the day has come, and no earlier one is known."""
    if sentence := refusal_of(EventKind.DISCONTINUED, state(versions, events, today)):
        return sentence
    ends = [event.on for event in events if event.kind is EventKind.DISCONTINUED]
    end = min([*ends, [version for version in versions if version.is_signed][-1].stop_on])
    if last_day >= end and (ends or end < today):
        return f"It ended on {day(end)}; only an earlier last day changes anything."
    if last_day > today:
        return "The last day may not lie in the future: change the stop date instead."
    return None


def withdrawal_refusal(number: int, versions: Sequence[VersionDates], events: Sequence[Event], today: date) -> str | None:
    """Why a version may not be withdrawn, in one sentence, or None: it waits for verification, and an earlier one is signed."""
    if any(version.number == number and version.is_signed for version in versions):
        return "A verified version is changed or discontinued, not withdrawn."
    if aside := set_aside(number, versions, events):
        return f"Version {number} no longer waits for verification ({aside.words})."
    return refusal_of(EventKind.WITHDRAWN, state(versions, events, today))


@dataclass(frozen=True)
class GateFacts:
    """What the order itself and its prescriber say before a pharmacist may verify; None is "nobody has looked"."""

    drug: str
    therapy_class: str
    is_first_dose_dangerous: bool | None
    had_before: bool
    anaphylaxis_kit: bool
    reviewed_by_infectious_diseases: bool
    lab_protocol: str
    lab_reviewer: str
    dose_unit: str
    has_weight: bool
    is_controlled: bool
    prescriber_has_dea: bool
    prescriber_npi_is_valid: bool
    prescriber_is_in_good_standing: bool | None


@dataclass(frozen=True)
class GateFinding:
    """One rule of the gate that holds: what it does, whom it is about, and why."""

    rule: str
    level: str
    side: str
    because: str


def gate(facts: GateFacts) -> list[GateFinding]:
    """The rules of clinical 1.3 that the order alone decides, the strictest first."""
    is_first = not facts.had_before and not facts.anaphylaxis_kit
    wanted = (
        ("R10", "STOP", "first dose", facts.is_first_dose_dangerous is True and is_first,
         "never given before, of high risk, and no anaphylaxis order or kit: give the first dose in a monitored setting"),
        ("R20", "STOP", "prescriber", facts.prescriber_is_in_good_standing is False or not facts.prescriber_npi_is_valid,
         "the prescriber is not licensed, excluded, or without a valid NPI"),
        ("R23", "STOP", "laboratory", not facts.lab_protocol.strip() or not facts.lab_reviewer.strip(),
         "no laboratory orders, or nobody responsible to review them"),
        ("R25", "STOP", "prescriber", facts.is_controlled and not facts.prescriber_has_dea,
         "a controlled drug, and no DEA number of the prescriber is on file"),
        ("R39", "STOP", "weight", "/kg" in facts.dose_unit and not facts.has_weight,
         "the dose goes by weight, and no weight is on file"),
        ("R22", "HOLD", "review", facts.therapy_class == "anti_infective" and not facts.reviewed_by_infectious_diseases,
         "an anti-infective without review by an infectious-diseases specialist or the prescriber"),
    )  # fmt: skip
    return [GateFinding(rule, level, side, because) for rule, level, side, holds, because in wanted if holds]


def not_judged(facts: GateFacts) -> list[str]:
    """What the gate could not decide, each in a sentence."""
    found = []
    if facts.is_first_dose_dangerous is None and not facts.had_before:
        found.append(f"Nobody has judged how dangerous a first dose of {facts.drug} at home is.")
    if facts.prescriber_is_in_good_standing is None:
        found.append("The prescriber's licence and the OIG exclusion list were not checked.")
    if facts.is_controlled:
        found.append("The prescription monitoring program (PDMP) is not asked by this program.")
    return found


def held_days(events: Iterable[Event], until: date) -> frozenset[date]:
    """The days on which an order was on hold: from each hold up to, not including, the day it was resumed, at most to `until`."""
    found: set[date] = set()
    since: date | None = None
    for event in events:
        if event.kind is EventKind.HELD:
            since = event.on
        elif event.kind is EventKind.RESUMED and since is not None:
            found |= {since + timedelta(days=offset) for offset in range((event.on - since).days)}
            since = None
    if since is not None:
        found |= {since + timedelta(days=offset) for offset in range((until - since).days + 1)}
    return frozenset(found)

"""What a storage temperature means: the range of a location, what is outside it, the mean kinetic temperature (sterile 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from math import exp, fsum, log
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from infusiondesk.foundation.kernel.ismp import counted, number
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.inventory.rules.words import LocationKind

# Activation energy over the gas constant, in kelvin: 83.144 kJ/mol over 8.3144 J/mol/K (sterile 7).
_ACTIVATION: Final = 83144 / 8.3144
_ZERO_C: Final = 273.15
_THOUSANDTH, _HUNDREDTH = Decimal("0.001"), Decimal("0.01")
# A sensor beyond these reads nothing that a refrigerator, a freezer or a room can have: a mistyped number.
_LEAST_C, _MOST_C = Decimal(-90), Decimal(60)


class Scale(StrEnum):
    """How a thermometer is marked."""

    CELSIUS = "C"
    FAHRENHEIT = "F"


class Standing(StrEnum):
    """What a reading says of its location."""

    INSIDE = "in range"
    ALLOWED = "allowed excursion"
    OUTSIDE = "excursion"


class Disposition(StrEnum):
    """What becomes of a lot that was inside during an excursion."""

    USE = "use"
    SHORTEN = "use until an earlier day"
    DESTROY = "destroy"


@dataclass(frozen=True)
class StorageRange:
    """The temperatures of a kind of location, in degrees Celsius, both ends counted, with where they come from."""

    kind: LocationKind
    low: Decimal
    high: Decimal
    excursion_low: Decimal
    excursion_high: Decimal
    mean_kinetic_limit: Decimal | None
    source: str
    status: str
    signed_by: str = ""

    @property
    def whose(self) -> str:
        """Where it comes from and whether somebody signed it."""
        return f"{self.source}; signed by {self.signed_by}" if self.signed_by else f"{self.source}, {self.status}, not signed yet"

    def standing(self, low: Decimal, high: Decimal) -> Standing:
        """What the lowest and the highest temperature of a reading say."""
        if low < self.excursion_low or high > self.excursion_high:
            return Standing.OUTSIDE
        return Standing.INSIDE if self.low <= low and high <= self.high else Standing.ALLOWED

    def words(self) -> str:
        """``2 to 8 °C``."""
        return f"{_signed(self.low)} to {_signed(self.high)} °C"

    def limits(self) -> str:
        """How far it may go before what lies there is quarantined: ``15 to 30 °C``."""
        return f"{_signed(self.excursion_low)} to {_signed(self.excursion_high)} °C"


class Stay(NamedTuple):
    """A time at one temperature."""

    celsius: Decimal
    hours: Decimal | float


@dataclass(frozen=True)
class Observed:
    """One reading in degrees Celsius: now, and the lowest and highest since the one before.

    Of a logger: up to an hour, begun at `begun_at`, with its own mean kinetic temperature.
    """

    read_at: datetime
    celsius: Decimal
    low: Decimal
    high: Decimal
    begun_at: datetime | None = None
    mean: Decimal | None = None
    logger: str = ""


@dataclass(frozen=True)
class TemperaturePolicy:
    """How often temperatures are read and monitors verified."""

    reading_hours: int
    gap_minutes: int
    verification_months: int
    notice_days: int
    source: str
    status: str = ""
    signed_by: str = ""

    @property
    def gap(self) -> timedelta:
        """The longest time between two readings by hand that still counts as watched."""
        return timedelta(hours=self.reading_hours)

    @property
    def logger_gap(self) -> timedelta:
        """The same between two lines of a logger."""
        return timedelta(minutes=self.gap_minutes)

    @property
    def whose(self) -> str:
        """Where it comes from and whether somebody signed it."""
        return f"{self.source}; signed by {self.signed_by}" if self.signed_by else f"{self.source}, {self.status}, not signed yet"

    def is_watched(self, before: Observed, after: Observed) -> bool:
        """Whether nothing is unknown between two readings."""
        gap = self.logger_gap if before.begun_at and after.begun_at else self.gap
        return (after.begun_at or after.read_at) - before.read_at <= gap


@dataclass(frozen=True)
class TemperatureRules:
    """The ranges of every kind of location, and the policy."""

    ranges: tuple[StorageRange, ...]
    policy: TemperaturePolicy

    def of(self, kind: LocationKind) -> StorageRange:
        """The range of a kind of location."""
        return next(one for one in self.ranges if one.kind is kind)


@dataclass(frozen=True)
class Kinetic:
    """The mean kinetic temperature of a time, or why there is none, and what of it was not monitored."""

    celsius: Decimal | None
    not_monitored: str


@dataclass
class ReadingDraft:
    """What a person reads at a thermometer; the lowest and highest since the last time where it keeps them."""

    scale: str = Scale.CELSIUS.value
    value: Decimal | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None
    monitor_id: UUID | None = None

    def problems(self) -> list[Problem]:
        found = []
        if self.scale not in set(Scale):
            return [Problem("scale", "Choose how the thermometer is marked.")]
        if self.value is None:
            found.append(Problem("value", "Enter what the thermometer shows."))
        for field in ("value", "lowest", "highest"):
            typed: Decimal | None = getattr(self, field)
            if typed is not None and not _LEAST_C <= in_celsius(typed, Scale(self.scale)) <= _MOST_C:
                found.append(Problem(field, f"No storage is at {_signed(typed)} °{self.scale}. Look at the sign and the scale."))
        if self.value is not None and self.lowest is not None and self.lowest > self.value:
            found.append(Problem("lowest", "The lowest is above what it shows now."))
        if self.value is not None and self.highest is not None and self.highest < self.value:
            found.append(Problem("highest", "The highest is below what it shows now."))
        return found


@dataclass
class DispositionDraft:
    """What a pharmacist decides about one lot after an excursion, and on whose word."""

    disposition: str = ""
    source: str = ""
    expires_on: date | None = None

    def problems(self, expiry: date | None = None, today: date | None = None) -> list[Problem]:
        """What is missing or wrong; against the lot's expiry and today where they are known."""
        found = []
        if self.disposition not in set(Disposition):
            return [Problem("disposition", "Choose one of the list.")]
        if len(self.source.strip()) < 10:
            told = (
                "Enter why it is destroyed."
                if self.disposition == Disposition.DESTROY
                else "Enter the maker's statement: who, when, what."
            )
            found.append(Problem("source", told))
        if self.disposition == Disposition.SHORTEN:
            if self.expires_on is None:
                found.append(Problem("expires_on", "Enter the last day on which it may be used."))
            elif expiry is not None and self.expires_on >= expiry:
                found.append(Problem("expires_on", "This is not earlier than the expiry it has."))
            elif today is not None and self.expires_on < today:
                found.append(Problem("expires_on", "This day is over. Destroy it."))
        return found


def in_celsius(value: Decimal, scale: Scale) -> Decimal:
    """In degrees Celsius, to a thousandth; a tenth of a Fahrenheit degree is far more than that."""
    celsius = value if scale is Scale.CELSIUS else (value - 32) * 5 / 9
    return celsius.quantize(_THOUSANDTH, ROUND_HALF_UP)


def mean_kinetic_temperature(stays: Sequence[Stay]) -> Decimal | None:
    """The one temperature that would have aged a drug as these did, to a hundredth; None without any time.

    Floating point, because a logger's 100,000 exponentials must not take seconds, and a hundredth of a degree is asked.
    """
    strains = [(_ACTIVATION / (float(stay.celsius) + _ZERO_C), float(stay.hours)) for stay in stays if stay.hours > 0]
    if not strains:
        return None
    # The warmest is taken out of the sum, so that no exponential vanishes.
    least = min(strain for strain, _ in strains)
    mean = fsum(hours * exp(least - strain) for strain, hours in strains) / fsum(hours for _, hours in strains)
    return Decimal(_ACTIVATION / (least - log(mean)) - _ZERO_C).quantize(_HUNDREDTH, ROUND_HALF_UP)


def kinetic(observed: Sequence[Observed], since: datetime, now: datetime, policy: TemperaturePolicy) -> Kinetic:
    """The mean kinetic temperature since then. Between two readings counts the highest that either knows of, never a lower one.

    A stretch longer than the policy allows between two readings is not judged, and said; so is what lies before the first and
    after the last. Where two loggers watch, the warmer one counts.
    """
    loggers = {one.logger for one in observed if one.begun_at} or {""}
    found = [_kinetic([one for one in observed if not one.begun_at or one.logger == name], since, now, policy) for name in loggers]
    return max(found, key=lambda one: _LEAST_C - 1 if one.celsius is None else one.celsius)


def _kinetic(observed: Sequence[Observed], since: datetime, now: datetime, policy: TemperaturePolicy) -> Kinetic:
    stays, unknown, at = [], timedelta(0), since
    before: Observed | None = None
    for after in sorted(observed, key=lambda one: one.read_at):
        begun = after.begun_at or after.read_at
        if begun > at:
            open_for, at = begun - at, begun
            if before is None or not policy.is_watched(before, after):
                unknown += open_for
            else:
                stays.append(Stay(max(before.celsius, after.high), _hours(open_for)))
        if after.read_at > at:
            stays.append(Stay(after.high if after.mean is None else after.mean, _hours(after.read_at - at)))
            at = after.read_at
        before = after
    left = max(now - at, timedelta(0))
    unknown += left if before is None or left > policy.gap else timedelta(0)
    missing = int(_hours(unknown))
    return Kinetic(mean_kinetic_temperature(stays), f"{counted(missing, 'hour')} not monitored" if missing else "")


class Spell(Protocol):
    """A time with a mean kinetic temperature of its own."""

    @property
    def begun_at(self) -> datetime: ...
    @property
    def ended_at(self) -> datetime: ...
    @property
    def mean(self) -> Decimal | None: ...


def kinetic_of(spells: Sequence[Spell]) -> Decimal | None:
    """The mean kinetic temperature of several times together."""
    return mean_kinetic_temperature([Stay(one.mean, _hours(one.ended_at - one.begun_at)) for one in spells if one.mean is not None])


def excursion_words(allowed: StorageRange, low: Decimal, high: Decimal) -> str:
    """What was outside, in one sentence; empty where nothing was."""
    if allowed.standing(low, high) is Standing.OUTSIDE:
        outside = [value for value in (low, high) if not allowed.excursion_low <= value <= allowed.excursion_high]
        told = " and ".join(f"{_signed(value)} °C" for value in dict.fromkeys(outside))
        return f"{told}: allowed is {allowed.limits()}."
    return ""


def degrees(value: Decimal) -> str:
    """``−20 °C``."""
    return f"{_signed(value)} °C"


def _hours(length: timedelta) -> Decimal:
    return Decimal(length // timedelta(seconds=1)) / 3600


def _signed(value: Decimal) -> str:
    return f"−{number(-value)}" if value < 0 else number(value)

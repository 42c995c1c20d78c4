"""What a storage temperature means: the range of a location, what is outside it, the mean kinetic temperature (sterile 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from math import exp, fsum, log
from typing import Final

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


@dataclass(frozen=True)
class Stay:
    """A time at one temperature."""

    celsius: Decimal
    hours: Decimal


@dataclass(frozen=True)
class Observed:
    """One reading in degrees Celsius: now, and the lowest and highest since the one before."""

    read_at: datetime
    celsius: Decimal
    low: Decimal
    high: Decimal


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


def kinetic(observed: Sequence[Observed], since: datetime, now: datetime, gap: timedelta) -> Kinetic:
    """The mean kinetic temperature since then. Between two readings counts the highest that either knows of, never a lower one.

    A stretch longer than `gap` between two readings is not judged, and said; so is what lies before the first and after the last.
    """
    stays, unknown = [], timedelta(0)
    told = sorted(observed, key=lambda one: one.read_at)
    at = since
    for before, after in zip([None, *told], told, strict=False):
        if after.read_at <= since:
            continue
        begun = at
        length, at = after.read_at - begun, after.read_at
        if before is None or after.read_at - before.read_at > gap:
            unknown += length
        else:
            stays.append(Stay(max(before.celsius, after.high), _hours(length)))
    unknown += max(now - at, timedelta(0)) if not told or now - at > gap else timedelta(0)
    missing = int(_hours(unknown))
    return Kinetic(mean_kinetic_temperature(stays), f"{counted(missing, 'hour')} not monitored" if missing else "")


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


@dataclass(frozen=True)
class TemperaturePolicy:
    """How often a location is read: storage areas at least once a day (USP <797>, memory), with an hour to spare."""

    gap: timedelta = timedelta(hours=25)

"""What follows from the figures of an order: volume, concentration, rate and time from each other, and the order in one line."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from infusiondesk.foundation.kernel.ismp import amount, frequency, number
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.orders.rules.words import ROUTE_WORDS, Route

DAY_MINUTES: Final = Decimal(1440)
MOST_MISSED: Final = Decimal("0.01")  # concentration x rate must give the ordered dose back (clinical 4.10)
_VOLUME: Final = "mL"
# The figures, how each is called in a sentence, and from which pairs of others it follows.
VOLUME, MINUTES, RATE, CONCENTRATION = "volume_ml", "infusion_minutes", "rate_ml_per_h", "concentration_per_ml"
_NAMES: Final = {VOLUME: "volume", MINUTES: "time", RATE: "rate", CONCENTRATION: "concentration"}
_STEPS: Final = {
    VOLUME: Decimal("0.001"),
    MINUTES: Decimal("0.01"),
    RATE: Decimal("0.1"),
    CONCENTRATION: Decimal("0.001"),
}
_SMALL: Final = Decimal("0.1")
_SLOW: Final = Decimal(10)  # mL/h: below it a tenth loses one percent and more, so that three places are kept


@dataclass(frozen=True)
class Figure:
    """One figure of an order, and from what it follows; an empty `because` is what somebody typed."""

    value: Decimal
    because: str = ""

    @property
    def is_typed(self) -> bool:
        return not self.because


@dataclass(frozen=True)
class Figures:
    """Volume, time, rate and concentration as far as they are known, each typed or derived."""

    known: dict[str, Figure]
    dose_amount: Decimal | None
    dose_unit: str
    is_unbroken: bool
    is_cycled: bool = False

    def of(self, name: str) -> Decimal | None:
        """The value of a figure as it is kept: what was derived is rounded, what was typed is not."""
        figure = self.known.get(name)
        if figure is None:
            return None
        return figure.value if figure.is_typed else _rounded(name, figure.value)

    @property
    def typed(self) -> list[str]:
        """The names of what somebody typed."""
        return [name for name, figure in self.known.items() if figure.is_typed]

    def problem(self) -> Problem | None:
        """Where what was typed contradicts the dose by one percent or more (clinical 4.10), both numbers in one sentence."""
        volume, minutes = self.known.get(VOLUME), self.known.get(MINUTES)
        rate, concentration = self.known.get(RATE), self.known.get(CONCENTRATION)
        span = DAY_MINUTES if self.is_unbroken else minutes.value if minutes else None
        if self.is_cycled and rate:
            return Problem(RATE, "A cycle has no one rate: plateau, first and last hour follow from volume and time. Take it out.")
        if self.dose_amount is None:
            return None
        if volume and self.dose_unit == _VOLUME and self._misses(volume.value):
            ordered = f"{number(self.dose_amount)} mL"
            return Problem(VOLUME, f"A dose of {ordered} does not fill {number(volume.value)} mL: correct one of them.")
        if volume and concentration and (volume.is_typed and concentration.is_typed):
            given = volume.value * concentration.value
            if self._misses(given):
                told = f"{number(volume.value)} mL at {number(concentration.value)} {self.dose_unit}/mL"
                return Problem(CONCENTRATION, self._sentence(told, given))
        if rate and rate.is_typed and span:
            if concentration is None:
                return self._volume_problem(rate.value, span, volume)
            given = rate.value * span / 60 * concentration.value
            if self._misses(given):
                strength = f"{number(_rounded(CONCENTRATION, concentration.value))} {self.dose_unit}/mL"
                told = f"{number(rate.value)} mL/h at {strength} {self._over(span)}"
                return Problem(RATE, self._sentence(told, given))
        return None

    def _volume_problem(self, rate: Decimal, span: Decimal, volume: Figure | None) -> Problem | None:
        """A fluid has no concentration: its rate and time must give its volume."""
        given = rate * span / 60
        if volume is None or abs(given / volume.value - 1) < MOST_MISSED:
            return None
        told = f"{number(rate)} mL/h {self._over(span)} give {_short(given)} mL"
        return Problem(RATE, f"{told}, not the {number(volume.value)} mL ordered: correct one of them.")

    def _over(self, span: Decimal) -> str:
        return "over a day" if self.is_unbroken else f"over {number(span)} min"

    def _misses(self, given: Decimal) -> bool:
        return self.dose_amount is not None and abs(given / self.dose_amount - 1) >= MOST_MISSED

    def _sentence(self, told: str, given: Decimal) -> str:
        ordered = amount(self.dose_amount or Decimal(0), self.dose_unit)
        return f"{told} give {_short(given)} {self.dose_unit}, not the {ordered} ordered: correct one of them."


def figures(
    dose_amount: Decimal | None,
    dose_unit: str,
    *,
    volume_ml: Decimal | None = None,
    infusion_minutes: Decimal | None = None,
    rate_ml_per_h: Decimal | None = None,
    concentration_per_ml: Decimal | None = None,
    is_unbroken: bool = False,
    is_cycled: bool = False,
) -> Figures:
    """Work out what follows from what was typed. A dose in mL is its own volume; what runs without a break takes a day.

    A cycle has no one rate, so none is derived: its average would be read as what the pump is set to.
    """
    typed = {VOLUME: volume_ml, MINUTES: infusion_minutes, RATE: rate_ml_per_h, CONCENTRATION: concentration_per_ml}
    known = {name: Figure(value) for name, value in typed.items() if value}
    is_fluid = dose_unit == _VOLUME
    if is_fluid:
        known.pop(CONCENTRATION, None)
    day = DAY_MINUTES if is_unbroken else None
    while found := _follows(known, dose_amount, is_fluid, day, is_cycled=is_cycled):  # what follows can make the next one follow
        known[found[0]] = found[1]
    return Figures({name: known[name] for name in typed if name in known}, dose_amount, dose_unit, is_unbroken, is_cycled)


def _follows(
    known: dict[str, Figure], dose: Decimal | None, is_fluid: bool, day: Decimal | None, *, is_cycled: bool
) -> tuple[str, Figure] | None:
    """The next figure that follows from the others, or None."""
    volume, rate, strength = (known[name].value if name in known else None for name in (VOLUME, RATE, CONCENTRATION))
    span = day or (known[MINUTES].value if MINUTES in known else None)
    time = "a day" if day else "time"
    if volume is None and dose and is_fluid:
        return VOLUME, Figure(dose, "the dose")
    if volume is None and dose and strength:
        return VOLUME, Figure(dose / strength, "dose and concentration")
    if volume is None and rate and span:
        return VOLUME, Figure(rate * span / 60, f"rate and {time}")
    if strength is None and dose and volume and not is_fluid:
        return CONCENTRATION, Figure(dose / volume, "dose and volume")
    if rate is None and volume and span and not is_cycled:
        return RATE, Figure(volume * 60 / span, f"volume and {time}")
    if span is None and volume and rate:
        return MINUTES, Figure(volume * 60 / rate, "volume and rate")
    return None


def derived_sentences(found: Figures) -> list[str]:
    """What was worked out, a sentence each, from what it follows; what was typed is not repeated."""
    units = {VOLUME: "mL", MINUTES: "min", RATE: "mL/h", CONCENTRATION: f"{found.dose_unit}/mL"}
    told = []
    for name, figure in found.known.items():
        if not figure.is_typed and figure.because != "the dose":
            value = number(_rounded(name, figure.value))
            told.append(f"{_NAMES[name].capitalize()} {value} {units[name]}, derived from {figure.because}.")
    return told


def rate_ml_per_h(volume_ml: Decimal | None, infusion_minutes: Decimal | None) -> Decimal | None:
    """The rate that volume and time give, in mL/h to one decimal, below 10 mL/h to three; None while either is missing."""
    return figures(None, "", volume_ml=volume_ml, infusion_minutes=infusion_minutes).of(RATE)


def concentration_per_ml(dose_amount: Decimal | None, volume_ml: Decimal | None) -> Decimal | None:
    """The concentration that dose and volume give, in dose units per mL; None while either is missing."""
    return figures(dose_amount, "", volume_ml=volume_ml).of(CONCENTRATION)


def sig(drug: str, dose: Decimal, unit: str, route: str, interval_hours: Decimal | None, often: str = "") -> str:
    """The order in one line, as it is safe to read: "cefTRIAXone 2 g IV every 24 hours"; `often` says what no interval can."""
    how_often = often or ("per day, continuous" if interval_hours is None else frequency(interval_hours))
    return f"{drug} {amount(dose, unit)} {ROUTE_WORDS[Route(route)]} {how_often}"


def _rounded(name: str, value: Decimal) -> Decimal:
    """To the last digit that is kept; a thin concentration keeps three more, or a microgram would be lost, a slow rate two."""
    step = _STEPS[name]
    if name == CONCENTRATION and value < _SMALL:
        step /= 1000
    if name == RATE and value < _SLOW:
        step /= 100
    return value.quantize(step, ROUND_HALF_UP)


def _short(value: Decimal) -> str:
    return number(value.quantize(Decimal("0.01"), ROUND_HALF_UP))

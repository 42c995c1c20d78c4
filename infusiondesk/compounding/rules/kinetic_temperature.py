"""One temperature for a storage log that went up and down: the mean kinetic temperature of USP <659> (sterile 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

# Activation energy over the gas constant, in kelvin: 83.144 kJ/mol over 8.3144 J/mol/K (sterile 7).
_ACTIVATION = Decimal(83144) / Decimal("8.3144")
ABSOLUTE_ZERO_C = Decimal("-273.15")


@dataclass(frozen=True)
class Reading:
    """So many hours at one temperature."""

    celsius: Decimal
    hours: Decimal


@dataclass(frozen=True)
class KineticTemperature:
    """The mean kinetic temperature, rounded half up to two decimals."""

    celsius: Decimal
    because: tuple[str, ...]
    sources: tuple[str, ...] = ("sterile 7",)


def mean_kinetic_temperature(readings: Sequence[Reading]) -> KineticTemperature:
    """The constant temperature that would have aged a drug as much as these readings did; hours are the weights, not all 0."""
    total = sum((reading.hours for reading in readings), Decimal(0))
    strains = [(_ACTIVATION / (reading.celsius - ABSOLUTE_ZERO_C), reading.hours) for reading in readings if reading.hours]
    # The warmest reading is taken out of the sum, so that no exponential of a very cold one vanishes.
    least = min(strain for strain, _ in strains)
    mean = sum((hours * (least - strain).exp() for strain, hours in strains), Decimal(0)) / total
    celsius = (_ACTIVATION / (least - mean.ln()) + ABSOLUTE_ZERO_C).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    told = ", ".join(f"{reading.celsius} C for {reading.hours} h" for reading in readings)
    return KineticTemperature(celsius, (f"{told}: mean kinetic temperature {celsius} C (83.144 kJ/mol).",))

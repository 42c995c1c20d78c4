"""One temperature for a storage log that went up and down: the mean kinetic temperature of USP <659> (sterile 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from infusiondesk.inventory.rules.temperatures import Stay, mean_kinetic_temperature


@dataclass(frozen=True)
class KineticTemperature:
    """The mean kinetic temperature, rounded half up to two decimals."""

    celsius: Decimal
    because: tuple[str, ...]
    sources: tuple[str, ...] = ("sterile 7",)


def kinetic_reading(stays: Sequence[Stay]) -> KineticTemperature:
    """The constant temperature that would have aged a drug as much as these did, with its working; not all hours may be 0."""
    celsius = mean_kinetic_temperature(stays)
    assert celsius is not None  # there is none only where no time passed
    told = ", ".join(f"{stay.celsius} C for {stay.hours} h" for stay in stays)
    return KineticTemperature(celsius, (f"{told}: mean kinetic temperature {celsius} C (83.144 kJ/mol).",))

"""What every calculator gives back, how it refuses, and the figures all of them share (clinical 4, general)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import wraps
from typing import ParamSpec, TypeVar

from infusiondesk.foundation.kernel.outcomes import Refused

P = ParamSpec("P")
T = TypeVar("T")
Value = Decimal | int | str | bool | date | None
CM_PER_INCH = Decimal("2.54")


class NotCalculated(Refused):
    """Nothing was worked out: a figure is missing, outside its hard range, or contradicts another."""

    def __init__(self, code: str, field: str | None, sentence: str, sources: tuple[str, ...] = ()) -> None:
        super().__init__(sentence, field=field)
        self.code = code
        self.sources = sources


@dataclass(frozen=True)
class Caution:
    """The value stands, but a person should look at it."""

    code: str
    text: str


@dataclass(frozen=True)
class Calculation:
    """Unrounded values by name, what to beware of, and the reason in sentences a person can check."""

    values: Mapping[str, Value]
    because: tuple[str, ...]
    cautions: tuple[Caution, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class HardRange:
    """Both limits are accepted; `why_below` says more than "out of range" where there is more to say."""

    low: Decimal
    high: Decimal
    why_below: str = ""


def hard_range(low: str, high: str, why_below: str = "") -> HardRange:
    """A hard range from two exact figures."""
    return HardRange(Decimal(low), Decimal(high), why_below)


# Hard ranges of clinical 4 (policy). The adult ones hold for ideal weight, Cockcroft-Gault, CKD-EPI, vancomycin, aminoglycosides
# and nutrition; the wider ones for the simple formulas.
ADULT_AGE_YEARS = hard_range("18", "120", "the paediatric formula is not implemented")
ADULT_HEIGHT_CM = hard_range("100", "250")
ADULT_WEIGHT_KG = hard_range("20", "350")
ANY_HEIGHT_CM = hard_range("30", "250")
ANY_WEIGHT_KG = hard_range("0.5", "350")
CREATININE_MG_DL = hard_range("0.2", "20")
ALBUMIN_G_DL = hard_range("0.5", "6.5")
# No source limits the other figures; these two only keep nonsense (a negative dose, a division by nothing) out of a formula.
ABOVE_ZERO = hard_range("0.000001", "1000000000", "it must be above 0")
FROM_ZERO = hard_range("0", "1000000000", "it must not be below 0")
PERCENT = hard_range("0", "100")


class Sex(StrEnum):
    """Sex as the formulas know it."""

    M = "M"
    F = "F"


@dataclass(frozen=True)
class Height:
    """A height, and the name of the field in which it was told."""

    cm: Decimal
    field: str = "height_cm"

    @classmethod
    def of_inches(cls, inches: Decimal) -> "Height":
        """A height told in inches."""
        return cls(inches * CM_PER_INCH, "height_in")

    @property
    def inches(self) -> Decimal:
        """The same height in inches, as the formulas of Devine want it."""
        return self.cm / CM_PER_INCH


def known(field: str, value: T | None) -> T:
    """The figure, or a refusal that names it where it is missing."""
    if value is None:
        raise NotCalculated("missing", field, f"{field} is missing.")
    return value


def within(field: str, value: Decimal | None, allowed: HardRange) -> Decimal:
    """The figure where it is known and inside its hard range; else it is refused by name and nothing is computed from it."""
    told = known(field, value)
    if told < allowed.low and allowed.why_below:
        raise NotCalculated("out_of_range", field, f"{field} is {plain(told)}: {allowed.why_below}.")
    if not allowed.low <= told <= allowed.high:
        limits = f"{plain(allowed.low)} to {plain(allowed.high)}"
        raise NotCalculated("out_of_range", field, f"{field} is {plain(told)}, outside {limits}.")
    return told


def optional(field: str, value: Decimal | None, allowed: HardRange) -> Decimal | None:
    """A figure that may be missing, but if told must be inside its hard range."""
    return None if value is None else within(field, value, allowed)


def tall(height: Height | None, allowed: HardRange) -> Height:
    """The height where it is known and inside its hard range; refused under the name it was told by."""
    told = known("height_cm", height)
    if not allowed.low <= told.cm <= allowed.high:
        limits = f"{plain(allowed.low)} to {plain(allowed.high)} cm"
        raise NotCalculated("out_of_range", told.field, f"The height of {shown(told.cm)} cm is outside {limits}.")
    return told


def from_section(*sections: str) -> Callable[[Callable[P, Calculation]], Callable[P, Calculation]]:
    """Write the section of the rule book on whatever a calculator gives, its refusals included."""

    def mark(work_out: Callable[P, Calculation]) -> Callable[P, Calculation]:
        @wraps(work_out)
        def marked(*args: P.args, **kwargs: P.kwargs) -> Calculation:
            try:
                return replace(work_out(*args, **kwargs), sources=sections)
            except NotCalculated as refused:
                refused.sources = sections
                raise

        return marked

    return mark


def half_up(value: Decimal, step: Decimal = Decimal(1)) -> Decimal:
    """Rounded to the step, a half upward: how every figure of clinical 4 is rounded."""
    return (value / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def plain(value: Decimal) -> str:
    """All digits of a figure somebody told, without an exponent."""
    return f"{value.normalize():f}"


def shown(value: Decimal, places: int = 2) -> str:
    """A worked-out figure in a sentence: rounded half up for reading, never for further computing."""
    return plain(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))

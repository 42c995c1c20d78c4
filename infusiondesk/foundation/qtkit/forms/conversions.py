"""Other units a person may type, and how both are shown: pounds beside kilograms, inches, Fahrenheit, miles not at all.

The factors are exact by definition (international yard and pound agreement of 1959; NIST SP 811, appendix B).
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_KG_PER_LB = Decimal("0.45359237")
_CM_PER_INCH = Decimal("2.54")


@dataclass(frozen=True)
class Conversion:
    """From another unit into the field's own and back; `places` is how exact each is shown."""

    unit: str
    other: str
    into: Callable[[Decimal], Decimal]
    back: Callable[[Decimal], Decimal]
    places: int
    other_places: int

    def value(self, typed: Decimal) -> Decimal:
        """The typed number of the other unit, in the field's own unit."""
        return _rounded(self.into(typed), self.places)

    def shown(self, value: Decimal) -> Decimal:
        """The field's value in the other unit."""
        return _rounded(self.back(value), self.other_places)


def _rounded(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


POUNDS = Conversion("kg", "lb", lambda lb: lb * _KG_PER_LB, lambda kg: kg / _KG_PER_LB, 1, 0)
INCHES = Conversion("cm", "in", lambda inch: inch * _CM_PER_INCH, lambda cm: cm / _CM_PER_INCH, 1, 1)
FAHRENHEIT = Conversion("°C", "°F", lambda f: (f - 32) * 5 / 9, lambda c: c * 9 / 5 + 32, 1, 1)

CONVERSIONS: dict[str, Conversion] = {one.other: one for one in (POUNDS, INCHES, FAHRENHEIT)}

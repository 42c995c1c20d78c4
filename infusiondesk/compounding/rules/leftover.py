"""What is left in opened containers when the doses are drawn: for a controlled drug somebody sees it wasted."""

from decimal import Decimal
from typing import Final

_MG: Final = {"mcg": Decimal("0.001"), "mg": Decimal(1), "g": Decimal(1000)}


def left_over(containers: Decimal, content: Decimal, content_unit: str, bags: int, dose: Decimal, dose_unit: str) -> Decimal | None:
    """So much of what was opened went into no bag, in the unit of the container; None where the units cannot be compared."""
    opened, unit, given = containers * content, content_unit.lower(), dose_unit.lower()
    if unit == given:
        return max(opened - bags * dose, Decimal(0))
    if unit not in _MG or given not in _MG:
        return None
    return max(opened - bags * dose * _MG[given] / _MG[unit], Decimal(0))

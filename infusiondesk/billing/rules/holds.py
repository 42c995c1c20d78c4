"""Why a line waits: the named reasons, in the order in which a biller has to settle them."""

from dataclasses import dataclass
from enum import StrEnum


class Held(StrEnum):
    """Why a line is not sent. Of several, the first in this order is printed: first the code, then leave, then price."""

    X5 = "X5"
    X6 = "X6"
    X7 = "X7"
    PAYER_RULE_REQUIRED = "payer_rule_required"
    NO_AUTHORIZATION = "no_authorization"
    AUTHORIZATION_UNITS_EXHAUSTED = "authorization_units_exhausted"
    RATE_MISSING = "rate_missing"


_PRINT_ORDER = tuple(Held)


@dataclass(frozen=True, slots=True)
class Hold:
    """One reason with its sentence. A conflict between two codes of a day (billing 1.6) does not hold the drug."""

    reason: Held
    because: str
    source: str
    holds_drug: bool = True


def first_reason(holds: tuple[Hold, ...]) -> Held | None:
    """The reason that is printed on the line."""
    return min((hold.reason for hold in holds), key=_PRINT_ORDER.index, default=None)


def drug_reason(holds: tuple[Hold, ...]) -> Held | None:
    """The reason that holds the drug line too; none where only codes are in conflict (billing 2.7)."""
    return first_reason(tuple(hold for hold in holds if hold.holds_drug))

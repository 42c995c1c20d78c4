"""What is to be ordered: available units against the reorder point, after what is scheduled; each number says how it came about."""

from dataclasses import dataclass
from decimal import Decimal

from infusiondesk.foundation.kernel.ismp import counted, number


@dataclass(frozen=True)
class Wanted:
    """How many to order, and why; `quantity` None: below what is scheduled, and no reorder point says how many."""

    is_due: bool
    quantity: Decimal | None
    because: str


def wanted(
    available: Decimal,
    dispensed: Decimal,
    scheduled: Decimal,
    unit: str,
    days: int,
    reorder_point: Decimal | None,
    order_up_to: Decimal | None,
) -> Wanted:
    """Whether to order it. Available: on hand, in date, not in quarantine; scheduled: what open batches still take."""
    left = available - scheduled
    told = f"{counted(available, unit)} available, {number(scheduled)} scheduled: {number(left)} left."
    used = f"{number(dispensed)} dispensed in {days} days."
    if reorder_point is None:
        if left >= 0:
            return Wanted(False, None, f"{told} {used} No reorder point is set.")
        return Wanted(True, -left, f"{told} {used} Order at least what is missing; no reorder point is set.")
    if left > reorder_point:
        return Wanted(False, None, f"{told} {used} Above the reorder point of {number(reorder_point)}.")
    up_to = order_up_to if order_up_to is not None else reorder_point + 1
    how = f"up to {number(up_to)}" if order_up_to is not None else "to come above the reorder point; no order-up-to is set"
    return Wanted(True, up_to - left, f"{told} {used} At or below the reorder point of {number(reorder_point)}: order {how}.")

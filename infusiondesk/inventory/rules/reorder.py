"""What is to be ordered: available units against the reorder point, after what is scheduled; each number says how it came about."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from infusiondesk.foundation.kernel.ismp import counted, number

_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Demand:
    """What went out of one item in a stretch of days, and what of it open batches still take."""

    dispensed: Decimal
    days: int
    scheduled: Decimal = Decimal(0)
    elsewhere: Decimal = Decimal(0)  # of the same product, taken from its other items

    @property
    def per_day(self) -> Decimal:
        """The average of a day, to a tenth."""
        return (self.dispensed / self.days).quantize(_TENTH, ROUND_HALF_UP)

    def lasts(self, left: Decimal) -> int | None:
        """For how many whole days what is left lasts at that average; None where nothing went out."""
        return int(max(left, Decimal(0)) * self.days / self.dispensed) if self.dispensed > 0 else None

    def words(self, left: Decimal) -> str:
        """ "28 dispensed in 28 days: 1 a day, lasts 4 days"."""
        told = f"{number(self.dispensed)} dispensed in {counted(self.days, 'day')}: {number(self.per_day)} a day"
        lasts = self.lasts(left)
        return f"{told}." if lasts is None else f"{told}, what is left lasts {counted(lasts, 'day')}."


@dataclass(frozen=True)
class OrderPolicy:
    """When an item is ordered, up to how many, and in what packs; each may be open."""

    reorder_point: Decimal | None = None
    order_up_to: Decimal | None = None
    pack_size: Decimal | None = None


@dataclass(frozen=True)
class Wanted:
    """How many to order, and why; `packs` where a pack size is set, and then `quantity` is whole packs."""

    is_due: bool
    quantity: Decimal | None
    because: str
    packs: Decimal | None = None


def share_scheduled(scheduled: Decimal, available: Sequence[Decimal]) -> Sequence[Decimal]:
    """What open batches take of each item of one product, in the order given: nothing is counted twice.

    What none of them has falls to the first. The worksheet takes as they expire; the caller gives them in that order.
    """
    shares = []
    for many in available:
        share = min(scheduled, max(many, Decimal(0)))
        shares.append(share)
        scheduled -= share
    return [share + (scheduled if place == 0 else 0) for place, share in enumerate(shares)]


def wanted(available: Decimal, demand: Demand, unit: str, policy: OrderPolicy) -> Wanted:
    """Whether to order it. Available: on hand, in date, not in quarantine."""
    left = available - demand.scheduled
    more = f" ({number(demand.elsewhere)} more of the product from its other items)" if demand.elsewhere else ""
    told = f"{counted(available, unit)} available, {number(demand.scheduled)} scheduled{more}: {number(left)} left."
    told = f"{told} {demand.words(left)}"
    point, up_to = policy.reorder_point, policy.order_up_to
    if point is None:
        if left >= 0:
            return Wanted(False, None, f"{told} No reorder point is set.")
        return _in_packs(-left, f"{told} Order at least what is missing; no reorder point is set.", unit, policy.pack_size)
    if left > point:
        return Wanted(False, None, f"{told} Above the reorder point of {number(point)}.")
    how = f"up to {number(up_to)}" if up_to is not None else "to come above the reorder point; no order-up-to is set"
    told = f"{told} At or below the reorder point of {number(point)}: order {how}."
    return _in_packs((up_to if up_to is not None else point + 1) - left, told, unit, policy.pack_size)


def _in_packs(quantity: Decimal, told: str, unit: str, pack_size: Decimal | None) -> Wanted:
    if pack_size is None:
        return Wanted(True, quantity, told)
    packs = (quantity / pack_size).to_integral_value(ROUND_CEILING)
    words = f"{told} {number(quantity)} in whole packs of {counted(pack_size, unit)}: {counted(packs, 'pack')}."
    return Wanted(True, packs * pack_size, words, packs)

"""Rental days of a patient's pump in a month, and pumps that should be back."""

from collections.abc import Sequence
from datetime import date, timedelta

from infusiondesk.equipment.rules.fitness import EquipmentPolicy
from infusiondesk.equipment.rules.history import Stay
from infusiondesk.foundation.kernel.periods import Period


def rental_days(stay: Stay, month: Period, today: date, policy: EquipmentPolicy) -> Sequence[date]:
    """The days of a month on which a patient had a pump; of one that is still out, up to and with today.

    A day counts for who has the pump at its end: the day out counts, the day back does not, unless the policy says so.
    Where a pump goes on with another order its day is the new order's: none is counted twice, and none is left out.
    """
    if month.until is None:
        raise ValueError("a month has an end")
    until = today + timedelta(days=1)
    if stay.back_on is not None:
        until = stay.back_on + timedelta(days=1 if policy.counts_day_back and not stay.goes_on else 0)
    start, until = max(stay.out_on, month.start), min(until, month.until)
    return list(Period(start, until).days()) if start < until else []


def return_overdue(ended_on: date | None, today: date, policy: EquipmentPolicy) -> int | None:
    """How many days a therapy has ended when its pump should be back by now; None where there is time, or no end."""
    if ended_on is None or today - ended_on <= policy.return_within:
        return None
    return (today - ended_on).days

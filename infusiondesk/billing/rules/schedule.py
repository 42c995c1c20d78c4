"""When a therapy is dosed, and whether it belongs to the per-diem structure at all (billing 2.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from infusiondesk.billing.rules.facts import Therapy, TherapyClass, days

# Billing 2.2: per diems are valid for therapies dosed up to and including every 72 hours.
LONGEST_INTERVAL_H = Decimal(72)
_LONGEST_GAP_DAYS = 3
_DAY_H = 24
_X8_FLUSHES = ("flush", "lock")

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Course:
    """One order as it was lived: its days until a later order of the group replaced it, and the days its doses were due."""

    order: Therapy
    index: int
    first: date
    last: date
    replaced_on: date | None
    began: date
    due: frozenset[date]
    weekly: bool

    @property
    def key(self) -> Key:
        """What this course is one therapy with: its bag, else its order group, else itself."""
        if self.order.bag is not None:
            return "bag", self.order.bag
        if self.order.order_group is not None:
            return "group", self.order.order_group
        return "order", self.order.id

    def is_open(self, day: date) -> bool:
        """True between start and stop, whether or not a dose was due."""
        return self.first <= day <= self.last

    def is_infused(self, day: date) -> bool:
        """True when a dose due that day was not missed."""
        return day in self.due and day not in self.order.not_given


def never_a_per_diem(therapy: Therapy) -> bool:
    """Flushes are inside other per diems; a heparin flush may not drive S9372 (billing 1.6 X8)."""
    if therapy.therapy_class is TherapyClass.FLUSH:
        return True
    return therapy.therapy_class is TherapyClass.ANTICOAGULANT_INJECTION and therapy.drug.endswith(_X8_FLUSHES)


def courses(therapies: Sequence[Therapy]) -> tuple[Course, ...]:
    """Each order with the days it was really open: within a group, from its start the later one replaces the earlier."""
    lived = []
    for index, order in enumerate(therapies):
        group = [(other.start, place) for place, other in enumerate(therapies) if _in_group(order, other)]
        replaced_on = min((start for start, place in group if (start, place) > (order.start, index)), default=None)
        last = order.stop if replaced_on is None else min(order.stop, replaced_on - timedelta(days=1))
        kin = [other.start for other in therapies if other is order or _in_group(order, other) or _in_bag(order, other)]
        due = frozenset(day for day in _scheduled(order) if day <= last and day not in order.on_hold)
        lived.append(Course(order, index, order.start, last, replaced_on, min(kin), due, is_weekly(order)))
    return tuple(lived)


def _in_group(order: Therapy, other: Therapy) -> bool:
    return order.order_group is not None and order.order_group == other.order_group


def _in_bag(order: Therapy, other: Therapy) -> bool:
    return order.bag is not None and order.bag == other.bag


def is_weekly(order: Therapy) -> bool:
    """True when doses are further apart than 72 hours: outside the per-diem structure, one unit per infusion day."""
    if order.dose_dates is not None:
        if not order.dose_dates:  # no dose falls into it: none of its days is one of therapy, however short it is
            return True
        doses = _scheduled(order)
        # A single dose has no gap of its own; what decides is how long the order stays open around it.
        edges = doses if len(doses) > 1 else [order.start, order.stop]
        return any((later - earlier).days > _LONGEST_GAP_DAYS for earlier, later in pairwise(edges))
    if order.weekdays:
        week = sorted(order.weekdays)
        gaps = [later - earlier for earlier, later in zip(week, [*week[1:], week[0] + 7], strict=True)]
        return max(gaps) > _LONGEST_GAP_DAYS
    return not order.continuous and order.interval_hours is not None and order.interval_hours > LONGEST_INTERVAL_H


def _scheduled(order: Therapy) -> list[date]:
    """The days with a dose from start to stop. Doses of an interval are counted from the first hour of the start day."""
    span = days(order.start, order.stop)
    if order.dose_dates is not None:
        return [day for day in span if day in order.dose_dates]
    if order.weekdays:
        return [day for day in span if day.weekday() in order.weekdays]
    interval = order.interval_hours
    if order.continuous or interval is None or interval <= _DAY_H:
        return list(span)
    step = Fraction(interval) / _DAY_H
    # One more than fits: a dose late on the last day still starts on it, and days after it are not in the span.
    due = {int(step * count) for count in range(int(((order.stop - order.start).days + 1) / step) + 1)}
    return [day for day in span if (day - order.start).days in due]


def doses_on_a_dose_day(order: Therapy) -> Fraction | None:
    """How many doses a dose day has, exactly; None where the interval is unknown or makes no sense."""
    if order.doses_per_day is not None:
        return Fraction(order.doses_per_day) if order.doses_per_day > 0 else None
    if order.bolus_hours is not None:
        return Fraction(_DAY_H) / Fraction(order.bolus_hours) if order.bolus_hours > 0 else None
    if order.continuous:
        return Fraction(1)
    if order.interval_hours is None or order.interval_hours <= 0:
        return None
    return max(Fraction(1), Fraction(_DAY_H) / Fraction(order.interval_hours))


def even_interval(order: Therapy) -> Decimal | None:
    """The hours between doses where they are even; None for weekdays or dates that leave days out, or steps that differ."""
    if (order.weekdays or order.dose_dates is not None) and len(_scheduled(order)) <= (order.stop - order.start).days:
        return None
    return order.interval_hours

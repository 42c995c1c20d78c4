"""When a delivery must be there: days' supply, run-out, deliver-by on the pharmacy's delivery days. Source: clinical 4.11."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

import holidays

from infusiondesk.foundation.kernel.ismp import counted, day
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.orders.rules import Regimen, dose_days, doses_on

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LONGEST_CLOSED: Final = 60  # days looked back for a delivery day; a pharmacy that delivers on none is a mistake in its calendar
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class DeliveryPolicy:
    """How the pharmacy delivers; it edits these. An order names no hour: doses are counted from the hour `first_dose`."""

    lead_days: int = 2
    weekdays: tuple[str, ...] = WEEKDAYS[:5]
    first_dose: time = time(8)
    source: str = (
        "clinical 4.11 (policy): two days, Monday to Friday; the hour of the first dose is ours. Nobody has signed it yet."
    )


@cache
def public_holidays(state: str, years: tuple[int, ...]) -> Mapping[date, str]:
    """The public holidays of a state in some years; of an unknown state those of the whole country."""
    known = state.strip().upper()
    subdivision = known if known in holidays.list_supported_countries()["US"] else None
    return dict(holidays.country_holidays("US", subdiv=subdivision, years=list(years)))


@dataclass(frozen=True)
class DeliveryCalendar:
    """The days on which somebody delivers. The pharmacy's own days overrule holidays and weekdays, either way."""

    policy: DeliveryPolicy = field(default_factory=DeliveryPolicy)
    holidays: Mapping[date, str] = field(default_factory=dict)
    closed: Mapping[date, str] = field(default_factory=dict)
    opened: Collection[date] = ()

    def closed_because(self, on: date) -> str | None:
        """Why nothing is delivered on a day, or None."""
        if on in self.opened:
            return None
        if on in self.closed:
            return self.closed[on]
        if on in self.holidays:
            return self.holidays[on]
        weekday = WEEKDAYS[on.weekday()]
        return None if weekday in self.policy.weekdays else f"no deliveries on {weekday}"

    def on_or_before(self, on: date) -> date:
        """The last delivery day up to a day."""
        for back in range(_LONGEST_CLOSED):
            if self.closed_because(on - back * _DAY) is None:
                return on - back * _DAY
        return on


@dataclass(frozen=True)
class Supply:
    """How long something lasts."""

    days: int
    last_dose_day: date
    run_out: date


def supply(start: date, quantity: int, per_day: int, on_hand: int = 0) -> Supply:
    """Days' supply: whole days only; the run-out date is the first day without all its doses (clinical 4.11)."""
    days = (quantity + on_hand) // per_day
    until = start + days * _DAY
    return Supply(days, until - _DAY, until)


@dataclass(frozen=True)
class Dose:
    """One dose of an order: its day of therapy, when it begins, and which of the day's doses it is."""

    on: date
    at: datetime
    place: int = 0

    @property
    def key(self) -> tuple[date, int]:
        """Which dose it is, whatever hour the pharmacy counts from."""
        return self.on, self.place


def doses(regimen: Regimen, first_dose: time, zone: ZoneInfo, held_on: Collection[date] = ()) -> Iterator[Dose]:
    """Every dose of an order in turn but for held days; those of a day are spread evenly from its first hour."""
    for on in dose_days(regimen):
        if on in held_on:
            continue
        count = len(doses_on(regimen, on)) if regimen.is_plain or regimen.steps else 1
        for place in range(count):
            wall = datetime.combine(on, first_dose) + place * _DAY / count
            yield Dose(on, wall.replace(tzinfo=zone), place)


def run_out(of: Iterable[Dose], covered: Collection[tuple[date, int]], now: datetime) -> date | None:
    """The day of the first dose that nothing is there for; None when the order is supplied to its end.

    What was missed before the last day that is supplied stays missed: nobody sends a bag for a dose of last week.
    """
    last = max((on for on, _ in covered), default=date.min)
    left = (dose for dose in of if dose.key not in covered)
    return next((dose.on for dose in left if not covered or dose.on > last or dose.at > now), None)


@dataclass(frozen=True)
class Due:
    """Until when the patient is supplied, and by when the next delivery must be there."""

    run_out: date
    deliver_by: date
    because: str

    def late_words(self, today: date) -> str:
        """How late it is, or empty."""
        days = (today - self.deliver_by).days
        return f"late by {counted(days, 'day')}" if days > 0 else ""


def due(runs_out: date, calendar: DeliveryCalendar, *, is_first: bool = False) -> Due:
    """By when it must be delivered: the lead before run-out, moved back to a delivery day. A first delivery has no lead to keep."""
    lead = 0 if is_first else calendar.policy.lead_days
    wanted = runs_out - lead * _DAY
    deliver_by = calendar.on_or_before(wanted)
    if is_first:
        because = f"First delivery: there for the first dose on {day(runs_out)}."
    else:
        because = f"Runs out on {day(runs_out)}, {counted(lead, 'day')} of lead."
    if deliver_by != wanted:
        because += f" {day(wanted)} is no delivery day ({calendar.closed_because(wanted)})."
    return Due(runs_out, deliver_by, because)


@dataclass
class CalendarDraft:
    """The pharmacy's rule for deliveries, being edited."""

    lead_days: int | None = None
    weekdays: tuple[str, ...] = ()
    first_dose: time | None = None

    def problems(self) -> list[Problem]:
        found = []
        if self.lead_days is None or not 0 <= self.lead_days <= 14:
            found.append(Problem("lead_days", "Enter 0 to 14 days."))
        if not self.weekdays:
            found.append(Problem("weekdays", "Choose the days on which somebody delivers."))
        if self.first_dose is None:
            found.append(Problem("first_dose", "Enter the hour from which doses are counted."))
        return found


@dataclass
class DayDraft:
    """One day that is not like its weekday: closed, or open although it is a holiday."""

    on: date | None = None
    is_open: bool | None = None
    because: str = ""

    def problems(self) -> list[Problem]:
        found = []
        if self.on is None:
            found.append(Problem("on", "Enter the day."))
        if self.is_open is None:
            found.append(Problem("is_open", "Say whether somebody delivers on that day."))
        if not self.because.strip():
            found.append(Problem("because", "Say why."))
        return found

"""On which days the doses of an order fall, how many there are, and how that is said (clinical 1.2 THX01, billing 2.2)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from itertools import pairwise
from typing import Final, Protocol

from dateutil import rrule

from infusiondesk.foundation.kernel.ismp import MONTHS, amount, counted, frequency, number
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.orders.rules.words import LONGEST_DAYS, UNBROKEN, Pattern, Weekday

_DAY: Final = Decimal(24)
_WEEK: Final = 7
_BY_CALENDAR: Final = (Pattern.WEEKDAYS, Pattern.CYCLE, Pattern.WEEKS)
# A dose as it is safe to read: commas only between thousands, and a digit before the point (0,5 or .5 is never guessed at).
_DOSE: Final = re.compile(r"([0-9]{1,12}|[1-9][0-9]{0,2}(,[0-9]{3}){1,3})(\.[0-9]+)?")
_DOSE_PLACES, _HOUR_PLACES, _LONGEST_DIGITS = 4, 2, 3  # as they are kept; a longer number of days is not even read
_STEP: Final = re.compile(
    r"\s*(?P<dose>[\d.,]+)\s*(?P<unit>[A-Za-z]+)?"
    r"(?:\s+(?:every\s+(?P<hours>[\d.]+)\s*(?:hours|hour|h)|(?P<daily>daily)))?"
    r"(?:\s+for\s+(?P<days>\d+)\s*(?:days|day|d))?\s*\Z"
)


@dataclass(frozen=True)
class Step:
    """A stretch of a taper: so much, so often, for so many days; the last one may run to the end of the order."""

    dose: Decimal
    interval_hours: Decimal
    days: int | None


@dataclass(frozen=True)
class Regimen:
    """When doses are due: a pattern with what it needs, from the first to the last day, both counted."""

    pattern: Pattern
    start_on: date
    stop_on: date
    dose: Decimal
    unit: str
    interval_hours: Decimal | None = None
    weekdays: tuple[Weekday, ...] = ()
    cycle_days: tuple[int, ...] = ()
    cycle_length: int | None = None
    weeks: tuple[int, ...] = ()
    then_every_weeks: int | None = None
    steps: tuple[Step, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether the interval alone says everything; else the calendar decides."""
        return self.pattern in (Pattern.INTERVAL, *UNBROKEN)


class Scheduled(Protocol):
    """What a regimen reads of an order, a draft or a kept version: the schedule as it was typed."""

    @property
    def pattern(self) -> str: ...
    @property
    def start_on(self) -> date | None: ...
    @property
    def stop_on(self) -> date | None: ...
    @property
    def dose_amount(self) -> Decimal | None: ...
    @property
    def dose_unit(self) -> str: ...
    @property
    def interval_hours(self) -> Decimal | None: ...
    @property
    def weekdays(self) -> Sequence[str]: ...
    @property
    def cycle_days(self) -> str: ...
    @property
    def cycle_length(self) -> int | None: ...
    @property
    def weeks(self) -> str: ...
    @property
    def then_every_weeks(self) -> int | None: ...
    @property
    def steps(self) -> str: ...


def regimen_of(order: Scheduled) -> Regimen:
    """The regimen of an order whose days are known; refuses a schedule that cannot be read."""
    assert order.start_on is not None
    assert order.stop_on is not None
    pattern = Pattern(order.pattern)
    return Regimen(
        pattern,
        order.start_on,
        order.stop_on,
        order.dose_amount or Decimal(0),
        order.dose_unit,
        order.interval_hours if pattern is Pattern.INTERVAL else None,
        weekdays=tuple(day for day in Weekday if day.value in order.weekdays) if pattern is Pattern.WEEKDAYS else (),
        cycle_days=read_numbers("cycle_days", order.cycle_days, 1) if pattern is Pattern.CYCLE else (),
        cycle_length=order.cycle_length if pattern is Pattern.CYCLE else None,
        weeks=read_numbers("weeks", order.weeks, 0) if pattern is Pattern.WEEKS else (),
        then_every_weeks=order.then_every_weeks if pattern is Pattern.WEEKS else None,
        steps=read_steps(order.steps, order.dose_unit) if pattern is Pattern.STEPS else (),
    )


def doses_on(regimen: Regimen, day: date) -> tuple[Decimal, ...]:
    """The doses of one day, each with its amount; what runs without a break is one dose a day.

    Doses of an interval are counted from the first hour of the first day, as billing counts them.
    """
    if not regimen.start_on <= day <= regimen.stop_on:
        return ()
    if regimen.pattern in UNBROKEN:
        return (regimen.dose,)
    if regimen.pattern is Pattern.INTERVAL and regimen.interval_hours:
        return (regimen.dose,) * _count((day - regimen.start_on).days, regimen.interval_hours)
    if regimen.pattern is Pattern.STEPS:
        first = regimen.start_on
        for step in regimen.steps:
            until = regimen.stop_on + timedelta(days=1) if step.days is None else first + timedelta(days=step.days)
            if first <= day < until:
                return (step.dose,) * _count((day - first).days, step.interval_hours)
            first = until
        return ()
    return (regimen.dose,) if day in _ruled(regimen) else ()


def dose_days(regimen: Regimen) -> list[date]:
    """The days with at least one dose, in order."""
    if regimen.pattern in _BY_CALENDAR:
        return _ruled(regimen)
    return [day for day in _span(regimen) if doses_on(regimen, day)]


def total_doses(regimen: Regimen) -> int:
    """How many doses the order is, from its first to its last day; of what runs without a break, how many days."""
    if regimen.pattern in _BY_CALENDAR:  # one dose a day, and the calendar is read only once
        return len(_ruled(regimen))
    return sum(len(doses_on(regimen, day)) for day in _span(regimen))


def shortest_interval(regimen: Regimen) -> Decimal | None:
    """The hours between the two doses that are closest to each other; None for what runs without a break.

    Who knows only an interval never takes a day's amount for less than it is.
    """
    if regimen.pattern in UNBROKEN:
        return None
    if regimen.pattern is Pattern.INTERVAL:
        return regimen.interval_hours
    if regimen.pattern is Pattern.STEPS:
        return min(step.interval_hours for step in regimen.steps)
    gaps = [(later - earlier).days for earlier, later in pairwise(dose_days(regimen))]
    return min(gaps, default=1) * _DAY


def even_interval(regimen: Regimen) -> Decimal | None:
    """The hours between doses where one number says them; None for what runs without a break and for steps that differ."""
    is_uneven = len({step.interval_hours for step in regimen.steps}) > 1
    return None if is_uneven else shortest_interval(regimen)


def day_doses(regimen: Regimen) -> Decimal:
    """How many doses the day with the most has; doses further apart than a day are never spread over the days without one."""
    if regimen.pattern is Pattern.INTERVAL and regimen.interval_hours:
        return max(Decimal(1), _DAY / regimen.interval_hours)
    if regimen.pattern is Pattern.STEPS:
        return Decimal(max((len(doses_on(regimen, day)) for day in _span(regimen)), default=0))
    return Decimal(1)


def day_amount(regimen: Regimen) -> Decimal:
    """The amount of the day that has the most, by which a day's sum is judged."""
    if regimen.pattern is Pattern.STEPS:
        return max((sum(doses_on(regimen, day), Decimal(0)) for day in _span(regimen)), default=Decimal(0))
    return regimen.dose * day_doses(regimen)


def how_often(regimen: Regimen) -> str:
    """The pattern in words, as it stands behind the dose: ``every 12 hours``, ``on Monday, Wednesday and Friday``."""
    match regimen.pattern:
        case Pattern.CONTINUOUS:
            return "per day, continuous"
        case Pattern.PCA:
            return "per day at most, by PCA"
        case Pattern.WEEKDAYS:
            return f"on {_listed([day.value for day in Weekday if day in regimen.weekdays])}"
        case Pattern.CYCLE:
            return f"on day {_listed(regimen.cycle_days)} of a cycle of {counted(regimen.cycle_length or 0, 'day')}"
        case Pattern.WEEKS:
            return f"in week {_listed(regimen.weeks)}{_then(regimen.then_every_weeks)}"
        case Pattern.STEPS:
            return f"at first, in {len(regimen.steps)} steps"
    return frequency(regimen.interval_hours) if regimen.interval_hours else ""


def step_words(step: Step, unit: str) -> str:
    """One step as it is read: ``1,000 mg daily for 3 days``."""
    told = f"{amount(step.dose, unit)} {frequency(step.interval_hours)}"
    return f"{told} to the last day" if step.days is None else f"{told} for {counted(step.days, 'day')}"


def calendar_words(regimen: Regimen) -> str:
    """The calendar of doses: how many, and on which days, month by month; a plain daily one says only how many."""
    if regimen.pattern in UNBROKEN:
        return counted(total_doses(regimen), "day")
    days = dose_days(regimen)
    total = counted(total_doses(regimen), "dose")
    if len(days) == (regimen.stop_on - regimen.start_on).days + 1:
        return f"{total}, every day"
    by_month: dict[tuple[int, int], list[str]] = {}
    for day in days:
        by_month.setdefault((day.year, day.month), []).append(str(day.day))
    told = "; ".join(f"{MONTHS[month - 1]} {year}: {', '.join(on)}" for (year, month), on in by_month.items())
    return f"{total}. {told}" if days else "no dose falls into these days"


def read_numbers(field: str, typed: str, least: int) -> tuple[int, ...]:
    """Days or weeks as they are typed, ``1, 8, 15``: whole, rising, none below the least."""
    parts = [part for part in re.split(r"[,;\s]+", typed.strip()) if part]
    if not parts or not all(part.isascii() and part.isdigit() for part in parts):
        raise Refused(f"“{typed.strip()}” cannot be read: write whole numbers with commas between, such as 1, 8, 15.", field=field)
    if any(_is_too_long(part) for part in parts):
        raise Refused(f"{typed.strip()}: no number is more than {LONGEST_DAYS}.", field=field)
    numbers = tuple(int(part) for part in parts)
    if numbers[0] < least or any(later <= earlier for earlier, later in pairwise(numbers)):
        raise Refused(f"{typed.strip()}: the numbers begin at {least} or later and rise.", field=field)
    return numbers


def read_steps(typed: str, unit: str) -> tuple[Step, ...]:
    """A taper as it is typed, a step a line: ``60 mg daily for 5 days``; the last one may run to the end."""
    lines = [line for line in typed.splitlines() if line.strip()]
    if not lines:
        raise Refused("Write one step a line, such as: 60 mg daily for 5 days.", field="steps")
    steps = [_step(place, line, unit) for place, line in enumerate(lines, 1)]
    if open_ones := [place for place, step in enumerate(steps[:-1], 1) if step.days is None]:
        raise Refused(f"Step {open_ones[0]} says no days: only the last one may run to the last day.", field="steps")
    if sum(step.days or 0 for step in steps) > LONGEST_DAYS:
        raise Refused(f"The steps fill more than the {LONGEST_DAYS} days of an order.", field="steps")
    return tuple(steps)


def _step(place: int, line: str, unit: str) -> Step:
    found = _STEP.match(line)
    if found is None:
        raise Refused(f"Step {place}, “{line.strip()}”, cannot be read: write it as 60 mg daily for 5 days.", field="steps")
    if found["unit"] and found["unit"] != unit:
        raise Refused(f"Step {place} is in {found['unit']}, the order in {unit}: use one unit.", field="steps")
    if not _DOSE.fullmatch(found["dose"]):
        how = "a comma only between thousands and a point before decimals, such as 1,000 or 0.5"
        raise Refused(f"Step {place}, “{line.strip()}”: {found['dose']} is not read; write {how}.", field="steps")
    try:
        dose = Decimal(found["dose"].replace(",", ""))
        hours = Decimal(found["hours"] or 24)
    except InvalidOperation:
        raise Refused(f"Step {place}, “{line.strip()}”, holds a number that cannot be read.", field="steps") from None
    beyond = (
        (_places(dose) > _DOSE_PLACES, f"a dose keeps {_DOSE_PLACES} places after the point"),
        (_places(hours) > _HOUR_PLACES, f"hours keep {_HOUR_PLACES} places after the point"),
        (hours > LONGEST_DAYS * _DAY or _is_too_long(found["days"] or ""), f"an order runs for {LONGEST_DAYS} days at most"),
    )
    if because := next((sentence for is_beyond, sentence in beyond if is_beyond), ""):
        raise Refused(f"Step {place}, “{line.strip()}”: {because}.", field="steps")
    days = int(found["days"]) if found["days"] else None
    if dose <= 0 or hours <= 0 or days == 0:
        raise Refused(f"Step {place}, “{line.strip()}”: dose, hours and days are more than zero.", field="steps")
    return Step(dose, hours, days)


def _is_too_long(digits: str) -> bool:
    told = digits.lstrip("0")
    return len(told) > _LONGEST_DIGITS or int(told or 0) > LONGEST_DAYS


def _places(value: Decimal) -> int:
    """How many digits after the point count."""
    exponent = value.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def regimen_problem(regimen: Regimen) -> tuple[str, str] | None:
    """The field and the sentence of what does not fit together in a schedule, or None."""
    if regimen.pattern is Pattern.CYCLE and regimen.cycle_length and regimen.cycle_days[-1] > regimen.cycle_length:
        last, length = regimen.cycle_days[-1], counted(regimen.cycle_length, "day")
        return "cycle_days", f"Day {last} lies outside a cycle of {length}."
    if regimen.pattern is Pattern.STEPS and regimen.steps[-1].days is not None:
        told, days = sum(step.days or 0 for step in regimen.steps), (regimen.stop_on - regimen.start_on).days + 1
        if told != days:
            return "steps", f"The steps are {counted(told, 'day')}, from the first to the last day there are {days}."
    if regimen.pattern is Pattern.STEPS and regimen.steps[-1].days is None:
        before = sum(step.days or 0 for step in regimen.steps)
        if regimen.start_on + timedelta(days=before) > regimen.stop_on:
            return "steps", f"The steps before the last one fill {counted(before, 'day')}: nothing is left for the last one."
    if not dose_days(regimen):
        return "stop_on", "No dose falls between the first and the last day."
    return None


def _count(days_before: int, interval_hours: Decimal) -> int:
    """Doses at 0, i, 2i … hours that fall on the day which begins so many days after the first."""
    first, after = days_before * _DAY, (days_before + 1) * _DAY
    return int(_ceiling(after / interval_hours) - _ceiling(first / interval_hours))


def _ceiling(value: Decimal) -> Decimal:
    return value.to_integral_value(ROUND_CEILING)


def _span(regimen: Regimen) -> Iterator[date]:
    for offset in range((regimen.stop_on - regimen.start_on).days + 1):
        yield regimen.start_on + timedelta(days=offset)


def _ruled(regimen: Regimen) -> list[date]:
    """The days of a schedule by the calendar's own rules (RFC 5545, as dateutil reads them)."""
    first, last = (datetime.combine(day, datetime.min.time()) for day in (regimen.start_on, regimen.stop_on))
    found = rrule.rruleset()
    if regimen.pattern is Pattern.WEEKDAYS:
        wanted = [place for place, day in enumerate(Weekday) if day in regimen.weekdays]
        found.rrule(rrule.rrule(rrule.WEEKLY, dtstart=first, until=last, byweekday=wanted))
    for day in regimen.cycle_days:
        begin = first + timedelta(days=day - 1)
        found.rrule(rrule.rrule(rrule.DAILY, interval=regimen.cycle_length or 1, dtstart=begin, until=last))
    for week in regimen.weeks:
        found.rdate(first + timedelta(days=week * _WEEK))
    if regimen.weeks and regimen.then_every_weeks:
        begin = first + timedelta(days=(regimen.weeks[-1] + regimen.then_every_weeks) * _WEEK)
        found.rrule(rrule.rrule(rrule.WEEKLY, interval=regimen.then_every_weeks, dtstart=begin, until=last))
    return [at.date() for at in found if at <= last]


def _listed(parts: tuple[int, ...] | list[str]) -> str:
    words = [str(part) for part in parts]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _then(every: int | None) -> str:
    return "" if every is None else f", then every {number(Decimal(every))} weeks" if every > 1 else ", then every week"

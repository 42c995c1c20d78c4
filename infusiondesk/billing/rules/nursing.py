"""Nursing visits: 99601 for the visit, 99602 for further hours, within the payer's ceilings (billing 2.5)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from infusiondesk.billing.rules.facts import Visit
from infusiondesk.billing.rules.profile import ExtraHour, NursingBilling, NursingTime, PayerProfile

VISIT = "99601"
EXTRA_HOUR = "99602"
_FIRST_MINUTES = 120
# Billing 2.5: a visit's 99601 stands for 2 h in the weekly ceiling, each 99602 for 1 h.
_HOURS = {VISIT: Decimal(2), EXTRA_HOUR: Decimal(1)}


class Ceiling(StrEnum):
    """Which ceiling of the contract a unit is above."""

    DAILY = "daily_ceiling"
    WEEKLY = "weekly_ceiling"


# Units of one code on one day, and the ceiling they are above.
_Units = tuple[date, str, Ceiling | None, int]


@dataclass(frozen=True, slots=True)
class NursingLine:
    """The units of one nursing code on one date."""

    day: date
    code: str
    units: int
    held_because: Ceiling | None
    because: str


def visit_units(minutes: Decimal, extra_hour: ExtraHour) -> tuple[int, int]:
    """Units of 99601 and 99602 for one visit: midpoint floor((extra + 29) / 60), whole hours floor(extra / 60)."""
    if minutes <= 0:
        return 0, 0
    extra = max(Decimal(0), minutes - _FIRST_MINUTES)
    add = 29 if extra_hour is ExtraHour.MIDPOINT else 0
    return 1, int((extra + add) // 60)


def counted_minutes(visit: Visit, profile: PayerProfile) -> Decimal:
    """The minutes this payer counts: those of the visit, or also preparation and report."""
    beside = visit.preparation_minutes if profile.nursing_time is NursingTime.VISIT_AND_PREPARATION else Decimal(0)
    return visit.minutes + beside


def nursing_lines(visits: Sequence[Visit], profile: PayerProfile) -> list[NursingLine]:
    """The nursing lines by date and code; each visit is counted by itself, then the ceilings cut the latest units."""
    if profile.nursing_billing is NursingBilling.NONE:
        return []
    in_turn = sorted(visits, key=lambda visit: visit.on)
    minutes: dict[date, list[str]] = {}
    for visit in in_turn:
        minutes.setdefault(visit.on, []).append(f"{counted_minutes(visit, profile):f}")
    units: dict[tuple[date, str, Ceiling | None], int] = {}
    for day, code, held, count in _weekly(_daily(in_turn, profile), profile):
        units[day, code, held] = units.get((day, code, held), 0) + count
    found = []
    for (day, code, held), count in units.items():
        because = f"{day}: {' and '.join(minutes[day])} min, {code} x {count}{_held_words(held, profile)}"
        found.append(NursingLine(day, code, count, held, because))
    return sorted(found, key=lambda line: (line.day, line.code, line.held_because or ""))


def _daily(visits: Iterable[Visit], profile: PayerProfile) -> Iterator[_Units]:
    """The units of each visit in turn; the 99602 above the ceiling of the day wait."""
    most = profile.max_99602_per_day
    used: dict[date, int] = {}
    for visit in visits:
        first, extra = visit_units(counted_minutes(visit, profile), profile.nursing_extra_hour)
        before = used.get(visit.on, 0)
        used[visit.on] = before + extra
        fits = extra if most is None else max(0, min(extra, most - before))
        yield visit.on, VISIT, None, first
        yield visit.on, EXTRA_HOUR, None, fits
        yield visit.on, EXTRA_HOUR, Ceiling.DAILY, extra - fits


def _weekly(units: Iterable[_Units], profile: PayerProfile) -> Iterator[_Units]:
    """Cut the latest units of each week, Sunday to Saturday: from the first that does not fit, all of them wait."""
    most = profile.max_nursing_hours_per_week
    left: dict[date, Decimal] = {}
    for day, code, held, count in units:
        if count == 0:
            continue
        if held is not None or most is None:
            yield day, code, held, count
            continue
        sunday = day - timedelta(days=day.isoweekday() % 7)
        room = left.get(sunday, most)
        fits = min(count, int(room // _HOURS[code]))
        left[sunday] = room - fits * _HOURS[code] if fits == count else Decimal(0)
        yield from ((day, code, why, part) for why, part in ((None, fits), (Ceiling.WEEKLY, count - fits)) if part > 0)


def _held_words(held: Ceiling | None, profile: PayerProfile) -> str:
    if held is Ceiling.DAILY:
        return f", held: above {profile.max_99602_per_day} x {EXTRA_HOUR} a day"
    if held is Ceiling.WEEKLY:
        return f", held: above {profile.max_nursing_hours_per_week} nursing hours a week"
    return ""

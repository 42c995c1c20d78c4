"""Nursing visits: 99601 for the visit, 99602 for further hours, within the payer's ceilings (billing 2.5)."""

from collections.abc import Iterable, Sequence
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
    units = _weekly(_daily(_units(in_turn, profile), profile), profile)
    minutes: dict[date, list[str]] = {}
    for visit in in_turn:
        minutes.setdefault(visit.on, []).append(f"{counted_minutes(visit, profile):f}")
    counted: dict[tuple[date, str, Ceiling | None], int] = {}
    for one in units:
        counted[one] = counted.get(one, 0) + 1
    found = []
    for (day, code, held), count in counted.items():
        because = f"{day}: {' and '.join(minutes[day])} min, {code} x {count}{_held_words(held, profile)}"
        found.append(NursingLine(day, code, count, held, because))
    return sorted(found, key=lambda line: (line.day, line.code, line.held_because or ""))


def _units(visits: Iterable[Visit], profile: PayerProfile) -> list[tuple[date, str]]:
    found = []
    for visit in visits:
        first, extra = visit_units(counted_minutes(visit, profile), profile.nursing_extra_hour)
        found += [(visit.on, VISIT)] * first + [(visit.on, EXTRA_HOUR)] * extra
    return found


def _daily(units: Iterable[tuple[date, str]], profile: PayerProfile) -> list[tuple[date, str, Ceiling | None]]:
    most = profile.max_99602_per_day
    used: dict[date, int] = {}
    found = []
    for day, code in units:
        held = None
        if code == EXTRA_HOUR:
            used[day] = used.get(day, 0) + 1
            held = Ceiling.DAILY if most is not None and used[day] > most else None
        found.append((day, code, held))
    return found


def _weekly(units: Iterable[tuple[date, str, Ceiling | None]], profile: PayerProfile) -> list[tuple[date, str, Ceiling | None]]:
    """Cut the latest units of each week, Sunday to Saturday: from the first that does not fit, all of them wait."""
    most = profile.max_nursing_hours_per_week
    used: dict[date, Decimal] = {}
    found = []
    for day, code, held in units:
        if held is None and most is not None:
            sunday = day - timedelta(days=day.isoweekday() % 7)
            used[sunday] = used.get(sunday, Decimal(0)) + _HOURS[code]
            held = Ceiling.WEEKLY if used[sunday] > most else None
        found.append((day, code, held))
    return found


def _held_words(held: Ceiling | None, profile: PayerProfile) -> str:
    if held is Ceiling.DAILY:
        return f", held: above {profile.max_99602_per_day} x {EXTRA_HOUR} a day"
    if held is Ceiling.WEEKLY:
        return f", held: above {profile.max_nursing_hours_per_week} nursing hours a week"
    return ""

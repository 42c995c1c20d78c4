"""What a logger's lines mean for a location: its hours, what was not monitored, what was outside the range."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.inventory.rules.temperatures import Standing, Stay, StorageRange, mean_kinetic_temperature

Line = tuple[datetime, Decimal]
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Watched:
    """Up to an hour of a logger: what it ended with, the lowest and highest, and its own mean kinetic temperature."""

    begun_at: datetime
    ended_at: datetime
    celsius: Decimal
    low: Decimal
    high: Decimal
    mean: Decimal | None


@dataclass(frozen=True)
class Outside:
    """Everything in a file that was outside the range, as one excursion, because one judgement is about all of it."""

    last_good_at: datetime | None
    ended_at: datetime | None
    low: Decimal
    high: Decimal
    times: int
    length: timedelta

    @property
    def words(self) -> str:
        """``2 times outside, 95 minutes together``."""
        minutes = self.length // timedelta(minutes=1)
        told = f"{counted(minutes // 60, 'hour')} {minutes % 60} min" if minutes >= 60 else counted(minutes, "minute")
        return f"{counted(self.times, 'time')} outside, {told}" + (" together" if self.times > 1 else "")


def not_monitored(lines: Sequence[Line], gap: timedelta) -> list[Span]:
    """Where more time than that lies between two lines."""
    return [(before[0], after[0]) for before, after in pairwise(lines) if after[0] - before[0] > gap]


def without_known(lines: Sequence[Line], known: Sequence[Span]) -> list[Line]:
    """The lines that do not lie in a time that is on file already; the ends of such a time are on file."""
    left, spans = [], sorted(known)
    place = 0
    for line in lines:
        while place < len(spans) and spans[place][1] < line[0]:
            place += 1
        if place == len(spans) or line[0] < spans[place][0]:
            left.append(line)
    return left


def joined(spans: Sequence[Span]) -> list[Span]:
    """The same times, those that touch or overlap made one."""
    found: list[Span] = []
    for begun, ended in sorted(spans):
        if found and begun <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ended))
        else:
            found.append((begun, ended))
    return found


def hours_of(lines: Sequence[Line], gap: timedelta) -> list[Watched]:
    """The lines hour by hour, parted where nothing was monitored. Between two lines the warmer one counts."""
    runs: list[list[Line]] = []
    for line in lines:
        before = runs[-1][-1] if runs else None
        if before is None or line[0] - before[0] > gap:
            runs.append([line])
        elif before[0].hour != line[0].hour or before[0].day != line[0].day:
            runs.append([before, line])
        else:
            runs[-1].append(line)
    return [_watched(run, runs[place - 1][-1] == run[0] if place else False) for place, run in enumerate(runs)]


def _watched(run: Sequence[Line], is_continued: bool) -> Watched:
    stays = [Stay(max(before[1], after[1]), (after[0] - before[0]).total_seconds() / 3600) for before, after in pairwise(run)]
    values = [value for _, value in (run[1:] if is_continued and len(run) > 1 else run)]
    return Watched(run[0][0], run[-1][0], run[-1][1], min(values), max(values), mean_kinetic_temperature(stays))


def outside_of(lines: Sequence[Line], allowed: StorageRange, gap: timedelta) -> Outside | None:
    """What was outside, from the last good line before to the first good one after; None where nothing was."""
    is_out = [allowed.standing(value, value) is Standing.OUTSIDE for _, value in lines]
    if not any(is_out):
        return None
    first, last = is_out.index(True), len(is_out) - 1 - is_out[::-1].index(True)
    length, times = timedelta(0), 0
    for place, out in enumerate(is_out):
        if out and (place == 0 or not is_out[place - 1]):
            times += 1
        if out and place + 1 < len(lines) and (step := lines[place + 1][0] - lines[place][0]) <= gap:
            length += step
    values = [value for (_, value), out in zip(lines, is_out, strict=True) if out]
    return Outside(
        lines[first - 1][0] if first else None,
        lines[last + 1][0] if last + 1 < len(lines) else None,
        min(values), max(values), times, length,
    )  # fmt: skip

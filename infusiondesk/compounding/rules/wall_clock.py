"""Hours on the pharmacy's wall: limits run in elapsed hours, and across a clock change the earlier reading counts."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal

# Eleven centuries are as good as for ever, and still a date the calendar can show.
AMPLE_HOURS = Decimal(10_000_000)
_LAST_MINUTE = time(23, 59)
_MICROSECONDS_PER_HOUR = 3_600_000_000


def in_words(hours: Decimal) -> str:
    """A limit as the chapter counts it: days where they are whole and more than one day, else hours (``10 d``, ``24 h``)."""
    days, rest = divmod(min(hours, AMPLE_HOURS), 24)
    return f"{days:f} d" if days > 1 and not rest else f"{hours:f} h"


@dataclass(frozen=True)
class WallClock:
    """Local time of one pharmacy. Instants are UTC and aware; `zone` None means a clock that is never changed."""

    zone: tzinfo | None = None

    def instant(self, told: datetime) -> datetime:
        """The instant somebody meant: a bare time is local. Of a time shown twice the first is meant: the safer one."""
        return (told if told.tzinfo else told.replace(tzinfo=self.zone or UTC)).astimezone(UTC)

    def exists(self, told: datetime) -> bool:
        """False for a bare time that a clock change skips, as 02:30 on a spring night."""
        return told.tzinfo is not None or self.local(self.instant(told)).replace(tzinfo=None) == told

    def local(self, instant: datetime) -> datetime:
        """The same instant as the wall shows it: with its offset, or bare where there is no zone."""
        return instant.astimezone(self.zone) if self.zone else instant.replace(tzinfo=None)

    def later(self, anchor: datetime, hours: Decimal) -> datetime:
        """So many hours after an instant: the earlier of the elapsed time and the same time on the wall (sterile 2.4)."""
        span = timedelta(microseconds=int(min(hours, AMPLE_HOURS) * _MICROSECONDS_PER_HOUR))
        start = self.local(anchor).replace(tzinfo=None)
        # Python drops `fold` in sums; without it a quarter of an hour from the second 01:30 would end before it began.
        wall = self.instant((start + span).replace(fold=start.fold))
        return min(anchor + span, wall)

    def end_of(self, day: date) -> datetime:
        """The last minute of a local day: a component that expires "on" a day is good through 23:59 (sterile 2.4)."""
        return self.instant(datetime.combine(day, _LAST_MINUTE))

    def shown(self, instant: datetime) -> str:
        """Date and time as a sentence prints them; the zone's letters where there is a zone."""
        local = self.local(instant)
        return f"{local:%Y-%m-%d %H:%M} {local.tzname()}" if local.tzinfo else f"{local:%Y-%m-%d %H:%M}"


NEVER_CHANGED = WallClock()


def last_full_day(local: datetime) -> date:
    """The day a label prints when it has room for a date only: the last one that is good to its end (sterile 2.4)."""
    return local.date() if local.time() >= _LAST_MINUTE else local.date() - timedelta(days=1)

"""The one clock: injected everywhere, so that a day, a daylight-saving change or a year's end can be tested."""

import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells instants in UTC and knows the pharmacy's time zone."""

    @property
    def zone(self) -> ZoneInfo: ...

    def now(self) -> datetime:
        """This instant, aware, in UTC."""
        ...


@dataclass(frozen=True)
class SystemClock:
    """The computer's clock."""

    zone: ZoneInfo

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time(), UTC)


@dataclass
class HandClock:
    """A clock moved by hand: for tests and for making a demo pharmacy's past."""

    at: datetime
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("America/Chicago"))
    tick: timedelta = timedelta(0)

    def now(self) -> datetime:
        instant = self.at.astimezone(UTC)
        self.at = instant + self.tick
        return instant

    def set(self, at: datetime) -> None:
        """Move to an instant; a naive one is read in the clock's own zone."""
        self.at = (at if at.tzinfo else at.replace(tzinfo=self.zone)).astimezone(UTC)

    def advance(self, **by: float) -> None:
        """Move on, as in ``advance(hours=2)``."""
        self.at = self.at + timedelta(**by)


def local(clock: Clock, instant: datetime) -> datetime:
    """An instant as the pharmacy's wall clock shows it."""
    return instant.astimezone(clock.zone)


def today(clock: Clock) -> date:
    """The pharmacy's calendar date at this instant."""
    return local(clock, clock.now()).date()

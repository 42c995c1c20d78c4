"""The clocks of a referral: until when it is acknowledged, verified, decided and begun (clinical 1.1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final


@dataclass(frozen=True)
class IntakePolicy:
    """What the pharmacy promises; every value is a policy that it may change."""

    acknowledge_business_hours: int = 2
    decide_hours: int = 24
    opens: time = time(8)
    closes: time = time(17)
    soon: timedelta = timedelta(hours=2)
    source: str = "clinical 1.1 (policy); the weekday hours and the reminder ahead are our own defaults"


POLICY: Final = IntakePolicy()


class ClockState(StrEnum):
    """How a clock stands."""

    DONE = "done"
    WAITING = "waiting"
    SOON = "due soon"
    LATE = "late"


@dataclass(frozen=True)
class IntakeClock:
    """One promise of a referral."""

    name: str
    due_at: datetime
    done_at: datetime | None
    state: ClockState

    @property
    def is_done(self) -> bool:
        return self.state is ClockState.DONE

    def distance(self, now: datetime) -> str:
        """``21 min late``, ``in 2 h 29 min``, ``in 3 days``; nothing when it is done."""
        if self.is_done:
            return ""
        return f"{span_text(now - self.due_at)} late" if now > self.due_at else f"in {span_text(self.due_at - now)}"


def span_text(span: timedelta) -> str:
    """How long, in the words of a worklist: minutes, then hours, then days."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} days"


@dataclass(frozen=True)
class Times:
    """What has happened to a referral, on the pharmacy's wall clock."""

    received_at: datetime
    start_of_care_at: datetime
    acknowledged_at: datetime | None = None
    benefits_verified_at: datetime | None = None
    accepted_at: datetime | None = None
    first_dose_at: datetime | None = None


def clocks_of(times: Times, now: datetime, policy: IntakePolicy = POLICY) -> tuple[IntakeClock, ...]:
    """The four promises in their order. Benefits and decision are due after 24 hours or at discharge, whichever is first."""
    decide_by = min(times.received_at + timedelta(hours=policy.decide_hours), max(times.start_of_care_at, times.received_at))
    promised = (
        ("acknowledged", business_due(times.received_at, policy), times.acknowledged_at),
        ("benefits verified", decide_by, times.benefits_verified_at),
        ("accepted", decide_by, times.accepted_at),
        ("first dose", times.start_of_care_at, times.first_dose_at),
    )
    return tuple(IntakeClock(name, due, done, _state(due, done, now, policy)) for name, due, done in promised)


def next_clock(clocks: Iterable[IntakeClock]) -> IntakeClock | None:
    """The promise that comes due first among those not kept; the earlier in the order where two are due together."""
    return min((clock for clock in clocks if not clock.is_done), key=lambda clock: clock.due_at, default=None)


def business_due(received: datetime, policy: IntakePolicy = POLICY) -> datetime:
    """The end of the promised business hours, counted only while the pharmacy is open on weekdays."""
    left, at = timedelta(hours=policy.acknowledge_business_hours), received
    while True:
        opens, closes = _at(at, policy.opens), _at(at, policy.closes)
        start = max(at, opens)
        if at.weekday() < 5 and start < closes:
            if start + left <= closes:
                return start + left
            left -= closes - start
        at = _at(at + timedelta(days=1), time(0))


def _at(day: datetime, wall: time) -> datetime:
    return datetime.combine(day.date(), wall, tzinfo=day.tzinfo)


def _state(due: datetime, done: datetime | None, now: datetime, policy: IntakePolicy) -> ClockState:
    if done is not None:
        return ClockState.DONE
    if now > due:
        return ClockState.LATE
    return ClockState.SOON if due - now <= policy.soon else ClockState.WAITING

"""Whether a pump may go out: its upkeep, its recalls, what a safety check found."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from infusiondesk.equipment.rules.history import Event, Status, done_on, refusal
from infusiondesk.equipment.rules.words import Duty, EventKind, Place
from infusiondesk.foundation.kernel.ismp import day, number


@dataclass(frozen=True)
class EquipmentPolicy:
    """What this pharmacy decides about pumps; as it ships it is an unsigned row, for no standard fixes these numbers.

    `counts_day_back`: a rental day is a day at whose end the patient had the pump, so the day out counts and the day back does
    not. Then no day is ever counted to two patients, and the days of a pump in a month are never more than the month has.
    """

    due_within: timedelta
    return_within: timedelta
    counts_day_back: bool
    source: str
    signed_by: str = ""
    signed_on: date | None = None

    @property
    def said_by(self) -> str:
        """Whose numbers these are."""
        return f"signed by {self.signed_by}, {day(self.signed_on)}" if self.signed_on else f"{self.source}, row not signed"


@dataclass(frozen=True)
class DutyDue:
    """One upkeep of a pump: when it was done, and the last day on which the pump may go out without it; None is not known."""

    duty: Duty
    done_on: date | None
    due_on: date | None

    def is_overdue(self, today: date) -> bool:
        """The day itself is still good; what was never recorded is overdue."""
        return self.due_on is None or self.due_on < today

    def words(self) -> str:
        """ "preventive maintenance due 3 Mar 2027"."""
        return f"{self.duty.value} due {day(self.due_on)}" if self.due_on else f"{self.duty.value} never recorded"


@dataclass(frozen=True)
class CheckFindings:
    """What a safety check found; the deviation of the delivered volume in percent, with its sign."""

    alarms: bool
    battery: bool
    cord: bool
    casing: bool
    deviation_percent: Decimal


_PARTS: Final = (("alarms", "the alarms"), ("battery", "the battery"), ("cord", "the cord"), ("casing", "the casing"))


def months_later(on: date, months: int) -> date:
    """The same day so many months later, or the month's last where it has no such day."""
    years, month = divmod(on.month - 1 + months, 12)
    year = on.year + years
    return date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))


def duties(intervals: Mapping[Duty, int | None], events: Sequence[Event]) -> Sequence[DutyDue]:
    """The upkeep that a pump owes, the first due first; a duty without an interval is none of this model."""
    found = []
    for duty, months in intervals.items():
        if months is not None:
            done = done_on(events, duty)
            found.append(DutyDue(duty, done, months_later(done, months) if done else None))
    return sorted(found, key=lambda one: one.due_on or date.min)


def keeps_back(serial: str, owed: Sequence[DutyDue], recalls: Sequence[str], today: date) -> str | None:
    """What keeps a clean and checked pump from going out, in one sentence, or None."""
    if recalls:
        return f"Pump {serial} is recalled ({', '.join(recalls)}) and not settled yet."
    for one in owed:
        if one.is_overdue(today):
            told = f"was due on {day(one.due_on)}" if one.due_on else "was never recorded"
            return f"Pump {serial} may not go out: its {one.duty.value} {told}."
    return None


def give_refusal(serial: str, status: Status, keeping: str | None) -> str | None:
    """Why a pump may not be given to a patient now, in one sentence, or None."""
    return refusal(serial, status, EventKind.GIVEN) or keeping


def shown_place(status: Status, keeping: str | None) -> Place:
    """Where a pump is as people say it: checked, and nothing keeps it back, is available."""
    return Place.AVAILABLE if status.place is Place.CHECKED and keeping is None else status.place


def check_failures(found: CheckFindings, limit_percent: Decimal) -> Sequence[str]:
    """What a safety check found wrong, in words; nothing wrong is a pass. The limit is the model's, as the pharmacy set it."""
    wrong = [f"{words} failed" for name, words in _PARTS if not getattr(found, name)]
    if abs(found.deviation_percent) > limit_percent:
        way = "much" if found.deviation_percent > 0 else "little"
        wrong.append(f"it delivers {number(abs(found.deviation_percent))}% too {way}, {number(limit_percent)}% is the limit")
    return wrong

"""Spans of calendar days, with the end outside."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, order=True)
class Period:
    """Days from `start` up to, not including, `until`; an `until` of None is open."""

    start: date
    until: date | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.start:
            raise ValueError(f"a period cannot end ({self.until}) before it starts ({self.start})")

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.until is None or day < self.until)

    def days(self) -> Iterator[date]:
        """Each day of a closed period."""
        if self.until is None:
            raise ValueError("an open period has no last day")
        for offset in range((self.until - self.start).days):
            yield self.start + timedelta(days=offset)


def month_of(day: date) -> Period:
    """The calendar month that holds a day."""
    first = day.replace(day=1)
    return Period(first, (first + timedelta(days=32)).replace(day=1))


def parse_month(text: str) -> Period:
    """``YYYY-MM`` as a period; ValueError says what is wrong."""
    try:
        return month_of(date.fromisoformat(f"{text}-01"))
    except ValueError:
        raise ValueError(f"not a month (YYYY-MM): {text}") from None


def age_in_years(born_on: date, on: date) -> int:
    """Completed years of life on a day."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))

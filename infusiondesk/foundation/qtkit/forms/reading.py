"""What people type, read strictly and written back unambiguously: dates, times and numbers; no Qt, no clock.

A date is typed as `24 Nov 2026`, `2026-11-24` or `11/24/2026` (month first, as everywhere in the United States) and
is echoed as `Tuesday 24 Nov 2026`, so a swapped day and month is seen at once. A number never shows a trailing zero,
always a leading one, and a comma from 1,000 (ISMP).
"""

import re
from datetime import date, datetime, time, tzinfo
from decimal import Decimal, InvalidOperation

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONG_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_US = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_WORDS = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4})")
_WORDS_US = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})")
_SHORT_YEAR = re.compile(r"\d{1,2}[/ -](\d{1,2}|[A-Za-z]{3,9})[/ -]\d{2}")
_TIME = re.compile(r"(\d{1,2}):?(\d{2}) ?([ap]m)?", re.IGNORECASE)
_NUMBER = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?")


class Unreadable(Exception):
    """What was typed cannot be read; the sentence says how to write it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def read_date(typed: str) -> date:
    """A date in one of the three ways."""
    words = " ".join(typed.split())
    if found := _ISO.fullmatch(words):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    elif found := _US.fullmatch(words):
        month, day, year = int(found[1]), int(found[2]), int(found[3])
    elif found := _WORDS.fullmatch(words):
        day, month, year = int(found[1]), _month(found[2]), int(found[3])
    elif found := _WORDS_US.fullmatch(words):
        month, day, year = _month(found[1]), int(found[2]), int(found[3])
    elif _SHORT_YEAR.fullmatch(words):
        raise Unreadable("Write the year with four digits, like 24 Nov 2026.")
    else:
        raise Unreadable("Write the date like 24 Nov 2026, 2026-11-24 or 11/24/2026.")
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable("There is no such day in the calendar.") from None


def _month(word: str) -> int:
    name = word.casefold()
    for number, whole in enumerate(_LONG_MONTHS, 1):
        if name in (whole, whole[:3]) or (whole == "september" and name == "sept"):
            return number
    raise Unreadable(f"“{word}” is not the name of a month.")


def write_date(day: date) -> str:
    """24 Nov 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def echo_date(day: date) -> str:
    """Tuesday 24 Nov 2026."""
    return f"{WEEKDAYS[day.weekday()]} {write_date(day)}"


def read_time(typed: str) -> time:
    """14:05, 1405, 2:05 pm."""
    found = _TIME.fullmatch(" ".join(typed.split()))
    if found is None:
        raise Unreadable("Write the time like 14:05 or 2:05 pm.")
    hour, minute = int(found[1]), int(found[2])
    if half := (found[3] or "").casefold():
        if not 1 <= hour <= 12:
            raise Unreadable("With am or pm the hour is 1 to 12.")
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        raise Unreadable("There is no such time; the day ends at 23:59.")
    return time(hour, minute)


def write_time(when: time) -> str:
    """14:05."""
    return f"{when.hour:02}:{when.minute:02}"


def read_datetime(typed: str, zone: tzinfo | None = None) -> datetime:
    """A date and a time, `24 Nov 2026 14:05`; with a zone the answer is aware."""
    words = " ".join(typed.replace(",", " ").split())
    parts = words.split(" ")
    cut = -2 if parts and parts[-1].casefold() in ("am", "pm") else -1
    head, tail = " ".join(parts[:cut]), " ".join(parts[cut:])
    if not head or (":" not in tail and not tail.replace(" ", "").casefold().rstrip("apm").isdigit()):
        raise Unreadable("Write date and time like 24 Nov 2026 14:05.")
    try:
        day = read_date(head)
    except Unreadable:
        if len(parts) < 3:
            raise Unreadable("Write date and time like 24 Nov 2026 14:05.") from None
        raise
    when = datetime.combine(day, read_time(tail), tzinfo=zone)
    if zone is not None and _skipped(when):
        raise Unreadable("The clocks go forward over that time: it does not exist. Write a time before or after.")
    return when


def _skipped(when: datetime) -> bool:
    from datetime import UTC

    return when.astimezone(UTC).astimezone(when.tzinfo).replace(tzinfo=None) != when.replace(tzinfo=None)


def write_datetime(when: datetime) -> str:
    """24 Nov 2026 14:05, in the zone that the value carries."""
    return f"{write_date(when.date())} {write_time(when.time())}"


def read_number(typed: str, places: int) -> Decimal:
    """A number with at most so many decimal places; commas only where thousands are."""
    words = typed.strip().replace("\N{MINUS SIGN}", "-")
    if not words or words in ("-", ".") or _NUMBER.fullmatch(words) is None or not any(sign.isdigit() for sign in words):
        raise Unreadable("Write a number, like 1,250 or 0.5.")
    try:
        number = Decimal(words.replace(",", ""))
    except InvalidOperation:
        raise Unreadable("Write a number, like 1,250 or 0.5.") from None
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > places and number != round(number, places):
        raise Unreadable("Write a whole number." if places == 0 else f"At most {places} decimal place{'s'[: places - 1]} here.")
    return number


def write_number(number: Decimal, fixed: int | None = None) -> str:
    """No trailing zero, a leading zero, a comma from 1,000; `fixed` places only for money."""
    if fixed is not None:
        return f"{number:,.{fixed}f}"
    words = f"{number:,f}"
    return words.rstrip("0").rstrip(".") if "." in words else words

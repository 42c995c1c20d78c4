"""What a temperature logger's file says: its columns, how its dates and numbers are written, and each line as an instant."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Final
from uuid import UUID

from infusiondesk.foundation.kernel.ismp import counted, day, moment
from infusiondesk.foundation.kernel.outcomes import Problem, Refused
from infusiondesk.inventory.rules.temperatures import Scale, in_celsius

COLDEST, WARMEST = Decimal(-200), Decimal(100)  # beyond these a logger is broken, not the place
DAY_FIRST, MONTH_FIRST = "day first", "month first"
_READABLE: Final = 10_000  # what is beyond cannot be rounded to a thousandth with the same digits
_MINUTES: Final = [timedelta(minutes=minute) for minute in range(60)]
_DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_FAHRENHEIT: Final = re.compile(r"(^|[\s(°_,])F\)?$|fahrenheit", re.IGNORECASE)
_CELSIUS: Final = re.compile(r"(^|[\s(°_,])C\)?$|celsius", re.IGNORECASE)
_UNIT: Final = re.compile(r"\s*°?\s*([CF])$", re.IGNORECASE)
_SERIAL: Final = re.compile(r"serial[^:;,\t]*[:;,\t#]+\s*\"?([\w./-]+)", re.IGNORECASE)
_MOMENT: Final = re.compile(
    r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})[T ,]+(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*"
    r"(?:([AP])\.?M\.?)?\s*(Z|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Table:
    """The lines of a file under its headings, each with its number in the file."""

    name: str
    delimiter: str
    serial: str
    head: tuple[str, ...]
    numbers: tuple[int, ...]
    rows: tuple[Sequence[str], ...]

    def cells(self, column: int) -> list[str]:
        """What stands in a column; a short line has nothing."""
        return [cells[column].strip() if column < len(cells) else "" for cells in self.rows]


@dataclass(frozen=True)
class LoggerFile:
    """Every line that holds a temperature, oldest first, and everything that was decided in reading them."""

    serial: str
    lines: tuple[tuple[datetime, Decimal], ...]
    said: tuple[str, ...]


@dataclass(frozen=True)
class LoggerWish:
    """What a person said of a file: its zone, and what the file does not say itself ("" = as it is found out)."""

    zone: tzinfo
    zone_words: str
    order: str = ""
    scale: str = ""
    column: str = ""


PHARMACY, WINTER, UTC_ZONE = "pharmacy", "winter", "utc"


@dataclass
class LoggerDraft:
    """A file as it was chosen, and what a person says of it; what is "" is found out."""

    name: str = ""
    content: bytes = b""
    monitor_id: UUID | None = None
    zone: str = PHARMACY
    order: str = ""
    scale: str = ""
    column: str = ""

    def problems(self) -> list[Problem]:
        if not self.content:
            return [Problem("name", "Choose the file.")]
        return [] if self.zone in (PHARMACY, WINTER, UTC_ZONE) else [Problem("zone", "Choose one of the list.")]

    def wish(self, zone: tzinfo) -> LoggerWish:
        """The same with the pharmacy's zone filled in."""
        own = getattr(zone, "key", str(zone))
        chosen: dict[str, tuple[tzinfo, str]] = {
            PHARMACY: (zone, own),
            WINTER: (timezone(_offsets(datetime(2026, 1, 1, tzinfo=UTC), zone)[0]), f"{own}, winter time all year"),
            UTC_ZONE: (UTC, "UTC"),
        }
        return LoggerWish(*chosen[self.zone], self.order, self.scale, self.column)


def table_of(content: bytes, name: str) -> Table:
    """Find the line of headings and what separates the columns; refuse what has no column of temperatures."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "cp1252", errors="replace")
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    for place, (_, line) in enumerate(lines):
        for delimiter in _DELIMITERS:
            if delimiter in line and any(is_temperature(words) for words in line.split(delimiter)):
                return _table(name, delimiter, lines, place)
    first = f" Its first line is “{lines[0][1].strip()[:60]}”." if lines else ""
    raise Refused(f"{name} has no column that is called a temperature.{first} Nothing was taken.")


def _table(name: str, delimiter: str, lines: Sequence[tuple[int, str]], place: int) -> Table:
    head, *rows = csv.reader(io.StringIO("\n".join(line for _, line in lines[place:])), delimiter=delimiter)
    before = next((found[1] for _, line in lines[:place] if (found := _SERIAL.search(line))), "")
    numbers = tuple(number for number, _ in lines[place + 1 :])
    return Table(name, delimiter, before, tuple(words.strip() for words in head), numbers, tuple(rows))


def is_temperature(words: str) -> bool:
    """Whether a heading names a temperature."""
    told = words.strip().strip('"').casefold()
    return told.startswith("temp") or "°c" in told or "°f" in told or "celsius" in told or "fahrenheit" in told


def temperature_columns(table: Table) -> list[str]:
    """The headings that name a temperature, in their order."""
    return [words for words in table.head if is_temperature(words)]


def scale_of(table: Table, column: int) -> Scale | None:
    """Celsius or Fahrenheit, from the heading or the first number that names it; None: the file does not say."""
    words = table.head[column]
    if not _FAHRENHEIT.search(words) and not _CELSIUS.search(words):
        first = next(filter(None, table.cells(column)), "")
        found = _UNIT.search(first)
        return Scale(found[1].upper()) if found else None
    return Scale.FAHRENHEIT if _FAHRENHEIT.search(words) else Scale.CELSIUS


def celsius_of(table: Table, column: int, scale: Scale) -> list[Decimal | None]:
    """Every temperature of a column in degrees Celsius; None where the logger wrote none. Refuses what no place can have."""
    known: dict[str, Decimal | None] = {}
    found: list[Decimal | None] = []
    for number, cell in zip(table.numbers, table.cells(column), strict=True):
        if cell not in known:
            value = _celsius(cell, scale)
            if value is not None and (not value.is_finite() or not COLDEST <= value <= WARMEST):
                place = f"{table.name}, line {number}"
                raise Refused(f"{place}: {cell} is no temperature of any storage. Read the logger again.")
            known[cell] = value
        found.append(known[cell])
    return found


def _celsius(cell: str, scale: Scale) -> Decimal | None:
    try:
        value = Decimal(_UNIT.sub("", cell).replace(",", ".").replace("−", "-"))
    except InvalidOperation:
        return None
    return in_celsius(value, scale) if value.is_finite() and abs(value) < _READABLE else value


def read_logger_file(content: bytes, name: str, wish: LoggerWish) -> LoggerFile:
    """Read a file whole, or refuse it whole with the line or column that is wrong."""
    table = table_of(content, name)
    columns = temperature_columns(table)
    chosen = wish.column if wish.column in columns else columns[0]
    column = table.head.index(chosen)
    scale = scale_of(table, column) or (Scale(wish.scale) if wish.scale else None)
    if scale is None:
        raise Refused(f"“{chosen}” does not say whether it is °C or °F. Choose the scale.", field="scale")
    day_column, time_column = _time_columns(table)
    used = {column, day_column, time_column}
    unread = [words for place, words in enumerate(table.head) if words and place not in used]
    comma = any("," in cell for cell in table.cells(column))
    time_words = " and ".join(f"“{table.head[place]}”" for place in dict.fromkeys((day_column, time_column)))
    said = [
        f"Time from {time_words}, temperature from “{chosen}” in °{scale}"
        + (f"; not read: {', '.join(unread)}." if unread else "."),
        f"Columns are parted by {_DELIMITERS[table.delimiter]}" + (", decimals by a comma." if comma else "."),
    ]
    values = celsius_of(table, column, scale)
    walls, with_offset, told = _moments(table, day_column, time_column, wish.order)
    said += told
    kept = [row for row, value in enumerate(values) if value is not None]
    if not kept:
        raise Refused(f"{name} holds no temperature.")
    if walls[kept[0]] > walls[kept[-1]]:
        kept.reverse()
        said.append("The newest line stands first.")
    if empty := len(values) - len(kept):
        said.append(f"{counted(empty, 'line')} without a temperature.")
    at = [walls[row] for row in kept]
    if with_offset == len(walls):
        told = ["Each line names its own offset from UTC."]
    elif with_offset:
        raise Refused(f"Some lines of {name} name an offset from UTC and some do not. Nothing was taken.")
    else:
        at, told = _instants(at, [table.numbers[row] for row in kept], name, wish)
    said += told
    return _sorted(table.serial, list(zip(at, (values[row] for row in kept), strict=True)), said)


def _sorted(serial: str, lines: Sequence[tuple[datetime, Decimal | None]], said: list[str]) -> LoggerFile:
    """Oldest first, each line once."""
    whole = [(at, value) for at, value in lines if value is not None]
    once = list(dict.fromkeys(whole))
    if len(once) < len(whole):
        said.append(f"{counted(len(whole) - len(once), 'line')} of the file came a second time; left out.")
    moved = sum(after[0] < before[0] for before, after in pairwise(once))
    if moved:
        said.append(f"{counted(moved, 'line')} stood out of order; sorted by time.")
    return LoggerFile(serial, tuple(sorted(once, key=lambda line: line[0])), tuple(said))


def _time_columns(table: Table) -> tuple[int, int]:
    """Where day and time stand: in one column, or in two."""
    told = [words.casefold() for words in table.head]
    named = [
        place
        for place, words in enumerate(told)
        if re.match(r"\W*(date|time|timestamp|day|logged|recorded|local|datum|zeit|reading (date|time)|utc|gmt)", words)
        and not is_temperature(words)
        and "zone" not in words
    ]
    if not named:
        raise Refused(f"{table.name} has no column that is called a date or a time; its columns are {', '.join(table.head)}.")
    whole = next((place for place in named if any(map(_MOMENT.fullmatch, table.cells(place)[:1]))), None)
    if whole is not None:
        return whole, whole
    days = [place for place in named if "date" in told[place] or "day" in told[place] or "datum" in told[place]]
    times = [place for place in named if place not in days]
    return (days[0], times[0]) if days and times else (named[0], named[0])


def _moments(table: Table, day_column: int, time_column: int, wish: str) -> tuple[list[datetime], int, list[str]]:
    """Each line's time as it is written, how many name their offset from UTC, and in which order the dates were read.

    What is written is kept as if it were UTC; a line that names its offset is brought to UTC.
    """
    parts = []
    cells = table.cells(day_column)
    if time_column != day_column:
        cells = [f"{on} {at}" for on, at in zip(cells, table.cells(time_column), strict=True)]
    for number, cell in zip(table.numbers, cells, strict=True):
        found = _MOMENT.fullmatch(cell)
        if found is None:
            heading = table.head[day_column]
            raise Refused(f"{table.name}, line {number}: “{cell}” under “{heading}” is no date with a time. Nothing was taken.")
        parts.append(found.groups())
    order, told = _order(table.name, parts, wish)
    walls: list[datetime] = []
    hours: dict[Sequence[str], datetime] = {}
    for number, part in zip(table.numbers, parts, strict=True):
        try:
            key = (*part[:4], *part[6:])
            if key not in hours:
                hours[key] = _hour(part, order)
            wall = hours[key] + _MINUTES[int(part[4])]
            walls.append(wall + timedelta(seconds=int(part[5])) if part[5] else wall)
        except (ValueError, IndexError):
            words = f"{'/'.join(part[:3])} {part[3]}:{part[4]}"
            raise Refused(f"{table.name}, line {number}: {words} is no date and time, {order or 'year first'}.") from None
    return walls, sum(part[7] is not None for part in parts), told


def _order(name: str, parts: Sequence[tuple[str, ...]], wish: str) -> tuple[str, list[str]]:
    """Day or month first: what the person said, what the numbers prove, else as it is written in the United States, and said."""
    short = [(int(part[0]), int(part[1])) for part in parts if len(part[0]) < 3]
    if not short:
        return "", ["Dates are written year first."]
    if wish:
        return wish, [f"Dates are read {wish}, as chosen."]
    over_first, over_second = any(first > 12 for first, _ in short), any(second > 12 for _, second in short)
    if over_first and over_second:
        raise Refused(f"The dates of {name} are written in two ways: both numbers go above 12. Nothing was taken.")
    if over_first or over_second:
        order = DAY_FIRST if over_first else MONTH_FIRST
        return order, [f"Dates are read {order}: the other number goes above 12."]
    return MONTH_FIRST, ["Dates could be read either way; taken month first. Choose the order if that is wrong."]


def _hour(part: Sequence[str], order: str) -> datetime:
    first, second, third, hour, _, _, half, offset = part
    year, month, number = int(first), int(second), int(third)
    if len(first) < 3:
        year = int(third) + (2000 if len(third) < 3 else 0)
        month, number = (int(second), int(first)) if order == DAY_FIRST else (int(first), int(second))
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            raise ValueError("no hour of a half day")
        hours = hours % 12 + (12 if half in "pP" else 0)
    found = datetime(year, month, number, hours, tzinfo=UTC)
    if not offset or offset in "zZ":
        return found
    ahead = timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
    return found - ahead if offset[0] == "+" else found + ahead


def _instants(walls: Sequence[datetime], numbers: Sequence[int], name: str, wish: LoggerWish) -> tuple[list[datetime], list[str]]:
    """Each wall time as an instant. Where the clocks go back, the second pass is known by the time going back in the file."""
    found: list[datetime] = []
    twice: dict[datetime, int] = {}
    offsets: dict[tuple[int, int, int, int, bool], tuple[timedelta, timedelta]] = {}
    for wall, number in zip(walls, numbers, strict=True):
        key = (wall.year, wall.month, wall.day, wall.hour, wall.minute < 30)
        pair = offsets.get(key)
        if pair is None:
            pair = offsets[key] = _offsets(wall, wish.zone)
        at = wall - pair[0]
        if pair[0] < pair[1]:
            raise Refused(
                f"{name}, line {number}: {moment(wall)} does not exist in {wish.zone_words}, the clocks went forward. "
                "The logger's own clock did not: choose a zone without a change.",
                field="zone",
            )
        if pair[0] > pair[1]:
            begin = wall.replace(minute=0, second=0)
            is_second = bool(found) and at < found[-1]
            twice[begin] = twice.get(begin, 0) + is_second
            at = wall - pair[1] if is_second else at
        found.append(at)
    told = [f"Times are those of {wish.zone_words}."]
    for begin, seconds in twice.items():
        when = f"On {day(begin)} the clocks went back: the hour from {begin:%H:%M}"
        if seconds:
            told.append(f"{when} is in the file twice, and the second time is the later one.")
        else:
            told.append(f"{when} came twice but is in the file once; taken as the first. It may be an hour later.")
    return found, told


def _offsets(wall: datetime, zone: tzinfo) -> tuple[timedelta, timedelta]:
    first, second = (wall.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta(0) for fold in (0, 1))
    return first, second

"""Fields by declaration: what a draft's attribute is called on screen, and how its value is read and written.

Pure values: no Qt here. A field reads what was typed into a value for the draft (or raises Unreadable), writes a value
back as text, and echoes what it understood.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from typing import Any, NamedTuple

from infusiondesk.foundation.qtkit.forms.conversions import CONVERSIONS, Conversion
from infusiondesk.foundation.qtkit.forms.reading import (
    Unreadable,
    echo_date,
    read_date,
    read_datetime,
    read_number,
    read_time,
    write_date,
    write_datetime,
    write_number,
    write_time,
)


@dataclass(frozen=True)
class Field:
    """One attribute of the draft as a person sees it."""

    name: str
    label: str
    required: bool = False
    hint: str = ""
    wide: bool = False

    def read(self, typed: str) -> Any:
        """The value for the draft; raises Unreadable."""
        return typed.strip()

    def write(self, value: Any) -> str:
        """The value as a person would type it."""
        return "" if value is None else str(value)

    def echo(self, typed: str) -> str:
        """What was understood, where that is not plain from what was typed."""
        return ""

    def is_empty(self, typed: str) -> bool:
        """Whether nothing was answered."""
        return not typed.strip()


@dataclass(frozen=True)
class TextField(Field):
    """One line of text; the draft gets a `str`, empty when nothing was typed."""

    longest: int = 200
    secret: bool = False  # a password: shown as dots, never part of a kept draft


@dataclass(frozen=True)
class LongTextField(Field):
    """Several lines of text, a note."""

    lines: int = 4
    wide: bool = True


@dataclass(frozen=True)
class DateField(Field):
    """A day; the draft gets a `date`, None when nothing was typed."""

    def read(self, typed: str) -> date | None:
        return read_date(typed) if typed.strip() else None

    def write(self, value: Any) -> str:
        return "" if value is None else write_date(value)

    def echo(self, typed: str) -> str:
        try:
            day = self.read(typed)
        except Unreadable:
            return ""
        return echo_date(day) if day else ""


@dataclass(frozen=True)
class TimeField(Field):
    """A time of day; the draft gets a `time`, or None."""

    def read(self, typed: str) -> time | None:
        return read_time(typed) if typed.strip() else None

    def write(self, value: Any) -> str:
        return "" if value is None else write_time(value)

    def echo(self, typed: str) -> str:
        try:
            when = self.read(typed)
        except Unreadable:
            return ""
        return write_time(when) if when and write_time(when) != typed.strip() else ""


@dataclass(frozen=True)
class DateTimeField(Field):
    """A day and a time; the draft gets a `datetime` (aware where a zone is given), or None."""

    zone: tzinfo | None = None

    def read(self, typed: str) -> datetime | None:
        return read_datetime(typed, self.zone) if typed.strip() else None

    def write(self, value: Any) -> str:
        if value is None:
            return ""
        return write_datetime(value.astimezone(self.zone) if self.zone and value.tzinfo else value)

    def echo(self, typed: str) -> str:
        try:
            when = self.read(typed)
        except Unreadable:
            return ""
        return f"{echo_date(when.date())}, {write_time(when.time())}" if when else ""


@dataclass(frozen=True)
class NumberField(Field):
    """A quantity with its unit; the draft gets a `Decimal` (an `int` where `whole`), or None.

    `also="lb"` lets a person type `157 lb` into a kilogram field and shows both.
    """

    unit: str = ""
    places: int = 2
    also: str = ""
    whole: bool = False
    fixed: bool = False

    def _conversion(self) -> Conversion | None:
        return CONVERSIONS[self.also] if self.also else None

    def read(self, typed: str) -> Decimal | int | None:
        words = typed.strip()
        if not words:
            return None
        conversion = self._conversion()
        if conversion and words.casefold().endswith(conversion.other.casefold()):
            return conversion.value(read_number(words[: -len(conversion.other)], 2))
        if self.unit and words.casefold().endswith(self.unit.casefold()):
            words = words[: -len(self.unit)].strip()
        number = read_number(words, 0 if self.whole else self.places)
        return int(number) if self.whole else number

    def write(self, value: Any) -> str:
        if value is None:
            return ""
        return write_number(Decimal(value), self.places if self.fixed else None)

    def echo(self, typed: str) -> str:
        conversion = self._conversion()
        try:
            value = self.read(typed)
        except Unreadable:
            return ""
        if value is None or conversion is None:
            return ""
        if typed.strip().casefold().endswith(conversion.other.casefold()):
            return f"{write_number(Decimal(value))} {conversion.unit}"
        return f"{write_number(conversion.shown(Decimal(value)))} {conversion.other}"


@dataclass(frozen=True)
class ChoiceField(Field):
    """One of several; the draft gets the choice's value, None while unanswered.

    `choices` are values (shown as their words) or pairs of value and words. Up to four short ones stand side by side
    (`spread`), more are a list that opens.
    """

    choices: Sequence[Any] = ()
    spread: bool | None = None

    def pairs(self) -> list[tuple[Any, str]]:
        """Each value with its words."""
        return [choice if isinstance(choice, tuple) else (choice, str(choice)) for choice in self.choices]

    def is_spread(self) -> bool:
        """Whether the choices stand side by side."""
        if self.spread is not None:
            return self.spread
        words = [word for _, word in self.pairs()]
        return len(words) <= 4 and sum(len(word) + 6 for word in words) <= 44

    def read(self, typed: str) -> Any:
        if not typed:
            return None
        for value, words in self.pairs():
            if words == typed:
                return value
        raise Unreadable(f"“{typed}” is no longer one of the choices.")

    def write(self, value: Any) -> str:
        return next((words for one, words in self.pairs() if one == value), "" if value is None else str(value))


@dataclass(frozen=True)
class CheckField(Field):
    """Yes or no; the draft gets a `bool`. Never for a clinical question, which has to be answered: use a ChoiceField."""

    def read(self, typed: str) -> bool:
        return typed == "yes"

    def write(self, value: Any) -> str:
        return "yes" if value else ""

    def is_empty(self, typed: str) -> bool:
        return False


@dataclass(frozen=True)
class MultiChoiceField(ChoiceField):
    """Any of several; the draft gets a tuple of values in the order of the choices."""

    wide: bool = True

    def read(self, typed: str) -> tuple[Any, ...]:
        wanted = typed.split("\n") if typed else []
        known = [words for _, words in self.pairs()]
        if lost := [words for words in wanted if words not in known]:
            raise Unreadable(f"“{lost[0]}” is no longer one of the choices.")
        return tuple(value for value, words in self.pairs() if words in wanted)

    def write(self, value: Any) -> str:
        chosen = list(value or ())
        return "\n".join(words for one, words in self.pairs() if one in chosen)


class Code(NamedTuple):
    """A code with its meaning, and what the draft gets for it (the code itself where `value` is None)."""

    code: str
    meaning: str
    value: Any = None

    def words(self) -> str:
        """How it stands in the field."""
        return f"{self.code}  {self.meaning}" if self.meaning else self.code


Answer = Callable[[Sequence[Code]], None]
LookUp = Callable[[str, Answer], None]


@dataclass(frozen=True)
class CodeField(Field):
    """A code looked up while typing; the draft gets the value of the chosen Code, None while nothing was chosen.

    `look_up(words, then)` is called with what was typed and answers with `then([Code(...), ...])`, at once or later.
    `must_choose=False` also takes free text that matches no code.
    """

    look_up: LookUp = lambda words, then: then(())
    must_choose: bool = True

"""Reading a question somebody wrote as JSON: strict, and exact about which field is wrong."""

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Final, TypeVar, overload

T = TypeVar("T")
D = TypeVar("D")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?\Z")


class Required(Enum):
    """Stands for "no default": the field must be there."""

    TOKEN = 0


REQUIRED: Final = Required.TOKEN


class Malformed(Exception):
    """The question itself is wrong: an unknown field, a wrong type, an impossible date. `field` is its path."""

    def __init__(self, field: str | None, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


@dataclass(frozen=True)
class NotANumber:
    """NaN or Infinity as it stood in the file: no parser takes it."""

    word: str

    def __str__(self) -> str:
        return self.word


def read_json(text: str) -> object:
    """Parse JSON with exact decimals. NaN and Infinity become what no field takes, so that only their own question is refused."""

    def no_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise Malformed(None, "a field stands twice in one object")
        return found

    try:
        return json.loads(text, parse_float=Decimal, parse_constant=NotANumber, object_pairs_hook=no_twins)
    except (ValueError, RecursionError) as error:  # JSONDecodeError is one; a number of over 4,300 digits another
        raise Malformed(None, f"not JSON: {error}") from error


@dataclass
class Fields:
    """One JSON object being read field by field; `finish` refuses what nobody asked for.

    ``fields.read("start", a_date)`` is required; ``fields.read("start", a_date, None)`` falls back where the field is absent
    or null. A parser takes the raw JSON value and raises ValueError with a short message; the path is added here.
    """

    values: Mapping[str, object]
    path: str = ""
    asked: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, value: object, path: str = "") -> "Fields":
        if not isinstance(value, dict):
            raise Malformed(path or None, f"not an object: {shown(value)}")
        return cls(value, path)

    def at(self, name: str) -> str:
        """The full path of a field, as ``therapies[0].start``."""
        return f"{self.path}.{name}" if self.path else name

    def wrong(self, name: str, message: str) -> Malformed:
        """The complaint about one field, for checks that only the caller knows (stop before start)."""
        return Malformed(self.at(name), message)

    def has(self, name: str) -> bool:
        """True when the field is there and not null."""
        self.asked.add(name)
        return self.values.get(name) is not None

    @overload
    def read(self, name: str, parse: Callable[[object], T]) -> T: ...
    @overload
    def read(self, name: str, parse: Callable[[object], T], default: D) -> T | D: ...
    def read(self, name: str, parse: Callable[[object], T], default: D | Required = REQUIRED) -> T | D:
        self.asked.add(name)
        value = self.values.get(name)
        if value is None:
            if isinstance(default, Required):
                raise self.wrong(name, "required")
            return default
        try:
            return parse(value)
        except ValueError as error:
            raise self.wrong(name, str(error)) from error

    def many(self, name: str, parse: Callable[[object], T]) -> list[T]:
        """A list of plain values; absent means empty."""
        found = []
        for index, value in enumerate(self.read(name, a_list, [])):
            try:
                found.append(parse(value))
            except ValueError as error:
                raise Malformed(f"{self.at(name)}[{index}]", str(error)) from error
        return found

    def objects(self, name: str) -> list["Fields"]:
        """A list of objects, each to be read in turn; absent means empty."""
        return [Fields.of(value, f"{self.at(name)}[{index}]") for index, value in enumerate(self.read(name, a_list, []))]

    def object(self, name: str) -> "Fields | None":
        """One object, or None where it is absent or null."""
        self.asked.add(name)
        value = self.values.get(name)
        return None if value is None else Fields.of(value, self.at(name))

    def finish(self) -> None:
        """Refuse the first field that nobody asked for."""
        for name in self.values:
            if name not in self.asked:
                raise self.wrong(name, "unknown field")


def shown(value: object) -> str:
    """A JSON value in an error message: short, as it stood."""
    if isinstance(value, NotANumber):
        return value.word
    words = str(value) if isinstance(value, Decimal) else json.dumps(value, default=str, ensure_ascii=False)
    return words if len(words) <= 40 else words[:37] + "..."


def text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"not text: {shown(value)}")
    return value


def boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"not true or false: {shown(value)}")
    return value


def number(value: object) -> Decimal:
    """An exact decimal; JSON integers and fractions alike, never a boolean."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError(f"not a number: {shown(value)}")
    return Decimal(value)


def integer(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"not a whole number: {shown(value)}")
    return value


def a_date(value: object) -> date:
    """``YYYY-MM-DD`` and a day that exists."""
    if not isinstance(value, str) or not _DATE.match(value):
        raise ValueError(f"not a date: {value if isinstance(value, str) else shown(value)}")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"not a date: {value}") from None


def a_time(value: object) -> datetime:
    """``YYYY-MM-DDTHH:MM``, local (naive) or with an offset (aware)."""
    if not isinstance(value, str) or not _TIME.match(value):
        raise ValueError(f"not a time: {value if isinstance(value, str) else shown(value)}")
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(f"not a time: {value}") from None


def a_list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError(f"not a list: {shown(value)}")
    return value


def one_of(values: Collection[str]) -> Callable[[object], str]:
    """A parser that takes only these words."""

    def parse(value: object) -> str:
        if text(value) not in values:
            raise ValueError(f"not one of {', '.join(values)}: {value}")
        return text(value)

    return parse


def json_ready(value: object) -> object:
    """What an answer may hold, as JSON-ready values: Decimals become JSON numbers without loss, dates ISO text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: json_ready(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [json_ready(inner) for inner in value]
    return value


def answered(questions: object, answer: Callable[[Fields], dict[str, object]], kind: str) -> tuple[object, int]:
    """Answer one question or a list of them; a malformed one is answered in its place.

    Returns the JSON-ready answer (an object, or a list in the same order) and the exit status: 0, or 2 when any was malformed.
    """

    def one(value: object, index: int) -> tuple[dict[str, object], bool]:
        asked_id = value.get("id") if isinstance(value, dict) else None
        try:
            fields = Fields.of(value)
            fields.read("id", text, None)
            fields.read("note", text, None)
            result = answer(fields)
        except Malformed as error:
            return {"id": asked_id, "error": {"index": index, "field": error.field, "message": error.message}}, False
        return {"id": asked_id, "kind": kind, **result}, True

    many = questions if isinstance(questions, list) else [questions]
    answers = [one(value, index) for index, value in enumerate(many)]
    status = 0 if all(fine for _, fine in answers) else 2
    ready = [json_ready(value) for value, _ in answers]
    return (ready if isinstance(questions, list) else ready[0]), status

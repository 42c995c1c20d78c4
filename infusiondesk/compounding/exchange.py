"""Beyond-use questions somebody wrote as JSON, and the reviewed table of limits as CSV, turned into values for the rules."""

import calendar
import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import StrEnum
from functools import cache, partial
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from infusiondesk.compounding.rules import (
    Category,
    CategoryLimit,
    Component,
    ContainerKind,
    Facility,
    Limits,
    Method,
    Move,
    Opened,
    Preparation,
    Refusal,
    StartingComponents,
    SterilityTest,
    Storage,
    WallClock,
    beyond_use_date,
    in_use_limit,
    kinetic_reading,
    sterility_sample,
)
from infusiondesk.compounding.rules.wall_clock import AMPLE_HOURS
from infusiondesk.foundation.kernel.questions import Fields, a_date, a_time, boolean, integer, number, one_of, text
from infusiondesk.inventory.rules.temperatures import Stay

E = TypeVar("E", bound=StrEnum)
_LIMITS_FILE = Path(__file__).resolve().parents[2] / "db" / "reference" / "beyond_use_limits.csv"
_YEAR_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])\Z")
_YES_OR_NO = {"yes": True, "no": False, "": None}
# Wide enough for any drug, narrow enough that no limit leaves Python's calendar.
_YEARS = range(1900, 8000)
_FIRST_EXPIRY, _LAST_EXPIRY = date(1900, 1, 1), date(9900, 12, 31)


def answer(question: Fields) -> dict[str, object]:
    """Answer one `bud` question; a refusal by a rule is an answer."""
    kinds: dict[str, Callable[[Fields], dict[str, object] | Refusal]] = {
        "assign": _assign,
        "container": _container,
        "test_units": _test_units,
        "mean_kinetic_temperature": _mean_kinetic_temperature,
    }
    found = kinds[question.read("question", one_of(kinds), "assign")](question)
    if not isinstance(found, Refusal):
        return found
    refused: dict[str, object] = {"code": found.code, "field": found.field, "text": found.text}
    answered: dict[str, object] = {"refused_because": refused, "because": found.because, "sources": found.sources}
    if found.offer_category:
        # The contract says that the refusal "adds" the offer without saying where; both places are read.
        refused["offer"] = answered["offer"] = {"category": found.offer_category}
    return answered


@cache
def reviewed_limits() -> Limits:
    """The table of limits that ships with this version."""
    return limits_from_csv(_LIMITS_FILE.read_text(encoding="utf-8"))


def limits_from_csv(table: str) -> Limits:
    """Turn the table's text into values; lines that begin with # say where it comes from."""
    rows = list(csv.DictReader(line for line in table.splitlines() if not line.startswith("#")))
    by_kind = {row["kind"]: Decimal(row["value"]) for row in rows if row["kind"] in ("sterile_products", "home_addition")}
    return Limits(
        categories=tuple(_category_limit(row) for row in rows if row["kind"] == "category"),
        in_use={ContainerKind(row["container"]): Decimal(row["value"]) for row in rows if row["kind"] == "in_use"},
        most_sterile_products=by_kind["sterile_products"],
        home_addition_hours=by_kind["home_addition"],
    )


def _category_limit(row: dict[str, str]) -> CategoryLimit:
    return CategoryLimit(
        category=Category(row["category"]),
        hours=Decimal(row["value"]) if row["value"] else None,
        source=row["source"],
        method=Method(row["method"]) if row["method"] else None,
        tested=_YES_OR_NO[row["tested"]],
        components=StartingComponents(row["components"]) if row["components"] else None,
        storage=Storage(row["storage"]) if row["storage"] else None,
    )


def _assign(question: Fields) -> dict[str, object] | Refusal:
    clock = _Clock.of(question, "started_at", question.read("time_zone", a_zone, None))
    category = question.read("category", member(Category))
    facility = question.read("facility", member(Facility), None)
    if facility is None and category is not Category.IMMEDIATE_USE:
        raise question.wrong("facility", "required")
    preparation = Preparation(
        category=category,
        facility=facility,
        storage=question.read("storage", member(Storage)),
        started_at=clock.anchor,
        stability_hours=question.read("stability_hours", some_hours, None),
        method=question.read("method", member(Method), Method.ASEPTIC),
        starting_components=question.read("starting_components", member(StartingComponents), StartingComponents.STERILE_ONLY),
        sterility_test=question.read("sterility_test", member(SterilityTest), SterilityTest.NONE),
        sterile_products=question.read("sterile_products", at_least_one, 1),
        cap_hours=question.read("cap_hours", some_hours, None),
        components=[_component(fields, clock, index) for index, fields in enumerate(question.objects("components"), 1)],
        moves=[_move(fields, clock) for fields in question.objects("moves")],
        wall=clock.wall,
    )
    question.finish()
    found = beyond_use_date(preparation, reviewed_limits())
    if isinstance(found, Refusal):
        return found
    return {
        "beyond_use_at": clock.wall.local(found.beyond_use_at),
        "governed_by": found.governed_by,
        "because": found.because,
        "sources": found.sources,
    }


def _component(fields: Fields, clock: "_Clock", number_in_list: int) -> Component:
    name = fields.read("name", text, f"component {number_in_list}")
    kind = fields.read("container", a_container, None)
    punctured_at = clock.read(fields, "punctured_at") if fields.has("punctured_at") else None
    if punctured_at is not None and kind is None:
        raise fields.wrong("container", "required with punctured_at")
    opened = _opened(fields)
    component = _dated(fields, clock, name, None if kind is None or punctured_at is None else opened(kind, punctured_at))
    fields.finish()
    return component


def _opened(fields: Fields) -> Callable[[ContainerKind, datetime], Opened]:
    """Read all that is told of keeping a container, so that a wrong field is found even where it was never punctured."""
    return partial(
        Opened,
        in_iso5=fields.read("in_iso5", boolean, True),
        maker_hours=fields.read("maker_hours", some_hours, None),
        maker_days=fields.read("maker_days", some_hours, None),
        state_cap_hours=fields.read("state_cap_hours", some_hours, None),
    )


def _dated(fields: Fields, clock: "_Clock", name: str, opened: Opened | None) -> Component:
    beyond_use_at = clock.read(fields, "beyond_use_at") if fields.has("beyond_use_at") else None
    return Component(name, fields.read("expires", an_expiry, None), beyond_use_at, opened)


def _move(fields: Fields, clock: "_Clock") -> Move:
    at = clock.read(fields, "at")
    if at < clock.anchor:
        raise fields.wrong("at", "before the start of preparation")
    move = Move(at, fields.read("to", member(Storage)), fields.read("stability_hours", some_hours, None))
    fields.finish()
    return move


def _container(question: Fields) -> dict[str, object] | Refusal:
    kind = question.read("container", a_container)
    clock = _Clock.of(question, "punctured_at", None)
    opened = _opened(question)(kind, clock.anchor)
    component = _dated(question, clock, "The container", opened)
    question.finish()
    found = in_use_limit(opened, limits=reviewed_limits(), wall=clock.wall, component=component)
    if isinstance(found, Refusal):
        return found
    return {"beyond_use_at": clock.wall.local(found.beyond_use_at), "because": found.because, "sources": found.sources}


def _test_units(question: Fields) -> dict[str, object] | Refusal:
    units = question.read("batch_units", at_least_one)
    question.finish()
    found = sterility_sample(units)
    if isinstance(found, Refusal):
        return found
    return {"units_to_test": found.units_to_test, "because": found.because, "sources": found.sources}


def _mean_kinetic_temperature(question: Fields) -> dict[str, object]:
    readings = []
    for fields in question.objects("readings"):
        readings.append(Stay(fields.read("celsius", a_storage_temperature), fields.read("hours", some_hours)))
        fields.finish()
    if not any(reading.hours for reading in readings):
        raise question.wrong("readings", "at least one reading that lasted is required")
    question.finish()
    found = kinetic_reading(readings)
    return {"mean_kinetic_temperature_c": found.celsius, "because": found.because, "sources": found.sources}


@dataclass(frozen=True)
class _Clock:
    """The wall clock of one question, and its anchor: a bare anchor makes a clock without offset or change."""

    wall: WallClock
    anchor: datetime

    @classmethod
    def of(cls, question: Fields, name: str, zone: ZoneInfo | None) -> "_Clock":
        told = question.read(name, a_time_on_the_calendar)
        offset = told.utcoffset()
        wall = WallClock(zone or (None if offset is None else timezone(offset)))
        return cls(wall, _placed(question, name, told, wall))

    def read(self, fields: Fields, name: str) -> datetime:
        """A further time of the same question; it can be compared with the anchor or it is malformed."""
        return _placed(fields, name, fields.read(name, a_time_on_the_calendar), self.wall)


def _placed(fields: Fields, name: str, told: datetime, wall: WallClock) -> datetime:
    if told.tzinfo and wall.zone is None:
        raise fields.wrong(name, "has an offset, but the start has none")
    if not wall.exists(told):
        raise fields.wrong(name, f"the clocks of {wall.zone} skip this time")
    return wall.instant(told)


def member(kind: type[E]) -> Callable[[object], E]:
    """A parser that takes only the words of one list."""
    parse = one_of([each.value for each in kind])
    return lambda value: kind(parse(value))


def a_container(value: object) -> ContainerKind:
    """What a preparation is drawn from; our own multiple-dose preparations are not asked about from outside."""
    kinds = [kind.value for kind in ContainerKind if kind is not ContainerKind.MULTI_DOSE_CSP]
    return ContainerKind(one_of(kinds)(value))


def some_hours(value: object) -> Decimal:
    """Not below 0; what is longer than any drug lasts is taken as just that."""
    found = number(value)
    if found < 0:
        raise ValueError(f"below 0: {found}")
    return min(found, AMPLE_HOURS)


def at_least_one(value: object) -> int:
    found = integer(value)
    if found < 1:
        raise ValueError(f"below 1: {found}")
    return found


def a_time_on_the_calendar(value: object) -> datetime:
    found = a_time(value)
    if found.year not in _YEARS:
        raise ValueError(f"not a time of this era: {value}")
    return found


def a_zone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(text(value))
    except (KeyError, OSError, ValueError):
        raise ValueError(f"not a time zone: {value}") from None


def an_expiry(value: object) -> date:
    """A date, or a year and month: then the last day of that month (sterile 2.4). "Never" (9999-12) stays on the calendar."""
    month = _YEAR_MONTH.match(value) if isinstance(value, str) else None
    if month is None:
        day = a_date(value)
    else:
        year, number_of_month = int(month[1]), int(month[2])
        day = a_date(f"{value}-{calendar.monthrange(year, number_of_month)[1]}")
    return min(max(day, _FIRST_EXPIRY), _LAST_EXPIRY)


def a_storage_temperature(value: object) -> Decimal:
    """Warmer than absolute zero and colder than an oven: anything else is a slip of the pen."""
    found = number(value)
    if not -273 < found < 1000:
        raise ValueError(f"not a temperature of a storage place: {found}")
    return found

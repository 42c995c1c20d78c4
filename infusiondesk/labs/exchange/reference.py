"""Reads the pharmacy's laboratory tables (db/reference/*.csv): analytes, limits and protocols, each checked line by line."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeVar

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.labs.rules import Analyte, Condition, Level, Limit, Protocol, Schedule, Tables
from infusiondesk.labs.rules.limits import CONDITIONS, KINDS, OTHER_KINDS, SIGNS

REFERENCE: Final = Path(__file__).resolve().parents[3] / "db" / "reference"
_SCHEDULE: Final = re.compile(r"\s*(\w+) ([1-9]\d*)/([1-9]\d*)\s*\Z")
Row = TypeVar("Row")


@lru_cache(maxsize=1)
def own_tables() -> Tables:
    """The tables that come with the program, read once."""
    texts = [(REFERENCE / name).read_text(encoding="utf-8") for name in ("analytes.csv", "analyte_limits.csv", "lab_protocols.csv")]
    return read_tables(*texts)


def read_tables(analytes: str, limits: str, protocols: str) -> Tables:
    """Three CSV texts as one set of tables; the first wrong line is refused by name and number, and then nothing is taken."""
    known = {each.key: each for each in _rows("analytes.csv", analytes, _analyte)}
    codes = {each.code: each for each in _rows("lab_protocols.csv", protocols, _protocol)}

    def limit(row: Mapping[str, str]) -> Limit:
        return _limit(row, known, codes)

    by_analyte: dict[str, tuple[Limit, ...]] = {}
    for each in _rows("analyte_limits.csv", limits, limit):
        by_analyte[each.analyte] = (*by_analyte.get(each.analyte, ()), each)
    return Tables(known, by_analyte, codes)


def _rows(name: str, text: str, parse: Callable[[Mapping[str, str]], Row]) -> Iterator[Row]:
    lines = text.split("\n")
    start = sum(1 for line in lines if line.startswith("#"))
    reader = csv.DictReader(lines[start:], strict=True)
    try:
        for row in reader:
            yield parse(row)
    except ValueError as error:
        raise Refused(f"{name}, line {start + reader.line_num}: {error}.") from error
    except (KeyError, InvalidOperation, AttributeError, TypeError) as error:
        raise Refused(f"{name}, line {start + reader.line_num}: it does not fit the columns.") from error
    except csv.Error as error:
        raise Refused(f"{name}, line {start + reader.line_num + 1}: {error}.") from error


def _analyte(row: Mapping[str, str]) -> Analyte:
    codes = dict(_code(code) for code in row["codes"].split(";") if code.strip())
    if row["kind"] not in ("number", "text"):
        raise ValueError(f"kind {row['kind']} is neither number nor text")
    return Analyte(row["analyte"], row["name"], row["unit"], row["kind"] == "text", codes)


def _code(entry: str) -> tuple[str, str]:
    code, _, status = entry.strip().partition(" ")
    if status not in ("seen", "memory"):
        raise ValueError(f"code {entry.strip()} is neither seen nor memory")
    return code, status


def _limit(row: Mapping[str, str], analytes: Mapping[str, Analyte], protocols: Mapping[str, Protocol]) -> Limit:
    if row["analyte"] not in analytes:
        raise ValueError(f"{row['analyte']} is not in analytes.csv")
    if row["kind"] not in KINDS:
        raise ValueError(f"kind {row['kind']} is not one of {', '.join(KINDS)}")
    if row["kind"] not in OTHER_KINDS and row["sign"] not in SIGNS:
        raise ValueError(f"sign {row['sign'] or 'empty'} is not one of {', '.join(SIGNS)}")
    asked_on = frozenset(row["on"].split())
    if unknown := asked_on - protocols.keys():
        raise ValueError(f"{', '.join(sorted(unknown))} is not in lab_protocols.csv")
    amount = Decimal(row["amount"] or 0)
    span = int(row["span"] or 0)
    when = _condition(row["when"], analytes)
    return Limit(row["analyte"], Level(row["level"]), row["kind"], row["sign"], amount, span, asked_on, when, row["source"])


def _condition(text: str, analytes: Mapping[str, Analyte]) -> Condition | None:
    word, sign, amount = text.partition(">")
    if not text:
        return None
    if (word not in analytes) if sign else (word not in CONDITIONS):
        raise ValueError(f"condition {text} is not known")
    return Condition(word, Decimal(amount) if sign else None)


def _protocol(row: Mapping[str, str]) -> Protocol:
    return Protocol(
        row["code"],
        row["therapy"],
        tuple(drug.strip() for drug in row["drugs"].split(";")),
        row["baseline"],
        tuple(_schedule(entry) for entry in row["schedule"].split(";") if entry.strip()),
        row["during"],
        row["comparison"],
        row["consider"],
        {"yes": True, "no": False}[row["refill_hold"]],
    )


def _schedule(entry: str) -> Schedule:
    found = _SCHEDULE.match(entry)
    if found is None:
        raise ValueError(f"schedule {entry.strip()} is not like bmp 2/7")
    return Schedule(found[1], int(found[2]), int(found[3]))

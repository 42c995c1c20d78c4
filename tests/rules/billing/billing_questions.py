"""Per-diem questions as the tables write them: short to state, short to read; the answers as one string for each line."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from infusiondesk.billing.exchange import answer
from infusiondesk.foundation.kernel.questions import answered, read_json

# Billing 6: fictional contract rates, used only for ranking.
RATES = {
    "S9494": 100,
    "S9500": 95,
    "S9501": 105,
    "S9502": 110,
    "S9503": 120,
    "S9366": 210,
    "S9367": 240,
    "S9375": 80,
    "S9348": 150,
}
Question = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One line of the rule book: the case in words, what is asked, what must come out, and where that is written."""

    case: str
    question: Question
    lines: list[str]
    source: str
    drugs: list[str] | None = None
    nursing: list[str] | None = None
    warnings: list[str] | None = None
    more: dict[str, Any] = field(default_factory=dict)


def therapy(name: str, drug: str, start: str, stop: str, therapy_class: str = "anti_infective", **more: Any) -> Question:
    """One therapy of a question."""
    return {"id": name, "drug": drug, "therapy_class": therapy_class, "start": start, "stop": stop, **more}


def case(*therapies: Question, rates: Mapping[str, float] | None = None, profile: Question | None = None, **more: Any) -> Question:
    """One question; the profile has the rates of billing 6 unless others are given."""
    return {"therapies": list(therapies), "profile": {"rates": RATES if rates is None else rates, **(profile or {})}, **more}


def ask(question: Question) -> dict[str, Any]:
    """Ask one question, JSON in and JSON out, as the command line does."""
    found, status = answered(read_json(json.dumps(question)), answer, "per-diem")
    assert isinstance(found, dict)
    assert status == (2 if "error" in found else 0)
    told: dict[str, Any] = json.loads(json.dumps(found))
    return told


def shown(lines: list[dict[str, Any]]) -> list[str]:
    """Each line as people write it: code, modifiers, units, days, authorization, hold."""
    words = []
    for line in lines:
        code = ":".join([str(line["code"]), *line.get("modifiers", [])])
        days = f" {line['date']}" if "date" in line else f" {line['from']}..{line['to']}" if "from" in line else ""
        number = f" {line['authorization']}" if line.get("authorization") else ""
        held = f" held {line['held_because']}" if line.get("held_because") else ""
        words.append(f"{code} UN{line['units']}{days}{number}{held}")
    return words


def check(row: Row) -> None:
    """The answer to the row's question is what the row says."""
    found = ask(row.question)
    assert "error" not in found, found
    assert shown(found["lines"]) == row.lines
    if row.drugs is not None:
        assert shown(found["drug_lines"]) == row.drugs
    if row.nursing is not None:
        assert shown(found["nursing_lines"]) == row.nursing
    if row.warnings is not None:
        assert [f"{one['code']} {one['therapy']}" for one in found["warnings"]] == row.warnings
    for name, value in row.more.items():
        told = found[name]
        assert (shown(told) if told and isinstance(told[0], dict) else told) == value

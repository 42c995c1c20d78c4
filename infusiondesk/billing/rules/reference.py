"""The code tables the rules look things up in, and how they are read from their reviewed text."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from infusiondesk.billing.rules.codes import CodeLife
from infusiondesk.billing.rules.facts import DoseUnit


class DrugChoice(StrEnum):
    """Whether a code is chosen by itself: the default, a solution by bag size, or only when somebody names it."""

    DEFAULT = "default"
    CONTAINER = "container"
    ALTERNATE = "alternate"
    NOC = "noc"


@dataclass(frozen=True, slots=True)
class DrugCode:
    """One code of one ingredient: its billing unit and the days on which it is in force, both ends counted (billing 4)."""

    names: frozenset[str]
    code: str
    size: Decimal
    unit: DoseUnit
    choice: DrugChoice
    valid_from: date | None
    last_day: date | None
    upto: bool = False
    modifier: str | None = None
    dme_category: str | None = None
    hit_category: int | None = None

    def in_force(self, day: date) -> bool:
        """True from the first to the last day of the code."""
        return (self.valid_from is None or self.valid_from <= day) and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class Reference:
    """The codes and the drugs, as values."""

    codes: Mapping[str, CodeLife]
    drugs: tuple[DrugCode, ...]

    def drug_on(self, name: str, day: date) -> DrugCode | None:
        """The code chosen for an ingredient on a day; where two are in force, the newer one."""
        found = [row for row in self._named(name, day) if row.choice is DrugChoice.DEFAULT]
        return max(found, key=lambda row: row.valid_from or date.min, default=None)

    def bags_on(self, name: str, day: date) -> tuple[DrugCode, ...]:
        """The bag sizes of a solution on a day, largest first; none for what is not a solution."""
        found = [row for row in self._named(name, day) if row.choice is DrugChoice.CONTAINER]
        return tuple(sorted(found, key=lambda row: row.size, reverse=True))

    def _named(self, name: str, day: date) -> list[DrugCode]:
        return [row for row in self.drugs if name in row.names and row.in_force(day)]


def read_reference(codes_text: str, drugs_text: str) -> Reference:
    """The tables from the text of hcpcs_codes.csv and drug_codes.csv; lines that begin with # are for people."""
    codes = {
        row["code"]: CodeLife(row["code"], row["label"], _day(row["add_date"]), _day(row["last_day"])) for row in _rows(codes_text)
    }
    return Reference(codes, tuple(_drug(row) for row in _rows(drugs_text)))


def _drug(row: Mapping[str, str]) -> DrugCode:
    return DrugCode(
        names=frozenset({row["ingredient"], *filter(None, row["also"].split(";"))}),
        code=row["code"],
        size=Decimal(row["size"]),
        unit=DoseUnit(row["unit"]),
        choice=DrugChoice(row["choice"]),
        valid_from=_day(row["valid_from"]),
        last_day=_day(row["last_day"]),
        upto=row["upto"] == "yes",
        modifier=row["modifier"] or None,
        dme_category=row["dme"] or None,
        hit_category=int(row["hit"]) if row["hit"] else None,
    )


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None

"""The biennial inventory of controlled drugs: when it is due, what is counted how, and who signs it. Source: 21 CFR 1304.11."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol

from dateutil.relativedelta import relativedelta

from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.inventory.rules.policy import SCHEDULES

SOURCE: Final = "21 CFR 1304.11"
ZERO: Final = Decimal(0)


class TakenAt(StrEnum):
    """When on its day: the record says which (1304.11(a))."""

    OPENING = "opening of business"
    CLOSE = "close of business"


@dataclass
class BiennialDraft:
    """An inventory being begun."""

    taken_at: str | None = None

    def problems(self) -> list[Problem]:
        told = "Say whether it is taken at the opening or the close of business."
        return [] if self.taken_at in set(TakenAt) else [Problem("taken_at", told)]


@dataclass
class FoundDraft:
    """What was found of one line."""

    found: Decimal | None = None
    is_estimate: bool = False

    def problems(self) -> list[Problem]:
        return [Problem("found", "Enter how many you counted; 0 if none.")] if self.found is None or self.found < 0 else []


@dataclass
class ExtraDraft:
    """Something controlled that lies outside the stock: a bag already made, a sample."""

    item: str = ""
    schedule: str | None = None
    location: str = ""
    unit: str = "bag"
    found: Decimal | None = None

    def problems(self) -> list[Problem]:
        found = []
        if not self.item.strip():
            found.append(Problem("item", "Enter the drug with its strength, as its label reads."))
        if self.schedule not in SCHEDULES:
            found.append(Problem("schedule", "Choose one of the list."))
        if not self.location.strip():
            found.append(Problem("location", "Enter where it lies."))
        if not self.unit.strip():
            found.append(Problem("unit", "Enter what is counted, as one of it: bag, vial."))
        if self.found is None or self.found <= 0:
            found.append(Problem("found", "Enter how many, above 0."))
        return found


def estimate_problem(schedule: str, *, is_estimate: bool) -> Problem | None:
    """1304.11(e)(6): C-II is counted exactly; C-III to C-V may be estimated."""
    if is_estimate and schedule == "CII":
        return Problem("is_estimate", "C-II is counted exactly, never estimated (21 CFR 1304.11(e)(6)).")
    return None


def due_on(last_taken_on: date | None, months: int) -> date | None:
    """By which day the next one is taken; None: no inventory is on file, so that one is due at once."""
    return last_taken_on + relativedelta(months=months) if last_taken_on else None


class CountedLine(Protocol):
    """What is asked of a line before a name goes under it."""

    @property
    def item(self) -> str: ...
    @property
    def lot_number(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def expected(self) -> Decimal | None: ...
    @property
    def found(self) -> Decimal | None: ...


def open_words(lines: Sequence[CountedLine]) -> str | None:
    """Why nobody can sign yet, or None."""
    left = [line for line in lines if line.found is None]
    if not left:
        return None
    return f"{counted(len(left), 'line')} not counted yet: {left[0].item}, lot {left[0].lot_number}."


def difference_words(lines: Sequence[CountedLine]) -> str:
    """Which lines differ from the balance, in a sentence, or ""."""
    odd = [line for line in lines if line.expected is not None and line.found not in (None, line.expected)]
    told = [
        f"{line.item}, lot {line.lot_number}: {counted(line.found or ZERO, line.unit)} found, "
        f"{counted(line.expected or ZERO, line.unit)} by the balance"
        for line in odd
    ]
    return f"{'; '.join(told)}." if told else ""

"""The state's monitoring programme: what is written down when it is asked, and what of a fill is reported to it and how."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from infusiondesk.foundation.kernel.outcomes import Problem


class Status(StrEnum):
    """How a fill goes out in a dispensing report; the values are those of ASAP 4.2 DSP01 (memory)."""

    NEW = "00"
    REVISED = "01"
    VOID = "02"

    @property
    def words(self) -> str:
        return {"00": "new", "01": "revised", "02": "void"}[self.value]


class ReportKind(StrEnum):
    """What a report is."""

    FILLS = "fills"
    ZERO = "zero report"
    TEST = "test"


@dataclass
class QueryDraft:
    """What a pharmacist saw in the monitoring programme."""

    is_noted: bool | None = None
    seen: str = ""
    number: str = ""

    def problems(self) -> list[Problem]:
        found = []
        if self.is_noted is None:
            found.append(Problem("is_noted", "Say whether anything was noted."))
        if self.is_noted and len(self.seen.strip()) < 3:
            found.append(Problem("seen", "Say what was seen, in 3 characters or more."))
        return found


@dataclass
class ReportDraft:
    """The days of a report, both within; a test file is marked as one and counts as reported to nobody."""

    first: date | None = None
    last: date | None = None
    is_test: bool = False

    def problems(self) -> list[Problem]:
        found = []
        if self.first is None:
            found.append(Problem("first", "Enter the first day."))
        if self.last is None:
            found.append(Problem("last", "Enter the last day."))
        if self.first and self.last and self.last < self.first:
            found.append(Problem("last", "The last day lies before the first."))
        return found


@dataclass(frozen=True)
class Ingredient:
    """One drug of what was made, by the product that was taken: `unit` "mL" or "each"."""

    ndc: str
    name: str
    quantity: str
    unit: str


@dataclass(frozen=True)
class Dispensed:
    """One fill as it is reported; "" is what nobody has entered. All words and numbers are as the file has them."""

    rx: str
    written_on: str
    refills: str
    filled_on: str
    refill: str
    portion: str
    quantity_ml: str
    days: str
    origin: str
    payment: str
    sig: str
    licence: str
    pharmacist: str
    last_name: str
    first_name: str
    street: str
    city: str
    state: str
    postcode: str
    phone: str
    born_on: str
    sex: str
    prescriber_npi: str
    prescriber_dea: str
    prescriber_last: str
    prescriber_first: str
    ingredients: tuple[Ingredient, ...]

    def facts(self) -> dict[str, Any]:
        """As it is kept with the report."""
        return {**asdict(self), "ingredients": [asdict(one) for one in self.ingredients]}

    @staticmethod
    def of(facts: Mapping[str, Any]) -> "Dispensed":
        """As it was kept."""
        return Dispensed(**{**facts, "ingredients": tuple(Ingredient(**one) for one in facts["ingredients"])})


# What every programme wants of a fill and the store may lack; nothing is invented for it.
_WANTED = (
    ("written_on", "the day it was written"),
    ("quantity_ml", "the volume of each bag"),
    ("days", "the days' supply"),
    ("street", "the patient's street"),
    ("city", "the patient's city"),
    ("state", "the patient's state"),
    ("postcode", "the patient's ZIP code"),
    ("prescriber_npi", "the prescriber's NPI"),
    ("prescriber_dea", "the prescriber's DEA number"),
)


def gaps_of(one: Dispensed) -> Sequence[str]:
    """What must be entered before this fill can be reported."""
    found = [words for name, words in _WANTED if not getattr(one, name)]
    if not one.ingredients:
        found.append("what was taken for it")
    return [*found, *(f"the NDC of {part.name}" for part in one.ingredients if not part.ndc)]


def status_of(now: Mapping[str, Any] | None, before: Mapping[str, Any] | None, last: Status | None) -> Status | None:
    """How a fill goes out, or None where nothing is to be told.

    `now` None: it never reached the patient. `before` and `last`: what was reported of it last, None where nothing was.
    """
    is_told = last is not None and last is not Status.VOID
    if now is None:
        return Status.VOID if is_told else None
    if not is_told:
        return Status.NEW
    return None if now == before else Status.REVISED

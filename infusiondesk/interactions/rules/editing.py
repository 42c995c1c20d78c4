"""A row of the knowledge while it is typed: one form for every kind, and what keeps it from being saved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.interactions.rules.doses import dose_problems, number_in
from infusiondesk.interactions.rules.levels import Level
from infusiondesk.interactions.rules.rows import COLUMNS, GRADES, YES, Fields, KnownRow, RowKind

STATUSES: Final = ("label", "study", "published", "memory", "policy")
ROUTES: Final = ("", "iv", "po", "sc", "im", "flush", "not flush", "it", "epidural")
RISKS: Final = ("HIGH", "MODERATE", "LOW")
# Which history puts a first-dose row in force (clinical 1.4); the assessment knows these words and no other.
HISTORIES: Final = ("", "never received", "naive, switched or gap", "first exposure days", "continued from hospital", "flush")
_MOST_MONTHS: Final = 120  # no wait for a vaccine is ten years: above it a typing error
_BELOW: Final = (
    ("potassium_warn_over_meq_day", "potassium_hold_over_meq_day", "Potassium warns at less than it holds at"),
    ("ph_low", "ph_high", "The lower pH stands below the higher one"),
)
_NEEDED: Final = {
    RowKind.PAIR: ("side_a", "side_b"),
    RowKind.CONDITION: ("side_a", "condition"),
    RowKind.ALLERGY: ("side_a", "side_b"),
    RowKind.LINE: ("side_a",),
    RowKind.FLUSH: ("side_a", "side_b"),
    RowKind.MIX: ("side_a", "side_b"),
    RowKind.CHAIN: ("side_a",),
    RowKind.FIRST_DOSE: ("side_a",),
}


def off_refusal(kind: RowKind) -> str | None:
    """Why a row of this kind is never switched off, in one sentence, or None."""
    if kind is RowKind.LIMIT:
        return "A limit is not switched off: a rule cannot compare with a number that is not there. Correct it instead."
    return None


def contradiction(limits: Mapping[str, Decimal], name: str, value: Decimal) -> str | None:
    """Why a limit cannot have this value beside the others, in one sentence, or None."""
    now = {**limits, name: value}
    for below, above, words in _BELOW:
        if name in (below, above) and now[below] >= now[above]:
            return f"{words}: {now[below]} is not below {now[above]}."
    return None


@dataclass
class RuleDraft:
    """What is typed; a kind uses the attributes that it has columns for. `began` is the version that the row was opened at."""

    kind: RowKind = RowKind.PAIR
    about: str = ""
    side_a: str = ""
    side_b: str = ""
    exceptions: str = ""
    level: str | None = None
    condition: str = ""
    route_a: str = ""
    route_b: str = ""
    washout_a: str = ""
    washout_b: str = ""
    grade: str | None = None
    measure: str = ""
    at_least: str = ""
    below: str = ""
    crosses: str = ""
    risk: str | None = None
    up_to: str = ""
    amount: str = ""
    low: str = ""
    high: str = ""
    unit: str = ""
    age_from: str = ""
    age_below: str = ""
    clearance_from: str = ""
    clearance_below: str = ""
    mechanism: str = ""
    advice: str = ""
    source: str = ""
    status: str = "memory"
    began: str = ""

    @classmethod
    def of(cls, row: KnownRow) -> "RuleDraft":
        """A row as it is now."""
        typed = {name: row.fields.get(column, "") for name, column in COLUMNS[row.kind].items()}
        about = row.side_a if row.is_fact else row.rule
        kept = {"source": row.fields["source"], "status": row.fields["status"], "began": row.version}
        return cls(kind=row.kind, about=about, **kept, **typed)

    def problems(self) -> list[Problem]:
        """Everything that keeps it from being saved, without looking at the list of medicines."""
        has = COLUMNS[self.kind]
        found = [Problem(name, "Enter this side.") for name in _NEEDED.get(self.kind, ()) if not getattr(self, name).strip()]
        if "level" in has and self.level not in set(Level):
            found.append(Problem("level", "Choose the level."))
        if "grade" in has and self.grade not in GRADES:
            found.append(Problem("grade", "Choose how the vein bears it."))
        if "mechanism" in has and not self.mechanism.strip():
            found.append(Problem("mechanism", "Say what happens."))
        if "advice" in has and self.kind is not RowKind.MIX and not self.advice.strip():
            found.append(Problem("advice", "Say what to do."))
        found += self._facts_problems()
        if not self.source.strip():
            found.append(Problem("source", "Name the source; without one no row is kept."))
        return found

    def _facts_problems(self) -> Iterator[Problem]:
        """What is wrong in a limit, a class, a first dose, a wait or a dose."""
        match self.kind:
            case RowKind.LIMIT:
                if not number_in(self.amount):
                    yield Problem("amount", "Enter a number above zero, such as 3.5; a limit is nothing else.")
            case RowKind.CLASS:
                if self.crosses not in ("", YES):
                    yield Problem("crosses", "Choose whether the members cross.")
            case RowKind.FIRST_DOSE:
                if self.risk not in RISKS:
                    yield Problem("risk", "Choose how risky the first dose is.")
                if self.condition not in HISTORIES:
                    yield Problem("condition", "Choose a history that the assessment knows.")
            case RowKind.INTERVAL:
                months = number_in(self.amount)
                if not months or months % 1 or months > _MOST_MONTHS:
                    yield Problem("amount", f"Enter whole months, 1 to {_MOST_MONTHS}.")
                if self.up_to.strip() and not number_in(self.up_to):
                    yield Problem("up_to", "Enter a number above zero, or leave it empty where the dose does not matter.")

            case RowKind.DOSE:
                ages, clearances = (self.age_from, self.age_below), (self.clearance_from, self.clearance_below)
                yield from dose_problems(
                    medicine=self.side_a, unit=self.unit, low=self.low, high=self.high, route=self.route_a, ages=ages,
                    clearances=clearances,
                )  # fmt: skip

    def fields(self, before: Fields) -> dict[str, str]:
        """The columns of the table, with what the form does not show as it was."""
        typed = {column: (getattr(self, name) or "").strip() for name, column in COLUMNS[self.kind].items()}
        return {**before, **typed, "source": self.source.strip(), "status": self.status, "signed_by": ""}

    def differences(self, now: Fields, began: Fields | None) -> list[str]:
        """What the row says now where it does not say any more what it said when this was opened, beside what is typed."""
        named = {**COLUMNS[self.kind], "source": "source", "status": "status"}
        changed = {name: column for name, column in named.items() if began is None or now.get(column) != began.get(column)}
        typed = {name: (getattr(self, name) or "").strip() for name in changed}
        return [
            f"{name.replace('_', ' ')} is now “{now.get(column, '')}”, you typed “{typed[name]}”"
            for name, column in changed.items()
            if began is not None or typed[name] != now.get(column, "")
        ]

    def names(self) -> list[tuple[str, str]]:
        """Every medicine, group or substance that is named, with the field it stands in."""
        listed = {"side_a": self.side_a, "exceptions": self.exceptions}
        if self.kind in (RowKind.PAIR, RowKind.FLUSH, RowKind.MIX):
            listed["side_b"] = self.side_b
        return [(field, name) for field, text in listed.items() for name in (part.strip() for part in text.split(";")) if name]

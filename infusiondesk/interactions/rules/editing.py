"""A row of the knowledge while it is typed: one form for every kind, and what keeps it from being saved."""

from dataclasses import dataclass
from typing import Final

from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.interactions.rules.levels import Level
from infusiondesk.interactions.rules.rows import COLUMNS, GRADES, Fields, KnownRow, RowKind

STATUSES: Final = ("label", "study", "published", "memory", "policy")
ROUTES: Final = ("", "iv", "po", "sc", "im", "flush", "not flush", "it", "epidural")
_NEEDED: Final = {
    RowKind.PAIR: ("side_a", "side_b"),
    RowKind.CONDITION: ("side_a", "condition"),
    RowKind.ALLERGY: ("side_a", "side_b"),
    RowKind.LINE: ("side_a",),
    RowKind.FLUSH: ("side_a", "side_b"),
    RowKind.MIX: ("side_a", "side_b"),
}


@dataclass
class RuleDraft:
    """What is typed; a kind uses the attributes that it has columns for. `began` is the version that the row was opened at."""

    kind: RowKind = RowKind.PAIR
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
    mechanism: str = ""
    advice: str = ""
    source: str = ""
    status: str = "memory"
    began: str = ""

    @classmethod
    def of(cls, row: KnownRow) -> "RuleDraft":
        """A row as it is now."""
        typed = {name: row.fields.get(column, "") for name, column in COLUMNS[row.kind].items()}
        return cls(kind=row.kind, source=row.fields["source"], status=row.fields["status"], began=row.version, **typed)

    def problems(self) -> list[Problem]:
        """Everything that keeps it from being saved, without looking at the list of medicines."""
        has = COLUMNS[self.kind]
        found = [Problem(name, "Enter this side.") for name in _NEEDED[self.kind] if not getattr(self, name).strip()]
        if "level" in has and self.level not in set(Level):
            found.append(Problem("level", "Choose the level."))
        if "grade" in has and self.grade not in GRADES:
            found.append(Problem("grade", "Choose how the vein bears it."))
        if "mechanism" in has and not self.mechanism.strip():
            found.append(Problem("mechanism", "Say what happens."))
        if "advice" in has and self.kind is not RowKind.MIX and not self.advice.strip():
            found.append(Problem("advice", "Say what to do."))
        if not self.source.strip():
            found.append(Problem("source", "Name the source; without one no row is kept."))
        return found

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

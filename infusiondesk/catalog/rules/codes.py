"""When a billing code is in force, and what a code file's line must satisfy."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class CodeEntry:
    """One code as a file or the reference table states it; both days are inside its life, None is unknown or open."""

    code: str
    kind: str
    label: str
    added_on: date | None
    terminated_on: date | None


@dataclass(frozen=True)
class CodeReport:
    """What an import did, for the person who started it; the lists hold the codes."""

    read: int
    added: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: int = 0
    newer_here: int = 0
    refused: Mapping[str, str] | None = None

    def __add__(self, other: "CodeReport") -> "CodeReport":
        return CodeReport(
            self.read + other.read,
            self.added + other.added,
            self.ended + other.ended,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.newer_here + other.newer_here,
            {**(self.refused or {}), **(other.refused or {})},
        )

    def text(self) -> str:
        """In one sentence."""
        read = "1 code" if self.read == 1 else f"{self.read:,} codes"
        said = [f"{read} read: {len(self.added):,} new, {len(self.ended):,} ended, {len(self.changed):,} changed"]
        said.append(f"{self.unchanged:,} as before")
        if self.newer_here:
            said.append(f"{self.newer_here:,} left alone because what is here is from a newer file")
        if self.refused:
            said.append(f"{len(self.refused):,} not taken")
        return ", ".join(said) + "."


def is_in_force(added_on: date | None, terminated_on: date | None, on: date) -> bool:
    """The added day and the termination day are both inside the code's life (CMS prints the last day)."""
    return (added_on is None or added_on <= on) and (terminated_on is None or on <= terminated_on)


def code_problem(entry: CodeEntry) -> str | None:
    """Why a line cannot be taken, or None."""
    if not re.fullmatch(r"[A-Z0-9]{5}|[A-Z0-9]{2}", entry.code):
        return "a code has five letters or digits, a modifier two"
    if not entry.label.strip():
        return "it has no label"
    if entry.added_on and entry.terminated_on and entry.terminated_on < entry.added_on:
        return "it ends before it begins"
    return None

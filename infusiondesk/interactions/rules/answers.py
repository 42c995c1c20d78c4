"""What an answer to an alert must hold, and which alerts take one. Source: clinical 0.2, 1.3, 6.0."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.interactions.rules.levels import Level
from infusiondesk.tasks.rules import PromiseDraft

LEAST_TEXT = 15  # characters of free text under a HOLD, clinical 0.2
NEEDS_PRESCRIBER = frozenset({"R11b"})  # rules whose required resolution names the prescriber, clinical 1.3


class Code(StrEnum):
    """Why a HOLD is passed."""

    BENEFIT = "benefit outweighs the risk"
    MONITORED = "watched: tests are ordered"
    CHANGED = "dose, time or line was changed"
    TOLERATED = "taken together before and tolerated"
    CLARIFIED = "history clarified"
    PRESCRIBER = "prescriber was asked"


REVIEWED_BY_HAND = "reviewed by hand"


def both_sides(a: str, b: str) -> str:
    """Both sides of an alert in words: "simvastatin and clarithromycin"."""
    return " and ".join(dict.fromkeys(side.replace(":", ": ", 1) for side in (a, b)))


def needs_prescriber(rules: Collection[str], code: str) -> bool:
    """Whether the answer must say which prescriber was reached, when, and that it was read back."""
    return bool(NEEDS_PRESCRIBER & set(rules)) or code == Code.PRESCRIBER


def refusal_to_settle(level: Level) -> str | None:
    """Why an alert of this level takes no answer, in one sentence, or None."""
    if level is Level.STOP:
        return "A STOP is cleared by nobody until the data changes: correct the chart, or take a new order."
    if level is Level.INFO:
        return "An INFO asks for no answer."
    return None


@dataclass
class AnswerDraft:
    """An answer to a HOLD (or the acknowledgement of a WARN); "watched" says what is awaited, who looks after it, by which day."""

    code: str | None = None
    text: str = ""
    prescriber_name: str = ""
    prescriber_told_at: datetime | None = None
    read_back: bool = False
    awaited: str | None = None
    owner: str | None = None
    due_on: date | None = None
    rules: tuple[str, ...] = ()
    is_warning: bool = False

    def promised(self) -> PromiseDraft | None:
        """What is promised with this answer; nothing unless it says that tests are ordered."""
        return PromiseDraft(self.awaited, self.owner, self.due_on) if self.code == Code.MONITORED else None

    def problems(self) -> list[Problem]:
        found = []
        if not self.code:
            found.append(Problem("code", "Choose the reason."))
        if not self.is_warning and len(self.text.strip()) < LEAST_TEXT:
            found.append(Problem("text", f"Say why in at least {LEAST_TEXT} characters."))
        if needs_prescriber(self.rules, self.code or ""):
            wanted = (
                ("prescriber_name", bool(self.prescriber_name.strip()), "Enter which prescriber you reached."),
                ("prescriber_told_at", self.prescriber_told_at is not None, "Enter when you reached the prescriber."),
                ("read_back", self.read_back, "Read the answer back before you rely on it."),
            )
            found += [Problem(name, sentence) for name, is_there, sentence in wanted if not is_there]
        if promised := self.promised():
            found += promised.problems()
        return found


@dataclass
class HandReviewDraft:
    """A name that the program does not know, looked up by a pharmacist (R27)."""

    source: str = ""
    text: str = ""

    def problems(self) -> list[Problem]:
        found = []
        if not self.source.strip():
            found.append(Problem("source", "Name the source in which you looked it up."))
        if len(self.text.strip()) < LEAST_TEXT:
            found.append(Problem("text", f"Say what you found in at least {LEAST_TEXT} characters."))
        return found

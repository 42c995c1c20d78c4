"""What relied on a row that says something else now, and what was done about it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.foundation.kernel.seals import digest
from infusiondesk.interactions.rules.words import RecallDone

LEAST_REASON = 10  # characters, policy


class Relied(StrEnum):
    """What it is that relied on the old row; the first could harm soonest."""

    AT_HOME = "bags at home"
    PREPARED = "bags prepared"
    DECISION = "decision"

    @property
    def rank(self) -> int:
        """0 could harm soonest."""
        return list(Relied).index(self)


@dataclass(frozen=True)
class Closing:
    """How a line was closed."""

    done: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class RecallLine:
    """One thing that relied on one row in one version; times are on the pharmacy's wall clock."""

    row_key: str
    version_then: str
    version_now: str
    row: str
    kind: Relied
    entity: str
    entity_id: UUID
    patient_id: UUID
    patient: str
    mrn: str
    subject: str
    then: str
    now: str
    is_stricter: bool
    because: str
    corrected_by: str
    corrected_at: datetime | None
    closing: Closing | None = None

    @property
    def id(self) -> str:
        """The same line in every reading, until the row is corrected once more."""
        named = {"row": self.row_key, "then": self.version_then, "now": self.version_now, "kind": self.kind, "of": self.entity_id}
        return digest(named).hex()[:24]

    @property
    def recall(self) -> str:
        """The recall that the line belongs to: this row, as it was corrected."""
        return f"{self.row}: {self.then} → {self.now}"


@dataclass
class ClosingDraft:
    """What was done, and how."""

    done: str | None = None
    reason: str = ""

    def problems(self) -> list[Problem]:
        found = []
        if self.done not in set(RecallDone):
            found.append(Problem("done", "Choose what was done."))
        if len(self.reason.strip()) < LEAST_REASON:
            found.append(Problem("reason", f"Say how, in at least {LEAST_REASON} characters."))
        return found


def most_urgent_first(line: RecallLine) -> tuple[bool, bool, int, str, str]:
    """Open before closed, stricter before milder, what is at home before what is on paper."""
    return (line.closing is not None, not line.is_stricter, line.kind.rank, line.row, line.subject)

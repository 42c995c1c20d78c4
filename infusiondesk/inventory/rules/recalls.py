"""A recall of stock: what it names, whom and what it reaches, and when it may be closed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.inventory.rules.words import RecallScope


@dataclass
class RecallDraft:
    """A recall as its notice tells it."""

    scope: str = RecallScope.LOT.value
    item_id: UUID | None = None
    lot_numbers: str = ""
    maker: str = ""
    notice: str = ""
    because: str = ""

    @property
    def lots(self) -> list[str]:
        """The lot numbers one by one, each once. Between commas, a number with a space in it or several: all are meant."""
        found: list[str] = []
        for part in re.split(r"[,;\n]", self.lot_numbers.upper()):
            words = part.split()
            found += [" ".join(words), *words] if words else []
        return list(dict.fromkeys(found))

    def problems(self) -> list[Problem]:
        found = []
        if self.scope not in set(RecallScope):
            found.append(Problem("scope", "Choose one of the list."))
        if self.scope in (RecallScope.LOT, RecallScope.ITEM) and self.item_id is None:
            found.append(Problem("item_id", "Choose the item."))
        if self.scope == RecallScope.LOT and not self.lots:
            found.append(Problem("lot_numbers", "Enter the lot numbers of the notice."))
        if self.scope == RecallScope.MAKER and not self.maker.strip():
            found.append(Problem("maker", "Enter the maker as the items name him."))
        if not self.notice.strip():
            found.append(Problem("notice", "Enter who recalls, and the number or date of the notice."))
        if len(self.because.strip()) < 3:
            found.append(Problem("because", "Enter why it is recalled."))
        return found


@dataclass
class ReachDraft:
    """What was done about one line of a recall."""

    line: str = ""
    done: str = ""

    def problems(self) -> list[Problem]:
        found = [] if self.line else [Problem("line", "Choose the line.")]
        if len(self.done.strip()) < 10:
            found.append(Problem("done", "Write whom you reached, what was fetched or destroyed (10 characters or more)."))
        return found


@dataclass
class RecallEndDraft:
    """How a recall ended."""

    closing: str = ""

    def problems(self) -> list[Problem]:
        is_said = len(self.closing.strip()) >= 15
        return [] if is_said else [Problem("closing", "Write how it ended and whom you told (15 characters or more).")]


class Reach(StrEnum):
    """Where a recalled lot went."""

    PATIENT = "with a patient"
    ROAD = "on the road"
    PHARMACY = "made, still here"
    BATCH = "in a batch"


@dataclass(frozen=True)
class ReachLine:
    """One thing that a recalled lot went into and who has it; `done` is empty while nobody has settled it."""

    id: str
    kind: Reach
    what: str
    lots: str
    patient_id: UUID | None
    patient: str
    phone: str
    done: str = ""
    done_by: str = ""
    done_at: datetime | None = None


def close_problem(lines: Sequence[ReachLine], on_hand: int) -> str | None:
    """Why a recall cannot be closed, or None."""
    still_open = sum(not line.done for line in lines)
    if on_hand:
        return f"{counted(on_hand, 'lot')} of it are on hand again. Put them into quarantine first."
    if still_open:
        return f"{counted(still_open, 'line')} of it are open: say of each what was done."
    return None

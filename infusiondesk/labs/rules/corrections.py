"""What a new line of a report does to an earlier one of the same order and analyte."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# HL7 table 0085. "C" corrects, "W" and "D" take back, "P", "R", "I", "S" and "O" come before a final "F" (or "U").
_TAKES_BACK: Final = frozenset({"W", "D"})
_FINAL: Final = frozenset({"F", "U", "C"})


class Succession(StrEnum):
    """How a new line follows an earlier one."""

    REPEATED = "repeated"  # the same again: nothing to review
    COMPLETED = "completed"  # preliminary or pending, now there: judged as it came
    CORRECTED = "corrected"  # replaces what may have been acted on: always a new review (clinical 3.1, 9.5)
    TAKEN_BACK = "taken_back"  # the laboratory withdraws it: out of flags and trends, and a new review


@dataclass(frozen=True)
class Line:
    """What identifies a line across messages, and what it said."""

    order: str
    code: str
    sub_id: str
    status: str
    value: str
    unit: str

    @property
    def identity(self) -> tuple[str, str, str]:
        return (self.order.strip(), self.code.strip(), self.sub_id.strip())


def succession(earlier: Line, new: Line) -> Succession | None:
    """How `new` follows `earlier`; None where they are not the same line. A line without an order number follows nothing."""
    if not new.identity[0] or earlier.identity != new.identity:
        return None
    if new.status in _TAKES_BACK:
        return Succession.TAKEN_BACK
    same = (earlier.value.strip(), earlier.unit.strip()) == (new.value.strip(), new.unit.strip())
    if new.status != "C" and same and earlier.status == new.status:
        return Succession.REPEATED
    if new.status == "C" or (earlier.status in _FINAL and not same):
        return Succession.CORRECTED
    return Succession.COMPLETED

"""What comes back after it was delivered, and what of a delivery must be destroyed. Source: clinical 8.2; billing 2.3."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from infusiondesk.foundation.kernel.ismp import counted, number
from infusiondesk.foundation.kernel.outcomes import Problem


@dataclass(frozen=True)
class Delivered:
    """What the rule needs of a line: how many were delivered, how many of them came back, how many were destroyed.

    `is_pump`: a pump goes its own way back, to be cleaned; `is_unusable`: a pharmacist has judged it so after an excursion.
    """

    id: UUID
    what: str
    unit: str
    quantity: Decimal
    came_back: Decimal
    destroyed: Decimal
    is_pump: bool = False
    is_unusable: bool = False

    @property
    def still_there(self) -> Decimal:
        """How many the patient still has, but for what he used."""
        return Decimal(0) if self.is_pump or self.is_unusable else self.quantity - self.came_back


def to_destroy(line: Delivered, *, is_undelivered: bool) -> Decimal:
    """How many of a line wait to be destroyed: all that was never delivered or is unusable, else what was brought back."""
    if line.is_pump:
        return Decimal(0)
    return (line.quantity if is_undelivered or line.is_unusable else line.came_back) - line.destroyed


@dataclass
class BroughtBackDraft:
    """What was brought back after the delivery was confirmed: whole bags in `bags`, units of packages by line in `units`."""

    brought_by: str = ""
    came_on: date | None = None
    because: str = ""
    bags: tuple[str, ...] = ()
    units: dict[str, Decimal | int | None] = field(default_factory=dict)

    def counted(self) -> Mapping[UUID, Decimal]:
        """How many of which line."""
        some = {UUID(line): Decimal(many) for line, many in self.units.items() if many}
        return {UUID(line): Decimal(1) for line in self.bags} | some

    def problems(self) -> list[Problem]:
        wanted = (
            ("brought_by", bool(self.brought_by.strip()), "Say who brought it back."),
            ("came_on", self.came_on is not None, "Enter the day on which it came back."),
            ("because", len(self.because.strip()) >= 3, "Say why it came back."),
            ("bags", bool(self.counted()), "Count what came back: choose the bags, or enter how many of a package."),
        )
        return [Problem(name, sentence) for name, is_there, sentence in wanted if not is_there]


def return_refusal(lines: Collection[Delivered], back: Mapping[UUID, Decimal]) -> str | None:
    """Why this cannot have come back, in one sentence, or None: not more than was delivered and did not come back before."""
    known = {line.id: line for line in lines}
    for line_id, many in back.items():
        line = known.get(line_id)
        if line is None:
            return "One of these things is not on this ticket."
        if line.is_pump:
            return f"{line.what} is a pump: take it back under Pumps, where it is cleaned before it goes out again."
        if many != many.to_integral_value() or many <= 0:
            return f"Count {line.what} in whole {line.unit}s."
        if many > line.still_there:
            left = counted(line.still_there, line.unit)
            return f"Of {line.what} {left} can come back, not {number(many)}: the rest came back before or is unusable."
    return None

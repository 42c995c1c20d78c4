"""The list of controlled drugs: what waits for a witness, discrepancies, items; and a line of the log in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from infusiondesk.foundation.kernel.ismp import counted, day, moment, number
from infusiondesk.foundation.qtkit.tables import Column
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.inventory.queries import ControlledRow, DiscrepancyRow, DisposalRow, LogLine, WasteRow
from infusiondesk.inventory.rules.controlled import schedule_words


@dataclass(frozen=True)
class ControlledLine:
    """A line of the list: something that waits for its witness, or an item."""

    id: UUID
    item: ControlledRow | None
    waiting: DisposalRow | None = None
    odd: DiscrepancyRow | None = None
    waste: WasteRow | None = None

    @property
    def state(self) -> tuple[str, Tone]:
        if self.waste:
            return f"{self.waste.kind}, not seen yet", "due"
        if self.waiting:
            return f"to be {self.waiting.kind}", "due"
        if self.odd:
            owed = f"{self.odd.duty}, by {day(self.odd.due_on)}" if self.odd.due_on else str(self.odd.end)
            return owed, "danger" if self.odd.due_on else "done"
        return (_apart(self.item), "due" if self.item.in_quarantine else "done") if self.item else ("", "plain")

    @property
    def group(self) -> str:
        if self.waiting or self.waste:
            return "Waits for a witness"
        if self.odd:
            return "Discrepancies" if self.odd.due_on else "Discrepancies, settled"
        return "Items"

    @property
    def amount(self) -> str:
        if self.odd:
            return self.odd.difference_words
        if self.waste:
            return self.waste.amount
        if self.item is None:
            return ""
        many = self.waiting.quantity if self.waiting else self.item.on_hand + self.item.in_quarantine
        return counted(many, self.item.unit)

    @property
    def title(self) -> str:
        return self.waste.what if self.waste else self.item.item if self.item else ""

    @property
    def schedule(self) -> str:
        return schedule_words(self.waste.schedule if self.waste else self.item.schedule if self.item else "")


COLUMNS: Sequence[Column[ControlledLine]] = (
    Column("Item", lambda row: row.title, strong=True, second=lambda row: _second(row), stretch=3),
    Column("Schedule", lambda row: row.schedule, width=100),
    Column("Balance", lambda row: row.amount, strong=True, right=True, width=140),
    Column("State", lambda row: row.state[0], tone=lambda row: row.state[1], shape=True, width=230),
)


def _second(row: ControlledLine) -> str:
    if row.waste:
        return f"{row.waste.because}, recorded by {row.waste.laid_out_by}"
    if row.odd:
        return f"lot {row.odd.lot_number}, counted by {row.odd.first_by} and {row.odd.second_by}"
    if row.waiting:
        return f"lot {row.waiting.lot_number}, laid out by {row.waiting.laid_out_by}"
    if row.item is None:
        return ""
    return row.item.maker or counted(len({place.lot_number for place in row.item.places}), "lot")


def _apart(item: ControlledRow) -> str:
    return f"{number(item.in_quarantine)} in quarantine" if item.in_quarantine else "on hand"


def lies_in(item: ControlledRow) -> str:
    """Each place with its lots."""
    lots: dict[str, list[str]] = {}
    for place in item.places:
        lots.setdefault(place.location, []).append(place.lot_number)
    return "; ".join(f"{location}, lot {', '.join(numbers)}" for location, numbers in lots.items()) or "used up"


def log_words(line: LogLine) -> tuple[str, str]:
    """What changed, and where, for what, why and by whom."""
    sign = "+" if line.change > 0 else ""
    first = f"{number(line.balance)} after {sign}{number(line.change)} {line.kind}"
    seen = f"seen by {line.witnessed_by}" if line.witnessed_by else ""
    parts = (f"lot {line.lot_number}", line.location, line.reference, line.because, line.moved_by, seen, moment(line.moved_at))
    return first, ", ".join(filter(None, parts))

"""A batch as screens and papers show it: frozen rows, times on the pharmacy's wall clock."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from infusiondesk.compounding.queries.worksheet import Part, Worksheet
from infusiondesk.compounding.rules import BatchEvent, BatchState, Category, Facility, Storage
from infusiondesk.foundation.store.signatures import SignatureRow
from infusiondesk.orders.queries import OrderRow

StepState = Literal["done", "current", "todo", "stopped"]


@dataclass(frozen=True)
class BatchRow:
    """One line of the board; `next` says who does what next."""

    id: UUID
    number: str
    patient_id: UUID
    patient: str
    mrn: str
    rx_number: int
    sig: str
    bags: int
    due_at: datetime
    is_late: bool
    state: BatchState
    is_finished: bool
    next: str
    beyond_use_at: datetime | None


@dataclass(frozen=True)
class EventRow:
    """One step that was taken."""

    what: BatchEvent
    state: BatchState
    detail: str
    reason: str
    at: datetime
    by_id: UUID
    by: str


@dataclass(frozen=True)
class EntryRow:
    """Containers of one lot that were taken for a part."""

    id: UUID
    lot_id: UUID
    lot_number: str
    expires_on: date
    vendor: str
    item: str
    ndc: str | None
    quantity: Decimal
    is_scanned: bool
    compared_by: str
    entered_by: str

    def text(self) -> str:
        """How it was identified."""
        return "scanned" if self.is_scanned else f"typed, compared by {self.compared_by}"


@dataclass(frozen=True)
class PartRow:
    """One line of the ingredient table: what is needed and what was taken."""

    part: Part
    entries: tuple[EntryRow, ...]

    @property
    def id(self) -> str:
        """For the list to keep its choice."""
        return self.part.key

    @property
    def taken(self) -> Decimal:
        """How many containers were taken so far."""
        return sum((entry.quantity for entry in self.entries), Decimal(0))

    @property
    def still_needed(self) -> Decimal:
        """How many are still to be taken."""
        return self.part.count - self.taken

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return self.still_needed <= 0


@dataclass(frozen=True)
class LimitRow:
    """One limit of the beyond-use date; `share` is how long its bar is beside the others."""

    kind: str
    title: str
    detail: str
    at: datetime
    wins: bool
    source: str
    share: float


@dataclass(frozen=True)
class BeyondUseRow:
    """The beyond-use date and why; no date says what is missing. A preview counts from now, as if the work began."""

    at: datetime | None
    sentence: str
    limits: tuple[LimitRow, ...]
    is_preview: bool


@dataclass(frozen=True)
class StepRow:
    """One step of the worksheet as the list at the left shows it."""

    title: str
    detail: str
    state: StepState


@dataclass(frozen=True)
class WholeBatch:
    """Everything about one batch. `worksheet_code` names the worksheet that is shown; an approval quotes it."""

    row: BatchRow
    order: OrderRow
    category: Category
    facility: Facility
    storage: Storage
    planned_by: str
    worksheet: Worksheet
    worksheet_code: str
    parts: tuple[PartRow, ...]
    events: tuple[EventRow, ...]
    steps: tuple[StepRow, ...]
    beyond_use: BeyondUseRow
    allergies: tuple[str, ...]
    allergies_are_recorded: bool
    hood: str
    started_at: datetime | None
    finished_at: datetime | None
    compounded_by: str
    good_bags: int | None
    yield_reason: str
    approvals: tuple[SignatureRow, ...]
    names: tuple[SignatureRow, ...]

    @property
    def all_taken(self) -> bool:
        """Whether every ingredient is complete."""
        return bool(self.parts) and all(part.is_complete for part in self.parts)

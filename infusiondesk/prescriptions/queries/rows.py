"""Prescriptions as screens and papers show them: frozen rows, times on the pharmacy's wall clock."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from infusiondesk.foundation.store.signatures import SignatureRow
from infusiondesk.orders.queries import OrderRow
from infusiondesk.orders.rules import Terms
from infusiondesk.prescriptions.queries.transfers import TransferRow


@dataclass(frozen=True)
class PrescriptionRow:
    """One prescription on a list; `refills_left` None where no number limits it, `expires_on` None where nothing is known."""

    id: UUID
    rx_number: int
    patient_id: UUID
    patient: str
    mrn: str
    order: OrderRow
    terms: Terms
    fills: int
    last_fill_on: date | None
    originals: int
    is_transferred: bool = False

    @property
    def refills_left(self) -> int | None:
        """None where no number limits them; one that was given to another pharmacy has none."""
        return 0 if self.is_transferred else self.terms.left(self.fills)


@dataclass(frozen=True)
class FoundPrescriptions:
    """The newest that were meant, and how many there are in all."""

    rows: tuple[PrescriptionRow, ...]
    total: int


@dataclass(frozen=True)
class OriginalRow:
    """One original without its content."""

    id: UUID
    version: int
    name: str
    media_type: str
    sha256: str
    size: int
    added_by: str
    added_at: datetime


@dataclass(frozen=True)
class OfferRow:
    """One offer of counsel."""

    version: int
    how: str
    reply: str
    with_whom: str
    about: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Pharmacist:
    """Who released what was filled."""

    id: UUID
    name: str


@dataclass(frozen=True)
class FillRow:
    """What left of one prescription on one ticket; number 1 is the first fill, every later one a refill."""

    ticket_id: UUID
    order_id: UUID
    rx_number: int
    number: int
    version: int
    patient_id: UUID
    patient: str
    mrn: str
    what: str
    bags: int
    lots: tuple[str, ...]
    ticket: str
    state: str
    left_at: datetime
    released_by: tuple[Pharmacist, ...]


@dataclass(frozen=True)
class QueryRow:
    """The monitoring programme was asked once; the time is that of the pharmacy's wall clock."""

    id: UUID
    program: str
    is_noted: bool
    seen: str
    number: str
    asked_by: str
    asked_at: datetime

    @property
    def words(self) -> str:
        return self.seen if self.is_noted else "nothing noted"


@dataclass(frozen=True)
class PrescriptionRecord:
    """One prescription whole. `missing` says in sentences what an inspector would ask for and not find."""

    row: PrescriptionRow
    schedule: str
    versions: tuple[OrderRow, ...]
    fills: tuple[FillRow, ...]
    originals: tuple[OriginalRow, ...]
    offers: tuple[OfferRow, ...]
    asked: tuple[QueryRow, ...]
    missing: tuple[str, ...]
    transfers: tuple[TransferRow, ...] = ()


@dataclass(frozen=True)
class LogRow:
    """One pharmacist's signature under the fills of a day."""

    pharmacist: str
    number: int
    fills: int
    signature: SignatureRow


@dataclass(frozen=True)
class DayLog:
    """The fills of one day, the names under them, and whose name is missing."""

    day: date
    fills: tuple[FillRow, ...]
    signed: tuple[LogRow, ...]
    to_sign: tuple[Pharmacist, ...]


@dataclass(frozen=True)
class DayToSign:
    """A day whose fills wait for somebody's name: how many he released, and the first ticket that left with one."""

    day: date
    fills: int
    ticket_id: UUID

"""What the lists, the report and the chart show of laboratory results."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from infusiondesk.foundation.store.signatures import SignatureRow
from infusiondesk.labs.rules import Level


@dataclass(frozen=True)
class FindingRow:
    """One result of a report, with what it was judged to mean."""

    id: UUID
    analyte: str
    test: str
    level: Level
    value: str
    unit: str
    as_written: str
    because: str
    limits: str
    flags: str
    status: str
    observed_at: datetime | None
    previous: str
    previous_at: datetime | None
    change: str
    replaces: str
    is_replaced: bool
    comments: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class QueueRow:
    """One report that waits for a pharmacist; times are on the pharmacy's wall clock."""

    id: UUID
    serial: int
    patient_id: UUID
    patient: str
    mrn: str
    level: Level
    lead: str
    because: str
    received_at: datetime
    due_at: datetime
    due: str
    is_late: bool
    is_correction: bool


@dataclass(frozen=True)
class ParkedRow:
    """One report without a patient: whom the message means, and why it could not be filed."""

    id: UUID
    serial: int
    name: str
    born_on: date | None
    sex: str
    ids: tuple[str, ...]
    because: str
    level: Level
    lead: str
    results: Sequence[FindingRow]
    comments: tuple[str, ...]
    laboratory: str
    received_at: datetime


@dataclass(frozen=True)
class ReviewRow:
    """What was decided on a report."""

    interpretation: str
    action: str
    contact: str
    dietitian: str
    signatures: tuple[SignatureRow, ...]
    signed_at: datetime


@dataclass(frozen=True)
class EarlierDecision:
    """A decision on an earlier report of the same patient."""

    at: datetime
    action: str
    lead: str


@dataclass(frozen=True)
class ReportRow:
    """One report, whole; times are on the pharmacy's wall clock."""

    id: UUID
    serial: int
    patient_id: UUID | None
    patient: str
    title: str
    laboratory: str
    orders: tuple[str, ...]
    status: str
    state: str
    level: Level
    lead: str
    observed_at: datetime | None
    received_at: datetime
    due_at: datetime
    because: str
    matched_by: str
    is_correction: bool
    needs_dietitian: bool
    findings: Sequence[FindingRow]
    comments: tuple[str, ...]
    not_checked: tuple[str, ...]
    protocols: tuple[str, ...]
    review: ReviewRow | None


@dataclass(frozen=True)
class EarlierResult:
    """One earlier value of an analyte; `level` is how it was judged when it came."""

    analyte: str
    value: str
    unit: str
    at: datetime | None
    level: Level


@dataclass(frozen=True)
class OpenReport:
    """A report for the person who decides on it: with whom to call and what was decided before."""

    report: ReportRow
    prescriber: str
    prescriber_phone: str
    after_hours_phone: str
    therapies: tuple[str, ...]
    earlier_decisions: tuple[EarlierDecision, ...]
    earlier_results: tuple[EarlierResult, ...]


@dataclass(frozen=True)
class ChartResultRow:
    """One line of the chart's list of results."""

    id: UUID
    report_id: UUID
    report: str
    state: str
    finding: FindingRow


@dataclass(frozen=True)
class LatestResult:
    """The newest live value of an analyte in the unit of the table; `status` P is preliminary."""

    analyte: str
    value: Decimal
    comparator: str
    unit: str
    at: datetime
    status: str
    report_id: UUID
    is_reviewed: bool

"""Whose work is on Today, and in which order: what could harm now, what is due today, what comes next."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from infusiondesk.foundation.kernel.people import Role


class Harm(StrEnum):
    """How soon leaving it alone could hurt somebody; the first harms first."""

    NOW = "Could harm now"
    TODAY = "Due today"
    NEXT = "Next"

    @property
    def rank(self) -> int:
        """0 harms first."""
        return list(Harm).index(self)


class Work(StrEnum):
    """The lists that Today gathers, in the order in which lines of equal harm and hour are told."""

    RESULTS = "results to review"
    PROMISES = "promises"
    ORDERS = "orders to verify"
    UNMATCHED = "unmatched results"
    BATCHES = "batches"
    VISITS = "visits"
    DELIVERIES = "bags to send"
    ROAD = "deliveries under way"
    PUMPS = "pumps"
    STOCK = "stock"
    REFERRALS = "referrals"
    BILLING = "month end"
    FILL_LOG = "fills to sign"
    HOLDS = "orders on hold"
    CATALOG = "catalog rows to sign"
    KNOWLEDGE = "rules to sign"


_STORES: Final = (Work.ROAD, Work.PUMPS, Work.STOCK)
_PHARMACY: Final = (
    Work.RESULTS, Work.PROMISES, Work.ORDERS, Work.UNMATCHED, Work.BATCHES, Work.FILL_LOG, Work.HOLDS, *_STORES,
)  # fmt: skip
WORK_OF: Final[Mapping[Role, Sequence[Work]]] = {
    Role.PHARMACIST: _PHARMACY,
    Role.PHARMACIST_IN_CHARGE: (*_PHARMACY, Work.CATALOG, Work.KNOWLEDGE),
    Role.TECHNICIAN: (Work.PROMISES, Work.UNMATCHED, Work.BATCHES, Work.DELIVERIES, *_STORES),
    Role.NURSE: (Work.PROMISES, Work.VISITS),
    Role.INTAKE: (Work.REFERRALS,),
    Role.BILLER: (Work.BILLING, Work.HOLDS),
}


@dataclass(frozen=True)
class Line:
    """One thing to do. `due_at` is on the pharmacy's wall clock; `record_id` is what its place opens at.

    `in_chart`: the place is a page of this patient's chart, so that the chart is opened with it.
    """

    id: str
    work: Work
    harm: Harm
    what: str
    who: str
    due: str
    due_at: datetime | None
    because: str
    place: str
    record_id: UUID | None = None
    patient_id: UUID | None = None
    is_late: bool = False
    in_chart: bool = False


def works_of(roles: Collection[Role]) -> list[Work]:
    """The lists that concern a person of these roles, each once."""
    wanted = {work for role in roles for work in WORK_OF.get(role, ())}
    return [work for work in Work if work in wanted]


def in_order(lines: Iterable[Line]) -> list[Line]:
    """What harms first at the top; what is due at no hour comes last in its group."""
    order = list(Work)

    def rank(line: Line) -> tuple[int, bool, float, int, str]:
        due = line.due_at.timestamp() if line.due_at is not None else 0.0
        return line.harm.rank, line.due_at is None, due, order.index(line.work), line.id

    return sorted(lines, key=rank)

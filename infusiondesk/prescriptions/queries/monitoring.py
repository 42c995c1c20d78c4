"""Orders of controlled drugs, when the state's monitoring programme was asked for them, and when it is to be asked again."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.records import Drug
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.exchange import shipped_policy
from infusiondesk.inventory.queries import controlled_policy
from infusiondesk.inventory.rules.policy import query_due
from infusiondesk.orders.queries import OrderRow, versions_of
from infusiondesk.orders.records import OrderVersion
from infusiondesk.orders.rules import State
from infusiondesk.prescriptions.queries.fills import left_of
from infusiondesk.prescriptions.queries.rows import QueryRow
from infusiondesk.prescriptions.records import ProgramQuery

OPEN: Final = (State.ENTERED, State.CLARIFICATION, State.VERIFIED, State.HELD)


@dataclass(frozen=True)
class MonitoredRow:
    """One order of a controlled drug. `due` says why the programme is to be asked, or "" where it is not."""

    id: UUID
    order: OrderRow
    schedule: str
    queries: tuple[QueryRow, ...]
    last_fill_on: date | None
    due: str

    @property
    def last(self) -> QueryRow | None:
        return self.queries[0] if self.queries else None


@query(Area.ORDERS)
def monitored_orders(reading: Reading) -> Sequence[MonitoredRow]:
    """Open orders of controlled drugs: those first for which the programme is to be asked, then by prescription."""
    controlled = sa.and_(Drug.controlled.is_not(None), Drug.controlled != "")
    ids = sa.select(OrderVersion.order_id).join(Drug, Drug.id == OrderVersion.drug_id).where(controlled).distinct()
    rows = [row for row in versions_of(reading, reading.session.scalars(ids)) if row.is_current and row.state in OPEN]
    found = [one for one in _monitored(reading, rows) if one.schedule]
    return sorted(found, key=lambda one: (not one.due, one.order.start_on, one.order.rx_number))


@query(Area.ORDERS, is_audited=False)
def program_query_due(reading: Reading, *, order_id: UUID) -> str:
    """Why the programme is to be asked for one order, in a sentence, or ""."""
    return program_due(reading, [row for row in versions_of(reading, [order_id]) if row.is_current])


def program_due(at: Reading, rows: Sequence[OrderRow]) -> str:
    """The same of an order at hand. No permission of its own: whoever asks has one."""
    return "".join(one.due for one in _monitored(at, rows))


def program_queries_of(at: Reading, order_ids: Collection[UUID]) -> Mapping[UUID, Sequence[QueryRow]]:
    """When the programme was asked for each of these orders, newest first. No permission of its own: whoever asks has one."""
    found: dict[UUID, list[QueryRow]] = defaultdict(list)
    wanted = sa.select(ProgramQuery).where(ProgramQuery.order_id.in_(list(order_ids)))
    for one in at.session.scalars(wanted.order_by(ProgramQuery.asked_at.desc(), ProgramQuery.id.desc())):
        row = QueryRow(one.id, one.program, one.is_noted, one.seen, one.number, one.asked_by, at.local(one.asked_at))
        found[one.order_id].append(row)
    return found


def _monitored(at: Reading, rows: Sequence[OrderRow]) -> list[MonitoredRow]:
    if not rows:
        return []
    policy, today = controlled_policy(at, shipped=shipped_policy()), at.today()
    drugs = sa.select(Drug.id, Drug.controlled).where(Drug.id.in_({row.drug_id for row in rows}))
    schedules: dict[UUID, str] = dict(at.session.execute(drugs).all())
    order_ids = [row.order_id for row in rows]
    asked, left = program_queries_of(at, order_ids), left_of(at, order_ids)
    found = []
    for row in rows:
        queries, fills = tuple(asked.get(row.order_id, ())), left.get(row.order_id, [])
        filled_at = at.local(fills[-1][0]) if fills else None
        last_at = queries[0].asked_at if queries else None
        schedule = schedules[row.drug_id] or ""
        due = query_due(policy, schedule, last_at, filled_at, today)
        found.append(MonitoredRow(row.order_id, row, schedule, queries, filled_at.date() if filled_at else None, due))
    return found

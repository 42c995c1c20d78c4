"""Recalling knowledge: a rule or a stability row was corrected; who and what relied on it, until each line is closed."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from infusiondesk.catalog.queries.relied import StabilityChange, stability_changes
from infusiondesk.compounding.queries.relied import ReliedBatch, batches_on_stability
from infusiondesk.dispensing.queries import tickets_of
from infusiondesk.dispensing.rules import State
from infusiondesk.foundation.kernel.ismp import counted, day
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, query, verb
from infusiondesk.foundation.store.unit_of_work import Reading, UnitOfWork
from infusiondesk.interactions.rules.recall import ClosingDraft, RecallLine, Relied, most_urgent_first
from infusiondesk.interactions.service.recall import Reliance, closed_lines, decisions_on_old_rows
from infusiondesk.interactions.service.recall import close_line as keep_closing
from infusiondesk.orders.queries import order_version

_SENT = (State.ON_THE_ROAD, State.CONFIRMED)


@query(Area.INTERACTIONS)
def recall_lines(reading: Reading) -> Sequence[RecallLine]:
    """Every decision, prepared bag and bag at home that relied on a row which says something else now; closed ones last."""
    closed = closed_lines(reading)
    found = {line.id: line for line in (*_decisions(reading), *_preparations(reading))}
    lines = [replace(line, closing=closed[key].closing) if key in closed else line for key, line in found.items()]
    lines += [line for key, line in closed.items() if key not in found]
    return sorted(lines, key=most_urgent_first)


@verb(Area.INTERACTIONS, Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE, does="close a line of a recall")
def close_line(uow: UnitOfWork, *, line_id: str, draft: ClosingDraft) -> None:
    """Say what was done about one line; it cannot be taken back."""
    line = next((one for one in recall_lines(uow) if one.id == line_id), None)
    if line is None:
        raise Refused("This line is gone: the row was corrected once more. Look at the list again.")
    keep_closing(uow, line, draft)


def _decisions(reading: Reading) -> list[RecallLine]:
    return [_decision(reading, one) for one in decisions_on_old_rows(reading)]


def _decision(reading: Reading, one: Reliance) -> RecallLine:
    order = order_version(reading, version_id=one.order_version_id)
    subject = f"Rx {order.rx_number} version {order.number}, {order.sig}; verified {day(one.made_at.date())} by {one.made_by}"
    return RecallLine(
        one.row_key, one.version_then, one.version_now, one.row, Relied.DECISION, "order_version", one.order_version_id,
        one.patient_id, order.patient, order.mrn, subject, one.then, one.now, one.is_stricter, one.because, one.by, one.at,
    )  # fmt: skip


def _preparations(reading: Reading) -> list[RecallLine]:
    batches = [batch for batch in batches_on_stability(reading) if not batch.is_past_use]
    changes = stability_changes(reading, uses=[(batch.stability_id, batch.approved_at) for batch in batches])
    sent: dict[UUID, set[UUID]] = {}
    found = []
    for batch in batches:
        change = changes.get((batch.stability_id, batch.approved_at))
        if change is None:
            continue
        if batch.patient_id not in sent:
            tickets = tickets_of(reading, patient_id=batch.patient_id)
            sent[batch.patient_id] = {bag.id for ticket in tickets if ticket.state in _SENT for bag in ticket.bags}
        at_home = [bag for bag in batch.bags if bag in sent[batch.patient_id]]
        here = len(batch.bags) - len(at_home) if batch.bags else batch.planned_bags
        for kind, bags in ((Relied.AT_HOME, len(at_home)), (Relied.PREPARED, here)):
            if bags:
                found.append(_preparation(reading, batch, change, kind, bags))
    return found


def _preparation(reading: Reading, batch: ReliedBatch, change: StabilityChange, kind: Relied, bags: int) -> RecallLine:
    order = order_version(reading, version_id=batch.order_version_id)
    where = "at home or on the road" if kind is Relied.AT_HOME else f"here, batch {batch.state.value.lower()}"
    subject = f"{batch.number}, {counted(bags, 'bag')} {where}; Rx {order.rx_number}, {order.sig}"
    return RecallLine(
        f"stability {change.row_id}", change.version_then, change.version_now, f"stability of {change.drug}", kind, "batch",
        batch.id,
        batch.patient_id, order.patient, order.mrn, subject, change.hours_then, change.hours_now, change.is_stricter,
        change.because, change.by, change.at,
    )  # fmt: skip

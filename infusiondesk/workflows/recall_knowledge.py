"""Recalling knowledge: a rule or a stability row was corrected; who and what relied on it, until each line is closed."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from infusiondesk.assessments.queries import signed_assessments
from infusiondesk.catalog.queries.relied import StabilityChange, drug_changes, stability_changes
from infusiondesk.compounding.queries.relied import ReliedBatch, batches_on_stability
from infusiondesk.dispensing.queries import tickets_of
from infusiondesk.dispensing.rules import State
from infusiondesk.foundation.kernel.ismp import counted, day
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, query, verb
from infusiondesk.foundation.store.unit_of_work import Reading, UnitOfWork
from infusiondesk.interactions.rules.recall import ClosingDraft, RecallLine, Relied, most_urgent_first
from infusiondesk.interactions.service import knowledge_now
from infusiondesk.interactions.service.recall import Reliance, closed_lines, decisions_on_old_rows
from infusiondesk.interactions.service.recall import close_line as keep_closing
from infusiondesk.interactions.service.recall_first_doses import first_dose_changes
from infusiondesk.interactions.service.recall_sets import decisions_before_ranges, decisions_on_sets
from infusiondesk.orders.queries import order_version, orders_of
from infusiondesk.orders.queries.verified import verified_now
from infusiondesk.orders.rules import State as OrderState

_OVER = (OrderState.COMPLETED, OrderState.DISCONTINUED, OrderState.CANCELLED)
_SENT = (State.ON_THE_ROAD, State.CONFIRMED)


@query(Area.INTERACTIONS)
def recall_lines(reading: Reading) -> Sequence[RecallLine]:
    """Every decision, prepared bag and bag at home that relied on a row which says something else now; closed ones last."""
    closed = closed_lines(reading)
    found = {line.id: line for line in (*_decisions(reading), *_assessed(reading), *_on_drugs(reading), *_preparations(reading))}
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
    found = [_decision(reading, one) for one in (*decisions_on_old_rows(reading), *decisions_on_sets(reading))]
    knowledge = knowledge_now(reading)
    for medicine, one in decisions_before_ranges(reading):
        order = order_version(reading, version_id=one.order_version_id)
        if knowledge.ingredient_of(order.ingredient) == medicine:  # a range of another medicine of the profile judges no order
            found.append(_decision(reading, one))
    return found


def _decision(reading: Reading, one: Reliance) -> RecallLine:
    order = order_version(reading, version_id=one.order_version_id)
    subject = f"Rx {order.rx_number} version {order.number}, {order.sig}; verified {day(one.made_at.date())} by {one.made_by}"
    return RecallLine(
        one.row_key, one.version_then, one.version_now, one.row, Relied.DECISION, "order_version", one.order_version_id,
        one.patient_id, order.patient, order.mrn, subject, one.then, one.now, one.is_stricter, one.because, one.by, one.at,
    )  # fmt: skip


def _assessed(reading: Reading) -> list[RecallLine]:
    """Assessments whose first-dose rows or limits were changed after they were signed, for patients with an open order of them."""
    changes = first_dose_changes(reading)
    if not changes:
        return []
    knowledge = knowledge_now(reading)
    found = []
    for assessment_id, patient_id, number, signed_at in signed_assessments(reading):
        orders = [one for one in orders_of(reading, patient_id=patient_id) if one.is_current and one.state not in _OVER]
        # Of several changes of one row the first since the signature knows what the row said then.
        since = {change.row_key: change for change in reversed(changes) if change.made_at >= signed_at}
        for change in since.values():
            mine = [one for one in orders if knowledge.ingredient_of(one.ingredient) in change.medicines]
            if not mine:
                continue
            subject = f"assessment {number}, signed {day(reading.local(signed_at).date())}; Rx {mine[0].rx_number}, {mine[0].sig}"
            found.append(
                RecallLine(
                    change.row_key, change.version_then, change.version_now, change.row, Relied.DECISION, "assessment",
                    assessment_id, patient_id, mine[0].patient, mine[0].mrn, subject, change.then, change.now, True,
                    change.because, change.by, reading.local(change.made_at),
                )
            )  # fmt: skip
    return found


def _on_drugs(reading: Reading) -> list[RecallLine]:
    """Verified orders that are not over, whose drug's row says something else now than it was signed then."""
    verified = verified_now(reading)
    changes = drug_changes(reading, uses=[(one.drug_id, one.signed_at) for one in verified])
    found = []
    for one in verified:
        change = changes.get((one.drug_id, one.signed_at))
        order = order_version(reading, version_id=one.version_id) if change else None
        if change is None or order is None or order.set_aside or order.state not in (OrderState.VERIFIED, OrderState.HELD):
            continue
        subject = f"Rx {order.rx_number} version {order.number}, {order.sig}; verified {day(reading.local(one.signed_at).date())}"
        # Which way is stricter depends on the order, so every one stands first.
        found.append(
            RecallLine(
                f"drug {change.drug_id}",
                change.version_then,
                change.version_now,
                f"catalog row of {change.drug}",
                Relied.DECISION,
                "order_version",
                one.version_id,
                one.patient_id,
                order.patient,
                order.mrn,
                subject,
                change.then,
                change.now,
                True,
                change.because,
                change.by,
                change.at,
            )
        )
    return found


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

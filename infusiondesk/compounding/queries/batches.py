"""The board of batches by due time, and one batch whole."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.records import Drug
from infusiondesk.compounding.queries import beyond_use
from infusiondesk.compounding.queries.facts import made_facts, worksheet_facts
from infusiondesk.compounding.queries.rows import (
    BatchRow,
    BeyondUseRow,
    EntryRow,
    EventRow,
    PartRow,
    StepRow,
    StepState,
    WholeBatch,
)
from infusiondesk.compounding.queries.worksheet import Part, Worksheet, worksheet_for
from infusiondesk.compounding.records import Batch, BatchEvent, BatchIngredient
from infusiondesk.compounding.rules import BatchEvent as What
from infusiondesk.compounding.rules import BatchState, Limits
from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.kernel.seals import digest
from infusiondesk.foundation.store.signatures import SignatureRow, signatures_of
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.queries import vendors_of
from infusiondesk.inventory.records import Item, Lot
from infusiondesk.orders.queries import often_of, order_version
from infusiondesk.orders.records import Order, OrderVersion
from infusiondesk.orders.rules import sig
from infusiondesk.patients.queries import chart_facts
from infusiondesk.patients.records import Patient
from infusiondesk.patients.rules.banner import allergy_words

APPROVED, COMPOUNDED, RELEASED = "worksheet approved", "compounded", "verified and released"
OVER = (BatchState.RELEASED, BatchState.DISPENSED, BatchState.REJECTED, BatchState.DESTROYED, BatchState.RECALLED)
KEPT_ON_BOARD = timedelta(days=3)
_NEXT = {
    BatchState.PLANNED: "a pharmacist approves the worksheet",
    BatchState.WORKSHEET_APPROVED: "a technician scans the ingredients",
    BatchState.COMPOUNDING: "a pharmacist confirms the volumes",
    BatchState.LABELLED: "another pharmacist releases",
    BatchState.RELEASED: "deliver",
}


@query(Area.COMPOUNDING)
def batches(reading: Reading, *, whole_past: bool = False) -> Sequence[BatchRow]:
    """The board: what is open by due time, then what was released or rejected in the last days, or ever (`whole_past`)."""
    since = reading.clock.now() - KEPT_ON_BOARD
    found = rows_where(reading, sa.true())
    open_ones = sorted((row for row, _ in found if row.state not in OVER), key=lambda row: (row.due_at, row.number))
    past = sorted(
        ((row, events) for row, events in found if row.state in OVER and (whole_past or events[-1].at >= since)),
        key=lambda pair: pair[1][-1].at,
        reverse=True,
    )
    return [*open_ones, *(row for row, _ in past)]


@query(Area.COMPOUNDING)
def batch_of(reading: Reading, *, batch_id: UUID, limits: Limits | None = None) -> WholeBatch:
    """One batch with its worksheet, ingredients, steps and names; `limits` are there for a preview of the beyond-use date."""
    batch = reading.session.get_one(Batch, batch_id)
    ((row, events),) = rows_where(reading, Batch.id == batch_id)
    order = order_version(reading, version_id=batch.order_version_id)
    worksheet = worksheet_of(reading, batch)
    taken = taken_for(reading, batch_id)
    parts = parts_of(worksheet.parts, entries_of(reading, taken))
    approval = worksheet_facts(batch, worksheet)
    made = made_facts(batch, taken) if batch.worksheet else {}
    names = _names(reading, batch_id, made)
    chart = chart_facts(reading, patient_id=batch.patient_id)
    return WholeBatch(
        row=row,
        order=order,
        category=batch.category,
        facility=batch.facility,
        storage=batch.storage,
        planned_by=batch.planned_by,
        worksheet=worksheet,
        worksheet_code=digest(approval).hex(),
        parts=parts,
        events=events,
        steps=_steps(row, events, parts, batch),
        beyond_use=_beyond_use(reading, batch, worksheet, parts, limits),
        allergies=tuple(words.text for words in allergy_words(chart)),
        allergies_are_recorded=bool(chart.allergies),
        hood=batch.hood,
        started_at=batch.started_at and reading.local(batch.started_at),
        finished_at=batch.finished_at and reading.local(batch.finished_at),
        compounded_by=batch.compounded_by,
        good_bags=batch.good_bags,
        yield_reason=batch.yield_reason,
        approvals=tuple(name for name in _names(reading, batch_id, approval) if name.meaning == APPROVED),
        names=tuple(name for name in names if name.meaning in (COMPOUNDED, RELEASED)),
    )


def worksheet_of(at: Reading, batch: Batch) -> Worksheet:
    """The frozen worksheet; before its approval the one that today's order and catalog give."""
    if batch.worksheet:
        return Worksheet.from_json(batch.worksheet)
    return worksheet_for(
        at,
        order=order_version(at, version_id=batch.order_version_id),
        bags=batch.bags,
        product_id=batch.product_id,
        fluid_id=batch.fluid_id,
        diluent_id=batch.diluent_id,
        storage=batch.storage,
    )


def taken_for(at: Reading, batch_id: UUID) -> list[BatchIngredient]:
    """What was taken for a batch, in the order in which it was entered."""
    chosen = sa.select(BatchIngredient).where(BatchIngredient.batch_id == batch_id)
    return list(at.session.scalars(chosen.order_by(BatchIngredient.entered_at, BatchIngredient.id)))


def entries_of(at: Reading, taken: Iterable[BatchIngredient]) -> dict[str, list[EntryRow]]:
    """The entries of each part, with what the shelf knows of their lots."""
    found: dict[str, list[EntryRow]] = defaultdict(list)
    taken = list(taken)
    vendors = vendors_of(at, lot_ids=[one.lot_id for one in taken])
    for one in taken:
        lot = at.session.get_one(Lot, one.lot_id)
        item = at.session.get_one(Item, lot.item_id)
        found[one.part].append(
            EntryRow(
                one.id, lot.id, lot.lot_number, lot.expires_on, vendors.get(lot.id, ""), item.name, item.ndc,
                one.quantity, one.is_scanned, one.compared_by, one.entered_by,
            )
        )  # fmt: skip
    return found


def parts_of(parts: Iterable[Part], entries: dict[str, list[EntryRow]]) -> tuple[PartRow, ...]:
    """The ingredient table."""
    return tuple(PartRow(part, tuple(entries.get(part.key, ()))) for part in parts)


def lots_of(parts: Iterable[PartRow]) -> list[tuple[str, date]]:
    """Each lot that went in, named as a derivation names it, with its expiry."""
    return [(f"{part.part.name}, lot {entry.lot_number}", entry.expires_on) for part in parts for entry in part.entries]


def rows_where(at: Reading, condition: sa.ColumnElement[bool]) -> list[tuple[BatchRow, tuple[EventRow, ...]]]:
    """Batches with the steps they took."""
    found = at.session.execute(
        sa.select(Batch, OrderVersion, Order, Drug, Patient)
        .join(OrderVersion, OrderVersion.id == Batch.order_version_id)
        .join(Order, Order.id == OrderVersion.order_id)
        .join(Drug, Drug.id == OrderVersion.drug_id)
        .join(Patient, Patient.id == Batch.patient_id)
        .where(condition)
    ).all()
    events = events_of(at, [batch.id for batch, *_ in found])
    now = at.clock.now()
    rows = []
    for batch, version, order, drug, patient in found:
        own = tuple(events[batch.id])
        state = own[-1].state
        row = BatchRow(
            id=batch.id,
            number=batch.number,
            patient_id=patient.id,
            patient=f"{patient.last_name}, {patient.first_name}",
            mrn=patient.mrn,
            rx_number=order.rx_number,
            sig=sig(drug.name, version.dose_amount, version.dose_unit, version.route, version.interval_hours, often_of(version)),
            bags=batch.bags,
            due_at=at.local(batch.due_at),
            is_late=state not in OVER and batch.due_at < now,
            state=state,
            is_finished=batch.finished_at is not None,
            next=_next(state, batch.finished_at is not None),
            beyond_use_at=batch.beyond_use_at and at.local(batch.beyond_use_at),
        )
        rows.append((row, own))
    return rows


def events_of(at: Reading, batch_ids: Sequence[UUID]) -> dict[UUID, list[EventRow]]:
    """The steps of batches, each in its order."""
    found: dict[UUID, list[EventRow]] = defaultdict(list)
    chosen = sa.select(BatchEvent).where(BatchEvent.batch_id.in_(batch_ids)).order_by(BatchEvent.place)
    for one in at.session.scalars(chosen):
        happened = at.local(one.happened_at)
        found[one.batch_id].append(EventRow(one.what, one.state, one.detail, one.reason, happened, one.done_by_id, one.done_by))
    return found


def _next(state: BatchState, is_finished: bool) -> str:
    if state is BatchState.CHECKED:
        return "the technician labels and counts" if is_finished else "the technician inspects, counts and signs"
    return _NEXT.get(state, "")


def _names(at: Reading, batch_id: UUID, facts: dict[str, object]) -> Sequence[SignatureRow]:
    return signatures_of(at, Batch.__tablename__, batch_id, facts)


def _beyond_use(at: Reading, batch: Batch, worksheet: Worksheet, parts: Sequence[PartRow], limits: Limits | None) -> BeyondUseRow:
    zone = at.clock.zone
    if batch.beyond_use_at is not None and batch.started_at is not None:
        return beyond_use.fixed(batch.derivation, batch.beyond_use_at, batch.started_at, zone)
    if limits is None:
        return BeyondUseRow(None, "Not set before the work is finished.", (), is_preview=True)
    if worksheet.hours is None:
        return BeyondUseRow(None, worksheet.missing[0] if worksheet.missing else worksheet.stability, (), is_preview=True)
    started_at = batch.started_at or at.clock.now()
    found = beyond_use.dated(
        category=batch.category,
        facility=batch.facility,
        storage=batch.storage,
        hours=worksheet.hours,
        started_at=started_at,
        lots=lots_of(parts),
        limits=limits,
        zone=zone,
    )
    return beyond_use.preview(found, batch.category, started_at, zone, is_begun=batch.started_at is not None)


def _steps(row: BatchRow, events: Sequence[EventRow], parts: Sequence[PartRow], batch: Batch) -> tuple[StepRow, ...]:
    """The seven steps of the worksheet; the first that is not done is the current one."""
    by = {event.what: event for event in events}
    complete = sum(part.is_complete for part in parts)
    all_taken = bool(parts) and complete == len(parts)
    good = batch.good_bags
    steps = [
        ("Approve worksheet", _who(by.get(What.APPROVE_WORKSHEET)) or "a pharmacist", What.APPROVE_WORKSHEET in by),
        ("Scan ingredients", f"{complete} of {len(parts)} entered", What.APPROVE_WORKSHEET in by and all_taken),
        ("Clear the hood, start", _who(by.get(What.START)), What.START in by),
        ("Confirm volumes", _who(by.get(What.CHECK)) or "2 people", What.CHECK in by),
        ("Inspect, count, sign", counted(good, "good bag") if good is not None else counted(row.bags, "bag"), row.is_finished),
        ("Label", _who(by.get(What.LABEL)) or counted(good or row.bags, "label"), What.LABEL in by),
        ("Pharmacist release", _who(by.get(What.RELEASE)) or "another pharmacist", What.RELEASE in by),
    ]
    current = next((place for place, (_, _, done) in enumerate(steps) if not done), len(steps))
    here: StepState = "stopped" if row.state is BatchState.REJECTED else "current"
    return tuple(
        StepRow(title, detail, "done" if done else here if place == current else "todo")
        for place, (title, detail, done) in enumerate(steps)
    )


def _who(event: EventRow | None) -> str:
    return f"{event.at:%H:%M}, {event.by}" if event else ""

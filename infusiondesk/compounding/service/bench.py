"""The work at the hood: ingredients taken by their lots, start, volumes seen by two, finished, labelled."""

from decimal import Decimal
from uuid import UUID

from infusiondesk.catalog.queries import is_signed
from infusiondesk.catalog.rules import RowKind
from infusiondesk.compounding.exchange import reviewed_limits
from infusiondesk.compounding.queries import beyond_use
from infusiondesk.compounding.queries.batches import COMPOUNDED, entries_of, lots_of, parts_of, taken_for, worksheet_of
from infusiondesk.compounding.queries.facts import made_facts
from infusiondesk.compounding.queries.rows import PartRow
from infusiondesk.compounding.records import Batch, BatchIngredient
from infusiondesk.compounding.rules import BatchEvent as What
from infusiondesk.compounding.rules import BeyondUse, FinishDraft, Refusal, StartDraft, VolumeProof
from infusiondesk.compounding.service.steps import MAKERS, PHARMACISTS, events_so_far, may_take, order_in_force, take_step
from infusiondesk.compounding.service.wasting import waste_bags, waste_opened
from infusiondesk.foundation.kernel.ismp import counted, number
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory.queries import LotRow, lot_by_scan
from infusiondesk.inventory.service import return_unused, use_lot
from infusiondesk.staff.queries import people

_COMPARERS = frozenset({Role.TECHNICIAN, *PHARMACISTS})


@verb(Area.COMPOUNDING, *MAKERS, does="take an ingredient for a batch")
def take_ingredient(uow: UnitOfWork, *, batch_id: UUID, text: str, was_typed: bool, quantity: Decimal | None = None) -> str:
    """Take containers of the scanned or typed lot: all that the part still needs, or `quantity`. Returns what was matched."""
    batch = uow.session.get_one(Batch, batch_id)
    may_take(uow, batch, What.STAGE)
    order_in_force(uow, batch.order_version_id)
    lot = _lot(uow, text)
    part = next((one for one in _parts(uow, batch) if one.part.product_id == str(lot.product_id)), None)
    if part is None:
        raise Refused(f"{lot.item} is not in this batch. Set it aside.")
    if part.is_complete:
        raise Refused(f"{part.part.name} is complete: {counted(part.taken, part.part.unit)}. Set this one aside.")
    wanted = part.still_needed if quantity is None else quantity
    if wanted > part.still_needed:
        raise Refused(f"Only {counted(part.still_needed, part.part.unit)} of {part.part.name} are still needed.", field="quantity")
    compared_by = _compared_by(uow, lot) if was_typed else ""
    uow.session.flush()
    use_lot(uow, lot_id=lot.id, quantity=wanted, reference_entity=Batch.__tablename__, reference_id=batch.id)
    taken = BatchIngredient(
        batch_id=batch.id,
        part=part.part.key,
        lot_id=lot.id,
        quantity=wanted,
        is_scanned=not was_typed,
        compared_by=compared_by,
        entered_by=uow.actor.name,
        entered_at=uow.clock.now(),
    )
    uow.add(taken)
    how = "typed" if was_typed else "scanned"
    uow.record(Change("took", Area.COMPOUNDING, "batch", batch.id, batch.patient_id, detail=f"lot {lot.lot_number}, {how}"))
    return f"{part.part.name}, lot {lot.lot_number}, {number(part.taken + wanted)} of {number(part.part.count)}"


@verb(Area.COMPOUNDING, *MAKERS, does="put an ingredient of a batch back")
def take_out_ingredient(uow: UnitOfWork, *, ingredient_id: UUID) -> None:
    """Put what was taken back on the shelf, unopened; only before the work starts."""
    taken = uow.session.get_one(BatchIngredient, ingredient_id)
    batch = uow.session.get_one(Batch, taken.batch_id)
    may_take(uow, batch, What.STAGE)
    put_back(uow, batch, taken)


@verb(Area.COMPOUNDING, *MAKERS, does="start a batch")
def start_batch(uow: UnitOfWork, *, batch_id: UUID, draft: StartDraft) -> None:
    """The beyond-use date counts from here. Refused while an ingredient is missing, expired, or gives no date."""
    batch = uow.session.get_one(Batch, batch_id)
    may_take(uow, batch, What.STAGE)
    order_in_force(uow, batch.order_version_id)
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    if batch.stability_id is None or not is_signed(uow, kind=RowKind.STABILITY, row_id=batch.stability_id):
        raise Refused("The stability row behind this worksheet was changed after the approval. A pharmacist rejects the batch.")
    missing = next((part for part in _parts(uow, batch) if not part.is_complete), None)
    if missing is not None:
        raise Refused(f"{counted(missing.still_needed, missing.part.unit)} of {missing.part.name} are still missing.")
    batch.started_at, batch.hood = uow.clock.now(), draft.hood.strip()
    _date(uow, batch)
    take_step(uow, batch, What.STAGE)
    take_step(uow, batch, What.START, detail=batch.hood)


@verb(Area.COMPOUNDING, *PHARMACISTS, does="confirm the volumes of a batch")
def check_volumes(uow: UnitOfWork, *, batch_id: UUID, proof: str) -> None:
    """A second person saw that the right volumes went in, and how (clinical 9.3)."""
    batch = uow.session.get_one(Batch, batch_id)
    may_take(uow, batch, What.CHECK)
    if proof not in set(VolumeProof):
        raise Refused("Say how the volumes were seen: syringe pull-back, photograph, or weighed.", field="proof")
    if uow.actor.id in makers_of(uow, batch):
        raise Refused(f"{uow.actor.name} makes this batch; another person confirms the volumes.")
    take_step(uow, batch, What.CHECK, detail=proof)


@verb(Area.COMPOUNDING, *MAKERS, does="sign a batch as compounded")
def finish_batch(uow: UnitOfWork, *, batch_id: UUID, draft: FinishDraft) -> None:
    """Count and look, set the beyond-use date from the real start and lots, and put the compounder's name under all of it."""
    batch = uow.session.get_one(Batch, batch_id)
    if batch.finished_at is not None:
        raise Refused(f"{batch.compounded_by} has already signed {batch.number} as compounded.")
    may_take(uow, batch, What.LABEL)
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    good = draft.good_bags or 0
    if good > batch.bags:
        raise Refused(f"The worksheet makes {counted(batch.bags, 'bag')}; {good} cannot come out of it.", field="good_bags")
    if good < batch.bags:
        batch.yield_reason = uow.reason_for(
            "compounding.yield",
            f"{good} of {counted(batch.bags, 'bag')} are good. What happened to the others?",
            ("leak", "particles", "dropped"),
        )
    waste_bags(uow, batch, batch.bags - good, batch.yield_reason)
    waste_opened(uow, batch, batch.bags, f"left over when batch {batch.number} was drawn")
    found = _date(uow, batch)
    batch.finished_at, batch.good_bags = uow.clock.now(), good
    batch.compounded_by_id, batch.compounded_by = uow.actor.id, uow.actor.name
    batch.beyond_use_at = found.beyond_use_at
    batch.derivation = beyond_use.derivation_of(found, batch.category)
    uow.session.flush()
    subject = f"{batch.number}, {counted(good, 'bag')}, {worksheet_of(uow, batch).name}"
    facts = made_facts(batch, taken_for(uow, batch.id))
    uow.put_name(batch, facts, subject=subject, meaning=COMPOUNDED, area=Area.COMPOUNDING, patient_id=batch.patient_id)


@verb(Area.COMPOUNDING, *MAKERS, does="say that a batch is labelled")
def label_batch(uow: UnitOfWork, *, batch_id: UUID, labels: int) -> None:
    """Every good bag wears its label, and no label is left over."""
    batch = uow.session.get_one(Batch, batch_id)
    may_take(uow, batch, What.LABEL)
    if batch.finished_at is None:
        raise Refused("Count, inspect and sign the batch first; the label prints its beyond-use date.")
    if labels != batch.good_bags:
        raise Refused(f"{counted(labels, 'label')} on {counted(batch.good_bags or 0, 'bag')}: count both again.", field="labels")
    take_step(uow, batch, What.LABEL, detail=counted(labels, "label"))


def put_back(uow: UnitOfWork, batch: Batch, taken: BatchIngredient) -> None:
    """Return what was taken for a batch to its lot.

    No permission of its own: taking an ingredient out and rejecting a batch before its start carry it.
    """
    return_unused(uow, lot_id=taken.lot_id, quantity=taken.quantity, reference_entity=Batch.__tablename__, reference_id=batch.id)
    uow.session.delete(taken)
    uow.record(Change("put back", Area.COMPOUNDING, "batch", batch.id, batch.patient_id))


def makers_of(uow: UnitOfWork, batch: Batch) -> set[UUID]:
    """Everybody who had a hand in making the batch.

    No permission of its own: the two checks by another person ask it.
    """
    found = {event.by_id for event in events_so_far(uow, batch.id) if event.what is What.START}
    return found | ({batch.compounded_by_id} if batch.compounded_by_id else set())


def _parts(uow: UnitOfWork, batch: Batch) -> tuple[PartRow, ...]:
    return parts_of(worksheet_of(uow, batch).parts, entries_of(uow, taken_for(uow, batch.id)))


def _lot(uow: UnitOfWork, text: str) -> LotRow:
    found = lot_by_scan(uow, text=text)
    if found.lot is None:
        named = f"{found.item.name}: scan or type the lot number." if found.item else "Scan the package or type its lot number."
        raise Refused(found.because or named)
    return found.lot


def _compared_by(uow: UnitOfWork, lot: LotRow) -> str:
    """A typed lot number was read by two: the second one is named."""
    others = [
        person.name
        for person in people(uow)
        if person.id != uow.actor.id and not person.is_retired and _COMPARERS & set(person.roles)
    ]
    question = f"Lot {lot.lot_number} was typed, not scanned. Who compared it with the label?"
    name = uow.reason_for("compounding.compared", question, tuple(others))
    if name not in others:
        raise Refused(f"{name} is not another technician or pharmacist of this pharmacy. Name who compared the label.")
    return name


def _date(uow: UnitOfWork, batch: Batch) -> BeyondUse:
    if batch.started_at is None:
        raise AssertionError("a batch is dated from its start")
    found = beyond_use.dated(
        category=batch.category,
        facility=batch.facility,
        storage=batch.storage,
        hours=batch.stability_hours,
        started_at=batch.started_at,
        lots=lots_of(_parts(uow, batch)),
        limits=reviewed_limits(),
        zone=uow.clock.zone,
    )
    if isinstance(found, Refusal):
        raise Refused(found.text)
    return found

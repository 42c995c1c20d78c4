"""Recalls of pumps: opened with what is at hand set apart, settled pump by pump, closed with a name under all of it."""

from uuid import UUID

import sqlalchemy as sa

from infusiondesk.equipment.queries.recalls import hit_by, recall_facts, recall_row
from infusiondesk.equipment.queries.rows import loaded, scope_of
from infusiondesk.equipment.records import Pump, PumpRecall
from infusiondesk.equipment.rules import EventKind, Outcome, Place, RecallDraft, SettleDraft, may, serial_text
from infusiondesk.equipment.service.happening import HANDS, PHARMACISTS, happen, pump_for, quarantine_recalled, refuse_problems
from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork

_LEAVES = {Outcome.RETURNED, Outcome.EXCHANGED}


@verb(Area.EQUIPMENT, *PHARMACISTS, does="open a recall of pumps")
def open_recall(uow: UnitOfWork, *, draft: RecallDraft) -> UUID:
    """Enter a maker's notice; every pump of it that is at hand goes into quarantine at once."""
    refuse_problems(draft)
    maker, reference = draft.maker.strip(), draft.reference.strip()
    alike = (sa.func.lower(PumpRecall.maker) == maker.lower(), sa.func.lower(PumpRecall.reference) == reference.lower())
    if uow.session.scalars(sa.select(PumpRecall).where(*alike)).first() is not None:
        raise Refused(f"Notice {reference} of {maker} is on file already.", field="reference")
    recall = uow.add(
        PumpRecall(
            reference=reference, maker=maker, model=draft.model.strip(), serial_from=serial_text(draft.serial_from),
            serial_to=serial_text(draft.serial_to), reason=draft.reason.strip(), opened_at=uow.clock.now(),
            opened_by=uow.actor.name, closing=[],
        )
    )  # fmt: skip
    uow.session.flush()
    scope = scope_of(recall)
    hit = {pump.id for pump in hit_by(uow, scope)}
    kept = ""
    if not hit:  # a slip in the maker's name would recall nothing, and nobody would see it
        told = f"No pump of {scope.words()}, is on file. Look at how its model is written. Why is the notice kept?"
        kept = uow.reason_for("equipment.none_hit", told, ("we never had one of these",))
    for row in loaded(uow, Pump.id.in_(hit)):
        if may(row.place, EventKind.QUARANTINED):
            quarantine_recalled(uow, row.id, [scope])
    told = f"{counted(len(hit), 'pump')} hit" + (f": {kept}" if kept else "")
    uow.record(Change("recall opened", Area.EQUIPMENT, "pump_recall", recall.id, detail=told), reason=recall.reason)
    return recall.id


@verb(Area.EQUIPMENT, *HANDS, does="settle a recalled pump")
def settle_pump(uow: UnitOfWork, *, recall_id: UUID, pump_id: UUID, draft: SettleDraft) -> None:
    """Sign what became of one recalled pump; one that went back to its maker is retired, one that was checked is released next."""
    refuse_problems(draft)
    row = pump_for(uow, pump_id, EventKind.SETTLED)
    if recall_id not in {one.id for one in row.recalls}:
        raise Refused(f"Pump {row.serial} is not waiting under this recall.")
    outcome = Outcome(str(draft.outcome))
    if (outcome is Outcome.NOT_HAD) != (row.place is Place.LOST):
        raise Refused(f"Pump {row.serial} is {row.place.value}. Choose what became of it.", field="outcome")
    note = draft.note.strip()
    details = {"outcome": outcome.value}
    happen(uow, pump_id, EventKind.SETTLED, reason=note, details=details, recall_id=recall_id, signs="recall settled")
    if outcome in _LEAVES:
        happen(uow, pump_id, EventKind.RETIRED, reason=f"{outcome.value}: {note}", recall_id=recall_id)


@verb(Area.EQUIPMENT, *PHARMACISTS, does="close a recall of pumps")
def close_recall(uow: UnitOfWork, *, recall_id: UUID) -> None:
    """Put a name under a recall of which every pump is settled."""
    recall = uow.session.get_one(PumpRecall, recall_id)
    if recall.signed_at is not None:
        raise Refused(f"Recall {recall.reference} is closed already.")
    row = recall_row(uow, recall)
    if row.open_hits:
        waiting = ", ".join(hit.pump.serial for hit in row.open_hits[:5])
        raise Refused(f"{counted(len(row.open_hits), 'pump')} of recall {recall.reference} not settled yet: {waiting}.")
    recall.closing = [{"serial": hit.pump.serial, "outcome": hit.outcome, "note": hit.note} for hit in row.hits]
    uow.session.flush()
    uow.sign(
        recall, recall_facts(recall), subject=f"Recall {recall.reference} of {recall.maker}", meaning="recall closed",
        area=Area.EQUIPMENT, patient_id=None,
    )  # fmt: skip

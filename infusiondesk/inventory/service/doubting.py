"""Quarantine and suspect products: set apart, looked into, cleared or found illegitimate."""

from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory.queries.recalls import doubt_about, open_recall_of
from infusiondesk.inventory.records import ExcursionLot, Holding, Investigation, Lot
from infusiondesk.inventory.rules import MovementKind, SuspicionDraft, SuspicionEnd, refuse_first
from infusiondesk.inventory.service.moving import HANDS, PHARMACISTS, holdings_of, move, set_apart


@verb(Area.INVENTORY, *PHARMACISTS, does="put a lot into quarantine")
def quarantine_lot(uow: UnitOfWork, *, lot_id: UUID, location_id: UUID | None = None) -> None:
    """Take all that is left of a lot off the shelf: a recall, an excursion, a doubt."""
    lot = uow.session.get_one(Lot, lot_id)
    if not any(holding.on_hand > 0 for holding in holdings_of(uow, lot_id, location_id)):
        raise Refused(f"Nothing of lot {lot.lot_number} is on hand.")
    because = uow.reason_for(
        "inventory.quarantine",
        f"Why does lot {lot.lot_number} go into quarantine?",
        ("recall", "temperature excursion", "damaged in transport", "doubtful"),
    )
    set_apart(uow, because=because, lot_id=lot_id, location_id=location_id)


@verb(Area.INVENTORY, Role.PHARMACIST_IN_CHARGE, does="clear a lot from quarantine")
def clear_lot(uow: UnitOfWork, *, lot_id: UUID, location_id: UUID | None = None) -> None:
    """Put what is in quarantine back on the shelf, with what the investigation found; not while a recall or a suspicion is open."""
    lot = uow.session.get_one(Lot, lot_id)
    if not any(holding.in_quarantine > 0 for holding in holdings_of(uow, lot_id, location_id)):
        raise Refused(f"Nothing of lot {lot.lot_number} is in quarantine.")
    if _open_one(uow, lot_id) is not None:
        raise Refused(f"Lot {lot.lot_number} is suspect. End the investigation; that clears it or not.")
    to_judge = _to_judge(uow, lot_id)
    if doubt := doubt_about(uow, item_id=lot.item_id, lot_number=lot.lot_number):
        raise Refused(f"{doubt} It stays in quarantine.")
    if any(holding.in_quarantine > 0 and holding.id in to_judge for holding in holdings_of(uow, lot_id, location_id)):
        raise Refused(f"Lot {lot.lot_number} waits for a judgement after a temperature excursion. That clears it or not.")
    because = uow.reason_for("inventory.clear", f"What did the investigation of lot {lot.lot_number} find?", least_characters=15)
    clear_apart(uow, lot_id=lot_id, location_id=location_id, because=because)


def clear_apart(
    uow: UnitOfWork, *, lot_id: UUID, because: str, location_id: UUID | None = None, reference: tuple[str, UUID] | None = None
) -> None:
    """Put all that is in quarantine of a lot back on hand where it lies, but for what waits for a judgement after an excursion.

    No permission of its own: clearing and the end of an investigation carry it.
    """
    to_judge = _to_judge(uow, lot_id)
    for holding in holdings_of(uow, lot_id, location_id):
        if (apart := holding.in_quarantine) > 0 and holding.id not in to_judge:
            move(uow, holding, MovementKind.CLEARED, apart, -apart, because=because, reference=reference)


@verb(Area.INVENTORY, *HANDS, does="report a suspect product")
def suspect_lot(uow: UnitOfWork, *, lot_id: UUID) -> UUID:
    """Open an investigation and set all that is on hand aside at once, as DSCSA wants (section 582(d)(4))."""
    lot = uow.session.get_one(Lot, lot_id)
    if _open_one(uow, lot_id) is not None:
        raise Refused(f"Lot {lot.lot_number} is being looked into already.")
    because = uow.reason_for(
        "inventory.suspect",
        f"What makes lot {lot.lot_number} suspect?",
        (
            "serial number received twice",
            "package or label looks wrong",
            "document does not match",
            "notice of the FDA or the maker",
        ),
    )
    found = uow.add(
        Investigation(
            lot_id=lot_id,
            suspicion=because,
            opened_at=uow.clock.now(),
            opened_by=uow.actor.name,
            end=None,
            finding="",
            notified="",
            closed_at=None,
            closed_by="",
        )
    )
    set_apart(uow, because=f"suspect: {because}", lot_id=lot_id, reference=("investigation", found.id))
    uow.record(Change("suspected", Area.INVENTORY, "investigation", found.id), reason=because)
    return found.id


@verb(Area.INVENTORY, Role.PHARMACIST_IN_CHARGE, does="end an investigation")
def end_investigation(uow: UnitOfWork, *, lot_id: UUID, draft: SuspicionDraft) -> None:
    """Cleared: it is on hand again. Illegitimate: it stays in quarantine until it is destroyed or goes back."""
    refuse_first(draft.problems())
    lot, found = uow.session.get_one(Lot, lot_id), _open_one(uow, lot_id)
    if found is None:
        raise Refused(f"Nobody looks into lot {lot.lot_number}.")
    found.end, found.finding, found.notified = SuspicionEnd(draft.end), draft.finding.strip(), draft.notified.strip()
    found.closed_at, found.closed_by = uow.clock.now(), uow.actor.name
    if found.end is SuspicionEnd.CLEARED:
        _not_recalled(uow, lot)
        clear_apart(uow, lot_id=lot_id, because=found.finding, reference=("investigation", found.id))
    uow.record(Change(f"investigated: {found.end}", Area.INVENTORY, "investigation", found.id), reason=found.finding)


def _open_one(uow: UnitOfWork, lot_id: UUID) -> Investigation | None:
    chosen = sa.select(Investigation).where(Investigation.lot_id == lot_id, Investigation.closed_at.is_(None))
    return uow.session.scalars(chosen).first()


def _to_judge(uow: UnitOfWork, lot_id: UUID) -> set[UUID]:
    """Where units of a lot were too warm or too cold and no pharmacist has said what becomes of them."""
    chosen = sa.select(ExcursionLot.holding_id).join(Holding, Holding.id == ExcursionLot.holding_id)
    return set(uow.session.scalars(chosen.where(Holding.lot_id == lot_id, ExcursionLot.signed_at.is_(None))))


def _not_recalled(uow: UnitOfWork, lot: Lot) -> None:
    if number := open_recall_of(uow, item_id=lot.item_id, lot_number=lot.lot_number):
        raise Refused(f"Lot {lot.lot_number} is in recall {number}. It stays in quarantine.")

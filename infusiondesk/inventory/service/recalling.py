"""Recalls of stock: everything named goes into quarantine in one step; each line is settled, then the recall is signed."""

from difflib import get_close_matches
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory.queries.recalls import closing_facts, lots_named
from infusiondesk.inventory.records import Item, RecallStep, StockRecall
from infusiondesk.inventory.rules import RecallScope, refuse_first
from infusiondesk.inventory.rules.recalls import RecallDraft, RecallEndDraft
from infusiondesk.inventory.service.moving import PHARMACISTS, set_apart


@verb(Area.INVENTORY, *PHARMACISTS, does="open a recall of stock")
def open_recall(uow: UnitOfWork, *, draft: RecallDraft) -> UUID:
    """Open it and put all that is on hand of it into quarantine; a lot of it that arrives later is refused."""
    refuse_first(draft.problems())
    scope = RecallScope(draft.scope)
    if scope is RecallScope.MAKER:
        _is_a_maker(uow, draft.maker.strip())
    recall = uow.add(
        StockRecall(
            number=_next_number(uow),
            notice=draft.notice.strip(),
            because=draft.because.strip(),
            scope=scope,
            item_id=None if scope is RecallScope.MAKER else draft.item_id,
            lot_numbers=draft.lots if scope is RecallScope.LOT else [],
            maker=draft.maker.strip() if scope is RecallScope.MAKER else "",
            opened_at=uow.clock.now(),
            opened_by=uow.actor.name,
            closing="",
            signed_at=None,
            signature_id=None,
        )
    )
    uow.session.flush()
    lots = lots_named(uow, recall)
    for lot in lots:
        set_apart(uow, because=f"recall {recall.number}", lot_id=lot.id, reference=("stock_recall", recall.id))
    detail = f"{recall.number}, {counted(len(lots), 'lot')} on file"
    uow.record(Change("recalled", Area.INVENTORY, "stock_recall", recall.id, detail=detail), reason=recall.because)
    return recall.id


def note_line(uow: UnitOfWork, *, recall_id: UUID, line: str, done: str, patient_id: UUID | None) -> None:
    """Keep what was done about one line.

    No permission of its own: the workflow that knows the lines carries it.
    """
    known = sa.select(RecallStep.id).where(RecallStep.recall_id == recall_id, RecallStep.line == line)
    if uow.session.scalars(known).first() is not None:
        raise Refused("This line is settled already.")
    step = RecallStep(recall_id=recall_id, line=line, done=done.strip(), done_at=uow.clock.now(), done_by=uow.actor.name)
    uow.add(step)
    uow.record(Change("settled a line", Area.INVENTORY, "stock_recall", recall_id, patient_id), reason=done.strip())


def sign_recall(uow: UnitOfWork, *, recall_id: UUID, draft: RecallEndDraft) -> None:
    """Close it with a signature.

    No permission of its own: the workflow that knows whether every line is settled carries it.
    """
    refuse_first(draft.problems())
    recall = uow.session.get_one(StockRecall, recall_id)
    if recall.signed_at is not None:
        raise Refused(f"Recall {recall.number} is closed.")
    recall.closing = draft.closing.strip()
    uow.sign(
        recall,
        closing_facts(recall),
        subject=f"Recall {recall.number}, {recall.notice}",
        meaning="recall closed",
        area=Area.INVENTORY,
        patient_id=None,
    )


def _is_a_maker(uow: UnitOfWork, maker: str) -> None:
    """A name that no item bears would recall nothing, and nobody would see it."""
    known = {name.casefold(): name for name in uow.session.scalars(sa.select(Item.maker).distinct()) if name}
    if maker.casefold() not in known:
        near = [known[name] for name in get_close_matches(maker.casefold(), known, 5, 0.4)]
        told = f"They name {', '.join(near)}." if near else "Enter him as the items do."
        raise Refused(f"No item names {maker} as its maker. {told}", field="maker")


def _next_number(uow: UnitOfWork) -> str:
    """``R-2603-01``: the month and a serial within it."""
    start = f"R-{uow.today():%y%m}-"
    newest = uow.session.scalars(sa.select(sa.func.max(StockRecall.number)).where(StockRecall.number.startswith(start))).one()
    return f"{start}{int(newest.rsplit('-', 1)[1]) + 1 if newest else 1:02d}"

"""Kits are edited and signed; what is in a home is counted."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.dispensing.exchange import shipped_kits
from infusiondesk.dispensing.queries import kit_line_of, kit_lines, review_facts, seal_of
from infusiondesk.dispensing.records import HomeCount, KitReview, KitRow
from infusiondesk.dispensing.rules import HomeCountDraft, KitLine, KitLineDraft, Per
from infusiondesk.dispensing.service.steps import PACKERS, PHARMACISTS
from infusiondesk.foundation.kernel.ismp import counted, number
from infusiondesk.foundation.kernel.outcomes import Problem, Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.kernel.seals import digest
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork


@verb(Area.DISPENSING, *PHARMACISTS, does="enter a supply of a kit")
def enter_kit_line(uow: UnitOfWork, *, draft: KitLineDraft) -> UUID:
    """A supply that orders of a kind ask for; it gives no number until it is signed."""
    _refuse(draft.problems())
    row = _filled(uow, KitRow(id=uow.new_id(), retired_at=None), draft, "policy")
    uow.record(Change("entered", Area.DISPENSING, KitRow.__tablename__, row.id, detail=row.item))
    return row.id


@verb(Area.DISPENSING, *PHARMACISTS, does="edit a supply of a kit")
def edit_kit_line(uow: UnitOfWork, *, line_id: UUID, draft: KitLineDraft) -> None:
    """Change a row, a shipped one too; it must be signed again before it gives a number."""
    _refuse(draft.problems())
    line = _line(uow, line_id)
    reason = None
    if line.signed_by:
        reason = uow.reason_for("dispensing.kit", f"{line.signed_by} has signed this row. Why is it changed? It is signed again.")
    row = uow.session.get(KitRow, line_id) or KitRow(id=line_id, retired_at=None)
    _filled(uow, row, draft, line.status if draft.source.strip() == line.source else "policy")
    uow.record(Change("edited", Area.DISPENSING, KitRow.__tablename__, line_id, detail=row.item), reason=reason)


@verb(Area.DISPENSING, *PHARMACISTS, does="take a supply out of a kit")
def retire_kit_line(uow: UnitOfWork, *, line_id: UUID) -> None:
    """No order asks for it any more; what was sent stays."""
    line = _line(uow, line_id)
    because = uow.reason_for("dispensing.kit_retired", f"Why is {line.item} not sent any more?", ("not stocked", "not needed"))
    row = uow.session.get(KitRow, line_id)
    if row is None:
        row = _filled(uow, KitRow(id=line_id, retired_at=None), KitLineDraft.of(line), line.status)
    row.retired_at = uow.clock.now()
    uow.record(Change("retired", Area.DISPENSING, KitRow.__tablename__, line_id, detail=line.item), reason=because)


@verb(Area.DISPENSING, *PHARMACISTS, does="sign rows of kits")
def sign_kit_lines(uow: UnitOfWork, *, seen: Mapping[UUID, str]) -> int:
    """Sign rows together, each as it was `seen` (its seal): from now on they say how many are needed. Says how many rows."""
    uow.require_licence("sign rows of kits")
    lines = [line for line in kit_lines(uow, shipped_kits()) if line.id in seen]
    if not lines or len(lines) != len(seen):
        raise Refused("Choose the rows to sign." if not seen else "One of these rows was taken out. Look at the list again.")
    for line in lines:
        if seal_of(line) != seen[line.id]:
            raise Refused(f"{line.item} was changed after you saw it. Nothing was signed; look at it again.")
        if line.quantity is None:
            raise Refused(f"{line.item} for {line.for_words} says no number. Enter how many first; then it is signed.")
        if line.signed_by:
            raise Refused(f"{line.item} for {line.for_words} is signed already by {line.signed_by}.")
    rows = sorted(({"id": str(line.id), "digest": seal_of(line), "item": line.item} for line in lines), key=lambda row: row["id"])
    number_of = 1 + len(uow.session.scalars(sa.select(KitReview.id)).all())
    # Made from what is signed and not by chance: the signature is asked for in one try and given in the next.
    key = UUID(bytes=digest({"rows": rows, "number": number_of})[:16], version=5)
    review = uow.add(KitReview(id=key, rows=rows, signed_by=uow.actor.name))
    words = counted(len(rows), "row") + " of kits"
    uow.sign(review, review_facts(review), subject=words, meaning="reviewed", area=Area.DISPENSING, patient_id=None)
    return len(rows)


@verb(Area.DISPENSING, *PACKERS, Role.NURSE, does="record how many supplies are at home")
def record_home_count(uow: UnitOfWork, *, patient_id: UUID, item: str, item_id: UUID | None, draft: HomeCountDraft) -> UUID:
    """Somebody counted a supply in the home: from then on the count stands in for what was delivered and used before."""
    _refuse(draft.problems())
    if draft.quantity is None or draft.how is None or draft.counted_at is None:
        raise AssertionError("a draft without problems has these")
    if draft.counted_at > uow.clock.now():
        raise Refused("It cannot have been counted in the future.", field="counted_at")
    many = Decimal(draft.quantity)
    count = uow.add(
        HomeCount(
            patient_id=patient_id, item=item.strip(), item_id=item_id, quantity=many, told_by=draft.told_by.strip(), how=draft.how,
            counted_at=draft.counted_at, entered_by=uow.actor.name, entered_at=uow.clock.now(),
        )
    )  # fmt: skip
    detail = f"{number(many)} of {item}"
    uow.record(Change("counted at home", Area.DISPENSING, HomeCount.__tablename__, count.id, patient_id, detail=detail))
    return count.id


def _filled(uow: UnitOfWork, row: KitRow, draft: KitLineDraft, status: str) -> KitRow:
    row.therapy, row.applies_to, row.device = draft.therapy.strip(), draft.applies_to, draft.device
    row.item, row.item_id, row.quantity = draft.item.strip(), draft.item_id, draft.quantity
    row.per, row.every_days = Per(draft.per), draft.every_days if draft.per == Per.DAYS else None
    row.contains, row.instead, row.instead_id = list(draft.contains), draft.instead.strip(), draft.instead_id
    row.source, row.status = draft.source.strip(), status
    row.entered_by, row.entered_at = uow.actor.name, uow.clock.now()
    return row if row in uow.session else uow.add(row)


def _line(uow: UnitOfWork, line_id: UUID) -> KitLine:
    line = kit_line_of(uow, line_id, shipped_kits())
    if line is None:
        raise Refused("This row was taken out of the kits.")
    return line


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise Refused(problems[0].sentence, field=problems[0].field)

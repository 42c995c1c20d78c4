"""The kits in force: the shipped rows, with what the pharmacy edited and added over them, and whose name is under each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.dispensing.records import KitReview, KitRow
from infusiondesk.dispensing.rules import KitLine
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.kernel.seals import digest
from infusiondesk.foundation.store.signatures import signatures_of_each
from infusiondesk.foundation.store.unit_of_work import Reading


@query(Area.DISPENSING, is_audited=False)
def kits(reading: Reading, *, shipped: Sequence[KitLine]) -> Sequence[KitLine]:
    """All rows in force: those for any order first, then by what asks for them."""
    return kit_lines(reading, shipped)


def kit_lines(at: Reading, shipped: Sequence[KitLine]) -> Sequence[KitLine]:
    """The same for verbs. No permission of its own: every query and verb that asks carries one."""
    own = {one.id: one for one in at.session.scalars(sa.select(KitRow))}
    lines = [line for line in shipped if line.id not in own]
    lines += [_line(one) for one in own.values() if one.retired_at is None]
    signed = _signed(at)
    named = [_with_name(line, signed) for line in lines]
    return sorted(named, key=lambda line: (line.applies_to.casefold(), line.device, line.therapy, line.item.casefold()))


def kit_facts(line: KitLine) -> dict[str, Any]:
    """Everything a name under a row covers."""
    many = f"{line.quantity.normalize():f}" if line.quantity is not None else None
    return {
        "therapy": line.therapy, "applies_to": line.applies_to, "device": line.device, "item": line.item, "item_id": line.item_id,
        "quantity": many, "per": line.per.value, "every_days": line.every_days, "contains": list(line.contains),
        "instead": line.instead, "instead_id": line.instead_id, "source": line.source,
    }  # fmt: skip


def seal_of(line: KitLine) -> str:
    """What a person saw of a row, to be signed as it was seen."""
    return digest(kit_facts(line)).hex()


def review_facts(review: KitReview) -> dict[str, Any]:
    """Everything a signature under rows covers."""
    return {"rows": review.rows}


def _line(one: KitRow) -> KitLine:
    return KitLine(
        one.id, one.therapy, one.applies_to, one.device, one.item, one.item_id, one.quantity, one.per, one.every_days,
        tuple(one.contains), one.instead, one.instead_id, one.source, one.status,
    )  # fmt: skip


def _signed(at: Reading) -> Mapping[str, tuple[str, str]]:
    """The newest name under each row that holds, with the digest of what was signed."""
    chosen = sa.select(KitReview).where(KitReview.signed_at.is_not(None)).order_by(KitReview.signed_at, KitReview.id)
    reviews = list(at.session.scalars(chosen))
    names = signatures_of_each(at, KitReview.__tablename__, {one.id: review_facts(one) for one in reviews})
    found: dict[str, tuple[str, str]] = {}
    for review in reviews:
        if all(name.holds for name in names[review.id]):
            found |= {row["id"]: (row["digest"], review.signed_by) for row in review.rows}
    return found


def _with_name(line: KitLine, signed: Mapping[str, tuple[str, str]]) -> KitLine:
    seen, who = signed.get(str(line.id), ("", ""))
    if not seen or seen != seal_of(line):
        return line
    return replace(line, signed_by=who)


def kit_line_of(at: Reading, line_id: UUID, shipped: Sequence[KitLine]) -> KitLine | None:
    """One row in force. No permission of its own: every verb that asks carries one."""
    return next((line for line in kit_lines(at, shipped) if line.id == line_id), None)

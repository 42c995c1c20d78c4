"""Counting: sheets, blind first counts, second counts by another person, and the adjustment they lead to."""

from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory.queries.counts import expected_after, last_counted, lying_at
from infusiondesk.inventory.queries.shelf import controlled_of
from infusiondesk.inventory.records import CountLine, CountSheet, Holding, Item, Location, Lot
from infusiondesk.inventory.rules import CountScope, MovementKind, refuse_first
from infusiondesk.inventory.rules.counts import CountSheetDraft, adjust_question, is_due
from infusiondesk.inventory.service.discrepancies import open_discrepancy
from infusiondesk.inventory.service.moving import HANDS, holdings_of, move

WAITING: Final = "second counts of a sheet that ended"


@verb(Area.INVENTORY, *HANDS, does="begin a count")
def begin_count(uow: UnitOfWork, *, draft: CountSheetDraft) -> UUID:
    """A sheet of what lies at a location. What stands on another open sheet is left out: nobody counts it twice at once."""
    refuse_first(draft.problems())
    if draft.location_id is None:
        raise AssertionError("a draft without problems has a location")
    location, scope, today = uow.session.get_one(Location, draft.location_id), CountScope(draft.scope), uow.today()
    last, elsewhere = last_counted(uow, location_id=location.id), set(uow.session.scalars(_being_counted()))
    found = [
        holding
        for holding, kind, controlled in lying_at(uow, location.id)
        if holding.id not in elsewhere and is_due(scope, kind, controlled, last.get(holding.id), draft, today)
    ]
    if not found:
        raise Refused(f"There is nothing of this to count in {location.name}.", field="scope")
    detail = {CountScope.KIND: draft.kind, CountScope.NOT_LATELY: f"{draft.days} days"}.get(scope, "")
    return _sheet(uow, location.id, scope, detail, found).id


@verb(Area.INVENTORY, *HANDS, does="enter a count")
def enter_count(uow: UnitOfWork, *, line_id: UUID, found: Decimal) -> None:
    """Enter what was counted: the first time blind; where it differs, a second time by another person.

    The difference is that to what was expected when it was entered, so that what is taken before or afterwards is not lost.
    """
    if found < 0:
        raise Refused("A count cannot be below 0.", field="found")
    line = uow.session.get_one(CountLine, line_id)
    holding = uow.session.get_one(Holding, line.holding_id)
    if line.settled_at is not None:
        raise Refused("This line is settled.")
    if uow.session.get_one(CountSheet, line.sheet_id).ended_at is not None:
        raise Refused("This count has ended. Begin another one.")
    if line.first_found is None:
        line.first_found, line.first_after, line.first_at = found, holding.moves, uow.clock.now()
        line.first_by_id, line.first_by = uow.actor.id, uow.actor.name
        agrees = found == holding.on_hand
        uow.record(Change("counted", Area.INVENTORY, "lot", holding.lot_id, detail="as expected" if agrees else "differs"))
        if agrees:
            _settle(uow, line)
        return
    if line.first_by_id == uow.actor.id:
        raise Refused(f"{uow.actor.name} counted first. Another person counts the second time.")
    _count_again(uow, line, holding, found)


@verb(Area.INVENTORY, *HANDS, does="count a lot")
def count_lot(uow: UnitOfWork, *, lot_id: UUID, found: Decimal, location_id: UUID | None = None) -> None:
    """Count one lot where it lies, on a sheet of its own; a difference waits under Counts for a second person."""
    lot = uow.session.get_one(Lot, lot_id)
    holdings = [one for one in holdings_of(uow, lot_id, location_id) if one.on_hand > 0] or list(
        holdings_of(uow, lot_id, location_id)
    )
    if len(holdings) != 1:
        raise Refused(f"Lot {lot.lot_number} lies at {len(holdings)} locations. Say which one you counted.", field="location_id")
    open_line = uow.session.scalars(
        sa.select(CountLine).where(CountLine.holding_id == holdings[0].id, CountLine.id.in_(_open_lines()))
    ).first()
    if open_line is None:
        sheet = _sheet(uow, holdings[0].location_id, CountScope.ONE, "", holdings)
        open_line = uow.session.scalars(sa.select(CountLine).where(CountLine.sheet_id == sheet.id)).one()
    enter_count(uow, line_id=open_line.id, found=found)


@verb(Area.INVENTORY, *HANDS, does="end a count")
def end_count(uow: UnitOfWork, *, sheet_id: UUID) -> None:
    """End a sheet before all of it is counted, with a reason; a difference goes on waiting on a sheet of its own.

    So a difference of one item keeps nobody from counting the others anew.
    """
    sheet = uow.session.get_one(CountSheet, sheet_id)
    if sheet.ended_at is not None:
        raise Refused("This count has ended.")
    lines = list(uow.session.scalars(sa.select(CountLine).where(CountLine.sheet_id == sheet_id, CountLine.settled_at.is_(None))))
    waiting = [line for line in lines if line.first_found is not None]
    if len(waiting) == len(lines):
        told = counted(len(waiting), "line")
        raise Refused(f"Nothing else is to count here: {told} with a difference, another person counts again.")
    told = f"{counted(len(lines) - len(waiting), 'line')} were not counted."
    if waiting:
        told += f" {counted(len(waiting), 'line')} with a difference go on waiting for a second count."
    because = uow.reason_for("inventory.end_count", f"{told} Why does the count end?")
    if waiting:
        kept = CountSheet(
            location_id=sheet.location_id, scope=sheet.scope, scope_detail=WAITING, begun_at=sheet.begun_at,
            begun_by=sheet.begun_by, ended_at=None,
        )  # fmt: skip
        uow.add(kept)
        uow.session.flush()
        for line in waiting:
            line.sheet_id = kept.id
    sheet.ended_at = uow.clock.now()
    uow.record(Change("ended", Area.INVENTORY, "count_sheet", sheet_id), reason=because)


def _count_again(uow: UnitOfWork, line: CountLine, holding: Holding, found: Decimal) -> None:
    lot = uow.session.get_one(Lot, holding.lot_id)
    second = found - holding.on_hand
    line.second_found, line.second_after, line.second_at = found, holding.moves, uow.clock.now()
    line.second_by_id, line.second_by = uow.actor.id, uow.actor.name
    if second != 0 and controlled_of(uow, item_id=lot.item_id):
        open_discrepancy(uow, line, holding)
    elif second != 0:
        first = (line.first_found or Decimal(0)) - expected_after(uow, holding.id, line.first_after or 0)
        unit = uow.session.get_one(Item, lot.item_id).unit
        because = uow.reason_for(
            "inventory.count",
            adjust_question(first, second, unit, lot.lot_number),
            ("miscounted at receiving", "used and not recorded", "broken and not recorded", "not explained"),
        )
        move(uow, holding, MovementKind.ADJUSTED, second, because=because, reference=("count_line", line.id))
    uow.record(Change("counted again", Area.INVENTORY, "lot", lot.id, detail="as expected" if second == 0 else f"{second:f}"))
    _settle(uow, line)


def _settle(uow: UnitOfWork, line: CountLine) -> None:
    """With its last line a sheet ends by itself."""
    now: datetime = uow.clock.now()
    line.settled_at = now
    uow.session.flush()
    left = sa.select(CountLine.id).where(CountLine.sheet_id == line.sheet_id, CountLine.settled_at.is_(None))
    if uow.session.scalars(left.limit(1)).first() is None:
        uow.session.get_one(CountSheet, line.sheet_id).ended_at = now


def _sheet(uow: UnitOfWork, location_id: UUID, scope: CountScope, detail: str, holdings: list[Holding]) -> CountSheet:
    sheet = uow.add(
        CountSheet(
            location_id=location_id,
            scope=scope,
            scope_detail=detail,
            begun_at=uow.clock.now(),
            begun_by=uow.actor.name,
            ended_at=None,
        )
    )
    uow.session.flush()
    for holding in holdings:
        uow.add(
            CountLine(
                sheet_id=sheet.id,
                holding_id=holding.id,
                begun_after=holding.moves,
                first_by="",
                second_by="",
            )
        )
    uow.session.flush()
    uow.record(Change("began", Area.INVENTORY, "count_sheet", sheet.id, detail=counted(len(holdings), "line")))
    return sheet


def _open_lines() -> sa.Select[UUID]:
    return (
        sa.select(CountLine.id)
        .join(CountSheet, CountSheet.id == CountLine.sheet_id)
        .where(CountLine.settled_at.is_(None), CountSheet.ended_at.is_(None))
    )


def _being_counted() -> sa.Select[UUID]:
    return sa.select(CountLine.holding_id).where(CountLine.id.in_(_open_lines()))

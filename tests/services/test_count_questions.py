"""A count asks the store as many questions for many lots as for one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest
import sqlalchemy as sa

from infusiondesk.inventory import queries, service
from infusiondesk.inventory.rules.counts import CountSheetDraft, CountState
from infusiondesk.inventory.rules.recalls import RecallDraft
from tests.beginnings import Recipe
from tests.pharmacy import Pharmacy
from tests.shelf import SETS, TECH, received, stocked
from tests.story import the_catalog


@pytest.fixture
def begins_with() -> Recipe:
    return the_catalog


@contextmanager
def asked(pharmacy: Pharmacy) -> Iterator[list[str]]:
    found: list[str] = []

    def executed(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        found.append(statement)

    sa.event.listen(pharmacy.store.engines.reading, "before_cursor_execute", executed)
    try:
        yield found
    finally:
        sa.event.remove(pharmacy.store.engines.reading, "before_cursor_execute", executed)


def test_a_sheet_of_many_lots_is_asked_like_one_of_one(file_pharmacy: Pharmacy) -> None:
    pharmacy, many = file_pharmacy, []
    for lots in (("A",), ("B", "C", "D")):
        for lot in lots:
            received(pharmacy, stocked(pharmacy, replace(SETS, name=f"set {lot}")), lot)
        room = next(row.id for row in pharmacy.ask(queries.locations) if row.name == "Room")
        sheet_id = pharmacy.do(service.begin_count, by=TECH, draft=CountSheetDraft(room))
        for line in pharmacy.ask(queries.count_sheet_of, sheet_id=sheet_id).lines:
            pharmacy.do(service.enter_count, by=TECH, line_id=line.id, found=D(10))
        with asked(pharmacy) as statements:
            sheet = pharmacy.ask(queries.count_sheet_of, sheet_id=sheet_id)
        many.append(len(statements))

    assert [(line.state, line.expected) for line in sheet.lines] == [(CountState.AGREED, D(10))] * 4
    assert many[0] == many[1]


def test_many_recalls_are_asked_like_one(file_pharmacy: Pharmacy) -> None:
    pharmacy, many = file_pharmacy, []
    for number in range(3):
        item_id = stocked(pharmacy, replace(SETS, name=f"set {number}", maker=f"ZZTEST Maker {number}"))
        lot_id = received(pharmacy, item_id, "A")
        by_maker = RecallDraft("everything of a maker", maker=f"zztest maker {number}", notice=f"Z-{number}", because="may leak")
        draft = by_maker if number == 2 else RecallDraft(item_id=item_id, lot_numbers="A", notice="Z", because="may leak")
        pharmacy.do(service.open_recall, draft=draft)
        with asked(pharmacy) as statements:
            rows = pharmacy.ask(queries.stock_recalls)
        assert [lot.id for lot in rows[0].lots] == [lot_id]
        many.append(len(statements))

    assert [row.what for row in rows] == ["zztest maker 2", "set 1, lots A", "set 0, lots A"]
    assert many[0] == many[1] == many[2] - 1, "a recall of a maker asks once who the makers are"

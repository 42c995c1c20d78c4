"""Today in the window: lines arrive list by list, the first stays chosen, Enter opens where a line is done."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from infusiondesk.foundation.kernel.outcomes import Unavailable
from infusiondesk.foundation.kernel.people import Area, Role, query
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.queries import count_sheet_of
from infusiondesk.inventory.rules.counts import CountSheetDraft
from infusiondesk.inventory.service import begin_count, enter_count
from infusiondesk.labs.screens.reviewing import LabsToReviewScreen
from infusiondesk.labs.service import take_in
from infusiondesk.orders.screens.orders import OrdersScreen
from infusiondesk.orders.service import question_order
from infusiondesk.today.queries import LISTS
from infusiondesk.today.rules import Harm, Line, Work
from infusiondesk.today.screens.today import TodayScreen
from tests.beginnings import Recipe
from tests.desk import settle
from tests.lab_messages import POTASSIUM_HIGH, message
from tests.pharmacy import Pharmacy
from tests.services.test_stock import place
from tests.services.test_today import QUESTION, mrn_of
from tests.shelf import received, stocked
from tests.story import a_patient, an_order, the_catalog


@pytest.fixture
def begins_with() -> Recipe:
    return the_catalog


def opened(qtbot: QtBot, desk: Desk) -> TodayScreen:
    screen = TodayScreen(desk)
    qtbot.addWidget(screen)
    screen.resize(1280, 800)
    screen.show()
    settle(qtbot, desk)
    return screen


def a_morning(pharmacy: Pharmacy) -> UUID:
    """An order whose first day is tomorrow, and a critical potassium."""
    patient_id = a_patient(pharmacy)
    an_order(pharmacy, patient_id)
    data = message(mrn_of(pharmacy), POTASSIUM_HIGH)
    pharmacy.do(take_in, by=Role.TECHNICIAN, name="r.hl7", data=data)
    return patient_id


def test_what_harms_first_is_at_the_top_and_chosen(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk]) -> None:
    a_morning(file_pharmacy)

    screen = opened(qtbot, desk_of(Role.PHARMACIST))

    rows = screen.table.rows()
    assert [(row.work, row.harm) for row in rows] == [(Work.RESULTS, Harm.NOW), (Work.ORDERS, Harm.TODAY)]
    assert all(row.what and row.who and row.due and row.because and row.place for row in rows)
    assert screen.table.chosen() == rows[0]
    assert screen.page.head.remark.text() == "2 Mar 2026, what harms first"


def test_enter_asks_for_the_place_at_the_record_and_alt_o_for_the_chart(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk]
) -> None:
    patient_id = a_morning(file_pharmacy)
    desk = desk_of(Role.PHARMACIST)
    screen = opened(qtbot, desk)
    asked: list[Any] = []
    screen.record_asked.connect(lambda title, record: asked.append((title, record)))
    screen.patient_chosen.connect(asked.append)

    QTest.keyClick(screen.table, Qt.Key.Key_Return)
    screen.open_chart()

    title, record = asked[0]
    assert (title, asked[1]) == ("Labs to review", patient_id)
    there = LabsToReviewScreen(desk)
    qtbot.addWidget(there)
    there.show_record(record)  # before it is ever shown, as the window does
    there.show()
    settle(qtbot, desk)
    chosen = there.table.chosen()
    assert chosen is not None and chosen.id == record


def test_until_every_list_has_come_nothing_is_called_done(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk]
) -> None:
    desk = desk_of(Role.NURSE)
    screen = TodayScreen(desk)
    qtbot.addWidget(screen)
    screen.show()

    assert screen.page.head.remark.text().endswith("still reading promises, visits")
    settle(qtbot, desk)

    assert "still reading" not in screen.page.head.remark.text()
    assert screen.table.rows() == []


def test_a_list_that_cannot_be_read_is_named_and_its_old_lines_go(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    a_morning(file_pharmacy)
    screen = opened(qtbot, desk_of(Role.PHARMACIST))
    assert Work.RESULTS in {row.work for row in screen.table.rows()}

    @query(Area.LABS)
    def broken(reading: Reading) -> Sequence[Line]:
        raise Unavailable("The store does not answer.")

    monkeypatch.setitem(cast("dict[Work, Any]", LISTS), Work.RESULTS, broken)
    screen.refresh()
    settle(qtbot, screen.desk)

    assert screen.page.head.remark.text() == "2 Mar 2026, what harms first; could not be read: results to review"
    assert {row.work for row in screen.table.rows()} == {Work.ORDERS}


def test_the_list_is_read_again_when_it_is_shown_again(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk]) -> None:
    a_morning(file_pharmacy)
    screen = opened(qtbot, desk_of(Role.PHARMACIST))
    screen.hide()
    file_pharmacy.clock.set(datetime(2026, 3, 3, 15, 0, tzinfo=UTC))
    screen.show()
    settle(qtbot, screen.desk)

    order = next(row for row in screen.table.rows() if row.work is Work.ORDERS)
    assert order.harm is Harm.NOW


def test_a_choice_that_somebody_made_stays_when_a_list_comes_late(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk]
) -> None:
    a_morning(file_pharmacy)
    screen = opened(qtbot, desk_of(Role.PHARMACIST))
    screen.table.choose(lambda row: row.work is Work.ORDERS)

    screen._arrive(Work.RESULTS, file_pharmacy.ask(LISTS[Work.RESULTS]))

    chosen = screen.table.chosen()
    assert chosen is not None and chosen.work is Work.ORDERS


def test_a_line_in_a_chart_opens_its_patient_first_and_then_the_page_at_the_record(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk]
) -> None:
    patient_id = a_patient(file_pharmacy)
    an_order(file_pharmacy, patient_id)
    version_id = an_order(file_pharmacy, patient_id)
    file_pharmacy.do(question_order, version_id=version_id, draft=QUESTION)
    desk = desk_of(Role.PHARMACIST)
    screen = opened(qtbot, desk)
    screen.table.choose(lambda row: row.in_chart)
    asked: list[Any] = []
    screen.patient_chosen.connect(asked.append)
    screen.record_asked.connect(lambda title, record: asked.append((title, record)))

    QTest.keyClick(screen.table, Qt.Key.Key_Return)

    assert asked == [patient_id, ("Orders", version_id)]
    there = OrdersScreen(desk)
    qtbot.addWidget(there)
    there.show_record(version_id)  # as the window does: the record, then the patient
    there.show_patient(patient_id)
    there.show()
    settle(qtbot, desk)
    chosen = there.table.chosen()
    assert chosen is not None and chosen.id == version_id


def test_what_is_new_on_today_is_read_after_everything_that_was_there(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk]
) -> None:
    screen = TodayScreen(desk_of(Role.PHARMACIST_IN_CHARGE))
    qtbot.addWidget(screen)
    screen.show()

    assert screen._unasked[0] is Work.PROMISES
    assert screen._unasked[-6:] == [Work.HOLDS, Work.FILL_LOG, Work.KNOWLEDGE, Work.ROAD, Work.PUMPS, Work.STOCK]
    settle(qtbot, screen.desk)
    assert [row.place for row in screen.table.rows() if row.work is Work.KNOWLEDGE] == ["Interactions"]


def test_a_difference_of_a_count_leads_another_person_to_the_sheet(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk]
) -> None:
    received(file_pharmacy, stocked(file_pharmacy), "A")
    draft = CountSheetDraft(place(file_pharmacy, "Room"))
    sheet_id = file_pharmacy.do(begin_count, by=Role.TECHNICIAN, draft=draft)
    (line,) = file_pharmacy.ask(count_sheet_of, sheet_id=sheet_id).lines
    file_pharmacy.do(enter_count, by=Role.TECHNICIAN, line_id=line.id, found=Decimal(9))
    screen = opened(qtbot, desk_of(Role.PHARMACIST))
    asked: list[Any] = []
    screen.record_asked.connect(lambda title, record: asked.append((title, record)))

    (row,) = screen.table.rows()
    QTest.keyClick(screen.table, Qt.Key.Key_Return)

    assert (row.work, row.what) == (Work.STOCK, "Count again: 1 line in Room")
    assert asked == [("Counts", sheet_id)]

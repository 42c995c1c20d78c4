"""The clean room in the window: planned and approved at the board, made at the worksheet, released by another person there."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from infusiondesk.compounding import queries, service
from infusiondesk.compounding.rules import BatchState
from infusiondesk.compounding.screens.batches import BatchesScreen
from infusiondesk.compounding.screens.worksheet import WorksheetScreen
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from tests.beginnings import Recipe
from tests.clean_room import (
    RPH,
    TECH,
    a_stocked_clean_room,
    an_order_of_vancomycin,
    approve,
    labelled,
    planned,
    started,
    taken,
    whole,
)
from tests.desk import PASSWORD, PlainInteraction, give_passwords, settle
from tests.pharmacy import SECOND_PHARMACIST, Pharmacy

Desks = Callable[..., Desk]


@pytest.fixture
def begins_with() -> Recipe:
    return a_stocked_clean_room


def opened(qtbot: QtBot, screen: Any) -> Any:
    qtbot.addWidget(screen)
    screen.resize(1200, 760)
    screen.show()
    calm(qtbot, screen)
    return screen


def calm(qtbot: QtBot, screen: Screen) -> None:
    """An answer may ask again (the list, then the chosen row): wait until all of it has arrived."""
    for _ in range(6):
        settle(qtbot, screen.desk)
        qtbot.wait(5)


def button(screen: Screen, words: str) -> Button:
    return next(found for found in screen.findChildren(Button) if found.text() == words and found.isVisibleTo(screen))


def shown(screen: Screen) -> str:
    return " | ".join(label.text() for label in screen.findChildren(Text) if label.isVisibleTo(screen))


def press(qtbot: QtBot, screen: Screen, words: str) -> None:
    button(screen, words).click()
    calm(qtbot, screen)


def scan(qtbot: QtBot, screen: WorksheetScreen, code: str) -> None:
    """As a scanner does it: all keys at once, then Enter."""
    field = screen.findChild(QLineEdit, "scan")
    assert field is not None
    QTest.keyClicks(field, code)
    QTest.keyClick(field, Qt.Key.Key_Return)
    calm(qtbot, screen)


def test_empty_screens_say_what_will_be_here(qtbot: QtBot, desk_of: Desks) -> None:
    desk = desk_of(TECH)
    board = opened(qtbot, BatchesScreen(desk))
    bench = opened(qtbot, WorksheetScreen(desk))

    assert board.table.rows() == []
    assert bench.empty.isVisible() and not bench.bench.isVisible()


def test_a_batch_is_planned_from_its_order_at_the_board(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    an_order_of_vancomycin(file_pharmacy)
    interaction = PlainInteraction()
    board: BatchesScreen = opened(qtbot, BatchesScreen(desk_of(TECH, interaction)))
    assert [row.next for row in board.table.rows()] == ["No batch yet; first dose 3 Mar 2026."]

    board.table.choose_first()
    calm(qtbot, board)
    press(qtbot, board, "Plan a batch")
    assert board.editor is not None
    board.editor.form.restore({"bags": "4", "due_at": "2026-03-02 14:00"})
    press(qtbot, board, "Save plan")

    assert interaction.said == ["Planned. A pharmacist approves the worksheet next."]
    (row,) = board.table.rows()
    assert row.batch is not None and row.batch.number == "B-2603-0001"
    assert "To approve a worksheet you need to be" in button(board, "Approve worksheet").reason


def test_a_plan_that_was_being_typed_comes_back(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    an_order_of_vancomycin(file_pharmacy)
    desk = desk_of(TECH)
    first: BatchesScreen = opened(qtbot, BatchesScreen(desk))
    first.table.choose_first()
    calm(qtbot, first)
    press(qtbot, first, "Plan a batch")
    assert first.editor is not None
    first.editor.form.restore({"bags": "6"})
    first.keep_draft()
    calm(qtbot, first)

    second: BatchesScreen = opened(qtbot, BatchesScreen(desk))
    assert second.editor is not None and second.editor.form.draft.bags == 6


def test_a_pharmacist_approves_at_the_board_with_every_figure_in_sight(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks
) -> None:
    give_passwords(file_pharmacy, RPH)
    batch_id = planned(file_pharmacy)
    interaction = PlainInteraction()
    board: BatchesScreen = opened(qtbot, BatchesScreen(desk_of(RPH, interaction)))
    asked: list[UUID] = []
    board.record_asked.connect(lambda _, batch_id: asked.append(batch_id))
    board.table.choose_first()
    calm(qtbot, board)
    assert "12 Mar 2026 08:00" in shown(board)
    assert "225 mL. 250 mL 0.9% sodium chloride, less 25 mL." in shown(board)

    press(qtbot, board, "Approve worksheet")
    assert interaction.said == ["The worksheet of B-2603-0001 is approved."]
    assert whole(file_pharmacy, batch_id).row.state is BatchState.WORKSHEET_APPROVED
    press(qtbot, board, "Open worksheet")
    assert asked == [batch_id]


def test_a_batch_goes_from_the_scanner_to_the_release_at_one_station(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    """Ingredients, start, volumes with a pharmacist, count and name, labels, and another pharmacist's release."""
    give_passwords(file_pharmacy, TECH, RPH, SECOND_PHARMACIST)
    batch_id = planned(file_pharmacy)
    approve(file_pharmacy, batch_id)
    interaction = PlainInteraction()
    bench: WorksheetScreen = opened(qtbot, WorksheetScreen(desk_of(TECH, interaction)))
    assert not button(bench, "Start compounding").isEnabled()
    assert bench.why.accessibleDescription().startswith("12 Mar 2026 08:00")

    for code in ("VX2209", "4F1187", "Y448120"):
        scan(qtbot, bench, code)
    assert [entry.is_scanned for part in whole(file_pharmacy, batch_id).parts for entry in part.entries] == [True, True, True]
    fill(bench, hood="PEC-2", is_clear="yes")
    press(qtbot, bench, "Start compounding")

    interaction.second = (file_pharmacy.people[RPH].login, PASSWORD)
    fill(bench, proof="Syringe pull-back seen")
    press(qtbot, bench, "Confirm volumes")
    fill(bench, good_bags="4", looks_right="yes")
    press(qtbot, bench, "Sign as compounded")
    fill(bench, labels="4")
    press(qtbot, bench, "Confirm labels")

    interaction.second = (file_pharmacy.people[SECOND_PHARMACIST].login, PASSWORD)
    press(qtbot, bench, "Release batch")
    assert interaction.refusals == []
    assert interaction.said[-1] == "Released. The bags can be delivered."
    seen = whole(file_pharmacy, batch_id)
    assert [name.name for name in seen.names] == ["ZZTEST Technician", "ZZTEST Second Pharmacist"]
    assert len(file_pharmacy.ask(queries.released_bags, patient_id=seen.row.patient_id)) == 4
    assert "This batch is released" in shown(bench)


def fill(bench: WorksheetScreen, **typed: str) -> None:
    assert bench._form is not None
    bench._form.restore(typed)


def test_a_wrong_lot_is_refused_in_the_scan_field_and_the_field_goes_on_listening(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks
) -> None:
    batch_id = planned(file_pharmacy)
    approve(file_pharmacy, batch_id)
    bench: WorksheetScreen = opened(qtbot, WorksheetScreen(desk_of(TECH)))

    scan(qtbot, bench, "NOWHERE")
    assert bench.scan.state() == "refused"
    assert "No lot NOWHERE is on file." in bench.scan.accessibleDescription()
    scan(qtbot, bench, "VX2209")
    assert bench.scan.state() == "matched"
    press(qtbot, bench, "Put back")
    assert whole(file_pharmacy, batch_id).parts[0].entries == ()


def test_a_typed_lot_asks_who_compared_it(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    batch_id = planned(file_pharmacy)
    approve(file_pharmacy, batch_id)
    interaction = PlainInteraction(reason="ZZTEST Pharmacist")
    bench: WorksheetScreen = opened(qtbot, WorksheetScreen(desk_of(TECH, interaction)))
    field = bench.findChild(QLineEdit, "scan")
    assert field is not None

    QTest.keyClicks(field, "VX2209", delay=60)
    QTest.keyClick(field, Qt.Key.Key_Return)
    calm(qtbot, bench)

    assert "Who compared it with the label?" in interaction.asked[0]
    assert bench.table.rows()[0].entries[0].text() == "typed, compared by ZZTEST Pharmacist"


def test_a_form_that_is_not_filled_starts_nothing(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    batch_id = taken(file_pharmacy)
    bench: WorksheetScreen = opened(qtbot, WorksheetScreen(desk_of(TECH)))
    press(qtbot, bench, "Start compounding")

    assert whole(file_pharmacy, batch_id).started_at is None
    assert [problem.field for problem in bench._form.problems()] == ["hood", "is_clear"] if bench._form else False


def test_the_releasing_pharmacist_works_from_his_own_desk_too(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    give_passwords(file_pharmacy, SECOND_PHARMACIST)
    batch_id = labelled(file_pharmacy)
    interaction = PlainInteraction()
    bench: WorksheetScreen = opened(qtbot, WorksheetScreen(desk_of(SECOND_PHARMACIST, interaction)))
    bench.show_record(batch_id)
    calm(qtbot, bench)
    press(qtbot, bench, "Release batch")

    assert "verified and released" in interaction.asked[-1]
    assert whole(file_pharmacy, batch_id).row.state is BatchState.RELEASED


def test_a_technician_cannot_reject_and_a_pharmacist_can(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    batch_id = started(file_pharmacy)
    bench: WorksheetScreen = opened(qtbot, WorksheetScreen(desk_of(TECH)))
    assert not button(bench, "Reject batch").isEnabled()

    other: WorksheetScreen = opened(qtbot, WorksheetScreen(desk_of(RPH)))
    press(qtbot, other, "Reject batch")
    assert whole(file_pharmacy, batch_id).row.state is BatchState.REJECTED


def test_labels_and_record_open_in_the_viewer(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    labelled(file_pharmacy)
    bench: WorksheetScreen = opened(qtbot, WorksheetScreen(desk_of(TECH)))
    papers: list[PaperShown] = []
    bench.paper_ready.connect(papers.append)
    press(qtbot, bench, "Print labels")
    press(qtbot, bench, "Print worksheet")

    assert [(paper.title, paper.file_name) for paper in papers] == [
        ("Bag labels", "B-2603-0001-labels.pdf"),
        ("Compounding worksheet", "B-2603-0001-worksheet.pdf"),
    ]
    assert all(paper.pdf.startswith(b"%PDF") for paper in papers)


def test_a_narrow_window_gives_the_room_to_the_work(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    approve(file_pharmacy, planned(file_pharmacy))
    bench: WorksheetScreen = opened(qtbot, WorksheetScreen(desk_of(TECH)))
    bench.resize(840, 560)
    calm(qtbot, bench)
    assert bench.width() == 840
    assert bench.scan.isVisible() and not bench.why.isVisible()

    bench.show_why()
    assert bench.why.isVisible() and not bench.scan.isVisible()
    bench.show_why()
    assert bench.scan.isVisible()


def test_the_board_turns_to_the_whole_past(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    batch_id = started(file_pharmacy)
    file_pharmacy.do(service.reject_batch, by=RPH, batch_id=batch_id, reasons={"compounding.reject": "leak"})
    file_pharmacy.clock.advance(days=5)
    board: BatchesScreen = opened(qtbot, BatchesScreen(desk_of(RPH)))
    assert [row.batch for row in board.table.rows()] == [None]

    board.show_past()
    calm(qtbot, board)
    assert [row.batch and row.batch.state for row in board.table.rows()] == [None, BatchState.REJECTED]

"""Deliveries in the window: begun, scanned, closed, shipped, signed for on the screen, called back; routes and rules."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from infusiondesk.dispensing import queries, service
from infusiondesk.dispensing.rules import State, Work
from infusiondesk.dispensing.screens.deliveries import DeliveriesScreen
from infusiondesk.dispensing.screens.delivery_rules import DeliveryRulesScreen
from infusiondesk.dispensing.screens.history import DeliveryHistoryScreen
from infusiondesk.dispensing.screens.packing_panel import PackingPanel
from infusiondesk.dispensing.screens.routes import RoutesScreen
from infusiondesk.dispensing.screens.step_forms import ConfirmationEditor
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.signature_pad import SignaturePad
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from tests.beginnings import Recipe
from tests.deliveries import TECH, confirmed, packed, png, shipped
from tests.desk import PlainInteraction, give_passwords, settle
from tests.pharmacy import Pharmacy
from tests.services.test_deliveries import bags_of_vancomycin, made, stop, two_boxes


@pytest.fixture
def begins_with() -> Recipe:
    return bags_of_vancomycin


def shown(qtbot: QtBot, desk: Desk, screen: Screen) -> Screen:
    qtbot.addWidget(screen)
    screen.resize(1280, 800)
    screen.show()
    settle(qtbot, desk)
    return screen


def press(qtbot: QtBot, screen: Screen, words: str) -> None:
    button = next(one for one in screen.findChildren(Button) if one.text() == words and one.isVisible())
    assert button.isEnabled(), button.reason
    button.click()
    settle(qtbot, screen.desk)


def words_on(screen: QWidget) -> str:
    return "\n".join(one.text() for one in screen.findChildren(Text) if one.isVisible())


def sign(pad: SignaturePad) -> None:
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(30, 60))
    for step in range(12):
        QTest.mouseMove(pad, QPoint(30 + 12 * step, 60 + 30 * (step % 2)))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(170, 80))


def test_with_the_scanner_alone_from_the_list_to_the_signed_box(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk]
) -> None:
    give_passwords(file_pharmacy, Role.TECHNICIAN)
    interaction = PlainInteraction()
    desk = desk_of(Role.TECHNICIAN, interaction)
    screen = shown(qtbot, desk, DeliveriesScreen(desk))
    press(qtbot, screen, "Begin delivery")
    panel = screen.findChild(PackingPanel)
    assert isinstance(panel, PackingPanel)
    (ticket,) = file_pharmacy.ask(queries.open_tickets)

    def scan(code: str) -> None:
        line = panel.scan.focusProxy()
        assert line is not None
        QTest.keyClicks(line, code)
        QTest.keyClick(line, Qt.Key.Key_Return)
        settle(qtbot, desk)

    scan("B-0000-0000-01")
    assert "B-0000-0000-01 is no bag, package or pump of ours. Set it aside." in words_on(panel)
    assert not panel.close_box.isEnabled()
    for bag in ticket.bags:
        scan(bag.barcode)
        assert screen.findChild(PackingPanel) is panel, "the scanner keeps its field"
        assert f"{bag.barcode} is in the box" in words_on(panel)
    assert "for the dose of 4 Mar 2026 20:00" in words_on(panel)
    press(qtbot, screen, "Close and sign")

    assert interaction.said[-1] == "Packed and signed."
    assert interaction.asked[-2].startswith("Something that is kept in the refrigerator travels without a validated shipper")
    assert interaction.asked[-1].startswith("ZZTEST Technician signs Delivery D-2603-0001 for ZZTEST Alder, Marian, 4 items")
    press(qtbot, screen, "Ship")
    assert file_pharmacy.ask(queries.open_tickets)[0].work is Work.CONFIRM


def test_a_delivery_is_signed_for_on_the_screen(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk], tmp_path: Path
) -> None:
    patient_id, _ = made(file_pharmacy)
    ticket_id = shipped(file_pharmacy, packed(file_pharmacy, patient_id))
    file_pharmacy.clock.advance(hours=1)
    interaction = PlainInteraction()
    desk = desk_of(Role.TECHNICIAN, interaction)
    screen = shown(qtbot, desk, DeliveriesScreen(desk))
    press(qtbot, screen, "Confirm delivery")
    editor = screen.editor
    assert isinstance(editor, ConfirmationEditor)
    for name, typed in {
        "received_by": "ZZTEST Alder, Paul", "relation": "husband", "received_at": "2 Mar 2026 08:30", "condition": "cold",
        "low_c": "3.1", "high_c": "9.4",
    }.items():  # fmt: skip
        editor.form.box(name).put(typed)
        editor.form.box(name).edited.emit()
        editor.form.box(name).left.emit()
    editor.save.click()
    settle(qtbot, desk)
    assert interaction.refusals[-1] == "Let the person sign here, or add the signed paper."
    sign(editor.pad)
    picture = editor.pad.png()
    editor.save.click()
    settle(qtbot, desk)

    row = file_pharmacy.ask(queries.ticket_of, ticket_id=ticket_id)
    assert (row.state, row.work, row.received_by) == (State.CONFIRMED, Work.JUDGE, "ZZTEST Alder, Paul")
    assert file_pharmacy.ask(queries.file_content, file_id=row.files[0].id)[1] == picture
    image = QImage.fromData(picture)
    assert (image.width(), image.height()) == (640, 200)
    assert min(image.pixelColor(x, y).lightness() for x in range(0, 640, 2) for y in range(0, 200, 2)) < 100
    assert "do not use until a pharmacist has judged" in "\n".join(one.text() for one in screen.findChildren(Text))
    papers: list[PaperShown] = []
    screen.paper_ready.connect(papers.append)
    for words in ("Print ticket", "Print cold-chain record"):
        press(qtbot, screen, words)
        qtbot.waitUntil(desk.is_idle, timeout=10_000)
        settle(qtbot, desk)
    assert [one.title for one in papers] == ["Delivery ticket", "Cold-chain record"]


def test_a_pad_can_be_wiped_with_a_key(qtbot: QtBot) -> None:
    pad = SignaturePad("Signature")
    qtbot.addWidget(pad)
    pad.show()
    assert pad.png() == b""
    sign(pad)
    assert pad.accessibleDescription() == "signed"
    QTest.keyClick(pad, Qt.Key.Key_Delete)
    assert (pad.is_empty(), pad.accessibleDescription()) == (True, "not signed yet")


def test_what_may_not_be_handed_over_stands_first_and_asks_for_a_call(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk]
) -> None:
    patient_id, version_id = made(file_pharmacy)
    shipped(file_pharmacy, packed(file_pharmacy, patient_id))
    stop(file_pharmacy, "discontinue", patient_id, version_id)
    desk = desk_of(Role.TECHNICIAN)
    screen = shown(qtbot, desk, DeliveriesScreen(desk))
    assert isinstance(screen, DeliveriesScreen)
    assert [row.group for row in screen.table.rows()] == ["Something changed: act now"]
    press(qtbot, screen, "Record call")
    assert screen.editor is not None
    for name, typed in {"spoke_with": "ZZTEST Driver", "agreed": "brings it back"}.items():
        screen.editor.form.box(name).put(typed)
        screen.editor.form.box(name).edited.emit()
    screen.editor.save.click()
    settle(qtbot, desk)
    (ticket,) = file_pharmacy.ask(queries.open_tickets)
    assert ticket.calls[0].agreed == "brings it back"


def test_a_route_is_ordered_with_keys_and_printed(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk]) -> None:
    first, second = two_boxes(file_pharmacy)
    for ticket_id in (first, second):
        file_pharmacy.do(service.put_on_route, by=TECH, ticket_id=ticket_id, on=date(2026, 3, 2), driver="ZZTEST Driver")
    desk = desk_of(Role.TECHNICIAN)
    screen = shown(qtbot, desk, RoutesScreen(desk))
    assert isinstance(screen, RoutesScreen)
    screen.table.choose(lambda row: row.id == second)
    next(action for action in screen.actions() if action.text() == "Drive earlier").trigger()
    settle(qtbot, desk)
    assert [row.id for row in screen.table.rows()] == [second, first]
    papers: list[PaperShown] = []
    screen.paper_ready.connect(papers.append)
    press(qtbot, screen, "Print route sheet, 2 stops")
    settle(qtbot, desk)
    assert [one.title for one in papers] == ["Route sheet"]
    press(qtbot, screen, "Next day")
    assert screen.table.rows() == []


def test_rules_are_shown_and_a_shipper_is_entered(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk]) -> None:
    give_passwords(file_pharmacy, Role.PHARMACIST_IN_CHARGE)
    desk = desk_of(Role.PHARMACIST_IN_CHARGE, PlainInteraction())
    screen = shown(qtbot, desk, DeliveryRulesScreen(desk))
    assert isinstance(screen, DeliveryRulesScreen)
    assert [(row.what, row.says) for row in screen.table.rows()[:2]] == [
        ("Lead before run-out", "2 days"), ("Delivery weekdays", "Monday, Tuesday, Wednesday, Thursday, Friday"),
    ]  # fmt: skip
    assert "Casimir Pulaski Day" in screen.table.rows()[3].says
    screen.enter_shipper()
    assert screen.editor is not None
    typed = {"name": "ZZTEST Box", "storage": "refrigerator", "first_month": "11", "last_month": "4", "qualified_hours": "24"}
    for name, words in {**typed, "source": "study 7"}.items():
        screen.editor.form.box(name).put(words)
        screen.editor.form.box(name).edited.emit()
    screen.editor.save.click()
    settle(qtbot, desk)
    assert [(one.name, one.signed_by) for one in file_pharmacy.ask(queries.shippers)] == [("ZZTEST Box", "")]
    screen.table.choose(lambda row: row.what == "ZZTEST Box")
    settle(qtbot, desk)
    press(qtbot, screen, "Sign as validated")
    settle(qtbot, desk)
    assert "signed by" in next(row.source for row in screen.table.rows() if row.what == "ZZTEST Box")


def test_the_chart_tells_the_whole_story_of_a_delivery(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk]) -> None:
    patient_id, _ = made(file_pharmacy)
    confirmed(file_pharmacy, shipped(file_pharmacy, packed(file_pharmacy, patient_id)), signature=png(3))
    desk = desk_of(Role.NURSE)
    screen = DeliveryHistoryScreen(desk)
    screen.show_patient(patient_id)
    shown(qtbot, desk, screen)
    assert [row.state for row in screen.table.rows()] == ["confirmed"]

"""From the door to the closed box with the scanner: received, and packed, by strokes of a scanner and Enter."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from infusiondesk.dispensing import queries as dispensing
from infusiondesk.dispensing.screens.deliveries import DeliveriesScreen
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.inventory import queries
from infusiondesk.inventory.screens.receive import ReceiveScreen
from tests.beginnings import Recipe, after
from tests.desk import PlainInteraction, give_passwords, settle
from tests.pharmacy import Pharmacy
from tests.screens.test_deliveries_screens import press, shown, words_on
from tests.services.test_delivery_box import a_box_of_everything
from tests.shelf import SETS, document, stocked

CODE = "010401234567890117290112102210"  # GTIN, expiry, lot 2210: no separator is needed behind the last part


@pytest.fixture
def begins_with() -> Recipe:
    return a_delivery_at_the_door


@after(a_box_of_everything)
def a_delivery_at_the_door(pharmacy: Pharmacy) -> None:
    """A box to pack, an item that a scan knows, and the document of what has just arrived."""
    stocked(pharmacy, replace(SETS, name="extension set", gtin="04012345678901"))
    document(pharmacy, document_number="INV 77")


def strokes(qtbot: QtBot, desk: Desk, code: str) -> None:
    """What a scanner sends: to whatever has the cursor, and Enter behind it."""
    widget = QApplication.focusWidget()
    assert isinstance(widget, QWidget)
    QTest.keyClicks(widget, code)
    QTest.keyClick(widget, Qt.Key.Key_Return)
    for _ in range(3):
        settle(qtbot, desk)


def test_a_delivery_is_received_and_packed_with_the_scanner(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk]
) -> None:
    give_passwords(file_pharmacy, Role.TECHNICIAN)
    interaction = PlainInteraction()
    desk = desk_of(Role.TECHNICIAN, interaction)
    receive = ReceiveScreen(desk)
    shown(qtbot, desk, receive)
    receive.activateWindow()
    settle(qtbot, desk)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is receive.scan.focusProxy())

    for many in (1, 2, 3):
        strokes(qtbot, desk, CODE)
        assert receive._receipt.form.draft.quantity == many
    strokes(qtbot, desk, "")
    assert interaction.said == ["Received, on hand."]
    assert receive.focusWidget() is receive.scan.focusProxy(), "ready for the next package"
    (lot,) = [row for row in file_pharmacy.ask(queries.lots) if row.item == "extension set"]
    assert (lot.lot_number, lot.on_hand) == ("2210", Decimal(3))
    receive.close()

    packing = shown(qtbot, desk, DeliveriesScreen(desk))
    packing.activateWindow()
    press(qtbot, packing, "Begin delivery")
    (ticket,) = file_pharmacy.ask(dispensing.open_tickets)
    for code in (CODE, "3", "A100", "A101", *(bag.barcode for bag in ticket.bags)):
        strokes(qtbot, desk, code)
    press(qtbot, packing, "Close and sign")
    assert interaction.said[-1] == "Packed and signed."
    assert "3 sets, extension set" in words_on(packing)
    assert [row.on_hand for row in file_pharmacy.ask(queries.lots) if row.item == "extension set"] == []

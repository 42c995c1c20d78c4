"""Packing with the scanner in the window: bags, packages with how many, a pump, and why something stays out."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from infusiondesk.dispensing import queries
from infusiondesk.dispensing.screens.deliveries import DeliveriesScreen
from infusiondesk.dispensing.screens.packing_panel import PackingPanel
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.qtkit.desk import Desk
from tests.beginnings import Recipe
from tests.desk import PlainInteraction, give_passwords, settle
from tests.pharmacy import Pharmacy
from tests.screens.test_deliveries_screens import press, shown, words_on
from tests.services.test_delivery_box import SETS, a_box_of_everything


@pytest.fixture
def begins_with() -> Recipe:
    return a_box_of_everything


def test_a_box_of_bags_sets_and_pumps_is_packed_with_the_scanner_alone(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk]
) -> None:
    give_passwords(file_pharmacy, Role.TECHNICIAN)
    interaction = PlainInteraction()
    desk = desk_of(Role.TECHNICIAN, interaction)
    screen = shown(qtbot, desk, DeliveriesScreen(desk))
    press(qtbot, screen, "Begin delivery")
    panel = screen.findChild(PackingPanel)
    assert isinstance(panel, PackingPanel)

    def scan(code: str) -> str:
        line = panel.scan.focusProxy()
        assert line is not None
        QTest.keyClicks(line, code)
        QTest.keyClick(line, Qt.Key.Key_Return)
        settle(qtbot, desk)
        return words_on(panel)

    assert "12 is no bag, package or pump of ours" in scan("12"), "a number counts nothing where no package was scanned"
    told = scan(SETS)
    assert "1 set in the box" in told
    assert "More than that? Type how many, then Enter." in told
    assert "Still needed: " in told
    assert "has 10 sets on hand, not 11 sets" in scan("11")
    assert "3 sets in the box" in scan("3")
    assert "Pump A100 is in the box" in scan("A100")
    assert "12 is no bag" in scan("12"), "a pump is not counted"
    scan("A101")
    (ticket,) = file_pharmacy.ask(queries.open_tickets)
    for bag in ticket.bags:
        scan(bag.barcode)
    press(qtbot, screen, "Close and sign")

    assert interaction.said[-1] == "Packed and signed."
    assert interaction.asked[-1].startswith("ZZTEST Technician signs Delivery D-2603-0001 for ZZTEST Alder, Marian, 7 items")
    told = words_on(screen)
    assert "3 sets, transfer set" in told
    assert f"lot {SETS}, good to 12 Jan 2029" in told
    assert "serial A101" in told

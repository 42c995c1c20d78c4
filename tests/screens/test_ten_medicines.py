"""A pharmacist settles a profile of ten medicines and verifies the order: no hand leaves the keyboard, no widget is called."""

from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.interactions.queries import ScreeningRow, screening_of
from infusiondesk.interactions.rules import Level
from infusiondesk.interactions.rules.answers import Code
from infusiondesk.orders.queries import order_version
from infusiondesk.orders.screens.to_verify import OrdersToVerifyScreen
from tests.beginnings import Recipe
from tests.desk import PlainInteraction, give_passwords, settle
from tests.pharmacy import Pharmacy
from tests.screens.test_orders_screens import queue
from tests.services.test_verify_order import charted, takes
from tests.story import an_order, the_catalog

HOME = (
    ("Coumadin", "5 mg daily"), ("Zocor", "20 mg at bedtime"), ("lisinopril", "10 mg daily"), ("furosemide", "40 mg daily"),
    ("omeprazole", "20 mg daily"), ("sertraline", "50 mg daily"), ("tramadol", "50 mg as needed"),
    ("ibuprofen", "400 mg as needed"), ("chinese herbal mix", "one cup daily"),
)  # fmt: skip
KEYS_AT_MOST = 60  # a person who knows the keys; the words typed are not counted


class Keys:
    """Nothing but keys, each to whatever has the focus."""

    def __init__(self, qtbot: QtBot, screen: OrdersToVerifyScreen) -> None:
        self.qtbot, self.screen, self.struck = qtbot, screen, 0

    def strike(self, key: Qt.Key, with_: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self._come_forward()
        QTest.keyClick(QApplication.focusWidget() or self.screen, key, with_)
        self.struck += 1
        settle(self.qtbot, self.screen.desk)

    def write(self, words: str) -> None:
        self._come_forward()
        QTest.keyClicks(QApplication.focusWidget() or self.screen, words)

    def _come_forward(self) -> None:
        """A list of choices that closed keeps the keys of a window without a window manager."""
        if not self.screen.isActiveWindow():
            self.screen.activateWindow()
            self.qtbot.waitUntil(self.screen.isActiveWindow)

    def into(self, name: str) -> None:
        """Tab until the field of this name has the focus."""
        for _ in range(12):
            self._come_forward()
            at = QApplication.focusWidget()
            while at is not None and at.objectName() != name:
                at = at.parentWidget()
            if at is not None:
                return
            self.strike(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab does not lead to {name}")

    def choose(self, words: str) -> None:
        """Down until the choice says so, as in every list of choices."""
        for _ in range(40):
            at = QApplication.focusWidget()
            if getattr(at, "currentText", str)() == words:
                return
            self.strike(Qt.Key.Key_Down)
        raise AssertionError(f"no choice {words}")


@pytest.fixture
def begins_with() -> Recipe:
    return the_catalog


def found_now(pharmacy: Pharmacy, version_id: UUID) -> ScreeningRow:
    found = pharmacy.ask(screening_of, order_version_id=version_id)
    assert found is not None
    return found


def test_ten_medicines_are_settled_and_verified_with_the_keyboard_alone(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk]
) -> None:
    give_passwords(file_pharmacy, Role.PHARMACIST)
    patient_id = charted(file_pharmacy)
    for name, details in HOME:
        takes(file_pharmacy, patient_id, name, details)
    version_id = an_order(
        file_pharmacy, patient_id, "linezolid", reviewed_by_infectious_diseases=False, dose_amount=Decimal(600), dose_unit="mg",
        interval_hours=Decimal(12), infusion_minutes=Decimal(60), volume_ml=Decimal(300),
    )  # fmt: skip
    interaction = PlainInteraction()
    screen = queue(desk_of(Role.PHARMACIST, interaction))
    qtbot.addWidget(screen)
    screen.resize(1280, 800)
    screen.show()
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    screen.table.setFocus()  # as the window does when the screen is opened
    settle(qtbot, screen.desk)
    keys = Keys(qtbot, screen)
    ctrl, alt = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier

    keys.strike(Qt.Key.Key_R, ctrl)
    found = found_now(file_pharmacy, version_id)
    assert found.medicines == 10 and found.recognised == 9
    assert len(found.at(Level.HOLD)) >= 3 and not found.at(Level.STOP)
    open_now = len(found.to_answer)
    for _ in range(open_now):
        keys.strike(Qt.Key.Key_N, alt)
        assert screen.editor is not None
        if screen.editor.name == "hand-review":
            keys.into("source")
            keys.write("Natural Medicines")
            keys.into("text")
            keys.write("ginseng and ginger: none with linezolid")
        else:
            keys.into("code")
            keys.choose(Code.CLARIFIED.value)
            keys.into("text")
            keys.write("spoke with the prescriber, benefit is greater")
            keys.into("prescriber_name")
            keys.write("ZZTEST Maplewood")
            keys.into("prescriber_told_at")
            keys.write("2 Mar 2026 07:50")
            keys.into("read_back")
            keys.strike(Qt.Key.Key_Space)
        keys.strike(Qt.Key.Key_S, ctrl)
        assert screen.draft() is None and interaction.refusals == []  # saved, and closed
    assert found_now(file_pharmacy, version_id).to_answer == ()
    keys.strike(Qt.Key.Key_Return, ctrl)

    assert interaction.refusals == []
    assert file_pharmacy.ask(order_version, version_id=version_id).is_verified
    assert keys.struck <= KEYS_AT_MOST

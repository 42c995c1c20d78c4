"""A pharmacy with staff and a signed catalog and nothing else, and windows that its people open one after the other."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from infusiondesk.app.bootstrap import Opened
from infusiondesk.app.settings import Settings
from infusiondesk.app.window import MainWindow
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.qtkit.theme import apply_theme
from tests.beginnings import Recipe
from tests.desk import PASSWORD, give_passwords
from tests.hands import Answers, Hands
from tests.pharmacy import SECOND_PHARMACIST, Pharmacy
from tests.story import the_signed_catalog

At = Callable[[str], Hands]


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    apply_theme(qapp, False)


@pytest.fixture
def begins_with() -> Recipe:
    return the_signed_catalog


@pytest.fixture
def staffed(pharmacy: Pharmacy) -> Pharmacy:
    """On both databases in turn: people with passwords, the shipped catalog signed. Nothing of any patient."""
    everybody = [
        Role.INTAKE,
        Role.PHARMACIST,
        SECOND_PHARMACIST,
        Role.TECHNICIAN,
        Role.NURSE,
        Role.BILLER,
        Role.PHARMACIST_IN_CHARGE,
    ]
    give_passwords(pharmacy, *everybody)
    return pharmacy


@pytest.fixture
def at(qtbot: QtBot, staffed: Pharmacy) -> Iterator[At]:
    """`at(Role.NURSE)` gives the hands of a nurse at her own window; the window before is closed first."""
    open_now: list[MainWindow] = []

    def sit_down(who: str) -> Hands:
        for window in open_now:
            window.close()
            window.deleteLater()
        open_now.clear()
        opened = Opened(staffed.store, staffed.people[who], "ZZTEST Infusion", is_demo=False, was_upgraded=False)
        window = MainWindow(opened, Settings())
        window.resize(1440, 900)
        window.show()
        open_now.append(window)
        hands = Hands(qtbot, window, Answers(password=PASSWORD, second=("second.pharmacist", PASSWORD)))
        hands.settle()
        return hands

    yield sit_down
    for window in open_now:
        window.close()
        window.deleteLater()

"""The main window: every place opens, the chart follows the patient, a lock keeps what is typed and returns to the same place."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from infusiondesk.app.bootstrap import Opened
from infusiondesk.app.screens import PLACES, places_of, sections
from infusiondesk.app.settings import Settings
from infusiondesk.app.window import MainWindow
from infusiondesk.foundation.kernel.people import Actor, Role
from infusiondesk.foundation.qtkit.theme import apply_theme
from tests.desk import settle
from tests.pharmacy import Pharmacy
from tests.story import a_patient, the_catalog


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return Settings()


@pytest.fixture
def window(qtbot: QtBot, file_pharmacy: Pharmacy, settings: Settings) -> Iterator[MainWindow]:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    apply_theme(application, False)
    everybody = Actor(
        file_pharmacy.people[Role.PHARMACIST].id,
        "pharmacist",
        "ZZTEST Everybody",
        frozenset(Role),
        file_pharmacy.people[Role.PHARMACIST].licences,
    )
    window = MainWindow(Opened(file_pharmacy.store, everybody, "ZZTEST Infusion", is_demo=False, was_upgraded=False), settings)
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    settle(qtbot, window.desk)
    yield window
    window.close()


def test_a_desk_that_nobody_touches_locks_itself(qtbot: QtBot, window: MainWindow) -> None:
    idle, handle = window.findChild(QTimer, "idle"), window.windowHandle()
    assert isinstance(idle, QTimer)
    assert idle.isActive()
    assert idle.interval() == Settings().lock_after_minutes * 60_000
    window.activateWindow()
    idle.start(5_000)
    qtbot.waitUntil(lambda: idle.remainingTime() < 4_700)
    QTest.keyClick(handle, Qt.Key.Key_Shift)
    assert idle.remainingTime() > 4_700, "a key is a sign of life"
    qtbot.waitUntil(lambda: idle.remainingTime() < 4_700)
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton, pos=QPoint(640, 5))
    assert idle.remainingTime() > 4_700, "so is the mouse"
    dialog = QDialog(window)
    dialog.show()
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.waitUntil(lambda: idle.remainingTime() < 4_700)
    QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_Shift)
    assert idle.remainingTime() > 4_700, "in a dialog as well"
    dialog.close()
    with qtbot.waitSignal(window.locked):
        idle.start(50)


def test_every_place_opens_empty(qtbot: QtBot, window: MainWindow) -> None:
    for place in PLACES:
        if not place.is_chart:
            window.open_place(place)
            settle(qtbot, window.desk)
            assert window.frame.screen_shown() is window.screen_of(place)
            assert window.width() == 1280, place.title


def test_every_chart_page_opens_for_a_patient(qtbot: QtBot, window: MainWindow, file_pharmacy: Pharmacy) -> None:
    the_catalog(file_pharmacy)
    patient_id = a_patient(file_pharmacy)
    window.open_patient(patient_id)
    settle(qtbot, window.desk)
    for place in places_of("Patients", chart=True):
        window.open_place(place)
        settle(qtbot, window.desk)
        assert window.screen_of(place).patient_id == patient_id, place.title
        assert window.width() == 1280, place.title

    assert window.frame.banner.isVisible()
    window.open_section("Compounding")
    assert not window.frame.banner.isVisible(), "the worksheet may be of another patient"
    window.open_section("Patients")
    assert window.frame.banner.isVisible()
    window.put_patient_away()
    assert not window.frame.banner.isVisible()


def test_a_lock_returns_to_the_same_place_with_what_was_typed(
    qtbot: QtBot, window: MainWindow, file_pharmacy: Pharmacy, settings: Settings
) -> None:
    place = next(place for place in PLACES if place.title == "Staff")
    window.open_place(place)
    settle(qtbot, window.desk)
    screen = window.screen_of(place)
    screen.open_editor("person")
    assert screen.editor is not None
    screen.editor.form.restore({"name": "ZZTEST Half a na"})

    with qtbot.waitSignal(window.locked):
        window.lock()

    again = MainWindow(window.opened, settings)
    qtbot.addWidget(again)
    again.show()
    settle(qtbot, again.desk)
    shown = again.frame.screen_shown()
    assert shown is again.screen_of(place)
    editor = again.screen_of(place).editor
    assert editor is not None
    assert editor.form.snapshot()["name"] == "ZZTEST Half a na"
    again.close()


def test_sections_stand_in_the_order_of_the_work() -> None:
    assert [section.name for section in sections()][-2:] == ["Library", "Settings"]
    assert len({place.title for place in PLACES}) == len(PLACES)
    assert len({place.slug for place in PLACES}) == len(PLACES)

"""Temperatures through a real desk: a warm refrigerator is noted, its lot judged with a signature, its curve drawn."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.inventory import queries
from infusiondesk.inventory.exchange import shipped_temperatures
from infusiondesk.inventory.queries.temperatures import excursion_lots, temperature_places
from infusiondesk.inventory.rules.temperatures import ReadingDraft
from infusiondesk.inventory.screens.temperature_curve import TemperatureCurve
from infusiondesk.inventory.screens.temperatures import TemperaturesScreen
from infusiondesk.inventory.service.temperatures import note_temperature
from infusiondesk.workflows.excursion_reach import excursion_reach
from tests.desk import give_passwords, settle
from tests.pharmacy import Pharmacy
from tests.services.test_temperatures import COLD, LETTER
from tests.shelf import TECH, received, stocked

Desks = Callable[..., Desk]


def opened(qtbot: QtBot, desk: Desk, width: int = 1280) -> TemperaturesScreen:
    screen = TemperaturesScreen(desk, excursion_reach)
    qtbot.addWidget(screen)
    screen.resize(width, 720)
    screen.show()
    for _ in range(3):
        settle(qtbot, desk)
    return screen


def shown(screen: QWidget) -> set[str]:
    return {label.text() for label in screen.findChildren(Text) if label.isVisible()}


@pytest.mark.parametrize("width", [1280, 800])
def test_an_empty_pharmacy_says_so(qtbot: QtBot, desk_of: Desks, width: int) -> None:
    assert "no location yet" in shown(opened(qtbot, desk_of(Role.PHARMACIST), width))


def test_a_warm_refrigerator_is_noted_and_its_lot_judged(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    give_passwords(file_pharmacy, Role.PHARMACIST)
    lot_id = received(file_pharmacy, stocked(file_pharmacy, COLD))
    desk = desk_of(Role.PHARMACIST)
    screen = opened(qtbot, desk)
    screen.table.choose(lambda row: row.title == "Refrigerator")
    screen.note.trigger()
    editor = screen.editor
    assert editor is not None
    editor.form.restore({"value": "5", "highest": "14"})
    editor.save.click()
    for _ in range(4):
        settle(qtbot, desk)

    assert screen.table.choose(lambda row: row.lot is not None)
    settle(qtbot, desk)
    assert "Nothing left the location meanwhile." in shown(screen)
    screen.judge.trigger()
    editor = screen.editor
    assert editor is not None
    editor.form.restore({"disposition": "Use", "source": LETTER})
    editor.save.click()
    for _ in range(4):
        settle(qtbot, desk)

    (line,) = file_pharmacy.ask(excursion_lots, shipped=shipped_temperatures())
    lot = file_pharmacy.ask(queries.lot_of, lot_id=lot_id)
    assert lot is not None
    assert (line.signed_by, lot.on_hand, lot.in_quarantine) == ("ZZTEST Pharmacist", Decimal(10), Decimal(0))


def test_the_curve_says_what_it_shows(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    stocked(file_pharmacy, COLD)
    desk = desk_of(Role.PHARMACIST)
    screen = opened(qtbot, desk)
    screen.table.choose(lambda row: row.title == "Refrigerator")
    settle(qtbot, desk)
    curve = next(one for one in screen.findChildren(TemperatureCurve) if one.isVisible())
    assert curve.words() == "No reading in the last 30 days."
    place = next(row.place for row in screen.table.rows() if row.title == "Refrigerator")
    assert place is not None
    for value in (5, 9, 4):
        file_pharmacy.do(note_temperature, by=TECH, location_id=place.id, draft=ReadingDraft(value=Decimal(value)))
        file_pharmacy.clock.advance(hours=20)
    row = next(row for row in file_pharmacy.ask(temperature_places, shipped=shipped_temperatures()) if row.id == place.id)
    again = TemperatureCurve(row.allowed, row.readings, row.policy)
    qtbot.addWidget(again)
    assert again.words() == "Lowest 4 °C, highest 9 °C; allowed 2 to 8 °C."
    again.resize(300, 150)
    assert not again.grab().isNull()

"""The biennial inventory on the screen: begun, counted, signed by one and, at the same desk, by another."""

from collections.abc import Callable
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.inventory import queries
from infusiondesk.inventory.screens.biennial import BiennialScreen
from tests.beginnings import Recipe
from tests.desk import PASSWORD, PlainInteraction, give_passwords, settle
from tests.pharmacy import Pharmacy
from tests.services.test_biennial import two_lots_in_the_vault

PIC = Role.PHARMACIST_IN_CHARGE


@pytest.fixture
def begins_with() -> Recipe:
    return two_lots_in_the_vault


def test_two_people_take_it(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk]) -> None:
    give_passwords(file_pharmacy, Role.PHARMACIST, PIC)
    interaction = PlainInteraction(second=(file_pharmacy.people[PIC].login, PASSWORD))
    desk = desk_of(Role.PHARMACIST, interaction)
    screen = BiennialScreen(desk)
    qtbot.addWidget(screen)
    screen.resize(1280, 720)
    screen.show()

    def wait() -> None:
        for _ in range(3):
            settle(qtbot, desk)

    wait()
    assert screen.page.head.remark.text() == "none is on file: due now"
    screen.start.trigger()
    assert screen.editor is not None
    screen.editor.form.restore({"taken_at": "Close of business"})
    screen.editor.save.click()
    wait()
    for _ in range(2):
        assert screen.table.choose(lambda row: row.group == "To count")
        wait()
        assert not screen.first.isEnabled()
        screen.count.trigger()
        assert screen.editor is not None
        screen.editor.form.restore({"found": "10"})
        screen.editor.save.click()
        wait()
    screen.first.trigger()
    wait()
    screen.second.trigger()
    wait()

    assert (interaction.refusals, interaction.bugs) == ([], [])
    assert screen.page.head.remark.text() == "next due 2 Mar 2028"
    assert [row.signed_at is None for row in file_pharmacy.ask(queries.biennial_inventories)] == [False]
    papers: list[Any] = []
    screen.paper_ready.connect(papers.append)
    screen.paper.trigger()
    wait()
    assert [paper.title for paper in papers] == ["Biennial inventory"]

"""The care plan in the window: started, written, signed, revised and printed from the chart."""

from collections.abc import Callable
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from infusiondesk.careplans.screens.care_plan import CarePlanScreen
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.screen import PaperShown
from tests.desk import PlainInteraction, give_passwords, settle
from tests.pharmacy import Pharmacy
from tests.story import a_patient


def button(screen: CarePlanScreen, words: str) -> Button:
    return next(found for found in screen.findChildren(Button) if found.text() == words and found.isVisibleTo(screen))


@pytest.fixture
def interaction() -> PlainInteraction:
    return PlainInteraction()


@pytest.fixture
def chart(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk], interaction: PlainInteraction
) -> tuple[CarePlanScreen, Desk, UUID]:
    give_passwords(file_pharmacy, Role.PHARMACIST)
    patient_id = a_patient(file_pharmacy)
    desk = desk_of(Role.PHARMACIST, interaction)
    screen = CarePlanScreen(desk)
    qtbot.addWidget(screen)
    screen.resize(1280, 800)
    screen.show_patient(patient_id)
    screen.show()
    settle(qtbot, desk)
    return screen, desk, patient_id


def start(qtbot: QtBot, screen: CarePlanScreen, desk: Desk) -> None:
    screen.start_plan()
    assert screen.editor is not None
    screen.editor.form.restore({"template": "Outpatient parenteral antibiotic, beta-lactam"})
    screen.editor.save.click()
    settle(qtbot, desk)


def test_a_plan_from_nothing_to_signature(
    qtbot: QtBot, chart: tuple[CarePlanScreen, Desk, UUID], interaction: PlainInteraction
) -> None:
    screen, desk, _ = chart
    assert screen.table.rows() == []

    start(qtbot, screen, desk)
    assert {row.kind for row in screen.table.rows()} == {"problems", "goals", "interventions", "monitoring"}
    button(screen, "Sign plan").click()
    settle(qtbot, desk)

    assert interaction.refusals == []
    assert interaction.said[-1] == "The plan is signed and active."
    assert button(screen, "Revise plan").isEnabled()


def test_a_problem_without_a_goal_says_why_it_cannot_be_signed(qtbot: QtBot, chart: tuple[CarePlanScreen, Desk, UUID]) -> None:
    screen, desk, _ = chart
    start(qtbot, screen, desk)
    button(screen, "Add problem").click()
    assert screen.editor is not None
    screen.editor.form.restore({"statement": "Falls", "category": "safety", "priority": "1, first"})
    screen.editor.save.click()
    settle(qtbot, desk)

    assert "has no goal" in button(screen, "Sign plan").reason


def test_what_is_typed_survives_a_lock(qtbot: QtBot, chart: tuple[CarePlanScreen, Desk, UUID]) -> None:
    screen, desk, patient_id = chart
    start(qtbot, screen, desk)
    screen.add_problem()
    assert screen.editor is not None
    screen.editor.form.restore({"statement": "Half a sente"})
    screen.keep_draft()
    settle(qtbot, desk)

    again = CarePlanScreen(desk)
    qtbot.addWidget(again)
    again.show_patient(patient_id)
    again.show()
    settle(qtbot, desk)

    assert again.editor is not None
    assert again.editor.form.snapshot()["statement"] == "Half a sente"


def test_the_plan_prints(qtbot: QtBot, chart: tuple[CarePlanScreen, Desk, UUID]) -> None:
    screen, desk, _ = chart
    start(qtbot, screen, desk)

    with qtbot.waitSignal(screen.paper_ready) as ready:
        screen.print_plan()

    assert ready.args is not None
    paper: PaperShown = ready.args[0]
    assert paper.pdf.startswith(b"%PDF")
    assert "ZZTEST" not in paper.file_name
    settle(qtbot, desk)

"""The assessment in the window: started, answered, settled, signed and printed from the chart."""

from collections.abc import Callable
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from infusiondesk.assessments.screens.assessment import AssessmentScreen
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.parts.alert import AlertInline
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.screen import PaperShown
from infusiondesk.workflows.admission import findings_of, settle_finding, sign_assessment
from infusiondesk.workflows.first_dispense import make_active
from tests.beginnings import Recipe
from tests.desk import PlainInteraction, give_passwords, settle
from tests.pharmacy import Pharmacy
from tests.services.test_assessments import a_screened_order, answered, ordered

Chart = tuple[AssessmentScreen, Desk, UUID]


def screen_of(desk: Desk) -> AssessmentScreen:
    return AssessmentScreen(desk, sign=sign_assessment, settle=settle_finding, findings=findings_of, activate=make_active)


def shown(qtbot: QtBot, desk: Desk, patient_id: UUID) -> AssessmentScreen:
    screen = screen_of(desk)
    qtbot.addWidget(screen)
    screen.resize(1280, 800)
    screen.show_patient(patient_id)
    screen.show()
    settle(qtbot, desk)
    return screen


def button(screen: AssessmentScreen, words: str) -> Button:
    return next(found for found in screen.findChildren(Button) if found.text() == words and found.isVisibleTo(screen))


def answer(qtbot: QtBot, screen: AssessmentScreen, desk: Desk, **more: object) -> None:
    """Put answers in as if typed, and wait until the gate was asked with them."""
    wanted = answered(**more)
    typed = {name: box.field.write(getattr(wanted, name)) for name in screen.form.snapshot() for box in [screen.form.box(name)]}
    screen.form.restore(typed)
    qtbot.wait(300)
    settle(qtbot, desk)


def titles(screen: AssessmentScreen) -> list[str]:
    return [one.accessibleName() for one in screen.findChildren(AlertInline) if one.isVisibleTo(screen)]


@pytest.fixture
def interaction() -> PlainInteraction:
    return PlainInteraction()


@pytest.fixture
def begins_with() -> Recipe:
    return a_screened_order


@pytest.fixture
def chart(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk], interaction: PlainInteraction) -> Chart:
    give_passwords(file_pharmacy, Role.PHARMACIST)
    patient_id, _ = ordered(file_pharmacy)
    desk = desk_of(Role.PHARMACIST, interaction)
    screen = shown(qtbot, desk, patient_id)
    screen.start()
    settle(qtbot, desk)
    return screen, desk, patient_id


def test_from_unknown_to_signed(qtbot: QtBot, chart: Chart, interaction: PlainInteraction) -> None:
    screen, desk, _ = chart
    assert "STOP R02" in titles(screen)
    assert button(screen, "Sign assessment").reason == "Choose the decision: accept, accept with conditions, or decline."

    answer(qtbot, screen, desk, phone_works=False)
    assert titles(screen) == ["STOP R02"]
    assert "Open: STOP R02" in button(screen, "Sign assessment").reason
    answer(qtbot, screen, desk)
    assert titles(screen) == []
    button(screen, "Sign assessment").click()
    settle(qtbot, desk)

    assert interaction.refusals == []
    assert interaction.said[-1] == "The assessment is signed."
    assert button(screen, "Start reassessment").isEnabled()
    assert screen.draft() is None


def test_a_hold_is_settled_with_a_reason(qtbot: QtBot, chart: Chart, interaction: PlainInteraction) -> None:
    screen, desk, _ = chart
    answer(qtbot, screen, desk, running_water=False)
    assert titles(screen) == ["HOLD R04"]

    button(screen, "Settle").click()
    settle(qtbot, desk)
    assert screen.editor is not None
    screen.editor.form.restore({"code": "Arranged otherwise", "text": "too short"})
    screen.editor.save.click()
    assert "at least 15 characters" in screen.editor.form.box("text").problem()
    screen.editor.form.restore({"text": "the neighbour carries water twice a day"})
    screen.editor.save.click()
    settle(qtbot, desk)

    assert titles(screen) == []
    assert interaction.said[-2:] == ["Kept.", "R04 is settled."]
    assert button(screen, "Sign assessment").isEnabled()


def test_what_is_typed_survives_a_lock(qtbot: QtBot, chart: Chart) -> None:
    screen, desk, patient_id = chart
    screen.form.restore({"caregiver": "ZZTEST Birch, wi", "minutes_to_ed": "25"})
    screen.keep_draft()
    settle(qtbot, desk)

    again = shown(qtbot, desk, patient_id)

    assert again.form.snapshot()["caregiver"] == "ZZTEST Birch, wi"
    again.keep()
    settle(qtbot, desk)
    assert again.draft() is None


def test_the_assessment_prints_without_a_name_in_its_file_name(qtbot: QtBot, chart: Chart) -> None:
    screen, desk, _ = chart
    with qtbot.waitSignal(screen.paper_ready) as ready:
        screen.print_assessment()

    assert ready.args is not None
    paper: PaperShown = ready.args[0]
    assert paper.pdf.startswith(b"%PDF")
    assert "ZZTEST" not in paper.file_name
    settle(qtbot, desk)


def test_a_nurse_answers_and_is_told_why_she_does_not_sign(qtbot: QtBot, chart: Chart, desk_of: Callable[..., Desk]) -> None:
    _, _, patient_id = chart
    desk = desk_of(Role.NURSE, PlainInteraction())

    screen = shown(qtbot, desk, patient_id)

    assert "you need to be a pharmacist" in button(screen, "Sign assessment").reason
    assert button(screen, "Keep answers").isEnabled()

"""A visit in the window: planned in the chart, made, answered, signed on the schedule, printed from the chart."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.parts.alert import AlertInline
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.visits import queries
from infusiondesk.visits.screens.schedule import ScheduleScreen
from infusiondesk.visits.screens.visits import VisitsScreen
from tests.desk import PlainInteraction, give_passwords, settle
from tests.pharmacy import Pharmacy
from tests.story import a_patient

NOTE = {
    "two_identifiers": "yes", "allergies_verified": "yes", "temperature_c": "38.4", "teach_back": "independent",
    "supplies": "10 doses",    "next_visit": "9 Mar", "patient_signed": "patient",
}  # fmt: skip


def press(screen: QWidget, words: str) -> None:
    next(found for found in screen.findChildren(Button) if found.text() == words and found.isVisibleTo(screen)).click()


def test_a_visit_from_plan_to_paper(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk]) -> None:
    give_passwords(file_pharmacy, Role.NURSE)
    patient_id = a_patient(file_pharmacy)
    interaction = PlainInteraction()
    desk = desk_of(Role.NURSE, interaction)
    chart, schedule = VisitsScreen(desk), ScheduleScreen(desk)
    for screen in (chart, schedule):
        qtbot.addWidget(screen)
        screen.resize(1280, 800)
    chart.show_patient(patient_id)
    chart.show()
    settle(qtbot, desk)

    chart.plan_visit()
    assert chart.editor is not None
    chart.editor.form.restore(
        {"nurse": "ZZTEST Nurse", "purpose": "routine", "window_start": "2 Mar 2026 08:00", "window_end": "2 Mar 2026 10:00"}
    )
    chart.editor.save.click()
    settle(qtbot, desk)
    schedule.show()
    settle(qtbot, desk)
    press(schedule, "Start visit")
    settle(qtbot, desk)
    assert schedule.editor is not None
    schedule.editor.form.restore(NOTE)
    press(schedule, "Keep note")
    settle(qtbot, desk)
    file_pharmacy.clock.advance(minutes=45)
    press(schedule, "End visit")
    settle(qtbot, desk)
    press(schedule, "Sign note")
    settle(qtbot, desk)
    assert interaction.refusals == ["N01: Temperature 38.4 °C is 38.0 °C or above. Say what was done."]

    schedule.findChildren(AlertInline)[0].buttons[0].click()
    settle(qtbot, desk)
    press(schedule, "Sign note")
    settle(qtbot, desk)

    assert [visit.minutes for visit in file_pharmacy.ask(queries.signed_visits, patient_id=patient_id)] == [45]
    chart.table.choose_first()
    settle(qtbot, desk)
    with qtbot.waitSignal(chart.paper_ready) as ready:
        press(chart, "Print note")
    assert ready.args is not None
    assert ready.args[0].pdf.startswith(b"%PDF")
    settle(qtbot, desk)


def test_a_pharmacist_sees_why_she_cannot_start_a_visit(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk]
) -> None:
    from tests.services.test_visits import a_visit

    a_visit(file_pharmacy)
    desk = desk_of(Role.PHARMACIST)
    schedule = ScheduleScreen(desk)
    qtbot.addWidget(schedule)
    schedule.show()
    settle(qtbot, desk)

    button = next(found for found in schedule.findChildren(Button) if found.text() == "Start visit")
    assert button.reason == "To start a visit you need to be a nurse; you are signed in as pharmacist."

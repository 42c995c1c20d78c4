"""The places of pumps through a real desk: scanned, cleaned, checked, given, brought back; a recall settled and closed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from infusiondesk.equipment import queries
from infusiondesk.equipment.exchange import backup_rules
from infusiondesk.equipment.rules import EventKind, Place, Use
from infusiondesk.equipment.screens.home_pumps import HomePumpsScreen
from infusiondesk.equipment.screens.pump_rules import PumpRulesScreen
from infusiondesk.equipment.screens.pumps import ALL, DUE, LATE, PATIENTS, PumpsScreen
from infusiondesk.equipment.screens.recalls import PumpRecallsScreen
from infusiondesk.equipment.screens.rentals import RentalsScreen
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import PaperShown
from tests.beginnings import Recipe, staff_only
from tests.desk import PlainInteraction, give_passwords, settle
from tests.pharmacy import Pharmacy
from tests.services.test_equipment import MODEL, NOTICE, a_milrinone, a_pump, a_pump_room, give, pump, the_pump

Desks = Callable[..., Desk]
TECH, RPH = Role.TECHNICIAN, Role.PHARMACIST


@pytest.fixture
def begins_with(request: pytest.FixtureRequest) -> Recipe:
    return staff_only if request.node.get_closest_marker("parametrize") else a_pump_room


def opened(qtbot: QtBot, desk: Desk, make: Callable[[Desk], Any], width: int = 1280) -> Any:
    screen = make(desk)
    qtbot.addWidget(screen)
    screen.resize(width, 720)
    screen.show()
    settle(qtbot, desk)
    settle(qtbot, desk)
    return screen


def turn(qtbot: QtBot, screen: PumpsScreen, scope: int) -> None:
    screen.scope.choose(scope)
    screen.scope.chosen_changed.emit(scope)
    for _ in range(3):
        settle(qtbot, screen.desk)


def shown(screen: QWidget) -> set[str]:
    return {label.text() for label in screen.findChildren(Text) if label.isVisible()}


def fill(qtbot: QtBot, screen: Any, **typed: Any) -> None:
    """Type into the open form and save."""
    assert screen.editor is not None
    screen.editor.form.restore(typed)
    screen.editor.save.click()
    for _ in range(3):
        settle(qtbot, screen.desk)


@pytest.mark.parametrize("make", [PumpsScreen, PumpRecallsScreen, RentalsScreen, PumpRulesScreen])
@pytest.mark.parametrize("width", [1280, 800])
def test_each_place_opens_empty_and_keeps_its_width(qtbot: QtBot, desk_of: Desks, make: Any, width: int) -> None:
    interaction = PlainInteraction()
    screen = opened(qtbot, desk_of(TECH, interaction), make, width)

    assert screen.width() == width
    assert (interaction.refusals, interaction.bugs) == ([], [])
    assert all(action.text() and action.shortcut().toString() for action in screen.actions())
    assert len({action.shortcut().toString() for action in screen.actions()}) == len(screen.actions())
    controls = [one for kind in (Button, QLineEdit) for one in screen.findChildren(kind) if one.isVisible()]
    assert [one for one in controls if not one.accessibleName() and not one.text()] == []


def test_a_new_pump_is_scanned_cleaned_checked_given_and_back_by_keys(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks
) -> None:
    give_passwords(file_pharmacy, TECH)
    interaction = PlainInteraction()
    desk = desk_of(TECH, interaction)
    pump_id = a_pump(file_pharmacy, "C7")
    screen = opened(qtbot, desk, PumpsScreen)
    assert screen.page.head.remark.text() == "1 back-up missing"

    screen.scan.scanned.emit("c7")
    for _ in range(3):
        settle(qtbot, desk)
    assert screen.table.chosen().serial == "C7"
    assert not screen.steps[EventKind.GIVEN].isEnabled()
    screen.steps[EventKind.CLEANED].trigger()
    fill(qtbot, screen, agent="wipe", label_minutes="3", contact_minutes="2")
    assert screen.editor is not None, "too short a contact is said beside the field"
    fill(qtbot, screen, agent="wipe", label_minutes="3", contact_minutes="3")
    screen.steps[EventKind.PASSED].trigger()
    kept = screen.draft()
    assert (kept["editor"], kept["pump"]) == ("check", str(pump_id))
    screen.scan.scanned.emit("A100")
    assert screen.scan.state() == "refused", "a scan while a form is open does not turn to another pump"
    fill(qtbot, screen, alarms="Works", battery="Works", cord="Works", casing="Works", deviation_percent="-2")
    assert pump(file_pharmacy, pump_id).place is Place.AVAILABLE
    assert "The safety check is passed." in interaction.said
    screen.steps[EventKind.GIVEN].trigger()
    offered: list[Any] = []
    screen.look_up_order("alder milri", offered.extend)
    settle(qtbot, desk)
    assert [(one.code, one.meaning) for one in offered] == [
        ("ZZTEST Alder, Marian, Rx 700001 milrinone", "no pump in the home, 2 needed")
    ]
    screen.editor.form.box("order_id").show_value(offered[0])
    screen.editor.form.box("order_id").edited.emit()
    screen.editor.save.click()
    for _ in range(3):
        settle(qtbot, desk)
    assert (interaction.refusals, interaction.bugs) == ([], [])
    row = pump(file_pharmacy, pump_id)
    assert (row.place, row.where) == (Place.WITH_PATIENT, "ZZTEST Alder, Marian, in use")
    screen.steps[EventKind.RETURNED].trigger()
    fill(qtbot, screen, brought_by="driver", fault="cracked door")
    assert pump(file_pharmacy, pump_id).where == "fault: cracked door"
    assert {"put into quarantine", "safety check passed"} <= shown(screen)


def test_the_list_by_what_is_due_and_by_patient(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    give(file_pharmacy, the_pump(file_pharmacy), Use.MAIN)
    a_pump(file_pharmacy, "B1", maintained_on=None)
    desk = desk_of(RPH)
    screen = opened(qtbot, desk, PumpsScreen)
    assert [row.serial for row in screen.table.rows()] == ["B1", "A100"]

    turn(qtbot, screen, DUE)
    assert [row.serial for row in screen.table.rows()] == ["B1"]
    assert "Pump B1 may not go out: its preventive maintenance was never recorded." in shown(screen)
    turn(qtbot, screen, LATE)
    assert screen.table.rows() == []
    turn(qtbot, screen, PATIENTS)
    assert [row.missing for row in screen.needs.rows()] == ["1 of 2 pumps in the home, back-up missing"]
    assert {"ZZTEST Alder, Marian", "Pumps in the home", "A100"} <= shown(screen)
    turn(qtbot, screen, ALL)
    papers: list[PaperShown] = []
    screen.paper_ready.connect(papers.append)
    for action in (screen.label, screen.history):
        action.trigger()
        for _ in range(3):
            settle(qtbot, desk)
    assert [paper.title for paper in papers] == ["Pump label", "Pump history"]


def test_a_model_and_a_pump_are_entered(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    desk = desk_of(RPH)
    screen = opened(qtbot, desk, PumpsScreen)
    screen.new_model.trigger()
    fill(
        qtbot, screen, maker="ZZTEST Medical", name="Syringe 1", channels="1", therapies="pain\nimmune globulin",
        maintenance_months="6", certification_months="", accuracy_percent="3", source="policy 12",
    )  # fmt: skip
    (model,) = [one for one in file_pharmacy.ask(queries.models) if one.name != MODEL.name]
    assert (model.therapies, model.maintenance_months) == (("immune_globulin", "pain"), 6)
    screen.enter.trigger()
    offered: list[Any] = []
    screen.look_up_model("syringe", offered.extend)
    settle(qtbot, desk)
    screen.scan.scanned.emit("(01)00304096533016(21)s1")
    screen.editor.form.restore({"ownership": "owned"})
    screen.editor.form.box("model_id").show_value(offered[0])
    screen.editor.form.box("model_id").edited.emit()
    screen.editor.save.click()
    for _ in range(3):
        settle(qtbot, desk)
    assert {row.serial for row in screen.table.rows()} == {"A100", "S1"}


def test_a_recall_is_entered_settled_and_closed(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    give_passwords(file_pharmacy, RPH)
    desk = desk_of(RPH)
    screen = opened(qtbot, desk, PumpRecallsScreen)
    screen.open.trigger()
    typed = {name: getattr(NOTICE, name) for name in ("reference", "maker", "model", "serial_from", "serial_to", "reason")}
    fill(qtbot, screen, **typed)
    assert {"Notice N-77", "A100", "recall N-77"} <= shown(screen)
    assert not screen.close_it.isEnabled()
    screen.settle.trigger()
    fill(qtbot, screen, pump_id="A100, in quarantine", outcome="exchanged by the maker", note="new serial A900")
    assert screen.close_it.isEnabled()
    screen.close_it.trigger()
    for _ in range(3):
        settle(qtbot, desk)
    assert screen.table.rows()[0].is_closed
    papers: list[PaperShown] = []
    screen.paper_ready.connect(papers.append)
    screen.list_it.trigger()
    for _ in range(3):
        settle(qtbot, desk)
    assert [paper.title for paper in papers] == ["Recall of pumps"]


def test_a_chart_shows_its_pumps_and_one_goes_on_with_a_new_order(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    give(file_pharmacy, the_pump(file_pharmacy), Use.MAIN)
    (need,) = file_pharmacy.ask(queries.pump_needs, table=backup_rules())
    second = a_milrinone(file_pharmacy, need.patient_id)
    file_pharmacy.clock.advance(days=2)
    desk = desk_of(TECH)
    chart = opened(qtbot, desk, HomePumpsScreen)
    chart.show_patient(need.patient_id)
    for _ in range(3):
        settle(qtbot, desk)
    assert chart.page.head.remark.text() == "2 orders without a pump that it needs"
    assert {"A100", "1 of 2 pumps in the home, back-up missing"} <= shown(chart)
    chart.go_on.trigger()
    fill(qtbot, chart, order_id="Rx 700002 milrinone")
    assert [(row.stay.holder.order_id, row.days, row.stay.goes_on) for row in chart.table.rows()] == [
        (second, 1, False), (need.id, 2, True),
    ]  # fmt: skip

    rental = opened(qtbot, desk, RentalsScreen)
    assert [len(row.days) for row in rental.table.rows()] == [2, 1]
    papers: list[PaperShown] = []
    rental.paper_ready.connect(papers.append)
    rental.paper.trigger()
    monkeypatch.setattr(rental, "choose_file", lambda name: tmp_path / name)
    rental.file.trigger()
    for _ in range(3):
        settle(qtbot, desk)
    assert [paper.file_name for paper in papers] == ["rental-days-2026-03.pdf"]
    head, *lines = (tmp_path / "rental-days-2026-03.csv").read_text("utf-8-sig").splitlines()
    assert head.startswith("patient,mrn,rx,pump")
    assert [line.split(",")[-7:-3] for line in lines] == [
        ["in use", "2026-03-02", "2026-03-03", "2"], ["in use", "2026-03-04", "2026-03-04", "1"],
    ]  # fmt: skip
    rental.turn(-1)
    for _ in range(3):
        settle(qtbot, desk)
    assert (rental.table.rows(), rental.page.head.remark.text()) == ([], "Feb 2026, 0 days")


def test_a_proposal_is_signed_and_the_days_are_set(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    role = Role.PHARMACIST_IN_CHARGE
    give_passwords(file_pharmacy, role)
    screen = opened(qtbot, desk_of(role), PumpRulesScreen)
    assert not any(row.is_signed for row in screen.table.rows())
    screen.table.choose(lambda row: row.what == "pain")
    settle(qtbot, screen.desk)
    assert "A proposal: until somebody signs it, a missing pump is no alarm." in shown(screen)
    next(one for one in screen.findChildren(Button) if one.isVisible() and one.accessibleName() == "Change or sign").click()
    fill(qtbot, screen)
    assert [row.what for row in screen.table.rows() if row.is_signed] == ["pain"]
    screen.days.trigger()
    fill(qtbot, screen, due_days="60", return_days="3")
    assert [row.says for row in screen.table.rows() if row.group == "Days"] == [
        "60 days before", "3 days after the end of its order", "is no rental day",
    ]  # fmt: skip

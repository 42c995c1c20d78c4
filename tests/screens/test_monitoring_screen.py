"""The monitoring programme on the screen: an order waits, what was seen is kept, a zero report is made, saved and sent."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.inventory import service as inventory
from infusiondesk.inventory.rules.policy import PolicyDraft
from infusiondesk.prescriptions import queries
from infusiondesk.prescriptions.screens.monitoring import MonitoringScreen
from tests.beginnings import Recipe
from tests.desk import PlainInteraction, settle
from tests.pharmacy import Pharmacy
from tests.story import a_patient, an_order, the_catalog

PIC = Role.PHARMACIST_IN_CHARGE


@pytest.fixture
def begins_with() -> Recipe:
    return the_catalog


def test_it_is_asked_and_told(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient_id = a_patient(file_pharmacy)
    an_order(file_pharmacy, patient_id, "morphine", dose_amount=60, dose_unit="mg", received_by="electronic")
    draft = PolicyDraft(dea_number="AB1234563", program="Illinois PMP", program_id="IL-77")
    file_pharmacy.do(inventory.set_controlled_policy, by=PIC, draft=draft)
    interaction = PlainInteraction(reason="uploaded, accepted")
    desk = desk_of(Role.PHARMACIST, interaction)
    screen = MonitoringScreen(desk)
    qtbot.addWidget(screen)
    screen.resize(1280, 720)
    screen.show()

    def wait() -> None:
        for _ in range(3):
            settle(qtbot, desk)

    def shown() -> set[str]:
        return {label.text() for label in screen.findChildren(Text) if label.isVisible()}

    wait()
    assert screen.page.head.remark.text() == "1 to ask"
    assert "The monitoring programme has not been asked for this order." in shown()
    assert not screen.sent.isEnabled()
    screen.ask.trigger()
    assert screen.editor is not None
    assert screen.editor.form.box("seen").isHidden()
    screen.editor.form.restore({"is_noted": "Something noted", "seen": "two prescribers in March"})
    assert not screen.editor.form.box("seen").isHidden()
    screen.editor.save.click()
    wait()
    assert screen.page.head.remark.text() == "nothing to ask, nothing to tell"
    assert "two prescribers in March" in shown()

    screen.make.trigger()
    assert screen.editor is not None
    screen.editor.save.click()
    wait()
    assert screen.table.choose(lambda row: row.report is not None)
    wait()
    path = tmp_path / "report.txt"
    monkeypatch.setattr(screen, "choose_file", lambda name: path if name == "dispensing-report-0001.txt" else None)
    screen.keep.trigger()
    wait()
    assert path.read_text().startswith("TH*4.2B*0000000001*01**20260302*080000*P**~~\n")
    screen.sent.trigger()
    wait()
    assert (interaction.refusals, interaction.bugs) == ([], [])
    assert interaction.said[-2:] == ["report.txt is saved.", "Kept."]
    assert file_pharmacy.ask(queries.reports)[0].sent_how == "uploaded, accepted"
    opened: list[object] = []
    screen.patient_chosen.connect(opened.append)
    assert screen.table.choose(lambda row: row.order is not None)
    screen.table.activated_row.emit(screen.table.chosen())
    assert opened == [patient_id]

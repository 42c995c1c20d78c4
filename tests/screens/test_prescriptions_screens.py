"""Prescriptions and the fill log at a desk: found while one types, an original kept and shown, counsel recorded, a day signed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.prescriptions import queries
from infusiondesk.prescriptions.screens.fill_log import FillLogScreen
from infusiondesk.prescriptions.screens.prescriptions import PrescriptionsScreen
from tests.beginnings import Recipe
from tests.clean_room import a_stocked_clean_room
from tests.desk import PlainInteraction, give_passwords, settle
from tests.pharmacy import SECOND_PHARMACIST, Pharmacy
from tests.services.test_prescriptions import PDF, TODAY, filled, prescribed
from tests.story import a_patient, an_order, order_of

DeskOf = Callable[..., Desk]


@pytest.fixture
def begins_with() -> Recipe:
    return a_stocked_clean_room


def opened(qtbot: QtBot, desk: Desk, make: Callable[[Desk], Any]) -> Any:
    screen = make(desk)
    qtbot.addWidget(screen)
    screen.resize(1280, 720)
    screen.show()
    settle(qtbot, desk)
    return screen


def words(screen: QWidget) -> set[str]:
    return {one.text() for one in screen.findChildren(Text) if one.isVisible()}


def press(qtbot: QtBot, screen: Screen, text: str) -> None:
    next(one for one in screen.findChildren(Button) if one.isVisible() and one.text() == text).click()
    settle(qtbot, screen.desk)


def typed(qtbot: QtBot, screen: PrescriptionsScreen, text: str) -> None:
    screen.search.setText(text)
    qtbot.waitUntil(lambda: not screen._pause.isActive())
    settle(qtbot, screen.desk)


def test_a_prescription_is_found_while_one_types(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    prescribed(file_pharmacy, a_patient(file_pharmacy), refills=2)
    an_order(file_pharmacy, a_patient(file_pharmacy, last_name="ZZTEST Birch", prescriber_npi="1003000126"))
    screen = opened(qtbot, desk_of(Role.PHARMACIST), PrescriptionsScreen)
    assert screen.page.head.remark.text() == "2 prescriptions"

    typed(qtbot, screen, "alder")

    assert [row.rx_number for row in screen.table.rows()] == [700001]
    assert {"Rx 700001", "No original is on file for version 1.", "2 of 2"} <= words(screen)
    typed(qtbot, screen, "nobody")
    assert screen.table.rows() == []


def test_the_chart_and_a_record_open_from_the_list(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    patient_id = a_patient(file_pharmacy)
    first = prescribed(file_pharmacy, patient_id)
    an_order(file_pharmacy, patient_id)
    screen = opened(qtbot, desk_of(Role.PHARMACIST), PrescriptionsScreen)

    screen.show_record(order_of(file_pharmacy, first))
    settle(qtbot, screen.desk)

    assert screen.table.chosen().rx_number == 700001
    with qtbot.waitSignal(screen.patient_chosen) as chosen:
        press(qtbot, screen, "Open chart")
    assert chosen.args == [patient_id]


def test_an_original_is_kept_and_shown(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prescribed(file_pharmacy, a_patient(file_pharmacy))
    interaction = PlainInteraction()
    screen = opened(qtbot, desk_of(Role.TECHNICIAN, interaction), PrescriptionsScreen)
    fax = tmp_path / "fax.pdf"
    fax.write_bytes(PDF)
    monkeypatch.setattr(screen, "choose_file", lambda: fax)

    press(qtbot, screen, "Keep original")
    press(qtbot, screen, "Keep original")

    assert interaction.said == ["fax.pdf is kept with its SHA-256."]
    assert interaction.refusals == ["fax.pdf: This very file is on the prescription already."]
    with qtbot.waitSignal(screen.paper_ready) as shown:
        press(qtbot, screen, "Show original")
    paper: PaperShown = shown.args[0]
    assert (paper.pdf, paper.title) == (PDF, "Original")
    assert "fax" not in paper.file_name
    fax.unlink()
    press(qtbot, screen, "Keep original")
    assert interaction.refusals[-1] == "fax.pdf cannot be read: No such file or directory."


def test_an_offer_of_counsel_is_recorded_and_survives_a_lock(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    version_id = prescribed(file_pharmacy, a_patient(file_pharmacy))
    interaction = PlainInteraction()
    screen = opened(qtbot, desk_of(Role.PHARMACIST, interaction), PrescriptionsScreen)
    press(qtbot, screen, "Offer counsel")
    screen.editor.form.restore({"how": "by telephone", "reply": "declined"})
    press(qtbot, screen, "Save")
    assert screen.editor.form.box("with_whom").problem() == "Enter with whom you spoke."
    kept = screen.draft()

    again = opened(qtbot, desk_of(Role.PHARMACIST, interaction), PrescriptionsScreen)
    again.restore_draft(kept)
    settle(qtbot, again.desk)
    again.editor.form.restore({"how": "by telephone", "reply": "declined", "with_whom": "ZZTEST Alder"})
    press(qtbot, again, "Save")

    record = file_pharmacy.ask(queries.prescription, order_id=order_of(file_pharmacy, version_id))
    assert [(one.reply, one.with_whom) for one in record.offers] == [("declined", "ZZTEST Alder")]
    assert interaction.said == ["The offer is recorded."]


def test_a_biller_reads_and_is_told_what_he_may_not(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    prescribed(file_pharmacy, a_patient(file_pharmacy))
    screen = opened(qtbot, desk_of(Role.BILLER), PrescriptionsScreen)

    shut = [one.text() for one in screen.findChildren(Button) if one.isVisible() and not one.isEnabled()]

    assert shut == ["Keep original", "Offer counsel", "Transfer"]


def test_a_day_is_signed_by_who_released_and_prints(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    give_passwords(file_pharmacy, SECOND_PHARMACIST)
    patient_id = a_patient(file_pharmacy)
    version_id = prescribed(file_pharmacy, patient_id)
    filled(file_pharmacy, patient_id, version_id)
    other = opened(qtbot, desk_of(Role.PHARMACIST), FillLogScreen)
    assert {"Not signed", "ZZTEST Second Pharmacist"} <= words(other)
    assert "Sign my fills" in {one.text() for one in other.findChildren(Button) if not one.isEnabled()}
    interaction = PlainInteraction()
    screen = opened(qtbot, desk_of(SECOND_PHARMACIST, interaction), FillLogScreen)

    press(qtbot, screen, "Sign my fills")

    assert interaction.asked == ["ZZTEST Second Pharmacist signs 1 fill of 2 Mar 2026: dispensed as shown"]
    assert interaction.said == ["Your fills of 2 Mar 2026 are signed."]
    assert "Every fill of this day is signed for." in words(screen)
    with qtbot.waitSignal(screen.paper_ready) as shown:
        press(qtbot, screen, "Print log")
    assert shown.args[0].pdf.startswith(b"%PDF-")
    assert shown.args[0].file_name == "fill-log-2026-03-02.pdf"
    with qtbot.waitSignal(screen.record_asked) as asked:
        screen.table.activated_row.emit(screen.table.rows()[0])
    assert asked.args == ["Prescriptions", order_of(file_pharmacy, version_id)]


def test_one_turns_to_other_days_and_never_to_one_to_come(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    screen = opened(qtbot, desk_of(Role.PHARMACIST), FillLogScreen)
    press(qtbot, screen, "Day after")
    assert screen.day == TODAY
    press(qtbot, screen, "Day before")

    assert screen.page.head.remark.text() == "1 Mar 2026, 0 fills"
    assert "There is nothing to sign for." in words(screen)


def test_a_ticket_turns_to_the_day_on_which_it_left(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    patient_id = a_patient(file_pharmacy)
    ticket_id = filled(file_pharmacy, patient_id, prescribed(file_pharmacy, patient_id))
    screen = opened(qtbot, desk_of(Role.PHARMACIST), FillLogScreen)
    press(qtbot, screen, "Day before")
    assert screen.table.rows() == []

    screen.show_record(ticket_id)
    settle(qtbot, screen.desk)

    assert screen.day == TODAY and len(screen.table.rows()) == 1
    press(qtbot, screen, "Day before")
    assert screen.page.head.remark.text() == "1 Mar 2026, 0 fills"


def test_the_record_prints_with_every_fill(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    patient_id = a_patient(file_pharmacy)
    filled(file_pharmacy, patient_id, prescribed(file_pharmacy, patient_id))
    screen = opened(qtbot, desk_of(Role.PHARMACIST), PrescriptionsScreen)

    with qtbot.waitSignal(screen.paper_ready) as shown:
        press(qtbot, screen, "Print record")

    assert shown.args[0].file_name == "prescription-700001.pdf"

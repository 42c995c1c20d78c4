"""Laboratory work in the window: a file taken in, a stranger matched, a critical report reviewed, the chart read and printed."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.labs import queries, service
from infusiondesk.labs.rules.review import ReviewDraft
from infusiondesk.labs.screens.results import LabsScreen
from infusiondesk.labs.screens.reviewing import LabsToReviewScreen
from infusiondesk.labs.screens.unmatched import UnmatchedResultsScreen
from infusiondesk.patients import queries as patients
from tests.desk import PlainInteraction, give_passwords, settle
from tests.lab_messages import CREATININE, POTASSIUM_HIGH, SODIUM, message
from tests.pharmacy import Pharmacy
from tests.story import a_patient

DECIDED = {
    "action": "hold dose",
    "interpretation": "Potassium rises with creatinine.",
    "contact_name": "Dr ZZTEST Maplewood",
    "contacted_at": "2 Mar 2026 08:00",
    "contact_mode": "telephone",
    "response": "hold, repeat tomorrow",
}


@pytest.fixture
def interaction() -> PlainInteraction:
    return PlainInteraction(reason="laboratory confirmed by telephone")


@pytest.fixture
def alder(file_pharmacy: Pharmacy) -> UUID:
    return a_patient(file_pharmacy)


@pytest.fixture
def desk(file_pharmacy: Pharmacy, desk_of: Callable[..., Desk], interaction: PlainInteraction) -> Desk:
    give_passwords(file_pharmacy, Role.PHARMACIST)
    return desk_of(Role.PHARMACIST, interaction)


def oru(pharmacy: Pharmacy, patient_id: UUID, *lines: str, **more: Any) -> bytes:
    return message(pharmacy.ask(patients.chart_facts, patient_id=patient_id).mrn, *lines, **more)


def take(pharmacy: Pharmacy, data: bytes) -> None:
    pharmacy.clock.advance(minutes=1)
    pharmacy.do(service.take_in, by=Role.TECHNICIAN, name="r.hl7", data=data)


def shown(qtbot: QtBot, screen: Screen, size: tuple[int, int] = (1084, 716)) -> None:
    qtbot.addWidget(screen)
    screen.resize(*size)
    screen.show()
    settle(qtbot, screen.desk)


def button(screen: QWidget, words: str) -> Button:
    return next(found for found in screen.findChildren(Button) if found.text() == words and found.isVisibleTo(screen))


def said_on(screen: QWidget) -> str:
    return "\n".join(found.text() for found in screen.findChildren(Text) if found.isVisibleTo(screen))


def answer_file_dialog(path: str) -> None:
    """Type a name into Qt's own dialog and press Enter, as a person does."""

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        line = dialog.findChild(QLineEdit, "fileNameEdit")
        assert line is not None
        line.setText(path)
        dialog.accept() if path else dialog.reject()

    QTimer.singleShot(100, answer)


def decide(screen: LabsToReviewScreen, **more: str) -> None:
    assert screen._panel is not None
    screen._panel.form.restore({**DECIDED, "read_back": "yes", **more})


def test_an_empty_queue_says_what_will_be_here(qtbot: QtBot, desk: Desk) -> None:
    screen = LabsToReviewScreen(desk)
    shown(qtbot, screen)

    assert screen.table.rows() == []
    assert screen.table.empty.isVisibleTo(screen)
    assert screen.table.empty.accessibleName() == "Nothing to review"


def test_a_file_typed_into_the_dialog_is_taken_in_and_each_refusal_is_read(
    qtbot: QtBot, desk: Desk, file_pharmacy: Pharmacy, alder: UUID, interaction: PlainInteraction, tmp_path: Path
) -> None:
    broken = b"MSH|^~\\&|A|B|C|D|20260302||ORM^O01|C-9|P|2.5.1\rPID|1||1||ZZTEST^A\r"
    stranger = message("H-1", SODIUM, control="C-2", person=("ZZTEST Cedar^Ruth", "19550101", "F"))
    (tmp_path / "results.hl7").write_bytes(oru(file_pharmacy, alder, POTASSIUM_HIGH) + stranger + broken)
    screen = LabsToReviewScreen(desk)
    shown(qtbot, screen)

    answer_file_dialog(str(tmp_path / "results.hl7"))
    button(screen, "Take in a file").click()
    settle(qtbot, desk)
    qtbot.waitUntil(lambda: bool(interaction.said), timeout=5000)
    settle(qtbot, desk)

    assert interaction.said == ["results.hl7: 3 messages: 1 filed, 1 parked, 1 refused, 1 with a critical value."]
    assert [row.lead for row in screen.table.rows()] == ["Potassium 6.4 mmol/L"]
    assert "Message 3 (C-9) was refused: Segment 1, field MSH-9" in said_on(screen)
    assert "Unmatched results" in said_on(screen)
    button(screen, "Go on").click()
    settle(qtbot, desk)
    assert "was refused" not in said_on(screen)


def test_turning_away_from_the_dialog_takes_nothing(qtbot: QtBot, desk: Desk, interaction: PlainInteraction) -> None:
    screen = LabsToReviewScreen(desk)
    shown(qtbot, screen)

    answer_file_dialog("")
    screen.take_in()
    settle(qtbot, desk)

    assert (interaction.said, interaction.refusals) == ([], [])


def test_a_file_that_cannot_be_read_is_one_sentence(
    qtbot: QtBot, desk: Desk, interaction: PlainInteraction, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    screen = LabsToReviewScreen(desk)
    shown(qtbot, screen)
    monkeypatch.setattr(screen, "choose_file", lambda: tmp_path / "gone.hl7")

    screen.take_in()
    settle(qtbot, desk)

    assert interaction.refusals == ["gone.hl7 cannot be read: No such file or directory."]


def test_a_critical_report_is_reviewed_from_reading_to_signature(
    qtbot: QtBot, desk: Desk, file_pharmacy: Pharmacy, alder: UUID, interaction: PlainInteraction
) -> None:
    take(file_pharmacy, oru(file_pharmacy, alder, POTASSIUM_HIGH, CREATININE, SODIUM))
    screen = LabsToReviewScreen(desk)
    shown(qtbot, screen)
    screen.table.choose_first()
    settle(qtbot, desk)
    words = said_on(screen)
    for expected in ("ZZTEST Alder, Marian", "ZZTEST Maplewood, 217-555-0199", "Why critical?", "Not checked", "call by 09:01"):
        assert expected in words

    decide(screen, contact_name="")
    button(screen, "Sign review").click()
    settle(qtbot, desk)
    assert "A critical result goes to the prescriber: enter whom you reached." in said_on(screen)
    decide(screen)
    button(screen, "Sign review").click()
    settle(qtbot, desk)

    assert interaction.refusals == []
    assert interaction.said == ["The review is signed."]
    assert interaction.asked == ["ZZTEST Pharmacist signs Laboratory report 1 of ZZTEST Alder, Marian: hold dose: reviewed"]
    assert screen.table.rows() == []
    assert file_pharmacy.ask(queries.to_review) == []


def test_typing_stays_with_its_report_and_survives_a_lock(
    qtbot: QtBot, desk: Desk, file_pharmacy: Pharmacy, alder: UUID, desk_of: Callable[..., Desk]
) -> None:
    birch = a_patient(file_pharmacy, last_name="ZZTEST Birch", born_on=date(1970, 5, 1))
    take(file_pharmacy, oru(file_pharmacy, alder, POTASSIUM_HIGH))
    take(
        file_pharmacy,
        oru(file_pharmacy, birch, SODIUM, person=("ZZTEST Birch^Marian", "19700501", "F"), order="FO-2", control="C-2"),
    )
    screen = LabsToReviewScreen(desk)
    shown(qtbot, screen)
    screen.table.choose_first()
    settle(qtbot, desk)
    decide(screen)
    first, second = (row.id for row in screen.table.rows())

    screen.table.choose(lambda row: row.id == second)
    settle(qtbot, desk)
    assert screen._panel is not None
    assert screen._panel.form.snapshot()["interpretation"] == ""
    screen.keep_draft()
    settle(qtbot, desk)
    again = LabsToReviewScreen(desk_of(Role.PHARMACIST))
    shown(qtbot, again)
    again.table.choose(lambda row: row.id == first)
    settle(qtbot, again.desk)

    assert again._panel is not None
    assert again._panel.form.snapshot()["interpretation"] == "Potassium rises with creatinine."


def test_a_nurse_reads_the_queue_but_may_not_sign(
    qtbot: QtBot, file_pharmacy: Pharmacy, alder: UUID, desk_of: Callable[..., Desk]
) -> None:
    take(file_pharmacy, oru(file_pharmacy, alder, POTASSIUM_HIGH))
    screen = LabsToReviewScreen(desk_of(Role.NURSE))
    shown(qtbot, screen)
    screen.table.choose_first()
    settle(qtbot, screen.desk)

    assert not button(screen, "Sign review").isEnabled()
    assert "you are signed in as nurse" in button(screen, "Sign review").reason
    assert button(screen, "Take in a file").isEnabled()


def test_in_a_narrow_window_list_and_report_take_turns(qtbot: QtBot, desk: Desk, file_pharmacy: Pharmacy, alder: UUID) -> None:
    take(file_pharmacy, oru(file_pharmacy, alder, POTASSIUM_HIGH))
    screen = LabsToReviewScreen(desk)
    shown(qtbot, screen, (780, 440))
    assert screen.minimumSizeHint().width() <= 780
    screen.table.choose_first()
    settle(qtbot, desk)
    assert screen.table.isVisibleTo(screen)

    QTest.keyClick(screen.table, Qt.Key.Key_Return)
    assert not screen.table.isVisibleTo(screen)
    assert button(screen, "Sign review").isVisibleTo(screen)
    QTest.keyClick(screen, Qt.Key.Key_Escape)

    assert screen.table.isVisibleTo(screen)


def test_a_stranger_is_matched_with_a_reason(
    qtbot: QtBot, desk: Desk, file_pharmacy: Pharmacy, alder: UUID, interaction: PlainInteraction
) -> None:
    take(file_pharmacy, message("H-778812", POTASSIUM_HIGH))
    screen = UnmatchedResultsScreen(desk)
    shown(qtbot, screen)
    screen.table.choose_first()
    settle(qtbot, desk)
    assert "Name and birth date fit 1 of our patients" in said_on(screen)

    button(screen, "Match to a patient").click()
    line = screen.findChild(QLineEdit, "patient_id")
    assert line is not None
    QTest.keyClicks(line, "alder")
    qtbot.wait(200)
    settle(qtbot, desk)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert screen.editor is not None
    qtbot.waitUntil(lambda: screen.editor is not None and screen.editor.form.draft.patient_id == alder, timeout=5000)
    button(screen, "File report").click()
    settle(qtbot, desk)

    assert interaction.refusals == []
    assert "How do you know that it is the same person?" in interaction.asked[0]
    assert screen.table.rows() == []
    assert [row.patient_id for row in file_pharmacy.ask(queries.to_review)] == [alder]


def test_the_chart_shows_every_line_with_its_review_and_prints_it(
    qtbot: QtBot, desk: Desk, file_pharmacy: Pharmacy, alder: UUID
) -> None:
    take(file_pharmacy, oru(file_pharmacy, alder, CREATININE, SODIUM))
    (row,) = file_pharmacy.ask(queries.to_review)
    file_pharmacy.do(service.review_report, report_id=row.id, draft=ReviewDraft("Watch.", "extra lab"))
    screen = LabsScreen(desk)
    screen.show_patient(alder)
    shown(qtbot, screen)
    screen.table.choose_first()
    settle(qtbot, desk)
    assert [row.finding.test for row in screen.table.rows()] == ["Creatinine", "Sodium"]
    assert "ZZTEST Pharmacist, RPh IL" in said_on(screen)

    with qtbot.waitSignal(screen.paper_ready) as ready:
        button(screen, "Print report").click()
    settle(qtbot, desk)

    paper = ready.args[0]
    assert isinstance(paper, PaperShown)
    assert paper.pdf.startswith(b"%PDF")
    assert "ZZTEST" not in paper.file_name


def test_an_empty_chart_says_what_will_be_here(qtbot: QtBot, desk: Desk, alder: UUID) -> None:
    screen = LabsScreen(desk)
    screen.show_patient(alder)
    shown(qtbot, screen)

    assert screen.table.empty.accessibleName() == "No results yet"

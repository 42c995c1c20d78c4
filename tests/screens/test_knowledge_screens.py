"""The library of interactions through a real desk: found, signed, corrected, switched off; sets imported, compared, enabled."""

from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from infusiondesk.foundation.kernel.outcomes import Unavailable
from infusiondesk.foundation.kernel.people import Area, Role, query
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import PaperShown
from infusiondesk.foundation.qtkit.tables import RowsTable
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.interactions import queries, service
from infusiondesk.interactions.rules import Level
from infusiondesk.interactions.rules.answers import AnswerDraft, Code
from infusiondesk.interactions.rules.census import CensusPart
from infusiondesk.interactions.rules.rows import RowKind
from infusiondesk.interactions.screens.census import CensusScreen
from infusiondesk.interactions.screens.recall import RecallScreen
from infusiondesk.interactions.screens.rules import InteractionsScreen
from infusiondesk.interactions.screens.sets import InteractionSetsScreen
from infusiondesk.patients.service import accept_patient, begin_intake
from infusiondesk.workflows.census import patients_to_screen, screen_some
from infusiondesk.workflows.recall_knowledge import close_line, recall_lines
from tests.beginnings import Recipe
from tests.clean_room import a_stocked_clean_room
from tests.desk import PlainInteraction, give_passwords, settle
from tests.pharmacy import Pharmacy
from tests.services.knowledge_story import corrected, screened_with, verified_beside
from tests.story import a_patient, an_order

Desks = Callable[..., Desk]
PIC = Role.PHARMACIST_IN_CHARGE
SCREENS = [InteractionsScreen, InteractionSetsScreen]
CSV = "first,second,how bad,words\nwarfarin,vancomycin,major,INR moves\nZyvox,tyramin,moderate,\n"
CTRL = Qt.KeyboardModifier.ControlModifier


def opened(qtbot: QtBot, desk: Desk, make: Callable[[Desk], Any], width: int = 1280) -> Any:
    screen = make(desk)
    qtbot.addWidget(screen)
    screen.resize(width, 720)
    screen.show()
    settle(qtbot, desk)
    return screen


def done(qtbot: QtBot, desk: Desk) -> None:
    """Until a verb has run and the screen has read again what it changed."""
    settle(qtbot, desk)
    settle(qtbot, desk)


def words_on(widget: QWidget) -> str:
    return " ".join(one.text() for one in widget.findChildren(Text) if one.isVisible())


def facts_on(screen: QWidget) -> str:
    """What the lists of facts tell a reader that does not see."""
    return " ".join(one.accessibleName() + one.accessibleDescription() for one in screen.findChildren(QWidget)) + words_on(screen)


def button(screen: QWidget, words: str) -> Button:
    return next(one for one in screen.findChildren(Button) if one.isVisible() and words in one.accessibleName() + one.text())


def find(qtbot: QtBot, desk: Desk, screen: Any, words: str) -> None:
    screen.search.setText(words)
    qtbot.waitUntil(lambda: not screen._pause.isActive())
    settle(qtbot, desk)


@pytest.mark.parametrize("make", SCREENS)
@pytest.mark.parametrize("who", [PIC, Role.NURSE])
@pytest.mark.parametrize("width", [1280, 800])
def test_each_screen_opens_and_fits(qtbot: QtBot, desk_of: Desks, make: Any, who: Role, width: int) -> None:
    interaction = PlainInteraction()
    screen = opened(qtbot, desk_of(who, interaction), make, width)

    assert screen.table.rows()
    assert screen.table.chosen() is not None
    assert screen.minimumSizeHint().width() <= 800
    shortcuts = [action.shortcut().toString() for action in screen.actions()]
    assert all(shortcuts)
    assert len(set(shortcuts)) == len(shortcuts)
    assert (interaction.refusals, interaction.bugs) == ([], [])


def test_a_medicine_finds_the_rules_of_its_groups_too(qtbot: QtBot, desk_of: Desks) -> None:
    desk = desk_of(PIC)
    screen = opened(qtbot, desk, InteractionsScreen)
    find(qtbot, desk, screen, "sertraline linezolid")
    assert {row.rule for row in screen.table.rows()} == {"P01"}
    assert "sertraline" in words_on(screen)


def test_what_is_chosen_is_signed_from_the_keyboard(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    give_passwords(file_pharmacy, PIC)
    interaction = PlainInteraction(reason="current package insert")
    desk = desk_of(PIC, interaction)
    screen = opened(qtbot, desk, InteractionsScreen)
    find(qtbot, desk, screen, "P13")
    screen.table.setFocus()
    QTest.keyClick(screen.table, Qt.Key.Key_A, CTRL)
    screen.sign.trigger()
    done(qtbot, desk)

    assert interaction.said == ["1 rule signed."]
    assert [row.standing for row in screen.table.rows()] == ["signed by ZZTEST Pharmacist In Charge"]
    assert not screen.sign.isEnabled()
    assert "signed by" in screen.sign.whatsThis()


def test_a_rule_is_corrected_and_shows_what_it_said_before(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    interaction = PlainInteraction(reason="a new study")
    desk = desk_of(Role.PHARMACIST, interaction)
    screen = opened(qtbot, desk, InteractionsScreen)
    find(qtbot, desk, screen, "P13")
    screen.correct.trigger()
    done(qtbot, desk)
    assert screen.editor is not None
    advice = screen.editor.findChild(QPlainTextEdit, "advice")
    advice.setPlainText("another drug")
    screen.editor.save.click()
    done(qtbot, desk)

    assert interaction.refusals == []
    assert "Recall of knowledge" in interaction.said[0]
    (row,) = screen.table.rows()
    assert row.text.endswith(": another drug")
    assert "Before: HOLD: vancomycin with piperacillin-tazobactam" in words_on(screen)


def test_a_correction_that_was_kept_over_a_lock_still_knows_what_it_was_opened_at(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks
) -> None:
    interaction = PlainInteraction(reason="a new study")
    desk = desk_of(Role.PHARMACIST, interaction)
    screen = opened(qtbot, desk, InteractionsScreen)
    find(qtbot, desk, screen, "P13")
    screen.correct.trigger()
    done(qtbot, desk)
    screen.editor.findChild(QPlainTextEdit, "advice").setPlainText("another drug")
    kept = screen.editor.snapshot()
    screen.editor.cancelled.emit()

    screen.open_editor(kept["editor"])
    screen.editor.restore(kept)
    screen.editor.save.click()
    done(qtbot, desk)

    assert interaction.refusals == []
    assert screen.table.rows()[0].text.endswith(": another drug")


def test_a_rule_is_switched_off_and_on(qtbot: QtBot, desk_of: Desks) -> None:
    interaction = PlainInteraction(reason="noise")
    desk = desk_of(PIC, interaction)
    screen = opened(qtbot, desk, InteractionsScreen)
    find(qtbot, desk, screen, "P15")
    assert screen.off.isEnabled()
    assert not screen.on.isEnabled()
    screen.off.trigger()
    done(qtbot, desk)
    assert (interaction.refusals, interaction.bugs, interaction.said) == ([], [], ["P15 is off."])
    assert [row.standing for row in screen.table.rows()] == ["off"]
    assert not screen.correct.isEnabled()
    screen.on.trigger()
    done(qtbot, desk)
    assert [row.standing for row in screen.table.rows()] == ["unsigned"]
    assert interaction.said == ["P15 is off.", "P15 is on."]


def test_who_may_not_reads_why(qtbot: QtBot, desk_of: Desks) -> None:
    screen = opened(qtbot, desk_of(Role.TECHNICIAN), InteractionsScreen)
    for action in (screen.sign, screen.correct, screen.enter, screen.off):
        assert not action.isEnabled()
        assert "you need to be" in action.whatsThis()


def test_a_table_is_mapped_imported_enabled_compared_and_removed(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks, tmp_path: Path
) -> None:
    interaction = PlainInteraction(reason="a newer one comes")
    desk = desk_of(PIC, interaction)
    screen = opened(qtbot, desk, InteractionSetsScreen)
    (tmp_path / "county.csv").write_text(CSV)
    screen.import_file(tmp_path / "county.csv")
    settle(qtbot, desk)
    button(screen, "Read the table").click()
    settle(qtbot, desk)
    assert len(file_pharmacy.ask(service.layers_kept)) == 1  # the form names what is missing

    for name, typed in (("tag", "cty"), ("citation", "County hospital, 2025")):
        QTest.keyClicks(screen.findChild(QLineEdit, name), typed)
    for name, column in (("side_a", "first"), ("side_b", "second"), ("level", "how bad"), ("text", "words")):
        screen.findChild(QComboBox, name).setCurrentText(column)
    button(screen, "Read the table").click()
    settle(qtbot, desk)
    assert "1 name not in our list of medicines, matched as written: tyramin." in words_on(screen)
    button(screen, "Import").click()
    done(qtbot, desk)

    assert interaction.refusals == []
    assert [row.tag for row in screen.table.rows()] == ["", "CTY"]
    screen.table.choose(lambda row: row.tag == "CTY")
    screen.enable.trigger()
    done(qtbot, desk)
    assert [row.is_enabled for row in screen.table.rows()] == [True, True]
    screen.compare.trigger()
    done(qtbot, desk)
    table = screen.findChild(RowsTable, "") or next(one for one in screen.findChildren(RowsTable) if one is not screen.table)
    assert {("tyramin", "linezolid")} <= {(row.b, row.a) for row in table.rows()} | {(row.a, row.b) for row in table.rows()}
    button(screen, "Close the comparison").click()
    screen.remove.trigger()
    done(qtbot, desk)
    assert [row.tag for row in screen.table.rows()] == [""]


def test_a_set_that_cannot_be_read_says_so_and_keeps_nothing(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks, tmp_path: Path
) -> None:
    interaction = PlainInteraction()
    desk = desk_of(PIC, interaction)
    screen = opened(qtbot, desk, InteractionSetsScreen)
    (tmp_path / "list.xlsx").write_bytes(b"PK\x03\x04 broken")
    screen.import_file(tmp_path / "list.xlsx")
    settle(qtbot, desk)
    screen.import_file(tmp_path / "absent.csv")
    settle(qtbot, desk)
    assert len(interaction.refusals) == 2
    assert len(file_pharmacy.ask(service.layers_kept)) == 1


def recall_screen(desk: Desk) -> RecallScreen:
    return RecallScreen(desk, recall_lines, close_line)


def test_recall_opens_empty(qtbot: QtBot, desk_of: Desks) -> None:
    interaction = PlainInteraction()
    screen = opened(qtbot, desk_of(Role.PHARMACIST, interaction), recall_screen, 800)
    assert screen.table.rows() == []
    assert not screen.report.isEnabled()
    assert screen.minimumSizeHint().width() <= 800
    assert (interaction.refusals, interaction.bugs) == ([], [])


@pytest.mark.parametrize("begins_with", [a_stocked_clean_room])
def test_a_recall_is_closed_from_the_keyboard_and_printed(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks, begins_with: Recipe
) -> None:
    verified_beside(file_pharmacy, "warfarin")
    corrected(file_pharmacy, "P39", level="HOLD", advice="INR twice a week")
    interaction = PlainInteraction()
    desk = desk_of(Role.PHARMACIST, interaction)
    screen = opened(qtbot, desk, recall_screen)
    assert screen.page.head.remark.text() == "1 line open"
    assert screen.table.rows()[0].is_stricter
    papers: list[PaperShown] = []
    screen.paper_ready.connect(papers.append)

    screen.close_line.trigger()
    assert screen.editor is not None
    screen.findChild(QComboBox, "done").setCurrentText("patient or prescriber contacted")
    QTest.keyClicks(screen.findChild(QPlainTextEdit, "reason"), "prescriber adds an INR on Friday")
    screen.editor.save.click()
    done(qtbot, desk)

    assert interaction.said == ["Closed."]
    assert screen.table.rows() == []
    screen.scope.choose(1)
    screen.scope.chosen_changed.emit(1)
    assert [line.closing.by for line in screen.table.rows()] == ["ZZTEST Pharmacist"]
    screen.report.trigger()
    settle(qtbot, desk)
    said = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(papers[0].pdf)).pages).split())
    for words in (
        "P39, ceftriaxone with warfarin",
        "ZZTEST Alder, Marian",
        "prescriber adds an INR on Friday",
        "1 line, all closed",
    ):
        assert words in said
    assert "ZZTEST" not in papers[0].file_name


@pytest.mark.parametrize("begins_with", [a_stocked_clean_room])
def test_a_census_runs_in_parts_and_says_what_speaks(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks, begins_with: Recipe
) -> None:
    version_id = verified_beside(file_pharmacy, "warfarin")
    row = file_pharmacy.ask(queries.screening_at_verification, order_version_id=version_id)
    assert row is not None
    file_pharmacy.do(begin_intake, patient_id=row.patient_id)
    taken = {"patients.accept": "papers follow tomorrow"}
    file_pharmacy.do(accept_patient, patient_id=row.patient_id, reasons=taken)
    desk = desk_of(Role.PHARMACIST)
    screen = opened(qtbot, desk, lambda desk: CensusScreen(desk, patients_to_screen, screen_some))
    screen.start.trigger()
    done(qtbot, desk)

    assert [(one.rules, one.level) for one in screen.table.rows()] == [(("P39",), Level.WARN)]
    assert screen.page.head.remark.text() == "1 patient, 2 medicines"
    assert screen.start.isEnabled()
    assert not screen.stop.isEnabled()
    assert "Speaking most often" in words_on(screen)
    charts: list[object] = []
    screen.patient_chosen.connect(charts.append)
    screen.table.choose_first()
    screen.chart.trigger()
    assert charts == [row.patient_id]


def test_a_census_says_when_it_is_not_of_everybody(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    parts = iter([CensusPart(20, 40, knowledge=frozenset({"A"})), CensusPart(20, 40, knowledge=frozenset({"B"})), None])

    @query(Area.INTERACTIONS)
    def everybody(reading: Reading) -> Sequence[UUID]:
        return [UUID(int=number) for number in range(60)]

    @query(Area.INTERACTIONS)
    def some(reading: Reading, *, patient_ids: Sequence[UUID]) -> CensusPart:
        if (part := next(parts)) is None:
            raise Unavailable("The store does not answer.")
        return part

    desk = desk_of(Role.PHARMACIST)
    screen = opened(qtbot, desk, lambda desk: CensusScreen(desk, everybody, some))
    screen.start.trigger()
    done(qtbot, desk)

    assert screen.page.head.remark.text() == (
        "a part could not be read: 40 of 60; 40 patients, 80 medicines; the knowledge changed meanwhile, screen again"
    )
    assert screen.start.isEnabled()
    assert screen.table.empty.accessibleName() == "No alert among those screened"


@pytest.mark.parametrize("begins_with", [a_stocked_clean_room])
def test_a_rule_shows_what_became_of_the_promises_under_it(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks, begins_with: Recipe
) -> None:
    patient_id = a_patient(file_pharmacy)
    an_order(file_pharmacy, patient_id, "vancomycin")
    row = screened_with(file_pharmacy, patient_id, "piperacillin-tazobactam")
    alert = next(one for one in row.alerts if "P13" in one.rules)
    draft = AnswerDraft(Code.MONITORED, "creatinine every second day", awaited="lab:creatinine", owner="pharmacist")
    draft.due_on = date(2026, 3, 9)
    file_pharmacy.do(service.settle_alert, screening_id=row.id, key=alert.key, draft=draft)
    desk = desk_of(PIC)
    screen = opened(qtbot, desk, InteractionsScreen)
    find(qtbot, desk, screen, "P13")
    assert "1 open" in facts_on(screen)
    assert "1 of 1 times it held (100 %)" in facts_on(screen)


def test_a_limit_is_found_by_its_kind_corrected_and_cannot_be_switched_off(qtbot: QtBot, desk_of: Desks) -> None:
    interaction = PlainInteraction(reason="a new label")
    desk = desk_of(PIC, interaction)
    screen = opened(qtbot, desk, InteractionsScreen)
    screen.kind.choose([None, *RowKind].index(RowKind.LIMIT))
    settle(qtbot, desk)
    assert {row.kind for row in screen.table.rows()} == {RowKind.LIMIT}
    find(qtbot, desk, screen, "qtc")
    assert not screen.off.isEnabled()
    assert "cannot compare with a number that is not there" in screen.off.whatsThis()
    screen.correct.trigger()
    done(qtbot, desk)
    assert screen.editor is not None
    amount = screen.editor.findChild(QLineEdit, "amount")
    amount.selectAll()
    QTest.keyClicks(amount, "480")
    screen.editor.save.click()
    done(qtbot, desk)

    assert (interaction.refusals, interaction.bugs) == ([], [])
    (row,) = screen.table.rows()
    assert row.side_b == "480 ms"
    assert "QTc above which it counts as long: 500 ms" in words_on(screen)


def test_a_dose_range_is_entered_where_doses_are_looked_at(qtbot: QtBot, desk_of: Desks) -> None:
    interaction = PlainInteraction()
    desk = desk_of(Role.PHARMACIST, interaction)
    screen = opened(qtbot, desk, InteractionsScreen)
    assert button(screen, "Enter a pair")
    screen.kind.choose([None, *RowKind].index(RowKind.DOSE))
    settle(qtbot, desk)
    assert [row.side_a for row in screen.table.rows()] == ["milrinone", "alpha-1 proteinase inhibitor"]
    button(screen, "Enter a dose range").click()
    settle(qtbot, desk)
    typed = {"side_a": "ceftriaxone", "low": "1", "high": "2", "unit": "spoons"}
    for name, text in typed.items():
        QTest.keyClicks(screen.editor.findChild(QLineEdit, name), text)
    QTest.keyClicks(screen.editor.findChild(QPlainTextEdit, "source"), "ZZTEST label 2026")
    screen.editor.save.click()
    done(qtbot, desk)
    assert "Enter a unit" in facts_on(screen)
    unit = screen.editor.findChild(QLineEdit, "unit")
    unit.selectAll()
    QTest.keyClicks(unit, "g")
    screen.editor.save.click()
    done(qtbot, desk)

    assert (interaction.refusals, interaction.bugs, interaction.said) == ([], [], ["Entered, in force and unsigned."])
    assert [row.side_b for row in screen.table.rows()][-1] == "1 to 2 g per dose"

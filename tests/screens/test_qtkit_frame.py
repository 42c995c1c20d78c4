"""The frame, the list with its detail, the palette and the dialogs: by keyboard, narrow and wide."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from infusiondesk.foundation.qtkit.frame.dialogs import CoSignDialog, ReasonDialog, SignDialog, ask_reason
from infusiondesk.foundation.qtkit.frame.foot import StatusItem
from infusiondesk.foundation.qtkit.frame.frame import Frame
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.frame.palette import Answer, Found, Palette, matches
from infusiondesk.foundation.qtkit.frame.side_bar import Section
from infusiondesk.foundation.qtkit.parts.banner import BannerFacts
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.choice_list import ChoiceList
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.theme import apply_theme

NAMES = [
    "Today", "Intake", "Patients", "Pharmacy", "Compounding", "Clean room", "Stock", "Deliveries", "Labs", "Nursing", "Billing",
    "Quality", "Library", "Settings",
]  # fmt: skip


@pytest.fixture(autouse=True)
def themed(qapp: QApplication) -> Iterator[None]:
    """Everything is drawn in the light theme."""
    apply_theme(qapp, False)
    yield


def on_screen(qtbot: QtBot, widget: QWidget, width: int = 1280, height: int = 800) -> None:
    """Show a window and let it lay out."""
    qtbot.addWidget(widget)
    widget.resize(width, height)
    with qtbot.waitActive(widget, timeout=2000):
        widget.show()
        widget.activateWindow()
    QApplication.processEvents()


def a_frame(qtbot: QtBot, width: int = 1280) -> Frame:
    """A frame with every section."""
    frame = Frame([Section(name, rule=name == "Quality") for name in NAMES])
    frame.show_screen(Text("Today"))
    frame.show_person("ZZTEST Rowan", "Pharmacist")
    on_screen(qtbot, frame, width)
    return frame


def entry(frame: Frame, name: str) -> QWidget:
    """A section of the side bar."""
    found = frame.side.findChild(QWidget, name)
    assert isinstance(found, QWidget)
    return found


def test_sections_are_walked_and_opened_by_keyboard(qtbot: QtBot) -> None:
    frame = a_frame(qtbot)
    heard: list[str] = []
    frame.section_chosen.connect(heard.append)
    entry(frame, "Today").setFocus()
    QTest.keyClick(entry(frame, "Today"), Qt.Key.Key_Down)
    assert QApplication.focusWidget() is entry(frame, "Intake")
    assert heard == [], "walking opens nothing"
    QTest.keyClick(entry(frame, "Intake"), Qt.Key.Key_Return)
    QTest.mouseClick(entry(frame, "Labs"), Qt.MouseButton.LeftButton)
    assert heard == ["Intake", "Labs"]
    frame.set_count("Labs", 9, is_critical=True)
    assert entry(frame, "Labs").accessibleName() == "Labs, 9 waiting, something critical"


def test_tab_stops_once_at_the_side_bar(qtbot: QtBot) -> None:
    frame = a_frame(qtbot)
    frame.show_section("Stock")
    stops = [name for name in NAMES if entry(frame, name).focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert stops == ["Stock"]


@pytest.mark.parametrize(("width", "is_rail"), [(1440, False), (1001, False), (999, True), (720, True)])
def test_the_frame_fits_the_window_it_gets(qtbot: QtBot, width: int, is_rail: bool) -> None:
    frame = a_frame(qtbot, width)
    frame.show_demo(True)
    frame.show_status([StatusItem("Database connected"), StatusItem("Backup 24 Nov 2026 07:00"), StatusItem("HL7 stopped", "due")])
    frame.message.done("Order Rx 704118 verified and sent to compounding. Label queued.", "Resume", lambda: None)
    QApplication.processEvents()
    assert frame.width() == width, "nothing pushed the window wider"
    assert frame.side.is_rail() is is_rail
    assert frame.side.width() == (72 if is_rail else 196)


def test_demo_is_said_on_every_screen(qtbot: QtBot) -> None:
    frame = a_frame(qtbot)
    assert not frame.top.demo.isVisible()
    frame.show_demo(True)
    for screen in (Text("a"), Text("b")):
        frame.show_screen(screen)
        assert frame.top.demo.isVisible()
    assert frame.top.demo.accessibleName() == "Demonstration pharmacy, no real patients"


def test_the_keys_of_the_frame(qtbot: QtBot) -> None:
    frame = a_frame(qtbot)
    heard: list[str] = []
    frame.search_asked.connect(lambda words: heard.append(f"search {words}".strip()))
    frame.lock_asked.connect(lambda: heard.append("lock"))
    frame.help_asked.connect(lambda: heard.append("help"))
    QTest.keyClick(frame, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(frame, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(frame, Qt.Key.Key_F1)
    QTest.keyClick(frame.top.search, Qt.Key.Key_V)
    assert heard == ["search", "lock", "help", "search v"]


def test_screens_are_kept_until_forgotten(qtbot: QtBot) -> None:
    frame = a_frame(qtbot)
    one, two = Text("one"), Text("two")
    frame.show_screen(one)
    frame.show_screen(two)
    frame.show_screen(one)
    assert frame.screen_shown() is one
    frame.forget_screen(one)
    assert frame.screen_shown() is not one


def test_initials_and_small_person(qtbot: QtBot) -> None:
    frame = a_frame(qtbot)
    frame.show_person("ZZTEST Sorrel", "Biller")
    assert frame.top.person.initials() == "ZS"
    assert frame.top.person.accessibleName() == "Signed in: ZZTEST Sorrel, Biller"
    frame.show_person("", "")
    assert not frame.top.person.isVisible()


def test_many_roles_leave_the_room_to_the_search(qtbot: QtBot) -> None:
    frame = a_frame(qtbot)
    roles = "administrator, biller, dietitian, intake, nurse, pharmacist, pharmacist in charge and technician"
    frame.show_person("ZZTEST Demo", roles)
    QApplication.processEvents()
    assert frame.top.search.width() > 360
    assert frame.top.person.toolTip() == f"ZZTEST Demo, {roles}"
    assert frame.top.person.accessibleName() == f"Signed in: ZZTEST Demo, {roles}"


def test_the_station_gives_way_to_the_banner(qtbot: QtBot) -> None:
    frame = a_frame(qtbot)
    facts = BannerFacts("ZZTEST Fir", "1", "1 Jan 1970", "56 years", "male", "", "Active")
    frame.show_patient(facts)
    assert frame.banner.isVisible()
    assert frame.top.station.text() == ""
    frame.show_patient(None)
    assert frame.top.station.text() == "No patient open"


# List with detail -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A row."""

    id: int
    words: str


COLUMNS: Sequence[Column[Row]] = (Column("What", lambda row: row.words, stretch=1),)


def a_page(qtbot: QtBot, width: int) -> tuple[ListDetail, RowsTable[Row]]:
    """A page with two rows and a detail."""
    table: RowsTable[Row] = RowsTable(COLUMNS, name="Work")
    page = ListDetail("Work")
    page.set_list(table)
    page.set_foot_keys([("Enter", "open")])
    table.show_rows([Row(1, "one"), Row(2, "two")])
    page.show_detail(Text("detail"), Button("Verify", "primary"))
    on_screen(qtbot, page, width, 600)
    return page, table


def test_the_detail_stands_beside_the_list_where_there_is_room(qtbot: QtBot) -> None:
    page, _ = a_page(qtbot, 1244)
    assert page.detail_card.isVisible()
    assert page.detail_card.width() == 380
    assert page.list_card.geometry().right() < page.detail_card.geometry().left()


def test_the_detail_is_a_drawer_where_there_is_none(qtbot: QtBot) -> None:
    page, table = a_page(qtbot, 760)
    assert page.width() == 760
    assert not page.detail_card.isVisible()
    table.choose_first()
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert page.detail_card.isVisible()
    assert page.detail_card.geometry().right() <= page.list_card.geometry().right() + 1
    QTest.keyClick(table, Qt.Key.Key_Escape)
    assert not page.detail_card.isVisible()
    assert table.hasFocus()
    page.resize(1244, 600)
    QApplication.processEvents()
    assert page.detail_card.isVisible()


def test_nothing_chosen_shows_no_detail(qtbot: QtBot) -> None:
    page, _ = a_page(qtbot, 1244)
    page.show_detail(None)
    assert not page.detail_card.isVisible()
    page.show_detail(Text("again"))
    assert page.detail_card.isVisible()


# Palette ----------------------------------------------------------------------------------------------------------

FOUND = [
    Found("hand", "Hold vancomycin dose", "today 20:00", "hold", "For this patient", "hold"),
    Found("user", "ZZTEST Vance, Ora", "MRN 40-121-3", "vance", "Everywhere"),
    Found("package", "Lot VX2209", "41 on hand", "lot", "Everywhere"),
]


def a_palette(qtbot: QtBot, ask: Callable[[str, Answer], None]) -> tuple[Palette, list[object], QLineEdit]:
    """An open palette, what it chose, and its line."""
    palette = Palette(a_frame(qtbot), ask)
    chosen: list[object] = []
    palette.chosen.connect(chosen.append)
    palette.open()
    edit = palette.findChild(QLineEdit, "palette_words")
    assert isinstance(edit, QLineEdit)
    return palette, chosen, edit


def test_the_palette_finds_and_does(qtbot: QtBot) -> None:
    asked: list[str] = []

    def ask(words: str, then: Answer) -> None:
        asked.append(words)
        then([found for found in FOUND if words in found.title.casefold()])

    palette, chosen, edit = a_palette(qtbot, ask)
    QTest.keyClicks(edit, "va")
    assert asked == ["", "v", "va"]
    QTest.keyClick(edit, Qt.Key.Key_Down)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert chosen == ["vance"], "headings are stepped over"
    assert not palette.isVisible()


def test_an_answer_to_older_words_is_dropped(qtbot: QtBot) -> None:
    waiting: list[Answer] = []
    _, chosen, edit = a_palette(qtbot, lambda words, then: waiting.append(then))
    QTest.keyClicks(edit, "l")
    waiting[1](FOUND[2:])
    waiting[0](FOUND[:1])
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert chosen == ["lot"]


def test_the_palette_keeps_the_keyboard_and_goes_on_escape(qtbot: QtBot) -> None:
    palette, chosen, edit = a_palette(qtbot, lambda words, then: then(FOUND))
    beside: list[object] = []
    palette.chosen_beside.connect(beside.append)
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert edit.hasFocus()
    with qtbot.waitSignal(palette.closed, timeout=1000):
        QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert chosen == []
    palette.open("v")
    assert palette.words() == "v"
    QTest.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    assert (chosen, beside) == ([], ["hold"])


def test_matched_letters() -> None:
    assert matches("Hold vancomycin dose", "vanc") == [("Hold ", False), ("vanc", True), ("omycin dose", False)]
    assert matches("Lot VX", "zz") == [("Lot VX", False)]
    assert matches("STRAẞE", "ss")[0][1] is False, "folding that changes the length marks nothing"


# Dialogs ----------------------------------------------------------------------------------------------------------


def test_a_reason_is_picked_and_sent_with_the_keyboard_alone(qtbot: QtBot) -> None:
    dialog = ReasonDialog(None, "What was done?", ["Prescriber called", "Dose held"], person="ZZTEST Rowan")
    on_screen(qtbot, dialog, 480, 300)
    assert dialog.isModal()
    assert not dialog.accept_button.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Rejected
    choices = dialog.findChild(ChoiceList)
    assert isinstance(choices, ChoiceList)
    assert choices.hasFocus(), "the keyboard can answer at once"
    QTest.keyClick(choices, Qt.Key.Key_2)
    assert dialog.reason() == "Dose held"
    QTest.keyClick(choices, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted


def test_a_reason_in_own_words_needs_enough_of_them(qtbot: QtBot) -> None:
    dialog = ReasonDialog(None, "Why?", least_characters=5)
    on_screen(qtbot, dialog, 480, 200)
    edit = dialog.findChild(QLineEdit, "reason")
    assert isinstance(edit, QLineEdit)
    QTest.keyClicks(edit, "   no  ")
    assert dialog.accept_button.reason == "The reason needs at least 5 characters."
    QTest.keyClicks(edit, "  line")
    assert dialog.reason() == "no line"
    assert dialog.accept_button.isEnabled()


@pytest.mark.parametrize(("key", "answer"), [(Qt.Key.Key_Return, "Dose held"), (Qt.Key.Key_Escape, None)])
def test_asking_for_a_reason_stops_everything_until_answered(qtbot: QtBot, key: Qt.Key, answer: str | None) -> None:
    def person() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, ReasonDialog)
        choices = dialog.findChild(ChoiceList)
        assert isinstance(choices, ChoiceList)
        QTest.keyClick(choices, Qt.Key.Key_1)
        QTest.keyClick(dialog, key)

    QTimer.singleShot(50, person)
    assert ask_reason(None, "What was done?", ["Dose held"]) == answer


def test_a_wrong_password_is_said_in_one_sentence(qtbot: QtBot) -> None:
    tried: list[str] = []

    def verify(password: str, then: Callable[[str], None]) -> None:
        tried.append(password)
        then("" if password == "right" else "That is not the password. 4 tries are left.")

    dialog = SignDialog(None, subject="Rx 703902", meaning="I verified this order.", person="ZZTEST Rowan", verify=verify)
    on_screen(qtbot, dialog, 480, 260)
    edit = dialog.findChild(QLineEdit, "password")
    assert isinstance(edit, QLineEdit)
    assert edit.echoMode() == QLineEdit.EchoMode.Password
    assert edit.hasFocus()
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert dialog.trouble() == "Enter your password to sign."
    QTest.keyClicks(edit, "wrong")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert dialog.trouble() == "That is not the password. 4 tries are left."
    assert edit.selectedText() != "", "the next attempt overwrites the wrong one"
    QTest.keyClicks(edit, "right")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert tried == ["wrong", "right"]
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.password() == "right"


def test_while_the_password_is_checked_nothing_is_sent_twice(qtbot: QtBot) -> None:
    waiting: list[Callable[[str], None]] = []
    dialog = SignDialog(None, subject="x", meaning="y", person="z", verify=lambda password, then: waiting.append(then))
    on_screen(qtbot, dialog, 480, 260)
    edit = dialog.findChild(QLineEdit, "password")
    assert isinstance(edit, QLineEdit)
    QTest.keyClicks(edit, "right")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert len(waiting) == 1
    waiting[0]("")
    assert dialog.result() == QDialog.DialogCode.Accepted


def test_a_second_person_gives_name_and_password(qtbot: QtBot) -> None:
    tried: list[tuple[str, str]] = []

    def verify(name: str, password: str, then: Callable[[str], None]) -> None:
        tried.append((name, password))
        then("" if name == "aspen" else "The second person must be somebody else.")

    dialog = CoSignDialog(None, subject="Waste 2 mL", meaning="I saw the waste.", first_person="ZZTEST Birch", verify=verify)
    on_screen(qtbot, dialog, 480, 320)
    name, password = dialog.findChild(QLineEdit, "name"), dialog.findChild(QLineEdit, "password")
    assert isinstance(name, QLineEdit)
    assert isinstance(password, QLineEdit)
    QTest.keyClicks(name, "birch")
    QTest.keyClicks(password, "pw")
    QTest.keyClick(password, Qt.Key.Key_Return)
    assert dialog.trouble() == "The second person must be somebody else."
    assert password.text() == ""
    name.setText("aspen")
    QTest.keyClicks(password, "pw")
    QTest.keyClick(password, Qt.Key.Key_Return)
    assert tried == [("birch", "pw"), ("aspen", "pw")]
    assert (dialog.name(), dialog.password()) == ("aspen", "pw")

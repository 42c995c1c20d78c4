"""The painted parts: what they say, what their keys do, what a reader hears, and that nothing clinical drops out of sight."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from infusiondesk.foundation.qtkit.parts.actions import ActionColumn
from infusiondesk.foundation.qtkit.parts.alert import AlertInline
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, clear, down, holding
from infusiondesk.foundation.qtkit.parts.banner import NOT_RECORDED, AllergyFact, Banner, BannerFacts
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.card import Card
from infusiondesk.foundation.qtkit.parts.choice import SegmentedChoice
from infusiondesk.foundation.qtkit.parts.choice_list import ChoiceList
from infusiondesk.foundation.qtkit.parts.day_grid import DayCell, DayGrid, DayRow, Letter
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.icon_button import IconButton
from infusiondesk.foundation.qtkit.parts.message_bar import MessageBar
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.quantity import QuantityField
from infusiondesk.foundation.qtkit.parts.scan import SEPARATOR, ScanField
from infusiondesk.foundation.qtkit.parts.scan_guard import ScanGuard
from infusiondesk.foundation.qtkit.parts.signature import SignatureBox
from infusiondesk.foundation.qtkit.parts.steps import Step, StepList
from infusiondesk.foundation.qtkit.parts.tabs import Tabs
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.foundation.qtkit.parts.tick import Tick
from infusiondesk.foundation.qtkit.parts.why import Limit, Why, WhyPanel
from infusiondesk.foundation.qtkit.theme import apply_theme

LEFT, RIGHT, UP, DOWN = Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down


@pytest.fixture(autouse=True)
def themed(qapp: QApplication) -> Iterator[None]:
    """Every part is drawn in the light theme."""
    apply_theme(qapp, False)
    yield


def on_screen(qtbot: QtBot, widget: QWidget, width: int = 500, height: int = 300) -> None:
    """Show a part and draw it once."""
    qtbot.addWidget(widget)
    widget.resize(width, height)
    with qtbot.waitActive(widget, timeout=2000):
        widget.show()
        widget.activateWindow()
    QApplication.processEvents()


# Buttons ----------------------------------------------------------------------------------------------------------


def test_a_button_is_pressed_by_mouse_enter_space_and_its_key(qtbot: QtBot) -> None:
    holder = QWidget()
    holder.setLayout(down(Button("Other"), button := Button("Verify", "primary", icon="check", key="Ctrl+Enter"), STRETCH))
    on_screen(qtbot, holder)
    heard: list[bool] = []
    button.clicked.connect(lambda: heard.append(True))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QTest.keyClick(button, Qt.Key.Key_Return)
    QTest.keyClick(button, Qt.Key.Key_Space)
    QTest.keyClick(holder, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(heard) == 4
    assert button.accessibleName() == "Verify"
    assert button.accessibleDescription() == "Key Ctrl+Enter"


def test_a_forbidden_button_says_why_and_its_column_shows_it(qtbot: QtBot) -> None:
    button = Button("Sign and finish", "primary")
    column = ActionColumn(button, Button("Hold"), Button("Open"))
    on_screen(qtbot, column)
    before = column.sizeHint().height()
    button.forbid("2 red items to settle before signing.")
    assert not button.isEnabled()
    assert button.toolTip() == button.accessibleDescription() == "2 red items to settle before signing."
    told = [text.text() for text in column.findChildren(Text) if text.isVisible()]
    assert told == ["2 red items to settle before signing."]
    assert column.sizeHint().height() > before
    button.allow()
    assert button.isEnabled()
    assert [text for text in column.findChildren(Text) if text.isVisible()] == []


def test_two_buttons_stand_beside_each_other_only_where_both_fit(qtbot: QtBot) -> None:
    pair = [Button("Hold next dose", "danger_outline", icon="hand", cap="H"), Button("Open chart", cap="O")]
    column = ActionColumn(Button("Review", "primary"), *pair)
    on_screen(qtbot, column, 400, 140)
    assert pair[0].y() == pair[1].y()
    column.resize(270, 180)
    QApplication.processEvents()
    assert pair[0].y() < pair[1].y()
    assert all(button.width() >= button.sizeHint().width() for button in pair)


def test_a_button_follows_its_action(qtbot: QtBot) -> None:
    holder = QWidget()
    action = QAction("Hold dose", holder)
    action.setShortcut("Ctrl+H")
    heard: list[bool] = []
    action.triggered.connect(lambda: heard.append(True))
    button = Button.for_action(action, "danger_outline", icon="hand")
    holder.setLayout(down(button))
    on_screen(qtbot, holder)
    assert button.accessibleDescription() == "Key Ctrl+H"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert heard == [True]
    action.setWhatsThis("You have no permission to hold orders.")
    action.setEnabled(False)
    assert not button.isEnabled()
    assert button.reason == "You have no permission to hold orders."
    action.setText("Resume dose")
    assert button.text() == "Resume dose"


def test_an_icon_button_has_a_word(qtbot: QtBot) -> None:
    bell = IconButton("bell", "What is new", key="Ctrl+B")
    on_screen(qtbot, bell)
    bell.show_dot(True, "3 new")
    assert (bell.accessibleName(), bell.accessibleDescription()) == ("What is new", "3 new")
    assert "Ctrl+B" in bell.toolTip()


# Text -------------------------------------------------------------------------------------------------------------


def test_text_never_pushes_a_window_wider_unless_it_is_a_dose(qtbot: QtBot) -> None:
    words = "a very long sentence that somebody typed without thinking about windows"
    assert Text(words).minimumSizeHint().width() <= 24
    assert Text(words, keeps=True).minimumSizeHint().width() > 300
    title = SectionTitle(words, words)
    qtbot.addWidget(title)
    assert title.minimumSizeHint().width() < 100


def test_cut_text_offers_the_whole_and_names_are_plain(qtbot: QtBot) -> None:
    text = Text("<b>ZZTEST</b> Alder, Marian")
    on_screen(qtbot, text, 60, 20)
    assert text.toolTip() == "<b>ZZTEST</b> Alder, Marian"
    assert text.textFormat() == Qt.TextFormat.PlainText
    text.resize(400, 20)
    assert text.toolTip() == ""


def test_facts_say_what_is_not_recorded(qtbot: QtBot) -> None:
    facts = FactList([Fact("Payer", "Blue Plan PPO"), ("Prescriber", "")])
    on_screen(qtbot, facts)
    assert facts.accessibleDescription() == "Payer: Blue Plan PPO. Prescriber: not recorded"
    facts.show_facts([("Payer", "Medicare")])
    QApplication.processEvents()
    assert facts.accessibleDescription() == "Payer: Medicare"


def test_a_layout_can_be_emptied(qtbot: QtBot) -> None:
    inner = across(Text("a"), STRETCH, 8, (Text("b"), 1))
    holder = holding(down(inner, Card("c")))
    qtbot.addWidget(holder)
    layout = holder.layout()
    assert layout is not None
    clear(layout)
    assert layout.count() == 0


def test_a_pill_without_words_is_not_there(qtbot: QtBot) -> None:
    pill = Pill("Active", "done")
    on_screen(qtbot, pill)
    wide = pill.sizeHint().width()
    pill.say("Discharged to hospital", "hosp")
    assert pill.sizeHint().width() > wide
    pill.say("")
    assert not pill.isVisible()


# Choices ----------------------------------------------------------------------------------------------------------


def test_a_choice_is_unanswered_until_somebody_answers(qtbot: QtBot) -> None:
    choice = SegmentedChoice("Blood return, lumen 2", ["Brisk", "Sluggish", "None"])
    on_screen(qtbot, choice, 300, 36)
    assert choice.chosen() is None
    assert choice.accessibleDescription().startswith("not answered yet")
    heard: list[int] = []
    choice.chosen_changed.connect(heard.append)
    QTest.keyClick(choice, RIGHT)
    QTest.keyClick(choice, RIGHT)
    QTest.keyClick(choice, LEFT)
    QTest.keyClick(choice, Qt.Key.Key_3)
    QTest.mouseClick(choice, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(20, 18))
    assert heard == [0, 1, 0, 2, 0]
    assert choice.accessibleDescription().startswith("Brisk is chosen")


def test_a_forbidden_answer_cannot_be_chosen(qtbot: QtBot) -> None:
    choice = SegmentedChoice("Dressing", ["Intact", "Loose", "Wet"], chosen=0)
    on_screen(qtbot, choice, 300, 36)
    choice.forbid(1)
    QTest.keyClick(choice, RIGHT)
    assert choice.chosen() == 2
    choice.choose(1)
    assert choice.chosen() == 2


def test_every_answer_has_room_for_its_words(qtbot: QtBot) -> None:
    choice = SegmentedChoice("Site", ["A", "Right basilic vein, upper arm"])
    on_screen(qtbot, choice, choice.minimumSizeHint().width(), 36)
    assert choice.width() <= 280


def test_reasons_are_picked_by_number(qtbot: QtBot) -> None:
    reasons = ChoiceList("Reason", ["Patient asked", "Prescriber asked"])
    on_screen(qtbot, reasons, 300, 70)
    QTest.keyClick(reasons, Qt.Key.Key_2)
    assert reasons.chosen() == 1
    QTest.keyClick(reasons, UP)
    assert reasons.chosen() == 0
    QTest.keyClick(reasons, Qt.Key.Key_7)
    assert reasons.chosen() == 0


def test_a_tick_is_ticked_on_its_words(qtbot: QtBot) -> None:
    tick = Tick("Draws labs at the visit")
    on_screen(qtbot, tick, 200, 28)
    QTest.mouseClick(tick, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(120, 14))
    assert tick.isChecked()


def test_tabs_show_counts_and_put_the_rest_into_a_menu(qtbot: QtBot) -> None:
    tabs = Tabs("Chart", ["Overview", "Assessment", "Care plan", "Orders", "Labs and trends", "History"])
    on_screen(qtbot, tabs, 330, 38)
    tabs.set_count("Labs and trends", 2)
    heard: list[str] = []
    tabs.chosen_changed.connect(heard.append)
    tabs.choose("History")
    shown, hidden = tabs._areas()
    assert "History" in [words for words, _ in shown], "the current tab is never in the menu"
    assert hidden
    assert all(area.right() <= 330 for _, area in shown)
    QTest.keyClick(tabs, LEFT)
    assert heard == ["History", "Labs and trends"]
    assert "Labs and trends 2 waiting" in tabs.accessibleDescription()


# Messages ---------------------------------------------------------------------------------------------------------


def test_red_stays_until_it_was_read(qtbot: QtBot) -> None:
    bar = MessageBar()
    on_screen(qtbot, bar, 600, 32)
    bar.danger("Not saved: the order changed at 08:30. Your text is kept.")
    bar.done("Label queued.")
    assert (bar.tone(), bar.sentence()) == ("danger", "Not saved: the order changed at 08:30. Your text is kept.")
    bar.setFocus()
    QTest.keyClick(bar, Qt.Key.Key_Return)
    assert (bar.tone(), bar.sentence()) == ("done", "Label queued."), "what came meanwhile is not lost"
    bar.clear()
    assert bar.sentence() == ""


def test_the_action_of_a_message_is_one_press(qtbot: QtBot) -> None:
    bar = MessageBar(framed=True)
    on_screen(qtbot, bar, 600, 32)
    heard: list[str] = []
    bar.progress("Importing, row 4,120 of 9,800", 0.42, lambda: heard.append("cancel"))
    spot = bar._action_area().center().toPoint()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
    bar.due("Server lost 08:31. 2 drafts are safe.", "Retry", lambda: heard.append("retry"))
    QTest.keyClick(bar, Qt.Key.Key_Space)
    assert heard == ["cancel", "retry"]
    assert bar.accessibleDescription() == "Server lost 08:31. 2 drafts are safe. Retry"


def test_an_alert_is_answered_where_it_stands(qtbot: QtBot) -> None:
    alert = AlertInline("Fever with a central line", "Chills, or fever after a flush?", answers=["Yes", "No"])
    on_screen(qtbot, alert, 500, 70)
    heard: list[int] = []
    alert.answered.connect(heard.append)
    QTest.mouseClick(alert.buttons[1], Qt.MouseButton.LeftButton)
    alert.settle("No, ZZTEST Hazel 09:42")
    assert heard == [1]
    assert alert.is_settled()
    assert not alert.buttons[0].isVisible()
    assert alert.accessibleDescription() == "No, ZZTEST Hazel 09:42"


def test_an_empty_place_offers_the_first_action(qtbot: QtBot) -> None:
    empty = EmptyState("tray", "No referrals", "They appear here by themselves.", "Add a referral")
    on_screen(qtbot, empty)
    with qtbot.waitSignal(empty.asked, timeout=1000):
        QTest.mouseClick(empty.findChildren(Button)[0], Qt.MouseButton.LeftButton)
    empty.show_loading()
    assert not empty.findChildren(Button)[0].isVisible()
    empty.show_failed("The database did not answer. Nothing is lost.")
    assert empty.accessibleName() == "Could not be read"


# Why --------------------------------------------------------------------------------------------------------------


def test_why_tells_everything_to_a_reader_too(qtbot: QtBot) -> None:
    panel = WhyPanel("Beyond-use date, why?")
    on_screen(qtbot, panel, 324, 400)
    panel.show_why(
        Why(
            "4 Dec 2026 09:05",
            "The earliest limit wins.",
            inputs=[("Storage", "refrigerator")],
            limits=[
                Limit("Category 2 limit", "4 Dec 2026", "no test", 0.5, wins=True),
                Limit("Stability", "8 Dec 2026", share=0.7),
            ],
            rule="USP 797",
            signed="3 Aug 2026 by ZZTEST Rowan",
            stale="The row is older than its review date.",
        )
    )
    QApplication.processEvents()
    told = panel.accessibleDescription()
    for part in (
        "4 Dec 2026 09:05",
        "The earliest limit wins",
        "Storage: refrigerator",
        "this one decides",
        "Rule USP 797",
        "older than",
    ):
        assert part in told


def test_why_without_an_answer_says_unknown(qtbot: QtBot) -> None:
    panel = WhyPanel()
    on_screen(qtbot, panel, 324, 300)
    panel.show_why(Why("", "No limit on file: no date."))
    assert panel.accessibleDescription() == "Unknown. No limit on file: no date."
    panel.show_nothing("Choose a row.")
    assert panel.accessibleDescription() == "Choose a row."


def test_a_long_why_does_not_make_the_window_higher(qtbot: QtBot) -> None:
    panel = WhyPanel()
    on_screen(qtbot, panel, 324, 240)
    panel.show_why(Why("Held", "x", limits=[Limit(f"Limit {number}", "1 Dec 2026", share=0.5) for number in range(20)]))
    QApplication.processEvents()
    assert panel.minimumSizeHint().height() < 260


# Scanning ---------------------------------------------------------------------------------------------------------


def test_a_scan_is_told_from_typing(qtbot: QtBot) -> None:
    scan = ScanField("Scan the next item")
    on_screen(qtbot, scan, 400, 80)
    scan.setFocus()
    heard: list[tuple[str, bool]] = []
    scan.scanned.connect(lambda code: heard.append((code, scan.was_typed())))
    edit = scan.findChild(QLineEdit, "scan")
    assert isinstance(edit, QLineEdit)
    QTest.keyClicks(edit, "0100300001250142")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    QTest.keyClicks(edit, "TS88", Qt.KeyboardModifier.NoModifier, 60)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert heard == [("0100300001250142", False), ("TS88", True)]


def test_the_separator_inside_a_gs1_code_is_not_lost(qtbot: QtBot) -> None:
    scan = ScanField("Scan")
    on_screen(qtbot, scan, 400, 80)
    scan.setFocus()
    edit = scan.findChild(QLineEdit, "scan")
    assert isinstance(edit, QLineEdit)
    heard: list[str] = []
    scan.scanned.connect(heard.append)
    QTest.keyClicks(edit, "10VX2209")
    QTest.keyClick(edit, Qt.Key.Key_BracketRight, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(edit, "17270831")
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert heard == [f"10VX2209{SEPARATOR}17270831"]
    assert edit.text() == ""


def test_a_scan_field_says_how_it_stands(qtbot: QtBot) -> None:
    other = QLineEdit()
    scan = ScanField("Scan the next item")
    holder = holding(down(scan, other))
    on_screen(qtbot, holder, 400, 160)
    other.setFocus()
    assert scan.state() == "asleep"
    scan.setFocus()
    assert scan.state() == "ready"
    scan.show_matched("sterile water for injection", "lot 4F1187")
    assert scan.state() == "matched"
    scan.show_refused("0.45% sodium chloride", "Not in this batch. Set it aside.")
    assert scan.accessibleDescription() == "0.45% sodium chloride, Not in this batch. Set it aside."
    scan.show_ready()
    assert scan.state() == "ready"


# Steps and signatures ---------------------------------------------------------------------------------------------


def test_only_steps_that_were_reached_open(qtbot: QtBot) -> None:
    steps = StepList("Worksheet")
    on_screen(qtbot, steps, 216, 300)
    steps.show_steps([Step("Garb", "08:58", "done"), Step("Scan", "", "current"), Step("Confirm")])
    heard: list[int] = []
    steps.opened.connect(heard.append)
    QTest.keyClick(steps, Qt.Key.Key_Return)
    QTest.keyClick(steps, DOWN)
    QTest.keyClick(steps, Qt.Key.Key_Return)
    QTest.keyClick(steps, UP)
    QTest.keyClick(steps, UP)
    QTest.keyClick(steps, Qt.Key.Key_Return)
    assert heard == [1, 0]
    assert "2. Scan, current" in steps.accessibleDescription()


def test_a_number_stays_with_its_unit_where_a_text_breaks(qtbot: QtBot) -> None:
    words = "immune globulin 40 g IV weekly"
    label = Text(words, wraps=True)
    qtbot.addWidget(label)
    assert label.text() == words, "whoever reads the words finds them as they were said"
    assert "40\N{NO-BREAK SPACE}g" in super(Text, label).text()


def test_where_steps_are_narrow_their_words_break_and_the_click_still_finds_them(qtbot: QtBot) -> None:
    wide, narrow = StepList("Wide"), StepList("Narrow")
    for steps, width in ((wide, 216), (narrow, 120)):
        on_screen(qtbot, steps, width, 300)
        steps.show_steps([Step("Inspect, count, sign", "7 good bags", "done"), Step("Release", "", "current")])
    assert narrow.current()[0] > wide.current()[0]
    with qtbot.waitSignal(narrow.opened, timeout=1000) as heard:
        at = QPoint(60, narrow.current()[0] - 8)
        QTest.mouseClick(narrow, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert heard.args == [0]


def test_sections_of_a_note_open_in_any_order(qtbot: QtBot) -> None:
    steps = StepList("Visit note", free=True)
    on_screen(qtbot, steps, 236, 200)
    steps.show_steps([Step("Vital signs", "complete", "done", share=1), Step("Pump", "not started", "todo", share=0)])
    with qtbot.waitSignal(steps.opened, timeout=1000) as heard:
        QTest.mouseClick(steps, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(60, 80))
    assert heard.args == [1]


def test_a_signature_is_asked_for_only_while_it_is_open(qtbot: QtBot) -> None:
    box = SignatureBox("Nurse, signs last", "ZZTEST Hazel, RN")
    on_screen(qtbot, box, 256, 120)
    heard: list[bool] = []
    box.asked.connect(lambda: heard.append(True))
    box.lock("Opens when the red items are settled")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert heard == []
    assert box.accessibleDescription() == "Opens when the red items are settled"
    box.open()
    QTest.keyClick(box, Qt.Key.Key_Return)
    box.show_signed("ZZTEST Hazel, RN, 27 Nov 2026 10:20")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert heard == [True]
    assert box.accessibleDescription().startswith("signed by ZZTEST Hazel")


def test_a_hand_signature_is_kept_as_points(qtbot: QtBot) -> None:
    box = SignatureBox("Patient or caregiver", by_hand=True)
    on_screen(qtbot, box, 256, 120)
    with qtbot.waitSignal(box.drawn, timeout=1000):
        QTest.mousePress(box, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(64, 55))
        QTest.mouseRelease(box, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(64, 55))
    assert box.strokes() == (((0.25, 0.5),),)
    box.refuse("hand in a splint")
    assert box.strokes() == ()
    assert box.accessibleDescription() == "not signed: hand in a splint"


# Day grid ---------------------------------------------------------------------------------------------------------


def cells(days: str) -> tuple[DayCell, ...]:
    """Cells from letters."""
    known: dict[str, Letter] = {"B": "B", "H": "H", "I": "I", "N": "N", "P": "P"}
    return tuple(DayCell(known.get(sign, "")) for sign in days)


@pytest.mark.parametrize("count", [28, 30, 31])
@pytest.mark.parametrize("width", [760, 1010, 1240])
def test_a_month_fits_or_scrolls(qtbot: QtBot, count: int, width: int) -> None:
    grid = DayGrid("Day ledger")
    on_screen(qtbot, grid, width, 240)
    grid.show_days(date(2026, 11, 1), [DayRow("vancomycin 1,250 mg every 12 hours", "S9501", cells("B" * count), str(count))])
    QApplication.processEvents()
    used = sum(grid.columnWidth(place) for place in range(count + 2))
    assert used <= grid.viewport().width() or grid.horizontalScrollBar().maximum() > 0
    assert min(grid.columnWidth(place) for place in range(1, count + 1)) >= 18


def test_arrow_keys_walk_the_days_and_stay_in_them(qtbot: QtBot) -> None:
    grid = DayGrid("Day ledger")
    on_screen(qtbot, grid, 1200, 240)
    rows = [DayRow("vancomycin", "S9501", cells("BHI"), "1"), DayRow("Nursing visit", "99601", cells("N.P"), "0")]
    grid.show_days(date(2026, 11, 1), rows, today=date(2026, 11, 2))
    heard: list[tuple[int, int]] = []
    opened: list[tuple[int, int]] = []
    grid.cell_chosen.connect(lambda row, day: heard.append((row, day)))
    grid.cell_opened.connect(lambda row, day: opened.append((row, day)))
    for key in (RIGHT, RIGHT, RIGHT, RIGHT, DOWN, LEFT, LEFT, LEFT):
        QTest.keyClick(grid, key)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    assert heard == [(0, 0), (0, 1), (0, 2), (1, 2), (1, 1), (1, 0)]
    assert opened == [(1, 0)]
    said = grid.day_model.index(0, 2).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "vancomycin, 2 Nov: held"


def test_the_chosen_day_stays_across_a_reload(qtbot: QtBot) -> None:
    grid = DayGrid("Day ledger")
    on_screen(qtbot, grid, 1200, 240)
    grid.show_days(date(2026, 11, 1), [DayRow("a", "", cells("BBB"))])
    grid.choose(0, 2)
    grid.show_days(date(2026, 11, 1), [DayRow("a", "", cells("BBH"))])
    assert grid.chosen() == (0, 2)
    grid.show_days(date(2026, 11, 1), [DayRow("a", "", cells("B"))])
    assert grid.chosen() is None


# Quantities -------------------------------------------------------------------------------------------------------


def test_a_quantity_reads_its_own_and_the_other_unit(qtbot: QtBot) -> None:
    weight = QuantityField("Weight", "kg", places=1, also="lb")
    on_screen(qtbot, weight, 220, 80)
    weight.setFocus()
    edit = weight.findChildren(QLineEdit)[0]
    with qtbot.waitSignal(weight.changed, timeout=1000):
        QTest.keyClicks(edit, "157 lb")
    assert weight.value() == Decimal("71.2")
    edit.clear()
    QTest.keyClicks(edit, "heavy")
    assert weight.value() is None
    assert not weight.is_readable()
    assert weight.typed() == "heavy"
    weight.show_value(Decimal("71.40"))
    assert weight.typed() == "71.4"


def test_steps_of_a_quantity(qtbot: QtBot) -> None:
    length = QuantityField("External length", "cm", places=1, step=Decimal("0.5"), tablet=True)
    on_screen(qtbot, length, 300, 100)
    edit = length.findChildren(QLineEdit)[0]
    length.setFocus()
    QTest.keyClick(edit, UP)
    QTest.keyClick(edit, UP)
    QTest.mouseClick(length, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(280, 50))
    assert length.value() == Decimal("1.5")
    for _ in range(9):
        QTest.keyClick(edit, DOWN)
    assert length.value() == 0


def test_a_long_remark_takes_the_lines_it_needs(qtbot: QtBot) -> None:
    weight = QuantityField("Weight", "kg", places=1)
    on_screen(qtbot, weight, 150, 120)
    before = weight.minimumHeight()
    weight.warn("7.3% below the last weight, measured 21 Nov 2026")
    assert weight.minimumHeight() > before


# Banner -----------------------------------------------------------------------------------------------------------

FACTS = BannerFacts(
    name="ZZTEST Alder, Marian", mrn="40-118-7", born="14 Mar 1964", age="62 years", sex="female", weight="71.4 kg (157 lb)",
    status="Active", allergies=(AllergyFact("Penicillin, hives"),), emergency_class="Emergency class 2", code_status="Full code",
    access="PICC, right basilic, 2 lumens, tip at cavoatrial junction (chest X-ray, 1 Nov)", therapy="vancomycin, day 23 of 42",
    payer="Blue Plan PPO", authorization="ended 22 Nov 2026", authorization_tone="due",
)  # fmt: skip


@pytest.mark.parametrize("width", [480, 720, 1000, 1244])
@pytest.mark.parametrize("allergies", [0, 1, 14])
def test_nothing_of_the_banner_is_out_of_sight(qtbot: QtBot, width: int, allergies: int) -> None:
    many = tuple(
        AllergyFact(f"Allergy number {number}: hives, swelling of the throat and a long story") for number in range(allergies)
    )
    banner = Banner()
    on_screen(qtbot, banner, width, 92)
    banner.show_patient(BannerFacts(**{**vars(FACTS), "allergies": many}))
    QApplication.processEvents()
    areas = [placed.area for placed in banner._placed]
    assert all(area.left() >= 0 and area.right() <= width for area in areas)
    assert all(area.bottom() <= banner.height() for area in areas)
    assert not any(one.intersects(other) for place, one in enumerate(areas) for other in areas[place + 1 :])


def test_missing_allergies_stop_and_none_known_is_a_fact(qtbot: QtBot) -> None:
    banner = Banner()
    on_screen(qtbot, banner, 1200, 92)
    banner.show_patient(BannerFacts(**{**vars(FACTS), "allergies": ()}))
    assert NOT_RECORDED in banner.accessibleDescription()
    known = AllergyFact("No known allergies, confirmed 21 Nov 2026", "done")
    banner.show_patient(BannerFacts(**{**vars(FACTS), "allergies": (known,)}))
    assert NOT_RECORDED not in banner.accessibleDescription()
    banner.show_patient(None)
    assert not banner.isVisible()
    assert banner.facts() is None


def test_the_banner_is_as_high_as_drawn(qtbot: QtBot) -> None:
    banner = Banner()
    on_screen(qtbot, banner, 1244, 92)
    banner.show_patient(FACTS)
    assert banner.sizeHint() == QSize(800, 92)


@pytest.mark.parametrize("make", [QLineEdit, QPlainTextEdit])
def test_a_scan_never_ends_up_in_a_note(qtbot: QtBot, qapp: QApplication, make: type[QLineEdit | QPlainTextEdit]) -> None:
    note = make()
    on_screen(qtbot, note)
    guard = ScanGuard(qapp)
    heard: list[str] = []
    guard.scanned.connect(heard.append)
    note.clearFocus()
    note.setFocus()
    QTest.keyClicks(note, "seen ", Qt.KeyboardModifier.NoModifier, 50)
    QTest.qWait(60)
    QTest.keyClicks(note, "0100300001250142")
    QTest.keyClick(note, Qt.Key.Key_Return)
    assert heard == ["0100300001250142"]
    left = note.text() if isinstance(note, QLineEdit) else note.toPlainText()
    assert left == "seen "
    QTest.keyClicks(note, "typed by a hand", Qt.KeyboardModifier.NoModifier, 45)
    QTest.keyClick(note, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, 45)
    left = note.text() if isinstance(note, QLineEdit) else note.toPlainText()
    assert left.strip() == "seen typed by a hand"
    assert len(heard) == 1
    guard.deleteLater()

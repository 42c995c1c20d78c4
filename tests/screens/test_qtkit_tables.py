"""Lists: the one model under Qt's own tester, order compared in Python, the chosen row across reloads, nothing clipped."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from infusiondesk.foundation.qtkit.fonts import width_of
from infusiondesk.foundation.qtkit.tables import SORT_ROLE, Column, RowsModel, RowsTable
from infusiondesk.foundation.qtkit.theme import apply_theme


@pytest.fixture(autouse=True)
def themed(qapp: QApplication) -> Iterator[None]:
    """Every list is drawn in the light theme."""
    apply_theme(qapp, False)
    yield


@dataclass(frozen=True)
class Lab:
    """A result."""

    id: int
    test: str
    value: Decimal | None
    patient: str = "ZZTEST Alder, Marian"
    because: str = "Above the critical limit of 25 mg/L. Call the prescriber within 60 minutes of receipt."
    is_done: bool = False


LABS = [
    Lab(1, "Vancomycin trough", Decimal("27.4")), Lab(2, "Potassium", Decimal("2.7")), Lab(3, "Platelets", Decimal(164)),
    Lab(4, "Culture", None), Lab(5, "Creatinine", Decimal("9.0")),
]  # fmt: skip

PLAIN: Sequence[Column[Lab]] = (
    Column("Test", lambda row: row.test, strong=True, stretch=1),
    Column("Result", lambda row: str(row.value or ""), sort=lambda row: row.value, right=True),
    Column("Patient", lambda row: row.patient),
)
TALL: Sequence[Column[Lab]] = (
    Column("", lambda row: "", tone=lambda row: "danger", shape=True, width=40),
    Column("Test", lambda row: row.test, second=lambda row: row.patient, strong=True, stretch=1),
    Column("Why it is here", lambda row: row.because, wraps=True, stretch=1),
    Column("Usual action", lambda row: "Review lab", right=True, quiet=True, key="Space"),
)


def shown(qtbot: QtBot, columns: Sequence[Column[Lab]] = PLAIN, width: int = 640, **more: object) -> RowsTable[Lab]:
    """A table on screen with the labs."""
    table: RowsTable[Lab] = RowsTable(columns, name="Labs", **more)  # type: ignore[arg-type]  # options of the test
    qtbot.addWidget(table)
    table.resize(width, 420)
    table.show_rows(LABS)
    table.show()
    QApplication.processEvents()
    return table


def test_the_model_keeps_qts_rules(qtbot: QtBot) -> None:
    model: RowsModel[Lab] = RowsModel(PLAIN)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.show_rows(LABS)
    model.sort(1)
    model.narrow("platelets")
    model.narrow("")
    model.sort(-1)
    model.show_rows([])
    model.show_rows(LABS[:1])
    assert tester.model() is model
    assert model.rowCount() == 1


def test_a_column_can_be_built_with_its_row_named() -> None:
    column = Column[Lab]("Test", lambda row: row.test)
    assert column.text(LABS[0]) == "Vancomycin trough"


def test_decimals_are_ordered_as_numbers_and_the_missing_come_last(qtbot: QtBot) -> None:
    model: RowsModel[Lab] = RowsModel(PLAIN)
    model.show_rows(LABS)
    model.sort(1, Qt.SortOrder.AscendingOrder)
    assert [row.id for row in model.rows()] == [2, 5, 1, 3, 4]
    assert model.index(0, 1).data(SORT_ROLE) == Decimal("2.7")
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert [row.id for row in model.rows()] == [3, 1, 5, 2, 4]
    model.sort(-1)
    assert [row.id for row in model.rows()] == [1, 2, 3, 4, 5]


def test_a_header_orders_up_then_down_then_best_first(qtbot: QtBot) -> None:
    table = shown(qtbot)
    seen = []
    for _ in range(3):
        table.horizontalHeader().sectionClicked.emit(1)
        seen.append([row.id for row in table.rows()])
    assert seen == [[2, 5, 1, 3, 4], [3, 1, 5, 2, 4], [1, 2, 3, 4, 5]]


def test_the_chosen_row_stays_chosen_by_its_key(qtbot: QtBot) -> None:
    table = shown(qtbot)
    assert table.choose(lambda row: row.id == 3)
    table.show_rows([replace(LABS[2], test="Platelets, repeated"), *LABS[:2]])
    chosen = table.chosen()
    assert chosen is not None
    assert (chosen.id, chosen.test) == (3, "Platelets, repeated")
    table.horizontalHeader().sectionClicked.emit(0)
    chosen = table.chosen()
    assert chosen is not None
    assert chosen.id == 3


def test_its_neighbour_is_chosen_when_it_is_gone(qtbot: QtBot) -> None:
    table = shown(qtbot)
    table.choose(lambda row: row.id == 5)
    heard: list[Lab | None] = []
    table.chosen_changed.connect(heard.append)
    table.show_rows(LABS[:4])
    assert table.chosen() == LABS[3]
    table.show_rows([])
    assert table.chosen() is None
    assert heard[-1] is None


def test_nothing_is_chosen_by_itself(qtbot: QtBot) -> None:
    table = shown(qtbot)
    assert table.chosen() is None
    assert not table.choose(lambda row: row.id == 99)
    table.show_rows(LABS)
    assert table.chosen() is None


def test_keys_do_the_work(qtbot: QtBot) -> None:
    table = shown(qtbot)
    opened: list[Lab] = []
    used: list[Lab] = []
    table.activated_row.connect(opened.append)
    table.used.connect(used.append)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened == [], "nothing is chosen yet"
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert table.chosen() == LABS[0]
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Return)
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert opened == used == [LABS[1]]
    QTest.keyClick(table, Qt.Key.Key_P)
    assert table.chosen() == LABS[1], "letters belong to the screen"


def test_a_double_click_opens(qtbot: QtBot) -> None:
    table = shown(qtbot)
    spot = table.visualRect(table.rows_model.index(2, 0)).center()
    with qtbot.waitSignal(table.activated_row, timeout=1000) as heard:
        QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert heard.args == [LABS[2]]


def test_many_can_be_chosen_where_that_is_allowed(qtbot: QtBot) -> None:
    table = shown(qtbot, many=True)
    table.choose_first()
    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert table.all_chosen() == LABS[:2]
    table.show_rows(list(reversed(LABS)))
    assert {row.id for row in table.all_chosen()} == {1, 2}


def test_the_count_is_said(qtbot: QtBot) -> None:
    table = shown(qtbot)
    heard: list[str] = []
    table.counted.connect(heard.append)
    table.show_rows(LABS, total=8214)
    table.narrow("vanc alder")
    table.narrow("")
    table.show_rows(LABS)
    assert heard == ["first 5 of 8,214", "1 of 5", "first 5 of 8,214", "5"]


def test_an_empty_list_says_what_will_be_here(qtbot: QtBot) -> None:
    table = shown(qtbot, empty="No results to review")
    assert not table.empty.isVisible()
    table.show_rows([])
    assert table.empty.isVisible()
    assert table.empty.accessibleName() == "No results to review"
    table.show_failed("The database did not answer.")
    assert table.empty.accessibleDescription() == "The database did not answer."


@pytest.mark.parametrize("width", [420, 560, 700, 1000, 1400])
@pytest.mark.parametrize("columns", [PLAIN, TALL])
def test_no_column_is_clipped_in_silence(qtbot: QtBot, width: int, columns: Sequence[Column[Lab]]) -> None:
    table = shown(qtbot, columns, width)
    used = sum(table.columnWidth(place) for place in range(len(columns)))
    if used > table.viewport().width():
        assert table.horizontalScrollBar().maximum() > 0, "what does not fit can be scrolled to"
    longest = max(width_of(word, 14, 600) for row in LABS for column in columns for word in column.text(row).split())
    last = max(width_of(columns[-1].text(row), 13, 400) for row in LABS)
    if columns[-1].right:
        assert table.columnWidth(len(columns) - 1) >= last + 16
    else:
        assert table.columnWidth(len(columns) - 1) >= min(last, longest) + 16


def test_what_does_not_fit_makes_the_row_taller(qtbot: QtBot) -> None:
    wide, narrow = shown(qtbot, TALL, 1400), shown(qtbot, TALL, 470)
    assert wide.rowHeight(0) == 55
    assert narrow.rowHeight(0) > 55
    assert shown(qtbot, PLAIN, 900).rowHeight(0) == 36


def test_a_row_whose_reason_does_not_break_is_one_line_high(qtbot: QtBot) -> None:
    columns = [
        Column[Lab]("Test", lambda row: row.test, width=160),
        Column[Lab]("Why", lambda row: row.because * (9 if row.id == 2 else 0), wraps=True),
    ]
    table = shown(qtbot, columns, 640)
    assert table.rowHeight(1) > table.rowHeight(0) == 36


def test_group_titles_stand_above_their_first_row(qtbot: QtBot) -> None:
    table = shown(qtbot, TALL, 1400, group=lambda row: "Could harm now" if row.id < 3 else "Later today")
    assert [table.rowHeight(place) for place in range(5)] == [91, 55, 91, 55, 55]
    assert not table.horizontalHeader().sectionsClickable(), "a grouped list keeps its order"


def test_columns_can_be_put_away_and_remembered(qtbot: QtBot) -> None:
    table = shown(qtbot)
    table.hide_columns(["Patient"])
    assert table.hidden_columns() == ["Patient"]
    assert table.isColumnHidden(2)
    hidden: RowsTable[Lab] = RowsTable((*PLAIN, Column("Lot", lambda row: "", hidden=True)))
    qtbot.addWidget(hidden)
    assert hidden.hidden_columns() == ["Lot"]


def test_a_reader_hears_title_and_both_lines(qtbot: QtBot) -> None:
    table = shown(qtbot, TALL)
    said = table.rows_model.index(0, 1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Test: Vancomycin trough, ZZTEST Alder, Marian"

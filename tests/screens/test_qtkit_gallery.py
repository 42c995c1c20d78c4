"""Every sheet of the gallery is drawn, light and dark, at 100 and 150 %; none needs a wider window, no control is nameless."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from infusiondesk.foundation.qtkit.theme import apply_theme
from tests.screens.gallery import SHEETS, draw, picture


@pytest.mark.parametrize("name", [name for name in SHEETS if name != "dialogs"])
def test_a_sheet_fits_the_smallest_desk(qtbot: QtBot, qapp: QApplication, name: str) -> None:
    apply_theme(qapp, False)
    sheet = SHEETS[name]()
    qtbot.addWidget(sheet)
    picture(sheet, QSize(1280, 800))
    assert sheet.size() == QSize(1280, 800)


@pytest.mark.parametrize("name", ["today", "form"])
def test_a_notebook_at_200_percent_is_enough(qtbot: QtBot, qapp: QApplication, name: str) -> None:
    apply_theme(qapp, False)
    sheet = SHEETS[name]()
    qtbot.addWidget(sheet)
    picture(sheet, QSize(720, 450))  # 1440 x 900 at 200 %
    assert sheet.size() == QSize(720, 450)


@pytest.mark.parametrize("name", list(SHEETS))
def test_everything_that_takes_the_keyboard_has_a_name(qtbot: QtBot, qapp: QApplication, name: str) -> None:
    apply_theme(qapp, False)
    sheet = SHEETS[name]()
    qtbot.addWidget(sheet)
    picture(sheet, QSize(1280, 800))
    nameless = [
        type(widget).__name__
        for widget in sheet.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and not widget.accessibleName()
        if not isinstance(widget, QScrollBar | QAbstractScrollArea) and widget.objectName() != "qt_scrollarea_viewport"
    ]
    assert nameless == []


def test_the_gallery_is_drawn(qapp: QApplication, tmp_path: Path) -> None:
    written = draw(qapp, tmp_path)
    assert len(written) == 4 * len(SHEETS)
    for path in written:
        image = QImage(str(path))
        colours = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
        assert len(colours) > 20, path.name


@pytest.mark.parametrize("name", ["today", "visit", "form", "ledger"])
def test_a_change_of_theme_reaches_what_is_open(qtbot: QtBot, qapp: QApplication, name: str) -> None:
    apply_theme(qapp, False)
    turned = SHEETS[name]()
    qtbot.addWidget(turned)
    picture(turned, QSize(1280, 800))
    apply_theme(qapp, True)
    fresh = SHEETS[name]()
    qtbot.addWidget(fresh)
    one, other = picture(turned, QSize(1280, 800)).toImage(), picture(fresh, QSize(1280, 800)).toImage()
    apply_theme(qapp, False)
    differing = sum(one.pixel(x, y) != other.pixel(x, y) for x in range(0, 1280, 3) for y in range(0, 800, 3))
    assert differing < 1000, "only the ring of focus may differ"


def test_dark_is_another_picture(qtbot: QtBot, qapp: QApplication) -> None:
    grounds = []
    for dark in (False, True):
        apply_theme(qapp, dark)
        sheet = SHEETS["components"]()
        qtbot.addWidget(sheet)
        grounds.append(picture(sheet, QSize(1280, 800)).toImage().pixelColor(40, 700).lightness())
    apply_theme(qapp, False)
    assert grounds[0] > 240
    assert grounds[1] < 50

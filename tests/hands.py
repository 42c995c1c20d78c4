"""The hands of a person at the desk: keys and mouse on what the screen shows, and answers to the questions that are modal."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QModelIndex, QObject, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from infusiondesk.app.window import MainWindow
from infusiondesk.foundation.qtkit.forms import Form
from infusiondesk.foundation.qtkit.forms.code_box import CodeBox
from infusiondesk.foundation.qtkit.forms.reading import Unreadable
from infusiondesk.foundation.qtkit.frame.dialogs import CoSignDialog, ReasonDialog, SignDialog
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.signature_pad import SignaturePad
from infusiondesk.foundation.qtkit.parts.tabs import Tabs
from infusiondesk.foundation.qtkit.tables import RowsTable

T = TypeVar("T")
PATIENCE_S = 8
LONG_WORK_S = 60  # a code file taken in, on a busy machine


@dataclass
class Answers:
    """What a person will say when something modal asks."""

    password: str = ""
    reason: str = "as the prescriber ordered it"
    second: tuple[str, str] = ("", "")
    file: str = ""
    seen: list[str] = field(default_factory=list)


class Hands(QObject):
    """One person at one window."""

    def __init__(self, qtbot: QtBot, window: MainWindow, answers: Answers) -> None:
        super().__init__(window)
        self.qtbot, self.window, self.answers = qtbot, window, answers
        self._come_forward()
        self._listening = QTimer(self)
        self._listening.timeout.connect(self._answer)
        self._listening.start(30)

    # Going somewhere -------------------------------------------------------------------------------------------------------

    def go(self, section: str, page: str = "") -> None:
        """Open a section by its entry in the side bar, then a page by its tab."""
        entry = next(found for found in self.window.frame.side.findChildren(QWidget, section))
        QTest.mouseClick(entry, Qt.MouseButton.LeftButton)
        self.settle()
        if page:
            self.turn(page)

    def turn(self, page: str) -> None:
        """Turn to a page of the section or chart that is open, with the keyboard."""
        for _ in range(20):
            self._come_forward()
            tabs = next((found for found in self.window.findChildren(Tabs) if found.isVisible()), None)
            if tabs is None or tabs.chosen() == page:
                break
            QTest.keyClick(self.window, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
            self.settle()
        assert self.window.frame.screen_shown() is not None

    def find(self, words: str) -> None:
        """Ctrl+K, words, Enter: opens the first thing found."""
        self._come_forward()
        QTest.keyClick(self.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        edit = self.until(lambda: self.shown_line("palette_words"), f"the search line for {words}")
        QTest.keyClicks(edit, words)
        self.settle()
        QTest.keyClick(edit, Qt.Key.Key_Return)
        self.settle()

    # Doing something -------------------------------------------------------------------------------------------------------

    def press(self, words: str) -> None:
        """Click the button that says this; one that is forbidden fails with its reason."""
        button = self.until(lambda: self._button(words), f"a button “{words}”; there are {self._buttons()}")
        assert button.isEnabled(), f"“{words}” may not be pressed: {button.reason}"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def fill(self, **fields: str) -> None:
        """Type into fields by their names; choices are picked by their words."""
        form = self.until(self._form, "a form")
        for name, words in fields.items():
            box = form.box(name)
            line = next((found for found in box.findChildren(QLineEdit) if found.isVisible()), None)
            text = next((found for found in box.findChildren(QPlainTextEdit) if found.isVisible()), None)
            if line is not None:
                line.setFocus()
                line.selectAll()
                QTest.keyClicks(line, words)
                if isinstance(box, CodeBox):
                    offered = self.until(partial(_offered, box), f"something offered for {name}: {words}")
                    if isinstance(offered, QWidget):
                        QTest.keyClick(offered, Qt.Key.Key_Down)
                        QTest.keyClick(offered, Qt.Key.Key_Return)
                self.settle()
                QTest.keyClick(line, Qt.Key.Key_Tab)
            elif text is not None:
                text.setFocus()
                for number, one in enumerate(words.splitlines()):
                    if number:
                        QTest.keyClick(text, Qt.Key.Key_Return)
                    QTest.keyClicks(text, one)
            else:
                box.put(words)
                box.edited.emit()
                box.left.emit()
            self.settle()

    def choose(self, words: str) -> None:
        """Choose the row of a visible table that shows these words."""

        def row() -> RowsTable[object] | None:
            for table in self.window.findChildren(RowsTable):
                if table.isVisible():
                    model = table.model()
                    for number in range(model.rowCount()):
                        said = " ".join(_cell(model.index(number, column)) for column in range(model.columnCount()))
                        if words in said:
                            table.setFocus()
                            table.setCurrentIndex(model.index(number, 0))
                            return table
            return None

        self.until(row, f"a row with “{words}”")
        self.settle()

    def scan(self, words: str) -> None:
        """A scanner types fast and ends with Enter, into whatever has the focus."""
        self._come_forward()
        target = QApplication.focusWidget() or self.window
        QTest.keyClicks(target, words)
        QTest.keyClick(target, Qt.Key.Key_Return)
        self.settle()

    def sign_by_hand(self) -> None:
        """Draw a wave with the mouse into the signature pad that is shown."""
        pad = self.until(lambda: next((one for one in self.window.findChildren(SignaturePad) if one.isVisible()), None), "a pad")
        QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(30, 60))
        for step in range(12):
            QTest.mouseMove(pad, QPoint(30 + 12 * step, 60 + 30 * (step % 2)))
        QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(170, 80))

    # Looking ---------------------------------------------------------------------------------------------------------------

    def sees(self, words: str) -> None:
        """These words stand somewhere on the screen."""
        self.until(lambda: words in self.everything() or None, f"the words “{words}”")

    def reads(self, pattern: str) -> str:
        """What stands on the screen where this pattern has its group."""
        found = self.until(lambda: re.search(pattern, self.everything()), f"something like “{pattern}”")
        return found.group(1)

    def everything(self) -> str:
        """All words on the screen: labels, buttons, tables, the message line."""
        found = []
        for widget in self.window.findChildren(QWidget):
            if widget.isVisible():
                text = getattr(widget, "text", None)
                if callable(text):
                    found.append(str(text()))
                found.append(widget.accessibleName())
                found.append(widget.accessibleDescription())
                if isinstance(widget, RowsTable):
                    model = widget.model()
                    found += [
                        _cell(model.index(row, column)) for row in range(model.rowCount()) for column in range(model.columnCount())
                    ]
        return "\n".join(found)

    def words(self) -> str:
        """The screen in few lines, for a failure's message."""
        return "\n".join(dict.fromkeys(line for line in self.everything().splitlines() if line.strip()))

    def shown_line(self, name: str) -> QLineEdit | None:
        return next((found for found in self.window.findChildren(QLineEdit, name) if found.isVisible()), None)

    def settle(self) -> None:
        """Wait until the desk is idle and what it brought is shown."""
        for _ in range(2):
            self.qtbot.waitUntil(self.window.desk.is_idle, timeout=LONG_WORK_S * 1000)
            QApplication.processEvents()

    def until(self, look: Callable[[], T | None], what: str) -> T:
        """Wait for something to be there; fails naming it."""
        begun = time.monotonic()
        while (found := look()) is None:
            assert time.monotonic() - begun < PATIENCE_S, f"waited for {what}; the screen shows:\n{self.words()}"
            self.qtbot.wait(20)
        return found

    # Inside ----------------------------------------------------------------------------------------------------------------

    def _come_forward(self) -> None:
        """Keys go to the window only while it is the active one; a list that closed may have kept them."""

        def is_forward() -> bool:
            if not self.window.isActiveWindow():
                self.window.raise_()
                self.window.activateWindow()
            return self.window.isActiveWindow()

        self.qtbot.waitUntil(is_forward, timeout=PATIENCE_S * 1000)

    def _button(self, words: str) -> Button | None:
        return next((found for found in self.window.findChildren(Button) if found.text() == words and found.isVisible()), None)

    def _buttons(self) -> list[str]:
        return [found.text() for found in self.window.findChildren(Button) if found.isVisible()]

    def _form(self) -> Form | None:
        return next((found for found in self.window.findChildren(Form) if found.isVisible()), None)

    def _answer(self) -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QDialog) or not dialog.isVisible():
            return
        lines = {line.objectName(): line for line in dialog.findChildren(QLineEdit)}
        if isinstance(dialog, SignDialog):
            self._type(dialog, lines, "password", self.answers.password)
        elif isinstance(dialog, CoSignDialog):
            name, password = self.answers.second
            if not lines["name"].text():
                QTest.keyClicks(lines["name"], name)
            self._type(dialog, lines, "password", password)
        elif isinstance(dialog, ReasonDialog):
            self._type(dialog, lines, "reason", self.answers.reason)
        elif isinstance(dialog, QFileDialog):
            lines["fileNameEdit"].setText(self.answers.file)  # selectFile() leaves the line alone while it has the focus
            dialog.accept()

    def _type(self, dialog: QDialog, lines: dict[str, QLineEdit], name: str, words: str) -> None:
        if lines[name].text():
            return
        self.answers.seen.append(dialog.windowTitle())
        QTest.keyClicks(lines[name], words)
        QTest.keyClick(lines[name], Qt.Key.Key_Return)


def _offered(box: CodeBox) -> QWidget | bool | None:
    """The open list of matches, or True when what was typed is a code by itself."""
    if (popup := QApplication.activePopupWidget()) is not None:
        return popup
    try:
        return True if box.value() is not None else None
    except Unreadable:
        return None


def _cell(index: QModelIndex) -> str:
    """What a cell shows and what it tells a screen reader: the second line is only in the latter."""
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
    return " ".join(dict.fromkeys(str(index.data(role) or "") for role in roles))

"""The locked screen: a name, a password, one sentence when it does not open."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from infusiondesk.app.sign_in import SignInWindow
from infusiondesk.foundation.store.keyring import DEMO, DEMO_PASSWORD, KeyFile, Keyring

PASSWORD = "a long winter sentence"


@pytest.fixture
def keys(tmp_path: Path) -> KeyFile:
    found = KeyFile(tmp_path / "p.keyring.json")
    found.save(Keyring("s").enrolled("person-1", "rowan", PASSWORD, b"k" * 32))
    return found


def shown(qtbot: QtBot, keys: KeyFile, **more: str) -> SignInWindow:
    window = SignInWindow(keys, store_name="p.idesk", **more)
    qtbot.addWidget(window)
    window.show()
    return window


def test_name_and_password_open_the_wrap_from_the_keyboard_alone(qtbot: QtBot, keys: KeyFile) -> None:
    window = shown(qtbot, keys)
    QTest.keyClicks(window.name, "rowan")
    QTest.keyClick(window.name, Qt.Key.Key_Return)
    QTest.keyClicks(window.password, PASSWORD)

    with qtbot.waitSignal(window.opened) as opened:
        QTest.keyClick(window.password, Qt.Key.Key_Return)

    assert opened.args == ["person-1", b"k" * 32, {}]


def test_a_wrong_password_says_one_sentence_and_counts(qtbot: QtBot, keys: KeyFile) -> None:
    window = shown(qtbot, keys, last_login="rowan")
    window.password.setText("wrong wrong wrong wrong")
    window.unlock.click()
    qtbot.waitUntil(lambda: "wrong" in window.sentence.text())

    assert keys.load().failures == {"rowan": 1}
    assert window.unlock.isEnabled()
    window.password.setText(PASSWORD)
    with qtbot.waitSignal(window.opened) as opened:
        window.unlock.click()
    assert opened.args[2] == {"rowan": 1}
    assert keys.load().failures == {}


def test_after_many_failures_the_next_try_waits(qtbot: QtBot, keys: KeyFile) -> None:
    ring = keys.load()
    for _ in range(4):
        ring = ring.failed("rowan")
    keys.save(ring)
    window = shown(qtbot, keys, last_login="rowan")
    window.password.setText("wrong wrong wrong wrong")
    window.unlock.click()
    qtbot.waitUntil(lambda: "Wait 4 s" in window.sentence.text())

    assert not window.unlock.isEnabled()


def test_nothing_typed_is_asked_for(qtbot: QtBot, keys: KeyFile) -> None:
    window = shown(qtbot, keys)
    window.unlock.click()

    assert window.sentence.text() == "Enter your name and your password."


def test_a_demo_store_shows_its_password_and_a_real_one_never(qtbot: QtBot, keys: KeyFile) -> None:
    real = shown(qtbot, keys)
    keys.save(keys.load().enrolled(DEMO, DEMO, DEMO_PASSWORD, b"k" * 32))
    demo = shown(qtbot, keys)

    def words(window: SignInWindow) -> str:
        from infusiondesk.foundation.qtkit.parts.text import Text

        return " ".join(label.text() for label in window.findChildren(Text))

    assert DEMO_PASSWORD in words(demo)
    assert DEMO_PASSWORD not in words(real)
    assert demo.name.text() == DEMO

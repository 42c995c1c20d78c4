"""A lock through the launcher: the process ends, a new one starts at the locked screen, and what was typed comes back."""

import os
import subprocess
import sys
from pathlib import Path

from tests.bench.stores import PASSWORD, a_store_with_a_patient

ROOT = Path(__file__).parents[2]

# Put into the window's process before anything else: a person's hands, moved by a timer of that process.
DRIVER = """
import os, sys, threading, time
from pathlib import Path

LOG = Path(os.environ["JOURNEY_LOG"])

def say(words):
    with LOG.open("a") as file:
        file.write(f"{os.getpid()} {words}\\n")

def steps(app):
    from PySide6.QtTest import QTest
    from PySide6.QtCore import Qt
    def window_named(name):
        return next((w for w in app.topLevelWidgets() if w.objectName() == name and w.isVisible()), None)
    while window_named("sign-in") is None:
        yield
    door = window_named("sign-in")
    locked = "INFUSIONDESK_LOCKED_AS" in os.environ
    say("locked screen" if locked else "sign-in")
    say("database loaded" if any(name.startswith("sqlal") for name in sys.modules) else "nothing loaded")
    door.name.setText("rowan")
    QTest.keyClicks(door.password, os.environ["JOURNEY_PASSWORD"])
    QTest.keyClick(door.password, Qt.Key.Key_Return)
    while window_named("main-window") is None:
        yield
    window = window_named("main-window")
    while not window.desk.is_idle() or window.frame.screen_shown() is None:
        yield
    from infusiondesk.app.screens import place_of
    if not locked:
        window.open_place(place_of("Referrals"))
        while not window.desk.is_idle():
            yield
        window.screen_of(place_of("Referrals")).open_editor("referral")
        yield
        editor = window.screen_of(place_of("Referrals")).editor
        line = editor.form.box("last_name").findChild(__import__("PySide6.QtWidgets", fromlist=["QLineEdit"]).QLineEdit)
        QTest.keyClicks(line, "ZZTEST Half a na")
        say("typed")
        QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        return
    shown = window.frame.screen_shown()
    for _ in range(200):
        if getattr(shown, "editor", None) is not None and window.desk.is_idle():
            break
        yield
    say(f"back at {shown.objectName()}: {shown.editor.form.snapshot()['last_name']}")
    window.close()
    app.quit()

def wait_for_the_application():
    from importlib import import_module
    for _ in range(1200):
        time.sleep(0.05)
        widgets = sys.modules.get("PySide6.QtWidgets")
        app = widgets.QApplication.instance() if widgets else None
        if app is not None and app.topLevelWidgets():
            core = import_module("PySide6.QtCore")
            core.QTimer.singleShot(0, app, lambda: begin(app))
            return

def begin(app):
    from PySide6.QtCore import QTimer
    moving = steps(app)
    timer = QTimer(app)
    def tick():
        try:
            next(moving)
        except StopIteration:
            timer.stop()
        except Exception as error:
            say(f"failed: {type(error).__name__} {error}")
            timer.stop()
            app.exit(3)
    timer.timeout.connect(tick)
    timer.start(50)

if os.environ.get("INFUSIONDESK_WINDOW"):
    threading.Thread(target=wait_for_the_application, daemon=True).start()
"""


def test_a_lock_ends_the_process_and_the_next_one_returns(tmp_path: Path) -> None:
    location = a_store_with_a_patient(tmp_path)
    (tmp_path / "hands").mkdir()
    (tmp_path / "hands" / "sitecustomize.py").write_text(DRIVER, "utf-8")
    log = tmp_path / "journey.log"
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "PYTHONPATH": f"{tmp_path / 'hands'}{os.pathsep}{ROOT}",
        "JOURNEY_LOG": str(log),
        "JOURNEY_PASSWORD": PASSWORD,
    }

    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "open", "--store", location],
        env=environment, capture_output=True, text=True, check=False, timeout=40, cwd=tmp_path,
    )  # fmt: skip

    said = [line.split(" ", 1) for line in log.read_text("utf-8").splitlines()]
    assert done.returncode == 0, done.stderr + str(said)
    assert [words for _, words in said] == [
        "sign-in",
        "nothing loaded",
        "typed",
        "locked screen",
        "nothing loaded",
        "back at referrals: ZZTEST Half a na",
    ]
    assert len({process for process, _ in said}) == 2

"""How long a person waits: for the locked screen, and from the password to the first list."""

import os
import statistics
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text("utf-8"))
RUNS = 7

EMPTY = """
import time; begun = time.perf_counter()
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([]); window = QMainWindow(); window.resize(1280, 800); window.show(); app.processEvents(); window.grab()
print(time.perf_counter() - begun)
"""
SIGN_IN = """
import time; begun = time.perf_counter()
import sys
from infusiondesk.app.commands.opening_window import Session, application
from infusiondesk.app.settings import Settings
from infusiondesk.foundation.qtkit.theme import apply_theme
app = application(); apply_theme(app, False)
session = Session(sys.argv[1], Settings()); session.start(); app.processEvents(); session.sign_in.grab()
print(time.perf_counter() - begun)
session.sign_in.close()
"""
FIRST_LIST = """
import sys, time
from infusiondesk.app.commands.opening_window import Session, application
from infusiondesk.app.settings import Settings
from infusiondesk.foundation.qtkit.theme import apply_theme
from infusiondesk.foundation.qtkit.tables import RowsTable
from argon2.low_level import Type, hash_secret_raw
app = application(); apply_theme(app, False)
session = Session(sys.argv[1], Settings()); session.start(); app.processEvents()
begun = time.perf_counter()
hash_secret_raw(b"a long winter sentence", bytes(16), time_cost=3, memory_cost=65536, parallelism=1, hash_len=32, type=Type.ID)
one = time.perf_counter() - begun
typed = time.monotonic() + 1.0  # nobody types fifteen letters faster; what loads meanwhile keeps nobody waiting
while time.monotonic() < typed:
    app.processEvents(); time.sleep(0.002)
session.sign_in.name.setText("rowan"); session.sign_in.password.setText("a long winter sentence")
begun = time.perf_counter(); session.sign_in.unlock.click()
while True:
    app.processEvents()
    time.sleep(0.002)  # an event loop waits without the interpreter's lock; a spinning one would take half of the work's time
    if session.window is not None:
        shown = session.window.frame.screen_shown()
        if shown is not None and any(table.rows() for table in shown.findChildren(RowsTable)):
            break
    if time.perf_counter() - begun > 60:
        raise SystemExit("no list with rows within a minute")
print((time.perf_counter() - begun) / one)
session.window.close()
"""


def figures(code: str, *arguments: str, tmp_path: Path) -> list[float]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    found = []
    for _ in range(RUNS):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False, env=environment, cwd=ROOT
        )
        assert done.returncode == 0, done.stderr
        found.append(float(done.stdout.strip().splitlines()[-1]))
    return found


def judged(name: str, ratio: float) -> None:
    floor: dict[str, Any] = FLOORS[name]
    sys.stdout.write(f"\n{name}: {ratio:.2f} x {floor['over']} (at most {floor['most']})\n")
    assert ratio <= floor["most"]


@pytest.fixture
def pharmacy_file(tmp_path: Path) -> str:
    """A real set-up store with one patient in it, made through the first run's own journey."""
    from tests.bench.stores import a_store_with_a_patient

    return a_store_with_a_patient(tmp_path)


@pytest.mark.bench
def test_the_locked_screen(tmp_path: Path, pharmacy_file: str) -> None:
    empty = figures(EMPTY, tmp_path=tmp_path)
    sign_in = figures(SIGN_IN, pharmacy_file, tmp_path=tmp_path)

    judged("sign_in", statistics.median(sign_in) / statistics.median(empty))


@pytest.mark.bench
def test_from_the_password_to_the_first_list(tmp_path: Path, pharmacy_file: str) -> None:
    judged("first_list", statistics.median(figures(FIRST_LIST, pharmacy_file, tmp_path=tmp_path)))

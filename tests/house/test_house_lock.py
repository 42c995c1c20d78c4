"""Before the password, nothing of the store is open and neither the database nor the paper library is loaded."""

import os
import subprocess
import sys
from pathlib import Path

from infusiondesk.foundation.kernel.people import Role
from tests.pharmacy import Pharmacy

ROOT = Path(__file__).parents[2]
BARE = """
import sys, time
from pathlib import Path
from infusiondesk.app.launch import is_window
from infusiondesk.foundation.store.keyring import KeyFile, Keyring
place = Path(sys.argv[1])
place.write_bytes(bytes(8192))
KeyFile.beside(place).save(Keyring("s").enrolled("a", "rowan", "a long winter sentence", bytes(32)))
from infusiondesk.app.commands.opening_window import Session, application
from infusiondesk.app.settings import Settings
from infusiondesk.foundation.qtkit.theme import apply_theme
app = application()
apply_theme(app, False)
session = Session(str(place), Settings())
session.start()
app.processEvents()
assert session.sign_in is not None and session.sign_in.isVisible()
patience = time.monotonic() + 20
while "infusiondesk.visits.rules" not in sys.modules and time.monotonic() < patience:  # what loads while the password is typed
    app.processEvents(); time.sleep(0.01)
assert "infusiondesk.visits.rules" in sys.modules
print(sorted({name.split(".")[0] for name in sys.modules}))
fds = Path("/proc/self/fd")
open_files = [str(fd.resolve()) for fd in fds.iterdir()] if fds.exists() else []
print([name for name in open_files if name.endswith(".idesk")])
session.sign_in.close()
"""

FIRST_LIST = """
import sys
import infusiondesk.app.window
from infusiondesk.app.bootstrap import open_store
from infusiondesk.app.screens import PLACES
PLACES[0].load()
opened = open_store(sys.argv[1], sys.argv[2], bytes(range(32)))
tables = lambda *_: len([name for name in sys.modules if name.startswith("infusiondesk.") and name.endswith(".records")])
print(tables())
print(opened.store.write(opened.actor, tables, {})[0])
opened.store.close()
"""
FEW = 4  # those of the store, the staff and the patients, whom the window's search finds
ALL = 15  # one for each area that keeps something: more than twice as long to load as all else together


def test_the_locked_screen_is_bare(tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", BARE, str(tmp_path / "p.idesk")],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=ROOT,
    )

    assert done.returncode == 0, done.stderr
    loaded, open_stores = done.stdout.strip().splitlines()
    for heavy in ("sqlalchemy", "reportlab", "alembic", "sqlcipher3", "psycopg", "qtawesome"):
        assert f"'{heavy}'" not in loaded, heavy
    assert open_stores == "[]"


def test_asking_the_rules_opens_no_database() -> None:
    code = "import sys, infusiondesk.app.commands as c; print([name in sys.modules for name in ('sqlalchemy', 'PySide6')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

    assert done.stdout.strip() == "[False, False]"


def test_the_first_list_waits_for_few_tables_and_the_first_write_knows_all(file_pharmacy: Pharmacy, tmp_path: Path) -> None:
    nurse = file_pharmacy.people[Role.NURSE]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    asked = [sys.executable, "-c", FIRST_LIST, file_pharmacy.store.location, str(nurse.id)]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, env=environment, cwd=ROOT)

    assert done.returncode == 0, done.stderr
    at_first, at_a_write = map(int, done.stdout.split())
    assert at_first <= FEW
    assert at_a_write > ALL

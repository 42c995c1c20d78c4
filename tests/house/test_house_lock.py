"""Before the password, nothing of the store is open and neither the database nor the paper library is loaded."""

import os
import subprocess
import sys
from pathlib import Path

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

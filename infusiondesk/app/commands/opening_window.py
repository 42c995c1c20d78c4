"""`open`: the locked screen first; after the password, the window. A lock ends this process with its own status."""

import gc
import os
import pkgutil
import sys
from argparse import Namespace
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDateTime, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

import infusiondesk
from infusiondesk.app.commands.report import Report
from infusiondesk.app.launch import LOCKED, LOCKED_AS
from infusiondesk.app.settings import Settings, default_store
from infusiondesk.app.sign_in import SignInWindow, store_label
from infusiondesk.foundation.kernel.outcomes import Refused, Unavailable
from infusiondesk.foundation.qtkit import errands
from infusiondesk.foundation.qtkit.theme import apply_theme
from infusiondesk.foundation.store.keyring import is_server, keys_of

if TYPE_CHECKING:
    from infusiondesk.app.window import MainWindow

SIZE = (1280, 800)
LOAD_FIRST_AFTER_MS = 100  # once the locked screen is painted
LOAD_REST_AFTER_MS = 1500
WIDGETS = ("frame.frame", "frame.list_detail", "frame.dialogs", "frame.palette", "tables", "forms")


class Session(QObject):
    """From the locked screen to the window, and back out with a status."""

    def __init__(self, location: str, settings: Settings) -> None:
        super().__init__()
        self.location, self.settings = location, settings
        self.window: MainWindow | None = None
        self.sign_in: SignInWindow | None = None
        self._worker = ThreadPoolExecutor(1, "open")

    def start(self) -> None:
        """Show the locked screen, or the set-up where there is no store yet."""
        if not is_server(self.location) and not Path(self.location).exists():
            self._first_run()
            return
        locked_at = self.settings.locked_at.get(self.location, "") if LOCKED_AS in os.environ else ""
        self.sign_in = SignInWindow(
            keys_of(self.location),
            store_name=store_label(self.location),
            last_login=self.settings.last_login.get(self.location, ""),
            locked_at=locked_at,
        )
        self.sign_in.opened.connect(self._open)
        self.sign_in.resize(*SIZE)
        self.sign_in.show()
        QTimer.singleShot(
            LOAD_FIRST_AFTER_MS, lambda: errands.send(self._worker, load_what_knows_no_store, lambda done: done.result())
        )

    def _first_run(self) -> None:
        from infusiondesk.app.first_run import FirstRunWindow

        self.first_run = FirstRunWindow(self.location)
        self.first_run.made.connect(self.start)
        self.first_run.resize(*SIZE)
        self.first_run.show()

    def _open(self, owner: str, data_key: bytes, failures: dict[str, int]) -> None:
        def work() -> Any:
            import infusiondesk.app.window
            from infusiondesk.app.bootstrap import open_store
            from infusiondesk.app.screens import PLACES

            assert infusiondesk.app.window  # loaded here, off the GUI thread, with the screen that is shown first
            PLACES[0].load()
            return open_store(self.location, owner, data_key, failures=failures, settings=self.settings)

        errands.send(self._worker, work, self._arrive)

    def _arrive(self, future: Any) -> None:
        error = future.exception()
        if error is not None:
            sentence = (
                error.sentence
                if isinstance(error, Refused | Unavailable)
                else "The store could not be opened; it was left as it is."
            )
            if self.sign_in is not None:
                self.sign_in.show_sentence(sentence)
                self.sign_in.unlock.allow()
            if not isinstance(error, Refused | Unavailable):
                raise error
            return
        from infusiondesk.app.bootstrap import remember_anchor
        from infusiondesk.app.window import MainWindow

        opened = future.result()
        gc.freeze()  # what was loaded stays: the first collection need not look through it
        if self.sign_in is not None:
            self.settings.last_login[self.location] = self.sign_in.name.text().strip()
            self.settings.save()
        self.window = MainWindow(opened, self.settings)
        self.window.resize(*SIZE)
        self.window.locked.connect(lambda: self._end(lambda: remember_anchor(self.location, self.settings, opened.store), LOCKED))
        self.window.destroyed.connect(opened.store.close)
        self.window.show()
        QTimer.singleShot(LOAD_REST_AFTER_MS, self._load_rest)
        if self.sign_in is not None:
            self.sign_in.close()
            self.sign_in.deleteLater()
            self.sign_in = None

    def _load_rest(self) -> None:
        """Load the other screens, and what screening knows, while the person reads the first list."""
        from infusiondesk.app.bootstrap import know_every_table
        from infusiondesk.app.screens import PLACES

        def work() -> None:
            know_every_table()
            for place in PLACES:
                place.load()
            resolve_name("infusiondesk.interactions.exchange:reference_knowledge")()

        errands.send(self._worker, work, lambda done: done.result())

    def _end(self, last: Callable[[], None], status: int) -> None:
        self.settings.locked_at[self.location] = QDateTime.currentDateTime().toString("HH:mm")
        self.settings.save()
        last()
        if self.window is not None:
            self.window.opened.store.close()
        QApplication.exit(status)


def load_what_knows_no_store() -> None:
    """Load widgets and rules while the password is typed: neither a database nor a paper library comes with them."""
    for name in WIDGETS:
        import_module(f"infusiondesk.foundation.qtkit.{name}")
    for found in pkgutil.iter_modules(infusiondesk.__path__, "infusiondesk."):
        if find_spec(f"{found.name}.rules"):
            import_module(f"{found.name}.rules")


def application() -> QApplication:
    """The one QApplication, scaled as the screen says."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("InfusionDesk")
    errands.collect_here(app)
    return app


def open_window(options: Namespace, _: Report) -> int:
    """Run the window until it is closed (0) or locks itself."""
    settings = Settings.load()
    app = application()
    apply_theme(app, settings.is_dark)
    session = Session(str(getattr(options, "store", None) or default_store()), settings)
    failures: list[BaseException] = []

    def start() -> None:
        try:
            session.start()
        except (Refused, Unavailable) as refusal:
            failures.append(refusal)
            app.exit(1)

    QTimer.singleShot(0, start)
    status = app.exec()
    if failures:
        raise failures[0]
    return status

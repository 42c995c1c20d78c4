"""`pictures`: every screen as PNG in light and dark, every paper as PDF, and the totals of the newest month on standard output."""

import os
from argparse import Namespace
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infusiondesk.app.bootstrap import Opened
from infusiondesk.app.commands.opening import location_of, opened
from infusiondesk.app.commands.report import Report
from infusiondesk.app.progress import Bar
from infusiondesk.app.settings import Settings
from infusiondesk.billing.queries import patients_to_bill
from infusiondesk.foundation.kernel.clock import today
from infusiondesk.foundation.kernel.outcomes import Refused, Unavailable
from infusiondesk.foundation.kernel.periods import parse_month
from infusiondesk.patients.queries import find_patients

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QApplication, QWidget

    from infusiondesk.app.screens import Place
    from infusiondesk.app.window import MainWindow
    from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
    from infusiondesk.foundation.qtkit.tables import RowsTable

SIZE = (1440, 900)
_MOST_ROWS = 60  # of a list, on the look-out for every kind of paper it can print
_MOST_MONTHS = 36
_PATIENCE_MS = 15_000
LEAST_COLOURS = 4  # ground, edge, words, emphasis: fewer are an empty sheet


def pictures(options: Namespace, report: Report) -> int:
    """Open the store, walk through every place and keep what is seen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder = Path(options.into)
    try:
        for name in ("light", "dark", "papers"):
            (folder / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"The folder {folder.name} cannot be made: {error.strerror or 'unknown reason'}.") from error
    from infusiondesk.app.commands.opening_window import application
    from infusiondesk.foundation.qtkit.theme import apply_theme

    app = application()
    with opened(options) as found:
        walk = _Walk(app, found, folder, location_of(options))
        for is_dark in (False, True):
            apply_theme(app, is_dark)
            walk.through(is_dark)
    apply_theme(app, False)
    month = walk.month
    report.line(f"{walk.screens} pictures are in {folder / 'light'} and {folder / 'dark'}.", screens=walk.screens, into=str(folder))
    if walk.empty:
        report.line(f"Lists without a row: {', '.join(dict.fromkeys(walk.empty))}.", empty=walk.empty)
    report.line(f"{len(walk.papers)} papers are in {folder / 'papers'}: {', '.join(sorted(walk.papers))}.", papers=walk.papers)
    from infusiondesk.app.commands.billing_month import bill

    report.line(f"The per-diem summaries of {month}:", month=month)
    return bill(Namespace(**{**vars(options), "month": month, "out": str(folder / "papers")}), report)


class Album:
    """What was drawn so far: a picture that shows nothing, or the same as another, proves nothing."""

    def __init__(self) -> None:
        self._seen: dict[str, Path] = {}

    def fault_of(self, image: "QImage", path: Path) -> str | None:
        """What is wrong with this picture, or None."""
        if len({image.pixel(x, y) for x in range(0, image.width(), 16) for y in range(0, image.height(), 16)}) < LEAST_COLOURS:
            return "is blank"
        other = self._seen.setdefault(sha256(image.constBits()).hexdigest(), path)
        return f"shows the same as {other.parent.name}/{other.name}" if other != path else None


class _Walk:
    """One walk through the window; papers are drawn the first time only."""

    def __init__(self, app: "QApplication", found: Opened, folder: Path, location: str) -> None:
        self.app, self.found, self.folder, self.location = app, found, folder, location
        self.screens = 0
        self.papers: dict[str, str] = {}
        self.empty: list[str] = []
        self._album = Album()
        self.month = _newest_month(found)

    def through(self, is_dark: bool) -> None:
        """All places in one look."""
        from infusiondesk.app.screens import PLACES
        from infusiondesk.app.window import MainWindow

        into = self.folder / ("dark" if is_dark else "light")
        self._sign_in(into)
        window = MainWindow(self.found, Settings())
        window.resize(*SIZE)
        window.show()
        self._settle(window)
        rows = self.found.store.read(self.found.actor, find_patients, {"text": ""}).rows
        if not rows:
            raise Refused("This store has no patient; there is nothing to draw. Make a demonstration with: main.py demo")
        bar = Bar("dark" if is_dark else "light")
        for number, place in enumerate(PLACES, 1):
            if place.is_chart:
                window.open_patient(rows[0].id)
                self._settle(window)
            window.open_place(place)
            self._settle(window)
            screen = window.screen_of(place)
            self._choose_first(screen, window)
            self._keep(window, into / f"{_slug(place.section)}-{place.slug}.png")
            if not is_dark:
                self._print_all(place, screen, window)
            bar(number, len(PLACES))
        window.close()
        window.deleteLater()
        self.app.processEvents()

    def _sign_in(self, into: Path) -> None:
        from infusiondesk.app.sign_in import SignInWindow, store_label
        from infusiondesk.foundation.store.keyring import keys_of

        window = SignInWindow(keys_of(self.location), store_name=store_label(self.location))
        window.resize(*SIZE)
        window.show()
        self.app.processEvents()
        self._keep(window, into / "sign-in.png")
        window.close()
        window.deleteLater()

    def _settle(self, window: "MainWindow") -> None:
        """Until nothing runs and what arrived is on the screen; layouts show new children a turn later."""
        from PySide6.QtCore import QElapsedTimer, QEventLoop

        watch = QElapsedTimer()
        watch.start()
        quiet = 0
        while quiet < 3:
            self.app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            quiet = quiet + 1 if window.desk.is_idle() else 0
            if watch.elapsed() > _PATIENCE_MS:
                raise Unavailable("A screen did not finish loading within 15 seconds. Try again when the computer is less busy.")

    def _choose_first(self, screen: "Screen", window: "MainWindow") -> None:
        """A chosen row shows its detail."""
        from infusiondesk.foundation.qtkit.tables import RowsTable

        for action in screen.actions():
            if screen.filled_by and action.text() == screen.filled_by:
                action.trigger()
                self._settle(window)
        for table in screen.findChildren(RowsTable):
            if table.isVisible() and not table.rows():
                self.empty.append(table.accessibleName())
            elif table.isVisible() and table.chosen() is None:
                table.choose_first()
        self._settle(window)

    def _keep(self, widget: "QWidget", path: Path) -> None:
        picture = widget.grab()
        if (fault := self._album.fault_of(picture.toImage(), path)) is not None:
            raise Unavailable(f"{path.parent.name}/{path.name} {fault}. Nothing is wrong with the store; report this picture.")
        if not picture.save(str(path)):
            raise Unavailable(f"{path.name} could not be written. Check the folder and try again.")
        self.screens += 1

    # Papers -----------------------------------------------------------------------------------------------------------

    def _print_all(self, place: "Place", screen: "Screen", window: "MainWindow") -> None:
        """Press every print button of a screen once, on the first row that has it, and keep the first paper of each kind."""
        screen.paper_ready.disconnect(window.show_paper)
        take = partial(self._take, place)
        screen.paper_ready.connect(take)
        pressed: set[str] = set()
        try:
            for choose in self._choices(screen):
                choose()
                self._settle(window)
                for words, press in list(self._print_buttons(screen)):
                    if words not in pressed:
                        pressed.add(words)
                        press()
                        self._settle(window)
        finally:
            screen.paper_ready.disconnect(take)
            screen.paper_ready.connect(window.show_paper)

    def _choices(self, screen: "Screen") -> Iterator[Callable[[], None]]:
        from infusiondesk.foundation.qtkit.tables import RowsTable

        yield lambda: None
        for table in screen.findChildren(RowsTable):
            for row in table.rows()[:_MOST_ROWS] if table.isVisible() else ():
                yield partial(_choose, table, row)

    def _print_buttons(self, screen: "Screen") -> Iterator[tuple[str, Callable[[], None]]]:
        from infusiondesk.foundation.qtkit.parts.button import Button

        for button in screen.findChildren(Button):
            if button.text().startswith("Print") and button.isVisible() and button.isEnabled():
                yield button.text(), button.click

    def _take(self, place: "Place", paper: "PaperShown") -> None:
        name = _slug(paper.title)
        if name in self.papers:
            return
        path = self.folder / "papers" / f"{name}.pdf"
        try:
            path.write_bytes(paper.pdf)
        except OSError as error:
            raise Unavailable(f"{path.name} could not be written. Check the folder and try again.") from error
        self.papers[name] = place.title


def _newest_month(found: Opened) -> str:
    """The newest month that is over and has something to bill; the one before this where there is none."""
    first = today(found.store.clock).replace(day=1)
    before = f"{first - timedelta(days=1):%Y-%m}"
    for _ in range(_MOST_MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
        if found.store.read(found.actor, patients_to_bill, {"month": parse_month(f"{first:%Y-%m}")}):
            return f"{first:%Y-%m}"
    return before


def _choose(table: "RowsTable[Any]", row: object) -> None:
    table.choose(lambda other: other == row)


def _slug(words: str) -> str:
    return "-".join("".join(letter if letter.isalnum() else " " for letter in words.lower()).split())

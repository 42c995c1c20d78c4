"""The main window: sections, the open patient, one message line, the lock. It knows where things are, not what they do."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut, QWindow
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from infusiondesk.app.banner import banner_facts
from infusiondesk.app.bootstrap import Opened
from infusiondesk.app.dialogs import Dialogs
from infusiondesk.app.finding import Finding
from infusiondesk.app.manual import ManualWindow
from infusiondesk.app.paper_viewer import PaperViewer
from infusiondesk.app.screens import PLACES, Place, place_of, places_of, sections
from infusiondesk.app.settings import Settings
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.frame.foot import StatusItem
from infusiondesk.foundation.qtkit.frame.frame import Frame
from infusiondesk.foundation.qtkit.parts.banner import BannerFacts
from infusiondesk.foundation.qtkit.parts.tabs import Tabs
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.staff.queries import actor_of
from infusiondesk.today.rules import works_of

HERE = "window"
CHART_SECTION = "Patients"


class MainWindow(QMainWindow):
    """One signed-in person's window."""

    locked = Signal()

    def __init__(self, opened: Opened, settings: Settings) -> None:
        super().__init__()
        self.opened, self.settings = opened, settings
        self.setWindowTitle(f"InfusionDesk, {opened.pharmacy}{' (DEMO)' if opened.is_demo else ''}")
        self.setObjectName("main-window")
        self.frame = Frame(sections())
        self.dialogs = Dialogs(self, self.frame.message, opened.actor.name)
        self.desk = Desk(opened.store, opened.actor, self.dialogs, actor_of, parent=self)
        self.patient_id: UUID | None = None
        self._screens: dict[str, Screen] = {}
        self._tabs: Tabs | None = None
        self._section = ""
        self._is_chart = False
        self._manual: ManualWindow | None = None
        self._is_put_down = False

        centre = QWidget()
        self._column = QVBoxLayout(centre)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.frame)
        self.setCentralWidget(centre)

        self.frame.show_person(opened.actor.name, opened.actor.role_text())
        self.frame.show_demo(opened.is_demo)
        self.frame.show_patient(None)
        self.frame.section_chosen.connect(self.open_section)
        self.frame.lock_asked.connect(self.lock)
        self.frame.help_asked.connect(self.open_manual)
        self.palette_box = Finding(self)
        self.frame.search_asked.connect(self.palette_box.open)
        self.frame.top.news.setVisible(False)
        self._keys()
        self._idle = QTimer(self)
        self._idle.setObjectName("idle")
        self._idle.setSingleShot(True)
        self._idle.setInterval(settings.lock_after_minutes * 60_000)
        self._idle.timeout.connect(self.lock)
        self._idle.start()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusWindowChanged.connect(self._listen_to)
        self.desk.changed.connect(self._hear)
        self._say_state()
        self.desk.kept_draft(self, HERE, self._return_to)

    # Where we are ----------------------------------------------------------------------------------------------------

    def open_section(self, section: str) -> None:
        """Open a section at its first page, or the open patient's chart."""
        chart = section == CHART_SECTION and self.patient_id is not None
        places = places_of(section, chart=chart)
        self.open_place(places[0] if places else places_of(section, chart=not chart)[0])

    def open_place(self, place: Place) -> None:
        """Show one screen, made on its first visit."""
        if place.is_chart and self.patient_id is None:
            self.frame.message.due("Open a patient first.")
            place = next(other for other in PLACES if other.section == CHART_SECTION and not other.is_chart)
        screen = self.screen_of(place)
        if place.is_chart and self.patient_id is not None and screen.patient_id != self.patient_id:
            screen.show_patient(self.patient_id)
        self._section = place.section
        self.frame.show_section(place.section)
        self.frame.show_screen(screen)
        self._is_chart = place.is_chart
        self._show_banner(self.frame.banner.facts())
        self._show_tabs(place)
        screen.setFocus()

    def screen_of(self, place: Place) -> Screen:
        """The screen of a place; it stays alive, so that what is typed stays too."""
        if place.title not in self._screens:
            screen = place.make(self.desk)
            screen.setObjectName(place.slug)
            screen.setAccessibleName(place.title)
            screen.paper_ready.connect(self.show_paper)
            screen.patient_chosen.connect(self.open_patient)
            screen.record_asked.connect(self.open_record)
            self._screens[place.title] = screen
        return self._screens[place.title]

    def open_patient(self, patient_id: UUID) -> None:
        """Open a patient's chart; it stays open, and its banner over it, until another is opened or this one is put away."""
        if patient_id != self.patient_id:
            self.frame.show_patient(None)  # never one patient's banner over another's chart, not even for a moment
        self.patient_id = patient_id
        self.load_banner()
        self.open_section(CHART_SECTION)

    def open_record(self, title: str, record_id: UUID | None) -> None:
        """A screen, at one record where one is named."""
        place = place_of(title)
        screen = self.screen_of(place)
        if record_id is not None:
            screen.show_record(record_id)
        self.open_place(place)

    def put_patient_away(self) -> None:
        """No patient is open any more."""
        self.patient_id = None
        self.frame.show_patient(None)
        self.open_section(CHART_SECTION)

    def load_banner(self) -> None:
        """Read the open patient's banner again."""
        if self.patient_id is not None:
            self.desk.ask(self, banner_facts, self._show_banner, patient_id=self.patient_id)

    def _show_banner(self, facts: BannerFacts | None) -> None:
        """Only over the patient's own chart: above a queue or a worksheet its allergies would be read as somebody else's."""
        self.frame.show_patient(facts)
        self.frame.banner.setVisible(facts is not None and self._is_chart)

    def open_manual(self) -> None:
        """F1: the manual page of the screen that is shown."""
        shown = self.frame.screen_shown()
        self._manual = ManualWindow(shown.objectName() if shown is not None else "", self)
        self._manual.show()

    def show_paper(self, paper: PaperShown) -> None:
        """The one viewer of all papers."""
        PaperViewer(self.desk, paper, self).open()

    # Locking and leaving ------------------------------------------------------------------------------------------------

    def lock(self) -> None:
        """Keep what is typed, let what runs commit, then end: the launcher opens the locked screen in a new process."""
        self._put_down()
        self.locked.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._put_down()
        super().closeEvent(event)

    def _put_down(self) -> None:
        if self._is_put_down:
            return
        self._is_put_down = True
        self._idle.stop()
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        for screen in self._screens.values():
            screen.stop_keeping()
            screen.keep_draft()
        self.desk.keep_draft(HERE, self._here())
        self.desk.finish()
        if clipboard := QApplication.clipboard():
            clipboard.clear()

    def _here(self) -> dict[str, Any]:
        shown = self.frame.screen_shown()
        title = next((title for title, screen in self._screens.items() if screen is shown), "")
        return {"place": title, "patient": str(self.patient_id or "")}

    def _return_to(self, kept: dict[str, Any] | None) -> None:
        if kept and kept["patient"]:
            self.patient_id = UUID(kept["patient"])
            self.load_banner()
        titles = {place.title for place in PLACES}
        if kept and kept["place"] in titles:
            self.open_place(place_of(kept["place"]))
        else:
            self.open_section(self._first_section())

    def _first_section(self) -> str:
        """Today for everybody who has work there, else what comes after it."""
        first, second, *_ = (section.name for section in sections())
        return first if works_of(self.opened.actor.roles) else second

    # What is said ----------------------------------------------------------------------------------------------------------

    def _say_state(self) -> None:
        store = self.opened.store
        self.frame.show_status(
            [StatusItem(f"{store.name} connected"), StatusItem("Encrypted" if not store.is_server else "Server")]
        )
        if self.opened.was_upgraded:
            self.frame.message.done("The store was brought up to date for this version; a copy was taken first.")

    def _hear(self, areas: frozenset[Area]) -> None:
        if areas & {Area.PATIENTS, Area.ORDERS, Area.PAYERS}:
            self.load_banner()

    def _show_tabs(self, place: Place) -> None:
        titles = [other.title for other in places_of(place.section, chart=place.is_chart)]
        tabs = Tabs(place.section, titles) if len(titles) > 1 else None
        if tabs is not None:
            tabs.choose(place.title)
            tabs.chosen_changed.connect(lambda title: self.open_place(place_of(title)))
        self._tabs = tabs
        self.frame.show_tabs(tabs)

    def _keys(self) -> None:
        keys: list[tuple[str, Callable[[], object]]] = [
            ("Ctrl+W", self.put_patient_away),
            ("Ctrl+Tab", partial(self._step_tab, 1)),
            ("Ctrl+Shift+Tab", partial(self._step_tab, -1)),
        ]
        keys += [(f"Ctrl+{number}", partial(self.open_section, section.name)) for number, section in enumerate(sections()[:9], 1)]
        for key, call in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(call)

    def _step_tab(self, by: int) -> None:
        if self._tabs is None:
            return
        current = place_of(self._tabs.chosen())
        titles = [place.title for place in places_of(current.section, chart=current.is_chart)]
        self.open_place(place_of(titles[(titles.index(current.title) + by) % len(titles)]))

    def _listen_to(self, shown: QWindow | None) -> None:
        """Hear keys and mouse where they arrive, in dialogs too; a filter on the application would see each event of every part."""
        if shown is not None:
            shown.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel):
            self._idle.start()
        return super().eventFilter(watched, event)

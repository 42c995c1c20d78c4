"""The frame around every screen.

frame = Frame([Section("Today"), Section("Labs"), Section("Quality", rule=True)])
window.setCentralWidget(frame)
frame.section_chosen.connect(window.open_section)       (str)
frame.search_asked.connect(palette.open)                (str: what was typed so far)
frame.lock_asked / help_asked / news_asked / person_asked
frame.show_screen(widget)                the content; screens stay alive until `forget_screen(widget)`
frame.show_section("Labs"); frame.set_count("Labs", 9, is_critical=True)
frame.show_patient(BannerFacts(...) or None);  frame.say_station("Station: hood PEC-2")
frame.show_person("ZZTEST Rowan", "Pharmacist");  frame.message.done("Order verified.", "Resume", act)
frame.show_status([StatusItem("Database connected"), StatusItem("HL7 stopped", "due")])
frame.show_demo(True)
"""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from infusiondesk.foundation.qtkit.frame.foot import Foot, StatusItem
from infusiondesk.foundation.qtkit.frame.side_bar import Section, SideBar
from infusiondesk.foundation.qtkit.frame.top_bar import TopBar
from infusiondesk.foundation.qtkit.parts.banner import Banner, BannerFacts
from infusiondesk.foundation.qtkit.parts.message_bar import MessageBar
from infusiondesk.foundation.qtkit.theme import token

RAIL_BELOW = 1000


class Frame(QWidget):
    """Side bar, top bar, banner, screen, foot."""

    section_chosen = Signal(str)
    search_asked = Signal(str)
    lock_asked = Signal()
    help_asked = Signal()
    news_asked = Signal()
    person_asked = Signal()

    def __init__(self, sections: Sequence[Section], *, name: str = "InfusionDesk", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.side = SideBar(sections, name)
        self.top = TopBar()
        self.banner = Banner()
        self._tabs_row = QVBoxLayout()
        self._tabs: QWidget | None = None
        self.stack = QStackedWidget()
        self.foot = Foot()
        self.message: MessageBar = self.foot.message
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.top)
        right.addWidget(self.banner)
        right.addLayout(self._tabs_row)
        right.addWidget(self.stack, 1)
        right.addWidget(self.foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side)
        row.addLayout(right, 1)
        self.side.chosen.connect(self.section_chosen)
        self.top.search.asked.connect(self.search_asked)
        self.top.lock.clicked.connect(lambda: self.lock_asked.emit())
        self.top.help.clicked.connect(lambda: self.help_asked.emit())
        self.top.news.clicked.connect(lambda: self.news_asked.emit())
        self.top.person.clicked.connect(lambda: self.person_asked.emit())

    def show_screen(self, screen: QWidget) -> None:
        """Show a screen in the middle; it is kept until it is forgotten."""
        if self.stack.indexOf(screen) < 0:
            self.stack.addWidget(screen)
        self.stack.setCurrentWidget(screen)

    def show_tabs(self, tabs: QWidget | None) -> None:
        """The pages of the section or chart that is open, above the screen; None where there is only one."""
        if self._tabs is not None:
            self._tabs.hide()
            self._tabs.deleteLater()
        self._tabs = tabs
        if tabs is not None:
            self._tabs_row.addWidget(tabs)

    def screen_shown(self) -> QWidget | None:
        """The screen in the middle."""
        return self.stack.currentWidget()

    def forget_screen(self, screen: QWidget) -> None:
        """Take a screen out and let it go."""
        self.stack.removeWidget(screen)
        screen.deleteLater()

    def show_section(self, name: str) -> None:
        """Mark a section as open."""
        self.side.show_section(name)

    def set_count(self, name: str, count: int, is_critical: bool = False) -> None:
        """How many things wait in a section."""
        self.side.set_count(name, count, is_critical)

    def show_patient(self, facts: BannerFacts | None) -> None:
        """The banner of the open patient, or none."""
        self.banner.show_patient(facts)
        if facts is not None:
            self.say_station("")
        elif not self.top.station.text():
            self.say_station("No patient open")

    def say_station(self, words: str) -> None:
        """Where this is ("Station: hood PEC-2") or that no patient is open."""
        self.top.station.say(words)

    def show_person(self, name: str, role: str) -> None:
        """Who is signed in."""
        self.top.person.show_person(name, role)

    def show_status(self, items: Sequence[StatusItem]) -> None:
        """Database, backup, listener: at the right of the foot."""
        self.foot.show_status(items)

    def show_news(self, count: int) -> None:
        """How many pieces of news wait behind the bell."""
        self.top.news.show_dot(count > 0, f"{count} new" if count else "")

    def show_demo(self, on: bool) -> None:
        """Whether this is the demonstration pharmacy."""
        self.top.demo.setVisible(on)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < RAIL_BELOW
        if narrow != self.side.is_rail():
            self.side.show_rail(narrow)
            self.top.person.show_small(narrow)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), token("bg"))

"""The bar at the top: search with its key, where we are, DEMO where it is one, lock, help, news, and who is signed in."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from infusiondesk.foundation.qtkit.fonts import width_of
from infusiondesk.foundation.qtkit.icons import draw_icon
from infusiondesk.foundation.qtkit.paint import box, focus_ring, key_cap, key_cap_width, smooth, text
from infusiondesk.foundation.qtkit.parts.focus import KeyboardButton
from infusiondesk.foundation.qtkit.parts.icon_button import IconButton
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.theme import token

HEIGHT = 52
PROMPT = "Find a patient, Rx, lot, code, action, or scan"
SHORTER = ("Find a patient, Rx, lot or code", "Find or scan", "Find")
WIDEST_ROLE = 200


class SearchField(KeyboardButton):
    """Looks like the field it opens: a click, its key or any letter opens the palette."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(PROMPT)
        self.setAccessibleName("Search")
        self.setAccessibleDescription(PROMPT)
        self.setObjectName("search")
        self.setFixedHeight(34)
        self.setMaximumWidth(440)
        self.setMinimumWidth(120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setShortcut(QKeySequence("Ctrl+K"))
        self.clicked.connect(lambda: self.asked.emit(""))

    def sizeHint(self) -> QSize:
        return QSize(440, 34)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.asked.emit("")
        elif event.text().strip() and event.text().isprintable():
            self.asked.emit(event.text())
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        has_focus = self.hasFocus()
        box(
            painter,
            area,
            6,
            "surface",
            "accent" if has_focus else ("ink2" if self.underMouse() else "control"),
            2 if has_focus else 1,
        )
        draw_icon(painter, "magnifying-glass", QRectF(10, 8, 18, 18), "ink3")
        cap = key_cap_width("Ctrl+K")
        room = self.width() - cap - 56
        words = next((words for words in (PROMPT, *SHORTER) if width_of(words, 13) <= room), SHORTER[-1])
        text(painter, QRectF(36, 0, room, 34), words, 13, 400, "ink3")
        key_cap(painter, self.width() - cap - 8, 17, "Ctrl+K")


class PersonButton(KeyboardButton):
    """Who is signed in; opens the person's menu."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._role, self._told, self._is_small = "", "", "", False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setObjectName("person")
        self.setFixedHeight(44)
        self.show_person("", "")

    def show_person(self, name: str, role: str) -> None:
        """Show a person; nobody hides it."""
        self._name, self._role = name, role
        self._told = _short(role)
        self.setText(name)
        self.setAccessibleName(f"Signed in: {name}, {role}" if name else "Nobody is signed in")
        self.setVisible(bool(name))
        self._measure()

    def show_small(self, on: bool) -> None:
        """Only the circle, where there is little room."""
        self._is_small = on
        self._measure()

    def _measure(self) -> None:
        self.setToolTip(f"{self._name}, {self._role}" if self._is_small or self._told != self._role else "")
        words = max(width_of(self._name, 13, 600), width_of(self._told, 12))
        self.setFixedWidth(38 if self._is_small else int(words) + 48)
        self.update()

    def initials(self) -> str:
        """Two letters of the name."""
        parts = [part for part in self._name.replace(",", " ").split() if part[0].isalpha()]
        return "".join(part[0] for part in parts[:2]).upper()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = smooth(QPainter(self))
        circle = QRectF(3, 7, 30, 30)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(token("softline" if self.underMouse() else "soft"))
        painter.drawEllipse(circle)
        text(painter, circle, self.initials(), 12, 600, "accent", "centre", keep=True)
        if not self._is_small:
            text(painter, QRectF(44, 4, self.width() - 44, 18), self._name, 13, 600)
            text(painter, QRectF(44, 22, self.width() - 44, 16), self._told, 12, 400, "ink3")
        if self.shows_focus():
            focus_ring(painter, QRectF(self.rect()), 7)


def _short(role: str) -> str:
    """Many roles must not take the room of the search: the first one and how many more."""
    first, *more = role.replace(" and ", ", ").split(", ")
    if width_of(role, 12) <= WIDEST_ROLE or not more:
        return role
    return f"{first} and {len(more)} more {'role' if len(more) == 1 else 'roles'}"


class DemoRibbon(QWidget):
    """Says that nobody here is a real patient; it looks like no status, so it is never read as one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(int(width_of("DEMO", 12, 600)) + 24, 22)
        self.setAccessibleName("Demonstration pharmacy, no real patients")
        self.setToolTip("Demonstration pharmacy, no real patients")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box(painter, QRectF(self.rect()), 4, "ink2")
        text(painter, QRectF(self.rect()), "DEMO", 12, 600, "surface", "centre", keep=True)


class TopBar(QWidget):
    """52 px."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = SearchField()
        self.station = Text("No patient open", 12, 400, "ink3")
        self.demo = DemoRibbon()
        self.demo.setVisible(False)
        self.lock = IconButton("lock", "Lock this station", key="Ctrl+L")
        self.help = IconButton("question", "Help for this screen", key="F1")
        self.news = IconButton("bell", "What is new")
        self.person = PersonButton()
        self.setFixedHeight(HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 16, 1)
        row.setSpacing(4)
        row.addWidget(self.search, 3)
        row.addSpacing(12)
        row.addWidget(self.station, 2)
        row.addWidget(self.demo)
        row.addSpacing(8)
        for part in (self.lock, self.help, self.news):
            row.addWidget(part)
        row.addSpacing(6)
        row.addWidget(self.person)

    def minimumSizeHint(self) -> QSize:
        # The width of the full bar must not keep the window from becoming narrow enough for the small one.
        return QSize(360, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), token("bg"))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), token("line"))

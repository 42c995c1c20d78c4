"""The one line at the foot: what happened, what is safe, what to do; never a pop-up for what can be said in a line.

bar.done("Order Rx 704118 verified. Label queued.", "Undo", self.resume)      goes away after a while
bar.progress("Importing price file, row 4,120 of 9,800", 0.42, cancel=self.cancel)
bar.due("Server lost 08:31. 2 drafts are safe on this computer.", "Retry", self.retry)
bar.danger("Not saved: the order changed at 08:30. Your text is kept.", "Compare", self.compare)   stays until read
bar.clear()
"""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from infusiondesk.foundation.qtkit.fonts import width_of
from infusiondesk.foundation.qtkit.paint import Shape, box, focus_ring, shape, smooth, text
from infusiondesk.foundation.qtkit.tokens import Token

Told = Literal["", "done", "progress", "due", "danger"]
STAYS_MS = 12_000
BAR_HEIGHT = 32

_SHAPES: dict[Told, tuple[Shape, Token]] = {
    "done": ("check", "done"),
    "progress": ("ring", "ink2"),
    "due": ("triangle", "due"),
    "danger": ("octagon", "danger"),
}
_GROUNDS: dict[Told, tuple[Token, Token]] = {"due": ("duesoft", "dueline"), "danger": ("dangersoft", "dangerline")}


class MessageBar(QWidget):
    """One sentence, one action."""

    said = Signal(str, str)
    """What was said and how ("done", "progress", "due", "danger")."""

    def __init__(self, *, framed: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told: Told = ""
        self._sentence = ""
        self._action = ""
        self._act: Callable[[], object] | None = None
        self._share: float | None = None
        self._behind: tuple[Told, str, str, Callable[[], object] | None] | None = None
        self._framed = framed
        self.setFixedHeight(BAR_HEIGHT)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Message")
        self._fading = QTimer(self)
        self._fading.setSingleShot(True)
        self._fading.setInterval(STAYS_MS)
        self._fading.timeout.connect(self.clear)

    def done(self, sentence: str, action: str = "", act: Callable[[], object] | None = None) -> None:
        """It worked; the action is the reverse verb."""
        self._say("done", sentence, action, act)

    def progress(self, sentence: str, share: float | None = None, cancel: Callable[[], object] | None = None) -> None:
        """It is running, this far (0 to 1)."""
        self._share = share
        self._say("progress", sentence, "Cancel" if cancel else "", cancel)

    def due(self, sentence: str, action: str = "", act: Callable[[], object] | None = None) -> None:
        """It waits or needs attention; nothing is lost."""
        self._say("due", sentence, action, act)

    def danger(self, sentence: str, action: str = "", act: Callable[[], object] | None = None) -> None:
        """It did not work or could harm; stays until it was read."""
        self._say("danger", sentence, action or "Read", act)

    def clear(self) -> None:
        """Nothing to say."""
        self._fading.stop()
        self._told, self._sentence, self._action, self._act = "", "", "", None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleDescription("")
        self.update()

    def sentence(self) -> str:
        """What it says now."""
        return self._sentence

    def tone(self) -> Told:
        """How it says it."""
        return self._told

    def act(self) -> None:
        """Do the action that is offered."""
        act = self._act
        behind, self._behind = self._behind, None
        if self._told in ("danger", "done"):
            self.clear()
        if behind is not None:
            self._say(*behind)
        if act is not None:
            act()

    def _say(self, told: Told, sentence: str, action: str, act: Callable[[], object] | None) -> None:
        if self._told == "danger" and told in ("done", "progress"):
            self._behind = (told, sentence, action, act)  # red stays until it was read; then this is said
            return
        self._behind = None
        self._told, self._sentence, self._action, self._act = told, sentence, action, act
        self._fading.stop()
        if told == "done":
            self._fading.start()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if action else Qt.FocusPolicy.NoFocus)
        self.setAccessibleDescription(f"{sentence} {action}".strip())
        self.setToolTip(sentence)
        self.update()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))
        self.said.emit(sentence, told)

    def _action_area(self) -> QRectF:
        wide = width_of(self._action, 12, 600)
        if self._framed:
            return QRectF(self.width() - wide - 16, 4, wide + 8, self.height() - 8)
        room = self.width() - 20 - wide - 40
        said = min(width_of(self._sentence, 12), max(40.0, room))
        return QRectF(20 + 18 + said + 10, 4, wide + 8, self.height() - 8)

    def wanted_width(self) -> int:
        """The room that the whole sentence with its action needs."""
        action = width_of(self._action, 12, 600) + 30 if self._action else 0
        return int(width_of(self._sentence, 12) + action) + 52

    def sizeHint(self) -> QSize:
        return QSize(420, BAR_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, BAR_HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._action and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.act()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._action and self._action_area().contains(event.position()):
            self.act()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = bool(self._action) and self._action_area().contains(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = smooth(QPainter(self))
        ground = _GROUNDS.get(self._told)
        if self._framed:
            fill, edge = ground or ("sunken", "line")
            box(painter, QRectF(self.rect()), 6, fill, edge)
        elif ground:
            painter_area = QRectF(12, 4, self._action_area().right() - 6 if self._action else self.width() - 12, self.height() - 8)
            box(painter, painter_area, 4, ground[0], ground[1])
        if not self._told:
            return
        kind, colour = _SHAPES[self._told]
        left = 10 if self._framed else 20
        middle = self.height() / 2
        shape(painter, kind, QRectF(left, middle - 5, 10, 10), colour)
        action = self._action_area()
        end = action.left() - 8 if self._action else self.width() - 12
        lifted = -2 if self._told == "progress" and self._share is not None else 0
        text(painter, QRectF(left + 18, lifted, end - left - 18, self.height()), self._sentence, 12)
        if lifted and self._share is not None:
            track = QRectF(left + 18, self.height() - 7, min(280.0, end - left - 18), 3)
            box(painter, track, 1.5, "line2")
            track.setWidth(max(3.0, track.width() * min(1.0, max(0.0, self._share))))
            box(painter, track, 1.5, "accent")
        if self._action:
            text(painter, action, self._action, 12, 600, "accent", "centre", keep=True)
            if self.hasFocus():
                focus_ring(painter, action, 4)

"""The button of the desk: a verb, an icon at its left, its key at its right, and a sentence when it may not be used.

Button("Verify", "primary", icon="check", key="Ctrl+Enter")   the key is installed for the window and shown
Button("Open chart", cap="O")                                 shows a key that somebody else listens to
Button("Filter", icon="funnel", dense=True)                   32 px instead of 36
Button.for_action(action, "primary")                          follows a QAction: text, shortcut, enabled, why not

button.forbid("2 red items to settle before signing.")        disabled, and says why (tool tip, description, signal)
button.allow()
"""

from typing import Literal

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QEnterEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from infusiondesk.foundation.qtkit.fonts import font, width_of
from infusiondesk.foundation.qtkit.icons import draw_icon
from infusiondesk.foundation.qtkit.paint import box, focus_ring, key_cap, key_cap_width, text
from infusiondesk.foundation.qtkit.parts.focus import KeyboardButton
from infusiondesk.foundation.qtkit.tokens import Token

Kind = Literal["primary", "secondary", "ghost", "danger", "danger_outline"]
State = Literal["rest", "hover", "press"]

# For each kind: fill at rest, under the mouse, pressed; edge; ink.
_LOOKS: dict[Kind, tuple[dict[State, Token | None], Token | None, Token]] = {
    "primary": ({"rest": "accent", "hover": "accent_hover", "press": "accent_press"}, None, "onaccent"),
    "secondary": ({"rest": "raised", "hover": "hover", "press": "press"}, "control", "ink"),
    "ghost": ({"rest": None, "hover": "soft", "press": "press"}, None, "accent"),
    "danger": ({"rest": "danger", "hover": "danger_hover", "press": "danger_press"}, None, "ondanger"),
    "danger_outline": ({"rest": "surface", "hover": "dangersoft", "press": "dangersoft"}, "danger", "danger"),
}


class Button(KeyboardButton):
    """One thing a person can do."""

    reason_changed = Signal(str)

    def __init__(
        self,
        words: str,
        kind: Kind = "secondary",
        *,
        icon: str = "",
        key: str = "",
        cap: str = "",
        height: int = 36,
        dense: bool = False,
        wide: bool = False,
        px: int = 13,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.kind: Kind = kind
        self.reason = ""
        self._icon, self._px = icon, px
        self._cap = cap or _shown(key)
        self.setText(words)
        self.setAccessibleName(words)
        self.setFont(font(px, 600))
        self.setFixedHeight(32 if dense else height)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding if wide else QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if key:
            self.setShortcut(QKeySequence("Return" if key == "Enter" else key.replace("Enter", "Return")))
        self._describe()

    @classmethod
    def for_action(
        cls,
        action: QAction,
        kind: Kind = "secondary",
        *,
        icon: str = "",
        height: int = 36,
        dense: bool = False,
        wide: bool = False,
    ) -> "Button":
        """A button that does what a QAction does and follows its text, shortcut and whether it may be used."""
        button = cls(action.text(), kind, icon=icon, height=height, dense=dense, wide=wide)

        def follow() -> None:
            button.say(action.text(), cap=_shown(action.shortcut().toString(QKeySequence.SequenceFormat.PortableText)))
            if action.isEnabled():
                button.allow()
            else:
                button.forbid(action.whatsThis() or action.toolTip())
            button.setVisible(action.isVisible())

        button.setObjectName(action.objectName())
        button.say(action.text(), cap=_shown(action.shortcut().toString(QKeySequence.SequenceFormat.PortableText)))
        if not action.isEnabled():
            button.forbid(action.whatsThis() or action.toolTip())
        action.changed.connect(follow)
        button.clicked.connect(lambda: action.trigger())
        button.destroyed.connect(lambda: _let_go(action, follow))
        return button

    def say(self, words: str, *, cap: str | None = None) -> None:
        """Change the words, and the key that is shown if one is given."""
        if cap is not None:
            self._cap = cap
        self.setText(words)
        self.setAccessibleName(words)
        self._describe()
        self.updateGeometry()
        self.update()

    def forbid(self, reason: str) -> None:
        """It may not be used now; the sentence says why."""
        self.reason = reason
        self.setEnabled(False)
        self._describe()
        self.reason_changed.emit(reason)

    def allow(self) -> None:
        """It may be used."""
        self.reason = ""
        self.setEnabled(True)
        self._describe()
        self.reason_changed.emit("")

    def _describe(self) -> None:
        told = self.reason or (f"Key {self._cap}" if self._cap else "")
        self.setAccessibleDescription(told)
        self.setToolTip(self.reason)

    def sizeHint(self) -> QSize:
        return QSize(self._content_width() + (24 if self.height() < 46 else 40), self.maximumHeight())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _icon_px(self) -> int:
        return 18 if self._px < 16 else 22

    def _content_width(self) -> int:
        wide = width_of(self.text(), self._px, 600)
        if self._icon:
            wide += self._icon_px() + (7 if self.text() else 0)
        if self._cap:
            wide += key_cap_width(self._cap) + 10
        return int(wide) + 1

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        radius = 6.0 if self.height() < 46 else 8.0
        if self.shows_focus():
            focus_ring(painter, area, radius + 1)
            area = area.adjusted(4, 4, -4, -4)
            radius -= 2
        state: State = "press" if self.isDown() or self.isChecked() else ("hover" if self.underMouse() else "rest")
        fills, edge, ink = _LOOKS[self.kind]
        fill = fills[state]
        if not self.isEnabled():
            fill, edge, ink = "sunken", "line2", "ink3"
        elif edge == "control" and state == "hover":
            edge = "ink2"
        box(painter, area, radius, fill, edge)
        x = area.x() + (area.width() - self._content_width()) / 2
        middle = area.center().y()
        if self._icon:
            px = self._icon_px()
            draw_icon(painter, self._icon, QRectF(x, middle - px / 2, px, px), ink)
            x += px + 7
        wide = width_of(self.text(), self._px, 600)
        text(painter, QRectF(x, area.y(), wide + 2, area.height()), self.text(), self._px, 600, ink, keep=True)
        if self._cap:
            filled = self.isEnabled() and self.kind in ("primary", "danger")
            key_cap(painter, x + wide + 10, middle, self._cap, on_fill=ink if filled else None)


def _shown(key: str) -> str:
    return key.replace("Return", "Enter")


def _let_go(action: QAction, follow: object) -> None:
    try:
        action.changed.disconnect(follow)
    except RuntimeError:
        return  # the action went first

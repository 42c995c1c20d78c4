"""The icons of the desk: Phosphor regular, drawn as letters in the colour of now, so no colour is ever baked in.

    draw_icon(painter, "flask", rect, "ink2")       any Phosphor name
    Icon("phone", "accent", 18)                     the same as a small widget
    SECTION_ICONS["Labs"]                           the icon of a section of the side bar

The font and the names come from qtawesome's files, read when the first Phosphor icon is drawn. The handful that the sign-in
needs is painted here by hand, so that the sign-in never waits for them.
"""

import json
import logging
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontDatabase, QIcon, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from infusiondesk.foundation.qtkit.paint import drop, smooth
from infusiondesk.foundation.qtkit.theme import token
from infusiondesk.foundation.qtkit.tokens import Token

_log = logging.getLogger(__name__)
SECTION_ICONS: dict[str, str] = {
    "Today": "sun-horizon",
    "Intake": "tray",
    "Patients": "users",
    "Pharmacy": "prescription",
    "Compounding": "flask",
    "Clean room": "wind",
    "Stock": "package",
    "Deliveries": "truck",
    "Labs": "test-tube",
    "Nursing": "first-aid-kit",
    "Billing": "receipt",
    "Quality": "chart-bar",
    "Library": "books",
    "Settings": "gear-six",
}


def draw_icon(painter: QPainter, name: str, rect: QRectF, colour: Token = "ink2") -> None:
    """Draw an icon by its name, filling the rectangle."""
    painter.save()
    smooth(painter)
    if name in _PAINTED:
        painter.translate(rect.topLeft())
        painter.scale(rect.width() / 24, rect.height() / 24)
        painter.setPen(QPen(token(colour), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(_PAINTED[name]())
    else:
        if not knows_icon(name):  # an exception inside a paint event would take the process down
            _log.error("there is no icon %s", name)
            name = "placeholder"
        letters, glyph = _phosphor(name)
        letters.setPixelSize(round(rect.height()))
        painter.setFont(letters)
        painter.setPen(token(colour))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextDontClip), glyph)
    painter.restore()


def _phosphor(name: str) -> tuple[QFont, str]:
    family, letters = _letters()
    return QFont(family), chr(int(letters[name], 16))


@cache
def _letters() -> tuple[str, dict[str, str]]:
    """The family of the icon font and the code point of each name, from qtawesome's files; importing it would cost 100 ms."""
    spec = find_spec("qtawesome")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("qtawesome")
    folder = Path(next(iter(spec.submodule_search_locations))) / "fonts"
    number = QFontDatabase.addApplicationFont(str(next(folder.glob("phosphor-*.ttf"))))
    charmap: dict[str, str] = json.loads(next(folder.glob("phosphor-charmap-*.json")).read_text("utf-8"))
    return QFontDatabase.applicationFontFamilies(number)[0], charmap


def knows_icon(name: str) -> bool:
    """Whether there is an icon of that name (tests ask; drawing an unknown name raises KeyError)."""
    if name in _PAINTED:
        return True
    try:
        _phosphor(name)
    except KeyError:
        return False
    return True


def icon_for(name: str, colour: Token = "ink2", px: int = 18) -> QIcon:
    """The icon as a QIcon, for menus and native buttons; its colour is of now and does not follow a theme change."""
    made = QIcon()
    for ratio in (1, 2):
        picture = QPixmap(QSize(px * ratio, px * ratio))
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        draw_icon(painter, name, QRectF(0, 0, px * ratio, px * ratio), colour)
        painter.end()
        picture.setDevicePixelRatio(ratio)
        made.addPixmap(picture)
    return made


class Icon(QWidget):
    """One icon as a widget; decoration only, the word beside it is what a reader reads."""

    def __init__(self, name: str, colour: Token = "ink2", px: int = 18, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._colour = name, colour
        self.setFixedSize(px, px)

    def show_icon(self, name: str, colour: Token | None = None) -> None:
        """Change the icon, and its colour if one is given."""
        self._name = name
        self._colour = colour or self._colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_icon(QPainter(self), self._name, QRectF(self.rect()), self._colour)


def _lock(open_: bool) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(4.5, 9.5, 15, 11), 1.5, 1.5)
    path.moveTo(8.5, 9.5)
    path.lineTo(8.5, 6.5)
    path.arcTo(QRectF(8.5, 3, 7, 7), 180, -150 if open_ else -180)
    if not open_:
        path.lineTo(15.5, 9.5)
    path.addEllipse(QPointF(12, 15), 0.6, 0.6)
    return path


def _check_circle() -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(12, 12), 8.5, 8.5)
    path.moveTo(8.2, 12.4)
    path.lineTo(10.8, 15)
    path.lineTo(15.8, 9.6)
    return path


def _badge() -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(5, 3.5, 14, 17), 1.5, 1.5)
    path.moveTo(10, 6.5)
    path.lineTo(14, 6.5)
    path.addEllipse(QPointF(12, 11.5), 2.3, 2.3)
    path.moveTo(8, 17.5)
    path.cubicTo(9, 15.2, 10.4, 14.8, 12, 14.8)
    path.cubicTo(13.6, 14.8, 15, 15.2, 16, 17.5)
    return path


def _sheet() -> QPainterPath:
    path = QPainterPath(QPointF(14, 3.5))
    for x, y in ((6.5, 3.5), (5, 5), (5, 19), (6.5, 20.5), (17.5, 20.5), (19, 19), (19, 8.5), (14, 3.5)):
        path.lineTo(x, y)
    path.moveTo(14, 3.5)
    path.lineTo(14, 8.5)
    path.lineTo(19, 8.5)
    for y in (12.5, 16.0):
        path.moveTo(9, y)
        path.lineTo(15, y)
    return path


_PAINTED: dict[str, Callable[[], QPainterPath]] = {
    "lock": lambda: _lock(open_=False),
    "lock-open": lambda: _lock(open_=True),
    "check-circle": _check_circle,
    "identification-badge": _badge,
    "file-text": _sheet,
}


def mark_icon() -> QIcon:
    """The mark of InfusionDesk as the icon of its windows."""
    made = QIcon()
    for px in (16, 24, 32, 48, 64, 128):
        picture = QPixmap(QSize(px, px))
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        drop(painter, QRectF(0, 0, px, px))
        painter.end()
        made.addPixmap(picture)
    return made

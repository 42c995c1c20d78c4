"""What is drawn by hand everywhere: status shapes, pills, key caps, single lines of text, the hospital hatch.

shape(painter, "octagon", rect, "danger")     octagon danger, triangle due or held, check done, dot in progress,
                                              ring waiting, square in hospital, cross missed
text(painter, rect, "4 vials", 13, 600)       one line, elided unless keep=True (a dose is never elided)
pill(painter, x, middle, "Due 11:00", "due")  returns its width;   pill_width("Due 11:00", "due") beforehand
key_cap(painter, x, middle, "Ctrl+K")         returns its width;   key_cap_width("Ctrl+K")
"""

from typing import Literal, NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF

from infusiondesk.foundation.qtkit.fonts import font, metrics, width_of
from infusiondesk.foundation.qtkit.theme import token
from infusiondesk.foundation.qtkit.tokens import Token, Tone

Shape = Literal["octagon", "triangle", "check", "dot", "ring", "square", "cross", "none"]
Side = Literal["left", "right", "centre"]


class Look(NamedTuple):
    """The colours and the shape of a tone."""

    ink: Token
    soft: Token
    line: Token
    shape: Shape


LOOKS: dict[Tone, Look] = {
    "danger": Look("danger", "dangersoft", "dangerline", "octagon"),
    "due": Look("due", "duesoft", "dueline", "triangle"),
    "done": Look("done", "donesoft", "bandline", "check"),
    "accent": Look("accent", "soft", "softline", "dot"),
    "neutral": Look("ink2", "sunken", "line2", "ring"),
    "hosp": Look("hosp", "hospsoft", "hatch", "square"),
    "plain": Look("ink2", "sunken", "line2", "none"),
}

_ALIGN = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "right": Qt.AlignmentFlag.AlignRight,
    "centre": Qt.AlignmentFlag.AlignHCenter,
}


def smooth(painter: QPainter) -> QPainter:
    """The same painter with soft edges on."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def shape(painter: QPainter, kind: Shape, rect: QRectF, colour: Token) -> None:
    """Draw one status shape inside the rectangle."""
    if kind == "none":
        return
    painter.save()
    smooth(painter)
    ink = token(colour)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    if kind == "octagon":
        painter.drawPolygon(octagon(rect))
    elif kind == "triangle":
        painter.setPen(_round_pen(colour, 1.5))
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(rect.center().x(), rect.top() + 0.5),
                    QPointF(rect.right(), rect.bottom() - 1),
                    QPointF(rect.left(), rect.bottom() - 1),
                ]
            )
        )
    elif kind == "dot":
        painter.drawEllipse(rect.adjusted(0.5, 0.5, -0.5, -0.5))
    elif kind == "ring":
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ink, 1.8))
        painter.drawEllipse(rect.adjusted(1.2, 1.2, -1.2, -1.2))
    elif kind == "square":
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(_round_pen(colour, 2.0))
        for stroke in _STROKES[kind]:
            painter.drawPolyline(
                QPolygonF([QPointF(rect.x() + rect.width() * across, rect.y() + rect.height() * down) for across, down in stroke])
            )
    painter.restore()


_STROKES: dict[str, list[list[tuple[float, float]]]] = {
    "check": [[(0.12, 0.55), (0.40, 0.82), (0.90, 0.22)]],
    "cross": [[(0.15, 0.15), (0.85, 0.85)], [(0.85, 0.15), (0.15, 0.85)]],
}


def octagon(rect: QRectF) -> QPolygonF:
    """The eight corners of a stop sign."""
    cut_x, cut_y = rect.width() * 0.29, rect.height() * 0.29
    left, top, right, bottom = rect.left(), rect.top(), rect.right(), rect.bottom()
    return QPolygonF(
        [
            QPointF(left + cut_x, top),
            QPointF(right - cut_x, top),
            QPointF(right, top + cut_y),
            QPointF(right, bottom - cut_y),
            QPointF(right - cut_x, bottom),
            QPointF(left + cut_x, bottom),
            QPointF(left, bottom - cut_y),
            QPointF(left, top + cut_y),
        ]
    )


def _round_pen(colour: Token, width: float) -> QPen:
    return QPen(token(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def text(
    painter: QPainter,
    rect: QRectF | QRect,
    words: str,
    px: int = 13,
    weight: int = 400,
    colour: Token = "ink",
    side: Side = "left",
    *,
    keep: bool = False,
) -> None:
    """Draw one line, vertically centred; elided when too wide, unless `keep`."""
    area = QRectF(rect)
    painter.setFont(font(px, weight))
    painter.setPen(token(colour))
    if not keep:
        words = elided(words, area.width(), px, weight)
    flags = _ALIGN[side] | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(area, int(flags) | int(Qt.TextFlag.TextSingleLine) | int(Qt.TextFlag.TextDontClip), words)


def elided(words: str, width: float, px: int = 13, weight: int = 400) -> str:
    """The words, or as much of them as fits followed by an ellipsis."""
    return metrics(px, weight).elidedText(words, Qt.TextElideMode.ElideRight, width + 0.5)


def box(
    painter: QPainter, rect: QRectF | QRect, radius: float, fill: Token | None, edge: Token | None = None, width: float = 1.0
) -> None:
    """A rounded box; the edge is drawn inside the rectangle, on half pixels where it is one pixel wide."""
    area = QRectF(rect)
    painter.save()
    smooth(painter)
    painter.setBrush(token(fill) if fill else Qt.BrushStyle.NoBrush)
    if edge:
        painter.setPen(QPen(token(edge), width))
        area = area.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(area, radius, radius)
    painter.restore()


def focus_ring(painter: QPainter, rect: QRectF | QRect, radius: float = 8) -> None:
    """The ring of keyboard focus: two pixels of accent, drawn just inside the rectangle."""
    box(painter, rect, radius, None, "accent", 2)


PILL_HEIGHT = 22


def pill_width(words: str, tone: Tone = "neutral", px: int = 12, mark: Shape | None = None) -> int:
    """How wide a pill will be."""
    drawn = mark or LOOKS[tone].shape
    return int(width_of(words, px, 600) + (16 if drawn != "none" else 0) + 16) + 1


def pill(
    painter: QPainter,
    x: float,
    middle: float,
    words: str,
    tone: Tone = "neutral",
    *,
    mark: Shape | None = None,
    px: int = 12,
    height: int = PILL_HEIGHT,
    width: float | None = None,
) -> int:
    """Draw a status pill from its left edge and its vertical middle; returns its width."""
    look = LOOKS[tone]
    drawn = mark or look.shape
    whole = pill_width(words, tone, px, mark) if width is None else int(width)
    area = QRectF(x, middle - height / 2, whole, height)
    box(painter, area, 4, look.soft, look.line)
    start = x + 8
    if drawn != "none":
        shape(painter, drawn, QRectF(x + 8, middle - 5, 10, 10), look.ink)
        start = x + 24
    text(painter, QRectF(start, area.y(), x + whole - 7 - start, height), words, px, 600, look.ink)
    return whole


def key_cap_width(words: str) -> int:
    """How wide a key cap will be."""
    return int(max(18.0, width_of(words, 11, 600) + 10)) + 1


def key_cap(painter: QPainter, x: float, middle: float, words: str, *, on_fill: Token | None = None) -> int:
    """Draw a key cap from its left edge and vertical middle; on a filled button its edge is translucent. Returns its width."""
    whole = key_cap_width(words)
    area = QRectF(x, middle - 9, whole, 18)
    painter.save()
    smooth(painter)
    if on_fill:
        painter.setPen(QPen(token(on_fill, 0.5), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    else:
        painter.setPen(QPen(token("line2"), 1))
        painter.setBrush(token("sunken"))
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    text(painter, area, words, 11, 600, on_fill or "ink2", "centre", keep=True)
    painter.restore()
    return whole


def hatch(painter: QPainter, rect: QRectF, step: int = 6) -> None:
    """The fill of a day in hospital: a soft ground with lines at 45 degrees."""
    painter.save()
    smooth(painter)
    painter.fillRect(rect, token("hospsoft"))
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(token("hatch"), 1))
    start = rect.x() - rect.height()
    while start < rect.right():
        painter.drawLine(QPointF(start, rect.bottom()), QPointF(start + rect.height(), rect.top()))
        start += step
    painter.restore()


def wrapped(words: str, width: float, px: int = 12, weight: int = 400, most: int = 2) -> list[str]:
    """The words broken into at most so many lines; only the last one may be elided.

    A number stays on one line with what follows it: "500" at the end of a line and "mg" on the next is a misread dose.
    """
    lines: list[str] = []
    rest = unbroken(words)
    while rest and len(lines) < most - 1:
        line = rest.pop(0)
        while rest and width_of(f"{line} {rest[0]}", px, weight) <= width:
            line = f"{line} {rest.pop(0)}"
        lines.append(line)
    if rest:
        lines.append(" ".join(rest))
    return lines


def unbroken(words: str) -> list[str]:
    """The pieces between which a line may break."""
    joined: list[str] = []
    for word in words.split():
        before = joined[-1].rpartition(" ")[2] if joined else ""
        if before[-1:].isdigit() and before.replace(",", "").replace(".", "").isdigit():
            joined[-1] = f"{joined[-1]} {word}"
        else:
            joined.append(word)
    return joined


def drop(painter: QPainter, rect: QRectF) -> None:
    """The mark of InfusionDesk: a drop on an accent tile."""
    painter.save()
    smooth(painter)
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / 24, rect.height() / 24)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(token("accent"))
    painter.drawRoundedRect(QRectF(0, 0, 24, 24), 6, 6)
    outline = QPainterPath(QPointF(12, 4.5))
    outline.cubicTo(12, 4.5, 18, 11, 18, 14.2)
    outline.cubicTo(18, 17.8, 15.3, 20, 12, 20)
    outline.cubicTo(8.7, 20, 6, 17.8, 6, 14.2)
    outline.cubicTo(6, 11, 12, 4.5, 12, 4.5)
    painter.setBrush(token("onaccent"))
    painter.drawPath(outline)
    painter.restore()

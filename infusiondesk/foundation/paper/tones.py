"""The few colours of a paper (the light theme of the desk) and the shapes that carry the same meaning without them."""

from enum import Enum, StrEnum
from typing import Final

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas


class Tone(Enum):
    """What a word's colour says; red is danger, amber is due or held, green is done, and nothing else is coloured."""

    INK = "#16232B"
    QUIET = "#475761"
    LABEL = "#5B6A74"
    ACCENT = "#0B6A7E"
    DANGER = "#B3261E"
    DUE = "#855000"
    DONE = "#2A6C4B"
    HOSPITAL = "#56657A"

    @property
    def colour(self) -> Color:
        return HexColor(self.value)


SUNKEN: Final = HexColor("#F6F8F9")
LINE: Final = HexColor("#DDE4E7")
LINE_STRONG: Final = HexColor("#C6D0D5")
SOFT: Final = HexColor("#E1F0F3")
SOFT_LINE: Final = HexColor("#9AC9D3")
DUE_SOFT: Final = HexColor("#FDF2DD")
HOSPITAL_SOFT: Final = HexColor("#E8ECF1")
HATCH: Final = HexColor("#B9C3CF")
WATERMARK: Final = HexColor("#EDF1F3")


class Shape(StrEnum):
    """Shape and word and colour, so that a black and white copy says the same."""

    NONE = "none"
    OCTAGON = "danger"
    TRIANGLE = "due or held"
    CHECK = "done"
    DOT = "in progress"
    RING = "waiting"
    SQUARE = "in hospital"


TONE_OF: Final = {
    Shape.NONE: Tone.INK,
    Shape.OCTAGON: Tone.DANGER,
    Shape.TRIANGLE: Tone.DUE,
    Shape.CHECK: Tone.DONE,
    Shape.DOT: Tone.ACCENT,
    Shape.RING: Tone.LABEL,
    Shape.SQUARE: Tone.HOSPITAL,
}


def draw_shape(canvas: Canvas, shape: Shape, x: float, y: float, size: float) -> None:
    """Draw the shape into the square of this size whose lower left corner is given."""
    if shape is Shape.NONE:
        return
    tone = TONE_OF[shape].colour
    canvas.saveState()
    canvas.setFillColor(tone)
    canvas.setStrokeColor(tone)
    canvas.setLineJoin(1)
    canvas.setLineCap(1)
    match shape:
        case Shape.OCTAGON:
            cut = size * 0.29
            _polygon(
                canvas,
                x,
                y,
                [
                    (cut, 0),
                    (size - cut, 0),
                    (size, cut),
                    (size, size - cut),
                    (size - cut, size),
                    (cut, size),
                    (0, size - cut),
                    (0, cut),
                ],
            )
        case Shape.TRIANGLE:
            _polygon(canvas, x, y, [(0, size * 0.06), (size, size * 0.06), (size / 2, size * 0.94)])
        case Shape.CHECK:
            canvas.setLineWidth(size * 0.18)
            path = canvas.beginPath()
            path.moveTo(x + size * 0.08, y + size * 0.5)
            path.lineTo(x + size * 0.38, y + size * 0.18)
            path.lineTo(x + size * 0.94, y + size * 0.82)
            canvas.drawPath(path)
        case Shape.DOT:
            canvas.circle(x + size / 2, y + size / 2, size * 0.32, stroke=0, fill=1)
        case Shape.RING:
            canvas.setLineWidth(size * 0.14)
            canvas.circle(x + size / 2, y + size / 2, size * 0.38)
        case Shape.SQUARE:
            canvas.rect(x + size * 0.1, y + size * 0.1, size * 0.8, size * 0.8, stroke=0, fill=1)
    canvas.restoreState()


def _polygon(canvas: Canvas, x: float, y: float, corners: list[tuple[float, float]]) -> None:
    path = canvas.beginPath()
    path.moveTo(x + corners[0][0], y + corners[0][1])
    for right, up in corners[1:]:
        path.lineTo(x + right, y + up)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)

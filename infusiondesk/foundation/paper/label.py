"""A label: what must be read stands large, nothing is ever cut off; what does not fit goes on a second label that says so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Final

from reportlab.lib.units import inch
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Spacer, Table, TableStyle

from infusiondesk.foundation.paper import pieces
from infusiondesk.foundation.paper.barcodes import draw_data_matrix
from infusiondesk.foundation.paper.ink import STRONG, Ink, log_missing
from infusiondesk.foundation.paper.pieces import Text, voiced
from infusiondesk.foundation.paper.sheet import NEUTRAL, SETTINGS
from infusiondesk.foundation.paper.tones import LINE_STRONG, WATERMARK, Tone


@dataclass(frozen=True)
class Stock:
    """A size of label, in points."""

    width: float
    height: float
    margin: float


BAG: Final = Stock(4 * inch, 3 * inch, 9)
SYRINGE: Final = Stock(2 * inch, 1 * inch, 5)

# Before anything goes to a second label the type may shrink by this much, and no further: it is read at arm's length.
_SCALES: Final = (1.0, 0.94, 0.88)

Piece = Callable[[Ink, float, float], Flowable]


class Label:
    """One label, or more where it is full: `head` is repeated, `body` flows, `foot` stands at the bottom beside the code."""

    def __init__(self, stock: Stock, *, record_id: str, code: str, is_demo: bool, reprint: int = 0) -> None:
        self.stock, self.record_id, self.code, self.is_demo, self.reprint = stock, record_id, code, is_demo, reprint
        self.head: list[Piece] = []
        self.body: list[Piece] = []
        self.foot: list[Piece] = []

    def draw(self, canvas: Canvas, ink: Ink) -> None:
        """Draw the label, and its continuation where one is needed; every page ends with showPage."""
        for scale in _SCALES:
            pages = self._pages(ink, scale)
            if len(pages) == 1:
                break
        for number, page in enumerate(pages, start=1):
            self._page(canvas, ink, scale, page, f"label {number} of {len(pages)}" if len(pages) > 1 else "")

    def _pages(self, ink: Ink, scale: float) -> list[list[Flowable]]:
        width = self.stock.width - 2 * self.stock.margin
        room = self.stock.height - 2 * self.stock.margin - self._height(self.head, ink, scale, width)
        room -= max(self._height(self.foot, ink, scale, width - self._code_size(scale)), self._code_size(scale))
        pages: list[list[Flowable]] = [[]]
        left = room
        for piece in self.body:
            flowable = piece(ink, scale, width)
            height = flowable.wrap(width, self.stock.height)[1]
            if height > left and pages[-1]:
                pages.append([])
                left = room - 10 * scale
            pages[-1].append(flowable)
            left -= height
        return pages

    def _page(self, canvas: Canvas, ink: Ink, scale: float, body: Sequence[Flowable], continued: str) -> None:
        stock = self.stock
        width = stock.width - 2 * stock.margin
        canvas.setPageSize((stock.width, stock.height))
        if self.is_demo:
            canvas.saveState()
            canvas.setFillColor(WATERMARK)
            canvas.setFont(STRONG, stock.height * 0.45)
            canvas.drawCentredString(stock.width / 2, stock.height * 0.34, "DEMO")
            canvas.restoreState()
        top = stock.height - stock.margin
        for flowable in [*(piece(ink, scale, width) for piece in self.head), *body]:
            top -= flowable.wrap(width, stock.height)[1]
            flowable.drawOn(canvas, stock.margin, top)
        size = self._code_size(scale)
        foot = [piece(ink, scale, width - size - 4) for piece in self.foot]
        marks = [continued, f"REPRINT {self.reprint}" if self.reprint else "", "DEMO" if self.is_demo else ""]
        if any(marks):
            words = pieces.Words(", ".join(filter(None, marks)), strong=True, size=self._small)
            foot.append(pieces.paragraph(words, ink, scale=scale))
        bottom = stock.margin
        for flowable in reversed(foot):
            height = flowable.wrap(width - size - 4, stock.height)[1]
            flowable.drawOn(canvas, stock.margin, bottom)
            bottom += height
        draw_data_matrix(canvas, self.code, stock.width - stock.margin - size, stock.margin - 2, size)
        canvas.showPage()

    @property
    def _small(self) -> float:
        return 7.5 if self.stock is BAG else 6.5

    def _code_size(self, scale: float) -> float:
        return (46.0 if self.stock is BAG else 27.0) * scale

    def _height(self, listed: Sequence[Piece], ink: Ink, scale: float, width: float) -> float:
        return sum(piece(ink, scale, width).wrap(width, self.stock.height)[1] for piece in listed)


def line(text: Text, size: float, *, strong: bool = False) -> Piece:
    """One paragraph across the label."""
    words = replace(voiced(text), size=size, strong=strong or voiced(text).strong)
    return lambda ink, scale, width: pieces.paragraph(words, ink, scale=scale)


def pair(left: Text, right: Text, share: float = 0.62) -> Piece:
    """Two paragraphs beside each other, the second at the right edge."""

    def piece(ink: Ink, scale: float, width: float) -> Flowable:
        row = Table([[pieces.paragraph(left, ink, scale=scale), pieces.paragraph(right, ink, is_right=True, scale=scale)]],
                    colWidths=[width * share, width * (1 - share)])
        row.setStyle(TableStyle([*pieces.padded(0, 0, 0, 0), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
        return row

    return piece


def boxed(left: Text, right: Text, share: float = 0.5) -> Piece:
    """Two paragraphs in a frame: the one fact that must not be missed."""

    def piece(ink: Ink, scale: float, width: float) -> Flowable:
        row = Table([[pieces.paragraph(left, ink, scale=scale), pieces.paragraph(right, ink, scale=scale)]],
                    colWidths=[width * share, width * (1 - share)])
        row.setStyle(TableStyle([*pieces.padded(5, 5, 2.5 * scale, 3.5 * scale), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                                 ("BOX", (0, 0), (-1, -1), 1, Tone.INK.colour)]))
        return row

    return piece


def rule(above: float = 2, below: float = 2) -> Piece:
    """A thin line."""

    def piece(ink: Ink, scale: float, width: float) -> Flowable:
        drawn = Table([[""]], colWidths=[width], rowHeights=[(above + below) * scale])
        drawn.setStyle(TableStyle([*pieces.padded(0, 0, 0, 0), ("LINEABOVE", (0, 0), (-1, 0), 0.6, LINE_STRONG)]))
        return drawn

    return piece


def gap(height: float) -> Piece:
    """White between two lines."""
    return lambda ink, scale, width: Spacer(1, height * scale)


def labels_pdf(labels: Sequence[Label]) -> bytes:
    """The labels in order, one on each page of the roll; the same facts give the same bytes."""
    ink, buffer = Ink(), BytesIO()
    canvas = Canvas(buffer, pagesize=(labels[0].stock.width, labels[0].stock.height), **SETTINGS)
    canvas.setTitle(NEUTRAL["title"])
    canvas.setAuthor(NEUTRAL["author"])
    canvas.setSubject(NEUTRAL["subject"])
    canvas.setCreator(NEUTRAL["creator"])
    canvas.setProducer(NEUTRAL["producer"])
    for label in labels:
        label.draw(canvas, ink)
    canvas.save()
    log_missing(labels[0].record_id, len(ink.missing))
    return buffer.getvalue()

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
from infusiondesk.foundation.paper.pieces import TableCommand, Text, Words, voiced
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
_LEADING: Final = 1.2

Piece = Callable[[Ink, float, float], Flowable]


class Label:
    """One label, or more where it is full.

    `body` flows from one to the next; `head` at the top, `closing` across the label and `foot` beside the code are on each.
    """

    def __init__(self, stock: Stock, *, record_id: str, code: str, is_demo: bool, reprint: int = 0) -> None:
        self.stock, self.record_id, self.code, self.is_demo, self.reprint = stock, record_id, code, is_demo, reprint
        self.head: list[Piece] = []
        self.body: list[Piece] = []
        self.closing: list[Piece] = []
        self.foot: list[Piece] = []

    def draw(self, canvas: Canvas, ink: Ink) -> None:
        """Draw the label, and its continuation where one is needed; every page ends with showPage."""
        for scale in _SCALES:
            pages = self._pages(ink, scale, self._foot())
            if len(pages) == 1:
                self._page(canvas, ink, scale, pages[0], self._foot())
                return
        scale = _SCALES[-1]
        pages = self._pages(ink, scale, self._foot("label 1 of 2"))
        for number, page in enumerate(pages, start=1):
            self._page(canvas, ink, scale, page, self._foot(f"label {number} of {len(pages)}"))

    def _foot(self, continued: str = "") -> list[Piece]:
        marks = [continued, f"REPRINT {self.reprint}" if self.reprint else "", "DEMO" if self.is_demo else ""]
        words = Words(", ".join(filter(None, marks)), strong=True)
        return [*self.foot, line(words, self._small)] if words.text else self.foot

    def _pages(self, ink: Ink, scale: float, foot: Sequence[Piece]) -> list[list[Flowable]]:
        width, height = self._width, self.stock.height
        fixed = self._height([*self.head, *self.closing], ink, scale, width) + self._below(ink, scale, foot)
        room = height - 2 * self.stock.margin - fixed
        pages: list[list[Flowable]] = [[]]
        left = room
        waiting = [piece(ink, scale, width) for piece in self.body]
        while waiting:
            flowable = waiting.pop(0)
            needed = flowable.wrap(width, height)[1]
            if needed <= left or (not pages[-1] and not (parts := flowable.split(width, left))):
                pages[-1].append(flowable)
                left -= needed
            elif not pages[-1]:
                waiting[:0] = parts
            else:
                waiting.insert(0, flowable)
                pages.append([])
                left = room
        return pages

    def _page(self, canvas: Canvas, ink: Ink, scale: float, body: Sequence[Flowable], foot: Sequence[Piece]) -> None:
        stock, width = self.stock, self._width
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
        self._upwards(canvas, [piece(ink, scale, width - size - 4) for piece in foot], stock.margin, width - size - 4)
        above = stock.margin + self._below(ink, scale, foot)
        self._upwards(canvas, [piece(ink, scale, width) for piece in self.closing], above, width)
        draw_data_matrix(canvas, self.code, stock.width - stock.margin - size, stock.margin - 2, size)
        canvas.showPage()

    def _upwards(self, canvas: Canvas, flowables: Sequence[Flowable], bottom: float, width: float) -> None:
        for flowable in reversed(flowables):
            height = flowable.wrap(width, self.stock.height)[1]
            flowable.drawOn(canvas, self.stock.margin, bottom)
            bottom += height

    def _below(self, ink: Ink, scale: float, foot: Sequence[Piece]) -> float:
        """The height of what stands under the closing: the foot, or the code where that is higher."""
        code = self._code_size(scale)
        return max(self._height(foot, ink, scale, self._width - code - 4), code)

    @property
    def _width(self) -> float:
        return self.stock.width - 2 * self.stock.margin

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
    return lambda ink, scale, width: _words(words, ink, scale)


def pair(left: Text, right: Text, share: float = 0.62) -> Piece:
    """Two paragraphs beside each other, the second at the right edge."""
    return lambda ink, scale, width: _beside(
        _words(left, ink, scale),
        _words(right, ink, scale, is_right=True),
        width,
        share,
        [*pieces.padded(0, 0, 0, 0), ("VALIGN", (0, 0), (-1, -1), "TOP")],
    )


def columns(left: Text, right: Text) -> Piece:
    """Two paragraphs in two equal columns, both from the left."""
    return lambda ink, scale, width: _beside(
        _words(left, ink, scale),
        _words(right, ink, scale),
        width,
        0.5,
        [*pieces.padded(0, 6, 0, 0), ("VALIGN", (0, 0), (-1, -1), "TOP")],
    )


def boxed(left: Text, right: Text, share: float = 0.5) -> Piece:
    """Two paragraphs in a frame: the one fact that must not be missed."""
    return lambda ink, scale, width: _beside(
        _words(left, ink, scale),
        _words(right, ink, scale),
        width,
        share,
        [
            *pieces.padded(5, 5, 2.5 * scale, 3.5 * scale),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("BOX", (0, 0), (-1, -1), 1, Tone.INK.colour),
        ],
    )


def _words(text: Text, ink: Ink, scale: float, *, is_right: bool = False) -> Flowable:
    return pieces.paragraph(text, ink, is_right=is_right, scale=scale, leading=_LEADING)


def _beside(left: Flowable, right: Flowable, width: float, share: float, commands: Sequence[TableCommand]) -> Table:
    row = Table([[left, right]], colWidths=[width * share, width * (1 - share)])
    row.setStyle(TableStyle(commands))
    return row


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

"""The pieces that a sheet or a label is built from: words, facts, tables, lists, signatures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from reportlab.lib.colors import Color
from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table, TableStyle

from infusiondesk.foundation.paper.ink import REGULAR, STRONG, Ink
from infusiondesk.foundation.paper.stationery import Signature, Unsigned
from infusiondesk.foundation.paper.tones import LINE, LINE_STRONG, SUNKEN, TONE_OF, Shape, Tone, draw_shape

# 12 px on the desk are 9 pt here: nothing that carries a dose, a name or a date is smaller; 8.25 pt (11 px) is the least of all.
BODY: Final = 9.25
SMALL: Final = 8.25
HEADING: Final = 11.5
TITLE: Final = 17.0
LEADING: Final = 1.32
CELL_GAP: Final = 10.0


@dataclass(frozen=True)
class Words:
    """Text with a voice: strong or not, a tone, a shape before it, a quieter second line under it."""

    text: str
    strong: bool = False
    tone: Tone | None = None
    shape: Shape = Shape.NONE
    second: str = ""
    size: float = BODY

    @property
    def colour(self) -> Color:
        return (self.tone or TONE_OF[self.shape]).colour


Text = str | Words
TableCommand = tuple[str, tuple[int, int], tuple[int, int], *tuple[object, ...]]


@dataclass(frozen=True)
class Column:
    """One column: its heading, its share of the width, and whether numbers stand in it (right-aligned)."""

    heading: str
    share: float
    is_number: bool = False


def voiced(text: Text) -> Words:
    """Plain text is said in the ordinary voice."""
    return Words(text) if isinstance(text, str) else text


def strong(text: Text) -> Words:
    """The same text, in weight 600."""
    return replace(voiced(text), strong=True)


class Marked(Flowable):
    """A paragraph with a status shape at its left."""

    def __init__(self, shape: Shape, inner: Paragraph, size: float) -> None:
        super().__init__()
        self.shape, self.inner, self.size = shape, inner, size
        self.indent = size * 0.86 + 3.5

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:
        self.width, self.height = self.inner.wrap(max(availWidth - self.indent, 1), availHeight)
        self.width += self.indent
        return self.width, self.height

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:
        parts = self.inner.split(max(availWidth - self.indent, 1), availHeight)
        return [
            Marked(Shape.NONE if index else self.shape, part, self.size)
            for index, part in enumerate(parts)
            if isinstance(part, Paragraph)
        ]

    def minWidth(self) -> float:
        return float(self.inner.minWidth()) + self.indent

    def draw(self) -> None:
        edge = self.size * 0.86
        draw_shape(self.canv, self.shape, 0, self.height - self.size * 1.12, edge)
        self.inner.drawOn(self.canv, self.indent, 0)


def paragraph(text: Text, ink: Ink, *, is_right: bool = False, scale: float = 1.0, leading: float = LEADING) -> Paragraph | Marked:
    """One paragraph; every fact that is printed is escaped here and nowhere else."""
    words = voiced(text)
    face, size = (STRONG if words.strong else REGULAR), words.size * scale
    markup = ink.markup(words.text, face)
    if words.second:
        quiet = ink.markup(words.second, face)
        if words.strong:
            quiet = ink.markup(words.second, REGULAR)
        small = max(size - 0.75 if words.size <= 10 else size * 0.62, min(SMALL * scale, size))
        markup += f'<br/><font name="{REGULAR}" size="{small:g}" color="{Tone.QUIET.value}">{quiet}</font>'
    body = Paragraph(markup, _style(face, size, words.colour, leading, is_right=is_right))
    return body if words.shape is Shape.NONE else Marked(words.shape, body, size)


def _style(face: str, size: float, colour: Color, leading: float, *, is_right: bool) -> ParagraphStyle:
    # bulletFontName would list an unembedded Helvetica.
    return ParagraphStyle(
        "words",
        fontName=face,
        bulletFontName=face,
        fontSize=size,
        leading=size * leading,
        textColor=colour,
        alignment=TA_RIGHT if is_right else TA_LEFT,
        splitLongWords=1,
    )


def heading(text: Text, ink: Ink, width: float, aside: Text = "") -> list[Flowable]:
    """A section's heading, with a quiet remark at its right."""
    left = paragraph(Words(voiced(text).text, strong=True, size=HEADING), ink)
    right = paragraph(replace(voiced(aside), size=SMALL, tone=voiced(aside).tone or Tone.LABEL), ink, is_right=True)
    has_aside = bool(voiced(aside).text)
    row = Table([[left, right]], colWidths=[width * (0.55 if has_aside else 1.0), width * (0.45 if has_aside else 0.0)])
    row.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "BOTTOM"), *padded(0, 0, 12, 3)]))
    return [row]


def facts(pairs: Sequence[tuple[str, Text]], ink: Ink, width: float, columns: int = 2) -> list[Flowable]:
    """Labels and values, read across; a value that is empty says so."""
    label_share = {1: 0.24, 2: 0.34, 3: 0.44}[columns]
    cells: list[list[Flowable]] = [
        [paragraph(Words(label, tone=Tone.LABEL, size=SMALL), ink), paragraph(_said(value), ink)] for label, value in pairs
    ]
    if not cells:
        return []
    cells += [[Spacer(0, 0), Spacer(0, 0)]] * (-len(cells) % columns)
    rows = [[cell for pair in cells[start : start + columns] for cell in pair] for start in range(0, len(cells), columns)]
    column_width = width / columns
    table = Table(rows, colWidths=[column_width * label_share, column_width * (1 - label_share)] * columns, splitInRow=1)
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                *padded(0, 8, 2.2, 2.2),
                *[("TOPPADDING", (2 * index, 0), (2 * index, -1), 3.2) for index in range(columns)],
                ("LINEBELOW", (0, 0), (-1, -2), 0.4, LINE),
            ]
        )
    )
    return [table]


def _said(value: Text) -> Words:
    words = voiced(value)
    return words if words.text.strip() else replace(words, text="not recorded", tone=Tone.LABEL)


def table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[Text]],
    ink: Ink,
    width: float,
    *,
    totals: Sequence[Sequence[Text]] = (),
    empty: str = "Nothing to list.",
) -> list[Flowable]:
    """Rows under headings that are repeated on every page; cells wrap, numbers stand at the right."""
    if not rows and not totals:
        return [paragraph(Words(empty, tone=Tone.LABEL), ink), Spacer(1, 4)]

    def line(cells: Sequence[Text]) -> list[Paragraph | Marked]:
        return [paragraph(cell, ink, is_right=column.is_number) for cell, column in zip(cells, columns, strict=True)]

    head = line([Words(column.heading, tone=Tone.LABEL, size=SMALL) for column in columns])
    body = [line(row) for row in rows]
    foot = [line([strong(cell) for cell in row]) for row in totals]
    drawn = Table([head, *body, *foot], colWidths=_widths(columns, [head, *body, *foot], width), repeatRows=1, splitInRow=1)
    commands: list[TableCommand] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        *padded(0, CELL_GAP, 3.4, 3.6),
        ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, LINE_STRONG),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, LINE),
    ]
    if totals:
        commands.append(("LINEABOVE", (0, len(body) + 1), (-1, len(body) + 1), 0.8, LINE_STRONG))
    drawn.setStyle(TableStyle(commands))
    return [drawn, Spacer(1, 4)]


def _widths(columns: Sequence[Column], lines: Sequence[Sequence[Paragraph | Marked]], width: float) -> list[float]:
    """The shares that were asked for, unless a word or a number would be torn: then the wider columns give way."""
    shares = sum(column.share for column in columns)
    wished = [width * column.share / shares for column in columns]
    needed = [min(max(line[index].minWidth() for line in lines) + CELL_GAP + 0.5, width * 0.4) for index in range(len(columns))]
    if sum(needed) >= width:
        return [need * width / sum(needed) for need in needed]
    widths = [max(wish, need) for wish, need in zip(wished, needed, strict=True)]
    slack = [given - need for given, need in zip(widths, needed, strict=True)]
    excess = sum(widths) - width
    return [given - excess * spare / sum(slack) if excess else given for given, spare in zip(widths, slack, strict=True)]


def points(sentences: Sequence[Text], ink: Ink, shape: Shape = Shape.NONE) -> list[Flowable]:
    """Sentences one under the other, each with its mark."""
    drawn: list[Flowable] = []
    for sentence in sentences:
        words = voiced(sentence)
        mark = words.shape if words.shape is not Shape.NONE else shape
        if mark is not Shape.NONE:
            drawn.append(paragraph(replace(words, shape=mark, tone=words.tone or Tone.INK), ink))
        else:
            drawn.append(_Led(paragraph(words, ink)))
        drawn.append(Spacer(1, 2.5))
    return drawn


class _Led(Flowable):
    """A paragraph behind a short quiet stroke, or behind its number."""

    def __init__(self, inner: Flowable, lead: Flowable | None = None, *, is_start: bool = True) -> None:
        super().__init__()
        self.inner, self.lead, self.is_start = inner, lead, is_start
        self.indent = 10.0 if lead is None else 18.0

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:
        width, self.height = self.inner.wrap(availWidth - self.indent, availHeight)
        return width + self.indent, self.height

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:
        parts = self.inner.split(availWidth - self.indent, availHeight)
        return [_Led(part, self.lead, is_start=self.is_start and index == 0) for index, part in enumerate(parts)]

    def draw(self) -> None:
        if self.is_start and self.lead is not None:
            _, height = self.lead.wrap(self.indent, self.height)
            self.lead.drawOn(self.canv, 0, self.height - height)
        elif self.is_start:
            self.canv.setStrokeColor(Tone.LABEL.colour)
            self.canv.setLineWidth(0.8)
            self.canv.line(0, self.height - BODY * 0.72, 4.5, self.height - BODY * 0.72)
        self.inner.drawOn(self.canv, self.indent, 0)


def steps(sentences: Sequence[Text], ink: Ink) -> list[Flowable]:
    """Sentences in an order that matters, each behind its number."""
    drawn: list[Flowable] = []
    for number, sentence in enumerate(sentences, start=1):
        drawn += [_Led(paragraph(sentence, ink), paragraph(Words(f"{number}.", tone=Tone.LABEL), ink)), Spacer(1, 2.5)]
    return drawn


def not_checked(sentences: Sequence[str], ink: Ink, width: float) -> list[Flowable]:
    """What this paper does not vouch for; said also when it is nothing."""
    if not sentences:
        return [paragraph(Words("Not checked: nothing was skipped.", tone=Tone.QUIET), ink)]
    inner: list[Flowable] = [paragraph(Words("Not checked", strong=True, tone=Tone.DUE, shape=Shape.TRIANGLE), ink), Spacer(1, 3)]
    inner += points(sentences, ink)
    box = Table([[flowable] for flowable in inner], colWidths=[width])
    box.setStyle(
        TableStyle(
            [
                *padded(10, 10, 0, 0),
                ("TOPPADDING", (0, 0), (-1, 0), 6),
                ("BOTTOMPADDING", (0, -1), (-1, -1), 4),
                ("BACKGROUND", (0, 0), (-1, -1), SUNKEN),
                ("LINEBEFORE", (0, 0), (0, -1), 2, Tone.DUE.colour, "butt"),
            ]
        )
    )
    return [Spacer(1, 6), box, Spacer(1, 4)]


def signatures(signed: Sequence[Signature | Unsigned], ink: Ink, width: float, title: str, aside: str) -> list[Flowable]:
    """Who signed, with license, meaning, time and the start of the digest; what is owed says so and leaves a line."""
    if not signed:
        return []
    gutter = 16.0
    box_width = (width - gutter) / 2
    boxes: list[Flowable | str] = [_signature_box(one, ink, box_width) for one in signed]
    boxes += [""] * (len(boxes) % 2)
    rows = [[boxes[index], "", boxes[index + 1]] for index in range(0, len(boxes), 2)]
    grid = Table(rows, colWidths=[box_width, gutter, box_width])
    grid.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *padded(0, 0, 4, 6)]))
    return [KeepTogether([*heading(title, ink, width, aside), grid])]


def _signature_box(one: Signature | Unsigned, ink: Ink, width: float) -> Table:
    label = paragraph(Words(one.meaning[:1].upper() + one.meaning[1:], tone=Tone.LABEL, size=SMALL), ink)
    if isinstance(one, Unsigned):
        owed = Words(one.because, tone=Tone.LABEL, shape=Shape.RING if one.because else Shape.NONE)
        lines: list[Flowable] = [label, Spacer(1, 18), paragraph(owed, ink)]
    else:
        lines = [
            label,
            paragraph(Words(one.name, strong=True, second=one.licence, size=10), ink),
            paragraph(Words(f"{one.signed_at_words}, digest {one.digest[:12]}", tone=Tone.QUIET, size=SMALL), ink),
        ]
        if not one.is_intact:
            lines.append(paragraph(Words("This signature does not match the record.", strong=True, shape=Shape.OCTAGON), ink))
    box = Table([[line] for line in lines], colWidths=[width])
    box.setStyle(TableStyle([*padded(0, 0, 1.5, 2.5), ("LINEBELOW", (0, 1), (-1, 1), 0.8, LINE_STRONG)]))
    return box


def padded(left: float, right: float, top: float, bottom: float) -> list[TableCommand]:
    """Table commands for the white around every cell."""
    everywhere = ((0, 0), (-1, -1))
    # The face is named for the empty cells: reportlab's own would list an unembedded Helvetica.
    return [
        ("FONTNAME", *everywhere, REGULAR),
        ("LEFTPADDING", *everywhere, left),
        ("RIGHTPADDING", *everywhere, right),
        ("TOPPADDING", *everywhere, top),
        ("BOTTOMPADDING", *everywhere, bottom),
    ]


_SHAPE_OF_LEVEL: Final = {"STOP": Shape.OCTAGON, "HOLD": Shape.TRIANGLE, "WARN": Shape.RING, "INFO": Shape.DOT}


def level(word: str) -> Words:
    """A level of the severity vocabulary (clinical 0.2) with its shape; an unknown level is printed as a stop, never as nothing."""
    return Words(word, strong=True, shape=_SHAPE_OF_LEVEL.get(word, Shape.OCTAGON))

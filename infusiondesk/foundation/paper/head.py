"""What every page of a sheet carries: who made it, whose it is, which record, which page."""

from collections.abc import Sequence
from typing import Final

from reportlab.lib.pagesizes import letter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Spacer, Table, TableStyle

from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.paper import pieces
from infusiondesk.foundation.paper.barcodes import draw_record_code
from infusiondesk.foundation.paper.ink import REGULAR, STRONG, Ink
from infusiondesk.foundation.paper.pieces import SMALL, TITLE, Words
from infusiondesk.foundation.paper.stationery import PatientBlock, Printing, RecordMark
from infusiondesk.foundation.paper.tones import LINE_STRONG, SUNKEN, WATERMARK, Shape, Tone, draw_shape

MARGIN: Final = 40.0
WIDTH: Final = letter[0] - 2 * MARGIN
FOOT: Final = 44.0


class Head:
    """What every page carries: who made it, whose it is, which page."""

    def __init__(
        self,
        ink: Ink,
        *,
        title: str,
        subtitle: str,
        record: RecordMark,
        printing: Printing,
        patient: PatientBlock | None,
        pages: int,
        missing: int,
    ) -> None:
        self.ink, self.title, self.subtitle, self.record = ink, title, subtitle, record
        self.printing, self.patient = printing, patient
        self.pages, self.missing = pages, missing
        self.first = self._first_rows()
        self.later = self._later_rows()
        self.first_height = MARGIN - 8 + sum(row.wrap(WIDTH, 400)[1] for row in self.first)
        self.later_height = MARGIN - 8 + sum(row.wrap(WIDTH, 400)[1] for row in self.later)

    def draw_first(self, canvas: Canvas, document: BaseDocTemplate) -> None:
        self._page(canvas, document, self.first)
        draw_record_code(canvas, self.record.id, letter[0] - MARGIN, letter[1] - MARGIN - 16, 24, WIDTH * 0.36)
        self._string(canvas, letter[0] - MARGIN, letter[1] - MARGIN - 26, self.record.id, Tone.QUIET, "right")

    def draw_later(self, canvas: Canvas, document: BaseDocTemplate) -> None:
        self._page(canvas, document, self.later)

    def _page(self, canvas: Canvas, document: BaseDocTemplate, rows: list[Flowable]) -> None:
        printing = self.printing
        if printing.is_demo:
            self._watermark(canvas)
        top = letter[1] - MARGIN + 8
        for row in rows:
            _, height = row.wrap(WIDTH, 400)
            top -= height
            row.drawOn(canvas, MARGIN, top)
        canvas.setStrokeColor(LINE_STRONG)
        canvas.setLineWidth(0.6)
        canvas.line(MARGIN, FOOT - 8, letter[0] - MARGIN, FOOT - 8)
        self._string(canvas, MARGIN, FOOT - 19, f"Printed by {printing.printed_by}, {printing.printed_at}", Tone.QUIET, "left")
        if printing.reprint:
            self._string(canvas, letter[0] / 2, FOOT - 19, f"REPRINT {printing.reprint}", Tone.INK, "centre", STRONG)
        self._string(canvas, letter[0] - MARGIN, FOOT - 19, f"Page {document.page} of {self.pages}", Tone.INK, "right", STRONG)
        if self.missing:
            remark = f"Boxes stand for {self.missing} characters that these fonts cannot write; the record holds them."
            draw_shape(canvas, Shape.TRIANGLE, MARGIN, FOOT - 30.5, 7)
            self._string(canvas, MARGIN + 10.5, FOOT - 30, remark, Tone.DUE, "left")

    def _first_rows(self) -> list[Flowable]:
        pharmacy = self.printing.pharmacy
        contact = [f"Telephone {pharmacy.phone}"]
        if pharmacy.after_hours_phone:
            contact.append(f"at night {pharmacy.after_hours_phone}")
        if pharmacy.licence:
            contact.append(f"license {pharmacy.licence}")
        name = self._words(pharmacy.name, size=11, strong=True)
        maker = _row([[[name, self._quiet(", ".join(pharmacy.address)), self._quiet(", ".join(contact))], ""]], [0.62, 0.38])
        title = pieces.paragraph(Words(self.title, strong=True, size=TITLE, second=self.subtitle), self.ink)
        marks = [self._words(words, size=10.5, strong=True, tone=tone, is_right=True) for words, tone in self._marks()]
        head = _row([[title, marks]], [0.68, 0.32], top=10, bottom=7)
        head.setStyle(TableStyle([("LINEABOVE", (0, 0), (-1, 0), 0.6, LINE_STRONG), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
        return [maker, Spacer(1, 8), head, *self._patient(name_size=12.5, marks=[])]

    def _later_rows(self) -> list[Flowable]:
        words = Words(f"{self.title}, continued", strong=True, size=10.5, second=self.subtitle)
        maker = self._quiet(self.printing.pharmacy.name, is_right=True)
        head = _row([[pieces.paragraph(words, self.ink), maker]], [0.6, 0.4], bottom=6)
        return [head, *self._patient(name_size=11, marks=[words for words, _ in self._marks()])]

    def _patient(self, *, name_size: float, marks: list[str]) -> list[Flowable]:
        record = ", ".join([f"Record {self.record.id}, version {self.record.version}", *marks])
        patient = self.patient
        if patient is None:
            return [self._quiet(record), Spacer(1, 4)]
        identity = f"MRN {patient.mrn}, born {day(patient.born_on)}"
        box = Table(
            [
                [self._words(patient.name, size=name_size, strong=True), self._words(identity, strong=True, is_right=True)],
                [pieces.paragraph(_allergies(patient), self.ink), self._quiet(record, is_right=True)],
            ],
            colWidths=[WIDTH * 0.56, WIDTH * 0.44],
        )
        box.setStyle(
            TableStyle(
                [
                    *pieces.padded(10, 10, 1, 1),
                    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                    ("LEFTPADDING", (1, 0), (1, -1), 4),
                    ("TOPPADDING", (0, 0), (-1, 0), 6),
                    ("BOTTOMPADDING", (0, 1), (-1, 1), 7),
                    ("BACKGROUND", (0, 0), (-1, -1), SUNKEN),
                    ("LINEBEFORE", (0, 0), (0, -1), 3, Tone.ACCENT.colour, "butt"),
                ]
            )
        )
        return [box, Spacer(1, 4)]

    def _marks(self) -> list[tuple[str, Tone]]:
        printing = self.printing
        marks = [(f"REPRINT {printing.reprint}", Tone.INK)] if printing.reprint else []
        return [*marks, ("DEMO, not a real record", Tone.DUE)] if printing.is_demo else marks

    def _words(
        self, text: str, *, size: float = pieces.BODY, strong: bool = False, tone: Tone = Tone.INK, is_right: bool = False
    ) -> Flowable:
        return pieces.paragraph(Words(text, size=size, strong=strong, tone=tone), self.ink, is_right=is_right)

    def _quiet(self, text: str, *, is_right: bool = False) -> Flowable:
        return self._words(text, size=SMALL, tone=Tone.QUIET, is_right=is_right)

    def _watermark(self, canvas: Canvas) -> None:
        canvas.saveState()
        canvas.setFillColor(WATERMARK)
        canvas.setFont(STRONG, 150)
        canvas.translate(letter[0] / 2, letter[1] / 2 - 40)
        canvas.rotate(52)
        canvas.drawCentredString(0, -40, "DEMO")
        canvas.restoreState()

    def _string(self, canvas: Canvas, x: float, y: float, text: str, tone: Tone, align: str, face: str = REGULAR) -> None:
        runs = self.ink.runs(text, face)
        widths = [pdfmetrics.stringWidth(run.text, run.face, SMALL) for run in runs]
        x -= {"left": 0.0, "centre": 0.5, "right": 1.0}[align] * sum(widths)
        canvas.setFillColor(tone.colour)
        for run, width in zip(runs, widths, strict=True):
            canvas.setFont(run.face, SMALL)
            canvas.drawString(x, y, run.text)
            x += width


def _allergies(patient: PatientBlock) -> Words:
    """Red with what is known, green when it was confirmed that nothing is known, red when nobody recorded it."""
    if patient.allergies is None:
        return Words("")
    if not patient.allergies.strip():
        return Words("Allergies not recorded", shape=Shape.OCTAGON, strong=True)
    if patient.has_no_known_allergies:
        return Words(patient.allergies, shape=Shape.CHECK)
    return Words(f"Allergies: {patient.allergies}", shape=Shape.OCTAGON)


def _row(cells: Sequence[list[object]], shares: Sequence[float], *, top: float = 0, bottom: float = 0) -> Table:
    row = Table(cells, colWidths=[WIDTH * share for share in shares])
    row.setStyle(TableStyle([*pieces.padded(0, 0, top, bottom), ("VALIGN", (0, 0), (-1, -1), "BOTTOM")]))
    return row

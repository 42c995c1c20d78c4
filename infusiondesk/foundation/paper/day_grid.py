"""The days of a month in a strip, one row for each therapy: what was billable, held, in hospital or not covered."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from infusiondesk.foundation.paper.ink import REGULAR, STRONG, Ink
from infusiondesk.foundation.paper.pieces import BODY, SMALL, Words, paragraph
from infusiondesk.foundation.paper.tones import (
    DUE_SOFT,
    HATCH,
    HOSPITAL_SOFT,
    LINE,
    LINE_STRONG,
    SOFT,
    SOFT_LINE,
    SUNKEN,
    Tone,
)

LEGEND: Final[Mapping[str, str]] = {"B": "billable", "H": "held", "I": "inpatient", "N": "not covered"}
_LABEL, _TOTAL, _HEAD, _ROW = 130.0, 34.0, 30.0, 30.0
_WEEKDAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


@dataclass(frozen=True)
class DayRow:
    """One therapy: what it is, a second line, a letter for each day that has one, and the number at the end."""

    label: str
    second: str
    letters: Mapping[int, str]
    total: str


class DayGrid(Flowable):
    """Cells are a letter in a shape of its own, so that a photocopy still tells them apart."""

    def __init__(self, month: date, rows: Sequence[DayRow], total_heading: str, ink: Ink) -> None:
        super().__init__()
        self.month, self.rows, self.total_heading, self.ink = month, rows, total_heading, ink
        self.days = monthrange(month.year, month.month)[1]

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:
        self.width = availWidth
        self.cell = (availWidth - _LABEL - _TOTAL) / self.days
        self.labels = [paragraph(Words(row.label, strong=True, second=row.second, size=9), self.ink) for row in self.rows]
        self.heights = [max(label.wrap(_LABEL - 8, availHeight)[1] + 8, _ROW) for label in self.labels]
        self.height = _HEAD + sum(self.heights)
        return self.width, self.height

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:
        self.wrap(availWidth, availHeight)
        height, fitting = _HEAD, 0
        while fitting < len(self.rows) and height + self.heights[fitting] <= availHeight:
            height += self.heights[fitting]
            fitting += 1
        if not fitting:
            return []
        parts = (self.rows[:fitting], self.rows[fitting:])
        return [DayGrid(self.month, part, self.total_heading, self.ink) for part in parts if part]

    def draw(self) -> None:
        canvas: Canvas = self.canv
        top = self.height - _HEAD
        for day in range(1, self.days + 1):
            self._head(canvas, day, top)
        heading = paragraph(Words(self.total_heading, tone=Tone.LABEL, size=SMALL), self.ink, is_right=True)
        heading.wrap(_TOTAL, 20)
        heading.drawOn(canvas, self.width - _TOTAL, top + 3)
        canvas.setStrokeColor(LINE_STRONG)
        canvas.setLineWidth(0.8)
        canvas.line(0, top, self.width, top)
        for row, label, height in zip(self.rows, self.labels, self.heights, strict=True):
            top -= height
            label.drawOn(canvas, 0, top + (height - label.height) / 2)
            for day, letter in row.letters.items():
                self._cell(canvas, letter, _LABEL + (day - 1) * self.cell, top + (height - 14) / 2)
            total = paragraph(Words(row.total, strong=True), self.ink, is_right=True)
            total.wrap(_TOTAL, 20)
            total.drawOn(canvas, self.width - _TOTAL, top + height / 2 - BODY * 0.66)
            canvas.setStrokeColor(LINE)
            canvas.setLineWidth(0.4)
            canvas.line(0, top, self.width, top)

    def _head(self, canvas: Canvas, day: int, top: float) -> None:
        weekday = self.month.replace(day=day).weekday()
        left = _LABEL + (day - 1) * self.cell
        if weekday >= 5:
            canvas.setFillColor(SUNKEN)
            canvas.rect(left, 0, self.cell, self.height, stroke=0, fill=1)
        canvas.setFillColor(Tone.LABEL.colour)
        canvas.setFont(REGULAR, 7)
        canvas.drawCentredString(left + self.cell / 2, top + 15, _WEEKDAYS[weekday])
        canvas.setFillColor(Tone.INK.colour)
        canvas.setFont(REGULAR, SMALL)
        canvas.drawCentredString(left + self.cell / 2, top + 5, str(day))

    def _cell(self, canvas: Canvas, letter: str, left: float, bottom: float) -> None:
        width, height = self.cell - 1.4, 14.0
        left += 0.7
        canvas.saveState()
        canvas.setLineWidth(0.7)
        tone = Tone.ACCENT
        if letter == "B":
            canvas.setFillColor(SOFT)
            canvas.setStrokeColor(SOFT_LINE)
            canvas.roundRect(left, bottom, width, height, 2, stroke=1, fill=1)
        elif letter == "H":
            tone = Tone.DUE
            canvas.setFillColor(DUE_SOFT)
            canvas.setStrokeColor(tone.colour)
            canvas.setLineWidth(1)
            self._hexagon(canvas, left, bottom, width, height)
        elif letter == "I":
            tone = Tone.HOSPITAL
            self._hatched(canvas, left, bottom, width, height)
        else:
            tone = Tone.QUIET
            canvas.setStrokeColor(Tone.LABEL.colour)
            canvas.circle(left + width / 2, bottom + height / 2, width / 2)
        canvas.setFillColor(tone.colour)
        canvas.setFont(STRONG, SMALL)
        canvas.drawCentredString(left + width / 2, bottom + 4.1, letter)
        canvas.restoreState()

    def _hexagon(self, canvas: Canvas, left: float, bottom: float, width: float, height: float) -> None:
        cut = width * 0.22
        path = canvas.beginPath()
        path.moveTo(left + cut, bottom)
        for x, y in ((width - cut, 0), (width, height / 2), (width - cut, height), (cut, height), (0, height / 2)):
            path.lineTo(left + x, bottom + y)
        path.close()
        canvas.drawPath(path, stroke=1, fill=1)

    def _hatched(self, canvas: Canvas, left: float, bottom: float, width: float, height: float) -> None:
        canvas.saveState()
        path = canvas.beginPath()
        path.rect(left, bottom, width, height)
        canvas.clipPath(path, stroke=0, fill=0)
        canvas.setFillColor(HOSPITAL_SOFT)
        canvas.rect(left, bottom, width, height, stroke=0, fill=1)
        canvas.setStrokeColor(HATCH)
        canvas.setLineWidth(0.6)
        for start in range(-int(height), int(width) + 1, 4):
            canvas.line(left + start, bottom, left + start + height, bottom + height)
        canvas.setFillColor(HOSPITAL_SOFT)
        canvas.rect(left + width / 2 - 2.6, bottom + 2.6, 5.2, height - 5.2, stroke=0, fill=1)
        canvas.restoreState()

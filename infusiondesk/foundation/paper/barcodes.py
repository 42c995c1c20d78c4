"""Barcodes of record ids: Code 128 in a line, Data Matrix in a small square. They hold ids, never a name."""

from typing import Final

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.colors import black
from reportlab.pdfgen.canvas import Canvas

from infusiondesk.foundation.paper.datamatrix import modules

BAR: Final = 0.75  # points: 10.4 mil, read by a hand scanner from an ordinary laser print


def draw_record_code(canvas: Canvas, value: str, right: float, bottom: float, height: float, most: float) -> None:
    """A record's id as Code 128, its right end given; as Data Matrix where the bars would be wider than allowed."""
    bars = Code128(value, barWidth=BAR, barHeight=height, quiet=0)
    if bars.width > most:
        draw_data_matrix(canvas, value, right - height * 1.4, bottom - height * 0.2, height * 1.4)
        return
    canvas.setFillColor(black)
    bars.drawOn(canvas, right - bars.width, bottom)


def draw_data_matrix(canvas: Canvas, value: str, left: float, bottom: float, size: float) -> None:
    """Draw a Data Matrix into a square of this size; one module of white around it is part of the square."""
    rows = modules(value)
    module = size / (len(rows) + 2)
    canvas.saveState()
    canvas.setFillColor(black)
    for up, row in enumerate(reversed(rows), start=1):
        start: int | None = None
        for column, is_dark in enumerate([*row, False], start=1):
            if is_dark and start is None:
                start = column
            elif not is_dark and start is not None:
                canvas.rect(left + start * module, bottom + up * module, (column - start) * module, module, stroke=0, fill=1)
                start = None
    canvas.restoreState()

"""The one viewer of all papers: preview, print, save. What leaves the pharmacy is written to the audit."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QVBoxLayout, QWidget

from infusiondesk.foundation.kernel.outcomes import Unavailable
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import PaperShown
from infusiondesk.foundation.store.audit import Change

PRINT_DPI = 300


class PaperViewer(QDialog):
    """Shows one paper as it will be printed. The PDF stays in memory; nothing is written beside the store."""

    def __init__(self, desk: Desk, paper: PaperShown, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(paper.title)
        self.setObjectName("paper-viewer")
        self.resize(900, 760)
        self._desk, self.paper = desk, paper
        self._buffer = QBuffer(self)
        self._buffer.setData(QByteArray(paper.pdf))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document = QPdfDocument(self)
        self.document.load(self._buffer)
        self.view = QPdfView(self)
        self.view.setDocument(self.document)
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.view.setAccessibleName(f"Preview of {paper.title}")
        pages = self.document.pageCount()
        is_readable = self.document.error() == QPdfDocument.Error.None_
        self.print = Button("Print", "primary", icon="printer", key="Ctrl+P")
        self.save = Button("Save as PDF", icon="download-simple", key="Ctrl+S")
        self.close_button = Button("Close", cap="Esc")
        self.print.clicked.connect(self._print)
        self.save.clicked.connect(self._save)
        self.close_button.clicked.connect(self.reject)
        self.remark = Text(f"{pages} page{'s' if pages != 1 else ''}", 13, 400, "ink2")
        if not is_readable:  # an original that came from elsewhere; what we draw ourselves always opens
            self.remark.say(
                "This PDF has a password or is damaged and cannot be shown. Save as PDF hands it out as it came.", "danger"
            )
            self.print.forbid("What cannot be shown cannot be printed here.")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(holding(across(Text(paper.title, 16, 600), self.remark, STRETCH, margins=(16, 10, 16, 10))))
        column.addWidget(self.view, 1)
        column.addWidget(holding(across(STRETCH, self.close_button, self.save, self.print, margins=(16, 10, 16, 12))))
        self._note("view")

    def _print(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._try(lambda: print_pages(self.document, printer), "print", "Sent to the printer.")

    def _save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Save as PDF", self.paper.file_name, "PDF (*.pdf)")
        if name:
            self._try(lambda: _write(Path(name), self.paper.pdf), "export", f"Saved as {Path(name).name}.")

    def _try(self, work: Callable[[], None], action: str, said: str) -> None:
        try:
            work()
        except Unavailable as error:
            self.remark.say(error.sentence, "danger")
            return
        self._note(action)
        self.remark.say(said, "done")

    def _note(self, action: str) -> None:
        paper = self.paper
        self._desk.note(Change(action, paper.area, paper.entity, paper.entity_id, paper.patient_id))


def print_pages(document: QPdfDocument, printer: QPrinter) -> None:
    """Paint every page on a printer in the size it was drawn for. Raises Unavailable when the printer does not take it."""
    size = document.pagePointSize(0)
    printer.setPageSize(QPageSize(size, QPageSize.Unit.Point))
    printer.setPageMargins(printer.pageLayout().margins() * 0, QPageLayout.Unit.Point)
    printer.setFullPage(True)
    painter = QPainter()
    if not painter.begin(printer):
        raise Unavailable("The printer does not answer. The paper is still here; check the printer and print again.")
    for page in range(document.pageCount()):
        if page:
            printer.newPage()
        painter.drawImage(painter.viewport(), page_image(document, page, PRINT_DPI))
    painter.end()


def page_image(document: QPdfDocument, page: int, dpi: int) -> QImage:
    """One page as a picture on white: QtPdf itself renders on nothing."""
    points = document.pagePointSize(page)
    size = QSize(round(points.width() * dpi / 72), round(points.height() * dpi / 72))
    picture = QImage(size, QImage.Format.Format_RGB32)
    picture.fill(QColor(Qt.GlobalColor.white))
    painter = QPainter(picture)
    painter.drawImage(0, 0, document.render(page, size))
    painter.end()
    return picture


def _write(path: Path, pdf: bytes) -> None:
    try:
        path.write_bytes(pdf)
    except OSError as error:
        raise Unavailable(f"{path.name} could not be written. Choose another folder.") from error

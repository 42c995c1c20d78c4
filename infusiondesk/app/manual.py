"""F1: the manual page of a screen, from the files that ship with the program."""

from pathlib import Path

from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from infusiondesk.foundation.qtkit.fonts import font
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, holding
from infusiondesk.foundation.qtkit.parts.button import Button

MANUAL = Path(__file__).parents[2] / "resources" / "manual"


class ManualWindow(QDialog):
    """One page; links lead to other pages of the manual only."""

    def __init__(self, slug: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Manual")
        self.resize(720, 640)
        self.page = QTextBrowser()
        self.page.setFont(font(14))
        self.page.setOpenLinks(False)
        self.page.setAccessibleName("Manual")
        self.page.anchorClicked.connect(lambda link: self.show_page(Path(link.path()).stem))
        close = Button("Close", "primary", cap="Esc")
        close.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page, 1)
        column.addWidget(holding(across(STRETCH, close, margins=(16, 8, 16, 12))))
        self.show_page(slug)

    def show_page(self, slug: str) -> None:
        """Show a page by its file's name, the contents where there is none."""
        path = MANUAL / f"{slug}.md"
        self.page.setMarkdown((path if path.is_file() else MANUAL / "README.md").read_text("utf-8"))

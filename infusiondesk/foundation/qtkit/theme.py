"""How the whole desk takes its colours: Fusion, one palette, one generated style sheet, and a signal when they change.

    apply_theme(app, dark=False)      once at start, again whenever the person changes the theme
    token("ink")                      the QColor of a name, in the theme of now
    THEME.changed.connect(slot)       for the few things that bake a colour in (charts, icons)

The style sheet carries colour, edge, radius, padding and heights only; fonts never appear in it, because a variable
font takes its weight from an axis that a style sheet cannot set. It also gives no label a colour: a style-sheet
colour would overrule the palette of every single label.
"""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from infusiondesk.foundation.qtkit.fonts import font, load_fonts
from infusiondesk.foundation.qtkit.tokens import TOKENS, Token


class Theme(QObject):
    """Which of the two themes is on, and a word to everybody when that changes."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.is_dark = False
        self._colours: dict[Token, QColor] = {}

    def colour(self, name: Token) -> QColor:
        """The colour of a name in the theme of now."""
        if name not in self._colours:
            self._colours[name] = QColor(TOKENS[name][1 if self.is_dark else 0])
        return self._colours[name]

    def wear(self, dark: bool) -> None:
        """Turn to light or dark; the caller sets palette and style sheet before the signal is sent."""
        self.is_dark = dark
        self._colours = {}


THEME = Theme()


def token(name: Token, alpha: float | None = None) -> QColor:
    """The colour of a name in the theme of now, as the caller's own copy; `alpha` from 0 to 1 makes it translucent."""
    colour = QColor(THEME.colour(name))
    if alpha is not None:
        colour.setAlphaF(alpha)
    return colour


def apply_theme(app: QApplication, dark: bool) -> None:
    """Dress the application: fonts, Fusion, every palette role and the style sheet, then tell those who listen.

    What is worn already stays on: every open widget is dressed anew by a style sheet, and that takes its time.
    """
    load_fonts()
    THEME.wear(dark)
    worn, sheet = app.styleSheet(), style_sheet()
    if worn == sheet:
        return
    if not worn:  # Qt wraps the style of a dressed application in one of its own, which has another name
        app.setStyle("Fusion")
    app.setFont(font(13))
    app.setPalette(palette())
    app.setStyleSheet(sheet)
    THEME.changed.emit()


def palette() -> QPalette:
    """Every role, so that native dialogs and print preview follow the theme as well."""
    role = QPalette.ColorRole
    made = QPalette()
    for one, name in _ROLES.items():
        made.setColor(one, token(name))
    disabled = QPalette.ColorGroup.Disabled
    for one in (role.Text, role.WindowText, role.ButtonText):
        made.setColor(disabled, one, token("ink3"))
    made.setColor(disabled, role.Base, token("sunken"))
    return made


_ROLE = QPalette.ColorRole
_ROLES: dict[QPalette.ColorRole, Token] = {
    _ROLE.Window: "bg",
    _ROLE.WindowText: "ink",
    _ROLE.Base: "surface",
    _ROLE.AlternateBase: "sunken",
    _ROLE.Text: "ink",
    _ROLE.Button: "raised",
    _ROLE.ButtonText: "ink",
    _ROLE.BrightText: "danger",
    _ROLE.Light: "raised",
    _ROLE.Midlight: "line",
    _ROLE.Mid: "line2",
    _ROLE.Dark: "control",
    _ROLE.Shadow: "line2",
    _ROLE.Highlight: "accent",
    _ROLE.HighlightedText: "onaccent",
    _ROLE.Link: "accent",
    _ROLE.LinkVisited: "accent",
    _ROLE.PlaceholderText: "ink3",
    _ROLE.ToolTipBase: "raised",
    _ROLE.ToolTipText: "ink",
    _ROLE.Accent: "accent",
}


def style_sheet() -> str:
    """The one generated style sheet, in the colours of now."""
    words = _SHEET
    for name in sorted(TOKENS, key=len, reverse=True):  # longest first: @line2 before @line
        words = words.replace(f"@{name}", token(name).name())
    return words


# Inputs say their state in a `state` property (error, due) that parts re-polish; rest, hover, focus and disabled are Qt's own.
_SHEET = """
QToolTip { background: @raised; color: @ink; border: 1px solid @line2; padding: 4px 8px; }
QMenu { background: @raised; color: @ink; border: 1px solid @line2; padding: 4px; }
QMenu::item { padding: 7px 24px 7px 12px; border-radius: 4px; }
QMenu::item:selected { background: @sel; color: @ink; }
QMenu::item:disabled { color: @ink3; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }
QLineEdit, QPlainTextEdit, QComboBox {
    background: @surface; color: @ink; border: 1px solid @control; border-radius: 6px;
    selection-background-color: @accent; selection-color: @onaccent; placeholder-text-color: @ink3;
}
QLineEdit, QComboBox { padding: 0 10px; min-height: 34px; }
QComboBox { padding: 0 12px; }
QPlainTextEdit { padding: 5px 6px; }
QLineEdit:hover, QPlainTextEdit:hover, QComboBox:hover { border-color: @ink2; }
QLineEdit:focus, QComboBox:focus, QComboBox:on { border: 2px solid @accent; padding: 0 9px; min-height: 32px; }
QPlainTextEdit:focus { border: 2px solid @accent; padding: 4px 5px; }
QComboBox:focus, QComboBox:on, QComboBox[state="error"] { padding: 0 11px; }
QLineEdit[state="error"] { border: 2px solid @danger; padding: 0 9px; min-height: 32px; }
QComboBox[state="error"] { border: 2px solid @danger; min-height: 32px; }
QPlainTextEdit[state="error"] { border: 2px solid @danger; padding: 4px 5px; }
QLineEdit[state="due"], QComboBox[state="due"] { border: 1px solid @due; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled { background: @sunken; border-color: @line2; color: @ink3; }
QLineEdit:read-only { background: @sunken; border-color: @line2; }
QLineEdit[bare="true"] { border: none; background: transparent; padding: 0; min-height: 20px; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView {
    background: @raised; color: @ink; border: 1px solid @line2; outline: 0; padding: 4px;
    selection-background-color: @sel; selection-color: @ink;
}
QListView { background: @surface; color: @ink; border: none; outline: 0; selection-background-color: @sel; selection-color: @ink; }
QTableView {
    background: @surface; border: none; gridline-color: transparent; outline: 0;
    selection-background-color: @sel; selection-color: @ink;
}
QHeaderView { background: @surface; border: none; }
QHeaderView::section { background: @surface; color: @ink3; border: none; border-bottom: 1px solid @line2; padding: 0 8px; }
QTableCornerButton::section { background: @surface; border: none; }
QScrollArea { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar::handle:vertical { background: @line2; border-radius: 3px; min-height: 32px; }
QScrollBar::handle:vertical:hover { background: @control; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle:horizontal { background: @line2; border-radius: 3px; min-width: 32px; }
QScrollBar::handle:horizontal:hover { background: @control; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: transparent; }
QProgressBar { background: @line; border: none; border-radius: 2px; max-height: 4px; }
QProgressBar::chunk { background: @accent; border-radius: 2px; }
QCalendarWidget QWidget#qt_calendar_navigationbar { background: @sunken; }
"""

"""The theme: the contrast that the look promises, the style sheet's one job, weights that are really drawn, a quick start."""

import subprocess
import sys

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from infusiondesk.foundation.qtkit.fonts import FAMILY, font, width_of
from infusiondesk.foundation.qtkit.icons import SECTION_ICONS, draw_icon, icon_for, knows_icon, mark_icon
from infusiondesk.foundation.qtkit.lasting import LASTING, PLENTY
from infusiondesk.foundation.qtkit.paint import LOOKS, pill_width, shape, text, unbroken, wrapped
from infusiondesk.foundation.qtkit.theme import THEME, apply_theme, style_sheet, token
from infusiondesk.foundation.qtkit.tokens import TOKENS, Token

# (text or edge, ground, contrast in light, contrast in dark): the table of the look, WCAG 2 formula.
CONTRAST: list[tuple[Token, Token, float, float]] = [
    ("ink", "surface", 16.04, 13.97), ("ink2", "surface", 7.49, 8.87), ("ink2", "sel", 6.56, 7.44), ("ink3", "surface", 5.59, 5.99),
    ("ink3", "bg", 5.10, 6.61), ("ink3", "side", 4.78, 6.89), ("ink3", "sel", 4.89, 5.03), ("accent", "surface", 6.22, 7.57),
    ("accent", "soft", 5.32, 5.92), ("accent", "sel", 5.44, 6.35), ("onaccent", "accent", 6.22, 7.59), ("onbar", "bar", 6.22, 5.09),
    ("danger", "surface", 6.54, 7.30), ("danger", "dangersoft", 5.66, 6.77), ("ondanger", "danger", 6.54, 8.16),
    ("due", "surface", 6.68, 9.53), ("due", "duesoft", 6.02, 8.19), ("due", "sel", 5.85, 8.00), ("done", "surface", 6.28, 8.57),
    ("done", "donesoft", 5.50, 7.39), ("done", "band", 5.20, 7.32), ("hosp", "hospsoft", 5.00, 6.72),
    ("control", "surface", 3.38, 4.09), ("control", "bg", 3.08, 4.52),
]  # fmt: skip


def luminance(hexed: str) -> float:
    """Relative luminance of WCAG 2."""
    colour = QColor(hexed)
    parts = [value / 255 for value in (colour.red(), colour.green(), colour.blue())]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("front", "ground", "light", "dark"), CONTRAST)
def test_contrast_is_what_the_look_promises(front: Token, ground: Token, light: float, dark: float) -> None:
    least = 3.0 if front == "control" else 4.5
    for place, promised in ((0, light), (1, dark)):
        found = contrast(TOKENS[front][place], TOKENS[ground][place])
        assert found == pytest.approx(promised, abs=0.01)
        assert found >= least


@pytest.mark.parametrize("tone", list(LOOKS))
def test_every_pill_can_be_read_in_both_themes(tone: str) -> None:
    look = next(found for name, found in LOOKS.items() if name == tone)
    assert all(contrast(TOKENS[look.ink][place], TOKENS[look.soft][place]) >= 4.5 for place in (0, 1))


def test_style_sheet_sets_no_font_and_no_colour_of_labels() -> None:
    sheet = style_sheet()
    assert "font" not in sheet
    assert "QLabel" not in sheet
    assert "@" not in sheet, "a token was not replaced"


def test_theme_change_reaches_palette_and_listeners(qapp: QApplication, qtbot: QtBot) -> None:
    apply_theme(qapp, False)
    label = QLabel("ZZTEST")
    qtbot.addWidget(label)
    with qtbot.waitSignal(THEME.changed, timeout=1000):
        apply_theme(qapp, True)
    try:
        assert token("ink").name().upper() == TOKENS["ink"][1]
        assert qapp.palette().color(QPalette.ColorRole.Base).name().upper() == TOKENS["surface"][1]
        assert label.palette().color(QPalette.ColorRole.WindowText).name().upper() == TOKENS["ink"][1]
    finally:
        apply_theme(qapp, False)
    assert token("ink").name().upper() == TOKENS["ink"][0]


def test_token_hands_out_copies() -> None:
    token("ink").setAlpha(0)
    assert token("ink").alpha() == 255
    assert token("scrim", 0.5).alphaF() == pytest.approx(0.5, abs=0.01)


def ink_of(weight: int) -> int:
    """How much is drawn for the same word in a weight."""
    image = QImage(200, 40, QImage.Format.Format_Grayscale8)
    image.fill(255)
    painter = QPainter(image)
    painter.setFont(font(20, weight))
    painter.drawText(5, 28, "vancomycin")
    painter.end()
    return sum(255 - value for value in bytes(image.constBits()))


def test_weight_is_drawn_and_not_only_said(qapp: QApplication) -> None:
    apply_theme(qapp, False)
    assert font(13).families()[0] == FAMILY
    assert ink_of(600) > ink_of(400) * 1.1


def test_figures_stand_under_each_other(qapp: QApplication) -> None:
    apply_theme(qapp, False)
    assert len({round(width_of(digit * 4, 13), 3) for digit in "0123456789"}) == 1


def test_a_number_is_never_parted_from_its_unit() -> None:
    assert unbroken("cefTRIAXone 2 g daily, class 1. Then") == ["cefTRIAXone", "2 g", "daily,", "class", "1.", "Then"]
    assert unbroken("1,250 mg in 250 mL") == ["1,250 mg", "in", "250 mL"]


def test_wrapped_lines_fit_and_lose_nothing(qapp: QApplication) -> None:
    apply_theme(qapp, False)
    words = "Above the critical limit of 25 mg/L. Call the prescriber within 60 minutes of receipt."
    lines = wrapped(words, 200, 12, most=9)
    assert " ".join(lines) == words
    assert all(width_of(line, 12) <= 200 for line in lines)
    assert wrapped("one two", 10_000) == ["one two"]
    assert wrapped("", 100) == []


def test_pills_differ_by_shape_too(qapp: QApplication) -> None:
    apply_theme(qapp, False)
    shapes = [look.shape for look in LOOKS.values()]
    assert len(set(shapes)) == len(shapes), "colour is never alone"
    assert pill_width("Active", "plain") < pill_width("Active", "done")


@pytest.mark.parametrize("kind", ["octagon", "triangle", "check", "dot", "ring", "square", "cross"])
def test_each_shape_draws_inside_its_room(qapp: QApplication, kind: str) -> None:
    image = QImage(40, 40, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    shape(painter, kind, QRectF(10, 10, 12, 12), "danger")  # type: ignore[arg-type]  # the parameter is one of the literals
    painter.end()
    drawn = [(x, y) for x in range(40) for y in range(40) if image.pixelColor(x, y).alpha() > 40]
    assert drawn
    assert all(9 <= x <= 22 and 9 <= y <= 22 for x, y in drawn)


def test_text_elides_unless_it_must_be_kept(qapp: QApplication) -> None:
    apply_theme(qapp, False)

    def right_edge(keep: bool) -> int:
        image = QImage(200, 20, QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        text(painter, QRectF(0, 0, 60, 20), "vancomycin 1,250 mg", keep=keep)
        painter.end()
        return max(x for x in range(200) for y in range(20) if image.pixelColor(x, y).alpha() > 40)

    assert right_edge(False) <= 61
    assert right_edge(True) > 100


def test_every_section_has_an_icon_that_exists(qapp: QApplication) -> None:
    used = [*SECTION_ICONS.values(), "barcode", "keyboard", "question", "phone", "hand", "lock-open", "bell", "magnifying-glass"]
    assert [name for name in used if not knows_icon(name)] == []
    assert not knows_icon("no-such-icon")


def test_painted_icons_leave_ink(qapp: QApplication) -> None:
    for name in ("lock", "lock-open", "check-circle", "identification-badge", "file-text", "flask"):
        image = QImage(24, 24, QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        draw_icon(painter, name, QRectF(0, 0, 24, 24), "ink")
        painter.end()
        assert sum(1 for x in range(24) for y in range(24) if image.pixelColor(x, y).alpha()) > 30, name


def test_icons_for_native_places(qapp: QApplication) -> None:
    assert {size.width() for size in mark_icon().availableSizes()} >= {16, 128}
    assert not icon_for("flask").isNull()


QUICK = """
import sys
import infusiondesk.foundation.qtkit.theme, infusiondesk.foundation.qtkit.paint, infusiondesk.foundation.qtkit.icons
import infusiondesk.foundation.qtkit.parts.button, infusiondesk.foundation.qtkit.parts.card
print([name for name in ("sqlalchemy", "reportlab", "qtawesome", "fontpkg", "alembic", "pyqtgraph") if name in sys.modules])
"""


def test_what_the_sign_in_takes_pulls_in_nothing_heavy() -> None:
    ran = subprocess.run([sys.executable, "-c", QUICK], capture_output=True, text=True, check=True, cwd=sys.path[0] or None)
    assert ran.stdout.strip() == "[]"


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="from Python 3.12 on they are immortal by themselves")
def test_none_and_the_two_answers_outlast_a_session(qapp: QApplication) -> None:
    assert all(sys.getrefcount(lasting) > PLENTY // 2 for lasting in LASTING)

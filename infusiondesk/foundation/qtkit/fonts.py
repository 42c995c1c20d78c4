"""The letters of the desk: IBM Plex Sans by pixel size and weight, Noto Sans where it has no glyph.

A variable font takes its weight only from its `wght` axis: setWeight alone changes nothing on screen, and a style
sheet cannot set an axis. So every QFont of the desk comes from `font`.
"""

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

from infusiondesk.foundation.qtkit import lasting

FAMILY = "IBM Plex Sans"
FALLBACK = "Noto Sans"

assert lasting  # imported for what it does

_loaded: list[str] = []
_made: dict[tuple[int, int], QFont] = {}
_metrics: dict[tuple[int, int], QFontMetricsF] = {}


def load_fonts() -> None:
    """Give Qt the two families, once; needs the application object."""
    if _loaded:
        return
    for package in ("fontpkg_ibm_plex_sans", "fontpkg_noto_sans"):
        _loaded.append(package)
        for file in _files(package):
            QFontDatabase.addApplicationFont(str(file))
    width_of.cache_clear()  # what was measured before was measured with another font
    _metrics.clear()


def _files(package: str) -> list[Path]:
    # The package's folder is looked up directly: importing fontpkg to ask it the same costs 60 ms before sign-in.
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return []
    folder = Path(next(iter(spec.submodule_search_locations))) / "files"
    return [file for file in sorted(folder.glob("*.ttf")) if "Italic" not in file.name]


def font(px: int = 13, weight: int = 400) -> QFont:
    """The font of a size and weight (400 or 600): tabular figures, no hinting."""
    key = (px, weight)
    if key not in _made:
        made = QFont([FAMILY, FALLBACK])
        made.setPixelSize(px)
        made.setWeight(QFont.Weight(weight))
        made.setVariableAxis(QFont.Tag("wght"), weight)
        made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        made.setFeature(QFont.Tag("tnum"), 1)
        _made[key] = made
    return QFont(_made[key])


def metrics(px: int = 13, weight: int = 400) -> QFontMetricsF:
    """The measures of that font."""
    key = (px, weight)
    if key not in _metrics:
        _metrics[key] = QFontMetricsF(font(px, weight))
    return _metrics[key]


@lru_cache(maxsize=50_000)  # the same names and units are measured again and again while a list is laid out and painted
def width_of(words: str, px: int = 13, weight: int = 400) -> float:
    """How wide the words are, in logical pixels."""
    return metrics(px, weight).horizontalAdvance(words)

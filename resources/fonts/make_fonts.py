"""Make the static fonts that papers embed, from the variable fonts of the locked packages; run it again when a package changes.

    python resources/fonts/make_fonts.py

A PDF needs one face for each weight, and two faces with one PostScript name (name ID 6) merge silently: 600 would print as
regular. The source reserves its font name (OFL 1.1, clause 3), so what is made here carries our own. Layout tables and hints
are dropped, since reportlab reads neither. A box is added at U+25A1: it is drawn for a character that no face can write.
"""

import importlib.metadata
import shutil
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

HERE = Path(__file__).parent
BOX = 0x25A1
LAYOUT_TABLES = ("GSUB", "GPOS", "GDEF", "STAT", "fpgm", "prep", "cvt ", "cvar", "gasp", "MVAR", "HVAR")
STYLES = {400: "Regular", 600: "SemiBold"}
# Scripts that need shaping (Devanagari and its kin) are left out of the fallback: drawn letter by letter they would read wrong.
FALLBACK_RANGES = (
    (0x20, 0x58F),
    (0x1AB0, 0x1AFF),
    (0x1C80, 0x1C8F),
    (0x1D00, 0x218F),
    (0x2C60, 0x2C7F),
    (0x2DE0, 0x2E7F),
    (0xA640, 0xA7FF),
    (0xAB30, 0xAB6F),
    (0xFB00, 0xFB06),
    (0xFE20, 0xFE2F),
    (0xFFFD, 0xFFFD),
)


@dataclass(frozen=True)
class Source:
    """One variable font of an installed package, and the name under which its instances are shipped."""

    package: str
    file: str
    family: str
    ranges: tuple[tuple[int, int], ...] = ((0x20, 0x10FFFF),)


SOURCES = (
    Source("fontpkg-ibm-plex-sans", "fontpkg_ibm_plex_sans/files/IBMPlexSans[wdth,wght].ttf", "InfusionDesk Sans"),
    Source("fontpkg-noto-sans", "fontpkg_noto_sans/files/NotoSans[wdth,wght].ttf", "InfusionDesk Fallback", FALLBACK_RANGES),
)


def make(source: Source, weight: int, target: Path) -> None:
    """Write one static weight of one source."""
    font = TTFont(importlib.metadata.distribution(source.package).locate_file(source.file), recalcTimestamp=False)
    for tag in LAYOUT_TABLES:
        if tag in font:
            del font[tag]
    font = instancer.instantiateVariableFont(font, {"wght": weight, "wdth": 100}, inplace=True)
    _keep(font, source.ranges)
    _add_box(font)
    _rename(font, source.family, STYLES[weight])
    font["OS/2"].usWeightClass = weight
    font.save(target)


def file_name(source: Source, weight: int) -> str:
    """The file that a weight is shipped as."""
    return f"{_joined(source.family)}-{weight}.ttf"


def _joined(family: str) -> str:
    return family.replace(" ", "")


def _keep(font: TTFont, ranges: tuple[tuple[int, int], ...]) -> None:
    options = subset.Options()
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = ["*"]
    options.layout_features = []
    options.recalc_timestamp = False
    options.glyph_names = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for code in font.getBestCmap() if any(first <= code <= last for first, last in ranges)])
    subsetter.subset(font)


def _add_box(font: TTFont) -> None:
    glyphs = font["glyf"]
    glyphs["missing.box"] = deepcopy(glyphs[".notdef"])
    font["hmtx"]["missing.box"] = font["hmtx"][".notdef"]
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[BOX] = "missing.box"


def _rename(font: TTFont, family: str, style: str) -> None:
    names = font["name"]
    joined = _joined(family)
    full, postscript = f"{family} {style}", f"{joined}-{style}"
    ours = {1: full, 2: "Regular", 3: postscript, 4: full, 6: postscript, 16: family, 17: style}
    kept = {identity: names.getDebugName(identity) for identity in (0, 5, 8, 9, 13, 14)}
    names.names = []
    for identity, words in sorted({**kept, **ours}.items()):
        if words:
            names.setName(words, identity, 3, 1, 0x409)


def main() -> None:
    """Make every weight of every source beside this file, with the licences they came under."""
    for source in SOURCES:
        for weight in STYLES:
            make(source, weight, HERE / file_name(source, weight))
        package = importlib.metadata.distribution(source.package)
        licence = Path(str(package.locate_file(source.file))).parents[1] / "LICENSE"
        shutil.copyfile(licence, HERE / f"OFL-{_joined(source.family)}.txt")


if __name__ == "__main__":
    main()

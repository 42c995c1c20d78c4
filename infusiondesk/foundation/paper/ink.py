"""Which face writes which character: ours, then the fallback, then a box; and the one place where a fact is escaped.

The faces are static instances shipped in ``resources/fonts`` (made by ``make_fonts.py`` there). reportlab would draw a
missing glyph in silence, so every text comes through here first.
"""

import logging
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FONT_FOLDER: Final = Path(__file__).parents[3] / "resources" / "fonts"
REGULAR: Final = "InfusionDeskSans-400"
STRONG: Final = "InfusionDeskSans-600"
_FALLBACK: Final = {REGULAR: "InfusionDeskFallback-400", STRONG: "InfusionDeskFallback-600"}
BOX: Final = "□"

# A number never parts from its unit, nor a day from its month and year, at the end of a line (ISMP: a unit alone is misread).
_UNIT_AFTER_NUMBER: Final = re.compile(
    r"(?<=\d) (?=(?:mg|mcg|g|kg|lb|mL|L|units?|mEq|mmol|mOsm|cm|mm|h|hours?|min|minutes|days?|doses?|bags?|°C|°F)(?![A-Za-z]))"
)
_DAY_AND_MONTH: Final = re.compile(r"\b(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4})\b")

log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def faces() -> dict[str, frozenset[int]]:
    """Register every face once, and say which characters each can write."""
    found = {}
    for name in (*_FALLBACK, *_FALLBACK.values()):
        font = TTFont(name, str(FONT_FOLDER / f"{name}.ttf"))
        pdfmetrics.registerFont(font)
        found[name] = frozenset(font.face.charToGlyph)
    return found


@dataclass(frozen=True)
class Run:
    """Letters that one face writes."""

    face: str
    text: str


class Ink:
    """The writing of one paper; it remembers which characters no face could write."""

    def __init__(self) -> None:
        self.missing: set[str] = set()
        self._known = faces()

    def runs(self, text: str, face: str = REGULAR) -> list[Run]:
        """The text as runs of one face each, composed (NFC), with a box where no face has the character."""
        written = (self._written(character, face) for character in unicodedata.normalize("NFC", text))
        return [Run(name, "".join(letter for _, letter in letters)) for name, letters in groupby(written, key=lambda pair: pair[0])]

    def markup(self, text: str, face: str = REGULAR) -> str:
        """The text for a reportlab Paragraph set in this face: escaped, line ends kept, other faces named."""
        return "".join(self._marked(run, face) for run in self.runs(bound(text), face))

    def _marked(self, run: Run, face: str) -> str:
        escaped = escape(run.text).replace("\n", "<br/>")
        return escaped if run.face == face else f'<font name="{run.face}">{escaped}</font>'

    def _written(self, character: str, face: str) -> tuple[str, str]:
        if character == "\n":
            return face, character
        if character in "\t\r\v\f":
            return face, " "
        # Controls and direction marks have no shape of their own; drawn as nothing they could hide or turn a name.
        if unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Cn", "Co"}:
            for name in (face, _FALLBACK[face]):
                if ord(character) in self._known[name]:
                    return name, character
        self.missing.add(character)
        return face, BOX


def log_missing(record_id: str, count: int) -> None:
    """Log that a paper has boxes: the record's id and how many, never a letter of the text."""
    if count:
        log.warning("paper.missing_glyphs record=%s count=%d", record_id, count)


def bound(text: str) -> str:
    """Tie numbers to their units and the parts of a date together; reportlab draws the tie as an ordinary space."""
    tied = _UNIT_AFTER_NUMBER.sub("\N{NO-BREAK SPACE}", text.replace("\r\n", "\n"))
    return _DAY_AND_MONTH.sub("\\1\N{NO-BREAK SPACE}\\2\N{NO-BREAK SPACE}\\3", tied)

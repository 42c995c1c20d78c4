"""The faces that papers embed: what they can write, what happens when they cannot, and that a heavy word looks heavy."""

import importlib.util
import unicodedata
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from PySide6.QtGui import qGray

from infusiondesk.foundation.paper.ink import BOX, FONT_FOLDER, REGULAR, STRONG, Ink, Run, bound
from infusiondesk.foundation.paper.pieces import Words
from infusiondesk.foundation.paper.sheet import Sheet
from infusiondesk.foundation.paper.stationery import Pharmacy, Printing, RecordMark
from tests.papers.test_paper_facts import picture_of

PRINTING = Printing(Pharmacy("ZZTEST Pharmacy", ("1 Example Way",), "217-555-0100"), "ZZTEST Rowan", "24 Nov 2026 14:05")
FONTS = sorted(FONT_FOLDER.glob("*.ttf"))
ALPHABETS = {
    "Vietnamese": "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ",
    "Polish": "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż",
    "Turkish": "abcçdefgğh\N{LATIN SMALL LETTER DOTLESS I}ijklmnoöprsştuüvyzİ",
    "Greek": "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ",
    "Cyrillic": "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґјљњћџўђ",
    "French, German, Spanish, Nordic": "àâæçéèêëïîôœùûüÿñßäöåøæðþ¿¡",
    "signs of the house": "0123456789.,;:%°±×–−’“”()[]/+<>=≤≥µ·†$&#@'\"-□",
}


@pytest.mark.parametrize("face", [REGULAR, STRONG])
@pytest.mark.parametrize("language", ALPHABETS)
def test_an_alphabet_is_written_by_our_own_face_without_help(face: str, language: str) -> None:
    letters = ALPHABETS[language] + (ALPHABETS[language].upper() if language != "signs of the house" else "")
    ink = Ink()
    assert ink.runs(letters, face) == [Run(face, unicodedata.normalize("NFC", letters))]
    assert ink.missing == set()


def test_a_letter_that_ours_has_not_is_written_by_the_fallback_of_the_same_weight() -> None:
    assert Ink().runs("x ἀ y") == [Run(REGULAR, "x "), Run("InfusionDeskFallback-400", "ἀ"), Run(REGULAR, " y")]
    assert Ink().runs("ἀ", STRONG) == [Run("InfusionDeskFallback-600", "ἀ")]


def test_a_letter_that_no_face_has_is_a_box_and_is_remembered() -> None:
    ink = Ink()
    assert ink.runs("Li 李 Ming") == [Run(REGULAR, f"Li {BOX} Ming")]
    assert ink.missing == {"李"}


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\x00", "\x1b", "\ufeff", "\ud800", "\ue000"])
def test_what_has_no_shape_is_a_box_and_never_hides_or_turns_a_name(hidden: str) -> None:
    assert Ink().runs(f"Ro{hidden}wan") == [Run(REGULAR, f"Ro{BOX}wan")]


def test_letters_are_composed_before_they_are_looked_up() -> None:
    ink = Ink()
    assert ink.runs(unicodedata.normalize("NFD", "Nguyễn Thị Ánh")) == [Run(REGULAR, "Nguyễn Thị Ánh")]
    assert ink.missing == set()


def test_a_tab_is_a_space_and_a_line_end_stays() -> None:
    assert Ink().runs("a\tb\nc") == [Run(REGULAR, "a b\nc")]


def test_the_markup_is_escaped_once() -> None:
    assert Ink().markup("<b>&amp;</b>\nἀ") == '&lt;b&gt;&amp;amp;&lt;/b&gt;<br/><font name="InfusionDeskFallback-400">ἀ</font>'


@pytest.mark.parametrize(
    ("text", "tied"),
    [
        ("1,250 mg every 12 hours", "1,250~mg every 12~hours"),
        ("24 Nov 2026 14:05", "24~Nov~2026 14:05"),
        ("10 units/mL", "10~units/mL"),
        ("5 mgs", "5 mgs"),
        ("2 to 18 Nov 2026", "2 to 18~Nov~2026"),
        ("room 5 green", "room 5 green"),
        ("37 °C", "37~°C"),
    ],
)
def test_a_number_is_tied_to_its_unit(text: str, tied: str) -> None:
    assert bound(text) == tied.replace("~", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize("font", FONTS, ids=lambda path: path.stem)
def test_a_face_has_a_name_of_its_own_and_nothing_a_pdf_does_not_read(font: Path) -> None:
    face = TTFont(font)
    names = {identity: str(face["name"].getDebugName(identity)) for identity in (1, 4, 6, 16)}
    assert all("plex" not in name.lower() and "noto" not in name.lower() for name in names.values()), (
        "the source reserves its font name"
    )
    assert "Copyright" in str(face["name"].getDebugName(0))
    assert "SIL Open Font License" in str(face["name"].getDebugName(13))
    assert not {"GSUB", "GPOS", "GDEF", "fvar", "gvar", "fpgm"} & set(face.keys())
    assert face["OS/2"].usWeightClass == int(font.stem.rpartition("-")[2])


def test_no_two_faces_share_a_postscript_name() -> None:
    names = [str(TTFont(font)["name"].getDebugName(6)) for font in FONTS]
    assert len(FONTS) == 4
    assert len(set(names)) == 4, "faces of one PostScript name merge silently in a PDF"


def test_the_licence_is_shipped_beside_each_family() -> None:
    for family in ("InfusionDeskSans", "InfusionDeskFallback"):
        text = (FONT_FOLDER / f"OFL-{family}.txt").read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert 'Reserved Font Name "Plex"' in (FONT_FOLDER / "OFL-InfusionDeskSans.txt").read_text(encoding="utf-8")


def test_the_shipped_face_is_what_the_script_makes(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("make_fonts", FONT_FOLDER / "make_fonts.py")
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.make(script.SOURCES[0], 600, tmp_path / "again.ttf")
    assert (tmp_path / "again.ttf").read_bytes() == (FONT_FOLDER / "InfusionDeskSans-600.ttf").read_bytes()


def darkness(content: bytes) -> int:
    """How much ink the body of the first page carries."""
    picture = picture_of(content)
    return sum(255 - qGray(picture.pixel(x, y)) for x in range(612) for y in range(200, 700))


@pytest.mark.usefixtures("qapp")
def test_weight_600_looks_bolder_than_400_in_the_picture() -> None:
    def page(*, is_strong: bool) -> bytes:
        sheet = Sheet(title="Weights", record=RecordMark("W-1", "1"), printing=PRINTING)
        for _ in range(20):
            sheet.words(Words("vancomycin 1,250 mg every 12 hours", strong=is_strong))
        return sheet.pdf()

    light, heavy = darkness(page(is_strong=False)), darkness(page(is_strong=True))
    assert light > 0
    assert heavy > light * 1.15

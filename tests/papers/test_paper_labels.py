"""Labels: the size of the stock, nothing cut off, the patient and the beyond-use date on each, a code that a scanner reads."""

import hashlib
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from infusiondesk.compounding.documents import BagLabel, LabelIngredient, SyringeLabel, draw_bag_labels, draw_syringe_labels
from infusiondesk.foundation.paper import datamatrix
from infusiondesk.foundation.paper.stationery import Pharmacy, Printing
from tests.papers.test_paper_facts import is_blank, pages_of, picture_of

PRINTING = Printing(
    Pharmacy("ZZTEST Prairie Home Infusion", ("100 Example Way", "Springfield, IL 62701"), "217-555-0100"), "ZZTEST", "now"
)
BAG = BagLabel(
    patient_name="ZZTEST Alder, Marian",
    mrn="40-118-7",
    born_on=date(1964, 3, 14),
    rx_number="704118",
    prescriber="ZZTEST Dr. Elm",
    ingredients=(LabelIngredient("vancomycin", "1,250 mg"),),
    vehicle="0.9% sodium chloride",
    total_volume="250 mL",
    concentration="5 mg/mL",
    dosage_form="Solution for infusion",
    route="Intravenous, through the PICC",
    rate="167 mL/h over 90 min",
    directions="Infuse 1 bag every 12 hours.",
    storage="Refrigerate, 2 to 8 °C. Do not freeze.",
    beyond_use_at=datetime(2026, 12, 4, 9, 5, tzinfo=UTC),
    prepared_at=datetime(2026, 11, 24, 9, 5, tzinfo=UTC),
    batch_id="B-2611-0151",
    number=3,
    of=14,
    container="single-dose bag",
    warnings=("Central line preferred",),
    code="B-2611-0151/03",
)
NUTRITION = tuple(LabelIngredient(f"ingredient {number}", f"{number} mEq") for number in range(1, 16))
SYRINGE = SyringeLabel(
    "ZZTEST Alder, Marian",
    date(1964, 3, 14),
    "704120",
    "heparin lock flush",
    "50 units",
    "5 mL (10 units/mL)",
    "Into the PICC, last in SASH",
    "Room temperature",
    datetime(2026, 12, 1, 9, 5, tzinfo=UTC),
    "B-2611-0152",
    2,
    28,
    "B-2611-0152/02",
)


def test_a_bag_label_is_4_by_3_inches_and_holds_everything_on_one() -> None:
    reader = PdfReader(BytesIO(draw_bag_labels([BAG], PRINTING)))
    assert [(float(page.mediabox.width), float(page.mediabox.height)) for page in reader.pages] == [(288, 216)]
    text = " ".join(reader.pages[0].extract_text().split())
    for fact in (
        "ZZTEST Prairie Home Infusion",
        "100 Example Way, Springfield, IL 62701",
        "217-555-0100",
        "ZZTEST Alder, Marian",
        "Born 14 Mar 1964, MRN 40-118-7",
        "Rx 704118",
        "Bag 3 of 14",
        "vancomycin 1,250 mg",
        "in 0.9% sodium chloride, total volume 250 mL, 5 mg/mL",
        "Intravenous, through the PICC. Rate 167 mL/h over 90 min.",
        "Infuse 1 bag every 12 hours.",
        "Use before 4 Dec 2026 09:05",
        "Refrigerate, 2 to 8 °C. Do not freeze.",
        "Solution for infusion, single-dose bag",
        "Compounded 24 Nov 2026 09:05, batch B-2611-0151",
        "Prescriber ZZTEST Dr. Elm",
        "Central line preferred",
    ):
        assert fact in text
    assert "label 1" not in text


def test_a_syringe_label_is_2_by_1_inches_and_holds_everything_on_one() -> None:
    reader = PdfReader(BytesIO(draw_syringe_labels([SYRINGE], PRINTING)))
    assert [(float(page.mediabox.width), float(page.mediabox.height)) for page in reader.pages] == [(144, 72)]
    text = " ".join(reader.pages[0].extract_text().split())
    for fact in (
        "ZZTEST Alder, Marian",
        "Rx 704120",
        "heparin lock flush 50 units in 5 mL (10 units/mL)",
        "Into the PICC, last in SASH.",
        "Born 14 Mar 1964",
        "Use before 1 Dec 2026 09:05",
        "Room temperature",
        "B-2611-0152, 2 of 28",
    ):
        assert fact in text


@pytest.mark.parametrize(
    "bag",
    [
        replace(
            BAG, ingredients=NUTRITION, warnings=("Central line only", "Use a 1.2 micron filter", "Add vitamins just before use")
        ),
        replace(BAG, directions=" ".join(f"word{number}" for number in range(300))),
        replace(
            BAG,
            patient_name="ZZTEST Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh, Nguyễn Thị Ánh Tuyết",
            warnings=("Long",) * 12,
        ),
    ],
    ids=["nutrition", "directions", "name"],
)
def test_what_does_not_fit_goes_on_a_further_label_and_nothing_is_lost(bag: BagLabel) -> None:
    pages = pages_of(draw_bag_labels([bag], PRINTING))
    text = " ".join(pages)
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        assert f"label {number} of {len(pages)}" in page
        assert "Use before 4 Dec 2026 09:05" in page
        assert "Bag 3 of 14" in page
        assert "ZZTEST" in page
    for one in bag.ingredients:
        assert f"{one.name} {one.amount}" in text
    assert re.findall(r"word\d+", text) == re.findall(r"word\d+", bag.directions)
    assert sum(text.count(warning) for warning in set(bag.warnings)) == len(bag.warnings)


def test_labels_come_in_the_order_of_the_bags_and_a_reprint_is_marked() -> None:
    bags = [replace(BAG, number=number) for number in (1, 2, 3)]
    pages = pages_of(draw_bag_labels(bags, replace(PRINTING, reprint=1)))
    assert [re.findall(r"Bag (\d) of 14", page) for page in pages] == [["1"], ["2"], ["3"]]
    assert all("REPRINT 1" in page for page in pages)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    "bag", [BAG, replace(BAG, ingredients=NUTRITION, storage="Refrigerate. " * 6, warnings=("Central line only",) * 3)]
)
def test_nothing_touches_the_edge_and_the_code_stands_alone(bag: BagLabel) -> None:
    content = draw_bag_labels([bag], PRINTING)
    for page in range(len(pages_of(content))):
        picture = picture_of(content, page, scale=2)
        assert is_blank(picture, range(12), range(432))
        assert is_blank(picture, range(564, 576), range(432))
        assert is_blank(picture, range(576), range(10))
        assert is_blank(picture, range(576), range(424, 432))
        assert is_blank(picture, range(458, 468), range(330, 432)), "white at the left of the code"


def test_the_example_of_the_standard() -> None:
    assert datamatrix.codewords("123456") == [142, 164, 186]  # ISO/IEC 16022, annex O
    assert datamatrix.correction([142, 164, 186], 5) == [114, 25, 5, 88, 102]


@pytest.mark.parametrize(("text", "words"), [("A1", [66, 50]), ("12A", [142, 66]), ("A123", [66, 142, 52]), ("", [])])
def test_pairs_of_digits_share_a_codeword(text: str, words: list[int]) -> None:
    assert datamatrix.codewords(text) == words


@pytest.mark.parametrize(
    ("text", "side", "digest"),
    [
        ("123456", 10, "aa5066b6e24a69ad"),
        ("B-2611", 12, "6a986bd7963a83a3"),
        ("B-2611-0151", 14, "5d6301dbb8c56a17"),
        ("B-2611-0151/03", 16, "6c605ec6fef57718"),
        ("A" * 15 + "bb", 18, "b30cc4b4dde74e28"),
        ("a" * 22, 20, "6a779f936b8a26af"),
        ("z" * 30, 22, "eb2645ffe2edaaca"),
        ("q" * 36, 24, "abce622a5ff861ab"),
        ("W" * 44, 26, "4f3d5c56cc71fc44"),
        ("1" * 88, 26, "1915a20b52305408"),
    ],
)
def test_a_symbol_is_the_one_that_a_scanner_read(text: str, side: int, digest: str) -> None:
    """Each digest is of a symbol that an independent reader (ZXing) has read back as this text."""
    rows = datamatrix.modules(text)
    assert {len(rows), *(len(row) for row in rows)} == {side}
    drawn = "\n".join("".join(".#"[dark] for dark in row) for row in rows)
    assert hashlib.sha256(drawn.encode()).hexdigest()[:16] == digest


def test_the_finder_is_solid_at_the_left_and_below_and_dotted_above_and_at_the_right() -> None:
    rows = datamatrix.modules("B-2611-0151/03")
    assert all(row[0] for row in rows)
    assert all(rows[-1])
    assert list(rows[0]) == [True, False] * 8
    assert [row[-1] for row in rows] == [False, True] * 8


@pytest.mark.parametrize("text", ["x" * 45, "1" * 89 + "x", "Łódź"])
def test_what_does_not_fit_or_is_not_ascii_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"fit|ASCII"):
        datamatrix.modules(text)

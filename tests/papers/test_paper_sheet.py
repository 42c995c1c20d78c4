"""The sheet itself: pages, tables, marks, signatures, boxes; and that nothing runs off the paper."""

import logging
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from io import BytesIO
from itertools import groupby

import pytest
from pypdf import PdfReader
from PySide6.QtGui import QImage
from reportlab.platypus import Paragraph

from infusiondesk.foundation.paper.day_grid import DayGrid, DayRow
from infusiondesk.foundation.paper.ink import Ink
from infusiondesk.foundation.paper.pieces import Column, Words, level, paragraph, table
from infusiondesk.foundation.paper.sheet import Sheet
from infusiondesk.foundation.paper.stationery import PatientBlock, Pharmacy, Printing, RecordMark, Signature, Unsigned
from infusiondesk.foundation.paper.tones import Shape, Tone
from tests.papers.test_paper_facts import is_blank, pages_of, picture_of

PRINTING = Printing(Pharmacy("ZZTEST Pharmacy", ("1 Example Way",), "217-555-0100"), "ZZTEST Rowan", "24 Nov 2026 14:05")
PATIENT = PatientBlock("ZZTEST Alder, Marian", "40-118-7", date(1964, 3, 14), "penicillin, hives")
LONG_NAME = "ZZTEST Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh de la Cruz y Montenegro, Nguyễn Thị Ánh Tuyết Aleksandra"


def sheet(patient: PatientBlock | None = PATIENT, printing: Printing = PRINTING, record_id: str = "T-1") -> Sheet:
    return Sheet(title="Trial", record=RecordMark(record_id, "1"), printing=printing, patient=patient)


def test_forty_rows_run_over_pages_with_their_headings_repeated_and_the_pages_counted() -> None:
    paper = sheet()
    paper.table(
        [Column("Lot", 1), Column("Units", 1, is_number=True)],
        [[Words(f"L{number:03d}", second="second line"), str(number)] for number in range(1, 41)],
    )
    pages = pages_of(paper.pdf())
    assert len(pages) == 3
    assert all("Lot Units" in page and f"Page {number} of 3" in page for number, page in enumerate(pages, start=1))
    assert re.findall(r"L\d{3}", " ".join(pages)) == [f"L{number:03d}" for number in range(1, 41)]


def test_a_cell_that_is_longer_than_a_page_is_printed_to_its_end() -> None:
    paper = sheet()
    paper.table([Column("Note", 1), Column("By", 1)], [[" ".join(f"word{number}" for number in range(1500)), "ZZTEST"]])
    text = " ".join(pages_of(paper.pdf()))
    assert len(set(re.findall(r"word\d+", text))) == 1500


def test_long_names_wrap_in_every_place_where_a_name_stands() -> None:
    paper = sheet(replace(PATIENT, name=LONG_NAME))
    paper.facts([("Caregiver", LONG_NAME)], columns=3)
    paper.table([Column("Name", 1), Column("Other", 9)], [[LONG_NAME, "x"]])
    paper.signatures([Signature("author", LONG_NAME, "RN", datetime(2026, 11, 24, 14, 5, tzinfo=UTC), "ab" * 32)])
    letters = "".join(pages_of(paper.pdf())).replace(" ", "")
    assert letters.count(LONG_NAME.replace(" ", "")) == 4


@pytest.mark.usefixtures("qapp")
def test_nothing_runs_off_the_paper() -> None:
    paper = sheet(replace(PATIENT, name=LONG_NAME, allergies="latex, rash; " * 40))
    paper.heading("A heading that goes on " * 6, "an aside that goes on " * 6)
    paper.facts([("A label that goes on and on", "value " * 40)] * 3, columns=3)
    paper.table([Column("A heading", 1, is_number=True)] * 12, [["123,456.78"] * 12, ["unbreakable" * 9] * 12])
    paper.draw(
        lambda ink: [
            DayGrid(date(2026, 12, 1), [DayRow("a therapy " * 9, "S9501", dict.fromkeys(range(1, 32), "H"), "31")], "Held", ink)
        ]
    )
    content = paper.pdf()
    for page in range(len(PdfReader(BytesIO(content)).pages)):
        picture = picture_of(content, page)
        assert is_blank(picture, range(30), range(792))
        assert is_blank(picture, range(582, 612), range(792))
        assert not is_blank(picture, range(40, 572), range(40, 740))


def test_a_narrow_column_never_tears_a_number_while_there_is_room_elsewhere() -> None:
    cells = [["$1,234,567.89", "a long description that may be broken anywhere between two words " * 2, "24 Nov 2026"]]
    drawn = table([Column("Amount", 1, is_number=True), Column("What", 30), Column("When", 1)], cells, Ink(), 300)[0]
    _, height = drawn.wrap(300, 1000)
    assert height > 0
    paper = sheet()
    paper.table([Column("Amount", 1, is_number=True), Column("What", 30), Column("When", 1)], cells)
    raw = PdfReader(BytesIO(paper.pdf())).pages[0].extract_text()
    assert "$1,234,567.89" in raw
    assert "24 Nov 2026" in raw


def test_an_empty_value_says_not_recorded_and_an_empty_table_says_so() -> None:
    paper = sheet()
    paper.facts([("Refrigerator", " "), ("Heat", Words("", strong=True))])
    paper.table([Column("Lot", 1)], [], empty="No lot was used.")
    text = pages_of(paper.pdf())[0]
    assert text.count("not recorded") == 2
    assert "No lot was used." in text


@pytest.mark.parametrize(
    ("patient", "said"),
    [
        (PATIENT, "Allergies: penicillin, hives"),
        (replace(PATIENT, allergies="  "), "Allergies not recorded"),
        (
            replace(PATIENT, allergies="No known allergies, confirmed 3 Aug 2026", has_no_known_allergies=True),
            "No known allergies, confirmed 3 Aug 2026",
        ),
    ],
)
def test_allergies_are_never_none_unless_that_was_recorded(patient: PatientBlock, said: str) -> None:
    assert said in pages_of(sheet(patient).pdf())[0]


def test_a_paper_that_need_not_tell_allergies_does_not_mention_them() -> None:
    assert "llerg" not in pages_of(sheet(replace(PATIENT, allergies=None)).pdf())[0]


def test_a_paper_about_no_patient_still_names_its_record() -> None:
    assert "Record T-1, version 1" in pages_of(sheet(None).pdf())[0]


def test_a_missing_glyph_is_logged_by_id_and_said_at_the_foot(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        pages = pages_of(sheet(replace(PATIENT, name="ZZTEST 李明, Alder")).pdf())
    assert "ZZTEST □□, Alder" in pages[0]
    assert "Boxes stand for 2 characters that these fonts cannot write" in pages[0]
    assert [record.getMessage() for record in caplog.records] == ["paper.missing_glyphs record=T-1 count=2"]


def test_a_signature_shows_name_license_meaning_time_and_digest() -> None:
    central = timezone(timedelta(hours=-6))
    paper = sheet()
    paper.signatures(
        [
            Signature(
                "reviewed and approved",
                "ZZTEST Rowan, PharmD",
                "license 051-123456",
                datetime(2026, 11, 24, 14, 5, tzinfo=central),
                "a3f94c1e77d0b2c8" * 4,
            ),
            Unsigned("approved by the prescriber", "sent, no answer yet"),
        ]
    )
    text = pages_of(paper.pdf())[0]
    assert "Reviewed and approved ZZTEST Rowan, PharmD license 051-123456" in text
    assert "24 Nov 2026 14:05 (24 Nov 2026 20:05 UTC), digest a3f94c1e77d0" in text
    assert "Approved by the prescriber sent, no answer yet" in text
    assert "does not match" not in text


def test_a_signature_that_no_longer_matches_its_record_is_marked() -> None:
    paper = sheet()
    paper.signatures(
        [Signature("author", "ZZTEST Rowan", "", datetime(2026, 11, 24, 14, 5, tzinfo=UTC), "ab" * 32, is_intact=False)]
    )
    text = pages_of(paper.pdf())[0]
    assert "This signature does not match the record." in text
    assert "UTC" not in text, "a time in UTC is not said twice"


@pytest.mark.usefixtures("qapp")
def test_a_short_record_id_is_bars_and_a_long_one_a_square_that_leaves_the_head_alone() -> None:
    identity = "0190a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
    bars, square = picture_of(sheet(record_id="CP-10482").pdf()), picture_of(sheet(record_id=identity).pdf())
    assert not is_blank(bars, range(480, 540), range(40, 62))
    assert is_blank(square, range(400, 536), range(30, 56))
    assert not is_blank(square, range(540, 572), range(30, 62))


@pytest.mark.usefixtures("qapp")
def test_every_shape_is_drawn_in_its_own_form() -> None:
    pictures = set()
    for shape in Shape:
        paper = sheet(None)
        paper.words(Words("held", shape=shape, tone=Tone.INK))
        drawn = picture_of(paper.pdf())
        pictures.add(bytes(drawn.convertToFormat(QImage.Format.Format_Grayscale8).constBits()))
    assert len(pictures) == len(Shape)


def test_a_level_that_is_not_in_the_vocabulary_is_shown_as_a_stop() -> None:
    assert [level(word).shape for word in ("STOP", "HOLD", "WARN", "INFO", "odd")] == [
        Shape.OCTAGON,
        Shape.TRIANGLE,
        Shape.RING,
        Shape.DOT,
        Shape.OCTAGON,
    ]


def test_a_day_grid_breaks_between_therapies_when_the_page_ends() -> None:
    rows = [DayRow(f"therapy {number}", "S9501", {1: "B", 2: "N"}, "1") for number in range(40)]
    paper = sheet()
    paper.draw(lambda ink: [DayGrid(date(2026, 2, 1), rows, "Billable", ink)])
    pages = pages_of(paper.pdf())
    assert len(pages) == 3
    assert [number for number in range(40) if not any(f"therapy {number} " in page for page in pages)] == []
    assert all("Billable" in page for page in pages)
    assert [DayGrid(date(year, 2, 1), rows, "Billable", Ink()).days for year in (2026, 2028)] == [28, 29]


def test_numbered_steps_and_plain_points_break_over_pages() -> None:
    paper = sheet()
    paper.steps(["step " * 900, "the last step"])
    paper.points(["point " * 900, Words("held " * 900, shape=Shape.TRIANGLE)])
    pages = pages_of(paper.pdf())
    text = " ".join(pages)
    assert len(pages) > 2
    assert [len(re.findall(rf"\b{word}\b", text)) for word in ("step", "point", "held")] == [901, 900, 900]
    assert "2. the last step" in text


def test_the_second_line_of_a_strong_paragraph_is_quiet_and_escaped_too() -> None:
    drawn = paragraph(Words("strong", strong=True, second="<i>ἀ</i>"), Ink())
    assert isinstance(drawn, Paragraph)
    faces = [
        (face, "".join(fragment.text for fragment in fragments))
        for face, fragments in groupby(drawn.frags, lambda one: one.fontName)
    ]
    assert faces == [
        ("InfusionDeskSans-600", "strong"),
        ("InfusionDeskSans-400", "<i>"),
        ("InfusionDeskFallback-400", "ἀ"),
        ("InfusionDeskSans-400", "</i>"),
    ]

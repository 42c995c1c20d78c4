"""Code files of CMS come in whole or not at all; the ICD-10-CM table answers quickly and says where it comes from."""

import os
import zipfile
from datetime import date
from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

from infusiondesk.catalog.exchange import (
    ACTIONS,
    COLUMNS,
    ICD10CM,
    MOST_BYTES,
    CodesRead,
    DiagnosisCodes,
    PublishedCode,
    RefusedLine,
    dotted,
    read_codes,
)
from infusiondesk.catalog.rules import CodeEntry
from infusiondesk.foundation.kernel.outcomes import Refused, Unavailable

PUBLIC = Path(os.environ.get("INFUSIONDESK_PUBLIC_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "hcpcs"
TODAY = date(2026, 3, 2)
HEAD = ",".join(COLUMNS)
GOOD = "S9500,procedure,Ours,Ours and longer,20020101,20020101,,N"


def table(*rows: str, head: str = HEAD) -> CodesRead:
    return read_codes("\n".join([head, *rows]).encode(), TODAY)


def record(code: str, sequence: int, kind: int, text: str, short: str = "Ours", tail: str = "2002010120020101        N") -> str:
    """One record of the CMS layout, 320 columns."""
    first = f"{code:>5}{sequence:05}{kind}{text:<80}"
    return f"{first}{short:<28}{'':149}{tail:<25}".ljust(320) if kind in (3, 7) else first.ljust(320)


def records(*lines: str) -> CodesRead:
    return read_codes("\r\n".join(["***Disclaimers\t\t", "", *lines]).encode("cp1252"), TODAY)


def public(name: str) -> bytes:
    path = PUBLIC / name
    if not path.exists():
        pytest.skip(f"public file {name} is not here: set INFUSIONDESK_PUBLIC_DATA")
    return path.read_bytes()


class TestTable:
    """The form with one row a code."""

    @pytest.mark.parametrize(
        ("row", "because"),
        [
            ("S950\u0661,procedure,Ours,Ours,20020101,20020101,,N", "it is no HCPCS Level II code or modifier"),
            ("S9501,procedure,Ours,Ours,2002010\u0661,20020101,,N", "add_date 2002010\u0661 is no date (YYYYMMDD)"),
        ],
    )
    def test_digits_of_other_alphabets_are_none(self, row: str, because: str) -> None:
        assert [line.sentence.partition(": ")[2] for line in table(GOOD, row).refused] == [f"{because}."]

    @pytest.mark.parametrize(("name", "wrong"), [("add_date", "20620101,20250101"), ("effective_date", "20250101,20270304")])
    def test_a_day_more_than_a_year_ahead_does_not_count_and_its_line_is_named(self, name: str, wrong: str) -> None:
        done = table(GOOD, f"J9998,procedure,New,New one,{wrong},,A", "J9999,procedure,Next,Next year,20270303,20270303,20990101,A")

        assert [row.code for row in done.rows] == ["S9500", "J9999"]
        day = wrong.split(",")[name == "effective_date"]
        assert [line.sentence for line in done.refused] == [f"Line 3, J9998: {name} {day} is more than a year after today."]

    def test_a_row(self) -> None:
        done = table(GOOD, 'U1,modifier,"A, B","A, B, C",20250101,20250401,20261231,A', "")

        assert done.form == "table"
        assert done.rows == (
            PublishedCode("S9500", "procedure", "Ours", "Ours and longer", date(2002, 1, 1), date(2002, 1, 1), None, "N"),
            PublishedCode("U1", "modifier", "A, B", "A, B, C", date(2025, 1, 1), date(2025, 4, 1), date(2026, 12, 31), "A"),
        )
        assert done.rows[1].entry() == CodeEntry("U1", "modifier", "A, B", date(2025, 1, 1), date(2026, 12, 31))
        assert done.text() == "table: 2 codes read, 0 lines refused."

    @pytest.mark.parametrize(
        ("row", "sentence"),
        [
            ("99601,procedure,x,x,20020101,,,N", "Line 3, 99601: its description belongs to the AMA (CPT) and is not imported."),
            ("0001T,procedure,x,x,20020101,,,N", "Line 3, 0001T: its description belongs to the AMA"),
            ("D0120,procedure,x,x,20020101,,,N", "Line 3, D0120: its description belongs to the ADA"),
            ("s9500,procedure,x,x,20020101,,,N", "Line 3, s9500: it is no HCPCS Level II code or modifier."),
            (",procedure,x,x,20020101,,,N", "Line 3, no code: it is no HCPCS Level II code or modifier."),
            ("S9501,modifier,x,x,20020101,,,N", "Line 3, S9501: kind modifier does not fit it."),
            ("S9501,procedure, ,x,20020101,,,N", "Line 3, S9501: it has no short description."),
            ("S9501,procedure,x,x,20020230,,,N", "Line 3, S9501: add_date 20020230 is no date (YYYYMMDD)."),
            ("S9501,procedure,x,x,2002-01-01,,,N", "Line 3, S9501: add_date 2002-01-01 is no date"),
            (
                "S9501,procedure,x,x,20020101,,20011231,N",
                "Line 3, S9501: it ends on 2001-12-31, before it was added",
            ),
            ("S9501,procedure,x,x,20020101,,,", f"Line 3, S9501: action empty is not one of {', '.join(ACTIONS)}."),
            ("S9501,procedure,x,x,20020101,,,ZZ", "Line 3, S9501: action ZZ is not one of"),
            ("S9501,procedure,x,20020101,,,N", "Line 3, S9501: it has 7 cells for 8 columns."),
            (GOOD, "Line 3, S9500: it stands twice in the file."),
        ],
    )
    def test_a_wrong_row_is_refused_and_the_rest_is_read(self, row: str, sentence: str) -> None:
        done = table(GOOD, row)

        assert [each.code for each in done.rows] == ["S9500"]
        [refused] = done.refused
        assert refused.sentence.startswith(sentence)
        assert refused.line == 3

    def test_a_broken_table_is_not_taken_by_half(self) -> None:
        with pytest.raises(Refused, match="Line 4: the table is broken there"):
            table(GOOD, 'S9501,procedure,"open', "S9502,procedure,x,x,20020101,,,N")
        with pytest.raises(Refused, match="Line 2: the table is broken there"):
            table(f"S9501,procedure,{'x' * 140_000},x,20020101,,,N")

    @pytest.mark.parametrize(
        ("head", "missing"),
        [
            ("code,short,long", "kind, add_date, effective_date, termination_date, action"),
            (HEAD + ",code", "code"),
            ("a;b,c", ", ".join(COLUMNS)),
        ],
    )
    def test_wrong_columns(self, head: str, missing: str) -> None:
        with pytest.raises(Refused) as caught:
            table(GOOD, head=head)

        assert caught.value.sentence == f"The table lacks the columns {missing}, or has them twice."

    def test_more_columns_in_another_order_are_fine(self) -> None:
        head = "note," + ",".join(reversed(COLUMNS))

        assert table("x," + ",".join(reversed(GOOD.split(","))), head=head).rows == table(GOOD).rows


class TestRecords:
    """The form in which CMS publishes it: 320 columns, descriptions over several records."""

    def test_a_code_and_a_modifier(self) -> None:
        done = records(
            record("U1", 100, 7, "For one thing"),
            record("S9500", 100, 3, "A first piece of", tail="20020101        20241231D"),
            record("S9500", 200, 4, "a long description; patient’s own"),
        )

        assert done.form == "CMS record layout"
        assert done.refused == ()
        assert done.rows[0].kind == "modifier"
        long = "A first piece of a long description; patient’s own"
        assert done.rows[1] == PublishedCode("S9500", "procedure", "Ours", long, date(2002, 1, 1), None, date(2024, 12, 31), "D")

    def test_what_is_broken_is_named_by_line(self) -> None:
        done = records(
            record("S9500", 100, 3, "whole"),
            record("S9501", 200, 4, "first record missing"),
            record("S9502", 100, 3, "a piece is missing"),
            record("S9502", 300, 4, "the third piece"),
            "a stray line",
            record("S9503", 100, 3, "cut")[:280],
        )

        assert [row.code for row in done.rows] == ["S9500"]
        assert [(each.line, each.sentence) for each in done.refused] == [
            (4, "Line 4, S9501: its description goes on, but its first record is missing."),
            (7, "Line 7, no code: it is not a record of the CMS layout."),
            (5, "Line 5, S9502: a piece of its description is missing before line 6."),
            (8, "Line 8, S9503: its record ends at column 280; 293 are needed."),
        ]

    def test_a_continuation_at_the_very_start(self) -> None:
        done = records(record("S9500", 200, 4, "lost"), record("S9501", 100, 3, "whole"))

        sentence = "Line 3, S9500: its description goes on, but its first record is missing."
        assert done.refused == (RefusedLine(3, "S9500", sentence),)
        with pytest.raises(Refused, match="No code in it can be used"):
            records(record("S9500", 200, 4, "lost"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This is neither"),
        (b"PK\x03\x04", "This is a zip or an Excel file; unpack it"),
        (b"S9500\0", "Byte 6 is NUL"),
        (b"MSH|^~\\&|", "This is neither a CMS code file of 320 columns nor a table"),
        (b"x" * (MOST_BYTES + 1), "The file has 52,428,801 bytes; at most 52,428,800 are read."),
        (f"{HEAD}\n".encode(), "The table has no row."),
        (f"{HEAD}\n99601,procedure,x,x,,,,N".encode(), "No code in it can be used; the first of 1 reasons: Line 2, 99601:"),
    ],
    ids=["empty", "zip", "nul", "foreign", "huge", "no row", "nothing usable"],
)
def test_what_is_no_code_file(content: bytes, sentence: str) -> None:
    with pytest.raises(Refused) as caught:
        read_codes(content, TODAY)

    assert caught.value.sentence.startswith(sentence)


def test_the_public_files_are_read_whole() -> None:
    new, old = (
        read_codes(public(name), TODAY) for name in ("hcpcs_2025_oct_codes_and_dates.csv", "cms2019/HCPC2019_CONTR_ANWEB.txt")
    )

    assert (new.form, len(new.rows), new.refused) == ("table", 8846, ())
    assert (old.form, len(old.rows), old.refused) == ("CMS record layout", 6800, ())
    codes = {row.code: row for row in old.rows}
    assert codes["S9500"].added_on == date(2002, 1, 1)
    assert codes["S9500"].long.endswith("(drugs and nursing visits coded separately), per diem")
    assert codes["CP"].terminated_on == date(2017, 12, 31)
    assert codes["A5513"].effective_on is None


@pytest.mark.parametrize("name", ["HCPCS2019_recordlayout.txt", "HCPC2019_CONTR_ANWEB.xlsx", "proc_notes_2019.txt"])
def test_what_lies_beside_them_is_refused(name: str) -> None:
    content = public(f"cms2019/{name}")

    with pytest.raises(Refused):
        read_codes(content, TODAY)


class TestDiagnoses:
    """ICD-10-CM."""

    def test_find(self) -> None:
        codes = DiagnosisCodes()

        found = codes.find(" e119 ")
        assert found is not None
        assert (found.code, found.is_billable) == ("E11.9", True)
        heading = codes.find("M86")
        assert heading is not None
        assert not heading.is_billable
        assert [codes.find(code) for code in ("", "Z", "E11.999", "SOURCE.txt", "../../x")] == [None] * 5
        codes.close()

    def test_search(self) -> None:
        codes = DiagnosisCodes()

        assert [each.code for each in codes.beginning_with("m86.0", 2)] == ["M86.0", "M86.00"]
        assert codes.beginning_with("m") == []
        acute = codes.about("Acute OSTEOMYELITIS left", 500)
        assert "M86.072" in {each.code for each in acute}
        assert all("osteomyelitis" in each.text.lower() for each in acute)
        assert len(codes.about("left", 7)) == 7
        assert codes.about("  ") == []
        codes.close()

    def test_it_says_where_it_comes_from_and_is_small(self) -> None:
        codes = DiagnosisCodes()

        assert codes.source.startswith("ICD-10-CM, release of April 2026")
        assert ICD10CM.stat().st_size < 1_000_000
        codes.close()

    def test_a_table_that_cannot_be_opened_or_read_is_unavailable(self, tmp_path: Path) -> None:
        with pytest.raises(Unavailable):
            DiagnosisCodes(tmp_path / "nothing.zip")
        broken = tmp_path / "broken.zip"
        with zipfile.ZipFile(broken, "w") as archive:
            archive.writestr("E1", "E11.9\t1\tText")
        broken.write_bytes(broken.read_bytes().replace(b"E11.9\t1", b"E11.8\t1"))
        codes = DiagnosisCodes(broken)
        with pytest.raises(Unavailable, match="damaged"):
            codes.find("E11.9")
        codes.close()

    def test_dots(self) -> None:
        assert [dotted(code) for code in ("e1165", "E11.65", " a 00", "s060x0a")] == ["E11.65", "E11.65", "A00", "S06.0X0A"]

    @pytest.mark.filterwarnings("ignore:.*:DeprecationWarning")  # of the package that only the maker uses
    def test_making_it_again_gives_the_same_table(self, tmp_path: Path) -> None:
        maker = module(ICD10CM.with_name("make_icd10cm.py"))

        maker.write(tmp_path / "again.zip")

        with zipfile.ZipFile(tmp_path / "again.zip") as again, zipfile.ZipFile(ICD10CM) as ours:
            assert again.namelist() == ours.namelist()
            assert all(again.read(name) == ours.read(name) for name in ours.namelist())


def module(path: Path) -> ModuleType:
    spec = util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    loaded = util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded

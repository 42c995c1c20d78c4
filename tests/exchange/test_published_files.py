"""A published file is known by its content, read whole, and every line that is not taken is named with its line and its reason."""

import gzip
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from infusiondesk.catalog.exchange import MOST_BYTES, Published, read_file, read_published
from infusiondesk.catalog.rules import BillingEntry, CodeEntry, FileKind, PackageEntry, ndcs_in
from infusiondesk.foundation.kernel.outcomes import Refused
from tests.public_data import PUBLIC

TODAY = date(2026, 3, 2)
EMPTY = "," * 240
CROSSWALK_HEAD = (
    "_2026_CODE,Short Description,LABELER NAME,NDC2,Drug Name,HCPCS dosage,PKG SIZE,PKG QTY,BILLUNITS,BILLUNITSPKG" + EMPTY
)
PREAMBLE = [
    "January 2026 ASP NDC - HCPCS Crosswalk" + EMPTY, '"     Effective January 1, 2026 through March 31, 2026"' + EMPTY, EMPTY,
    "Words, with commas, about the file" + EMPTY,
]  # fmt: skip
VANCO = 'J3373,"Inj, vancomycin hcl, 10 mg",Hikma,00143-9355-10,Vancomycin\xa0HCl ,10 MG,1,10,75,750' + EMPTY
DIRECTORY_HEAD = (
    "NDC,FORMAT,PRODUCTTYPENAME,PROPRIETARYNAME,NONPROPRIETARYNAME,DOSAGEFORMNAME,ROUTENAME,APPLICATIONNUMBER,LABELERNAME,"
    "SUBSTANCENAME,ACTIVE_NUMERATOR_STRENGTH,ACTIVE_INGRED_UNIT,PHARM_CLASSES,PACKAGEDESCRIPTION,NINE_DIGIT_NDC,ELEVEN_DIGIT_NDC,RXCUI"
)
QUINIDINE = (
    '0002140701,4-4-2,HUMAN PRESCRIPTION DRUG,Quinidine,Quinidine Gluconate,"INJECTION, SOLUTION",INTRAVENOUS,NDA007529,'
    'Eli Lilly,QUINIDINE GLUCONATE,.5,mg/mL,"a, b",10 mL in 1 VIAL (0002-1407-01),000021407,00002140701,'
)


NO_NUMBER = "no number above 0, at most 10,000,000, with at most"


def crosswalk(*lines: str) -> Published:
    return read_published("crosswalk.csv", "\r\n".join([*PREAMBLE, CROSSWALK_HEAD, *lines]).encode("latin-1"), TODAY)


def directory(*lines: str) -> Published:
    return read_published("any name", gzip.compress("\n".join([DIRECTORY_HEAD, *lines]).encode()), TODAY)


def test_a_crosswalk_has_a_preamble_its_days_and_hundreds_of_empty_columns() -> None:
    read = crosswalk(VANCO, EMPTY)

    assert (read.file.kind, read.file.total, read.refused) == (FileKind.CROSSWALK, 1, ())
    assert (read.file.as_of, read.file.last_day) == (date(2026, 1, 1), date(2026, 3, 31))
    assert read.rows == (
        BillingEntry(
            "00143935510", "J3373", "Vancomycin HCl", "Hikma", "10 MG", Decimal(1), Decimal(10), Decimal(75), Decimal(750)
        ),
    )


@pytest.mark.parametrize(
    ("line", "because"),
    [
        (VANCO, "it stands twice in the file"),
        (VANCO.replace("00143-9355-10", "888867413689"), "it has no NDC of eleven digits"),
        (VANCO.replace("00143-9355-10", "00143-9355-11").replace("J3373", "vanco"), "code vanco is no HCPCS code"),
        (VANCO.replace("00143-9355-10", "00143-9355-11").replace(",750", ",many"), f"BILLUNITSPKG many is {NO_NUMBER} 4 decimals"),
        (VANCO.replace("00143-9355-10", "00143-9355-11").replace(",1,10,75", ",0,10,75"), f"PKG SIZE 0 is {NO_NUMBER} 3 decimals"),
        ("J3373,short", "it has 2 cells for 10 columns"),
        (VANCO + "more", "it has 250 cells for 10 columns"),
    ],
)
def test_a_line_that_is_not_taken_is_named(line: str, because: str) -> None:
    read = crosswalk(VANCO, line)

    assert len(read.rows) == 1
    assert [refused.line for refused in read.refused] == [7]
    assert read.refused[0].sentence.startswith("Line 7, ")
    assert read.refused[0].sentence.endswith(f": {because}.")


@pytest.mark.parametrize(
    ("written", "units"),
    [
        ("75", "75"), ("0.0001", "0.0001"), ('"1,500.25"', "1500.25"), ("0.00001", None), ("1.12345", None), ("1e30", None),
        ("5e15", None), ('"1,5"', None), ('"12,34,567"', None), ("10000001", None), ("\u0667\u0665", None), ("+75", None),
        ("7_5", None), ("NaN", None), ("-75", None), ("0.0000", None), ("", None),
    ],
)  # fmt: skip
def test_a_number_of_units_is_read_as_it_is_printed_or_its_line_is_refused(written: str, units: str | None) -> None:
    line = VANCO.replace(",1,10,75,750", f",1,10,{written},750").replace("00143-9355-10", "00143-9355-11")
    read = read_published("x.csv", f"{CROSSWALK_HEAD}\n{VANCO}\n{line}".encode(), TODAY)

    assert [row.units for row in read.rows[1:] if isinstance(row, BillingEntry)] == ([Decimal(units)] if units else [])
    assert [refused.line for refused in read.refused] == ([] if units else [3])


def test_a_crosswalk_without_days_or_with_wrong_ones_has_none() -> None:
    lines = [CROSSWALK_HEAD, VANCO]
    assert read_published("x", "\n".join(lines).encode(), TODAY).file.as_of is None
    lines.insert(0, "Effective Smarch 1, 2026 through March 31, 2026")
    assert read_published("x", "\n".join(lines).encode(), TODAY).file.as_of is None


def numbered(last: str) -> str:
    """The same package with another last segment of its code, in both ways in which the line writes it."""
    return QUINIDINE.replace("0002140701,", f"00021407{last},").replace("00002140701", f"000021407{last}")


def test_a_directory_is_unpacked_and_keeps_the_hyphens_of_the_package() -> None:
    read = directory(QUINIDINE, QUINIDINE.replace("00002140701", "0000214070B"), QUINIDINE)

    assert (read.file.kind, read.file.as_of) == (FileKind.DIRECTORY, None)
    assert read.rows == (
        PackageEntry(
            ndc="00002140701", printed="0002-1407-01", label_name="Quinidine", generic_name="Quinidine Gluconate",
            form="injection, solution", route="intravenous", labeler="Eli Lilly", substance="quinidine gluconate",
            strength="0.5 mg/mL", package="10 mL in 1 VIAL (0002-1407-01)",
        ),
    )  # fmt: skip
    assert [line.sentence for line in read.refused] == [
        "Line 3, 0002140701: it has no NDC of eleven digits.",
        "Line 4, 0002140701: it stands twice in the file.",
    ]


def test_every_member_of_a_packed_file_is_read() -> None:
    other = numbered("02")
    packed = gzip.compress(f"{DIRECTORY_HEAD}\n{QUINIDINE}\n".encode()) + gzip.compress(f"{other}\n".encode())

    assert [row.ndc for row in read_published("x.gz", packed, TODAY).rows if isinstance(row, PackageEntry)] == [
        "00002140701",
        "00002140702",
    ]


def test_members_share_one_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infusiondesk.catalog.exchange.plain.MOST_BYTES", 100)

    with pytest.raises(Refused, match="The file has 101 bytes; at most 100 are read"):
        read_published("x.gz", gzip.compress(b"x" * 60) * 2, TODAY)


def test_a_package_without_a_shape_or_a_brand_is_still_told() -> None:
    no_shape, no_brand = (
        QUINIDINE.replace("4-4-2", ""),
        numbered("02").replace(",Quinidine,", ",,"),
    )
    read = directory(no_shape, no_brand, numbered("03").replace(",Quinidine,", ",,").replace("Quinidine Gluconate", ""))

    assert [row.printed for row in read.rows if isinstance(row, PackageEntry)] == ["00002-1407-01", "0002-1407-02"]
    assert [row.label_name for row in read.rows if isinstance(row, PackageEntry)] == ["Quinidine", "Quinidine Gluconate"]
    assert [line.sentence for line in read.refused] == ["Line 4, 0002140703: it has no name."]


def test_a_package_whose_two_codes_disagree_is_refused() -> None:
    read = directory(QUINIDINE, QUINIDINE.replace("00002140701", "00002140799"))

    assert len(read.rows) == 1
    assert [line.sentence for line in read.refused] == [
        "Line 3, 0002140701: its NDC 0002-1407-01 is not the code of eleven digits beside it, 00002-1407-99."
    ]


def test_a_crosswalk_whose_days_are_reversed_is_refused() -> None:
    lines = ["Effective March 31, 2026 through January 1, 2026", CROSSWALK_HEAD, VANCO]

    with pytest.raises(Refused, match=r"are reversed: it says it ends on 1 Jan 2026 and begins on 31 Mar 2026\.$"):
        read_published("x.csv", "\n".join(lines).encode(), TODAY)


def test_of_two_lines_with_other_units_for_one_code_neither_is_taken() -> None:
    other = VANCO.replace("J3373", "J3374")
    read = crosswalk(VANCO, other, VANCO.replace(",75,750", ",100,1000"), VANCO, other.replace("Hikma", "Hikma Inc"))

    assert [row.code for row in read.rows if isinstance(row, BillingEntry)] == ["J3374"]
    assert [line.sentence for line in read.refused] == [
        "Line 6, 00143-9355-10: another line has other units for the same code; neither is taken.",
        "Line 8, 00143-9355-10: line 6 has other units for the same code; neither is taken.",
        "Line 9, 00143-9355-10: it stands twice in the file.",
        "Line 10, 00143-9355-10: it stands twice in the file.",
    ]


def test_a_strength_is_read_without_the_marks_of_a_web_page() -> None:
    (row,) = directory(QUINIDINE.replace(",mg/mL,", ",mg/mL&nbsp;&lt;base&gt;,").replace("Eli Lilly", "Eli &amp; Lilly")).rows

    assert isinstance(row, PackageEntry)
    assert (row.strength, row.labeler) == ("0.5 mg/mL <base>", "Eli & Lilly")


def test_digits_of_other_alphabets_are_none() -> None:
    same = VANCO.replace("00143-9355-10", "00143-9355-\u0661\u0660"), VANCO.replace("J3373", "J337\u0663")
    read = read_published("x.csv", "\n".join([CROSSWALK_HEAD, VANCO, *same]).encode(), TODAY)

    assert [line.sentence.partition(": ")[2] for line in read.refused] == [
        "it has no NDC of eleven digits.", "code J337\u0663 is no HCPCS code."
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"Dear pharmacist", "This is neither a CMS code file"),
        (b"name;rxcui\nMESNA;44", "This is neither a CMS code file"),
        (b"", "This is neither a CMS code file"),
        (b"PK\x03\x04", "This is a zip or an Excel file"),
        (b"a\0b", "Byte 2 is NUL"),
        (b"\x1f\x8bnothing", "This gzip file is damaged"),
        (gzip.compress(b"x" * 3000)[:-20], "This gzip file ends too early"),
        (gzip.compress(b"x") + b"more", "Behind the text of this gzip file stand 4 bytes that are none of it"),
        (gzip.compress(b"x") + gzip.compress(b"y")[:-3], "This gzip file ends too early"),
        (gzip.compress(b"x") * 2 + b"\x1f\x8bnothing", "This gzip file is damaged"),
        (gzip.compress(b"x" * (MOST_BYTES + 9)), "The file has 52,428,801 bytes; at most 52,428,800 are read"),
        (f"{CROSSWALK_HEAD}\n".encode(), "The table has no row"),
        (f"{CROSSWALK_HEAD}\nA,B\n".encode(), "No line of it can be used; the first of 1 reasons: Line 2, no NDC: it has 2 cells"),
        (f"{DIRECTORY_HEAD.replace('LABELERNAME', 'MAKER')}\n".encode(), "The table lacks the columns LABELERNAME"),
        (f'{DIRECTORY_HEAD}\n"open\n'.encode(), "Line 2: the table is broken there"),
        (b"code,kind,short\nS9500,procedure,Ours", "The table lacks the columns long, add_date"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",  # the packed bytes carry the second they were packed in
)
def test_what_is_no_such_file_is_refused_in_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(Refused) as caught:
        read_published("letter.txt", content, TODAY)

    assert caught.value.sentence.startswith(sentence)


def test_a_refused_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    with pytest.raises(Refused, match=r"^letter\.txt cannot be read \(No such file"):
        read_file(path, TODAY)
    path.write_text("Dear pharmacist")
    with pytest.raises(Refused, match=r"^letter\.txt: This is neither"):
        read_file(path, TODAY)


def test_a_code_file_speaks_from_its_newest_day_and_a_wrong_year_is_not_one() -> None:
    lines = ["code,kind,short,long,add_date,effective_date,termination_date,action"]
    lines += ["S9500,procedure,Ours,Ours,20020101,20020101,,N", "J9998,procedure,New,New,20620101,20260101,,A"]
    read = read_published("codes.csv", "\n".join(lines).encode(), TODAY)

    assert (read.file.as_of, len(read.rows), len(read.refused)) == (date(2002, 1, 1), 1, 1)


def test_the_same_bytes_have_the_same_digest_under_any_name() -> None:
    content = f"{DIRECTORY_HEAD}\n{QUINIDINE}".encode()

    assert read_published("a", content, TODAY).file.digest == read_published("b", content, TODAY).file.digest
    assert read_published("a", content, TODAY).file.digest != read_published("a", content + b"\n", TODAY).file.digest


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("0409-6533-01", ("00409653301",)),
        (" 00409653301 ", ("00409653301",)),
        ("0409653301", ("00409653301", "04096053301", "04096533001")),
        ("5432100001", ("05432100001", "54321000001")),
        ("304096533016", ("00409653301", "04096053301", "04096533001")),
        ("304096533013", ()),
        ("00304096533017", ()),
        ("00304096533016", ("00409653301", "04096053301", "04096533001")),
        ("0100304096533016", ("00409653301", "04096053301", "04096533001")),
        ("(01)00304096533016(17)271231(10)A1", ("00409653301", "04096053301", "04096533001")),
        ("]d20100304096533016 17271231", ("00409653301", "04096053301", "04096533001")),
        ("vancomycin", ()),
        ("\u0660\u0660409653301", ()),
        ("0409-6533-\u0660\u0661", ()),
        ("", ()),
    ],
)
def test_an_ndc_is_read_as_typed_or_scanned(text: str, codes: tuple[str, ...]) -> None:
    assert ndcs_in(text) == codes


@pytest.mark.parametrize(
    ("pattern", "kind", "rows", "refused"),
    [
        ("hcpcs/cms2019/HCPC2019_CONTR_ANWEB.txt", FileKind.CODES, 6800, 0),
        ("hcpcs/*Crosswalk*.csv", FileKind.CROSSWALK, 7097, 1),
        ("ndc/fda_ndc_2015_injectables.csv.gz", FileKind.DIRECTORY, 20731, 8),
    ],
)
def test_the_real_files_are_read_whole(pattern: str, kind: FileKind, rows: int, refused: int) -> None:
    """Eight packages of radiopharmaceuticals and blood systems have letters in their NDC; one crosswalk line is a device."""
    path = next(iter(PUBLIC.glob(pattern)), None)
    if path is None:
        pytest.skip(f"public file {pattern} is not here: set INFUSIONDESK_PUBLIC_DATA")

    read = read_file(path, TODAY)

    assert (read.file.kind, len(read.rows), len(read.refused)) == (kind, rows, refused)
    known = {row.code if isinstance(row, CodeEntry) else row.ndc for row in read.rows}
    assert known & {"J3370", "00143935510", "00002140701"}


def test_a_long_description_of_the_real_release_is_put_together_from_its_pieces() -> None:
    path = PUBLIC / "hcpcs" / "cms2019" / "HCPC2019_CONTR_ANWEB.txt"
    if not path.exists():
        pytest.skip("public file is not here: set INFUSIONDESK_PUBLIC_DATA")
    from infusiondesk.catalog.exchange import read_codes

    by_code = {row.code: row for row in read_codes(path.read_bytes(), TODAY).rows}

    long = by_code["S9500"].long
    assert long.startswith(
        "Home infusion therapy, antibiotic, antiviral, or antifungal therapy; once every 24 hours; administrative"
    )
    assert "services, professional pharmacy services, care coordination" in long
    assert long.endswith("(drugs and nursing visits coded separately), per diem")
    assert (by_code["S9500"].added_on, by_code["S9500"].terminated_on) == (date(2002, 1, 1), None)

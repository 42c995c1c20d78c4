"""Codes in force, NDCs, where a row stands, and which stability speaks for a preparation."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infusiondesk.catalog.rules import (
    CodeEntry,
    CodeReport,
    ContainerKind,
    FileKind,
    FileReport,
    Prepared,
    ProductForm,
    Standing,
    Storage,
    code_problem,
    is_in_force,
    ndc_digits,
    ndc_problem,
    ndc_readings,
    ndc_text,
    product_missing,
    speaks_for,
    stability_missing,
    standing,
    which_speak,
)

JULY = date(2025, 7, 1)
JUNE = date(2025, 6, 30)


@pytest.mark.parametrize(
    ("added", "ended", "on", "expected"),
    [
        (JULY, None, JUNE, False),
        (JULY, None, JULY, True),
        (None, JUNE, JUNE, True),
        (None, JUNE, JULY, False),
        (None, None, JULY, True),
    ],
    ids=["before", "first day", "last day", "after", "no dates"],
)
def test_both_days_are_inside_a_codes_life(added: date | None, ended: date | None, on: date, expected: bool) -> None:
    assert is_in_force(added, ended, on) is expected


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (CodeEntry("J3373", "drug", "vancomycin, 10 mg", JULY, None), None),
        (CodeEntry("SS", "modifier", "infusion suite", None, None), None),
        (CodeEntry("J337", "drug", "x", None, None), "five letters"),
        (CodeEntry("j3373", "drug", "x", None, None), "five letters"),
        (CodeEntry("J3373", "drug", " ", None, None), "no label"),
        (CodeEntry("J3373", "drug", "x", JULY, JUNE), "ends before"),
        (CodeEntry("J3373", "drug", "x", JULY, JULY), None),
    ],
)
def test_a_code_line_is_judged(entry: CodeEntry, said: str | None) -> None:
    found = code_problem(entry)

    assert (found is None) is (said is None)
    assert said is None or said in (found or "")


def test_reports_of_parts_add_up() -> None:
    whole = CodeReport(3, ("A0001",), ("A0002",), (), 1) + CodeReport(2, (), (), ("A0003",), 0, 1, {"x": "no label"})

    assert CodeReport(1, unchanged=1).text() == "1 code read: 0 new, 0 ended, 0 changed, 1 as before."
    newer = "1 left alone because what is here is from a newer file"
    assert whole.text() == f"5 codes read: 1 new, 1 ended, 1 changed, 1 as before, {newer}, 1 not taken."


def test_a_file_is_told_by_its_kind() -> None:
    packages = FileReport(FileKind.DIRECTORY, 2_000) + FileReport(FileKind.DIRECTORY, 1)

    assert packages.text() == "FDA NDC directory: 2,001 packages taken in."
    assert FileReport(FileKind.CROSSWALK, 1).text() == "NDC-HCPCS crosswalk of CMS: 1 line taken in."
    assert FileReport(FileKind.CODES, 1, CodeReport(1, unchanged=1)).text() == CodeReport(1, unchanged=1).text()


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("", None),
        ("00409653301", "00409653301"),
        ("0409-6533-01", "00409653301"),
        ("12345-678-90", "12345067890"),
        ("12345-6789-0", "12345678900"),
        (" 12345-6789-01 ", "12345678901"),
    ],
)
def test_an_ndc_gets_one_shape(typed: str, digits: str | None) -> None:
    assert ndc_problem(typed) is None
    assert ndc_digits(typed) == digits


@pytest.mark.parametrize(
    ("typed", "said"), [("0409653301", "three ways"), ("409-6533-1", "eleven digits"), ("vial", "eleven digits")]
)
def test_an_ndc_that_cannot_be_told_is_refused(typed: str, said: str) -> None:
    assert said in (ndc_problem(typed) or "")
    assert ndc_digits(typed) is None


@given(st.from_regex(r"[0-9]{5}-[0-9]{4}-[0-9]{2}", fullmatch=True))
def test_an_ndc_survives_the_screen(text: str) -> None:
    assert ndc_text(ndc_digits(text)) == text


@pytest.mark.parametrize(
    ("printed", "digits"), [("0409-6533-01", "0409653301"), ("12345-678-90", "1234567890"), ("12345-6789-0", "1234567890")]
)
def test_ten_bare_digits_have_three_readings_and_the_printed_one_is_among_them(printed: str, digits: str) -> None:
    assert ndc_digits(printed) in ndc_readings(digits)
    assert len(set(ndc_readings(digits))) == 3


def test_no_ndc_is_no_text() -> None:
    assert ndc_text(None) == ""


@pytest.mark.parametrize(
    ("missing", "reviewed", "matches", "expected"),
    [
        ("hours", True, True, Standing.INCOMPLETE),
        (None, False, False, Standing.UNSIGNED),
        (None, True, False, Standing.CHANGED),
        (None, True, True, Standing.SIGNED),
    ],
)
def test_where_a_row_stands(missing: str | None, reviewed: bool, matches: bool, expected: Standing) -> None:
    assert standing(missing=missing, is_reviewed=reviewed, still_matches=matches) is expected


@pytest.mark.parametrize(
    ("form", "added", "strength", "said"),
    [
        (ProductForm.SOLUTION, None, None, None),
        (ProductForm.POWDER, Decimal(20), Decimal(50), None),
        (ProductForm.POWDER, None, Decimal(50), "the volume to add not entered"),
        (ProductForm.POWDER, None, None, "the volume to add and the strength after reconstitution not entered"),
    ],
)
def test_what_a_product_lacks(form: ProductForm, added: Decimal | None, strength: Decimal | None, said: str | None) -> None:
    assert product_missing(form, added, strength) == said


def test_a_stability_lacks_hours_unless_it_forbids() -> None:
    assert stability_missing(False, None) == "hours not known: no beyond-use date"
    assert stability_missing(True, None) is None
    assert stability_missing(False, Decimal(1)) is None


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (ContainerKind.SINGLE_DOSE_VIAL, "single-dose vial"),
        (ContainerKind.PHARMACY_BULK_PACKAGE, "pharmacy bulk package"),
        (ContainerKind.BAG, "bag"),
    ],
)
def test_containers_in_words(kind: ContainerKind, words: str) -> None:
    assert kind.words == words


def test_every_storage_has_words() -> None:
    assert [place.words for place in Storage][:2] == ["room temperature, 20 to 25 °C", "refrigerator, 2 to 8 °C"]
    assert len({place.words for place in Storage}) == len(Storage)


@dataclass(frozen=True)
class Row:
    """A stability as the rule sees it."""

    hours: Decimal | None = Decimal(336)
    diluents: tuple[str, ...] = ("0.9% sodium chloride", "5% dextrose")
    container: str = ""
    storage: Storage = Storage.REFRIGERATOR
    concentration_low: Decimal | None = None
    concentration_high: Decimal | None = Decimal(5)
    concentration_unit: str = "mg/mL"
    formulation: str = ""
    is_forbidden: bool = False
    is_usable: bool = True


LABEL = Row()
ASKED = Prepared("5% dextrose", "bag", Storage.REFRIGERATOR, Decimal(4))


@pytest.mark.parametrize(
    ("row", "asked", "expected"),
    [
        (LABEL, ASKED, True),
        (LABEL, replace(ASKED, storage=Storage.CRT), False),
        (LABEL, replace(ASKED, diluent="lactated Ringer's"), False),
        (replace(LABEL, diluents=()), replace(ASKED, diluent="lactated Ringer's"), True),
        (replace(LABEL, diluents=("other fluids",)), replace(ASKED, diluent="lactated Ringer's"), True),
        (LABEL, replace(ASKED, container="vial"), False),
        (LABEL, replace(ASKED, container="elastomeric"), True),
        (replace(LABEL, container="vial"), replace(ASKED, container="elastomeric"), False),
        (replace(LABEL, container="elastomeric"), replace(ASKED, container="elastomeric"), True),
        (LABEL, replace(ASKED, concentration=Decimal(5)), True),
        (LABEL, replace(ASKED, concentration=Decimal("5.004")), True),
        (LABEL, replace(ASKED, concentration=Decimal("5.01")), False),
        (replace(LABEL, concentration_low=Decimal(5)), ASKED, False),
        (LABEL, replace(ASKED, concentration=None), False),
        (LABEL, replace(ASKED, concentration_unit="units/mL"), False),
        (replace(LABEL, concentration_high=None), replace(ASKED, concentration=None), True),
        (replace(LABEL, formulation="RF"), ASKED, False),
        (replace(LABEL, formulation="RF"), replace(ASKED, formulation="RF"), True),
        (LABEL, replace(ASKED, formulation="RF"), True),
    ],
)
def test_a_row_speaks_only_for_what_its_source_studied(row: Row, asked: Prepared, expected: bool) -> None:
    assert speaks_for(row, asked) is expected


def test_which_row_is_gone_by_first() -> None:
    forbidden = replace(LABEL, is_forbidden=True, hours=None, is_usable=False)
    named = replace(LABEL, container="bag", hours=Decimal(96))
    narrow = replace(LABEL, concentration_low=Decimal(4), concentration_high=Decimal(4), hours=Decimal(500))
    shorter = replace(LABEL, hours=Decimal(48))
    other = replace(LABEL, diluents=("other fluids",), hours=Decimal(1))
    anything = replace(LABEL, concentration_high=None, hours=Decimal(2))
    unsigned = replace(LABEL, container="bag", is_usable=False)
    unknown = replace(LABEL, hours=None, is_usable=False)
    wrong_place = replace(LABEL, storage=Storage.CRT)
    order = [forbidden, named, narrow, shorter, LABEL, anything, unsigned, unknown]

    assert which_speak([wrong_place, other, *reversed(order)], ASKED) == order
    ringer = replace(ASKED, diluent="lactated Ringer's")
    assert which_speak([LABEL, other], ringer) == [other]


def test_unknown_stays_unknown() -> None:
    assert which_speak([replace(LABEL, storage=Storage.FREEZER)], ASKED) == []

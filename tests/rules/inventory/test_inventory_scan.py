"""What a scan says: GS1 in brackets or raw, an NDC, or a lot number; what cannot be read is never guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infusiondesk.inventory.rules import Scanned, expiry_of, read_scan

GTIN = "00304096533016"  # a right check digit over NDC 0409-6533-01, whose ten digits have three readings
NDCS = ("00409653301", "04096053301", "04096533001")


OTHER = "04012345678901"  # a GTIN of a device; no NDC is in it


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"(01){GTIN}(17)270831(10)VX2209", Scanned(NDCS, "VX2209", date(2027, 8, 31), True, GTIN)),
        (f"01{GTIN}1727083110VX2209", Scanned(NDCS, "VX2209", date(2027, 8, 31), True, GTIN)),
        (f"]d201{GTIN}10VX2209\x1d17270800", Scanned(NDCS, "VX2209", date(2027, 8, 31), True, GTIN)),
        (f"\x1d01{GTIN}21S1\x1d17280200", Scanned(NDCS, "", date(2028, 2, 29), True, GTIN, "S1")),
        (f"(01){GTIN}(21)S1(10)A", Scanned(NDCS, "A", None, True, GTIN, "S1")),
        (f"01{GTIN}", Scanned(NDCS, "", None, True, GTIN)),
        (f"01{GTIN}17271301", Scanned(NDCS, "", None, True, GTIN)),
        (f"01{GTIN}17270231", Scanned(NDCS, "", None, True, GTIN)),
        (f"(01){OTHER}(10)A", Scanned((), "A", None, True, OTHER)),
        ("304096533016", Scanned(NDCS, "", None, True, GTIN)),
        ("0409-6533-01", Scanned(("00409653301",))),
        ("00409653301", Scanned(("00409653301",))),
        (" VX2209 ", Scanned(lot_number="VX2209")),
        ("", Scanned()),
    ],
    ids=[
        "brackets",
        "raw",
        "lot before expiry",
        "serial",
        "serial before lot",
        "code alone",
        "month 13",
        "31 February",
        "not a US drug",
        "a UPC",
        "hyphens",
        "eleven digits",
        "lot",
        "nothing",
    ],
)
def test_what_a_scan_says(text: str, expected: Scanned) -> None:
    assert read_scan(text) == expected


@pytest.mark.parametrize(
    ("text", "runs_together"),
    [
        (f"01{GTIN}21SN11727053110LOT1", True),  # no separator behind the serial: 17, 27 05 31 stands inside it
        (f"01{GTIN}10LOT117270531", True),
        (f"01{GTIN}21SN1\x1d1727053110LOT1", False),
        (f"(01){GTIN}(21)SN1(10)LOT1", False),
        (f"01{GTIN}10A17991399", False),  # no month 13
        (f"01{GTIN}172705311017270531", False),  # the expiry is there; the lot may look as it likes
    ],
)
def test_a_scanner_without_separators_is_found_out(text: str, runs_together: bool) -> None:
    assert read_scan(text).runs_together is runs_together


def test_a_code_of_a_case_is_told_from_that_of_one() -> None:
    assert read_scan("50304096533011").is_of_a_case
    assert not read_scan(GTIN).is_of_a_case
    assert not read_scan("VX2209").is_of_a_case


@pytest.mark.parametrize(
    "text",
    [
        "(01)00304096533014(10)A",  # wrong check digit
        f"(01){GTIN}(10)A)",
        f"01{GTIN}17abcdef",
        "0100304",
        f"01{GTIN}10",
        "(10)A",
        "0409653301",  # ten bare digits can be read in three ways; they may be a lot number as well
    ],
)
def test_what_is_not_plain_gs1_is_taken_as_it_stands(text: str) -> None:
    assert read_scan(text) == Scanned(lot_number=text)


@given(st.text())
def test_any_text_can_be_scanned(text: str) -> None:
    scanned = read_scan(text)

    assert scanned.is_scan or scanned.ndcs or scanned.lot_number == text.strip() or text.startswith(("]", "\x1d", " "))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2027-08-15", date(2027, 8, 15)),
        ("2027-08", date(2027, 8, 31)),
        (" 02/2028 ", date(2028, 2, 29)),
        ("2027-13", None),
        ("0000-01", None),
        ("00/2027", None),
        ("August", None),
        ("", None),
    ],
)
def test_a_typed_expiry_is_a_day_or_the_last_day_of_a_month(typed: str, day: date | None) -> None:
    assert expiry_of(typed) == day

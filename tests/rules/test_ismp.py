"""How medicines are written: the table that a pharmacist can read."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from infusiondesk.foundation.kernel import ismp


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        ("1250", "mg", "1,250 mg"),
        ("1250.00", "mg", "1,250 mg"),
        ("5.0", "mg", "5 mg"),
        (".5", "mg", "0.5 mg"),
        ("0.050", "mg", "0.05 mg"),
        ("10000", "U", "10,000 units"),
        ("10000", "IU", "10,000 units"),
        ("1", "units", "1 unit"),
        ("1", "U/kg", "1 unit/kg"),
        ("10", "units/mL", "10 units/mL"),
        ("1E+3", "mL", "1,000 mL"),
        ("1234567.8900", "units", "1,234,567.89 units"),
        ("0.375", "µg/kg/min", "0.375 mcg/kg/min"),
        ("250", "cc", "250 mL"),
        ("125", "ml/hr", "125 mL/h"),
        ("0.90", "%", "0.9%"),
        ("0", "mg", "0 mg"),
        ("-0.0", "mg", "0 mg"),
        ("-1.40", "kg", "−1.4 kg"),
        ("2", "cassettes", "2 cassettes"),
        ("3", "mU", "3 mU"),
    ],
)
def test_an_amount_has_a_leading_zero_no_trailing_zero_commas_and_a_safe_unit(value: str, unit: str, written: str) -> None:
    assert ismp.amount(Decimal(value), unit) == written


@pytest.mark.parametrize(
    ("kg", "written"),
    [
        ("71.4", "71.4 kg (157 lb)"),
        ("70.0", "70 kg (154 lb)"),
        ("3.2", "3.2 kg (7.1 lb)"),
        ("0.5", "0.5 kg (1.1 lb)"),
    ],
)
def test_a_weight_shows_its_pounds(kg: str, written: str) -> None:
    assert ismp.weight(Decimal(kg)) == written


def test_dates_cannot_be_read_as_american_or_european() -> None:
    assert ismp.day(date(2026, 11, 4)) == "4 Nov 2026"
    assert ismp.moment(datetime.fromisoformat("2026-11-24T09:05")) == "24 Nov 2026 09:05"
    assert ismp.month(date(2026, 2, 28)) == "Feb 2026"


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        ("2026-11-02", "2026-11-18", "2 to 18 Nov 2026"),
        ("2026-11-28", "2026-12-03", "28 Nov to 3 Dec 2026"),
        ("2026-12-28", "2027-01-03", "28 Dec 2026 to 3 Jan 2027"),
        ("2026-11-24", "2026-11-24", "24 Nov 2026"),
    ],
)
def test_a_span_names_both_days(first: str, last: str, written: str) -> None:
    assert ismp.span(date.fromisoformat(first), date.fromisoformat(last)) == written


def test_money_keeps_its_cents() -> None:
    assert ismp.money(Decimal(1890)) == "$1,890.00"
    assert ismp.money(Decimal("-0.5")) == "−$0.50"
    assert ismp.money(Decimal("0.125")) == "$0.13"


def test_a_price_for_one_unit_keeps_every_digit_that_counts() -> None:
    assert ismp.unit_price(Decimal("0.0315")) == "$0.0315"
    assert ismp.unit_price(Decimal("1.5000")) == "$1.50"
    assert ismp.unit_price(Decimal(1105)) == "$1,105.00"


@pytest.mark.parametrize(
    ("hours", "written"),
    [
        ("24", "daily"),
        ("168", "weekly"),
        ("12", "every 12 hours"),
        ("48.0", "every 48 hours"),
        ("1344", "every 8 weeks"),
        ("336.00", "every 2 weeks"),
        ("340", "every 340 hours"),
        ("1", "every hour"),
    ],
)
def test_a_frequency_is_words(hours: str, written: str) -> None:
    assert ismp.frequency(Decimal(hours)) == written


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("ceftriaxone", "cefTRIAXone"),
        ("CEFTRIAXONE 2 g daily", "cefTRIAXone 2 g daily"),
        ("Daptomycin", "DAPTOmycin"),
        ("hydromorphone hydrochloride", "HYDROmorphone hydrochloride"),
        ("hydralazine, then dobutamine", "hydrALAZINE, then DOBUTamine"),
        ("vincristine", "vinCRIStine"),
        ("vancomycin", "vancomycin"),
        ("predniSONE", "predniSONE"),
    ],
)
def test_look_alike_names_get_tall_man_letters(name: str, written: str) -> None:
    assert ismp.tall_man(name) == written


def test_the_tall_man_table_only_changes_the_case_and_says_where_each_row_is_from() -> None:
    names = ismp.tall_man_names()
    assert all(plain == tall.lower() and plain != tall for plain, tall in names.items())
    lines = [line for line in ismp.TALL_MAN_FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert lines[1:] == sorted(lines[1:]), "the table is kept in order so that a twin is seen"
    assert len(lines) - 1 == len(names)
    assert {line.split(",")[2] for line in lines[1:]} == {"FDA", "ISMP"}


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("heparin 10000U daily", "heparin 10,000 units daily"),
        ("insulin 5 u", "insulin 5 units"),
        ("1 U of packed cells", "1 unit of packed cells"),
        ("0.1 U", "0.1 units"),
        ("vancomycin 1.0 g q12h", "vancomycin 1 g every 12 hours"),
        ("digoxin .5 mg QD", "digoxin 0.5 mg daily"),
        ("give q.d.", "give daily"),
        ("5mg QOD", "5 mg every other day"),
        ("q24h", "daily"),
        ("0.9% sodium chloride 250cc", "0.9% sodium chloride 250 mL"),
        ("25 µg/kg", "25 mcg/kg"),
        ("1,000.00 mg", "1,000 mg"),
        ("potassium 5.0", "potassium 5.0"),
        ("room 1200, 10.5 mg", "room 1200, 10.5 mg"),
        ("a quiet sentence", "a quiet sentence"),
    ],
)
def test_directions_are_rewritten_only_where_there_is_one_meaning(typed: str, written: str) -> None:
    assert ismp.safe_words(typed) == written
    assert ismp.safe_words(written) == written, "writing it again changes nothing"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("MS 4 mg", "MS"),
        ("D/C line", "D/C"),
        ("in NS", "NS"),
        ("one drop OD", "OD"),
        ("MgSO4 2 g", "MgSO4"),
        ("10 mg HS", "HS"),
    ],
)
def test_a_word_with_two_meanings_is_handed_back_and_never_rewritten(typed: str, found: str) -> None:
    assert ismp.safe_words(typed) == typed
    assert [word.found for word in ismp.ambiguous_words(typed)] == [found]


def test_plain_directions_have_nothing_ambiguous() -> None:
    assert ismp.ambiguous_words("morphine 4 mg at bedtime in 0.9% sodium chloride") == ()


@pytest.mark.parametrize(
    ("quantity", "unit", "text"),
    [
        ("1", "vial", "1 vial"),
        ("1", "good bag", "1 good bag"),
        ("2", "vial", "2 vials"),
        ("2", "box", "2 boxes"),
        ("0.5", "bottle", "0.5 bottles"),
        ("1250", "set", "1,250 sets"),
    ],
)
def test_counting_words(quantity: str, unit: str, text: str) -> None:
    assert ismp.counted(Decimal(quantity), unit) == text

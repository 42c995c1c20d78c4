"""Three things must agree before a report is filed (clinical 9.5)."""

from dataclasses import replace
from datetime import date

import pytest

from infusiondesk.labs.rules import Candidate, Match, WrittenPerson, match

BORN = date(1951, 4, 2)
OURS = Candidate("p1", ("MRN-0042", "7700"), "ZZTEST-Muñoz", "Ana", BORN, "F")
WRITTEN = WrittenPerson(("mrn 0042",), "ZZTEST MUNOZ", "ANA", BORN, "F")


def test_a_match_is_folded_but_complete() -> None:
    assert match(WRITTEN, [replace(OURS, key="p2", ids=("1",)), OURS]) == Match("p1", "Identifier, name and birth date agree.")


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (replace(WRITTEN, given="Anna"), "The identifier is known, but the name differs."),
        (replace(WRITTEN, family="ZZTEST Munos"), "The identifier is known, but the name differs."),
        (replace(WRITTEN, born_on=date(1951, 2, 4)), "The identifier is known, but the birth date differs."),
        (replace(WRITTEN, sex="M"), "The identifier is known, but the sex differs."),
        (replace(WRITTEN, given="Eva", born_on=date(2000, 1, 1)), "The identifier is known, but the name and birth date differs."),
        (replace(WRITTEN, ids=("9",)), "Name and birth date fit 1 of our patients, but the identifier is not known for them."),
        (replace(WRITTEN, ids=("9",), given="Eva"), "No patient has this identifier, and none has this name and birth date."),
        (replace(WRITTEN, born_on=None), "The message gives no readable birth date, so it cannot be matched three ways."),
        (replace(WRITTEN, ids=("", " -")), "The message gives no identifier, so it cannot be matched three ways."),
        (
            replace(WRITTEN, family="", given=""),
            "The message gives no family name and no given name, so it cannot be matched three ways.",
        ),
    ],
)
def test_whatever_does_not_agree_parks_the_report(written: WrittenPerson, reason: str) -> None:
    found = match(written, [OURS])

    assert found.is_parked
    assert found.because == reason


def test_an_unknown_sex_contradicts_nothing() -> None:
    assert not match(replace(WRITTEN, sex="U"), [OURS]).is_parked
    assert not match(WRITTEN, [replace(OURS, sex="")]).is_parked


def test_two_patients_that_fit_park_it() -> None:
    found = match(WRITTEN, [OURS, replace(OURS, key="p2")])

    assert found == Match(None, "2 patients fit in identifier, name and birth date.")


def test_an_empty_identifier_of_ours_fits_nobody() -> None:
    assert match(replace(WRITTEN, ids=("9",)), [replace(OURS, ids=("", "-"))]).is_parked

"""Published files in the store, on both databases: taken in by parts, silent until whole, refused the second time, asked by NDC."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from infusiondesk.catalog import queries, service
from infusiondesk.catalog.rules import BillingEntry, CodeEntry, FileEntry, FileFacts, FileKind, FileReport, PackageEntry
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role
from tests.beginnings import Recipe
from tests.pharmacy import Pharmacy
from tests.story import the_catalog

VANCO = "00143935510"
LATE = date(2026, 2, 3)


@pytest.fixture
def begins_with() -> Recipe:
    return the_catalog


def packages(count: int, name: str = "Vancomycin") -> list[FileEntry]:
    form = ("injection, powder", "intravenous", "Hikma", "vancomycin", "1 g/1", "10 VIAL in 1 CARTON")
    return [PackageEntry(f"{number:011}", f"{number:010}", f"{name} {number}", "Vancomycin HCl", *form) for number in range(count)]


def billing(code: str = "J3373", units: int = 75) -> list[FileEntry]:
    numbers = [Decimal(number) for number in (1, 10, units, units * 10)]
    return [BillingEntry(VANCO, code, "Vancomycin HCl", "Hikma", "10 MG", *numbers)]


def facts(kind: FileKind, rows: Sequence[FileEntry], name: str = "a.csv", **days: date) -> FileFacts:
    return FileFacts(name, kind, f"digest of {name}", len(rows), **days)


def take(pharmacy: Pharmacy, file: FileFacts, rows: Sequence[FileEntry], step: int = 1000) -> FileReport:
    report = FileReport(file.kind, 0)
    for first in range(0, len(rows), step):
        report += pharmacy.do(service.take_file, by=Role.BILLER, file=file, first=first, rows=rows[first : first + step])
    return report


def test_a_directory_speaks_when_its_last_part_is_in(pharmacy: Pharmacy) -> None:
    rows = packages(5)
    file = facts(FileKind.DIRECTORY, rows)

    take(pharmacy, file, rows[:4], step=2)
    assert pharmacy.ask(queries.find_packages, text="vanco").total == 0
    assert pharmacy.ask(queries.look_up_ndc, text="00000000003") == []
    assert pharmacy.areas[-1] == frozenset()
    report = pharmacy.do(service.take_file, by=Role.BILLER, file=file, first=4, rows=rows[4:])

    assert pharmacy.areas[-1] == {Area.CATALOG}
    assert report.text() == "FDA NDC directory: 1 package taken in."
    found = pharmacy.ask(queries.find_packages, text="VANCO hik 1 g/1", first=3)
    assert ([row.ndc for row in found.rows], found.total) == (["00000000000", "00000000001", "00000000002"], 5)
    assert found.directory is not None
    assert (found.directory.name, found.directory.completed_by) == ("a.csv", "ZZTEST Biller")
    assert pharmacy.ask(queries.find_packages, text="100%").total == 0
    assert [row.label_name for row in pharmacy.ask(queries.find_packages, text="00000000003").rows] == ["Vancomycin 3"]


def test_the_same_file_again_is_refused_and_says_when(pharmacy: Pharmacy) -> None:
    rows = packages(2)
    take(pharmacy, facts(FileKind.DIRECTORY, rows), rows)

    again = replace(facts(FileKind.DIRECTORY, rows), name="copy of a.csv")
    with pytest.raises(Refused) as caught:
        take(pharmacy, again, rows)

    assert caught.value.sentence == "copy of a.csv was taken in on 2 Mar 2026 by ZZTEST Biller, as a.csv; nothing was changed."
    before = pharmacy.ask(queries.taken_before, digest=again.digest)
    assert before is not None
    assert (before.name, before.total) == ("a.csv", 2)
    assert pharmacy.ask(queries.taken_before, digest="another") is None


def test_what_was_left_unfinished_is_begun_again(pharmacy: Pharmacy) -> None:
    rows = packages(4)
    file = facts(FileKind.DIRECTORY, rows)
    take(pharmacy, file, rows[:2], step=2)

    with pytest.raises(Refused, match="another desk"):
        pharmacy.do(service.take_file, by=Role.BILLER, file=file, first=1, rows=rows[1:])
    with pytest.raises(Refused, match="another desk"):
        pharmacy.do(service.take_file, by=Role.BILLER, file=replace(file, digest="other"), first=2, rows=rows[2:])
    take(pharmacy, file, rows, step=2)

    assert pharmacy.ask(queries.find_packages).total == 4
    assert [row.name for row in pharmacy.ask(queries.taken_files)] == ["a.csv"]


def test_a_new_directory_takes_the_place_of_the_older_one(pharmacy: Pharmacy) -> None:
    take(pharmacy, facts(FileKind.DIRECTORY, packages(3)), packages(3))
    take(pharmacy, facts(FileKind.DIRECTORY, packages(2, "Newer"), "b.csv"), packages(2, "Newer"))

    assert {row.label_name for row in pharmacy.ask(queries.find_packages).rows} == {"Newer 0", "Newer 1"}
    assert pharmacy.ask(queries.look_up_ndc, text="00000000002") == []
    assert [row.name for row in pharmacy.ask(queries.taken_files)] == ["b.csv"]


def test_the_crosswalk_of_the_quarter_speaks_and_else_the_newest_one(pharmacy: Pharmacy) -> None:
    first = facts(FileKind.CROSSWALK, billing(), "q1.csv", as_of=date(2026, 1, 1), last_day=date(2026, 3, 31))
    second = facts(FileKind.CROSSWALK, billing(), "q2.csv", as_of=date(2026, 4, 1), last_day=date(2026, 6, 30))
    take(pharmacy, second, billing(units=80))
    take(pharmacy, first, billing())

    def said(on: date) -> tuple[str, int, bool]:
        ((line,),) = [found.billing for found in pharmacy.ask(queries.look_up_ndc, text="0143-9355-10", on=on)]
        return line.file, int(line.units), line.is_in_force

    assert said(LATE) == ("q1.csv", 75, True)
    assert said(date(2026, 4, 1)) == ("q2.csv", 80, True)
    assert said(date(2026, 11, 24)) == ("q2.csv", 80, False)


def test_ten_bare_digits_are_the_one_code_that_the_files_know(file_pharmacy: Pharmacy) -> None:
    rows = billing()
    take(file_pharmacy, facts(FileKind.CROSSWALK, rows, as_of=date(2026, 1, 1), last_day=date(2026, 3, 31)), rows)

    (found,) = file_pharmacy.ask(queries.look_up_ndc, text="0143935510")

    assert (found.ndc, found.package, found.billing[0].code) == (VANCO, None, "J3373")
    assert found.billing[0].units_per_package == 750
    assert file_pharmacy.ask(queries.look_up_ndc, text="vancomycin") == []
    assert file_pharmacy.ask(queries.look_up_ndc, text="0409653301") == []


def test_an_older_release_adds_codes_and_leaves_newer_days_alone(pharmacy: Pharmacy) -> None:
    rows = [
        CodeEntry("J3370", "procedure", "Vancomycin", date(1986, 1, 1), None),
        CodeEntry("J9998", "procedure", "an older code", date(2001, 1, 1), None),
        CodeEntry("J9998", "procedure", "an older code", date(2001, 1, 1), None),
    ]
    file = facts(FileKind.CODES, rows, "HCPC2019.txt", as_of=date(2019, 1, 1))

    report = take(pharmacy, file, rows)

    assert service.part_of(file) == 3
    assert (
        report.text()
        == "3 codes read: 1 new, 0 ended, 0 changed, 0 as before, 1 left alone because what is here is from a newer file."
    )
    (ended,) = pharmacy.ask(queries.codes, text="J3370")
    assert (ended.terminated_on, ended.source) == (date(2025, 6, 30), "CMS HCPCS 2025-10")
    (added,) = pharmacy.ask(queries.codes, text="J9998")
    assert (added.label, added.source) == ("an older code", "HCPC2019")


def test_a_newer_release_that_says_the_same_keeps_one_between_from_changing_it(file_pharmacy: Pharmacy) -> None:
    def release(year: int, last_day: date | None) -> FileReport:
        rows = [CodeEntry("J9998", "procedure", "a code", date(2001, 1, 1), last_day)]
        return take(file_pharmacy, facts(FileKind.CODES, rows, f"{year}.txt", as_of=date(year, 1, 1)), rows)

    release(2019, None)
    assert release(2025, None).codes.unchanged == 1
    assert release(2022, date(2022, 12, 31)).codes.newer_here == 1
    assert release(2026, date(2026, 6, 30)).codes.ended == ("J9998",)


def test_who_may_not_import_takes_nothing(file_pharmacy: Pharmacy) -> None:
    with pytest.raises(Refused, match="import a published file"):
        file_pharmacy.do(service.take_file, by=Role.NURSE, file=facts(FileKind.DIRECTORY, packages(1)), first=0, rows=packages(1))

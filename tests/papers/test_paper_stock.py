"""The papers of the shelf: a count sheet that gives nothing away, and a recall's list with everybody who has it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from uuid import UUID

from pypdf import PdfReader

from infusiondesk.foundation.paper.stationery import Pharmacy, Printing
from infusiondesk.inventory.documents import draw_count_sheet, draw_recall_list, recall_paper
from infusiondesk.inventory.queries import CountLineRow, CountSheetRow, LotRow, PlaceRow, RecallRow
from infusiondesk.inventory.rules import CountScope, Freshness, ItemKind, LocationKind
from infusiondesk.inventory.rules.counts import CountState
from infusiondesk.inventory.rules.recalls import Reach, ReachLine

AT = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)
KEY = UUID(int=1)
PRINTING = Printing(Pharmacy("ZZTEST Infusion", ("100 Sterile Way",), "555-0100"), "ZZTEST Birch", "24 Nov 2026 14:05")
SOON = date(2027, 8, 31)


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def line(
    state: CountState, first: int | None, first_by: str, second: int | None = None, expected: int | None = None, note: int = 0
) -> CountLineRow:
    def found(value: int | None) -> Decimal | None:
        return None if value is None else Decimal(value)

    difference = "2 vials fewer" if state is CountState.ADJUSTED else ""
    return CountLineRow(
        KEY, KEY, "morphine 10 mg vial", "vial", "CII", KEY, "VX2209", SOON, state, found(first), first_by, found(second),
        "ZZTEST Rowan" if second is not None else "", found(expected), difference, note,
    )  # fmt: skip


def sheet(*lines: CountLineRow) -> CountSheetRow:
    return CountSheetRow(KEY, KEY, "Controlled vault", CountScope.CONTROLLED, "", AT, "ZZTEST Birch", None, lines)


def test_a_count_sheet_says_who_counted_and_not_what_is_expected() -> None:
    facts = sheet(line(CountState.TO_COUNT, None, ""), line(CountState.SECOND, None, "ZZTEST Birch", note=1))
    told = words_of(draw_count_sheet(facts, PRINTING))

    assert "Count sheet 2 lots, 0 settled" in told
    assert "counted as vial, CII" in told and "VX2209 31 Aug 2027" in told
    assert "counted ZZTEST Birch" in told
    assert "second count" in told and "1 movement since the sheet was begun" in told
    assert "What is in quarantine stands on no count sheet." in told


def test_a_settled_line_shows_both_counts_and_the_difference() -> None:
    told = words_of(draw_count_sheet(sheet(line(CountState.ADJUSTED, 7, "ZZTEST Birch", 8, 10)), PRINTING))

    assert "7 ZZTEST Birch 8 ZZTEST Rowan" in told
    assert "adjusted 2 vials fewer" in told


def test_a_recall_lists_where_it_lies_and_who_has_it() -> None:
    place = PlaceRow(KEY, KEY, "Room", LocationKind.ROOM, Decimal(0), Decimal(90))
    lot = LotRow(
        KEY, KEY, None, "vancomycin 500 mg vial", "ZZTEST Maker", None, ItemKind.DRUG, "vial", "", "VX2209", SOON, Freshness.GOOD,
        Decimal(0), Decimal(90), (place,),
    )  # fmt: skip
    recall = RecallRow(
        KEY, "R-2611-01", "FDA Z-0412", "glass particles", "vancomycin, lots VX2209", AT, "ZZTEST Rowan", (lot,), "", ()
    )
    lines = [
        ReachLine("a", Reach.PATIENT, "B-2611-0147, 2 bags", "VX2209", KEY, "ZZTEST Alder, Marian", "217-555-0142"),
        ReachLine(
            "b", Reach.PHARMACY, "B-2611-0147, 2 bags", "VX2209", KEY, "ZZTEST Alder, Marian", "", "destroyed", "ZZTEST Rowan", AT
        ),
    ]
    told = words_of(draw_recall_list(recall_paper(recall, lines, ()), PRINTING))

    assert "Recall R-2611-01 FDA Z-0412; 1 line open" in told
    assert "VX2209 31 Aug 2027 Room 0 90 in quarantine" in told
    assert "ZZTEST Alder, Marian with a patient, 217-555-0142" in told
    assert "destroyed ZZTEST Rowan, 24 Nov 2026 14:05" in told
    assert "Recall closed" in told and "not signed yet" in told

"""The dispensing report: read back segment by segment, its two counts counted again."""

from dataclasses import replace
from datetime import UTC, date, datetime

from infusiondesk.prescriptions.exchange import Sender, report_text
from infusiondesk.prescriptions.rules import Status
from tests.rules.test_monitoring_rules import A_FILL

SENDER = Sender(
    "IL-77", "ZZTEST Infusion", "1245319599", "1234567", "AB1234563", "100 Sterile Way", "Springfield", "IL", "62701", "5550100"
)
AT, FIRST, LAST = datetime(2026, 3, 8, 7, 5, 9, tzinfo=UTC), date(2026, 3, 1), date(2026, 3, 7)


def read(text: str) -> list[list[str]]:
    """The segments of a file by the terminator that its header names, each with its fields."""
    assert text.isascii()
    head, rest = text[: text.index("\n")], text[text.index("\n") :]
    terminator = head[-1]
    assert head[-2:] == terminator * 2  # TH09 is the terminator, and the segment ends with it
    segments = [head[:-1].split("*"), *(part.strip().split("*") for part in rest.split(terminator) if part.strip())]
    detail = [one for one in segments if one[0] not in ("TH", "IS", "TT")]
    assert segments[-2] == ["TP", str(len(detail))]
    assert segments[-1] == ["TT", segments[0][2], str(len(segments))]
    return segments


def test_each_fill_goes_out_with_its_patient_prescriber_and_ingredients() -> None:
    two = replace(A_FILL, rx="700002", last_name="ZZTEST Ålder*~", ingredients=(*A_FILL.ingredients, *A_FILL.ingredients))
    text, many = report_text(SENDER, 12, AT, [(Status.NEW, A_FILL), (Status.VOID, two)], FIRST, LAST)
    segments = read(text)

    fill = ["PAT", "DSP", "PRE", "CDI"]
    assert [one[0] for one in segments] == ["TH", "IS", "PHA", *fill, "AIR", *fill, "CDI", "AIR", "TP", "TT"]
    assert len(segments) == many == 16
    th, source, pharmacy, patient, dispensed, prescriber, ingredient, extra = segments[:8]
    assert th == ["TH", "4.2B", "0000000012", "01", "", "20260308", "070509", "P", "", "~"]
    assert source == ["IS", "IL-77", "ZZTEST Infusion", ""]
    assert pharmacy[1:] == [
        "1245319599", "1234567", "AB1234563", "ZZTEST Infusion", "100 Sterile Way", "", "Springfield", "IL", "62701", "5550100",
    ]  # fmt: skip
    assert (patient[7], patient[8], patient[12], patient[18], patient[19], patient[20]) == (
        "ZZTEST Alder", "Marian", "1 Elm St", "19640314", "F", "01",
    )  # fmt: skip
    assert dispensed[1:14] == [
        "00", "700001", "20260301", "00", "20260302", "00", "06", "99999999999", "100", "4", "02", "05", "00",
    ]  # fmt: skip
    assert (dispensed[15], dispensed[16], dispensed[23]) == ("051-1", "04", "morphine 60 mg")
    assert prescriber[1:] == ["1245319599", "AB1234563", "", "", "ZZTEST Maplewood", ""]
    assert ingredient[1:] == ["1", "01", "00409189001", "20", "02"]
    assert extra[9] == "ZZTEST Rowan"
    assert (segments[8][7], segments[9][1], segments[12][1]) == ("ZZTEST Alder", "02", "2")


def test_days_without_a_fill_give_a_zero_report() -> None:
    text, many = report_text(SENDER, 1, AT, [], FIRST, LAST, is_test=True)
    segments = read(text)

    assert many == 10
    assert [one[0] for one in segments] == ["TH", "IS", "PHA", "PAT", "DSP", "PRE", "CDI", "AIR", "TP", "TT"]
    assert segments[0][7] == "T"
    assert segments[1][3] == "#20260301#-#20260307#"
    assert segments[3][7:9] == ["REPORT", "ZERO"]
    assert segments[4][5] == "20260307"

"""Concurrent therapies: who is first, who carries SH and SJ, and the order of modifiers and lines (billing 2.1). As tables."""

import pytest

from tests.rules.billing.billing_questions import Question, Row, case, check, therapy

SPAN = ("2026-03-02", "2026-03-08")
DAYS = "UN7 2026-03-02..2026-03-08"
RATES = {"S9500": 95, "S9501": 105, "S9502": 110, "S9494": 100, "S9542": 300, "S9338": 400, "S9348": 150, "S9341": 500}
A12 = therapy("A", "vancomycin", *SPAN, interval_hours=12)
B24 = therapy("B", "ceftriaxone", *SPAN)
C8 = therapy("C", "meropenem", *SPAN, interval_hours=8)
D24 = therapy("D", "micafungin", *SPAN)
SHOT = therapy("X", "zztestine", *SPAN, "other_injection")
FEED = therapy("E", "zztest feed", *SPAN, "enteral", enteral_method="gravity")


def ranked(*therapies: Question, rates: dict[str, float] | None = None, **profile: object) -> Question:
    return case(*therapies, rates=RATES if rates is None else rates, profile=profile)


ROWS = [
    Row("one therapy has no modifier", ranked(A12), [f"S9501 {DAYS}"], "billing 2.1"),
    Row(
        "by rate, descending: none, SH, SJ, SJ",
        ranked(A12, B24, C8, D24),
        [f"S9502 {DAYS}", f"S9500:SJ {DAYS}", f"S9500:SJ {DAYS}", f"S9501:SH {DAYS}"],
        "billing 2.1",
    ),
    Row(
        "two drugs of one interval: the same code twice, the second with SH",
        ranked(B24, D24),
        [f"S9500 {DAYS}", f"S9500:SH {DAYS}"],
        "billing 2.1",
    ),
    Row(
        "rates tie: the earlier start is first",
        ranked(therapy("A", "cefazolin", "2026-03-03", "2026-03-08", interval_hours=8), B24, rates={"S9502": 100, "S9500": 100}),
        [f"S9500 {DAYS}", "S9502:SH UN6 2026-03-03..2026-03-08"],
        "billing 2.1",
    ),
    Row(
        "rates tie: a changed order keeps the start of its therapy",
        ranked(
            therapy("A", "vancomycin", "2026-03-01", "2026-03-08", interval_hours=8, order_group="v"),
            therapy("V", "vancomycin", "2026-03-05", "2026-03-08", interval_hours=12, order_group="v"),
            B24,
            rates={"S9502": 100, "S9501": 100, "S9500": 100},
        ),
        ["S9502 UN4 2026-03-01..2026-03-04", f"S9500:SH {DAYS}", "S9501 UN4 2026-03-05..2026-03-08"],
        "billing 2.1",
    ),
    Row(
        "rates and starts tie: the lower code is first",
        ranked(A12, B24, rates={"S9501": 100, "S9500": 100}),
        [f"S9500 {DAYS}", f"S9501:SH {DAYS}"],
        "billing 2.1",
    ),
    Row(
        "a code without a rate ranks last and is held",
        ranked(A12, C8, rates={"S9501": 1}),
        [f"S9501 {DAYS}", f"S9502:SH {DAYS} held rate_missing"],
        "billing 2.1",
    ),
    Row(
        "a rate of nothing is a rate",
        ranked(A12, C8, rates={"S9501": 0, "S9502": 5}),
        [f"S9502 {DAYS}", f"S9501:SH {DAYS}"],
        "billing 2.1",
    ),
    Row("no rates at all", ranked(A12, rates={}), [f"S9501 {DAYS} held rate_missing"], "billing 2.6"),
    Row(
        "a held line keeps its rank: the second is never sent as primary",
        case(
            C8,
            B24,
            rates=RATES,
            profile={"auth_required": ["S9502"]},
        ),
        [f"S9502 {DAYS} held no_authorization", f"S9500:SH {DAYS}"],
        "billing 2.1",
    ),
    Row(
        "by start: the therapy that began first",
        ranked(therapy("A", "meropenem", "2026-03-03", "2026-03-08", interval_hours=8), B24, rank_by="start"),
        [f"S9500 {DAYS}", "S9502:SH UN6 2026-03-03..2026-03-08"],
        "billing 2.6",
    ),
    Row(
        "by start, tie: the lower code, whatever it pays",
        ranked(C8, A12, rank_by="start"),
        [f"S9501 {DAYS}", f"S9502:SH {DAYS}"],
        "billing 2.6",
    ),
    Row(
        "injections and feeds neither carry SH nor push an infusion to it",
        ranked(A12, SHOT, FEED, C8),
        [f"S9341 {DAYS}", f"S9502 {DAYS}", f"S9542 {DAYS}", f"S9501:SH {DAYS}"],
        "billing 2.1",
    ),
    Row(
        "all per diems: every per diem of the day is ranked",
        ranked(A12, SHOT, FEED, C8, modifier_scope="all_per_diems"),
        [f"S9341 {DAYS}", f"S9501:SJ {DAYS}", f"S9502:SJ {DAYS}", f"S9542:SH {DAYS}"],
        "billing 2.1",
    ),
    Row(
        "59 after SH and SJ only",
        ranked(A12, B24, C8, append_modifier_59=True),
        [f"S9502 {DAYS}", f"S9500:SJ:59 {DAYS}", f"S9501:SH:59 {DAYS}"],
        "billing 2.1",
    ),
    Row(
        "a payer without a second modifier",
        ranked(A12, B24, modifier_second=None),
        [f"S9500 {DAYS}", f"S9501 {DAYS}"],
        "billing 2.6",
    ),
    Row(
        "a payer without a third modifier, and no 59 without a modifier",
        ranked(A12, B24, C8, modifier_third=None, append_modifier_59=True),
        [f"S9500 {DAYS}", f"S9502 {DAYS}", f"S9501:SH:59 {DAYS}"],
        "billing 2.6",
    ),
    Row(
        "a payer that takes SH for the third too",
        ranked(A12, B24, C8, modifier_third="SH"),
        [f"S9502 {DAYS}", f"S9500:SH {DAYS}", f"S9501:SH {DAYS}"],
        "billing 2.6",
    ),
    Row(
        "the infusion suite adds SS, after SH and 59",
        ranked({**A12, "site": "infusion_suite"}, {**C8, "site": "infusion_suite"}, append_modifier_59=True),
        [f"S9502:SS {DAYS}", f"S9501:SH:59:SS {DAYS}"],
        "billing 2.1",
    ),
    Row(
        "a weekly therapy in the suite has SS and no rank",
        ranked(
            therapy("W", "privigen", "2026-03-02", "2026-03-08", "immune_globulin", interval_hours=672, site="infusion_suite"), A12
        ),
        ["S9338:SS UN1 2026-03-02..2026-03-02", f"S9501 {DAYS}"],
        "billing 2.2",
    ),
    Row(
        "the middle therapy ends: the last moves up",
        ranked(C8, therapy("A", "vancomycin", "2026-03-02", "2026-03-04", interval_hours=12), B24),
        [
            f"S9502 {DAYS}",
            "S9500:SJ UN3 2026-03-02..2026-03-04",
            "S9501:SH UN3 2026-03-02..2026-03-04",
            "S9500:SH UN4 2026-03-05..2026-03-08",
        ],
        "billing 2.1",
    ),
    Row(
        "a day that does not count has no rank",
        ranked(therapy("A", "dobutamine", "2026-03-02", "2026-03-06", "inotrope", interval_hours=48), B24, day_basis="INFUSED"),
        [
            "S9348 UN1 2026-03-02..2026-03-02",
            "S9500:SH UN1 2026-03-02..2026-03-02",
            "S9500 UN1 2026-03-03..2026-03-03",
            "S9348 UN1 2026-03-04..2026-03-04",
            "S9500:SH UN1 2026-03-04..2026-03-04",
            "S9500 UN1 2026-03-05..2026-03-05",
            "S9348 UN1 2026-03-06..2026-03-06",
            "S9500:SH UN1 2026-03-06..2026-03-06",
            "S9500 UN2 2026-03-07..2026-03-08",
        ],
        "billing 2.1",
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=[row.case for row in ROWS])
def test_ranking(row: Row) -> None:
    check(row)

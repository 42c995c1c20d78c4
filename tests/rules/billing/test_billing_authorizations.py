"""Authorizations: used by day, then by rank within the day; what they hold, they hold with the drug (billing 2.7). As tables."""

from typing import Any

import pytest

from tests.rules.billing.billing_questions import Question, Row, case, check, therapy

RATES = {"S9500": 95, "S9501": 105, "S9494": 100, "S5498": 20, "S9338": 300, "S9502": 110}
A = therapy("A", "ertapenem", "2026-06-01", "2026-06-10", dose_amount=1, dose_unit="g")
B = therapy("B", "ceftriaxone", "2026-06-01", "2026-06-10", dose_amount=1, dose_unit="g")
STAY = {"admitted_at": "2026-06-04T09:00", "discharged_at": "2026-06-07T09:00"}


def auth(number: str, first: int, last: int, units: int, code: str = "S9500") -> Question:
    return {"number": number, "code": code, "from": f"2026-06-{first:02d}", "to": f"2026-06-{last:02d}", "units": units}


def asked(*therapies: Question, auths: list[Question], rates: dict[str, float] | None = None, **more: Any) -> Question:
    profile = {"auth_required": "all", **more.pop("profile", {})}
    return case(*therapies, rates=RATES if rates is None else rates, profile=profile, authorizations=auths, **more)


ROWS = [
    Row(
        "none needed: none is named on the line",
        asked(A, auths=[auth("P1", 1, 30, 30)], profile={"auth_required": "none"}),
        ["S9500 UN10 2026-06-01..2026-06-10"],
        "billing 2.6",
    ),
    Row(
        "needed for a list of codes that has this one",
        asked(A, auths=[], profile={"auth_required": ["S9500"]}),
        ["S9500 UN10 2026-06-01..2026-06-10 held no_authorization"],
        "billing 2.6",
        ["J1335 UN20 2026-06-01..2026-06-10 held no_authorization"],
    ),
    Row(
        "needed for a list of codes that has it not",
        asked(A, auths=[], profile={"auth_required": ["S9501"]}),
        ["S9500 UN10 2026-06-01..2026-06-10"],
        "billing 2.6",
    ),
    Row(
        "an authorization for another code does not cover",
        asked(A, auths=[auth("P1", 1, 30, 30, "S9501")]),
        ["S9500 UN10 2026-06-01..2026-06-10 held no_authorization"],
        "billing 2.7",
    ),
    Row(
        "where two cover a day, the one that ends first is used",
        asked(A, auths=[auth("LATE", 1, 30, 30), auth("SOON", 3, 5, 30)]),
        [
            "S9500 UN2 2026-06-01..2026-06-02 LATE",
            "S9500 UN3 2026-06-03..2026-06-05 SOON",
            "S9500 UN5 2026-06-06..2026-06-10 LATE",
        ],
        "billing 2.7",
        [
            "J1335 UN4 2026-06-01..2026-06-02 LATE",
            "J1335 UN6 2026-06-03..2026-06-05 SOON",
            "J1335 UN10 2026-06-06..2026-06-10 LATE",
        ],
    ),
    Row(
        "when the first to end has no unit left, the other is used",
        asked(A, auths=[auth("LATE", 1, 30, 3), auth("SOON", 1, 10, 4)]),
        [
            "S9500 UN4 2026-06-01..2026-06-04 SOON",
            "S9500 UN3 2026-06-05..2026-06-07 LATE",
            "S9500 UN3 2026-06-08..2026-06-10 held authorization_units_exhausted",
        ],
        "billing 2.7",
    ),
    Row(
        "outside the window and out of units are two reasons",
        asked(A, auths=[auth("P1", 3, 7, 2)]),
        [
            "S9500 UN2 2026-06-01..2026-06-02 held no_authorization",
            "S9500 UN2 2026-06-03..2026-06-04 P1",
            "S9500 UN3 2026-06-05..2026-06-07 held authorization_units_exhausted",
            "S9500 UN3 2026-06-08..2026-06-10 held no_authorization",
        ],
        "billing 2.7",
    ),
    Row(
        "an authorization of no units",
        asked(A, auths=[auth("P1", 1, 30, 0)]),
        ["S9500 UN10 2026-06-01..2026-06-10 held authorization_units_exhausted"],
        "billing 2.7",
    ),
    Row(
        "two therapies of one code draw on the same units, by day and then by rank",
        asked(A, B, auths=[auth("P1", 1, 30, 15)]),
        [
            "S9500 UN8 2026-06-01..2026-06-08 P1",
            "S9500:SH UN7 2026-06-01..2026-06-07 P1",
            "S9500:SH UN3 2026-06-08..2026-06-10 held authorization_units_exhausted",
            "S9500 UN2 2026-06-09..2026-06-10 held authorization_units_exhausted",
        ],
        "billing 2.7",
    ),
    Row(
        "days in hospital use no units",
        asked(A, auths=[auth("P1", 1, 30, 6)], hospital_stays=[STAY]),
        ["S9500 UN3 2026-06-01..2026-06-03 P1", "S9500 UN3 2026-06-08..2026-06-10 P1"],
        "billing 2.7",
        ["J1335 UN12 2026-06-01..2026-06-10 P1"],
    ),
    Row(
        "a day held for another reason reserves its unit",
        asked(
            therapy("A", "ampicillin", "2026-06-01", "2026-06-06", interval_hours=5),
            therapy("B", "ceftriaxone", "2026-06-01", "2026-06-03"),
            auths=[auth("P1", 1, 30, 4, "S9494"), auth("P2", 1, 30, 9, "S9500")],
        ),
        [
            "S9494 UN3 2026-06-01..2026-06-03 P1 held X5",
            "S9500:SH UN3 2026-06-01..2026-06-03 P2",
            "S9494 UN1 2026-06-04..2026-06-04 P1",
            "S9494 UN2 2026-06-05..2026-06-06 held authorization_units_exhausted",
        ],
        "billing 2.7",
    ),
    Row(
        "a missing rate reserves its unit too, and holds the drug",
        asked(A, auths=[auth("P1", 1, 30, 30)], rates={}),
        ["S9500 UN10 2026-06-01..2026-06-10 P1 held rate_missing"],
        "billing 2.7",
        ["J1335 UN20 2026-06-01..2026-06-10 P1 held rate_missing"],
    ),
    Row(
        "of no authorization and no rate, the authorization is settled first",
        asked(A, auths=[], rates={}),
        ["S9500 UN10 2026-06-01..2026-06-10 held no_authorization"],
        "billing 2.7",
    ),
    Row(
        "a conflict of codes does not hold the drug, the authorization beneath it does",
        asked(
            therapy("A", "ampicillin", "2026-06-01", "2026-06-03", interval_hours=5, doses_per_day=5, dose_amount=1, dose_unit="g"),
            therapy("B", "ceftriaxone", "2026-06-01", "2026-06-03"),
            auths=[auth("P2", 1, 30, 9, "S9500")],
        ),
        ["S9494 UN3 2026-06-01..2026-06-03 held X5", "S9500:SH UN3 2026-06-01..2026-06-03 P2"],
        "billing 2.7",
        ["J0290 UN30 2026-06-01..2026-06-03 held no_authorization"],
    ),
    Row(
        "the drug of a dose day without a per diem goes with the day before",
        asked(
            A,
            auths=[auth("P1", 1, 5, 30), auth("P2", 6, 30, 30)],
            hospital_stays=[{**STAY, "home_dose_on_admit_day": True, "home_dose_on_discharge_day": True}],
            profile={"admit_day": "never", "discharge_day": "never"},
        ),
        ["S9500 UN3 2026-06-01..2026-06-03 P1", "S9500 UN3 2026-06-08..2026-06-10 P2"],
        "billing 2.7",
        ["J1335 UN10 2026-06-01..2026-06-07 P1", "J1335 UN6 2026-06-08..2026-06-10 P2"],
    ),
    Row(
        "before the first per diem, with the day after",
        asked(
            A,
            auths=[auth("P1", 1, 30, 30)],
            hospital_stays=[
                {"admitted_at": "2026-05-30T09:00", "discharged_at": "2026-06-01T09:00", "home_dose_on_discharge_day": True}
            ],
            profile={"discharge_day": "never"},
        ),
        ["S9500 UN9 2026-06-02..2026-06-10 P1"],
        "billing 2.7",
        ["J1335 UN20 2026-06-01..2026-06-10 P1"],
    ),
    Row(
        "drugs mixed in a bag go with the bag",
        asked(
            {**A, "bag": "x"},
            therapy("F", "famotidine", "2026-06-01", "2026-06-10", "other_infusion", bag="x", dose_amount=20, dose_unit="mg"),
            auths=[auth("P1", 1, 8, 30)],
        ),
        ["S9500 UN8 2026-06-01..2026-06-08 P1", "S9500 UN2 2026-06-09..2026-06-10 held no_authorization"],
        "billing 2.7",
        [
            "J1308 UN640 2026-06-01..2026-06-08 P1",
            "J1335 UN16 2026-06-01..2026-06-08 P1",
            "J1308 UN160 2026-06-09..2026-06-10 held no_authorization",
            "J1335 UN4 2026-06-09..2026-06-10 held no_authorization",
        ],
    ),
    Row(
        "weekly therapies and catheter care draw too",
        asked(
            therapy("W", "privigen", "2026-06-03", "2026-06-03", "immune_globulin", interval_hours=672),
            auths=[auth("W1", 1, 30, 1, "S9338"), auth("C1", 1, 2, 9, "S5498")],
            catheter={"device": "picc", "lumens": 1, "from": "2026-06-01", "to": "2026-06-04"},
        ),
        [
            "S5498 UN2 2026-06-01..2026-06-02 C1",
            "S9338 UN1 2026-06-03..2026-06-03 W1",
            "S5498 UN1 2026-06-04..2026-06-04 held no_authorization",
        ],
        "billing 2.7",
    ),
    Row(
        "what has no code asks for no authorization",
        asked(therapy("O", "zztestine", "2026-06-01", "2026-06-02", "obstetric"), auths=[]),
        ["None UN2 2026-06-01..2026-06-02 held payer_rule_required"],
        "billing 2.7",
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=[row.case for row in ROWS])
def test_authorizations(row: Row) -> None:
    check(row)

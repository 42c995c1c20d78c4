"""The day grid: one cell for each therapy and day, its letter and why; what is planned; what still waits."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from infusiondesk.billing.exchange import shipped_reference
from infusiondesk.billing.rules.days import DayStatus
from infusiondesk.billing.rules.facts import (
    Authorization,
    Case,
    Catheter,
    DeviceKind,
    Dose,
    DoseUnit,
    HospitalStay,
    Therapy,
    TherapyClass,
    Visit,
)
from infusiondesk.billing.rules.ledger import CATHETER_CARE, NURSING, Ledger, keep_ledger
from infusiondesk.billing.rules.profile import CatheterCare, DayBasis, PayerKind, PayerProfile, Rate, Site

REFERENCE = shipped_reference()
RATES = tuple(Rate(code, Decimal(usd)) for code, usd in (("S9500", 95), ("S9501", 105), ("S9494", 100), ("S5498", 20)))
P0 = PayerProfile(rates=RATES)


def march(day: int) -> date:
    return date(2026, 3, day)


A = Therapy("A", "ertapenem", TherapyClass.ANTI_INFECTIVE, march(2), march(10), dose=Dose(Decimal(1), DoseUnit.G))
V = Therapy("V", "vancomycin", TherapyClass.ANTI_INFECTIVE, march(4), march(6), interval_hours=Decimal(12))
STAY = HospitalStay(march(7), march(9))


def letters(ledger: Ledger, therapy: str) -> str:
    row = dict(ledger.rows())[therapy]
    return "".join(cell.status.value for _, cell in sorted(row.items()))


# case, profile, row, letters from its first to its last day
GRIDS: list[tuple[str, Case, PayerProfile, str, str]] = [
    ("billable", Case((A,)), P0, "A", "BBBBBBBBB"),
    ("inpatient", Case((A,), (STAY,)), P0, "A", "BBBBBIIIB"),
    ("held", Case((A,)), replace(P0, all_need_authorization=True), "A", "HHHHHHHHH"),
    (
        "authorized, then held",
        Case((A,), authorizations=(Authorization("P1", "S9500", march(1), march(5), 99),)),
        replace(P0, all_need_authorization=True),
        "A",
        "BBBBHHHHH",
    ),
    ("not covered", Case((replace(A, interval_hours=Decimal(48)),)), replace(P0, day_basis=DayBasis.INFUSED), "A", "BNBNBNBNB"),
    ("Medicare", Case((A,)), replace(P0, payer_kind=PayerKind.MEDICARE), "A", "NNNNNNNNN"),
    (
        "one fee a day, of which a weekly therapy opens its own days",
        Case((replace(A, interval_hours=Decimal(96)), V)),
        replace(P0, payer_kind=PayerKind.MEDICAID_DAILY_FEE, daily_fee_code="S9500"),
        "A",
        "BNNNBNNNB",
    ),
    ("a flush", Case((replace(A, therapy_class=TherapyClass.FLUSH),)), P0, "A", "NNNNNNNNN"),
    ("mixed in a bag", Case((replace(A, bag="x"), replace(V, bag="x"))), P0, "V", "NNN"),
    ("replaced", Case((replace(A, order_group="g"), replace(V, order_group="g"))), P0, "A", "BBNNNNNNN"),
    (
        "catheter care",
        Case((V,), (STAY,), catheters=(Catheter(DeviceKind.PICC, 1, march(2), march(10)),)),
        P0,
        CATHETER_CARE,
        "BBNNNIIIB",
    ),
    (
        "catheter care never paid",
        Case(catheters=(Catheter(DeviceKind.PICC, 1, march(2), march(3)),)),
        replace(P0, catheter_care=CatheterCare.NEVER),
        CATHETER_CARE,
        "NN",
    ),
    (
        "two devices, one per diem of care",
        Case(catheters=(Catheter(DeviceKind.PICC, 1, march(2), march(5)), Catheter(DeviceKind.PORT, 1, march(4), march(6)))),
        P0,
        CATHETER_CARE,
        "BBBBH",
    ),
    (
        "nursing",
        Case(visits=(Visit(march(2), Decimal(60)), Visit(march(3), Decimal(300)), Visit(march(3), Decimal(60)))),
        replace(P0, max_99602_per_day=2),
        NURSING,
        "BH",
    ),
]


@pytest.mark.parametrize(("why", "case", "profile", "row", "expected"), GRIDS, ids=[row[0] for row in GRIDS])
def test_letters_of_a_row(why: str, case: Case, profile: PayerProfile, row: str, expected: str) -> None:
    ledger = keep_ledger(case, profile, REFERENCE)
    assert letters(ledger, row) == expected, why
    for cell in dict(ledger.rows())[row].values():
        assert cell.because and cell.sources and all(cell.because), why


# status, sentence
SENTENCES: list[tuple[int, DayStatus, str]] = [
    (2, DayStatus.BILLABLE, "ertapenem: dosed every 24 h has S9500"),
    (4, DayStatus.BILLABLE, "ranked 2 of 2 by rate: S9501 (105), S9500 (95)"),
    (7, DayStatus.INPATIENT, "admission date, and a home dose was not recorded"),
    (8, DayStatus.INPATIENT, "in hospital since 2026-03-07, until 2026-03-09"),
    (9, DayStatus.BILLABLE, "discharge date, and a home dose was recorded"),
]


@pytest.mark.parametrize(("day", "status", "sentence"), SENTENCES)
def test_every_day_says_why(day: int, status: DayStatus, sentence: str) -> None:
    case = Case((A, V), (replace(STAY, home_dose_on_discharge_day=True),))
    cell = keep_ledger(case, P0, REFERENCE).days["A", march(day)]
    assert cell.status is status and sentence in cell.because


def test_days_to_come_are_planned_and_stand_on_no_line() -> None:
    authorized = (Authorization("P1", "S9500", march(1), march(31), 5),)
    case = Case((A,), catheters=(Catheter(DeviceKind.PICC, 1, march(11), march(12)),), authorizations=authorized)
    ledger = keep_ledger(case, replace(P0, codes_needing_authorization=frozenset({"S9500"})), REFERENCE, as_of=march(4))
    assert letters(ledger, "A") == "BBBPPPPPP"
    assert letters(ledger, CATHETER_CARE) == "PP"
    assert [(line.units, line.last, line.authorization) for line in ledger.lines] == [(3, march(4), "P1")]
    assert [(line.units, line.first, line.last) for line in ledger.drug_lines] == [(6, march(2), march(4))]
    assert ledger.days["A", march(8)].held_because == "authorization_units_exhausted"
    assert keep_ledger(case, P0, REFERENCE, as_of=march(1)).lines == ()


def test_a_short_span_waits_while_it_can_grow() -> None:
    """Billing 2.4: under the minimum it waits for the following days; when it has ended it is sent with a warning."""
    seven = replace(P0, min_span_days=7)
    growing = keep_ledger(Case((A,)), seven, REFERENCE, as_of=march(4))
    assert [line.waits for line in growing.lines] == [True] and growing.warnings == ()
    grown = keep_ledger(Case((A,)), seven, REFERENCE, as_of=march(8))
    assert [line.waits for line in grown.lines] == [False] and grown.warnings == ()
    ended = keep_ledger(Case((replace(A, stop=march(4)),)), seven, REFERENCE, as_of=march(8))
    assert [line.waits for line in ended.lines] == [False]
    assert [(one.code, one.therapy) for one in ended.warnings] == [("span_under_minimum", "A")]
    hospital = keep_ledger(Case((A,), (STAY,)), seven, REFERENCE, as_of=march(6))
    assert [line.waits for line in hospital.lines] == [False] and len(hospital.warnings) == 1


def test_a_missed_dose_and_an_order_on_hold() -> None:
    """Billing 2.4: ACCESS counts the day, INFUSED does not; a dose on hold was not due, a missed one was."""
    case = Case((replace(A, not_given=frozenset({march(4)}), on_hold=frozenset({march(6)})),))
    access = keep_ledger(case, P0, REFERENCE)
    assert [line.units for line in access.lines] == [9]
    assert [line.units for line in access.drug_lines] == [16]
    infused = keep_ledger(case, replace(P0, day_basis=DayBasis.INFUSED), REFERENCE)
    assert [(line.first, line.last) for line in infused.lines] == [
        (march(2), march(3)),
        (march(5), march(5)),
        (march(7), march(10)),
    ]


def test_rates_have_dates_and_lines_carry_price_and_place() -> None:
    rates = (Rate("S9500", Decimal("90.50"), march(1), march(5)), Rate("S9500", Decimal(95), march(6)))
    profile = PayerProfile(rates=rates, pos_infusion_suite="49")
    ledger = keep_ledger(Case((replace(A, site=Site.INFUSION_SUITE),)), profile, REFERENCE)
    assert [(line.units, line.usd_per_unit, line.held_because, line.place_of_service) for line in ledger.lines] == [
        (3, Decimal("90.50"), None, "49"),
        (1, None, "rate_missing", "49"),
        (5, Decimal(95), None, "49"),
    ]
    assert keep_ledger(Case((A,)), P0, REFERENCE).lines[0].place_of_service == "12"
    without_code = replace(A, therapy_class=TherapyClass.OBSTETRIC)
    assert keep_ledger(Case((without_code,)), P0, REFERENCE).lines[0].usd_per_unit is None


def test_a_new_rate_is_a_new_line() -> None:
    """A line has one price per unit."""
    rates = (Rate("S9500", Decimal(90), None, march(5)), Rate("S9500", Decimal(95), march(5)))
    ledger = keep_ledger(Case((A,)), PayerProfile(rates=rates), REFERENCE)
    assert [(line.units, line.usd_per_unit) for line in ledger.lines] == [(3, Decimal(90)), (6, Decimal(95))]


def test_summary_has_one_sentence_for_each_run_of_days() -> None:
    ledger = keep_ledger(Case((A,), (STAY,)), P0, REFERENCE)
    assert [sentence.split(", ")[0] for sentence in ledger.because[:4]] == [
        "A 2026-03-02 to 2026-03-06",
        "A 2026-03-07",
        "A 2026-03-08",
        "A 2026-03-09",
    ]
    assert ledger.because[4].startswith("A 2026-03-10, billable: ertapenem")
    assert ledger.sources == tuple(sorted(ledger.sources))


def test_an_empty_case_has_an_empty_ledger() -> None:
    ledger = keep_ledger(Case(), PayerProfile(), REFERENCE)
    assert ledger.lines == () and ledger.because == () and ledger.warnings == ()
    assert [title for title, _ in ledger.rows()] == [CATHETER_CARE, NURSING]

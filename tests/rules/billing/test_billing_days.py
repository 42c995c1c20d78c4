"""Which days count (billing 2.2 to 2.4): bases, hospital, weekly therapies, changed orders, bags, catheter care. As tables."""

from typing import Any

import pytest

from tests.rules.billing.billing_questions import Question, Row, ask, case, check, shown, therapy

MARCH = ("2026-03-01", "2026-03-13")
RATES = {"S9494": 100, "S9500": 95, "S9501": 105, "S9502": 110, "S9330": 200, "S9348": 150, "S9366": 210, "S9338": 300, "S9542": 40}
EVERY_48 = therapy("A", "ertapenem", *MARCH, interval_hours=48, dose_amount=1, dose_unit="g")
DAILY = therapy("A", "ertapenem", *MARCH)
THRICE = therapy("A", "cefazolin", "2026-03-02", "2026-03-13", dosing_weekdays=["Mon", "Wed", "Fri"], dose_amount=2, dose_unit="g")
NINE_48 = ["2026-03-01", "2026-03-03", "2026-03-05", "2026-03-07", "2026-03-09", "2026-03-11", "2026-03-13"]


def visits(*days: str) -> list[Question]:
    return [{"date": day, "minutes": 60} for day in days]


def asked(*therapies: Question, profile: dict[str, Any] | None = None, **more: Any) -> Question:
    return case(*therapies, rates=RATES, profile={"nursing_billing": "none", **(profile or {})}, **more)


def basis(name: str, *therapies: Question, **more: Any) -> Question:
    return asked(*therapies, profile={"day_basis": name}, **more)


def chemo(hours: float | None, **more: Any) -> Question:
    return therapy(
        "A", "fluorouracil", "2026-03-02", "2026-03-02", "chemotherapy", delivery="continuous", infusion_hours=hours, **more
    )


BASES = [
    Row(
        "ACCESS: days between the doses of every 48 h count: 13, not 7",
        asked(EVERY_48),
        ["S9494 UN13 2026-03-01..2026-03-13"],
        "billing 2.2",
        ["J1335 UN14 2026-03-01..2026-03-13"],
    ),
    Row(
        "INFUSED: each infusion day is a line of its own",
        basis("INFUSED", EVERY_48),
        [f"S9494 UN1 {day}..{day}" for day in NINE_48],
        "billing 2.2",
        ["J1335 UN14 2026-03-01..2026-03-13"],
    ),
    Row("INFUSED: daily doses", basis("INFUSED", DAILY), ["S9500 UN13 2026-03-01..2026-03-13"], "billing 2.2"),
    Row(
        "INFUSED: a continuous infusion counts every day on which it runs",
        basis("INFUSED", therapy("A", "milrinone", *MARCH, "inotrope", continuous=True, interval_hours=48)),
        ["S9348 UN13 2026-03-01..2026-03-13"],
        "billing 2.2",
    ),
    Row(
        "INFUSED: the days of every 36 h are those on which a dose starts",
        basis("INFUSED", therapy("A", "ertapenem", "2026-03-01", "2026-03-07", interval_hours=36)),
        ["S9494 UN2 2026-03-01..2026-03-02", "S9494 UN2 2026-03-04..2026-03-05", "S9494 UN1 2026-03-07..2026-03-07"],
        "billing 2.2",
    ),
    Row(
        "ACCESS: three times a week after dialysis, every day counts",
        asked(THRICE),
        ["S9494 UN12 2026-03-02..2026-03-13"],
        "billing 1.4",
        ["J0690 UN24 2026-03-02..2026-03-13"],
    ),
    Row(
        "INFUSED_OR_NURSED: a visit between doses adds its day",
        basis("INFUSED_OR_NURSED", EVERY_48, visits=visits("2026-03-04", "2026-03-05", "2026-03-20")),
        ["S9494 UN1 2026-03-01..2026-03-01", "S9494 UN3 2026-03-03..2026-03-05"]
        + [f"S9494 UN1 {day}..{day}" for day in NINE_48[3:]],
        "billing 2.2",
    ),
    Row(
        "INFUSED_OR_NURSED: the day goes to the highest-ranked open therapy only",
        basis(
            "INFUSED_OR_NURSED",
            therapy("A", "ertapenem", "2026-03-01", "2026-03-03", interval_hours=48),
            therapy("B", "dobutamine", "2026-03-01", "2026-03-03", "inotrope", interval_hours=48),
            visits=visits("2026-03-02"),
        ),
        ["S9348 UN3 2026-03-01..2026-03-03", "S9494:SH UN1 2026-03-01..2026-03-01", "S9494:SH UN1 2026-03-03..2026-03-03"],
        "billing 2.2",
    ),
    Row(
        "INFUSED_OR_NURSED: an infusion of another therapy that day, and the visit adds nothing",
        basis(
            "INFUSED_OR_NURSED",
            therapy("A", "ertapenem", "2026-03-01", "2026-03-03", interval_hours=48),
            therapy("B", "zztestimab", "2026-03-02", "2026-03-02", "other_injection"),
            visits=visits("2026-03-02"),
        ),
        ["S9494 UN1 2026-03-01..2026-03-01", "S9542 UN1 2026-03-02..2026-03-02", "S9494 UN1 2026-03-03..2026-03-03"],
        "billing 2.2",
    ),
    Row(
        "INFUSED_OR_NURSED: a weekly therapy gets no nursing day",
        basis(
            "INFUSED_OR_NURSED",
            therapy("A", "privigen", "2026-03-01", "2026-03-08", "immune_globulin", interval_hours=168),
            visits=visits("2026-03-03"),
        ),
        ["S9338 UN1 2026-03-01..2026-03-01", "S9338 UN1 2026-03-08..2026-03-08"],
        "billing 2.2",
    ),
    *(
        Row(
            f"HOURS: {hours} h",
            basis("HOURS", chemo(hours)),
            [f"S9330 UN{units} 2026-03-02..2026-03-{1 + units:02d}"],
            "billing 2.2",
        )
        for hours, units in ((1, 1), (23.5, 1), (36, 1), (46, 1), (47.9, 1), (48, 2), (72, 3), (73, 3), (96, 4))
    ),
    Row(
        "HOURS: a continuous infusion without stated hours ran all its days",
        basis("HOURS", therapy("A", "milrinone", *MARCH, "inotrope", continuous=True)),
        ["S9348 UN13 2026-03-01..2026-03-13"],
        "billing 2.2",
    ),
    Row(
        "HOURS: without hours nobody can count",
        basis("HOURS", DAILY),
        ["S9500 UN1 2026-03-01..2026-03-01 held payer_rule_required"],
        "billing 2.2",
    ),
    Row(
        "HOURS: no hours at all",
        basis("HOURS", chemo(0)),
        ["S9330 UN1 2026-03-02..2026-03-02 held payer_rule_required"],
        "billing 2.2",
    ),
    Row(
        "HOURS: more hours than a year has",
        basis("HOURS", chemo(1e9)),
        ["S9330 UN1 2026-03-02..2026-03-02 held payer_rule_required"],
        "billing 2.2",
    ),
    Row(
        "HOURS: hospital days are left out",
        basis("HOURS", chemo(96), hospital_stays=[{"admitted_at": "2026-03-03T09:00", "discharged_at": "2026-03-05T09:00"}]),
        ["S9330 UN1 2026-03-02..2026-03-02", "S9330 UN3 2026-03-06..2026-03-08"],
        "billing 2.2",
    ),
    Row(
        "HOURS: still in hospital from the first day, nothing counts",
        basis("HOURS", chemo(48), hospital_stays=[{"admitted_at": "2026-03-01T09:00"}]),
        [],
        "billing 2.2",
    ),
    Row(
        "HOURS: a later order of the group ends the earlier one",
        basis(
            "HOURS",
            chemo(96, order_group="g"),
            {**chemo(30), "id": "B", "order_group": "g", "start": "2026-03-04", "stop": "2026-03-04"},
        ),
        ["S9330 UN3 2026-03-02..2026-03-04"],
        "billing 2.4",
    ),
    Row(
        "HOURS: a weekly therapy stays outside",
        basis(
            "HOURS", therapy("A", "privigen", "2026-03-01", "2026-03-08", "immune_globulin", interval_hours=168, infusion_hours=50)
        ),
        ["S9338 UN1 2026-03-01..2026-03-01", "S9338 UN1 2026-03-08..2026-03-08"],
        "billing 2.2",
    ),
]


@pytest.mark.parametrize("row", BASES, ids=[row.case for row in BASES])
def test_day_bases(row: Row) -> None:
    check(row)


STAY = {"admitted_at": "2026-03-04T16:00", "discharged_at": "2026-03-07T10:00"}
# admit_day, discharge_day, home dose on each, first days before, first day after
HOSPITAL: list[tuple[str, str, bool, bool, str, str]] = [
    ("if_dosed", "if_dosed", False, False, "03", "08"),
    ("if_dosed", "if_dosed", True, False, "04", "08"),
    ("if_dosed", "if_dosed", False, True, "03", "07"),
    ("if_dosed", "if_dosed", True, True, "04", "07"),
    ("never", "never", True, True, "03", "08"),
    ("always", "always", False, False, "04", "07"),
    ("always", "never", False, True, "04", "08"),
    ("never", "always", True, False, "03", "07"),
    ("always", "if_dosed", False, False, "04", "08"),
]


@pytest.mark.parametrize(("admit", "discharge", "dosed_before", "dosed_after", "last", "first"), HOSPITAL)
def test_hospital_dates(admit: str, discharge: str, dosed_before: bool, dosed_after: bool, last: str, first: str) -> None:
    """Billing 2.4: the days between never count; the admission and the discharge date as the payer says."""
    stay = {**STAY, "home_dose_on_admit_day": dosed_before, "home_dose_on_discharge_day": dosed_after}
    daily = {**DAILY, "dose_amount": 1, "dose_unit": "g"}
    found = ask(asked(daily, hospital_stays=[stay], profile={"admit_day": admit, "discharge_day": discharge}))
    assert shown(found["lines"]) == [
        f"S9500 UN{int(last)} 2026-03-01..2026-03-{last}",
        f"S9500 UN{14 - int(first)} 2026-03-{first}..2026-03-13",
    ]
    # Billing 4: the doses of a hospital date count when one was recorded at home, whatever the per diem does.
    doses = 3 + dosed_before + dosed_after + 6
    assert shown(found["drug_lines"]) == [f"J1335 UN{doses * 2} 2026-03-01..2026-03-13"]


def again(between: dict[str, bool], **profile: str) -> Question:
    first = {"admitted_at": "2026-03-03T09:00", "discharged_at": "2026-03-05T09:00", "home_dose_on_admit_day": True}
    second = {"admitted_at": "2026-03-05T20:00", "discharged_at": "2026-03-07T09:00", "home_dose_on_discharge_day": True}
    for name in between:
        (first if "discharge" in name else second)[name] = True
    return asked(DAILY, hospital_stays=[first, second], profile=profile)


HOSPITAL_ROWS = [
    Row(
        "emergency department: admitted and discharged on one date excludes nothing",
        asked(
            {**DAILY, "dose_amount": 1, "dose_unit": "g"},
            hospital_stays=[{"admitted_at": "2026-03-04T09:00", "discharged_at": "2026-03-04T21:00"}],
            profile={"admit_day": "never", "discharge_day": "never"},
        ),
        ["S9500 UN13 2026-03-01..2026-03-13"],
        "billing 2.4",
        ["J1335 UN26 2026-03-01..2026-03-13"],
    ),
    Row(
        "discharged and admitted again on one date, no home dose between",
        again({}, admit_day="always", discharge_day="always"),
        ["S9500 UN3 2026-03-01..2026-03-03", "S9500 UN7 2026-03-07..2026-03-13"],
        "billing 2.4",
    ),
    Row(
        "discharged and admitted again on one date, a home dose after the discharge",
        again({"home_dose_on_discharge_day": True}),
        ["S9500 UN3 2026-03-01..2026-03-03", "S9500 UN1 2026-03-05..2026-03-05", "S9500 UN7 2026-03-07..2026-03-13"],
        "billing 2.4",
    ),
    Row(
        "the same, recorded before the second admission",
        again({"home_dose_on_admit_day": True}),
        ["S9500 UN3 2026-03-01..2026-03-03", "S9500 UN1 2026-03-05..2026-03-05", "S9500 UN7 2026-03-07..2026-03-13"],
        "billing 2.4",
    ),
    Row(
        "the same for a payer that never counts the admission date",
        again({"home_dose_on_admit_day": True}, admit_day="never"),
        ["S9500 UN2 2026-03-01..2026-03-02", "S9500 UN7 2026-03-07..2026-03-13"],
        "billing 2.4",
    ),
    Row(
        "not yet discharged",
        asked(DAILY, hospital_stays=[{"admitted_at": "2026-03-05T09:00", "home_dose_on_admit_day": True}]),
        ["S9500 UN5 2026-03-01..2026-03-05"],
        "billing 2.4",
    ),
    Row(
        "one stay inside another day of a longer one",
        asked(DAILY, hospital_stays=[STAY, {"admitted_at": "2026-03-05T09:00", "discharged_at": "2026-03-06T09:00"}]),
        ["S9500 UN3 2026-03-01..2026-03-03", "S9500 UN6 2026-03-08..2026-03-13"],
        "billing 2.4",
    ),
    Row(
        "the date is the patient's, as the clock on the wall shows it",
        asked(DAILY, hospital_stays=[{"admitted_at": "2026-03-04T23:30-06:00", "discharged_at": "2026-03-06T00:30-06:00"}]),
        ["S9500 UN3 2026-03-01..2026-03-03", "S9500 UN7 2026-03-07..2026-03-13"],
        "billing 2.7",
    ),
    Row(
        "INFUSED: hospital days are taken out of the infusion days",
        basis("INFUSED", EVERY_48, hospital_stays=[{"admitted_at": "2026-03-04T09:00", "discharged_at": "2026-03-08T09:00"}]),
        [f"S9494 UN1 {day}..{day}" for day in (NINE_48[0], NINE_48[1], *NINE_48[4:])],
        "billing 2.4",
        ["J1335 UN10 2026-03-01..2026-03-13"],
    ),
    Row(
        "an infusion as hospital outpatient changes nothing for a commercial payer",
        asked(DAILY, outpatient_infusion_dates=["2026-03-05"]),
        ["S9500 UN13 2026-03-01..2026-03-13"],
        "billing 3.4",
    ),
]


@pytest.mark.parametrize("row", HOSPITAL_ROWS, ids=[row.case for row in HOSPITAL_ROWS])
def test_hospital(row: Row) -> None:
    check(row)


IVIG = therapy("W", "privigen", "2026-03-01", "2026-03-29", "immune_globulin", interval_hours=672, dose_amount=30, dose_unit="g")
WEEKLY = [
    Row(
        "every four weeks: one unit per infusion day, the drug in one line",
        asked(IVIG),
        ["S9338 UN1 2026-03-01..2026-03-01", "S9338 UN1 2026-03-29..2026-03-29"],
        "billing 2.2",
        ["J1459 UN120 2026-03-01..2026-03-29"],
    ),
    Row(
        "it is not ranked and pushes no other therapy to SH",
        asked(DAILY, IVIG),
        ["S9338 UN1 2026-03-01..2026-03-01", "S9500 UN13 2026-03-01..2026-03-13", "S9338 UN1 2026-03-29..2026-03-29"],
        "billing 2.2",
    ),
    Row(
        "two days in a row every four weeks are one line of two",
        asked(
            therapy(
                "W",
                "privigen",
                "2026-03-01",
                "2026-03-30",
                "immune_globulin",
                dose_dates=["2026-03-01", "2026-03-02", "2026-03-29"],
            )
        ),
        ["S9338 UN2 2026-03-01..2026-03-02", "S9338 UN1 2026-03-29..2026-03-29"],
        "billing 2.2",
    ),
    Row(
        "72 h is the longest interval inside the structure",
        asked(therapy("A", "ertapenem", "2026-03-01", "2026-03-07", interval_hours=72)),
        ["S9494 UN7 2026-03-01..2026-03-07"],
        "billing 2.2",
    ),
    Row(
        "73 h is outside",
        asked(therapy("A", "ertapenem", "2026-03-01", "2026-03-07", interval_hours=73)),
        ["S9494 UN1 2026-03-01..2026-03-01", "S9494 UN1 2026-03-04..2026-03-04", "S9494 UN1 2026-03-07..2026-03-07"],
        "billing 2.2",
    ),
    Row(
        "Monday and Thursday leave four days: outside",
        asked(therapy("A", "ertapenem", "2026-03-02", "2026-03-08", dosing_weekdays=["Mon", "Thu"])),
        ["S9494 UN1 2026-03-02..2026-03-02", "S9494 UN1 2026-03-05..2026-03-05"],
        "billing 2.2",
    ),
    Row(
        "Monday to Friday is inside",
        asked(therapy("A", "ertapenem", "2026-03-02", "2026-03-13", dosing_weekdays=["Mon", "Tue", "Wed", "Thu", "Fri"])),
        ["S9494 UN12 2026-03-02..2026-03-13"],
        "billing 2.2",
    ),
    Row(
        "one dose in a long order",
        asked(therapy("A", "dalbavancin", "2026-03-02", "2026-03-15", dose_dates=["2026-03-02"])),
        ["S9494 UN1 2026-03-02..2026-03-02"],
        "billing 2.2",
    ),
    Row(
        "the infusion day of a weekly therapy in hospital",
        asked(IVIG, hospital_stays=[{"admitted_at": "2026-03-28T09:00", "discharged_at": "2026-03-30T09:00"}]),
        ["S9338 UN1 2026-03-01..2026-03-01"],
        "billing 2.4",
        ["J1459 UN60 2026-03-01..2026-03-01"],
    ),
]


@pytest.mark.parametrize("row", WEEKLY, ids=[row.case for row in WEEKLY])
def test_weekly_therapies(row: Row) -> None:
    check(row)


def vancomycin(name: str, start: str, stop: str, hours: int, **more: Any) -> Question:
    return therapy(name, "vancomycin", start, stop, interval_hours=hours, **more)


CHANGES = [
    Row(
        "a dose changed and the code did not: one line goes on",
        asked(
            vancomycin("A", "2026-03-01", "2026-03-10", 12, order_group="v", dose_amount=1, dose_unit="g"),
            vancomycin("B", "2026-03-05", "2026-03-10", 12, order_group="v", dose_amount=1250, dose_unit="mg"),
        ),
        ["S9501 UN10 2026-03-01..2026-03-10"],
        "billing 2.4",
        ["J3373 UN800 2026-03-01..2026-03-04", "J3373 UN1500 2026-03-05..2026-03-10"],
    ),
    Row(
        "the later order replaces the earlier for good, even when it ends first",
        asked(
            vancomycin("A", "2026-03-01", "2026-03-10", 12, order_group="v"),
            vancomycin("B", "2026-03-05", "2026-03-07", 8, order_group="v"),
        ),
        ["S9501 UN4 2026-03-01..2026-03-04", "S9502 UN3 2026-03-05..2026-03-07"],
        "billing 2.4",
    ),
    Row(
        "two orders of a group from one day: the one listed later",
        asked(
            vancomycin("A", "2026-03-01", "2026-03-04", 12, order_group="v"),
            vancomycin("B", "2026-03-01", "2026-03-04", 8, order_group="v"),
        ),
        ["S9502 UN4 2026-03-01..2026-03-04"],
        "billing 2.4",
    ),
    Row(
        "one drug in two orders that overlap: one code a day, that of the later order",
        asked(vancomycin("A", "2026-03-01", "2026-03-06", 12), vancomycin("B", "2026-03-05", "2026-03-08", 8)),
        ["S9501 UN4 2026-03-01..2026-03-04", "S9502 UN4 2026-03-05..2026-03-08"],
        "billing 2.4",
    ),
    Row(
        "the same, listed the other way round",
        asked(vancomycin("B", "2026-03-05", "2026-03-08", 8), vancomycin("A", "2026-03-01", "2026-03-06", 12)),
        ["S9501 UN4 2026-03-01..2026-03-04", "S9502 UN4 2026-03-05..2026-03-08"],
        "billing 2.4",
    ),
    Row(
        "orders that follow each other without a group are two therapies",
        asked(vancomycin("A", "2026-03-01", "2026-03-04", 12), vancomycin("B", "2026-03-05", "2026-03-08", 12)),
        ["S9501 UN4 2026-03-01..2026-03-04", "S9501 UN4 2026-03-05..2026-03-08"],
        "billing 2.4",
    ),
]


@pytest.mark.parametrize("row", CHANGES, ids=[row.case for row in CHANGES])
def test_changed_orders(row: Row) -> None:
    check(row)


def nutrition(name: str, litres: float | None, start: str = "2026-03-02", stop: str = "2026-03-08", **more: Any) -> Question:
    return therapy(name, more.pop("drug", "tpn"), start, stop, more.pop("therapy_class", "tpn"), volume_l=litres, **more)


VOLUMES = {"S9364": 1, "S9365": 2, "S9366": 3, "S9367": 4, "S9368": 5, "S9373": 1, "S9374": 2, "S9375": 3, "S9500": 95, "S9379": 7}
SUMS: list[tuple[str, list[Question], dict[str, Any], list[str]]] = [
    ("X9: the sum of the family", [nutrition("A", 0.8), nutrition("B", 0.5)], {}, ["S9366 UN7 2026-03-02..2026-03-08"]),
    (
        "the sum changes when one of them ends",
        [nutrition("A", 0.8), nutrition("B", 0.5, stop="2026-03-04")],
        {},
        ["S9366 UN3 2026-03-02..2026-03-04", "S9365 UN4 2026-03-05..2026-03-08"],
    ),
    (
        "a part whose volume is not stated adds nothing",
        [nutrition("A", 0.8), nutrition("B", None)],
        {},
        ["S9365 UN7 2026-03-02..2026-03-08"],
    ),
    (
        "a day without an infusion takes the code of the infusion day before",
        [nutrition("A", 1.5, dosing_weekdays=["Mon", "Wed", "Fri"])],
        {},
        ["S9366 UN7 2026-03-02..2026-03-08"],
    ),
    (
        "before the first infusion, the code of the first",
        [nutrition("A", 1.5, dosing_weekdays=["Wed", "Fri", "Sun"])],
        {},
        ["S9366 UN7 2026-03-02..2026-03-08"],
    ),
    (
        "without any infusion, the code without a volume",
        [nutrition("A", 1.5, dose_dates=["2026-04-01"], stop="2026-03-04")],
        {},
        ["S9364 UN3 2026-03-02..2026-03-04"],
    ),
    (
        "a lipid hung apart does not count",
        [nutrition("A", 0.9), nutrition("L", 0.25, drug="lipid emulsion")],
        {},
        ["S9365 UN7 2026-03-02..2026-03-08"],
    ),
    (
        "a lipid hung apart counts where the payer says so",
        [nutrition("A", 0.9), nutrition("L", 0.25, drug="lipid emulsion")],
        {"count_piggyback_lipid": True},
        ["S9366 UN7 2026-03-02..2026-03-08"],
    ),
    (
        "a lipid in the bag is all-in-one and counts",
        [nutrition("A", 0.9, bag="n"), nutrition("L", 0.25, drug="lipid emulsion", bag="n")],
        {},
        ["S9366 UN7 2026-03-02..2026-03-08"],
    ),
    ("a lipid alone has its own volume", [nutrition("L", 0.25, drug="fat emulsion")], {}, ["S9365 UN7 2026-03-02..2026-03-08"]),
    (
        "two families are two therapies",
        [nutrition("A", 1.5), nutrition("H", 1, therapy_class="hydration", drug="sodium chloride 0.9%")],
        {},
        ["S9366 UN7 2026-03-02..2026-03-08", "S9374:SH UN7 2026-03-02..2026-03-08"],
    ),
    (
        "a weekly litre on top of a daily one adds on its own day",
        [nutrition("A", 0.8), nutrition("B", 1, interval_hours=168)],
        {},
        ["S9366 UN1 2026-03-02..2026-03-02", "S9365 UN6 2026-03-03..2026-03-08"],
    ),
    (
        "a weekly litre alone",
        [nutrition("A", 1, therapy_class="hydration", interval_hours=168)],
        {},
        ["S9374 UN1 2026-03-02..2026-03-02"],
    ),
    (
        "two drugs in one bag are one therapy, by the first listed",
        [
            therapy("A", "cefepime", "2026-03-02", "2026-03-04", bag="x"),
            therapy("B", "zztestine", "2026-03-02", "2026-03-06", "other_infusion", bag="x"),
        ],
        {},
        ["S9500 UN3 2026-03-02..2026-03-04", "S9379 UN2 2026-03-05..2026-03-06"],
    ),
]


@pytest.mark.parametrize(("why", "therapies", "profile", "expected"), SUMS, ids=[row[0] for row in SUMS])
def test_volumes_and_bags(why: str, therapies: list[Question], profile: dict[str, Any], expected: list[str]) -> None:
    """Billing 1.3, 1.6 X9, 2.1."""
    assert shown(ask(case(*therapies, rates=VOLUMES, profile=profile))["lines"]) == expected, why


PICC = {"device": "picc", "lumens": 1, "from": "2026-03-01", "to": "2026-03-20"}
CARE_RATES = {**RATES, "S5498": 20}


def care(*therapies: Question, profile: dict[str, Any] | None = None, **more: Any) -> Question:
    return case(*therapies, rates=CARE_RATES, profile=profile, catheter=PICC, **more)


CARE = [
    Row("alone", care(), ["S5498 UN20 2026-03-01..2026-03-20"], "billing 2.3"),
    Row("never", care(profile={"catheter_care": "never"}), [], "billing 2.6"),
    Row(
        "only outside an open therapy",
        care(therapy("A", "ertapenem", "2026-03-05", "2026-03-10")),
        ["S5498 UN4 2026-03-01..2026-03-04", "S9500 UN6 2026-03-05..2026-03-10", "S5498 UN10 2026-03-11..2026-03-20"],
        "billing 2.3",
    ),
    Row(
        "whether the open day is billed or not",
        care(therapy("A", "ertapenem", "2026-03-05", "2026-03-09", interval_hours=48), profile={"day_basis": "INFUSED"}),
        ["S5498 UN4 2026-03-01..2026-03-04"]
        + [f"S9494 UN1 2026-03-{day}..2026-03-{day}" for day in ("05", "07", "09")]
        + ["S5498 UN11 2026-03-10..2026-03-20"],
        "billing 2.3",
    ),
    Row(
        "on no day of a weekly infusion",
        care(therapy("W", "privigen", "2026-03-02", "2026-03-09", "immune_globulin", interval_hours=168)),
        [
            "S5498 UN1 2026-03-01..2026-03-01",
            "S9338 UN1 2026-03-02..2026-03-02",
            "S5498 UN6 2026-03-03..2026-03-08",
            "S9338 UN1 2026-03-09..2026-03-09",
            "S5498 UN11 2026-03-10..2026-03-20",
        ],
        "billing 2.3",
    ),
    Row(
        "a flush is no open therapy",
        care(therapy("F", "heparin", *MARCH, "flush")),
        ["S5498 UN20 2026-03-01..2026-03-20"],
        "billing 2.3",
    ),
    Row(
        "hospital dates follow the care of the line at home",
        care(hospital_stays=[{**STAY, "home_dose_on_admit_day": True, "line_care_on_discharge_day": True}]),
        ["S5498 UN3 2026-03-01..2026-03-03", "S5498 UN14 2026-03-07..2026-03-20"],
        "billing 2.3",
    ),
    Row(
        "hospital dates with care of the line on the day of admission",
        care(hospital_stays=[{**STAY, "line_care_on_admit_day": True}]),
        ["S5498 UN4 2026-03-01..2026-03-04", "S5498 UN13 2026-03-08..2026-03-20"],
        "billing 2.3",
    ),
    Row(
        "hospital dates as the payer says",
        care(hospital_stays=[STAY], profile={"admit_day": "always", "discharge_day": "never"}),
        ["S5498 UN4 2026-03-01..2026-03-04", "S5498 UN13 2026-03-08..2026-03-20"],
        "billing 2.3",
    ),
]


@pytest.mark.parametrize("row", CARE, ids=[row.case for row in CARE])
def test_catheter_care(row: Row) -> None:
    check(row)


SPANS = [
    Row(
        "a span under the minimum is sent with a warning when it has ended",
        asked(therapy("A", "ertapenem", "2026-03-01", "2026-03-05"), profile={"min_span_days": 7}),
        ["S9500 UN5 2026-03-01..2026-03-05"],
        "billing 2.4",
        warnings=["span_under_minimum A"],
    ),
    Row(
        "a span of the minimum is not",
        asked(therapy("A", "ertapenem", "2026-03-01", "2026-03-07"), profile={"min_span_days": 7}),
        ["S9500 UN7 2026-03-01..2026-03-07"],
        "billing 2.4",
        warnings=[],
    ),
    Row(
        "days apart are never joined to reach it",
        asked(DAILY, hospital_stays=[STAY], profile={"min_span_days": 7}),
        ["S9500 UN3 2026-03-01..2026-03-03", "S9500 UN6 2026-03-08..2026-03-13"],
        "billing 2.4",
        warnings=["span_under_minimum A", "span_under_minimum A"],
    ),
    Row(
        "the month end wins over the minimum",
        asked(therapy("A", "ertapenem", "2026-03-20", "2026-04-02"), profile={"min_span_days": 7, "split_month": True}),
        ["S9500 UN12 2026-03-20..2026-03-31", "S9500 UN2 2026-04-01..2026-04-02"],
        "billing 2.4",
        warnings=["span_under_minimum A"],
    ),
    Row(
        "a held line is not sent, so nothing is said of its span",
        asked(therapy("A", "ertapenem", "2026-03-01", "2026-03-02"), profile={"min_span_days": 7, "auth_required": "all"}),
        ["S9500 UN2 2026-03-01..2026-03-02 held no_authorization"],
        "billing 2.4",
        warnings=[],
    ),
    Row(
        "a weekly therapy has no span to reach",
        asked(
            therapy("W", "privigen", "2026-03-02", "2026-03-09", "immune_globulin", interval_hours=168),
            profile={"min_span_days": 7},
        ),
        ["S9338 UN1 2026-03-02..2026-03-02", "S9338 UN1 2026-03-09..2026-03-09"],
        "billing 2.4",
        warnings=[],
    ),
    Row(
        "a year's end is a month's end",
        asked(therapy("A", "ertapenem", "2026-12-30", "2027-01-02"), profile={"split_month": True}),
        ["S9500 UN2 2026-12-30..2026-12-31", "S9500 UN2 2027-01-01..2027-01-02"],
        "billing 2.4",
    ),
]


@pytest.mark.parametrize("row", SPANS, ids=[row.case for row in SPANS])
def test_spans(row: Row) -> None:
    check(row)

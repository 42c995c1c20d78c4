"""Drug lines: codes, units, dates, rounding (billing 4), as tables."""

from typing import Any

import pytest

from tests.rules.billing.billing_questions import Question, Row, ask, case, check, shown, therapy

RATES = dict.fromkeys(("S9500", "S9501", "S9502", "S9503", "S9504", "S9494", "S9348", "S9375", "S9376", "S9379", "S9338"), 100)
RATES |= dict.fromkeys(("S9330", "S9364", "S9341"), 100)
SPAN = ("2026-03-02", "2026-03-06")
DAYS = "2026-03-02..2026-03-06"

# drug, dose amount, unit, units of five daily doses
UNITS: list[tuple[str, float, str, str]] = [
    ("ceftriaxone", 2, "g", "J0696 UN40"),
    ("vancomycin", 1, "g", "J3373 UN500"),
    ("vancomycin", 1250, "mg", "J3373 UN625"),
    ("daptomycin", 500, "mg", "J0878 UN2500"),
    ("ertapenem", 1000000, "mcg", "J1335 UN10"),
    ("cefoxitin", 2, "g", "J0694 UN10"),
    ("cefotetan", 2, "g", "J0525 UN1000"),
    ("ceftolozane-tazobactam", 1.5, "g", "J0695 UN100"),
    ("ceftazidime-avibactam", 2.5, "g", "J0714 UN20"),
    ("meropenem-vaborbactam", 4, "g", "J2186 UN1000"),
    ("imipenem-cilastatin", 500, "mg", "J0743 UN10"),
    ("piperacillin-tazobactam", 3.375, "g", "J2543 UN15"),
    ("piperacillin/tazobactam", 4.5, "g", "J2543 UN20"),
    ("ampicillin-sulbactam", 3, "g", "J0295 UN10"),
    ("nafcillin", 2, "g", "J2290 UN500"),
    ("oxacillin", 2, "g", "J2700 UN40"),
    ("oxacillin", 1.1, "g", "J2700 UN25"),
    ("penicillin g potassium", 4000000, "units", "J2540 UN35"),
    ("gentamicin", 100, "mg", "J1580 UN10"),
    ("tobramycin", 81, "mg", "J3260 UN10"),
    ("amphotericin b liposomal", 300, "mg", "J0289 UN150"),
    ("amphotericin b", 70, "mg", "J0285 UN7"),
    ("hydromorphone", 4, "mg", "J1171 UN200"),
    ("furosemide", 40, "mg", "J1938 UN200"),
    ("methylprednisolone", 125, "mg", "J2919 UN125"),
    ("methylprednisolone sodium succinate", 1, "g", "J2919 UN1000"),
    ("palonosetron", 0.25, "mg", "J2469 UN50"),
    ("famotidine", 20, "mg", "J1308 UN400"),
    ("filgrastim", 300, "mcg", "J1442 UN1500"),
    ("filgrastim", 0.3, "mg", "J1442 UN1500"),
    ("epoetin", 4000, "units", "J0885 UN20"),
    ("factor viii", 2000, "units", "J7192 UN10000"),
    ("hizentra", 10, "g", "J1559:JB UN500"),
    ("ivig", 30, "g", "J1599 UN300"),
    ("alteplase", 2, "mg", "J2997 UN10"),
    ("epinephrine", 0.3, "mg", "J0165 UN15"),
    ("diphenhydramine", 25, "mg", "J1200 UN5"),
    ("potassium chloride", 20, "meq", "J3480 UN50"),
    ("magnesium sulfate", 2, "g", "J3475 UN20"),
    ("lactated ringer's", 1200, "ml", "J7120 UN10"),
    ("dextrose 5%", 750, "ml", "J7070 UN5"),
    ("d5w", 501, "ml", "J7070 UN5"),
    ("normal saline", 100, "ml", "J7050 UN5"),
    # By its trimethoprim: a vial of 160 mg is 160 units, as the CMS crosswalk of January 2026 counts it.
    ("sulfamethoxazole-trimethoprim", 160, "mg", "J2865 UN800"),
    # What the CMS file has beside the table of billing 4.
    ("minocycline", 100, "mg", "J2265 UN500"),
    ("baclofen", 4000, "mcg", "J0475 UN2"),
    ("terbutaline", 0.25, "mg", "J3105 UN5"),
    ("pentamidine", 300, "mg", "S0080 UN5"),
    ("penicillin g sodium", 1000000, "units", "J3490 UN1"),
]


@pytest.mark.parametrize(("drug", "amount", "unit", "expected"), UNITS)
def test_units_of_five_daily_doses(drug: str, amount: float, unit: str, expected: str) -> None:
    order = therapy("A", drug, *SPAN, "other_infusion", dose_amount=amount, dose_unit=unit)
    assert shown(ask(case(order, rates=RATES))["drug_lines"]) == [f"{expected} {DAYS}"]


# drug, dose amount, unit, two days across the change, the lines
SUCCESSORS: list[tuple[str, float, str, str, str, list[str]]] = [
    ("vancomycin", 1, "g", "2025-06-30", "2025-07-01", ["J3370 UN2", "J3373 UN100"]),
    ("cefotetan", 1, "g", "2025-09-30", "2025-10-01", ["S0074 UN2", "J0525 UN100"]),
    ("cefiderocol", 2, "g", "2021-09-30", "2021-10-01", ["J0693 UN400", "J0699 UN200"]),
    ("nafcillin", 2, "g", "2024-12-31", "2025-01-01", ["S0032 UN1", "J2290 UN100"]),
    ("aztreonam", 1, "g", "2023-06-30", "2023-07-01", ["S0073 UN2", "J0457 UN10"]),
    ("doxycycline", 100, "mg", "2025-03-31", "2025-04-01", ["J3490 UN1", "J1271 UN100"]),
    ("clindamycin", 600, "mg", "2023-06-30", "2023-07-01", ["S0077 UN2", "J0736 UN2"]),
    ("metronidazole", 500, "mg", "2023-06-30", "2023-07-01", ["S0030 UN1", "J1836 UN50"]),
    ("sulfamethoxazole-trimethoprim", 10, "ml", "2025-03-31", "2025-03-31", ["S0039 UN1"]),
    ("rifampin", 600, "mg", "2025-03-31", "2025-04-01", ["J3490 UN1", "J2804 UN600"]),
    ("hydromorphone", 2, "mg", "2024-09-30", "2024-10-01", ["J1170 UN1", "J1171 UN20"]),
    ("furosemide", 30, "mg", "2025-03-31", "2025-04-01", ["J1940 UN2", "J1938 UN30"]),
    ("methylprednisolone", 125, "mg", "2024-03-31", "2024-04-01", ["J2920 UN4", "J2919 UN25"]),
    ("famotidine", 20, "mg", "2025-03-31", "2025-04-01", ["S0028 UN1", "J1308 UN80"]),
    ("pantoprazole", 40, "mg", "2024-06-30", "2024-07-01", ["S0164 UN1", "J2470 UN1"]),
    ("pegfilgrastim", 6, "mg", "2021-12-31", "2022-01-01", ["J2505 UN1", "J2506 UN12"]),
    ("epinephrine", 0.3, "mg", "2025-06-30", "2025-07-01", ["J0171 UN3", "J0165 UN3"]),
    ("eculizumab", 900, "mg", "2025-03-31", "2025-04-01", ["J1300 UN90", "J1299 UN450"]),
]


@pytest.mark.parametrize(("drug", "amount", "unit", "before", "after", "expected"), SUCCESSORS)
def test_successor_dates_are_exact(drug: str, amount: float, unit: str, before: str, after: str, expected: list[str]) -> None:
    """Billing 4: the line is cut where a code ends and the next begins."""
    order = therapy("A", drug, before, after, "other_infusion", dose_amount=amount, dose_unit=unit)
    found = ask(case(order, rates=RATES))
    dates = [before, after][: len(expected)]
    assert shown(found["drug_lines"]) == [f"{line} {day}..{day}" for line, day in zip(expected, dates, strict=True)]
    noc = [one["code"] for one in found["warnings"] if "J3490" in one["text"]]
    assert noc == (["description_required"] if expected[0].startswith("J3490") else [])


def drug(name: str, therapy_class: str = "anti_infective", **more: Any) -> Question:
    return therapy("A", name, more.pop("start", SPAN[0]), more.pop("stop", SPAN[1]), therapy_class, **more)


def asked(order: Question, **profile: Any) -> Question:
    return case(order, rates=RATES, profile=profile)


GRAM = {"dose_unit": "g"}
MG = {"dose_unit": "mg"}
MILRINONE = drug("milrinone", "inotrope", continuous=True, dose_amount=37.8, **MG)
PCN = drug("penicillin g potassium", continuous=True, dose_amount=24000000, dose_unit="units")
BOLUS = drug("penicillin g potassium", continuous=True, programmed_bolus_hours=4, dose_amount=4000000, dose_unit="units")
NAFCILLIN = drug("nafcillin", continuous=True, programmed_bolus_hours=4, dose_amount=0.035, **GRAM)

# case, question, lines, section
LINES: list[tuple[str, Question, list[str]]] = [
    ("no dose, no drug line", asked(drug("ertapenem")), []),
    ("a dose without a unit is no dose", asked(drug("ertapenem", dose_amount=1)), []),
    ("a dose of nothing", asked(drug("ertapenem", dose_amount=0, **GRAM)), []),
    ("a dose that does not convert", asked(drug("ertapenem", dose_amount=10, dose_unit="ml")), []),
    ("doses of a day unknown", asked(drug("ertapenem", interval_hours=None, dose_amount=1, **GRAM)), []),
    ("no interval", asked(drug("ertapenem", interval_hours=0, dose_amount=1, **GRAM)), []),
    ("no bolus interval", asked({**BOLUS, "programmed_bolus_hours": 0}), []),
    ("no doses per day", asked(drug("ertapenem", doses_per_day=0, dose_amount=1, **GRAM)), []),
    ("drugs by the pharmacy claim", asked(drug("ertapenem", dose_amount=1, **GRAM), drug_billing="ncpdp"), []),
    ("drugs by nobody", asked(drug("ertapenem", dose_amount=1, **GRAM), drug_billing="none"), []),
    ("doses per day as ordered", asked(drug("ertapenem", doses_per_day=2, dose_amount=1, **GRAM)), [f"J1335 UN20 {DAYS}"]),
    (
        "every 16 h: one and a half doses a day",
        asked(drug("ertapenem", interval_hours=16, dose_amount=1, **GRAM)),
        [f"J1335 UN15 {DAYS}"],
    ),
    (
        "every 18 h: three days have exactly four doses",
        asked(drug("ertapenem", interval_hours=18, stop="2026-03-04", dose_amount=1, **GRAM)),
        ["J1335 UN8 2026-03-02..2026-03-04"],
    ),
    (
        "every 48 h: the last dose day ends the line",
        asked(drug("ertapenem", interval_hours=48, stop="2026-03-07", dose_amount=1, **GRAM)),
        [f"J1335 UN6 {DAYS}"],
    ),
    ("rounded once for the line", asked(drug("amphotericin b", dose_amount=70, **MG)), [f"J0285 UN7 {DAYS}"]),
    ("rounded for each dose", asked(drug("amphotericin b", dose_amount=70, **MG), drug_rounding="dose"), [f"J0285 UN10 {DAYS}"]),
    (
        "rounded for each preparation, one a dose",
        asked(drug("amphotericin b", dose_amount=70, **MG), drug_rounding="preparation"),
        [f"J0285 UN10 {DAYS}"],
    ),
    (
        "rounded for each of two cassettes",
        asked(drug("amphotericin b", dose_amount=70, containers=2, **MG), drug_rounding="preparation"),
        [f"J0285 UN8 {DAYS}"],
    ),
    ("upto rounds for each dose whatever the payer says", asked(drug("gentamicin", dose_amount=100, **MG)), [f"J1580 UN10 {DAYS}"]),
    ("upto, every 8 h", asked(drug("gentamicin", interval_hours=8, dose_amount=100, **MG)), [f"J1580 UN30 {DAYS}"]),
    ("upto, continuous: the dose is the bag of the day", asked(PCN), [f"J2540 UN200 {DAYS}"]),
    ("upto, continuous, ten bags of 12 million", asked({**PCN, "containers": 10}), [f"J2540 UN200 {DAYS}"]),
    (
        "upto, continuous, bags of 48 h",
        asked({**PCN, "stop": "2026-03-05", "dose_amount": 1000000, "containers": 2}),
        ["J2540 UN8 2026-03-02..2026-03-05"],
    ),
    ("upto, programmed boluses: the dose is the bolus", asked(BOLUS), [f"J2540 UN210 {DAYS}"]),
    ("upto, boluses, whatever the bags", asked({**BOLUS, "containers": 5}), [f"J2540 UN210 {DAYS}"]),
    (
        "continuous, rounded for each dose, which is the bag",
        asked({**MILRINONE, "containers": 5}, drug_rounding="dose"),
        [f"J2260 UN40 {DAYS}"],
    ),
    ("continuous, no count of bags: one a day", asked(MILRINONE, drug_rounding="dose"), [f"J2260 UN40 {DAYS}"]),
    ("continuous, rounded for the line", asked(MILRINONE), [f"J2260 UN38 {DAYS}"]),
    ("boluses rounded for the bag of the day", asked(NAFCILLIN, drug_rounding="preparation"), [f"J2290 UN55 {DAYS}"]),
    ("boluses rounded for each bolus", asked(NAFCILLIN, drug_rounding="dose"), [f"J2290 UN60 {DAYS}"]),
    ("boluses rounded for the line", asked(NAFCILLIN), [f"J2290 UN53 {DAYS}"]),
    ("boluses in two cassettes", asked({**NAFCILLIN, "containers": 2}, drug_rounding="preparation"), [f"J2290 UN54 {DAYS}"]),
    ("wastage modifiers", asked(drug("ertapenem", dose_amount=1, **GRAM), wastage_modifiers="jw_jz"), [f"J1335:JZ UN10 {DAYS}"]),
    (
        "JB, then JZ",
        asked(drug("hizentra", "immune_globulin", dose_amount=10, **GRAM), wastage_modifiers="jw_jz"),
        [f"J1559:JB:JZ UN500 {DAYS}"],
    ),
    ("a drug without a code", asked(drug("zztestomycin", dose_amount=1, **GRAM)), [f"J3490 UN1 {DAYS}"]),
    ("a biologic without a code", asked(drug("zztestimab", "immune_globulin", dose_amount=1, **GRAM)), [f"J3590 UN1 {DAYS}"]),
    (
        "a cancer drug without a code",
        asked(drug("zztestuzumab", "chemotherapy", delivery="continuous", dose_amount=1, **GRAM)),
        [f"J9999 UN1 {DAYS}"],
    ),
    ("the standard formula is inside", asked(drug("tpn", "tpn", dose_amount=1, **GRAM)), []),
    ("a feed is no drug", asked(drug("zztest feed", "enteral", enteral_method="gravity", dose_amount=1, dose_unit="ml")), []),
    (
        "an unlisted solution",
        asked(drug("zztest 0.45%", "hydration", volume_l=1.5, dose_amount=1500, dose_unit="ml")),
        [f"J3490 UN1 {DAYS}"],
    ),
    (
        "an unlisted solution inside the per diem",
        asked(drug("zztest 0.45%", "hydration", volume_l=1.5, dose_amount=1500, dose_unit="ml"), solutions_in_per_diem=True),
        [],
    ),
    (
        "solutions inside the per diem, with an exception of the payer",
        asked(
            drug("ns", "hydration", volume_l=1.5, dose_amount=1500, dose_unit="ml"),
            solutions_in_per_diem=True,
            paid_beside_per_diem=["J7040", "A4222"],
        ),
        [f"J7040 UN5 {DAYS}"],
    ),
    (
        "a solution in three sizes of bags",
        asked(drug("ns", "hydration", volume_l=2.7, dose_amount=2700, dose_unit="ml")),
        [f"J7030 UN10 {DAYS}", f"J7040 UN5 {DAYS}", f"J7050 UN5 {DAYS}"],
    ),
    ("a solution in grams is not counted", asked(drug("ns", "hydration", volume_l=1.5, dose_amount=9, **GRAM)), []),
    (
        "each dispensing is a line",
        asked(
            drug(
                "amphotericin b",
                dose_amount=70,
                dispenses=[{"date": "2026-03-05", "doses": 2}, {"date": "2026-03-01", "doses": 3}],
                **MG,
            ),
            drug_dos="dispense_date",
        ),
        ["J0285 UN5 2026-03-01..2026-03-01", "J0285 UN3 2026-03-05..2026-03-05"],
    ),
    (
        "two dispensings of one day are two lines",
        asked(
            drug(
                "ertapenem",
                dose_amount=1,
                dispenses=[{"date": "2026-03-02", "doses": 1}, {"date": "2026-03-02", "doses": 2}],
                **GRAM,
            ),
            drug_dos="dispense_date",
        ),
        ["J1335 UN2 2026-03-02..2026-03-02", "J1335 UN4 2026-03-02..2026-03-02"],
    ),
    (
        "a dispensing has the code of its date",
        asked(
            drug(
                "vancomycin",
                start="2025-06-30",
                stop="2025-07-10",
                dose_amount=1,
                dispenses=[{"date": "2025-06-30", "doses": 3}, {"date": "2025-07-01", "doses": 8}],
                **GRAM,
            ),
            drug_dos="dispense_date",
        ),
        ["J3370 UN6 2025-06-30..2025-06-30", "J3373 UN800 2025-07-01..2025-07-01"],
    ),
    ("no dispensing, no line", asked(drug("ertapenem", dose_amount=1, **GRAM), drug_dos="dispense_date"), []),
    (
        "bags are shared out over the dispensings",
        asked(
            {**MILRINONE, "containers": 3, "dispenses": [{"date": "2026-03-01", "doses": 2}, {"date": "2026-03-04", "doses": 3}]},
            drug_dos="dispense_date",
            drug_rounding="preparation",
        ),
        ["J2260 UN26 2026-03-01..2026-03-01", "J2260 UN13 2026-03-04..2026-03-04"],
    ),
]


@pytest.mark.parametrize(("why", "question", "expected"), LINES, ids=[row[0] for row in LINES])
def test_drug_lines(why: str, question: Question, expected: list[str]) -> None:
    found = ask(question)
    assert shown(found["drug_lines"]) == expected, why
    assert found["because"]


def test_order_of_drug_lines_is_first_day_then_code() -> None:
    late = therapy("A", "ampicillin", "2026-03-03", "2026-03-04", dose_amount=1, dose_unit="g")
    early = therapy("B", "ertapenem", "2026-03-02", "2026-03-04", dose_amount=1, dose_unit="g")
    same = therapy("C", "cefazolin", "2026-03-02", "2026-03-04", dose_amount=1, dose_unit="g")
    lines = shown(ask(case(late, early, same, rates=RATES))["drug_lines"])
    assert [line.split()[0] for line in lines] == ["J0690", "J1335", "J0290"]


def test_what_could_not_be_counted_is_said() -> None:
    """A dose in mL of a drug that is counted in mg: no line, and a sentence for it."""
    found = ask(asked(drug("ertapenem", dose_amount=10, dose_unit="ml")))
    assert any("cannot be counted in the unit of J1335" in sentence for sentence in found["because"])
    unknown = ask(asked(drug("ertapenem", interval_hours=None, dose_amount=1, **GRAM)))
    assert any("the doses of a day are unknown" in sentence for sentence in unknown["because"])


def test_what_opens_a_catheter_has_a_drug_line_and_its_supplies_are_named() -> None:
    """Billing 1.1: S5517 is the supplies only, J2997 stands separate; billing 4: a declot of 2 mg is 2 units."""
    found = ask(asked(drug("alteplase", "flush", stop=SPAN[0], dose_amount=2, **MG)))
    assert (shown(found["lines"]), shown(found["drug_lines"])) == ([], [f"J2997 UN2 {SPAN[0]}..{SPAN[0]}"])
    assert any("S5517" in sentence for sentence in found["because"])


@pytest.mark.parametrize(
    ("name", "therapy_class", "why"),
    [
        ("heparin", "flush", "inside the per diem"),
        ("heparin flush", "anticoagulant_injection", "inside the per diem"),
        ("sodium chloride 0.9%", "flush", "inside the per diem"),
        ("epinephrine", "flush", "a person bills what was given"),
        ("diphenhydramine", "flush", "a person bills what was given"),
        ("pentamidine", "aerosol", "an inhaled drug has its own"),
    ],
)
def test_a_drug_that_is_left_off_the_drug_lines_says_why(name: str, therapy_class: str, why: str) -> None:
    found = ask(asked(drug(name, therapy_class, dose_amount=300, **MG)))
    assert found["drug_lines"] == []
    assert [why in sentence for sentence in found["because"] if f"A ({name}): no drug line" in sentence] == [True]


def test_noc_code_warns_of_description() -> None:
    row = Row(
        "NOC",
        asked(drug("zztestomycin", dose_amount=1, **GRAM)),
        [f"S9500 UN5 {DAYS}"],
        "billing 4",
        warnings=["description_required A"],
    )
    check(row)

"""The analyte table of clinical 3.1 as a table of cases: result, facts, level, why."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from infusiondesk.labs.exchange.reference import own_tables
from infusiondesk.labs.rules import Facts, Finding, Goal, LabResult, Level, baselines, judge

TABLES = own_tables()
NOON = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
NORMAL, FLAG, RED, CRITICAL, NOT = Level.NORMAL, Level.FLAG, Level.RED, Level.CRITICAL, Level.NOT_EVALUATED


def result(analyte: str, value: str, unit: str | None = "", hours_ago: float = 0) -> LabResult:
    """A numeric result, in the analyte's own unit where none is given."""
    own = TABLES.analytes[analyte].unit if unit == "" else unit
    return LabResult(analyte, Decimal(value), own, NOON - timedelta(hours=hours_ago))


def baseline(**values: str) -> Facts:
    return Facts(baseline={analyte: Decimal(value) for analyte, value in values.items()})


def uln(**values: str) -> Facts:
    return Facts(upper_limits={analyte: Decimal(value) for analyte, value in values.items()})


def on(*protocols: str) -> Facts:
    return Facts(protocols=frozenset(protocols))


def newest(*results: LabResult, facts: Facts = Facts(), now: datetime | None = None) -> Finding:  # noqa: B008 a frozen value
    findings = judge(results, facts, TABLES, now=now).findings
    return next(finding for finding in findings if finding.analyte == results[0].analyte)


# Limits written with < and > exclude the number, those with >= include it (clinical 3.1, "Reading the table").
ABSOLUTE = """
creatinine 3.9 normal | creatinine 4.0 critical
bun 40 normal | bun 40.1 flag | bun 100 flag | bun 101 critical
egfr 60 normal | egfr 59 flag | egfr 15 flag | egfr 14 critical
sodium 132 normal | sodium 148 normal | sodium 131 flag | sodium 149 flag | sodium 120 flag
sodium 119 critical | sodium 160 flag | sodium 161 critical
potassium 3.5 normal | potassium 5.3 normal | potassium 3.4 flag | potassium 5.4 flag | potassium 2.8 flag
potassium 2.7 critical | potassium 6.2 flag | potassium 6.3 critical
co2 18 normal | co2 34 normal | co2 17 flag | co2 35 flag | co2 9 critical | co2 41 critical
glucose 70 normal | glucose 200 normal | glucose 400 flag | glucose 401 critical | glucose 69 flag
glucose 50 flag | glucose 49 critical
calcium 8.4 normal | calcium 10.5 normal | calcium 8.3 flag | calcium 10.6 flag | calcium 6.4 critical
calcium 13.1 critical
magnesium 1.6 normal | magnesium 2.6 normal | magnesium 1.5 flag | magnesium 2.7 flag | magnesium 0.9 critical
magnesium 4.8 critical
phosphorus 2.5 normal | phosphorus 4.8 normal | phosphorus 2.4 flag | phosphorus 4.9 flag
phosphorus 0.9 critical | phosphorus 9 critical
albumin 3.0 normal | albumin 2.9 flag
prealbumin 15 normal | prealbumin 14 flag
total_bilirubin 2 normal | total_bilirubin 2.1 flag | total_bilirubin 5 flag | total_bilirubin 5.1 critical
direct_bilirubin 6 critical
triglycerides 400 normal | triglycerides 401 flag | triglycerides 1000 flag | triglycerides 1001 critical
wbc 3.0 normal | wbc 15 normal | wbc 2.9 flag | wbc 15.1 flag | wbc 1.4 critical | wbc 31 critical
anc 1.5 normal | anc 1.4 flag | anc 1.0 flag | anc 0.9 red | anc 0.5 red | anc 0.4 critical
eosinophils 0.5 normal | eosinophils 0.6 flag | eosinophils 1.5 flag | eosinophils 1.6 red
hemoglobin 10 normal | hemoglobin 9.9 flag | hemoglobin 7 flag | hemoglobin 6.9 critical
platelets 100 normal | platelets 99 flag | platelets 30 flag | platelets 29 critical
ck 1001 red | ck 1999 red | ck 2000 critical
vancomycin_trough 10 normal | vancomycin_trough 20 normal | vancomycin_trough 9.9 flag
vancomycin_trough 20.1 flag | vancomycin_trough 25 flag | vancomycin_trough 25.1 critical
vancomycin_auc 400 normal | vancomycin_auc 600 normal | vancomycin_auc 399 flag | vancomycin_auc 601 flag
vancomycin_auc 700 flag | vancomycin_auc 701 critical
gentamicin_trough 1 normal | gentamicin_trough 1.1 flag | gentamicin_trough 2 flag
gentamicin_trough 2.1 critical
tobramycin_trough 1 normal | tobramycin_trough 1.1 flag | tobramycin_trough 2.1 critical
amikacin_trough 8 normal | amikacin_trough 8.1 flag | amikacin_trough 10 flag | amikacin_trough 10.1 critical
inr 4 normal | inr 4.1 flag | inr 5 flag | inr 5.1 critical
factor_viii_inhibitor 0.5 normal | factor_viii_inhibitor 0.6 critical
alpha1_antitrypsin 57 normal | alpha1_antitrypsin 56 flag
"""


@pytest.mark.parametrize("case", [case.strip() for line in ABSOLUTE.strip().splitlines() for case in line.split("|")])
def test_absolute_limits(case: str) -> None:
    analyte, value, level = case.split()

    finding = newest(result(analyte, value))

    assert finding.level == Level(level), finding.because
    assert finding.sources == ("clinical 3.1",)


@dataclass(frozen=True)
class Case:
    """Results (the first analyte is judged), facts, and what is expected."""

    name: str
    results: tuple[LabResult, ...]
    level: Level
    because: str
    facts: Facts = field(default_factory=Facts)


CASES = [
    # creatinine: rise, ratio, protocols
    Case(
        "1.5 x baseline counts",
        (result("creatinine", "1.35"),),
        FLAG,
        "1.5 x baseline 0.9; flag from 1.5 x",
        baseline(creatinine="0.9"),
    ),
    Case("under 1.5 x does not", (result("creatinine", "1.34"),), NORMAL, "no limit is passed", baseline(creatinine="0.9")),
    Case("2 x baseline is critical", (result("creatinine", "1.8"),), CRITICAL, "2 x baseline 0.9", baseline(creatinine="0.9")),
    Case(
        "exactly 0.3 in 48 h counts",
        (result("creatinine", "1.3"), result("creatinine", "1.0", hours_ago=48)),
        FLAG,
        "up 0.3 from 1 of 2026-03-07 12:00; flag from 0.3 within 48 h",
    ),
    Case("0.3 in more than 48 h does not", (result("creatinine", "1.3"), result("creatinine", "1.0", hours_ago=48.1)), NORMAL, ""),
    Case(
        "every earlier result of the 48 h is compared, not only the last",
        (result("creatinine", "1.3"), result("creatinine", "1.25", hours_ago=2), result("creatinine", "1.0", hours_ago=40)),
        FLAG,
        "up 0.3 from 1",
    ),
    Case(
        "0.3 counts exactly after two conversions that do not end",
        (result("creatinine", "126.52", "umol/L"), result("creatinine", "100", "umol/L", 24)),
        FLAG,
        "up 0.3 from 1.131",
    ),
    Case(
        "0.3 over baseline on vancomycin, whenever",
        (result("creatinine", "1.2"),),
        FLAG,
        "0.3 over baseline 0.9; flag from 0.3 over it on L-AG or L-AMB or L-IG or L-TLV or L-VAN",
        replace(baseline(creatinine="0.9"), protocols=frozenset({"L-VAN"})),
    ),
    Case(
        "0.3 over baseline means nothing on daptomycin",
        (result("creatinine", "1.2"),),
        NORMAL,
        "",
        replace(baseline(creatinine="0.9"), protocols=frozenset({"L-DAP"})),
    ),
    Case("above 2.5 on amphotericin", (result("creatinine", "2.6"),), FLAG, "flag above 2.5 on L-AMB", on("L-AMB")),
    Case("new anuria is critical", (result("creatinine", "1.0"),), CRITICAL, "critical with new anuria", Facts(new_anuria=True)),
    Case(
        "a baseline of zero is none",
        (result("creatinine", "1.0"),),
        NORMAL,
        "not judged without a baseline",
        baseline(creatinine="0"),
    ),
    # multiples of the laboratory's upper limit
    Case("liver needs the limit", (result("alt", "500"),), NOT, "not judged without the laboratory's upper limit of normal"),
    Case("3 x ULN is normal", (result("alt", "120"),), NORMAL, "", uln(alt="40")),
    Case("above 3 x is a flag", (result("alt", "121"),), FLAG, "3.02 x ULN 40; flag above 3 x", uln(alt="40")),
    Case("5 x is a flag", (result("ast", "200"),), FLAG, "5 x ULN 40", uln(ast="40")),
    Case("above 5 x is critical", (result("alp", "601"),), CRITICAL, "5.01 x ULN 120", uln(alp="120")),
    Case(
        "3 x with symptoms is critical",
        (result("alt", "121"),),
        CRITICAL,
        "critical above 3 x with liver symptoms",
        replace(uln(alt="40"), liver_symptoms=True),
    ),
    Case(
        "3 x with bilirubin above 2 is critical",
        (result("alt", "121"), result("total_bilirubin", "35", "umol/L")),
        CRITICAL,
        "with total bilirubin above 2",
        uln(alt="40"),
    ),
    Case("bilirubin of 2 changes nothing", (result("alt", "121"), result("total_bilirubin", "2")), FLAG, "", uln(alt="40")),
    Case("GGT has no critical", (result("ggt", "700"),), FLAG, "flag above 3 x", uln(ggt="50")),
    Case("a limit of zero is none", (result("ggt", "700"),), NOT, "not judged without", uln(ggt="0")),
    Case("CK without its limit is not normal", (result("ck", "500"),), NOT, "not judged without"),
    Case("CK above its limit", (result("ck", "201"),), FLAG, "1 x ULN 200", uln(ck="200")),
    Case("CK at its limit", (result("ck", "200"),), NORMAL, "", uln(ck="200")),
    Case(
        "CK above 1000 with symptoms on daptomycin",
        (result("ck", "1001"),),
        CRITICAL,
        "critical above 1000 on L-DAP with muscle symptoms",
        replace(on("L-DAP"), muscle_symptoms=True),
    ),
    Case(
        "CK above 1000 with symptoms on something else",
        (result("ck", "1001"),),
        RED,
        "",
        replace(on("L-VAN"), muscle_symptoms=True),
    ),
    Case("CK above 1000 on daptomycin without symptoms", (result("ck", "1001"),), RED, "red above 1000", on("L-DAP")),
    # bilirubin: critical when new
    Case("bilirubin above 5 from the start", (result("total_bilirubin", "6"),), FLAG, "", baseline(total_bilirubin="5.5")),
    Case(
        "bilirubin above 5 is new", (result("total_bilirubin", "6"),), CRITICAL, "above 5 when new", baseline(total_bilirubin="5")
    ),
    # falls
    Case("hemoglobin down 2", (result("hemoglobin", "10.5"),), FLAG, "down 2 from baseline 12.5", baseline(hemoglobin="12.5")),
    Case(
        "hemoglobin falls from the first result where there is no baseline",
        (result("hemoglobin", "10.5"), result("hemoglobin", "11.9", hours_ago=24), result("hemoglobin", "12.5", hours_ago=300)),
        FLAG,
        "from the first result 12.5",
    ),
    Case(
        "platelets down 30%",
        (result("platelets", "140"),),
        FLAG,
        "down 30% from baseline 200; flag from 30%",
        baseline(platelets="200"),
    ),
    Case("platelets down 29.5%", (result("platelets", "141"),), NORMAL, "", baseline(platelets="200")),
    Case(
        "platelets down a quarter on linezolid",
        (result("platelets", "150"),),
        FLAG,
        "down 25% from baseline 200; flag from 25% on L-LZD",
        replace(baseline(platelets="200"), protocols=frozenset({"L-LZD"})),
    ),
    Case(
        "platelets halved on heparin",
        (result("platelets", "100"),),
        CRITICAL,
        "critical from 50% on heparin",
        replace(baseline(platelets="200"), on_heparin=True),
    ),
    Case("platelets halved without heparin", (result("platelets", "100"),), FLAG, "down 50%", baseline(platelets="200")),
    # rises and rows
    Case("NT-proBNP up 30%", (result("nt_probnp", "1300"),), FLAG, "up 30% from baseline 1000", baseline(nt_probnp="1000")),
    Case("NT-proBNP alone says nothing", (result("nt_probnp", "1300"),), NOT, "not judged without a baseline or an earlier result"),
    Case("a share of nothing is none", (result("nt_probnp", "5"), result("nt_probnp", "0", hours_ago=9)), NOT, "not judged"),
    Case(
        "CRP counts from the result before",
        (result("crp", "26"), result("crp", "20", hours_ago=24), result("crp", "50", hours_ago=48)),
        FLAG,
        "up 30% from the result before, 20; flag above 25%",
    ),
    Case("CRP alone says nothing", (result("crp", "2", "mg/dL"),), NOT, "not judged without"),
    Case(
        "glucose above 180 twice on parenteral nutrition",
        (result("glucose", "190"), result("glucose", "181", hours_ago=12)),
        FLAG,
        "181 and 190 in a row; flag above 180 on L-PN",
        on("L-PN"),
    ),
    Case("glucose above 180 once", (result("glucose", "190"), result("glucose", "180", hours_ago=12)), NORMAL, "", on("L-PN")),
    Case("glucose above 180, the first value", (result("glucose", "190"),), NORMAL, "", on("L-PN")),
    Case("potassium under 4 on an inotrope", (result("potassium", "3.9"),), FLAG, "flag below 4 on L-INO", on("L-INO")),
    # aminoglycoside schedules
    Case(
        "conventional gentamicin 2.5",
        (result("gentamicin_trough", "2.5"),),
        FLAG,
        "flag above 2 for conventional intervals",
        Facts(aminoglycoside_interval="conventional"),
    ),
    Case(
        "conventional gentamicin 1.5",
        (result("gentamicin_trough", "1.5"),),
        NORMAL,
        "",
        Facts(aminoglycoside_interval="conventional"),
    ),
    Case("unknown schedule: the stricter", (result("gentamicin_trough", "2.5"),), CRITICAL, "while the schedule is unknown"),
    # goals of the patient
    Case("IgG without a goal", (result("igg", "600"),), NOT, "not judged without a goal for this patient: flag outside"),
    Case(
        "IgG under the goal",
        (result("igg", "600"),),
        FLAG,
        "600 is below the patient's goal of 700",
        Facts(goals={"igg": Goal(low=Decimal(700))}),
    ),
    Case(
        "a peak over the goal",
        (result("gentamicin_peak", "21"),),
        FLAG,
        "21 is above the patient's goal of 20",
        Facts(goals={"gentamicin_peak": Goal(Decimal(15), Decimal(20))}),
    ),
    Case(
        "a peak in the goal",
        (result("gentamicin_peak", "18"),),
        NORMAL,
        "no limit is passed",
        Facts(goals={"gentamicin_peak": Goal(Decimal(15), Decimal(20))}),
    ),
    # no limit at all
    Case(
        "chloride has no limit",
        (result("chloride", "101"),),
        NOT,
        "no limit is set for Chloride: the laboratory's own range decides",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_relative_limits(case: Case) -> None:
    finding = newest(*case.results, facts=case.facts)

    assert finding.level is case.level, finding.because
    assert case.because in finding.because


# value as it came -> value in the unit of the table (clinical 3.1, conversions and checks).
CONVERSIONS: Mapping[tuple[str, str, str], str] = {
    ("creatinine", "150", "umol/L"): "1.697",
    ("creatinine", "150", "µmol/L"): "1.697",
    ("creatinine", "88.4", "mcmol/l"): "1",
    ("bun", "10", "mmol/L"): "28.01",
    ("glucose", "8.0", "mmol/L"): "144.128",
    ("sodium", "140", "mEq/L"): "140",
    ("potassium", "4", "meq/l"): "4",
    ("chloride", "100", "mEq/L"): "100",
    ("co2", "24", "mEq/L"): "24",
    ("calcium", "2.4", "mmol/L"): "9.6192",
    ("calcium", "4.8", "mEq/L"): "9.6192",
    ("magnesium", "0.9", "mmol/L"): "2.18745",
    ("magnesium", "1.8", "mEq/L"): "2.18754",
    ("phosphorus", "1.2", "mmol/L"): "3.7164",
    ("total_bilirubin", "34.2", "umol/L"): "2",
    ("triglycerides", "2", "mmol/L"): "177.14",
    ("albumin", "38", "g/L"): "3.8",
    ("hemoglobin", "134", "g/L"): "13.4",
    ("wbc", "5200", "cells/uL"): "5.2",
    ("wbc", "5.2", "10*9/L"): "5.2",
    ("platelets", "221", "giga.l-1"): "221",
    ("platelets", "221", "x10^3/mcL"): "221",
    ("platelets", "221000", "/mm3"): "221",
    ("anc", "900", "{cells}/uL"): "0.9",
    ("eosinophils", "0.7", "K/uL"): "0.7",
    ("crp", "2", "mg/dL"): "20",
    ("vancomycin_trough", "15", "ug/mL"): "15",
    ("amikacin_trough", "4", "mcg/mL"): "4",
    ("vancomycin_auc", "500", "mg·h/L"): "500",
    ("egfr", "55", "mL/min/{1.73_m2}"): "55",
    ("alt", "30", "IU/L"): "30",
    ("inr", "2", "{INR}"): "2",
}


@pytest.mark.parametrize(("given", "value"), CONVERSIONS.items(), ids=str)
def test_every_conversion(given: tuple[str, str, str], value: str) -> None:
    analyte, amount, unit = given

    finding = newest(LabResult(analyte, Decimal(amount), unit, NOON))

    assert isinstance(finding.value, Decimal)
    assert round(finding.value, 10) == Decimal(value) or round(finding.value, 3) == Decimal(value)
    assert finding.unit == TABLES.analytes[analyte].unit


def test_the_conversion_is_kept_with_the_result() -> None:
    assert newest(result("creatinine", "150", "umol/L")).converted_by == "150 umol/L / 88.4 = 1.697 mg/dL"
    assert newest(result("creatinine", "1.7")).converted_by == ""


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "because"),
    [
        ("hemoglobin", "13.4", "g/l-1", "unit g/l-1 is not understood for Hemoglobin; understood: g/dL, g/L"),
        ("hemoglobin", "12.5", "g/mL", "unit g/mL is not understood"),
        ("wbc", "8", "g/L", "unit g/L is not understood"),
        ("creatinine", "1", "mmol/L", "unit mmol/L is not understood"),
        ("potassium", "4", "", "unit empty is not understood"),
        ("potassium", "4", None, "the unit is not stated; understood: mmol/L, mEq/L"),
        ("inr", "4", "mg/dL", "it has no unit"),
        ("potassium", "-1", "mmol/L", "not a value of a laboratory: -1"),
        ("potassium", "1e400", "mmol/L", "not a value of a laboratory"),
        ("potassium", "1e-400", "mmol/L", "not a value of a laboratory"),
        ("potassium", "NaN", "mmol/L", "not a value of a laboratory"),
    ],
)
def test_a_value_that_cannot_be_read_is_never_normal(analyte: str, value: str, unit: str | None, because: str) -> None:
    finding = newest(LabResult(analyte, Decimal(value), unit, NOON))

    assert finding.level is NOT
    assert because in finding.because
    assert finding.unit == unit


def test_a_pure_number_needs_no_unit() -> None:
    assert newest(LabResult("inr", Decimal("4.1"), None, NOON)).level is FLAG


POTASSIUM = result("potassium", "4")


@pytest.mark.parametrize(
    ("odd", "because"),
    [
        (replace(POTASSIUM, value="haemolysed"), "text in place of a number: haemolysed"),
        (replace(POTASSIUM, value=" "), "text in place of a number: empty"),
        (replace(POTASSIUM, value=None), "no value was sent"),
        (replace(POTASSIUM, value=None, status="I"), "no value: pending"),
        (replace(POTASSIUM, status="X"), "the laboratory cannot give a result"),
        (replace(POTASSIUM, collected_at=None), "no readable time of collection"),
        (
            replace(POTASSIUM, collected_at=NOON + timedelta(minutes=1)),
            "dated in the future: 2026-03-09 12:01 is after 2026-03-09 12:00",
        ),
        (replace(POTASSIUM, analyte="hematocrit"), "hematocrit is not in the analyte table"),
    ],
)
def test_what_a_person_must_file(odd: LabResult, because: str) -> None:
    finding = newest(odd, now=NOON)

    assert finding.level is NOT
    assert because in finding.because
    assert finding.value == odd.value


def test_a_result_of_this_minute_is_not_in_the_future() -> None:
    assert newest(result("potassium", "4"), now=NOON).level is NORMAL


def test_a_preliminary_result_says_so() -> None:
    assert newest(replace(result("potassium", "2"), status="P")).because.endswith("(preliminary)")


CULTURES = {
    "positive": CRITICAL,
    "Positive: gram positive cocci in clusters": CRITICAL,
    "gram-negative rods": CRITICAL,
    "growth of S. aureus": CRITICAL,
    "negative": NORMAL,
    "No growth": NORMAL,
    "no growth to date": NORMAL,
    "no growth after 5 days.": NORMAL,
    "no growth of anaerobes, S. aureus": NOT,
    "contaminated": NOT,
    "": NOT,
}


@pytest.mark.parametrize(("words", "level"), CULTURES.items())
def test_a_positive_culture_is_critical_always(words: str, level: Level) -> None:
    assert newest(LabResult("blood_culture", words, None, NOON)).level is level


def test_other_words_and_numbers_of_tests_that_answer_in_words() -> None:
    assert newest(LabResult("hbsag", "Reactive", None, NOON)).level is FLAG
    assert newest(LabResult("blood_culture", Decimal(1), None, NOON)).because == "a number in place of text: 1"
    assert newest(LabResult("blood_culture", Decimal("1e90"), None, NOON)).because == "a number in place of text"


# The analyser says only "less" or "more": the worst case counts.
@pytest.mark.parametrize(
    ("analyte", "comparator", "value", "level"),
    [
        ("vancomycin_trough", "<", "4", FLAG),
        ("vancomycin_trough", ">", "50", CRITICAL),
        ("egfr", ">", "60", NORMAL),
        ("egfr", ">=", "90", NORMAL),
        ("glucose", ">", "600", CRITICAL),
        ("creatinine", "<", "0.2", NORMAL),
        ("platelets", "<", "5", CRITICAL),
        ("triglycerides", "<", "50", NORMAL),
    ],
)
def test_values_beyond_the_analyser(analyte: str, comparator: str, value: str, level: Level) -> None:
    finding = newest(replace(result(analyte, value), comparator=comparator))

    assert finding.level is level
    assert ("cannot be excluded" in finding.because) == (level is not NORMAL)


def test_a_fall_cannot_be_excluded_under_the_lowest_reading() -> None:
    finding = newest(replace(result("hemoglobin", "11"), comparator="<"), facts=baseline(hemoglobin="12"))

    assert finding.level is CRITICAL


class TestNewestAndLive:
    """One finding an analyte, from its newest live result."""

    def test_the_newest_counts_wherever_it_stands(self) -> None:
        assert newest(result("potassium", "2.0", hours_ago=5), result("potassium", "4.0")).level is NORMAL
        assert newest(result("potassium", "4.0"), result("potassium", "2.0", hours_ago=5)).level is NORMAL

    def test_of_the_same_time_the_later_counts(self) -> None:
        assert newest(result("potassium", "4.0"), result("potassium", "2.0")).level is CRITICAL

    def test_one_without_a_time_does_not_hide(self) -> None:
        timeless = replace(result("potassium", "2.0"), collected_at=None)

        assert newest(result("potassium", "4"), timeless).level is NOT
        assert newest(timeless, result("potassium", "4")).level is NOT

    def test_a_correction_replaces_and_forces_a_review(self) -> None:
        first = replace(result("potassium", "6.9"), id="a")
        second = replace(result("potassium", "4.1"), id="b", corrects="a")

        judgement = judge([second, first], Facts(), TABLES)

        assert [(finding.level, finding.value) for finding in judgement.findings] == [(NORMAL, Decimal("4.1"))]
        assert judgement.review_again
        assert not judge([first], Facts(), TABLES).review_again

    def test_a_corrected_result_leaves_the_trend(self) -> None:
        """The first platelets were wrong: the fall counts from the corrected ones."""
        first = replace(result("platelets", "400", hours_ago=100), id="a")
        second = replace(result("platelets", "210", hours_ago=100), id="b", corrects="a")

        assert newest(result("platelets", "200"), first, second).level is NORMAL

    def test_of_two_corrections_the_later_stands_and_chains_hold(self) -> None:
        first = replace(result("potassium", "6.9"), id="a")
        second = replace(result("potassium", "2.0"), id="b", corrects="a")
        third = replace(result("potassium", "4.0"), id="c", corrects="a")
        fourth = replace(result("potassium", "6.0"), id="d", corrects="c")

        assert newest(first, second, third).level is NORMAL
        assert newest(first, second, third, fourth).level is FLAG

    def test_an_unreadable_earlier_result_is_no_past(self) -> None:
        earlier = result("creatinine", "1.0", "g/l-1", 24)

        assert newest(result("creatinine", "1.3"), earlier).level is NORMAL

    def test_each_analyte_has_its_own_finding(self) -> None:
        findings = judge([result("potassium", "4"), result("sodium", "110")], Facts(), TABLES).findings

        assert [(finding.analyte, finding.is_critical) for finding in findings] == [("potassium", False), ("sodium", True)]


class TestTheLaboratory:
    """The performing laboratory's flags and range are heard and never lowered."""

    @staticmethod
    def judged(analyte: str, value: str, flags: str = "", sent_range: str = "", unit: str | None = "") -> Finding:
        return newest(replace(result(analyte, value, unit), lab_flags=tuple(flags.split()), lab_range=sent_range))

    def test_its_critical_flag_is_stronger_than_our_normal(self) -> None:
        finding = self.judged("potassium", "5.2", "HH", "3.5-5.0")

        assert finding.level is CRITICAL
        assert finding.because.startswith("the laboratory marks it HH (critically high); no limit is passed")
        assert finding.result.lab_range == "3.5-5.0"

    def test_its_normal_does_not_lower_ours(self) -> None:
        finding = self.judged("potassium", "2.5", "N")

        assert finding.level is CRITICAL
        assert "the laboratory marks it N" in finding.because

    def test_its_range_flags(self) -> None:
        assert self.judged("potassium", "5.2", sent_range="3.5 - 5.0").because.startswith(
            "5.2 is above the laboratory's range 3.5 - 5.0"
        )
        assert self.judged("potassium", "3.6", sent_range="3.7-5.0").level is FLAG
        assert self.judged("potassium", "4.6", sent_range="3.7-5.0").level is NORMAL
        assert self.judged("potassium", "4.6", sent_range="<4.5").level is FLAG
        assert self.judged("egfr", "75", sent_range=">= 90").level is FLAG
        assert self.judged("egfr", "95", sent_range=">= 90").level is NORMAL

    def test_a_range_that_is_not_understood_is_only_shown(self) -> None:
        assert self.judged("glucose", "182", "H", "70_105").because.startswith("the laboratory marks it H (high)")
        assert self.judged("glucose", "182", "", "70_105").level is NORMAL

    def test_a_flag_nobody_knows_is_taken_for_abnormal(self) -> None:
        assert self.judged("potassium", "4", "XYZ").level is FLAG
        assert self.judged("potassium", "4", "S").level is NORMAL

    def test_it_decides_where_we_have_no_limit(self) -> None:
        assert self.judged("chloride", "101", "N").level is NORMAL
        assert self.judged("chloride", "120", "", "98-107").level is FLAG
        assert self.judged("vitamin_d", "12", "L", "30-100", "ng/mL").level is FLAG
        assert self.judged("vitamin_d", "40", "", "30-100", "ng/mL").level is NORMAL
        assert self.judged("vitamin_d", "40", "", "", None).level is NOT

    def test_only_its_critical_is_stronger_than_not_evaluated(self) -> None:
        assert self.judged("hemoglobin", "13.4", "N", "", "g/l-1").level is NOT
        assert self.judged("hemoglobin", "13.4", "H", "", "g/l-1").level is NOT
        assert self.judged("hemoglobin", "13.4", "LL", "", "g/l-1").level is CRITICAL

    def test_the_top_of_its_range_is_the_upper_limit_of_normal(self) -> None:
        finding = self.judged("alt", "130", "H", "10-40")

        assert finding.level is FLAG
        assert "3.25 x ULN 40" in finding.because
        assert self.judged("alt", "35", "", ">10").level is NOT
        assert self.judged("alt", "35", "", "0-0").level is NOT
        assert self.judged("alt", "35", "", "10-40", "ukat/L").level is NOT
        assert self.judged("alt", "35", "", "10-40", None).level is NOT

    def test_the_pharmacys_own_limit_comes_first(self) -> None:
        sent = replace(result("alt", "130"), lab_range="10-60")

        assert newest(sent, facts=uln(alt="40")).because.startswith("3.25 x ULN 40")


def test_a_code_means_an_analyte_or_nothing() -> None:
    found = TABLES.analyte_of(" 2601-3 ")

    assert found is not None
    assert found.key == "magnesium"
    assert TABLES.analyte_of("11125-2") is None  # a platelet morphology, whatever its sender calls it
    assert TABLES.analyte_of("") is None


def test_the_baseline_is_the_last_readable_value_before_the_first_dose() -> None:
    results = [
        result("creatinine", "0.9", hours_ago=30),
        result("creatinine", "88.4", "umol/L", 26),
        result("creatinine", "1.4", hours_ago=24),
        result("creatinine", "2", "g/l-1", 25),
        result("creatinine", "0.7", hours_ago=40),
        replace(result("potassium", "9", hours_ago=26), id="a"),
        replace(result("potassium", "4", hours_ago=26), corrects="a"),
        LabResult("blood_culture", "negative", None, NOON - timedelta(hours=26)),
    ]

    assert baselines(results, TABLES, NOON - timedelta(hours=24)) == {"creatinine": Decimal(1), "potassium": Decimal(4)}

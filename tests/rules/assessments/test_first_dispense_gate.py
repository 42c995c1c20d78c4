"""The gate of the first dispense, rule by rule: what keeps it shut, what is missing, and who may open what."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from infusiondesk.assessments.rules import (
    Disposition,
    Facts,
    Finding,
    FirstDose,
    Help,
    Home,
    OrderedTherapy,
    PrescriberContact,
    Prescribing,
    Risk,
    assess,
    first_dose_risk,
    may_dispense,
)
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.interactions.exchange import reference_knowledge
from infusiondesk.interactions.rules import Access, Allergy, Level, Profile, Severity, Written, screen

KNOWLEDGE = reference_knowledge()
PICC = Access("picc", "picc", 2, True)
NOTHING_KNOWN = Profile(has_no_known_drug_allergies=True)


def screened(*orders: str, access: Access | None = PICC, allergies: tuple[Allergy, ...] = (), home: tuple[str, ...] = ()) -> Any:
    medicines = (*(Written(name, is_order=True) for name in orders), *(Written(name, is_order=False) for name in home))
    profile = replace(NOTHING_KNOWN, medicines=medicines, access=access, allergies=allergies)
    return screen(profile, KNOWLEDGE)


GOOD = Facts(
    help=Help(
        is_nurse_administered=False,
        is_patient_independent=True,
        has_willing_and_able_caregiver=None,
        needs_nurse=True,
        has_nursing_agency=True,
        has_barrier=False,
    ),
    home=Home(
        has_working_phone=True,
        uses_electric_pump=True,
        has_safe_power=True,
        needs_refrigeration=True,
        has_refrigerator=True,
        has_running_water=True,
        has_clean_prep_area=True,
        has_danger=False,
        minutes_to_emergency_department=Decimal(20),
        has_emergency_services=True,
    ),
    prescribing=Prescribing(
        npi="1234567893",
        is_licensed=True,
        is_excluded=False,
        has_community_prescriber=True,
        has_lab_orders=True,
        has_lab_reviewer=True,
    ),
    therapy=OrderedTherapy(
        drug="cefazolin",
        dose="2 g",
        route="iv",
        frequency="every 8 hours",
        duration="14 days",
        is_signed=True,
        is_anti_infective=True,
        has_stop_date=True,
        has_infectious_disease_or_prescriber_review=True,
        controlled_schedule=0,
        is_weight_based=False,
        is_height_based=False,
    ),
    first_dose=FirstDose(was_given_and_tolerated=True, has_reacted_to_class=False),
    access=PICC,
    screening=screened("cefazolin"),
)


def changed(**parts: dict[str, Any]) -> Facts:
    """The good case with some facts changed: `home={"has_working_phone": False}`."""
    return replace(GOOD, **{part: replace(getattr(GOOD, part), **values) for part, values in parts.items()})


def of_rule(facts: Facts, rule: str) -> list[Finding]:
    return [finding for finding in assess(facts, KNOWLEDGE) if finding.rule == rule]


def test_a_case_without_a_flaw_passes() -> None:
    assert assess(GOOD, KNOWLEDGE) == ()
    leave = may_dispense((), (), patient="ZZTEST", order_version="1")
    assert (leave.is_granted, leave.open, leave.because) == (True, (), ())


def test_nothing_known_is_nothing_safe() -> None:
    findings = assess(Facts(), KNOWLEDGE)
    expected = {
        "R01",
        "R02",
        "R03",
        "R04",
        "R05",
        "R06",
        "R07",
        "R10",
        "R10b",
        "R12",
        "R13",
        "R20",
        "R21",
        "R22",
        "R23",
        "R24",
        "R25",
        "R26",
        "R39",
    }
    assert {finding.rule for finding in findings} == expected
    assert all(finding.missing for finding in findings)
    assert all(
        "known" in finding.because or "not been screened" in finding.because or "nobody" in finding.because for finding in findings
    )
    levels = [finding.level.rank for finding in findings]
    assert levels == sorted(levels)


# Rule | level | what is changed | what is missing then
BROKEN: list[tuple[str, str, dict[str, dict[str, Any]], tuple[str, ...]]] = [
    ("R01", "STOP", {"help": {"is_patient_independent": False, "has_willing_and_able_caregiver": False}}, ()),
    ("R01", "STOP", {"help": {"is_patient_independent": False}}, ("a caregiver is willing and able",)),
    ("R02", "STOP", {"home": {"has_working_phone": False}}, ()),
    ("R02", "STOP", {"home": {"has_working_phone": None}}, ("working phone",)),
    ("R03", "HOLD", {"home": {"has_safe_power": False, "has_battery_plan": False}}, ()),
    ("R03", "HOLD", {"home": {"has_safe_power": False}}, ("battery plan",)),
    (
        "R03",
        "HOLD",
        {"home": {"uses_electric_pump": None, "has_safe_power": False, "has_battery_plan": False}},
        ("no electric pump",),
    ),
    ("R03", "HOLD", {"home": {"has_refrigerator": False}}, ()),
    ("R04", "HOLD", {"home": {"has_running_water": False}}, ()),
    ("R04", "HOLD", {"home": {"has_clean_prep_area": None}}, ("clean preparation area",)),
    ("R05", "HOLD", {"home": {"has_danger": True}}, ()),
    ("R05", "HOLD", {"home": {"has_danger": None}}, ("no violence, weapons, unsafe animal or infestation",)),
    ("R06", "STOP", {"help": {"has_nursing_agency": False}}, ()),
    ("R06", "STOP", {"help": {"needs_nurse": None, "has_nursing_agency": False}}, ("no nurse needed",)),
    ("R07", "HOLD", {"help": {"has_barrier": True, "is_barrier_compensated": False}}, ()),
    ("R20", "STOP", {"prescribing": {"npi": "1234567890"}}, ()),
    ("R20", "STOP", {"prescribing": {"npi": None}}, ("valid NPI",)),
    ("R20", "STOP", {"prescribing": {"is_licensed": False}}, ()),
    ("R20", "STOP", {"prescribing": {"is_excluded": True}}, ()),
    ("R20", "STOP", {"prescribing": {"is_excluded": None}}, ("not excluded (OIG)",)),
    ("R21", "HOLD", {"prescribing": {"has_community_prescriber": False}}, ()),
    ("R22", "HOLD", {"therapy": {"has_stop_date": False}}, ()),
    (
        "R22",
        "HOLD",
        {"therapy": {"has_infectious_disease_or_prescriber_review": None}},
        ("review by infectious diseases or the prescriber",),
    ),
    ("R23", "STOP", {"prescribing": {"has_lab_orders": False}}, ()),
    ("R23", "STOP", {"prescribing": {"has_lab_reviewer": False}}, ()),
    ("R24", "STOP", {"therapy": {"dose": " "}}, ("dose",)),
    ("R24", "STOP", {"therapy": {"frequency": None, "duration": None}}, ("frequency", "duration")),
    ("R24", "STOP", {"therapy": {"is_signed": False}}, ()),
    (
        "R25",
        "STOP",
        {"therapy": {"controlled_schedule": 2, "has_valid_dea_prescription": True, "is_monitoring_program_checked": False}},
        (),
    ),
    ("R25", "STOP", {"therapy": {"controlled_schedule": None}}, ("valid DEA prescription", "monitoring program checked")),
    ("R39", "STOP", {"therapy": {"is_weight_based": True}}, ("weight",)),
    ("R39", "STOP", {"therapy": {"is_height_based": None, "weight_kg": Decimal(70)}}, ("height",)),
]


@pytest.mark.parametrize(("rule", "level", "change", "missing"), BROKEN)
def test_each_rule_holds_by_itself(rule: str, level: str, change: dict[str, dict[str, Any]], missing: tuple[str, ...]) -> None:
    findings = assess(changed(**change), KNOWLEDGE)
    (finding,) = findings
    assert (finding.rule, finding.level, finding.missing) == (rule, level, missing)
    assert finding.resolution
    assert finding.sources == (f"clinical 1.3 {rule}",)


@pytest.mark.parametrize(
    "change",
    [
        {"help": {"is_patient_independent": False, "is_nurse_administered": True}},
        {"help": {"is_patient_independent": None, "has_willing_and_able_caregiver": True}},
        {"home": {"has_safe_power": False, "has_battery_plan": True}},
        {"home": {"has_safe_power": None, "uses_electric_pump": False}},
        {"home": {"has_refrigerator": None, "needs_refrigeration": False}},
        {"help": {"has_nursing_agency": None, "needs_nurse": False}},
        {"help": {"has_barrier": True, "is_barrier_compensated": True}},
        {"prescribing": {"npi": " 1234567893 "}},
        {"therapy": {"is_anti_infective": False, "has_stop_date": None, "has_infectious_disease_or_prescriber_review": False}},
        {"therapy": {"controlled_schedule": 3, "has_valid_dea_prescription": True, "is_monitoring_program_checked": True}},
        {"therapy": {"is_weight_based": True, "weight_kg": Decimal(80), "is_height_based": True, "height_cm": Decimal(170)}},
    ],
)
def test_what_is_not_needed_may_stay_unknown(change: dict[str, dict[str, Any]]) -> None:
    assert assess(changed(**change), KNOWLEDGE) == ()


# Drug | history | class
RISKS: list[tuple[str, FirstDose, Risk | None]] = [
    ("nafcillin", FirstDose(), Risk.HIGH),
    ("Zosyn", FirstDose(was_given_and_tolerated=False), Risk.HIGH),
    ("ceftriaxone", FirstDose(), Risk.HIGH),
    ("meropenem", FirstDose(), Risk.HIGH),
    ("ceftriaxone", FirstDose(was_given_and_tolerated=True), None),
    ("AmBisome", FirstDose(), Risk.HIGH),
    ("amphotericin b", FirstDose(), Risk.HIGH),
    ("iron dextran", FirstDose(), Risk.HIGH),
    ("infliximab", FirstDose(), Risk.HIGH),
    ("vedolizumab", FirstDose(), Risk.HIGH),
    ("Prolastin-C", FirstDose(), Risk.HIGH),
    ("imiglucerase", FirstDose(), Risk.HIGH),
    ("fluorouracil", FirstDose(), Risk.HIGH),
    ("vancomycin", FirstDose(), Risk.HIGH),
    ("telavancin", FirstDose(), Risk.HIGH),
    ("IVIG", FirstDose(), Risk.HIGH),
    ("IVIG", FirstDose(was_given_and_tolerated=True, is_other_product=False, weeks_since_last=Decimal(8)), None),
    ("IVIG", FirstDose(was_given_and_tolerated=True, is_other_product=False, weeks_since_last=Decimal("8.1")), Risk.HIGH),
    ("IVIG", FirstDose(was_given_and_tolerated=True, is_other_product=True, weeks_since_last=Decimal(4)), Risk.HIGH),
    ("IVIG", FirstDose(was_given_and_tolerated=True, is_other_product=False), Risk.HIGH),
    ("IVIG", FirstDose(was_given_and_tolerated=True, weeks_since_last=Decimal(4)), Risk.HIGH),
    ("factor VIII", FirstDose(was_given_and_tolerated=True, exposure_days=19), Risk.HIGH),
    ("factor VIII", FirstDose(was_given_and_tolerated=True, exposure_days=20), None),
    ("factor IX", FirstDose(was_given_and_tolerated=True), Risk.HIGH),
    ("micafungin", FirstDose(), Risk.MODERATE),
    ("gentamicin", FirstDose(), Risk.MODERATE),
    ("Hizentra", FirstDose(), Risk.MODERATE),
    ("hydration", FirstDose(), Risk.LOW),
    ("pn", FirstDose(is_continued_from_hospital=True), Risk.LOW),
    ("pn", FirstDose(), None),
    ("heparin flush", FirstDose(), Risk.LOW),
    ("saline flush", FirstDose(), Risk.LOW),
    ("heparin", FirstDose(), None),
    ("daptomycin", FirstDose(), None),
    ("zzunknown drug", FirstDose(was_given_and_tolerated=True), Risk.HIGH),
]


@pytest.mark.parametrize(("drug", "history", "risk"), RISKS)
def test_the_class_of_a_first_dose(drug: str, history: FirstDose, risk: Risk | None) -> None:
    judged = first_dose_risk(drug, None, history, KNOWLEDGE)
    assert judged.risk == risk
    assert judged.because


READY = {"has_anaphylaxis_orders": True, "has_kit": True, "has_nurse_on_site": True, "was_given_and_tolerated": False}


@pytest.mark.parametrize(
    ("history", "missing", "is_open"),
    [
        (READY, (), True),
        (READY | {"has_anaphylaxis_orders": False}, (), False),
        (READY | {"has_kit": False}, (), False),
        (READY | {"has_nurse_on_site": False}, (), False),
        (READY | {"has_reacted_to_class": True}, (), False),
        (READY | {"has_reacted_to_class": None}, ("no earlier reaction to the class",), False),
        ({"was_given_and_tolerated": False}, ("anaphylaxis orders", "kit", "nurse on site"), False),
        ({"was_given_and_tolerated": None}, ("anaphylaxis orders", "kit", "nurse on site"), False),
        ({"was_given_and_tolerated": True}, (), True),
    ],
)
def test_a_first_dose_of_high_risk_needs_help_at_hand(history: dict[str, Any], missing: tuple[str, ...], is_open: bool) -> None:
    findings = of_rule(changed(first_dose=history), "R10")
    assert [(finding.level, finding.missing) for finding in findings] == ([] if is_open else [(Level.STOP, missing)])


@pytest.mark.parametrize(
    ("home", "is_open"),
    [
        ({"minutes_to_emergency_department": Decimal(60)}, True),
        ({"minutes_to_emergency_department": Decimal(61)}, False),
        ({"minutes_to_emergency_department": None}, False),
        ({"has_emergency_services": False}, False),
    ],
)
def test_a_first_dose_of_high_risk_stays_near_an_emergency_department(home: dict[str, Any], is_open: bool) -> None:
    findings = of_rule(changed(first_dose=READY, home=home), "R10b")
    assert [finding.level for finding in findings] == ([] if is_open else [Level.HOLD])
    assert of_rule(changed(home=home), "R10b") == []


def test_a_medicine_that_the_table_does_not_judge_is_shown() -> None:
    facts = replace(
        changed(therapy={"drug": "daptomycin"}, first_dose={"was_given_and_tolerated": False}), screening=screened("daptomycin")
    )
    (finding,) = assess(facts, KNOWLEDGE)
    assert (finding.rule, finding.level) == ("R10", Level.INFO)
    assert may_dispense([finding], (), patient="ZZTEST", order_version="1").is_granted
    assert assess(replace(facts, first_dose=replace(facts.first_dose, was_given_and_tolerated=True)), KNOWLEDGE) == ()


def test_a_medicine_of_moderate_risk_asks_for_nothing() -> None:
    facts = replace(
        changed(therapy={"drug": "micafungin"}, first_dose={"was_given_and_tolerated": False}), screening=screened("micafungin")
    )
    assert assess(facts, KNOWLEDGE) == ()


# Orders, allergies, line | rule, level, needs the prescriber
SCREENS: list[tuple[Any, str, str, bool]] = [
    (screened("cefazolin", allergies=(Allergy("cefazolin", severity=Severity.ANAPHYLAXIS),)), "R11", "STOP", False),
    (screened("cefazolin", allergies=(Allergy("cefazolin", severity=Severity.MILD),)), "R11b", "HOLD", True),
    (screened("cefazolin", allergies=(Allergy("penicillin"),)), "A05", "WARN", False),
    (screened("dobutamine", access=Access("piv", "piv", 2)), "R12", "STOP", False),
    (screened("milrinone", access=Access("midline", "midline", 2)), "R12", "STOP", False),
    (screened("vancomycin", access=Access("midline", "midline", 2)), "R12", "HOLD", False),
    (screened("pn", access=Access("piv", "piv", 2)), "R12", "STOP", False),
    (screened("cefazolin", access=Access("picc", "picc", 1, None)), "R13", "STOP", False),
    (screened("meropenem", home=("valproic acid",)), "R26", "STOP", False),
    (screened("linezolid", home=("sertraline",)), "P01", "HOLD", False),
    (screened("sulfamethoxazole-trimethoprim", home=("dofetilide",)), "R26", "STOP", False),
    (screened("cefazolin", home=("dofetilyde",)), "R27", "HOLD", False),
    (screened("cefazolin", home=("turmeric",)), "R27", "HOLD", False),
]


@pytest.mark.parametrize(("screening", "rule", "level", "needs_contact"), SCREENS)
def test_the_screen_of_the_medicines_speaks_at_the_gate(screening: Any, rule: str, level: str, needs_contact: bool) -> None:
    (finding,) = assess(replace(GOOD, screening=screening), KNOWLEDGE)
    assert (finding.rule, finding.level, finding.needs_prescriber_contact) == (rule, level, needs_contact)
    assert finding.about
    assert finding.sources


def test_a_long_therapy_by_a_short_line_is_a_warning() -> None:
    order = Written("cefazolin", is_order=True, planned_days=Decimal(20))
    screening = screen(replace(NOTHING_KNOWN, medicines=(order,), access=Access("midline", "midline")), KNOWLEDGE)
    (finding,) = assess(replace(GOOD, screening=screening), KNOWLEDGE)
    assert (finding.rule, finding.level) == ("R14", Level.WARN)


def test_no_allergy_list_shuts_the_gate() -> None:
    profile = Profile(medicines=(Written("cefazolin", is_order=True),), access=PICC)
    (finding,) = assess(replace(GOOD, screening=screen(profile, KNOWLEDGE)), KNOWLEDGE)
    assert (finding.rule, finding.level, finding.because.startswith("patient and allergy:none recorded (ALG01)")) == (
        "R26",
        Level.STOP,
        True,
    )


@pytest.mark.parametrize(("route", "rules"), [("iv", ["R12", "R13"]), (None, ["R12", "R13", "R24"]), ("sc", []), ("po", [])])
def test_an_unknown_line_is_not_taken_for_safe(route: str | None, rules: list[str]) -> None:
    facts = replace(changed(therapy={"route": route}), access=None)
    assert [finding.rule for finding in assess(facts, KNOWLEDGE)] == rules


def test_without_a_screen_nothing_goes_out() -> None:
    (finding,) = assess(replace(GOOD, screening=None), KNOWLEDGE)
    assert (finding.rule, finding.level, finding.missing) == ("R26", Level.STOP, ("screening",))


REASON = "Discussed with the team, will be watched."
CONTACT = PrescriberContact("ZZTEST Prescriber", datetime(2026, 3, 2, 15, 0, tzinfo=UTC), is_read_back=True)


def settled(finding: Finding, **changes: Any) -> Disposition:
    given = Disposition(
        patient="ZZTEST-1",
        order_version="7/2",
        rule=finding.rule,
        about=finding.about,
        because=finding.because,
        code="benefit",
        text=REASON,
        by="ZZTEST Pharmacist",
        roles=frozenset({Role.PHARMACIST}),
    )
    return replace(given, **changes)


HOLD = of_rule(changed(home={"has_running_water": False}), "R04")[0]
DANGER = of_rule(changed(home={"has_danger": True}), "R05")[0]
ALLERGY = of_rule(replace(GOOD, screening=screened("cefazolin", allergies=(Allergy("cefazolin"),))), "R11b")[0]


@pytest.mark.parametrize(
    ("finding", "changes", "is_granted"),
    [
        (HOLD, {}, True),
        (HOLD, {"roles": frozenset({Role.PHARMACIST_IN_CHARGE})}, True),
        (HOLD, {"roles": frozenset({Role.TECHNICIAN, Role.ADMINISTRATOR, Role.NURSE})}, False),
        (HOLD, {"code": " "}, False),
        (HOLD, {"text": "fourteen chars"}, False),
        (HOLD, {"text": "fifteen letters"}, True),
        (HOLD, {"text": "   fourteen chars   "}, False),
        (HOLD, {"patient": "ZZTEST-2"}, False),
        (HOLD, {"order_version": "7/3"}, False),
        (HOLD, {"rule": "R03"}, False),
        (HOLD, {"about": "other"}, False),
        (HOLD, {"because": "what was true yesterday"}, False),
        (DANGER, {}, False),
        (DANGER, {"roles": frozenset({Role.PHARMACIST_IN_CHARGE})}, True),
        (ALLERGY, {}, False),
        (ALLERGY, {"prescriber_contact": CONTACT}, True),
        (ALLERGY, {"prescriber_contact": replace(CONTACT, is_read_back=False)}, False),
        (ALLERGY, {"prescriber_contact": replace(CONTACT, name=" ")}, False),
    ],
)
def test_a_hold_opens_to_a_pharmacist_s_reason_for_this_very_finding(
    finding: Finding, changes: dict[str, Any], is_granted: bool
) -> None:
    leave = may_dispense([finding], [settled(finding, **changes)], patient="ZZTEST-1", order_version="7/2")
    assert leave.is_granted is is_granted
    assert bool(leave.because) is not is_granted
    assert leave.open == (() if is_granted else (finding,))


def test_a_stop_opens_to_nobody() -> None:
    (stop,) = of_rule(changed(home={"has_working_phone": False}), "R02")
    given = settled(stop, roles=frozenset(Role), prescriber_contact=CONTACT)
    leave = may_dispense([stop], [given], patient="ZZTEST-1", order_version="7/2")
    assert not leave.is_granted
    assert leave.because[0].startswith("STOP R02")


def test_the_refusal_names_everything_that_is_open() -> None:
    findings = assess(changed(home={"has_working_phone": False, "has_running_water": False, "has_danger": True}), KNOWLEDGE)
    leave = may_dispense(findings, [settled(HOLD)], patient="ZZTEST-1", order_version="7/2")
    assert [finding.rule for finding in leave.open] == ["R02", "R05"]
    assert len(leave.because) == 2


def test_one_good_reason_is_enough() -> None:
    bad, good = settled(HOLD, text="too short"), settled(HOLD)
    for given in ([bad, good], [good, bad]):
        assert may_dispense([HOLD], given, patient="ZZTEST-1", order_version="7/2").is_granted


def test_each_name_that_was_not_understood_needs_its_own_answer() -> None:
    findings = of_rule(replace(GOOD, screening=screened("cefazolin", home=("turmeric", "kratom"))), "R27")
    assert len(findings) == 2
    leave = may_dispense(findings, [settled(findings[0])], patient="ZZTEST-1", order_version="7/2")
    assert leave.open == (findings[1],)


def test_new_data_ask_again() -> None:
    """A HOLD answered for one pair does not answer the pair that a new medicine brings."""
    before = of_rule(replace(GOOD, screening=screened("linezolid", home=("sertraline",))), "P01")
    after = of_rule(replace(GOOD, screening=screened("linezolid", home=("sertraline", "duloxetine"))), "P01")
    given = [settled(finding) for finding in before]
    leave = may_dispense(after, given, patient="ZZTEST-1", order_version="7/2")
    assert [finding.about for finding in leave.open] == ["duloxetine and linezolid"]

"""Allergy against medicine: classes, side chains, excipients, and what a reaction weighs."""

import pytest

from tests.rules.interactions.screen_questions import Answer, ask, found, lines, verdict

SEVERE, NON_SEVERE, NOT_IGE, INTOLERANT = "anaphylaxis", "mild", "severe_non_ige", "intolerance"
SCREENED = {"tb_screened": True, "hbv_screened": True}  # so that infliximab raises nothing of its own


def allergic(order: object, substance: str, severity: str | None = None, reaction: str | None = None) -> Answer:
    return ask(orders=[order], allergies=[{"substance": substance, "severity": severity, "reaction": reaction}], patient=SCREENED)


# Rule | allergy | new drug | level when severe | level when not severe or unclear
SIDE_CHAINS = [
    ("A01", "penicillin g", "nafcillin", "STOP", "HOLD"),
    ("A01", "penicillin v", "ampicillin", "STOP", "HOLD"),
    ("A01", "amoxicillin", "piperacillin-tazobactam", "STOP", "HOLD"),
    ("A01", "penicillin", "oxacillin", "STOP", "HOLD"),
    ("A01", "ampicillin-sulbactam", "ticarcillin", "STOP", "HOLD"),
    ("A02", "ampicillin", "cephalexin", "STOP", "HOLD"),
    ("A02", "amoxicillin", "cefadroxil", "STOP", "HOLD"),
    ("A02", "ceftriaxone", "cefepime", "STOP", "HOLD"),
    ("A02", "cefuroxime", "cefotaxime", "STOP", "HOLD"),
    ("A02", "ceftazidime", "cefiderocol", "STOP", "HOLD"),
    ("A02", "penicillin g", "cefoxitin", "STOP", "HOLD"),
    ("A02", "cefazolin", "cefazolin", "STOP", "HOLD"),
    ("A02", "ceftaroline", "ceftaroline", "STOP", "HOLD"),
    ("A02", "penicillin", "cephalexin", "STOP", "HOLD"),
    ("A02", "penicillin", "cefoxitin", "STOP", "HOLD"),
    ("A03", "cephalexin", "ampicillin", "STOP", "HOLD"),
    ("A03", "cefaclor", "amoxicillin-clavulanate", "STOP", "HOLD"),
    ("A03", "cefoxitin", "penicillin g", "STOP", "HOLD"),
    ("A04", "ceftazidime", "aztreonam", "STOP", "HOLD"),
    ("A04", "aztreonam", "ceftazidime", "STOP", "HOLD"),
    ("A04", "aztreonam", "cefiderocol", "STOP", "HOLD"),
    ("A04", "ceftazidime-avibactam", "aztreonam", "STOP", "HOLD"),
    ("A05", "penicillin", "ceftriaxone", "WARN", "WARN"),
    ("A05", "penicillin", "cefazolin", "WARN", "WARN"),
    ("A05", "ampicillin", "cefepime", "WARN", "WARN"),
    ("A05", "ceftriaxone", "cefazolin", "WARN", "WARN"),
    ("A05", "cefazolin", "ceftriaxone", "WARN", "WARN"),
    ("A05", "cefazolin", "nafcillin", "WARN", "WARN"),
    ("A05", "ceftriaxone", "piperacillin-tazobactam", "WARN", "WARN"),
    ("A05", "ampicillin", "ceftaroline", "WARN", "WARN"),
    ("A05", "ceftaroline", "ceftobiprole", "WARN", "WARN"),
    ("A05", "ceftazidime", "ceftolozane-tazobactam", "WARN", "WARN"),
    ("A05", "penicillin v", "cefoxitin", "WARN", "WARN"),
    ("A05", "nafcillin", "cephalexin", "WARN", "WARN"),
    ("A06", "penicillin", "meropenem", "WARN", "WARN"),
    ("A06", "ceftriaxone", "ertapenem", "WARN", "WARN"),
    ("A06", "penicillin", "aztreonam", "WARN", "WARN"),
    ("A06", "cefepime", "aztreonam", "WARN", "WARN"),
    ("A06", "meropenem", "ampicillin", "WARN", "WARN"),
    ("A06", "imipenem", "cefazolin", "WARN", "WARN"),
    ("A06", "ertapenem", "aztreonam", "WARN", "WARN"),
    ("A07", "meropenem", "ertapenem", "STOP", "HOLD"),
    ("A07", "carbapenem", "imipenem-cilastatin", "STOP", "HOLD"),
]
GATE = {"STOP": {"R11"}, "HOLD": {"R11b"}, "WARN": set()}


@pytest.mark.parametrize(("rule", "substance", "drug", "severe", "unclear"), SIDE_CHAINS)
def test_a_beta_lactam_is_judged_by_class_and_side_chain(rule: str, substance: str, drug: str, severe: str, unclear: str) -> None:
    side = f"allergy:{substance}"
    for severity, level in ((SEVERE, severe), ("severe", severe), (NON_SEVERE, unclear), ("moderate", unclear), (None, unclear)):
        given, rules = verdict(allergic(drug, substance, severity), drug, side)
        assert given == level, severity
        assert rule in rules
        assert GATE[level] <= rules
        assert not (rules & {"R11", "R11b"}) - GATE[level]


@pytest.mark.parametrize("substance", ["penicillin", "nafcillin", "cefazolin", "meropenem", "aztreonam", "beta-lactam"])
@pytest.mark.parametrize("drug", ["ampicillin", "ceftriaxone", "cefazolin", "ertapenem", "aztreonam"])
def test_a_severe_reaction_that_is_not_ige_stops_every_beta_lactam(substance: str, drug: str) -> None:
    level, rules = verdict(allergic(drug, substance, NOT_IGE), drug, f"allergy:{substance}")
    assert (level, rules) == ("STOP", {"A08", "R11"} if drug != substance else rules)
    assert "A08" in rules


@pytest.mark.parametrize(
    ("reaction", "severity", "level", "rule"),
    [
        ("SJS", None, "STOP", "A08"),
        ("Stevens-Johnson syndrome", "severe", "STOP", "A08"),
        ("serum sickness", "moderate", "STOP", "A08"),
        ("ten days of itching", "mild", "WARN", "A05"),
        ("hives, no anaphylaxis", "mild", "WARN", "A05"),
        ("anaphylactic shock", None, "WARN", "A05"),
        ("rash", None, "WARN", "A05"),
        ("nausea", INTOLERANT, "INFO", "A05"),
    ],
)
def test_the_reaction_in_words_counts(reaction: str, severity: str | None, level: str, rule: str) -> None:
    given = verdict(allergic("ceftriaxone", "penicillin", severity, reaction), "ceftriaxone", "allergy:penicillin")
    assert given[0] == level
    assert rule in given[1]


def test_anaphylaxis_in_words_is_severe_though_nobody_ticked_it() -> None:
    assert verdict(allergic("nafcillin", "penicillin", None, "anaphylaxis"), "nafcillin", "allergy:penicillin")[0] == "STOP"
    assert (
        verdict(allergic("nafcillin", "penicillin", None, "denies anaphylaxis, itching"), "nafcillin", "allergy:penicillin")[0]
        == "HOLD"
    )


@pytest.mark.parametrize(
    ("substance", "drug", "expected"),
    [
        ("aztreonam", "cefazolin", set()),
        ("aztreonam", "meropenem", set()),
        ("aztreonam", "nafcillin", set()),
        ("penicillin", "vancomycin", set()),
        ("vancomycin", "daptomycin", set()),
        ("gentamicin", "vancomycin", set()),
        ("morphine", "fentanyl", set()),
        ("latex", "cefazolin", set()),
        ("shellfish", "cefazolin", set()),
        ("egg", "cefazolin", set()),
        ("penicillin g potassium", "potassium chloride", set()),
        ("aztreonam", "aztreonam", {"R11b"}),
        ("vancomycin", "vancomycin", {"R11b"}),
        ("vancomycin", "dalbavancin", {"R11b"}),
        ("gentamicin", "tobramycin", {"R11b"}),
        ("aminoglycosides", "amikacin", {"R11b"}),
        ("ciprofloxacin", "levofloxacin", {"R11b"}),
        ("Bactrim", "sulfamethoxazole-trimethoprim", {"R11b"}),
        ("sulfa", "sulfamethoxazole-trimethoprim", {"R11b"}),
        ("morphine", "hydromorphone", {"R11b"}),
        ("fluconazole", "voriconazole", {"R11b"}),
        ("ceftolozane-tazobactam", "piperacillin-tazobactam", {"A05", "R11b"}),
        ("sulfa", "furosemide", {"A09"}),
        ("sulfamethoxazole", "hydrochlorothiazide", {"A09"}),
        ("sulfa", "celecoxib", {"A09"}),
        ("sulfite", "sulfamethoxazole-trimethoprim", {"A09"}),
        ("sulfa", "dobutamine", {"A09"}),
        ("egg", "Intralipid", {"A10"}),
        ("soy", "lipid emulsion", {"A10"}),
        ("peanut", "SMOFlipid", {"A10"}),
        ("egg", "pn", {"A10"}),
        ("fish", "Omegaven", {"A10"}),
        ("fish", "Intralipid", set()),
        ("soy", "AmBisome", {"A10"}),
        ("soy", "amphotericin b", set()),
        ("sulfites", "dobutamine", {"A10"}),
        ("polysorbate 80", "infliximab", {"A10"}),
        ("mannitol", "mannitol", {"A10", "R11b"}),
        ("mouse protein", "infliximab", {"A10"}),
        ("hamster protein", "HyQvia", {"A10"}),
        ("hamster protein", "Hizentra", set()),
    ],
)
def test_other_allergies(substance: str, drug: str, expected: set[str]) -> None:
    given = allergic(drug, substance, "moderate")
    rules = {rule for alert in given["alerts"] for rule in [alert["rule"], *alert["other_rules"]]}
    assert rules == expected
    assert given["not_checked"] == []


@pytest.mark.parametrize(
    ("substance", "drug", "level"),
    [
        ("sulfa", "furosemide", "INFO"),
        ("egg", "lipid emulsion", "HOLD"),
        ("soy", "AmBisome", "WARN"),
        ("sulfite", "dobutamine", "WARN"),
        ("mouse protein", "infliximab", "HOLD"),
    ],
)
def test_the_level_of_an_excipient_is_its_own_and_only_an_intolerance_lowers_it(substance: str, drug: str, level: str) -> None:
    for severity in (SEVERE, "mild", None):
        assert allergic(drug, substance, severity)["alerts"][0]["level"] == level
    assert allergic(drug, substance, INTOLERANT)["alerts"][0]["level"] == "INFO"


@pytest.mark.parametrize("substance", ["HIT", "heparin-induced thrombocytopenia"])
@pytest.mark.parametrize(
    "order", ["heparin", {"drug": "heparin", "route": "flush"}, "enoxaparin", {"drug": "cefazolin", "flush": "heparin 10 units/mL"}]
)
def test_hit_stops_every_heparin_the_flush_too(substance: str, order: object) -> None:
    drug = "enoxaparin" if order == "enoxaparin" else "heparin"
    assert verdict(allergic(order, substance, "mild"), drug, f"allergy:{substance}") == ("STOP", {"A11", "Q01", "R30"})


def test_heparin_with_a_fall_of_platelets_is_hit() -> None:
    level, rules = verdict(allergic("heparin flush", "heparin", "moderate", "low platelets (HIT)"), "heparin", "allergy:heparin")
    assert (level, rules) == ("STOP", {"A11", "Q01", "R30", "R11b"})
    assert verdict(allergic("heparin flush", "heparin", "moderate", "rash"), "heparin", "allergy:heparin") == ("HOLD", {"R11b"})
    assert (
        verdict(allergic("enoxaparin", "heparin products", None, "thrombocytopenia"), "enoxaparin", "allergy:heparin products")[0]
        == "STOP"
    )


def test_what_stands_in_brackets_is_the_reaction() -> None:
    assert verdict(allergic("heparin", "heparin (HIT)"), "heparin", "allergy:heparin (HIT)")[0] == "STOP"
    assert (
        verdict(allergic("ampicillin", "amoxicillin (anaphylaxis)"), "ampicillin", "allergy:amoxicillin (anaphylaxis)")[0] == "STOP"
    )
    assert verdict(allergic("ampicillin", "PCN (rash)", "mild"), "ampicillin", "allergy:PCN (rash)")[0] == "HOLD"
    assert [item["name"] for item in allergic("ampicillin", "tonic (rash)")["not_checked"]] == ["tonic (rash)"]


def test_iga_deficiency_stops_ivig() -> None:
    assert verdict(allergic("Privigen", "IgA deficiency"), "ivig", "allergy:IgA deficiency") == ("STOP", {"A11", "R33"})


@pytest.mark.parametrize(
    ("drug", "reaction", "severity", "level", "rule"),
    [
        ("vancomycin", "red man syndrome", "moderate", "INFO", "A12"),
        ("vancomycin", "flushing with fast infusion", None, "INFO", "A12"),
        ("vancomycin", "flushing", INTOLERANT, "INFO", "A12"),
        ("vancomycin", "flushing, then shock", "anaphylaxis", "STOP", "R11"),
        ("vancomycin", "hives", "mild", "HOLD", "R11b"),
        ("vancomycin", "DRESS", None, "STOP", "R11"),
        ("vancomycin", "nausea", INTOLERANT, "INFO", "R11b"),
    ],
)
def test_a_vancomycin_infusion_reaction_is_no_allergy(
    drug: str, reaction: str, severity: str | None, level: str, rule: str
) -> None:
    assert verdict(allergic(drug, "vancomycin", severity, reaction), drug, "allergy:vancomycin") == (level, {rule})


def test_an_intolerance_informs_and_no_gate_rule_stands_beside_it() -> None:
    assert lines(allergic("ampicillin", "penicillin", INTOLERANT, "nausea")) == {"allergy:penicillin | ampicillin | INFO | A01"}
    assert lines(allergic("aztreonam", "aztreonam", INTOLERANT)) == {"allergy:aztreonam | aztreonam | INFO | R11b"}


def test_an_empty_list_that_nobody_confirmed_is_a_stop() -> None:
    silent = ask(orders=["cefazolin"], no_known_drug_allergies=False)
    assert lines(silent) == {"allergy:none recorded | patient | STOP | ALG01"}
    assert ask(orders=["cefazolin"], no_known_drug_allergies=True)["clean"] is True
    assert ask(orders=["cefazolin"], allergies=[{"substance": "latex"}])["alerts"] == []


def test_a_home_medicine_is_screened_for_allergies_unless_it_is_stopped() -> None:
    allergy = [{"substance": "penicillin"}]
    assert found(
        ask(orders=["vancomycin"], home_medications=["amoxicillin"], allergies=allergy), "amoxicillin", "allergy:penicillin"
    )
    stopped = [{"name": "amoxicillin", "stopped_days_ago": 30}]
    assert ask(orders=["vancomycin"], home_medications=stopped, allergies=allergy)["alerts"] == []


def test_an_allergy_nobody_understands_is_not_checked() -> None:
    given = ask(
        orders=["ampicillin"], allergies=[{"substance": "penicilin", "severity": "severe"}, {"substance": "grandfather's tonic"}]
    )
    near, far = given["not_checked"]
    assert (near["name"], near["suggestion"]) == ("penicilin", "penicillin")
    assert near["alerts_if_confirmed"][0]["b"] == "allergy:penicilin"
    assert near["alerts_if_confirmed"][0]["level"] == "STOP"
    assert (far["name"], far["suggestion"], far["alerts_if_confirmed"]) == ("grandfather's tonic", None, [])
    assert given["alerts"] == []
    assert given["clean"] is False


def test_a_class_word_may_carry_the_word_allergy() -> None:
    assert verdict(allergic("nafcillin", "penicillin allergy", "mild"), "nafcillin", "allergy:penicillin allergy")[0] == "HOLD"

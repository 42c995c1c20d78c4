"""Medicine against line, lumen, route and flush (clinical 5.0, 5.2, 6.4, 6.6)."""

from typing import Any

import pytest

from tests.rules.interactions.screen_questions import ask, found, lines, verdict

PICC_1 = {"type": "picc", "lumens": 1, "tip_confirmed": True}
PICC_2 = {"type": "picc", "lumens": 2, "tip_confirmed": True}
# Order | level by peripheral line | rules
BURDENS: list[tuple[Any, str, set[str]]] = [
    ("calcium gluconate", "STOP", {"V01", "R12"}),
    ("calcium chloride", "STOP", {"V01", "R12"}),
    ("dobutamine", "STOP", {"V01", "R12"}),
    ("dopamine", "STOP", {"V01", "R12"}),
    ("norepinephrine", "STOP", {"V01", "R12"}),
    ("epinephrine", "STOP", {"V01", "R12"}),
    ("phenylephrine", "STOP", {"V01", "R12"}),
    ("vasopressin", "STOP", {"V01", "R12"}),
    ("promethazine", "STOP", {"V01", "R12"}),
    ("phenytoin", "STOP", {"V01", "R12"}),
    ("sodium bicarbonate", "STOP", {"V01", "R12"}),
    ("iohexol", "STOP", {"V01", "R12"}),
    ("dextrose 12.5%", "STOP", {"V01", "R12"}),
    ("D20W", "STOP", {"V01", "R12"}),
    ("sodium chloride 3%", "STOP", {"V01", "R12"}),
    ({"drug": "pn", "osmolarity_mosm_l": 901}, "STOP", {"V01", "R12"}),
    ({"drug": "hydration", "osmolarity_mosm_l": 950}, "STOP", {"V01", "R12"}),
    ("pn", "STOP", {"V01", "R12"}),
    ({"drug": "milrinone", "planned_days": 1}, "STOP", {"V01", "R12"}),
    ("epoprostenol", "STOP", {"V01", "R12"}),
    ({"drug": "treprostinil", "route": "iv"}, "STOP", {"V01", "R12"}),
    ("foscarnet", "STOP", {"V01", "R12"}),
    ("foscarnet 24 mg/mL", "STOP", {"V01", "R12"}),
    ("micafungin 2 mg/mL", "STOP", {"V01", "R12"}),
    ({"drug": "fluorouracil", "continuous": True}, "STOP", {"V01", "V02", "R12"}),
    ("acyclovir", "HOLD", {"V02", "R12"}),
    ("amiodarone", "HOLD", {"V02", "R12"}),
    ("nafcillin", "HOLD", {"V02", "R12"}),
    ("pentamidine", "HOLD", {"V02", "R12"}),
    ("pentobarbital", "HOLD", {"V02", "R12"}),
    ("phenobarbital", "HOLD", {"V02", "R12"}),
    ("vancomycin", "HOLD", {"V02", "R12"}),
    ("arginine", "HOLD", {"V02", "R12"}),
    ("ganciclovir", "HOLD", {"V02", "R12"}),
    ("dextrose 10%", "HOLD", {"V02", "R12"}),
    ("dextrose", "HOLD", {"V02", "R12"}),
    ("mannitol 20%", "HOLD", {"V02", "R12"}),
    ("mannitol", "HOLD", {"V02", "R12"}),
    ("potassium chloride 60 mEq/L", "HOLD", {"V02", "R12"}),
    ({"drug": "oxacillin", "continuous": True}, "HOLD", {"V02", "R12"}),
    ({"drug": "penicillin g potassium", "continuous": True}, "HOLD", {"V02", "R12"}),
    ("cefazolin", "silent", set()),
    ("ceftriaxone", "silent", set()),
    ("cefepime", "silent", set()),
    ("D5W", "silent", set()),
    ("normal saline", "silent", set()),
    ("lactated ringers", "silent", set()),
    ("mannitol 10%", "silent", set()),
    ("potassium chloride 40 mEq/L", "silent", set()),
    ("potassium chloride", "silent", set()),
    ("foscarnet 12 mg/mL", "silent", set()),
    ("micafungin 1.5 mg/mL", "silent", set()),
    ("micafungin", "silent", set()),
    ("oxacillin", "silent", set()),
    ({"drug": "pn", "osmolarity_mosm_l": 900}, "silent", set()),
    ({"drug": "dobutamine", "route": "po"}, "silent", set()),
    ({"drug": "epinephrine", "route": "im"}, "silent", set()),
]


@pytest.mark.parametrize(("order", "level", "rules"), BURDENS)
@pytest.mark.parametrize("device", ["piv", "unknown"])
def test_what_a_peripheral_vein_bears(order: Any, level: str, rules: set[str], device: str) -> None:
    given = ask(orders=[order], access={"type": device, "lumens": 2})
    alerts = [alert for alert in given["alerts"] if f"access:{device}" in (alert["a"], alert["b"])]
    assert [alert["level"] for alert in alerts] == ([] if level == "silent" else [level])
    assert {rule for alert in alerts for rule in [alert["rule"], *alert["other_rules"]]} == rules
    assert given["not_checked"] == []


@pytest.mark.parametrize("device", ["picc", "tunneled", "nontunneled", "port"])
def test_a_central_line_bears_them_all(device: str) -> None:
    for order, *_ in BURDENS:
        given = ask(orders=[order], access={"type": device, "lumens": 2, "tip_confirmed": True})
        assert [alert for alert in given["alerts"] if f"access:{device}" in (alert["a"], alert["b"])] == []


def test_vancomycin_by_midline_holds_at_any_length() -> None:
    for days in (1, 5, 30):
        given = ask(orders=[{"drug": "vancomycin", "planned_days": days}], access={"type": "midline"})
        level, rules = verdict(given, "vancomycin", "access:midline")
        assert level == "HOLD"
        assert {"V03", "R12"} <= rules
        assert ("R14" in rules) == (days > 14)


@pytest.mark.parametrize(
    ("device", "days", "expected"),
    [
        ("midline", 14, "silent"),
        ("midline", 15, "WARN"),
        ("piv", 4, "silent"),
        ("piv", 5, "WARN"),
        ("picc", 60, "silent"),
        ("piv", None, "silent"),
    ],
)
def test_a_short_line_is_not_for_a_long_therapy(device: str, days: int | None, expected: str) -> None:
    given = ask(orders=[{"drug": "cefazolin", "planned_days": days}], access={"type": device, "tip_confirmed": True})
    assert verdict(given, "cefazolin", f"access:{device}") == (expected, {"R14"} if expected == "WARN" else set())


@pytest.mark.parametrize("tip", [False, None])
@pytest.mark.parametrize("device", ["picc", "tunneled", "nontunneled", "port"])
def test_a_central_line_needs_its_tip_confirmed(device: str, tip: bool | None) -> None:
    given = ask(orders=["cefazolin"], access={"type": device, "tip_confirmed": tip})
    assert lines(given) == {"access:tip not confirmed | patient | STOP | V04 R13"}
    assert ask(orders=["cefazolin"], access={"type": device, "tip_confirmed": True})["clean"] is True


def test_a_peripheral_line_needs_no_tip() -> None:
    assert ask(orders=["cefazolin"], access={"type": "midline"})["clean"] is True


def test_a_dialysis_catheter_waits_for_nephrology() -> None:
    given = ask(orders=["cefazolin"], access={"type": "hd", "tip_confirmed": True})
    assert lines(given) == {"access:hd | patient | STOP | V08"}


@pytest.mark.parametrize(
    ("device", "route", "is_wrong"),
    [
        ("sc", "iv", True),
        ("sc", "sc", False),
        ("sc", "po", False),
        ("epidural", "iv", True),
        ("epidural", "epidural", False),
        ("epidural", "it", True),
        ("it", "it", False),
        ("it", "flush", True),
        ("picc", "it", True),
        ("picc", "intrathecal", True),
        ("picc", "epidural", True),
        ("picc", "iv", False),
        ("picc", "sc", False),
        ("piv", "im", False),
    ],
)
def test_a_route_goes_through_its_own_space(device: str, route: str, is_wrong: bool) -> None:
    given = ask(orders=[{"drug": "morphine", "route": route}], access={"type": device, "lumens": 2, "tip_confirmed": True})
    assert lines(given) == ({f"access:{device} | morphine | STOP | V05"} if is_wrong else set())


def test_an_inotrope_needs_a_lumen_in_reserve() -> None:
    assert lines(ask(orders=["milrinone"], access=PICC_1)) == {"access:single lumen | milrinone | HOLD | V07 R35"}
    assert lines(ask(orders=["milrinone"], access=PICC_2)) == set()
    assert lines(ask(orders=["milrinone"], access={"type": "picc", "tip_confirmed": True})) == lines(
        ask(orders=["milrinone"], access=PICC_1)
    )


INCOMPATIBLE = [
    ("milrinone", "furosemide"),
    ("dobutamine", "furosemide"),
    ("dobutamine", "sodium bicarbonate"),
    ("dobutamine", "heparin"),
    ("dobutamine", "acyclovir"),
    ("ceftriaxone", "vancomycin"),
    ("ceftriaxone", "gentamicin"),
    ("ceftriaxone", "fluconazole"),
    ("piperacillin-tazobactam", "vancomycin"),
    ("piperacillin-tazobactam", "acyclovir"),
    ("piperacillin-tazobactam", "ganciclovir"),
    ("piperacillin-tazobactam", "amphotericin b"),
    ("piperacillin-tazobactam", "tobramycin"),
    ("piperacillin-tazobactam", "lactated ringers"),
    ("ampicillin", "gentamicin"),
    ("penicillin g", "gentamicin"),
    ("vancomycin", "cefepime"),
    ("vancomycin", "heparin"),
    ("amphotericin b", "cefazolin"),
    ("amphotericin b", "sodium chloride"),
    ("ganciclovir", "foscarnet"),
    ("ganciclovir", "pn"),
    ("foscarnet", "acyclovir"),
    ("foscarnet", "pentamidine"),
    ("foscarnet", "sulfamethoxazole-trimethoprim"),
    ("foscarnet", "vancomycin"),
    ("acyclovir", "pn"),
    ("acyclovir", "dopamine"),
    ("pn", "phenytoin"),
    ("pn", "sulfamethoxazole-trimethoprim"),
    ("pn", "metronidazole"),
    ("heparin", "gentamicin"),
    ("heparin", "doxycycline"),
    ("heparin", "haloperidol"),
    ("sodium bicarbonate", "calcium"),
    ("sodium bicarbonate", "magnesium"),
    ("cefepime", "metronidazole"),
    ("cefepime", "gentamicin"),
    ("cefepime", "aminophylline"),
    ("aztreonam", "metronidazole"),
    ("aztreonam", "nafcillin"),
    ("fluorouracil", "morphine"),
    ("ivig", "cefazolin"),
    ("infliximab", "ondansetron"),
    ("vedolizumab", "cefazolin"),
    ("alpha-1 proteinase inhibitor", "cefazolin"),
    ("factor viii", "cefazolin"),
    ("quinupristin-dalfopristin", "sodium chloride"),
    ("quinupristin-dalfopristin", "heparin"),
    ("dalbavancin", "sodium chloride"),
    ("ertapenem", "dextrose"),
    ("caspofungin", "dextrose"),
    ("metronidazole", "ceftriaxone"),
]


@pytest.mark.parametrize(("one", "other"), INCOMPATIBLE)
def test_an_incompatible_pair_by_lumens_and_by_what_runs_on(one: str, other: str) -> None:
    def rules_for(access: dict[str, Any], **facts: Any) -> set[str]:
        orders = [{"drug": one, "continuous": False} | facts, {"drug": other, "continuous": False}]
        return verdict(ask(orders=orders, access=access), one, other)[1]

    assert "Y03" in rules_for(PICC_1)
    assert "Y02" in rules_for(PICC_1, continuous=True)
    assert "Y03" in rules_for(PICC_2, continuous=True)
    assert not {"Y01", "Y02", "Y03", "Y05"} & verdict(ask(orders=[one, other]), one, other)[1], (
        "no line on file, nothing about lumens"
    )


def test_an_incompatible_pair_in_one_running_lumen_stops() -> None:
    given = ask(orders=[{"drug": "fluorouracil", "continuous": True}, "morphine"], access=PICC_1)
    assert lines(given) == {"fluorouracil | morphine | STOP | Y02"}
    given = ask(orders=["milrinone", "furosemide"], access=PICC_1)
    alert = found(given, "milrinone", "furosemide")
    assert alert is not None
    assert (alert["level"], alert["rule"], alert["other_rules"]) == ("STOP", "Y02", ["V06", "P54"])
    both_run = ask(orders=["milrinone", {"drug": "furosemide", "continuous": True}], access=PICC_1)
    assert "V06" not in verdict(both_run, "milrinone", "furosemide")[1]


def test_a_pair_without_data_is_not_run_together() -> None:
    orders = ["cefazolin", "micafungin"]
    assert lines(ask(orders=orders, access=PICC_1)) == {"cefazolin | micafungin | INFO | Y05"}
    assert ask(orders=orders, access=PICC_1)["clean"] is True
    assert lines(ask(orders=orders, access=PICC_2)) == set()
    assert lines(ask(orders=["cefazolin", {"drug": "micafungin", "route": "sc"}], access=PICC_1)) == set()
    assert lines(ask(orders=["cefazolin"], home_medications=["micafungin"], access=PICC_1)) == set()
    assert (
        lines(ask(orders=[{"drug": "cefazolin", "route": "sc"}, {"drug": "micafungin", "route": "sc"}], access={"type": "sc"}))
        == set()
    )


def test_a_nutrition_lumen_is_not_shared() -> None:
    nutrition = {"drug": "pn", "potassium_meq_day": 0, "calcium_meq_day": 0}
    assert lines(ask(orders=[nutrition, "cefazolin"], access=PICC_1)) == {"cefazolin | pn | HOLD | V09 Y05"}
    assert lines(ask(orders=[nutrition, "cefazolin"], access=PICC_2)) == set()
    assert lines(ask(orders=[nutrition, "lipid emulsion"], access=PICC_1)) == set()
    assert lines(ask(orders=["lipid emulsion", nutrition], access=PICC_1)) == set()
    assert lines(ask(orders=["metronidazole", nutrition], access=PICC_1)) == {"metronidazole | pn | STOP | Y02 V06 V09"}


@pytest.mark.parametrize(
    ("drug", "flush", "is_wrong"),
    [
        ("amphotericin b", "NS", True),
        ("AmBisome", "normal saline 10 mL before and after", True),
        ("AmBisome", "0.9% sodium chloride", True),
        ("AmBisome", "D5W 20 mL", False),
        ("amphotericin b", "SASH", True),
        ("amphotericin b", "heparin 100 units/mL", True),
        ("dalbavancin", "saline", True),
        ("dalbavancin", "D5W", False),
        ("Orbactiv", "NS", True),
        ("oritavancin", "NS", True),
        ("Kimyrsa", "NS", False),
        ("ertapenem", "D5W", True),
        ("ertapenem", "NS", False),
        ("caspofungin", "dextrose 5%", True),
        ("daptomycin", "D5W", True),
        ("Cubicin RF", "D5W", False),
        ("daptomycin", "NS", False),
        ("ceftriaxone", "lactated Ringer's", True),
        ("ceftriaxone", "NS", False),
        ("quinupristin-dalfopristin", "NS", True),
        ("phenytoin", "D5W", True),
        ("piperacillin-tazobactam", "LR", True),
        ("cefazolin", "NS", False),
        ("cefazolin", "SASH", False),
    ],
)
def test_a_medicine_and_its_flush(drug: str, flush: str, is_wrong: bool) -> None:
    given = ask(orders=[{"drug": drug, "flush": flush}])
    alerts = [alert for alert in given["alerts"] if f"flush:{flush}" in (alert["a"], alert["b"])]
    assert [(alert["level"], alert["rule"]) for alert in alerts] == ([("STOP", "Y04")] if is_wrong else [])
    assert given["not_checked"] == []


def test_a_flush_ordered_by_itself_goes_with_every_infusion_that_names_none() -> None:
    saline = {"drug": "normal saline", "route": "flush"}
    assert lines(ask(orders=["AmBisome", saline])) == {"amphotericin b | flush:normal saline | STOP | Y04"}
    assert lines(ask(orders=[{"drug": "AmBisome", "flush": "D5W"}, saline])) == set()
    assert lines(ask(orders=["cefazolin", saline])) == set()


def test_the_fluid_a_medicine_is_mixed_in_counts_like_a_flush() -> None:
    assert lines(ask(orders=["ertapenem 1 g in D5W 50 mL"])) == {"ertapenem | flush:dextrose | STOP | Y04"}
    assert lines(ask(orders=["ertapenem 1 g in NS 50 mL"])) == set()


def test_a_flush_nobody_understands_is_not_checked() -> None:
    given = ask(orders=[{"drug": "AmBisome", "flush": "the blue one"}, {"drug": "cefazolin", "flush": "the blue one"}])
    assert [(item["name"], item["suggestion"]) for item in given["not_checked"]] == [("the blue one", None)]
    assert given["clean"] is False


def test_heparin_in_several_flushes_is_one_heparin() -> None:
    orders = [{"drug": "cefazolin", "flush": "heparin 10 units/mL"}, {"drug": "micafungin", "flush": "SASH"}]
    assert lines(ask(orders=orders, home_medications=["warfarin"])) == {"heparin | warfarin | WARN | P76"}

"""Home-infusion pairs, duplicates and drug-and-condition rules, row by row as the rule book prints them."""

from typing import Any

import pytest

from tests.rules.interactions.screen_questions import ask, found, lines, meet, verdict

SCREENED = {"tb_screened": True, "hbv_screened": True}
# Rule | level | one side | other sides
PAIRS = """
P01 HOLD linezolid: sertraline, duloxetine, amitriptyline, naratriptan, sumatriptan, buspirone, bupropion, methadone,
    meperidine, tramadol, tapentadol, fentanyl, dextromethorphan
P01 HOLD tedizolid: citalopram, venlafaxine, nortriptyline, eletriptan, buspirone, bupropion, fentanyl
P02 STOP linezolid: phenelzine, tranylcypromine, isocarboxazid, procarbazine, selegiline, methylene blue
P02 STOP tedizolid: phenelzine, methylene blue
P03 WARN linezolid: morphine, hydromorphone, oxycodone, pseudoephedrine, dopamine, epinephrine, tyramine, insulin
P04 WARN linezolid: rifampin
P05 HOLD daptomycin: simvastatin, atorvastatin, pravastatin, rosuvastatin, gemfibrozil, fenofibrate, cyclosporine
P06 STOP ertapenem: valproate
P06 STOP meropenem: valproate
P06 STOP imipenem: valproate
P06 STOP doripenem: valproate
P07 WARN ertapenem: tacrolimus
P08 WARN meropenem: probenecid
P08 WARN ertapenem: probenecid
P09 HOLD imipenem: ganciclovir, valganciclovir
P10 HOLD gentamicin: furosemide, bumetanide, torsemide, ethacrynate
P10 HOLD amikacin: furosemide
P11 HOLD tobramycin: vancomycin, amphotericin b, cisplatin, cyclosporine, tacrolimus, ibuprofen, ketorolac, colistin,
    foscarnet, contrast
P12 HOLD gentamicin: rocuronium, succinylcholine, magnesium sulfate injection iv, botulinum toxin
P13 HOLD vancomycin: piperacillin-tazobactam
P14 HOLD vancomycin: amphotericin b
P15 WARN vancomycin: ibuprofen, naproxen, contrast
P17 HOLD fluconazole: warfarin
P18 STOP voriconazole: sirolimus
P19 HOLD fluconazole: tacrolimus, cyclosporine, everolimus, sirolimus
P19 HOLD voriconazole: tacrolimus, cyclosporine, everolimus
P19 HOLD posaconazole: tacrolimus, sirolimus
P19 HOLD isavuconazole: tacrolimus, cyclosporine, everolimus, sirolimus
P20 HOLD fluconazole: methadone, ondansetron, amiodarone, haloperidol, levofloxacin, azithromycin, citalopram
P20 HOLD voriconazole: methadone, ondansetron, amiodarone, haloperidol, ciprofloxacin, azithromycin, citalopram
P20 HOLD posaconazole: methadone, ondansetron, moxifloxacin, erythromycin, citalopram
P21 STOP voriconazole: rifampin, carbamazepine, phenobarbital, st john's wort, ritonavir 400 mg, ritonavir, efavirenz
    600 mg, efavirenz 400 mg, efavirenz
P22 STOP isavuconazole: rifampin, carbamazepine, phenobarbital, st john's wort
P23 STOP voriconazole: simvastatin, lovastatin, ergotamine
P23 STOP posaconazole: simvastatin, lovastatin, dihydroergotamine, atorvastatin
P24 HOLD isavuconazole: simvastatin, lovastatin, ergotamine
P25 HOLD voriconazole: atorvastatin, pravastatin, rosuvastatin
P26 HOLD voriconazole: phenytoin, omeprazole, pantoprazole, methadone, fentanyl, oxycodone, midazolam, warfarin,
    glipizide
P27 STOP fluconazole: erythromycin, pimozide, quinidine
P28 HOLD fluconazole: phenytoin, glyburide, fentanyl, midazolam
P29 STOP fosamprenavir: simvastatin, lovastatin
P30 HOLD azathioprine: allopurinol
P30 HOLD mercaptopurine: allopurinol
P31 WARN caspofungin: cyclosporine, tacrolimus, rifampin, phenytoin
P32 HOLD ganciclovir: mycophenolate, zidovudine, sulfamethoxazole-trimethoprim, fluorouracil, dapsone
P32 HOLD valganciclovir: mycophenolate, zidovudine
P33 WARN ganciclovir: didanosine, probenecid
P34 HOLD foscarnet: pentamidine
P35 HOLD foscarnet: amphotericin b, gentamicin, cyclosporine, ondansetron, trazodone, furosemide
P36 WARN acyclovir: vancomycin, gentamicin, ibuprofen, tacrolimus, probenecid, mycophenolate
P37 HOLD ceftriaxone: calcium gluconate iv
P39 WARN ceftriaxone: warfarin
P40 HOLD nafcillin: warfarin, cyclosporine, tacrolimus, amlodipine, ethinyl estradiol, apixaban
P41 STOP rifampin: darunavir, lopinavir, fosamprenavir
P42 HOLD rifampin: warfarin, rivaroxaban, fluconazole, posaconazole, tacrolimus, methadone, prednisone, norethindrone
P43 HOLD piperacillin-tazobactam: methotrexate
P43 HOLD ampicillin: methotrexate
P44 INFO piperacillin-tazobactam: probenecid
P44 INFO penicillin g: probenecid
P45 STOP sulfamethoxazole-trimethoprim: dofetilide
P46 HOLD sulfamethoxazole-trimethoprim: warfarin, lisinopril, losartan, spironolactone, methotrexate, phenytoin
P47 STOP metronidazole: disulfiram
P48 HOLD metronidazole: warfarin, alcohol, lithium
P49 STOP ciprofloxacin: tizanidine
P50 HOLD levofloxacin: prednisone, glipizide, warfarin, theophylline
P51 HOLD erythromycin: atorvastatin, rosuvastatin
P52 HOLD amphotericin b: digoxin, prednisone, hydrochlorothiazide, furosemide
P53 HOLD amphotericin b: foscarnet, ibuprofen, cyclosporine, flucytosine, gentamicin
P54 WARN milrinone: digoxin, furosemide, anagrelide
P54 WARN dobutamine: metoprolol, carvedilol, digoxin, hydrochlorothiazide, phenelzine, anagrelide
P55 WARN treprostinil: lisinopril, amlodipine, warfarin, gemfibrozil, rifampin
P55 WARN epoprostenol: metoprolol, apixaban, gemfibrozil
P56 HOLD ivig: mmr vaccine, varicella vaccine
P56 HOLD scig: mmr vaccine
P57 WARN ivig: vancomycin, gentamicin, furosemide, spironolactone, estradiol
P58 HOLD infliximab: anakinra, abatacept, tocilizumab, tofacitinib, adalimumab, ustekinumab
P59 HOLD vedolizumab: natalizumab
P60 HOLD infliximab: mmr vaccine, yellow fever vaccine
P60 HOLD vedolizumab: varicella vaccine
P61 WARN infliximab: warfarin, cyclosporine, theophylline
P62 STOP fluorouracil: sorivudine, brivudine
P63 HOLD fluorouracil: warfarin, phenytoin, leucovorin, metronidazole, mmr vaccine
P64 HOLD hydromorphone: lorazepam, gabapentin, pregabalin, alcohol, cyclobenzaprine, diphenhydramine
P64 HOLD morphine: diazepam
P65 STOP morphine: naltrexone
P65 STOP fentanyl: naltrexone
P66 HOLD morphine: phenelzine, buprenorphine, nalbuphine, butorphanol
P67 HOLD methadone: voriconazole, clarithromycin, ritonavir, rifampin, phenytoin, carbamazepine
P71 WARN deferoxamine: vitamin c 500 mg, vitamin c, prochlorperazine
P73 WARN oritavancin: warfarin
P75 HOLD telavancin: amiodarone, ondansetron
P77 WARN alteplase: warfarin, apixaban
P78 WARN tigecycline: warfarin, isotretinoin, oral contraceptive
P78 WARN doxycycline: warfarin, ethinyl estradiol
P79 HOLD colistin: rocuronium, gentamicin
P79 HOLD polymyxin b: vecuronium, tobramycin
P80 WARN methylprednisolone: ibuprofen, insulin, mmr vaccine
P81 HOLD metoclopramide: quetiapine, haloperidol, amiodarone
P81 HOLD droperidol: olanzapine, ondansetron
P82 HOLD emicizumab: FEIBA
D01 WARN ampicillin: ceftriaxone
D01 WARN cefazolin: cephalexin
D01 WARN cefepime: aztreonam
D02 WARN meropenem: ertapenem
D03 WARN micafungin: caspofungin
D04 WARN amphotericin b: AmBisome
D05 WARN vancomycin: daptomycin
D05 WARN dalbavancin: oritavancin
D06 WARN gentamicin: tobramycin
D07 WARN fluconazole: voriconazole
D08 HOLD morphine: oxycodone ER, hydromorphone
D09 HOLD enoxaparin: warfarin, apixaban
D10 WARN pantoprazole: omeprazole
D13 HOLD milrinone: dobutamine
D14 HOLD vedolizumab: adalimumab
D15 HOLD ivig: scig
D16 WARN simvastatin: atorvastatin
D17 WARN lisinopril: losartan
D18 WARN vancomycin: Vancocin
"""
WRITTEN = {
    "magnesium sulfate injection iv": "magnesium",
    "calcium gluconate iv": "calcium",
    "ritonavir 400 mg": "ritonavir",
    "efavirenz 600 mg": "efavirenz",
    "efavirenz 400 mg": "efavirenz",
    "vitamin c 500 mg": "vitamin c",
    "oxycodone ER": "oxycodone",
    "FEIBA": "anti-inhibitor coagulant complex",
    "AmBisome": "amphotericin b",
    "Vancocin": "vancomycin",
}


def rows() -> list[tuple[str, str, str, str]]:
    found = []
    for line in PAIRS.replace("\n    ", " ").strip().splitlines():
        head, _, partners = line.partition(":")
        rule, level, one = head.split(" ", 2)
        found += [(rule, level, one, other.strip()) for other in partners.split(",")]
    return found


@pytest.mark.parametrize(("rule", "level", "one", "other"), rows())
def test_every_row_of_the_rule_book_raises_its_alert(rule: str, level: str, one: str, other: str) -> None:
    given = meet(one, other, patient=SCREENED)
    name = WRITTEN.get(other, other)
    strictest, rules = verdict(given, one, name)
    assert rule in rules, lines(given)
    order = ["STOP", "HOLD", "WARN", "INFO"]
    assert order.index(strictest) <= order.index(level)
    assert given["not_checked"] == []
    # Only the pair itself: a home medicine brings no alert of its own into this table.
    if rule not in ("P34", "P70"):
        assert {frozenset((alert["a"], alert["b"])) for alert in given["alerts"]} == {frozenset((one, name))}


def test_the_level_is_the_row_s_own_where_no_stricter_rule_matches() -> None:
    stricter = {
        ("P01", "procarbazine"),
    }
    levels = {(rule, one, other): level for rule, level, one, other in rows()}
    for (rule, one, other), level in levels.items():
        name = WRITTEN.get(other, other)
        given, rules = verdict(meet(one, other, patient=SCREENED), one, name)
        if len(rules) == 1 and (rule, other) not in stricter:
            assert given == level, (rule, one, other)


@pytest.mark.parametrize(
    ("question", "one", "other", "expected"),
    [
        # One alert at the strictest level, with every rule.
        (("rifampin", "atazanavir"), "rifampin", "atazanavir", "STOP ONC23 P41"),
        (("ciprofloxacin", "tizanidine"), "ciprofloxacin", "tizanidine", "STOP ONC28 P49 ONC21"),
        (("voriconazole", "simvastatin"), "voriconazole", "simvastatin", "STOP ONC25 P23"),
        (("infliximab", "adalimumab"), "infliximab", "adalimumab", "HOLD P58 D14"),
        (("meropenem", "ertapenem"), "meropenem", "ertapenem", "WARN D01 D02"),
        (("linezolid", "fentanyl"), "linezolid", "fentanyl", "HOLD P01"),
        (("voriconazole", "ondansetron"), "voriconazole", "ondansetron", "HOLD P20 ONC21"),
        (("vancomycin", "gentamicin"), "vancomycin", "gentamicin", "HOLD P11"),
        (("amphotericin b", "Abelcet"), "amphotericin b", "amphotericin b", "WARN D04 D18"),
        (("dobutamine", "phenelzine"), "dobutamine", "phenelzine", "WARN P54"),
        # Sirolimus has its own row with voriconazole.
        (("voriconazole", "sirolimus"), "voriconazole", "sirolimus", "STOP P18"),
        # A strength under the line is no interaction, and neither is an oral form where the row says by vein.
        (("voriconazole", "efavirenz 200 mg"), "voriconazole", "efavirenz", "INFO ONC21"),
        (("deferoxamine", "vitamin C 200 mg"), "deferoxamine", "vitamin c", "silent"),
        (("deferoxamine", "vitamin C 1 g"), "deferoxamine", "vitamin c", "WARN P71"),
        (("prednisone", "ciprofloxacin 500 mg tablet"), "prednisone", "ciprofloxacin", "silent"),
        (("prednisone", {"name": "ciprofloxacin 400 mg iv"}), "prednisone", "ciprofloxacin", "HOLD P50"),
        (("gentamicin", "magnesium 400 mg"), "gentamicin", "magnesium", "silent"),
        (("gentamicin", "magnesium oxide"), "gentamicin", "magnesium oxide", "silent"),
        # Chelation needs both by mouth; calcium by vein and digoxin need nothing.
        (("doxycycline", "calcium carbonate"), "doxycycline", "calcium carbonate", "silent"),
        (({"drug": "doxycycline", "route": "po"}, "calcium carbonate"), "doxycycline", "calcium carbonate", "WARN P69"),
        (
            ({"drug": "ciprofloxacin", "route": "po"}, "ferrous sulfate 325 mg tablet"),
            "ciprofloxacin",
            "ferrous sulfate",
            "WARN P69",
        ),
        (({"drug": "levofloxacin", "route": "po"}, "calcium 600 mg"), "levofloxacin", "calcium", "WARN P69"),
        (("pn", "doxycycline 100 mg tablet"), "pn", "doxycycline", "WARN P69"),
        (("digoxin", "Tums"), "digoxin", "calcium carbonate", "WARN P69"),
        (("digoxin", {"name": "calcium gluconate iv"}), "digoxin", "calcium", "WARN P69"),
        # Nutrition and its lipid.
        (("lipid emulsion", "propofol"), "lipid emulsion", "propofol", "WARN P70"),
        (("Intralipid 20%", "clevidipine"), "lipid emulsion", "clevidipine", "WARN P70"),
        (("pn", "warfarin"), "pn", "warfarin", "WARN P70"),
        # Unfractionated heparin by vein.
        (("oritavancin", {"name": "heparin", "stopped_days_ago": 0}), "oritavancin", "heparin", "STOP P72"),
        (("telavancin", "heparin iv"), "telavancin", "heparin", "STOP P74"),
        (("telavancin", "heparin 5000 units subcut"), "telavancin", "heparin", "silent"),
        (("telavancin", "enoxaparin"), "telavancin", "enoxaparin", "silent"),
        (
            ({"drug": "heparin", "route": "iv"}, {"name": "oritavancin", "stopped_days_ago": 4}),
            "oritavancin",
            "heparin",
            "STOP P72",
        ),
        (({"drug": "heparin", "route": "iv"}, {"name": "oritavancin", "stopped_days_ago": 5}), "oritavancin", "heparin", "silent"),
        # A heparin flush is not a second anticoagulant.
        (("heparin flush", "warfarin"), "heparin", "warfarin", "WARN P76"),
        (("heparin 100 units/mL lock", "enoxaparin"), "heparin", "enoxaparin", "WARN P76"),
        (({"drug": "heparin", "route": "iv"}, "warfarin"), "heparin", "warfarin", "HOLD D09"),
        (("heparin flush", {"name": "heparin 5000 units sc"}), "heparin", "heparin", "WARN P76"),
        # Two opioids, unless one is said to be immediate release.
        (({"drug": "hydromorphone", "route": "iv_pca"}, "morphine ER 30 mg"), "hydromorphone", "morphine", "HOLD D08"),
        (({"drug": "hydromorphone", "route": "iv_pca"}, "MS Contin"), "hydromorphone", "morphine", "HOLD D08"),
        (({"drug": "hydromorphone", "route": "iv_pca"}, "oxycodone IR 5 mg"), "hydromorphone", "oxycodone", "silent"),
        # Washouts.
        (("metronidazole", {"name": "disulfiram", "stopped_days_ago": 13}), "metronidazole", "disulfiram", "STOP P47"),
        (("metronidazole", {"name": "disulfiram", "stopped_days_ago": 14}), "metronidazole", "disulfiram", "silent"),
        (("fluorouracil", {"name": "brivudine", "stopped_days_ago": 27}), "fluorouracil", "brivudine", "STOP P62"),
        (("fluorouracil", {"name": "brivudine", "stopped_days_ago": 28}), "fluorouracil", "brivudine", "silent"),
        (("linezolid", {"name": "fluoxetine", "stopped_days_ago": 30}), "linezolid", "fluoxetine", "HOLD P01"),
        (("linezolid", {"name": "fluoxetine", "stopped_days_ago": 36}), "linezolid", "fluoxetine", "silent"),
        (("sertraline", {"name": "linezolid", "stopped_days_ago": 10}), "linezolid", "sertraline", "HOLD P01"),
        (("fluconazole", {"name": "warfarin", "stopped_days_ago": 2}), "fluconazole", "warfarin", "silent"),
        (("infliximab", {"name": "MMR vaccine", "stopped_days_ago": 20}), "infliximab", "mmr vaccine", "HOLD P60"),
        (("infliximab", {"name": "MMR vaccine", "stopped_days_ago": 28}), "infliximab", "mmr vaccine", "silent"),
        (("infliximab", {"name": "MMR vaccine", "planned": True}), "infliximab", "mmr vaccine", "HOLD P60"),
        # One ingredient through another gives one alert.
        (("ertapenem", "divalproex sodium 500 mg"), "ertapenem", "valproate", "STOP P06"),
        (("valganciclovir", "mycophenolate mofetil"), "valganciclovir", "mycophenolate", "HOLD P32"),
        # Duplicates.
        (({"drug": "Gamunex-C", "route": "sc"}, {"name": "Privigen"}), "scig", "ivig", "HOLD D15"),
        (("cefazolin", "Ancef 1 g"), "cefazolin", "cefazolin", "WARN D18"),
        (("milrinone", "milrinone"), "milrinone", "milrinone", "HOLD D13 D18"),
        (("lisinopril", "Zestoretic"), "lisinopril", "hydrochlorothiazide-lisinopril", "WARN D18"),
        (("insulin lispro", "insulin glargine"), "insulin lispro", "insulin glargine", "silent"),
        (("insulin", "insulin"), "insulin", "insulin", "WARN D18"),
        (("normal saline", "normal saline"), "sodium chloride", "sodium chloride", "silent"),
    ],
)
def test_levels_routes_washouts_and_merging(question: tuple[Any, Any], one: str, other: str, expected: str) -> None:
    alert = found(meet(*question, patient=SCREENED), one, other)
    shown = "silent" if alert is None else " ".join([alert["level"], alert["rule"], *alert["other_rules"]])
    assert shown == expected


@pytest.mark.parametrize(
    ("home", "expected"),
    [
        (["lisinopril", "furosemide"], "WARN"),
        (["losartan", "chlorthalidone"], "WARN"),
        (["lisinopril", "spironolactone"], "WARN"),
        (["lisinopril-hydrochlorothiazide"], "WARN"),
        (["Hyzaar"], "WARN"),
        (["lisinopril"], "silent"),
        (["furosemide"], "silent"),
        (["lisinopril", {"name": "furosemide", "stopped_days_ago": 3}], "silent"),
        (["lisinopril", "amlodipine"], "silent"),
    ],
)
def test_vancomycin_and_an_ace_inhibitor_need_a_diuretic_to_matter(home: list[Any], expected: str) -> None:
    given = ask(orders=["vancomycin"], home_medications=home)
    levels = {alert["level"] for alert in given["alerts"] if "P16" in [alert["rule"], *alert["other_rules"]]}
    assert levels == (set() if expected == "silent" else {expected})


@pytest.mark.parametrize(
    ("age_years", "expected"),
    [(0.02, "STOP P38"), (0.0767, "STOP P38"), (0.0794, "HOLD P37"), (40, "HOLD P37"), (None, "HOLD P37")],
)
def test_ceftriaxone_and_calcium_by_vein_by_age(age_years: float | None, expected: str) -> None:
    given = ask(orders=["ceftriaxone", "calcium gluconate"], patient={"age_years": age_years})
    alert = found(given, "ceftriaxone", "calcium")
    assert alert is not None
    assert f"{alert['level']} {alert['rule']}" == expected


@pytest.mark.parametrize("source", ["lactated ringers", "calcium chloride", "pn", {"drug": "pn", "calcium_meq_day": 10}])
def test_every_calcium_by_vein_meets_ceftriaxone(source: Any) -> None:
    assert verdict(ask(orders=["ceftriaxone", source]), "ceftriaxone", "calcium")[0] == "HOLD"


def test_nutrition_without_calcium_does_not() -> None:
    assert (
        found(ask(orders=["ceftriaxone", {"drug": "pn", "calcium_meq_day": 0, "potassium_meq_day": 0}]), "ceftriaxone", "calcium")
        is None
    )


def test_two_beta_lactams_for_endocarditis_are_meant() -> None:
    both = ["ampicillin", {"drug": "ceftriaxone", "indication": "E. faecalis endocarditis"}]
    assert found(ask(orders=both), "ampicillin", "ceftriaxone") is None
    assert (
        verdict(ask(orders=["cefepime", {"drug": "nafcillin", "indication": "endocarditis"}]), "cefepime", "nafcillin")[0] == "WARN"
    )
    assert (
        verdict(ask(orders=["ampicillin", {"drug": "ceftriaxone", "indication": "wound"}]), "ampicillin", "ceftriaxone")[0]
        == "WARN"
    )


@pytest.mark.parametrize(
    ("order", "months"),
    [
        ({"drug": "IVIG", "dose_mg_kg": 300}, 8),
        ({"drug": "IVIG", "dose_mg_kg": 400}, 8),
        ({"drug": "Privigen", "dose_mg_kg": 401}, 10),
        ({"drug": "IVIG", "dose_mg_kg": 1000}, 10),
        ({"drug": "IVIG", "dose_mg_kg": 2000}, 11),
        ({"drug": "IVIG", "dose_mg_kg": 2500}, None),
        ("IVIG", None),
        ("Hizentra", None),
        ({"drug": "Gamunex-C", "route": "sc", "dose_mg_kg": 400}, None),
        ("CMV-IGIV", 6),
        ("HBIG", 3),
        ("tetanus immune globulin", 3),
        ("rabies immune globulin", 4),
        ("VariZIG", 5),
        ("platelets", 7),
        ("packed red blood cells", 6),
    ],
)
@pytest.mark.parametrize("vaccine", ["MMR vaccine", "varicella vaccine"])
def test_the_wait_before_a_live_vaccine_is_by_product_and_dose(order: Any, months: int | None, vaccine: str) -> None:
    given = meet(order, {"name": vaccine, "planned": True})
    (alert,) = given["alerts"]
    assert (alert["level"], alert["rule"], alert["wait_months"]) == ("HOLD", "P56", months)
    assert vaccine.casefold() in (alert["a"], alert["b"])


@pytest.mark.parametrize(
    ("past", "expected"),
    [
        ({"name": "IVIG", "stopped_days_ago": 300}, "HOLD"),
        ({"name": "IVIG", "stopped_days_ago": 340}, "silent"),
        ({"name": "SCIG", "stopped_days_ago": 300}, "HOLD"),
        ({"name": "HBIG", "stopped_days_ago": 90}, "HOLD"),
        ({"name": "HBIG", "stopped_days_ago": 95}, "silent"),
    ],
)
def test_a_product_given_months_ago_still_counts(past: dict[str, Any], expected: str) -> None:
    given = ask(orders=["cefazolin"], home_medications=[past, {"name": "MMR vaccine", "planned": True}])
    assert [alert["level"] for alert in given["alerts"]] == ([] if expected == "silent" else [expected])


def test_only_alerts_about_a_vaccine_after_antibodies_speak_of_months() -> None:
    given = meet("infliximab", "MMR vaccine", patient=SCREENED)
    assert "wait_months" not in given["alerts"][0]


@pytest.mark.parametrize(
    ("orders", "labs", "expected"),
    [
        (["morphine"], {"creatinine_clearance_ml_min": 29.9}, {"lab:creatinine_clearance | morphine | HOLD | Q02"}),
        (["morphine"], {"creatinine_clearance_ml_min": 30}, set()),
        (["meperidine"], {"creatinine_clearance_ml_min": 12}, {"lab:creatinine_clearance | meperidine | HOLD | Q02"}),
        (["hydromorphone"], {"creatinine_clearance_ml_min": 20}, {"hydromorphone | lab:creatinine_clearance | WARN | Q03"}),
        (["fentanyl"], {"creatinine_clearance_ml_min": 20}, set()),
        (["morphine"], {}, set()),
    ],
)
def test_opioids_and_kidneys(orders: list[str], labs: dict[str, float], expected: set[str]) -> None:
    assert lines(ask(orders=orders, labs=labs)) == expected


@pytest.mark.parametrize(
    ("order", "patient", "expected"),
    [
        ("infliximab", {"tb_screened": True, "hbv_screened": True}, set()),
        ("infliximab", {"tb_screened": True, "hbv_screened": False}, {"infliximab | screening:tb hbv | STOP | Q09 R32"}),
        ("infliximab", {"tb_screened": True}, {"infliximab | screening:tb hbv | STOP | Q09 R32"}),
        ("Humira", {}, {"adalimumab | screening:tb hbv | STOP | Q09 R32"}),
        ("vedolizumab", {"tb_screened": None, "hbv_screened": True}, {"screening:tb hbv | vedolizumab | HOLD | R32"}),
        ("vedolizumab", {"tb_screened": True, "hbv_screened": True}, set()),
        ("ustekinumab", {}, set()),
    ],
)
def test_a_biologic_needs_both_screening_tests(order: str, patient: dict[str, Any], expected: set[str]) -> None:
    assert lines(ask(orders=[order], patient=patient)) == expected


def test_a_biologic_from_elsewhere_is_not_ours_to_screen() -> None:
    assert ask(orders=["cefazolin"], home_medications=["adalimumab"])["alerts"] == []

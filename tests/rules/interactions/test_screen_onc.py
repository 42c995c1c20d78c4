"""The fifteen interactions of the ONC high-priority list, written down from the published list, not from the product's tables."""

import pytest

from tests.rules.interactions.screen_questions import ask, found, meet, verdict

MAOI = ["tranylcypromine", "phenelzine", "isocarboxazid", "procarbazine", "selegiline"]
SSRI_SNRI = [
    "fluoxetine",
    "paroxetine",
    "citalopram",
    "escitalopram",
    "sertraline",
    "fluvoxamine",
    "duloxetine",
    "nefazodone",
    "desvenlafaxine",
    "milnacipran",
    "venlafaxine",
]
PROTEASE = [
    "ritonavir",
    "nelfinavir",
    "atazanavir",
    "indinavir",
    "saquinavir",
    "amprenavir",
    "darunavir",
    "lopinavir",
    "tipranavir",
]
MACROLIDE = ["clarithromycin", "erythromycin", "telithromycin"]
# Rule: one side, other side. Rows 3 to 31 of the list; row 21 has its own tests.
ONC = {
    "ONC03": (
        [
            "dexmethylphenidate",
            "dextroamphetamine",
            "methylphenidate",
            "lisdexamfetamine",
            "methamphetamine",
            "phendimetrazine",
            "pseudoephedrine",
            "amphetamine",
            "benzphetamine",
            "diethylpropion",
            "phentermine",
            "atomoxetine",
        ],
        [*MAOI, "methylene blue"],
    ),
    "ONC04": (["atazanavir"], ["omeprazole", "lansoprazole", "pantoprazole", "rabeprazole", "esomeprazole"]),
    "ONC06": (["azathioprine", "mercaptopurine"], ["febuxostat"]),
    "ONC08": (SSRI_SNRI, [*MAOI, "methylene blue"]),
    "ONC11": (
        ["irinotecan"],
        [
            *PROTEASE,
            "fosamprenavir",
            *MACROLIDE,
            *[
                "amiodarone",
                "verapamil",
                "diltiazem",
                "ketoconazole",
                "itraconazole",
                "fluconazole",
                "voriconazole",
                "nefazodone",
                "aprepitant",
                "cimetidine",
            ],
        ],
    ),
    "ONC16": (["meperidine", "methadone", "tapentadol", "fentanyl", "tramadol", "dextromethorphan"], [*MAOI, "methylene blue"]),
    "ONC20": (
        ["amitriptyline", "clomipramine", "desipramine", "doxepin", "imipramine", "nortriptyline", "protriptyline", "trimipramine"],
        [*MAOI, "methylene blue"],
    ),
    "ONC22": (["ramelteon"], ["fluvoxamine", "amiodarone", "ticlopidine", "ciprofloxacin"]),
    "ONC23": (
        [*PROTEASE, "fosamprenavir"],
        ["bosentan", "rifapentine", "carbamazepine", "rifabutin", "rifampin", "st john's wort"],
    ),
    "ONC25": (
        ["simvastatin", "lovastatin"],
        [
            *PROTEASE,
            *MACROLIDE,
            *["amiodarone", "verapamil", "diltiazem", "ketoconazole", "itraconazole", "fluconazole", "voriconazole", "nefazodone"],
        ],
    ),
    "ONC27": (
        ["ergotamine", "methylergonovine", "dihydroergotamine", "ergonovine"],
        [*PROTEASE, *MACROLIDE, "ketoconazole", "itraconazole", "voriconazole"],
    ),
    "ONC28": (
        ["tizanidine"],
        ["ciprofloxacin", "fluvoxamine", "mexiletine", "propafenone", "zileuton", "amiodarone", "ticlopidine"],
    ),
    "ONC30": (["tranylcypromine"], ["procarbazine"]),
    "ONC31": (["sumatriptan", "zolmitriptan", "rizatriptan"], [*MAOI, "moclobamide", "methylene blue"]),
}
EVERY_PAIR = [(rule, one, other) for rule, (a, b) in ONC.items() for one in a for other in b]
# Brand names and RxCUIs (VA NDF-RT mapping) of members on both sides, at least three where the list has three.
BRANDS = {
    "ONC03": (
        ("Ritalin", "methylphenidate"),
        ("Vyvanse", "lisdexamfetamine"),
        ("Strattera", "atomoxetine"),
        ("Nardil", "phenelzine"),
    ),
    "ONC08": (("Prozac", "fluoxetine"), ("Zoloft", "sertraline"), ("Cymbalta", "duloxetine"), ("Parnate", "tranylcypromine")),
    "ONC16": (("Demerol", "meperidine"), ("Ultram", "tramadol"), ("Duragesic", "fentanyl"), ("Marplan", "isocarboxazid")),
    "ONC20": (("Elavil", "amitriptyline"), ("Pamelor", "nortriptyline"), ("Tofranil", "imipramine"), ("Matulane", "procarbazine")),
    "ONC31": (("Imitrex", "sumatriptan"), ("Zomig", "zolmitriptan"), ("Maxalt", "rizatriptan"), ("Eldepryl", "selegiline")),
    "ONC11": (("Camptosar", "irinotecan"), ("Biaxin", "clarithromycin"), ("Norvir", "ritonavir"), ("Vfend", "voriconazole")),
    "ONC23": (
        ("Prezista", "darunavir"),
        ("Viracept", "nelfinavir"),
        ("Reyataz", "atazanavir"),
        ("Rifadin", "rifampin"),
        ("Tegretol", "carbamazepine"),
    ),
    "ONC25": (
        ("Zocor", "simvastatin"),
        ("Mevacor", "lovastatin"),
        ("Cordarone", "amiodarone"),
        ("Nizoral", "ketoconazole"),
        ("Calan", "verapamil"),
    ),
    "ONC27": (
        ("Methergine", "methylergonovine"),
        ("DHE", "dihydroergotamine"),
        ("Ergomar", "ergotamine"),
        ("Sporanox", "itraconazole"),
    ),
    "ONC28": (("Zanaflex", "tizanidine"), ("Cipro", "ciprofloxacin"), ("Luvox", "fluvoxamine"), ("Zyflo", "zileuton")),
    "ONC04": (("Reyataz", "atazanavir"), ("Prilosec", "omeprazole"), ("Protonix", "pantoprazole"), ("Nexium", "esomeprazole")),
    "ONC06": (("Imuran", "azathioprine"), ("Purixan", "mercaptopurine"), ("Uloric", "febuxostat")),
    "ONC22": (("Rozerem", "ramelteon"), ("Luvox", "fluvoxamine"), ("Pacerone", "amiodarone"), ("Ticlid", "ticlopidine")),
    "ONC30": (("Parnate", "tranylcypromine"), ("Matulane", "procarbazine")),
}
RXCUIS = {
    "ONC03": (
        ("6901", "methylphenidate"),
        ("8152", "phentermine"),
        ("725", "amphetamine"),
        ("8123", "phenelzine"),
        ("9639", "selegiline"),
    ),
    "ONC04": (("343047", "atazanavir"), ("7646", "omeprazole"), ("40790", "pantoprazole"), ("283742", "esomeprazole")),
    "ONC06": (("1256", "azathioprine"), ("103", "mercaptopurine")),
    "ONC08": (
        ("4493", "fluoxetine"),
        ("36437", "sertraline"),
        ("72625", "duloxetine"),
        ("10734", "tranylcypromine"),
        ("6011", "isocarboxazid"),
    ),
    "ONC11": (("21212", "clarithromycin"), ("121243", "voriconazole"), ("85762", "ritonavir"), ("3443", "diltiazem")),
    "ONC16": (("6754", "meperidine"), ("6813", "methadone"), ("4337", "fentanyl"), ("8702", "procarbazine")),
    "ONC20": (("704", "amitriptyline"), ("7531", "nortriptyline"), ("3638", "doxepin"), ("8123", "phenelzine")),
    "ONC22": (("703", "amiodarone"), ("2551", "ciprofloxacin"), ("10594", "ticlopidine")),
    "ONC23": (
        ("460132", "darunavir"),
        ("195088", "lopinavir"),
        ("190548", "tipranavir"),
        ("9384", "rifampin"),
        ("55672", "rifabutin"),
        ("2002", "carbamazepine"),
    ),
    "ONC25": (
        ("36567", "simvastatin"),
        ("6472", "lovastatin"),
        ("28031", "itraconazole"),
        ("4053", "erythromycin"),
        ("11170", "verapamil"),
    ),
    "ONC27": (
        ("6883", "methylergonovine"),
        ("4021", "ergonovine"),
        ("83395", "saquinavir"),
        ("6135", "ketoconazole"),
        ("274786", "telithromycin"),
    ),
    "ONC28": (("57258", "tizanidine"), ("6926", "mexiletine"), ("8754", "propafenone"), ("40575", "zileuton")),
    "ONC30": (("10734", "tranylcypromine"), ("8702", "procarbazine")),
    "ONC31": (("37418", "sumatriptan"), ("88014", "rizatriptan"), ("135775", "zolmitriptan"), ("6878", "methylene blue")),
}
MISSPELT = {
    "ONC03": ("methylfenidate", "methylphenidate", "phenelzine"),
    "ONC04": ("atazanivir", "atazanavir", "omeprazole"),
    "ONC06": ("azathioprin", "azathioprine", "febuxostat"),
    "ONC08": ("sertralin 50 mg", "sertraline", "phenelzine"),
    "ONC11": ("irinotecen", "irinotecan", "ketoconazole"),
    "ONC16": ("meperedine", "meperidine", "selegiline"),
    "ONC20": ("amitriptylin 25 mg", "amitriptyline", "isocarboxazid"),
    "ONC22": ("ramelteone", "ramelteon", "fluvoxamine"),
    "ONC23": ("darunivir", "darunavir", "rifampin"),
    "ONC25": ("simvastatine 40 mg", "simvastatin", "clarithromycin"),
    "ONC27": ("ergotamin", "ergotamine", "ritonavir"),
    "ONC28": ("tizanadine 4 mg tablet", "tizanidine", "ciprofloxacin"),
    "ONC30": ("tranylcipromine", "tranylcypromine", "procarbazine"),
    "ONC31": ("sumatryptan", "sumatriptan", "moclobamide"),
}


@pytest.mark.parametrize(("rule", "one", "other"), EVERY_PAIR)
def test_every_printed_pair_stops(rule: str, one: str, other: str) -> None:
    level, rules = verdict(meet(one, other), one, other)
    assert level == "STOP"
    assert rule in rules


@pytest.mark.parametrize("rule", sorted(ONC))
def test_the_pair_stops_whichever_side_is_ordered_and_also_between_two_home_medicines(rule: str) -> None:
    (one, *_), (other, *_) = ONC[rule]
    assert rule in verdict(meet(other, one), one, other)[1]
    assert rule in verdict(ask(orders=[one, other]), one, other)[1]
    assert rule in verdict(ask(orders=["cefazolin"], home_medications=[one, other]), one, other)[1]


@pytest.mark.parametrize(
    ("rule", "written", "ingredient"), [(rule, *names) for table in (BRANDS, RXCUIS) for rule, of in table.items() for names in of]
)
def test_brand_and_rxcui_are_the_ingredient(rule: str, written: str, ingredient: str) -> None:
    one_side, other_side = ONC[rule]
    partner = other_side[0] if ingredient in one_side else one_side[0]
    given = meet(written, partner)
    level, rules = verdict(given, ingredient, partner)
    assert (level, rule in rules, given["not_checked"]) == ("STOP", True, [])


@pytest.mark.parametrize(("rule", "written", "ingredient", "partner"), [(rule, *row) for rule, row in MISSPELT.items()])
def test_a_misspelling_is_proposed_and_never_taken(rule: str, written: str, ingredient: str, partner: str) -> None:
    given = meet(partner, written)
    assert found(given, ingredient, partner) is None
    assert given["clean"] is False
    (item,) = given["not_checked"]
    assert (item["name"], item["suggestion"]) == (written, ingredient)
    assert any(
        {alert["a"], alert["b"]} == {ingredient, partner} and rule in [alert["rule"], *alert["other_rules"]]
        for alert in item["alerts_if_confirmed"]
    )


@pytest.mark.parametrize(
    ("written", "ingredient"),
    [
        ("sertraline hydrochloride", "sertraline"),
        ("Sertraline HCl 50 mg tablet by mouth daily", "sertraline"),
        ("ZOLOFT 100mg", "sertraline"),
        ("citalopram hydrobromide 20 mg", "citalopram"),
        ("venlafaxine XR 75 mg capsule", "venlafaxine"),
        ("Adderall XR", "amphetamine-dextroamphetamine"),
    ],
)
def test_salt_strength_form_and_schedule_do_not_hide_an_ingredient(written: str, ingredient: str) -> None:
    assert verdict(meet("phenelzine", written), ingredient, "phenelzine")[0] == "STOP"


def test_every_ingredient_of_a_combination_counts() -> None:
    assert "ONC25" in verdict(meet("clarithromycin", "Vytorin 10/40"), "clarithromycin", "ezetimibe-simvastatin")[1]
    assert "ONC23" in verdict(meet("rifampin", "Kaletra"), "rifampin", "lopinavir-ritonavir")[1]
    assert "ONC16" in verdict(meet("phenelzine", "dextromethorphan/quinidine"), "phenelzine", "dextromethorphan-quinidine")[1]


@pytest.mark.parametrize(
    ("order", "stopped", "partner", "level"),
    [
        ("sertraline", {"name": "phenelzine", "stopped_days_ago": 13}, "phenelzine", "STOP"),
        ("sertraline", {"name": "phenelzine", "stopped_days_ago": 14}, "phenelzine", "silent"),
        ("sertraline", {"name": "phenelzine", "stopped_days_ago": 0}, "phenelzine", "STOP"),
        ("phenelzine", {"name": "fluoxetine", "stopped_days_ago": 34}, "fluoxetine", "STOP"),
        ("phenelzine", {"name": "fluoxetine", "stopped_days_ago": 35}, "fluoxetine", "silent"),
        ("phenelzine", {"name": "sertraline", "stopped_days_ago": 10}, "sertraline", "STOP"),
        ("phenelzine", {"name": "methylphenidate", "stopped_days_ago": 3}, "methylphenidate", "silent"),
        ("simvastatin", {"name": "clarithromycin", "stopped_days_ago": 1}, "clarithromycin", "silent"),
        ("tramadol", {"name": "selegiline", "stopped_days_ago": 7}, "selegiline", "STOP"),
    ],
)
def test_a_stopped_medicine_counts_within_its_washout(order: str, stopped: dict[str, object], partner: str, level: str) -> None:
    assert verdict(meet(order, stopped), order, partner)[0] == level


def test_two_stopped_medicines_do_not_meet() -> None:
    gone = [{"name": "phenelzine", "stopped_days_ago": 3}, {"name": "sertraline", "stopped_days_ago": 3}]
    assert ask(orders=["cefazolin"], home_medications=gone)["alerts"] == []


def test_methylene_blue_counts_by_vein_only() -> None:
    assert verdict(meet({"drug": "methylene blue", "route": "po"}, "sertraline"), "methylene blue", "sertraline")[0] == "silent"
    assert verdict(meet({"drug": "methylene blue", "route": None}, "sertraline"), "methylene blue", "sertraline")[0] == "STOP"

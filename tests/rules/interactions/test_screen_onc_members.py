"""Each ONC row by three members a side, where the list has three: as ingredient, brand, RxCUI and misspelling."""

import csv
from dataclasses import dataclass

import pytest

from tests.public_data import PUBLIC
from tests.rules.interactions.screen_questions import found, meet, verdict

MAPPING = PUBLIC / "ddi" / "NDFRT_RxNorm_mapping.csv"
# Ingredient: a brand, the RxCUI of the VA's NDF-RT to RxNorm mapping, and how a tired hand writes it.
WRITTEN = {
    "methylphenidate": ("Concerta", "6901", "methylfenidate"), "lisdexamfetamine": ("Vyvanse", "700810", "lisdexamphetamin"),
    "dextroamphetamine": ("Dexedrine", "3288", "dextroamfetamine"), "tranylcypromine": ("Parnate", "10734", "tranylcipromine"),
    "phenelzine": ("Nardil", "8123", "phenalzine"), "selegiline": ("Eldepryl", "9639", "selegeline"),
    "isocarboxazid": ("Marplan", "6011", "isocarboxazide"), "procarbazine": ("Matulane", "8702", "procarbazin"),
    "atazanavir": ("Reyataz", "343047", "atazanivir"), "omeprazole": ("Prilosec", "7646", "omeprazol"),
    "lansoprazole": ("Prevacid", "17128", "lansoprasole"), "pantoprazole": ("Protonix", "40790", "pantoprazol"),
    "azathioprine": ("Imuran", "1256", "azathioprin"), "mercaptopurine": ("Purixan", "103", "mercaptopurin"),
    "febuxostat": ("Uloric", "73689", "febuxostate"), "fluoxetine": ("Prozac", "4493", "fluoxetin"),
    "paroxetine": ("Paxil", "32937", "paroxitine"), "citalopram": ("Celexa", "2556", "citalopran"),
    "irinotecan": ("Camptosar", "51499", "irinotecen"), "ritonavir": ("Norvir", "85762", "ritonovir"),
    "nelfinavir": ("Viracept", "134527", "nelfinavire"), "clarithromycin": ("Biaxin", "21212", "clarithromicin"),
    "ketoconazole": ("Nizoral", "6135", "ketoconasole"), "meperidine": ("Demerol", "6754", "meperedine"),
    "methadone": ("Dolophine", "6813", "methadon"), "tapentadol": ("Nucynta", "787390", "tapentadole"),
    "fentanyl": ("Duragesic", "4337", "fentanil"), "amitriptyline": ("Elavil", "704", "amitriptylin"),
    "clomipramine": ("Anafranil", "2597", "clomipramin"), "desipramine": ("Norpramin", "3247", "desipramin"),
    "ondansetron": ("Zofran", "26225", "ondansetrone"), "haloperidol": ("Haldol", "5093", "haloperidole"),
    "amiodarone": ("Pacerone", "703", "amiodaron"), "ramelteon": ("Rozerem", "596205", "ramelteone"),
    "fluvoxamine": ("Luvox", "42355", "fluvoxamin"), "ticlopidine": ("Ticlid", "10594", "ticlopidin"),
    "ciprofloxacin": ("Cipro", "2551", "ciprofloxacine"), "darunavir": ("Prezista", "460132", "darunivir"),
    "rifampin": ("Rifadin", "9384", "rifampine"), "carbamazepine": ("Tegretol", "2002", "carbamazepin"),
    "bosentan": ("Tracleer", "75207", "bosentane"), "simvastatin": ("Zocor", "36567", "simvastatine"),
    "lovastatin": ("Mevacor", "6472", "lovastatine"), "ergotamine": ("Ergomar", "4025", "ergotamin"),
    "dihydroergotamine": ("Migranal", "3418", "dihydroergotamin"), "methylergonovine": ("Methergine", "6883", "methylergonovin"),
    "tizanidine": ("Zanaflex", "57258", "tizanadine"), "mexiletine": ("Mexitil", "6926", "mexilitine"),
    "propafenone": ("Rythmol", "8754", "propafenon"), "zileuton": ("Zyflo", "40575", "zileutone"),
    "sumatriptan": ("Imitrex", "37418", "sumatryptan"), "zolmitriptan": ("Zomig", "135775", "zolmitryptan"),
    "rizatriptan": ("Maxalt", "88014", "rizatryptan"),
}  # fmt: skip
_MAOI = ("tranylcypromine", "phenelzine", "selegiline")
# Rule: one side, other side, level. Rows 4, 11, 22, 28 have one medicine on one side, row 6 has two and one, row 30 one and one.
ROWS = {
    "ONC03": (("methylphenidate", "lisdexamfetamine", "dextroamphetamine"), _MAOI, "STOP"),
    "ONC04": (("atazanavir",), ("omeprazole", "lansoprazole", "pantoprazole"), "STOP"),
    "ONC06": (("azathioprine", "mercaptopurine"), ("febuxostat",), "STOP"),
    "ONC08": (("fluoxetine", "paroxetine", "citalopram"), _MAOI, "STOP"),
    "ONC11": (("irinotecan",), ("ritonavir", "clarithromycin", "ketoconazole"), "STOP"),
    "ONC16": (("meperidine", "methadone", "tapentadol"), ("isocarboxazid", "phenelzine", "procarbazine"), "STOP"),
    "ONC20": (("amitriptyline", "clomipramine", "desipramine"), _MAOI, "STOP"),
    "ONC21": (("ondansetron", "haloperidol", "amiodarone"), ("methadone", "citalopram", "ciprofloxacin"), "HOLD"),
    "ONC22": (("ramelteon",), ("fluvoxamine", "ticlopidine", "ciprofloxacin"), "STOP"),
    "ONC23": (("darunavir", "nelfinavir", "ritonavir"), ("rifampin", "carbamazepine", "bosentan"), "STOP"),
    "ONC25": (("simvastatin", "lovastatin"), ("clarithromycin", "amiodarone", "ketoconazole"), "STOP"),
    "ONC27": (("ergotamine", "dihydroergotamine", "methylergonovine"), ("ritonavir", "clarithromycin", "ketoconazole"), "STOP"),
    "ONC28": (("tizanidine",), ("mexiletine", "propafenone", "zileuton"), "STOP"),
    "ONC30": (("tranylcypromine",), ("procarbazine",), "STOP"),
    "ONC31": (("sumatriptan", "zolmitriptan", "rizatriptan"), ("isocarboxazid", "phenelzine", "tranylcypromine"), "STOP"),
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One member of one side with a partner of the other."""

    rule: str
    member: str
    partner: str
    level: str


CASES = [
    Case(rule, member, other[place % len(other)], level)
    for rule, (a, b, level) in ROWS.items()
    for one, other in ((a, b), (b, a))
    for place, member in enumerate(one)
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule} {case.member}")
@pytest.mark.parametrize("way", ["ingredient", "brand", "rxcui"])
def test_a_member_of_a_row_is_met_however_it_is_written(case: Case, way: str) -> None:
    brand, rxcui, _ = WRITTEN[case.member]
    written = {"ingredient": case.member, "brand": brand, "rxcui": f"RxCUI {rxcui}"}[way]
    given = meet(case.partner, written)
    level, rules = verdict(given, case.member, case.partner)
    assert (level, case.rule in rules, given["not_checked"]) == (case.level, True, [])


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule} {case.member}")
def test_a_misspelt_member_is_offered_with_what_it_would_bring_and_not_taken(case: Case) -> None:
    written = WRITTEN[case.member][2]
    given = meet(case.partner, written)
    assert found(given, case.member, case.partner) is None
    assert given["clean"] is False
    (item,) = given["not_checked"]
    assert (item["name"], item["suggestion"]) == (written, case.member)
    brought = [alert for alert in item["alerts_if_confirmed"] if {alert["a"], alert["b"]} == {case.member, case.partner}]
    assert [alert["level"] for alert in brought] == [case.level]
    assert case.rule in [brought[0]["rule"], *brought[0]["other_rules"]]


def test_every_row_of_the_list_is_here_with_three_members_where_the_list_has_three() -> None:
    assert len(ROWS) == 15
    short = {rule: (len(a), len(b)) for rule, (a, b, _) in ROWS.items() if min(len(a), len(b)) < 3}
    assert short == {
        "ONC04": (1, 3), "ONC06": (2, 1), "ONC11": (1, 3), "ONC22": (1, 3), "ONC25": (2, 3), "ONC28": (1, 3), "ONC30": (1, 1),
    }  # fmt: skip


@pytest.mark.skipif(not MAPPING.exists(), reason="the mapping of the VA is not here")
def test_the_codes_are_those_of_the_public_mapping() -> None:
    with MAPPING.open(encoding="utf-8") as lines:
        names: dict[str, set[str]] = {}
        for line in csv.DictReader(lines, delimiter=";"):
            names.setdefault(line["rxcui"], set()).add(line["drugname"].casefold())
    wrong = [name for name, (_, code, _) in WRITTEN.items() if not any(known.startswith(name) for known in names.get(code, ()))]
    assert wrong == []

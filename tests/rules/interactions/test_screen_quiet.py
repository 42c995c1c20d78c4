"""Pairs that look like a rule and are none: nothing may be said about them."""

import pytest

from tests.rules.interactions.screen_questions import ask, meet

# Why it looks like a rule | order | home medicine
NEAR_MISSES = [
    ("dexlansoprazole is not on the atazanavir row", "atazanavir", "dexlansoprazole"),
    ("famotidine is no proton pump inhibitor", "atazanavir", "famotidine"),
    ("allopurinol is not febuxostat, colchicine neither", "azathioprine", "colchicine"),
    ("febuxostat meets thiopurines only", "methotrexate", "febuxostat"),
    ("azithromycin is not on the statin row", "azithromycin", "simvastatin"),
    ("pravastatin is no simvastatin", "clarithromycin", "pravastatin"),
    ("rosuvastatin is no simvastatin", "diltiazem", "rosuvastatin"),
    ("micafungin is no azole", "micafungin", "simvastatin"),
    ("posaconazole is not on the irinotecan row", "posaconazole", "irinotecan"),
    ("fluconazole is not on the ergot row", "fluconazole", "ergotamine"),
    ("azithromycin is not on the ergot row", "azithromycin", "dihydroergotamine"),
    ("levofloxacin does not block CYP1A2 on the ramelteon row", "levofloxacin", "ramelteon"),
    ("cyclobenzaprine is no tizanidine", "ciprofloxacin", "cyclobenzaprine"),
    ("baclofen is no tizanidine", "ciprofloxacin", "baclofen"),
    ("naratriptan is not on the MAO row", "phenelzine", "naratriptan"),
    ("eletriptan is not on the MAO row", "selegiline", "eletriptan"),
    ("mirtazapine is no SSRI", "phenelzine", "mirtazapine"),
    ("rasagiline is not on the MAO list", "sertraline", "rasagiline"),
    ("methylphenidate and an SSRI", "methylphenidate", "sertraline"),
    ("an SSRI and a triptan", "sertraline", "sumatriptan"),
    ("phenytoin is not on the protease row", "darunavir", "phenytoin"),
    ("efavirenz is not on the protease row", "darunavir", "nevirapine"),
    ("tedizolid and morphine: only linezolid", "tedizolid", "morphine"),
    ("linezolid and acetaminophen", "linezolid", "acetaminophen"),
    ("linezolid and gabapentin", "linezolid", "gabapentin"),
    ("daptomycin and ezetimibe", "daptomycin", "ezetimibe"),
    ("daptomycin and warfarin", "daptomycin", "warfarin"),
    ("meropenem and levetiracetam", "meropenem", "levetiracetam"),
    ("cefepime and valproate", "cefepime", "valproate"),
    ("meropenem and tacrolimus", "meropenem", "tacrolimus"),
    ("imipenem and probenecid", "imipenem", "probenecid"),
    ("meropenem and ganciclovir: only imipenem", "meropenem", "valganciclovir"),
    ("gentamicin and hydrochlorothiazide: no loop diuretic", "gentamicin", "hydrochlorothiazide"),
    ("vancomycin and cefepime", "vancomycin", "cefepime"),
    ("vancomycin and lisinopril without a diuretic", "vancomycin", "lisinopril"),
    ("vancomycin and furosemide", "vancomycin", "furosemide"),
    ("vancomycin and aspirin", "vancomycin", "aspirin"),
    ("micafungin and warfarin", "micafungin", "warfarin"),
    ("micafungin and cyclosporine", "micafungin", "cyclosporine"),
    ("caspofungin and warfarin", "caspofungin", "warfarin"),
    ("cefazolin and warfarin: only ceftriaxone", "cefazolin", "warfarin"),
    ("cefazolin and calcium carbonate", "cefazolin", "calcium carbonate"),
    ("ceftriaxone and oral calcium", "ceftriaxone", "Tums"),
    ("oxacillin and warfarin: only nafcillin", "oxacillin", "warfarin"),
    ("cefazolin and methotrexate", "cefazolin", "methotrexate"),
    ("sulfamethoxazole-trimethoprim and sotalol's cousin atenolol", "sulfamethoxazole-trimethoprim", "atenolol"),
    ("dofetilide and ceftriaxone", "ceftriaxone", "dofetilide"),
    ("clindamycin and warfarin", "clindamycin", "warfarin"),
    ("clindamycin and alcohol", "clindamycin", "alcohol"),
    ("oritavancin and enoxaparin: only unfractionated heparin", "oritavancin", "enoxaparin"),
    ("dalbavancin and warfarin", "dalbavancin", "warfarin"),
    ("milrinone and metoprolol: only dobutamine", "milrinone", "metoprolol"),
    ("deferoxamine and 100 mg vitamin C", "deferoxamine", "vitamin C 100 mg"),
    ("IVIG and a dead vaccine", "IVIG", "influenza vaccine"),
    ("IVIG and levothyroxine", "IVIG", "levothyroxine"),
    ("morphine and methylnaltrexone", "morphine", "methylnaltrexone"),
    ("morphine and acetaminophen", "morphine", "acetaminophen"),
    ("fluorouracil and ondansetron", "fluorouracil", "ondansetron"),
    ("voriconazole and ritonavir 100 mg", "voriconazole", "ritonavir 100 mg"),
    ("isavuconazole is no QT drug", "isavuconazole", "ondansetron"),
    ("ampicillin and levothyroxine", "ampicillin", "levothyroxine"),
    ("acyclovir and lisinopril", "acyclovir", "lisinopril"),
    ("tigecycline and lisinopril", "tigecycline", "lisinopril"),
    ("enalapril and hydrochlorothiazide", "enalapril", "hydrochlorothiazide"),
    ("warfarin and acetaminophen", "warfarin", "acetaminophen"),
    ("linezolid given for other reasons than MAO: rifabutin", "linezolid", "rifabutin"),
    ("heparin flush and no anticoagulant", {"drug": "heparin", "route": "flush"}, "lisinopril"),
]


@pytest.mark.parametrize(("reason", "order", "home"), NEAR_MISSES)
def test_a_near_miss_stays_silent(reason: str, order: object, home: object) -> None:
    given = meet(order, home)
    assert given["alerts"] == [], reason
    assert given["not_checked"] == []
    assert given["clean"] is True


def test_the_list_of_near_misses_is_long_enough_to_mean_something() -> None:
    assert len(NEAR_MISSES) >= 30


def test_one_medicine_alone_raises_nothing() -> None:
    assert ask(orders=["cefazolin"])["alerts"] == []

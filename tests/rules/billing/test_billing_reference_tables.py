"""The code tables: complete for the rule book, consistent with each other and with the CMS file where it is at hand."""

import csv
import importlib.util
import os
from datetime import date
from pathlib import Path

import pytest

from infusiondesk.billing.exchange import shipped_reference
from infusiondesk.billing.rules.codes import HOURLY_ANTI_INFECTIVE, VOLUME_FAMILIES
from infusiondesk.billing.rules.reference import DrugChoice, Reference, read_reference

ROOT = Path(__file__).resolve().parents[3]
TABLES = ROOT / "db" / "reference"
CMS = (
    Path(os.environ.get("INFUSIONDESK_PUBLIC_DATA", ROOT.parent / "shared" / "data"))
    / "hcpcs"
    / "hcpcs_2025_oct_codes_and_dates.csv"
)
REFERENCE = shipped_reference()

# Billing 1.1 to 1.5, 2.1, 2.5 and 3.1 to 3.3, by what the codes have in common before their last figure.
NAMED = {
    "S503": "56",
    "S549": "78",
    "S550": "12",
    "S551": "78",
    "S552": "0123",
    "S906": "1",
    "S920": "89",
    "S921": "1234",
    "S932": "56789",
    "S933": "015689",
    "S934": "012356789",
    "S935": "13579",
    "S936": "1345678",
    "S937": "02345679",
    "S949": "047",
    "S950": "01234",
    "S952": "9",
    "S953": "78",
    "S954": "2",
    "S955": "89",
    "S956": "023",
    "S959": "0",
    "S981": "0",
    "S912": "34",
    "9960": "12",
    "S": "HJSD",
    "J": "WZAB",
    "K": "X",
    "G": "AYZ",
    "E077": "69",
    "E078": "0147",
    "E079": "1",
    "K045": "5",
    "K055": "2",
    "K060": "12345",
    "A422": "12345",
    "A423": "012",
    "A430": "56",
    "A460": "2",
    "J779": "9",
    "Q205": "2",
    "G006": "89",
    "G007": "0",
    "G008": "89",
    "G009": "0",
    "B418": "579",
    "B419": "379",
    "B422": "024",
    "B900": "46",
}
TERMINATED = {
    "J3370": "2025-06-30",
    "J3371": "2025-06-30",
    "J3372": "2025-06-30",
    "S0074": "2025-09-30",
    "J0693": "2021-09-30",
    "S0032": "2025-03-31",
    "S0073": "2023-06-30",
    "S0077": "2023-06-30",
    "S0030": "2023-06-30",
    "S0039": "2025-03-31",
    "J1170": "2024-09-30",
    "J1940": "2025-03-31",
    "J2920": "2024-03-31",
    "J2930": "2024-03-31",
    "S0028": "2025-03-31",
    "S0164": "2024-06-30",
    "J2505": "2021-12-31",
    "J0171": "2025-06-30",
    "J1300": "2025-03-31",
}


def rows(name: str) -> list[dict[str, str]]:
    text = (TABLES / name).read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


@pytest.mark.parametrize("code", [start + end for start, ends in NAMED.items() for end in ends])
def test_every_code_of_the_rule_book_is_in_the_table(code: str) -> None:
    """Billing 1.1 to 1.5, 2.1, 2.5, 3.1 to 3.3."""
    assert REFERENCE.codes[code].label


@pytest.mark.parametrize(("code", "last_day"), TERMINATED.items())
def test_terminated_codes_stay_with_their_dates(code: str, last_day: str) -> None:
    """Billing 4: successor dates are exact."""
    life = REFERENCE.codes[code]
    assert life.last_day == date.fromisoformat(last_day) and life.in_force(life.last_day)
    assert not life.in_force(date(2025, 10, 1))


def test_every_row_has_a_source_and_our_own_label() -> None:
    for row in rows("hcpcs_codes.csv"):
        assert row["label"] and row["kind"] and row["source"], row
        assert len(row["label"]) < 70
    for row in rows("drug_codes.csv"):
        assert row["source"] and row["ingredient"] == row["ingredient"].lower(), row
    assert len({row["code"] for row in rows("hcpcs_codes.csv")}) == len(rows("hcpcs_codes.csv"))


@pytest.mark.parametrize("name", ["hcpcs_codes.csv", "drug_codes.csv"])
def test_tables_open_with_source_version_and_date(name: str) -> None:
    head = (TABLES / name).read_text(encoding="utf-8").splitlines()[0]
    assert head.startswith("#") and "2025" in head and "ersion 1, 2026" in head


def test_cpt_codes_have_no_dates_and_say_so() -> None:
    for row in rows("hcpcs_codes.csv"):
        if row["code"] in ("99601", "99602", "59"):
            assert not row["add_date"] and not row["last_day"] and "AMA" in row["source"]


def test_drug_codes_live_as_long_as_their_hcpcs_codes() -> None:
    for drug in REFERENCE.drugs:
        life = REFERENCE.codes[drug.code]
        assert (drug.valid_from, drug.last_day) == (life.add_date, life.last_day), drug.code


def test_of_one_ingredient_one_code_is_chosen_on_every_day() -> None:
    """Where two defaults are in force on one day, they began on different days, so that the newer one is known."""
    names = {name for drug in REFERENCE.drugs for name in drug.names}
    for name in names:
        defaults = [drug for drug in REFERENCE.drugs if name in drug.names and drug.choice is DrugChoice.DEFAULT]
        assert len({drug.valid_from for drug in defaults}) == len(defaults), name
        assert bool(defaults) != any(name in drug.names and drug.choice is DrugChoice.CONTAINER for drug in REFERENCE.drugs) or any(
            name in drug.names and drug.choice is DrugChoice.NOC for drug in REFERENCE.drugs
        ), name


# drug, day, code
CHOSEN: list[tuple[str, str, str | None]] = [
    ("nafcillin", "2024-12-31", "S0032"),
    ("nafcillin", "2025-02-01", "J2290"),
    ("daptomycin", "2026-01-01", "J0878"),
    ("ivig", "2026-01-01", "J1599"),
    ("rifampin", "2025-03-31", None),
    ("unclassified drug", "2026-01-01", None),
    ("ns", "2026-01-01", None),
]


@pytest.mark.parametrize(("drug", "day", "code"), CHOSEN)
def test_the_code_chosen_by_itself(drug: str, day: str, code: str | None) -> None:
    found = REFERENCE.drug_on(drug, date.fromisoformat(day))
    assert (found.code if found else None) == code


def test_bags_are_the_largest_first() -> None:
    assert [row.code for row in REFERENCE.bags_on("ns", date(2026, 1, 1))] == ["J7030", "J7040", "J7050"]
    assert REFERENCE.bags_on("vancomycin", date(2026, 1, 1)) == ()


def test_codes_the_rules_name_are_in_the_table() -> None:
    named = {*HOURLY_ANTI_INFECTIVE.values(), *(code for family in VOLUME_FAMILIES.values() for code in family)}
    assert named <= set(REFERENCE.codes)


def test_a_table_without_dates_is_always_in_force() -> None:
    head = "ingredient,also,code,size,unit,upto,modifier,choice,dme,hit,valid_from,last_day,source,note"
    small = read_reference(
        "# x\ncode,kind,label,add_date,last_day,source\nZ1,modifier,z,,,x", f"{head}\nzz,,Z1,1,mg,,,default,,,,,x,"
    )
    assert isinstance(small, Reference) and small.codes["Z1"].in_force(date(1990, 1, 1))
    found = small.drug_on("zz", date(1990, 1, 1))
    assert found is not None and found.code == "Z1"


def maker() -> object:
    spec = importlib.util.spec_from_file_location("make_hcpcs_codes", TABLES / "make_hcpcs_codes.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.refresh


SMALL_CMS = "code,kind,short,add_date,termination_date\nJ3370,procedure,x,19860101,20250630\nSH,modifier,x,20010701,\n"


def test_the_script_takes_dates_and_keeps_labels() -> None:
    refresh = maker()
    assert callable(refresh)
    rows = ["# old", "code,kind,label,add_date,last_day,source", 'J3370,drug,"vancomycin, 500 mg",,,']
    table = "\n".join([*rows, "99601,nursing,visit,,,", "Z9,drug,z,2001-01-01,,payer"])
    written, missing = refresh(table, SMALL_CMS, "CMS test")
    assert missing == ["Z9"]
    assert 'J3370,drug,"vancomycin, 500 mg",1986-01-01,2025-06-30,CMS test' in written
    assert "99601,nursing,visit,,,CPT (AMA)" in written and "Z9,drug,z,2001-01-01,,payer" in written


def test_the_table_is_what_the_script_makes_of_the_cms_file() -> None:
    """Runs on the CMS file where it is at hand, else on two rows of it."""
    refresh = maker()
    assert callable(refresh)
    table = (TABLES / "hcpcs_codes.csv").read_text(encoding="utf-8")
    if CMS.exists():
        written, missing = refresh(table, CMS.read_text(encoding="utf-8"), "CMS HCPCS 2025-10")
        assert missing == [] and written == table
    else:
        written, _ = refresh(table, SMALL_CMS, "CMS HCPCS 2025-10")
        assert 'J3370,drug,"vancomycin, 500 mg",1986-01-01,2025-06-30,CMS HCPCS 2025-10' in written

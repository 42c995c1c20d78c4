"""The reference tables say for every number where it comes from, and no unsigned number can become a beyond-use date."""

import csv
from decimal import Decimal
from pathlib import Path

REFERENCE = Path(__file__).parents[3] / "db" / "reference"


def rows(name: str) -> list[dict[str, str]]:
    lines = (REFERENCE / name).read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("#") and "Version" in lines[0]
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def test_every_row_of_the_stability_table_is_there() -> None:
    assert {row["row"] for row in rows("stability.csv")} == {"2b", *(str(number) for number in range(1, 57))}


def test_what_was_not_read_gives_no_hours() -> None:
    for row in rows("stability.csv"):
        assert row["status"] in ("label", "study", "memory", "policy", "unknown"), row
        assert row["storage"] in ("crt", "refrigerator", "freezer", "thawed_crt", "thawed_refrigerator", "pump_37c"), row
        assert row["allowed"] in ("yes", "no", "unknown"), row
        was_read = row["status"] in ("label", "study")
        assert bool(row["hours"]) == (was_read and row["allowed"] == "yes"), row
        assert bool(row["unverified_hours"]) == (row["status"] in ("memory", "policy") and row["allowed"] == "yes"), row
        assert (row["status"] == "unknown") == (row["allowed"] == "unknown") == (not row["source"]) or row["allowed"] == "no", row
        for told in (row["hours"], row["unverified_hours"]):
            assert not told or Decimal(told) > 0, row
        if row["concentration_from"]:
            assert Decimal(row["concentration_from"]) <= Decimal(row["concentration_to"]), row


def test_a_few_numbers_as_the_sources_print_them() -> None:
    told = {
        (row["drug"], row["form"], row["container"], row["concentration_to"], row["storage"], row["status"]): row["hours"]
        for row in rows("stability.csv")
    }
    assert told["ceftriaxone", "", "", "20", "crt", "study"] == "72"
    assert told["meropenem", "", "", "20", "crt", "label"] == "1"
    assert told["meropenem", "", "", "20", "refrigerator", "label"] == "15"
    assert told["micafungin", "", "", "4", "crt", "label"] == "24"
    assert told["infliximab", "", "PVC", "0.4", "refrigerator", "study"] == "336"
    assert told["ertapenem", "", "", "20", "refrigerator", "memory"] == ""
    assert told["methylprednisolone", "1 g", "", "", "crt", "unknown"] == ""


def test_auxiliary_labels_name_drugs_and_status() -> None:
    found = rows("handling.csv")
    assert {row["status"] for row in found} == {"read", "memory", "policy"}
    assert all(
        row["label"] and row["text"].endswith(".") and row["drug"] and row["source"].startswith("clinical ") for row in found
    )
    assert len({(row["label"], row["drug"], row["scope"]) for row in found}) == len(found)
    named = {row["drug"] for row in found if row["label"] in ("REFRIGERATE", "ROOM_TEMPERATURE_ONLY", "HAZARDOUS")}
    assert {"vancomycin", "acyclovir", "ganciclovir", "fluorouracil"} <= named


def test_a_label_never_contradicts_the_stability_table() -> None:
    forbidden = {row["drug"] for row in rows("stability.csv") if row["storage"] == "refrigerator" and row["allowed"] == "no"}
    cold = {row["drug"] for row in rows("handling.csv") if row["label"] == "REFRIGERATE"}
    warm = {row["drug"] for row in rows("handling.csv") if row["label"] == "ROOM_TEMPERATURE_ONLY"}
    # A factor vial waits in the refrigerator; reconstituted it may not: the one drug that is in both.
    assert forbidden & cold == {"factor VIII"}
    assert forbidden - {"factor VIII"} <= warm

"""Reads the lines of the shipped reference tables into drafts; words that have two readings are written out on the way."""

import csv
import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from infusiondesk.catalog.rules.codes import CodeEntry
from infusiondesk.catalog.rules.drafts import DrugDraft, ProductDraft, StabilityDraft
from infusiondesk.catalog.rules.stability import OTHER_FLUIDS
from infusiondesk.foundation.kernel.ismp import tall_man

# Fluids are written out on screens and labels; their initials have been read in two ways.
FLUIDS: Final[Mapping[str, str]] = {
    "1/2NS": "0.45% sodium chloride",
    "NS": "0.9% sodium chloride",
    "D5W": "5% dextrose",
    "SWFI": "sterile water for injection",
    "BWFI": "bacteriostatic water for injection",
    "LR": "lactated Ringer's",
}
UNDILUTED: Final = "undiluted"
DILUENTS: Final = (*FLUIDS.values(), UNDILUTED)


def lines_of(text: str) -> list[dict[str, str]]:
    """The lines of a reference table by column; comment lines stand at its head."""
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def fluids_of(text: str) -> tuple[str, ...]:
    """The fluids a source names: "NS, D5W" are two; of "SWFI then NS" the second is what the drug stands in."""
    final = text.rsplit(" then ", 1)[-1]
    found = tuple(FLUIDS[token] for token in re.findall(r"1/2NS|NS|D5W|SWFI|BWFI|LR", final))
    if found:
        return found
    return (OTHER_FLUIDS,) if final == "other" else tuple(filter(None, (final,)))


def written_out(text: str) -> str:
    """A remark of a source with its fluids written out."""
    return re.sub(r"(?<!\w)(?:1/2NS|NS|D5W|SWFI|BWFI|LR)(?!\w)", lambda found: FLUIDS[found[0]], text)


def drug_of(line: Mapping[str, str]) -> DrugDraft:
    """A line of drugs.csv."""
    return DrugDraft(
        ingredient=line["ingredient"],
        name=tall_man(line["name"]),
        reference_name=line["reference_name"] or line["ingredient"],
        therapy=line["therapy"],
        therapy_class=line["therapy_class"],
        routes=tuple(filter(None, line["routes"].split(";"))),
        dose_unit=line["dose_unit"],
        hazard=line["hazard"],
        controlled=line["controlled"],
        first_dose_risk=line["first_dose_risk"],
        vesicant=line["vesicant"],
        central_only=line["central_only"] == "yes",
        line_note=line["line_note"],
        storage_text=line["storage"],
        iv_ways=tuple(filter(None, line["iv_ways"].split(";"))),
        source=line["source"],
        status=line["status"],
    )


def product_of(line: Mapping[str, str], drug_id: UUID) -> ProductDraft:
    """A line of products.csv."""
    return ProductDraft(
        drug_id=drug_id,
        label=tall_man(line["label"]),
        formulation=line["formulation"],
        form=line["form"],
        container=line["container"],
        content_amount=_number(line["content"]),
        content_unit=line["unit"],
        reconstitution_ml=_number(line["reconstitution_ml"]),
        reconstitute_with=line["reconstitute_with"],
        volume_ml=_number(line["volume_ml"]),
        concentration=_number(line["concentration"]),
        in_use_hours=_number(line["in_use_hours"]),
        maker_text=line["maker"],
        storage=line["storage"],
        source=line["source"],
        status=line["status"],
    )


def stability_of(line: Mapping[str, str], drug_id: UUID) -> StabilityDraft:
    """A line of stability.csv; hours from memory are taken as such and wait for a signature."""
    diluents = fluids_of(line["diluent"])
    remark = written_out(line["note"])
    named = ", ".join(diluents)
    if diluents and written_out(line["diluent"]) != named and diluents != (OTHER_FLUIDS,):
        remark = "; ".join(filter(None, (written_out(line["diluent"]), remark)))
    return StabilityDraft(
        drug_id=drug_id,
        formulation=line["form"],
        diluents=diluents,
        container=line["container"],
        storage=line["storage"],
        concentration_low=_number(line["concentration_from"]),
        concentration_high=_number(line["concentration_to"]),
        concentration_unit=line["concentration_unit"],
        is_forbidden=line["allowed"] == "no",
        hours=_number(line["hours"]) or _number(line["unverified_hours"]),
        note=remark,
        source=line["source"],
        status=line["status"],
    )


def stability_lines_of(drug: str, lines: Iterable[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """The stability lines about a drug; the table writes some names with capitals."""
    return [line for line in lines if line["drug"].casefold() == drug.casefold()]


def code_of(line: Mapping[str, str]) -> CodeEntry:
    """A line of hcpcs_codes.csv."""
    return CodeEntry(line["code"], line["kind"], line["label"], _day(line["add_date"]), _day(line["last_day"]))


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None

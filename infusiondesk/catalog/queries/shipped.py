"""The tables that are shipped with the program, read once; they change with a release only."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from infusiondesk.catalog.rules.names import DrugNames, names_index
from infusiondesk.catalog.rules.reference import lines_of

REFERENCE: Final = Path(__file__).parents[3] / "db" / "reference"


@cache
def shipped(name: str) -> Sequence[Mapping[str, str]]:
    """The lines of one shipped table."""
    return lines_of((REFERENCE / f"{name}.csv").read_text("utf-8"))


@cache
def medicine_names() -> Mapping[str, DrugNames]:
    """Brands and RxCUIs by every name a medicine goes by, from the tables of the screening."""
    return names_index([*shipped("ingredients"), *shipped("ingredient_names")])

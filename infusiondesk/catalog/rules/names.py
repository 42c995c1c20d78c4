"""What a drug of the catalog is called elsewhere: brands and RxCUIs, from the tables in which the screening knows its medicines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class DrugNames:
    """The other names of a drug; what is empty is not known."""

    brands: tuple[str, ...] = ()
    rxcuis: tuple[str, ...] = ()


def names_index(lines: Iterable[Mapping[str, str]]) -> Mapping[str, DrugNames]:
    """Names by ingredient, and by each brand and other name; a brand stands for itself alone, with the RxCUIs of what is in it."""
    found: dict[str, DrugNames] = {}
    others: dict[str, DrugNames] = {}
    for line in lines:
        names = DrugNames(_parts(line["brands"]), _parts(line["rxcuis"]))
        found.setdefault(line["ingredient"].casefold(), names)
        for brand in names.brands:
            others.setdefault(brand.casefold(), replace(names, brands=(brand,)))
        for other in _parts(line.get("other_names") or ""):
            others.setdefault(other.casefold(), names)
    return others | found


def names_of(ingredient: str, index: Mapping[str, DrugNames]) -> DrugNames:
    """The names of a drug; a strength, a salt or a use behind the ingredient ("heparin flush") is no part of what it is called."""
    words = ingredient.casefold().split()
    for length in range(len(words), 0, -1):
        if (names := index.get(" ".join(words[:length]))) is not None:
            return names
    return DrugNames()


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())

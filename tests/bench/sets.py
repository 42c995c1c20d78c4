"""Made-up medicines, pairs and profiles to measure screens on, the same in every run."""

import random
from collections.abc import Sequence
from dataclasses import replace

from infusiondesk.interactions.exchange import reference_knowledge
from infusiondesk.interactions.rules import Access, Allergy, Knowledge, Level, Profile, Written
from infusiondesk.interactions.rules.knowledge import PairRule, Row
from infusiondesk.interactions.rules.layers import LayerContent, LayerPair
from infusiondesk.interactions.rules.names import Ingredient

LETTERS = "abcdefghijklmnopqrst"
NAMES = [f"zz{a}{b}{c}ol" for a in LETTERS for b in LETTERS for c in LETTERS][:3000]
USUAL = (
    "vancomycin", "linezolid", "ceftriaxone", "sertraline", "warfarin", "amiodarone", "simvastatin", "clarithromycin", "lisinopril",
    "furosemide", "spironolactone", "potassium chloride", "ibuprofen", "tramadol", "morphine", "lorazepam", "gabapentin",
    "ondansetron",
    "metoprolol", "digoxin", "insulin glargine", "prednisone", "omeprazole", "fluconazole", "levothyroxine",
)  # fmt: skip


def pairs(count: int, names: Sequence[str] = NAMES) -> list[tuple[str, str]]:
    """So many different pairs of these medicines."""
    dice = random.Random(3)
    found: set[tuple[str, str]] = set()
    while len(found) < count:
        a, b = sorted(dice.sample(names, 2))
        found.add((a, b))
    return sorted(found)


def knowledge_with(count: int) -> Knowledge:
    """Our own reference and so many pairs more, as rules of tables."""
    row = Row("bench")
    rules = tuple(PairRule(f"VA {n}", (a,), (b,), Level.WARN, "m", "a", row) for n, (a, b) in enumerate(pairs(count)))
    tables = reference_knowledge().tables
    ingredients = (*tables.ingredients, *map(Ingredient, NAMES))
    return Knowledge(replace(tables, ingredients=ingredients, pairs=tables.pairs + rules))


def a_set(count: int) -> LayerContent:
    """A set of so many pairs, as it is imported: medicines that we know, and some that only the set knows."""
    own = NAMES[:60]
    known = [ingredient.key for ingredient in reference_knowledge().tables.ingredients[:600]]
    listed = [LayerPair(n, a, b, Level.WARN, "listed", f"row {n}") for n, (a, b) in enumerate(pairs(count, [*known, *own]))]
    return LayerContent.of(listed, map(Ingredient, own))


def a_profile(number: int, medicines: int) -> Profile:
    """One patient with so many of the usual medicines, the first three ordered."""
    names = random.Random(number).sample(USUAL, medicines)
    return Profile(
        medicines=tuple(Written(name, is_order=place < 3) for place, name in enumerate(names)),
        allergies=(Allergy("penicillin", "hives"), Allergy("sulfa", "rash")),
        access=Access("picc", "PICC", 1, True),
    )

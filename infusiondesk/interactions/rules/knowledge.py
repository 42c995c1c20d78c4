"""What the screen knows: the rows of the reference tables, put together once so that a pair is one look-up."""

from collections.abc import Callable, Iterable, Iterator, KeysView, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from infusiondesk.interactions.rules.levels import Level, rule_rank
from infusiondesk.interactions.rules.names import Ingredient, NameBook, Reading, nearest, words_of

if TYPE_CHECKING:
    from infusiondesk.interactions.rules.doses import UsualDose  # which itself carries a row

Limits = Mapping[str, Decimal]
Beside = tuple[tuple[str, "Row"], ...]  # what a rule decided by, each with the word under which it is cited
ANYTHING = "*"


@dataclass(frozen=True)
class Row:
    """What every row of a reference table carries: where it is from, and whether a pharmacist has signed it.

    `key` names the row through all its versions and `version` its content, so that a decision can say what it relied on; a rule
    that is written in the program has neither. `layer` is empty for our own reference.
    """

    source: str
    status: str = "memory"
    is_signed: bool = False
    key: str = ""
    version: str = ""
    layer: str = ""
    signed_by: str = ""


@dataclass(frozen=True)
class Washout:
    """Days after the last dose in which a side of a pair still counts; some ingredients linger longer."""

    days: Decimal | None = None
    lingering: Mapping[str, Decimal] = field(default_factory=dict)

    def days_of(self, key: str) -> Decimal | None:
        return self.lingering.get(key, self.days)


@dataclass(frozen=True)
class PairRule:
    """One list of medicines against another at one level."""

    rule: str
    side_a: tuple[str, ...]
    side_b: tuple[str, ...]
    level: Level
    mechanism: str
    advice: str
    row: Row
    when: str = ""
    route_a: str = ""
    route_b: str = ""
    washout_a: Washout = Washout()
    washout_b: Washout = Washout()
    counts_same_twice: bool = False

    @property
    def text(self) -> str:
        return f"{self.mechanism}: {self.advice}"


@dataclass(frozen=True)
class Incompatibility:
    """Infusions that must not meet in one bag, syringe or lumen; `*` is every other medicine."""

    drugs_a: tuple[str, ...]
    drugs_b: tuple[str, ...]
    exceptions: tuple[str, ...]
    note: str
    row: Row


@dataclass(frozen=True)
class FlushRule:
    """Fluids that a medicine does not bear as flush or diluent."""

    drugs: tuple[str, ...]
    fluids: tuple[str, ...]
    exceptions: tuple[str, ...]
    instead: str
    row: Row


@dataclass(frozen=True)
class LineRule:
    """How a medicine treats a vein, and from which strength on."""

    grade: str
    drugs: tuple[str, ...]
    exceptions: tuple[str, ...]
    row: Row
    measure: str = ""
    from_: Decimal | None = None
    from_is_included: bool = True
    below: Decimal | None = None
    counts_when_unknown: bool = False
    ph_low: Decimal | None = None
    ph_high: Decimal | None = None
    only_continuous: bool = False


@dataclass(frozen=True)
class ConditionRule:
    """A medicine against a condition, a test or a result."""

    rule: str
    drugs: tuple[str, ...]
    when: str
    level: Level
    mechanism: str
    advice: str
    row: Row


@dataclass(frozen=True)
class AllergyClass:
    """A substance people name as their allergy, and the medicines it holds."""

    allergen: str
    names: tuple[str, ...]
    members: tuple[str, ...]
    crosses: bool
    row: Row


@dataclass(frozen=True)
class AllergyRule:
    """An allergy that reaches beyond its own class."""

    rule: str
    allergens: tuple[str, ...]
    drugs: tuple[str, ...]
    exceptions: tuple[str, ...]
    level: Level
    also: tuple[str, ...]
    mechanism: str
    advice: str
    row: Row


@dataclass(frozen=True)
class AntibodyInterval:
    """How long a product keeps a live vaccine from working, up to a dose."""

    product: str
    up_to_mg_kg: Decimal | None
    months: int
    row: Row = Row("")


@dataclass(frozen=True)
class FirstDoseRow:
    """How risky the first dose of some medicines is at home, and which history puts the row in force (clinical 1.4)."""

    risk: str
    drugs: tuple[str, ...]
    when: str
    row: Row


@dataclass(frozen=True)
class Tables:
    """The reference tables as they were read; groups still by name."""

    ingredients: tuple[Ingredient, ...] = ()
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pairs: tuple[PairRule, ...] = ()
    incompatibilities: tuple[Incompatibility, ...] = ()
    flushes: tuple[FlushRule, ...] = ()
    lines: tuple[LineRule, ...] = ()
    conditions: tuple[ConditionRule, ...] = ()
    allergy_classes: tuple[AllergyClass, ...] = ()
    allergy_rules: tuple[AllergyRule, ...] = ()
    antibody_intervals: tuple[AntibodyInterval, ...] = ()
    first_doses: tuple[FirstDoseRow, ...] = ()
    limits: Limits = field(default_factory=dict)
    limit_rows: Mapping[str, Row] = field(default_factory=dict)
    chain_rows: Mapping[str, Row] = field(default_factory=dict)
    doses: tuple["UsualDose", ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """One pair rule seen from one pair of ingredients; `is_forward` when the first ingredient is on side a."""

    rule: PairRule
    is_forward: bool


@dataclass(frozen=True)
class PairsOfSet:
    """A large set of pairs by ingredient, both ways; a rule of it is made only when somebody takes both medicines."""

    index: Mapping[str, Mapping[str, int]]
    rule: Callable[[int], PairRule]
    names: tuple[Ingredient, ...] = ()


class NotedLimits(Mapping[str, Decimal]):
    """Limits that write down which of them was read."""

    def __init__(self, limits: Limits, read: set[str]) -> None:
        self._limits, self._read = limits, read

    def __getitem__(self, name: str) -> Decimal:
        self._read.add(name)
        return self._limits[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._limits)

    def __len__(self) -> int:
        return len(self._limits)


_NOBODY: Mapping[str, Any] = MappingProxyType({})


class Knowledge:
    """Immutable; built once from the tables, then only read."""

    def __init__(self, tables: Tables, sets: Sequence[PairsOfSet] = ()) -> None:
        self.tables = tables
        self.limits: Limits = MappingProxyType(dict(tables.limits))
        self.groups: Mapping[str, frozenset[str]] = MappingProxyType(
            {name: frozenset(_members(name, tables.groups, ())) for name in tables.groups}
        )
        # Only our own list decides what is recognised (clinical 6.0); names that only a set knows stand in a book of their own.
        self.names = NameBook(tables.ingredients, tables.words, self.group("fluid"))
        self._names_with_sets = self.names
        self.allergens = MappingProxyType(
            {words_of(name): of for of in tables.allergy_classes for name in (of.allergen, *of.names)}
        )
        self.ingredients = frozenset(key for ingredient in tables.ingredients for key in ingredient.keys)
        self._spread: dict[tuple[str, ...], frozenset[str]] = {}
        self.crossing = tuple((of, self.spread(of.members)) for of in tables.allergy_classes if of.crosses)
        self._partners = self._linked(tables.pairs)
        self._sets: tuple[PairsOfSet, ...] = ()
        self._of_sets: dict[tuple[str, str], tuple[Link, ...]] = {}
        self._take(sets)

    def with_sets(self, sets: Sequence[PairsOfSet]) -> "Knowledge":
        """The same knowledge with these sets beside it; nothing is put together again."""
        other = copy(self)
        other._of_sets = {}
        other._take(sets)
        return other

    def _take(self, sets: Sequence[PairsOfSet]) -> None:
        self._sets = tuple(sets)
        names = [name for of in sets for name in of.names]
        self._names_with_sets = self.names.extended(names) if names else self.names

    def limit_rows(self, *names: str) -> Beside:
        """The rows of limits, to stand beside the rule that decides by them; without a row there is nothing to cite."""
        return tuple(("limit", self.tables.limit_rows[name]) for name in names if name in self.tables.limit_rows)

    @property
    def doses(self) -> tuple["UsualDose", ...]:
        """The usual ranges that a source names."""
        return self.tables.doses

    def ingredient_of(self, written: str) -> str:
        """The medicine of our list that a drug of the catalog holds, by which its usual doses are found; else as it is written."""
        if written in self.ingredients or (reading := self.names.read(written)) is None:
            return written
        return reading.one or written

    def read_in_sets(self, written: str) -> Reading | None:
        """What of a text only a set knows: enough to meet the pairs of that set, too little to call the medicine recognised."""
        if self._names_with_sets is self.names or (reading := self._names_with_sets.read(written)) is None:
            return None
        only = reading.keys - self.ingredients
        return replace(reading, name="-".join(sorted(only)), one="", keys=only, carriers=frozenset()) if only else None

    def noting(self, read: set[str]) -> "Knowledge":
        """The same knowledge, which writes down the name of every limit that is asked of it, also where the rule stays silent."""
        other = copy(self)
        other.limits = NotedLimits(self.limits, read)
        return other

    def group(self, name: str) -> frozenset[str]:
        """The members of a group; a group nobody wrote is empty."""
        return self.groups.get(name, frozenset())

    def spread(self, listed: tuple[str, ...]) -> frozenset[str]:
        """A list of a rule as plain ingredients: every @group replaced by its members; worked out once a list."""
        known = self._spread.get(listed)
        if known is None:
            found: set[str] = set()
            for name in listed:
                found |= self.groups[name[1:]] if name.startswith("@") else {name}
            known = self._spread[listed] = frozenset(found)
        return known

    def met_by(self, ingredient: str, present: KeysView[str]) -> set[str]:
        """Which of the ingredients that are present a pair rule names beside this one."""
        met = self._partners.get(ingredient, _NOBODY).keys() & present
        for of in self._sets:
            met |= of.index.get(ingredient, _NOBODY).keys() & present
        return met

    def links(self, first: str, second: str) -> tuple[Link, ...]:
        """Every pair rule that names these two ingredients."""
        own: tuple[Link, ...] = self._partners.get(first, _NOBODY).get(second, ())
        return own + self._links_of_sets(first, second) if self._sets else own

    def _links_of_sets(self, first: str, second: str) -> tuple[Link, ...]:
        known = self._of_sets.get((first, second))
        if known is None:
            places = [(of, place) for of in self._sets if (place := of.index.get(first, _NOBODY).get(second)) is not None]
            rules = [of.rule(place) for of, place in places]
            known = self._of_sets[first, second] = tuple(Link(rule, is_forward=rule.side_a == (first,)) for rule in rules)
        return known

    def near_allergen(self, written: str) -> str | None:
        """The nearest substance of the allergy list, else the nearest medicine; for a person to accept or reject."""
        classes = {" ".join(words): of.allergen for words, of in self.allergens.items()}
        near = nearest(" ".join(words_of(written)), classes)
        return classes[near] if near else self.names.suggest(written)

    def unknown_members(self) -> list[str]:
        """Names in a rule that are no ingredient: a typing error in a table."""
        tables = self.tables
        listed = [rule.side_a + rule.side_b for rule in tables.pairs]
        listed += [rule.drugs_a + rule.drugs_b + rule.exceptions for rule in tables.incompatibilities]
        listed += [rule.drugs + rule.fluids + rule.exceptions for rule in tables.flushes]
        listed += [line.drugs + line.exceptions for line in tables.lines]
        listed += [condition.drugs for condition in tables.conditions]
        listed += [first_dose.drugs for first_dose in tables.first_doses]
        listed += [allergy.drugs + allergy.exceptions for allergy in tables.allergy_rules]
        listed += [rule.members for rule in tables.allergy_classes]
        listed += [tuple(members) for members in self.groups.values()]
        return sorted({name for names in listed for name in self.spread(tuple(names))} - self.ingredients - {ANYTHING})

    def _linked(self, rules: Iterable[PairRule]) -> Mapping[str, Mapping[str, tuple[Link, ...]]]:
        links: dict[str, dict[str, tuple[Link, ...]]] = {}
        for rule in rules:
            rule_rank(rule.rule)  # a rule id that nobody can place is refused here, not in front of a patient
            forward, backward = (Link(rule, is_forward=True),), (Link(rule, is_forward=False),)
            side_a, side_b = self.spread(rule.side_a), self.spread(rule.side_b)
            for a in side_a:
                of_a = links.setdefault(a, {})
                for b in side_b:
                    if a != b or rule.counts_same_twice:
                        of_a[b] = of_a.get(b, ()) + forward
                        of_b = links.setdefault(b, {})
                        of_b[a] = of_b.get(a, ()) + backward
        return links


def _members(name: str, groups: Mapping[str, tuple[str, ...]], above: tuple[str, ...]) -> set[str]:
    if name in above:
        raise ValueError(f"the group {name} holds itself")
    found: set[str] = set()
    for member in groups[name]:
        found |= _members(member[1:], groups, (*above, name)) if member.startswith("@") else {member}
    return found

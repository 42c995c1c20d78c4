"""Reading a medicine as people write it: brand, salt, strength, combination or RxCUI; a near match is only ever proposed."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from decimal import Decimal

from rapidfuzz import fuzz, process

# 82 of 100: "dofetilyde" is 90 to "dofetilide", unrelated names stay below; a proposal still needs a person's yes.
_NEAR = 82
_SHORTEST_TO_GUESS = 5
_RXCUI = re.compile(r"(?:rxcui)?[\s:#]*(\d{2,8})\Z")
_PART = re.compile(r"\d+(?:\.\d+)?%?|[^\W\d_]\w*|[+/&,;]")
_DEXTROSE = re.compile(r"\bd(\d+(?:\.\d+)?)w\b")
_STRENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*(mcg|mg|gm|g)\b(?!\s*/\s*(?:ml|l|kg)\b)")
_MEASURES = {
    "percent": re.compile(r"(\d+(?:\.\d+)?)\s*%"),
    "meq_per_l": re.compile(r"(\d+(?:\.\d+)?)\s*meq\s*/\s*l(?:iter)?\b"),
    "mg_per_ml": re.compile(r"(\d+(?:\.\d+)?)\s*mg\s*/\s*ml\b"),
}
_IN_MG = {"mcg": Decimal("0.001"), "mg": Decimal(1), "g": Decimal(1000), "gm": Decimal(1000)}
_SEPARATORS = frozenset({"+", "/", "&", ",", ";", "and", "with", "plus"})
_ROUTES = ("po", "iv", "sc", "im", "topical", "inhaled", "flush")


@dataclass(frozen=True)
class Ingredient:
    """One row of the list of medicines: its key, how alerts print it, what else it counts as, and its other names."""

    key: str
    shown: str = ""
    counts_as: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    rxcuis: tuple[str, ...] = ()
    at_home: str | None = None

    @property
    def printed(self) -> str:
        return self.shown or self.key

    @property
    def keys(self) -> frozenset[str]:
        return frozenset((self.key, *self.counts_as))


@dataclass(frozen=True)
class Reading:
    """What a written medicine says: its name for alerts, everything it counts as, and what stood around the name.

    `one` is the ingredient or known combination that it is; empty where it names several things.
    """

    name: str = ""
    one: str = ""
    keys: frozenset[str] = frozenset()
    carriers: frozenset[str] = frozenset()
    route: str | None = None
    at_home: str | None = None
    is_long_acting: bool | None = None
    strength_mg: Decimal | None = None
    measures: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class _Word:
    text: str
    after_separator: bool


def words_of(written: str) -> tuple[str, ...]:
    """The words of a name, folded: no case, accents, apostrophes or punctuation."""
    return tuple(part for part in _PART.findall(_folded(written)) if part not in _SEPARATORS)


def _folded(written: str) -> str:
    plain = written
    if not written.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", written) if not unicodedata.combining(c))
    plain = re.sub(r"['’`®™]", "", plain.casefold())
    plain = re.sub(r"(?<=\d),(?=\d{3}\b)", "", plain)
    return _DEXTROSE.sub(r"dextrose \1%", plain)


class NameBook:
    """Every name of every medicine, built once; reading is a walk through one dictionary."""

    def __init__(self, ingredients: Iterable[Ingredient], words: Mapping[str, Collection[str]], fluids: Collection[str]) -> None:
        self._by_words: dict[tuple[str, ...], Ingredient] = {}
        self._by_rxcui: dict[str, Ingredient] = {}
        self._by_parts: dict[frozenset[str], Ingredient] = {}
        self._fluids = frozenset(fluids)
        self._words = {kind: frozenset(of) for kind, of in words.items()}
        self._noise = frozenset(word for of in words.values() for word in of)
        self._enter_all(ingredients)

    def extended(self, ingredients: Iterable[Ingredient]) -> "NameBook":
        """This book with more medicines; this one stays as it is."""
        other = copy(self)
        other._by_words, other._by_rxcui, other._by_parts = dict(self._by_words), dict(self._by_rxcui), dict(self._by_parts)
        other._enter_all(ingredients)
        return other

    def _enter_all(self, ingredients: Iterable[Ingredient]) -> None:
        for ingredient in ingredients:
            self._enter(ingredient)
        self._longest = max(map(len, self._by_words), default=0)
        self._phrases = {" ".join(name): ingredient for name, ingredient in self._by_words.items()}

    def _enter(self, ingredient: Ingredient) -> None:
        for name in (ingredient.key, *ingredient.names):
            known = self._by_words.setdefault(words_of(name), ingredient)
            if known is not ingredient:
                raise ValueError(f"{name} is a name of {known.key} and of {ingredient.key}")
        for rxcui in ingredient.rxcuis:
            if self._by_rxcui.setdefault(rxcui, ingredient) is not ingredient:
                raise ValueError(f"RxCUI {rxcui} stands twice")
        if len(ingredient.counts_as) > 1:
            self._by_parts.setdefault(frozenset(ingredient.counts_as), ingredient)

    def read(self, written: str) -> Reading | None:
        """What the text says, or None where a word of it is not understood: then nothing is known about it."""
        folded = _folded(written).strip()
        if code := _RXCUI.match(folded):
            by_code = self._by_rxcui.get(code[1])
            return None if by_code is None else self._reading([by_code], [], folded)
        found = self._walk(folded)
        if found is None:
            return None
        named, carriers = found
        return self._reading(named, carriers, folded) if named else None

    def suggest(self, written: str) -> str | None:
        """The nearest written form that would be understood, for a person to accept or reject."""
        telling = [w.text for w in _split(_folded(written)) if w.text not in self._noise and not w.text[0].isdigit()]
        if near := nearest(" ".join(telling), self._phrases):
            return near
        mended = " ".join(filter(None, map(self._mended, telling)))
        return mended if self.read(mended) else None

    def _mended(self, word: str) -> str | None:
        if any(word in name for name in self._by_words):
            return word
        return nearest(word, self._phrases)

    def fluids_in(self, written: str) -> frozenset[str]:
        """The medicines and fluids that a flush text names, whatever else it says."""
        words = _split(_folded(written))
        keys: set[str] = set()
        at = 0
        while at < len(words):
            length, ingredient = self._longest_name(words, at)
            if ingredient is not None:
                keys |= ingredient.keys
            at += max(length, 1)
        return frozenset(keys)

    def _longest_name(self, words: list[_Word], at: int) -> tuple[int, Ingredient | None]:
        for length in range(min(self._longest, len(words) - at), 0, -1):
            if known := self._by_words.get(tuple(w.text for w in words[at : at + length])):
                return length, known
        return 0, None

    def _walk(self, folded: str) -> tuple[list[Ingredient], list[Ingredient]] | None:
        """Every word must be a name, or a word around names; a fluid beside a medicine is its carrier."""
        words = _split(folded)
        named: list[Ingredient] = []
        carriers: list[Ingredient] = []
        at = 0
        while at < len(words):
            word = words[at]
            if named and word.text == "for":
                break  # what follows is the reason it is taken
            length, ingredient = self._longest_name(words, at)
            is_salt = length == 1 and bool(named) and word.text in self._words["salt"] and not word.after_separator
            if ingredient is not None and not is_salt:
                (carriers if named and ingredient.key in self._fluids else named).append(ingredient)
                at += length
            elif word.text in self._noise or word.text[0].isdigit():
                at += 1
            else:
                return None
        return named, carriers

    def _reading(self, named: list[Ingredient], carriers: list[Ingredient], folded: str) -> Reading:
        named = list({ingredient.key: ingredient for ingredient in named}.values())
        if len(named) > 1 and named[0].key in self._fluids:
            carriers, named = [*carriers, named[0]], named[1:]  # "D5W with potassium chloride": the fluid carries
        inside = {key for ingredient in named for key in ingredient.counts_as}
        parts = [ingredient for ingredient in named if ingredient.key not in inside]  # "Norco (hydrocodone ...)" is one medicine
        keys = frozenset(key for ingredient in parts for key in ingredient.keys)
        combination = self._by_parts.get(keys)
        one = combination or (parts[0] if len(parts) == 1 else None)
        if combination:
            keys |= combination.keys
        return replace(
            self.around(folded),
            name="-".join(dict.fromkeys(ingredient.printed for ingredient in parts)),
            one=one.printed if one is not None and not carriers else "",
            keys=keys,
            carriers=frozenset(ingredient.key for ingredient in carriers),
            at_home=parts[0].at_home,
        )

    def around(self, written: str) -> Reading:
        """What stands around a name, understood or not: route, strength, release."""
        folded = _folded(written)
        said = set(words_of(folded))
        return Reading(
            route=next((route for route in reversed(_ROUTES) if said & self._words.get(f"route_{route}", frozenset())), None),
            is_long_acting=self._acts_long(said),
            strength_mg=_strength(folded),
            measures={kind: Decimal(found[1]) for kind, of in _MEASURES.items() if (found := of.search(folded))},
        )

    def _acts_long(self, said: set[str]) -> bool | None:
        if said & self._words.get("short_acting", frozenset()):
            return False
        return True if said & self._words.get("long_acting", frozenset()) else None


def nearest(written: str, names: Iterable[str]) -> str | None:
    """The name that is spelled most alike, if any is near; a very short word is near to everything and so to nothing."""
    if len(written) < _SHORTEST_TO_GUESS:
        return None
    found = process.extractOne(written, list(names), scorer=fuzz.ratio, score_cutoff=_NEAR)
    return str(found[0]) if found else None


def _split(folded: str) -> list[_Word]:
    words: list[_Word] = []
    after = False
    for part in _PART.findall(folded):
        if part in _SEPARATORS:
            after = True
        else:
            words.append(_Word(part, after))
            after = False
    return words


def _strength(folded: str) -> Decimal | None:
    found = _STRENGTH.search(folded)
    return Decimal(found[1]) * _IN_MG[found[2]] if found else None

"""A published set of pairs before it is kept: levels in its own words, names as they are written, what contradicts itself."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.outcomes import Problem, Refused
from infusiondesk.interactions.rules.levels import Level, is_tag
from infusiondesk.interactions.rules.names import Ingredient, NameBook, words_of

# Clinical 0.2: words of other sources map to our levels once, at import.
LEVEL_WORDS: Final[Mapping[str, Level]] = {
    "stop": Level.STOP, "contraindicated": Level.STOP, "ci": Level.STOP,
    "hold": Level.HOLD, "major": Level.HOLD, "maj": Level.HOLD,
    "warn": Level.WARN, "moderate": Level.WARN, "mod": Level.WARN,
    "info": Level.INFO, "minor": Level.INFO, "min": Level.INFO,
}  # fmt: skip
NO_TEXT: Final = "listed without a text: look the pair up"


@dataclass(frozen=True)
class WrittenPair:
    """One line of a set as it is written; `place` is where a person finds it again."""

    place: str
    a: str
    b: str
    level: Level
    text: str = ""
    source: str = ""
    rxcui_a: str = ""
    rxcui_b: str = ""
    number: int = 0


@dataclass(frozen=True)
class PairSet:
    """A whole set as it was read, with what was repaired on the way in, one sentence each."""

    name: str
    tag: str
    citation: str
    pairs: tuple[WrittenPair, ...]
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True)
class LayerPair:
    """One pair of a layer by ingredient, as it is kept."""

    number: int
    a: str
    b: str
    level: Level
    text: str
    source: str

    @property
    def sides(self) -> tuple[str, str]:
        return (self.a, self.b) if self.a <= self.b else (self.b, self.a)


Listed = tuple[int, str, str, int, int, int]
"""A pair as it is kept: number, one side, other side, rank of the level, place of its text and of its source."""


@dataclass(frozen=True)
class LayerContent:
    """What a layer keeps: its pairs in a short form, their words listed once, and the medicines that only it knows."""

    listed: tuple[Listed, ...]
    words: tuple[str, ...]
    names: tuple[Ingredient, ...]
    repairs: tuple[str, ...] = ()

    @classmethod
    def of(cls, pairs: Iterable[LayerPair], names: Iterable[Ingredient], repairs: Iterable[str] = ()) -> "LayerContent":
        """The content of these pairs."""
        words: dict[str, int] = {}
        listed = [
            (
                pair.number,
                pair.a,
                pair.b,
                pair.level.rank,
                words.setdefault(pair.text, len(words)),
                words.setdefault(pair.source, len(words)),
            )
            for pair in pairs
        ]
        return cls(tuple(listed), tuple(words), tuple(names), tuple(repairs))

    def pair(self, place: int) -> LayerPair:
        """One pair by its place."""
        number, a, b, level, text, source = self.listed[place]
        return LayerPair(number, a, b, _LEVELS[level], self.words[text], self.words[source])

    @property
    def pairs(self) -> Iterator[LayerPair]:
        """Every pair, one after the other."""
        return map(self.pair, range(len(self.listed)))

    def index(self, without: Container[tuple[str, str]] = ()) -> Mapping[str, Mapping[str, int]]:
        """Where each pair stands, by both its sides."""
        found: dict[str, dict[str, int]] = {}
        for place, (_, a, b, *_more) in enumerate(self.listed):
            if not without or (a, b) not in without:
                found.setdefault(a, {})[b] = place
                found.setdefault(b, {})[a] = place
        return found


_LEVELS: Final = tuple(Level)


def level_of(word: str, place: str) -> Level:
    """A level in one of the known words; another word is refused."""
    known = LEVEL_WORDS.get(word.strip().casefold())
    if known is None:
        ours = "contraindicated, major, moderate, minor, or STOP, HOLD, WARN, INFO"
        raise Refused(f"{place}: “{word.strip()}” is no level; a level is {ours}.")
    return known


def refuse_contradictions(pairs: Iterable[WrittenPair]) -> None:
    """A set that gives one pair two levels is refused as a whole."""
    seen: dict[frozenset[str], WrittenPair] = {}
    for pair in pairs:
        key = frozenset((pair.a.casefold(), pair.b.casefold()))
        known = seen.setdefault(key, pair)
        if known.level is not pair.level:
            raise Refused(
                f"The set contradicts itself: {known.a} with {known.b} is {known.level} in {known.place.lower()}"
                f" and {pair.level} in {pair.place.lower()}."
            )


def by_ingredient(read: PairSet, book: NameBook) -> LayerContent:
    """Names become ingredients; a name that nobody here knows is kept and will be matched as it is written.

    Two lines about the same two ingredients become one at the stricter level; a name of several ingredients that is no known
    combination would say of one what the set says of all, so its lines are left out. Both are said.
    """
    names: dict[str, Ingredient] = {}
    pairs: dict[tuple[str, str], LayerPair] = {}
    doubled = alone = 0
    several: dict[str, int] = {}
    read_before: dict[tuple[str, str], str | None] = {}

    def ingredient(name: str, rxcui: str) -> str | None:
        if (name, rxcui) not in read_before:
            read_before[name, rxcui] = _ingredient(name, rxcui, book, names)
        return read_before[name, rxcui]

    for written in read.pairs:
        a, b = ingredient(written.a, written.rxcui_a), ingredient(written.b, written.rxcui_b)
        if a is None or b is None:
            unclear = written.a if a is None else written.b
            several[unclear] = several.get(unclear, 0) + 1
            continue
        if a == b:
            alone += 1
            continue
        pair = LayerPair(written.number, a, b, written.level, written.text, written.source)
        known = pairs.get(pair.sides)
        if known is not None:
            doubled += 1
        if known is None or pair.level.rank < known.level.rank:
            pairs[pair.sides] = pair if known is None else replace(pair, number=known.number)
    said = list(read.repairs)
    if doubled:
        said.append(f"{counted(doubled, 'line')} repeated a pair under another name or again; the stricter level counts.")
    if alone:
        said.append(f"{counted(alone, 'line')} with the same medicine on both sides left out.")
    if several:
        out = f"{counted(sum(several.values()), 'line')} left out, as a name holds several medicines"
        said.append(f"{out} and is no combination of our list: {_some(several)}.")
    if names:
        said.append(f"{counted(len(names), 'name')} not in our list of medicines, matched as written: {_some(names)}.")
    return LayerContent.of(pairs.values(), names.values(), said)


def _ingredient(name: str, rxcui: str, book: NameBook, names: dict[str, Ingredient]) -> str | None:
    """By code, else by name; None for a name of several ingredients that are no known combination."""
    for said in (f"rxcui {rxcui}" if rxcui else "", name):
        reading = book.read(said) if said else None
        if reading is not None and reading.keys:
            return reading.one.casefold() or None
    key = " ".join(words_of(name)) or name.casefold()
    names.setdefault(key, Ingredient(key, rxcuis=(rxcui,) if rxcui else ()))
    return key


def _some(names: Sequence[str] | Iterable[str]) -> str:
    listed = sorted(names)
    return ", ".join(listed[:12]) + (f" and {len(listed) - 12} more" if len(listed) > 12 else "")


@dataclass
class MappingDraft:
    """Which column of a table holds what, while a person chooses."""

    name: str = ""
    tag: str = ""
    citation: str = ""
    side_a: str | None = None
    side_b: str | None = None
    level: str | None = None
    text: str | None = None
    source: str | None = None

    def problems(self) -> list[Problem]:
        """Everything that keeps the table from being read."""
        wanted = {
            "name": "Say what the set is called.",
            "tag": "Give it a short name.",
            "citation": "Say who published it, and when.",
            "side_a": "Choose the column of the first medicine.",
            "side_b": "Choose the column of the second medicine.",
            "level": "Choose the column of the level.",
        }
        found = [Problem(field, sentence) for field, sentence in wanted.items() if not (getattr(self, field) or "").strip()]
        if self.tag.strip() and not is_tag(self.tag.strip().upper()):
            found.append(Problem("tag", "Two to twelve capital letters, such as VA."))
        if self.side_a and self.side_a == self.side_b:
            found.append(Problem("side_b", "Both medicines cannot stand in one column."))
        return found

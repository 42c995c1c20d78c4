"""Whose result is this? Before a report is filed an identifier, the name and the birth date must agree (clinical 9.5)."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

_SEXES: Final = frozenset({"M", "F"})


@dataclass(frozen=True)
class WrittenPerson:
    """The patient as a message writes them."""

    ids: tuple[str, ...]
    family: str
    given: str
    born_on: date | None
    sex: str = ""


@dataclass(frozen=True)
class Candidate:
    """A patient of the pharmacy who may be meant. `key` is ours; `ids` are every number under which others know them."""

    key: str
    ids: tuple[str, ...]
    family: str
    given: str
    born_on: date
    sex: str = ""


@dataclass(frozen=True)
class Match:
    """The patient, or None: then the report is parked until a person decides, and `because` says what did not agree."""

    key: str | None
    because: str

    @property
    def is_parked(self) -> bool:
        return self.key is None


def match(written: WrittenPerson, candidates: Iterable[Candidate]) -> Match:
    """File only where identifier, name and birth date all fit one patient and the sex does not contradict."""
    known = list(candidates)
    if lacking := _lacking(written):
        return Match(None, f"The message gives no {lacking}, so it cannot be matched three ways.")
    ids = {folded(each) for each in written.ids} - {""}
    by_id = [one for one in known if ids & ({folded(each) for each in one.ids} - {""})]
    fitting = [one for one in by_id if not _differs(written, one)]
    if len(fitting) == 1:
        return Match(fitting[0].key, "Identifier, name and birth date agree.")
    if len(fitting) > 1:
        return Match(None, f"{len(fitting)} patients fit in identifier, name and birth date.")
    if by_id:
        return Match(None, f"The identifier is known, but the {_differs(written, by_id[0])} differs.")
    alike = [one for one in known if not _differs(written, one)]
    if alike:
        return Match(None, f"Name and birth date fit {len(alike)} of our patients, but the identifier is not known for them.")
    return Match(None, "No patient has this identifier, and none has this name and birth date.")


def folded(text: str) -> str:
    """A name or number as it is compared: without case, accents, spaces and punctuation."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in bare if letter.isalnum())


def _lacking(written: WrittenPerson) -> str:
    gaps = {
        "identifier": any(folded(each) for each in written.ids),
        "family name": folded(written.family),
        "given name": folded(written.given),
        "readable birth date": written.born_on,
    }
    return " and no ".join(name for name, there in gaps.items() if not there)


def _differs(written: WrittenPerson, one: Candidate) -> str:
    """What does not agree, in words; empty where all does. An unknown sex contradicts nothing."""
    sexes = {written.sex.strip().upper(), one.sex.strip().upper()}
    apart = {
        "name": (folded(written.family), folded(written.given)) != (folded(one.family), folded(one.given)),
        "birth date": written.born_on != one.born_on,
        "sex": sexes == _SEXES,
    }
    return " and ".join(name for name, is_apart in apart.items() if is_apart)

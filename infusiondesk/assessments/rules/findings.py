"""What the gate says, and the two ways in which facts are weighed: all must be so, or one is enough."""

from collections.abc import Mapping
from dataclasses import dataclass

from infusiondesk.interactions.rules import Level
from infusiondesk.interactions.rules.levels import rule_rank

# A fact by the words a pharmacist reads; None is unknown.
Known = Mapping[str, bool | None]


@dataclass(frozen=True)
class Finding:
    """One rule that holds. `about` tells two findings of one rule apart; `missing` names what nobody has stated."""

    rule: str
    level: Level
    because: str
    resolution: str
    sources: tuple[str, ...]
    missing: tuple[str, ...] = ()
    about: str = ""
    needs_pharmacist_in_charge: bool = False
    needs_prescriber_contact: bool = False

    @property
    def rank(self) -> tuple[int, tuple[int, int, str], str]:
        """The strictest first, then by rule."""
        return self.level.rank, rule_rank(self.rule), self.about


@dataclass(frozen=True)
class Rule:
    """A rule of clinical 1.3: what it is called, how strict it is, what opens it again."""

    id: str
    level: Level
    problem: str
    resolution: str
    needs_pharmacist_in_charge: bool = False
    source: str = "clinical 1.3"

    def unless_all(self, facts: Known, about: str = "") -> Finding | None:
        """A finding unless every fact is so; what is not so and what is unknown are both named."""
        wrong = [words for words, value in facts.items() if value is False]
        missing = [words for words, value in facts.items() if value is None]
        return self._found(wrong, missing, about) if wrong or missing else None

    def unless_any(self, facts: Known, about: str = "") -> Finding | None:
        """A finding unless one of the facts is so; an unknown one is named, and does not help."""
        if any(value is True for value in facts.values()):
            return None
        missing = [words for words, value in facts.items() if value is None]
        return self._found([words for words, value in facts.items() if value is False], missing, about)

    def _found(self, wrong: list[str], missing: list[str], about: str) -> Finding:
        said = [f"not so: {', '.join(wrong)}"] if wrong else []
        said += [f"not known: {', '.join(missing)}"] if missing else []
        return Finding(
            rule=self.id,
            level=self.level,
            because=f"{self.problem} ({'; '.join(said)})",
            resolution=self.resolution,
            sources=(f"{self.source} {self.id}",),
            missing=tuple(missing),
            about=about,
            needs_pharmacist_in_charge=self.needs_pharmacist_in_charge,
        )


def opposite(value: bool | None) -> bool | None:
    """Not so; what is unknown stays unknown."""
    return None if value is None else not value

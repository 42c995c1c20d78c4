"""How strict an alert is, and in which order rules are named."""

import re
from enum import StrEnum

# The families of clinical 6.1 to 6.6 in their order; the R rules of clinical 1.3 repeat them for the gate and come after them,
# rows of imported sets last.
_FAMILIES = ("ONC", "P", "Q", "A", "ALG", "Y", "D", "V", "R")
_RULE = re.compile(r"([A-Z]+)(\d+)([a-z]?)\Z")
_TAG = r"[A-Z][A-Z-]{1,11}"
_LAYER_RULE = re.compile(rf"({_TAG}) (\d+)\Z")  # "VA 4312": a row of an imported set


class Level(StrEnum):
    """What an alert does (clinical 0.2); the first is the strictest."""

    STOP = "STOP"
    HOLD = "HOLD"
    WARN = "WARN"
    INFO = "INFO"

    @property
    def rank(self) -> int:
        """0 is the strictest."""
        return _RANKS[self]


_RANKS = {level: rank for rank, level in enumerate(Level)}


def rule_rank(rule: str) -> tuple[int, int, str]:
    """Where a rule stands among rules of the same level."""
    if of_layer := _LAYER_RULE.match(rule):
        return len(_FAMILIES), int(of_layer[2]), of_layer[1]
    found = _RULE.match(rule)
    if found is None or found[1] not in _FAMILIES:
        raise ValueError(f"not a rule of the screen: {rule}")
    return _FAMILIES.index(found[1]), int(found[2]), found[3]


def is_tag(tag: str) -> bool:
    """Whether this may be the short name of an imported set, as its rules are called by it."""
    return re.fullmatch(_TAG, tag) is not None

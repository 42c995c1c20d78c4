"""What the performing laboratory itself says of a result: its flags and its range. They are heard, shown, and never lowered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from infusiondesk.labs.rules.units import shown
from infusiondesk.labs.rules.values import LabResult, Level

# HL7 table 0078. A flag that is not here is taken for abnormal: a laboratory does not mark what is fine.
# The silent ones are susceptibilities of a culture: they say nothing of its level.
_CRITICAL: Final = frozenset({"HH", "LL", "AA", "HU", "LU"})
_NORMAL: Final = frozenset({"N", "NEG", "ND", "NR"})
_SILENT: Final = frozenset({"", '""', "NULL", "S", "R", "I", "MS", "VS", "SDD", "NS"})
_FLAG_WORDS: Final[Mapping[str, str]] = {"H": "high", "L": "low", "HH": "critically high", "LL": "critically low", "A": "abnormal"}

_NUMBER = r"(\d+(?:\.\d+)?)"
_BETWEEN = re.compile(rf"\s*{_NUMBER}\s*(?:-|–|to)\s*{_NUMBER}\s*\Z")
_BELOW = re.compile(rf"\s*(?:<|<=|≤)\s*{_NUMBER}\s*\Z")
_ABOVE = re.compile(rf"\s*(?:>|>=|≥)\s*{_NUMBER}\s*\Z")


@dataclass(frozen=True)
class Range:
    """A reference range in the unit of the result as written; an open side is None."""

    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True)
class LabVoice:
    """The level the laboratory gives a result, with its words; no level where it says nothing that is understood."""

    level: Level | None
    because: str


def range_of(written: str) -> Range | None:
    """The numbers of a range such as "70-105", "<9" or ">=60"; None where it is anything else, which is shown as written only."""
    if found := _BETWEEN.match(written):
        return Range(Decimal(found[1]), Decimal(found[2]))
    if found := _BELOW.match(written):
        return Range(None, Decimal(found[1]))
    if found := _ABOVE.match(written):
        return Range(Decimal(found[1]), None)
    return None


def hear(result: LabResult) -> LabVoice:
    """What the laboratory says, the strictest of its flags and its range."""
    voices = [_of_flag(flag.strip().upper()) for flag in result.lab_flags]
    voices.append(_of_range(result))
    heard = [voice for voice in voices if voice.level is not None]
    if not heard:
        return LabVoice(None, "")
    return max(heard, key=lambda voice: voice.level.rank if voice.level else 0)


def _of_flag(flag: str) -> LabVoice:
    if flag in _SILENT:
        return LabVoice(None, "")
    words = f"the laboratory marks it {flag}" + (f" ({_FLAG_WORDS[flag]})" if flag in _FLAG_WORDS else "")
    level = Level.NORMAL if flag in _NORMAL else Level.CRITICAL if flag in _CRITICAL else Level.FLAG
    return LabVoice(level, words)


def _of_range(result: LabResult) -> LabVoice:
    limits = range_of(result.lab_range)
    if limits is None or not isinstance(result.value, Decimal):
        return LabVoice(None, "")
    if limits.low is not None and result.value < limits.low:
        return LabVoice(Level.FLAG, f"{shown(result.value)} is below the laboratory's range {result.lab_range.strip()}")
    if limits.high is not None and result.value > limits.high:
        return LabVoice(Level.FLAG, f"{shown(result.value)} is above the laboratory's range {result.lab_range.strip()}")
    return LabVoice(Level.NORMAL, f"within the laboratory's range {result.lab_range.strip()}")

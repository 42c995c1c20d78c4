"""How many pumps a therapy needs in the home, and what is missing (clinical 8.3: two for life-sustaining therapy)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from infusiondesk.equipment.rules.words import Use
from infusiondesk.foundation.kernel.ismp import counted


@dataclass(frozen=True)
class BackupRule:
    """One line of the table: a therapy class, the way it runs, and the pumps it needs."""

    therapy_class: str
    runs: str
    pumps: int
    why: str
    source: str
    status: str

    def covers(self, therapy_class: str, pattern: str) -> bool:
        """Whether the line speaks of such a therapy; empty `runs` is any way, else one of those named."""
        named = [one.strip() for one in self.runs.split(";") if one.strip()]
        return therapy_class == self.therapy_class and (not named or pattern in named)


@dataclass(frozen=True)
class Need:
    """How many pumps an order by pump needs, and where that stands."""

    pumps: int
    because: str
    is_life_sustaining: bool


@dataclass(frozen=True)
class Had:
    """One pump that a patient has for an order; a recalled one does not count."""

    serial: str
    use: Use
    is_recalled: bool


def need_of(rules: Iterable[BackupRule], therapy_class: str, pattern: str) -> Need:
    """What the table says of an order by pump; what it does not name needs one."""
    found = [rule for rule in rules if rule.covers(therapy_class, pattern)]
    if not found:
        return Need(1, "one pump for an order by pump", is_life_sustaining=False)
    most = max(found, key=lambda rule: rule.pumps)
    return Need(most.pumps, f"{most.why} ({most.source}, {most.status})", is_life_sustaining=True)


def missing(need: Need, had: Sequence[Had]) -> str:
    """What a patient lacks, in words; empty when nothing is."""
    good = [one for one in had if not one.is_recalled]
    if len(good) >= need.pumps:
        return ""
    none = "no pump in the home that may be used" if had else "no pump in the home"
    told = f"{len(good)} of {counted(need.pumps, 'pump')} in the home, back-up missing" if good else none
    if not good and need.pumps > 1:
        told += f", {need.pumps} needed"
    recalled = ", ".join(one.serial for one in had if one.is_recalled)
    return f"{told}; recalled: {recalled}" if recalled else told

"""How many pumps a therapy needs in the home, and what is missing (clinical 8.3: two for life-sustaining therapy)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from infusiondesk.equipment.rules.words import Use
from infusiondesk.foundation.kernel.ismp import counted, day

POLICY: Final = "policy"
NOT_SIGNED: Final = "row not signed"


@dataclass(frozen=True)
class BackupRule:
    """One line of the table: a therapy class, the way it runs, and the pumps it needs."""

    therapy_class: str
    runs: str
    pumps: int
    why: str
    source: str
    status: str
    signed_by: str = ""
    signed_on: date | None = None

    @property
    def is_decided(self) -> bool:
        """Whether a missing pump is an alarm: a policy that nobody has signed is a proposal, what stands in a source counts."""
        return self.signed_on is not None or self.status != POLICY

    @property
    def said_by(self) -> str:
        """Where the line is from, and whose name is under it."""
        return f"signed by {self.signed_by}, {day(self.signed_on)}" if self.signed_on else f"{self.source}, {NOT_SIGNED}"

    def covers(self, therapy_class: str, pattern: str) -> bool:
        """Whether the line speaks of such a therapy; empty `runs` is any way, else one of those named."""
        return therapy_class == self.therapy_class and (not self.ways or pattern in self.ways)

    @property
    def ways(self) -> tuple[str, ...]:
        """The ways of running that it speaks of; none is every way."""
        return tuple(one.strip() for one in self.runs.split(";") if one.strip())


@dataclass(frozen=True)
class Need:
    """How many pumps an order by pump needs, and where that stands; what nobody signed yet is no alarm."""

    pumps: int
    because: str
    is_life_sustaining: bool
    remark: str = ""


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
    remark = "" if most.is_decided else NOT_SIGNED
    return Need(most.pumps, f"{most.why} ({most.said_by})", most.pumps > 1 and most.is_decided, remark)


def in_force(shipped: Sequence[BackupRule], signed: Sequence[BackupRule]) -> Sequence[BackupRule]:
    """The table as it counts: a line that this pharmacy signed stands in the place of what was shipped for that therapy."""
    own = {rule.therapy_class for rule in signed}
    return [rule for rule in shipped if rule.therapy_class not in own] + list(signed)


def missing(need: Need, had: Sequence[Had]) -> str:
    """What a patient lacks, in words; empty when nothing is."""
    good = [one for one in had if not one.is_recalled]
    if len(good) >= need.pumps:
        return ""
    none = "no pump in the home that may be used" if had else "no pump in the home"
    told = f"{len(good)} of {counted(need.pumps, 'pump')} in the home, back-up missing" if good else none
    if not good and need.pumps > 1:
        told += f", {need.pumps} needed"
    if need.remark:
        told += f"; {need.remark}"
    recalled = ", ".join(one.serial for one in had if one.is_recalled)
    return f"{told}; recalled: {recalled}" if recalled else told

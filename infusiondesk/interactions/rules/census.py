"""What a census found: alerts by patient, by rule and by level, and what was not checked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from infusiondesk.interactions.rules.levels import Level


@dataclass(frozen=True)
class CensusAlert:
    """One alert of one patient."""

    patient_id: UUID
    patient: str
    mrn: str
    a: str
    b: str
    level: Level
    rules: tuple[str, ...]
    text: str

    @property
    def id(self) -> str:
        return f"{self.patient_id} {self.a} {self.b} {self.rules[0]}"


@dataclass(frozen=True)
class CensusPart:
    """A census, or a part of one; parts are added up. `knowledge` names every version that was screened with."""

    patients: int = 0
    medicines: int = 0
    unchecked: int = 0
    without_order: int = 0
    alerts: Sequence[CensusAlert] = field(default=())
    knowledge: frozenset[str] = frozenset()

    def __add__(self, other: "CensusPart") -> "CensusPart":
        return CensusPart(
            self.patients + other.patients,
            self.medicines + other.medicines,
            self.unchecked + other.unchecked,
            self.without_order + other.without_order,
            (*self.alerts, *other.alerts),
            self.knowledge | other.knowledge,
        )

    def by_level(self) -> dict[Level, int]:
        """How many alerts of each level, the strictest first."""
        counts = Counter(alert.level for alert in self.alerts)
        return {level: counts[level] for level in Level}

    def by_rule(self) -> list[tuple[str, Level, int, int]]:
        """Rule, its strictest level here, alerts and patients; what speaks most often first."""
        alerts: dict[str, list[CensusAlert]] = {}
        for alert in self.alerts:
            for rule in alert.rules:
                alerts.setdefault(rule, []).append(alert)
        rows = [
            (rule, min((one.level for one in of), key=lambda level: level.rank), len(of), len({one.patient_id for one in of}))
            for rule, of in alerts.items()
        ]
        return sorted(rows, key=lambda row: (-row[2], row[0]))

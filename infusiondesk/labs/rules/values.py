"""The words of laboratory judgement: results and limits in, findings out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Level(StrEnum):
    """How loudly a result asks for a pharmacist."""

    NORMAL = "normal"
    FLAG = "flag"
    RED = "red"
    CRITICAL = "critical"
    NOT_EVALUATED = "not_evaluated"

    @property
    def rank(self) -> int:
        """Critical outranks red, red outranks flag, a flag outranks normal (clinical 3.1); what was not evaluated outranks none."""
        return (Level.NOT_EVALUATED, Level.NORMAL, Level.FLAG, Level.RED, Level.CRITICAL).index(self)


@dataclass(frozen=True)
class Analyte:
    """One thing that is measured, and the unit its limits are written in."""

    key: str
    name: str
    unit: str
    is_text: bool = False
    codes: Mapping[str, str] = field(default_factory=dict)  # LOINC code -> "seen" or "memory"


@dataclass(frozen=True)
class Condition:
    """What must be so before a limit counts: a word of clinical 3.1, or another analyte above an amount."""

    word: str
    above: Decimal | None = None


@dataclass(frozen=True)
class Limit:
    """One line of the limit table; `kind` says what is measured against `amount`."""

    analyte: str
    level: Level
    kind: str
    sign: str = ""
    amount: Decimal = Decimal(0)
    span: int = 0
    protocols: frozenset[str] = frozenset()
    when: Condition | None = None
    source: str = ""


@dataclass(frozen=True)
class Schedule:
    """So many draws of a panel in so many days."""

    panel: str
    times: int
    days: int


@dataclass(frozen=True)
class Protocol:
    """Which laboratory work a therapy asks for."""

    code: str
    therapy: str
    drugs: tuple[str, ...]
    baseline: str
    schedule: tuple[Schedule, ...]
    during: str
    comparison: str
    consider: str
    holds_refill: bool


@dataclass(frozen=True)
class Tables:
    """The pharmacy's own content: analytes, limits and protocols, as the pharmacist in charge signed them."""

    analytes: Mapping[str, Analyte]
    limits: Mapping[str, tuple[Limit, ...]]
    protocols: Mapping[str, Protocol]

    def analyte_of(self, code: str) -> Analyte | None:
        """The analyte that a LOINC code means, or None: a code is never guessed from its display text."""
        return next((analyte for analyte in self.analytes.values() if code.strip() in analyte.codes), None)


@dataclass(frozen=True)
class Goal:
    """A patient's own target, as the prescriber set it."""

    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True)
class Facts:
    """What judging needs to know about the patient, in the units of the analyte table."""

    baseline: Mapping[str, Decimal] = field(default_factory=dict)
    upper_limits: Mapping[str, Decimal] = field(default_factory=dict)
    goals: Mapping[str, Goal] = field(default_factory=dict)
    protocols: frozenset[str] = frozenset()
    on_heparin: bool = False
    muscle_symptoms: bool = False
    liver_symptoms: bool = False
    new_anuria: bool = False
    aminoglycoside_interval: str | None = None  # "extended", "conventional" or None = unknown


@dataclass(frozen=True)
class LabResult:
    """One value as it came. `unit` None means that nobody stated one; `comparator` is < or > where the analyser says no more."""

    analyte: str
    value: Decimal | str | None
    unit: str | None
    collected_at: datetime | None
    id: str | None = None
    corrects: str | None = None
    comparator: str = ""
    status: str = "F"
    lab_flags: tuple[str, ...] = ()
    lab_range: str = ""


@dataclass(frozen=True)
class Finding:
    """What one result means. The laboratory's own flags and range travel along and are shown beside it."""

    analyte: str
    level: Level
    value: Decimal | str | None
    unit: str | None
    because: str
    result: LabResult
    converted_by: str = ""
    sources: tuple[str, ...] = ()

    @property
    def is_critical(self) -> bool:
        return self.level is Level.CRITICAL


@dataclass(frozen=True)
class Judgement:
    """One finding an analyte, from its newest live result; a correction always forces a new review (clinical 3.1)."""

    findings: tuple[Finding, ...]
    review_again: bool

"""How a dose was worked out: by weight, by body surface, of a PCA, of parenteral nutrition; each line as a pharmacist checks it.

Every line is kept with the version (clinical 9.2, "calc record"). Formulas are those of `infusiondesk.dosing`, which
only `work_out` and its parts load: whoever merely reads orders does not wait for them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Protocol

from infusiondesk.foundation.kernel.ismp import number
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.orders.rules.regimen import Scheduled
from infusiondesk.patients.rules.facts import MeasurementFacts, PatientFacts
from infusiondesk.patients.rules.words import Sex as PatientSex

if TYPE_CHECKING:
    from infusiondesk.interactions.rules.doses import UsualDose
    from infusiondesk.orders.rules.usual import Outside

KEPT: Final = Decimal("0.0001")  # a worked-out dose keeps what its column keeps: some doses are micrograms
_READ: Final = Decimal("0.01")
IN_MG: Final = {"mg": Decimal(1), "g": Decimal(1000), "mcg": Decimal("0.001")}
DAY_HOURS: Final = 24
DAY_MINUTES: Final = 1440


class WeightUsed(StrEnum):
    """Which weight a dose goes by, as the prescriber wrote it."""

    ACTUAL = "actual"
    DRY = "dry"
    IDEAL = "ideal"
    ADJUSTED = "adjusted"


class Rounding(StrEnum):
    """How a worked-out dose is brought to whole vials."""

    NEAREST = "to the nearest"
    UP = "up"
    DOWN = "down"


ORDERED_UNITS: Final = (
    "mg/kg", "mcg/kg", "g/kg", "units/kg", "mEq/kg", "mL/kg", "mg/kg/day", "mcg/kg/min", "mg/m2", "units/m2",
)  # fmt: skip
NUTRIENTS: Final[Mapping[str, tuple[str, str]]] = {
    "amino_acid_g": ("Amino acids", "g"),
    "dextrose_g": ("Dextrose", "g"),
    "lipid_g": ("Lipid", "g"),
    "sodium_meq": ("Sodium", "mEq"),
    "potassium_meq": ("Potassium", "mEq"),
    "magnesium_meq": ("Magnesium", "mEq"),
    "calcium_meq": ("Calcium", "mEq"),
    "phosphate_mmol": ("Phosphate", "mmol"),
}


@dataclass(frozen=True)
class Body:
    """What the chart says of the patient's size on the day of the order."""

    today: date
    age_years: int
    sex: PatientSex
    weight: MeasurementFacts | None
    height: MeasurementFacts | None
    dry_weight: MeasurementFacts | None

    @classmethod
    def of(cls, patient: PatientFacts, today: date) -> "Body":
        """The size that the chart has now."""
        return cls(today, patient.age_on(today), patient.sex, patient.weight, patient.height, patient.dry_weight)


@dataclass(frozen=True)
class Line:
    """One line of the working; where it is a finding that stops, holds or warns, with its level, its rule and what it is about."""

    words: str
    level: str = ""
    rule: str = ""
    about: str = ""


@dataclass(frozen=True)
class Doubt:
    """A dose that is possible but asked back: the key of the reason, and the question."""

    key: str
    question: str


class Ordered(Scheduled, Protocol):
    """What the working reads of an order, a draft or a kept version, beside its schedule."""

    @property
    def route(self) -> str: ...
    @property
    def ordered_dose(self) -> Decimal | None: ...
    @property
    def ordered_unit(self) -> str: ...
    @property
    def desired_rise_percent(self) -> Decimal | None: ...
    @property
    def weight_used(self) -> str: ...
    @property
    def round_to(self) -> Decimal | None: ...
    @property
    def rounding(self) -> str: ...
    @property
    def pca_basal(self) -> Decimal | None: ...
    @property
    def pca_bolus(self) -> Decimal | None: ...
    @property
    def pca_lockout_minutes(self) -> Decimal | None: ...
    @property
    def pca_hour_limit(self) -> Decimal | None: ...
    @property
    def volume_ml(self) -> Decimal | None: ...
    @property
    def infusion_minutes(self) -> Decimal | None: ...
    @property
    def concentration_per_ml(self) -> Decimal | None: ...
    @property
    def rate_steps(self) -> str: ...
    @property
    def is_cycled(self) -> bool: ...
    @property
    def nutrients(self) -> Mapping[str, Decimal]: ...


def nutrients_of(order: object) -> dict[str, Decimal]:
    """The ingredients of parenteral nutrition that an order names, by name."""
    told = {name: getattr(order, name) for name in NUTRIENTS}
    return {name: value for name, value in told.items() if value is not None}


@dataclass
class Working:
    """The dose as it is given, how it came about, what is doubtful, and what keeps it from being worked out."""

    dose_amount: Decimal | None
    lines: list[Line] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    problem: Problem | None = None
    weight_kg: Decimal | None = None
    weight_on: date | None = None
    osmolarity_mosm_l: Decimal | None = None
    ranges_read: list["UsualDose"] = field(default_factory=list)
    outside: list["Outside"] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)  # what of the dose was not judged, and why
    rate_plan: str = ""  # the steps of the rate in mL/h, as label and paper say them
    rate_minutes: Decimal | None = None
    far_off: str = ""  # the line of a dose that is more than ten percent off what was worked out

    def refuse(self, problem: Problem) -> None:
        """What keeps the dose from being worked out; the first one stands."""
        self.problem = self.problem or problem

    def kept(self) -> list[dict[str, str]]:
        """The lines as they are kept with the version."""
        return [{"words": line.words, "level": line.level} for line in self.lines]


def unkept_lines(found: Iterable[Mapping[str, Any]]) -> tuple[Line, ...]:
    """The kept lines, read back."""
    return tuple(Line(line["words"], line["level"]) for line in found)


def factor_between(of: str, unit: str) -> Decimal | None:
    """What turns one unit of mass into another; None where they are no units of one thing."""
    if of == unit:
        return Decimal(1)
    return IN_MG[of] / IN_MG[unit] if of in IN_MG and unit in IN_MG else None


def short(value: Decimal) -> str:
    """To two decimals, for reading."""
    return number(value.quantize(_READ, ROUND_HALF_UP))

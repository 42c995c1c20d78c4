"""What is known of a patient when medicines are screened; None is unknown and never taken for safe."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Place(StrEnum):
    """Where an access device ends, as far as lines are judged."""

    PERIPHERAL = "peripheral"
    CENTRAL = "central"
    UNKNOWN = "unknown"
    SUBCUTANEOUS = "subcutaneous"
    INTRATHECAL = "intrathecal"
    EPIDURAL = "epidural"
    BONE = "bone"


# Clinical 1.2 VAD01; an axillary tip (midline) is peripheral (clinical 6.6).
DEVICES: Mapping[str, Place] = {
    "piv": Place.PERIPHERAL,
    "midline": Place.PERIPHERAL,
    "picc": Place.CENTRAL,
    "tunneled": Place.CENTRAL,
    "nontunneled": Place.CENTRAL,
    "port": Place.CENTRAL,
    "hd": Place.CENTRAL,
    "unknown": Place.UNKNOWN,
    "sc": Place.SUBCUTANEOUS,
    "it": Place.INTRATHECAL,
    "epidural": Place.EPIDURAL,
    "io": Place.BONE,
}
VENOUS_ROUTES = frozenset({"iv", "flush"})


class Severity(StrEnum):
    """How bad an allergic reaction was, as the chart has it."""

    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"
    ANAPHYLAXIS = "anaphylaxis"
    SEVERE_NON_IGE = "severe_non_ige"
    INTOLERANCE = "intolerance"


@dataclass(frozen=True)
class Written:
    """A medicine as somebody wrote it, order or home medicine, with the facts that stood beside it.

    `charted` is the whole entry as a person reads it in the chart; another one is news to every rule that met this medicine.
    """

    text: str
    is_order: bool
    route: str | None = None
    is_continuous: bool | None = None
    planned_days: Decimal | None = None
    flush: str | None = None
    indication: str | None = None
    dose_mg_kg: Decimal | None = None
    osmolarity_mosm_l: Decimal | None = None
    potassium_meq_day: Decimal | None = None
    calcium_meq_day: Decimal | None = None
    penicillin_million_units_day: Decimal | None = None
    stopped_days_ago: Decimal | None = None
    is_planned: bool = False
    charted: str = ""


@dataclass(frozen=True)
class Allergy:
    """One entry of the allergy list; no severity reads as unclear."""

    substance: str
    reaction: str | None = None
    severity: Severity | None = None


@dataclass(frozen=True)
class Access:
    """The line the infusions go through."""

    device: str
    written: str
    lumens: int = 1
    is_tip_confirmed: bool | None = None
    charted: str = ""

    @property
    def place(self) -> Place:
        return DEVICES[self.device]


@dataclass(frozen=True)
class Profile:
    """One patient for one screen."""

    medicines: tuple[Written, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    has_no_known_drug_allergies: bool = False
    age_years: Decimal | None = None
    access: Access | None = None
    conditions: frozenset[str] = frozenset()
    is_screened_for_tb_and_hbv: bool | None = None
    results: Mapping[str, Decimal] = field(default_factory=dict)

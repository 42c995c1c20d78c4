"""What happened to one patient, as far as billing asks: therapies, hospital stays, devices, visits, authorizations."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from infusiondesk.billing.rules.profile import Site


class TherapyClass(StrEnum):
    """What decides the code family of a therapy (billing 1.2 to 1.5)."""

    ANTI_INFECTIVE = "anti_infective"
    TPN = "tpn"
    HYDRATION = "hydration"
    PAIN = "pain"
    CHEMOTHERAPY = "chemotherapy"
    ANTICOAGULANT_INFUSION = "anticoagulant_infusion"
    ANTICOAGULANT_INJECTION = "anticoagulant_injection"
    IMMUNE_GLOBULIN = "immune_globulin"
    FACTOR = "factor"
    ALPHA1 = "alpha1"
    UNINTERRUPTED = "uninterrupted"
    INOTROPE = "inotrope"
    TOCOLYTIC = "tocolytic"
    ANTIEMETIC_INFUSION = "antiemetic_infusion"
    ANTIEMETIC_INJECTION = "antiemetic_injection"
    INSULIN = "insulin"
    CHELATION = "chelation"
    ENZYME_REPLACEMENT = "enzyme_replacement"
    ANTI_TNF = "anti_tnf"
    DIURETIC = "diuretic"
    ANTISPASMODIC = "antispasmodic"
    CORTICOSTEROID = "corticosteroid"
    OTHER_INFUSION = "other_infusion"
    HEMATOPOIETIC_INJECTION = "hematopoietic_injection"
    OTHER_INJECTION = "other_injection"
    IMMUNOTHERAPY_INJECTION = "immunotherapy_injection"
    IRRIGATION = "irrigation"
    AEROSOL = "aerosol"
    ENTERAL = "enteral"
    OBSTETRIC = "obstetric"
    FLUSH = "flush"


class Delivery(StrEnum):
    """How pain or chemotherapy is delivered (billing 1.3)."""

    CONTINUOUS = "continuous"
    INTERMITTENT = "intermittent"
    IMPLANTED_PUMP = "implanted_pump"


class ObstetricCondition(StrEnum):
    """The condition that obstetric home management is for (billing 1.2)."""

    PRETERM_LABOR = "preterm_labor"
    PPROM = "pprom"
    GESTATIONAL_HYPERTENSION = "gestational_hypertension"
    POSTPARTUM_HYPERTENSION = "postpartum_hypertension"
    PREECLAMPSIA = "preeclampsia"
    GESTATIONAL_DIABETES = "gestational_diabetes"


class EnteralMethod(StrEnum):
    """How enteral nutrition is given (billing 1.2)."""

    GRAVITY = "gravity"
    PUMP = "pump"
    BOLUS = "bolus"


class DeviceKind(StrEnum):
    """The vascular access device."""

    PICC = "picc"
    MIDLINE = "midline"
    TUNNELED = "tunneled"
    NONTUNNELED = "nontunneled"
    PORT = "port"
    UNKNOWN = "unknown"


class DoseUnit(StrEnum):
    """The unit of a dose, and of what a drug code counts; `each` only for codes without a unit."""

    MG = "mg"
    G = "g"
    MCG = "mcg"
    UNITS = "units"
    MEQ = "meq"
    ML = "ml"
    EACH = "each"


@dataclass(frozen=True, slots=True)
class Dose:
    """How much is given: per dose, or per day where a continuous infusion has no programmed boluses."""

    amount: Decimal
    unit: DoseUnit


@dataclass(frozen=True, slots=True)
class Dispense:
    """Doses that left the pharmacy on one day."""

    on: date
    doses: Decimal


@dataclass(frozen=True, slots=True)
class Therapy:
    """One order, from its first to its last day, both counted (billing 2.2).

    Successive orders of one therapy share `order_group`; orders mixed in one bag share `bag`, the first listed is primary.
    `dose_dates` stand in place of the interval, also where none of them falls between start and stop; None where nothing is chosen.
    `not_given` are days on which the due dose was missed; `on_hold` are days on which no dose was due because the order was held.
    """

    id: str
    drug: str
    therapy_class: TherapyClass
    start: date
    stop: date
    interval_hours: Decimal | None = Decimal(24)
    weekdays: frozenset[int] = frozenset()
    dose_dates: frozenset[date] | None = None
    continuous: bool = False
    bolus_hours: Decimal | None = None
    infusion_hours: Decimal | None = None
    volume_l: Decimal | None = None
    delivery: Delivery | None = None
    obstetric_condition: ObstetricCondition | None = None
    enteral_method: EnteralMethod | None = None
    order_group: str | None = None
    bag: str | None = None
    dose: Dose | None = None
    doses_per_day: Decimal | None = None
    site: Site = Site.HOME
    external_pump: bool = False
    containers: int = 0
    dispenses: tuple[Dispense, ...] = ()
    not_given: frozenset[date] = frozenset()
    on_hold: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class HospitalStay:
    """One stay by its calendar dates in the patient's time zone; no discharge date means still in hospital."""

    admitted_on: date
    discharged_on: date | None
    home_dose_on_admit_day: bool = False
    home_dose_on_discharge_day: bool = False
    line_care_on_admit_day: bool = False
    line_care_on_discharge_day: bool = False


@dataclass(frozen=True, slots=True)
class Catheter:
    """An access device in place from its first to its last day."""

    device: DeviceKind
    lumens: int | None
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Authorization:
    """A payer's number for one code, a window and a count of units (billing 2.7)."""

    number: str
    code: str
    first: date
    last: date
    units: int


@dataclass(frozen=True, slots=True)
class Visit:
    """A nursing visit: elapsed minutes at the patient, and minutes of preparation and report where they are known."""

    on: date
    minutes: Decimal
    preparation_minutes: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Case:
    """Everything the ledger of one patient is made from."""

    therapies: tuple[Therapy, ...] = ()
    stays: tuple[HospitalStay, ...] = ()
    outpatient_infusion_dates: frozenset[date] = frozenset()
    catheters: tuple[Catheter, ...] = ()
    authorizations: tuple[Authorization, ...] = ()
    visits: tuple[Visit, ...] = ()


def days(first: date, last: date) -> Iterator[date]:
    """The calendar days from first to last, both counted; none when last is earlier."""
    return (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))

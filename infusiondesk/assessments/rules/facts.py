"""What the gate of the first dispense asks about; None is a fact that nobody has stated."""

from dataclasses import dataclass, field
from decimal import Decimal

from infusiondesk.interactions.rules import Access, Screening


@dataclass(frozen=True)
class Help:
    """Who gives the therapy at home (clinical 1.2 CON02, CON03, NRS01, DEM10)."""

    is_nurse_administered: bool | None = None
    is_patient_independent: bool | None = None
    has_willing_and_able_caregiver: bool | None = None
    needs_nurse: bool | None = None
    has_nursing_agency: bool | None = None
    has_barrier: bool | None = None
    is_barrier_compensated: bool | None = None


@dataclass(frozen=True)
class Home:
    """The place (clinical 1.2 HOM02, HOM03, HOM05)."""

    has_working_phone: bool | None = None
    uses_electric_pump: bool | None = None
    has_safe_power: bool | None = None
    has_battery_plan: bool | None = None
    needs_refrigeration: bool | None = None
    has_refrigerator: bool | None = None
    has_running_water: bool | None = None
    has_clean_prep_area: bool | None = None
    has_danger: bool | None = None
    minutes_to_emergency_department: Decimal | None = None
    has_emergency_services: bool | None = None


@dataclass(frozen=True)
class Prescribing:
    """Who orders, who follows, who looks at the laboratory (clinical 1.2 PRE01, PRE02)."""

    npi: str | None = None
    is_licensed: bool | None = None
    is_excluded: bool | None = None
    has_community_prescriber: bool | None = None
    has_lab_orders: bool | None = None
    has_lab_reviewer: bool | None = None


@dataclass(frozen=True)
class OrderedTherapy:
    """The order as it stands (clinical 1.2 THX01, CLN02, CLN03)."""

    drug: str | None = None
    dose: str | None = None
    route: str | None = None
    frequency: str | None = None
    duration: str | None = None
    is_signed: bool | None = None
    is_anti_infective: bool | None = None
    has_stop_date: bool | None = None
    has_infectious_disease_or_prescriber_review: bool | None = None
    controlled_schedule: int | None = None  # 2 to 5; 0 = not controlled
    has_valid_dea_prescription: bool | None = None
    is_monitoring_program_checked: bool | None = None
    is_weight_based: bool | None = None
    is_height_based: bool | None = None
    weight_kg: Decimal | None = None
    height_cm: Decimal | None = None


@dataclass(frozen=True)
class FirstDose:
    """What the patient has received before, and what stands ready (clinical 1.2 THX02, 1.4)."""

    was_given_and_tolerated: bool | None = None
    is_other_product: bool | None = None
    weeks_since_last: Decimal | None = None
    exposure_days: int | None = None
    is_continued_from_hospital: bool | None = None
    has_reacted_to_class: bool | None = None
    has_anaphylaxis_orders: bool | None = None
    has_kit: bool | None = None
    has_nurse_on_site: bool | None = None


@dataclass(frozen=True)
class Facts:
    """Everything the gate looks at for one patient and one order version."""

    help: Help = field(default_factory=Help)
    home: Home = field(default_factory=Home)
    prescribing: Prescribing = field(default_factory=Prescribing)
    therapy: OrderedTherapy = field(default_factory=OrderedTherapy)
    first_dose: FirstDose = field(default_factory=FirstDose)
    access: Access | None = None
    screening: Screening | None = None

"""What is known about one patient, as values: the rules of every slice above judge these, and never a record."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal
from uuid import UUID

from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.periods import age_in_years
from infusiondesk.patients.rules.words import (
    CENTRAL,
    AllergySeverity,
    CodeStatus,
    DeviceType,
    MeasuredHow,
    MeasurementKind,
    MedicationSource,
    PatientStatus,
    PlaceKind,
    Sex,
    Standing,
    TipConfirmation,
    TipLocation,
)

Tone = Literal["danger", "due", "done", "accent", "neutral", "hosp", "plain"]


class Severity(StrEnum):
    """How much a finding weighs (clinical 0.2)."""

    STOP = "STOP"
    HOLD = "HOLD"
    WARN = "WARN"
    INFO = "INFO"


@dataclass(frozen=True)
class Finding:
    """One thing a rule found: which rule, how much it weighs, and why in one sentence."""

    rule: str
    severity: Severity
    because: str


@dataclass(frozen=True)
class PrescriberFacts:
    """Who orders, or who follows the patient at home."""

    id: UUID
    name: str
    npi: str
    phone: str
    after_hours_phone: str
    fax: str
    dea: str
    standing: Standing
    standing_on: date | None


@dataclass(frozen=True)
class AllergyFacts:
    """One allergy that counts."""

    id: UUID
    substance: str
    reaction: str
    severity: AllergySeverity | None
    occurred: str
    mechanism: str
    source: str
    noted_on: date
    noted_by: str

    def text(self) -> str:
        """``penicillin, hives and throat swelling (2011)``; a life-threatening kind is named first."""
        grave = self.severity if self.severity in (AllergySeverity.ANAPHYLAXIS, AllergySeverity.SEVERE_SKIN) else None
        reaction = self.reaction or "reaction not recorded"
        if grave and grave.casefold() not in reaction.casefold():
            reaction = f"{grave}: {self.reaction}" if self.reaction else grave.value
        return f"{self.substance}, {reaction}{f' ({self.occurred})' if self.occurred else ''}"


@dataclass(frozen=True)
class MeasurementFacts:
    """One weight or height; the value is in kilograms or centimetres."""

    id: UUID
    kind: MeasurementKind
    value: Decimal
    measured_on: date
    how: MeasuredHow
    confirmed_because: str | None = None
    entered_by: str = ""


@dataclass(frozen=True)
class DiagnosisFacts:
    """One diagnosis; rank 1 is the primary one."""

    id: UUID
    code: str
    label: str
    rank: int
    started_on: date | None


@dataclass(frozen=True)
class DeviceFacts:
    """One access device."""

    id: UUID
    type: DeviceType
    lumens: int | None
    french: Decimal | None
    brand: str
    arm: str
    vein: str
    tip: TipLocation | None
    tip_confirmed: TipConfirmation | None
    tip_confirmed_on: date | None
    inserted_on: date | None
    inserted_by: str
    total_cm: Decimal | None
    external_cm: Decimal | None
    needle: str
    removed_on: date | None

    @property
    def is_central(self) -> bool:
        return self.type in CENTRAL

    @property
    def waits_for_tip(self) -> bool:
        """A central device whose tip nobody has seen (R13)."""
        return self.is_central and self.tip_confirmed is None

    def text(self) -> str:
        """``PICC, right basilic, 2 lumens, tip at SVC (chest X-ray, 1 Nov 2026)``."""
        site = " ".join(part for part in (self.arm, self.vein) if part)
        lumens = f"{self.lumens} lumen{'s' if self.lumens != 1 else ''}" if self.lumens else ""
        return ", ".join(part for part in (self.type.value, site, lumens, self._tip_text()) if part)

    def _tip_text(self) -> str:
        if self.tip_confirmed is None:
            return "tip not confirmed" if self.is_central else ""
        where = f"tip at {self.tip}" if self.tip else "tip confirmed"
        return f"{where} ({self.tip_confirmed}{f', {day(self.tip_confirmed_on)}' if self.tip_confirmed_on else ''})"


@dataclass(frozen=True)
class HomeMedicationFacts:
    """One medicine that the patient takes besides ours, as he or a paper says it."""

    id: UUID
    name: str
    details: str
    last_taken: str
    source: MedicationSource
    noted_on: date
    stopped_on: date | None


@dataclass(frozen=True)
class PlaceFacts:
    """Where doses are given from a day on."""

    id: UUID
    kind: PlaceKind
    detail: str
    from_on: date

    @property
    def is_suite(self) -> bool:
        return self.kind is PlaceKind.INFUSION_SUITE

    @property
    def is_home_for_medicare(self) -> bool:
        """Whether home infusion services may be billed there: never in a nursing facility (42 CFR 486.505)."""
        return self.kind is not PlaceKind.SNF


@dataclass(frozen=True)
class StayFacts:
    """One hospital stay; the answers about doses and line care at home decide the edge days (billing 2.4); None is unknown."""

    id: UUID
    facility: str
    admitted_at: datetime
    discharged_at: datetime | None
    because: str
    home_dose_on_admit_day: bool | None
    home_dose_on_discharge_day: bool | None
    line_care_on_admit_day: bool | None
    line_care_on_discharge_day: bool | None


@dataclass(frozen=True)
class PatientFacts:
    """Everything that this slice knows about one patient and that the rules above need."""

    id: UUID
    mrn: str
    first_name: str
    last_name: str
    preferred_name: str
    born_on: date
    sex: Sex
    status: PatientStatus
    episode: int
    phone: str
    address: str
    language: str
    interpreter_needed: bool
    emergency_contact: str
    emergency_class: int | None
    code_status: CodeStatus | None
    prescriber: PrescriberFacts | None
    followed_by: PrescriberFacts | None
    no_known_allergies_on: date | None
    allergies: tuple[AllergyFacts, ...]
    weight: MeasurementFacts | None
    height: MeasurementFacts | None
    dry_weight: MeasurementFacts | None
    diagnoses: tuple[DiagnosisFacts, ...]
    devices: tuple[DeviceFacts, ...]
    home_medications: tuple[HomeMedicationFacts, ...]
    place: PlaceFacts | None
    stays: tuple[StayFacts, ...]
    similar_names: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """``ZZTEST Alder, Marian``."""
        return f"{self.last_name}, {self.first_name}"

    def age_on(self, on: date) -> int:
        return age_in_years(self.born_on, on)

    @property
    def allergies_are_recorded(self) -> bool:
        """Somebody asked: there is an allergy, or somebody said that there is none (ALG01)."""
        return bool(self.allergies) or self.no_known_allergies_on is not None

    @property
    def open_stay(self) -> StayFacts | None:
        """The stay in hospital that has not ended."""
        return next((stay for stay in self.stays if stay.discharged_at is None), None)

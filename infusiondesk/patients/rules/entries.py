"""What is typed into the chart: allergies, diagnoses, devices, home medicines, places of care, hospital stays."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from infusiondesk.foundation.kernel.ismp import day, number
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.patients.rules.words import (
    AllergySeverity,
    DeviceType,
    MedicationSource,
    PlaceKind,
    TipConfirmation,
    TipLocation,
)

DIAGNOSIS_CODE: Final = re.compile(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?")  # the shape of an ICD-10-CM code
MOST_EXTERNAL_CM: Final = Decimal(30)  # clinical 1.2 VAD02
NO_ALLERGY_WORDS: Final = frozenset({"none", "nka", "nkda", "no known allergies", "no known drug allergies", "no allergies", "nil"})


@dataclass
class AllergyDraft:
    """One allergy being entered."""

    substance: str = ""
    reaction: str = ""
    severity: AllergySeverity | None = None
    occurred: str = ""
    mechanism: str = ""
    source: str = ""

    def problems(self) -> list[Problem]:
        substance = " ".join(self.substance.split())
        if not substance:
            return [Problem("substance", "Enter the substance, such as penicillin.")]
        if substance.casefold().rstrip(".") in NO_ALLERGY_WORDS:
            return [Problem("substance", "This is no substance. Use “Confirm no known allergies”: it keeps the day and your name.")]
        return []


@dataclass
class DiagnosisDraft:
    """One diagnosis being entered; the label comes from the code table."""

    today: date
    code: str = ""
    label: str = ""
    is_primary: bool = False
    started_on: date | None = None

    def problems(self) -> list[Problem]:
        found = []
        if not DIAGNOSIS_CODE.fullmatch((self.code or "").strip().upper()):
            found.append(Problem("code", "Choose an ICD-10-CM code, such as M86.171."))
        if self.started_on is not None and self.started_on > self.today:
            found.append(Problem("started_on", f"{day(self.started_on)} is in the future."))
        return found


@dataclass
class DeviceDraft:
    """One access device being entered; the tip may be confirmed later."""

    today: date
    type: DeviceType | None = None
    lumens: int | None = None
    french: Decimal | None = None
    brand: str = ""
    arm: str = ""
    vein: str = ""
    inserted_on: date | None = None
    inserted_by: str = ""
    total_cm: Decimal | None = None
    external_cm: Decimal | None = None
    needle: str = ""
    tip: TipLocation | None = None
    tip_confirmed: TipConfirmation | None = None
    tip_confirmed_on: date | None = None

    def problems(self) -> list[Problem]:
        return list(self._found())

    def _found(self) -> Iterable[Problem]:
        if self.type is None:
            yield Problem("type", "Choose the type of device.")
        if self.lumens is not None and self.lumens < 1:
            yield Problem("lumens", "A device has at least one lumen.")
        if self.inserted_on is not None and self.inserted_on > self.today:
            yield Problem("inserted_on", f"{day(self.inserted_on)} is in the future; enter the day of insertion.")
        if self.external_cm is not None and not 0 <= self.external_cm <= MOST_EXTERNAL_CM:
            most = number(MOST_EXTERNAL_CM)
            yield Problem("external_cm", f"The external length must lie between 0 and {most} cm.")
        if self.external_cm is not None and self.total_cm is not None and self.external_cm > self.total_cm:
            yield Problem("external_cm", "The external length cannot exceed the total length.")
        yield from self._about_the_tip()

    def _about_the_tip(self) -> Iterable[Problem]:
        if self.tip_confirmed is not None:
            yield from tip_problems(self.tip, self.tip_confirmed_on, self.inserted_on, self.today)
        elif self.tip_confirmed_on is not None:
            yield Problem("tip_confirmed", "Choose how the tip was confirmed, or clear the day.")


def tip_problems(tip: TipLocation | None, on: date | None, inserted_on: date | None, today: date) -> Iterable[Problem]:
    """What is missing or impossible in the confirmation of a tip (VAD03)."""
    if tip is None:
        yield Problem("tip", "Choose where the tip lies.")
    if on is None:
        yield Problem("tip_confirmed_on", "Enter the day on which the tip was confirmed.")
    elif on > today:
        yield Problem("tip_confirmed_on", f"{day(on)} is in the future.")
    elif inserted_on is not None and on < inserted_on:
        yield Problem("tip_confirmed_on", f"The tip cannot be confirmed on {day(on)}, before insertion on {day(inserted_on)}.")


@dataclass
class TipDraft:
    """The confirmation of a tip being entered."""

    today: date
    inserted_on: date | None = None
    tip: TipLocation | None = None
    tip_confirmed: TipConfirmation | None = None
    tip_confirmed_on: date | None = None

    def problems(self) -> list[Problem]:
        found = list(tip_problems(self.tip, self.tip_confirmed_on, self.inserted_on, self.today))
        if self.tip_confirmed is None:
            found.append(Problem("tip_confirmed", "Choose how the tip was confirmed."))
        return found


def removal_problem(removed_on: date | None, inserted_on: date | None, today: date) -> str | None:
    """Why a device cannot have been removed on this day."""
    if removed_on is None:
        return "Enter the day of removal."
    if removed_on > today:
        return f"{day(removed_on)} is in the future; enter the day of removal."
    if inserted_on is not None and removed_on < inserted_on:
        return f"The device cannot be removed on {day(removed_on)}, before it was inserted on {day(inserted_on)}."
    return None


@dataclass
class HomeMedicationDraft:
    """One medicine that the patient takes besides ours."""

    name: str = ""
    details: str = ""
    last_taken: str = ""
    source: MedicationSource | None = None

    def problems(self) -> list[Problem]:
        found = []
        if not self.name.strip():
            found.append(Problem("name", "Enter the medicine as the patient says it; herbs and over-the-counter ones too."))
        if self.source is None:
            found.append(Problem("source", "Choose who says that the patient takes it."))
        return found


@dataclass
class PlaceDraft:
    """Where doses are given from a day on."""

    kind: PlaceKind | None = None
    detail: str = ""
    from_on: date | None = None

    def problems(self) -> list[Problem]:
        found = []
        if self.kind is None:
            found.append(Problem("kind", "Choose the place of care."))
        if self.from_on is None:
            found.append(Problem("from_on", "Enter the first day at this place."))
        return found


@dataclass
class StayDraft:
    """An admission to a hospital being entered. `now` is the present instant; the verb puts its own in."""

    now: datetime
    admitted_at: datetime | None = None
    facility: str = ""
    because: str = ""
    home_dose_on_admit_day: bool | None = None
    line_care_on_admit_day: bool | None = None

    def problems(self) -> list[Problem]:
        found = []
        if self.admitted_at is None:
            found.append(Problem("admitted_at", "Enter when the patient was admitted."))
        elif self.admitted_at > self.now:
            found.append(Problem("admitted_at", "The admission cannot lie in the future."))
        if not self.facility.strip():
            found.append(Problem("facility", "Enter the hospital."))
        return found


@dataclass
class HospitalDischargeDraft:
    """The end of a hospital stay being entered."""

    now: datetime
    admitted_at: datetime
    discharged_at: datetime | None = None
    home_dose_on_discharge_day: bool | None = None
    line_care_on_discharge_day: bool | None = None

    def problems(self) -> list[Problem]:
        if self.discharged_at is None:
            return [Problem("discharged_at", "Enter when the patient left the hospital.")]
        if self.discharged_at > self.now:
            return [Problem("discharged_at", "The discharge cannot lie in the future.")]
        if self.discharged_at < self.admitted_at:
            return [Problem("discharged_at", "The discharge cannot lie before the admission.")]
        return []


def overlaps(start: datetime, end: datetime | None, others: Iterable[tuple[datetime, datetime | None]]) -> bool:
    """Whether a stay would lie upon another one; a stay that ends when the next begins does not."""
    return any((end is None or other_start < end) and (other_end is None or start < other_end) for other_start, other_end in others)

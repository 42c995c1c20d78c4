"""The forms of the patient's page: which fields each has, the draft behind it, and the verb that saves it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.foundation.qtkit.forms import (
    CheckField,
    ChoiceField,
    CodeField,
    DateField,
    DateTimeField,
    Field,
    NumberField,
    TextField,
)
from infusiondesk.foundation.qtkit.forms.fields import LookUp
from infusiondesk.patients import service
from infusiondesk.patients.queries import ChartPage
from infusiondesk.patients.rules.drafts import PrescriberDraft, RequestDraft
from infusiondesk.patients.rules.entries import (
    AllergyDraft,
    DeviceDraft,
    DiagnosisDraft,
    HomeMedicationDraft,
    HospitalDischargeDraft,
    PlaceDraft,
    StayDraft,
    TipDraft,
)
from infusiondesk.patients.rules.facts import DeviceFacts, HomeMedicationFacts, PrescriberFacts, StayFacts
from infusiondesk.patients.rules.plausibility import MeasurementDraft
from infusiondesk.patients.rules.words import (
    AllergySeverity,
    DeviceType,
    MeasuredHow,
    MeasurementKind,
    MedicationSource,
    PlaceKind,
    Sex,
    Standing,
    TipConfirmation,
    TipLocation,
)
from infusiondesk.patients.screens.fields import DEMOGRAPHIC_FIELDS, PRESCRIBER_FIELDS, request_fields
from infusiondesk.patients.screens.forms import FormSpec
from infusiondesk.patients.screens.steps import Ending, death_form, discharge_form, hold_form, transfer_form

YES_NO = ((True, "yes"), (False, "no"))


@dataclass
class DayDraft:
    """One day, and perhaps a remark: a removal, a stop, a check."""

    on: date | None = None
    remark: str = ""
    standing: Standing | None = None

    def problems(self) -> list[Problem]:
        return [] if self.on is not None else [Problem("on", "Enter the day.")]


@dataclass
class ChosenPrescriberDraft:
    """Which prescriber, and in which part."""

    prescriber_id: UUID | None = None
    follows_at_home: bool | None = None

    def problems(self) -> list[Problem]:
        found = (
            [] if self.prescriber_id is not None else [Problem("prescriber_id", "Choose a prescriber, or enter a new one first.")]
        )
        return (
            found if self.follows_at_home is not None else [*found, Problem("follows_at_home", "Choose what the prescriber does.")]
        )


class Forms:
    """Makes the forms of one patient's page on one day."""

    def __init__(
        self,
        page: ChartPage,
        now: datetime,
        find_prescribers: LookUp,
        find_diagnoses: LookUp,
        meaning_of: Any,
        ending: Ending | None = None,
    ) -> None:
        self._page, self._now, self._today, self._ending = page, now, now.date(), ending or Ending()
        self._find_prescribers, self._find_diagnoses, self._meaning_of = find_prescribers, find_diagnoses, meaning_of

    @property
    def _patient(self) -> dict[str, Any]:
        return {"patient_id": self._page.facts.id}

    def _for_patient(self, draft: Any) -> dict[str, Any]:
        return {**self._patient, "draft": draft}

    def demographics(self) -> FormSpec:
        seen = self._page.demographics
        fields = (
            TextField("last_name", "Last name", required=True),
            TextField("first_name", "First name", required=True),
            DateField("born_on", "Born", required=True),
            ChoiceField("sex", "Sex at birth", choices=[(one, one.value) for one in Sex], required=True),
            *DEMOGRAPHIC_FIELDS,
        )
        return FormSpec(
            "demographics", "Correct demographics", fields, replace(seen), service.correct_demographics,
            lambda draft: {**self._for_patient(draft), "seen": seen}, "Corrected; the earlier values stay in the history.",
        )  # fmt: skip

    def again(self) -> FormSpec:
        return FormSpec(
            "again", "Refer again", request_fields(self._now.tzinfo), RequestDraft(received_at=self._now), service.refer_again,
            self._for_patient, "A new episode has begun; it stands on the board of referrals.",
            "The chart goes on; the earlier episode stays as it was.",
        )  # fmt: skip

    def prescriber(self) -> FormSpec:
        fields = (
            CodeField("prescriber_id", "Prescriber", look_up=self._find_prescribers, hint="name or NPI", required=True),
            ChoiceField("follows_at_home", "Part", choices=[(False, "orders"), (True, "follows at home")], required=True),
        )
        return FormSpec(
            "prescriber", "Choose a prescriber", fields, ChosenPrescriberDraft(), service.choose_prescriber,
            lambda draft: {**self._patient, "prescriber_id": draft.prescriber_id, "follows_at_home": draft.follows_at_home},
            "Chosen.",
        )  # fmt: skip

    def new_prescriber(self) -> FormSpec:
        return FormSpec(
            "new_prescriber", "New prescriber", PRESCRIBER_FIELDS, PrescriberDraft(), service.enter_prescriber,
            lambda draft: {"draft": draft}, "Entered; now choose the prescriber for this patient.",
        )  # fmt: skip

    def _part(self, one: PrescriberFacts) -> str:
        """The line on which a prescriber stands."""
        return "prescriber" if one == self._page.facts.prescriber else "followed_by"

    def correction(self, one: PrescriberFacts) -> FormSpec:
        draft = PrescriberDraft(one.name, one.npi, one.phone, one.after_hours_phone, one.fax, one.dea)
        return FormSpec(
            f"correction:{self._part(one)}", f"Correct {one.name}", PRESCRIBER_FIELDS, draft, service.correct_prescriber,
            lambda draft: {"prescriber_id": one.id, "draft": draft}, "The prescriber is corrected.",
            "It holds for every patient of this prescriber. After a new NPI the licence must be checked again.",
        )  # fmt: skip

    def hold(self) -> FormSpec:
        return hold_form(self._page.facts.id, self._today)

    def end(self) -> FormSpec:
        return discharge_form(self._page.facts.id, self._today, self._ending.discharge)

    def transfer(self) -> FormSpec:
        return transfer_form(self._page.facts.id, self._today, self._ending.transfer)

    def death(self) -> FormSpec:
        return death_form(self._page.facts.id, self._ending.death)

    def check(self, one: PrescriberFacts) -> FormSpec:
        choices = [(standing, standing.value) for standing in Standing if standing is not Standing.NOT_CHECKED]
        fields = (
            ChoiceField("standing", "Result", choices=choices, required=True, spread=False),
            DateField("on", "Checked on", required=True),
        )
        return FormSpec(
            f"check:{self._part(one)}", f"Licence and exclusion of {one.name}", fields, DayDraft(self._today),
            service.check_prescriber,
            lambda draft: {"prescriber_id": one.id, "standing": draft.standing, "checked_on": draft.on}, "Noted.",
            "What the licence board and the OIG exclusion list said.",
        )  # fmt: skip

    def allergy(self) -> FormSpec:
        fields = (
            TextField("substance", "Substance", required=True, hint="such as penicillin, latex, egg"),
            TextField("reaction", "Reaction", hint="what happened"),
            ChoiceField("severity", "Severity", choices=[(one, one.value) for one in AllergySeverity], spread=False),
            TextField("occurred", "When", hint="2011, as a child"),
            TextField("mechanism", "Mechanism", hint="allergy, intolerance, unclear"),
            TextField("source", "Who says so"),
        )
        return FormSpec(
            "allergy", "Enter an allergy", fields, AllergyDraft(), service.enter_allergy, self._for_patient,
            "The allergy is entered.", "It ends an earlier “no known allergies”.",
        )  # fmt: skip

    def measurement(self) -> FormSpec:
        fields = (
            ChoiceField(
                "kind",
                "What",
                choices=[(MeasurementKind.WEIGHT, "weight"), (MeasurementKind.DRY_WEIGHT, "dry weight")],
                required=True,
            ),
            NumberField(
                "value", "Weight", unit="kg", places=3, also="lb", required=True, hint="in kg, or with lb after the number"
            ),
            *self._when_and_how(),
        )
        draft = MeasurementDraft(self._today, MeasurementKind.WEIGHT)
        return FormSpec(
            "measurement", "Enter a weight", fields, draft, service.enter_measurement, self._for_patient, "The weight is entered."
        )

    def height(self) -> FormSpec:
        fields = (
            NumberField(
                "value", "Height", unit="cm", places=1, also="in", required=True, hint="in cm, or with in after the number"
            ),
            *self._when_and_how(),
        )
        draft = MeasurementDraft(self._today, MeasurementKind.HEIGHT)
        return FormSpec(
            "height", "Enter a height", fields, draft, service.enter_measurement, self._for_patient, "The height is entered."
        )

    def _when_and_how(self) -> tuple[Field, ...]:
        return (
            DateField("measured_on", "On", required=True),
            ChoiceField("how", "How", choices=[(one, one.value) for one in MeasuredHow], required=True),
        )

    def diagnosis(self) -> FormSpec:
        fields = (
            CodeField("code", "ICD-10-CM code", look_up=self._find_diagnoses, required=True, hint="code or words", wide=True),
            DateField("started_on", "Since"),
            CheckField("is_primary", "Primary diagnosis"),
        )
        is_first = not any(one.rank == 1 for one in self._page.facts.diagnoses)
        return FormSpec(
            "diagnosis", "Enter a diagnosis", fields, DiagnosisDraft(self._today, is_primary=is_first), service.enter_diagnosis,
            lambda draft: {**self._for_patient(draft), "meaning_of": self._meaning_of}, "The diagnosis is entered.",
        )  # fmt: skip

    def device(self) -> FormSpec:
        fields: tuple[Field | str, ...] = (
            ChoiceField("type", "Device", choices=[(one, one.value) for one in DeviceType], required=True, spread=False),
            NumberField("lumens", "Lumens", whole=True),
            TextField("arm", "Side", hint="left, right"),
            TextField("vein", "Vein"),
            DateField("inserted_on", "Inserted"),
            TextField("inserted_by", "Inserted by"),
            TextField("brand", "Brand"),
            NumberField("french", "Size", unit="Fr", places=1),
            NumberField("total_cm", "Total length", unit="cm", places=1),
            NumberField("external_cm", "External length", unit="cm", places=1),
            TextField("needle", "Port needle", hint="gauge and length"),
            "Tip",
            *self._tip_fields(),
        )
        return FormSpec(
            "device", "Enter an access device", fields, DeviceDraft(self._today), service.enter_device, self._for_patient,
            "The device is entered.", "A central line carries nothing before its tip is confirmed.",
        )  # fmt: skip

    def _tip_fields(self) -> tuple[Field, ...]:
        return (
            ChoiceField("tip", "Tip lies in", choices=[(one, one.value) for one in TipLocation], spread=False),
            ChoiceField("tip_confirmed", "Confirmed by", choices=[(one, one.value) for one in TipConfirmation], spread=False),
            DateField("tip_confirmed_on", "Confirmed on"),
        )

    def tip(self, one: DeviceFacts) -> FormSpec:
        draft = TipDraft(self._today, one.inserted_on, one.tip, one.tip_confirmed, one.tip_confirmed_on)
        return FormSpec(
            f"tip:{one.id}", f"Tip of the {one.type}", self._tip_fields(), draft, service.confirm_tip,
            lambda draft: {"device_id": one.id, "draft": draft}, "The tip is confirmed.",
        )  # fmt: skip

    def removal(self, one: DeviceFacts) -> FormSpec:
        fields = (DateField("on", "Removed on", required=True), TextField("remark", "Why"))
        return FormSpec(
            f"removal:{one.id}", f"{one.type} removed", fields, DayDraft(), service.remove_device,
            lambda draft: {"device_id": one.id, "removed_on": draft.on, "because": draft.remark}, "The removal is noted.",
        )  # fmt: skip

    def medicine(self) -> FormSpec:
        fields = (
            TextField("name", "Medicine", required=True, hint="as the patient says it; herbs and over-the-counter too"),
            TextField("details", "Dose and how often"),
            TextField("last_taken", "Last taken"),
            ChoiceField("source", "Who says so", choices=[(one, one.value) for one in MedicationSource], required=True),
        )
        return FormSpec(
            "medicine", "Enter a home medicine", fields, HomeMedicationDraft(source=MedicationSource.PATIENT),
            service.enter_home_medication, self._for_patient, "The medicine is entered.",
        )  # fmt: skip

    def stop(self, one: HomeMedicationFacts) -> FormSpec:
        fields = (DateField("on", "Stopped on", required=True),)
        return FormSpec(
            f"stop:{one.id}", f"{one.name} stopped", fields, DayDraft(), service.stop_home_medication,
            lambda draft: {"medication_id": one.id, "stopped_on": draft.on}, "Noted as stopped.",
        )  # fmt: skip

    def place(self) -> FormSpec:
        fields = (
            ChoiceField("kind", "Place of care", choices=[(one, one.value) for one in PlaceKind], required=True, spread=False),
            DateField("from_on", "From", required=True),
            TextField("detail", "Details", hint="whose home, which room"),
        )
        draft = PlaceDraft(from_on=self._today)
        return FormSpec("place", "Set the place of care", fields, draft, service.set_place_of_care, self._for_patient, "Set.")

    def admission(self) -> FormSpec:
        zone = self._now.tzinfo
        fields = (
            DateTimeField("admitted_at", "Admitted", zone=zone, required=True),
            TextField("facility", "Hospital", required=True),
            TextField("because", "Why"),
            ChoiceField("home_dose_on_admit_day", "Dose at home on that day, before", choices=YES_NO),
            ChoiceField("line_care_on_admit_day", "Flush or dressing at home on that day", choices=YES_NO),
        )
        return FormSpec(
            "admission", "Admitted to hospital", fields, StayDraft(self._now), service.admit_to_hospital, self._for_patient,
            "The stay is noted.", "An active patient goes on hold with it. The two questions decide that day for billing.",
        )  # fmt: skip

    def discharge(self, one: StayFacts) -> FormSpec:
        fields = (
            DateTimeField("discharged_at", "Left the hospital", zone=self._now.tzinfo, required=True),
            ChoiceField("home_dose_on_discharge_day", "Dose at home on that day, after", choices=YES_NO),
            ChoiceField("line_care_on_discharge_day", "Flush or dressing at home on that day", choices=YES_NO),
        )
        return FormSpec(
            f"discharge:{one.id}", f"Discharged from {one.facility}", fields, HospitalDischargeDraft(self._now, one.admitted_at),
            service.discharge_from_hospital, lambda draft: {"stay_id": one.id, "draft": draft},
            "The discharge is noted; a pharmacist resumes therapy.",
        )  # fmt: skip

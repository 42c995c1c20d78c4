"""A row of the catalog while it is typed or read from a file, and what keeps it from being saved."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from infusiondesk.catalog.rules.ndc import ndc_problem
from infusiondesk.catalog.rules.words import (
    CONTENT_UNITS,
    DILUENT,
    DOSE_UNITS,
    IV_WAYS,
    ROUTES,
    SCHEDULES,
    THERAPY_CLASSES,
    ContainerKind,
    FirstDoseRisk,
    Hazard,
    ProductForm,
    Status,
    Storage,
    Vesicant,
)
from infusiondesk.foundation.kernel.ismp import amount, number
from infusiondesk.foundation.kernel.outcomes import Problem

# A slip check, not a pharmaceutical limit: what the added volume gives back may lie below the content (powder takes up room) but
# not by half, and may exceed it only by a maker's overage.
_LEAST_GIVEN_BACK: Final = Decimal("0.5")
_MOST_GIVEN_BACK: Final = Decimal("1.1")


@dataclass
class _Sourced:
    """What every row says of itself."""

    source: str = ""
    status: str = Status.LABEL.value

    def _source_problems(self) -> list[Problem]:
        found = []
        if self.status not in set(Status):
            found.append(Problem("status", "Say where the facts come from: label, study, memory or policy."))
        if not self.source.strip() and self.status != Status.UNKNOWN:
            found.append(Problem("source", "Name the source: which label, study or policy, and its date or page."))
        return found


@dataclass
class DrugDraft(_Sourced):
    """A drug being entered."""

    ingredient: str = ""
    name: str = ""
    reference_name: str = ""
    therapy: str = ""
    therapy_class: str = ""
    routes: tuple[str, ...] = ()
    dose_unit: str = "mg"
    hazard: str = Hazard.NONE.value
    controlled: str = ""
    first_dose_risk: str = FirstDoseRisk.NOT_JUDGED.value
    vesicant: str = Vesicant.NONE.value
    central_only: bool = False
    line_note: str = ""
    storage_text: str = ""
    iv_ways: tuple[str, ...] = ()

    def problems(self) -> list[Problem]:
        found = [
            Problem(name, sentence)
            for name, sentence in (
                ("ingredient", "Enter the ingredient as billing and screening know it, in lower case."),
                ("name", "Enter the name as it is to stand on screens and labels."),
                ("therapy", "Enter the therapy in a word, such as antibiotic."),
            )
            if not getattr(self, name).strip()
        ]
        if self.ingredient != self.ingredient.lower():
            found.append(Problem("ingredient", "Write the ingredient in lower case; the name carries the tall-man letters."))
        for name, known in (
            ("therapy_class", THERAPY_CLASSES),
            ("dose_unit", DOSE_UNITS),
            ("hazard", tuple(Hazard)),
            ("controlled", SCHEDULES),
            ("first_dose_risk", tuple(FirstDoseRisk)),
            ("vesicant", tuple(Vesicant)),
        ):
            if getattr(self, name) not in known:
                found.append(Problem(name, "Choose one of the list."))
        if not set(self.routes) <= set(ROUTES) or not (self.routes or self.therapy == DILUENT):
            found.append(Problem("routes", "Choose at least one route; only a diluent has none."))
        if not set(self.iv_ways) <= set(IV_WAYS):
            found.append(Problem("iv_ways", "Choose of: push, intermittent, continuous."))
        elif self.iv_ways and "intravenous" not in self.routes:
            found.append(Problem("iv_ways", "These are ways into a vein: name the intravenous route, or leave them empty."))
        return found + self._source_problems()


@dataclass
class ProductDraft(_Sourced):
    """A product being entered."""

    drug_id: UUID | None = None
    label: str = ""
    formulation: str = ""
    ndc: str = ""
    form: str = ProductForm.POWDER.value
    container: str = ContainerKind.SINGLE_DOSE_VIAL.value
    content_amount: Decimal | None = None
    content_unit: str = "mg"
    reconstitution_ml: Decimal | None = None
    reconstitute_with: str = ""
    volume_ml: Decimal | None = None
    concentration: Decimal | None = None
    in_use_hours: Decimal | None = None
    maker_text: str = ""
    storage: str = Storage.CRT.value

    def problems(self) -> list[Problem]:
        found = []
        if self.drug_id is None:
            found.append(Problem("drug_id", "Choose the drug of this product."))
        if not self.label.strip():
            found.append(Problem("label", "Enter the product as its label reads, such as vancomycin 1 g vial."))
        for name, known in (
            ("form", tuple(ProductForm)),
            ("container", tuple(ContainerKind)),
            ("content_unit", CONTENT_UNITS),
            ("storage", tuple(Storage)),
        ):
            if getattr(self, name) not in known:
                found.append(Problem(name, "Choose one of the list."))
        if sentence := ndc_problem(self.ndc):
            found.append(Problem("ndc", sentence))
        if self.content_amount is None or self.content_amount <= 0:
            found.append(Problem("content_amount", "Enter what one container holds, above 0."))
        for name in ("reconstitution_ml", "volume_ml", "concentration", "in_use_hours"):
            value = getattr(self, name)
            if value is not None and value <= 0:
                found.append(Problem(name, "Enter a number above 0, or leave it empty while it is not known."))
        return found + (self._form_problems() if not found else []) + self._source_problems()

    def _form_problems(self) -> list[Problem]:
        if self.form == ProductForm.SOLUTION:
            if self.volume_ml is None:
                return [Problem("volume_ml", "Enter the volume of one container.")]
            if self.reconstitution_ml is not None or self.concentration is not None:
                return [Problem("reconstitution_ml", "A solution is not reconstituted: content and volume give its strength.")]
            return []
        content, added, strength = self.content_amount, self.reconstitution_ml, self.concentration
        if content is None or added is None or strength is None:
            return []
        share = strength * added / content
        if _LEAST_GIVEN_BACK <= share <= _MOST_GIVEN_BACK:
            return []
        unit = self.content_unit
        said = f"{amount(content, unit)} with {number(added)} mL cannot give {number(strength)} {unit}/mL."
        return [Problem("concentration", f"{said} Check the three numbers against the label.")]


@dataclass
class StabilityDraft(_Sourced):
    """One stability being entered."""

    drug_id: UUID | None = None
    formulation: str = ""
    diluents: tuple[str, ...] = ()
    container: str = ""
    storage: str = Storage.REFRIGERATOR.value
    concentration_low: Decimal | None = None
    concentration_high: Decimal | None = None
    concentration_unit: str = ""
    is_forbidden: bool = False
    hours: Decimal | None = None
    note: str = ""

    def problems(self) -> list[Problem]:
        found = []
        if self.drug_id is None:
            found.append(Problem("drug_id", "Choose the drug."))
        if self.storage not in set(Storage):
            found.append(Problem("storage", "Choose one of the list."))
        if self.is_forbidden and self.hours is not None:
            found.append(Problem("hours", "What may not be stored so has no hours."))
        if self.hours is not None and self.hours <= 0:
            found.append(Problem("hours", "Enter the hours above 0, or leave them empty while nobody knows."))
        low, high = self.concentration_low, self.concentration_high
        if low is not None and high is not None and low > high:
            found.append(Problem("concentration_high", "The upper concentration is below the lower one."))
        if (low is not None or high is not None) and not self.concentration_unit:
            found.append(Problem("concentration_unit", "Enter the unit of the concentration, such as mg/mL."))
        return found + self._source_problems()


Draft = DrugDraft | ProductDraft | StabilityDraft

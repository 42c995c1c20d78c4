"""The words in which the catalog speaks: kinds of rows, where facts come from, forms, containers, risks."""

from enum import StrEnum
from typing import Final


class RowKind(StrEnum):
    """What a reviewed row is about."""

    DRUG = "drug"
    PRODUCT = "product"
    STABILITY = "stability"


class Status(StrEnum):
    """Where the facts of a row come from; the weakest fact of a row decides."""

    LABEL = "label"
    STUDY = "study"
    MEMORY = "memory"
    POLICY = "policy"
    UNKNOWN = "unknown"


class Standing(StrEnum):
    """Whether a row may be worked with: only a signed one may."""

    SIGNED = "signed"
    UNSIGNED = "unsigned"
    CHANGED = "changed since it was signed"
    INCOMPLETE = "value missing"


class ProductForm(StrEnum):
    """How a product comes."""

    POWDER = "powder"
    SOLUTION = "solution"


class ContainerKind(StrEnum):
    """What a product comes in; the first four words are those of the in-use limits (sterile 2.5)."""

    SINGLE_DOSE_VIAL = "single_dose_vial"
    MULTI_DOSE_VIAL = "multi_dose_vial"
    PHARMACY_BULK_PACKAGE = "pharmacy_bulk_package"
    AMPULE = "ampule"
    BAG = "bag"
    BOTTLE = "bottle"
    SYRINGE = "syringe"

    @property
    def words(self) -> str:
        """As a sentence says it."""
        return self.value.replace("_", "-", 1).replace("_", " ") if "dose" in self.value else self.value.replace("_", " ")


class FirstDoseRisk(StrEnum):
    """How dangerous a first dose at home is (clinical 1.4); where the list is silent, nobody has judged it."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    NOT_JUDGED = "not judged"


class Vesicant(StrEnum):
    """What a leak beside the vein does (clinical 5.0): red may not run in a peripheral line, yellow only after a decision."""

    NONE = "none"
    IRRITANT = "irritant"
    YELLOW = "yellow"
    RED = "red"


class Storage(StrEnum):
    """Where a preparation or a product is kept; "thawed" counts from the freezer, "pump" is a bag worn on the body."""

    CRT = "crt"
    REFRIGERATOR = "refrigerator"
    FREEZER = "freezer"
    THAWED_CRT = "thawed_crt"
    THAWED_REFRIGERATOR = "thawed_refrigerator"
    PUMP = "pump_37c"

    @property
    def words(self) -> str:
        """As a sentence says it, with the degrees of USP <659> (sterile 7)."""
        return _STORAGE_WORDS[self]


class Hazard(StrEnum):
    """Whether a drug is handled as hazardous (clinical 5.2)."""

    NONE = "none"
    HAZARDOUS = "hazardous"


_STORAGE_WORDS: Final = {
    Storage.CRT: "room temperature, 20 to 25 °C",
    Storage.REFRIGERATOR: "refrigerator, 2 to 8 °C",
    Storage.FREEZER: "freezer, −25 to −10 °C",
    Storage.THAWED_CRT: "thawed, at room temperature",
    Storage.THAWED_REFRIGERATOR: "thawed, in the refrigerator",
    Storage.PUMP: "worn in the pump, 32 to 37 °C",
}
# The classes that decide the per-diem code family (ask, section 2). The last is never a per diem.
THERAPY_CLASSES: Final = (
    "anti_infective", "tpn", "hydration", "pain", "chemotherapy", "anticoagulant_infusion", "anticoagulant_injection",
    "immune_globulin", "factor", "alpha1", "uninterrupted", "inotrope", "tocolytic", "antiemetic_infusion", "antiemetic_injection",
    "insulin", "chelation", "enzyme_replacement", "anti_tnf", "diuretic", "antispasmodic", "corticosteroid", "other_infusion",
    "hematopoietic_injection", "other_injection", "immunotherapy_injection", "irrigation", "aerosol", "enteral", "obstetric",
    "flush",
)  # fmt: skip
# How a drug may go into a vein; a patient-controlled pump runs on and is continuous.
IV_WAYS: Final = ("push", "intermittent", "continuous")
ROUTES: Final = ("intravenous", "subcutaneous", "intramuscular", "intrathecal", "epidural", "inhaled", "enteral", "irrigation")
CONTENT_UNITS: Final = ("mg", "g", "mcg", "units", "mEq", "mmol", "mL")
DOSE_UNITS: Final = (*CONTENT_UNITS, "mcg/kg/min")
SCHEDULES: Final = ("", "CII", "CIII", "CIV", "CV")
DILUENT: Final = "diluent"  # the therapy of what is never given alone

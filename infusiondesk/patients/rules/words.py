"""The closed lists of words that are kept about a patient (clinical 1.2, field dictionary)."""

from enum import StrEnum
from typing import Final


class PatientStatus(StrEnum):
    """Where the patient stands in his episode (clinical 9.1)."""

    REFERRAL = "referral"
    INTAKE = "intake"
    PENDING = "pending"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    ON_HOLD = "on hold"
    DECLINED = "declined"
    DISCHARGED = "discharged"
    DECEASED = "deceased"
    TRANSFERRED_OUT = "transferred out"


class ReferralSource(StrEnum):
    """Who sent the patient (REF01)."""

    HOSPITAL = "hospital"
    PHYSICIAN_OFFICE = "physician office"
    CLINIC = "clinic"
    SNF = "skilled nursing facility"
    PAYER = "payer"
    SELF = "self"
    OTHER_PHARMACY = "other pharmacy"
    HOME_HEALTH = "home health"


class Document(StrEnum):
    """What ought to come with a referral (REF04); what is missing is asked for."""

    DEMOGRAPHICS = "demographics"
    INSURANCE = "insurance"
    HISTORY = "history and physical"
    MEDICATIONS = "medication list"
    ORDER = "signed order"
    LABS = "labs of the last 7 days"
    CULTURE = "culture"
    LINE = "line placement report"
    TIP = "tip confirmation"
    ALLERGIES = "allergy list"
    SIZE = "height and weight"
    LAST_DOSE = "last dose time"


class Sex(StrEnum):
    """Sex at birth; ideal body weight and creatinine clearance need it (DEM01-08)."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


class CodeStatus(StrEnum):
    """What is to be done when the heart stops (CON04)."""

    FULL = "full code"
    DNR = "DNR or POLST on file"
    UNKNOWN = "unknown"


class AllergySeverity(StrEnum):
    """How bad it was (ALG01); None means that nobody could say."""

    INTOLERANCE = "intolerance"
    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"
    ANAPHYLAXIS = "anaphylaxis"
    SEVERE_SKIN = "SJS, TEN or DRESS"


class MeasurementKind(StrEnum):
    """What was measured (CLN03)."""

    WEIGHT = "weight_kg"
    HEIGHT = "height_cm"
    DRY_WEIGHT = "dry_weight_kg"


class MeasuredHow(StrEnum):
    """On a scale, or as the patient or a paper says (CLN03)."""

    MEASURED = "measured"
    STATED = "stated"


class DeviceType(StrEnum):
    """Through what it is given (VAD01)."""

    PIV = "peripheral IV"
    MIDLINE = "midline"
    PICC = "PICC"
    TUNNELED = "tunneled central catheter"
    NONTUNNELED = "non-tunneled central catheter"
    PORT = "implanted port"
    HD = "hemodialysis catheter"
    SC = "subcutaneous"
    IT = "intrathecal"
    EPIDURAL = "epidural"
    IO = "intraosseous"


CENTRAL: Final = frozenset({DeviceType.PICC, DeviceType.TUNNELED, DeviceType.NONTUNNELED, DeviceType.PORT, DeviceType.HD})


class TipLocation(StrEnum):
    """Where the tip lies (VAD03)."""

    CAVOATRIAL = "lower SVC or cavoatrial junction"
    SVC = "SVC"
    RIGHT_ATRIUM = "right atrium"
    AXILLARY = "axillary"
    OTHER = "other"


class TipConfirmation(StrEnum):
    """How that was seen (VAD03); None means that nobody has seen it."""

    CHEST_XRAY = "chest X-ray"
    ECG = "ECG"
    FLUOROSCOPY = "fluoroscopy"


class MedicationSource(StrEnum):
    """Who says that the patient takes it (MED01)."""

    PATIENT = "patient"
    HOSPITAL = "hospital"
    PHARMACY = "pharmacy"
    PRESCRIBER = "prescriber"


class PlaceKind(StrEnum):
    """Where doses are given (HOM01), and our own infusion suite."""

    OWN_HOME = "own home"
    FAMILY = "family's home"
    APARTMENT = "apartment"
    ASSISTED_LIVING = "assisted living"
    SNF = "skilled nursing facility"
    GROUP_HOME = "group home"
    SHELTER = "shelter"
    MOTEL = "motel"
    HOMELESS = "no fixed home"
    HOSPICE = "hospice house"
    INFUSION_SUITE = "infusion suite"


class Standing(StrEnum):
    """What the check of a prescriber's licence and of the OIG exclusion list said (R20)."""

    NOT_CHECKED = "not checked"
    GOOD = "licensed, not excluded"
    NOT_LICENSED = "not licensed"
    EXCLUDED = "excluded (OIG)"


class DeclineReason(StrEnum):
    """Why we do not take a patient (clinical 9.1)."""

    CLINICAL = "clinical"
    UNSAFE_HOME = "unsafe home"
    NO_CAREGIVER = "no caregiver"
    PAYER = "payer"
    CAPACITY = "capacity"
    OUT_OF_AREA = "out of area"
    NO_NURSE = "no nurse"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"


class HoldReason(StrEnum):
    """Why therapy pauses (clinical 9.1)."""

    HOSPITALISED = "hospitalised"
    TRAVEL = "travel"
    ORDER_HOLD = "order hold"
    ADVERSE_REACTION = "adverse reaction"
    PAYER = "payer"
    LINE = "line"


EMERGENCY_CLASSES: Final = {
    1: "life-sustaining",
    2: "dose critical within 24 hours",
    3: "can miss 1 to 3 days",
}
"""EMR01 (memory; policy)."""

LANGUAGES: Final = {
    "en": "English", "es": "Spanish", "zh": "Chinese", "vi": "Vietnamese", "tl": "Tagalog", "ar": "Arabic", "ko": "Korean",
    "ru": "Russian", "fr": "French", "ht": "Haitian Creole", "pt": "Portuguese", "pl": "Polish", "de": "German", "it": "Italian",
    "hi": "Hindi", "ur": "Urdu", "bn": "Bengali", "gu": "Gujarati", "pa": "Punjabi", "ta": "Tamil", "te": "Telugu", "ne": "Nepali",
    "fa": "Persian", "ja": "Japanese", "km": "Khmer", "hmn": "Hmong", "lo": "Lao", "th": "Thai", "my": "Burmese", "so": "Somali",
    "am": "Amharic", "sw": "Swahili", "yo": "Yoruba", "ig": "Igbo", "uk": "Ukrainian", "el": "Greek", "he": "Hebrew",
    "hy": "Armenian", "sq": "Albanian", "bs": "Bosnian", "sr": "Serbian", "hr": "Croatian", "ro": "Romanian", "tr": "Turkish",
    "cs": "Czech", "hu": "Hungarian", "nv": "Navajo", "sgn": "sign language",
}  # fmt: skip
"""ISO 639 codes and their names, the usual ones first (DEM09)."""

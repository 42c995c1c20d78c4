"""Twelve made-up patients, one for each therapy that the catalog names; days are counted back from the demonstration's last day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from infusiondesk.app.demo.stocking import BLUE, MEDICAID, MEDICARE
from infusiondesk.orders.rules import Method, Pattern
from infusiondesk.patients.rules.words import AllergySeverity, DeviceType, PlaceKind, Sex, TipLocation

NS, D5W = "0.9% sodium chloride", "5% dextrose"
SWFI_20 = "sterile water for injection 20 mL vial"


@dataclass(frozen=True)
class Making:
    """What a batch is made from, how many bags, and every how many days."""

    product: str
    fluid: str
    diluent: str
    bags: int
    every_days: int
    storage: str = "refrigerator"


@dataclass(frozen=True)
class Therapy:
    """One order: its sig, the days it runs (before and after the last day), its per-diem code, and how it is made.

    `stopped` is the day on which it is discontinued with a bag on the road, `warm` that of a delivery that comes too warm.
    `more` is what the order says besides: how its dose was ordered, its schedule, its program.
    """

    ingredient: str
    dose: str
    unit: str
    every_hours: int | None
    minutes: int | None
    method: Method
    first: int
    after: int
    code: str
    protocol: str
    diluent: str = ""
    container: str = ""
    volume: int | None = None
    route: str = "iv"
    had_before: bool = True
    held: int | None = None
    stopped: int | None = None
    warm: int | None = None
    making: Making | None = None
    indication: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def amount(self) -> Decimal:
        return Decimal(self.dose)


@dataclass(frozen=True)
class Analyte:
    """One line of a laboratory report: LOINC, name, usual value, places, unit, the laboratory's range."""

    code: str
    name: str
    value: str
    places: int
    unit: str
    limits: str


@dataclass(frozen=True)
class Story:
    """One patient: who, what for, through which line, on which therapies, and what happens on the way."""

    tree: str
    sex: Sex
    born: int
    weight: str
    height: str
    code: str
    meaning: str
    device: DeviceType
    therapies: tuple[Therapy, ...]
    labs: tuple[Analyte, ...]
    payer: str = BLUE
    lumens: int = 1
    tip: TipLocation | None = TipLocation.CAVOATRIAL
    allergy: tuple[str, str, AllergySeverity] | None = None
    medicines: tuple[tuple[str, str], ...] = ()
    place: PlaceKind = PlaceKind.OWN_HOME
    visit_days: int = 7
    lab_days: int = 7
    stay: tuple[int, int] | None = None
    critical: int | None = None
    waiting: frozenset[str] = frozenset()

    @property
    def first(self) -> int:
        """So many days before the last one the first therapy begins."""
        return max(therapy.first for therapy in self.therapies)


CREATININE = Analyte("2160-0", "Creatinine", "0.9", 1, "mg/dL", "0.6-1.3")
BUN = Analyte("3094-0", "Urea nitrogen", "15", 0, "mg/dL", "7-20")
POTASSIUM = Analyte("2823-3", "Potassium", "4.2", 1, "mmol/L", "3.5-5.1")
SODIUM = Analyte("2951-2", "Sodium", "139", 0, "mmol/L", "136-145")
GLUCOSE = Analyte("2345-7", "Glucose", "98", 0, "mg/dL", "70-140")
WBC = Analyte("26464-8", "Leukocytes", "6.8", 1, "10*3/uL", "4.0-11.0")
HEMOGLOBIN = Analyte("718-7", "Hemoglobin", "12.6", 1, "g/dL", "12.0-16.0")
PLATELETS = Analyte("26515-7", "Platelets", "240", 0, "10*3/uL", "150-400")
MAGNESIUM = Analyte("19123-9", "Magnesium", "2.0", 1, "mg/dL", "1.7-2.4")
PHOSPHORUS = Analyte("2777-1", "Phosphorus", "3.4", 1, "mg/dL", "2.5-4.5")
ALT = Analyte("1742-6", "ALT", "28", 0, "U/L", "7-45")
TRIGLYCERIDES = Analyte("2571-8", "Triglycerides", "132", 0, "mg/dL", "0-150")
TROUGH = Analyte("4092-3", "Vancomycin, trough", "14.2", 1, "mg/L", "10-20")
BMP = (CREATININE, BUN, POTASSIUM, SODIUM, GLUCOSE)
CBC = (WBC, HEMOGLOBIN, PLATELETS)

# Two medicines that lengthen the QT interval: the screen holds the order until a pharmacist says what will be watched.
_LONG_QT = (("methadone", "10 mg daily"), ("ondansetron", "4 mg as needed"))

STORIES: tuple[Story, ...] = (
    Story(
        "Alder", Sex.FEMALE, 1964, "78.4", "165", "M86.171", "Other acute osteomyelitis, right ankle and foot", DeviceType.PICC,
        (
            Therapy(
                "vancomycin", "1250", "mg", 12, 90, Method.ELASTOMERIC, 36, 5, "S9501", "L-VAN", NS, "bag", 250, warm=23,
                making=Making("vancomycin 500 mg vial", SWFI_20, f"{NS} 250 mL bag", 14, 7),
            ),
        ),
        (*BMP, *CBC, TROUGH), lumens=2, allergy=("sulfamethoxazole", "rash", AllergySeverity.MILD),
        medicines=(("metformin", "1,000 mg twice daily"), ("lisinopril", "20 mg daily")),
        waiting=frozenset({"a result to review", "a change to verify"}),
    ),
    Story(
        "Cedar", Sex.MALE, 1957, "81.0", "178", "E88.01", "Alpha-1-antitrypsin deficiency", DeviceType.PICC,
        (
            Therapy(
                "alpha-1 proteinase inhibitor", "4860", "mg", 168, 60, Method.GRAVITY, 82, 100, "S9346", "L-A1",
                more={"ordered_dose": Decimal(60), "ordered_unit": "mg/kg"},
            ),
            Therapy(
                "ceftriaxone", "2", "g", 24, 30, Method.GRAVITY, 18, 9, "S9500", "L-BL", NS, "bag", 100,
                indication="pneumonia",
                making=Making("cefTRIAXone 2 g vial", SWFI_20, f"{NS} 100 mL bag", 7, 7),
            ),
        ),
        (*BMP, *CBC, ALT), medicines=(("albuterol inhaler", "as needed"), *_LONG_QT),
        waiting=frozenset({"a batch to release", "a stop of the route"}),
    ),
    Story(
        "Elm", Sex.FEMALE, 1989, "62.5", "170", "B00.4", "Herpesviral encephalitis", DeviceType.PICC,
        (
            Therapy(
                "acyclovir", "500", "mg", 8, 60, Method.ELECTRIC_PUMP, 13, 7, "S9503", "L-ACV", NS, "bag", 100,
                making=Making("acyclovir 500 mg in 10 mL vial", "", f"{NS} 100 mL bag", 9, 3, "crt"),
            ),
            Therapy("sodium chloride 0.9%", "1000", "mL", 24, 240, Method.ELECTRIC_PUMP, 13, 7, "S9374", "L-HYD"),
        ),
        (*BMP, *CBC), waiting=frozenset({"bags to send", "a visit to sign"}),
    ),
    Story(
        "Fir", Sex.MALE, 1951, "74.2", "176", "C18.9", "Malignant neoplasm of colon, unspecified", DeviceType.PORT,
        (
            Therapy(
                "fluorouracil", "4300", "mg", 336, 2760, Method.ELASTOMERIC, 58, 40, "S9330", "L-CHEMO", D5W,
                "elastomeric", 172, held=6,
                making=Making("fluorouracil 2.5 g in 50 mL pharmacy bulk package", "", f"{D5W} 250 mL bag", 1, 14),
            ),
        ),
        (*CBC, *BMP, ALT), payer=MEDICARE, visit_days=14, lab_days=14, medicines=(("ondansetron", "8 mg as needed"),),
    ),
    Story(
        "Holly", Sex.FEMALE, 1948, "54.0", "160", "G89.3", "Neoplasm related pain (acute) (chronic)", DeviceType.PORT,
        (
            Therapy(
                "morphine", "60", "mg", None, None, Method.ELECTRIC_PUMP, 27, 30, "S9326", "L-PCA", NS, "cassette", 60,
                more={
                    "pattern": Pattern.PCA.value, "pca_basal": Decimal("1.5"), "pca_bolus": Decimal(1),
                    "pca_lockout_minutes": Decimal(15), "pca_hour_limit": Decimal("2.5"),
                },
                making=Making("morphine 10 mg in 1 mL vial", "", f"{NS} 250 mL bag", 7, 7),
            ),
        ),
        BMP, visit_days=7, lab_days=28, place=PlaceKind.FAMILY, medicines=(("senna", "8.6 mg at night"),),
        waiting=frozenset({"a box to close"}),
    ),
    Story(
        "Juniper", Sex.FEMALE, 1976, "51.3", "163", "K91.2", "Postsurgical malabsorption, not elsewhere classified",
        DeviceType.TUNNELED,
        (
            Therapy("parenteral nutrition", "2000", "mL", 24, 720, Method.ELECTRIC_PUMP, 75, 180, "S9366", "L-PN", volume=2000),
            Therapy(
                "micafungin", "100", "mg", 24, 60, Method.ELASTOMERIC, 8, 6, "S9500", "L-ECH", NS, "bag", 100,
                indication="candidaemia", stopped=2,
                making=Making("micafungin 100 mg vial", f"{NS} 50 mL bag", f"{NS} 100 mL bag", 1, 1, "crt"),
            ),
        ),
        (*BMP, MAGNESIUM, PHOSPHORUS, TRIGLYCERIDES, ALT, *CBC), lumens=2, stay=(24, 17),
        allergy=("latex", "hives", AllergySeverity.MODERATE),
    ),
    Story(
        "Larch", Sex.MALE, 1959, "88.7", "181", "I50.22", "Chronic systolic (congestive) heart failure", DeviceType.PICC,
        (
            Therapy(
                "milrinone", "50", "mg", None, None, Method.ELECTRIC_PUMP, 38, 130, "S9348", "L-INO", NS, "bag", 250,
                more={"ordered_dose": Decimal("0.39"), "ordered_unit": "mcg/kg/min"},
                making=Making("milrinone 50 mg in 50 mL vial", "", f"{NS} 250 mL bag", 3, 3, "crt"),
            ),
        ),
        (*BMP, MAGNESIUM), lumens=2, stay=(26, 22), critical=11,
        medicines=(("carvedilol", "3.125 mg twice daily"), ("spironolactone", "25 mg daily")),
        waiting=frozenset({"a stop of the route"}),
    ),
    Story(
        "Linden", Sex.MALE, 1968, "84.1", "180", "G61.81", "Chronic inflammatory demyelinating polyneuritis", DeviceType.PIV,
        (
            Therapy(
                "gammagard liquid", "40", "g", 504, 240, Method.ELECTRIC_PUMP, 64, 200, "S9338", "L-IG",
                more={"ordered_dose": Decimal("0.5"), "ordered_unit": "g/kg", "round_to": Decimal(10)},
            ),
            Therapy(
                "methylprednisolone sodium succinate", "1000", "mg", 168, 60, Method.GRAVITY, 29, 26, "S9490", "L-HYD",
                NS, "bag", 250,
            ),
        ),
        (CREATININE, BUN, GLUCOSE, *CBC), tip=None, visit_days=21, lab_days=28,
    ),
    Story(
        "Magnolia", Sex.FEMALE, 1992, "66.8", "168", "K50.90", "Crohn's disease, unspecified, without complications",
        DeviceType.PIV,
        (
            Therapy(
                "infliximab", "400", "mg", 1344, 150, Method.ELECTRIC_PUMP, -3, 120, "S9359", "L-BIO", NS, "bag", 250,
                more={
                    "ordered_dose": Decimal(6), "ordered_unit": "mg/kg", "round_to": Decimal(100), "interval_hours": None,
                    "pattern": Pattern.WEEKS.value, "weeks": "0, 2, 6", "then_every_weeks": 8,
                },
            ),
        ),
        (*CBC, ALT, CREATININE), tip=None, place=PlaceKind.APARTMENT,
        allergy=("penicillin", "rash as a child", AllergySeverity.MILD),
        waiting=frozenset({"an order to verify"}),  # the screen stops it until tuberculosis and hepatitis B are excluded
    ),
    Story(
        "Oak", Sex.MALE, 1999, "79.6", "184", "D66", "Hereditary factor VIII deficiency", DeviceType.PORT,
        (
            Therapy(
                "factor viii", "3000", "units", 48, 10, Method.IV_PUSH, 60, 180, "S9345", "L-F8",
                more={"ordered_dose": Decimal(40), "ordered_unit": "units/kg", "round_to": Decimal(1000)},
            ),
        ),
        (HEMOGLOBIN, PLATELETS), payer=MEDICAID, visit_days=30, lab_days=45,
    ),
    Story(
        "Pine", Sex.FEMALE, 1996, "57.9", "161", "D56.1", "Beta thalassemia", DeviceType.SC,
        (Therapy("deferoxamine", "2000", "mg", 24, 600, Method.ELECTRIC_PUMP, 52, 120, "S9355", "L-DFO", route="sc"),),
        (CREATININE, HEMOGLOBIN), payer=MEDICAID, tip=None, visit_days=28, lab_days=28,
    ),
    Story(
        "Poplar", Sex.MALE, 1983, "70.3", "175", "E75.22", "Gaucher disease", DeviceType.PIV,
        (
            Therapy(
                "imiglucerase", "2800", "units", 336, 120, Method.ELECTRIC_PUMP, -1, 180, "S9357", "L-A1", NS, "bag", 100,
            ),
        ),
        CBC, tip=None, medicines=_LONG_QT, waiting=frozenset({"an order to verify"}),
    ),
)  # fmt: skip

TREES = (
    "Alder", "Cedar", "Elm", "Fir", "Holly", "Juniper", "Larch", "Linden", "Magnolia", "Oak", "Pine", "Poplar", "Spruce",
    "Sycamore", "Willow", "Yew", "Beech", "Chestnut", "Cypress", "Dogwood", "Ebony", "Hawthorn", "Hemlock", "Hickory",
)  # fmt: skip
FIRST_NAMES = {
    Sex.FEMALE: ("Marian", "Grace", "Ruth", "Ines", "Nora", "Judith", "Clara", "Edith", "Paula", "Vera", "Lucia", "Helen"),
    Sex.MALE: ("Paul", "Simon", "Victor", "Amos", "Oscar", "Leo", "Martin", "Hugo", "Felix", "Anton", "Peter", "Bruno"),
}
PRESCRIBERS = ("Dr ZZTEST Maplewood", "Dr ZZTEST Oakley", "Dr ZZTEST Ashford", "Dr ZZTEST Elmhurst")
STREETS = ("Elm Street", "Mill Road", "Church Lane", "Park Avenue", "River Drive", "Station Road")

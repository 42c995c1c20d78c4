"""What is asked of a patient and of the home, the answers as they are typed, and the reason under a HOLD."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from infusiondesk.assessments.rules.gate import LEAST_CHARACTERS
from infusiondesk.foundation.kernel.outcomes import Problem

MOST_MINUTES: Final = 600  # clinical 1.2 HOM05


class Decision(StrEnum):
    """What the pharmacist decides (clinical 1.2 DEC01); a decision still pending is not signed."""

    ACCEPT = "accept"
    WITH_CONDITIONS = "accept with conditions"
    DECLINE = "decline"


class Kind(StrEnum):
    """How a question is answered."""

    YES_NO = "yes or no"
    TEXT = "text"
    NUMBER = "number"
    ONE = "one of"
    SOME = "some of"


@dataclass(frozen=True)
class Question:
    """One question; `name` is the attribute of the draft."""

    name: str
    label: str
    kind: Kind = Kind.YES_NO
    choices: tuple[str, ...] = ()
    unit: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Section:
    """Questions under one heading."""

    title: str
    questions: tuple[Question, ...]


CONSENTS: Final = ("Treatment", "Assignment of benefits", "Privacy notice", "Rights and responsibilities", "Complaint process")
SECTIONS: Final[Sequence[Section]] = (
    Section("Who gives the therapy", (
        Question("nurse_gives", "A nurse gives every dose"),
        Question("patient_independent", "The patient gives it independently"),
        Question("caregiver_able", "A caregiver is willing and able"),
        Question("caregiver", "Caregiver", Kind.TEXT, hint="name, relation, hours"),
        Question("nurse_needed", "The therapy needs a nurse"),
        Question("nursing_accepted", "A nursing agency has accepted"),
        Question("nursing_agency", "Nursing agency", Kind.TEXT),
        Question("has_barrier", "Barrier of mind, sight or hands"),
        Question("barrier_compensated", "The barrier is made up for"),
    )),
    Section("The home", (
        Question("phone_works", "A phone works"),
        Question("power_safe", "Power is safe for a pump"),
        Question("battery_plan", "There is a battery plan"),
        Question("cold_product", "A product must stay at 2 to 8 °C"),
        Question("refrigerator", "There is a refrigerator for it"),
        Question("running_water", "There is running water"),
        Question("clean_area", "There is a clean area to prepare"),
        Question("danger", "Violence, weapons, unsafe animal or pests"),
        Question("minutes_to_ed", "Drive to the emergency department", Kind.NUMBER, unit="min"),
        Question("emergency_services", "Emergency services reach the home"),
    )),
    Section("Prescriber and papers", (
        Question("followed_at_home", "A prescriber follows at home"),
        Question("order_signed", "The prescriber has signed the order"),
        Question("dea_prescription", "Valid DEA prescription", hint="schedules II to V only"),
        Question("monitoring_checked", "Monitoring program (PDMP) checked", hint="schedules II to V only"),
        Question("consents", "Consents on file", Kind.SOME, CONSENTS),
    )),
    Section("First dose", (
        Question("tolerated", "What was received before was tolerated"),
        Question("first_dose_where", "Where and when the first dose was given", Kind.TEXT),
        Question("reacted_to_class", "Earlier reaction to the class"),
        Question("anaphylaxis_orders", "Anaphylaxis orders are signed"),
        Question("kit_ready", "Anaphylaxis kit stands ready"),
        Question("nurse_on_site", "A nurse stays for the first dose"),
        Question("continued_from_hospital", "Nutrition continued from hospital", hint="parenteral nutrition only"),
        Question("other_product", "Another product than before", hint="immune globulin only"),
        Question("weeks_since_last", "Since the last dose", Kind.NUMBER, unit="weeks", hint="immune globulin only"),
        Question("exposure_days", "Exposure days so far", Kind.NUMBER, unit="days", hint="factor products only"),
    )),
    Section("Decision", (
        Question("decision", "Decision", Kind.ONE, tuple(one.value for one in Decision)),
        Question("decision_because", "Conditions or reason", Kind.TEXT),
    )),
)  # fmt: skip
NOT_CHECKED: Final = (
    "Patient: vein preservation, port access, injection drug use, age under a month, fever or low pressure (R15 to R19).",
    "Therapy: pregnancy, globulin risks, inotrope goals, refeeding, analgesia pumps, hazardous-drug kit (R31, R34 to R38).",
    "Changes of weight or creatinine since the last value (R40); baseline laboratory values (CLN04).",
)


@dataclass
class AssessmentDraft:
    """The answers; None is what nobody has stated."""

    nurse_gives: bool | None = None
    patient_independent: bool | None = None
    caregiver_able: bool | None = None
    caregiver: str = ""
    nurse_needed: bool | None = None
    nursing_accepted: bool | None = None
    nursing_agency: str = ""
    has_barrier: bool | None = None
    barrier_compensated: bool | None = None
    phone_works: bool | None = None
    power_safe: bool | None = None
    battery_plan: bool | None = None
    cold_product: bool | None = None
    refrigerator: bool | None = None
    running_water: bool | None = None
    clean_area: bool | None = None
    danger: bool | None = None
    minutes_to_ed: int | None = None
    emergency_services: bool | None = None
    followed_at_home: bool | None = None
    order_signed: bool | None = None
    dea_prescription: bool | None = None
    monitoring_checked: bool | None = None
    consents: tuple[str, ...] = ()
    tolerated: bool | None = None
    first_dose_where: str = ""
    reacted_to_class: bool | None = None
    anaphylaxis_orders: bool | None = None
    kit_ready: bool | None = None
    nurse_on_site: bool | None = None
    continued_from_hospital: bool | None = None
    other_product: bool | None = None
    weeks_since_last: int | None = None
    exposure_days: int | None = None
    decision: str | None = None
    decision_because: str = ""

    def problems(self) -> list[Problem]:
        """What cannot be kept; an unanswered question can."""
        found = []
        if self.minutes_to_ed is not None and not 0 <= self.minutes_to_ed <= MOST_MINUTES:
            found.append(Problem("minutes_to_ed", f"The drive takes 0 to {MOST_MINUTES} minutes."))
        counted = {"weeks_since_last": self.weeks_since_last, "exposure_days": self.exposure_days}
        found += [Problem(name, "This cannot be less than nothing.") for name, count in counted.items() if (count or 0) < 0]
        if self.decision in (Decision.WITH_CONDITIONS, Decision.DECLINE) and not self.decision_because.strip():
            found.append(Problem("decision_because", "Write the conditions, or why the patient is declined."))
        return found

    @property
    def is_accepted(self) -> bool:
        """The patient is taken, with or without conditions."""
        return self.decision in (Decision.ACCEPT, Decision.WITH_CONDITIONS)

    def to_json(self) -> dict[str, Any]:
        """As the store keeps it."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "AssessmentDraft":
        """As it was kept; a question that is no longer asked is passed over."""
        known = {one.name for one in fields(cls)} & kept.keys()
        values: dict[str, Any] = {name: tuple(kept[name]) if isinstance(kept[name], list) else kept[name] for name in known}
        return cls(**values)

    def words(self, question: Question) -> str:
        """The answer to one question as people read it; empty while nobody has answered."""
        value = getattr(self, question.name)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, tuple):
            return ", ".join(value)
        return f"{value} {question.unit}".strip()


class SettleCode(StrEnum):
    """Why a HOLD may be passed, in a few words; the text says the rest."""

    ARRANGED = "arranged otherwise"
    PRESCRIBER = "confirmed with the prescriber"
    HOUSEHOLD = "confirmed with patient or caregiver"
    MONITORED = "watched closely"
    JUDGEMENT = "clinical judgement"


@dataclass
class SettleDraft:
    """A reason under one HOLD, as it is typed; the prescriber only where the rule asks for him."""

    code: str | None = None
    text: str = ""
    prescriber_name: str = ""
    prescriber_told_at: datetime | None = None
    read_back: bool | None = None

    def problems(self) -> list[Problem]:
        found = []
        if not self.code:
            found.append(Problem("code", "Choose the kind of reason."))
        if len(self.text.strip()) < LEAST_CHARACTERS:
            found.append(Problem("text", f"Write at least {LEAST_CHARACTERS} characters: what was done, and why that is enough."))
        return found

"""What a visit note must hold, what in it raises an alert, and in which state a visit is. Source: clinical 7.1, 7.2, 9.4."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from infusiondesk.foundation.kernel.ismp import number
from infusiondesk.foundation.kernel.outcomes import Problem

LEAST_MINUTES, MOST_MINUTES = 5, 720  # clinical 7.1: a visit takes 5 to 720 minutes


class Purpose(StrEnum):
    """Why the nurse comes (clinical 7.1)."""

    START_OF_CARE = "start of care"
    ROUTINE = "routine"
    AS_NEEDED = "as needed"
    FIRST_DOSE = "first dose"
    LAB = "laboratory draw"
    DRESSING = "dressing"
    LINE_REMOVAL = "line removal"
    DISCHARGE = "discharge"


class Happening(StrEnum):
    """What may happen to a visit before its note is signed (clinical 9.4)."""

    STARTED = "started"
    ENDED = "ended"
    MISSED = "missed"
    CANCELLED = "cancelled"


class State(StrEnum):
    """Where a visit stands."""

    SCHEDULED = "scheduled"
    IN_PROGRESS = "in progress"
    TO_SIGN = "to sign"
    SIGNED = "signed"
    MISSED = "missed"
    CANCELLED = "cancelled"


MAY_FOLLOW: Mapping[Happening, frozenset[State]] = {
    Happening.STARTED: frozenset({State.SCHEDULED}),
    Happening.ENDED: frozenset({State.IN_PROGRESS}),
    Happening.MISSED: frozenset({State.SCHEDULED}),
    Happening.CANCELLED: frozenset({State.SCHEDULED}),
}


def state(happened: Iterable[Happening], *, is_signed: bool) -> State:
    """Where a visit stands from what happened to it, oldest first."""
    if is_signed:
        return State.SIGNED
    now = State.SCHEDULED
    after = {
        Happening.STARTED: State.IN_PROGRESS,
        Happening.ENDED: State.TO_SIGN,
        Happening.MISSED: State.MISSED,
        Happening.CANCELLED: State.CANCELLED,
    }
    for happening in happened:
        now = after[happening]
    return now


def refusal_of(happening: Happening, current: State) -> str | None:
    """Why this may not happen now, or None."""
    return None if current in MAY_FOLLOW[happening] else f"A visit that is {current.value} cannot be {happening.value}."


@dataclass
class ScheduleDraft:
    """A visit being planned."""

    nurse: str = ""
    purpose: str = ""
    window_start: datetime | None = None
    window_end: datetime | None = None
    note: str = ""

    def problems(self) -> list[Problem]:
        found = []
        if not self.nurse:
            found.append(Problem("nurse", "Choose the nurse."))
        if self.purpose not in set(Purpose):
            found.append(Problem("purpose", "Say why the nurse comes."))
        for name, words in (("window_start", "from when"), ("window_end", "until when")):
            if getattr(self, name) is None:
                found.append(Problem(name, f"Say {words} the patient can expect her."))
        if self.window_start and self.window_end and self.window_end <= self.window_start:
            found.append(Problem("window_end", "The window ends before it begins."))
        return found


@dataclass(frozen=True)
class Limits:
    """What can be true of a reading, and from where it is flagged: (least, most), (flag below, flag above)."""

    unit: str
    least: Decimal
    most: Decimal
    low: Decimal | None = None
    high: Decimal | None = None


def _limits(unit: str, least: str, most: str, low: str | None, high: str | None) -> Limits:
    return Limits(unit, Decimal(least), Decimal(most), Decimal(low) if low else None, Decimal(high) if high else None)


# clinical 7.1: plausible range, then the flags. A flag asks the nurse; it decides nothing by itself.
VITALS: Mapping[str, tuple[str, Limits]] = {
    "temperature_c": ("Temperature", _limits("°C", "30", "45", "36.0", "37.9")),
    "heart_rate": ("Heart rate", _limits("per min", "20", "250", "50", "120")),
    "respiratory_rate": ("Respiratory rate", _limits("per min", "4", "60", "10", "24")),
    "systolic": ("Systolic pressure", _limits("mmHg", "50", "260", "90", "180")),
    "diastolic": ("Diastolic pressure", _limits("mmHg", "20", "160", None, "110")),
    "oxygen_saturation": ("Oxygen saturation", _limits("%", "50", "100", "92", None)),
    "weight_kg": ("Weight", _limits("kg", "0.5", "350", None, None)),
    "glucose": ("Glucose", _limits("mg/dL", "10", "1000", "70", "250")),
    "pain": ("Pain", _limits("of 10", "0", "10", None, "6")),
    "external_cm": ("External catheter length", _limits("cm", "0", "40", None, None)),
}


@dataclass
class NoteDraft:
    """What the nurse writes. A reading that was not taken stays None and is said so on paper."""

    two_identifiers: bool = False
    allergies_verified: bool = False
    changes_since: str = ""
    temperature_c: Decimal | None = None
    heart_rate: Decimal | None = None
    respiratory_rate: Decimal | None = None
    systolic: Decimal | None = None
    diastolic: Decimal | None = None
    oxygen_saturation: Decimal | None = None
    weight_kg: Decimal | None = None
    glucose: Decimal | None = None
    pain: Decimal | None = None
    external_cm: Decimal | None = None
    blood_return: str = ""
    site_grade: int | None = None
    dressing: str = ""
    flush: str = ""
    infusion: str = ""
    kit_present: str = ""
    teaching: str = ""
    teach_back: str = ""
    supplies: str = ""
    progress: str = ""
    next_visit: str = ""
    patient_signed: str = ""
    answers: dict[str, str] = field(default_factory=dict)

    def problems(self) -> list[Problem]:
        found = []
        for name, (title, limits) in VITALS.items():
            value = getattr(self, name)
            if value is not None and not limits.least <= value <= limits.most:
                range_words = f"{number(limits.least)} to {number(limits.most)} {limits.unit}"
                found.append(Problem(name, f"{title} {number(value)} {limits.unit} cannot be right; it lies in {range_words}."))
        if self.systolic is not None and self.diastolic is not None and self.diastolic >= self.systolic:
            found.append(Problem("diastolic", "The diastolic pressure must be below the systolic."))
        if self.site_grade is not None and not 0 <= self.site_grade <= 4:
            found.append(Problem("site_grade", "The site is graded 0 to 4."))
        return found


@dataclass(frozen=True)
class Baseline:
    """What the rules need to know beside the note: facts of the patient and of his therapy; None is unknown."""

    external_cm: Decimal | None = None
    last_weight_kg: Decimal | None = None
    is_central: bool = False
    is_opioid: bool = False
    is_inotrope: bool = False
    is_first_dose: bool = False


@dataclass(frozen=True)
class Alert:
    """One thing that a rule asks about."""

    rule: str
    level: str
    because: str
    do: str


def alerts(note: NoteDraft, baseline: Baseline) -> Sequence[Alert]:
    """All alerts of a note, by rule (clinical 7.2); readings that were not taken raise nothing and are listed apart."""
    found = [alert for rule in _RULES if (alert := rule(note, baseline)) is not None]
    flagged = {"temperature_c"}  # has a rule of its own
    for name, (title, limits) in VITALS.items():
        value = getattr(note, name)
        if value is None or name in flagged:
            continue
        if limits.low is not None and value < limits.low:
            found.append(_flag(title, value, limits, f"below {number(limits.low)}"))
        elif limits.high is not None and value > limits.high:
            found.append(_flag(title, value, limits, f"above {number(limits.high)}"))
    return found


def _flag(title: str, value: Decimal, limits: Limits, words: str) -> Alert:
    return Alert("N14", "WARN", f"{title} {number(value)} {limits.unit} is {words}.", "Tell the prescriber, or say why not.")


def _fever(note: NoteDraft, baseline: Baseline) -> Alert | None:
    if note.temperature_c is None or note.temperature_c < Decimal("38.0"):
        return None
    more = (
        " With rigors or after a flush: stop the infusion, emergency department, two sets of blood cultures."
        if baseline.is_central
        else ""
    )
    return Alert(
        "N01",
        "HOLD",
        f"Temperature {number(note.temperature_c)} °C is 38.0 °C or above.",
        f"Tell the prescriber in this visit.{more}",
    )


def _external_length(note: NoteDraft, baseline: Baseline) -> Alert | None:
    if note.external_cm is None or baseline.external_cm is None or note.external_cm == baseline.external_cm:
        return None
    change = abs(note.external_cm - baseline.external_cm)
    because = f"External length {number(note.external_cm)} cm; it was {number(baseline.external_cm)} cm at insertion."
    if change >= 2 or note.blood_return == "none":
        do = "No vesicant or parenteral nutrition through this line until the tip is verified; keep an inotrope running, call."
        return Alert("N02", "STOP", because, do)
    return Alert("N03b", "WARN", because, "Measure again, secure, and tell the pharmacist.")


def _site(note: NoteDraft, baseline: Baseline) -> Alert | None:
    if note.site_grade is None or note.site_grade < 2:
        return None
    return Alert(
        "N04",
        "HOLD",
        f"Site grade {note.site_grade}.",
        "Stop, remove, restart elsewhere; for a vesicant follow the extravasation steps.",
    )


def _no_return(note: NoteDraft, baseline: Baseline) -> Alert | None:
    if note.blood_return != "none" or not baseline.is_central:
        return None
    return Alert(
        "N05",
        "HOLD",
        "No blood return from a central line.",
        "No vesicant and no chemotherapy until it is resolved; ask for a declotting order.",
    )


def _sedation(note: NoteDraft, baseline: Baseline) -> Alert | None:
    if not baseline.is_opioid:
        return None
    slow = note.respiratory_rate is not None and note.respiratory_rate < 10
    low = note.oxygen_saturation is not None and note.oxygen_saturation < 90
    if not (slow or low):
        return None
    return Alert("N08", "STOP", "Slow breathing or low oxygen with an opioid running.", "Stop the pump, give naloxone, call 911.")


def _inotrope(note: NoteDraft, baseline: Baseline) -> Alert | None:
    if not baseline.is_inotrope:
        return None
    reasons = []
    if (
        note.weight_kg is not None
        and baseline.last_weight_kg is not None
        and note.weight_kg - baseline.last_weight_kg >= Decimal("2.3")
    ):
        reasons.append(f"weight up {number(note.weight_kg - baseline.last_weight_kg)} kg")
    if note.systolic is not None and note.systolic < 90:
        reasons.append(f"systolic {number(note.systolic)}")
    if note.heart_rate is not None and note.heart_rate > 120:
        reasons.append(f"heart rate {number(note.heart_rate)}")
    return Alert("N07", "HOLD", f"Inotrope: {', '.join(reasons)}.", "Call the heart failure team now.") if reasons else None


def _kit(note: NoteDraft, baseline: Baseline) -> Alert | None:
    if not baseline.is_first_dose or note.kit_present == "present, in date":
        return None
    return Alert("N13", "STOP", "The anaphylaxis kit is not confirmed as present and in date.", "Do not infuse; reschedule.")


def _teach_back(note: NoteDraft, baseline: Baseline) -> Alert | None:
    if note.teach_back != "unable":
        return None
    return Alert("N16", "WARN", "The learner could not teach it back.", "Teach again and revise the care plan's knowledge problem.")


_RULES: tuple[Callable[[NoteDraft, Baseline], Alert | None], ...] = (
    _fever,
    _external_length,
    _site,
    _no_return,
    _inotrope,
    _sedation,
    _kit,
    _teach_back,
)


def answer_key(alert: Alert) -> str:
    """What an answer is kept under: a changed reason asks again."""
    return f"{alert.rule}: {alert.because}"


def before_signing(note: NoteDraft, baseline: Baseline, started_at: datetime, ended_at: datetime) -> Sequence[str]:
    """What still keeps the note from being signed, in sentences (clinical 9.4)."""
    missing = [problem.sentence for problem in note.problems()]
    minutes = elapsed_minutes(started_at, ended_at)
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        missing.append(f"The visit took {minutes} minutes; that must lie between {LEAST_MINUTES} and {MOST_MINUTES}.")
    wanted = (
        (note.two_identifiers, "Confirm the patient by two identifiers."),
        (note.allergies_verified, "Verify the allergies with the patient."),
        (bool(note.teach_back), "Say how the teaching went, or that none was given."),
        (bool(note.supplies.strip()), "Say what is on hand."),
        (bool(note.next_visit.strip()), "Say when the next visit is, or that none is planned."),
        (bool(note.patient_signed.strip()), "The patient or caregiver signs, or say why not."),
    )
    missing += [sentence for is_there, sentence in wanted if not is_there]
    missing += [
        f"{alert.rule}: {alert.because} Say what was done."
        for alert in alerts(note, baseline)
        if len(note.answers.get(answer_key(alert), "").strip()) < 3
    ]
    return missing


def not_taken(note: NoteDraft) -> Sequence[str]:
    """Readings that were not taken: said on the note, never taken for normal."""
    return [title for name, (title, _) in VITALS.items() if getattr(note, name) is None]


def elapsed_minutes(started_at: datetime, ended_at: datetime) -> int:
    """Whole minutes between two instants (billing 2.7: elapsed, whatever the clock on the wall did)."""
    return int((ended_at.astimezone(UTC) - started_at.astimezone(UTC)) / timedelta(minutes=1))

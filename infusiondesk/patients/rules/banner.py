"""The words of the patient banner: the same on every screen, and never "no allergies" unless somebody confirmed it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from infusiondesk.foundation.kernel.ismp import day, weight
from infusiondesk.patients.rules.facts import AllergyFacts, PatientFacts, Tone
from infusiondesk.patients.rules.words import EMERGENCY_CLASSES, AllergySeverity, CodeStatus, PatientStatus

STATUS_TONES: Final[dict[PatientStatus, Tone]] = {
    PatientStatus.REFERRAL: "neutral",
    PatientStatus.INTAKE: "accent",
    PatientStatus.PENDING: "due",
    PatientStatus.ACCEPTED: "accent",
    PatientStatus.ACTIVE: "done",
    PatientStatus.ON_HOLD: "due",
    PatientStatus.DECLINED: "plain",
    PatientStatus.DISCHARGED: "plain",
    PatientStatus.DECEASED: "plain",
    PatientStatus.TRANSFERRED_OUT: "plain",
}
_WORST_FIRST: Final = (
    AllergySeverity.ANAPHYLAXIS,
    AllergySeverity.SEVERE_SKIN,
    AllergySeverity.SEVERE,
    None,  # unclear counts as more than moderate until somebody clears it
    AllergySeverity.MODERATE,
    AllergySeverity.MILD,
    AllergySeverity.INTOLERANCE,
)


@dataclass(frozen=True)
class Words:
    """Some words of the banner and how they are toned."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True)
class Banner:
    """The texts of the banner, line by line. Therapies, payer and authorization come from the slices that know them."""

    name: str
    mrn: str
    born: str
    sex: str
    weight: str
    status: Words
    allergies: tuple[Words, ...]
    emergency: Words
    code_status: Words
    access: Words
    similar_name: Words | None = None
    therapies: tuple[str, ...] = ()
    payer: str = ""
    authorization: Words | None = None

    def as_text(self) -> str:
        """Everything in one sentence, for a screen reader."""
        parts = [self.name, f"MRN {self.mrn}", f"born {self.born}", self.sex, f"weight {self.weight}", self.status.text]
        parts += [words.text for words in (*self.allergies, self.emergency, self.code_status)]
        parts += [f"access {self.access.text}", *self.therapies, self.payer]
        parts += [words.text for words in (self.authorization, self.similar_name) if words]
        return ". ".join(part for part in parts if part)


def banner(
    patient: PatientFacts,
    today: date,
    *,
    therapies: Sequence[str] = (),
    payer: str = "",
    authorization: Words | None = None,
) -> Banner:
    """The banner of a patient on a day; therapies arrive as texts with their day number ("vancomycin, day 23 of 42")."""
    return Banner(
        name=patient.name,
        mrn=patient.mrn,
        born=f"{day(patient.born_on)} ({age_text(patient.born_on, today)})",
        sex=patient.sex.value,
        weight=f"{weight(patient.weight.value)}, {day(patient.weight.measured_on)}" if patient.weight else "not recorded",
        status=status_words(patient),
        allergies=allergy_words(patient),
        emergency=emergency_words(patient.emergency_class),
        code_status=code_status_words(patient.code_status),
        access=access_words(patient),
        similar_name=Words(f"Similar name: {'; '.join(patient.similar_names)}", "due") if patient.similar_names else None,
        therapies=tuple(therapies),
        payer=payer,
        authorization=authorization,
    )


def age_text(born_on: date, on: date) -> str:
    """``62 years``; below two years in months, below two months in days."""
    months = (on.year - born_on.year) * 12 + on.month - born_on.month - (on.day < born_on.day)
    count, unit = (months // 12, "year") if months >= 24 else (months, "month") if months >= 2 else ((on - born_on).days, "day")
    return f"{count} {unit}{'s' if count != 1 else ''}"


def status_words(patient: PatientFacts) -> Words:
    """The status; who is in hospital is shown so, as nothing may be sent home."""
    if patient.open_stay is not None and patient.status not in (PatientStatus.DECEASED, PatientStatus.DISCHARGED):
        return Words("In hospital", "hosp")
    return Words(patient.status.value.capitalize(), STATUS_TONES[patient.status])


def allergy_words(patient: PatientFacts) -> tuple[Words, ...]:
    """Red for each allergy, the worst first; green only where somebody confirmed that there are none; red where nobody asked."""
    if patient.allergies:
        found = worst_first(patient.allergies)
        texts = [_capital(allergy.text()) for allergy in found]
        return (Words(f"Allergy: {found[0].text()}", "danger"), *(Words(text, "danger") for text in texts[1:]))
    if patient.no_known_allergies_on is not None:
        return (Words(f"No known allergies, confirmed {day(patient.no_known_allergies_on)}", "done"),)
    return (Words("Allergies not recorded: dispensing is stopped", "danger"),)


def worst_first(allergies: Sequence[AllergyFacts]) -> Sequence[AllergyFacts]:
    """Allergies in the order in which they can harm."""
    return sorted(allergies, key=lambda one: (_WORST_FIRST.index(one.severity), one.substance.casefold()))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def emergency_words(emergency_class: int | None) -> Words:
    """``Emergency class 2: dose critical within 24 hours``."""
    if emergency_class is None:
        return Words("Emergency class not set", "due")
    return Words(f"Emergency class {emergency_class}: {EMERGENCY_CLASSES[emergency_class]}")


def code_status_words(code_status: CodeStatus | None) -> Words:
    """``Full code``; what is not known says so."""
    if code_status is None or code_status is CodeStatus.UNKNOWN:
        return Words("Code status unknown")
    return Words(_capital(code_status.value))


def access_words(patient: PatientFacts) -> Words:
    """Every device in place; red while the tip of a central one is not confirmed (R13)."""
    if not patient.devices:
        return Words("not recorded", "due")
    text = "; ".join(device.text() for device in patient.devices)
    return Words(text, "danger" if any(device.waits_for_tip for device in patient.devices) else "plain")

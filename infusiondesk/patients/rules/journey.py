"""The way of a patient through the pharmacy: which step may follow which, and what stands in the way of acceptance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from infusiondesk.foundation.kernel.npi import npi_is_valid
from infusiondesk.patients.rules.facts import Finding, PatientFacts, PrescriberFacts, Severity
from infusiondesk.patients.rules.words import PatientStatus, ReferralSource, Standing

S = PatientStatus
CLOSED: Final = frozenset({S.DECLINED, S.DISCHARGED, S.DECEASED, S.TRANSFERRED_OUT})
OPEN: Final = frozenset(PatientStatus) - CLOSED

# Clinical 9.1. Death is possible from everywhere; a closed episode opens only by a new referral.
STEPS: Final[Mapping[PatientStatus, frozenset[PatientStatus]]] = {
    S.REFERRAL: frozenset({S.INTAKE, S.DECLINED, S.DECEASED, S.TRANSFERRED_OUT}),
    S.INTAKE: frozenset({S.PENDING, S.ACCEPTED, S.DECLINED, S.DECEASED, S.TRANSFERRED_OUT}),
    S.PENDING: frozenset({S.ACCEPTED, S.DECLINED, S.DECEASED, S.TRANSFERRED_OUT}),
    S.ACCEPTED: frozenset({S.ACTIVE, S.DECEASED, S.TRANSFERRED_OUT}),
    S.ACTIVE: frozenset({S.ON_HOLD, S.DISCHARGED, S.DECEASED, S.TRANSFERRED_OUT}),
    S.ON_HOLD: frozenset({S.ACTIVE, S.DISCHARGED, S.DECEASED, S.TRANSFERRED_OUT}),
    S.DECLINED: frozenset({S.REFERRAL, S.DECEASED}),
    S.DISCHARGED: frozenset({S.REFERRAL, S.DECEASED}),
    S.TRANSFERRED_OUT: frozenset({S.REFERRAL, S.DECEASED}),
    S.DECEASED: frozenset(),
}
_DOING: Final[Mapping[PatientStatus, str]] = {
    S.REFERRAL: "referred again",
    S.INTAKE: "taken into intake",
    S.PENDING: "marked as pending",
    S.ACCEPTED: "accepted",
    S.ACTIVE: "made active",
    S.ON_HOLD: "put on hold",
    S.DECLINED: "declined",
    S.DISCHARGED: "discharged",
    S.DECEASED: "recorded as deceased",
    S.TRANSFERRED_OUT: "transferred out",
}


def step_problem(before: PatientStatus, after: PatientStatus) -> str | None:
    """Why this step may not follow, in one sentence that names what may, or None."""
    if after in STEPS[before]:
        return None
    if not STEPS[before]:
        return f"The patient is {before}; nothing follows after that."
    may = ", ".join(_DOING[status] for status in PatientStatus if status in STEPS[before])
    return f"The patient is {_said(before)} and cannot be {_DOING[after]}; possible now: {may}."


def _said(status: PatientStatus) -> str:
    return {S.REFERRAL: "a referral", S.INTAKE: "in intake"}.get(status, status.value)


@dataclass(frozen=True)
class ReferralFacts:
    """What the decision needs to know of the referral itself."""

    source: ReferralSource
    therapy: str
    missing_documents: tuple[str, ...]
    benefits_verified: bool


def intake_problem(patient: PatientFacts, therapy: str) -> str | None:
    """What intake cannot begin without: demographics are there by then, prescriber and therapy must be (clinical 9.1)."""
    if patient.prescriber is None:
        return "Enter the prescriber first; intake begins with demographics, prescriber and therapy."
    if not therapy.strip():
        return "Enter the therapy first; intake begins with demographics, prescriber and therapy."
    return None


def acceptance_findings(patient: PatientFacts, referral: ReferralFacts) -> tuple[Finding, ...]:
    """What stands between this patient and acceptance, the strictest first (clinical 1.2 fields needed before acceptance; 1.3)."""
    found = [*_about_prescribers(patient, referral), *_about_the_patient(patient), *_about_the_referral(referral)]
    return tuple(sorted(found, key=lambda finding: list(Severity).index(finding.severity)))


def _about_prescribers(patient: PatientFacts, referral: ReferralFacts) -> Iterable[Finding]:
    if patient.prescriber is None:
        yield Finding("R20", Severity.STOP, "No prescriber is recorded.")
    else:
        yield from prescriber_findings(patient.prescriber)
    if patient.followed_by is not None:
        yield from prescriber_findings(patient.followed_by)
    elif referral.source is ReferralSource.HOSPITAL:
        yield Finding("R21", Severity.HOLD, "No prescriber in the community is named who follows the patient after the hospital.")


def prescriber_findings(prescriber: PrescriberFacts) -> Iterable[Finding]:
    """Whether this prescriber may order at all (R20)."""
    if not npi_is_valid(prescriber.npi):
        yield Finding("R20", Severity.STOP, f"The NPI of {prescriber.name} is not valid.")
    if prescriber.standing in (Standing.NOT_LICENSED, Standing.EXCLUDED):
        yield Finding("R20", Severity.STOP, f"{prescriber.name} is {prescriber.standing}.")
    elif prescriber.standing is Standing.NOT_CHECKED:
        yield Finding("R20", Severity.WARN, f"Licence and exclusion list were not checked for {prescriber.name}.")


def _about_the_patient(patient: PatientFacts) -> Iterable[Finding]:
    if not patient.phone:
        yield Finding("R02", Severity.STOP, "The patient has no working phone: provide one, or decline.")
    if not patient.allergies_are_recorded:
        yield Finding("ALG01", Severity.STOP, "Allergies are not recorded, and nobody has confirmed that there are none.")
    for rule, is_there, because in (
        ("DEM01", bool(patient.address), "No address is recorded."),
        ("CON01", bool(patient.emergency_contact), "No emergency contact is recorded."),
        ("CLN01", any(one.rank == 1 for one in patient.diagnoses), "No primary diagnosis is recorded."),
        ("VAD01", bool(patient.devices), "No access device is recorded."),
        ("HOM01", patient.place is not None, "No place of care is recorded."),
    ):
        if not is_there:
            yield Finding(rule, Severity.HOLD, because)


def _about_the_referral(referral: ReferralFacts) -> Iterable[Finding]:
    if not referral.benefits_verified:
        yield Finding("T2", Severity.HOLD, "Benefits are not verified.")
    if referral.missing_documents:
        yield Finding("REF04", Severity.WARN, f"Not received: {', '.join(referral.missing_documents)}.")

"""The gate of the first dispense: every rule, the strictest finding first, and what may pass it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from infusiondesk.assessments.rules.facts import Facts
from infusiondesk.assessments.rules.findings import Finding, Rule, opposite
from infusiondesk.assessments.rules.first_dose import first_dose_findings
from infusiondesk.assessments.rules.screened import screened_findings
from infusiondesk.foundation.kernel.npi import npi_is_valid
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.interactions.rules import Knowledge, Level

LEAST_CHARACTERS = 15  # clinical 0.2: free text under a HOLD
_CONTROLLED = (2, 3, 4, 5)  # schedules CII to CV; 0 is not controlled

R01 = Rule(
    "R01",
    Level.STOP,
    "nobody can give the therapy",
    "decline, nurse administration, infusion suite, nursing facility, or a caregiver",
)
R02 = Rule("R02", Level.STOP, "no working phone", "provide a phone, or decline")
R03 = Rule("R03", Level.HOLD, "the home does not carry the pump or the storage", "other device, more frequent delivery, or decline")
R04 = Rule("R04", Level.HOLD, "no place to prepare a dose", "a nurse checks the site before the first dose")
R05 = Rule(
    "R05", Level.HOLD, "the home may be dangerous", "other site, or a safety plan for staff", needs_pharmacist_in_charge=True
)
R06 = Rule("R06", Level.STOP, "the therapy needs a nurse and no agency has accepted", "find an agency, or decline")
R07 = Rule("R07", Level.HOLD, "a barrier of mind, sight or hands", "a caregiver or device that makes up for it")
R20 = Rule("R20", Level.STOP, "the prescriber may not prescribe", "a prescriber with licence, valid NPI and no exclusion")
R21 = Rule("R21", Level.HOLD, "nobody follows the patient in the community", "a community prescriber who accepts")
R22 = Rule(
    "R22", Level.HOLD, "an anti-infective without end or review", "stop date, and review by infectious diseases or the prescriber"
)
R23 = Rule("R23", Level.STOP, "laboratory results would go unseen", "laboratory orders, and somebody who reviews them")
R24 = Rule("R24", Level.STOP, "the order is incomplete", "the prescriber completes and signs it")
R25 = Rule("R25", Level.STOP, "a controlled substance without its papers", "valid DEA prescription, monitoring program checked")
R39 = Rule("R39", Level.STOP, "the dose follows weight or height and it is missing", "measure")


@dataclass(frozen=True)
class PrescriberContact:
    """Who was reached, when, and whether it was read back."""

    name: str
    at: datetime
    is_read_back: bool


@dataclass(frozen=True)
class Disposition:
    """A reason under one HOLD. It answers the very sentence it was given for, so new data ask again (clinical 0.2)."""

    patient: str
    order_version: str
    rule: str
    about: str
    because: str
    code: str
    text: str
    by: str
    roles: frozenset[Role]
    prescriber_contact: PrescriberContact | None = None


@dataclass(frozen=True)
class Leave:
    """May it be dispensed, and what keeps it."""

    is_granted: bool
    open: tuple[Finding, ...]
    because: tuple[str, ...]


def assess(facts: Facts, knowledge: Knowledge) -> tuple[Finding, ...]:
    """Every rule of the gate that holds, the strictest first."""
    found = [*_home_findings(facts), *_order_findings(facts), *first_dose_findings(facts, knowledge), *screened_findings(facts)]
    return tuple(sorted((finding for finding in found if finding is not None), key=lambda finding: finding.rank))


def _home_findings(facts: Facts) -> Iterator[Finding | None]:
    who, home = facts.help, facts.home
    yield R01.unless_any(
        {
            "a nurse gives the therapy": who.is_nurse_administered,
            "the patient is independent": who.is_patient_independent,
            "a caregiver is willing and able": who.has_willing_and_able_caregiver,
        }
    )
    yield R02.unless_all({"working phone": home.has_working_phone})
    yield R03.unless_any(
        {
            "no electric pump": opposite(home.uses_electric_pump),
            "safe power": home.has_safe_power,
            "battery plan": home.has_battery_plan,
        },
        about="power",
    )
    yield R03.unless_any(
        {"no product at 2 to 8 °C": opposite(home.needs_refrigeration), "refrigerator": home.has_refrigerator}, about="cold"
    )
    yield R04.unless_all({"running water": home.has_running_water, "clean preparation area": home.has_clean_prep_area})
    yield R05.unless_all({"no violence, weapons, unsafe animal or infestation": opposite(home.has_danger)})
    yield R06.unless_any({"no nurse needed": opposite(who.needs_nurse), "nursing agency accepted": who.has_nursing_agency})
    yield R07.unless_any({"no barrier": opposite(who.has_barrier), "compensated": who.is_barrier_compensated})


def _order_findings(facts: Facts) -> Iterator[Finding | None]:
    prescribing, therapy = facts.prescribing, facts.therapy
    yield R20.unless_all(
        {
            "licence": prescribing.is_licensed,
            "valid NPI": None if prescribing.npi is None else npi_is_valid(prescribing.npi.strip()),
            "not excluded (OIG)": opposite(prescribing.is_excluded),
        }
    )
    yield R21.unless_all({"community prescriber": prescribing.has_community_prescriber})
    if therapy.is_anti_infective is not False:
        yield R22.unless_all(
            {
                "stop date": therapy.has_stop_date,
                "review by infectious diseases or the prescriber": therapy.has_infectious_disease_or_prescriber_review,
            }
        )
    yield R23.unless_all(
        {"laboratory orders": prescribing.has_lab_orders, "somebody who reviews them": prescribing.has_lab_reviewer}
    )
    yield R24.unless_all(
        {
            "drug": _is_written(therapy.drug),
            "dose": _is_written(therapy.dose),
            "route": _is_written(therapy.route),
            "frequency": _is_written(therapy.frequency),
            "duration": _is_written(therapy.duration),
            "signature": therapy.is_signed,
        }
    )
    if therapy.controlled_schedule is None or therapy.controlled_schedule in _CONTROLLED:
        yield R25.unless_all(
            {
                "valid DEA prescription": therapy.has_valid_dea_prescription,
                "monitoring program checked": therapy.is_monitoring_program_checked,
            }
        )
    if therapy.is_weight_based is not False:
        yield R39.unless_all({"weight": therapy.weight_kg is not None or None}, about="weight")
    if therapy.is_height_based is not False:
        yield R39.unless_all({"height": therapy.height_cm is not None or None}, about="height")


def _is_written(text: str | None) -> bool | None:
    """An empty field says no more than one that is not there."""
    return True if text and text.strip() else None


def may_dispense(findings: Iterable[Finding], dispositions: Collection[Disposition], *, patient: str, order_version: str) -> Leave:
    """A STOP keeps the gate shut whoever asks; a HOLD opens to a pharmacist's reason given for this finding."""
    open_findings = []
    because = []
    for finding in findings:
        if finding.level in (Level.WARN, Level.INFO):
            continue
        refusal = _refusal(finding, [given for given in dispositions if _answers(given, finding, patient, order_version)])
        if refusal:
            open_findings.append(finding)
            because.append(f"{finding.level} {finding.rule}: {finding.because}. {refusal}")
    return Leave(not open_findings, tuple(open_findings), tuple(because))


def _answers(given: Disposition, finding: Finding, patient: str, order_version: str) -> bool:
    asked = (patient, order_version, finding.rule, finding.about, finding.because)
    return (given.patient, given.order_version, given.rule, given.about, given.because) == asked


def _refusal(finding: Finding, given: list[Disposition]) -> str | None:
    """Why the finding stays open, or None when one of the reasons opens it."""
    if finding.level is Level.STOP:
        return f"Nobody may pass it: {finding.resolution}."
    if not given:
        return f"A pharmacist's reason is missing: {finding.resolution}."
    refusals = [_insufficiency(finding, disposition) for disposition in given]
    return None if None in refusals else refusals[-1]


def _insufficiency(finding: Finding, given: Disposition) -> str | None:
    wanted = {Role.PHARMACIST_IN_CHARGE} if finding.needs_pharmacist_in_charge else {Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE}
    if not wanted & given.roles:
        return f"{given.by} may not clear it: it takes a {' or '.join(sorted(wanted))}."
    if not given.code.strip() or len(given.text.strip()) < LEAST_CHARACTERS:
        return f"The reason needs a code and at least {LEAST_CHARACTERS} characters."
    contact = given.prescriber_contact
    if finding.needs_prescriber_contact and (contact is None or not contact.name.strip() or not contact.is_read_back):
        return "The prescriber must be reached, by name and time, and the answer read back."
    return None

"""What the order itself and its prescriber must satisfy before a pharmacist may verify (clinical 1.3)."""

from dataclasses import dataclass

from infusiondesk.orders.rules.words import ReceivedBy
from infusiondesk.orders.rules.working import Line

# How a C-II prescription may come (clinical 9.2, R25); an emergency by telephone is the state's law and is not modelled.
_C2_BY = (ReceivedBy.E_RX.value, ReceivedBy.WRITTEN.value)


@dataclass(frozen=True)
class GateFacts:
    """What the order itself and its prescriber say before a pharmacist may verify; None is "nobody has looked"."""

    drug: str
    therapy_class: str
    is_first_dose_dangerous: bool | None
    had_before: bool
    anaphylaxis_kit: bool
    reviewed_by_infectious_diseases: bool
    lab_protocol: str
    lab_reviewer: str
    dose_unit: str
    has_weight: bool
    is_controlled: bool
    prescriber_has_dea: bool
    prescriber_npi_is_valid: bool
    prescriber_is_in_good_standing: bool | None
    working: tuple[Line, ...] = ()
    problem: str = ""
    weight_change: str = ""
    dose_change: str = ""
    is_c2: bool = False
    received_by: str = ReceivedBy.E_RX.value
    fax_is_original: bool = False
    has_original: bool = True
    program_query: str = ""
    program_level: str = "STOP"


@dataclass(frozen=True)
class GateFinding:
    """One rule of the gate that holds: what it does, whom it is about, and why."""

    rule: str
    level: str
    side: str
    because: str


def c2_refusal(received_by: str, *, fax_is_original: bool) -> str | None:
    """Why a C-II prescription cannot have come in this way, or None.

    `fax_is_original`: the pharmacist in charge signed that a fax counts as the original of what is compounded to be infused or
    injected (21 CFR 1306.11(e)); every route of an order here is such a one.
    """
    if received_by in _C2_BY or (fax_is_original and received_by == ReceivedBy.FAX):
        return None
    if fax_is_original:
        return f"comes electronically, in writing or by fax, not by {received_by}"
    return f"comes electronically or in writing, not by {received_by}"


def gate(facts: GateFacts) -> list[GateFinding]:
    """The rules of clinical 1.3 that the order alone decides, then what the working of its dose says."""
    is_first = not facts.had_before and not facts.anaphylaxis_kit
    way = c2_refusal(facts.received_by, fax_is_original=facts.fax_is_original) if facts.is_c2 else None
    wanted = (
        ("R10", "STOP", "first dose", facts.is_first_dose_dangerous is True and is_first,
         "never given before, of high risk, and no anaphylaxis order or kit: give the first dose in a monitored setting"),
        ("R20", "STOP", "prescriber", facts.prescriber_is_in_good_standing is False or not facts.prescriber_npi_is_valid,
         "the prescriber is not licensed, excluded, or without a valid NPI"),
        ("R23", "STOP", "laboratory", not facts.lab_protocol.strip() or not facts.lab_reviewer.strip(),
         "no laboratory orders, or nobody responsible to review them"),
        ("R25", "STOP", "prescriber", facts.is_controlled and not facts.prescriber_has_dea,
         "a controlled drug, and no DEA number of the prescriber is on file"),
        ("R25", "STOP", "how it came", way is not None, f"a C-II prescription {way}"),
        ("R25", "STOP", "original", facts.is_c2 and not facts.has_original,
         "a C-II prescription, and no original (image or PDF) of this version is on file: keep it under Prescriptions"),
        ("R25", facts.program_level, "monitoring programme", bool(facts.program_query),
         f"{facts.program_query} Write down its answer under Monitoring programme."),
        ("R39", "STOP", "weight", "/kg" in facts.dose_unit and not facts.has_weight,
         "the dose goes by weight, and no weight is on file"),
        ("R22", "HOLD", "review", facts.therapy_class == "anti_infective" and not facts.reviewed_by_infectious_diseases,
         "an anti-infective without review by an infectious-diseases specialist or the prescriber"),
        ("R39", "STOP", "dose", bool(facts.problem), facts.problem),
        ("R40", "HOLD", "weight that changed", bool(facts.weight_change), facts.weight_change),
        ("R40", "HOLD", "dose that changed", bool(facts.dose_change), facts.dose_change),
    )  # fmt: skip
    found = [GateFinding(rule, level, side, because) for rule, level, side, holds, because in wanted if holds]
    known = {(finding.rule, finding.side) for finding in found}
    return [*found, *(finding for finding in _worked(facts.working) if (finding.rule, finding.side) not in known)]


def _worked(lines: tuple[Line, ...]) -> list[GateFinding]:
    """What the working of the dose says that stops or holds, the stops first."""
    found = [line for line in lines if line.level in ("STOP", "HOLD")]
    return [
        GateFinding(line.rule, line.level, line.about, line.words) for line in sorted(found, key=lambda line: line.level != "STOP")
    ]


def not_judged(facts: GateFacts) -> list[str]:
    """What the gate could not decide, each in a sentence."""
    found = []
    if facts.is_first_dose_dangerous is None and not facts.had_before:
        found.append(f"Nobody has judged how dangerous a first dose of {facts.drug} at home is.")
    if facts.prescriber_is_in_good_standing is None:
        found.append("The prescriber's licence and the OIG exclusion list were not checked.")
    if facts.is_controlled and not facts.is_c2 and not facts.has_original:
        found.append("No original (image or PDF) of this controlled prescription is on file: it was judged as it was typed.")
    if facts.is_controlled and not facts.program_query:
        found.append("What the prescription monitoring programme (PDMP) answered is read by the pharmacist, not by this program.")
    return found

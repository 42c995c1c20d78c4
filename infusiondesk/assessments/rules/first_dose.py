"""Where the first dose may be given: the risk class of the medicine and what must stand ready (R10, R10b)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from infusiondesk.assessments.rules.facts import Facts, FirstDose
from infusiondesk.assessments.rules.findings import Finding, Rule, opposite
from infusiondesk.interactions.rules import Knowledge, Level

R10 = Rule(
    "R10",
    Level.STOP,
    "a first dose of a medicine of high risk",
    "anaphylaxis orders, kit, a nurse on site and no earlier reaction to the class; otherwise a monitored setting",
    source="clinical 1.3, 1.4",
)
R10B = Rule(
    "R10b",
    Level.HOLD,
    "a first dose of high risk far from help",
    "emergency department within the limit and emergency services, or a monitored setting",
)


class Risk(StrEnum):
    """Classes of clinical 1.4."""

    HIGH = "HIGH"
    MODERATE = "MODERATE"
    LOW = "LOW"


@dataclass(frozen=True)
class FirstDoseRisk:
    """The class of one medicine for this patient; None where the table does not judge it."""

    risk: Risk | None
    because: str


def first_dose_risk(drug: str | None, route: str | None, history: FirstDose, knowledge: Knowledge) -> FirstDoseRisk:
    """The strictest row that the medicine and its history fall under; a medicine nobody can name is of high risk."""
    reading = knowledge.names.read(drug) if drug else None
    if reading is None:
        return FirstDoseRisk(Risk.HIGH, f"{drug or 'no medicine'} is not recognised, so its risk is unknown")
    in_force = [
        (Risk(row.risk), row.when)
        for row in knowledge.tables.first_doses
        if reading.keys & knowledge.spread(row.drugs) and _IN_FORCE[row.when](history, route or reading.route, knowledge)
    ]
    if not in_force:
        return FirstDoseRisk(None, f"no first-dose class is on file for {reading.name} with this history")
    risk, when = min(in_force, key=lambda row: list(Risk).index(row[0]))
    return FirstDoseRisk(risk, f"{reading.name}: {risk}{f', {when}' if when else ''}")


def first_dose_findings(facts: Facts, knowledge: Knowledge) -> Iterator[Finding | None]:
    """R10 and R10b for a medicine of high risk; one that the table does not judge is shown to the pharmacist."""
    history, home = facts.first_dose, facts.home
    judged = first_dose_risk(facts.therapy.drug, facts.therapy.route, history, knowledge)
    if judged.risk is None and history.was_given_and_tolerated is not True:
        text = f"{judged.because}: a pharmacist decides where the first dose is given"
        yield Finding("R10", Level.INFO, text, "decide and write it down", ("clinical 1.4",))
    if judged.risk is not Risk.HIGH:
        return
    yield R10.unless_all(
        {
            "anaphylaxis orders": history.has_anaphylaxis_orders,
            "kit": history.has_kit,
            "nurse on site": history.has_nurse_on_site,
            "no earlier reaction to the class": opposite(history.has_reacted_to_class),
        }
    )
    minutes, limit = home.minutes_to_emergency_department, knowledge.limits["ed_minutes"]
    yield R10B.unless_all(
        {
            f"emergency department within {limit} minutes": None if minutes is None else minutes <= limit,
            "emergency services": home.has_emergency_services,
        }
    )


def _is_new(history: FirstDose, route: str | None, knowledge: Knowledge) -> bool:
    return history.was_given_and_tolerated is not True


def _is_new_or_changed(history: FirstDose, route: str | None, knowledge: Knowledge) -> bool:
    """Immune globulin: naive, another product, or a gap over eight weeks; what nobody stated counts (clinical 1.4)."""
    weeks = history.weeks_since_last
    is_known_and_short = weeks is not None and weeks <= knowledge.limits["ivig_gap_weeks"]
    return history.was_given_and_tolerated is not True or history.is_other_product is not False or not is_known_and_short


def _is_early(history: FirstDose, route: str | None, knowledge: Knowledge) -> bool:
    days = history.exposure_days
    return days is None or days < knowledge.limits["factor_exposure_days"]


def _is_continued(history: FirstDose, route: str | None, knowledge: Knowledge) -> bool:
    return history.is_continued_from_hospital is True


def _is_flush(history: FirstDose, route: str | None, knowledge: Knowledge) -> bool:
    return route == "flush"


def _always(history: FirstDose, route: str | None, knowledge: Knowledge) -> bool:
    return True


_IN_FORCE: Mapping[str, Callable[[FirstDose, str | None, Knowledge], bool]] = {
    "": _always,
    "never received": _is_new,
    "naive, switched or gap": _is_new_or_changed,
    "first exposure days": _is_early,
    "continued from hospital": _is_continued,
    "flush": _is_flush,
}

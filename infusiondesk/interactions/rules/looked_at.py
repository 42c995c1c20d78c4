"""What an alert's rules looked at beside the words of the alert: an answer stands until one of these facts is another.

Source: clinical 0.2: a new order version, allergy, interacting medicine or result re-arms the rule; here exactly those it touches.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import combinations
from typing import Final

from infusiondesk.interactions.rules.alerts import Alert
from infusiondesk.interactions.rules.chart import Chart, KnownAllergy, Medicine
from infusiondesk.interactions.rules.knowledge import Knowledge

Facts = Mapping[str, object]
# Beside every V and Y rule: the R rules of clinical 1.3 that judge the line.
_OF_THE_LINE: Final = frozenset({"R12", "R13", "R14", "R35"})
_POTASSIUM_SUM: Final = "P68"  # asks for the last potassium, so a new one asks again
# What the conditions of pair rules read beside the two medicines (`rules.pairs`).
_RESULTS_OF: Final[Mapping[str, frozenset[str]]] = {
    "low potassium or magnesium": frozenset({"potassium", "magnesium"}),
    "long qtc": frozenset({"qtc"}),
}
# What the words of a rule say is watched: a new value asks the rule again (clinical 0.2). Too much asks once too often, no harm.
_WATCHED: Final[tuple[tuple[re.Pattern[str], frozenset[str]], ...]] = tuple(
    (re.compile(words, re.IGNORECASE), frozenset(results.split()))
    for words, results in (
        (r"creatinine|\bscr\b|kidney|renal|nephro|\baki\b|clearance", "creatinine creatinine_clearance bun egfr"),
        (r"potassium|\bK\b|kal[ae]emi", "potassium"),
        (r"magnesium|\bMg\b(?!/)", "magnesium"),
        (r"calcium|\bi?Ca\b", "calcium"),
        (r"phosph", "phosphorus"),
        (r"sodium \d|hyponatr", "sodium"),
        (r"\bck\b|cpk|rhabdo|myopath", "ck"),
        (r"\binr\b|bleed|warfarin", "inr pt platelets hemoglobin"),
        (r"\bqt|torsade|\becg\b", "potassium magnesium qtc"),
        (r"\bcbc\b|\banc\b|neutro|myelo|marrow|platelet|blood count", "wbc anc platelets hemoglobin"),
        (r"\blft|liver|hepat|\balt\b", "alt ast alp total_bilirubin"),
        (r"gluc|glyc[ae]em", "glucose"),
        (r"triglycerid", "triglycerides"),
        (r"trough|\blevels?\b|\bauc\b", "vancomycin_trough vancomycin_auc gentamicin_trough tobramycin_trough amikacin_trough"),
    )
)
_WITH_DIURETIC: Final = "with diuretic"


def looked_at(alert: Alert, chart: Chart, knowledge: Knowledge) -> Facts:
    """Both sides as the chart has them, and only those results, allergies and line facts that the alert's rules read."""
    # Every medicine that is one of the two sides, not only the first: a second order of the same one is news to its answer.
    sides = [one for one in chart.medicines if one.written.text in alert.written or {alert.a, alert.b} & {one.name, *one.keys}]
    facts: dict[str, object] = {"medicines": [_medicine(one) for one in sides]}
    if allergies := [one for one in chart.allergies if one.side in (alert.a, alert.b)]:
        facts["allergies"] = [_allergy(one) for one in allergies]
    if _is_about_the_line(alert):
        facts["line"] = _line(chart)
    results = _results(alert, sides, knowledge)
    if results:
        facts["results"] = {name: chart.result(name) for name in sorted(results)}
    if any(_WITH_DIURETIC in _conditions(one, other, knowledge) for one, other in combinations(sides, 2)):
        facts["diuretics"] = sorted(one.written.text for one in chart.taken if one.keys & knowledge.group("diuretic"))
    return facts


def looked_up_against(chart: Chart) -> Facts:
    """What a name is looked up against by hand: every medicine as charted, known or not, and every allergy; no result, no line."""
    return {
        "medicines": sorted(f"{one.charted or one.text} {one.flush or ''}".strip() for one in chart.profile.medicines),
        "allergies": sorted(one.substance for one in chart.profile.allergies),
    }


def as_charted(alert: Alert, chart: Chart) -> tuple[str, str]:
    """Both sides in the chart's words: the whole order, the home medicine, the allergy with its reaction, the device."""
    words = {medicine.written.text: medicine.written.charted for medicine in chart.medicines}
    for one in chart.profile.allergies:
        told = ", ".join(part for part in (one.reaction, one.severity) if part)
        words[one.substance] = f"{one.substance} ({told})" if told else one.substance
    if chart.access is not None:
        words[chart.access.written] = chart.access.charted
    a, b = (words.get(side) or side for side in alert.written)
    return a, b


def _medicine(medicine: Medicine) -> list[object]:
    """One side. How long ago it was stopped changes by itself every day and touches nothing."""
    written = medicine.written
    return [written.charted or written.text, medicine.route, medicine.is_continuous, written.flush, medicine.is_stopped]


def _allergy(known: KnownAllergy) -> list[object]:
    return [known.allergy.substance, known.allergy.reaction, known.allergy.severity]


def _line(chart: Chart) -> list[object]:
    access = chart.access
    return [] if access is None else [access.charted or access.written, access.lumens, access.is_tip_confirmed]


def _is_about_the_line(alert: Alert) -> bool:
    return any(rule[0] in "VY" or rule in _OF_THE_LINE for rule in alert.rules)


def _results(alert: Alert, sides: Iterable[Medicine], knowledge: Knowledge) -> set[str]:
    """Every result that a rule of this pair reads, whether or not it speaks now: ONC21 reads a normal potassium too."""
    found = {side.removeprefix("lab:") for side in (alert.a, alert.b) if side.startswith("lab:")}
    if _POTASSIUM_SUM in alert.rules:
        found.add("potassium")
    found |= _watched_in(alert.text)
    for one, other in combinations(list(sides), 2):
        for condition in _conditions(one, other, knowledge):
            found |= _RESULTS_OF.get(condition, frozenset())
    return found


@lru_cache(4096)  # the same rules speak in the same words for many patients
def _watched_in(text: str) -> frozenset[str]:
    return frozenset().union(*(results for words, results in _WATCHED if words.search(text)))


def _conditions(one: Medicine, other: Medicine, knowledge: Knowledge) -> set[str]:
    links = (link for a in one.keys for b in other.keys for link in knowledge.links(a, b))
    return {link.rule.when for link in links}

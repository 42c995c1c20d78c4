"""Medicine against medicine: the pair rules, QT, duplicates, washouts and the wait before a live vaccine."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from infusiondesk.interactions.rules.alerts import Hit
from infusiondesk.interactions.rules.chart import CALCIUM, POTASSIUM, Chart, Medicine
from infusiondesk.interactions.rules.knowledge import AntibodyInterval, Knowledge, Link, PairRule, Row, Washout
from infusiondesk.interactions.rules.levels import Level

# Clinical 6.5: D18, the same ingredient twice, is a warning whatever the ingredient.
TWICE = Row("clinical 6.5", "policy")
_STRENGTH = re.compile(r"b (at least|over) (\d+) mg\Z")
# Two insulins, or potassium chloride and phosphate, are not one ingredient.
_UMBRELLAS = frozenset({POTASSIUM, CALCIUM, "insulin"})
_DAYS_A_YEAR = Decimal("365.25")
_DAYS_A_MONTH = _DAYS_A_YEAR / 12
_ENDOCARDITIS_PAIR = frozenset({"ampicillin", "ceftriaxone"})  # clinical 6.5: two beta-lactams on purpose


@dataclass(frozen=True)
class _Meeting:
    """Two medicines meeting under one rule, already turned so that `a` is on side a."""

    rule: PairRule
    a: Medicine
    key_a: str
    b: Medicine
    key_b: str
    chart: Chart
    knowledge: Knowledge


def pair_hits(chart: Chart, knowledge: Knowledge) -> Iterator[Hit]:
    """Every rule that two medicines of the chart meet under, home medicines included.

    What is on the chart is held against the partners of each ingredient at once; a look-up for every pair of medicines and each
    of their ingredients took several times as long.
    """
    medicines = chart.medicines
    holders: dict[str, list[int]] = {}
    for at, medicine in enumerate(medicines):
        for key in medicine.keys:
            holders.setdefault(key, []).append(at)
    present = holders.keys()
    met: list[tuple[int, int, str, str]] = []
    for key, mine in holders.items():
        for other in knowledge.met_by(key, present):
            met += [(one, two, key, other) for one in mine for two in holders[other] if one < two]
    for one, two, key, other in sorted(met):
        if medicines[one].is_stopped and medicines[two].is_stopped:
            continue
        for link in knowledge.links(key, other):
            meeting = _meeting(link, medicines[one], key, medicines[two], other, chart, knowledge)
            if _counts(meeting):
                yield _hit(meeting)
    yield from _twice([at for at in holders.values() if len(at) > 1], chart, knowledge)


def _twice(shared: Iterable[list[int]], chart: Chart, knowledge: Knowledge) -> Iterator[Hit]:
    """The same ingredient in two medicines that are still taken."""
    for one, two in sorted({pair for holders in shared for pair in combinations(holders, 2)}):
        first, second = chart.medicines[one], chart.medicines[two]
        if not first.is_stopped and not second.is_stopped and _is_same(first, second, knowledge):
            text = "the same ingredient twice: keep one"
            yield Hit(first.name, second.name, Level.WARN, "D18", text, TWICE, (first.written.text, second.written.text))


def _meeting(
    link: Link, one: Medicine, key_one: str, other: Medicine, key_other: str, chart: Chart, knowledge: Knowledge
) -> _Meeting:
    if link.is_forward:
        return _Meeting(link.rule, one, key_one, other, key_other, chart, knowledge)
    return _Meeting(link.rule, other, key_other, one, key_one, chart, knowledge)


def _is_same(one: Medicine, other: Medicine, knowledge: Knowledge) -> bool:
    """The same ingredient twice; umbrella words only where nothing narrower is said, fluids and flushes never."""
    if "flush" in (one.route, other.route):
        return False
    shared = (one.keys & other.keys) - knowledge.group("fluid")
    return bool(shared - _UMBRELLAS) or (bool(shared) and one.keys == other.keys)


def _counts(meeting: _Meeting) -> bool:
    rule = meeting.rule
    return (
        _takes_route(rule.route_a, meeting.a)
        and _takes_route(rule.route_b, meeting.b)
        and _is_in_time(meeting, meeting.a, meeting.key_a, rule.washout_a)
        and _is_in_time(meeting, meeting.b, meeting.key_b, rule.washout_b)
        and holds(rule.when)(meeting)
    )


def _takes_route(wanted: str, medicine: Medicine) -> bool:
    """A route nobody stated may be any, except that a flush is only one when it is called so."""
    route = medicine.route
    if wanted == "flush":
        return route == "flush"
    if wanted == "not flush":
        return route != "flush"
    if wanted == "iv":
        return route in (None, "iv", "flush")
    return not wanted or route in (None, wanted)


def _is_in_time(meeting: _Meeting, medicine: Medicine, key: str, washout: Washout) -> bool:
    """Still taken, or stopped within the days in which the row still counts."""
    if not medicine.is_stopped:
        return True
    days = washout.days_of(key)
    if meeting.rule.when == "antibody interval" and medicine is meeting.a:
        days = _longest_wait(key, medicine, meeting.knowledge) * _DAYS_A_MONTH
    assert medicine.written.stopped_days_ago is not None  # is_stopped says so
    return days is not None and medicine.written.stopped_days_ago < days


def holds(when: str) -> Callable[[_Meeting], bool]:
    """The condition of a rule as a question about a meeting; an unknown word is refused."""
    if strength := _STRENGTH.match(when):
        return lambda meeting: _is_strong(meeting.b, strength[1] == "over", Decimal(strength[2]))
    return _CONDITIONS[when]


def _is_strong(medicine: Medicine, is_over: bool, limit: Decimal) -> bool:
    """A strength nobody stated counts as strong."""
    strength = medicine.strength_mg
    return strength is None or (strength > limit if is_over else strength >= limit)


def _is_newborn(meeting: _Meeting) -> bool:
    age = meeting.chart.profile.age_years
    return age is not None and round(age * _DAYS_A_YEAR) <= meeting.knowledge.limits["newborn_days"]


def _is_low_in_electrolytes(meeting: _Meeting) -> bool:
    limits = meeting.knowledge.limits
    potassium, magnesium = meeting.chart.result("potassium"), meeting.chart.result("magnesium")
    is_low = potassium is not None and potassium < limits["potassium_low_mmol_l"]
    return is_low or (magnesium is not None and magnesium < limits["magnesium_low_mg_dl"])


def _has_long_qtc(meeting: _Meeting) -> bool:
    qtc = meeting.chart.result("qtc")
    return qtc is not None and qtc > meeting.knowledge.limits["qtc_long_ms"]


def _has_diuretic(meeting: _Meeting) -> bool:
    diuretics = meeting.knowledge.group("diuretic")
    return any(medicine.keys & diuretics for medicine in meeting.chart.taken)


def _is_not_for_endocarditis(meeting: _Meeting) -> bool:
    indications = " ".join(medicine.written.indication or "" for medicine in (meeting.a, meeting.b)).casefold()
    return {meeting.key_a, meeting.key_b} != _ENDOCARDITIS_PAIR or "endocarditis" not in indications


def _is_long_acting(meeting: _Meeting) -> bool:
    """Around the clock, unless one of the two is said to be immediate release."""
    return meeting.a.is_long_acting is not False and meeting.b.is_long_acting is not False


# The limits that a condition reads, to be cited beside the rule.
_LIMITS_OF: Mapping[str, tuple[str, ...]] = {
    "newborn": ("newborn_days",),
    "not newborn": ("newborn_days",),
    "low potassium or magnesium": ("potassium_low_mmol_l", "magnesium_low_mg_dl"),
    "long qtc": ("qtc_long_ms",),
}
_CONDITIONS: dict[str, Callable[[_Meeting], bool]] = {
    "": lambda meeting: True,
    "antibody interval": lambda meeting: True,
    "newborn": _is_newborn,
    "not newborn": lambda meeting: not _is_newborn(meeting),
    "low potassium or magnesium": _is_low_in_electrolytes,
    "long qtc": _has_long_qtc,
    "with diuretic": _has_diuretic,
    "not for endocarditis": _is_not_for_endocarditis,
    "long acting": _is_long_acting,
}


def _hit(meeting: _Meeting) -> Hit:
    rule = meeting.rule
    is_waiting = rule.when == "antibody interval"
    beside = meeting.knowledge.limit_rows(*_LIMITS_OF.get(rule.when, ()))
    if is_waiting and (wait := _wait(meeting.key_a, meeting.a.written.dose_mg_kg, meeting.knowledge)) is not None:
        beside += (("wait", wait.row),)
    return Hit(
        a=meeting.a.shown_for(meeting.key_a),
        b=meeting.b.shown_for(meeting.key_b),
        level=rule.level,
        rule=rule.rule,
        text=rule.text,
        row=rule.row,
        written=(meeting.a.written.text, meeting.b.written.text),
        wait_months=wait_months(meeting.key_a, meeting.a.written.dose_mg_kg, meeting.knowledge) if is_waiting else None,
        is_about_waiting=is_waiting,
        beside=beside,
    )


def wait_months(product: str, dose_mg_kg: Decimal | None, knowledge: Knowledge) -> int | None:
    """Months before a live vaccine after this antibody product; None where the table has no row for the dose."""
    row = _wait(product, dose_mg_kg, knowledge)
    return None if row is None else row.months


def _wait(product: str, dose_mg_kg: Decimal | None, knowledge: Knowledge) -> AntibodyInterval | None:
    for row in knowledge.tables.antibody_intervals:
        if row.product == product and (row.up_to_mg_kg is None or (dose_mg_kg is not None and dose_mg_kg <= row.up_to_mg_kg)):
            return row
    return None


def _longest_wait(product: str, medicine: Medicine, knowledge: Knowledge) -> int:
    """The wait of the dose, else the longest of the product, else the longest of the table: a dose nobody knows may be any."""
    known = wait_months(product, medicine.written.dose_mg_kg, knowledge)
    rows = knowledge.tables.antibody_intervals
    of_product = [row.months for row in rows if row.product == product]
    return known or max(of_product or [row.months for row in rows], default=0)

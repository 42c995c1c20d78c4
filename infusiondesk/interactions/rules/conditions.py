"""Medicine against the patient: conditions, last results, screening tests, and the sum of potassium."""

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from infusiondesk.interactions.rules.alerts import Hit
from infusiondesk.interactions.rules.chart import POTASSIUM, Chart, Medicine
from infusiondesk.interactions.rules.knowledge import ConditionRule, Knowledge, Row
from infusiondesk.interactions.rules.levels import Level

_RESULT = re.compile(r"(alone and )?(\w+) (<|>|>=) ([\d.]+)\Z")
_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {"<": operator.lt, ">": operator.gt, ">=": operator.ge}
SUM_ROW = Row("clinical 6.2", "policy")


@dataclass(frozen=True)
class PotassiumSum:
    """All potassium of a day; with a source of unknown amount it is a minimum. No amount at all: no source."""

    meq_day: Decimal | None
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class Against:
    """What a condition rule speaks of, read from its `when`: a condition, a missing screening test, or a result."""

    side: str
    holds: Callable[[Chart], bool]
    only_alone: bool = False
    only_orders: bool = False


def against(when: str) -> Against:
    """Read the `when` of a condition rule; a form nobody knows is refused."""
    if when == "not screened":
        return Against("screening:tb hbv", lambda chart: chart.profile.is_screened_for_tb_and_hbv is not True, only_orders=True)
    if when.startswith("condition "):
        name = when.removeprefix("condition ")
        return Against(f"condition:{name}", lambda chart: name in chart.profile.conditions)
    found = _RESULT.match(when)
    if found is None:
        raise ValueError(f"no condition of the screen: {when}")
    compare, limit, analyte = _COMPARE[found[3]], Decimal(found[4]), found[2]

    def is_met(chart: Chart) -> bool:
        result = chart.result(analyte)
        return result is not None and compare(result, limit)

    return Against(f"lab:{analyte}", is_met, only_alone=found[1] is not None)


def condition_hits(chart: Chart, knowledge: Knowledge) -> Iterator[Hit]:
    """Every medicine still taken that a condition, test or result of the patient speaks against."""
    for rule in knowledge.tables.conditions:
        facing = against(rule.when)
        if not facing.holds(chart):
            continue
        drugs = knowledge.spread(rule.drugs)
        for medicine in chart.taken:
            if facing.only_orders and not medicine.written.is_order:
                continue
            for key in sorted(medicine.keys & drugs):
                if not facing.only_alone or _is_alone(medicine, chart, knowledge):
                    yield _hit(rule, medicine, key, facing.side)


def _is_alone(medicine: Medicine, chart: Chart, knowledge: Knowledge) -> bool:
    """No second QT medicine: with one, the pair has its own alert (clinical 6.1.1)."""
    qt = knowledge.group("qt any")
    return not any(other.keys & qt for other in chart.taken if other is not medicine)


def _hit(rule: ConditionRule, medicine: Medicine, key: str, side: str) -> Hit:
    name = medicine.shown_for(key)
    return Hit(name, side, rule.level, rule.rule, f"{rule.mechanism}: {rule.advice}", rule.row, (medicine.written.text, side))


def potassium_sum(chart: Chart, knowledge: Knowledge) -> PotassiumSum:
    """Add every source in mEq a day; a source without an amount is named (clinical 6.2)."""
    sources = [medicine for medicine in chart.taken if POTASSIUM in medicine.keys]
    amounts = [(medicine, _potassium_of(medicine, knowledge)) for medicine in sources]
    known = [amount for _, amount in amounts if amount is not None]
    unknown = tuple(medicine.written.text for medicine, amount in amounts if amount is None)
    return PotassiumSum(sum(known, Decimal(0)) if sources else None, unknown)


def _potassium_of(medicine: Medicine, knowledge: Knowledge) -> Decimal | None:
    if medicine.written.potassium_meq_day is not None:
        return medicine.written.potassium_meq_day
    units = medicine.written.penicillin_million_units_day
    if units is not None and _is_of_penicillin(medicine):
        return units * knowledge.limits["potassium_per_million_units_penicillin"]
    return None


def _is_of_penicillin(medicine: Medicine) -> bool:
    """Its potassium is worked out of units of penicillin, as nobody wrote the amount."""
    written = medicine.written
    is_unwritten = written.potassium_meq_day is None and written.penicillin_million_units_day is not None
    return is_unwritten and "penicillin g" in medicine.keys


def potassium_hits(chart: Chart, knowledge: Knowledge) -> Iterator[Hit]:
    """The sum over its limits; both limits are strict."""
    total = potassium_sum(chart, knowledge).meq_day
    if total is None:
        return
    for level, name in ((Level.HOLD, "potassium_hold_over_meq_day"), (Level.WARN, "potassium_warn_over_meq_day")):
        limit = knowledge.limits[name]
        if total > limit:
            text = f"{total} mEq of potassium a day is over {limit}: confirm the sources and the last potassium"
            beside = knowledge.limit_rows(name)
            if any(_is_of_penicillin(medicine) for medicine in chart.taken):
                beside += knowledge.limit_rows("potassium_per_million_units_penicillin")
            yield Hit(POTASSIUM, POTASSIUM, level, "P68", text, SUM_ROW, (POTASSIUM, POTASSIUM), beside=beside)
            return

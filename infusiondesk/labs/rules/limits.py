"""Measuring one result against one line of the limit table: passed, clear, or not to be judged and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from infusiondesk.labs.rules.units import shown
from infusiondesk.labs.rules.values import Facts, Goal, Limit

SIGNS: Final = {"<": "below", ">": "above", ">=": "from", "<=": "to"}
_RELATIVE: Final = {
    "value": "",
    "times_baseline": " x baseline",
    "over_baseline": " over baseline",
    "times_uln": " x ULN",
    "rise_within": " up within {span} h",
    "fall": " down from baseline or the first result",
    "fall_share": " % down from baseline or the first result",
    "rise_share": " % up from baseline or the first result",
    "trend_share": " % up from the result before",
    "consecutive": " in {span} results in a row",
}
OTHER_KINDS: Final = ("text", "fact", "outside_goal")
KINDS: Final = (*_RELATIVE, *OTHER_KINDS)
CONDITIONS: Final = (
    "on_heparin",
    "muscle_symptoms",
    "liver_symptoms",
    "new_anuria",
    "extended_interval",
    "conventional_interval",
    "new",
)


@dataclass(frozen=True)
class Point:
    """One earlier value of the analyte, in the unit of the table."""

    value: Fraction
    at: datetime


@dataclass(frozen=True)
class Course:
    """The newest value of one analyte with all it is measured against."""

    value: Fraction
    at: datetime
    unit: str
    comparator: str
    earlier: tuple[Point, ...]  # oldest first
    baseline: Decimal | None
    upper_limit: Fraction | None
    goal: Goal | None


@dataclass(frozen=True)
class Outcome:
    """What came of one limit. `passed` is None where it could not be judged; `because` then says what is missing."""

    limit: Limit
    passed: bool | None
    because: str = ""


@dataclass(frozen=True)
class _Measured:
    """The amount that is compared with the limit, in words, or what is missing. Neither means that there is nothing to compare."""

    amount: Fraction | None = None
    words: str = ""
    missing: str = ""


def words_of(limit: Limit) -> str:
    """A limit as a person reads it: "flag from 1.5 x baseline"."""
    if limit.kind == "text":
        return f"{limit.level} when positive"
    if limit.kind == "fact":
        return f"{limit.level}{_when(limit)}"
    if limit.kind == "outside_goal":
        return f"{limit.level} outside the patient's goal"
    share = 100 if limit.kind.endswith("_share") else 1
    return f"{limit.level} {SIGNS[limit.sign]} {shown(limit.amount * share)}{_RELATIVE[limit.kind].format(span=limit.span)}"


def applies(limit: Limit, facts: Facts, of_others: Mapping[str, Fraction]) -> bool:
    """True when the limit counts for this patient: on the protocol it asks for, and its condition holds."""
    if limit.protocols and not limit.protocols & facts.protocols:
        return False
    if limit.when is None:
        return True
    word, above = limit.when.word, limit.when.above
    if above is not None:
        return word in of_others and of_others[word] > above
    if word == "new":
        return limit.analyte not in facts.baseline or not _crosses(Fraction(facts.baseline[limit.analyte]), limit)
    return {
        "on_heparin": facts.on_heparin,
        "muscle_symptoms": facts.muscle_symptoms,
        "liver_symptoms": facts.liver_symptoms,
        "new_anuria": facts.new_anuria,
        # While nobody knows the schedule the stricter, extended one counts.
        "extended_interval": facts.aminoglycoside_interval != "conventional",
        "conventional_interval": facts.aminoglycoside_interval == "conventional",
    }[word]


def weigh(limit: Limit, course: Course) -> Outcome:
    """Measure the newest value against one limit that applies."""
    if limit.kind == "fact":
        return Outcome(limit, True, words_of(limit))
    if limit.kind == "outside_goal":
        return _against_goal(limit, course)
    measured = _MEASURES[limit.kind](limit, course)
    if measured.missing:
        return Outcome(limit, None, measured.missing)
    if measured.amount is None:
        return Outcome(limit, False)
    if _beyond_reading(limit, course):
        words = f"written {course.comparator}{shown(course.value)}, so it cannot be excluded; {words_of(limit)}"
        return Outcome(limit, True, words)
    return Outcome(limit, _crosses(measured.amount, limit), measured.words)


def _crosses(amount: Fraction, limit: Limit) -> bool:
    line = Fraction(limit.amount)
    return {"<": amount < line, ">": amount > line, ">=": amount >= line, "<=": amount <= line}[limit.sign]


def _beyond_reading(limit: Limit, course: Course) -> bool:
    """True when the analyser only says "less" or "more" and the true value may lie beyond this limit: the worst case counts."""
    low = limit.sign.startswith("<") or limit.kind.startswith("fall")
    return course.comparator.startswith("<") if low else course.comparator.startswith(">")


def _tail(limit: Limit, unit_words: str = "") -> str:
    return f"{limit.level} {SIGNS[limit.sign]} {shown(limit.amount)}{unit_words}"


def _value(limit: Limit, course: Course) -> _Measured:
    return _Measured(course.value, f"{shown(course.value)} {course.unit}".rstrip() + f"; {_tail(limit)}{_on(limit)}{_when(limit)}")


def _times_baseline(limit: Limit, course: Course) -> _Measured:
    if course.baseline is None:
        return _Measured(missing="a baseline")
    ratio = course.value / Fraction(course.baseline)
    return _Measured(ratio, f"{shown(ratio, 2)} x baseline {shown(course.baseline)}; {_tail(limit, ' x')}")


def _over_baseline(limit: Limit, course: Course) -> _Measured:
    if course.baseline is None:
        return _Measured(missing="a baseline")
    rise = course.value - Fraction(course.baseline)
    return _Measured(rise, f"{shown(rise)} over baseline {shown(course.baseline)}; {_tail(limit)} over it{_on(limit)}")


def _times_uln(limit: Limit, course: Course) -> _Measured:
    if course.upper_limit is None:
        return _Measured(missing="the laboratory's upper limit of normal")
    ratio = course.value / course.upper_limit
    return _Measured(ratio, f"{shown(ratio, 2)} x ULN {shown(course.upper_limit)}; {_tail(limit, ' x')}{_when(limit)}")


def _rise_within(limit: Limit, course: Course) -> _Measured:
    """Compared with every earlier result of those hours, so with the lowest (clinical 3.1)."""
    near = [point for point in course.earlier if course.at - point.at <= timedelta(hours=limit.span)]
    if not near:
        return _Measured()
    lowest = min(near, key=lambda point: point.value)
    rise = course.value - lowest.value
    words = f"up {shown(rise)} from {shown(lowest.value)} of {lowest.at:%Y-%m-%d %H:%M}; {_tail(limit)} within {limit.span} h"
    return _Measured(rise, words)


def _reference(course: Course) -> tuple[Fraction, str] | None:
    """Falls and rises count from baseline, else from the first result (clinical 3.1)."""
    if course.baseline is not None:
        return Fraction(course.baseline), f"baseline {shown(course.baseline)}"
    if course.earlier:
        return course.earlier[0].value, f"the first result {shown(course.earlier[0].value)}"
    return None


def _fall(limit: Limit, course: Course) -> _Measured:
    if (reference := _reference(course)) is None:
        return _Measured(missing="a baseline or an earlier result")
    fall = reference[0] - course.value
    return _Measured(fall, f"down {shown(fall)} from {reference[1]}; {_tail(limit)}")


def _share(limit: Limit, course: Course, reference: tuple[Fraction, str] | None, direction: int) -> _Measured:
    if reference is None or reference[0] <= 0:
        return _Measured(missing="a baseline or an earlier result")
    share = direction * (course.value - reference[0]) / reference[0]
    way = "up" if direction > 0 else "down"
    line = f"{limit.level} {SIGNS[limit.sign]} {shown(limit.amount * 100)}%{_on(limit)}{_when(limit)}"
    return _Measured(share, f"{way} {shown(share * 100, 1)}% from {reference[1]}; {line}")


def _trend(limit: Limit, course: Course) -> _Measured:
    last = course.earlier[-1].value if course.earlier else None
    return _share(limit, course, None if last is None else (last, f"the result before, {shown(last)}"), 1)


def _consecutive(limit: Limit, course: Course) -> _Measured:
    """The least alarming of the last results: only if that one passes, all do."""
    row = [*(point.value for point in course.earlier), course.value][-limit.span :]
    if len(row) < limit.span:
        return _Measured()
    mildest = max(row) if limit.sign.startswith("<") else min(row)
    return _Measured(mildest, f"{' and '.join(shown(value) for value in row)} in a row; {_tail(limit)}{_on(limit)}")


def _against_goal(limit: Limit, course: Course) -> Outcome:
    goal = course.goal
    if goal is None:
        return Outcome(limit, None, "a goal for this patient")
    if goal.low is not None and course.value < goal.low:
        return Outcome(limit, True, f"{shown(course.value)} is below the patient's goal of {shown(goal.low)}")
    if goal.high is not None and course.value > goal.high:
        return Outcome(limit, True, f"{shown(course.value)} is above the patient's goal of {shown(goal.high)}")
    return Outcome(limit, False)


def _on(limit: Limit) -> str:
    return f" on {' or '.join(sorted(limit.protocols))}" if limit.protocols else ""


def _when(limit: Limit) -> str:
    if limit.when is None:
        return ""
    if limit.when.above is not None:
        return f" with {_spoken(limit.when.word)} above {shown(limit.when.above)}"
    return {
        "new": " when new",
        "on_heparin": " on heparin",
        "extended_interval": " for extended intervals, and while the schedule is unknown",
        "conventional_interval": " for conventional intervals",
    }.get(limit.when.word, f" with {_spoken(limit.when.word)}")


def _spoken(word: str) -> str:
    return word.replace("_", " ")


_MEASURES: Final[Mapping[str, Callable[[Limit, Course], _Measured]]] = {
    "value": _value,
    "times_baseline": _times_baseline,
    "over_baseline": _over_baseline,
    "times_uln": _times_uln,
    "rise_within": _rise_within,
    "fall": _fall,
    "fall_share": lambda limit, course: _share(limit, course, _reference(course), -1),
    "rise_share": lambda limit, course: _share(limit, course, _reference(course), 1),
    "trend_share": _trend,
    "consecutive": _consecutive,
}

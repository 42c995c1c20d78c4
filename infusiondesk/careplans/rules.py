"""The content of a plan, what makes it ready to sign, and what two versions differ in. Source: clinical 2.1 and 2.2."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from infusiondesk.foundation.kernel.outcomes import Problem as DraftProblem


class Category(StrEnum):
    """What kind of problem (clinical 2.1)."""

    INDICATION = "indication"
    EFFECTIVENESS = "effectiveness"
    SAFETY = "safety"
    ADHERENCE = "adherence"
    ACCESS_DEVICE = "access device"
    NUTRITION = "nutrition/fluid"
    KNOWLEDGE = "knowledge"
    PSYCHOSOCIAL = "psychosocial"
    ENVIRONMENT = "environment"


class Operator(StrEnum):
    """How a goal's value is compared (clinical 2.1)."""

    LESS = "<"
    AT_MOST = "<="
    EQUAL = "="
    AT_LEAST = ">="
    BETWEEN = "between"
    ABSENT = "absent"


OPERATOR_WORDS = {
    Operator.LESS: "below",
    Operator.AT_MOST: "at most",
    Operator.EQUAL: "exactly",
    Operator.AT_LEAST: "at least",
    Operator.BETWEEN: "between",
    Operator.ABSENT: "absent",
}


@dataclass(frozen=True)
class Line:
    """What every part of a plan has: its number within its kind, and the problem it belongs to (its own number for a problem)."""

    number: int
    problem: int


@dataclass(frozen=True)
class PlanProblem(Line):
    category: str
    statement: str
    priority: int
    icd10: str = ""


@dataclass(frozen=True)
class PlanGoal(Line):
    statement: str
    measure: str
    operator: str
    value: str = ""
    value_high: str = ""
    unit: str = ""
    target_on: str = ""
    owner: str = "RPh"

    def target(self) -> str:
        """The measured target in words: "creatinine rise below 0.3 mg/dL"."""
        words = OPERATOR_WORDS[Operator(self.operator)]
        if self.operator == Operator.ABSENT:
            return f"no {self.measure}"
        value = f"{self.value} and {self.value_high}" if self.operator == Operator.BETWEEN else self.value
        return f"{self.measure} {words} {value} {self.unit}".strip()


@dataclass(frozen=True)
class PlanIntervention(Line):
    action: str
    discipline: str
    frequency: str


@dataclass(frozen=True)
class PlanMonitoring(Line):
    what: str
    frequency: str
    reviewer: str
    protocol: str = ""


@dataclass(frozen=True)
class Content:
    """All lines of one version."""

    problems: tuple[PlanProblem, ...] = ()
    goals: tuple[PlanGoal, ...] = ()
    interventions: tuple[PlanIntervention, ...] = ()
    monitoring: tuple[PlanMonitoring, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Content":
        return cls(
            tuple(PlanProblem(**line) for line in data["problems"]),
            tuple(PlanGoal(**line) for line in data["goals"]),
            tuple(PlanIntervention(**line) for line in data["interventions"]),
            tuple(PlanMonitoring(**line) for line in data["monitoring"]),
        )

    def struck(self, kind: str, number: int) -> "Content":
        """The content without one line; a problem takes with it what hangs on it."""
        if kind == "problems":
            return Content(
                tuple(line for line in self.problems if line.number != number),
                tuple(line for line in self.goals if line.problem != number),
                tuple(line for line in self.interventions if line.problem != number),
                tuple(line for line in self.monitoring if line.problem != number),
            )
        return replace(self, **{kind: tuple(line for line in getattr(self, kind) if line.number != number)})

    def next_number(self, kind: str) -> int:
        """Numbers are never used again within a plan's version."""
        return max((line.number for line in getattr(self, kind)), default=0) + 1


KINDS = ("problems", "goals", "interventions", "monitoring")


@dataclass
class ProblemDraft:
    category: str = ""
    statement: str = ""
    priority: int | None = 2
    icd10: str = ""

    def problems(self) -> list[DraftProblem]:
        found = []
        if self.category not in set(Category):
            found.append(DraftProblem("category", "Choose what kind of problem it is."))
        if not self.statement.strip():
            found.append(DraftProblem("statement", "Say what the problem is."))
        if self.priority not in (1, 2, 3):
            found.append(DraftProblem("priority", "The priority is 1, 2 or 3; 1 comes first."))
        return found


@dataclass
class GoalDraft:
    problem: int | None = None
    statement: str = ""
    measure: str = ""
    operator: str = ""
    value: str = ""
    value_high: str = ""
    unit: str = ""
    target_on: date | None = None
    owner: str = "RPh"

    def problems(self) -> list[DraftProblem]:
        found = []
        if self.problem is None:
            found.append(DraftProblem("problem", "Choose the problem this goal answers."))
        if not self.statement.strip():
            found.append(DraftProblem("statement", "Say what shall be reached."))
        if not self.measure.strip():
            found.append(DraftProblem("measure", "A goal needs a measure, or nobody can tell whether it was met."))
        if self.operator not in set(Operator):
            found.append(DraftProblem("operator", "Choose how the value is compared."))
        elif self.operator != Operator.ABSENT:
            found += self._value_problems()
        return found

    def _value_problems(self) -> list[DraftProblem]:
        low = _number(self.value)
        if low is None:
            return [DraftProblem("value", "Enter the value as a number.")]
        if self.operator != Operator.BETWEEN:
            return []
        high = _number(self.value_high)
        if high is None or high <= low:
            return [DraftProblem("value_high", "The upper value must be a number above the lower one.")]
        return []


@dataclass
class InterventionDraft:
    problem: int | None = None
    action: str = ""
    discipline: str = "RPh"
    frequency: str = ""

    def problems(self) -> list[DraftProblem]:
        wanted = (
            ("problem", self.problem is not None, "Choose the problem this answers."),
            ("action", bool(self.action.strip()), "Say what is done."),
            ("discipline", bool(self.discipline.strip()), "Say who does it."),
            ("frequency", bool(self.frequency.strip()), "Say how often."),
        )
        return [DraftProblem(name, sentence) for name, is_there, sentence in wanted if not is_there]


@dataclass
class MonitoringDraft:
    problem: int | None = None
    what: str = ""
    frequency: str = ""
    reviewer: str = "RPh"
    protocol: str = ""

    def problems(self) -> list[DraftProblem]:
        wanted = (
            ("problem", self.problem is not None, "Choose the problem this watches."),
            ("what", bool(self.what.strip()), "Say what is watched."),
            ("frequency", bool(self.frequency.strip()), "Say how often."),
            ("reviewer", bool(self.reviewer.strip()), "Say who reviews it."),
        )
        return [DraftProblem(name, sentence) for name, is_there, sentence in wanted if not is_there]


@dataclass(frozen=True)
class Readiness:
    """Whether a plan can be signed, and what is missing in sentences."""

    missing: tuple[str, ...] = field(default=())

    @property
    def is_ready(self) -> bool:
        return not self.missing


def readiness(content: Content) -> Readiness:
    """A plan has a problem; every problem has a goal with a measure; something is done and something is watched (clinical 2.1)."""
    missing = []
    if not content.problems:
        missing.append("The plan has no problem yet.")
    with_goal = {goal.problem for goal in content.goals}
    missing += [f"Problem {p.number} ({p.statement}) has no goal." for p in content.problems if p.number not in with_goal]
    without_value = [goal for goal in content.goals if goal.operator != Operator.ABSENT and not goal.value]
    missing += [f"Goal {goal.number} ({goal.statement}) has no value to measure against." for goal in without_value]
    if not content.interventions:
        missing.append("The plan has no intervention yet.")
    if not content.monitoring:
        missing.append("The plan watches nothing yet.")
    return Readiness(tuple(missing))


@dataclass(frozen=True)
class Difference:
    """One line that a version added, dropped or changed."""

    kind: str
    number: int
    before: str
    after: str

    def sentence(self) -> str:
        """The change in words: "goals 3: added …"."""
        what = f"{self.kind} {self.number}"
        if not self.before:
            return f"{what} added: {self.after}"
        return f"{what} struck: {self.before}" if not self.after else f"{what} changed from {self.before} to {self.after}"


def difference(before: Content, after: Content) -> Sequence[Difference]:
    """What `after` changed, by kind and number, so that a reviewer reads only that."""
    found = []
    for kind in KINDS:
        old = {line.number: _words(line) for line in getattr(before, kind)}
        new = {line.number: _words(line) for line in getattr(after, kind)}
        found += [
            Difference(kind, number, old.get(number, ""), new.get(number, ""))
            for number in sorted(old.keys() | new.keys())
            if old.get(number) != new.get(number)
        ]
    return found


def from_template(*templates: Mapping[str, Any]) -> Content:
    """A plan's first content from starting texts; keys of problems become numbers in the order given."""
    numbers: dict[tuple[int, str], int] = {}
    content = Content()
    for index, template in enumerate(templates):
        for row in template["problems"]:
            number = content.next_number("problems")
            numbers[index, row["key"]] = number
            problem = PlanProblem(number, number, row["category"], row["statement"], row["priority"])
            content = replace(content, problems=(*content.problems, problem))
        for kind, make in (("goals", PlanGoal), ("interventions", PlanIntervention), ("monitoring", PlanMonitoring)):
            for row in template[kind]:
                line: Any = make(
                    number=content.next_number(kind),
                    problem=numbers[index, row["problem"]],
                    **{name: value for name, value in row.items() if name != "problem"},
                )
                content = replace(content, **{kind: (*getattr(content, kind), line)})
    return content


def _words(line: Line) -> str:
    return "; ".join(str(value) for name, value in asdict(line).items() if name != "number" and value not in ("", None))


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None

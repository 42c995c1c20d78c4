"""The pharmacist's care plan on paper: problems, measured goals, what is done, what is watched, who signed which version."""

from dataclasses import dataclass
from datetime import date

from infusiondesk.careplans.queries import PlanRow
from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.paper.pieces import Column, Text, Words
from infusiondesk.foundation.paper.sheet import Sheet
from infusiondesk.foundation.paper.stationery import PatientBlock, Printing, RecordMark, Signature, Unsigned
from infusiondesk.foundation.paper.tones import Shape, Tone


@dataclass(frozen=True)
class GoalEvaluation:
    """One look at a goal: when, what was found, what was changed, by whom."""

    on: date
    found: str
    change: str
    evaluator: str


@dataclass(frozen=True)
class PlanGoal:
    """A goal that can be measured."""

    statement: str
    measure: str
    target: str
    baseline: str
    target_on: date | None
    owner: str
    status: str
    evaluations: tuple[GoalEvaluation, ...] = ()


@dataclass(frozen=True)
class PlanIntervention:
    """What is done, by which discipline, how often."""

    action: str
    discipline: str
    frequency: str
    start: date | None
    stop: date | None = None
    order: str = ""


@dataclass(frozen=True)
class PlanMonitoring:
    """What is watched, when next, against which limits, by whom."""

    what: str
    frequency: str
    next_due: date | None
    limits: str
    reviewer: str


@dataclass(frozen=True)
class PlanProblem:
    """One problem with everything that hangs on it."""

    number: int
    category: str
    statement: str
    icd10: str
    onset: date | None
    status: str
    priority: int
    goals: tuple[PlanGoal, ...] = ()
    interventions: tuple[PlanIntervention, ...] = ()
    monitoring: tuple[PlanMonitoring, ...] = ()


@dataclass(frozen=True)
class CarePlanPaper:
    """One version of one plan."""

    record: RecordMark
    patient: PatientBlock
    therapy: str
    status: str
    effective_on: date | None
    next_review_on: date | None
    reason_for_version: str
    changes: tuple[str, ...]
    prescriber_acknowledgement: str
    problems: tuple[PlanProblem, ...]
    not_checked: tuple[str, ...]
    signatures: tuple[Signature | Unsigned, ...]


def care_plan_paper(
    row: PlanRow, patient: PatientBlock, signatures: tuple[Signature | Unsigned, ...], therapy: str
) -> CarePlanPaper:
    """One version of a plan as it is printed: its lines hung under their problems, its difference to the version before."""
    content = row.content
    problems = tuple(
        PlanProblem(
            problem.number,
            problem.category,
            problem.statement,
            problem.icd10,
            None,
            "active",
            problem.priority,
            tuple(
                PlanGoal(
                    goal.statement,
                    goal.measure,
                    goal.target(),
                    "",
                    date.fromisoformat(goal.target_on) if goal.target_on else None,
                    goal.owner,
                    "not started",
                )
                for goal in content.goals
                if goal.problem == problem.number
            ),
            tuple(
                PlanIntervention(one.action, one.discipline, one.frequency, None)
                for one in content.interventions
                if one.problem == problem.number
            ),
            tuple(
                PlanMonitoring(one.what, one.frequency, None, f"protocol {one.protocol}" if one.protocol else "", one.reviewer)
                for one in content.monitoring
                if one.problem == problem.number
            ),
        )
        for problem in sorted(content.problems, key=lambda line: (line.priority, line.number))
    )
    return CarePlanPaper(
        record=RecordMark(f"CP-{patient.mrn}-{row.number}", str(row.number)),
        patient=patient,
        therapy=therapy,
        status=row.state,
        effective_on=row.signed_at.date() if row.signed_at else None,
        next_review_on=None,
        reason_for_version=row.reason,
        changes=tuple(change.sentence() for change in row.changed),
        prescriber_acknowledgement="not sent yet",
        problems=problems,
        not_checked=row.readiness.missing,
        signatures=signatures or (Unsigned("approved by a pharmacist"),),
    )


_GOALS = (
    Column("Goal", 28),
    Column("Measure and target", 26),
    Column("Baseline", 14),
    Column("By", 11),
    Column("Owner", 9),
    Column("Status", 14),
)
_INTERVENTIONS = (Column("Intervention", 44), Column("Who", 10), Column("How often", 16), Column("From", 15), Column("Order", 15))
_MONITORING = (
    Column("Watched", 26),
    Column("How often", 16),
    Column("Next due", 14),
    Column("Limits", 30),
    Column("Reviewed by", 14),
)
_MET = {"met": Shape.CHECK, "partly met": Shape.DOT, "in progress": Shape.DOT, "not met": Shape.TRIANGLE, "not started": Shape.RING}


def draw_care_plan(facts: CarePlanPaper, printing: Printing) -> bytes:
    """Draw the plan as it was signed."""
    sheet = Sheet(title="Care plan", subtitle=facts.therapy, record=facts.record, printing=printing, patient=facts.patient)
    sheet.facts(
        [
            ("Status", Words(facts.status, strong=True)),
            ("Version", facts.record.version),
            ("In force from", day(facts.effective_on) if facts.effective_on else ""),
            ("Next review", day(facts.next_review_on) if facts.next_review_on else ""),
            ("Why this version", facts.reason_for_version),
            ("Prescriber", facts.prescriber_acknowledgement),
        ]
    )
    if facts.changes:
        sheet.heading("Changed since the version before")
        sheet.points(facts.changes)
    for problem in facts.problems:
        _draw_problem(sheet, problem)
    if not facts.problems:
        sheet.words(Words("This plan names no problem.", shape=Shape.TRIANGLE))
    sheet.not_checked(facts.not_checked)
    sheet.signatures(facts.signatures, aside=f"version {facts.record.version}")
    return sheet.pdf()


def _draw_problem(sheet: Sheet, problem: PlanProblem) -> None:
    category = problem.category[:1].upper() + problem.category[1:]
    sheet.heading(f"{problem.number}. {category}", f"priority {problem.priority}, {problem.status}")
    marks = [f"ICD-10-CM {problem.icd10}" if problem.icd10 else "", f"since {day(problem.onset)}" if problem.onset else ""]
    sheet.words(Words(problem.statement, second=", ".join(mark for mark in marks if mark)))
    if problem.goals:
        sheet.table(_GOALS, [_goal(goal) for goal in problem.goals])
    else:
        sheet.words(Words("No goal is set.", shape=Shape.TRIANGLE))
    if problem.interventions:
        sheet.table(_INTERVENTIONS, [_intervention(one) for one in problem.interventions])
    if problem.monitoring:
        sheet.table(
            _MONITORING,
            [
                [Words(one.what, strong=True), one.frequency, _day(one.next_due, "not planned"), one.limits, one.reviewer]
                for one in problem.monitoring
            ],
        )


def _goal(goal: PlanGoal) -> list[Text]:
    evaluated = "\n".join(f"{day(one.on)}: {one.found}. {one.change} {one.evaluator}".strip() for one in goal.evaluations)
    return [
        Words(goal.statement, strong=True, second=evaluated),
        Words(goal.measure, second=goal.target),
        goal.baseline or Words("none", tone=Tone.LABEL),
        _day(goal.target_on, "open"),
        goal.owner,
        Words(goal.status, shape=_MET.get(goal.status, Shape.NONE)),
    ]


def _day(on: date | None, otherwise: str) -> Text:
    return day(on) if on else Words(otherwise, tone=Tone.LABEL)


def _intervention(one: PlanIntervention) -> list[Text]:
    until = f"until {day(one.stop)}" if one.stop else ""
    start = Words(day(one.start) if one.start else "with the plan", second=until)
    return [Words(one.action, strong=True), one.discipline, one.frequency, start, one.order or Words("none", tone=Tone.LABEL)]

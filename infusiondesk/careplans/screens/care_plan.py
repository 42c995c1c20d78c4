"""Chart, Care plan: the newest version, line by line under its problems; written, signed, revised, printed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.careplans import queries, service
from infusiondesk.careplans.documents import care_plan_paper, draw_care_plan
from infusiondesk.careplans.exchange import templates
from infusiondesk.careplans.queries import PlanRow
from infusiondesk.careplans.rules import (
    OPERATOR_WORDS,
    Category,
    GoalDraft,
    InterventionDraft,
    MonitoringDraft,
    ProblemDraft,
)
from infusiondesk.foundation.kernel.ismp import moment
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.paper.stationery import PatientBlock, Printing
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import ChoiceField, DateField, Field, TextField
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Item, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.signature import SignatureBox
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.patients.queries.paper import patient_block
from infusiondesk.staff.queries import paper_signatures, printing_of

OWNERS = ["RPh", "RN", "RD", "patient", "prescriber"]
STATES: dict[str, Tone] = {"draft": "due", "active": "done", "superseded": "neutral"}
KIND_WORDS = {"problems": "Problem", "goals": "Goal", "interventions": "Intervention", "monitoring": "Monitoring"}


@dataclass(frozen=True)
class LineRow:
    """One line of the plan as the table shows it."""

    id: tuple[str, int]
    group: str
    kind: str
    number: int
    words: str
    measured: str
    who: str


@dataclass
class TemplateDraft:
    """Which starting text a new plan takes beside the common one."""

    template: str = ""

    def problems(self) -> list[Problem]:
        return [] if self.template else [Problem("template", "Choose a starting text; every line of it can be changed.")]


COLUMNS: Sequence[Column[LineRow]] = (
    Column("Kind", lambda row: KIND_WORDS[row.kind], width=110),
    Column("What", lambda row: row.words, wraps=True, strong=True, stretch=3),
    Column("Measure or frequency", lambda row: row.measured, wraps=True, stretch=2),
    Column("Who", lambda row: row.who, width=80),
)


class CarePlanScreen(Screen):
    """The plan of the open patient."""

    stale_on = frozenset({Area.CARE_PLANS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._versions: Sequence[PlanRow] = ()
        self._block: PatientBlock | None = None
        self._print = self.act("Print plan", "Ctrl+P", self.print_plan)
        self.page = ListDetail("Care plan", actions=[Button.for_action(self._print, icon="printer")])
        self.table: RowsTable[LineRow] = RowsTable(
            COLUMNS,
            name="Care plan",
            group=lambda row: row.group,
            empty=EmptyState(
                "clipboard-text",
                "No care plan yet",
                "Problems, measured goals, interventions and monitoring will be here.",
                "Start a plan",
            ),
        )
        self.table.empty.asked.connect(self.start_plan)
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Ctrl+P", "print")])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        if self.patient_id is not None:
            self.desk.ask(self, patient_block, self._take_block, patient_id=self.patient_id)
            self.desk.ask(self, queries.plan_versions, self._show, patient_id=self.patient_id)

    def open_editor(self, name: str) -> None:
        openers: dict[str, Callable[[], None]] = {
            "template": self.start_plan,
            "problem": self.add_problem,
            "goal": self.add_goal,
            "intervention": self.add_intervention,
            "monitoring": self.add_monitoring,
        }
        if name in openers and (name == "template" or self._versions):
            openers[name]()

    # Writing ---------------------------------------------------------------------------------------------------------------

    def start_plan(self) -> None:
        choices = [(key, str(text["title"])) for key, text in templates().items() if key != "common"]
        fields: list[Field | str] = [ChoiceField("template", "Starting text", choices=choices, required=True)]
        self._edit(
            "template",
            "Start a care plan",
            fields,
            TemplateDraft(),
            service.start_plan,
            lambda draft: {"patient_id": self.patient_id, "templates": [templates()["common"], templates()[draft.template]]},
            "The plan is started. Go through every line before you sign.",
        )

    def add_problem(self) -> None:
        fields: list[Field | str] = [
            TextField("statement", "Problem", required=True),
            ChoiceField("category", "Kind of problem", choices=[(one.value, one.value) for one in Category], required=True),
            ChoiceField("priority", "Priority", choices=[(1, "1, first"), (2, "2"), (3, "3")], required=True),
            TextField("icd10", "ICD-10-CM"),
        ]
        self._edit_line("problem", "Add a problem", fields, ProblemDraft(), service.add_problem)

    def add_goal(self) -> None:
        fields: list[Field | str] = [
            self._problem_field(),
            TextField("statement", "Goal", required=True),
            TextField("measure", "Measure", required=True, hint="what is read: creatinine, missed doses"),
            ChoiceField(
                "operator", "Compared", choices=[(key.value, words) for key, words in OPERATOR_WORDS.items()], required=True
            ),
            TextField("value", "Value"),
            TextField("value_high", "Upper value", hint="only for between"),
            TextField("unit", "Unit"),
            DateField("target_on", "Reached by"),
            ChoiceField("owner", "Owner", choices=[(one, one) for one in OWNERS], required=True),
        ]
        self._edit_line("goal", "Add a goal", fields, GoalDraft(), service.add_goal)

    def add_intervention(self) -> None:
        fields: list[Field | str] = [
            self._problem_field(),
            TextField("action", "What is done", required=True),
            TextField("discipline", "By whom", required=True),
            TextField("frequency", "How often", required=True),
        ]
        self._edit_line("intervention", "Add an intervention", fields, InterventionDraft(), service.add_intervention)

    def add_monitoring(self) -> None:
        fields: list[Field | str] = [
            self._problem_field(),
            TextField("what", "What is watched", required=True),
            TextField("frequency", "How often", required=True),
            TextField("reviewer", "Reviewed by", required=True),
            TextField("protocol", "Protocol", hint="such as L-VAN"),
        ]
        self._edit_line("monitoring", "Add monitoring", fields, MonitoringDraft(), service.add_monitoring)

    def strike(self) -> None:
        row = self.table.chosen()
        if row is not None:
            self.desk.do(self, service.strike, said="Struck.", plan_id=self._newest.id, kind=row.kind, number=row.number)

    def sign(self) -> None:
        if self._block is not None:
            self.desk.do(
                self,
                service.sign_plan,
                said="The plan is signed and active.",
                plan_id=self._newest.id,
                patient_name=self._block.name,
            )

    def revise(self) -> None:
        self.desk.do(
            self, service.revise_plan, said="A new version is open. The signed one stays active.", patient_id=self.patient_id
        )

    def print_plan(self) -> None:
        if self._versions:
            self.desk.ask(self, printing_of, self._draw)

    # Showing ---------------------------------------------------------------------------------------------------------------

    @property
    def _newest(self) -> PlanRow:
        return self._versions[0]

    def _take_block(self, block: PatientBlock) -> None:
        self._block = block

    def _show(self, versions: Sequence[PlanRow]) -> None:
        self._versions = versions
        self._print.setEnabled(bool(versions))
        if not versions:
            self.table.show_rows([])
            self.page.show_detail(None)
            self.page.head.remark.say("")
            return
        self.table.show_rows(line_rows(self._newest))
        self.page.head.remark.say(f"version {self._newest.number}, {self._newest.state}")
        if self.editor is None:
            self._show_version()

    def _show_version(self) -> None:
        row = self._newest
        items: list[Item] = [Pill(row.state.capitalize(), STATES[row.state]), Text(f"Version {row.number}", 20, 600)]
        if row.reason:
            items.append(Text(f"Revised because: {row.reason}", 13, ink="ink2", wraps=True))
        items += [Text(change.sentence(), 12, ink="ink2", wraps=True) for change in row.changed]
        items += [Text(sentence, 13, ink="due", wraps=True) for sentence in row.readiness.missing]
        for signature in row.signatures:
            box = SignatureBox(signature.meaning.capitalize())
            when = moment(signature.at.astimezone(self.desk.store.clock.zone))
            box.show_signed(", ".join(part for part in (signature.name, signature.licence, when) if part))
            items.append(box if signature.holds else Text(signature.text(), 13, 600, "danger", wraps=True))
        buttons = self._draft_buttons(row) if row.state == "draft" else self._signed_buttons()
        self.page.show_detail(holding(down(*items, STRETCH, gap=10)), *buttons)

    def _draft_buttons(self, row: PlanRow) -> list[Button]:
        sign = self._button("Sign plan", self.sign, service.sign_plan, "primary", icon="pen-nib", key="Ctrl+Return")
        if not row.readiness.is_ready and not sign.reason:
            sign.forbid(row.readiness.missing[0])
        return [
            sign,
            self._button("Add problem", self.add_problem, service.add_problem),
            self._button("Add goal", self.add_goal, service.add_goal),
            self._button("Add intervention", self.add_intervention, service.add_intervention),
            self._button("Add monitoring", self.add_monitoring, service.add_monitoring),
            self._button("Strike line", self.strike, service.strike),
        ]

    def _signed_buttons(self) -> list[Button]:
        return [self._button("Revise plan", self.revise, service.revise_plan, "primary", icon="pencil-simple")]

    def _button(
        self, words: str, call: Callable[[], None], verb: Any, kind: Any = "secondary", *, icon: str = "", key: str = ""
    ) -> Button:
        button = Button(words, kind, icon=icon, key=key)
        button.clicked.connect(call)
        if sentence := self.desk.refusal(verb.permission):
            button.forbid(sentence)
        return button

    def _problem_field(self) -> ChoiceField:
        choices = [(problem.number, f"{problem.number}. {problem.statement}") for problem in self._newest.content.problems]
        return ChoiceField("problem", "For which problem", choices=choices, required=True)

    def _edit_line(self, name: str, title: str, fields: list[Field | str], draft: Any, verb: Any) -> None:
        plan_id = self._newest.id
        self._edit(name, title, fields, draft, verb, lambda typed: {"plan_id": plan_id, "draft": typed}, "Written.")

    def _edit(
        self,
        name: str,
        title: str,
        fields: list[Field | str],
        draft: Any,
        verb: Any,
        given: Callable[[Any], dict[str, Any]],
        said: str,
    ) -> None:
        editor = self.begin(Editor(self.desk, name, title, fields, draft, verb, given=given, said=said))
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self.refresh())
        editor.cancelled.connect(lambda: self._show(self._versions))

    def _draw(self, printing: Printing) -> None:
        row, block = self._newest, self._block
        if block is None:
            return
        signatures = paper_signatures(row.signatures, self.desk.store.clock.zone)
        facts = care_plan_paper(row, block, signatures, "")
        self.desk.draw(self, partial(draw_care_plan, facts, printing), self._show_paper)

    def _show_paper(self, pdf: bytes) -> None:
        row = self._newest
        name = f"care-plan-{row.id.hex[-8:]}-v{row.number}.pdf"
        self.paper_ready.emit(PaperShown("Care plan", pdf, name, "care_plan", row.id, self.patient_id, Area.CARE_PLANS))


def line_rows(plan: PlanRow) -> list[LineRow]:
    """The lines of a plan in the order they are read: by priority of their problem, the problem first."""
    content, found = plan.content, []
    for problem in sorted(content.problems, key=lambda line: (line.priority, line.number)):
        group = f"{problem.number}. {problem.statement}"
        found.append(
            LineRow(("problems", problem.number), group, "problems", problem.number, problem.statement, problem.category, "")
        )
        found += [
            LineRow(("goals", goal.number), group, "goals", goal.number, goal.statement, goal.target(), goal.owner)
            for goal in content.goals
            if goal.problem == problem.number
        ]
        found += [
            LineRow(("interventions", one.number), group, "interventions", one.number, one.action, one.frequency, one.discipline)
            for one in content.interventions
            if one.problem == problem.number
        ]
        found += [
            LineRow(("monitoring", one.number), group, "monitoring", one.number, one.what, one.frequency, one.reviewer)
            for one in content.monitoring
            if one.problem == problem.number
        ]
    return found

"""Chart, Coverage: which plans pay for the patient, in their order, and what they authorized."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any, Final
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.foundation.kernel.clock import today
from infusiondesk.foundation.kernel.ismp import day, moment
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import ChoiceField, DateField, Field, NumberField, TextField
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.payers import queries, service
from infusiondesk.payers.queries import CoveragePage, CoverageRow, VoidedRow
from infusiondesk.payers.rules.coverage import FEW_DAYS, RANKS, AuthorizationDraft, AuthorizationFacts, CoverageDraft


class Group(StrEnum):
    """The parts of the page."""

    PLANS = "Plans"
    AUTHORIZATIONS = "Authorizations"
    VOIDED = "Voided"


@dataclass(frozen=True)
class Line:
    """One plan, one authorization, or one that was voided."""

    id: str
    group: Group
    what: str
    detail: str
    days: str
    state: str
    tone: Tone
    entry: CoverageRow | AuthorizationFacts | VoidedRow


COLUMNS: Sequence[Column[Line]] = (
    Column("What", lambda line: line.what, strong=True, second=lambda line: line.detail, stretch=3, width=190),
    Column("Days", lambda line: line.days, stretch=2, width=180),
    Column("State", lambda line: line.state, tone=lambda line: line.tone, shape=True, stretch=1, width=140),
)


def lines_of(page: CoveragePage) -> Sequence[Line]:
    """The lines of the page in their groups."""
    found = [_plan(row) for row in page.coverage]
    found += [_authorization(one, page.today) for one in page.authorizations]
    return [*found, *map(_voided, page.voided)]


def _voided(one: VoidedRow) -> Line:
    when = f"{moment(one.voided_at)}, {one.voided_by}"
    return Line(str(one.id), Group.VOIDED, one.text, one.void_reason, when, "void", "neutral", one)


def _plan(row: CoverageRow) -> Line:
    detail = ", ".join(
        filter(None, (f"member {row.member_id}", f"group {row.group_number}" if row.group_number else "", row.holder))
    )
    days = f"{day(row.starts_on)} to {day(row.ends_on)}" if row.ends_on else f"from {day(row.starts_on)}, no end"
    state, tone = _plan_state(row)
    return Line(str(row.id), Group.PLANS, row.payer, detail, days, state, tone, row)


def _plan_state(row: CoverageRow) -> tuple[str, Tone]:
    return (row.rank_words, "done") if row.is_current else ("not today", "neutral")


def _authorization(one: AuthorizationFacts, on: date) -> Line:
    left = one.days_left(on)
    state = (
        "ended"
        if left == 0
        else f"begins {day(one.starts_on)}"
        if one.starts_on > on
        else f"{left} day{'s' if left != 1 else ''} left"
    )
    tone: Tone = "due" if left <= FEW_DAYS else "done" if one.starts_on <= on else "neutral"
    return Line(
        str(one.id), Group.AUTHORIZATIONS, f"{one.code}, {one.units} units", f"number {one.number}, {one.payer}",
        f"{day(one.starts_on)} to {day(one.ends_on)}", state, tone, one,
    )  # fmt: skip


@dataclass
class EndDraft:
    """The last day of a plan being entered."""

    ends_on: date | None = None

    def problems(self) -> list[Problem]:
        return [] if self.ends_on is not None else [Problem("ends_on", "Enter the last day of coverage.")]


WITHOUT: Final = "The plans that pay for this patient will stand here, in their order."


class CoverageScreen(Screen):
    """Plans in their order, authorizations with the days that are left, and what was voided."""

    stale_on = frozenset({Area.PAYERS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._page: CoveragePage | None = None
        self._waiting: dict[str, Any] | None = None
        self._add = self.act("Enter a plan", "Ctrl+N", self.enter_plan, service.add_coverage)
        self._authorize = self.act("Enter an authorization", "Ctrl+Shift+N", self.enter_authorization, service.enter_authorization)
        self.page = ListDetail("Coverage", actions=[Button.for_action(self._add, icon="plus")])
        self.table: RowsTable[Line] = RowsTable(
            COLUMNS,
            name="Coverage",
            group=lambda line: line.group.value,
            empty=EmptyState("identification-card", "No plan yet", WITHOUT, "Enter a plan"),
        )
        self.table.empty.asked.connect(self.enter_plan)
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Ctrl+Shift+N", "enter an authorization"), ("Ctrl+N", "enter a plan")])
        self.table.chosen_changed.connect(lambda _: self._show(self.table.chosen()))
        self.setFocusProxy(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    # What is typed belongs to one patient, and its form needs the payers and plans that are read first.

    def show_patient(self, patient_id: UUID) -> None:
        """Turn to another patient: what is being typed is kept for the one it belongs to, and put down here."""
        if self.patient_id is not None and patient_id != self.patient_id:
            self.keep_draft()
            self.editor, self._kept, self._page, self._waiting = None, None, None, None
            self.table.show_rows([])
            self.page.show_detail(None)
        super().show_patient(patient_id)

    def restore_draft(self, kept: dict[str, Any]) -> None:
        if self._page is None:
            self._waiting = kept
        else:
            super().restore_draft(kept)

    def reload(self) -> None:
        if self.patient_id is not None:
            self.desk.ask(self, queries.coverage_page, self._take, patient_id=self.patient_id)

    def open_editor(self, name: str) -> None:
        """Open a form by its name; one that belongs to a plan is called ``end:<id of the plan>``."""
        form, _, plan_id = name.partition(":")
        plan = next((row for row in self._page.coverage if str(row.id) == plan_id), None) if self._page else None
        if form == "plan":
            self.enter_plan()
        elif form == "authorization" and plan is None:
            self.enter_authorization()
        elif plan is not None:
            self.table.choose(lambda line: line.id == plan_id)
            openers: dict[str, Callable[[], None]] = {
                "authorization": self.enter_authorization,
                "end": partial(self.end_plan, plan),
            }
            openers[form]()

    def _take(self, page: CoveragePage) -> None:
        self._page = page
        self.table.show_rows(lines_of(page))
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show(self.table.chosen())
        if self._waiting is not None and self.editor is None:
            kept, self._waiting = self._waiting, None
            super().restore_draft(kept)

    def _current(self) -> list[CoverageRow]:
        return [row for row in self._page.coverage if row.is_current] if self._page else []

    # Forms --------------------------------------------------------------------------------------------

    def enter_plan(self) -> None:
        """One more plan of this patient."""
        if self._page is None:
            return
        taken = {row.rank for row in self._current()}
        fields = [
            ChoiceField(
                "payer_id", "Payer", choices=[(one.id, one.name) for one in self._page.payers], required=True, spread=False
            ),
            TextField("member_id", "Member number", required=True, hint="as on the card"),
            TextField("group_number", "Group number"),
            TextField("holder", "Holder of the policy", hint="empty: the patient"),
            ChoiceField("rank", "Order", choices=list(RANKS.items()), required=True),
            DateField("starts_on", "First day", required=True),
            DateField("ends_on", "Last day", hint="empty: open"),
        ]
        draft = CoverageDraft(rank=next((rank for rank in RANKS if rank not in taken), None))
        patient_id = self.patient_id
        lacking = "" if self._page.payers else "No payer is on file yet: enter one under Library, Payer profiles."
        self._edit(
            "plan", "Enter a plan", fields, draft, service.add_coverage, lambda typed: {"patient_id": patient_id, "draft": typed},
            "The plan is entered.", lacking,
        )  # fmt: skip

    def enter_authorization(self) -> None:
        """What the payer of the chosen plan authorized; without a chosen one, the primary payer of today."""
        line = self.table.chosen()
        chosen = line.entry if line is not None and isinstance(line.entry, CoverageRow) else next(iter(self._current()), None)
        if chosen is None:
            self.desk.interaction.refused("Enter a plan first; an authorization belongs to one.")
            return
        fields = [
            TextField("number", "Authorization number", required=True),
            TextField("code", "Code", required=True, hint="one code, such as S9500"),
            DateField("starts_on", "First day", required=True),
            DateField("ends_on", "Last day", required=True),
            NumberField("units", "Units", whole=True, required=True),
        ]
        plan = chosen
        self._edit(
            f"authorization:{plan.id}", f"Authorization by {plan.payer}", fields, AuthorizationDraft(), service.enter_authorization,
            lambda typed: {"coverage_id": plan.id, "draft": typed}, "The authorization is entered.",
        )  # fmt: skip

    def end_plan(self, row: CoverageRow) -> None:
        """The last day of a plan."""
        draft = EndDraft(row.ends_on or today(self.desk.store.clock))
        fields = [DateField("ends_on", "Last day", required=True)]
        self._edit(
            f"end:{row.id}", f"Last day of {row.payer}", fields, draft, service.end_coverage,
            lambda typed: {"coverage_id": row.id, "ends_on": typed.ends_on}, "The last day is noted.",
        )  # fmt: skip

    def _edit(
        self,
        name: str,
        title: str,
        fields: Sequence[Field | str],
        draft: Any,
        verb: Any,
        given: Callable[[Any], dict[str, Any]],
        said: str,
        explanation: str = "",
    ) -> None:
        if self.editor is not None:
            return
        editor = self.begin(Editor(self.desk, name, title, fields, draft, verb, given=given, said=said, explanation=explanation))
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._show(self.table.chosen()))
        editor.cancelled.connect(lambda: self._show(self.table.chosen()))

    # The chosen line ----------------------------------------------------------------------------------

    def _show(self, line: Line | None) -> None:
        if self.editor is not None:
            return
        if line is None:
            self.page.show_detail(None)
            return
        facts = [Fact("Days", line.days)]
        entry = line.entry
        buttons: list[Button] = []
        if isinstance(entry, CoverageRow):
            facts = [
                Fact("Pays", entry.kind.words),
                Fact("Member number", entry.member_id),
                Fact("Group number", entry.group_number or "none"),
                Fact("Holder", entry.holder or "the patient"),
                *facts,
                Fact("Entered by", entry.entered_by),
            ]
            buttons = self._plan_buttons(entry)
        elif isinstance(entry, AuthorizationFacts):
            facts = [
                Fact("Number", entry.number),
                Fact("Code", entry.code),
                Fact("Units", str(entry.units)),
                *facts,
                Fact("By", entry.payer),
                Fact("Entered by", entry.entered_by),
            ]
            buttons = [self._button("Void authorization", service.void_authorization, lambda: self._void_authorization(entry))]
        else:
            facts = [Fact("Voided", line.days), Fact("Why", entry.void_reason)]
        pill = across(Pill(line.state.capitalize(), line.tone), STRETCH)
        self.page.show_detail(holding(down(pill, Text(line.what, 20, 600, wraps=True), FactList(facts), STRETCH, gap=12)), *buttons)

    def _plan_buttons(self, row: CoverageRow) -> list[Button]:
        authorize = Button.for_action(self._authorize, "primary", icon="file-plus")
        end = self._button("Set the last day", service.end_coverage, lambda: self.end_plan(row))
        void = self._button("Void plan", service.void_coverage, lambda: self._do(service.void_coverage, coverage_id=row.id))
        current = self._current()
        if not row.is_current or row is current[0]:
            return [authorize, end, void]
        place = next(number for number, other in enumerate(current) if other.id == row.id)
        order = [other.id for other in current]
        order[place - 1], order[place] = order[place], order[place - 1]
        earlier = self._button(
            "Move up", service.reorder_coverage, lambda: self._do(service.reorder_coverage, patient_id=self.patient_id, order=order)
        )
        return [authorize, end, earlier, void]

    def _void_authorization(self, one: AuthorizationFacts) -> None:
        self._do(service.void_authorization, authorization_id=one.id)

    def _do(self, verb: Any, **given: Any) -> None:
        self.desk.do(self, verb, said="Done; what was there before stays readable.", **given)

    def _button(self, words: str, verb: Any, call: Callable[[], None]) -> Button:
        button = Button(words)
        button.clicked.connect(lambda: call())
        if sentence := self.desk.refusal(verb.permission):
            button.forbid(sentence)
        return button

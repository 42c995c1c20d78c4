"""Pharmacy, Promises: what was promised when a rule was passed, what became of it, and how each rule's promises are kept."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from infusiondesk.foundation.kernel.clock import today
from infusiondesk.foundation.kernel.ismp import day, moment
from infusiondesk.foundation.kernel.people import Area, Query
from infusiondesk.foundation.paper.stationery import Printing
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import DateTimeField, Field, LongTextField, TextField
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Item, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.choice import SegmentedChoice
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.picker import Picker
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.staff.queries import printing_of
from infusiondesk.tasks import queries, service
from infusiondesk.tasks.documents import PromisesPaper, draw_promises, promises_name, promises_paper
from infusiondesk.tasks.queries import PromiseRow, RuleCount, counted_by_rule
from infusiondesk.tasks.rules import DEFAULT_STRETCH, STRETCHES, CallDraft, Kind, Standing, first_day

TONES: dict[Standing, Tone] = {
    Standing.OPEN: "due", Standing.KEPT: "done", Standing.BROKEN: "danger", Standing.NOT_NEEDED: "neutral",
}  # fmt: skip
COLUMNS: Sequence[Column[PromiseRow]] = (
    Column("By", lambda row: day(row.due_on), sort=lambda row: row.due_on, strong=True, width=120),
    Column(
        "Awaited", lambda row: f"{row.words[:1].upper()}{row.words[1:]}", second=lambda row: row.patient, strong=True, stretch=1
    ),
    Column("Because of", lambda row: row.subject, second=lambda row: row.rule, wraps=True, stretch=2),
    Column("Looks after it", lambda row: row.owner.value, width=150),
    Column("State", lambda row: row.standing.value.capitalize(), tone=lambda row: TONES[row.standing], shape=True, width=140),
)
RULES: Sequence[Column[RuleCount]] = (
    Column("Rule", lambda row: row.rule, strong=True, stretch=1),
    Column("Promises", lambda row: f"{row.made}", sort=lambda row: row.made, right=True),
    Column("Open", lambda row: f"{row.open}", sort=lambda row: row.open, right=True),
    Column("Kept", lambda row: f"{row.kept}", sort=lambda row: row.kept, right=True),
    Column("Broken", lambda row: f"{row.broken}", sort=lambda row: row.broken, right=True, strong=True),
    Column("Not needed any more", lambda row: f"{row.not_needed}", sort=lambda row: row.not_needed, right=True),
)
# What each choice at the top lists; the last one lists rules instead of promises.
SCOPES: Sequence[tuple[str, Callable[[PromiseRow], bool]]] = (
    ("Awaited", lambda row: not row.judged.is_closed),
    ("Broken", lambda row: row.standing is Standing.BROKEN),
    ("Kept", lambda row: row.standing is Standing.KEPT),
    ("All", lambda row: True),
)
BY_RULE = len(SCOPES)
CALL_FIELDS: Sequence[Field | str] = (
    TextField("name", "Spoke with", required=True),
    LongTextField("said", "What was said", lines=3, required=True),
)


class PromisesScreen(Screen):
    """Promises, and the one thing that a person can do about them: note a call that was promised.

    `rx_numbers` is handed in: which prescription a promise was made with is known to a slice above this one.
    """

    stale_on = frozenset({Area.TASKS, Area.PATIENTS})

    def __init__(self, desk: Desk, rx_numbers: Query[Any, ..., Mapping[UUID, int]]) -> None:
        super().__init__(desk)
        self._rx_numbers = rx_numbers
        self._all: Sequence[PromiseRow] = ()
        self._open_call: UUID | None = None
        self._kept_typing: dict[str, Any] | None = None
        self.scope = SegmentedChoice("Which promises", [*(name for name, _ in SCOPES), "By rule"], chosen=0, switch=True)
        self.stretch = Picker("Days to print", list(STRETCHES))
        self.stretch.setFixedWidth(140)
        self.stretch.choose(list(STRETCHES).index(DEFAULT_STRETCH))
        printed = Button.for_action(self.act("Print promises", "Ctrl+P", self.print_promises), icon="printer", dense=True)
        self.page = ListDetail("Promises", actions=[self.scope, self.stretch, printed], detail_width=420)
        empty = EmptyState("hand", "No promise here", "A promise is made when a HOLD is passed because tests are ordered.")
        self.table: RowsTable[PromiseRow] = RowsTable(
            COLUMNS, name="Promises", empty=empty, recedes=lambda row: row.judged.is_closed
        )
        none = EmptyState("hand", "No promise yet", "How promises are kept is counted here, rule by rule.")
        self.rules: RowsTable[RuleCount] = RowsTable(RULES, name="Promises by rule", empty=none, key=lambda row: row.rule)
        self._lists = QStackedWidget()
        self._lists.addWidget(self.table)
        self._lists.addWidget(self.rules)
        self.page.set_list(self._lists)
        self.page.set_foot_keys([("Up Down", "move"), ("Enter", "open"), ("Ctrl+J", "note a call"), ("Ctrl+P", "print")])
        self._note = self.act("Note a call", "Ctrl+J", self.note_call, service.note_call)
        self.scope.chosen_changed.connect(lambda _: self._arrange())
        self.table.chosen_changed.connect(lambda _: self._show())
        self.table.activated_row.connect(lambda _: self.page.open_drawer())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, queries.promises, self._arrived)

    def show_record(self, record_id: UUID) -> None:
        self.scope.choose(len(SCOPES) - 1)
        super().show_record(record_id)

    def draft(self) -> dict[str, Any] | None:
        kept = super().draft()
        return None if kept is None else {**kept, "promise": str(self._open_call)}

    def restore_draft(self, kept: dict[str, Any]) -> None:
        self._kept_typing = kept
        self._reopen()

    def _reopen(self) -> None:
        """Open the editor of kept typing, as soon as the promise it belongs to is on the list."""
        kept = self._kept_typing
        is_typing = self.editor is not None
        if kept is None or is_typing:
            return
        wanted = UUID(kept["promise"])
        if self.table.choose(lambda row: row.id == wanted):
            self._kept_typing = None
            self.note_call()
        if (editor := self.editor) is not None:
            editor.restore(kept)

    def note_call(self) -> None:
        """Write down the call that was promised: with whom, when, what was said."""
        row = self.table.chosen()
        if row is None or self.editor is not None or self._lists.currentWidget() is not self.table:
            return
        if row.kind is not Kind.CALL or row.judged.is_closed:
            closed = (
                "This promise is closed already."
                if row.judged.is_closed
                else f"It waits for {row.words}; nobody closes it by hand."
            )
            self.desk.interaction.refused(closed)
            return
        at = DateTimeField("at", "When", zone=self.desk.store.clock.zone, required=True)
        fields = [CALL_FIELDS[0], at, *CALL_FIELDS[1:]]
        editor = Editor(
            self.desk,
            "call",
            f"{row.words.capitalize()}: {row.patient}",
            fields,
            CallDraft(),
            service.note_call,
            given=lambda typed: {"promise_id": row.id, "draft": typed},
            said="The call is noted; the promise is closed.",
            explanation=f"Promised under {row.rule}: {row.subject}.",
        )
        self.begin(editor)
        self._open_call = row.id
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._show())
        editor.cancelled.connect(self._show)

    # Printing ---------------------------------------------------------------------------------------------------------

    def print_promises(self) -> None:
        """What was promised in the chosen stretch of days on paper, whatever the list shows."""
        last = today(self.desk.store.clock)
        first = first_day(list(STRETCHES)[self.stretch.chosen() or 0], last)
        rows = self._all
        versions = {row.order_version_id for row in rows}
        self.desk.ask(self, self._rx_numbers, partial(self._with_numbers, rows, first, last), version_ids=versions)

    def _with_numbers(self, rows: Sequence[PromiseRow], first: date | None, last: date, numbers: Mapping[UUID, int]) -> None:
        paper = promises_paper(rows, numbers, first, last)
        self.desk.ask(self, printing_of, partial(self._draw, paper, last))

    def _draw(self, paper: PromisesPaper, last: date, printing: Printing) -> None:
        self.desk.draw(self, partial(draw_promises, paper, printing), partial(self._show_paper, last))

    def _show_paper(self, last: date, pdf: bytes) -> None:
        self.paper_ready.emit(PaperShown("Promises", pdf, promises_name(last), "promise", None, None, Area.TASKS))

    # Showing ----------------------------------------------------------------------------------------------------------

    def _arrived(self, rows: Sequence[PromiseRow]) -> None:
        self._all = rows
        self.rules.show_rows(counted_by_rule(rows))
        self._arrange()
        self._reopen()

    def _arrange(self) -> None:
        chosen = self.scope.chosen() or 0
        self._lists.setCurrentIndex(1 if chosen == BY_RULE else 0)
        if chosen < BY_RULE:
            belongs = SCOPES[chosen][1]
            self.table.show_rows([row for row in self._all if belongs(row)])
            if self.table.chosen() is None:
                self.table.choose_first()
        shown = self.rules.count_text() if chosen == BY_RULE else self.table.count_text()
        self.page.say_count(shown)
        self._show()

    def _show(self) -> None:
        if self.editor is not None:
            return
        row = self.table.chosen() if self._lists.currentWidget() is self.table else None
        if row is None:
            self.page.show_detail(None)
            return
        self.page.show_detail(holding(down(*self._items(row), STRETCH, gap=10)), *self._buttons(row))

    def _items(self, row: PromiseRow) -> list[Item]:
        facts = [
            Fact("Patient", f"{row.patient}, MRN {row.mrn}"),
            Fact("Rule", row.rule),
            Fact("Looks after it", row.owner.value),
            Fact("Promised", f"{moment(row.made_at)}, {row.made_by}"),
            Fact("Why so", row.judged.because),
        ]
        items: list[Item] = [
            across(Pill(row.standing.value.capitalize(), TONES[row.standing]), STRETCH),
            Text(f"{row.words[:1].upper()}{row.words[1:]} by {day(row.due_on)}", 20, 600, wraps=True),
            Text(row.subject, 14, 600, wraps=True),
            FactList(facts),
        ]
        if row.history:
            items += [Text("What happened", 14, 600), *(Text(line, 13, ink="ink2", wraps=True) for line in row.history)]
        if row.kind is not Kind.CALL and not row.judged.is_closed:
            words = "Nobody closes this by hand: it closes when what is awaited arrives."
            items.append(Text(words, 13, ink="ink2", wraps=True))
        return items

    def _buttons(self, row: PromiseRow) -> list[Button]:
        chart = Button("Open chart", icon="folder-open")
        chart.clicked.connect(lambda: self.patient_chosen.emit(row.patient_id))
        if row.kind is Kind.CALL and not row.judged.is_closed:
            return [Button.for_action(self._note, "primary", icon="phone"), chart]
        return [chart]

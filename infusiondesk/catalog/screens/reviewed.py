"""A list of rows that the pharmacist in charge signs: what every such screen of the library does alike."""

from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout, QWidget

from infusiondesk.catalog import queries, service
from infusiondesk.catalog.queries import Between, Reviewable
from infusiondesk.catalog.rules import RowKind, Standing, Status
from infusiondesk.catalog.rules.drafts import Draft
from infusiondesk.catalog.screens.importing import FileImport
from infusiondesk.catalog.screens.wording import review_of, search_line, tone_of
from infusiondesk.foundation.kernel.people import Area, Query, Verb
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms.fields import Field
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.choice import SegmentedChoice
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable

Row = TypeVar("Row", bound=Reviewable)
SCOPES = ("All", "To sign", "Value missing")
TO_SIGN = {Standing.UNSIGNED, Standing.CHANGED}


class ReviewedScreen(Screen, Generic[Row]):
    """Rows of one kind; a subclass names its query, columns, fields and verbs, and says what stands in the detail."""

    stale_on = frozenset({Area.CATALOG})
    kind: ClassVar[RowKind]
    rows_query: ClassVar[Query[Any, ..., Any]]
    enter_verb: ClassVar[Verb[Any, ..., Any]]
    correct_verb: ClassVar[Verb[Any, ..., Any]]
    draft_type: ClassVar[type[Draft]]

    def __init__(self, desk: Desk, title: str, columns: Sequence[Column[Row]], icon: str) -> None:
        super().__init__(desk)
        self.files: FileImport | None = None
        self._all: list[Row] = []
        self._wanted: UUID | None = None
        self._enter_words = f"Enter a {self.kind}" if self.kind is not RowKind.STABILITY else "Enter stability"
        self.enter = self.act(self._enter_words, "Ctrl+N", self.enter_row, self.enter_verb)
        self.sign = self.act("Sign selected rows", "Ctrl+Return", self.sign_selected, service.sign_rows)
        self.correct = self.act("Correct", "Ctrl+E", self.correct_row, self.correct_verb)
        self.retire = self.act("Take out of use", "Ctrl+Shift+R", self.retire_row, service.retire_row)
        self._may_sign = self.sign.isEnabled()
        self.search = search_line(f"Find in {title.lower()}")
        self.scope = SegmentedChoice("Show", SCOPES, chosen=0, switch=True)
        actions = [self.search, self.scope, Button.for_action(self.enter, icon="plus", dense=True)]
        self.page = ListDetail(title, "", actions=actions)
        empty = EmptyState(icon, f"No {title.lower()} here", "The shipped tables are read in when the pharmacy is set up.")
        self.table: RowsTable[Row] = RowsTable(columns, name=title, empty=empty, many=True)
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Shift", "choose many"), ("Ctrl+Enter", "sign")])
        self.search.textChanged.connect(self.table.narrow)
        self.scope.chosen_changed.connect(lambda _: self._arrange())
        self.table.chosen_changed.connect(lambda _: self._show())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    # What a subclass says.

    def fields(self, draft: Any, *, is_new: bool) -> Sequence[Field | str]:
        """The fields of the editor."""
        raise NotImplementedError

    def name_of(self, row: Row) -> str:
        """What a row is called at the top of its detail."""
        raise NotImplementedError

    def detail_of(self, row: Row) -> Sequence[Any]:
        """What stands in the detail, between the name and the source."""
        raise NotImplementedError

    def prepare(self, editor: Editor) -> None:
        """Put what helps beside the fields of an editor, where there is something."""

    # Reading.

    def show_record(self, record_id: UUID) -> None:
        self._wanted = record_id
        self.scope.choose(0)
        self.search.clear()
        self.refresh()

    def reload(self) -> None:
        self.desk.ask(self, self.rows_query, self._arrived)
        self.desk.ask(self, queries.standing_between, self._say_between)

    def _arrived(self, rows: Sequence[Row]) -> None:
        self._all = list(rows)
        self._arrange()
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.table.choose(lambda row: row.id == wanted)
        if self.table.chosen() is None:
            self.table.choose_first()

    def _arrange(self) -> None:
        scope = SCOPES[self.scope.chosen() or 0]
        kept = {"To sign": TO_SIGN, "Value missing": {Standing.INCOMPLETE}}.get(scope, set(Standing))
        self.table.show_rows([row for row in self._all if row.standing in kept])
        self._show()

    def _say_between(self, between: Between) -> None:
        self.page.head.remark.say(f"{between.rows:,} catalog rows to sign" if between.rows else "every complete row is signed")

    # Doing.

    def sign_selected(self) -> None:
        """Sign what is chosen and may be signed."""
        seen = queries.seen(row for row in self.table.all_chosen() if row.standing in TO_SIGN)
        words = f"1 {self.kind} row signed." if len(seen) == 1 else f"{len(seen)} {self.kind} rows signed."
        self.desk.do(self, service.sign_rows, said=words, kind=self.kind, seen=seen)

    def retire_row(self) -> None:
        """Take the chosen row out of use."""
        if (row := self.table.chosen()) is not None:
            self.desk.do(self, service.retire_row, said="Taken out of use.", kind=self.kind, row_id=row.id)

    def is_free(self) -> bool:
        """Whether the detail may be given to something else; says what is in it, where it may not."""
        if self.editor is not None:
            self.desk.interaction.refused("Save or cancel what is open in the form first.")
        elif self.files is not None and self.files.is_showing:
            self.desk.interaction.refused("A file is being taken in. Wait for its report and close it first.")
        else:
            return True
        return False

    def enter_row(self) -> None:
        """Open an empty editor."""
        if not self.is_free():
            return
        draft = self.draft_type()
        fields = self.fields(draft, is_new=True)
        self._edit(Editor(self.desk, "new", self._enter_words, fields, draft, self.enter_verb, said="Entered, unsigned."))

    def correct_row(self) -> None:
        """Open the chosen row in an editor."""
        if (row := self.table.chosen()) is not None and self.is_free():
            self.desk.ask(self, queries.draft_of, lambda draft: self._correct(row.id, draft), kind=self.kind, row_id=row.id)

    def open_editor(self, name: str) -> None:
        if name == "new":
            self.enter_row()
        else:
            self._correct(UUID(name.removeprefix("correct ")), self.draft_type())

    def _correct(self, row_id: UUID, draft: Draft) -> None:
        editor = Editor(
            self.desk,
            f"correct {row_id}",
            f"Correct this {self.kind}",
            self.fields(draft, is_new=False),
            draft,
            self.correct_verb,
            given=lambda typed: {"row_id": row_id, "draft": typed},
            said="Corrected. The row waits for the pharmacist in charge.",
            explanation="A corrected row is unsigned until the pharmacist in charge has seen it.",
        )
        self._edit(editor)

    def _edit(self, editor: Editor) -> None:
        self.begin(editor)
        self.prepare(editor)
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._show())
        editor.cancelled.connect(self._show)

    # Showing.

    def _show(self) -> None:
        if self.editor is not None or (self.files is not None and self.files.is_showing):
            return
        rows = self.table.all_chosen()
        self._judge_actions(rows)
        buttons = (Button.for_action(self.sign, "primary", icon="check"), Button.for_action(self.correct, icon="pencil-simple"))
        if not rows:
            self.page.show_detail(None)
        elif len(rows) == 1:
            self.page.show_detail(self._one(rows[0]), *buttons, Button.for_action(self.retire))
        else:
            self.page.show_detail(self._many(rows), buttons[0])

    def _judge_actions(self, rows: Sequence[Row]) -> None:
        for action, is_possible in ((self.correct, len(rows) == 1), (self.retire, len(rows) == 1)):
            if not action.whatsThis():
                action.setEnabled(is_possible)
        if not self._may_sign:
            return
        is_ready = any(row.standing in TO_SIGN for row in rows)
        self.sign.setWhatsThis(
            "" if is_ready or not rows else f"{self.name_of(rows[0])}: {rows[0].missing or 'signed and unchanged'}."
        )
        self.sign.setEnabled(is_ready)

    def _one(self, row: Row) -> QWidget:
        about = [
            Fact("Source", row.source or "none"),
            Fact("Rests on", {Status.LABEL: "a label that was read", Status.STUDY: "a study"}.get(row.status, row.status.value)),
            Fact("Review", f"{review_of(row)} by {row.reviewed_by}" if row.reviewed_by else row.standing.value),
        ]
        if row.compared_with:
            about.append(Fact("Compared with", row.compared_with))
        if row.missing:
            about.append(Fact("Missing", row.missing, "due"))
        head = across(Pill(row.standing.value.capitalize(), tone_of(row)), STRETCH)
        name = Text(self.name_of(row), 20, 600, wraps=True)
        return holding(down(head, name, *self.detail_of(row), FactList(about), STRETCH, gap=12))

    def _many(self, rows: Sequence[Row]) -> QWidget:
        counts = [
            Fact(standing.value.capitalize(), f"{sum(row.standing is standing for row in rows)}")
            for standing in Standing
            if any(row.standing is standing for row in rows)
        ]
        ready = [row for row in rows if row.standing in TO_SIGN]
        memory = sum(row.status in (Status.MEMORY, Status.POLICY) for row in ready)
        told = f"{len(ready)} can be signed now." if ready else "None of them can be signed."
        if memory:
            told += f" {memory} rest on memory or policy: you will be asked what you compared with."
        title = Text(f"{len(rows)} rows chosen", 20, 600)
        return holding(down(title, FactList(counts), Text(told, 13, 400, "ink2", wraps=True), STRETCH, gap=12))

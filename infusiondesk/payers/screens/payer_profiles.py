"""Library, Payer profiles: who pays, and what each contract says, field by field, with its source."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.foundation.kernel.clock import today
from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import ChoiceField, DateField, Field, LongTextField, TextField
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.picker import Picker
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.payers import queries, service
from infusiondesk.payers.queries import FieldRow, PayerRow, ProfileRow
from infusiondesk.payers.rules.coverage import PayerDraft
from infusiondesk.payers.rules.profile import FieldDraft, PayerKind
from infusiondesk.payers.rules.values import OneOf, Rates, YesNo, typed_words
from infusiondesk.payers.service import Answer

_MOST_PARTS = 6


def _short(said: str) -> str:
    """A long list by its first parts and how many more there are; the detail says all of it."""
    between = "; " if "; " in said else ", "
    first, rest = said.split(between)[:_MOST_PARTS], said.split(between)[_MOST_PARTS:]
    return between.join([*first, f"and {len(rest)} more"]) if rest else said


COLUMNS: Sequence[Column[FieldRow]] = (
    Column("Field", lambda row: row.field.label.capitalize(), strong=True, stretch=3, width=180),
    Column("Holds", lambda row: _short(row.said), stretch=3, width=130),
    Column(
        "Answered",
        lambda row: "default" if row.is_default else "by payer",
        tone=lambda row: "neutral" if row.is_default else "done",
        shape=True,
        width=104,
    ),
    Column("Source", lambda row: row.source, quiet=True, stretch=3, width=130),
    Column("Set by", lambda row: row.set_by, hidden=True),
    Column("Meaning", lambda row: row.field.meaning, hidden=True),
)

PAYER_FIELDS: Final[tuple[Field | str, ...]] = (
    TextField("name", "Name", required=True),
    ChoiceField("kind", "How it pays", choices=[(kind, kind.words) for kind in PayerKind], required=True, spread=False),
    TextField("electronic_id", "Electronic payer number"),
    TextField("phone", "Phone"),
)


class PayerProfilesScreen(Screen):
    """One payer's profile: every field with what holds, its default, its source and who set it."""

    stale_on = frozenset({Area.PAYERS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._payers: Sequence[PayerRow] = ()
        self._payer_id: UUID | None = None
        self._profile: ProfileRow | None = None
        self._waiting: dict[str, Any] | None = None
        self._add = self.act("Enter a payer", "Ctrl+N", self.enter_payer, service.add_payer)
        self.picker = Picker("Payer", [], unanswered="Choose a payer")
        self.picker.setObjectName("payer")
        self.picker.setMinimumWidth(220)
        self.picker.chosen_changed.connect(self._choose)
        self.page = ListDetail("Payer profiles", "", actions=[self.picker, Button.for_action(self._add, icon="plus")])
        self.table: RowsTable[FieldRow] = RowsTable(
            COLUMNS,
            name="Fields",
            group=lambda row: row.field.group,
            compact=True,
            empty=EmptyState("books", "No payer yet", "Each payer's contract will stand here, field by field.", "Enter a payer"),
        )
        self.table.empty.asked.connect(self.enter_payer)
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Space", "set"), ("Ctrl+N", "enter a payer")])
        self.table.chosen_changed.connect(lambda _: self._show(self.table.chosen()))
        self.table.used.connect(self.set_field)
        self.setFocusProxy(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, queries.payers, self._take_payers)

    def open_editor(self, name: str) -> None:
        """Open a form by its name; that of a field is called ``field:<id of the payer>:<field>``."""
        form, _, rest = name.partition(":")
        field = rest.partition(":")[2]
        row = next((row for row in self.table.rows() if row.field.name == field), None)
        if form == "payer":
            self.enter_payer()
        elif form == "correct":
            self.correct_payer()
        elif form == "field" and row is not None:
            self.table.choose(lambda one: one.id == row.id)
            self.set_field(row)

    def restore_draft(self, kept: dict[str, Any]) -> None:
        """What was typed for one payer waits until that payer's profile is on the screen."""
        payer_id = kept["editor"].partition(":")[2].partition(":")[0]
        if payer_id and (self._profile is None or str(self._profile.payer_id) != payer_id):
            self._waiting, self._payer_id = kept, UUID(payer_id)
            self.refresh()
        else:
            super().restore_draft(kept)

    def _take_payers(self, rows: Sequence[PayerRow]) -> None:
        self._payers = rows
        if self._payer_id is None and rows:
            self._payer_id = rows[0].id
        self.picker.blockSignals(True)
        self.picker.offer([f"{row.name} (closed)" if row.is_closed else row.name for row in rows])
        self._show_payer()
        self._ask_profile()

    def _show_payer(self) -> None:
        self.picker.blockSignals(True)
        self.picker.choose(next((place for place, row in enumerate(self._payers) if row.id == self._payer_id), None))
        self.picker.blockSignals(False)

    def _choose(self, place: int) -> None:
        if self.editor is not None:  # an open form belongs to the payer it was opened for
            self.desk.interaction.refused("Save or cancel the open form first; it belongs to this payer.")
            self._show_payer()
        elif 0 <= place < len(self._payers):
            self._payer_id = self._payers[place].id
            self._ask_profile()

    def _ask_profile(self) -> None:
        if self._payer_id is not None:
            on = today(self.desk.store.clock)
            self.desk.ask(self, queries.profile_on, self._take_profile, payer_id=self._payer_id, day=on)

    def _take_profile(self, profile: ProfileRow) -> None:
        self._profile = profile
        answered = len(profile.fields) - len(profile.unanswered)
        since = f", from {day(profile.effective_on)}" if profile.effective_on else ""
        self.page.head.remark.say(f"{profile.kind.words}, {answered} of {len(profile.fields)} answered{since}")
        self.table.show_rows(profile.fields)
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show(self.table.chosen())
        if self._waiting is not None and self.editor is None:
            kept, self._waiting = self._waiting, None
            self.restore_draft(kept)

    # Forms --------------------------------------------------------------------------------------------

    def enter_payer(self) -> None:
        """A payer that is not on file yet."""
        editor = self._edit("payer", "Enter a payer", PAYER_FIELDS, PayerDraft(), service.add_payer, None, "The payer is entered.")
        if editor is not None:
            editor.saved.connect(self._turn_to)

    def _turn_to(self, payer_id: UUID) -> None:
        self._payer_id = payer_id
        self.refresh()

    def correct_payer(self) -> None:
        """The payer's name, kind and numbers."""
        row = self._payer()
        if row is not None:
            draft = PayerDraft(row.name, row.kind, row.electronic_id, row.phone)
            self._edit(
                f"correct:{row.id}:", f"Correct {row.name}", PAYER_FIELDS, draft, service.correct_payer,
                lambda typed: {"payer_id": row.id, "draft": typed}, "Corrected.",
            )  # fmt: skip

    def set_field(self, row: FieldRow) -> None:
        """What the payer answered to one field, and where that is written."""
        if self._profile is None:
            return
        payer_id = self._profile.payer_id
        typed = typed_words(row.field.kind, row.value)
        fields: list[Field | str] = [
            _value_field(row),
            TextField("source", "Source", required=True, hint="contract and page, letter, call with name and day"),
            DateField("effective_on", "Holds from", required=True),
        ]
        draft = FieldDraft(row.field.name, typed, row.source, today(self.desk.store.clock))
        self._edit(
            f"field:{payer_id}:{row.field.name}", row.field.label.capitalize(), fields, draft, service.set_profile,
            lambda draft: {
                "payer_id": payer_id,
                "effective_on": draft.effective_on,
                "answers": {draft.name: Answer(draft.value(), draft.source)},
            },
            "The field is set.", row.field.meaning,
        )  # fmt: skip

    def withdraw(self, row: FieldRow) -> None:
        """The payer never said so: from today on the default holds again."""
        if self._profile is not None:
            self.desk.do(
                self,
                service.set_profile,
                said="The default holds again.",
                payer_id=self._profile.payer_id,
                effective_on=today(self.desk.store.clock),
                answers={},
                withdrawn=[row.field.name],
            )

    def _edit(
        self,
        name: str,
        title: str,
        fields: Sequence[Field | str],
        draft: Any,
        verb: Any,
        given: Callable[[Any], dict[str, Any]] | None,
        said: str,
        explanation: str = "",
    ) -> Editor | None:
        if self.editor is not None:
            return None
        editor = self.begin(Editor(self.desk, name, title, fields, draft, verb, given=given, said=said, explanation=explanation))
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._show(self.table.chosen()))
        editor.cancelled.connect(lambda: self._show(self.table.chosen()))
        return editor

    # The chosen field ---------------------------------------------------------------------------------

    def _payer(self) -> PayerRow | None:
        return next((row for row in self._payers if row.id == self._payer_id), None)

    def _show(self, row: FieldRow | None) -> None:
        if self.editor is not None:
            return
        if row is None:
            self.page.show_detail(None)
            return
        facts = [
            Fact("Holds", row.said),
            Fact("Default", row.default_said),
            Fact("May be", row.field.kind.hint),
            Fact("Source", row.source or "none: the payer has not answered", None if row.source else "due"),
        ]
        if not row.is_default:
            facts.append(Fact("Set by", f"{row.set_by}, {day(date.fromisoformat(row.set_on))}"))
        facts.append(Fact("Rule", row.field.where))
        pill = Pill("Default", "neutral") if row.is_default else Pill("Answered by the payer", "done")
        title = Text(row.field.label.capitalize(), 20, 600, wraps=True)
        meaning = Text(row.field.meaning, 13, 400, "ink2", wraps=True)
        content = holding(down(across(pill, STRETCH), title, meaning, 4, FactList(facts, label_width=72), STRETCH, gap=8))
        self.page.show_detail(content, *self._buttons(row))

    def _buttons(self, row: FieldRow) -> list[Button]:
        wanted: list[tuple[str, Any, Callable[[], None]]] = [("Set field", service.set_profile, lambda: self.set_field(row))]
        if not row.is_default:
            wanted.append(("Withdraw answer", service.set_profile, lambda: self.withdraw(row)))
        wanted.append(("Correct payer", service.correct_payer, self.correct_payer))
        payer = self._payer()
        if payer is not None and not payer.is_closed:
            wanted.append(("Close payer", service.close_payer, lambda: self._close(payer)))
        buttons = []
        for place, (words, verb, call) in enumerate(wanted):
            button = Button(words, "secondary" if place else "primary", cap="" if place else "Space")
            button.clicked.connect(call)
            if sentence := self.desk.refusal(verb.permission):
                button.forbid(sentence)
            buttons.append(button)
        return buttons

    def _close(self, payer: PayerRow) -> None:
        self.desk.do(self, service.close_payer, said=f"{payer.name} is closed.", payer_id=payer.id)


def _value_field(row: FieldRow) -> Field:
    kind = row.field.kind
    if isinstance(kind, OneOf | YesNo):
        words = ("yes", "no") if isinstance(kind, YesNo) else [(typed_words(kind, word), kind.said(word)) for word in kind.words]
        return ChoiceField("typed", "Value", choices=words, required=True, spread=False)
    if isinstance(kind, Rates):
        return LongTextField("typed", "Rates", lines=6, hint=kind.hint)
    return TextField("typed", "Value", hint=kind.hint)

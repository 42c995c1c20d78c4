"""Pharmacy, Orders to verify: the queue, the order with everything its screening found, the answers, the signature."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Verb
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import (
    CheckField,
    ChoiceField,
    DateField,
    DateTimeField,
    Field,
    LongTextField,
    TextField,
)
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Item, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.interactions.queries import AlertRow, ScreeningRow, UncheckedRow, screening_of
from infusiondesk.interactions.rules import Level
from infusiondesk.interactions.rules.answers import AnswerDraft, Code, HandReviewDraft
from infusiondesk.interactions.service import dispose_unrecognised, settle_alert
from infusiondesk.orders import queries
from infusiondesk.orders.queries import OrderRow
from infusiondesk.orders.screens.findings import earlier_promises, finding_items
from infusiondesk.orders.screens.showing import facts_of, head_items, key_facts
from infusiondesk.orders.screens.wide_detail import WideDetail
from infusiondesk.tasks.exchange import awaitable
from infusiondesk.tasks.queries import PromiseRow, promises_of
from infusiondesk.tasks.rules import OWNERS


def _first_day(row: OrderRow) -> date:
    return row.start_on


COLUMNS: Sequence[Column[OrderRow]] = (
    Column("Order", lambda row: row.sig, strong=True, wraps=True, second=lambda row: row.patient, stretch=1),
    Column(
        "First day",
        lambda row: day(row.start_on),
        second=lambda row: f"Rx {row.rx_number}",
        sort=lambda row: row.start_on,
        width=106,
    ),
)


class OrdersToVerifyScreen(Screen):
    """What waits for a pharmacist. The two journeys are handed in: `screen_one` screens an order version, `sign` verifies it."""

    stale_on = frozenset({Area.ORDERS, Area.INTERACTIONS, Area.PATIENTS, Area.TASKS})

    def __init__(self, desk: Desk, screen_one: Verb[Any, ..., Any], sign: Verb[Any, ..., Any]) -> None:
        super().__init__(desk)
        self._screen_one, self._sign = screen_one, sign
        self._found: ScreeningRow | None = None
        self._typed_at: dict[str, str] = {}
        self._is_unfolded = False
        self._kept_typing: dict[str, Any] | None = None
        self._again = self.act("Screen", "Ctrl+R", self.screen_again, screen_one)
        self._next = self.act("Answer next", "Alt+N", self.answer_next, settle_alert)
        self.page = WideDetail("Orders to verify", "the earliest first day first")
        self.table: RowsTable[OrderRow] = RowsTable(
            COLUMNS,
            name="Orders to verify",
            empty=EmptyState("check-circle", "Nothing to verify", "Entered and changed orders wait here for a pharmacist."),
        )
        self.table.chosen_changed.connect(self._ask_screening)
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Ctrl+R", "screen"), ("Ctrl+Enter", "verify")])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, queries.orders_to_verify, self._show_rows)

    def screen_again(self) -> None:
        """Screen the chosen order with what the chart says now."""
        if row := self.table.chosen():
            self.desk.do(self, self._screen_one, said="Screened with what the chart says now.", version_id=row.id)

    def verify(self) -> None:
        """Sign the chosen order, if nothing is open."""
        row = self.table.chosen()
        if row is not None and self._found is not None:
            said = f"Rx {row.rx_number} version {row.number} is verified."
            self.desk.do(self, self._sign, said=said, when_refused=self._look_again, version_id=row.id, seen=self._found.id)

    def _look_again(self, _: Refused) -> None:
        self._ask_screening(self.table.chosen())

    # What is being typed comes back at the finding it belongs to ------------------------------------------------------

    def draft(self) -> dict[str, Any] | None:
        kept = super().draft()
        return None if kept is None else {**kept, **self._typed_at}

    def restore_draft(self, kept: dict[str, Any]) -> None:
        self._kept_typing = kept
        self.table.choose(lambda row: str(row.id) == kept["version"])
        self._ask_screening(self.table.chosen())

    def _reopen(self, found: ScreeningRow) -> None:
        """Open the editor of kept typing, if the finding it belongs to is still there and open."""
        kept = self._kept_typing
        if kept is None or kept["version"] != str(found.order_version_id):
            return
        self._kept_typing = None
        for alert in found.alerts:
            if alert.key == kept["key"] and alert.answer is None:
                self.answer(alert)
        for name in found.unchecked:
            if name.key == kept["key"] and name.is_open:
                self.review(name)
        if (editor := self.editor) is not None:
            editor.restore(kept)

    # Showing ----------------------------------------------------------------------------------------------------------

    def _show_rows(self, rows: Sequence[OrderRow]) -> None:
        self.table.show_rows(rows)
        if self.table.chosen() is None:
            self.table.choose_first()
        self._ask_screening(self.table.chosen())

    def _ask_screening(self, row: OrderRow | None) -> None:
        if self.editor is not None:
            return
        if row is None:
            self._found = None
            self.page.show_detail(None)
            return
        self.desk.ask(self, promises_of, partial(self._ask_found, row.id), patient_id=row.patient_id)

    def _ask_found(self, version_id: UUID, promised: Sequence[PromiseRow]) -> None:
        self.desk.ask(self, screening_of, partial(self._show, version_id, promised), order_version_id=version_id)

    def _show(self, version_id: UUID, promised: Sequence[PromiseRow], found: ScreeningRow | None) -> None:
        row = self.table.chosen()
        if row is None or row.id != version_id or self.editor is not None:
            return
        self._found = found
        chart = Button("Open chart", dense=True, icon="folder-open")
        chart.clicked.connect(lambda: self.patient_chosen.emit(row.patient_id))
        patient = Text(f"{row.patient}, MRN {row.mrn}", 14, 600, wraps=True)
        items: list[Item] = [across((patient, 1), chart), *head_items(row), facts_of(row, 1, key_facts(row))]
        items += earlier_promises(promised, row)
        items.append(SectionTitle("Screening", px=16))
        if found is None:
            items.append(
                Text("This order was not screened yet. Screen it to see what there is to know.", 13, 600, "due", wraps=True)
            )
        else:
            items += finding_items(found, self.answer, self.review, is_unfolded=self._is_unfolded, unfolded=self._remember_fold)
        items += [SectionTitle("Rest of the order", px=16), facts_of(row, key_facts(row)), STRETCH]
        again = Button.for_action(self._again, "primary" if found is None else "secondary", icon="arrows-clockwise")
        self.page.show_detail(holding(down(*items, gap=10)), *self._buttons(found, again))
        if found is not None:
            self._reopen(found)

    def _buttons(self, found: ScreeningRow | None, again: Button) -> list[Button]:
        """What can be done now: screen it, answer what is open, verify."""
        if found is None:
            return [again]
        answer = [Button.for_action(self._next)] if found.to_answer else []
        return [self._verify_button(found), *answer, again]

    def _verify_button(self, found: ScreeningRow) -> Button:
        button = Button("Verify", "primary", icon="check", key="Ctrl+Return")
        button.clicked.connect(self.verify)
        sentence = self.desk.refusal(self._sign.permission) or found.obstacle()
        if sentence:
            button.forbid(sentence)
        return button

    def _remember_fold(self, is_open: bool) -> None:
        self._is_unfolded = is_open

    # Answering --------------------------------------------------------------------------------------------------------

    def answer_next(self) -> None:
        """Open the first finding that still keeps the order from being signed and takes an answer."""
        if self._found is None or self.editor is not None:
            return
        first = next(iter(self._found.to_answer), None)
        if isinstance(first, AlertRow):
            self.answer(first)
        elif first is not None:
            self.review(first)
        else:
            self.desk.interaction.done("Nothing waits for an answer.")

    def answer(self, alert: AlertRow) -> None:
        """Answer a HOLD, or acknowledge a WARN; who watches says what is awaited, who looks after it, and until when."""
        draft = AnswerDraft(rules=tuple(alert.rules), is_warning=alert.level is Level.WARN)
        fields: list[Field | str] = [
            ChoiceField("code", "Because", choices=[(one.value, one.value) for one in Code], required=True, spread=False),
            LongTextField("text", "In your words", lines=3, required=not draft.is_warning),
            ChoiceField("awaited", "What is awaited", choices=[(one.code, one.words) for one in awaitable()], spread=False),
            ChoiceField("owner", "Who looks after it", choices=[(role.value, role.value) for role in OWNERS], spread=False),
            DateField("due_on", "By", hint="the last day; only what arrives closes the promise"),
            "Prescriber, where asked",
            TextField("prescriber_name", "Reached", hint="name of the prescriber"),
            DateTimeField("prescriber_told_at", "When", zone=self.desk.store.clock.zone),
            CheckField("read_back", "The answer was read back"),
        ]
        editor = Editor(
            self.desk,
            "answer",
            f"{alert.level}: {alert.subject}",
            fields,
            draft,
            settle_alert,
            given=self._given(alert.key),
            said="The answer stands with this order version.",
            explanation=alert.text,
        )
        self._ask_only_what_applies(editor)
        self._open(alert.key, editor)

    def _ask_only_what_applies(self, editor: Editor) -> None:
        """What is promised is asked for only where tests are watched."""
        form = editor.form

        def follow() -> None:
            answer: AnswerDraft = form.draft
            for name in ("awaited", "owner", "due_on"):
                form.show_field(name, answer.code == Code.MONITORED)

        form.changed.connect(follow)
        follow()

    def review(self, name: UncheckedRow) -> None:
        """Say where a name was looked up that the program does not know."""
        fields: list[Field | str] = [
            TextField("source", "Looked up in", required=True),
            LongTextField("text", "What it says", lines=3, required=True),
        ]
        editor = Editor(
            self.desk,
            "hand-review",
            f"Review by hand: {name.name}",
            fields,
            HandReviewDraft(),
            dispose_unrecognised,
            given=self._given(name.key),
            said="The review stands with this order version.",
        )
        self._open(name.key, editor)

    def _given(self, key: str) -> Any:
        found = self._found
        return lambda typed: {"screening_id": found.id if found else None, "key": key, "draft": typed}

    def _open(self, key: str, editor: Editor) -> None:
        self.begin(editor)
        self._typed_at = {"version": str(self._found.order_version_id) if self._found else "", "key": key}
        self.page.show_detail(holding(down(editor)), editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._ask_screening(self.table.chosen()))
        editor.cancelled.connect(lambda: self._ask_screening(self.table.chosen()))
